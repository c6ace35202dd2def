"""A paper as .pdf says what its .docx says, can be read out, and tells where room is left to write and sign."""

import io
import re
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pdfplumber
import pytest
import typst

from tests.printing import (
    ANNEX,
    LETTER,
    MARK,
    MINUTES,
    OF_2019,
    PAPERS,
    PLAN,
    REPORT,
    WHOLE_PROVINCE,
    a_grid,
    said_by_docx,
    said_by_pdf,
    said_in,
    tags_of,
    without_blanks,
)
from tiepcan.paperwork.writing.docx import write_docx
from tiepcan.paperwork.writing.pdf import Printed, write_pdf
from tiepcan.paperwork.writing.records import Annex, Grid, HeadCell, Paper, Point, Spot, Text

MM = 25.4 / 72
HOSTILE = '#read("/etc/passwd") $ x^2 $ *bold* _it_ <label> @ref `raw` // comment \\ [#sys.inputs] = -- ~ "'
EVERY_LETTER = "".join(
    unicodedata.normalize("NFC", base + tone)
    for base in "aăâeêioôơuưy"
    for tone in ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
)


def pages_of(content: bytes) -> list[pdfplumber.page.Page]:
    return pdfplumber.open(io.BytesIO(content)).pages


def read_in(page: pdfplumber.page.Page) -> str:
    return without_blanks("".join(c["text"] for c in page.chars if c["tag"] != "Artifact"))


def beside_the_text(page: pdfplumber.page.Page) -> str:
    """Page numbers, repeated heads of tables, the address at the foot."""
    return without_blanks("".join(c["text"] for c in page.chars if c["tag"] == "Artifact"))


def letters_in(printed: Printed, spot: Spot) -> str:
    """What stands in the spot, be it only in part."""
    left, right = spot.x / MM, (spot.x + spot.width) / MM
    top, bottom = spot.y / MM, (spot.y + spot.height) / MM
    chars = pages_of(printed.content)[spot.page - 1].chars
    return "".join(
        c["text"]
        for c in chars
        if left < (c["x0"] + c["x1"]) / 2 < right and top < (c["top"] + c["bottom"]) / 2 < bottom
    ).strip()


def just_right_of(printed: Printed, spot: Spot) -> str:
    """What follows the spot on its line: letters that are no higher and no lower than the spot."""
    right, top, bottom = (spot.x + spot.width) / MM, spot.y / MM, (spot.y + spot.height) / MM
    chars = pages_of(printed.content)[spot.page - 1].chars
    on_line = [c for c in chars if c["x0"] > right - 1 and top <= c["top"] and c["bottom"] <= bottom]
    return "".join(c["text"] for c in on_line).strip()


@pytest.mark.parametrize("name", PAPERS)
def test_both_files_say_the_same_in_the_same_order(name):
    paper = PAPERS[name]
    assert said_by_pdf(write_pdf(paper).content) == said_by_docx(write_docx(paper))


def test_a_table_of_a_whole_province_says_the_same_and_repeats_its_head_on_each_page():
    with pdfplumber.open(io.BytesIO(write_pdf(WHOLE_PROVINCE).content)) as opened:
        assert said_in(opened) == said_by_docx(write_docx(WHOLE_PROVINCE))
        _, _, *later = opened.pages
        assert len(later) > 12
        for number, page in enumerate(later, start=2):
            head = "".join(sorted("SốhộSTTPhường,xãNghèoCậnnghèo"))
            assert "".join(sorted(beside_the_text(page))) == "".join(sorted(f"{head}{number}"))


def test_the_address_at_the_foot_stands_on_page_1_alone():
    first, *others = pages_of(write_pdf(replace(LETTER, body=(Text("Nội dung. " * 700),))).content)
    address = without_blanks(LETTER.foot_note)
    assert beside_the_text(first) == address
    assert others
    assert not any(address in beside_the_text(page) for page in others)


