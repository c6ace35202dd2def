"""Who handed in what, who is late, and the households behind a figure."""

from collections import Counter
from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, TypeVar

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from tiepcan.accounts.models import Person
from tiepcan.common import clock
from tiepcan.households.models import Household
from tiepcan.households.models.household import HouseholdQuerySet
from tiepcan.households.queries import lacking_by_unit
from tiepcan.plans.models import Duty, Milestone, MilestoneKind, Plan
from tiepcan.plans.queries import ListedUnit
from tiepcan.reporting.figures import Figures, Line
from tiepcan.reporting.models import Extension, Submission
from tiepcan.standards.models import Indicator
from tiepcan.supports.models import Outcome, OutcomeQuerySet, Support, SupportQuerySet
from tiepcan.units.models import Unit


def units_of(plan: Plan, within: Unit | None = None) -> list[Unit]:
    """The units that the plan lists today, in its order; of those, `within` keeps one unit and those below it. One query."""
    rows = plan.version_on(clock.today()).rows.select_related("unit")
    return [row.unit for row in rows if within is None or within.covers(row.unit)]


SubmissionKey = tuple[str, int | None, str]
Handed = TypeVar("Handed")


def _key(milestone: Milestone, unit: str) -> SubmissionKey:
    """What a submission answers: a later paper may move a date, and what was handed in for it still counts."""
    return (milestone.kind, None if milestone.is_for_units else milestone.pk, unit)


def submissions_of(plan: Plan) -> dict[SubmissionKey, Submission]:
    """Everything handed in for a plan. One query."""
    found = Submission.objects.filter(milestone__version__plan=plan).select_related("milestone", "unit")
    return {_key(submission.milestone, submission.unit_id): submission for submission in found}


def extensions_of(plan: Plan) -> dict[SubmissionKey, Extension]:
    """All extensions of a plan's dates. One query."""
    found = Extension.objects.filter(milestone__version__plan=plan).select_related("milestone")
    return {_key(extension.milestone, extension.unit_id): extension for extension in found}


def extension_for(
    extensions: Mapping[SubmissionKey, Extension], milestone: Milestone, unit: Unit | ListedUnit
) -> Extension | None:
    """The time that the unit was granted beyond the date as it stands, if any."""
    found = extensions.get(_key(milestone, unit.pk))
    return found if found and found.until > milestone.last_day else None


def date_for(
    milestone: Milestone, unit: Unit | ListedUnit, extensions: Mapping[SubmissionKey, Extension]
) -> Milestone:
    """The date as it stands for one unit: the plan's, or later by what the unit was granted."""
    if (found := extension_for(extensions, milestone, unit)) is None:
        return milestone
    own = copy(milestone)
    own.due_before = found.until + timedelta(days=1)
    return own


def days_late(submission: Submission, extensions: Mapping[SubmissionKey, Extension]) -> int:
    """How many days after the last day something came; 0 in time. A date counts as it stood for what was handed in."""
    own = date_for(submission.milestone, submission.unit, extensions)
    return max(0, (submission.handed_in_on - own.last_day).days)


@dataclass(frozen=True)
class Status:
    """Where one unit stands with one date of the plan."""

    unit: Unit
    milestone: Milestone
    """As it stands for the unit, with the time that it was granted."""
    submission: Submission | None
    extension: Extension | None
    days_late: int
    """Of what was handed in, or until today of what is still owed; 0 in time."""


def status_of(
    milestone: Milestone,
    unit: Unit,
    submissions: Mapping[SubmissionKey, Submission],
    extensions: Mapping[SubmissionKey, Extension],
) -> Status:
    """Where one unit stands with one date, today."""
    own, found = date_for(milestone, unit, extensions), submission_for(submissions, milestone, unit)
    late = days_late(found, extensions) if found else max(0, -clock.days_until(own.last_day))
    return Status(unit, own, found, extension_for(extensions, milestone, unit), late)


def duties_without_a_day(plan: Plan) -> list[Duty]:
    """Duties that the plan asks for "theo định kỳ" or "hằng năm" and sets no day for: what a coordinator may want to set."""
    again = Q(text__icontains="định kỳ") | Q(text__icontains="hằng quý") | Q(text__icontains="hằng tháng")
    return list(Duty.objects.filter(again, version__plan=plan, milestones=None))


def days_handed_in(plan: Plan, as_of: date | None = None) -> dict[SubmissionKey, date]:
    """The day of everything handed in for a plan, by the end of a day, for long tables. One query."""
    handed = Submission.objects.filter(milestone__version__plan=plan)
    if as_of:
        handed = handed.filter(handed_in_on__lte=as_of)
    found = handed.values_list("milestone__kind", "milestone", "unit", "handed_in_on")
    return {
        (kind, None if kind != MilestoneKind.OTHER else milestone, unit): on
        for kind, milestone, unit, on in found
    }


def submission_for(
    submissions: Mapping[SubmissionKey, Handed], milestone: Milestone, unit: Unit | ListedUnit
) -> Handed | None:
    """What the unit handed in for the date, if anything; for a date that a later paper moved, too."""
    return submissions.get(_key(milestone, unit.pk))


