"""A ward's list of households is read as the office meant it, every bad cell is named, and nothing is guessed."""

import json
from collections.abc import Sequence
from dataclasses import replace
from io import BytesIO
from tempfile import TemporaryFile

import openpyxl
import pytest

from tests.sheets import writers
from tests.sheets.checking import Faults, compare
from tests.sheets.truth import QUESTIONS, SHAPES, STANDARDS, Made, MadeSheet, campaign, make
from tiepcan.households.models.household import keys_of
from tiepcan.households.sheets import child
from tiepcan.households.sheets.lines import COLUMNS, as_copy, line
from tiepcan.households.sheets.problems import PROBLEMS
from tiepcan.households.sheets.reading import read
from tiepcan.households.sheets.records import (
    Column,
    Event,
    Options,
    Problem,
    Row,
    Skipped,
    Summary,
    Sure,
    Understanding,
)
from tiepcan.intake.nursery import begin
from tiepcan.intake.sheets import open_book

CLASSES_2018, INDICATORS_2018 = STANDARDS[2018]
OPTIONS = Options(2018, CLASSES_2018, INDICATORS_2018, QUESTIONS, {}, ("Xã Thiệu Khánh", "Phường Đông Hải"))
HEAD = ["STT", "Mã hộ", "Họ và tên chủ hộ", "Năm sinh", "Thôn", "Số khẩu", "Phân loại"]
ONE = ["1", "TK-01", "Lê Văn Bình", "1957", "Thôn 4", "4", "N1"]


def sheet(*rows: Sequence[str], title: str = "Rà soát", **details: object) -> MadeSheet:
    return MadeSheet(title, [list(row) for row in rows], **details)  # type: ignore[arg-type]


def events(*sheets: MadeSheet, options: Options = OPTIONS) -> list[Event]:
    return list(read(Made(list(sheets), options), options))


def of(kind: type, found: list[Event]) -> list:
    return [event for event in found if isinstance(event, kind)]


def rows(*lines: Sequence[str], options: Options = OPTIONS) -> list[Row]:
    return of(Row, events(sheet(*lines), options=options))


def problems(*lines: Sequence[str], options: Options = OPTIONS) -> list[tuple[int, int, str]]:
    found = of(Problem, events(sheet(*lines), options=options))
    return [(one.row, one.column, one.code) for one in found]


def skipped(*lines: Sequence[str]) -> list[tuple[int, str]]:
    return [(one.row, one.why) for one in of(Skipped, events(sheet(*lines)))]


def columns(*lines: Sequence[str], options: Options = OPTIONS) -> dict[str, Column]:
    [understanding] = of(Understanding, events(sheet(*lines), options=options))
    return {column.key: column for column in understanding.columns}


def but(**changes: str) -> list[str]:
    """The good household with other cells: code, name, year, hamlet, members, kind."""
    at = {"number": 0, "code": 1, "name": 2, "year": 3, "hamlet": 4, "members": 5, "kind": 6}
    row = list(ONE)
    for name, cell in changes.items():
        row[at[name]] = cell
    return row


# The campaign


def test_made_workbooks_are_read_without_a_wrong_a_lost_or_an_unnamed_cell():
    total = Faults()
    seen: set[str] = set()
    codes: set[str] = set()
    for made in campaign(0, 60):
        found = list(read(made, made.options))
        total.add(compare(made, found))
        seen |= made.shapes
        codes |= {problem.code for problem in of(Problem, found)}
    assert total.all == []
    assert total.rows > 900
    assert total.bad_cells > 100
    assert seen == set(SHAPES)
    assert codes <= set(PROBLEMS)


@pytest.mark.parametrize("kind", [kind for kind, _ in writers.KINDS])
def test_real_files_are_read_like_the_rows_they_were_made_of(kind):
    write = dict(writers.KINDS)[kind]
    books = [made for made in campaign(1000, 6) if writers.can_hold(kind, made)][:3]
    for made in books:
        book = open_book(*write(made))
        assert compare(made, read(book, made.options)).all == []


