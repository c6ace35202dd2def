"""Each element of a paper against Decree 30/2020/NĐ-CP, Appendix I, in both files, and against the circular before it.

The figures below are the decree's own, part I, sections II, III and V: they are not taken from the code.
"""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from itertools import pairwise

import docx
import pdfplumber
import pypdfium2
import pytest
import segno
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph
from PIL import Image

from tests.printing import (
    LETTER,
    LONG_TITLE,
    MARK,
    OF_2019,
    PAPERS,
    REPORT,
    URGENT,
    a_grid,
    paragraphs_of,
    without_blanks,
)
from tiepcan.paperwork.writing.decree import rules_on
from tiepcan.paperwork.writing.docx import write_docx
from tiepcan.paperwork.writing.pdf import write_pdf
from tiepcan.paperwork.writing.records import Annex, Paper

MM = 25.4 / 72


@dataclass(frozen=True)
class Asked:
    """What the decree asks of one element: sizes from and to, letters, and where it stands."""

    element: str
    text: str
    sizes: tuple[float, float]
    letters: str
    align: str


LINES = (
    Asked("parent body", r"UBND TỈNH THANH HÓA", (12, 13), "upright", "center"),
    Asked("issuing body", r"ỦY BAN NHÂN DÂN THÀNH PHỐ THANH HÓA", (12, 13), "bold", "center"),
    Asked("national title", r"CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", (12, 13), "bold", "center"),
    Asked("motto", r"Độc lập - Tự do - Hạnh phúc", (13, 14), "bold", "center"),
    Asked("number", r"Số:\s+(05)?/(BC|KH|BB)-UBND|Số:\s+/UBND-VHTT", (13, 13), "upright", "center"),
    Asked("title of a letter", r"V/v .*", (12, 13), "upright", "center"),
    Asked("urgency", r"THƯỢNG KHẨN", (13, 14), "bold", "center"),
    Asked("place and day", r"Thanh Hóa, ngày.+tháng.+năm \d{4}", (13, 14), "italic", "center"),
    Asked("kind", r"BÁO CÁO|KẾ HOẠCH|BIÊN BẢN", (13, 14), "bold", "center"),
    Asked("title", r"(Kết quả|Triển khai)\s[\s\S]*", (13, 14), "bold", "center"),
    Asked("addressed to one", r"Kính gửi: Sở Thông tin và Truyền thông", (13, 14), "upright", "center"),
    Asked("addressed to", r"Kính gửi:", (13, 14), "upright", "left"),
    Asked("addressee", r"- Sở (Nội vụ;|Tài chính\.)", (13, 14), "upright", "left"),
    Asked("basis", r"Căn cứ .*[;.]", (13, 14), "italic", "justify"),
    Asked("text", r"Ủy ban nhân dân thành phố báo cáo.*|Trên đây là .*", (13, 14), "upright", "justify"),
    Asked("section", r"I\. TÌNH HÌNH TRIỂN KHAI", (13, 14), "bold", "justify"),
    Asked("heading", r"1\. Công tác chỉ đạo", (13, 14), "bold", "justify"),
    Asked("point", r"a\) Dịch vụ viễn thông.*", (13, 14), "upright", "justify"),
    Asked("authority and position", r"TM\. ỦY BAN .*|KT\. CHỦ TỊCH|PHÓ CHỦ TỊCH", (13, 14), "bold", "center"),
    Asked("other position", r"GIÁM ĐỐC.*", (13, 14), "bold", "center"),
    Asked("signer", r"Nguyễn Văn Giả Tưởng|Trần Thị Giả Định", (13, 14), "bold", "center"),
    Asked("'Nơi nhận'", r"Nơi nhận:", (12, 12), "bold italic", "left"),
    Asked("recipient", r"- (Như trên;|UBND .*;|Lưu: VT.*)", (11, 11), "upright", "left"),
    Asked("'Phụ lục'", r"Phụ lục( II?)?", (14, 14), "bold", "center"),
    Asked("title of an annex", r"KẾT QUẢ THEO PHƯỜNG, XÃ|DANH SÁCH", (13, 14), "bold", "center"),
    Asked("attached to", r"\(Kèm theo .*\)", (13, 14), "italic", "center"),
)
HEAD = "parent body, issuing body, national title, motto, number"
BODY = "basis, basis, text, section, heading, point, text"
ENDING = "'Nơi nhận', recipient, recipient, recipient"
SIGNED = "authority and position, authority and position, authority and position, signer"
ANNEXED = "'Phụ lục', title of an annex, attached to"
ORDERS = {
    "report": f"{HEAD}, place and day, kind, title, addressed to one, {BODY}, {ENDING}, {SIGNED}, {ANNEXED}",
    "letter": f"{HEAD}, title of a letter, place and day, addressed to, addressee, addressee, "
    f"text, section, heading, point, text, {ENDING}, {SIGNED}",
    "plan": f"{HEAD}, place and day, kind, title, {BODY}, {ENDING}, {SIGNED}, {ANNEXED}, "
    "'Phụ lục', title of an annex",
    "minutes": f"{HEAD}, place and day, kind, title, addressed to one, {BODY}, other position, other position, "
    f"{SIGNED.removesuffix(', signer')}, signer, signer, {ENDING}",
    "urgent": f"{HEAD}, urgency, place and day, kind, title, addressed to one, {BODY}, {ENDING}, {SIGNED}",
    "of 2019": f"{HEAD}, place and day, kind, title, addressed to one, {BODY}, {ENDING}, {SIGNED}, {ANNEXED}",
}


