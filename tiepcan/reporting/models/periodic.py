"""The half-year and year reports of units: their words, their states, and every step that was taken."""

import uuid
from typing import Any, Self

import pgtrigger
from django.db import models

from tiepcan.accounts.models import Person
from tiepcan.accounts.roles import May
from tiepcan.audit.tables import audited
from tiepcan.plans.models import MilestoneKind, Plan
from tiepcan.units.models import Unit


class State(models.TextChoices):
    """Where a periodic report stands (tình trạng báo cáo)."""

    DRAFT = "draft", "Đang soạn"
    PROPOSED = "proposed", "Chờ lãnh đạo duyệt"
    SUBMITTED = "submitted", "Đã nộp, chờ duyệt"
    RETURNED = "returned", "Bị trả lại"
    ACCEPTED = "accepted", "Đã duyệt"


HANDED_IN = "submit"
"""The act of a step that hands a report in: from then on those above see what it was about."""
PERIODS = {MilestoneKind.HALF_YEAR: "h1", MilestoneKind.YEAR: "year"}
"""The kinds of dates that ask for a periodic report, each as its period is written: "2019-h1"."""


class PeriodicReportQuerySet(models.QuerySet["PeriodicReport"]):
    def visible_to(self, person: Person) -> Self:
        """The person's own unit's, and of units below it those that were handed in once: a draft is its writers' own."""
        if not person.may(May.SEE_FIGURES):
            return self.none()
        below = self.filter(unit__path__startswith=person.unit.path)
        handed_in = Step.objects.filter(report=models.OuterRef("pk"), act=HANDED_IN)
        return below.filter(models.Q(unit=person.unit) | models.Exists(handed_in))


@audited(exclude=["content"])
class PeriodicReport(models.Model):
    """One unit's report on a plan for a half year or a year (báo cáo định kỳ), or a supplement to it.

    `content` is what was last put before somebody to decide on: figures and words, frozen with their digest. While
    the unit writes, its words are in `Part` and its figures are those of the ledger. An accepted report never changes:
    what was wrong in it is said by the next ordinal, a supplement (báo cáo bổ sung), and both are kept.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    plan = models.ForeignKey(Plan, models.PROTECT, related_name="periodic_reports", verbose_name="kế hoạch")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="periodic_reports", verbose_name="đơn vị")
    kind = models.CharField("loại báo cáo", max_length=20, choices=MilestoneKind.choices)
    ordinal = models.PositiveSmallIntegerField("lần bổ sung", default=0)
    why = models.CharField("lý do bổ sung", max_length=500, blank=True)
    cut_off = models.DateField("chốt số liệu hết ngày")
    state = models.CharField("tình trạng", max_length=20, choices=State.choices, default=State.DRAFT)
    paper_code = models.CharField("số, ký hiệu văn bản", max_length=60, blank=True)
    content = models.JSONField("nội dung đã trình", null=True)
    digest = models.CharField("mã băm nội dung", max_length=64, blank=True)

    objects = PeriodicReportQuerySet.as_manager()

    class Meta:
        verbose_name = "báo cáo định kỳ"
        ordering = ["plan", "unit", "kind", "ordinal"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "unit", "kind", "ordinal"], name="report_once_for_a_period_and_ordinal"
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=[str(kind) for kind in PERIODS]), name="report_is_for_a_period"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=[State.DRAFT, State.RETURNED]) | ~models.Q(digest=""),
                name="what_is_decided_on_has_a_digest",
            ),
        ]

    def __str__(self) -> str:
        supplement = f", bổ sung lần {self.ordinal}" if self.ordinal else ""
        return f"{self.name}{supplement}"

    @property
    def name(self) -> str:
        """The period in words, as titles of papers have it."""
        half = "6 tháng đầu năm" if self.kind == MilestoneKind.HALF_YEAR else "năm"
        return f"Báo cáo {half} {self.plan.year}"

    @property
    def period(self) -> str:
        """The period as commands write it: "2019-h1", "2019-year"."""
        return f"{self.plan.year}-{PERIODS[MilestoneKind(self.kind)]}"

    @property
    def is_being_written(self) -> bool:
        return self.state in (State.DRAFT, State.RETURNED)


@audited()
class Part(models.Model):
    """The words of one heading of a report that a unit is writing (mục của báo cáo)."""

    report = models.ForeignKey(PeriodicReport, models.PROTECT, related_name="parts", verbose_name="báo cáo")
    key = models.CharField("mục", max_length=20)
    text = models.TextField("nội dung", blank=True)
    version = models.PositiveIntegerField("lần sửa", default=0)
    at = models.DateTimeField("sửa lúc", null=True)
    by_name = models.CharField("người sửa", max_length=120, blank=True)

    class Meta:
        verbose_name = "mục của báo cáo"
        constraints = [models.UniqueConstraint(fields=["report", "key"], name="heading_once_in_a_report")]


@audited()
class Step(models.Model):
    """Something that was done with a report (bước của báo cáo), in its order; never changed.

    `marks` are the headings that are to be mended with what is asked of each. `content` is what was decided on.
    """

    report = models.ForeignKey(PeriodicReport, models.PROTECT, related_name="steps", verbose_name="báo cáo")
    act = models.CharField("việc", max_length=20)
    state = models.CharField("tình trạng sau đó", max_length=20, choices=State.choices)
    at = models.DateTimeField("lúc")
    by_name = models.CharField("người làm", max_length=120)
    position = models.CharField("chức vụ", max_length=120, blank=True)
    organisation = models.CharField("cơ quan", max_length=200, blank=True)
    reason = models.TextField("lý do", blank=True)
    marks: Any = models.JSONField("mục cần sửa", default=dict)
    content = models.JSONField("nội dung", null=True)
    digest = models.CharField("mã băm", max_length=64, blank=True)

    class Meta:
        verbose_name = "bước của báo cáo"
        ordering = ["at", "pk"]
        triggers = [
            pgtrigger.Protect(name="step_stays", operation=pgtrigger.Update | pgtrigger.Delete),
        ]