def test_a_long_address_does_not_stand_on_the_text():
    long = replace(LETTER, body=(Text("Nội dung. " * 20),) * 20, foot_note="\n".join(["Dòng địa chỉ"] * 6))
    chars = pages_of(write_pdf(long).content)[0].chars
    text, address = ([c for c in chars if (c["tag"] == "Artifact") == foot] for foot in (False, True))
    lowest = max(c["bottom"] for c in text)
    assert 200 / MM < lowest <= min(c["top"] for c in address)


def test_a_long_last_paragraph_begins_where_the_page_has_room_for_it():
    first, *_ = pages_of(write_pdf(replace(LETTER, body=(Text("Nội dung. " * 700),))).content)
    assert read_in(first).count("Nộidung.") > 100


def test_a_signature_takes_the_last_short_paragraph_along_to_its_page():
    for paragraphs in range(16, 30):
        body = (Text("Nội dung."),) * paragraphs + (Text("Trên đây là báo cáo./."),)
        pages = [read_in(page) for page in pages_of(write_pdf(replace(LETTER, body=body)).content)]
        [signed] = [page for page in pages if "PHÓCHỦTỊCH" in page]
        assert "Trênđây" in signed


def test_the_file_is_tagged_in_vietnamese_and_has_a_title():
    with pdfplumber.open(io.BytesIO(write_pdf(PLAN).content)) as opened:
        catalog, told = opened.doc.catalog, opened.metadata
    assert catalog["MarkInfo"]["Marked"] is True
    assert "StructTreeRoot" in catalog
    assert catalog["Lang"] == b"vi-VN"
    assert told["Title"] == "Kế hoạch Triển khai kế hoạch giảm nghèo thông tin"
    assert told["Author"] == PLAN.issuing_body
    assert told["CreationDate"].startswith("D:20210205")


def test_a_draft_has_no_day_of_its_own_making():
    with pdfplumber.open(io.BytesIO(write_pdf(LETTER).content)) as opened:
        assert {name for name in opened.metadata if "Date" in name} == set()


def test_heads_of_tables_and_headings_are_tagged_as_such():
    kinds = [tag["S"] for tag in tags_of(write_pdf(REPORT).content)]
    assert kinds.count("Table") == 1  # what only stands beside each other is none
    assert kinds.count("THead") == 1
    assert kinds.count("TH") == 5 + 8
    assert kinds.count("TD") == 36 * 11 + 1
    assert kinds.count("H1") == 2
    assert kinds.count("H2") == 1


def test_a_mark_is_drawn_and_told_to_who_cannot_see_it():
    content = write_pdf(REPORT).content
    [figure] = [tag for tag in tags_of(content) if tag["S"] == "Figure"]
    told = figure["Alt"].decode("utf-16")
    assert "TC-7K3M-92QF" in told
    last = pages_of(content)[-1]
    assert last.images == []
    code, *_ = [c for c in last.chars if c["text"] == "M" and c["tag"] != "Artifact"]
    squares = [r for r in last.curves + last.rects + last.lines if abs(r["top"] - code["top"]) < 20 / MM]
    assert squares, "The QR is drawn from lines, not from dots."


@pytest.mark.parametrize("rows", [*range(31, 37), 72])
def test_a_mark_and_a_total_are_never_without_a_row_of_their_table(rows):
    paper = replace(REPORT, annexes=(replace(ANNEX, landscape=False, blocks=(a_grid(rows, MARK),)),))
    pages = [read_in(page) for page in pages_of(write_pdf(paper).content)[1:]]
    [end] = [page for page in pages if "Mãbảng" in page]
    assert "Tổngcộng" in end
    assert f"{rows}Phườngsố{rows}" in end


@pytest.mark.parametrize("rules", ["decree-30", "circular-01"])
def test_pages_are_numbered_anew_in_each_annex_and_page_1_shows_none(rules):
    long = Annex("Danh sách", None, (a_grid(80),))
    paper = replace(PLAN, body=(Text("Nội dung. " * 500),), annexes=(long, long), rules=rules)
    shown = []
    for page in pages_of(write_pdf(paper).content):
        margins = [c for c in page.chars if c["bottom"] < 20 / MM or c["top"] > page.height - 20 / MM]
        shown.append("".join(c["text"] for c in margins))
    assert shown == ["", "2", "3", "", "2", "3", "", "2", "3"]


