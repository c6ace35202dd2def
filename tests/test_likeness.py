"""Two households that may be one: Vietnamese names, years and hamlets as they get miswritten."""

import random
from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.likeness_truth import truth
from tiepcan.households import likeness as room
from tiepcan.households.likeness import ASK, CODE_REUSED, Facts, blocks, likeness, suspects


def a_household(head_name: str = "Cao Văn Ký Hiệu", **facts) -> Facts:
    """A household of Thôn 4 whose head was born in 1957; a key of its own, and no code."""
    usual = {
        "unit": "X1",
        "code": "",
        "birth_year": 1957,
        "hamlet": "Thôn 4",
        "members": 3,
        "identity_digest": None,
    }
    return Facts(**{"key": object(), "head_name": head_name, **usual, **facts})


def reasons(one: Facts, other: Facts) -> tuple[str, ...]:
    found = likeness(one, other)
    return found.reasons if found else ()


@pytest.mark.parametrize(
    ("one", "other", "reason"),
    [
        ("Đỗ Thị Tượng Trưng", "Đỗ Thị Tượng Chưng", "Tên khác một chữ: Trưng, Chưng"),
        ("Trần Văn Xinh", "Trần Văn Sinh", "Tên khác một chữ: Xinh, Sinh"),
        ("Trần Văn Lương", "Trần Văn Nương", "Tên khác một chữ: Lương, Nương"),
        ("Lê Văn Giũng", "Lê Văn Dũng", "Tên khác một chữ: Giũng, Dũng"),
        ("Lê Văn Quốc", "Lê Văn Cuốc", "Tên khác một chữ: Quốc, Cuốc"),
        ("Nguyễn Văn Hùng", "Nguyễn Văn Hùg", "Tên khác một chữ: Hùng, Hùg"),
        ("Cao Văn Ký Hiệu", "Cao Ký Hiệu", "Tên thiếu chữ Văn"),
        ("Nguyễn Văn Hoà", "Nguyễn Văn Hòa", "Cùng họ tên Nguyễn Văn Hoà"),
        ("Lý Thị Mỹ", "Lí Thị Mĩ", "Cùng họ tên Lý Thị Mỹ"),
        ("LÊ VĂN BẢY", "Lê  Văn Bảy", "Cùng họ tên LÊ VĂN BẢY"),
        ("Bà Lê Thị Sáu (đã mất)", "Lê Thị Sáu", "Cùng họ tên Bà Lê Thị Sáu (đã mất)"),
        ("Đặng Thị Đào", "Dang Thi Dao", "Một bên viết tên không dấu"),
        ("Nguyễn Văn An", "Ng. V. An", "Tên viết tắt: Nguyễn Văn An, Ng. V. An"),
        ("Nguyễn Văn An", "N.V.An", "Tên viết tắt: Nguyễn Văn An, N.V.An"),
        ("Nguyễn Văn An", "Ng Văn An", "Tên viết tắt: Nguyễn Văn An, Ng Văn An"),
        ("Nguyễn Văn An", "An Nguyễn Văn", "Cùng họ tên, khác thứ tự chữ: Nguyễn Văn An, An Nguyễn Văn"),
        ("Nguyễn Văn An", "Nguyễn VănAn", "Cùng họ tên, viết liền chữ: Nguyễn Văn An, Nguyễn VănAn"),
    ],
)
def test_one_name_written_in_two_ways_is_asked_about(one, other, reason):
    assert reason in reasons(a_household(one), a_household(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Nguyễn Văn An", "Nguyễn Văn Cường"),
        ("Thiều Văn Biểu Mẫu", "Thiều Văn Bảng Số"),
        ("Thiều Bá Mục Sơn", "Thiều Bá Mục Hà"),
        ("Nguyễn Văn Bình", "Nguyễn Thị Bình"),
        ("Nguyễn Văn Bình", "Trần Văn Bình"),
        ("Nguyễn Thị Lan", "Nguyễn Thị Loan"),
        ("Nguyễn Thị Hường", "Nguyễn Thị Hương"),
    ],
)
def test_another_name_is_another_household_though_all_else_agrees(one, other):
    assert likeness(a_household(one), a_household(other)) is None


def test_hamlet_and_family_name_alone_make_no_likeness():
    assert likeness(a_household("Thiều Văn Hồ Sơ"), a_household("Thiều Thị Con Dấu", birth_year=1971)) is None


