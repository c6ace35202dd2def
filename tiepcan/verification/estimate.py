"""How many outcomes of the whole population are right, told from the visits to a sample of them.

`estimate` gives a number and a two-sided interval that holds with at least 95 %, whatever the outcomes are: simple
random sampling without replacement in each stratum, strata independent of each other.

The method inverts a test of the total, maximised over how it may be spread over the strata (J. P. Wendell and
J. Schmee, Exact inference for proportions from a stratified finite population, Journal of the American Statistical
Association, 1996, doi 10.1080/01621459.1996.10476950). With M the right outcomes of each
stratum, N its households and n those drawn, the drawn right ones X are hypergeometric, and the expanded total is the
sum of X N / n. A total T is in the interval if, for each side, some M with that sum, which the visits do not
contradict, leaves what was seen or more to that side a chance of at least 2.5 %.

The normal approximation is no substitute: where no fault was seen it claims to know everything.
"""

import sys
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise
from math import comb, exp, fsum, gcd, lcm, log
from operator import mul

LEVEL = 0.95
EACH_SIDE = 0.025
"""The chance that the true total lies beyond one limit: at most this."""
UNKNOWN_RULE = (
    "Hộ chưa thăm hoặc không gặp được tính là sai ở cận dưới và là đúng ở cận trên; "
    "vì vậy khoảng tin cậy vẫn đúng dù sau này kết quả của các hộ đó thế nào."
)
_ROUNDING = 1e-9
"""A chance that misses 2.5 % by rounding alone counts as reached: the interval may become wider, never narrower."""
_LEAST = EACH_SIDE * (1 - _ROUNDING)
_CAUTIOUS = 0.02
"""What a search asks of a worst allocation that it may have missed by a household or two."""
_BRANCHES = 1_000
"""Branches tried for one total; if they do not settle it, the total stays in the interval."""
_CERTAIN = 8_000_000
"""Steps of branch and bound's table, each a few multiplications; above, the worst allocation is searched for."""
_SEARCHED = 1_000_000
"""Strata times points of one exact distribution; above, the limits are Chernoff's bound."""


class Method(StrEnum):
    """How the limits were found."""

    WHOLE = "whole"
    EXACT = "exact"
    SEARCHED = "searched"
    BOUND = "bound"

    @property
    def label(self) -> str:
        return {
            "whole": "Mọi tầng đều được lấy hết nên không có sai số chọn mẫu.",
            "exact": (
                "Khoảng tin cậy 95% chính xác theo phân phối siêu bội của mẫu phân tầng, "
                "lấy cách phân bố bất lợi nhất giữa các tầng; trường hợp nào chưa xét hết được thì giữ trong khoảng."
            ),
            "searched": (
                "Khoảng tin cậy 95% theo phân phối siêu bội của mẫu phân tầng, lấy cách phân bố bất lợi nhất "
                "tìm được giữa các tầng; mỗi phía lấy mức 2% thay cho 2,5% để bù phần có thể chưa tìm hết."
            ),
            "bound": (
                "Số tầng quá lớn để tính chính xác; hai cận lấy theo chặn Chernoff, "
                "rộng hơn khoảng chính xác và vẫn bảo đảm ít nhất 95%."
            ),
        }[self.value]


@dataclass(frozen=True, slots=True)
class Visits:
    """One stratum: its households, how many were drawn, and how many of those were found right and wrong.

    Those drawn and neither right nor wrong were not found or not yet visited.
    """

    households: int
    drawn: int
    right: int
    wrong: int

    def __post_init__(self) -> None:
        if not 1 <= self.drawn <= self.households:
            raise ValueError(f"Không rút được {self.drawn} hộ trong tầng có {self.households} hộ.")
        if self.right < 0 or self.wrong < 0 or self.right + self.wrong > self.drawn:
            raise ValueError(
                f"Tầng rút {self.drawn} hộ không thể có {self.right} hộ đúng và {self.wrong} hộ sai."
            )

    @property
    def unknown(self) -> int:
        return self.drawn - self.right - self.wrong


@dataclass(frozen=True, slots=True)
class Estimate:
    """The right outcomes of the whole population, in households."""

    households: int
    drawn: int
    right: int
    wrong: int
    unknown: int
    """Drawn, but not found or not yet visited."""
    point: Fraction | None
    """The expanded total; None while some stratum has no visited household to speak for it."""
    lower: int
    upper: int
    method: Method


