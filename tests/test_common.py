"""Vietnamese text and dates."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from tiepcan.common.dates import day_in_words, last_day_before
from tiepcan.common.folding import accented_key, composed, folded_key
from tiepcan.common.forms import DayField
from tiepcan.common.numbers import whole_number


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


@pytest.mark.parametrize(
    "written", ["5/6/2019", "05-06-2019", "5.6.19", "5/6", "050619", "05062019", "2019-06-05"]
)
def test_a_day_is_understood_as_people_type_it(written):
    assert DayField().clean(written) == date(2019, 6, 5)


@pytest.mark.parametrize(
    "written", ["31/02/2019", "01/01/0001", "31/12/9999", "5/13", "hôm qua", "٠٥/٠٦/٢٠١٩x"]
)
def test_what_is_no_day_is_told_and_breaks_nothing(written):
    with pytest.raises(ValidationError, match="Viết ngày/tháng/năm"):
        DayField(allow_future=True).clean(written)


@pytest.mark.parametrize(
    ("written", "number"),
    [("12", 12), (" 1.234 ", 1234), ("²", None), ("-1", None), ("1,5", None), ("", None), ("9" * 10, None)],
)
def test_a_whole_number_is_what_people_type_and_nothing_else(written, number):
    assert whole_number(written) == number