def test_the_campaign_sees_a_value_that_is_wrong():
    made = make(3)
    key, truth = next(iter(made.rows.items()))
    made.rows[key] = truth._replace(members=(truth.members or 0) + 1)
    [fault] = compare(made, read(made, made.options)).accepted_wrong
    assert "members" in fault


# Headings


def test_a_heading_below_titles_is_found_and_the_titles_are_not_columns():
    [understanding] = of(
        Understanding,
        events(sheet(["UBND XÃ THIỆU KHÁNH"], [], ["DANH SÁCH HỘ NGHÈO NĂM 2018"], HEAD, ONE)),
    )
    assert understanding.is_read
    assert understanding.head_rows == (4,)
    assert [column.meaning for column in understanding.columns] == [
        "ordinal",
        "code",
        "head_name",
        "birth_year",
        "hamlet",
        "members",
        "class",
    ]


def test_a_heading_of_two_rows_gives_each_column_its_group():
    found = columns(
        ["STT", "Họ và tên chủ hộ", "Năm sinh", "", "Các chỉ số thiếu hụt", ""],
        ["", "", "Nam", "Nữ", "9", "10"],
        ["1", "Lê Văn Bình", "1957", "", "x", ""],
    )
    assert found["nam sinh / nu"].meaning == "birth_year:female"
    assert found["cac chi so thieu hut / 10"].meaning == "lack:information_asset"
    assert found["cac chi so thieu hut / 9"].heading == "Các chỉ số thiếu hụt › 9"


def test_a_title_of_a_group_under_the_heading_is_no_part_of_it():
    head = [["STT", "Họ và tên", "Năm sinh", "Thiếu hụt", ""], ["", "", "", "9", "10"]]
    assert skipped(
        *head, ["", "Hộ nghèo về thu nhập", "", "", ""], ["1", "Lê Văn Bình", "1957", "x", ""]
    ) == [(3, "group")]


def test_numbers_of_columns_are_not_numbers_of_indicators():
    [row] = rows(HEAD, [f"({n})" for n in range(1, 8)], ONE)
    assert row.row == 3


def test_a_repeated_heading_and_one_of_another_table_are_told_apart():
    other = ["STT", "Thôn", "Họ và tên", "Năm sinh"]
    found = events(
        sheet(
            HEAD, ONE, HEAD, but(number="2", code="TK-02"), [], other, ["1", "Thôn 2", "Đỗ Thị Hoa", "1960"]
        )
    )
    assert [one.head_rows for one in of(Understanding, found)] == [(1,), (6,)]
    assert [(row.row, row.hamlet) for row in of(Row, found)] == [(2, "Thôn 4"), (4, "Thôn 4"), (7, "Thôn 2")]
    assert ("repeated_head") in [one.why for one in of(Skipped, found)]


def test_a_column_about_another_person_is_not_read():
    head = (["STT", "Họ tên chủ hộ", "Vợ hoặc chồng", ""], ["", "", "Họ và tên", "Năm sinh"])
    [row] = rows(*head, ["1", "Lê Văn Bình", "Đỗ Thị Hoa", "1960"])
    assert (row.head_name, row.birth_year) == ("Lê Văn Bình", None)
    [row] = rows(
        ["STT", "Họ tên vợ/chồng", "Họ tên chủ hộ", "Năm sinh"], ["1", "Đỗ Thị Hoa", "Lê Văn Bình", "1957"]
    )
    assert row.head_name == "Lê Văn Bình"


@pytest.mark.parametrize(
    ("made", "why"),
    [
        (MadeSheet("Nháp", [HEAD, ONE], visible=False), "hidden"),
        (MadeSheet("Trống", [[""], []]), "empty"),
        (MadeSheet("Chữ", [["Kính gửi các thôn"], ["Đề nghị rà soát"]]), "no_heading"),
        (
            MadeSheet("Tổng hợp", [["TT", "Thôn", "Tổng số hộ", "Hộ nghèo"], ["1", "Thôn 1", "120", "9"]]),
            "summary",
        ),
    ],
)
def test_a_sheet_that_is_no_list_says_why(made, why):
    found = events(made)
    [understanding] = of(Understanding, found)
    assert understanding.why == why
    assert understanding.message
    assert not of(Row, found)


