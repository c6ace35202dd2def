"""The register of units and what a written name means in it."""

from datetime import date

import pytest

from tiepcan.units.names import How, match
from tiepcan.units.register import Kind, children, register, valid_on

PLAN_DAY = date(2019, 2, 18)
CITY = next(unit for unit in register() if unit.kind == Kind.CITY)
WARDS = children(CITY, PLAN_DAY)


def test_the_city_had_twenty_wards_and_seventeen_communes_in_early_2019():
    assert (
        len([u for u in WARDS if u.kind == Kind.WARD]),
        len([u for u in WARDS if u.kind == Kind.COMMUNE]),
    ) == (20, 17)


@pytest.mark.parametrize(
    ("day", "count"),
    [("2019-11-30", 37), ("2019-12-01", 34), ("2021-02-01", 34), ("2025-01-01", 33), ("2025-06-30", 33)],
)
def test_mergers_change_the_count_on_their_day(day, count):
    # 2025-01-01 also brought units from a neighbouring district, which are not in the register.
    assert len(children(CITY, date.fromisoformat(day))) == count


def test_the_city_is_gone_when_wards_answer_to_the_province():
    day = date(2025, 7, 1)
    assert CITY not in valid_on(day)
    [province] = [unit for unit in valid_on(day) if unit.kind == Kind.PROVINCE]
    assert len(children(province, day)) == 7


def test_a_code_alone_identifies_nothing():
    assert {u.full_name for u in register() if u.code == "14797"} == {"Phường Đông Hải", "Phường Hạc Thành"}
    assert len({u.id for u in register()}) == len(register())


def test_every_unit_that_ended_has_successors_valid_the_next_day():
    by_id = {unit.id: unit for unit in register()}
    for unit in register():
        if unit.valid_to and unit.kind != Kind.CITY:
            assert unit.successors, unit
            assert all(by_id[s].valid_on(unit.valid_to) for s in unit.successors), unit


@pytest.mark.parametrize(
    ("written", "how", "meant"),
    [
        ("Phường Ngọc Trạo", How.EXACT, "Phường Ngọc Trạo"),
        ("Phường Ngọc Trao", How.CORRECTED, "Phường Ngọc Trạo"),
        ("Phường Đông Cường", How.CORRECTED, "Phường Đông Cương"),
        ("X. Thieu Khanh", How.CORRECTED, "Xã Thiệu Khánh"),
        ("Xã Hàm Rồng", How.OTHER_KIND, "Phường Hàm Rồng"),
        ("TT. Tào Xuyên", How.EXACT, "Phường Tào Xuyên"),
        ("Phường Đông", How.UNKNOWN, None),
        ("Phường", How.UNKNOWN, None),
        ("", How.UNKNOWN, None),
    ],
)
def test_what_a_written_name_means(written, how, meant):
    found = match(written, WARDS)
    assert (found.how, found.unit.full_name if found.unit else None) == (how, meant)


def test_two_equally_near_units_are_a_question_for_a_person():
    found = match("Quảng Thênh", WARDS)
    assert (found.how, found.unit) == (How.UNKNOWN, None)
    assert {unit.name for unit in found.candidates} == {"Quảng Thành", "Quảng Thịnh"}


def test_the_written_kind_decides_between_two_equally_near_units():
    found = match("Xã Quảng Thênh", WARDS)
    assert found.unit is not None
    assert found.unit.full_name == "Xã Quảng Thịnh"