def test_hường_and_hương_are_two_names_that_fold_alike():
    same = likeness(a_household("Đinh Thị Hường"), a_household("Đinh Thị Hường", members=4))
    other = likeness(a_household("Đinh Thị Hường"), a_household("Đinh Thị Hương", members=4))
    assert same and other
    assert same.score > other.score
    assert "Tên khác dấu: Hường, Hương" in other.reasons


def test_confused_consonants_weigh_less_than_other_letters():
    confused = likeness(a_household("Mai Văn Trạch"), a_household("Mai Văn Chạch"))
    other = likeness(a_household("Mai Văn Trạch"), a_household("Mai Văn Trạchh"))
    assert confused and other
    assert confused.score > other.score


def test_a_rare_name_says_more_than_a_frequent_one():
    rare = likeness(a_household("Cao Thị Triện", hamlet=""), a_household("Cao Thị Triện", hamlet=""))
    assert rare == room.Likeness(100, ("Trùng mọi mục",))
    rare = likeness(a_household("Cao Thị Triện"), a_household("Cao Thị Triện", birth_year=None))
    frequent = likeness(a_household("Nguyễn Thị Lan"), a_household("Nguyễn Thị Lan", birth_year=None))
    assert rare and frequent
    assert rare.score > frequent.score


def test_one_identity_number_is_one_household_even_in_another_unit():
    one = a_household("Lê Thị Phụ Lục", identity_digest=b"214")
    other = a_household("Lê Văn Mục Lục", identity_digest=b"214", unit="X2", birth_year=1990)
    found = likeness(one, other)
    assert found and found.score >= room.IDENTITY_SCORE
    assert found.reasons[0] == "Trùng số định danh"


def test_two_identity_numbers_speak_strongly_against():
    one = a_household("Nguyễn Thị Sáu", identity_digest=b"214")
    assert likeness(one, replace(one, key=1, identity_digest=None))
    assert likeness(one, replace(one, key=1, identity_digest=b"215")) is None


def test_a_new_identity_card_of_a_rare_name_is_still_asked_about():
    one = a_household(identity_digest=b"214")
    assert "Khác số định danh" in reasons(one, replace(one, key=1, identity_digest=b"215"))


@pytest.mark.parametrize("name", ["Nguyễn Văn Hùng", "Đinh Văn Kịch Bản"])
def test_father_and_son_of_one_name_are_two_households(name):
    assert likeness(a_household(name, birth_year=1941), a_household(name, birth_year=1968)) is None
    assert likeness(a_household(name, birth_year=1941), a_household(name, birth_year=1942))


@pytest.mark.parametrize(
    ("year", "reason"),
    [
        (1957, "Cùng năm sinh 1957"),
        (1958, "Năm sinh lệch một năm: 1957, 1958"),
        (1975, "Năm sinh đảo chữ số: 1957, 1975"),
        (1953, "Năm sinh khác chữ số cuối: 1957, 1953"),
        (1962, "Khác năm sinh: 1957, 1962"),
    ],
)
def test_years_that_get_miswritten_are_told(year, reason):
    assert reason in reasons(a_household(), a_household(birth_year=year, members=4))


def test_the_likelier_a_slip_of_the_year_the_higher_the_score():
    years = [1957, 1958, None, 1975, 1953, 1962]
    found = [
        likeness(a_household("Lê Thị Triện"), a_household("Lê Thị Triện", birth_year=year, members=4))
        for year in years
    ]
    scores = [like.score if like else 0 for like in found]
    assert scores == sorted(scores, reverse=True)


@pytest.mark.parametrize(
    "hamlet", ["Tổ 4", "T4", "TDP 4", "Tổ dân phố số 4", "Xóm 04", "Khu 4", "KP.4", "Thôn IV", "4"]
)
def test_hamlets_of_one_number_are_one_place_whatever_they_are_called(hamlet):
    assert f"Thôn 4 và {hamlet}" in reasons(a_household(), a_household(hamlet=hamlet))


