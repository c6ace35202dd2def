"""Supports that households got, and outcomes: households that gained access, as an append-only ledger with its evidence."""

import uuid
from typing import Self

import pgtrigger
from django.db import models
from django.db.models import Q

from tiepcan.accounts.models import Person
from tiepcan.accounts.roles import May
from tiepcan.audit.tables import audited
from tiepcan.common.triggers import NEW, OLD, per_statement
from tiepcan.households.models import Household
from tiepcan.plans.models import Plan
from tiepcan.standards.models import Indicator, Means, Scheme, Source
from tiepcan.supports.keeping import (
    EVIDENCE_ADDED,
    LINES_ADDED,
    OUTCOMES_CHANGED,
    SUPPORTS_ADDED,
    SUPPORTS_CHANGED,
)
from tiepcan.units.models import Unit


class OutcomeQuerySet(models.QuerySet["Outcome"]):
    def visible_to(self, person: Person) -> Self:
        """Outcomes of the person's own unit and the units below it, for people who work on households."""
        if not person.may(May.SEE_HOUSEHOLDS):
            return self.none()
        return self.filter(unit__path__startswith=person.unit.path)

    def standing(self) -> Self:
        """Those that were not withdrawn."""
        return self.filter(standing=True)

    def with_state(self) -> Self:
        """Each with the kind of its last line in the ledger as `last_kind`: what `state` would ask one by one."""
        last = Entry.objects.filter(outcome=models.OuterRef("pk")).order_by("-id").values("kind")[:1]
        return self.annotate(last_kind=models.Subquery(last))

    def in_state(self, *kinds: "EntryKind") -> Self:
        return self.with_state().filter(last_kind__in=kinds)

    def with_evidence(self) -> Self:
        """Each with what `Outcome.files` needs. Three queries, whatever the number."""
        return self.prefetch_related("evidence", "supports__evidence")

    def without_evidence(self) -> Self:
        """Those that neither a file of their own nor one of a support shows."""
        own = Evidence.objects.filter(outcome=models.OuterRef("pk"))
        of_support = Evidence.objects.filter(support__outcome=models.OuterRef("pk"))
        return self.filter(~models.Exists(own), ~models.Exists(of_support))


class EntryKind(models.TextChoices):
    """What a line of the ledger says (loại bút toán)."""

    RECORDED = "recorded", "Ghi nhận"
    VERIFIED = "verified", "Xác minh đúng"
    RETURNED = "returned", "Trả lại để bổ sung"
    ANSWERED = "answered", "Đã bổ sung"
    WITHDRAWN = "withdrawn", "Rút"
    REJECTED = "rejected", "Không tính"


WAITING = (EntryKind.RECORDED, EntryKind.ANSWERED)
"""Last lines of outcomes that wait for the Labour Office."""
ENDED = (EntryKind.WITHDRAWN, EntryKind.REJECTED)
"""Last lines of outcomes that count no more."""


@audited()
class Outcome(models.Model):
    """One household gained access to what it lacked (kết quả tiếp cận), counted once for a plan and an indicator.

    The facts never change: a mistake is withdrawn with its reason and recorded anew. `unit` is the unit that the
    household belonged to on that day, which the figures keep when the household moves.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    plan = models.ForeignKey(Plan, models.PROTECT, related_name="outcomes", verbose_name="kế hoạch")
    household = models.ForeignKey(Household, models.PROTECT, related_name="outcomes", verbose_name="hộ")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="outcomes", verbose_name="phường, xã")
    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="outcomes", verbose_name="chỉ số")
    means = models.ForeignKey(Means, models.PROTECT, related_name="outcomes", verbose_name="hình thức")
    happened_on = models.DateField("ngày tiếp cận")
    provider = models.CharField("đơn vị hỗ trợ", max_length=200, blank=True)
    note = models.TextField("ghi chú", blank=True)
    standing = models.BooleanField("còn tính", default=True)

    # The household as the unit that recorded it knows it, when `queries.as_recorded` asked for it.
    head_name: str
    code: str
    opens: bool

    objects = OutcomeQuerySet.as_manager()

    class Meta:
        verbose_name = "kết quả tiếp cận"
        ordering = ["-happened_on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "household", "indicator"],
                condition=Q(standing=True),
                name="household_counts_once_for_a_plan_and_indicator",
            ),
        ]
        indexes = [models.Index(fields=["plan", "unit", "indicator"], name="outcome_by_plan_and_unit")]
        triggers = [
            pgtrigger.Protect(name="outcome_is_never_deleted", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="outcome_facts_never_change",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange(exclude=["standing"]),
            ),
            per_statement("kept_with_an_outcome", pgtrigger.Insert, OUTCOMES_CHANGED, new=NEW),
            per_statement("kept_with_outcomes_that_change", pgtrigger.Update, OUTCOMES_CHANGED, new=NEW),
        ]

    def __str__(self) -> str:
        return f"{self.indicator.short_name}, {self.happened_on:%d/%m/%Y}"

    @property
    def files(self) -> "list[Evidence]":
        """The files that show it, its own and those of its supports, oldest first."""
        files = [*self.evidence.all(), *(file for one in self.supports.all() for file in one.evidence.all())]
        return sorted(files, key=lambda file: file.added_at)

    @property
    def state(self) -> EntryKind:
        """Where it stands: the kind of the last line of its ledger."""
        if hasattr(self, "last_kind"):
            return EntryKind(self.last_kind)
        return EntryKind(self.entries.order_by("-id").values_list("kind", flat=True)[0])


class SupportQuerySet(models.QuerySet["Support"]):
    def visible_to(self, person: Person) -> Self:
        """Supports given in the person's own unit and the units below it, for people who work on households."""
        if not person.may(May.SEE_HOUSEHOLDS):
            return self.none()
        return self.filter(unit__path__startswith=person.unit.path)

    def standing(self) -> Self:
        """Those that were not taken back as given by mistake; one that ended was given all the same."""
        return self.filter(standing=True)


