"""Papers look as Decree 30/2020/NĐ-CP, Appendix I, asks: each is written, opened again and compared with it."""

import io
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime

import docx
import pytest
import time_machine
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.oxml.ns import qn
from docx.table import Table
from docx.text.paragraph import Paragraph
from reportlab.pdfbase.pdfmetrics import stringWidth

from tiepcan.paperwork.writing import decree, numbers
from tiepcan.paperwork.writing.docx import write_docx
from tiepcan.paperwork.writing.letters import length_mm, longest_line_mm
from tiepcan.paperwork.writing.records import (
    Annex,
    Grid,
    HeadCell,
    Heading,
    Paper,
    Point,
    Section,
    Signature,
    Text,
)

FOUR = tuple(HeadCell(text) for text in ("Chỉ tiêu", "Đã ghi nhận", "Đã xác minh", "Tỷ lệ (%)"))
RESULTS = Grid(
    heads=(
        (
            HeadCell("STT", down=2),
            HeadCell("Phường, xã", down=2),
            HeadCell("Hộ nghèo cuối năm 2018", down=2),
            HeadCell("Dịch vụ viễn thông", across=4),
            HeadCell("Tài sản", across=4),
        ),
        (*FOUR, *FOUR),
    ),
    rows=tuple(
        (str(n), f"Phường số {n}", "26", "6", "3", "2", "33,3", "1", "1", "0", "0,0") for n in range(1, 36)
    ),
    total=("", "Tổng cộng", "920", "200", "120", "90", "45,0", "21", "12", "9", "42,9"),
    widths_mm=(11, 37, 17, *(12.5,) * 8),
    align=("center", "left", *("right",) * 9),
)
REPORT = Paper(
    parent_body="UBND tỉnh Thanh Hóa",
    issuing_body="Ủy ban nhân dân thành phố Thanh Hóa",
    symbol="BC-UBND",
    place="Thanh Hóa",
    kind="Báo cáo",
    title="Kết quả thực hiện kế hoạch giảm nghèo thông tin 6 tháng đầu năm 2019",
    number="5",
    issued_on=date(2019, 2, 5),
    addressed_to=("Sở Thông tin và Truyền thông",),
    bases=("Căn cứ Quyết định số 353/QĐ-UBND", "Căn cứ Kế hoạch số 113/KH-STTTT;"),
    body=(
        Text("Ủy ban nhân dân thành phố báo cáo như sau:"),
        Section("I. Tình hình triển khai"),
        Heading("1. Công tác chỉ đạo"),
        Point("a) Dịch vụ viễn thông: 90/200 hộ."),
        Text("Trên đây là báo cáo của thành phố./."),
    ),
    signature=Signature(("TM. Ủy ban nhân dân", "KT. Chủ tịch"), "Phó Chủ tịch", "Nguyễn Văn Giả Tưởng"),
    recipients=("Như trên", "- UBND các phường, xã;"),
    drafting="VHTT",
    annexes=(Annex("Kết quả theo phường, xã", "Báo cáo số 05/BC-UBND", (RESULTS,), landscape=True),),
)


def opened(paper: Paper):
    return docx.Document(io.BytesIO(write_docx(paper)))


def every_paragraph(document) -> list[Paragraph]:
    return [Paragraph(p, document) for p in document.element.body.iter(qn("w:p"))]


def texts(paper: Paper) -> list[str]:
    return [p.text for p in every_paragraph(opened(paper)) if p.text]


def the(document, text: str) -> Paragraph:
    [found] = [p for p in every_paragraph(document) if p.text == text]
    return found


def looks(p: Paragraph) -> tuple[float, str, str]:
    """Size, bold or italic, and alignment, as the paragraph's style sets them."""
    font = p.style.font
    shape = " ".join(word for word, on in (("bold", font.bold), ("italic", font.italic)) if on)
    return font.size.pt, shape or "upright", p.style.paragraph_format.alignment.name.lower()


def rule_below(p: Paragraph) -> tuple[float, bool]:
    """Length in millimetres of the space the rule leaves on both sides, and whether it stands in the middle."""
    rule = p._p.getnext()
    assert rule.pPr.find(qn("w:pBdr")).find(qn("w:top")).get(qn("w:val")) == "single"
    indent = Paragraph(rule, p._parent).paragraph_format
    return indent.left_indent.mm + indent.right_indent.mm, indent.left_indent == indent.right_indent


