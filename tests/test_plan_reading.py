"""Plans in every format that offices send are read to the same truth, and planted defects are found."""

import zipfile
from dataclasses import replace
from datetime import date
from functools import partial
from io import BytesIO
from unittest.mock import ANY

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.papers import writers
from tests.papers.truth import ROWS, Truth
from tiepcan.common.folding import folded_key
from tiepcan.intake.document import Table, Unreadable
from tiepcan.intake.limited import read_limited
from tiepcan.intake.readers import text as text_reader
from tiepcan.plans.reading import read
from tiepcan.plans.reading.as_json import plain
from tiepcan.plans.reading.records import Indicator, Reading, Severity
from tiepcan.units.register import register

TELECOM, ASSET = Indicator.TELECOM_SERVICE, Indicator.INFORMATION_ASSET


def reading_of(paper: writers.Paper) -> Reading:
    return read(read_limited(*paper), register())


def codes(reading: Reading, *severities: Severity) -> list[str]:
    return [f.code for f in reading.findings if not severities or f.severity in severities]


WHOLE_PAPERS = {
    "utf-8": writers.utf8,
    "utf-8, decomposed letters": writers.utf8_decomposed,
    "utf-8 with a byte order mark": writers.utf8_with_mark,
    "utf-16": writers.utf16,
    "utf-16 without a mark": writers.utf16_big_without_mark,
    "windows-1258": writers.windows_1258,
    "tcvn3": writers.tcvn3,
    "vni": writers.vni,
    "docx": writers.docx,
    "docx over three pages": partial(writers.docx, pages=3),
    "docx with its head in a table": partial(writers.docx, head_in_table=True),
    "docx in .VnTime": partial(writers.docx, font=".VnTime"),
    "docx whose style is in .VnTime": partial(writers.docx, font=".VnTime", font_in_style=True),
    "docx in VNI-Times": partial(writers.docx, font="VNI-Times"),
    "pdf": writers.pdf,
    "pdf over three pages": partial(writers.pdf, pages=3),
    "xlsx": writers.xlsx,
    "xlsx with numbers as text": partial(writers.xlsx, numbers_as_text=True),
    "xlsx with a note sheet": partial(writers.xlsx, note_sheet=True),
    "xlsx with formulas without values": partial(writers.xlsx, formulas=True),
    "xls": writers.xls,
    "ods": writers.ods,
}
TABLES_ALONE = {
    "csv": writers.csv_file,
    "csv with semicolons": partial(writers.csv_file, delimiter=";"),
    "csv with tabs in utf-16": partial(writers.csv_file, delimiter="\t", encoding="utf-16"),
}


@pytest.mark.parametrize(
    "write", [*WHOLE_PAPERS.values(), *TABLES_ALONE.values()], ids=[*WHOLE_PAPERS, *TABLES_ALONE]
)
def test_the_table_is_read_to_the_same_truth(write):
    reading = reading_of(write(Truth()))
    assert [
        (u.matched_name, u.poor_households, u.targets[TELECOM], u.targets[ASSET]) for u in reading.units
    ] == ROWS
    assert reading.printed == reading.summed
    assert (
        reading.summed.poor_households,
        reading.summed.telecom_service,
        reading.summed.information_asset,
    ) == (Truth().totals)
    assert not reading.has_errors, reading.findings


@pytest.mark.parametrize("write", WHOLE_PAPERS.values(), ids=WHOLE_PAPERS)
def test_the_words_are_read_to_the_same_truth(write):
    reading = reading_of(write(Truth()))
    assert (reading.number, reading.symbol, reading.kind) == ("87", "KH-UBND", "Kế hoạch")
    assert (reading.issued_on, reading.place, reading.year) == (date(2019, 3, 3), "Thanh Hóa", 2019)
    assert reading.title == "Đưa dịch vụ thông tin đến hộ nghèo năm 2019"
    assert (reading.issuer or "").upper() == "ỦY BAN NHÂN DÂN THÀNH PHỐ THANH HÓA"
    [basis] = reading.legal_bases
    assert (basis.number, basis.symbol, basis.issued_on) == ("412", "QĐ-UBND", date(2019, 1, 28))
    assert {t.indicator: t.value for t in reading.targets} == {TELECOM: 57, ASSET: 7}
    # "trước ngày" leaves the day before; "chậm nhất ngày" leaves that day itself.
    assert [d.due_before for d in reading.deadlines] == [date(2019, 6, 20), date(2019, 12, 1)]
    assert [d.organisation for d in reading.duties] == ["Phòng Văn hóa và Thông tin", "UBND các phường, xã"]
    assert [r.text for r in reading.recipients] == [
        "Sở Thông tin và Truyền thông",
        "UBND các phường, xã",
        "Lưu: VT, VHTT",
    ]
    assert reading.signatory
    assert reading.signatory.name == "Nguyễn Văn Giả Tưởng"
    assert reading.signatory.position == "CHỦ TỊCH"
    assert "sentence_broken" not in codes(reading)


