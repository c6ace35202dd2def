"""The demonstration's rounds of verification: one under way, and one whose seed is announced."""

import random
import uuid
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, datetime, time, timedelta

from tiepcan.accounts.models import Person
from tiepcan.common import clock
from tiepcan.plans.models import Plan
from tiepcan.supports.models import EntryKind
from tiepcan.verification import actions
from tiepcan.verification.models import Finding, Round, Sampled

MAY, HALF_YEAR = date(2019, 5, 31), date(2019, 6, 14)
_CHECKS = (["asked"], ["asked", "seen_working"], ["seen_notice"], ["seen_working", "seen_notice"])


def tell(plan: Plan, verifier: Person, chance: random.Random, key: Callable[[], uuid.UUID]) -> None:
    """What was verified is visited and right, what was returned is not right; the ledger gains no line by it."""
    found = _announced(
        plan,
        verifier,
        key(),
        "Đợt xác minh tháng 5 năm 2019",
        MAY,
        date(2019, 6, 21),
        date(2019, 5, 24),
        "60973",
    )
    with _at(date(2019, 6, 3)):
        actions.draw_sample(found=found, by=verifier)
    drawn = found.sample.drawn().select_related("round__plan", "unit", "outcome__unit")
    lost = 0
    for n, sampled in enumerate(drawn):
        day = date(2019, 6, 4) + timedelta(n % 7)
        match sampled.outcome.state:
            case EntryKind.VERIFIED:
                _visited(sampled, verifier, key(), day, Finding.AGREES, checks=chance.choice(_CHECKS))
            case EntryKind.RETURNED:
                reason = sampled.outcome.entries.filter(kind=EntryKind.RETURNED).latest("id").reason
                _visited(sampled, verifier, key(), day, Finding.DISAGREES, checks=["asked"], reason=reason)
            case _ if lost < 2:
                lost += 1
                for again in range(2 if lost == 1 else 1):
                    _visited(sampled, verifier, key(), day + timedelta(again), Finding.NOT_FOUND)
    _announced(
        plan,
        verifier,
        key(),
        "Đợt xác minh 6 tháng đầu năm 2019",
        HALF_YEAR,
        date(2019, 6, 28),
        date(2019, 6, 7),
        "48215",
    )


def _announced(
    plan: Plan, by: Person, key: uuid.UUID, name: str, as_of: date, ends_on: date, on: date, prize: str
) -> Round:
    with _at(on):
        return actions.announce(
            id=key,
            plan=plan,
            name=name,
            as_of=as_of,
            ends_on=ends_on,
            seed=f"KH{plan.number}-{as_of:%Y-%m-%d}|xo-so-mien-Bac-{on:%d/%m/%Y}|{prize}",
            seed_origin=f"5 số cuối giải đặc biệt xổ số miền Bắc kỳ {on:%d/%m/%Y} (số giả định).",
            by=by,
        )


def _visited(
    sampled: Sampled,
    by: Person,
    key: uuid.UUID,
    day: date,
    finding: Finding,
    *,
    checks: list[str] | None = None,
    reason: str = "",
) -> None:
    with _at(day):
        actions.visit(
            id=key,
            sampled=sampled,
            visited_on=day,
            finding=finding,
            checks=checks or [],
            reason=reason,
            by=by,
        )


def _at(day: date) -> AbstractContextManager[None]:
    return clock.set_to(datetime.combine(day, time(16, 30), clock.VIETNAM))
