"""A plan, its papers, its targets, duties and dates (kế hoạch)."""

import uuid
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Self

from django.db import models
from django.db.models import F, Q

from tiepcan.accounts.models import OrganisationKind, Person
from tiepcan.accounts.roles import May
from tiepcan.audit.tables import audited
from tiepcan.common.dates import last_day_before, last_working_day, why_off
from tiepcan.standards.models import Indicator
from tiepcan.units.models import Unit


@audited()
class Paper(models.Model):
    """A file that was uploaded as a plan's document (tệp văn bản), kept as it came."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    name = models.CharField("tên tệp", max_length=200)
    size = models.PositiveIntegerField("dung lượng", help_text="Bytes.")
    sha256 = models.CharField("mã băm", max_length=64)
    file = models.FileField("tệp", upload_to="van-ban/")
    uploaded_at = models.DateTimeField("tải lên lúc")

    class Meta:
        verbose_name = "tệp văn bản"

    def __str__(self) -> str:
        return self.name


class PlanQuerySet(models.QuerySet["Plan"]):
    def visible_to(self, person: Person) -> Self:
        """Plans of the person's own unit, of units below it, and of units above it: a plan is addressed downwards."""
        if not person.may(May.SEE_PLANS):
            return self.none()
        return self.filter(
            Q(issuer__path__startswith=person.unit.path)
            | Q(issuer_id__in=person.unit.path.strip("/").split("/"))
        )


@audited()
class Plan(models.Model):
    """One year's plan of one issuing unit (kế hoạch năm); its papers and targets are its versions."""

    issuer = models.ForeignKey(Unit, models.PROTECT, related_name="plans", verbose_name="đơn vị ban hành")
    year = models.PositiveSmallIntegerField("năm")
    number = models.CharField("số", max_length=20)
    symbol = models.CharField("ký hiệu", max_length=40)
    opened_on = models.DateField("mở ngày")

    objects = PlanQuerySet.as_manager()

    class Meta:
        verbose_name = "kế hoạch"
        ordering = ["-year", "-opened_on", "-pk"]
        constraints = [
            # What comes later in the year amends it; two plans side by side would count a household twice.
            models.UniqueConstraint(fields=["issuer", "year"], name="unit_has_one_plan_a_year"),
        ]

    def __str__(self) -> str:
        return f"Kế hoạch {self.code}"

    @property
    def code(self) -> str:
        """ "146/KH-UBND", as the paper prints it."""
        return f"{self.number}/{self.symbol}"

    def on(self, day: date) -> "Standing":
        """The plan as it stood at the end of that day. Two queries, whatever is asked of it afterwards."""
        versions = list(self.versions.order_by("ordinal").prefetch_related("milestones"))
        return Standing(self, [version for version in versions if version.issued_on <= day] or versions[:1])

    def versions_on(self, day: date) -> list["Version"]:
        """The versions that stood at the end of that day, oldest first; before the first paper, the first alone."""
        return self.on(day).versions

    def version_on(self, day: date) -> "Version":
        """The version whose targets stood at the end of that day."""
        return self.on(day).version

    def milestones_on(self, day: date) -> list["Milestone"]:
        """What was due as of that day: a later paper's date takes the place of an earlier one of the same kind."""
        return self.on(day).milestones

    def pace_ends_on(self, day: date) -> date:
        return self.on(day).pace_ends


@dataclass(frozen=True)
class Standing:
    """A plan as it stood at the end of one day: its versions so far, oldest first, and what they set."""

    plan: Plan
    versions: list["Version"]

    @property
    def version(self) -> "Version":
        return self.versions[-1]

    @property
    def first_day(self) -> date:
        """The day of the plan's own paper."""
        return self.versions[0].issued_on

    @cached_property
    def milestones(self) -> list["Milestone"]:
        """What was due: a later paper's date takes the place of an earlier one of the same kind."""
        standing: dict[tuple[str, int | None], Milestone] = {}
        for version in self.versions:
            for milestone in version.milestones.all():
                alone = milestone.pk if milestone.kind == MilestoneKind.OTHER else None
                standing[milestone.kind, alone] = milestone
        return sorted(standing.values(), key=lambda milestone: (milestone.due_before, milestone.order))

    @property
    def pace_begins(self) -> date:
        """The day from which progress is measured: after the units' own plans are due, or the plan's own day."""
        own = [m.due_before for m in self.milestones if m.kind == MilestoneKind.LOCAL_PLAN]
        return max([self.first_day, *(due + timedelta(days=1) for due in own)])

    @property
    def pace_ends(self) -> date:
        """The day by which the targets are to be met: the last date of the plan, or the year's end."""
        return max((m.last_day for m in self.milestones), default=date(self.plan.year, 12, 31))