def grid_of(document) -> Table:
    return document.tables[-1]


def row_property(row, tag: str) -> bool:
    return row._tr.trPr is not None and row._tr.trPr.find(qn(tag)) is not None


def test_the_page_is_a4_with_the_margins_of_the_decree():
    section = opened(REPORT).sections[0]
    sizes = [section.page_width, section.page_height]
    sizes += [section.top_margin, section.bottom_margin, section.left_margin, section.right_margin]
    assert [round(size.mm) for size in sizes] == [210, 297, 20, 20, 30, 15]
    assert section.orientation == WD_ORIENT.PORTRAIT


def test_every_letter_is_in_times_new_roman_whatever_its_script():
    document = opened(REPORT)
    fonts = list(document.styles.element.iter(qn("w:rFonts")))
    assert len(fonts) == len(decree.STYLES) + 1
    for script in ("ascii", "hAnsi", "eastAsia", "cs"):
        assert {font.get(qn(f"w:{script}")) for font in fonts} == {"Times New Roman"}
    assert list(document.element.body.iter(qn("w:rFonts"))) == []


def test_every_paragraph_has_a_style_that_exists():
    document = opened(REPORT)
    known = {style.style_id for style in document.styles}
    parts = [document.element.body, *(s.header._element for s in document.sections)]
    used = {p.get(qn("w:val")) for part in parts for p in part.iter(qn("w:pStyle"))}
    unstyled = [p for part in parts for p in part.iter(qn("w:p")) if p.find(f".//{qn('w:pStyle')}") is None]
    assert used <= known
    assert unstyled == []


def test_the_page_number_is_centred_in_the_top_margin_and_not_on_page_1():
    section = opened(REPORT).sections[0]
    [number] = section.header.paragraphs
    assert number._p.find(qn("w:fldSimple")).get(qn("w:instr")).strip() == "PAGE"
    assert looks(number) == (13, "upright", "center")
    assert section.header_distance.mm + 13 * 25.4 / 72 * 1.15 < section.top_margin.mm
    assert section.different_first_page_header_footer
    assert [p._p.find(qn("w:fldSimple")) for p in section.first_page_header.paragraphs] == [None]


def test_the_address_stands_at_the_foot_of_page_1_alone_under_a_rule_across_the_page():
    document = opened(replace(REPORT, foot_note="Địa chỉ: số 1 đường Ví Dụ"))
    paper, annex = document.sections
    _, address = paper.first_page_footer.paragraphs
    assert (address.text, looks(address)) == ("Địa chỉ: số 1 đường Ví Dụ", (11, "upright", "center"))
    rule = paper.first_page_footer.paragraphs[0]
    assert rule._p.pPr.find(qn("w:pBdr")) is not None
    assert rule.paragraph_format.left_indent.mm == rule.paragraph_format.right_indent.mm == 0
    assert paper.footer.is_linked_to_previous
    assert [p.text for p in annex.first_page_footer.paragraphs] == [""]


def test_the_head_is_a_table_of_66_and_99_mm_without_margins_in_its_cells():
    head = opened(REPORT).tables[0]
    assert [[round(cell.width.mm) for cell in row.cells] for row in head.rows] == [[66, 99], [66, 99]]
    assert not head.autofit
    margins = head._tbl.tblPr.find(qn("w:tblCellMar"))
    assert {margin.get(qn("w:w")) for margin in margins} == {"0"}


def test_the_national_title_fits_on_one_line_of_its_cell():
    assert length_mm(decree.NATIONAL_TITLE, decree.NATIONAL.size) < decree.HEAD_WIDTHS[1]


def test_the_head_of_the_paper_is_set_as_the_decree_says():
    document = opened(REPORT)
    assert {
        p.text: looks(p) for row in document.tables[0].rows for c in row.cells for p in c.paragraphs if p.text
    } == {
        "UBND TỈNH THANH HÓA": (13, "upright", "center"),
        "ỦY BAN NHÂN DÂN THÀNH PHỐ THANH HÓA": (13, "bold", "center"),
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM": (13, "bold", "center"),
        "Độc lập - Tự do - Hạnh phúc": (14, "bold", "center"),
        "Số: 05/BC-UBND": (13, "upright", "center"),
        "Thanh Hóa, ngày 05 tháng 02 năm 2019": (13, "italic", "center"),
    }


