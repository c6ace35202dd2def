"""What rooms below want told of outcomes."""

from collections.abc import Callable, Sequence
from functools import reduce
from operator import or_
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Case, Exists, F, OuterRef, Q, Subquery, When
from django.db.models.functions import Coalesce
from django.urls import reverse

from tiepcan.accounts.models import Person
from tiepcan.accounts.roles import May
from tiepcan.common import clock
from tiepcan.households.models import POOR, Household, HouseholdQuerySet, Move, Review
from tiepcan.households.views.household import Step, Story
from tiepcan.standards.models import Indicator
from tiepcan.supports.models import Entry, EntryKind, Outcome, OutcomeQuerySet, SupportQuerySet
from tiepcan.supports.rules import known_of, plan_for, why_not_counted

_TONES = {
    EntryKind.RECORDED: "sent",
    EntryKind.VERIFIED: "ok",
    EntryKind.RETURNED: "back",
    EntryKind.ANSWERED: "sent",
    EntryKind.WITHDRAWN: "idle",
    EntryKind.REJECTED: "idle",
}


Rows = TypeVar("Rows", OutcomeQuerySet, SupportQuerySet)


def as_recorded(rows: Rows, person: Person) -> Rows:
    """Each with its household as the unit that recorded it knows it: `head_name`, `code`, and whether it `opens`.

    A unit that a household left keeps what the line of the move says: what becomes of it elsewhere is not told.
    """
    line = Move.objects.filter(household=OuterRef("household"), from_unit=OuterRef("unit")).order_by(
        "-moved_on", "-id"
    )
    away = ~Q(household__unit=F("unit"))

    def known(name: str) -> Case:
        last = Coalesce(Subquery(line.values(name)[:1]), f"household__{name}")
        return Case(When(away, then=last), default=f"household__{name}")

    opens = Q(household__unit__path__startswith=person.unit.path)
    names: dict[str, Any] = {"head_name": known("head_name"), "code": known("code"), "opens": opens}
    return rows.annotate(**names)


def story_of(household: Household, person: Person) -> Story:
    """What happened to a household, oldest first, and what this person can do for it now."""
    # What was recorded under a record that was merged into this one is the household's, too.
    # Asked for in two queries: the server plans one over both for longer than it takes to answer the two.
    records = list(household.records().order_by().values_list("pk", flat=True))
    outcomes = (
        Outcome.objects.filter(household__in=records)
        .select_related("indicator", "means", "unit")
        .prefetch_related("entries")
    )
    # What another unit recorded before the household moved is told here, and opened and mended there.
    own = {outcome.pk for outcome in outcomes if person.covers(outcome.unit)}
    returned = [one for one in outcomes if _last(one).kind == EntryKind.RETURNED and one.pk in own]
    entries = sorted(
        ((entry, outcome) for outcome in outcomes for entry in outcome.entries.all()),
        key=lambda pair: pair[0].pk,
    )
    steps = [_step(entry, outcome, opens=outcome.pk in own) for entry, outcome in entries]
    return Story(steps, _acts(household, person, returned))


def _last(outcome: Outcome) -> Entry:
    return list(outcome.entries.all())[-1]


def _step(entry: Entry, outcome: Outcome, *, opens: bool) -> Step:
    what = f"{outcome.indicator.short_name}: {EntryKind(entry.kind).label.lower()}"
    said = (
        f"{outcome.means.name}, từ {outcome.happened_on:%d/%m/%Y}"
        if entry.kind == EntryKind.RECORDED
        else entry.reason
    )
    return Step(
        tone=_TONES[EntryKind(entry.kind)],
        title=what,
        when=f"{entry.on:%d/%m/%Y}, {entry.by_name}, {entry.organisation}",
        said=said,
        links=[("Xem kết quả và minh chứng", reverse("supports:outcome", args=[outcome.pk]))]
        if entry.kind == EntryKind.RECORDED and opens
        else [],
    )