@pytest.mark.parametrize("landscape", [False, True])
def test_a_page_number_stands_in_the_middle_of_the_top_margin(landscape):
    annex = replace(ANNEX, landscape=landscape, blocks=(a_grid(60),))
    page = pages_of(write_pdf(replace(REPORT, annexes=(annex,))).content)[2]
    [number] = [c for c in page.chars if c["bottom"] < 20 / MM]
    assert number["size"] == pytest.approx(13)
    assert 9 < number["top"] * MM < number["bottom"] * MM < 16
    middle = (30 + page.width * MM - 15) / 2
    assert (number["x0"] + number["x1"]) / 2 * MM == pytest.approx(middle, abs=0.2)


def test_a_page_number_of_2019_stands_at_the_right_of_the_bottom_margin():
    page = pages_of(write_pdf(replace(OF_2019, annexes=(replace(ANNEX, blocks=(a_grid(60),)),))).content)[2]
    [number] = [c for c in page.chars if c["top"] > page.height - 20 / MM]
    assert number["x1"] * MM == pytest.approx(297 - 15, abs=0.2)
    assert 210 - 16 < number["top"] * MM < number["bottom"] * MM < 210 - 9


def test_room_is_left_for_number_day_and_month_and_nothing_stands_in_it():
    printed = write_pdf(LETTER)
    assert set(printed.spots) == {"number", "day", "month", "signature"}
    for name in ("number", "day", "month"):
        spot = printed.spots[name]
        assert spot.page == 1
        assert spot.width > 8
        assert 4 < spot.height < 6
        assert letters_in(printed, spot) == ""
    for name, word in {"number": "/UBND-VHTT", "day": "tháng", "month": "năm 2021"}.items():
        assert just_right_of(printed, printed.spots[name]).startswith(word)


def test_a_paper_with_number_and_day_leaves_room_to_sign_alone():
    assert set(write_pdf(REPORT).spots) == {"signature"}
    assert set(write_pdf(replace(REPORT, signature=None)).spots) == set()


def test_a_year_not_known_leaves_room_too():
    spots = write_pdf(replace(LETTER, year=None)).spots
    assert spots["day"].x < spots["month"].x < spots["year"].x


def test_blanks_that_are_typed_do_not_pass_for_room():
    blanks = "\u00a0" * 20
    printed = write_pdf(replace(LETTER, symbol=f"UB{blanks}ND", place=f"Thanh{blanks}Hóa"))
    assert just_right_of(printed, printed.spots["number"]).startswith("/UB")
    assert just_right_of(printed, printed.spots["day"]).startswith("tháng")


def test_one_signs_between_the_position_and_the_name():
    printed = write_pdf(REPORT)
    spot = printed.spots["signature"]
    assert letters_in(printed, spot) == ""
    assert (spot.x, spot.width) == (pytest.approx(110), pytest.approx(85))
    assert spot.height > 20
    page = pages_of(printed.content)[spot.page - 1]
    column = page.crop((spot.x / MM, 0, page.width, page.height))
    above = column.crop((spot.x / MM, 0, page.width, spot.y / MM)).extract_text()
    below = column.crop((spot.x / MM, (spot.y + spot.height) / MM, page.width, page.height)).extract_text()
    assert above.endswith("PHÓ CHỦ TỊCH")
    assert below == "Nguyễn Văn Giả Tưởng"


def test_both_sides_of_minutes_sign_at_one_height():
    printed = write_pdf(MINUTES)
    ours, theirs = printed.spots["signature"], printed.spots["beside"]
    assert theirs.x + theirs.width == pytest.approx(ours.x)
    assert (theirs.y, theirs.height) == (pytest.approx(ours.y), pytest.approx(ours.height))
    assert letters_in(printed, theirs) == ""


