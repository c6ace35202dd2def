"""Where people want to be reminded of dates, and what they were told."""

from django.db import models

from tiepcan.accounts.models import Person
from tiepcan.audit.tables import audited


@audited()
class ReminderAddress(models.Model):
    """The e-mail address to which one person wants reminders (nơi nhận lời nhắc). No row is: on the pages alone."""

    person = models.OneToOneField(
        Person, models.PROTECT, primary_key=True, related_name="reminder_address", verbose_name="người nhận"
    )
    email = models.EmailField("thư điện tử", max_length=200)

    class Meta:
        verbose_name = "nơi nhận lời nhắc"


@audited()
class Reminder(models.Model):
    """What one person was told by e-mail on one day (lời nhắc): at most one message a day.

    The row is written before the message is handed over, so that a crash between the two sends nothing twice; without
    `sent_at` nobody knows whether the message left.
    """

    person = models.ForeignKey(Person, models.PROTECT, related_name="reminders", verbose_name="người nhận")
    on = models.DateField("ngày")
    lines = models.JSONField("nội dung")
    sent_at = models.DateTimeField("gửi lúc", null=True)

    class Meta:
        verbose_name = "lời nhắc"
        ordering = ["-on", "person"]
        constraints = [
            models.UniqueConstraint(fields=["person", "on"], name="one_message_a_day_for_a_person"),
        ]