@pytest.mark.parametrize(
    ("write", "code"),
    [
        (writers.tcvn3, "encoding_converted"),
        (writers.vni, "encoding_converted"),
        (writers.windows_1258, "encoding_converted"),
        (partial(writers.docx, font=".VnTime"), "encoding_converted"),
        (partial(writers.xlsx, formulas=True), "formula_recomputed"),
        (partial(writers.xlsx, hidden_rows=(4,)), "row_hidden"),
    ],
)
def test_what_the_reader_had_to_do_is_told(write, code):
    assert code in codes(reading_of(write(Truth())))
    assert code not in codes(reading_of(writers.utf8(Truth())))


def renamed(index: int, name: str) -> list[tuple[str, int, int | None, int | None]]:
    return [(name, *row[1:]) if n == index else row for n, row in enumerate(ROWS)]


DEFECTS = {
    "a wrong printed total": (Truth(printed=(300, 57, 7)), "total_differs", Severity.ERROR),
    "a missing row": (
        Truth(rows=ROWS[:4] + ROWS[5:], orders=[1, 2, 3, 4, 6, 7, 8, 9, 10], body=(53, 6)),
        "row_missing",
        Severity.ERROR,
    ),
    "a unit twice": (Truth(rows=renamed(1, "Phường Đông Thọ")), "unit_duplicate", Severity.ERROR),
    "an unknown unit": (Truth(rows=renamed(1, "Phường Lạ Hoắc")), "unit_unknown", Severity.ERROR),
    "a name without its accents": (
        Truth(rows=renamed(1, "Phường Nam Ngan")),
        "unit_name_corrected",
        Severity.DOUBT,
    ),
    "a name with one wrong letter": (
        Truth(rows=renamed(9, "Xã Quảng Phụ")),
        "unit_name_corrected",
        Severity.DOUBT,
    ),
    "a ward called a commune": (Truth(rows=renamed(1, "Xã Nam Ngạn")), "unit_kind_differs", Severity.DOUBT),
    "a body that says otherwise": (Truth(body=(60, 7)), "body_table_conflict", Severity.ERROR),
    "a sentence that breaks off": (Truth(broken=True), "sentence_broken", Severity.DOUBT),
}


@pytest.mark.parametrize(
    "write", [writers.utf8, writers.docx, writers.pdf, writers.xlsx], ids=lambda w: w.__name__
)
@pytest.mark.parametrize(("truth", "code", "severity"), DEFECTS.values(), ids=DEFECTS)
def test_a_planted_defect_is_found_and_only_it(truth, code, severity, write):
    reading = reading_of(write(truth))
    serious = {(f.code, f.severity) for f in reading.findings if f.severity != Severity.NOTE}
    assert serious == {(code, severity)}, reading.findings


@pytest.mark.parametrize(
    "name", ["P. Nam Ngạn", "P.Nam Ngạn", "phường nam ngạn", "Nam Ngạn", "PHƯỜNG NAM NGẠN"]
)
def test_a_name_in_another_habit_of_writing_is_no_correction(name):
    reading = reading_of(writers.utf8(Truth(rows=renamed(1, name))))
    assert reading.units[1].matched_name == "Phường Nam Ngạn"
    assert "unit_name_corrected" not in codes(reading)


def test_a_table_typed_without_any_accents_is_matched_and_every_name_told():
    rows = [(folded_key(name).title(), *rest) for name, *rest in ROWS]
    reading = reading_of(writers.utf8(Truth(rows=rows)))
    assert [u.matched_name for u in reading.units] == [name for name, *_ in ROWS]
    assert codes(reading, Severity.DOUBT) == ["unit_name_corrected"] * len(ROWS)


def test_a_target_of_the_body_that_no_unit_shares_is_a_doubt():
    rows = [(name, poor, telecom, None) for name, poor, telecom, _ in ROWS]
    reading = reading_of(writers.utf8(Truth(rows=rows, body=(57, 7), printed=(299, 57, 0))))
    assert codes(reading, Severity.ERROR, Severity.DOUBT) == ["body_table_conflict"]


def test_a_year_that_no_plan_means_is_none():
    text = writers.as_text(Truth()).replace("hộ nghèo năm 2019\n", "hộ nghèo năm 0000\n")
    text = text.replace("ngày 03 tháng 3 năm 2019", "ngày tháng năm")
    reading = reading_of((text.encode(), "a.txt"))
    assert reading.title is not None
    assert reading.title.endswith("0000")
    assert reading.year is None


def test_an_empty_cell_is_no_target_and_not_zero():
    reading = reading_of(writers.utf8(Truth()))
    assert reading.units[0].targets[ASSET] is None


