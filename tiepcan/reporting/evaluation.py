"""A year's results against its targets, and targets proposed for the next year: from what remains and what was managed.

All numbers are households. A proposal says for each unit why; together its units make exactly the total.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from tiepcan.households.queries import lacking_by_unit
from tiepcan.plans.division import CannotDivide, Claim, divide
from tiepcan.plans.models import Plan
from tiepcan.plans.queries import ListedUnit
from tiepcan.reporting.figures import Figures, Line, figures_of, present_of
from tiepcan.reporting.queries import owed_by_unit
from tiepcan.standards.models import Indicator
from tiepcan.units.models import Unit

MORE_THAN_BEFORE = 25
"""Per cent by which a unit may be asked for more than it managed in the year before."""


class Band(StrEnum):
    """Groups of units by what remains, in place of a ranking: within a group the order is the plan's."""

    MET = "met"
    ONE = "one"
    MORE = "more"
    NONE = "none"

    @property
    def label(self) -> str:
        return {
            "met": "Đạt đủ chỉ tiêu",
            "one": "Còn 1 hộ",
            "more": "Còn từ 2 hộ",
            "none": "Không giao chỉ tiêu",
        }[self]


def band_of(target: int | None, done: int) -> Band:
    """A unit's group by its target and the households that were done."""
    if not target:
        return Band.NONE
    remains = max(0, target - done)
    return Band.MET if remains == 0 else Band.ONE if remains == 1 else Band.MORE


def bands(figures: Figures, indicator: str) -> dict[Band, list[Line]]:
    """The units of each group that has any, by what is recorded."""
    found: dict[Band, list[Line]] = {band: [] for band in Band}
    for line in figures.lines:
        cell = line.cells[indicator]
        found[band_of(cell.target, cell.recorded)].append(line)
    return {band: lines for band, lines in found.items() if lines}


@dataclass(frozen=True)
class Remaining:
    """What one unit still owes of one target, and what rows tell of why. Households."""

    line: Line
    indicator: Indicator
    remains: int
    unrecorded: int
    """Were given something, but their access is not recorded."""
    unverified: int
    """Are recorded, and the Labour Office has not verified them."""
    untouched: int
    """Of what remains, those to whom nothing was given yet."""


def remaining(figures: Figures) -> list[Remaining]:
    """Each unit and target that is not met, in the plan's order, with what its rows tell. Today's supports."""
    supported = present_of(figures).supported
    found = []
    for line in figures.lines:
        for indicator in figures.indicators:
            cell = line.cells[indicator.pk]
            if not cell.owed:
                continue
            given = max(0, supported.get((line.unit.pk, indicator.pk), 0) - cell.recorded)
            found.append(
                Remaining(
                    line,
                    indicator,
                    cell.owed,
                    given,
                    cell.recorded - cell.verified,
                    max(0, cell.owed - given),
                )
            )
    return found


@dataclass(frozen=True)
class Proposal:
    """What is proposed to one unit for one indicator, beside the other way and what it rests on."""

    unit: ListedUnit
    target: int | None
    done: int
    remains: int
    """Of the year's target."""
    need: int
    """Poor households that lack the service by the review at the year's end (or the one before it, until there is one)."""
    cap: int
    """The most that is proposed: the need, and no more than was managed with a quarter on top."""
    proposed: int
    other: int
    """By the number of poor households alone."""
    reason: str

    @property
    def target_number(self) -> int:
        """For sums: no target adds nothing."""
        return self.target or 0


@dataclass(frozen=True)
class Proposed:
    """The proposal of one indicator: `lines` add up to `total`, both ways."""

    indicator: Indicator
    total: int
    review: int
    """The year of the review that the need was counted from."""
    lines: Sequence[Proposal]


def propose(plan: Plan, as_of: date, totals: Mapping[str, int] | None = None) -> list[Proposed]:
    """Targets for the year after the plan's, by indicator. Raises CannotDivide when a total given cannot be divided.

    Without a total the proposal is what need and strength allow together.
    """
    figures = figures_of(plan, as_of)
    units = list(Unit.objects.filter(pk__in=[line.unit.pk for line in figures.lines]))
    return [
        _of(figures, indicator, units, (totals or {}).get(indicator.pk)) for indicator in figures.indicators
    ]


def _of(figures: Figures, indicator: Indicator, units: Sequence[Unit], total: int | None) -> Proposed:
    year = figures.plan.year
    review, needs = year, lacking_by_unit(units, indicator.pk, year)
    if not needs:  # the year's own review is not there yet: who lacked before it and has not gained access
        review, needs = year - 1, owed_by_unit(figures.plan, indicator.pk, figures.as_of)
    rows = []
    for line in figures.lines:
        cell = line.cells[indicator.pk]
        need = needs.get(line.unit.pk, 0)
        rows.append((line, cell.target, cell.recorded, need, _cap(need, cell.recorded, cell.owed)))
    if total is None:
        total = sum(cap for *_, cap in rows)
    claims = [Claim(line.unit.full_name, need, floor=0, cap=cap) for line, _target, _done, need, cap in rows]
    shares = divide(total, claims) if total else []
    poor = [Claim(line.unit.full_name, line.poor_households or 0) for line, *_ in rows]
    others = divide(total, poor) if total and any(claim.weight for claim in poor) else []
    lines = []
    for n, (line, target, done, need, cap) in enumerate(rows):
        proposed = shares[n].households if shares else 0
        remains = max(0, (target or 0) - done)
        lines.append(
            Proposal(
                unit=line.unit,
                target=target,
                done=done,
                remains=remains,
                need=need,
                cap=cap,
                proposed=proposed,
                other=others[n].households if others else 0,
                reason=_reason(need, done, remains, cap, proposed),
            )
        )
    return Proposed(indicator, total, review, lines)


def _cap(need: int, done: int, remains: int) -> int:
    """Never more than is needed; and no more than was managed with a quarter on top, or what remains, or one household."""
    return min(need, max(_strength(done), remains, 1))


def _strength(done: int) -> int:
    return -(-done * (100 + MORE_THAN_BEFORE) // 100)


def _reason(need: int, done: int, remains: int, cap: int, proposed: int) -> str:
    if not need:
        return "không còn hộ nghèo thiếu hụt"
    parts = []
    if carried := min(remains, proposed):
        parts.append(f"{carried} hộ năm trước chưa làm được chuyển sang")
    if proposed == need:
        parts.append(f"đủ cả {need} hộ đang thiếu hụt")
    elif proposed == cap == _strength(done):
        parts.append(f"nhu cầu {need} hộ, giữ ở sức đã làm ({done} hộ) cộng {MORE_THAN_BEFORE}%")
    else:
        parts.append(f"theo tỷ lệ nhu cầu {need} hộ")
    return "; ".join(parts)


__all__ = ["Band", "CannotDivide", "Proposal", "Proposed", "band_of", "bands", "propose", "remaining"]