@audited()
class Version(models.Model):
    """A plan as one paper set it (bản kế hoạch): the first is the plan itself, later ones amend it."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="versions", verbose_name="kế hoạch")
    ordinal = models.PositiveSmallIntegerField("lần")
    number = models.CharField("số", max_length=20)
    symbol = models.CharField("ký hiệu", max_length=40)
    kind = models.CharField("loại văn bản", max_length=60)
    issued_on = models.DateField("ngày ban hành")
    place = models.CharField("địa danh", max_length=100, blank=True)
    issuer_name = models.CharField("cơ quan ban hành", max_length=200, blank=True)
    title = models.CharField("trích yếu", max_length=500)
    signatory = models.CharField("người ký", max_length=120, blank=True)
    signatory_position = models.CharField("chức vụ người ký", max_length=120, blank=True)
    signatory_authority = models.CharField("thẩm quyền ký", max_length=120, blank=True)
    reason = models.CharField("lý do điều chỉnh", max_length=500, blank=True)
    paper = models.ForeignKey(
        Paper, models.PROTECT, null=True, related_name="versions", verbose_name="tệp văn bản"
    )

    class Meta:
        verbose_name = "bản kế hoạch"
        ordering = ["ordinal"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "ordinal"], name="plan_version_ordinal_once"),
            models.CheckConstraint(condition=Q(ordinal__gte=1), name="plan_version_ordinal_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.code}"

    @property
    def code(self) -> str:
        return f"{self.number}/{self.symbol}"


@audited()
class Aim(models.Model):
    """A target that the paper states for the whole area (mục tiêu chung), in households."""

    version = models.ForeignKey(Version, models.PROTECT, related_name="aims", verbose_name="bản kế hoạch")
    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="aims", verbose_name="chỉ số")
    households = models.PositiveIntegerField("số hộ")
    quote = models.TextField("nguyên văn", blank=True)

    class Meta:
        verbose_name = "mục tiêu chung"
        constraints = [
            models.UniqueConstraint(fields=["version", "indicator"], name="aim_once_for_an_indicator")
        ]


@audited()
class AppendixRow(models.Model):
    """One unit's line in the appendix (dòng phụ lục): its name as printed and its poor households at the outset."""

    version = models.ForeignKey(Version, models.PROTECT, related_name="rows", verbose_name="bản kế hoạch")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="appendix_rows", verbose_name="đơn vị")
    row = models.PositiveSmallIntegerField("số thứ tự")
    printed_name = models.CharField("tên in trong văn bản", max_length=120)
    poor_households = models.PositiveIntegerField("số hộ nghèo đầu kỳ", null=True)

    class Meta:
        verbose_name = "dòng phụ lục"
        ordering = ["row"]
        constraints = [
            models.UniqueConstraint(fields=["version", "unit"], name="unit_stands_once_in_an_appendix"),
        ]

    @property
    def targets_by_indicator(self) -> dict[str, int]:
        """Households by indicator; an indicator without a target has no entry."""
        return {target.indicator_id: target.households for target in self.targets.all()}


@audited()
class Target(models.Model):
    """How many households of one unit are to gain access (chỉ tiêu). No row is "no target", which is not zero."""

    row = models.ForeignKey(AppendixRow, models.PROTECT, related_name="targets", verbose_name="dòng phụ lục")
    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="targets", verbose_name="chỉ số")
    households = models.PositiveIntegerField("số hộ")

    class Meta:
        verbose_name = "chỉ tiêu"
        constraints = [
            models.UniqueConstraint(fields=["row", "indicator"], name="target_once_for_a_unit_and_indicator"),
        ]


@audited()
class LegalBasis(models.Model):
    """A document that the plan rests on (căn cứ)."""

    version = models.ForeignKey(
        Version, models.PROTECT, related_name="legal_bases", verbose_name="bản kế hoạch"
    )
    order = models.PositiveSmallIntegerField("thứ tự")
    kind = models.CharField("loại văn bản", max_length=60)
    number = models.CharField("số", max_length=20, blank=True)
    symbol = models.CharField("ký hiệu", max_length=40, blank=True)
    issued_on = models.DateField("ngày ban hành", null=True)
    issuer = models.CharField("cơ quan ban hành", max_length=200, blank=True)
    subject = models.CharField("về việc", max_length=500, blank=True)

    class Meta:
        verbose_name = "căn cứ"
        ordering = ["order"]

    @property
    def code(self) -> str:
        return f"{self.number}/{self.symbol}" if self.number else self.symbol