@audited()
class Support(models.Model):
    """One thing that a household was given for an indicator (lần hỗ trợ): a subscription, a device, or other help.

    The rooms of devices and of telecom write them with their own rows. However many a household had, they lead to one
    outcome of a plan and indicator at most; without one, nothing counts. `unit` is the household's on that day, `plan`
    the one of the year, if the unit had one. `once`: of its scheme a household gets one. `with_outcome`: written with
    its outcome by one form, and withdrawn with it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    household = models.ForeignKey(Household, models.PROTECT, related_name="supports", verbose_name="hộ")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="supports", verbose_name="phường, xã")
    plan = models.ForeignKey(
        Plan, models.PROTECT, null=True, related_name="supports", verbose_name="kế hoạch"
    )
    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="supports", verbose_name="chỉ số")
    means = models.ForeignKey(Means, models.PROTECT, related_name="supports", verbose_name="hình thức")
    scheme = models.ForeignKey(
        Scheme, models.PROTECT, null=True, related_name="supports", verbose_name="chính sách"
    )
    source = models.ForeignKey(
        Source, models.PROTECT, null=True, related_name="supports", verbose_name="nguồn hỗ trợ"
    )
    provider = models.CharField("đơn vị hỗ trợ", max_length=200, blank=True)
    began_on = models.DateField("từ ngày")
    ended_on = models.DateField("đến ngày", null=True)
    ended_why = models.CharField("vì sao thôi", max_length=300, blank=True)
    note = models.TextField("ghi chú", blank=True)
    once = models.BooleanField("một lần cho mỗi hộ", default=False)
    with_outcome = models.BooleanField("ghi cùng kết quả", default=False)
    standing = models.BooleanField("còn tính", default=True)
    outcome = models.ForeignKey(
        Outcome, models.PROTECT, null=True, related_name="supports", verbose_name="kết quả"
    )

    # As with an outcome, when `queries.as_recorded` asked for it.
    head_name: str
    code: str
    opens: bool

    objects = SupportQuerySet.as_manager()

    class Meta:
        verbose_name = "lần hỗ trợ"
        ordering = ["-began_on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["household", "scheme"],
                condition=Q(once=True, standing=True),
                name="household_gets_a_scheme_once",
            ),
            models.CheckConstraint(
                condition=Q(ended_on=None) | Q(ended_on__gte=models.F("began_on")) & ~Q(ended_why=""),
                name="support_ends_after_it_began_and_says_why",
            ),
        ]
        indexes = [models.Index(fields=["plan", "unit", "indicator"], name="support_by_plan_and_unit")]
        triggers = [
            pgtrigger.Protect(name="support_is_never_deleted", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="support_facts_never_change",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange(exclude=["standing", "ended_on", "ended_why", "outcome"]),
            ),
            per_statement("kept_with_a_support", pgtrigger.Insert, SUPPORTS_ADDED, new=NEW),
            per_statement(
                "kept_with_supports_that_change",
                pgtrigger.Update,
                SUPPORTS_CHANGED,
                new=NEW,
                old=OLD,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.means.name}, từ {self.began_on:%d/%m/%Y}"


class Kept(models.Model):
    """What stands now of one plan, unit and indicator, in households (số liệu được giữ): one small table for all pages.

    Triggers keep it within the transaction that writes a line of the ledger, a support or a file, also in bulk
    (`keeping`). `recomputed` makes the same anew from the rows; `tiepcan recompute_figures --check` says whether they
    differ. `unshown` are the outcomes that stand and that no evidence shows, among those recorded.
    """

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="+", db_index=False, verbose_name="kế hoạch")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="phường, xã")
    indicator = models.ForeignKey(
        Indicator, models.PROTECT, related_name="+", db_index=False, verbose_name="chỉ số"
    )
    supported = models.IntegerField("đã hỗ trợ")
    unshown = models.IntegerField("chưa có minh chứng", default=0)
    recorded = models.IntegerField("đã ghi nhận")
    verified = models.IntegerField("đã xác minh")

    class Meta:
        verbose_name = "số liệu được giữ"
        constraints = [
            models.UniqueConstraint(fields=["plan", "unit", "indicator"], name="kept_once_for_an_indicator"),
        ]


class KeptDay(models.Model):
    """What the lines of one day added for a plan, unit and indicator, in households (số liệu được giữ theo ngày).

    Kept by the same triggers: the line of the year and the figures of an earlier day come from as many rows as
    there were days on which something changed, however many households there are.
    """

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="+", db_index=False, verbose_name="kế hoạch")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="phường, xã")
    indicator = models.ForeignKey(
        Indicator, models.PROTECT, related_name="+", db_index=False, verbose_name="chỉ số"
    )
    on = models.DateField("ngày")
    recorded = models.IntegerField("thêm vào đã ghi nhận")
    verified = models.IntegerField("thêm vào đã xác minh")

    class Meta:
        verbose_name = "số liệu được giữ theo ngày"
        constraints = [
            # The day second: the lines after a day are asked for all units at once.
            models.UniqueConstraint(fields=["plan", "on", "unit", "indicator"], name="kept_once_for_a_day"),
        ]


@audited()
class Entry(models.Model):
    """One line of the ledger of outcomes (bút toán). Lines are only ever added.

    `recorded` and `verified` are what the line adds to the two figures (households: -1, 0 or 1), so that a figure
    as of a day is the sum of the lines up to that day and nothing else.
    """

    outcome = models.ForeignKey(Outcome, models.PROTECT, related_name="entries", verbose_name="kết quả")
    kind = models.CharField("loại", max_length=10, choices=EntryKind.choices)
    on = models.DateField("ngày")
    at = models.DateTimeField("lúc")
    recorded = models.SmallIntegerField("thêm vào đã ghi nhận", default=0)
    verified = models.SmallIntegerField("thêm vào đã xác minh", default=0)
    reason = models.TextField("lý do", blank=True)
    by_name = models.CharField("người ghi", max_length=120)
    organisation = models.CharField("cơ quan, đơn vị", max_length=200)

    class Meta:
        verbose_name = "bút toán kết quả"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["outcome"], condition=Q(kind="recorded"), name="outcome_is_recorded_once"
            ),
            models.UniqueConstraint(
                fields=["outcome"], condition=Q(kind="withdrawn"), name="outcome_is_withdrawn_once"
            ),
            models.UniqueConstraint(
                fields=["outcome"], condition=Q(kind="rejected"), name="outcome_is_rejected_once"
            ),
            models.CheckConstraint(
                condition=(
                    Q(kind="recorded", recorded=1, verified=0)
                    | Q(kind="verified", recorded=0, verified=1)
                    | Q(kind="returned", recorded=0, verified__in=[-1, 0])
                    | Q(kind="answered", recorded=0, verified=0)
                    | Q(kind__in=["withdrawn", "rejected"], recorded=-1, verified__in=[-1, 0])
                ),
                name="entry_adds_what_its_kind_says",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=["returned", "withdrawn", "rejected"]) | ~Q(reason=""),
                name="entry_that_takes_back_has_a_reason",
            ),
        ]
        indexes = [models.Index(fields=["on", "outcome"], name="entry_by_day")]
        triggers = [
            pgtrigger.Protect(name="ledger_is_append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            per_statement("kept_with_the_ledger", pgtrigger.Insert, LINES_ADDED, new=NEW),
        ]


@audited()
class Evidence(models.Model):
    """A photo or a paper that shows an outcome or a support (minh chứng), cleaned of metadata and kept with its digest.

    What shows a support shows the outcome that it led to, too (`Outcome.files`).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    outcome = models.ForeignKey(
        Outcome, models.PROTECT, null=True, related_name="evidence", verbose_name="kết quả"
    )
    support = models.ForeignKey(
        "supports.Support", models.PROTECT, null=True, related_name="evidence", verbose_name="lần hỗ trợ"
    )
    name = models.CharField("tên tệp", max_length=200)
    media_type = models.CharField("loại tệp", max_length=60)
    size = models.PositiveIntegerField("dung lượng", help_text="Bytes.")
    sha256 = models.CharField("mã băm", max_length=64)
    file = models.FileField("tệp", upload_to="minh-chung/")
    added_at = models.DateTimeField("thêm lúc")
    by_name = models.CharField("người thêm", max_length=120)

    class Meta:
        verbose_name = "minh chứng"
        ordering = ["added_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome=None) ^ Q(support=None), name="evidence_shows_an_outcome_or_a_support"
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="evidence_is_kept", operation=pgtrigger.Update | pgtrigger.Delete),
            per_statement("kept_with_evidence", pgtrigger.Insert, EVIDENCE_ADDED, new=NEW),
        ]
