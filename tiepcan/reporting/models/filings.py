"""What units file for a plan's dates: their own plans and their reports, the words, the states, and every step that was taken."""

import uuid
from typing import Any, Self

import pgtrigger
from django.db import models

from tiepcan.accounts.models import Person
from tiepcan.accounts.roles import May
from tiepcan.audit.tables import audited
from tiepcan.plans.models import Duty, MilestoneKind, Plan
from tiepcan.standards.models import Indicator
from tiepcan.units.models import Unit


class State(models.TextChoices):
    """Where a filing stands (tình trạng)."""

    DRAFT = "draft", "Đang soạn"
    PROPOSED = "proposed", "Chờ lãnh đạo duyệt"
    SUBMITTED = "submitted", "Đã nộp, chờ duyệt"
    RETURNED = "returned", "Bị trả lại"
    ACCEPTED = "accepted", "Đã duyệt"


HANDED_IN = "submit"
"""The act of a step that hands a filing in: from then on those above see what it was about."""
PERIODS = {MilestoneKind.HALF_YEAR: "h1", MilestoneKind.YEAR: "year"}
"""The kinds of dates that ask for a periodic report, each as its period is written: "2019-h1"."""
FILED = {MilestoneKind.LOCAL_PLAN: "ke-hoach", **PERIODS}
"""The kinds of dates that ask for a filing, each as addresses have it."""


class FilingQuerySet(models.QuerySet["Filing"]):
    def visible_to(self, person: Person) -> Self:
        """The person's own unit's, and of units below it those that were handed in once: a draft is its writers' own."""
        if not person.may(May.SEE_FIGURES):
            return self.none()
        below = self.filter(unit__path__startswith=person.unit.path)
        handed_in = Step.objects.filter(filing=models.OuterRef("pk"), act=HANDED_IN)
        return below.filter(models.Q(unit=person.unit) | models.Exists(handed_in))


@audited(exclude=["content"])
class Filing(models.Model):
    """What one unit files for one date of a plan (văn bản nộp theo hạn): its own plan, or its report for a half year or a year.

    `content` is what was last put before somebody to decide on, frozen with its digest. While the unit writes, the words
    of a report are in `Part`, the lines of a plan in `PlanLine`, and figures are those of the ledger. An accepted filing
    never changes: what was wrong in it is said by the next ordinal (báo cáo bổ sung, kế hoạch điều chỉnh), and both are kept.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    plan = models.ForeignKey(Plan, models.PROTECT, related_name="filings", verbose_name="kế hoạch")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="filings", verbose_name="đơn vị")
    kind = models.CharField("loại văn bản", max_length=20, choices=MilestoneKind.choices)
    ordinal = models.PositiveSmallIntegerField("lần bổ sung", default=0)
    why = models.CharField("lý do bổ sung", max_length=500, blank=True)
    cut_off = models.DateField("chốt số liệu hết ngày")
    state = models.CharField("tình trạng", max_length=20, choices=State.choices, default=State.DRAFT)
    paper_code = models.CharField("số, ký hiệu văn bản", max_length=60, blank=True)
    content = models.JSONField("nội dung đã trình", null=True)
    digest = models.CharField("mã băm nội dung", max_length=64, blank=True)

    objects = FilingQuerySet.as_manager()

    class Meta:
        verbose_name = "văn bản nộp theo hạn"
        ordering = ["plan", "unit", "kind", "ordinal"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "unit", "kind", "ordinal"], name="filed_once_for_a_date_and_ordinal"
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=[str(kind) for kind in FILED]), name="filing_is_for_a_date"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=[State.DRAFT, State.RETURNED]) | ~models.Q(digest=""),
                name="what_is_decided_on_has_a_digest",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}{f', {self.supplement} lần {self.ordinal}' if self.ordinal else ''}"

    @property
    def is_plan(self) -> bool:
        """Whether it is the unit's own plan and not a report."""
        return self.kind == MilestoneKind.LOCAL_PLAN

    @property
    def noun(self) -> str:
        return "kế hoạch" if self.is_plan else "báo cáo"

    @property
    def supplement(self) -> str:
        """What the next ordinal is called: reports are supplemented, plans amended."""
        return "điều chỉnh" if self.is_plan else "bổ sung"

    @property
    def name(self) -> str:
        """What it is, in words as titles of papers have them; of a plan without its unit the units' plans."""
        if self.is_plan:
            return f"Kế hoạch năm {self.plan.year} của {self.unit.get_kind_display().lower() if self.unit_id else 'phường, xã'}"
        half = "6 tháng đầu năm" if self.kind == MilestoneKind.HALF_YEAR else "năm"
        return f"Báo cáo {half} {self.plan.year}"

    @property
    def period(self) -> str:
        """The date that it answers, as addresses have it: "h1", "year", "ke-hoach"."""
        return FILED[MilestoneKind(self.kind)]

    @property
    def is_being_written(self) -> bool:
        return self.state in (State.DRAFT, State.RETURNED)


