"""What the plan asks for again and again without naming a day ("theo định kỳ"): the days that the coordinator set, and what was done."""

from typing import Self

from django.db import models

from tiepcan.accounts.models import Person
from tiepcan.accounts.roles import May
from tiepcan.audit.tables import audited
from tiepcan.plans.models import Plan


class Every(models.TextChoices):
    """How often (kỳ lặp lại)."""

    MONTH = "month", "Hằng tháng"
    QUARTER = "quarter", "Hằng quý"
    HALF_YEAR = "half_year", "6 tháng một lần"

    @property
    def months(self) -> int:
        return {"month": 1, "quarter": 3, "half_year": 6}[self]


class RecurrenceQuerySet(models.QuerySet["Recurrence"]):
    def visible_to(self, person: Person) -> Self:
        """Those of plans of the person's own unit and of units below it: they are the issuing unit's work."""
        if not person.may(May.SEE_FIGURES):
            return self.none()
        return self.filter(plan__issuer__path__startswith=person.unit.path)


@audited()
class Recurrence(models.Model):
    """Something due after each period of a plan's year (việc định kỳ), until the end of one day of the month that follows."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="recurrences", verbose_name="kế hoạch")
    what = models.CharField("việc", max_length=200)
    every = models.CharField("kỳ lặp lại", max_length=20, choices=Every.choices)
    day = models.PositiveSmallIntegerField("hạn đến hết ngày", help_text="Of the month after the period.")
    begun_on = models.DateField("đặt ngày")
    ended_on = models.DateField("thôi từ ngày", null=True)
    by_name = models.CharField("người đặt", max_length=120)

    objects = RecurrenceQuerySet.as_manager()

    class Meta:
        verbose_name = "việc định kỳ"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(day__gte=1, day__lte=28), name="recurrence_has_a_day_of_every_month"
            ),
        ]

    def __str__(self) -> str:
        return self.what


@audited()
class RecurrenceDone(models.Model):
    """One period's turn was done (lần đã làm): the paper's number and day. `period_end` is the last month's first day."""

    recurrence = models.ForeignKey(
        Recurrence, models.PROTECT, related_name="done", verbose_name="việc định kỳ"
    )
    period_end = models.DateField("kỳ")
    paper_code = models.CharField("số, ký hiệu văn bản", max_length=60)
    done_on = models.DateField("ngày làm")
    by_name = models.CharField("người ghi", max_length=120)

    class Meta:
        verbose_name = "lần đã làm"
        constraints = [
            models.UniqueConstraint(fields=["recurrence", "period_end"], name="done_once_for_a_period"),
        ]