def test_the_number_stands_on_the_line_of_the_place_and_the_day():
    number, place = opened(REPORT).tables[0].rows[1].cells
    assert (number.text, place.text) == ("Số: 05/BC-UBND", "Thanh Hóa, ngày 05 tháng 02 năm 2019")


def test_the_rule_below_the_motto_is_as_long_as_the_motto():
    beside, centred = rule_below(the(opened(REPORT), decree.MOTTO))
    assert centred
    assert 99 - beside == pytest.approx(length_mm(decree.MOTTO, 14), abs=0.1)


@pytest.mark.parametrize(
    "body", ["Ủy ban nhân dân thành phố Thanh Hóa", "UBND", "ỦY BAN NHÂN DÂN\nXÃ ĐÔNG VINH"]
)
def test_the_rule_below_the_issuing_body_is_a_third_to_a_half_of_the_line(body):
    beside, centred = rule_below(the(opened(replace(REPORT, issuing_body=body)), body.upper()))
    assert centred
    assert 1 / 3 <= (66 - beside) / longest_line_mm(body.upper(), 13, 66) <= 1 / 2


def test_kind_and_title_are_centred_and_bold_above_a_short_rule():
    document = opened(REPORT)
    assert looks(the(document, "BÁO CÁO")) == (14, "bold", "center")
    title = the(document, REPORT.title)
    assert looks(title) == (14, "bold", "center")
    beside, centred = rule_below(title)
    assert centred
    assert 1 / 3 <= (165 - beside) / longest_line_mm(REPORT.title, 14, 165) <= 1 / 2


def test_a_body_without_a_parent_stands_alone():
    cell = opened(replace(REPORT, parent_body=None)).tables[0].rows[0].cells[0]
    assert [p.text for p in cell.paragraphs if p.text] == ["ỦY BAN NHÂN DÂN THÀNH PHỐ THANH HÓA"]


def test_a_letter_has_its_title_under_its_number():
    letter = opened(replace(REPORT, kind="", title="báo cáo kết quả", symbol="UBND-VHTT", annexes=()))
    number, title = letter.tables[0].rows[1].cells[0].paragraphs
    assert (number.text, title.text) == ("Số: 05/UBND-VHTT", "V/v báo cáo kết quả")
    assert looks(title) == (12, "upright", "center")
    assert title.style.paragraph_format.space_before.pt == 6
    assert next(p.text for p in letter.paragraphs if p.text).startswith("Kính gửi")


@pytest.mark.parametrize(
    ("number", "written"), [("5", "05"), ("05", "05"), (" 146 ", "146"), ("10", "10"), ("146a", "146a")]
)
def test_a_number_below_ten_gets_a_leading_zero(number, written):
    assert numbers.number_line(number, "BC-UBND") == f"Số: {written}/BC-UBND"


@pytest.mark.parametrize("number", [None, "", " "])
def test_a_number_not_given_yet_leaves_room_to_write_it(number):
    assert numbers.number_line(number, "BC-UBND") == f"Số:{numbers.ROOM}/BC-UBND"


@pytest.mark.parametrize(
    ("day", "phrase"),
    [
        (date(2019, 2, 5), "ngày 05 tháng 02 năm 2019"),
        (date(2019, 1, 31), "ngày 31 tháng 01 năm 2019"),
        (date(2019, 3, 10), "ngày 10 tháng 3 năm 2019"),
        (date(2019, 12, 9), "ngày 09 tháng 12 năm 2019"),
    ],
)
def test_days_below_ten_and_the_first_two_months_get_a_leading_zero(day, phrase):
    assert numbers.day_phrase(day) == phrase


def test_a_day_not_given_yet_leaves_room_to_write_it():
    room = numbers.ROOM
    draft = replace(REPORT, number=None, issued_on=None, year=2019)
    assert f"Thanh Hóa, ngày{room}tháng{room}năm 2019" in texts(draft)
    assert f"Thanh Hóa, ngày{room}tháng{room}năm{room}" in texts(replace(draft, year=None))


