"""Numbers computed from the ledger of outcomes, all in households.

A figure as of a day is the sum of the lines written up to the end of that day: what is recorded later, even of an
earlier event, does not change it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Sum

from tiepcan.plans.models import Plan
from tiepcan.supports.models import Entry
from tiepcan.units.models import Unit


@dataclass(frozen=True)
class Counts:
    """Households of one unit and indicator; those verified are among those recorded."""

    recorded: int = 0
    verified: int = 0


def counts(plan: Plan, as_of: date) -> Mapping[tuple[str, str], Counts]:
    """By (unit, indicator). One query."""
    rows = (
        Entry.objects.filter(outcome__plan=plan, on__lte=as_of)
        .values_list("outcome__unit", "outcome__indicator")
        .annotate(Sum("recorded"), Sum("verified"))
        .order_by()
    )
    return {(unit, indicator): Counts(recorded, verified) for unit, indicator, recorded, verified in rows}


@dataclass(frozen=True)
class Day:
    """Cumulative households at the end of one day."""

    on: date
    recorded: int
    verified: int


def by_day(plan: Plan, within: Unit, as_of: date) -> Mapping[str, Sequence[Day]]:
    """For each indicator, the days on which something was written, with the sums so far. One query."""
    rows = (
        Entry.objects.filter(outcome__plan=plan, outcome__unit__path__startswith=within.path, on__lte=as_of)
        .values_list("outcome__indicator", "on")
        .annotate(Sum("recorded"), Sum("verified"))
        .order_by("on")
    )
    days: dict[str, list[Day]] = {}
    for indicator, on, recorded, verified in rows:
        there = days.setdefault(indicator, [])
        last = there[-1] if there else Day(on, 0, 0)
        there.append(Day(on, last.recorded + recorded, last.verified + verified))
    return days