def test_units_that_the_table_leaves_out_are_named():
    reading = reading_of(writers.utf8(Truth()))
    assert codes(reading).count("units_not_listed") == 37 - len(ROWS)


def test_a_merged_cell_says_its_words_once():
    document = read_limited(*writers.docx(Truth()))
    cells = [
        cell
        for table in document.blocks
        if isinstance(table, Table)
        for row in table.rows
        for cell in row.cells
    ]
    assert cells.count("Chỉ tiêu năm 2019") == 1
    assert cells.count("STT") == 1


def test_lines_that_head_a_group_and_column_numbers_are_not_units():
    text = writers.as_text(Truth())
    first = "1\tPhường Hàm Rồng"
    dressed = text.replace(first, f"(1)\t(2)\t(3)\t(4)\t(5)\nI\tCác phường\t153\t28\t3\n{first}")
    assert dressed != text
    assert reading_of((dressed.encode(), "a.txt")).units == [
        replace(unit, source=ANY) for unit in reading_of(writers.utf8(Truth())).units
    ]


@pytest.mark.parametrize(
    ("cell", "value"),
    [("022", 22), ("22 hộ", 22), ("1.022", 1022), ("8,5", None), ("khoảng 20", None), ("9" * 5000, None)],
)
def test_a_count_is_a_whole_number_or_is_told(cell, value):
    text = writers.as_text(Truth()).replace("Phường Nam Ngạn\t22", f"Phường Nam Ngạn\t{cell}")
    reading = reading_of((text.encode(), "a.txt"))
    assert reading.units[1].poor_households == value
    assert ("number_unclear" in codes(reading, Severity.ERROR)) == (value is None)


@pytest.mark.parametrize("name", ["Cộng Hòa", "Toàn Thắng", "Tòng Bạt"])
def test_a_commune_whose_name_sounds_like_a_total_is_a_unit(name):
    reading = reading_of(writers.utf8(Truth(rows=renamed(1, name))))
    assert len(reading.units) == len(ROWS)
    assert reading.printed == reading.summed


@pytest.mark.parametrize("day", ["31/12/9999", "1/1/0001", "30/2/2019"])
def test_a_day_that_no_paper_means_is_a_doubt(day):
    text = writers.as_text(Truth()).replace("20/6/2019", day)
    reading = reading_of((text.encode(), "a.txt"))
    assert "not_in_file" in codes(reading, Severity.DOUBT)
    assert [d.due_before for d in reading.deadlines] == [date(2019, 12, 1)]


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_no_damage_to_the_words_stops_the_reading(data):
    """Pieces of a plan in any order, cut anywhere, with anything between: something is always read."""
    text = writers.as_text(Truth())
    pieces = []
    for _ in range(data.draw(st.integers(1, 8))):
        start = data.draw(st.integers(0, len(text)))
        pieces.append(text[start : start + data.draw(st.integers(0, 900))])
        pieces.append(
            data.draw(st.text(st.sampled_from("0123456789/.-,;:\t\n IVXĐđạSố:ngàyhộ"), max_size=40))
        )
    plain(read(text_reader.read_text("".join(pieces).encode()), register()))


def test_a_scan_is_said_to_be_one():
    reading = reading_of(writers.scanned_pdf())
    assert "scan_without_text" in codes(reading, Severity.ERROR)


def test_a_decision_with_other_indicators_is_read_as_far_as_it_goes():
    paper = (
        "ỦY BAN NHÂN DÂN\nTỈNH BẮC VÍ DỤ\nSố: 05/QĐ-UBND\nBắc Ví Dụ, ngày 02 tháng 01 năm 2021\nQUYẾT ĐỊNH\n"
        "Về việc giao chỉ tiêu nước sạch năm 2021\nCăn cứ Luật Tổ chức chính quyền địa phương ngày 19/6/2015;\n"
        "Điều 1. Giao 120 hộ nghèo được dùng nước sạch.\nNơi nhận:\n- Lưu: VT.\nCHỦ TỊCH\nTrần Thị Ví Dụ\n"
    )
    reading = reading_of((paper.encode(), "quyet-dinh.txt"))
    assert (reading.number, reading.symbol, reading.kind) == ("05", "QĐ-UBND", "Quyết định")
    assert reading.issued_on == date(2021, 1, 2)
    assert (reading.targets, reading.units, reading.deadlines) == ([], [], [])
    assert codes(reading).count("not_in_file") == 4  # targets, units, deadlines, duties
    assert not reading.has_errors