def opened(paper: Paper):
    return docx.Document(io.BytesIO(write_docx(paper)))


def asked_of(text: str) -> Asked | None:
    return next((line for line in LINES if re.fullmatch(line.text, text.strip())), None)


def found_in(paper: Paper) -> list[tuple[Asked, Paragraph]]:
    return [(asked, p) for p in paragraphs_of(write_docx(paper)) if (asked := asked_of(p.text))]


def letters_of(p: Paragraph) -> str:
    font = p.style.font
    assert all(run.font.size is run.font.name is run.font.bold is run.font.italic is None for run in p.runs)
    return " ".join(word for word, on in (("bold", font.bold), ("italic", font.italic)) if on) or "upright"


def align_of(p: Paragraph) -> str:
    return (p.alignment if p.alignment is not None else p.style.paragraph_format.alignment).name.lower()


@cache
def chars_of(content: bytes) -> list[dict]:
    with pdfplumber.open(io.BytesIO(content)) as file:
        return [c for page in file.pages for c in page.chars if without_blanks(c["text"])]


def stretches(content: bytes, wanted: str) -> Iterator[list[dict]]:
    """The letters of a .pdf that make up the text, wherever it stands."""
    chars = chars_of(content)
    text = "".join(without_blanks(c["text"])[0] for c in chars)
    for match in re.finditer(re.escape(without_blanks(wanted)), text):
        yield chars[match.start() : match.end()]


def letters_in_pdf(chars: list[dict]) -> set[tuple[float, str]]:
    """Sizes and shapes. The face is the one at hand: its name ends in its shape."""
    shapes = {"Regular": "upright", "Bold": "bold", "Italic": "italic", "BoldItalic": "bold italic"}
    found = {(round(c["size"], 1), c["fontname"].split("+")[1]) for c in chars}
    return {(size, shapes[name.partition("-")[2] or "Regular"]) for size, name in found}


@pytest.mark.parametrize("name", ORDERS)
def test_the_elements_stand_in_the_order_of_the_decree(name):
    assert [asked.element for asked, _ in found_in(PAPERS[name])] == ORDERS[name].split(", ")


@pytest.mark.parametrize("name", ORDERS)
def test_each_element_is_set_as_the_decree_says_in_the_docx(name):
    of_2011 = PAPERS[name].rules == "circular-01"
    for asked, p in found_in(PAPERS[name]):
        letters = "upright" if of_2011 and asked.element == "basis" else asked.letters
        smallest, largest = asked.sizes
        assert smallest <= p.style.font.size.pt <= largest, asked.element
        assert (letters_of(p), align_of(p)) == (letters, asked.align), asked.element
        assert p.style.font.name == "Times New Roman", asked.element
        assert str(p.style.font.color.rgb) == ("FF0000" if asked.element == "urgency" else "None")


@pytest.mark.parametrize("name", ORDERS)
def test_each_element_is_set_the_same_in_the_pdf(name):
    paper = PAPERS[name]
    content = write_pdf(paper).content
    for asked, p in found_in(paper):
        looks = {(round(p.style.font.size.pt, 1), letters_of(p))}
        assert looks in [letters_in_pdf(chars) for chars in stretches(content, p.text)], asked.element