# Doubtful columns


def test_ticks_that_may_mean_lacking_or_having_wait_for_a_person():
    head, body = [*HEAD, "ĐT/Net"], [[*ONE, "x"], [*but(number="2", code="TK-02"), ""]]
    found = events(sheet(head, *body))
    column = of(Understanding, found)[0].waits[0]
    assert column.alternatives == ("lack:telecom_service", "have:telecom_service", "ignore")
    assert (column.meaning, column.key, column.samples) == ("unknown", "dt net", ("x",))
    assert [row.open for row in of(Row, found)] == [{"dt net": True}, {"dt net": False}]
    assert [row.lacks for row in of(Row, found)] == [None, None]
    assert of(Summary, found)[0].seen == {"dt net": {"x": 1, "": 1}}


@pytest.mark.parametrize(
    ("meaning", "lacks"),
    [
        ("lack:telecom_service", [("telecom_service",), ()]),
        ("have:telecom_service", [(), ("telecom_service",)]),
        ("ignore", [None, None]),
    ],
)
def test_a_choice_that_was_made_is_followed(meaning, lacks):
    options = replace(OPTIONS, choices={"dt net": meaning})
    found = rows([*HEAD, "ĐT/Net"], [*ONE, "x"], [*but(code="TK-02"), ""], options=options)
    assert [row.lacks for row in found] == lacks


def test_a_choice_that_is_no_meaning_is_not_followed():
    options = replace(OPTIONS, choices={"dt net": "lack:nothing"})
    assert columns([*HEAD, "ĐT/Net"], [*ONE, "x"], options=options)["dt net"].sure is Sure.AMBIGUOUS


def test_two_columns_of_one_meaning_wait():
    found = columns([*HEAD, "Năm sinh"], [*ONE, "1999"])
    assert found["nam sinh"].sure is found["nam sinh (2)"].sure is Sure.AMBIGUOUS


def test_a_name_beside_a_column_without_heading_is_not_taken_for_whole():
    lines = (["STT", "Họ và tên", "", "Khẩu"], ["1", "Lê Văn", "Bình", "3"], ["2", "Đỗ Thị", "Hoa", "2"])
    found = events(sheet(*lines))
    assert of(Understanding, found)[0].why == "waiting"
    assert not of(Row, found)
    chosen = replace(OPTIONS, choices={"ho va ten": "family_name"})
    assert [row.head_name for row in rows(*lines, options=chosen)] == ["Lê Văn Bình", "Đỗ Thị Hoa"]


def test_indicators_of_another_standard_wait():
    head = ["STT", "Họ và tên", "Thiếu hụt", *[""] * 11]
    found = columns(head, ["", "", *map(str, range(1, 13))], ["1", "Lê Văn Bình", *"x" * 12])
    assert found["thieu hut / 9"].sure is Sure.AMBIGUOUS
    assert "12 chỉ số" in found["thieu hut / 9"].why


def test_the_class_of_another_year_is_not_read():
    head = ["STT", "Họ và tên", "Phân loại năm 2017", "Phân loại năm 2018"]
    assert [row.poverty for row in rows(head, ["1", "Lê Văn Bình", "N1", "CN"])] == ["near_poor"]
    assert columns(head[:3], ["1", "Lê Văn Bình", "N1"])["phan loai nam 2017"].sure is Sure.AMBIGUOUS


def test_a_column_of_telephone_numbers_is_no_answer():
    assert columns([*HEAD, "Điện thoại"], [*ONE, "0373 000 000"])["dien thoai"].meaning == "ignore"


