"""Numbers of households and how they change from one yearly review to the next."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db import connection
from django.db.models import Count, Exists, Max, Min, OuterRef, Q, QuerySet, Sum

from tiepcan.accounts.models import Person
from tiepcan.accounts.roles import May
from tiepcan.households.models import (
    POOR,
    Household,
    HouseholdQuerySet,
    Move,
    PovertyClass,
    Review,
    ReviewRound,
    Tally,
)
from tiepcan.standards.models import Definition, Reading, Standard
from tiepcan.standards.queries import definitions_for
from tiepcan.units.models import Unit

NEAR = PovertyClass.NEAR_POOR


def lacking_by_unit(units: Iterable[Unit], indicator: str, year: int) -> dict[str, int]:
    """Poor households of each unit that lacked the indicator at the review of that year. One query."""
    counted = (
        Tally.objects.filter(
            lack=indicator, year=year, poverty__in=POOR, unit__in=[unit.pk for unit in units]
        )
        .values_list("unit")
        .annotate(Sum("households"))
        .filter(households__sum__gt=0)
    )
    return dict(counted)


def by_class(within: Unit, year: int) -> dict[str, int]:
    """Households of each class at the review of a year, in the unit and those below it. One query over kept counts."""
    counted = (
        Tally.objects.filter(unit__path__startswith=within.path, year=year, lack="")
        .values_list("poverty")
        .annotate(Sum("households"))
    )
    return dict(counted)


def recounted() -> dict[tuple[str, int, str, str], int]:
    """The kept counts computed anew from the reviews, by (unit, year, class, lack): what `Tally` must equal."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT unit_id, year, poverty, lack, count(*) FROM households_review, "
            "LATERAL unnest(array_prepend(''::varchar, lacks)) AS lack WHERE standing GROUP BY 1, 2, 3, 4"
        )
        return {(unit, year, poverty, lack): n for unit, year, poverty, lack, n in cursor.fetchall()}


@dataclass(frozen=True)
class LackLine:
    """One indicator at one review: whether the household lacked it, and what said so."""

    definition: Definition
    lacked: bool
    answers: Sequence[tuple[str, bool]]
    """The questions that decided it, with their answers; none when the form told it."""
    rule: str
    """The reading of the rule that the answers were held against, as it is printed."""


def lacks_of(household: Household, review: Review) -> list[LackLine]:
    """What a household lacked at a review, indicator by indicator of the standard of that year."""
    readings = Reading.objects.prefetch_related("questions").in_bulk(list(review.readings.values()))
    return [
        _line(definition, review, readings.get(review.readings.get(definition.indicator_id, "")))
        for definition in definitions_for(review.year)
    ]


def _line(definition: Definition, review: Review, reading: Reading | None) -> LackLine:
    asked = reading.questions.all() if reading else []
    return LackLine(
        definition=definition,
        lacked=definition.indicator_id in review.lacks,
        answers=[(one.text, review.answers[one.pk]) for one in asked if one.pk in review.answers],
        rule=reading.sentence if reading else "",
    )


@dataclass(frozen=True)
class Flow:
    """How a unit's poor (or near-poor) households of one year became those of the next; all are households.

    `before` and what came in is `after` and what went out: `balances` says so, and the page shows it as a sum.
    """

    before: int
    stayed: int
    to_other_class: int
    got_out: int
    moved_away: int
    left: int
    merged: int
    waiting: int
    """Of last year's list, not reviewed yet."""
    from_other_class: int
    moved_in: int
    split_off: int
    returned: int
    """Had got out, or had no review last year but one before."""
    new: int
    after: int

    @property
    def gone(self) -> int:
        return self.to_other_class + self.got_out + self.moved_away + self.left + self.merged + self.waiting

    @property
    def come(self) -> int:
        return self.from_other_class + self.moved_in + self.split_off + self.returned + self.new

    @property
    def balances(self) -> bool:
        return self.before == self.stayed + self.gone and self.after == self.stayed + self.come


_FLOW = """
WITH was AS (
  SELECT household_id, poverty FROM households_review
  WHERE unit_id = %(unit)s AND year = %(year)s - 1 AND standing
), now AS (
  SELECT household_id, poverty FROM households_review
  WHERE unit_id = %(unit)s AND year = %(year)s AND standing
)
SELECT h.id, was.poverty, now.poverty,
  CASE
    WHEN now.household_id IS NOT NULL THEN ''
    WHEN h.unit_id <> %(unit)s THEN 'moved_away'
    WHEN h.merged_into_id IS NOT NULL THEN 'merged'
    WHEN h.left_on IS NOT NULL THEN 'left'
    -- It has come back since, but was away at this review.
    WHEN EXISTS (SELECT FROM households_review r WHERE r.household_id = h.id AND r.year = %(year)s)
      OR (SELECT m.from_unit_id = %(unit)s FROM households_move m
          WHERE m.household_id = h.id AND extract(year FROM m.moved_on) = %(year)s
          AND %(unit)s IN (m.from_unit_id, m.to_unit_id) ORDER BY m.moved_on DESC, m.id DESC LIMIT 1)
      THEN 'moved_away'
    ELSE 'waiting'
  END AS gone,
  CASE
    WHEN was.household_id IS NOT NULL THEN ''
    WHEN EXISTS (SELECT FROM households_move m WHERE m.household_id = h.id AND m.to_unit_id = %(unit)s
                 AND extract(year FROM m.moved_on) = %(year)s)
      OR EXISTS (SELECT FROM households_review r WHERE r.household_id = h.id AND r.year = %(year)s - 1
                 AND r.standing AND r.unit_id <> %(unit)s) THEN 'moved_in'
    WHEN EXISTS (SELECT FROM households_review r WHERE r.household_id = h.id AND r.year < %(year)s)
      THEN 'returned'
    WHEN h.split_from_id IS NOT NULL THEN 'split_off'
    ELSE 'new'
  END AS came
FROM was FULL JOIN now USING (household_id) JOIN households_household h ON h.id = household_id
"""


