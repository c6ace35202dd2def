"""Figures of months and subscriptions, each computed from rows and with the rows behind it."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Q, Sum

from tiepcan.accounts.models import Person
from tiepcan.standards.models import Scheme, Service
from tiepcan.telecom.models import Line, LineQuerySet, LineState, Month, Subscription


@dataclass(frozen=True)
class Counts:
    """What came of a list's rows (households): the four parts add up to what was asked."""

    provided: int
    refused: int
    unmatched: int
    wrong: int
    amount: int
    """Đồng."""

    @property
    def asked(self) -> int:
        return self.provided + self.refused + self.unmatched + self.wrong

    @property
    def waiting(self) -> int:
        return self.unmatched + self.wrong


def counts_of(lines: LineQuerySet) -> Counts:
    """The sums of these rows."""
    of = {state: Count("pk", filter=Q(state=state)) for state in LineState.values}
    found = lines.order_by().aggregate(**of, amount=Sum("amount", default=0))
    return Counts(**found)


def months_of(person: Person) -> list[tuple[Month, Counts]]:
    """The months that the person may see, newest first, each with its counts."""
    months = Month.objects.visible_to(person).select_related("operator", "unit").with_counts()
    months = months.order_by("-month", "operator__name")  # counting drops the order of the model
    return [
        (one, Counts(one.n_provided, one.n_refused, one.n_unmatched, one.n_wrong, one.n_amount))
        for one in months
    ]


@dataclass(frozen=True)
class Money:
    """The households of one service and rate: `rate` and `total` are đồng."""

    service: str
    rate: int
    households: int
    scheme: Scheme | None

    @property
    def name(self) -> str:
        return str(Service(self.service).label)

    @property
    def total(self) -> int:
        return self.rate * self.households


def money_of(month: Month) -> list[Money]:
    """What the month costs, by service and rate."""
    provided = month.lines.in_state(LineState.PROVIDED).order_by()
    grouped = provided.values("service", "amount", "scheme").annotate(n=Count("pk"))
    schemes = Scheme.objects.in_bulk([row["scheme"] for row in grouped if row["scheme"]])
    order = list(Service.values)
    return sorted(
        (Money(row["service"], row["amount"], row["n"], schemes.get(row["scheme"])) for row in grouped),
        key=lambda one: (order.index(one.service), -one.rate),
    )


def month_before(month: Month) -> Month | None:
    """The operator's month before this one, of which there is a list."""
    return Month.objects.filter(operator=month.operator, month__lt=month.month).order_by("-month").first()


def new_since(month: Month, before: Month) -> LineQuerySet:
    """Rows of households that were provided for in this month and not in the one before."""
    had = Line.objects.filter(month=before, state=LineState.PROVIDED).values("household")
    return month.lines.in_state(LineState.PROVIDED).exclude(household__in=had)


def gone_since(month: Month, before: Month) -> LineQuerySet:
    """Rows of the month before whose households this month's list does not provide for."""
    have = Line.objects.filter(month=month, state=LineState.PROVIDED).values("household")
    return before.lines.in_state(LineState.PROVIDED).exclude(household__in=have)


_STATES = {
    "cung-cap": LineState.PROVIDED,
    "tu-choi": LineState.REFUSED,
    "chua-khop": LineState.UNMATCHED,
    "o-sai": LineState.WRONG,
}


def behind(month: Month, figure: str) -> LineQuerySet:
    """The rows that a figure of the month counts, by its name in addresses; "de-nghi" is all of them."""
    if figure in _STATES:
        return month.lines.in_state(_STATES[figure])
    before = month_before(month)
    if figure in ("moi", "thoi"):
        return (new_since if figure == "moi" else gone_since)(month, before) if before else month.lines.none()
    return month.lines.all()


def running(person: Person) -> Sequence[tuple[str, int]]:
    """Subscriptions that go on, by service, of those that the person may see: (label, households)."""
    found = dict(
        Subscription.objects.visible_to(person)
        .running()
        .order_by()
        .values_list("service")
        .annotate(n=Count("pk"))
    )
    return [(str(service.label), found.get(service, 0)) for service in Service]