def test_a_paper_is_named_by_kind_number_day_and_issuer():
    named = numbers.reference(
        kind="Báo cáo", number="5", symbol="BC-UBND", day=date(2019, 6, 12), issuer="UBND thành phố"
    )
    assert named == "Báo cáo số 05/BC-UBND ngày 12 tháng 6 năm 2019 của UBND thành phố"


@pytest.mark.parametrize(("number", "roman"), [(1, "I"), (4, "IV"), (9, "IX"), (14, "XIV"), (49, "XLIX")])
def test_annexes_are_numbered_with_roman_numerals(number, roman):
    assert numbers.roman(number) == roman


def test_one_addressee_stands_on_the_line_of_the_word():
    addressed = the(opened(REPORT), "Kính gửi: Sở Thông tin và Truyền thông")
    assert looks(addressed) == (14, "upright", "center")


def test_several_addressees_stand_on_lines_of_their_own():
    document = opened(replace(REPORT, addressed_to=("Sở Nội vụ", "Sở Tài chính;", " ")))
    found = [p.text for p in document.paragraphs if p.text]
    assert found[2:5] == ["Kính gửi:", "- Sở Nội vụ;", "- Sở Tài chính."]
    left = {p: the(document, p).style.paragraph_format.left_indent.mm for p in found[2:5]}
    colon = left["Kính gửi:"] + stringWidth("Kinh gui:", "Times-Roman", 14) * 25.4 / 72
    assert left["- Sở Nội vụ;"] == left["- Sở Tài chính."] == pytest.approx(colon, abs=1.5)


def test_bases_are_italic_and_end_in_semicolons_and_a_last_point():
    document = opened(REPORT)
    for line in ("Căn cứ Quyết định số 353/QĐ-UBND;", "Căn cứ Kế hoạch số 113/KH-STTTT."):
        assert looks(the(document, line)) == (14, "italic", "justify")


def test_the_text_is_justified_with_its_first_line_set_in():
    p = the(opened(REPORT), "Ủy ban nhân dân thành phố báo cáo như sau:")
    assert looks(p) == (14, "upright", "justify")
    layout = p.style.paragraph_format
    assert layout.first_line_indent.cm == pytest.approx(1.27, abs=0.01)
    assert layout.space_after.pt >= 6
    assert 1 <= layout.line_spacing <= 1.5


def test_sections_headings_and_points_are_told_apart():
    document = opened(REPORT)
    assert looks(the(document, "I. TÌNH HÌNH TRIỂN KHAI")) == (14, "bold", "justify")
    assert looks(the(document, "1. Công tác chỉ đạo")) == (14, "bold", "justify")
    assert looks(the(document, "a) Dịch vụ viễn thông: 90/200 hộ.")) == (14, "upright", "justify")


def test_sections_and_headings_can_be_walked_through_and_stay_with_their_text():
    document = opened(REPORT)
    for text, style in (("I. TÌNH HÌNH TRIỂN KHAI", "Heading 1"), ("1. Công tác chỉ đạo", "Heading 2")):
        assert the(document, text).style.name == style
        assert the(document, text).style.paragraph_format.keep_with_next


def test_a_line_break_in_the_text_starts_a_paragraph():
    found = texts(replace(REPORT, body=(Text("Dòng một\r\nDòng hai\n\n"),)))
    assert found[found.index("Dòng một") + 1] == "Dòng hai"
    assert "" not in [t.strip() for t in found]


def test_signature_and_recipients_begin_on_one_line():
    row = opened(replace(REPORT, annexes=())).tables[-1].rows[0]
    left, right = ([p.text for p in cell.paragraphs] for cell in row.cells)
    assert left == ["Nơi nhận:", "- Như trên;", "- UBND các phường, xã;", "- Lưu: VT, VHTT."]
    assert right == ["TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH", "Nguyễn Văn Giả Tưởng"]
    assert row_property(row, "w:cantSplit")