@audited()
class Duty(models.Model):
    """One thing that the plan asks of one kind of organisation, word for word (nhiệm vụ)."""

    version = models.ForeignKey(Version, models.PROTECT, related_name="duties", verbose_name="bản kế hoạch")
    order = models.PositiveSmallIntegerField("thứ tự")
    organisation = models.CharField("cơ quan, đơn vị", max_length=200)
    kind = models.CharField("loại cơ quan", max_length=20, choices=OrganisationKind.choices, blank=True)
    text = models.TextField("nội dung")

    class Meta:
        verbose_name = "nhiệm vụ"
        ordering = ["version__ordinal", "order"]

    def __str__(self) -> str:
        return self.text


class DutyReportQuerySet(models.QuerySet["DutyReport"]):
    def visible_to(self, person: Person) -> Self:
        """What organisations in the person's scope did, and what the person's own did."""
        return self.filter(unit__path__startswith=person.unit.path)


@audited()
class DutyReport(models.Model):
    """Something that an organisation did for a duty (việc đã làm)."""

    id = models.UUIDField(primary_key=True)
    duty = models.ForeignKey(Duty, models.PROTECT, related_name="reports", verbose_name="nhiệm vụ")
    organisation = models.CharField("cơ quan, đơn vị", max_length=200)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="duty_reports", verbose_name="địa bàn")
    done_on = models.DateField("ngày làm")
    what = models.TextField("việc đã làm")
    by_name = models.CharField("người ghi", max_length=120)

    objects = DutyReportQuerySet.as_manager()

    class Meta:
        verbose_name = "việc đã làm"
        ordering = ["-done_on"]


class MilestoneKind(models.TextChoices):
    """What is due at a date (loại mốc)."""

    LOCAL_PLAN = "local_plan", "Kế hoạch của phường, xã"
    HALF_YEAR = "half_year", "Báo cáo 6 tháng"
    YEAR = "year", "Báo cáo năm"
    OTHER = "other", "Việc khác"


@audited()
class Milestone(models.Model):
    """Something due strictly before a day (thời hạn), by the units of the plan or by one kind of organisation."""

    version = models.ForeignKey(
        Version, models.PROTECT, related_name="milestones", verbose_name="bản kế hoạch"
    )
    order = models.PositiveSmallIntegerField("thứ tự")
    kind = models.CharField("loại", max_length=20, choices=MilestoneKind.choices)
    due_before = models.DateField("trước ngày")
    audience = models.CharField("ai thực hiện", max_length=200, blank=True)
    what = models.TextField("nội dung")
    duty = models.ForeignKey(
        Duty, models.PROTECT, null=True, related_name="milestones", verbose_name="nhiệm vụ"
    )

    class Meta:
        verbose_name = "thời hạn"
        ordering = ["due_before", "order"]
        constraints = [
            models.UniqueConstraint(fields=["version", "order"], name="milestone_order_once_in_a_version"),
        ]

    def __str__(self) -> str:
        return self.get_kind_display() if self.kind != MilestoneKind.OTHER else self.what[:80]

    @property
    def last_day(self) -> date:
        """The last day on which it is in time: "trước ngày" does not include the day itself."""
        return last_day_before(self.due_before)

    @property
    def working_day(self) -> date:
        """The day to send it by when offices are closed on the last day; else the last day itself."""
        return last_working_day(self.last_day)

    @property
    def why_off(self) -> str:
        """Why offices are closed on the last day; empty when they are open."""
        return why_off(self.last_day)

    @property
    def is_for_units(self) -> bool:
        """Whether every unit of the plan owes it; other dates are for one office."""
        return self.kind != MilestoneKind.OTHER


@audited()
class Recipient(models.Model):
    """One line of "Nơi nhận" and what became of it."""

    version = models.ForeignKey(
        Version, models.PROTECT, related_name="recipients", verbose_name="bản kế hoạch"
    )
    order = models.PositiveSmallIntegerField("thứ tự")
    text = models.CharField("nơi nhận", max_length=300)
    issued_on = models.DateField("phát hành ngày", null=True)
    acknowledged_on = models.DateField("báo nhận ngày", null=True)

    class Meta:
        verbose_name = "nơi nhận"
        ordering = ["order"]
        constraints = [
            models.CheckConstraint(
                condition=Q(acknowledged_on=None)
                | Q(issued_on__isnull=False, acknowledged_on__gte=F("issued_on")),
                name="recipient_acknowledges_after_issue",
            ),
        ]

    @property
    def is_file(self) -> bool:
        """Whether it is the issuer's own file ("Lưu: VT, VHTT"), from which nobody answers."""
        return self.text.startswith("Lưu")