@pytest.mark.parametrize("name", PAPERS)
def test_paper_and_margins_are_within_what_the_decree_allows(name):
    for section in opened(PAPERS[name]).sections:
        sides = sorted(round(side.mm) for side in (section.page_width, section.page_height))
        assert sides == [210, 297]
        assert 20 <= section.top_margin.mm <= 25
        assert 20 <= section.bottom_margin.mm <= 25
        assert 29.9 <= section.left_margin.mm <= 35
        assert 14.9 <= section.right_margin.mm <= 20


@pytest.mark.parametrize("name", PAPERS)
def test_the_pdf_keeps_the_margins_too(name):
    with pdfplumber.open(io.BytesIO(write_pdf(PAPERS[name]).content)) as file:
        for page in file.pages:
            assert sorted(round(side * MM) for side in (page.width, page.height)) == [210, 297]
            inside = [c for c in page.chars if c["tag"] != "Artifact"]
            assert min(c["x0"] for c in inside) * MM >= 29.9
            assert max(c["x1"] for c in inside if c["text"].strip()) * MM <= page.width * MM - 14.9
            assert min(c["top"] for c in inside) * MM >= 19.9
            assert max(c["bottom"] for c in inside) * MM <= page.height * MM - 19.9


def test_the_text_is_set_in_and_spaced_as_the_decree_says():
    layouts = [
        p.style.paragraph_format for asked, p in found_in(REPORT) if asked.element in ("text", "point")
    ]
    assert len(layouts) == 3
    for layout in layouts:
        assert round(layout.first_line_indent.cm, 2) in (1, 1.27)
        assert layout.space_after.pt >= 6
        assert 1 <= layout.line_spacing <= 1.5


def test_the_text_of_the_pdf_is_set_in_and_spaced_as_the_decree_says():
    long = replace(REPORT, body=(replace(REPORT.body[0], text="chữ " * 60), *REPORT.body[1:]), annexes=())
    content = write_pdf(long).content
    [chars] = stretches(content, "chữ " * 60)
    lines = sorted({round(c["bottom"], 1) for c in chars})
    assert chars[0]["x0"] * MM - 30 == pytest.approx(12.7, abs=0.1)
    assert min(c["x0"] for c in chars) * MM == pytest.approx(30, abs=0.1)
    full = [max(c["x1"] for c in chars if round(c["bottom"], 1) == line) for line in lines[:-1]]
    assert [x * MM for x in full] == pytest.approx([195] * len(full), abs=0.2)
    single = 14 * 1.15
    assert all(single - 0.1 <= lower - upper <= 1.5 * single for upper, lower in pairwise(lines))
    [section], [heading] = (
        {round(c["bottom"], 1) for c in next(stretches(content, text))}
        for text in ("I. TÌNH HÌNH TRIỂN KHAI", "1. Công tác chỉ đạo")
    )
    assert heading - section >= single + 6


def test_the_title_of_a_letter_stands_6_points_below_its_number():
    [title] = [p for asked, p in found_in(LETTER) if asked.element == "title of a letter"]
    assert title.style.paragraph_format.space_before.pt == 6


def test_what_the_decree_puts_on_one_line_stands_on_one_line():
    content = write_pdf(REPORT).content
    for left, right in (("Số:", "Thanh Hóa, ngày"), ("Nơi nhận:", "TM. ỦY BAN NHÂN DÂN")):
        lines = [next(stretches(content, text))[0] for text in (left, right)]
        # The foot of a letter lies 0.216 of its size below the line that it stands on.
        on = [c["bottom"] - 0.216 * c["size"] for c in lines]
        assert on[0] == pytest.approx(on[1], abs=0.6), left


def rules_drawn(content: bytes) -> list[tuple[float, float]]:
    """Left and right end in millimetres of each line drawn on page 1, from above."""
    with pdfplumber.open(io.BytesIO(content)) as file:
        page = file.pages[0]
        lines = sorted((round(e["top"], 1), e["x0"] * MM, e["x1"] * MM) for e in page.horizontal_edges)
    return [(left, right) for _, left, right in lines]


@pytest.mark.parametrize("paper", [REPORT, LONG_TITLE], ids=["report", "long title"])
def test_the_rules_below_motto_body_and_title_are_as_long_as_the_decree_says(paper):
    content = write_pdf(paper).content
    ends = rules_drawn(content)
    [motto] = stretches(content, "Độc lập - Tự do - Hạnh phúc")
    assert (motto[0]["x0"] * MM, motto[-1]["x1"] * MM) in [pytest.approx(e, abs=0.5) for e in ends]
    assert len(ends) == 3
    issuer = next(stretches(content, paper.issuing_body.upper()))
    title = next(stretches(content, paper.title))
    body_rule = next(e for e in ends if e[1] < 97)
    title_rule = ends[-1]
    for chars, (left, right) in ((issuer, body_rule), (title, title_rule)):
        widest = (max(c["x1"] for c in chars) - min(c["x0"] for c in chars)) * MM
        assert 1 / 3 <= (right - left) / widest <= 1 / 2