def test_another_hamlet_speaks_weakly_against():
    elsewhere, renamed = a_household(hamlet="Thôn 9"), a_household(hamlet="Thôn Đồng Tâm")
    assert "Khác thôn, tổ: Thôn 4, Thôn 9" in reasons(a_household(), elsewhere)
    assert "Khác thôn, tổ: Thôn 4, Thôn Đồng Tâm" in reasons(a_household(), renamed)
    frequent = a_household("Nguyễn Thị Lan", birth_year=None)
    assert likeness(frequent, replace(frequent, key=1, members=4))
    assert likeness(frequent, replace(frequent, key=1, members=4, hamlet="Thôn 9")) is None


def test_a_code_used_for_another_household_is_told_as_a_conflict():
    found = likeness(a_household("Cao Văn Ký Hiệu", code="TK-05"), a_household("Tạ Thị Con Dấu", code="TK 5"))
    assert found and found.is_conflict
    assert (found.score, found.reasons[0]) == (ASK, CODE_REUSED)


def test_one_code_and_near_names_are_one_household():
    one = a_household("Nguyễn Thị Lan", code="TK-05")
    found = likeness(one, a_household("Nguyễn Thị Lang", code="TK-05", birth_year=1963, hamlet="Thôn 9"))
    assert found and not found.is_conflict
    assert found.reasons[0] == "Trùng mã hộ"


def test_one_code_in_two_units_says_nothing():
    one = a_household(code="TK-05")
    assert likeness(one, a_household("Tạ Thị Con Dấu", code="TK-05", unit="X2")) is None
    assert "Trùng mã hộ" not in reasons(one, replace(one, key=1, unit="X2"))


def test_a_household_that_moved_is_known_by_its_whole_name_year_and_members():
    moved = a_household(unit="X2", hamlet="Tổ 1")
    assert "Khác phường, xã" in reasons(a_household(), moved)
    assert likeness(a_household(), replace(moved, birth_year=1958)) is None
    assert likeness(a_household(), replace(moved, members=4)) is None
    assert likeness(a_household(), replace(moved, head_name="Cao Văn Ký Hiếu")) is None


def test_a_frequent_name_does_not_show_a_move():
    one = a_household("Nguyễn Văn Hùng")
    assert likeness(one, replace(one, key=1, unit="X2")) is None


def test_another_head_with_the_same_people_is_asked_about():
    children = ("Cao Thị Dấu Phẩy", "Cao Văn Dấu Chấm")
    before = a_household("Cao Văn Ký Hiệu", member_names=("Tạ Thị Con Dấu", *children))
    after = a_household("Tạ Thị Con Dấu", birth_year=None, member_names=children)
    assert "Trùng tên 3 nhân khẩu" in reasons(before, after)
    assert "Khác chủ hộ: Cao Văn Ký Hiệu, Tạ Thị Con Dấu" in reasons(before, after)
    assert likeness(before, replace(after, member_names=("Lê Thị Sổ", "Lê Văn Sách"))) is None


SPELLINGS = "Nguyễn Trần Lý Lí Văn Thị thị An Ân Anh Ng. N. V Trưng Chưng Hường HƯƠNG Huong Hoà Hòa Bà Đ"
WORDS = st.sampled_from(SPELLINGS.split())
NAMES = st.lists(WORDS, max_size=4).map(" ".join) | st.text(max_size=12)


@st.composite
def households(draw: st.DrawFn, names: st.SearchStrategy[str] = NAMES) -> Facts:
    """Any household, of few units, names and years, so that two are often alike."""
    return Facts(
        key=draw(st.integers()),
        unit=draw(st.sampled_from(["X1", "X1", "X1", "X2"])),
        code=draw(st.sampled_from(["", "", "TK-1", "TK01", "2"]) | st.text(max_size=4)),
        head_name=draw(names),
        birth_year=draw(st.sampled_from([None, 1957, 1957, 1958, 1975, 1990]) | st.integers(1900, 2010)),
        hamlet=draw(st.sampled_from(["", "Thôn 4", "Tổ 4", "T9", "Bản Lác", "-"]) | st.text(max_size=8)),
        members=draw(st.sampled_from([None, 1, 3, 3, 4])),
        identity_digest=draw(st.sampled_from([None, None, None, b"1", b"2"])),
        member_names=tuple(draw(st.lists(names, max_size=3) | st.just([]))),
    )


@given(households(), households())
def test_likeness_does_not_depend_on_the_order(one, other):
    there, back = likeness(one, other), likeness(other, one)
    assert (there is None) == (back is None)
    if there and back:
        assert (there.score, there.is_conflict) == (back.score, back.is_conflict)
        assert len(there.reasons) == len(back.reasons)
        assert ASK <= there.score <= 100
        assert all(there.reasons)