# Rows that are no household


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (["", "", "Cộng thôn 4", "", "", "12", ""], "total"),
        (["Tổng cộng", "", "", "", "", "12", ""], "total"),
        (["", "", "TONG CONG", "", "", "12", ""], "total"),
        (["II", "", "Thôn 5", "", "", "", ""], "group"),
        (["", "", "Thôn 5 (12 hộ)", "", "", "40", ""], "group"),
        (["", "Người lập biểu", "", "", "CHỦ TỊCH", "", ""], "signature"),
        (["", "", "Người Lập Biểu", "", "", "", ""], "signature"),
        (["", "", "", "", "Thiệu Khánh, ngày 12 tháng 11 năm 2018", "", ""], "signature"),
        (["Ghi chú: N1 là hộ nghèo về thu nhập", "", "", "", "", "", ""], "note"),
        (["45", "", "", "", "", "", ""], "blank"),
        (["", "", "", "", "", "0", ""], "blank"),
    ],
)
def test_a_row_that_is_no_household_is_skipped(row, why):
    assert skipped(HEAD, ONE, row) == [(3, why)]
    assert problems(HEAD, ONE, row) == []


@pytest.mark.parametrize(
    "name", ["Tống Công Minh", "Bàn Văn Bình", "Tô Thị Hoa", "Lê Văn Cộng", "Trương Ban", "Cao Thị Thôn"]
)
def test_a_person_whose_name_looks_like_a_total_or_an_office_is_read(name):
    [row] = rows(HEAD, but(name=name))
    assert (row.head_name, row.problems) == (name, 0)


def test_a_household_without_a_name_is_not_skipped_for_its_class_or_hamlet():
    head = ["STT", "Phân loại", "Thôn", "Họ và tên", "Khẩu"]
    assert problems(head, ["1", "Cận nghèo", "Thôn 2", "", "3"]) == [(2, 4, "name_missing")]


def test_a_hamlet_in_place_of_a_name_is_no_title_beside_a_household_s_words():
    assert problems(["STT", "Họ và tên", "Khẩu", "Phân loại"], ["", "Thôn 5", "3", "N1"]) == [
        (2, 2, "name_unclear")
    ]


def test_a_note_that_names_an_office_does_not_skip_its_household():
    [row] = rows(["Họ và tên", "Khẩu", "Ghi chú"], ["Lê Văn Bình", "3", "Trưởng thôn"])
    assert (row.head_name, row.note) == ("Lê Văn Bình", "Trưởng thôn")


def test_names_below_the_signatures_are_no_households():
    found = skipped(HEAD, ONE, ["", "Người lập biểu"], ["", "", "Trần Văn Quy Ước"])
    assert [why for _, why in found] == ["signature", "signature"]


def test_a_name_alone_is_asked_about():
    assert problems(HEAD, ONE, ["", "", "Trần Văn Quy Ước"]) == [(3, 2, "code_missing")]
    head = ["Họ và tên", "Khẩu", "Thôn"]
    assert problems(head, ["Lê Văn Bình", "3", "Thôn 1"], ["Trần Văn Quy Ước"]) == [(3, 1, "row_unclear")]


def test_only_heads_of_a_list_of_people_are_households():
    head = ["STT", "Họ và tên", "Quan hệ với chủ hộ", "Năm sinh"]
    lines = (
        head,
        ["1", "Lê Văn Bình", "Chủ hộ", "1957"],
        ["", "Đỗ Thị Hoa", "Vợ", "1960"],
        ["2", "Lò Thị Mai", "", "1970"],
    )
    assert [row.row for row in rows(*lines)] == [2, 4]
    assert skipped(*lines) == [(3, "member")]
    assert problems(*lines) == [(4, 3, "relation_missing")]


# What titles and merged cells give


def test_a_title_gives_the_hamlet_to_the_rows_below_that_have_none():
    head = ["STT", "Họ và tên", "Khẩu"]
    found = rows(
        head, ["I", "Thôn 2", ""], ["1", "Lê Văn Bình", "3"], ["II", "Tổ 5", ""], ["2", "Đỗ Thị Hoa", "2"]
    )
    assert [row.hamlet for row in found] == ["Thôn 2", "Tổ 5"]


