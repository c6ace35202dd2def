"""Drawing whom to visit: the same list on any machine, from the seed alone, and every household with the same chance."""

import json
import os
import subprocess
import sys
import unicodedata
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tiepcan.verification.sampling import SIZE_RULE, DrawnStratum, Member, Stratum, digest, draw, size

SEED = "KH146-2019-6T|xo-so-mien-Bac-07/06/2019|48215"
PLAN = "146/KH-UBND"
TELECOM, ASSET = "telecom_service", "information_asset"


def members(unit: str, indicator: str, households: int) -> list[Member]:
    return [Member(Stratum(unit, indicator), f"{unit}-{n:03}") for n in range(1, households + 1)]


def some_population() -> list[Member]:
    return [
        member
        for n, unit in enumerate(("20194", "20195", "20197", "20198", "20200"), 1)
        for indicator in (TELECOM, ASSET)
        for member in members(unit, indicator, n)
    ]


# ---- sizes


@pytest.mark.parametrize(
    ("households", "drawn"), [(0, 0), (1, 1), (2, 2), (3, 2), (4, 3), (5, 3), (20, 3), (9999, 3)]
)
def test_so_many_are_drawn_of_a_stratum(households, drawn):
    assert size(households) == drawn


def test_the_sentence_says_what_the_sizes_are():
    whole = [n for n in (1, 2) if size(n) == n]
    assert (
        f"Tầng có {whole[0]} đến {whole[-1]} hộ lấy hết; 3 hộ rút {size(3)}; từ 4 hộ rút {size(4)}."
        == SIZE_RULE
    )


def test_a_stratum_cannot_have_fewer_than_no_households():
    with pytest.raises(ValueError, match="không thể âm"):
        size(-1)


# ---- digests


@pytest.mark.parametrize(
    ("unit", "indicator", "code", "expected"),
    [
        ("20194", TELECOM, "20194-001", "ebf4069885dff8ea1e7b5461f29b9e99f5af479ed9ea46f452677a1ee6e4f3b8"),
        ("20194", ASSET, "20194-001", "cf7e36e2b50ae1ea0acb06a73b8a1c4d4e2141e17c9f7e57147aa497166c77be"),
        ("20197", TELECOM, "Hòa Hiệp 07", "8e76928240d6795a1c47b4aa0895b9650422c068ad06f5dacaeb34fc3aaa4f57"),
    ],
)
def test_a_digest_is_what_it_always_was(unit, indicator, code, expected):
    assert digest(SEED, PLAN, unit, indicator, code) == expected


def test_anybody_finds_a_digest_in_a_shell():
    text = f"{SEED}|{PLAN}|20197|{TELECOM}|Hòa Hiệp 07"
    told = subprocess.run(
        ["sh", "-c", f"printf '%s' '{text}' | sha256sum"], capture_output=True, check=True, text=True
    )
    assert told.stdout.split()[0] == digest(SEED, PLAN, "20197", TELECOM, "Hòa Hiệp 07")


def test_one_name_typed_in_two_ways_has_one_digest():
    composed, combining = (unicodedata.normalize(form, "Hòa Hiệp 07") for form in ("NFC", "NFD"))
    assert composed != combining
    assert digest(SEED, PLAN, "20197", TELECOM, composed) == digest(SEED, PLAN, "20197", TELECOM, combining)


@pytest.mark.parametrize(
    ("texts", "sentence"),
    [
        (("", PLAN, "20194", TELECOM, "1"), "hạt giống còn trống"),
        ((SEED, PLAN, "20194", TELECOM, ""), "mã hộ còn trống"),
        ((SEED, "146|KH", "20194", TELECOM, "1"), "kế hoạch “146|KH” có dấu “|”"),
        ((SEED, PLAN, "20194", TELECOM, "1|2"), "mã hộ “1|2” có dấu “|”"),
        ((SEED, PLAN, "20194|x", TELECOM, "1"), "mã đơn vị “20194|x” có dấu “|”"),
        ((SEED, PLAN, "20194", "a|b", "1"), "chỉ tiêu “a|b” có dấu “|”"),
        ((SEED, PLAN, "20194", TELECOM, "1\n"), "ký tự điều khiển"),
    ],
)
def test_a_text_that_could_be_taken_for_another_is_refused(texts, sentence):
    with pytest.raises(ValueError) as refused:
        digest(*texts)
    assert sentence in str(refused.value)


