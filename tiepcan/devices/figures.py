"""Numbers of devices, computed from rows: the one definition of every figure that pages and papers show.

All numbers are devices, unless they say households.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Case, Count, Exists, F, OuterRef, Q, Sum, Value, When
from django.db.models.functions import Coalesce

from tiepcan.accounts.models import Person
from tiepcan.common import clock
from tiepcan.devices.models import (
    Device,
    DeviceKind,
    DeviceQuerySet,
    HandOver,
    HandOverQuerySet,
    Place,
    Pledge,
    StockEntry,
)
from tiepcan.households.models import Household
from tiepcan.households.models.household import HouseholdQuerySet
from tiepcan.plans.models import Plan
from tiepcan.plans.queries import ListedUnit, listed_rows
from tiepcan.standards.models import Indicator
from tiepcan.supports.models import Outcome
from tiepcan.units.models import Unit


@dataclass(frozen=True)
class Line:
    """Where the devices of one kind are, or those of all kinds; `received` is counted from the ledger, the rest from places."""

    kind: DeviceKind | None
    received: int
    own: int
    """In the store of the reader's own unit."""
    below: int
    """In the stores of the units below it."""
    households: int
    repair: int
    gone: int

    @property
    def adds_up(self) -> bool:
        """What came in is what is there, given, in repair or gone."""
        return self.received == self.own + self.below + self.households + self.repair + self.gone


@dataclass(frozen=True)
class Stock:
    """The devices that a person's unit and those below it answer for."""

    lines: Sequence[Line]
    total: Line


def stock(person: Person) -> Stock:
    """By kind. Three queries, whatever the number of devices."""
    own = Q(place=Place.STORE, unit=person.unit)
    counted = (
        Device.objects.visible_to(person)
        .exclude(place=Place.OUTSIDE)
        .order_by()
        .values_list("kind", Case(When(own, then=Value("own")), default=F("place")))
        .annotate(Count("pk"))
    )
    places = {(kind, place): number for kind, place, number in counted}
    received = _received(person)
    kinds = [k for k in DeviceKind.objects.all() if k.pk in received or any(key[0] == k.pk for key in places)]
    lines = [
        Line(
            kind,
            received.get(kind.pk, 0),
            *(
                places.get((kind.pk, place), 0)
                for place in ("own", Place.STORE, Place.HOUSEHOLD, Place.REPAIR, Place.GONE)
            ),
        )
        for kind in kinds
    ]
    names = ("received", "own", "below", "households", "repair", "gone")
    return Stock(lines, Line(None, *(sum(getattr(line, name) for line in lines) for name in names)))


def _received(person: Person) -> Mapping[str, int]:
    """What the ledger brought into the person's units, less what it took out of them, by kind."""
    path = person.unit.path
    arrives = Q(to_unit__path__startswith=path)
    begins = Q(from_unit__isnull=False, from_unit__path__startswith=path)
    summed = (
        StockEntry.objects.visible_to(person)
        .order_by()
        .values_list("device__kind")
        .annotate(
            number=Sum(Case(When(arrives & ~begins, then=1), When(begins & ~arrives, then=-1), default=0))
        )
    )
    return {kind: number for kind, number in summed if number}


FIGURES: Mapping[str, str] = {
    "nhan": "Đã nhận",
    "kho": "Trong kho của đơn vị",
    "kho-duoi": "Trong kho phường, xã",
    "da-giao": "Đã giao cho hộ",
    "sua": "Đang sửa",
    "mat": "Mất, hỏng hẳn",
    "con": "Có trong các kho",
    "giao-theo-ke-hoach": "Đã giao theo kế hoạch năm nay",
}
"""Keys of the figures that open to their devices, with what pages call them."""


def behind(person: Person, figure: str) -> DeviceQuerySet:
    """The devices that a figure of `FIGURES` counts."""
    found = Device.objects.visible_to(person).exclude(place=Place.OUTSIDE)
    if figure == "giao-theo-ke-hoach":
        plan = plan_of(person)
        return found.filter(pk__in=given_for(person, plan).values("device")) if plan else found.none()
    conditions = {
        "nhan": Q(),
        "kho": Q(place=Place.STORE, unit=person.unit),
        "kho-duoi": Q(place=Place.STORE) & ~Q(unit=person.unit),
        "da-giao": Q(place=Place.HOUSEHOLD),
        "sua": Q(place=Place.REPAIR),
        "mat": Q(place=Place.GONE),
        "con": Q(place=Place.STORE),
    }
    return found.filter(conditions[figure])


# ---- enough for the target?


def plan_of(person: Person) -> Plan | None:
    """This year's plan that reaches the person's unit."""
    return Plan.objects.visible_to(person).filter(year=clock.today().year).select_related("issuer").first()


def given_in(plan: Plan, unit: Unit) -> HandOverQuerySet:
    """The hand-overs of a plan in a unit and below it whose household has the device now."""
    there = HandOver.objects.standing().filter(support__plan=plan, device__place=Place.HOUSEHOLD)
    return there.filter(device__unit__path__startswith=unit.path)


def given_for(person: Person, plan: Plan) -> HandOverQuerySet:
    """The same within the person's scope."""
    return given_in(plan, person.unit).visible_to(person)


