"""What a round's sample is drawn from, and how its visits stand; all numbers are households."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from django.db.models import F, OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce

from tiepcan.households.models import Move
from tiepcan.plans.models import Plan
from tiepcan.supports.models import ENDED, Entry, EntryKind, Outcome
from tiepcan.units.models import Unit
from tiepcan.verification.estimate import Estimate, Visits, estimate
from tiepcan.verification.models import Finding, Round, Sampled, SampleQuerySet, Visit
from tiepcan.verification.sampling import DrawnStratum, Member, Stratum, draw

VISITS_BEFORE_NOT_FOUND = 2
"""Visits after which a household that nobody met is told as not found."""


@dataclass(frozen=True)
class Recorded:
    """One outcome that counted at the end of a day, under the code that its unit knew it by."""

    outcome: Outcome
    unit: Unit
    code: str

    @property
    def member(self) -> Member:
        return Member(Stratum(self.unit.code, self.outcome.indicator_id), self.code)


def population(plan: Plan, as_of: date) -> list[Recorded]:
    """The outcomes of a plan that counted at the end of a day, whatever became of them since. Two queries."""
    counted = (
        Entry.objects.filter(outcome__plan=plan, on__lte=as_of)
        .values("outcome")
        .annotate(recorded=Sum("recorded"))
        .filter(recorded=1)
        .values("outcome")
    )
    # A household that moved keeps the code of the unit that recorded it, as everywhere beside an outcome.
    left = Move.objects.filter(household=OuterRef("household"), from_unit=OuterRef("unit")).order_by(
        "-moved_on", "-id"
    )
    outcomes: Any = (
        Outcome.objects.filter(pk__in=counted)
        .select_related("unit")
        .annotate(told=Coalesce(Subquery(left.values("code")[:1]), F("household__code")))
    )
    return [Recorded(one, one.unit, one.told) for one in outcomes]


def drawn_from(plan: Plan, as_of: date, seed: str) -> tuple[list[DrawnStratum], list[Recorded]]:
    """The draw and what it was drawn from. Raises ValueError for codes that cannot be told apart."""
    recorded = population(plan, as_of)
    return draw(seed, plan.code, (one.member for one in recorded)), recorded


def drawn_again(found: Round) -> bool:
    """Whether drawing from the kept list with the announced seed gives the kept sample: what anybody may try."""
    kept = list(found.sample.all())
    again = draw(
        found.seed,
        found.plan.code,
        (Member(Stratum(one.unit_code, one.indicator_key), one.household_code) for one in kept),
    )
    told = {
        (stratum.stratum.unit_code, stratum.stratum.indicator, one.household_code): (one.digest, one.drawn)
        for stratum in again
        for one in stratum.members
    }
    return told == {
        (one.unit_code, one.indicator_key, one.household_code): (one.digest, one.is_drawn) for one in kept
    }


class Status(StrEnum):
    """How one drawn outcome stands (tình trạng xác minh)."""

    NOT_VISITED = "not_visited"
    AGAIN = "again"
    NOT_FOUND = "not_found"
    RIGHT = "right"
    ASKED = "asked"
    TO_DECIDE = "to_decide"
    WRONG = "wrong"

    @property
    def label(self) -> str:
        return {
            "not_visited": "Chưa đến",
            "again": "Đến lại",
            "not_found": "Không gặp hộ",
            "right": "Đúng như ghi nhận",
            "asked": "Chờ xã trả lời",
            "to_decide": "Cần quyết định",
            "wrong": "Không tính",
        }[self.value]

    @property
    def tone(self) -> str:
        return {
            "not_visited": "idle",
            "again": "soon",
            "not_found": "soon",
            "right": "ok",
            "asked": "back",
            "to_decide": "soon",
            "wrong": "lock",
        }[self.value]


def status_of(findings: Sequence[str], last_kind: str) -> Status:
    """From what the visits found, in their order, and the last line of the outcome's ledger."""
    if last_kind in ENDED:
        # Whoever took it back, the ward or the Labour Office: it was not as recorded.
        return Status.WRONG
    if not findings:
        return Status.NOT_VISITED
    if Finding.AGREES in findings:
        return Status.RIGHT
    if Finding.DISAGREES in findings:
        return {
            EntryKind.RETURNED: Status.ASKED,
            EntryKind.VERIFIED: Status.RIGHT,
        }.get(EntryKind(last_kind), Status.TO_DECIDE)
    return Status.NOT_FOUND if len(findings) >= VISITS_BEFORE_NOT_FOUND else Status.AGAIN


@dataclass
class Line:
    """One drawn outcome with its visits and how it stands."""

    sampled: Sampled
    status: Status

    @property
    def visits(self) -> list[Visit]:
        return list(self.sampled.visits.all())


@dataclass
class StratumLine:
    """One stratum as it stands."""

    unit: Unit
    indicator: str
    households: int
    drawn: list[Line] = field(default_factory=list)

    def number(self, *statuses: Status) -> int:
        return sum(line.status in statuses for line in self.drawn)

    @property
    def visited(self) -> int:
        return len(self.drawn) - self.number(Status.NOT_VISITED)

    @property
    def is_whole(self) -> bool:
        return len(self.drawn) == self.households

    @property
    def visits(self) -> Visits:
        return Visits(self.households, len(self.drawn), self.number(Status.RIGHT), self.number(Status.WRONG))


@dataclass(frozen=True)
class Standing:
    """A round as it stands: strata in the order of the draw, and what adds up over them."""

    strata: list[StratumLine]
    by_status: Counter[Status]
    households: int

    @property
    def drawn(self) -> int:
        return sum(self.by_status.values())

    @property
    def lines(self) -> list[Line]:
        return [line for stratum in self.strata for line in stratum.drawn]

    def of(self, *statuses: Status) -> list[Line]:
        return [line for line in self.lines if line.status in statuses]

    def number(self, *statuses: Status) -> int:
        return sum(self.by_status[status] for status in statuses)

    def estimated(self) -> Estimate | None:
        """What the visits say of the whole population; None while it is empty."""
        return estimate([stratum.visits for stratum in self.strata]) if self.strata else None


def standing_of(found: Round, seen: SampleQuerySet | None = None) -> Standing:
    """The round as it stands, of all its sample or of the part that somebody sees. Two queries, whatever the size."""
    last = Entry.objects.filter(outcome=OuterRef("outcome")).order_by("-id").values("kind")[:1]
    rows = (
        (Sampled.objects.all() if seen is None else seen)
        .filter(round=found)
        .annotate(last_kind=Subquery(last))
        .select_related("unit", "outcome__household", "outcome__indicator", "outcome__means")
        .prefetch_related("visits")
    )
    return _standing(rows)


def _standing(rows: Iterable[Sampled]) -> Standing:
    strata: dict[tuple[str, str], StratumLine] = {}
    for row in rows:
        key = (row.unit_code, row.indicator_key)
        stratum = strata.setdefault(key, StratumLine(row.unit, row.outcome.indicator.short_name, 0))
        stratum.households += 1
        if row.is_drawn:
            findings = [visit.finding for visit in row.visits.all()]
            stratum.drawn.append(Line(row, status_of(findings, row.last_kind)))  # type: ignore[attr-defined]
    lines = list(strata.values())
    by_status = Counter(line.status for stratum in lines for line in stratum.drawn)
    return Standing(lines, by_status, sum(stratum.households for stratum in lines))
