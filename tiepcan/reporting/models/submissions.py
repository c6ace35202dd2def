"""What units handed in for a plan's dates, and who was granted more time."""

from typing import Self

from django.db import models

from tiepcan.accounts.models import Person
from tiepcan.accounts.roles import May
from tiepcan.audit.tables import audited
from tiepcan.plans.models import Milestone
from tiepcan.units.models import Unit


class SubmissionQuerySet(models.QuerySet["Submission"]):
    def visible_to(self, person: Person) -> Self:
        """What the person's own unit and the units below it handed in."""
        if not person.may(May.SEE_FIGURES):
            return self.none()
        return self.filter(unit__path__startswith=person.unit.path)


@audited()
class Submission(models.Model):
    """One unit handed in what one date asked for (lượt nộp): the paper's number and day, and when it arrived."""

    milestone = models.ForeignKey(
        Milestone, models.PROTECT, related_name="submissions", verbose_name="thời hạn"
    )
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="submissions", verbose_name="phường, xã")
    paper_code = models.CharField("số, ký hiệu văn bản", max_length=60)
    handed_in_on = models.DateField("nộp ngày")
    note = models.CharField("ghi chú", max_length=300, blank=True)
    by_name = models.CharField("người ghi", max_length=120)

    objects = SubmissionQuerySet.as_manager()

    class Meta:
        verbose_name = "lượt nộp"
        ordering = ["handed_in_on"]
        constraints = [
            models.UniqueConstraint(fields=["milestone", "unit"], name="unit_hands_in_once_for_a_date"),
        ]


class ExtensionQuerySet(models.QuerySet["Extension"]):
    def visible_to(self, person: Person) -> Self:
        """What the person's own unit and the units below it were granted."""
        if not person.may(May.SEE_FIGURES):
            return self.none()
        return self.filter(unit__path__startswith=person.unit.path)


@audited()
class Extension(models.Model):
    """More time for one unit at one date (gia hạn), with the reason for which it was granted; history keeps what stood before."""

    milestone = models.ForeignKey(
        Milestone, models.PROTECT, related_name="extensions", verbose_name="thời hạn"
    )
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="extensions", verbose_name="phường, xã")
    until = models.DateField("gia hạn đến hết ngày")
    reason = models.CharField("lý do", max_length=500)
    granted_on = models.DateField("cho phép ngày")
    by_name = models.CharField("người cho phép", max_length=120)

    objects = ExtensionQuerySet.as_manager()

    class Meta:
        verbose_name = "gia hạn"
        constraints = [
            models.UniqueConstraint(fields=["milestone", "unit"], name="extended_once_for_a_date_and_unit"),
        ]
