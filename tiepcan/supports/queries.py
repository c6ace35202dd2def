"""What rooms below want told of outcomes."""

from collections.abc import Sequence
from uuid import UUID

from django.db.models import Exists, OuterRef
from django.urls import reverse

from tiepcan.accounts.models import Person
from tiepcan.accounts.roles import May
from tiepcan.common import clock
from tiepcan.households.models import POOR, Household, HouseholdQuerySet, Lack
from tiepcan.households.views import Step, Story
from tiepcan.standards.models import Indicator
from tiepcan.supports.models import Entry, EntryKind, Outcome
from tiepcan.supports.rules import plan_for, why_not_counted

_TONES = {
    EntryKind.RECORDED: "sent",
    EntryKind.VERIFIED: "ok",
    EntryKind.RETURNED: "back",
    EntryKind.ANSWERED: "sent",
    EntryKind.WITHDRAWN: "idle",
}


def story_of(household: Household, person: Person) -> Story:
    """What happened to a household, oldest first, and what this person can do for it now."""
    outcomes = (
        household.outcomes.with_state().select_related("indicator", "means").prefetch_related("entries")
    )
    returned = [outcome for outcome in outcomes if outcome.state == EntryKind.RETURNED]
    entries = sorted(
        ((entry, outcome) for outcome in outcomes for entry in outcome.entries.all()),
        key=lambda pair: pair[0].pk,
    )
    return Story([_step(entry, outcome) for entry, outcome in entries], _acts(household, person, returned))


def _step(entry: Entry, outcome: Outcome) -> Step:
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
        if entry.kind == EntryKind.RECORDED
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
    return [i for i in Indicator.objects.all() if why_not_counted(plan, household, i) is None]


def waiting_in(person: Person) -> HouseholdQuerySet:
    """Households within the person's scope that lack something at the last review and were not recorded for it."""
    year = clock.today().year
    recorded = Outcome.objects.filter(
        household=OuterRef("review__household"), indicator=OuterRef("indicator")
    )
    open_lacks = Lack.objects.filter(review__year=year - 1, review__poverty__in=POOR).exclude(
        Exists(recorded.standing().filter(plan__year=year))
    )
    waiting = Household.objects.visible_to(person).filter(pk__in=open_lacks.values("review__household"))
    return waiting.select_related("unit")


def lacking_of(households: Sequence[Household]) -> list[tuple[Household, list[str]]]:
    """Each household with the short names of what it lacks at the last review. One query."""
    lacks: dict[UUID, list[str]] = {}
    found = Lack.objects.filter(review__household__in=households, review__year=clock.today().year - 1)
    for household, name in found.order_by("indicator__order").values_list(
        "review__household", "indicator__short_name"
    ):
        lacks.setdefault(household, []).append(name)
    return [(household, lacks.get(household.pk, [])) for household in households]