WRITTEN = st.text(st.sampled_from("ab|1\u00e0\u0300"), min_size=1, max_size=4)


@given(st.tuples(*[WRITTEN] * 5), st.tuples(*[WRITTEN] * 5))
def test_two_members_never_share_a_digest(one, other):
    def read(texts: tuple[str, ...]) -> str | None:
        try:
            return digest(*texts)
        except ValueError:
            return None

    same = [unicodedata.normalize("NFC", t) for t in one] == [unicodedata.normalize("NFC", t) for t in other]
    assert read(one) is None or (read(one) == read(other)) == same


# ---- the draw


def told(drawn: list[DrawnStratum]) -> list[list[object]]:
    return [
        [d.stratum.unit_code, d.stratum.indicator, [[m.household_code, m.digest, m.drawn] for m in d.members]]
        for d in drawn
    ]


def test_the_lowest_digests_of_each_stratum_are_drawn():
    drawn = draw(SEED, PLAN, some_population())
    assert [(d.stratum.unit_code, d.stratum.indicator) for d in drawn] == sorted(
        {(m.stratum.unit_code, m.stratum.indicator) for m in some_population()}
    )
    for stratum in drawn:
        digests = [member.digest for member in stratum.members]
        assert digests == sorted(digests)
        wanted = size(len(stratum.members))
        assert [member.drawn for member in stratum.members] == [n < wanted for n in range(len(digests))]
        assert stratum.drawn == stratum.members[:wanted]
        for member in stratum.members:
            assert member.digest == digest(
                SEED, PLAN, stratum.stratum.unit_code, stratum.stratum.indicator, member.household_code
            )


@given(st.randoms(use_true_random=False))
def test_the_order_of_the_rows_does_not_matter(chance):
    rows = some_population()
    chance.shuffle(rows)
    assert draw(SEED, PLAN, rows) == draw(SEED, PLAN, some_population())


def test_three_processes_with_rows_in_other_orders_draw_one_list():
    program = (
        "import json, random, sys\n"
        "from tests.test_sampling import PLAN, SEED, draw, some_population, told\n"
        "rows = list({(m.stratum, m.household_code): m for m in some_population()}.values())\n"
        "random.Random(sys.argv[1]).shuffle(rows)\n"
        "sys.stdout.write(json.dumps(told(draw(SEED, PLAN, set(rows)))))\n"
    )
    lists = {
        subprocess.run(
            [sys.executable, "-c", program, seed],
            env={**os.environ, "PYTHONHASHSEED": seed},
            cwd=Path(__file__).parent.parent,
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for seed in ("1", "2", "3")
    }
    [one] = lists
    assert json.loads(one) == told(draw(SEED, PLAN, some_population()))


def test_another_seed_draws_other_households():
    rows = members("20194", TELECOM, 200)
    assert draw(SEED, PLAN, rows)[0].drawn != draw(SEED + "0", PLAN, rows)[0].drawn


@pytest.mark.parametrize("again", ["Hòa 1", unicodedata.normalize("NFD", "Hòa 1")])
def test_a_household_that_stands_twice_is_refused(again):
    rows = [Member(Stratum("20194", TELECOM), code) for code in ("Hòa 1", again)]
    with pytest.raises(ValueError, match="hộ “Hòa 1” đứng hai lần trong tầng “20194”"):
        draw(SEED, PLAN, rows)


@pytest.mark.parametrize("households", [3, 4, 7, 20])
def test_every_household_has_the_same_chance(households):
    """Chi-square of how often each is drawn over 4000 seeds, below its 99.9 % point; the seeds are fixed."""
    seeds, rows = 4000, members("20194", TELECOM, households)
    drawn = Counter(
        member.household_code for n in range(seeds) for member in draw(str(n), PLAN, rows)[0].drawn
    )
    share = size(households) / households
    # Drawn without replacement, the counts vary less than independent ones by this factor.
    spread = seeds * share * (1 - share) * households / (households - 1)
    chi_square = sum((drawn[row.household_code] - seeds * share) ** 2 for row in rows) / spread
    assert chi_square < {3: 13.82, 4: 16.27, 7: 22.46, 20: 43.82}[households]