def estimate(strata: Iterable[Visits], *, certain: int = _CERTAIN, searched: int = _SEARCHED) -> Estimate:
    """The total of right outcomes with its 95 % interval.

    Unknown ones count as wrong for the lower limit and as right for the upper one, so the interval contains what
    it would be for any outcome of theirs. In the point estimate each stratum's known visits stand for the whole.

    `method` says how the limits were found, which the sizes decide and never the clock: EXACT and BOUND are proven,
    the worst allocation of SEARCHED is the best that was found, with 2 % asked of it in place of 2.5 %. `certain` and
    `searched` say up to what size each is worth its time.
    """
    strata = sorted(strata, key=lambda s: (s.households, s.drawn, s.right, s.wrong))
    households = sum(s.households for s in strata)
    sampled = any(s.drawn < s.households for s in strata)
    # Right ones at most, and wrong ones at most: one question asked from its two sides.
    right, one = _most([_Cell(s.households, s.drawn, s.right + s.unknown) for s in strata], certain, searched)
    wrong, other = _most(
        [_Cell(s.households, s.drawn, s.wrong + s.unknown) for s in strata], certain, searched
    )
    return Estimate(
        households=households,
        drawn=sum(s.drawn for s in strata),
        right=sum(s.right for s in strata),
        wrong=sum(s.wrong for s in strata),
        unknown=sum(s.unknown for s in strata),
        point=_point(strata),
        lower=households - wrong,
        upper=right,
        method=max(one, other, key=list(Method).index) if sampled else Method.WHOLE,
    )


def _point(strata: Sequence[Visits]) -> Fraction | None:
    if any(s.unknown == s.drawn for s in strata):
        return None
    return sum((Fraction(s.households * s.right, s.right + s.wrong) for s in strata), Fraction(0))


# The largest total of a property that the sample allows.
#
# `seen` of `drawn` had it. An allocation says for each stratum how many of its households have it, and is possible
# from `seen` to `households - drawn + seen`: below and above, the sample contradicts it. The chance that the expanded
# total is as low as it was falls as any stratum gets one more, so the limit is where its maximum over all allocations
# of a total falls below 2.5 %.


@dataclass(frozen=True, slots=True)
class _Cell:
    """One stratum as one side sees it."""

    households: int
    drawn: int
    seen: int

    @property
    def most(self) -> int:
        return self.households - self.drawn + self.seen


def _most(cells: Sequence[_Cell], certain: int, searched: int) -> tuple[int, Method]:
    """The largest total that is not refused, and how it was found."""
    whole = sum(cell.seen for cell in cells if cell.drawn == cell.households)
    open_cells = [cell for cell in cells if cell.drawn < cell.households]
    if all(cell.seen == cell.drawn for cell in open_cells):
        return whole + sum(cell.most for cell in open_cells), Method.EXACT
    tail = _Tail(open_cells)
    bound, orders = _bounds(open_cells)
    if tail.cost > searched:
        return whole + bound, Method.BOUND
    extra = bound - sum(cell.seen for cell in open_cells)
    rooms = sum(min(cell.most - cell.seen, extra) + 1 for cell in open_cells)
    if (tail.limit + 1) * extra * rooms > certain:
        return whole + _along(tail, orders, bound, _CAUTIOUS), Method.SEARCHED
    return whole + _certain(tail, _along(tail, orders, bound, _LEAST), bound), Method.EXACT


@lru_cache(maxsize=4096)
def _chances(households: int, having: int, drawn: int) -> tuple[float, ...]:
    """The hypergeometric chances of 0, 1, … `drawn` having it among the drawn."""
    ways = comb(households, drawn)
    return tuple(comb(having, k) * comb(households - having, drawn - k) / ways for k in range(drawn + 1))


# Chernoff's bound: P(S <= t) <= exp(a t) E exp(-a S) for every a > 0. The expectation is a product over the strata,
# and each factor is log-concave in the stratum's allocation: with s = exp(-a N/n), the sum over M of
# comb(N, M) E(s**X | M) z**M is (1 + s z)**n (1 + z)**(N - n), whose roots are real, and Newton's inequalities hold.
# So the worst allocation of every total is reached by always giving the next household where it costs least.