@pytest.mark.parametrize(
    ("urgency", "size"), [("KHẨN", (20, 8)), ("THƯỢNG KHẨN", (40, 8)), ("HỎA TỐC", (30, 8))]
)
def test_an_urgent_paper_has_its_mark_in_a_red_frame_of_its_size(urgency, size):
    paper = replace(URGENT, urgency=urgency)
    frame = opened(paper).tables[0].rows[1].cells[0].tables[0]
    [[cell]] = [row.cells for row in frame.rows]
    assert cell.text == urgency
    assert (round(cell.width.mm), round(frame.rows[0].height.mm)) == size
    assert frame.rows[0]._tr.trPr.find(qn("w:trHeight")).get(qn("w:hRule")) == "exact"
    borders = frame._tbl.tblPr.find(qn("w:tblBorders"))
    assert {(b.get(qn("w:val")), b.get(qn("w:color"))) for b in borders} == {("single", "FF0000")}
    with pdfplumber.open(io.BytesIO(write_pdf(paper).content)) as file:
        page = file.pages[0]
        [box] = [r for r in page.rects if r["stroking_color"] in ((1, 0, 0), [1, 0, 0])]
        assert (box["width"] * MM, box["height"] * MM) == pytest.approx(size, abs=0.3)
        within = [
            c for c in page.chars if box["x0"] < c["x0"] < box["x1"] and box["top"] < c["top"] < box["bottom"]
        ]
    assert "".join(c["text"] for c in within) == urgency
    assert {tuple(c["non_stroking_color"]) for c in within} == {(1, 0, 0)}
    assert box["x1"] * MM < 30 + 66


def test_a_paper_in_no_hurry_has_no_frame():
    assert opened(REPORT).tables[0].rows[1].cells[0].tables == []


@pytest.mark.parametrize(
    ("sign", "copies", "line"),
    [
        ("nva", 30, "- Lưu: VT, VHTT. NVA.(30)"),
        ("NVA.", None, "- Lưu: VT, VHTT. NVA"),
        ("", 3, "- Lưu: VT, VHTT. (3)"),
        ("", None, "- Lưu: VT, VHTT."),
    ],
)
def test_who_drafted_it_and_how_many_copies_stand_behind_the_copy_kept(sign, copies, line):
    signed = replace(REPORT, drafter_sign=sign, copies=copies)
    assert [p.text for asked, p in found_in(signed) if "Lưu" in p.text] == [line]


@pytest.mark.parametrize(
    ("day", "rules"),
    [
        (date(2019, 2, 5), "circular-01"),
        (date(2020, 3, 4), "circular-01"),
        (date(2020, 3, 5), "decree-30"),
        (date(2026, 1, 1), "decree-30"),
    ],
)
def test_the_decree_holds_from_the_day_it_was_signed(day, rules):
    assert rules_on(day) == rules


def test_pages_of_2019_are_numbered_at_the_bottom_right():
    paper, annex = opened(OF_2019).sections
    [number] = paper.footer.paragraphs
    assert number._p.find(qn("w:fldSimple")).get(qn("w:instr")).strip() == "PAGE"
    assert (align_of(number), letters_of(number)) == ("right", "upright")
    assert 13 <= number.style.font.size.pt <= 14
    assert paper.different_first_page_header_footer
    assert annex.footer.is_linked_to_previous
    assert annex._sectPr.find(qn("w:pgNumType")).get(qn("w:start")) == "1"
    for section in (paper, annex):
        shown = [section.header, section.first_page_header, section.first_page_footer]
        assert [p.text for part in shown for p in part.paragraphs if p.text] == []
        assert [f for part in shown for f in part._element.iter(qn("w:fldSimple"))] == []


def test_a_page_of_2019_can_have_an_address_at_its_foot_too():
    paper = opened(replace(OF_2019, foot_note="Địa chỉ: số 1")).sections[0]
    assert [p.text for p in paper.first_page_footer.paragraphs] == ["", "Địa chỉ: số 1"]
    [number] = paper.footer.paragraphs
    assert number._p.find(qn("w:fldSimple")) is not None