def test_signature_and_recipients_are_set_as_the_decree_says():
    document = opened(REPORT)
    assert looks(the(document, "Nơi nhận:")) == (12, "bold italic", "left")
    assert looks(the(document, "- Lưu: VT, VHTT.")) == (11, "upright", "left")
    assert looks(the(document, "KT. CHỦ TỊCH")) == (14, "bold", "center")
    assert looks(the(document, "Nguyễn Văn Giả Tưởng")) == (14, "bold", "center")


def test_there_is_room_to_sign_above_the_name():
    name = the(opened(REPORT), "Nguyễn Văn Giả Tưởng")
    assert name.style.paragraph_format.space_before.mm > 20


def test_the_signature_does_not_stand_alone_on_its_page():
    assert the(opened(REPORT), "Trên đây là báo cáo của thành phố./.").paragraph_format.keep_with_next


def test_the_copy_kept_is_told_when_nobody_else_receives_one():
    assert "- Lưu: VT." in texts(replace(REPORT, recipients=(), drafting="", signature=None))


def test_an_annex_is_a_section_on_its_own_side_of_the_paper_with_its_own_page_numbers():
    paper, annex = opened(REPORT).sections
    assert annex.orientation == WD_ORIENT.LANDSCAPE
    assert [round(side.mm) for side in (annex.page_width, annex.page_height)] == [297, 210]
    for section in (paper, annex):
        assert section._sectPr.find(qn("w:pgNumType")).get(qn("w:start")) == "1"
    assert annex.different_first_page_header_footer
    assert annex.header.is_linked_to_previous


def test_the_side_of_one_annex_does_not_turn_the_next():
    upright = Annex("Danh sách", None, (Text("Nội dung."),))
    sections = opened(replace(REPORT, annexes=(*REPORT.annexes, upright))).sections
    widths = [round(section.page_width.mm) for section in sections]
    assert widths == [210, 297, 210]


def test_an_annex_says_what_it_is_attached_to():
    document = opened(REPORT)
    assert looks(the(document, "Phụ lục")) == (14, "bold", "center")
    assert looks(the(document, "KẾT QUẢ THEO PHƯỜNG, XÃ")) == (14, "bold", "center")
    assert looks(the(document, "(Kèm theo Báo cáo số 05/BC-UBND)")) == (14, "italic", "center")


def test_annexes_have_numbers_when_there_are_two():
    other = Annex("Danh sách", None, (Text("Nội dung."),))
    found = texts(replace(REPORT, annexes=(*REPORT.annexes, other)))
    assert [t for t in found if t.startswith("Phụ lục")] == ["Phụ lục I", "Phụ lục II"]


def test_the_end_of_a_section_cannot_run_over_to_an_empty_page():
    [ending] = [p for p in opened(REPORT).paragraphs if p._p.find(f".//{qn('w:sectPr')}") is not None]
    assert ending.style.paragraph_format.line_spacing.pt == 1


def test_the_head_of_a_table_is_repeated_on_each_page_and_marked_as_its_head():
    rows = grid_of(opened(REPORT)).rows
    assert [row_property(row, "w:tblHeader") for row in rows] == [True, True, *[False] * 36]
    look = grid_of(opened(REPORT))._tbl.tblPr.find(qn("w:tblLook"))
    assert look.get(qn("w:firstRow")) == "1"


def test_no_row_breaks_over_pages():
    rows = [row for table in opened(REPORT).tables for row in table.rows]
    assert len(rows) == 2 + 1 + 38
    assert all(row_property(row, "w:cantSplit") for row in rows)


def test_head_cells_reach_over_columns_and_rows():
    upper, lower = ([cell.text for cell in row.cells] for row in grid_of(opened(REPORT)).rows[:2])
    assert upper == [
        "STT",
        "Phường, xã",
        "Hộ nghèo cuối năm 2018",
        *["Dịch vụ viễn thông"] * 4,
        *["Tài sản"] * 4,
    ]
    assert lower == [*upper[:3], *[cell.text for cell in FOUR] * 2]


def test_the_lower_head_row_is_high_enough_for_what_reaches_down_into_it():
    lower = grid_of(opened(REPORT)).rows[1]
    # Five lines of 12 points in a column of 17 mm, one of them beside the upper row.
    assert lower.height.pt == pytest.approx(4 * 12 * 1.15, abs=0.1)


