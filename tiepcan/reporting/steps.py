"""How a step is taken with a filing: under its lock, by whoever the table lets, bound to what was seen, and written down."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from tiepcan.accounts.console import Doer
from tiepcan.common import clock
from tiepcan.common.refusals import NotAllowed
from tiepcan.plans.models import Milestone, Plan
from tiepcan.reporting.models import Filing, State, Step
from tiepcan.reporting.workflow import WAYS, Act, why_not


class Changed(NotAllowed):
    """What somebody decides on, or writes over, is not what they saw."""


def milestone_of(plan: Plan, kind: str) -> Milestone | None:
    """The plan's date that asks for this kind of filing, by the papers that stand today."""
    return next((one for one in plan.milestones_on(clock.today()) if one.kind == kind), None)


def allowed(filing: Filing, what: Act, by: Doer, seen: str | None = None) -> Filing:
    """The filing under its lock. Raises NotAllowed, or Changed when `seen` is not the digest of what is there."""
    found = Filing.objects.select_for_update(of=("self",), no_key=True)
    current = found.select_related("plan__issuer__parent", "unit__parent").get(pk=filing.pk)
    if problem := why_not(what, current, by):
        raise NotAllowed(problem)
    if seen is not None and seen != current.digest:
        raise Changed(
            f"{current.noun.capitalize()} đã thay đổi sau khi anh/chị mở trang này. Đọc lại bản hiện tại rồi quyết định."
        )
    return current


def moved(current: Filing, what: Act, by: Doer, **told: Any) -> Filing:
    """The filing after the step, in the state to which the table leads."""
    to = WAYS[what].to
    assert to is not None
    if to == State.DRAFT and _came_back(current):
        to = State.RETURNED  # what was asked for is still asked for
    current.state = to
    current.save()
    record(current, what, by, **told)
    return current


def _came_back(filing: Filing) -> bool:
    last = filing.steps.filter(act__in=[Act.SUBMIT, Act.RETURN]).last()
    return last is not None and last.act == Act.RETURN


def proposed_at(filing: Filing) -> datetime | None:
    """When a filing was last put before its leader; its paper keeps the wording of that moment."""
    last = filing.steps.filter(act=Act.PROPOSE).last()
    return last.at if last else None


def record(filing: Filing, what: Act, by: Doer, **told: Any) -> None:
    """Write down that the step was taken, by whom and when."""
    Step.objects.create(
        filing=filing,
        act=what,
        state=filing.state,
        at=clock.now(),
        by_name=by.full_name,
        position=by.position,
        organisation=by.organisation_name,
        digest=filing.digest,
        **told,
    )


def marks_of(filing: Filing) -> dict[str, str]:
    """The headings or lines of a filing that came back, each with what is asked of it."""
    if filing.state != State.RETURNED:
        return {}
    last = filing.steps.filter(act=Act.RETURN).last()
    return dict(last.marks) if last else {}


def writable(filing: Filing, keys: Iterable[str]) -> set[str]:
    """What may be written, of these headings or lines: all of a draft, and of a filing that came back the marked ones."""
    if not filing.is_being_written:
        return set()
    return set(marks_of(filing)) or set(keys)