def test_only_what_the_circular_says_differs_in_a_paper_of_2019():
    now = [(p.text, letters_of(p)) for _, p in found_in(replace(OF_2019, rules="decree-30"))]
    then = [(p.text, letters_of(p)) for _, p in found_in(OF_2019)]
    differing = [old for old, new in zip(then, now, strict=True) if old != new]
    assert [text for text, _ in differing] == [
        "Căn cứ Quyết định số 353/QĐ-UBND;",
        "Căn cứ Kế hoạch số 113/KH-STTTT.",
    ]


def squares_in(picture: Image.Image, edge: int) -> list[list[bool]]:
    """The squares of a QR picture, dark or not, `edge` of them along each side."""
    grey, step = picture.convert("L"), picture.width / edge
    middle = [int((n + 0.5) * step) for n in range(edge)]
    return [[grey.getpixel((x, y)) < 128 for x in middle] for y in middle]


def code_of(address: str, border: int) -> list[list[bool]]:
    return [
        [bool(dark) for dark in row] for row in segno.make(address, micro=False).matrix_iter(border=border)
    ]


def test_the_mark_below_a_table_is_a_picture_that_leads_to_its_address():
    document = opened(REPORT)
    [picture] = document.inline_shapes
    assert 15 <= picture.width.mm == picture.height.mm <= 20
    assert MARK.code in picture._inline.docPr.get("descr")
    assert {picture._inline.get(f"dist{side}") for side in "TBLR"} == {"0"}
    [part] = [r.target_part for r in document.part.rels.values() if "image" in r.reltype]
    wanted = code_of(MARK.address, border=4)
    assert squares_in(Image.open(io.BytesIO(part.blob)), len(wanted)) == wanted


def test_the_mark_is_drawn_the_same_in_the_pdf():
    content = write_pdf(REPORT).content
    [chars] = stretches(content, "Mã bảng TC-7K3M-92QF")
    assert letters_in_pdf(chars[:6]) == {(11, "upright")}
    assert letters_in_pdf(chars[6:]) == {(11, "bold")}
    page = list(pypdfium2.PdfDocument(content))[-1].render(scale=300 / 72).to_pil().convert("L")
    left, middle = (chars[0]["x0"] - 18 / MM), chars[0]["bottom"]
    around = [int(x * 300 / 72) for x in (left, middle - 9 / MM, left + 18 / MM - 1, middle + 9 / MM)]
    dark = page.crop(around).point(lambda grey: 255 * (grey < 128))
    found = page.crop(around).crop(dark.getbbox())
    assert 13 < found.width / 300 * 25.4 < 16
    wanted = code_of(MARK.address, border=0)
    assert squares_in(found.resize((len(wanted) * 8,) * 2), len(wanted)) == wanted


def test_a_table_that_nobody_can_ask_about_has_no_mark():
    plain = replace(REPORT, annexes=(Annex("Kết quả", None, (a_grid(3),)),))
    assert len(opened(plain).inline_shapes) == 0
    assert "Mã bảng" not in "".join(p.text for p in paragraphs_of(write_docx(plain)))


def test_a_mark_stays_on_the_page_of_the_last_row_and_the_total():
    document = opened(REPORT)
    grid, mark = document.tables[-2:]
    kept = [{p.paragraph_format.keep_with_next for c in row.cells for p in c.paragraphs} for row in grid.rows]
    assert kept[-3:] == [{None}, {True}, {True}]
    between = Paragraph(grid._tbl.getnext(), document)
    assert between.paragraph_format.keep_with_next
    assert mark._tbl.getprevious() is between._p
    assert [p.text for p in mark.rows[0].cells[1].paragraphs] == [
        "Mã bảng TC-7K3M-92QF",
        "Quét hoặc gõ mã tại trang Tiếp Cận để đối chiếu số liệu.",
    ]
    assert [run.bold for run in mark.rows[0].cells[1].paragraphs[0].runs] == [None, True]


def test_recipients_that_no_page_holds_and_rows_as_high_may_break():
    tall = replace(a_grid(2), rows=(("1", "chữ " * 1500, *("",) * 9), ("2", "Phường", *("",) * 9)))
    many = tuple(f"UBND xã số {n}" for n in range(120))
    signed, grid = opened(replace(REPORT, recipients=many, annexes=(Annex("A", None, (tall,)),))).tables[1:]
    whole = [row._tr.trPr.find(qn("w:cantSplit")) is not None for row in (*signed.rows, *grid.rows)]
    assert whole == [False, True, True, False, True, True]