def _bounds(cells: Sequence[_Cell]) -> tuple[int, list[list[int]]]:
    """The least of Chernoff's limits, and for each steepness the order in which households are given to cells."""
    orders, limits = [], {}
    for power in range(-14, 11):
        steepness = 2 ** (power / 2)
        limits[steepness], order = _chernoff(cells, steepness)
        orders.append(order)
    best = min(limits, key=lambda a: limits[a])
    for finer in range(-5, 6):
        limit, _ = _chernoff(cells, best * 2 ** (finer / 10))
        limits[best] = min(limits[best], limit)
    return limits[best], orders


def _chernoff(cells: Sequence[_Cell], steepness: float) -> tuple[int, list[int]]:
    marginals: list[tuple[float, int]] = []
    level = 0.0
    of_kind: dict[_Cell, list[float]] = {}
    for n, cell in enumerate(cells):
        steps = of_kind.get(cell)
        if steps is None:
            weight = steepness * cell.households / cell.drawn
            logs = [_log_moment(cell, m, weight) for m in range(cell.seen, cell.most + 1)]
            # Equal costs stay equal on every machine.
            steps = of_kind[cell] = [
                logs[0],
                *(round(b - a, 11) for a, b in pairwise(logs)),
            ]
        level += steps[0]
        marginals += [(-step, n) for step in steps[1:]]
    marginals.sort()
    total = sum(cell.seen for cell in cells)
    for cost, _ in marginals:
        level -= cost
        if level < log(EACH_SIDE) - _ROUNDING * (1 + len(marginals)):
            break
        total += 1
    return total, [n for _, n in marginals]


def _log_moment(cell: _Cell, having: int, weight: float) -> float:
    """log E exp(weight (seen - X)), with the largest power taken out: it would overflow."""
    chances = _chances(cell.households, having, cell.drawn)
    least = next(k for k, chance in enumerate(chances) if chance)
    powers = (chance * exp(weight * (least - k)) for k, chance in enumerate(chances[least:], least))
    return log(sum(powers)) + weight * (cell.seen - least)


