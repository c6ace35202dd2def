"""Writing lines of the ledger of outcomes: the one place that does, within the act of whoever calls."""

from django.db import connection

from tiepcan.accounts.console import Doer
from tiepcan.common import clock
from tiepcan.common.refusals import NotAllowed
from tiepcan.supports import workflow
from tiepcan.supports.models import ENDED, Entry, EntryKind, Outcome


def write_line(
    outcome: Outcome, kind: EntryKind, by: Doer, *, reason: str = "", recorded: int = 0, verified: int = 0
) -> None:
    """Add a line of today to an outcome; the kept figures follow by themselves."""
    Entry.objects.create(
        outcome=outcome,
        kind=kind,
        on=clock.today(),
        at=clock.now(),
        recorded=recorded,
        verified=verified,
        reason=reason,
        by_name=by.full_name,
        organisation=by.organisation_name,
    )


_HOLD = """
INSERT INTO supports_kept (plan_id, unit_id, indicator_id, supported, unshown, recorded, verified)
VALUES (%s, %s, %s, 0, 0, 0, 0)
ON CONFLICT (plan_id, unit_id, indicator_id) DO UPDATE SET recorded = 0 WHERE false
"""


def hold(*figures: tuple[int, str, str]) -> None:
    """Let nobody change these kept figures of (plan, unit, indicator) until the act ends, its households among them.

    Whoever changes what a figure counts holds the figure first, several in one order: who took an outcome or a support
    before would wait for the figure, while another, who has it, waits for that row.
    """
    with connection.cursor() as cursor:
        for figure in sorted(set(figures)):
            cursor.execute(_HOLD, figure)


def take(step: workflow.Step, outcome: Outcome, *, by: Doer, reason: str = "") -> Outcome:
    """Take a step with an outcome, after those that others may be taking at this moment; what it adds follows from it.

    An outcome that ends counts no more, and the supports that were written with it fall. Raises NotAllowed.
    """
    hold((outcome.plan_id, outcome.unit_id, outcome.indicator_id))
    locked = Outcome.objects.select_for_update(of=("self",)).select_related("unit").get(pk=outcome.pk)
    if problem := workflow.why_not(step, locked, by):
        raise NotAllowed(problem)
    ends = step.end in ENDED
    was_verified = locked.state == EntryKind.VERIFIED
    write_line(
        locked,
        step.end,
        by,
        reason=reason,
        recorded=-1 if ends else 0,
        verified=1 if step.end == EntryKind.VERIFIED else -1 if was_verified else 0,
    )
    if ends:
        Outcome.objects.filter(pk=locked.pk).update(standing=False)
    if step.end == EntryKind.WITHDRAWN:
        locked.supports.filter(with_outcome=True).update(standing=False)
    return locked