def handed_in(
    plan: Plan, submissions: Mapping[SubmissionKey, object] | None = None
) -> dict[int, tuple[int, int]]:
    """Of each date that units owe, how many handed in and how many owe it."""
    handed = days_handed_in(plan) if submissions is None else submissions
    stood = plan.on(clock.today())
    units = list(stood.version.rows.values_list("unit", flat=True))
    return {
        milestone.pk: (sum(_key(milestone, unit) in handed for unit in units), len(units))
        for milestone in stood.milestones
        if milestone.is_for_units
    }


def lacking(plan: Plan, indicator: Indicator) -> dict[str, int]:
    """Poor households of each of the plan's units that lacked the indicator at its outset."""
    return lacking_by_unit(units_of(plan), indicator.pk, plan.year - 1)


@dataclass(frozen=True)
class Late:
    """One unit and what it is late with: households behind the pace by indicator, and dates that passed."""

    line: Line
    behind: Mapping[str, int]
    missed: list[Milestone]


def late_units(
    figures: Figures,
    milestones: list[Milestone],
    submissions: Mapping[SubmissionKey, object],
    extensions: Mapping[SubmissionKey, Extension],
) -> list[Late]:
    """The plan's units that are late with something, those that miss most first."""
    owed = [m for m in milestones if m.is_for_units]
    late = []
    for line in figures.lines:
        if line.row is None:
            continue
        behind = {i: cell.behind for i, cell in line.cells.items() if cell.behind}
        open_dates = [
            date_for(m, line.unit, extensions) for m in owed if _key(m, line.unit.pk) not in submissions
        ]
        missed = [m for m in open_dates if m.last_day < figures.as_of]
        if behind or missed:
            late.append(Late(line, behind, missed))
    return sorted(late, key=lambda one: (-len(one.missed), -sum(one.behind.values()), one.line.row or 0))


def outcomes_behind(
    person: Person, plan: Plan, indicator: str, figure: str, as_of: date, unit: Unit | None = None
) -> OutcomeQuerySet:
    """The outcomes that a figure ("recorded" or "verified") counts, within the person's scope."""
    found = Outcome.objects.visible_to(person).filter(plan=plan, indicator=indicator, entries__on__lte=as_of)
    if unit:
        found = found.filter(unit=unit)
    total: Any = Sum(f"entries__{figure}")
    return found.annotate(counted=total).filter(counted=1)


UNNAMED_SOURCE = "Chưa ghi nguồn"


def by_source(plan: Plan, unit: Unit, as_of: date) -> list[tuple[str, str, int]]:
    """(indicator, source, households) of a unit's recorded outcomes by the end of a day; together they are what is recorded.

    The source is that of the support that led to the outcome, of several the first.
    """
    first = Support.objects.filter(outcome=OuterRef("pk")).order_by("began_on", "pk")
    total: Any = Sum("entries__recorded")
    outcomes = (
        Outcome.objects.filter(plan=plan, unit=unit, entries__on__lte=as_of)
        .annotate(counted=total, source=Subquery(first.values("source__name")[:1]))
        .filter(counted=1)
        .values_list("indicator", "source")
    )
    counted = Counter((indicator, source or UNNAMED_SOURCE) for indicator, source in outcomes)
    return sorted((indicator, source, number) for (indicator, source), number in counted.items())


def outcomes_unshown(person: Person, plan: Plan, indicator: str, unit: Unit | None = None) -> OutcomeQuerySet:
    """The outcomes that stand now and that no evidence shows, within the person's scope."""
    found = Outcome.objects.visible_to(person).filter(plan=plan, indicator=indicator)
    return (found.filter(unit=unit) if unit else found).standing().without_evidence()


def supports_behind(person: Person, plan: Plan, indicator: str, unit: Unit | None = None) -> SupportQuerySet:
    """What was given for an indicator within a plan and scope; of each household in a unit the figure counts one."""
    found = Support.objects.visible_to(person).filter(plan=plan, indicator=indicator)
    return (found.filter(unit=unit) if unit else found).standing()


def households_owed(
    person: Person, plan: Plan, indicator: str, as_of: date, unit: Unit | None = None
) -> QuerySet[Household]:
    """Poor households within the person's scope that lack the indicator and had not gained access by the end of the day."""
    owed = _owed(Household.objects.visible_to(person), plan, indicator, as_of)
    return owed.filter(unit=unit) if unit else owed


def owed_by_unit(plan: Plan, indicator: str, as_of: date) -> dict[str, int]:
    """The same households of the whole plan, counted by unit. One query."""
    owed = _owed(Household.objects.all(), plan, indicator, as_of)
    return dict(owed.order_by().values_list("unit").annotate(Count("pk")))


def _owed(households: HouseholdQuerySet, plan: Plan, indicator: str, as_of: date) -> HouseholdQuerySet:
    waiting = households.lacking(indicator, plan.year - 1).filter(unit__path__startswith=plan.issuer.path)
    recorded = (
        Outcome.objects.filter(plan=plan, indicator=indicator, entries__on__lte=as_of)
        .annotate(counted=Sum("entries__recorded"))
        .filter(counted=1)
        .values(of=Coalesce("household__merged_into", "household"))
    )
    return waiting.exclude(pk__in=recorded)