def test_a_hamlet_that_its_title_contradicts_is_named():
    lines = (HEAD, ["", "", "Thôn 2", "", "", "", ""], ONE)
    assert problems(*lines) == [(3, 5, "hamlet_contradicts")]


def test_a_new_hamlet_ends_the_class_that_a_title_gave_inside_the_last_one():
    head = ["STT", "Họ và tên", "Khẩu"]
    found = rows(
        head,
        ["A", "Thôn 1", ""],
        ["", "Hộ cận nghèo", ""],
        ["1", "Lê Văn Bình", "3"],
        ["B", "Thôn 2", ""],
        ["2", "Đỗ Thị Hoa", "2"],
    )
    assert [(row.hamlet, row.poverty) for row in found] == [("Thôn 1", "near_poor"), ("Thôn 2", None)]


def test_the_title_of_a_table_gives_its_class_and_says_so():
    found = events(sheet(["DANH SÁCH HỘ CẬN NGHÈO NĂM 2018"], HEAD[:6], ONE[:6]))
    assert of(Row, found)[0].poverty == "near_poor"
    assert any("theo tiêu đề" in note for note in of(Understanding, found)[0].notes)


def test_a_title_of_several_classes_gives_none():
    found = events(sheet(["DANH SÁCH HỘ NGHÈO, HỘ CẬN NGHÈO NĂM 2018"], HEAD[:6], ONE[:6]))
    assert of(Row, found)[0].poverty is None


def test_a_cell_merged_over_rows_or_ticks_speaks_for_all_of_them():
    head = ["STT", "Họ và tên", "Thôn", "Thiếu hụt viễn thông", "Thiếu hụt tài sản thông tin"]
    lines = [head, ["1", "Lê Văn Bình", "Thôn 2", "x", ""], ["2", "Đỗ Thị Hoa", "", "", ""]]
    found = of(Row, events(sheet(*lines, merged=((2, 3, 3, 3), (2, 4, 2, 5)))))
    assert [row.hamlet for row in found] == ["Thôn 2", "Thôn 2"]
    assert [row.lacks for row in found] == [("telecom_service", "information_asset"), ()]


def test_hidden_rows_are_read_and_told():
    found = events(sheet(HEAD, ONE, hidden_rows=frozenset({2})))
    assert of(Understanding, found)[0].hidden_rows == (2,)
    assert len(of(Row, found)) == 1


# Cells


@pytest.mark.parametrize(
    ("cells", "field", "value"),
    [
        ({"name": "NGUYỄN VĂN BÌNH"}, "head_name", "Nguyễn Văn Bình"),
        ({"name": "Nguyễn  Văn   Bình"}, "head_name", "Nguyễn Văn Bình"),
        ({"name": "Bà Nguyễn Thị Hoa"}, "head_name", "Nguyễn Thị Hoa"),
        ({"name": "Hộ ông Nguyễn Văn Bình"}, "head_name", "Nguyễn Văn Bình"),
        ({"name": "Đinh Khuê (đã mất)"}, "note", "đã mất"),
        ({"name": "Nguyễn Văn Hoà"}, "head_name", "Nguyễn Văn Hoà"),
        ({"name": "K'Brêl"}, "head_name", "K'Brêl"),
        ({"name": "Đỗ THỊ HòA"}, "head_name", "Đỗ Thị Hòa"),
        ({"year": "01/01/1957"}, "birth_year", 1957),
        ({"year": "30/02/1957"}, "birth_year", 1957),
        ({"year": "1957.0"}, "birth_year", 1957),
        ({"year": "1957-05-03 00:00:00"}, "birth_year", 1957),
        ({"year": "…/…/1957"}, "birth_year", 1957),
        ({"year": ""}, "birth_year", None),
        ({"members": "04"}, "members", 4),
        ({"members": "5 khẩu"}, "members", 5),
        ({"hamlet": "T4"}, "hamlet", "Thôn 4"),
        ({"hamlet": "THÔN 04"}, "hamlet", "Thôn 4"),
        ({"hamlet": "TDP 3"}, "hamlet", "Tổ dân phố 3"),
        ({"hamlet": "tổ dân phố 3"}, "hamlet", "Tổ dân phố 3"),
        ({"hamlet": "Thôn 4A, xã Thiệu Khánh"}, "hamlet", "Thôn 4A"),
        ({"hamlet": "THÔN ĐOÀI"}, "hamlet", "Thôn Đoài"),
        ({"kind": "Nghèo TN"}, "poverty", "poor_income"),
        ({"kind": "hộ nghèo (N2)"}, "poverty", "poor_deprivation"),
        ({"kind": "Hộ cận nghèo"}, "poverty", "near_poor"),
        ({"kind": "cn"}, "poverty", "near_poor"),
    ],
)
def test_cells_are_read_as_offices_type_them(cells, field, value):
    [row] = rows(HEAD, but(**cells))
    assert getattr(row, field) == value
    assert row.problems == 0