@audited()
class Part(models.Model):
    """The words of one heading of a report that a unit is writing (mục của báo cáo)."""

    filing = models.ForeignKey(Filing, models.PROTECT, related_name="parts", verbose_name="báo cáo")
    key = models.CharField("mục", max_length=20)
    text = models.TextField("nội dung", blank=True)
    version = models.PositiveIntegerField("lần sửa", default=0)
    at = models.DateTimeField("sửa lúc", null=True)
    by_name = models.CharField("người sửa", max_length=120, blank=True)

    class Meta:
        verbose_name = "mục của báo cáo"
        constraints = [models.UniqueConstraint(fields=["filing", "key"], name="heading_once_in_a_report")]


@audited()
class PlanLine(models.Model):
    """One line of a unit's own plan (dòng kế hoạch): who does what for a target, for a duty or of the unit's own accord, when, with what.

    Targets and duties are the plan's above and are not copied: the line points at them. `money` is đồng from public budgets
    and gifts together; `source` says whose it is, or what is used in its place.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    filing = models.ForeignKey(Filing, models.PROTECT, related_name="lines", verbose_name="kế hoạch")
    indicator = models.ForeignKey(
        Indicator, models.PROTECT, null=True, related_name="plan_lines", verbose_name="chỉ tiêu"
    )
    duty = models.ForeignKey(
        Duty, models.PROTECT, null=True, related_name="plan_lines", verbose_name="nhiệm vụ"
    )
    own = models.CharField("việc riêng", max_length=500, blank=True)
    who = models.CharField("ai làm", max_length=200, blank=True)
    when = models.CharField("khi nào", max_length=200, blank=True)
    money = models.PositiveBigIntegerField("kinh phí", null=True, help_text="Đồng.")
    source = models.CharField("nguồn lực", max_length=300, blank=True)
    version = models.PositiveIntegerField("lần sửa", default=0)
    at = models.DateTimeField("sửa lúc", null=True)
    by_name = models.CharField("người sửa", max_length=120, blank=True)

    class Meta:
        verbose_name = "dòng kế hoạch"
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(indicator__isnull=False, duty=None, own="")
                | models.Q(indicator=None, duty__isnull=False, own="")
                | (models.Q(indicator=None, duty=None) & ~models.Q(own="")),
                name="plan_line_answers_one_thing",
            ),
            models.UniqueConstraint(fields=["filing", "indicator"], name="plan_line_once_for_a_target"),
            models.UniqueConstraint(fields=["filing", "duty"], name="plan_line_once_for_a_duty"),
        ]


@audited()
class Step(models.Model):
    """Something that was done with a filing (bước xử lý), in its order; never changed.

    `marks` are the headings or lines that are to be mended with what is asked of each. `content` is what was decided on.
    """

    filing = models.ForeignKey(Filing, models.PROTECT, related_name="steps", verbose_name="văn bản")
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
        verbose_name = "bước xử lý"
        ordering = ["at", "pk"]
        triggers = [
            pgtrigger.Protect(name="step_stays", operation=pgtrigger.Update | pgtrigger.Delete),
        ]
