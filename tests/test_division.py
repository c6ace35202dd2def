"""Dividing a total over units: the sum is exact, bounds hold, and every share says why."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tiepcan.plans.division import CannotDivide, Claim, Method, divide

METHODS = st.sampled_from(Method)


@st.composite
def possible_divisions(draw: st.DrawFn) -> tuple[int, list[Claim]]:
    """Any total with claims that can meet it."""
    claims = []
    for n in range(draw(st.integers(1, 40))):
        weight = draw(st.integers(0, 500))
        floor = draw(st.integers(0, 5))
        cap = draw(st.none() | st.integers(floor, floor + 60))
        claims.append(Claim(f"đơn vị {n}", weight, floor, cap))
    least = sum(claim.floor for claim in claims)
    most = sum(
        claim.floor if not claim.weight else 500 if claim.cap is None else claim.cap for claim in claims
    )
    return draw(st.integers(least, max(least, most))), claims


@given(possible_divisions(), METHODS)
def test_the_shares_add_up_and_keep_floors_and_caps(division, method):
    total, claims = division
    shares = divide(total, claims, method)
    assert sum(share.households for share in shares) == total
    for claim, share in zip(claims, shares, strict=True):
        assert share.unit == claim.unit
        assert share.households >= claim.floor
        assert claim.cap is None or share.households <= claim.cap
        assert claim.weight or share.households == claim.floor
        assert share.reason


@given(st.lists(st.integers(1, 300), min_size=1, max_size=40), st.integers(0, 2000))
def test_without_bounds_largest_remainder_stays_within_one_of_the_quota(weights, total):
    for share in divide(total, [Claim(str(n), weight) for n, weight in enumerate(weights)]):
        assert abs(share.households - share.quota) < 1


@given(st.lists(st.integers(1, 300), min_size=1, max_size=30), st.integers(0, 400), METHODS)
def test_more_households_never_get_a_smaller_share(weights, total, method):
    shares = divide(total, [Claim(str(n), weight) for n, weight in enumerate(weights)], method)
    for a, first in zip(weights, shares, strict=True):
        for b, second in zip(weights, shares, strict=True):
            assert a <= b or first.households >= second.households


@given(st.lists(st.integers(1, 200), min_size=2, max_size=15), st.integers(0, 150))
def test_sainte_lague_leaves_no_unit_to_envy_another(weights, total):
    """The last household of any unit stood on a quotient at least as high as the next of any other."""
    shares = divide(total, [Claim(str(n), w) for n, w in enumerate(weights)], Method.SAINTE_LAGUE)
    last = [w / (2 * s.households - 1) for w, s in zip(weights, shares, strict=True) if s.households]
    following = [w / (2 * s.households + 1) for w, s in zip(weights, shares, strict=True)]
    assert not last or min(last) >= max(following) - 1e-9


def test_a_hand_worked_example_of_largest_remainder():
    # 10 over 5, 3, 1: quotas 5.56, 3.33, 1.11: whole parts 5, 3, 1, and the one left goes to .56.
    shares = divide(10, [Claim("A", 5), Claim("B", 3), Claim("C", 1)])
    assert [share.households for share in shares] == [6, 3, 1]
    assert shares[0].reason == "5/9 hộ, theo tỷ lệ là 5,56; số dư lớn nên được thêm 1"


def test_a_cap_hands_its_surplus_to_the_others_by_weight():
    shares = divide(12, [Claim("A", 10, cap=4), Claim("B", 1), Claim("C", 1)])
    assert [share.households for share in shares] == [4, 4, 4]
    assert shares[0].reason.endswith("giữ ở mức trần 4 hộ")


@pytest.mark.parametrize(
    ("total", "claims", "sentence"),
    [
        (3, [Claim("A", 1, floor=2), Claim("B", 1, floor=2)], "nhiều hơn tổng 3 hộ"),
        (9, [Claim("A", 4, cap=4), Claim("B", 4, cap=4)], "tối đa 8 hộ, ít hơn tổng 9 hộ"),
        (1, [Claim("A", 0), Claim("B", 0)], "tối đa 0 hộ"),
        (1, [], "Chưa chọn đơn vị"),
        (-1, [Claim("A", 1)], "không thể âm"),
        (5, [Claim("A", 9, floor=4, cap=3)], "mức sàn 4 hộ lớn hơn mức trần 3 hộ"),
    ],
)
def test_what_cannot_be_divided_is_refused_with_a_reason(total, claims, sentence):
    with pytest.raises(CannotDivide, match=sentence):
        divide(total, claims)