@dataclass(frozen=True)
class Enough:
    """Whether the devices reach for the target of one indicator: target = given + in stores + promised + missing."""

    indicator: Indicator
    target: int
    given: int
    stored: int
    promised: int
    repair: int
    last_due: date | None
    """The latest day for which what is still promised is due; None when nothing is, or without a day."""

    @property
    def missing(self) -> int:
        """Devices still to be found; negative when there are more than the target asks for."""
        return self.target - self.given - self.stored - self.promised


def enough(person: Person, plan: Plan) -> list[Enough]:
    """One for each indicator of information that devices are for, if the plan sets the person's units a target."""
    targets: Counter[str] = Counter()
    for row in listed_rows(plan.version_on(clock.today())):
        if row.unit.path.startswith(person.unit.path):
            targets.update(row.targets)
    of_devices = Indicator.objects.filter(means__device_kinds__isnull=False).distinct()
    found = []
    for indicator in of_devices:
        of_kind = Device.objects.visible_to(person).filter(kind__means__indicator=indicator)
        open_pledges = [
            pledge
            for pledge in Pledge.objects.visible_to(person)
            .filter(kind__means__indicator=indicator, ended_why="")
            .with_received()
            .select_related("kind")
            if pledge.owed
        ]
        if indicator.pk not in targets:
            continue
        found.append(
            Enough(
                indicator=indicator,
                target=targets[indicator.pk],
                given=given_for(person, plan).filter(support__indicator=indicator).count(),
                stored=of_kind.filter(place=Place.STORE).count(),
                promised=sum(pledge.owed for pledge in open_pledges),
                repair=of_kind.filter(place=Place.REPAIR).count(),
                last_due=max((pledge.due_on for pledge in open_pledges if pledge.due_on), default=None),
            )
        )
    return found


# ---- what households need


@dataclass(frozen=True)
class Need:
    """One unit's need of devices for an indicator; the first three are households."""

    unit: ListedUnit | None
    """None is the sum."""
    lacking: int
    """Poor households that lacked it at the review before the plan's year."""
    served: int
    """Those of them that gained access this year."""
    waiting: int
    stored: int
    """Devices in the unit's store."""

    @property
    def needed(self) -> int:
        """Devices that the unit's waiting households need beyond what its store has."""
        return max(0, self.waiting - self.stored)


@dataclass(frozen=True)
class Needs:
    """The need of the units within a person's scope, and what is left to ask others for."""

    indicator: Indicator
    year: int
    lines: Sequence[Need]
    total: Need
    needed: int
    """The sum of what the units need."""
    own_store: int
    """Devices in the store of the reader's own unit, that it can still give to those below."""
    promised: int

    @property
    def to_ask(self) -> int:
        """Devices to ask the department or a donor for."""
        return max(0, self.needed - self.own_store - self.promised)


def households_in_need(
    person: Person, indicator: Indicator, *, gained: bool | None = None
) -> HouseholdQuerySet:
    """Poor households that lacked the indicator at the last review, each with whether it `gained` access this year.

    All of them, or those that gained, or those that still wait.
    """
    year = clock.today().year
    outcomes = (
        Outcome.objects.filter(plan__year=year, indicator=indicator)
        .standing()
        .annotate(of=Coalesce("household__merged_into", "household"))
        .filter(of=OuterRef("pk"))
    )
    lacking = Household.objects.visible_to(person).listed().lacking(indicator.pk, year - 1)
    if gained is not None:
        lacking = lacking.filter(Exists(outcomes) if gained else ~Exists(outcomes))
    return lacking.annotate(gained=Exists(outcomes))


def needs(person: Person, indicator: Indicator) -> Needs:
    """Counted from households, hand-overs and stores as they are now. Five queries."""
    lacking = households_in_need(person, indicator).order_by()
    columns = [f"unit__{name}" for name in ("id", "code", "kind", "name", "path")]
    counted = {
        ListedUnit(*unit): (whole, served)
        for *unit, whole, served in lacking.values_list(*columns).annotate(
            whole=Count("pk"), served=Count("pk", filter=Q(gained=True))
        )
    }
    of_kind = Device.objects.visible_to(person).filter(kind__means__indicator=indicator)
    stored = dict(of_kind.filter(place=Place.STORE).order_by().values_list("unit").annotate(Count("pk")))
    lines = [
        Need(unit, whole, served, whole - served, stored.get(unit.pk, 0))
        for unit, (whole, served) in sorted(counted.items(), key=lambda item: (item[0].kind, item[0].name))
    ]
    promised = sum(
        pledge.owed
        for pledge in Pledge.objects.visible_to(person)
        .filter(kind__means__indicator=indicator)
        .with_received()
        .select_related("kind")
    )
    own = (
        0
        if person.unit.pk in {line.unit.pk for line in lines if line.unit}
        else stored.get(person.unit.pk, 0)
    )
    total = Need(
        None,
        *(sum(getattr(line, name) for line in lines) for name in ("lacking", "served", "waiting", "stored")),
    )
    return Needs(
        indicator, clock.today().year, lines, total, sum(line.needed for line in lines), own, promised
    )