def _acts(household: Household, person: Person, returned: Sequence[Outcome]) -> list[tuple[str, str]]:
    if not person.may_change(May.RECORD_OUTCOMES, household.unit):
        return []
    acts = [
        (f"Bổ sung: {outcome.indicator.short_name.lower()}", reverse("supports:outcome", args=[outcome.pk]))
        for outcome in returned
    ]
    if still_lacking(household):
        acts.append(("Ghi hộ được tiếp cận", f"{reverse('supports:record')}?ho={household.pk}"))
    return acts


def still_lacking(household: Household) -> list[Indicator]:
    """The indicators for which access gained today would count."""
    plan = plan_for(household, clock.today())
    if plan is None:
        return []
    known = known_of(plan, household)
    indicators = Indicator.objects.of_information()
    return [i for i in indicators if why_not_counted(plan, household, i, known=known) is None]


def waiting_in(person: Person) -> HouseholdQuerySet:
    """Households within the person's scope that lack something at the last review and were not recorded for it."""
    year = clock.today().year
    return Household.objects.visible_to(person).listed().filter(still_waiting(year)).select_related("unit")


def still_waiting(year: int) -> Q:
    """Of households: poor at the review before that year, lacking something that no outcome of the year's plan mended."""
    recorded = (
        Outcome.objects.filter(plan__year=year)
        .standing()
        .annotate(of=Coalesce("household__merged_into", "household"))
        .filter(of=OuterRef("household"))
    )
    lacking = Review.objects.filter(household=OuterRef("pk"), year=year - 1, standing=True, poverty__in=POOR)
    open_ones = [
        Exists(lacking.filter(~Exists(recorded.filter(indicator=indicator)), lacks__contains=[indicator]))
        for indicator in Indicator.objects.of_information().values_list("pk", flat=True)
    ]
    return reduce(or_, map(Q, open_ones), Q(pk__in=[]))


def served(year: int) -> Q:
    """Of households: an outcome of the year's plan stands for them."""
    outcomes = Outcome.objects.filter(plan__year=year).standing()
    return Q(pk__in=outcomes.values(of=Coalesce("household__merged_into", "household")))


def lacking_of(households: Sequence[Household]) -> list[tuple[Household, list[str]]]:
    """Each household with the short names of what it lacks of information at the last review. Two queries."""
    names = dict(Indicator.objects.of_information().values_list("pk", "short_name"))
    reviews = Review.objects.filter(household__in=households, year=clock.today().year - 1, standing=True)
    lacks: dict[UUID, list[str]] = dict(reviews.values_list("household", "lacks"))
    return [(one, [names[i] for i in names if i in lacks.get(one.pk, [])]) for one in households]


def hinder(keep: Household, other: Household) -> str | None:
    """Why two records should not be merged yet: a result of each stands for one target, and one household counts once."""
    standing = Outcome.objects.standing().select_related("household", "indicator", "plan").with_state()
    theirs = {(o.plan_id, o.indicator_id): o for o in standing.filter(household__in=other.records())}
    for ours in standing.filter(household__in=keep.records()):
        if twin := theirs.get((ours.plan_id, ours.indicator_id)):
            # What was verified stays, and otherwise what was recorded for the record that stays.
            loser, winner = (ours, twin) if twin.state == EntryKind.VERIFIED != ours.state else (twin, ours)
            return (
                f"Cả hai hồ sơ đều có kết quả {ours.indicator.short_name.lower()} của {ours.plan}: gộp lại thì một hộ "
                f"tính hai lần. Rút kết quả ngày {loser.happened_on:%d/%m/%Y} của hồ sơ {loser.household.code} trước "
                f"(kết quả của hồ sơ {winner.household.code} vẫn tính), rồi gộp."
            )
    return None


CONDITIONS: dict[str, tuple[str, Callable[[int], Q]]] = {
    "waiting": ("Còn chờ hỗ trợ", still_waiting),
    "served": ("Đã ghi nhận", served),
}
"""Filters of the list of households: by key, the label and the condition for the year of the plan."""