@pytest.mark.parametrize(
    ("cells", "column", "code"),
    [
        ({"name": ""}, 3, "name_missing"),
        ({"name": "12"}, 3, "name_unclear"),
        ({"name": "x"}, 3, "name_incomplete"),
        ({"name": "Bình"}, 3, "name_incomplete"),
        ({"name": "Thôn Đoài"}, 3, "name_unclear"),
        ({"name": "Tổng cộng"}, 3, "name_unclear"),
        ({"name": "NguyÔn V¨n Bình"}, 3, "name_unclear"),
        ({"name": "Lê Văn Bình, Đỗ Thị Hoa"}, 3, "name_several"),
        ({"name": "Ông Cao Thắng"}, 3, "name_title"),
        ({"code": ""}, 2, "code_missing"),
        ({"code": "3.8E+10"}, 2, "code_scientific"),
        ({"year": "khoảng 1957"}, 4, "birth_year_doubtful"),
        ({"year": "57"}, 4, "birth_year_unclear"),
        ({"year": "19577"}, 4, "birth_year_unclear"),
        ({"year": "2019"}, 4, "birth_year_late"),
        ({"year": "1879"}, 4, "birth_year_early"),
        ({"year": "10/05/1905"}, 4, "birth_year_lost"),
        ({"year": "32/13/1957"}, 4, "birth_year_unclear"),
        ({"members": "8,5"}, 6, "members_unclear"),
        ({"members": "61"}, 6, "members_unclear"),
        ({"hamlet": "Thôn 4?"}, 5, "hamlet_unclear"),
        ({"kind": "N3"}, 7, "class_unclear"),
        ({"kind": "TN"}, 7, "class_unclear"),
        ({"kind": "N1/CN"}, 7, "class_several"),
        ({"kind": "N1 (cận nghèo)"}, 7, "class_unclear"),
        ({"kind": "Hộ nghèo"}, 7, "class_not_of_year"),
        ({"kind": "Nghèo đa chiều"}, 7, "class_not_of_year"),
    ],
)
def test_a_cell_in_doubt_is_named_with_its_remedy_and_gives_no_value(cells, column, code):
    found = events(sheet(HEAD, but(**cells)))
    [problem] = of(Problem, found)
    assert (problem.row, problem.column, problem.code) == (2, column, code)
    assert problem.message.endswith(".")
    assert of(Row, found)[0].problems == 1
    field = ["row", "code", "head_name", "birth_year", "hamlet", "members", "poverty"][column - 1]
    assert getattr(of(Row, found)[0], field) is None


def test_words_that_mean_two_classes_are_named_where_both_are_allowed():
    both = replace(OPTIONS, classes=("poor", "poor_deprivation", "near_poor"))
    assert problems(HEAD, but(kind="Nghèo đa chiều"), options=both) == [(2, 7, "class_not_of_year")]
    alone = replace(OPTIONS, classes=("poor", "near_poor", "out"))
    assert [row.poverty for row in rows(HEAD, but(kind="Nghèo đa chiều"), options=alone)] == ["poor"]


