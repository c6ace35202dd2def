"""The consolidated reports made of everything, and the way that each goes to the department."""

import uuid
from typing import Self

import pgtrigger
from django.db import models

from tiepcan.accounts.models import Person
from tiepcan.accounts.roles import May
from tiepcan.audit.tables import audited
from tiepcan.paperwork.writing.plain import from_plain
from tiepcan.paperwork.writing.records import Paper
from tiepcan.plans.models import Plan, Version


class ConsolidatedReportQuerySet(models.QuerySet["ConsolidatedReport"]):
    def visible_to(self, person: Person) -> Self:
        """Reports on plans of the person's own unit and of units below it."""
        if not person.may(May.SEE_FIGURES):
            return self.none()
        return self.filter(plan__issuer__path__startswith=person.unit.path)


@audited(exclude=["figures", "paper"])
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
    paper = models.JSONField("lời văn", null=True, help_text="As `paperwork.writing.plain` keeps it.")
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

    @property
    def says(self) -> Paper | None:
        """What the file says; of a report made before that was kept, only the file is there."""
        return from_plain(self.paper) if self.paper else None


class RouteAct(models.TextChoices):
    """What is done with a consolidated report after it was made (việc xử lý báo cáo tổng hợp)."""

    CONFIRM = "confirm", "Xác nhận các chỉ số"
    REFUSE = "refuse", "Không xác nhận, lập lại"
    SIGN = "sign", "Lãnh đạo duyệt, ký"
    SEND = "send", "Gửi cơ quan cấp trên"


@audited()
class RouteStep(models.Model):
    """One step of a consolidated report on its way (bước của báo cáo tổng hợp), in its order; never changed.

    `digest` is that of the figures that were seen. The report itself stays as it was made: where it stands is its last step.
    """

    report = models.ForeignKey(
        ConsolidatedReport, models.PROTECT, related_name="route", verbose_name="báo cáo tổng hợp"
    )
    act = models.CharField("việc", max_length=20, choices=RouteAct.choices)
    at = models.DateTimeField("lúc")
    by_name = models.CharField("người làm", max_length=120)
    position = models.CharField("chức vụ", max_length=120, blank=True)
    organisation = models.CharField("cơ quan", max_length=200, blank=True)
    reason = models.CharField("lý do", max_length=1000, blank=True)
    paper_code = models.CharField("số, ký hiệu văn bản", max_length=60, blank=True)
    sent_on = models.DateField("gửi ngày", null=True)
    digest = models.CharField("mã băm số liệu", max_length=64)

    class Meta:
        verbose_name = "bước của báo cáo tổng hợp"
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["report", "act"], name="report_takes_a_step_once"),
        ]
        triggers = [
            pgtrigger.Protect(name="route_step_stays", operation=pgtrigger.Update | pgtrigger.Delete),
        ]
