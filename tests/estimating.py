"""How often the interval of `tiepcan.verification.estimate` holds the truth, in invented populations visited as the draw says.

`python -m tests.estimating 2000` prints coverage and mean width for many populations, beside those of the normal
approximation; the tests run a short one.
"""

import random
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import sqrt
from statistics import fmean

from tiepcan.verification.estimate import LEVEL, Visits, estimate
from tiepcan.verification.sampling import size

SMALL = [1, 2, 3, 4] * 3
MIXED = [1, 2, 3, 4, 4, 6, 8, 12, 15, 20]
LARGE = [12, 15, 20, 20]
SHAPES: dict[str, Sequence[int]] = {"small": SMALL, "mixed": MIXED, "large": LARGE}
"""The households of each stratum of a population."""
ERRORS = (0.0, 0.02, 0.1, 0.4)


@dataclass(frozen=True)
class Covered:
    """What became of many visits to populations of one kind."""

    times: int
    held: int
    width: float
    """Mean width of the interval, in households."""
    normal_held: int
    normal_width: float

    @property
    def share(self) -> float:
        return self.held / self.times


def visited(chance: random.Random, households: int, wrong: int) -> Visits:
    """One stratum of which so many are wrong, after the visits."""
    drawn = size(households)
    found = sum(chance.sample([1] * wrong + [0] * (households - wrong), drawn))
    return Visits(households, drawn, drawn - found, found)


def normal(strata: Sequence[Visits]) -> tuple[float, float]:
    """The usual interval: the expanded total and 1.96 times its estimated standard error."""
    total = float(sum(Fraction(s.households * s.right, s.drawn) for s in strata))
    variance = 0.0
    for s in strata:
        if s.drawn > 1:
            share = s.right / s.drawn
            variance += s.households * (s.households - s.drawn) * share * (1 - share) / (s.drawn - 1)
    return total - 1.96 * sqrt(variance), total + 1.96 * sqrt(variance)


def coverage(shape: Sequence[int], error: float, times: int, seed: int) -> Covered:
    """Populations whose outcomes are wrong at this rate, each visited once."""
    chance = random.Random(f"{seed} {error} {list(shape)}")
    held, normal_held, widths, normal_widths = 0, 0, [], []
    for _ in range(times):
        wrong = [sum(chance.random() < error for _ in range(n)) for n in shape]
        strata = [visited(chance, n, m) for n, m in zip(shape, wrong, strict=True)]
        right = sum(shape) - sum(wrong)
        told = estimate(strata)
        held += told.lower <= right <= told.upper
        widths.append(told.upper - told.lower)
        low, high = normal(strata)
        normal_held += low <= right <= high
        normal_widths.append(high - low)
    return Covered(times, held, fmean(widths), normal_held, fmean(normal_widths))


def lacking(times: int) -> float:
    """The least coverage that chance allows in so many repeats of a method that holds 95 %: three standard errors."""
    return LEVEL - 3 * sqrt(LEVEL * (1 - LEVEL) / times)


def main() -> None:
    """The long simulation; fails when some coverage lies below 95 % by more than chance."""
    times = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    sys.stdout.write(f"{times} populations a line; widths in households\n")
    sys.stdout.write("strata  households  wrong   coverage  width   normal: coverage  width\n")
    failed = False
    for name, shape in SHAPES.items():
        for error in ERRORS:
            found = coverage(shape, error, times, 1)
            failed |= found.share < lacking(times)
            sys.stdout.write(
                f"{name:<7} {sum(shape):>10} {error:>6.0%} {found.share:>10.1%} {found.width:>6.1f}"
                f" {found.normal_held / times:>17.1%} {found.normal_width:>6.1f}\n"
            )
            sys.stdout.flush()
    if failed:
        raise SystemExit("The interval holds the truth too rarely.")


if __name__ == "__main__":
    main()
