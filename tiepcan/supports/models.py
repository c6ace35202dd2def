"""Outcomes: households that gained access, as an append-only ledger with its evidence."""

import uuid
from typing import Self

import pgtrigger
from django.db import models
from django.db.models import Q

from tiepcan.accounts.models import Person
from tiepcan.accounts.roles import May
from tiepcan.audit.tables import audited
from tiepcan.households.models import Household
from tiepcan.plans.models import Plan
from tiepcan.standards.models import Indicator, Means
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


class EntryKind(models.TextChoices):
    """What a line of the ledger says (loại bút toán)."""

    RECORDED = "recorded", "Ghi nhận"
    VERIFIED = "verified", "Xác minh đúng"
    RETURNED = "returned", "Trả lại để bổ sung"
    ANSWERED = "answered", "Đã bổ sung"
    WITHDRAWN = "withdrawn", "Rút"


WAITING = (EntryKind.RECORDED, EntryKind.ANSWERED)
"""Last lines of outcomes that wait for the Labour Office."""


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
        ]

    def __str__(self) -> str:
        return f"{self.indicator.short_name}, {self.happened_on:%d/%m/%Y}"

    @property
    def state(self) -> EntryKind:
        """Where it stands: the kind of the last line of its ledger."""
        if hasattr(self, "last_kind"):
            return EntryKind(self.last_kind)
        return EntryKind(self.entries.order_by("-id").values_list("kind", flat=True)[0])


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
            models.CheckConstraint(
                condition=(
                    Q(kind="recorded", recorded=1, verified=0)
                    | Q(kind="verified", recorded=0, verified=1)
                    | Q(kind="returned", recorded=0, verified__in=[-1, 0])
                    | Q(kind="answered", recorded=0, verified=0)
                    | Q(kind="withdrawn", recorded=-1, verified__in=[-1, 0])
                ),
                name="entry_adds_what_its_kind_says",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=["returned", "withdrawn"]) | ~Q(reason=""),
                name="entry_that_takes_back_has_a_reason",
            ),
        ]
        indexes = [models.Index(fields=["on", "outcome"], name="entry_by_day")]
        triggers = [
            pgtrigger.Protect(name="ledger_is_append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        ]


@audited()
class Evidence(models.Model):
    """A photo or a paper that shows an outcome (minh chứng), cleaned of metadata and kept with its digest."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    outcome = models.ForeignKey(Outcome, models.PROTECT, related_name="evidence", verbose_name="kết quả")
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
        triggers = [
            pgtrigger.Protect(name="evidence_is_kept", operation=pgtrigger.Update | pgtrigger.Delete),
        ]
