"""What units hand in for a plan's dates, and the consolidated reports made of everything."""

import uuid
from typing import Self

import pgtrigger
from django.db import models

from tiepcan.accounts.models import Person
from tiepcan.accounts.roles import May
from tiepcan.audit.tables import audited
from tiepcan.plans.models import Milestone, Plan, Version
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

    @property
    def is_late(self) -> bool:
        return self.handed_in_on >= self.milestone.due_before


class ConsolidatedReportQuerySet(models.QuerySet["ConsolidatedReport"]):
    def visible_to(self, person: Person) -> Self:
        """Reports on plans of the person's own unit and of units below it."""
        if not person.may(May.SEE_FIGURES):
            return self.none()
        return self.filter(plan__issuer__path__startswith=person.unit.path)


@audited(exclude=["figures"])
class ConsolidatedReport(models.Model):
    """One consolidated report (báo cáo tổng hợp) as of a cut-off day; its figures are frozen with their digest.

    `figures` is what `reporting.figures` computed, as plain lists: computed again for the same plan and day it gives
    the same digest as long as the ledger up to that day is what it was.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    plan = models.ForeignKey(Plan, models.PROTECT, related_name="reports", verbose_name="kế hoạch")
    version = models.ForeignKey(Version, models.PROTECT, related_name="reports", verbose_name="bản kế hoạch")
    as_of = models.DateField("số liệu đến hết ngày")
    figures = models.JSONField("số liệu")
    digest = models.CharField("mã băm số liệu", max_length=64)
    file = models.FileField("tệp", upload_to="bao-cao/")
    made_at = models.DateTimeField("lập lúc")
    by_name = models.CharField("người lập", max_length=120)

    objects = ConsolidatedReportQuerySet.as_manager()

    class Meta:
        verbose_name = "báo cáo tổng hợp"
        ordering = ["-made_at"]
        triggers = [
            pgtrigger.Protect(name="report_is_frozen", operation=pgtrigger.Update | pgtrigger.Delete),
        ]
