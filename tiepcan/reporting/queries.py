"""Who handed in what, who is late, and the households behind a figure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet, Sum

from tiepcan.accounts.models import Person
from tiepcan.common import clock
from tiepcan.households.models import Household
from tiepcan.households.queries import lacking_by_unit
from tiepcan.plans.models import Milestone, Plan
from tiepcan.reporting.figures import Figures, Line
from tiepcan.reporting.models import Submission
from tiepcan.standards.models import Indicator
from tiepcan.supports.models import Outcome
from tiepcan.units.models import Unit

SubmissionKey = tuple[str, int | None, str]


def _key(milestone: Milestone, unit: str) -> SubmissionKey:
    """What a submission answers: a later paper may move a date, and what was handed in for it still counts."""
    return (milestone.kind, None if milestone.is_for_units else milestone.pk, unit)


def submissions_of(plan: Plan) -> dict[SubmissionKey, Submission]:
    """Everything handed in for a plan. One query."""
    found = Submission.objects.filter(milestone__version__plan=plan).select_related("milestone", "unit")
    return {_key(submission.milestone, submission.unit_id): submission for submission in found}


def submission_for(
    submissions: Mapping[SubmissionKey, Submission], milestone: Milestone, unit: Unit
) -> Submission | None:
    return submissions.get(_key(milestone, unit.pk))


def handed_in(plan: Plan) -> dict[int, tuple[int, int]]:
    """Of each date that units owe, how many handed in and how many owe it."""
    submissions = submissions_of(plan)
    today = clock.today()
    units = [row.unit for row in plan.version_on(today).rows.select_related("unit")]
    return {
        milestone.pk: (sum(_key(milestone, unit.pk) in submissions for unit in units), len(units))
        for milestone in plan.milestones_on(today)
        if milestone.is_for_units
    }


def lacking(plan: Plan, indicator: Indicator) -> dict[str, int]:
    """Poor households of each of the plan's units that lacked the indicator at its outset."""
    units = [row.unit for row in plan.version_on(clock.today()).rows.select_related("unit")]
    return lacking_by_unit(units, indicator.pk, plan.year - 1)


@dataclass(frozen=True)
class Late:
    """One unit and what it is late with: households behind the pace by indicator, and dates that passed."""

    line: Line
    behind: Mapping[str, int]
    missed: list[Milestone]


def late_units(
    figures: Figures, milestones: list[Milestone], submissions: Mapping[SubmissionKey, Submission]
) -> list[Late]:
    """The plan's units that are late with something, those that miss most first."""
    passed = [m for m in milestones if m.is_for_units and m.last_day < figures.as_of]
    late = []
    for line in figures.lines:
        if line.row is None:
            continue
        behind = {i: cell.behind for i, cell in line.cells.items() if cell.behind}
        missed = [m for m in passed if _key(m, line.unit.pk) not in submissions]
        if behind or missed:
            late.append(Late(line, behind, missed))
    return sorted(late, key=lambda one: (-len(one.missed), -sum(one.behind.values()), one.line.row or 0))


def outcomes_behind(
    person: Person, plan: Plan, indicator: str, figure: str, as_of: date, unit: Unit | None = None
) -> QuerySet[Outcome]:
    """The outcomes that a figure ("recorded" or "verified") counts, within the person's scope."""
    found = Outcome.objects.visible_to(person).filter(plan=plan, indicator=indicator, entries__on__lte=as_of)
    if unit:
        found = found.filter(unit=unit)
    total: Any = Sum(f"entries__{figure}")
    return found.annotate(counted=total).filter(counted=1)


def households_owed(
    person: Person, plan: Plan, indicator: str, as_of: date, unit: Unit | None = None
) -> QuerySet[Household]:
    """Poor households that lack the indicator and had not gained access by the end of the day."""
    waiting = Household.objects.visible_to(person).lacking(indicator, plan.year - 1)
    waiting = waiting.filter(unit__path__startswith=plan.issuer.path)
    if unit:
        waiting = waiting.filter(unit=unit)
    recorded = (
        Outcome.objects.filter(plan=plan, indicator=indicator, entries__on__lte=as_of)
        .annotate(counted=Sum("entries__recorded"))
        .filter(counted=1)
        .values("household")
    )
    return waiting.exclude(pk__in=recorded)