@pytest.mark.parametrize(
    ("heading", "cell", "field", "value"),
    [
        ("Số CMND", "17 123.4567", "identity", "171234567"),
        ("Số CMND", "38057001234", "identity_lost_zero", None),
        ("Số CMND", "1.23E+11", "identity_scientific", None),
        ("CCCD", "0380570012", "identity_length", None),
        ("Giới tính", "nữ", "sex", "female"),
        ("Giới tính", "X", "sex_unclear", None),
        ("Dân tộc", "MƯỜNG", "ethnicity", "Mường"),
        ("Dân tộc", "Kính", "ethnicity_unclear", None),
        ("Xã, phường", "P. Đông Hải", "unit", "Phường Đông Hải"),
        ("Xã, phường", "thiệu khánh", "unit", "Xã Thiệu Khánh"),
        ("Xã, phường", "Xã Đông Hải", "unit_unknown", None),
        ("B1", "122,50", "income_score", "122.5"),
        ("B2", "30", "deprivation_score", "30"),
        ("B2", "35", "score_not_tens", None),
        ("Khuyết tật", "x", "disability", True),
    ],
)
def test_other_columns_are_read_or_named(heading, cell, field, value):
    found = events(sheet([*HEAD, heading], [*ONE, cell]))
    if value is None:
        assert [problem.code for problem in of(Problem, found)] == [field]
    else:
        assert getattr(of(Row, found)[0], field) == value
        assert not of(Problem, found)


@pytest.mark.parametrize(
    ("cell", "lacking"),
    [
        ("x", True),
        ("X", True),
        ("✓", True),
        ("√", True),
        ("v", True),
        ("1", True),
        ("có", True),
        ("-", False),
        ("", False),
    ],
)
def test_every_way_to_tick_is_known(cell, lacking):
    [row] = rows([*HEAD, "Thiếu hụt viễn thông"], [*ONE, cell])
    assert row.lacks == (("telecom_service",) if lacking else ())


@pytest.mark.parametrize("cell", ["có/không", "x?", "2", "xx"])
def test_a_tick_that_is_no_answer_is_named(cell):
    assert problems([*HEAD, "Thiếu hụt viễn thông"], [*ONE, cell]) == [(2, 8, "tick_unclear")]


def test_an_empty_cell_among_answered_ones_is_no_answer():
    head = [*HEAD, "Thiếu hụt viễn thông"]
    body = [[*but(code=f"TK-{n}"), "không"] for n in range(5)]
    assert problems(head, *body, [*ONE, ""]) == [(7, 8, "tick_missing")]


def test_a_file_without_columns_of_lacks_says_nothing_of_them():
    assert rows(HEAD, ONE)[0].lacks is None
    assert rows(HEAD, ONE)[0].answers is None


def test_answers_are_read_in_the_direction_of_their_heading():
    [row] = rows([*HEAD, "Có điện thoại", "Không có ti vi", "Internet"], [*ONE, "x", "x", "không"])
    assert row.answers == {"phone": True, "tv": False, "internet": False}


def test_two_ticks_of_classes_are_named():
    head = ["STT", "Họ và tên", "N1", "N2", "Cận nghèo"]
    assert problems(head, ["1", "Lê Văn Bình", "x", "", "x"]) == [(2, 5, "class_several")]


def test_a_birth_year_under_both_sexes_is_named():
    head = (["STT", "Họ và tên", "Năm sinh", ""], ["", "", "Nam", "Nữ"])
    assert problems(*head, ["1", "Lê Văn Bình", "1957", "1960"]) == [(3, 4, "birth_year_several")]
    assert [(row.sex, row.birth_year) for row in rows(*head, ["1", "Đỗ Thị Hoa", "", "1960"])] == [
        ("female", 1960)
    ]


def test_a_short_hamlet_is_not_guessed_where_kinds_are_mixed():
    lines = ([*HEAD], but(hamlet="Thôn 1"), but(code="B", hamlet="Tổ 2"), but(code="C", hamlet="T3"))
    assert problems(*lines) == [(4, 5, "hamlet_unclear")]


