"""Where the filings of a plan's units stand: of each unit for one date, and of each date for lists."""

from collections.abc import Sequence
from dataclasses import dataclass

from tiepcan.accounts.models import Person
from tiepcan.common import clock
from tiepcan.plans.models import Milestone, MilestoneKind, Plan
from tiepcan.reporting.models import Filing, State, Submission
from tiepcan.reporting.models.filings import FILED
from tiepcan.reporting.queries import date_for, extensions_of, submission_for, submissions_of
from tiepcan.reporting.steps import milestone_of
from tiepcan.units.models import Unit


@dataclass(frozen=True)
class Standing:
    """Where one unit's filing for a date stands: the newest, the newest that was handed in, and what it noted of a paper."""

    unit: Unit
    filing: Filing | None
    handed: Filing | None
    submission: Submission | None
    milestone: Milestone | None
    """The date as it stands for the unit, with the time that it was granted."""

    @property
    def state_word(self) -> str:
        if self.filing:
            return str(self.filing.get_state_display())
        return "Nộp bản giấy" if self.submission else "Chưa lập"

    @property
    def is_handed_in(self) -> bool:
        """Whether the date that asks for it is met: by a filing here, or by a paper that was noted."""
        return self.handed is not None or self.submission is not None

    @property
    def days_late(self) -> int:
        """Days since its last day of a unit that has not handed in; 0 for others."""
        if self.is_handed_in or self.milestone is None:
            return 0
        return max(0, -clock.days_until(self.milestone.last_day))


def standing_of(plan: Plan, kind: str, units: Sequence[Unit], *, contents: bool = True) -> list[Standing]:
    """Of each unit, where its filing for a date stands. Three queries, and one for the plan's dates.

    Without `contents` what the filings say is not read: of a province that is most of the time.
    """
    milestone, submissions, extensions = milestone_of(plan, kind), submissions_of(plan), extensions_of(plan)
    newest: dict[str, Filing] = {}
    handed: dict[str, Filing] = {}
    filings = Filing.objects.filter(plan=plan, kind=kind).order_by("ordinal")
    for one in filings if contents else filings.defer("content"):
        newest[one.unit_id] = one
        if one.state in (State.SUBMITTED, State.ACCEPTED):
            handed[one.unit_id] = one
    return [
        Standing(
            unit,
            newest.get(unit.pk),
            handed.get(unit.pk),
            submission_for(submissions, milestone, unit) if milestone else None,
            date_for(milestone, unit, extensions) if milestone else None,
        )
        for unit in units
    ]


def newest_of(plan: Plan, person: Person) -> dict[tuple[str, str], Filing]:
    """The newest filing of each date and unit that the person may open, by kind and unit. One query."""
    filings = Filing.objects.visible_to(person).filter(plan=plan).defer("content").order_by("ordinal")
    return {(one.kind, one.unit_id): one for one in filings}


@dataclass(frozen=True)
class Due:
    """One date of a plan as lists show it: to one unit its own filing, to those above how many were handed in."""

    key: str
    name: str
    milestone: Milestone
    filing: Filing | None
    handed: int
    owing: int
    by_paper: bool
    """Whether the one unit noted a paper instead."""

    @property
    def late(self) -> bool:
        return clock.days_until(self.milestone.last_day) < 0


def dues_of(plan: Plan, owing: Sequence[Unit], alone: Unit | None) -> list[Due]:
    """The dates for which the plan asks its units to file something, each once."""
    found: list[Due] = []
    for milestone in plan.milestones_on(clock.today()):
        kind = MilestoneKind(milestone.kind)
        if kind not in FILED or any(one.key == FILED[kind] for one in found):
            continue
        standings = standing_of(plan, kind, owing, contents=False)
        mine = next((one for one in standings if alone and one.unit.pk == alone.pk), None)
        handed = sum(one.is_handed_in for one in standings)
        found.append(
            Due(
                FILED[kind],
                Filing(plan=plan, kind=kind, unit=alone).name,
                (mine.milestone if mine else None) or milestone,
                mine.filing if mine else None,
                handed,
                len(owing),
                bool(mine and mine.submission and not mine.filing),
            )
        )
    return found