@dataclass(frozen=True)
class Passage:
    """One household between two reviews: its classes (None: none then), and how it went or came."""

    household: uuid.UUID
    before: str | None
    after: str | None
    how: str
    """A field of `Flow`: "stayed", "got_out", "moved_in", …"""


def passages(unit: Unit, year: int, classes: Sequence[str]) -> list[Passage]:
    """Every household that was in one of the classes at the review before `year`, or is at that of `year`."""
    with connection.cursor() as cursor:
        cursor.execute(_FLOW, {"unit": unit.pk, "year": year})
        rows = cursor.fetchall()
    return [
        Passage(
            household, before, after, _how(before in classes, before, after in classes, after, gone, came)
        )
        for household, before, after, gone, came in rows
        if before in classes or after in classes
    ]


def _how(was: bool, before: str | None, is_: bool, after: str | None, gone: str, came: str) -> str:
    if was and is_:
        return "stayed"
    if was:
        if after is None:
            return gone
        return "got_out" if after == PovertyClass.OUT else "to_other_class"
    if before is None:
        return came
    return "returned" if before == PovertyClass.OUT else "from_other_class"


def flow(unit: Unit, year: int, classes: Sequence[str] = POOR) -> Flow:
    """The passages counted. One query."""
    counted: dict[str, int] = {}
    before = after = 0
    for one in passages(unit, year, classes):
        before += one.before in classes
        after += one.after in classes
        counted[one.how] = counted.get(one.how, 0) + 1
    fields = Flow.__dataclass_fields__.keys() - {"before", "after"}
    return Flow(before=before, after=after, **{name: counted.get(name, 0) for name in fields})


_SHARED_WORDS: Mapping[str, str] = {
    "stayed": "giữ nguyên",
    "moved_away": "chuyển đi phường, xã khác",
    "left": "ra khỏi sổ",
    "merged": "gộp vào hồ sơ khác",
    "waiting": "chưa rà soát",
    "moved_in": "từ nơi khác chuyển đến",
    "split_off": "tách hộ",
    "new": "phát sinh mới",
}
FLOW_WORDS: Mapping[str, Mapping[str, str]] = {
    "poor": {
        **_SHARED_WORDS,
        "to_other_class": "sang hộ cận nghèo",
        "got_out": "thoát nghèo",
        "from_other_class": "từ hộ cận nghèo",
        "returned": "tái nghèo",
    },
    "near_poor": {
        **_SHARED_WORDS,
        "to_other_class": "sang hộ nghèo",
        "got_out": "thoát cận nghèo",
        "from_other_class": "từ hộ nghèo",
        "returned": "tái cận nghèo",
    },
}
"""What the figures of a flow are called, of poor and of near-poor households."""


def known_years() -> tuple[int, int]:
    """The first and the last year whose review a standard governs; the last is before the first when none is known."""
    known = Standard.objects.aggregate(first=Min("first_review"), last=Max("last_review"))
    return known["first"] or 1, known["last"] or 0


def waiting_in_rounds(rounds: Iterable[ReviewRound]) -> dict[int, int]:
    """How many households each of the rounds still waits for, by the key of the round. One query."""
    listed = Review.objects.filter(
        household=OuterRef("pk"),
        unit=OuterRef("unit"),
        year=OuterRef("unit__rounds__year") - 1,
        standing=True,
    ).exclude(poverty=PovertyClass.OUT)
    there = Review.objects.filter(household=OuterRef("pk"), year=OuterRef("unit__rounds__year"))
    waiting = (
        Household.objects.listed()
        .filter(Exists(listed), ~Exists(there), unit__rounds__in=rounds)
        .order_by()
        .values_list("unit__rounds")
        .annotate(Count("pk"))
    )
    return dict(waiting)


def fresh_in(round: ReviewRound) -> HouseholdQuerySet:
    """Households on the list that neither last year's review of the unit nor this round knows: new, come, split off."""
    known = Review.objects.filter(household=OuterRef("pk")).filter(
        Q(year=round.year) | Q(year=round.year - 1, unit=round.unit)
    )
    return Household.objects.listed().filter(~Exists(known), unit=round.unit)


def moves_of(person: Person) -> QuerySet[Move]:
    """Moves from or to the person's unit and the units below it, for people who work on households."""
    if not person.may(May.SEE_HOUSEHOLDS):
        return Move.objects.none()
    path = person.unit.path
    return Move.objects.filter(Q(from_unit__path__startswith=path) | Q(to_unit__path__startswith=path))


def as_known(unit: Unit, households: Iterable[Household]) -> dict[uuid.UUID, Move]:
    """For those that left the unit for another: the line of the move, with what the unit last knew of them. One query."""
    gone = [household.pk for household in households if household.unit_id != unit.pk]
    lines = Move.objects.filter(household__in=gone, from_unit=unit).order_by("moved_on", "id")
    return {line.household_id: line for line in lines}
