"""Vietnamese text and dates."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tiepcan.common.dates import day_in_words, last_day_before
from tiepcan.common.folding import accented_key, composed, folded_key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Thanh Hoá", "Thanh Hóa"),
        ("thuý", "thúy"),
        ("khoẻ", "khỏe"),
        ("HOÀ BÌNH", "Hòa  Bình"),
        ("a–b", "a - b"),
    ],
)
def test_spelling_habits_do_not_count(one, other):
    assert accented_key(one) == accented_key(other)


@pytest.mark.parametrize("word", ["quý", "hoàn", "toán", "loan", "khuya", "Huỳnh"])
def test_a_tone_with_only_one_place_stays_there(word):
    assert accented_key(word) == composed(word).lower()


def test_accents_count_in_one_key_and_not_in_the_other():
    assert accented_key("Hường") != accented_key("Hương")
    assert folded_key("Đường Nguyễn Huệ") == "duong nguyen hue"


@given(st.text())
def test_folding_twice_changes_nothing(text):
    assert folded_key(folded_key(text)) == folded_key(text)


def test_a_deadline_is_said_with_the_weekday_of_its_last_day():
    assert day_in_words(last_day_before(date(2019, 6, 15))) == "thứ Sáu 14/06/2019"