def test_cells_follow_the_alignment_of_their_column():
    row = grid_of(opened(REPORT)).rows[2]
    assert [cell.paragraphs[0].alignment for cell in row.cells[:3]] == [ALIGN.CENTER, None, ALIGN.RIGHT]
    assert looks(row.cells[1].paragraphs[0]) == (12, "upright", "left")


def test_the_total_is_bold_and_never_alone_on_its_page():
    *_, last, total = grid_of(opened(REPORT)).rows
    assert {cell.paragraphs[0].style.font.bold for cell in total.cells} == {True}
    assert {cell.paragraphs[0].paragraph_format.keep_with_next for cell in last.cells} == {True}


def test_a_table_has_rules_and_a_name_for_who_cannot_see_it():
    properties = grid_of(opened(REPORT))._tbl.tblPr
    assert {line.get(qn("w:val")) for line in properties.find(qn("w:tblBorders"))} == {"single"}
    assert properties.find(qn("w:tblCaption")).get(qn("w:val")) == "Kết quả theo phường, xã"


def test_a_caption_stands_above_its_table():
    document = opened(replace(REPORT, body=(replace(RESULTS, caption="Bảng 1. Kết quả"),), annexes=()))
    caption = the(document, "Bảng 1. Kết quả")
    assert caption._p.getnext().tag == qn("w:tbl")
    assert caption.style.paragraph_format.keep_with_next


def test_a_table_too_wide_is_shrunk_to_the_page():
    wide = replace(RESULTS, widths_mm=(22, 74, 34, *(25.0,) * 8))
    table = opened(replace(REPORT, body=(wide,), annexes=())).tables[1]
    widths = [cell.width.mm for cell in table.rows[2].cells]
    assert sum(widths) == pytest.approx(165, abs=0.3)
    assert widths[1] == pytest.approx(37, abs=0.1)


def test_two_tables_do_not_grow_together():
    document = opened(replace(REPORT, body=(RESULTS, RESULTS), annexes=()))
    assert all(table._tbl.getnext().tag == qn("w:p") for table in document.tables)


@pytest.mark.parametrize(
    "wrong",
    [
        {"rows": (("1", "Phường"),)},
        {"total": ("", "Tổng")},
        {"align": ("left",)},
        {"widths_mm": (), "rows": (), "total": None, "align": (), "heads": ()},
        {"widths_mm": (0, 37, 17, *(12.5,) * 8)},
        {"heads": ((HeadCell("STT"),),)},
        {"heads": ((HeadCell("Quá rộng", across=12),),)},
        {"heads": ((HeadCell("Quá cao", across=11, down=2),),)},
        {"heads": ((HeadCell("Đủ", across=11), HeadCell("Thừa")),)},
        {"heads": ((HeadCell("Trên", across=11, down=2),), (HeadCell("Dưới"),))},
        {
            "heads": (
                (HeadCell("A"), HeadCell("B", down=2), HeadCell("C", across=9)),
                (HeadCell("Đè lên B", across=2), HeadCell("C", across=9)),
            )
        },
    ],
)
def test_a_table_that_cannot_be_drawn_is_refused(wrong):
    with pytest.raises(ValueError, match=r"."):
        replace(RESULTS, **wrong)


@pytest.mark.parametrize("cell", [HeadCell("Không", across=0), HeadCell("Không", across=11, down=0)])
def test_a_head_cell_over_no_column_or_no_row_is_refused(cell):
    with pytest.raises(ValueError, match="does not fit"):
        replace(RESULTS, heads=((cell,),))


def test_the_same_content_gives_the_same_bytes_at_any_time():
    with time_machine.travel(datetime(2026, 1, 1, tzinfo=UTC), tick=False):
        first = write_docx(REPORT)
    with time_machine.travel(datetime(2026, 7, 1, 12, 30, tzinfo=UTC), tick=False):
        assert write_docx(REPORT) == first
    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        assert {entry.date_time[0] for entry in archive.infolist()} == {1980}
        assert {entry.compress_type for entry in archive.infolist()} == {zipfile.ZIP_STORED}


def test_another_content_gives_other_bytes():
    assert write_docx(replace(REPORT, number="6")) != write_docx(REPORT)