class _Tail:
    """The chance that the expanded total is as low as it was, for any allocation.

    Expanded totals are whole multiples of 1 / lcm of the draws. Counted is the side that has fewer of these points
    below it: those that have the property, or those that have it not. A distribution is one large whole number, with
    128 bits for each point: Python multiplies it by a chance in one operation.
    """

    def __init__(self, cells: Sequence[_Cell]) -> None:
        self.cells = cells
        unit = lcm(*(cell.drawn for cell in cells))
        weights = [cell.households * unit // cell.drawn for cell in cells]
        step = gcd(*weights)
        self.weights = [weight // step for weight in weights]
        seen = sum(weight * cell.seen for weight, cell in zip(self.weights, cells, strict=True))
        unseen = sum(
            weight * (cell.drawn - cell.seen) for weight, cell in zip(self.weights, cells, strict=True)
        )
        self.complement = unseen <= seen
        self.limit = unseen - 1 if self.complement else seen
        self.cost = (self.limit + 1) * len(cells)
        self._mask = int.from_bytes(_KEPT * (self.limit + 1), "little")
        self._known: dict[tuple[int, ...], float] = {}

    def row(self, n: int, having: int) -> tuple[float, ...]:
        cell = self.cells[n]
        row = _chances(cell.households, having, cell.drawn)
        return row[::-1] if self.complement else row

    def chance(self, allocation: Sequence[int]) -> float:
        """The chance of this allocation."""
        key = tuple(allocation)
        if key not in self._known:
            points = _SURE
            for n, having in enumerate(allocation):
                points = self._added(points, n, having)
            self._known[key] = self.told(fsum(_listed(points)))
        return self._known[key]

    def told(self, below: float) -> float:
        return 1 - below if self.complement else below

    def _added(self, points: int, n: int, having: int) -> int:
        """The distribution with one more cell, cut off at the limit."""
        row = self.row(n, having)
        if row[0] == 1:
            return points
        shift, added = 128 * self.weights[n], 0
        for k, chance in enumerate(row):
            if chance:
                added += (points * int(chance * 2**60)) << (shift * k)
        return (added >> 60) & self._mask


_SURE = 1 << 62
"""The distribution of nothing: the sum is 0, and one is 2 ** 62."""
_KEPT = (2**68 - 1).to_bytes(16, "little")


def _listed(points: int) -> list[float]:
    """A distribution as numbers, one for each point from 0 on."""
    words = array("Q", points.to_bytes(16 * (points.bit_length() // 128 + 1), sys.byteorder))
    chances = words[::2] if sys.byteorder == "little" else words[::-2]
    return [chance / 2**62 for chance in chances]


# The worst allocation for the exact chance. The orders of Chernoff's bound come close to it. Where strata are few or
# faults are rare, what they find is then made certain by branch and bound.


def _along(tail: _Tail, orders: Sequence[Sequence[int]], bound: int, wanted: float) -> int:
    """The largest total at which some order of giving households keeps the chance wanted."""
    least = [cell.seen for cell in tail.cells]
    total = sum(least)
    for order in orders:
        low, high = total, bound
        while low < high:
            # Most orders come no further than the best so far: asked first.
            middle = low + 1 if low == total > sum(least) else (low + high + 1) // 2
            allocation = list(least)
            for n in order[: middle - sum(least)]:
                allocation[n] += 1
            if tail.chance(allocation) >= wanted:
                low = middle
            else:
                high = middle - 1
        total = max(total, low)
    return total


class _Branches:
    """Whether any allocation of a total keeps the chance wanted, by branch and bound.

    The bound of what a set of cells can do is what an opponent could who sets them one after the other, knowing what
    was drawn in those before: `self.bounds[h][extra][s]` is the best chance that the first h cells stay at or below
    s with so many households more than their least. It misses the true worst chance by little.
    """

    def __init__(self, tail: _Tail, extra: int) -> None:
        self.tail = tail
        self.better = min if tail.complement else max
        self.bounds: list[list[list[float] | None]] = [[[1.0] * (tail.limit + 1), *([None] * extra)]]
        for n in range(len(tail.cells)):
            self.bounds.append([self._best(n, total) for total in range(extra + 1)])
        self.left = 0

    def _best(self, n: int, extra: int) -> list[float] | None:
        found: list[float] | None = None
        for given in range(min(self._room(n), extra) + 1):
            others = self.bounds[n][extra - given]
            if others is not None:
                points = self._added(others, n, given)
                found = points if found is None else list(map(self.better, found, points))
        return found

    def _room(self, n: int) -> int:
        cell = self.tail.cells[n]
        return cell.most - cell.seen

    def _added(self, points: list[float], n: int, given: int) -> list[float]:
        """The points, of a distribution or of sums of one, with one more cell."""
        row, weight = self.tail.row(n, self.tail.cells[n].seen + given), self.tail.weights[n]
        if row[0] == 1:
            return points
        shifted = [[0.0] * (weight * k) + points for k in range(1, len(row))]
        if len(row) == 4:
            p, q, r, s = row
            return [p * a + q * b + r * c + s * d for a, b, c, d in zip(points, *shifted, strict=False)]
        if len(row) == 3:
            p, q, r = row
            return [p * a + q * b + r * c for a, b, c in zip(points, *shifted, strict=False)]
        return [sum(map(mul, row, several)) for several in zip(points, *shifted, strict=False)]

    def reach(self, extra: int) -> bool:
        """Whether so many households above the least may keep it; "yes" also if the branches became too many."""
        self.left = _BRANCHES
        return self._reach([1.0] + [0.0] * self.tail.limit, len(self.tail.cells), extra)

    def _reach(self, points: list[float], n: int, extra: int) -> bool:
        """Whether the first n cells can, if the others have this distribution."""
        if n == 0:
            return True  # its bound was its chance
        choices = []
        for given in range(min(self._room(n - 1), extra) + 1):
            others = self.bounds[n - 1][extra - given]
            if others is None:
                continue
            more = self._added(points, n - 1, given)
            chance = self.tail.told(sum(map(mul, more, reversed(others))))
            if chance >= _LEAST:
                choices.append((chance, given, more))
        choices.sort(reverse=True)
        for _, given, more in choices:
            self.left -= 1
            if self.left < 0 or self._reach(more, n - 1, extra - given):
                return True
        return False


def _certain(tail: _Tail, total: int, bound: int) -> int:
    """The largest total that is not refused, from one that is not."""
    least = sum(cell.seen for cell in tail.cells)
    branches = _Branches(tail, bound - least)
    while total < bound and branches.reach(total + 1 - least):
        total += 1
    return total
