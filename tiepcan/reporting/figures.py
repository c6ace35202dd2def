"""Planned against done for a plan as of a day: the one definition of every figure that pages and reports show.

All numbers are households. A target of None is "no target", which is not zero.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from tiepcan.plans.models import Plan, Standing, Version
from tiepcan.plans.queries import UNIT_COLUMNS, ListedUnit, listed_rows
from tiepcan.standards.models import Indicator
from tiepcan.supports.figures import Counts, counts
from tiepcan.supports.models import Kept
from tiepcan.units.models import Unit


@dataclass(frozen=True)
class Cell:
    """One unit and indicator."""

    target: int | None
    recorded: int
    verified: int
    pace: int
    """Whole households due by the day, if the target were met evenly over the plan's time."""

    @property
    def owed(self) -> int:
        """Households of the target that nobody recorded yet."""
        return max(0, (self.target or 0) - self.recorded)

    @property
    def waiting(self) -> int:
        """Households recorded and not verified."""
        return self.recorded - self.verified

    @property
    def behind(self) -> int:
        """Households by which the unit is behind the pace; zero when it keeps it."""
        return max(0, self.pace - self.recorded)

    @property
    def share(self) -> Fraction | None:
        """Recorded to target; None without a target."""
        return Fraction(self.recorded, self.target) if self.target else None


@dataclass(frozen=True)
class Line:
    """One unit with its cells, by indicator."""

    row: int | None
    unit: ListedUnit
    poor_households: int | None
    cells: Mapping[str, Cell]

    @property
    def behind(self) -> int:
        return sum(cell.behind for cell in self.cells.values())


@dataclass(frozen=True)
class Figures:
    """A plan's figures as of the end of a day, by unit and in total."""

    plan: Plan
    stood: Standing
    as_of: date
    indicators: Sequence[Indicator]
    lines: Sequence[Line]
    poor_households: int
    total: Mapping[str, Cell]

    @property
    def version(self) -> Version:
        """The version whose targets stood."""
        return self.stood.version


def figures_of(plan: Plan, as_of: date, *, within: Unit | None = None) -> Figures:
    """The figures with the targets that stood on that day. A fixed number of queries, whatever the size.

    `within` keeps the lines of one unit and those below it, and totals them alone.
    """
    stood = plan.on(as_of)
    indicators = list(Indicator.objects.of_information())
    keys = [indicator.pk for indicator in indicators]
    done = counts(plan, as_of)
    elapsed = _elapsed(stood, as_of)
    lines = [
        Line(row, unit, poor, _cells(unit.pk, keys, targets, done, elapsed))
        for row, poor, unit, targets in listed_rows(stood.version)
    ]
    # A unit that the paper does not list may have helped households all the same: its line has no target.
    listed = {line.unit.pk for line in lines}
    others = Unit.objects.filter(pk__in={unit for unit, _ in done} - listed).order_by("path")
    lines += [
        Line(None, unit, None, _cells(unit.pk, keys, {}, done, elapsed))
        for unit in (ListedUnit(*columns) for columns in others.values_list(*UNIT_COLUMNS))
    ]
    if within:
        lines = [line for line in lines if line.unit.path.startswith(within.path)]
    return Figures(
        plan=plan,
        stood=stood,
        as_of=as_of,
        indicators=indicators,
        lines=lines,
        poor_households=sum(line.poor_households or 0 for line in lines),
        total={i.pk: _total([line.cells[i.pk] for line in lines], elapsed) for i in indicators},
    )


Numbers = Mapping[tuple[str | None, str], int]
"""By unit and indicator; the unit None is the sum over the lines. What is not there is zero."""


@dataclass(frozen=True)
class Present:
    """What only the present knows: no ledger says when a support was written or a file was missing."""

    supported: Numbers
    """Households that were given something, whether it counts or not."""
    unshown: Numbers
    """Outcomes that stand and that no evidence shows."""


def present_of(figures: Figures) -> Present:
    """What stands now, for the lines of figures as of today. One query."""
    units = {line.unit.pk for line in figures.lines}
    kept = Kept.objects.filter(plan=figures.plan).exclude(supported=0, unshown=0)
    found = kept.values_list("unit", "indicator", "supported", "unshown")
    rows = [row for row in found if row[0] in units]
    return Present(
        _summed((unit, i, supported) for unit, i, supported, _ in rows),
        _summed((unit, i, unshown) for unit, i, _, unshown in rows),
    )


def _summed(rows: Iterable[tuple[str, str, int]]) -> Numbers:
    summed: Counter[tuple[str | None, str]] = Counter()
    for unit, indicator, number in rows:
        summed[unit, indicator] = number
        summed[None, indicator] += number
    return summed


def _elapsed(stood: Standing, as_of: date) -> Fraction:
    """The part of the plan's time that has passed at the end of a day, from 0 to 1."""
    begin, end = stood.pace_begins, stood.pace_ends
    if end <= begin:
        return Fraction(1 if as_of >= end else 0)
    return min(Fraction(1), max(Fraction(0), Fraction((as_of - begin).days, (end - begin).days)))


def _cells(
    unit: str,
    indicators: Sequence[str],
    targets: Mapping[str, int],
    done: Mapping[tuple[str, str], Counts],
    elapsed: Fraction,
) -> dict[str, Cell]:
    cells = {}
    for indicator in indicators:
        target, found = targets.get(indicator), done.get((unit, indicator), _NOTHING)
        cells[indicator] = Cell(target, found.recorded, found.verified, _pace(target, elapsed))
    return cells


_NOTHING = Counts()


def _pace(target: int | None, elapsed: Fraction) -> int:
    return (target or 0) * elapsed.numerator // elapsed.denominator


def _total(cells: Iterable[Cell], elapsed: Fraction) -> Cell:
    """The sum of cells; its pace is that of the whole target, since rounding down unit by unit would lose some."""
    cells = list(cells)
    targets = [cell.target for cell in cells if cell.target is not None]
    target = sum(targets) if targets else None
    return Cell(
        target, sum(c.recorded for c in cells), sum(c.verified for c in cells), _pace(target, elapsed)
    )


def plain(figures: Figures) -> dict[str, Any]:
    """The figures as lists and numbers: what the command prints and a report freezes."""

    def cells(of: Mapping[str, Cell]) -> dict[str, Any]:
        return {
            i.pk: {"target": of[i.pk].target, "recorded": of[i.pk].recorded, "verified": of[i.pk].verified}
            for i in figures.indicators
        }

    return {
        "plan": figures.plan.code,
        "year": figures.plan.year,
        "version": {"ordinal": figures.version.ordinal, "paper": figures.version.code},
        "as_of": figures.as_of.isoformat(),
        "units": [
            {
                "row": line.row,
                "unit": line.unit.pk,
                "code": line.unit.code,
                "name": line.unit.full_name,
                "poor_households": line.poor_households,
                **cells(line.cells),
            }
            for line in figures.lines
        ],
        "total": {"poor_households": figures.poor_households, **cells(figures.total)},
    }