def test_the_file_tells_its_title_its_language_and_its_day_and_no_machine():
    properties = opened(REPORT).core_properties
    assert properties.title == f"Báo cáo {REPORT.title}"
    assert (properties.author, properties.language) == (REPORT.issuing_body, "vi-VN")
    assert properties.created.date() == properties.modified.date() == REPORT.issued_on
    assert (properties.last_modified_by, properties.comments) == ("", "")
    draft = opened(replace(REPORT, issued_on=None)).core_properties
    assert (draft.created, draft.modified) == (None, None)


def test_the_file_carries_nothing_of_the_template_it_began_with():
    with zipfile.ZipFile(io.BytesIO(write_docx(REPORT))) as archive:
        names = archive.namelist()
        whole = b"".join(archive.read(name) for name in names)
    assert [n for n in names if n.endswith((".jpeg", "app.xml", "theme1.xml")) or "customXml" in n] == []
    assert [word for word in (b"python-docx", b"Calibri", b"Macintosh", b"en-US") if word in whole] == []


def test_the_spelling_of_the_whole_text_is_checked_as_vietnamese():
    language = opened(REPORT).styles.element.find(f".//{qn('w:lang')}")
    assert language.get(qn("w:val")) == "vi-VN"


NASTY = "".join(chr(n) for n in range(32)) + "\x7f\x85\u202e\ud800\ufffe\uffff"


def test_characters_that_no_file_may_hold_are_dropped_wherever_they_are_typed():
    typed = Grid(
        heads=((HeadCell(f"Đầu{NASTY}"),),),
        rows=((f"Ô{NASTY}",),),
        total=(f"Tổng{NASTY}",),
        widths_mm=(50,),
        align=("left",),
        caption=f"Bảng{NASTY}",
    )
    paper = Paper(
        *(f"chữ{NASTY}" for _ in range(7)),
        addressed_to=(f"chữ{NASTY}",),
        bases=(f"chữ{NASTY}",),
        body=tuple(block(f"chữ{NASTY}") for block in (Text, Section, Heading, Point)),
        signature=Signature((f"chữ{NASTY}",), f"chữ{NASTY}", f"chữ{NASTY}"),
        recipients=(f"chữ{NASTY}",),
        drafting=f"chữ{NASTY}",
        annexes=(Annex(f"chữ{NASTY}", f"chữ{NASTY}", (typed,)),),
        foot_note=f"chữ{NASTY}",
    )
    document = opened(paper)
    written = "".join(p.text for p in every_paragraph(document)) + document.core_properties.title
    assert {c for c in written if ord(c) < 32 or c in NASTY} <= {"\n", " "}


def test_letters_typed_in_pieces_are_put_together():
    assert "Tỷ lệ" in texts(replace(REPORT, body=(Text("Ty\u0309 le\u0323\u0302"),)))


def test_a_mark_that_means_something_in_xml_is_only_a_letter():
    assert 'A & B <w:br/> "C"' in texts(replace(REPORT, body=(Text('A & B <w:br/> "C"'),)))


def test_a_long_title_is_cut_only_in_the_properties():
    paper = replace(REPORT, title="Kết quả " * 60)
    assert len(opened(paper).core_properties.title) == 255
    assert ("Kết quả " * 60).strip() in texts(paper)


def test_a_paper_of_almost_nothing_is_still_a_paper():
    bare = Paper(None, "", "", "", "", "", bases=("",), recipients=("",), body=(Text(""),))
    assert "Độc lập - Tự do - Hạnh phúc" in texts(bare)


def test_lengths_agree_with_the_published_widths_of_bold_times():
    for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 -,./():;%&":
        published = stringWidth(letter, "Times-Bold", 1000) * 25.4 / 72
        assert length_mm(letter, 1000) == pytest.approx(published, abs=0.6), letter


def test_accents_take_no_width_and_the_horn_does():
    assert length_mm("Ệ", 14) == length_mm("E", 14)
    assert length_mm("Ự", 14) == length_mm("Ư", 14) > length_mm("U", 14)


def test_a_line_longer_than_its_room_is_measured_as_it_breaks():
    assert longest_line_mm("một hai " * 60, 14, 165) <= 165
    assert longest_line_mm("A\nAAAA", 14, 165) == length_mm("AAAA", 14)