COMMUNE_PLAN = """\
UBND THÀNH PHỐ VÍ DỤ
ỦY BAN NHÂN DÂN XÃ ĐỒNG MẪU
Số: 12/KH-UBND
Đồng Mẫu, ngày 05 tháng 02 năm 2022
KẾ HOẠCH
Thực hiện Dự án 6 về giảm nghèo thông tin
trên địa bàn xã Đồng Mẫu năm 2022
Căn cứ Luật Tổ chức chính quyền địa phương ngày 19 tháng 6 năm 2015;
Căn cứ Nghị định số 07/2021/NĐ-CP ngày 27/01/2021 của Chính phủ quy định chuẩn nghèo đa chiều giai đoạn 2021 - 2025;
I. CHỈ TIÊU
- Hỗ trợ 06 hộ nghèo, hộ cận nghèo thiếu hụt dịch vụ viễn thông; ngân sách 25.000.000 đồng.
II. TỔ CHỨC THỰC HIỆN
1. Công chức Văn hóa - Xã hội: Tổng hợp báo cáo trước ngày 15 tháng 6 năm 2022 và trước ngày 15/12/2022.
2. Đài truyền thanh xã
- Gửi lịch phát thanh chậm nhất ngày 25 hằng tháng.
Trên đây là Kế hoạch của UBND xã./.
Nơi nhận:
- Lưu: VT.
TM. ỦY BAN NHÂN DÂN
KT. CHỦ TỊCH
PHÓ CHỦ TỊCH
Lê Thị Mô Phỏng
"""


def test_a_communes_own_plan_is_read_as_far_as_it_goes():
    reading = reading_of((COMMUNE_PLAN.encode(), "ke-hoach-xa.txt"))
    assert reading.title == "Thực hiện Dự án 6 về giảm nghèo thông tin trên địa bàn xã Đồng Mẫu năm 2022"
    assert reading.issuer == "ỦY BAN NHÂN DÂN XÃ ĐỒNG MẪU"
    assert [(b.kind, b.number, b.symbol, b.subject) for b in reading.legal_bases] == [
        ("Luật", None, None, "Tổ chức chính quyền địa phương"),
        ("Nghị định", "07", "2021/NĐ-CP", "quy định chuẩn nghèo đa chiều giai đoạn 2021 - 2025"),
    ]
    assert [(t.indicator, t.value) for t in reading.targets] == [(TELECOM, 6)]
    assert [(d.due_before, d.what) for d in reading.deadlines] == [
        (date(2022, 6, 15), "Tổng hợp báo cáo"),
        (date(2022, 12, 15), "Tổng hợp báo cáo"),
    ]
    assert [d.organisation for d in reading.duties] == ["Công chức Văn hóa - Xã hội", "Đài truyền thanh xã"]
    assert reading.signatory
    assert reading.signatory.authority == "TM. ỦY BAN NHÂN DÂN, KT. CHỦ TỊCH"
    # A day that comes back every month is no date: a person is asked.
    assert codes(reading, Severity.DOUBT) == ["not_in_file"]


def test_whom_a_paper_is_for_is_no_part_of_its_title():
    paper = (
        "SỞ VÍ DỤ\nSố:    /TB-SVD\nTHÔNG BÁO\nKết luận họp\nKính gửi: các phòng.\nNgày 02/3/2020, Sở họp.\n"
    )
    reading = reading_of((paper.encode(), "thong-bao.txt"))
    assert (reading.title, reading.number, reading.symbol) == ("Kết luận họp", None, "TB-SVD")


def a_bomb() -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"\0" * (200 * 2**20))
    return out.getvalue()


@pytest.mark.parametrize(
    ("raw", "name", "sentence"),
    [
        (b"", "a.txt", "Tệp trống"),
        (b"   \n ", "a.csv", "Tệp trống"),
        (b"PK\x03\x04 broken", "a.docx", "Tệp bị hỏng"),
        (b"%PDF-1.4 broken", "a.pdf", "Tệp bị hỏng"),
        (b"{\\rtf1 something}", "a.docx", "RTF"),
        (b"\xd0\xcf\x11\xe0" + "WordDocument".encode("utf-16-le"), "a.doc", "Word đời cũ"),
        (b"\xd0\xcf\x11\xe0 nothing more", "a.xls", "Tệp bị hỏng"),
        (b"\x89PNG\r\n\x1a\n" + b"\x00\x9f" + b"\xc3\x28" * 90, "a.png", "Không"),
        (writers.docx(Truth())[0][:4000], "a.docx", "Tệp bị hỏng"),
        (a_bomb(), "a.docx", "quá nhiều dữ liệu"),
        (b"x" * (31 * 2**20), "a.txt", "nặng hơn 30 MB"),
        (b"x" * 30_000, "a.txt", "dài hơn mọi văn bản"),
        (b"x\n" * 30_000, "a.txt", "dài hơn mọi văn bản"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_file_that_cannot_be_read_gets_a_sentence(raw, name, sentence):
    with pytest.raises(Unreadable, match=sentence):
        read_limited(raw, name)