def test_the_second_row_of_a_code_names_the_first():
    found = events(sheet(HEAD, ONE, but(number="2", code="tk-01")), sheet(HEAD, ONE, title="Thôn 2"))
    one, other = of(Problem, found)
    assert (one.code, one.row, one.column, one.other) == ("code_twice", 3, 2, 2)
    assert "dòng 2" in one.message
    assert "trang “Rà soát”" in other.message


def test_one_code_may_stand_in_two_units():
    head = [*HEAD, "Xã, phường"]
    assert problems(head, [*ONE, "Xã Thiệu Khánh"], [*ONE, "Phường Đông Hải"]) == []


# Lines


def test_lines_for_copy_keep_every_sign():
    [row] = rows([*HEAD, "Ghi chú", "Thiếu hụt viễn thông"], [*ONE, "a\\b", "x"])
    fields = as_copy(row).split("\t")
    assert len(fields) == len(COLUMNS)
    told = dict(zip(COLUMNS, fields, strict=True))
    assert told["note"] == "a\\\\b"
    assert told["lacks"] == "{telecom_service}"
    assert told["ethnicity"] == "\\N"
    assert told["problems"] == "0"
    assert as_copy(row._replace(note="a\tb\nc")).count("a\\tb\\nc") == 1


def test_keys_of_a_line_are_those_of_the_registry():
    [row] = rows(HEAD, but(name="ĐỖ THỊ HOÀ", code="TK-Đ1"))
    told = dict(zip(COLUMNS, as_copy(row).split("\t"), strict=True))
    assert (told["search_key"], told["sort_key"]) == keys_of(row.head_name, row.hamlet, row.code)


def test_every_event_is_one_line():
    for event in events(sheet(HEAD, ONE, but(code="a\tb"), ["", "", "Cộng\nthôn"])):
        assert "\n" not in line(event)
        assert line(event).count("\t") == (len(COLUMNS) if isinstance(event, Row) else 1)


def test_options_survive_the_way_to_the_child():
    assert Options.from_plain(json.loads(json.dumps(OPTIONS.as_plain()))) == OPTIONS


def from_child(raw: bytes, name: str) -> list[tuple[str, str]]:
    with TemporaryFile() as file:
        file.write(json.dumps(OPTIONS.as_plain()).encode() + b"\n" + raw)
        file.seek(0)
        with begin(child.__name__, [name], file) as reader:
            said = reader.stdout.read()
    return [(one[0], one[2:]) for one in said.decode().splitlines()]


def test_the_limited_child_tells_it_all():
    book = openpyxl.Workbook()
    for row in (HEAD, ONE, but(number="2", code="TK-02", year="57"), ["", "", "Tổng cộng"]):
        book.active.append(row)
    stream = BytesIO()
    book.save(stream)
    told = from_child(stream.getvalue(), "danh-sach.xlsx")
    assert [kind for kind, _ in told] == ["U", "R", "P", "R", "S", "E"]
    assert json.loads(told[-1][1])["refused"] == 1
    assert json.loads(told[-1][1])["format"] == "xlsx"


def test_the_child_says_what_is_wrong_with_a_file():
    [(kind, sentence)] = from_child(b"PK\x03\x04 not a workbook", "danh-sach.xlsx")
    assert kind == "X"
    assert sentence.endswith(".")


def test_no_identity_number_is_told_whole_beside_its_value():
    """What is kept as a sample of a column, or as a bad cell's words, is not sealed as the value is."""
    book = openpyxl.Workbook()
    head = [*HEAD, "Số CCCD"]
    for row in (head, [*ONE, "038057000123"], [*but(number="2", code="TK-02"), "03805700012"]):
        book.active.append(row)
    stream = BytesIO()
    book.save(stream)
    told = from_child(stream.getvalue(), "danh-sach.xlsx")
    beside = " ".join(text for kind, text in told if kind in "UPE")
    assert "•••••••••123" in beside
    assert "••••••••012" in beside
    assert "038057" not in beside
