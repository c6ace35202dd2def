"""Numbers computed from the ledger of outcomes and the supports, all in households.

A figure as of a day is the sum of the lines written up to the end of that day: what is recorded later, even of an
earlier event, does not change it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.db.models import Sum

from tiepcan.plans.models import Plan
from tiepcan.supports.models import Entry, Kept
from tiepcan.units.models import Unit


@dataclass(frozen=True)
class Counts:
    """Households of one unit and indicator; those verified are among those recorded."""

    recorded: int = 0
    verified: int = 0


_AS_OF = """
SELECT k.unit_id, k.indicator_id, k.recorded - coalesce(later.recorded, 0), k.verified - coalesce(later.verified, 0)
FROM supports_kept k LEFT JOIN (
  SELECT o.unit_id, o.indicator_id, sum(e.recorded) AS recorded, sum(e.verified) AS verified
  FROM supports_entry e JOIN supports_outcome o ON o.id = e.outcome_id
  WHERE e.on > %(day)s AND o.plan_id = %(plan)s GROUP BY 1, 2
) AS later ON later.unit_id = k.unit_id AND later.indicator_id = k.indicator_id
WHERE k.plan_id = %(plan)s
"""


def counts(plan: Plan, as_of: date) -> Mapping[tuple[str, str], Counts]:
    """By (unit, indicator). One query: what is kept now, less the lines of later days.

    In one statement, so that a line written meanwhile is in both parts or in neither.
    """
    with connection.cursor() as cursor:
        cursor.execute(_AS_OF, {"plan": plan.pk, "day": as_of})
        return {
            (unit, indicator): Counts(recorded, verified)
            for unit, indicator, recorded, verified in cursor.fetchall()
        }


def supported(plan: Plan) -> Mapping[tuple[str, str], int]:
    """Households that got something for an indicator, whether it counts or not, by (unit, indicator). As of now."""
    kept = Kept.objects.filter(plan=plan).exclude(supported=0)
    return {(unit, i): n for unit, i, n in kept.values_list("unit", "indicator", "supported")}


Standing = tuple[int, int, int]
"""Households supported, recorded, verified."""

_RECOMPUTED = """
SELECT plan_id, unit_id, indicator_id, sum(supported)::int, sum(recorded)::int, sum(verified)::int FROM (
  SELECT o.plan_id, o.unit_id, o.indicator_id, 0 AS supported, sum(e.recorded) AS recorded, sum(e.verified) AS verified
  FROM supports_entry e JOIN supports_outcome o ON o.id = e.outcome_id GROUP BY 1, 2, 3
  UNION ALL
  SELECT plan_id, unit_id, indicator_id, count(DISTINCT household_id), 0, 0
  FROM supports_support WHERE standing AND plan_id IS NOT NULL GROUP BY 1, 2, 3
) AS rows GROUP BY 1, 2, 3
"""


def recomputed() -> Mapping[tuple[int, str, str], Standing]:
    """What `Kept` must hold, made anew from the ledger and the supports, by (plan, unit, indicator); zeros left out."""
    return _standing(_RECOMPUTED)


def kept() -> Mapping[tuple[int, str, str], Standing]:
    """What is kept, in the same form."""
    return _standing(
        "SELECT plan_id, unit_id, indicator_id, supported, recorded, verified FROM supports_kept"
    )


def hold() -> None:
    """Let nobody change what is counted until the transaction under way ends: who writes a line waits at its figure."""
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE supports_kept IN EXCLUSIVE MODE")


def keep_anew() -> None:
    """Write what `recomputed` says in the place of what is kept, within the transaction that holds it."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM supports_kept")
        cursor.execute(
            "INSERT INTO supports_kept (plan_id, unit_id, indicator_id, supported, recorded, verified) "
            + _RECOMPUTED
        )


def _standing(sql: str) -> Mapping[tuple[int, str, str], Standing]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return {
            (plan, unit, i): (given, recorded, verified)
            for plan, unit, i, given, recorded, verified in cursor.fetchall()
            if given or recorded or verified
        }


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