def test_short_words_are_measured_alike_from_both_sides():
    one, other = a_household("Tạ Bá Mục Ân"), a_household("Tạ Bá Mục Anh")
    there, back = likeness(one, other), likeness(other, one)
    assert (there and there.score) == (back and back.score)


@given(households())
def test_a_household_equals_itself(one):
    found = likeness(one, replace(one, key="another"))
    assert found and found.score == 100


@given(households(), households())
def test_two_alike_households_share_a_block(one, other):
    if likeness(one, other):
        assert set(blocks(one)) & set(blocks(other))


def as_scores(found) -> dict[frozenset[object], int]:
    pairs = [(frozenset((one.key, other.key)), like.score) for one, other, like in found]
    assert len(pairs) == len(dict(pairs)), "a pair came twice"
    return dict(pairs)


@given(st.lists(households(), max_size=12), st.integers(0, 12), st.randoms())
def test_suspects_are_the_pairs_that_comparing_all_would_give(all_of_them, cut, chance):
    everyone = [replace(facts, key=n) for n, facts in enumerate(all_of_them)]
    new, known = everyone[:cut], everyone[cut:]
    alike = as_scores(
        (a, b, like) for a, b in combinations(everyone, 2) if a in new and (like := likeness(a, b))
    )
    assert as_scores(suspects(new, known)) == alike
    chance.shuffle(new)
    chance.shuffle(known)
    assert as_scores(suspects(iter(new), iter(known))) == alike


def test_blocks_lose_little_that_a_comparison_of_all_would_find():
    """In two units of the generator, with all comparisons made, whether they share a block or not."""
    rows = [facts for facts in truth(5, 400, 0.3).facts if facts.unit in ("X00001", "X00002")]
    read = [room._Read(facts) for facts in rows]
    all_alike = [
        (a, b) for a, b in combinations(read, 2) if a.facts.unit == b.facts.unit and room._weigh(a, b)
    ]
    lost = [pair for pair in all_alike if set(pair[0].blocks()).isdisjoint(pair[1].blocks())]
    assert len(all_alike) > 50
    assert len(lost) <= 0.03 * len(all_alike)


def test_the_new_stand_before_the_known_and_a_row_is_no_suspect_of_itself():
    one = a_household(key="TK-22")
    again, other = replace(one, members=4), replace(one, key="TK-23")
    assert [(a.key, b.key) for a, b, _ in suspects([one], [again, other])] == [("TK-22", "TK-23")]


def test_a_sheet_of_one_name_does_not_compare_all_with_all(monkeypatch):
    monkeypatch.setattr(room, "_CROWD", 5)
    crowd = [a_household("Nguyễn Văn Hùng", key=n) for n in range(40)]
    assert len(list(suspects(crowd, ()))) <= 40 * 5


def test_the_generator_gives_the_same_rows_for_the_same_seed():
    assert truth(3, 100) == truth(3, 100)
    assert truth(3, 100) != truth(4, 100)


@pytest.mark.parametrize("seed", [1, 2])
def test_most_households_written_twice_are_found_and_few_are_asked_in_vain(seed):
    known = truth(seed, 4000)
    asked = {frozenset((a.key, b.key)) for a, b, like in suspects(known.facts, ()) if not like.is_conflict}
    right = len(asked & known.pairs.keys())
    assert right / len(known.pairs) >= 0.93
    assert right / len(asked) >= 0.85


def test_a_code_used_twice_is_told_in_a_whole_registry():
    known = truth(1, 4000)
    conflicts = {frozenset((a.key, b.key)) for a, b, like in suspects(known.facts, ()) if like.is_conflict}
    reused = {pair for pair, kind in known.strangers.items() if kind == "mã dùng lại"}
    asked = {frozenset((a.key, b.key)) for a, b, _ in suspects(known.facts, ())}
    assert reused <= asked
    assert len(reused & conflicts) >= 0.8 * len(reused)  # names of some are near by chance


def test_nothing_random_is_left_in_the_comparison():
    rows = truth(8, 300).facts
    shuffled = random.Random(1).sample(rows, len(rows))
    assert as_scores(suspects(rows, ())) == as_scores(suspects(shuffled, ()))
