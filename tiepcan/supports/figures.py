"""Numbers computed from the ledger of outcomes and the supports, all in households, from what is kept of them.

A figure as of a day is the sum of the lines written up to the end of that day: what is recorded later, even of an
earlier event, does not change it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.db.models import Sum

from tiepcan.plans.models import Plan
from tiepcan.supports.keeping import KEYS
from tiepcan.supports.models import KeptDay
from tiepcan.units.models import Unit


@dataclass(frozen=True)
class Counts:
    """Households of one unit and indicator; those verified are among those recorded."""

    recorded: int = 0
    verified: int = 0


_AS_OF = """
SELECT k.unit_id, k.indicator_id, k.recorded - coalesce(later.recorded, 0), k.verified - coalesce(later.verified, 0)
FROM supports_kept k LEFT JOIN (
  SELECT unit_id, indicator_id, sum(recorded) AS recorded, sum(verified) AS verified
  FROM supports_keptday WHERE plan_id = %(plan)s AND "on" > %(day)s GROUP BY 1, 2
) AS later ON later.unit_id = k.unit_id AND later.indicator_id = k.indicator_id
WHERE k.plan_id = %(plan)s
"""


def counts(plan: Plan, as_of: date) -> Mapping[tuple[str, str], Counts]:
    """By (unit, indicator). One query: what is kept now, less what is kept of later days.

    In one statement, so that a line written meanwhile is in both parts or in neither.
    """
    with connection.cursor() as cursor:
        cursor.execute(_AS_OF, {"plan": plan.pk, "day": as_of})
        return {
            (unit, indicator): Counts(recorded, verified)
            for unit, indicator, recorded, verified in cursor.fetchall()
        }


Key = tuple[int, str, str, date | None]
"""Plan, unit, indicator; and the day of what one day added, None for what stands now."""

_UNSHOWN = """
  NOT EXISTS (SELECT FROM supports_evidence e WHERE e.outcome_id = o.id) AND NOT EXISTS (
    SELECT FROM supports_support s JOIN supports_evidence e ON e.support_id = s.id WHERE s.outcome_id = o.id
  )
"""
_LINES = "FROM supports_entry e JOIN supports_outcome o ON o.id = e.outcome_id"
_NOW = f"""
SELECT {KEYS}, sum(supported)::int, sum(unshown)::int, sum(recorded)::int, sum(verified)::int FROM (
  SELECT o.plan_id, o.unit_id, o.indicator_id, 0 AS supported, 0 AS unshown,
    sum(e.recorded) AS recorded, sum(e.verified) AS verified {_LINES} GROUP BY 1, 2, 3
  UNION ALL
  SELECT {KEYS}, count(DISTINCT household_id), 0, 0, 0
  FROM supports_support WHERE standing AND plan_id IS NOT NULL GROUP BY 1, 2, 3
  UNION ALL
  SELECT {KEYS}, 0, count(*), 0, 0 FROM supports_outcome o WHERE standing AND {_UNSHOWN} GROUP BY 1, 2, 3
) AS rows GROUP BY 1, 2, 3
"""
_DAYS = f"""
SELECT o.plan_id, o.unit_id, o.indicator_id, e."on", sum(e.recorded)::int, sum(e.verified)::int {_LINES}
GROUP BY 1, 2, 3, 4
"""


def recomputed() -> Mapping[Key, tuple[int, ...]]:
    """What is to be kept, made anew from the ledger, the supports and the files; zeros left out.

    Now: households supported, outcomes without evidence, households recorded, verified. Of a day: recorded, verified.
    """
    return _numbers(_NOW, _DAYS)


def kept() -> Mapping[Key, tuple[int, ...]]:
    """What is kept, in the same form."""
    return _numbers(
        f"SELECT {KEYS}, supported, unshown, recorded, verified FROM supports_kept",
        f'SELECT {KEYS}, "on", recorded, verified FROM supports_keptday',
    )


def hold() -> None:
    """Let nobody change what is counted until the transaction under way ends: who writes a line waits at its figure."""
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE supports_kept IN EXCLUSIVE MODE")


def keep_anew() -> None:
    """Write what `recomputed` says in the place of what is kept, within the transaction that holds it."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM supports_kept")
        cursor.execute("DELETE FROM supports_keptday")
        cursor.execute(f"INSERT INTO supports_kept ({KEYS}, supported, unshown, recorded, verified) {_NOW}")
        cursor.execute(
            f'INSERT INTO supports_keptday ({KEYS}, "on", recorded, verified) {_DAYS} '
            "HAVING sum(e.recorded) <> 0 OR sum(e.verified) <> 0"
        )


def _numbers(now: str, days: str) -> Mapping[Key, tuple[int, ...]]:
    found: dict[Key, tuple[int, ...]] = {}
    with connection.cursor() as cursor:
        cursor.execute(now)
        found |= {(plan, unit, i, None): tuple(rest) for plan, unit, i, *rest in cursor.fetchall()}
        cursor.execute(days)
        found |= {(plan, unit, i, day): tuple(rest) for plan, unit, i, day, *rest in cursor.fetchall()}
    return {key: numbers for key, numbers in found.items() if any(numbers)}


@dataclass(frozen=True)
class Day:
    """Cumulative households at the end of one day."""

    on: date
    recorded: int
    verified: int


def by_day(plan: Plan, within: Unit, as_of: date) -> Mapping[str, Sequence[Day]]:
    """For each indicator, the days on which a figure changed, with the sums so far. One query."""
    rows = (
        KeptDay.objects.filter(plan=plan, unit__path__startswith=within.path, on__lte=as_of)
        .values_list("indicator", "on")
        .annotate(Sum("recorded"), Sum("verified"))
        .order_by("on")
    )
    days: dict[str, list[Day]] = {}
    for indicator, on, recorded, verified in rows:
        there = days.setdefault(indicator, [])
        last = there[-1] if there else Day(on, 0, 0)
        there.append(Day(on, last.recorded + recorded, last.verified + verified))
    return days