def test_a_signature_that_runs_over_is_found_on_its_page():
    printed = write_pdf(replace(REPORT, body=(Text("Nội dung. " * 450),)))
    assert printed.spots["signature"].page == 3
    assert printed.pages == 5 == len(pages_of(printed.content))


def test_what_is_typed_is_never_read_as_the_language_of_the_typesetter():
    cell = Grid(((HeadCell(HOSTILE),),), ((HOSTILE,),), (HOSTILE,), (160,), ("left",), HOSTILE, MARK)
    paper = Paper(
        *(HOSTILE for _ in range(6)),
        addressed_to=(HOSTILE,),
        bases=(HOSTILE,),
        body=(Text(HOSTILE), Point(HOSTILE), cell),
        recipients=(HOSTILE,),
        annexes=(Annex(HOSTILE, HOSTILE, (cell,)),),
        foot_note=HOSTILE,
    )
    said = said_by_pdf(write_pdf(paper).content)
    assert said == said_by_docx(write_docx(paper))
    assert said.count(without_blanks(HOSTILE)) > 12
    assert "root:" not in said


def test_the_same_paper_gives_the_same_bytes_from_every_thread():
    papers = [REPORT, LETTER, PLAN, MINUTES] * 2
    with ThreadPoolExecutor(4) as threads:
        made = [printed.content for printed in threads.map(write_pdf, papers)]
    assert made == [write_pdf(paper).content for paper in papers]
    assert len(set(made)) == 4


def test_a_machine_without_fonts_prints_every_vietnamese_letter_in_its_own():
    bare = typst.Fonts(include_system_fonts=False)
    letters = EVERY_LETTER + EVERY_LETTER.upper() + "đĐ"
    printed = write_pdf(replace(REPORT, body=(Text(letters),), annexes=()), fonts=bare)
    page, *_ = pages_of(printed.content)
    assert {c["fontname"].split("+")[1].split("-")[0] for c in page.chars} == {"LibertinusSerif"}
    assert letters in without_blanks("".join(c["text"] for c in page.chars if "-Regular" in c["fontname"]))
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in page.extract_text()


def test_recipients_that_no_page_holds_run_over_to_the_next():
    many = replace(REPORT, recipients=tuple(f"UBND xã số {n}" for n in range(120)), annexes=())
    pages = pages_of(write_pdf(many).content)
    assert re.search(r"UBNDxãsố119;.*Lưu", read_in(pages[-1]))
    assert all(c["bottom"] < page.height - 19 / MM for page in pages for c in page.chars)


def test_words_longer_than_their_room_and_rows_higher_than_a_page_stay_on_the_paper():
    row = ("1" * 40, "b" * 100, "1.234.567.890", *("",) * 8)
    tall = ("1", "chữ " * 1500, *("",) * 9)
    grid = replace(a_grid(1), rows=(row, tall, tall))
    paper = replace(
        REPORT, title="x" * 300, body=(Text("y" * 400),), annexes=(replace(ANNEX, blocks=(grid,)),)
    )
    content = write_pdf(paper).content
    assert said_by_pdf(content) == said_by_docx(write_docx(paper))
    for page in pages_of(content):
        assert min(c["x0"] for c in page.chars) * MM > 29.5
        assert max(c["x1"] for c in page.chars) < page.width - 14.5 / MM
        assert max(c["bottom"] for c in page.chars) < page.height - 19 / MM


def test_a_table_without_rows_is_still_a_table():
    empty = replace(a_grid(0), total=None)
    paper = replace(REPORT, annexes=(replace(ANNEX, blocks=(empty, replace(empty, mark=MARK))),))
    assert said_by_pdf(write_pdf(paper).content) == said_by_docx(write_docx(paper))


def test_a_paper_of_almost_nothing_is_printed_too():
    nothing = Paper(None, "", "", "", "", "", bases=("",), recipients=("",), body=(Text(""),))
    assert said_by_pdf(write_pdf(nothing).content) == said_by_docx(write_docx(nothing))
