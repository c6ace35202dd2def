"""Reads of a plan that join several tables."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from tiepcan.accounts.models import Person
from tiepcan.accounts.roles import May
from tiepcan.plans.models import AppendixRow, Duty, DutyReport, Milestone, Plan, Target, Version
from tiepcan.standards.models import Indicator
from tiepcan.units.models import Unit
from tiepcan.units.register import Kind

_KINDS = {kind.value: kind.label for kind in Kind}


@dataclass(frozen=True)
class TableRow:
    """One unit's line of a version, in households; a target of None is "no target"."""

    row: int
    unit: Unit
    printed_name: str
    poor_households: int | None
    targets: Mapping[str, int | None]


@dataclass(frozen=True)
class Table:
    """The table of targets by unit of one version, with its sums."""

    rows: list[TableRow]
    poor_households: int
    totals: Mapping[str, int]


def table_of(version: Version, indicators: Sequence[Indicator]) -> Table:
    """Two queries, whatever the size."""
    rows = [
        _row(row, indicators)
        for row in AppendixRow.objects.filter(version=version)
        .select_related("unit")
        .prefetch_related("targets")
    ]
    return Table(
        rows,
        sum(row.poor_households or 0 for row in rows),
        {i.pk: sum(row.targets[i.pk] or 0 for row in rows) for i in indicators},
    )


def _row(row: AppendixRow, indicators: Sequence[Indicator]) -> TableRow:
    targets = row.targets_by_indicator
    return TableRow(
        row.row,
        row.unit,
        row.printed_name,
        row.poor_households,
        {i.pk: targets.get(i.pk) for i in indicators},
    )


class ListedUnit(NamedTuple):
    """A unit as far as a line of figures needs it; whole rows would be the slowest part of a long table."""

    pk: str
    code: str
    kind: str
    name: str
    path: str

    @property
    def full_name(self) -> str:
        return f"{_KINDS[self.kind]} {self.name}"


UNIT_COLUMNS = ("id", "code", "kind", "name", "path")


class ListedRow(NamedTuple):
    """One unit's line of a version, in households, for long tables."""

    row: int
    poor_households: int | None
    unit: ListedUnit
    targets: Mapping[str, int]
    """An indicator without a target has no entry."""


def listed_rows(version: Version) -> list[ListedRow]:
    """Two queries, whatever the size."""
    targets: dict[int, dict[str, int]] = {}
    for row, indicator, households in Target.objects.filter(row__version=version).values_list(
        "row", "indicator", "households"
    ):
        targets.setdefault(row, {})[indicator] = households
    columns = (f"unit__{column}" for column in UNIT_COLUMNS)
    rows = AppendixRow.objects.filter(version=version).values_list("pk", "row", "poor_households", *columns)
    return [ListedRow(row, poor, ListedUnit(*unit), targets.get(key, {})) for key, row, poor, *unit in rows]


@dataclass
class DutyLine:
    """One duty with its dates and what was done for it, as far as the person may see."""

    duty: Duty
    milestones: list[Milestone]
    reports: list[DutyReport] = field(default_factory=list)


@dataclass
class Organisation:
    """The duties that the plan gives to one kind of organisation, under the plan's own heading."""

    name: str
    kind: str
    is_seen: bool
    """Whether the person sees what all of it did: their own kind, or anybody's within the plan's whole area."""
    may_report: bool
    lines: list[DutyLine] = field(default_factory=list)

    @property
    def done(self) -> int:
        """Duties for which something was done."""
        return sum(bool(line.reports) for line in self.lines)


class Counted(NamedTuple):
    """What was done for the duties of one kind of organisation, counted from rows."""

    said: str
    url: str
    """Where these rows stand; empty when the person may not open them, or there are none."""


def duties_of(plan: Plan, person: Person) -> list[Organisation]:
    """The plan's duties by organisation in the plan's order. Three queries."""
    reports: dict[int, list[DutyReport]] = {}
    for report in (
        DutyReport.objects.visible_to(person).filter(duty__version__plan=plan).select_related("unit")
    ):
        reports.setdefault(report.duty_id, []).append(report)
    organisations: dict[str, Organisation] = {}
    covers, may_report = person.covers(plan.issuer), person.may(May.REPORT_DUTIES)
    for duty in Duty.objects.filter(version__plan=plan).prefetch_related("milestones"):
        own = duty.kind in ("", person.organisation.kind)
        there = organisations.setdefault(
            duty.organisation,
            Organisation(
                duty.organisation,
                duty.kind,
                is_seen=covers or own,
                may_report=may_report and (own or (covers and person.may(May.OPEN_PLANS))),
            ),
        )
        there.lines.append(DutyLine(duty, list(duty.milestones.all()), reports.get(duty.pk, [])))
    return list(organisations.values())


def duties_done(plan: Plan, as_of: date) -> list[tuple[str, list[DutyReport]]]:
    """What was done for the plan's duties by the end of a day, under the plan's own headings. One query."""
    done: dict[str, list[DutyReport]] = {}
    found = DutyReport.objects.filter(duty__version__plan=plan, done_on__lte=as_of).select_related("duty")
    for report in found.order_by("duty__version__ordinal", "duty__order", "done_on", "pk"):
        done.setdefault(report.duty.organisation, []).append(report)
    return list(done.items())
