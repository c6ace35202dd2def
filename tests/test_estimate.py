"""The right outcomes of a whole population, told from a sample: exact limits, and no false certainty."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import product
from math import comb

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.estimating import ERRORS, MIXED, SHAPES, coverage, lacking, normal, visited
from tiepcan.verification import estimate as room
from tiepcan.verification.estimate import Estimate, Method, Visits, estimate


@st.composite
def stratum(draw: st.DrawFn, households: int = 5, drawn: int = 3, unknown: bool = True) -> Visits:
    has = draw(st.integers(1, households))
    taken = draw(st.integers(1, min(has, drawn)))
    right = draw(st.integers(0, taken))
    return Visits(has, taken, right, draw(st.integers(0, taken - right)) if unknown else taken - right)


FEW = settings(max_examples=50, deadline=None)
SMALL = st.lists(stratum(), min_size=1, max_size=4)
LARGER = st.lists(stratum(20), min_size=1, max_size=5)


def limits(strata: Sequence[Visits], **given: int) -> tuple[int, int]:
    told = estimate(strata, **given)
    return told.lower, told.upper


# ---- the limits, beside every allocation there is


def allocations_not_refused(strata: Sequence[Visits], seen: Sequence[int]) -> Iterator[int]:
    """The totals of all allocations that leave what was seen, or less, a chance of at least 2.5 %, in fractions."""
    most = sum(Fraction(s.households * x, s.drawn) for s, x in zip(strata, seen, strict=True))
    possible = [range(x, s.households - s.drawn + x + 1) for s, x in zip(strata, seen, strict=True)]
    for allocation in product(*possible):
        ways: dict[Fraction, int] = {Fraction(0): 1}
        for s, having in zip(strata, allocation, strict=True):
            added: dict[Fraction, int] = {}
            for total, number in ways.items():
                for k in range(s.drawn + 1):
                    reached = total + Fraction(s.households * k, s.drawn)
                    these = comb(having, k) * comb(s.households - having, s.drawn - k)
                    if these and reached <= most:
                        added[reached] = added.get(reached, 0) + number * these
            ways = added
        everything = 1
        for s in strata:
            everything *= comb(s.households, s.drawn)
        if Fraction(sum(ways.values()), everything) >= Fraction(1, 40):
            yield sum(allocation)


def by_brute_force(strata: Sequence[Visits]) -> tuple[int, int]:
    right = max(allocations_not_refused(strata, [s.right + s.unknown for s in strata]))
    wrong = max(allocations_not_refused(strata, [s.wrong + s.unknown for s in strata]))
    return sum(s.households for s in strata) - wrong, right


@settings(max_examples=300, deadline=None)
@given(SMALL)
@example([Visits(40, 1, 1, 0)])  # one of forty: exactly 2.5 %
def test_the_limits_are_those_of_all_allocations(strata):
    assert limits(strata) == by_brute_force(strata)


@pytest.mark.parametrize(
    "strata",
    [
        # The worst allocation is far from proportional, and from where moving single households leads.
        [Visits(5, 2, 2, 0), Visits(12, 3, 0, 3), Visits(9, 2, 2, 0)],
        [Visits(12, 3, 3, 0), Visits(10, 3, 0, 3), Visits(12, 3, 3, 0)],
        [Visits(12, 2, 0, 2), Visits(7, 3, 0, 3), Visits(6, 3, 2, 0)],
        [Visits(12, 3, 0, 3), Visits(3, 1, 1, 0), Visits(9, 3, 3, 0)],
        [Visits(8, 3, 3, 0), Visits(6, 2, 2, 0), Visits(6, 3, 0, 1)],
    ],
)
def test_the_worst_allocation_is_not_overlooked(strata):
    assert limits(strata) == by_brute_force(strata)


def test_a_single_stratum_has_the_textbook_limits():
    # Hypergeometric, 20 households, 3 drawn, all right: P(no wrong among 3 | 13 wrong) = 35/1140 = 3.1 %, 14: 1.8 %.
    assert limits([Visits(20, 3, 3, 0)]) == (7, 20)


@FEW
@given(LARGER)
def test_quicker_ways_lose_width_and_nothing_else(strata):
    exact, bound = limits(strata, certain=10**9), limits(strata, searched=0)
    assert bound[0] <= exact[0] <= exact[1] <= bound[1]
    searched = limits(strata, certain=0)
    assert bound[0] <= searched[0] <= searched[1] <= bound[1]


@pytest.mark.parametrize("error", [0.02, 0.1, 0.3])
def test_a_search_is_cautious_enough(error):
    """Beside limits that are certain, in populations large enough to be searched."""
    chance = random.Random(3)
    for _ in range(8):
        strata = [visited(chance, n, sum(chance.random() < error for _ in range(n))) for n in MIXED * 2]
        certain, searched = limits(strata, certain=10**9), limits(strata, certain=0)
        assert searched[0] <= certain[0] and certain[1] <= searched[1]


# ---- what an interval must never say


@FEW
@given(st.lists(stratum(20, unknown=False), min_size=1, max_size=5))
def test_the_point_lies_in_the_interval_and_the_interval_in_what_was_seen(strata):
    told = estimate(strata)
    assert told.point is not None
    assert told.right <= told.lower <= told.point <= told.upper <= told.households - told.wrong


@given(st.lists(st.integers(1, 9), min_size=1, max_size=9), st.data())
def test_strata_taken_whole_have_no_sampling_error(sizes, data):
    rights = [data.draw(st.integers(0, n)) for n in sizes]
    told = estimate(Visits(n, n, x, n - x) for n, x in zip(sizes, rights, strict=True))
    assert told.lower == told.point == told.upper == sum(rights)
    assert told.method == Method.WHOLE


def test_where_nothing_wrong_was_seen_something_may_still_be():
    strata = [Visits(n, min(n, 3), min(n, 3), 0) for n in MIXED]
    told = estimate(strata)
    assert told.point == told.upper == told.households == sum(MIXED)
    assert told.lower < told.households
    assert normal(strata) == (told.households, told.households)


@FEW
@given(LARGER, st.data())
def test_one_more_right_never_lowers_a_limit(strata, data):
    n = data.draw(st.integers(0, len(strata) - 1))
    if strata[n].wrong:
        better = [*strata]
        better[n] = replace(strata[n], right=strata[n].right + 1, wrong=strata[n].wrong - 1)
        before, after = limits(strata, certain=10**9), limits(better, certain=10**9)
        assert before[0] <= after[0] and before[1] <= after[1]


@FEW
@given(LARGER, st.randoms(use_true_random=False))
def test_the_order_of_the_strata_does_not_matter(strata, chance):
    assert estimate(strata) == estimate(chance.sample(strata, len(strata)))


# ---- those not found


def completions(strata: Sequence[Visits]) -> Iterator[list[Visits]]:
    for found in product(*[range(s.unknown + 1) for s in strata]):
        yield [
            Visits(s.households, s.drawn, s.right + k, s.drawn - s.right - k)
            for s, k in zip(strata, found, strict=True)
        ]


@FEW
@given(st.lists(stratum(8), min_size=1, max_size=4))
def test_the_interval_contains_that_of_any_outcome_of_the_unknown(strata):
    lower, upper = limits(strata)
    all_of_them = [limits(completed) for completed in completions(strata)]
    assert (min(low for low, _ in all_of_them), max(high for _, high in all_of_them)) == (lower, upper)


def test_without_any_known_visit_in_a_stratum_there_is_no_point():
    told = estimate([Visits(9, 3, 3, 0), Visits(4, 3, 0, 0)])
    assert told.point is None
    assert told.unknown == 3


def test_the_known_speak_for_their_stratum():
    assert estimate([Visits(9, 3, 1, 1), Visits(2, 2, 1, 0)]).point == Fraction(9, 2) + 2


def test_nobody_at_all_is_no_error():
    assert estimate([]) == Estimate(0, 0, 0, 0, 0, Fraction(0), 0, 0, Method.WHOLE)


@pytest.mark.parametrize(
    "wrong", [(3, 4, 1, 1), (3, 0, 0, 0), (0, 0, 0, 0), (5, 3, 3, 1), (5, 3, -1, 1), (5, 3, 1, -1)]
)
def test_visits_that_cannot_be_are_refused(wrong):
    with pytest.raises(ValueError, match=r"Không rút được|không thể có"):
        Visits(*wrong)


# ---- how often it holds


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("error", ERRORS)
def test_the_interval_holds_the_truth(shape, error):
    found = coverage(SHAPES[shape], error, 60, 2)
    assert found.share >= lacking(found.times)


def test_the_normal_interval_does_not():
    found = coverage(MIXED, 0.02, 200, 2)
    assert found.normal_held / found.times < 0.8


# ---- sizes of a page, and of a province


def a_population(strata: int, error: float) -> list[Visits]:
    chance = random.Random(7)
    sizes = [chance.randint(1, 20) for _ in range(strata)]
    return [visited(chance, n, sum(chance.random() < error for _ in range(n))) for n in sizes]


@pytest.mark.parametrize(
    ("strata", "error", "method"),
    [
        (70, 0.0, Method.EXACT),
        (70, 0.02, Method.SEARCHED),
        (70, 0.4, Method.SEARCHED),
        (1270, 0.1, Method.BOUND),
    ],
)
def test_the_way_depends_on_the_size_alone(strata, error, method, monkeypatch):
    steps = 0
    once = room._chances

    def counted(*given: int) -> tuple[float, ...]:
        nonlocal steps
        steps += 1
        return once(*given)

    monkeypatch.setattr(room, "_chances", counted)
    told = estimate(a_population(strata, error))
    assert told.method == method
    assert told.lower <= (told.point or 0) <= told.upper
    assert steps < 300_000, "a page would wait"


def test_every_way_says_itself():
    assert len({method.label for method in Method}) == len(Method)
