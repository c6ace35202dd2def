"""The preview of a list shows the piece of the person's own file around its bad cells."""

import io
import uuid
from collections.abc import Sequence
from typing import Any

import pytest
import xlsxwriter
from django.http import HttpResponse
from django.urls import reverse
from lxml.html import HtmlElement

from tests.factories import a_client, a_household, a_person
from tests.pages import parsed, text_of, words
from tests.workbooks import HEAD, a_list, a_row
from tiepcan.accounts.models import Person
from tiepcan.accounts.roles import Role
from tiepcan.households import tasks
from tiepcan.households.importing import actions as importing
from tiepcan.households.importing import piece
from tiepcan.households.importing.piece import PROBLEMS_SHOWN, ROWS_SHOWN
from tiepcan.households.models import Import

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer() -> Person:
    return a_person(Role.OFFICER)


def sent(raw: bytes, by: Person) -> Import:
    """A file received and read by the worker."""
    file = importing.receive(id=uuid.uuid4(), raw=raw, name="ds.xlsx", unit=by.unit, year=2018, by=by)
    tasks.read_file.func(key=str(file.pk))
    file.refresh_from_db()
    return file


def page_of(file: Import, by: Person, part: int | None = None) -> HttpResponse:
    address = reverse("households:import", args=[file.pk])
    answer: HttpResponse = a_client(by).get(address, {"doan": part} if part else {})
    assert answer.status_code == 200
    return answer


def sheets_of(answer: HttpResponse) -> list[list[list[str]]]:
    """The tables of the piece, each row by row; bad cells begin with "ô sai: ", for ears."""
    return [
        [[words(cell.text_content()) for cell in row.xpath("./th|./td")] for row in table.xpath(".//tr")]
        for table in _tables(answer)
    ]


def _tables(answer: HttpResponse) -> list[HtmlElement]:
    found: list[HtmlElement] = parsed(answer).xpath("//table[contains(@class, 'cells')]")
    return found


def links_of(answer: HttpResponse) -> dict[str, str]:
    """Where each address in the list of bad cells leads, by address."""
    return {
        words(link.text_content()): link.get("href")
        for link in parsed(answer).xpath("//section[@aria-labelledby='sai']//a[@class='addr']")
    }


def two_sheets(**rows: Sequence[Sequence[Any]]) -> bytes:
    """An .xlsx of several sheets by name; every sheet begins with its head."""
    raw = io.BytesIO()
    with xlsxwriter.Workbook(raw, {"in_memory": True}) as book:
        for name, lines in rows.items():
            page = book.add_worksheet(name)
            for n, line in enumerate(lines):
                page.write_row(n, 0, line)
    return raw.getvalue()


def test_bad_cells_stand_in_their_row_and_column_as_they_are_written(officer):
    raw = a_list(
        a_row("HR-1", "Lê Văn Giả Định"),
        a_row("HR-2", "Tạ Văn Quy Ước", birth_year=19577),
        a_row("HR-3", "Ngô Văn Thí Điểm", members="8,5", poverty="có/không"),
        above=["Danh sách hộ"],
    )
    answer = page_of(sent(raw, officer), officer)

    assert sheets_of(answer) == [
        [
            ["Dòng", "B", "C", "D", "F", "G"],
            ["2", "Số hồ sơ", "Họ và tên chủ hộ", "Năm sinh", "Số nhân khẩu", "Phân loại hộ"],
            ["4", "HR-2", "Tạ Văn Quy Ước", "ô sai: 19577", "3", "Hộ nghèo về thu nhập (N1)"],
            ["5", "HR-3", "Ngô Văn Thí Điểm", "1960", "ô sai: 8,5", "ô sai: có/không"],
        ]
    ]
    [table] = _tables(answer)
    assert [cell.get("id") for cell in table.xpath(".//td[@class='bad']")] == ["o-1-D4", "o-1-F5", "o-1-G5"]
    assert table.xpath("./caption") and not table.xpath(".//th[not(@scope)]")
    assert "ô không sai ghi theo cách máy hiểu" in text_of(answer)


def test_an_empty_cell_that_must_not_be_empty_is_marked_as_empty(officer):
    answer = page_of(sent(a_list(a_row("HR-1"), a_row("HR-2", name="")), officer), officer)
    assert sheets_of(answer)[0][-1] == ["3", "HR-2", "ô sai: trống"]


def test_each_address_leads_to_its_cell(officer):
    raw = a_list(
        a_row("HR-1", birth_year="?", members="tám"), a_row("HR-2"), a_row("HR-2", "Hồ Văn Không Thật")
    )
    answer = page_of(sent(raw, officer), officer)

    links = links_of(answer)
    assert links == {"D2": "#o-1-D2", "F2": "#o-1-F2", "B4": "#o-1-B4"}
    for place, link in links.items():
        [cell] = parsed(answer).xpath("//*[@id=$id]", id=link.removeprefix("#"))
        assert cell.tag == "td", place


def test_a_row_refused_as_a_whole_is_marked_at_its_number(officer):
    a_household(code="HR-1", head_name="Lê Văn Giả Định", by=officer)
    raw = a_list(a_row("HR-1", "Đỗ Thị Tượng Trưng", birth_year=1985, hamlet="Tổ 6"), a_row("HR-2"))
    answer = page_of(sent(raw, officer), officer)

    assert links_of(answer) == {"dòng 2": "#o-1-2"}
    assert sheets_of(answer)[0][2:] == [["2, cả dòng bị từ chối", "HR-1", "Đỗ Thị Tượng Trưng"]]
    [number] = parsed(answer).xpath("//th[@id='o-1-2' and @class='bad' and @scope='row']")
    assert number.text == "2"


def test_a_total_between_two_bad_rows_is_said_to_be_skipped(officer, monkeypatch):
    monkeypatch.setattr(piece, "_TOTALS_LOOKED_AT", 1)  # the one between, however many stand above
    raw = two_sheets(
        Xa=[
            HEAD,
            ["", "", "Cộng thôn 1"],
            [1, *a_row("HR-1", birth_year=19577)],
            [2, *a_row("HR-2", "Lê Văn Giả Định")],
            ["", "", "Cộng thôn 2", "", "", 6],
            [3, *a_row("HR-3", "Ngô Văn Thí Điểm", birth_year=0)],
            ["", "", "Tổng cộng", "", "", 9],
        ]
    )
    answer = page_of(sent(raw, officer), officer)

    assert sheets_of(answer)[0][2:] == [
        ["3", "HR-1", "Trần Thị Ví Dụ", "ô sai: 19577"],
        ["5", "Cộng thôn 2: bỏ qua"],
        ["6", "HR-3", "Ngô Văn Thí Điểm", "ô sai: 0"],
    ]
    [total] = parsed(answer).xpath("//td[@class='out']")
    assert total.get("colspan") == "3"


def test_each_sheet_and_each_table_has_its_own_letters_and_headings(officer):
    other = ("Họ tên chủ hộ", "Mã hộ", "Sinh năm", "Phân loại")
    raw = two_sheets(
        Nam=[HEAD, [1, *a_row("HR-1", members=0)]],
        Bac=[
            ["Danh sách"],
            other,
            ["Lê Văn Giả Định", "HR-2", 195, "N1"],
            ["Ngô Văn Thí Điểm", "HR-4", 1950, "N1"],
            [],
            ["STT", *other],
            [1, "Tạ Văn Quy Ước", "HR-3", 1961, "N9"],
        ],
    )
    answer = page_of(sent(raw, officer), officer)

    assert sheets_of(answer) == [
        [
            ["Dòng", "B", "C", "F"],
            ["1", "Số hồ sơ", "Họ và tên chủ hộ", "Số nhân khẩu"],
            ["2", "HR-1", "Trần Thị Ví Dụ", "ô sai: 0"],
        ],
        [
            ["Dòng", "A", "B", "C"],
            ["2", "Họ tên chủ hộ", "Mã hộ", "Sinh năm"],
            ["3", "Lê Văn Giả Định", "HR-2", "ô sai: 195"],
        ],
        [
            ["Dòng", "B", "C", "E"],
            ["6", "Họ tên chủ hộ", "Mã hộ", "Phân loại"],
            ["7", "Tạ Văn Quy Ước", "HR-3", "ô sai: N9"],
        ],
    ]
    assert links_of(answer) == {"F2": "#o-1-F2", "C3": "#o-2-C3", "E7": "#o-2-E7"}
    for link in links_of(answer).values():
        assert len(parsed(answer).xpath("//*[@id=$id]", id=link.removeprefix("#"))) == 1
    assert "Trang tính “Nam”, cột B đến F" in text_of(answer)


def test_a_heading_of_two_rows_is_said_with_both(officer):
    raw = two_sheets(
        Xa=[
            ["STT", "Mã hộ", "Chủ hộ", "", "Phân loại"],
            ["", "", "Họ và tên", "Năm sinh", ""],
            [1, "HR-1", "Lê Văn Giả Định", 19577, "N1"],
        ]
    )
    assert sheets_of(page_of(sent(raw, officer), officer))[0] == [
        ["Dòng", "B", "C", "D"],
        ["1–2", "Mã hộ", "Chủ hộ › Họ và tên", "Chủ hộ › Năm sinh"],
        ["3", "HR-1", "Lê Văn Giả Định", "ô sai: 19577"],
    ]


def test_a_name_in_two_columns_and_ticks_stand_where_they_were_written(officer):
    head = ["Mã hộ", "Họ và đệm", "Tên", "Năm sinh", "Phân loại", *HEAD[-2:]]
    rows = [
        ["HR-1", "Lê Văn Giả", "Định", 1950, "N1", "x", "??"],
        ["HR-2", "Tạ Văn Quy", "Ước", 1950, "N1", "??", "x"],
        ["HR-3", "Ngô Văn Thí", "Điểm", 1950, "N1", "", "??"],
    ]
    table = sheets_of(page_of(sent(two_sheets(Xa=[head, *rows]), officer), officer))[0]
    assert table[2:] == [
        ["2", "HR-1", "Lê Văn Giả", "Định", "x", "ô sai: ??"],
        ["3", "HR-2", "Tạ Văn Quy", "Ước", "ô sai: ??", "x"],
        ["4", "HR-3", "Ngô Văn Thí", "Điểm", "", "ô sai: ??"],
    ]


def test_what_is_sensitive_is_shown_neither_bad_nor_good(officer):
    head = [*HEAD, "Số CCCD", "Dân tộc", "Khuyết tật"]
    numbers = ("038157001234", "38157005678")
    rows = [
        (*a_row("HR-1", "Lê Văn Giả Định", birth_year=19577), numbers[0], "Mường", "x"),
        (*a_row("HR-2", "Tạ Văn Quy Ước"), numbers[1], "Kinhh", ""),
        (*a_row("HR-3", "Ngô Văn Thí Điểm"), "", "Kinh", "có/không"),
    ]
    answer = page_of(sent(a_list(*rows, head=head), officer), officer)

    hidden = "không hiện"
    assert [[line[0], *line[-3:]] for line in sheets_of(answer)[0][2:]] == [
        ["2", hidden, hidden, hidden],
        ["3", f"ô sai: {hidden}", f"ô sai: {hidden}", hidden],
        ["4", hidden, hidden, f"ô sai: {hidden}"],
    ]
    page = answer.content.decode()
    assert not any(written in page for written in (*numbers, "Kinhh", "Mường,", "có/không"))
    assert list(links_of(answer)) == ["D2", "J3", "K3", "L4"], "the addresses still say where"


def test_of_five_hundred_bad_rows_a_few_are_shown_and_the_rest_can_be_reached(officer):
    raw = a_list(*(a_row(f"HR-{n}", birth_year=19577) for n in range(500)))
    file = sent(raw, officer)
    first = page_of(file, officer)

    assert len(sheets_of(first)[0]) == 2 + ROWS_SHOWN
    assert "Dòng có lỗi thứ 1–12 trong 200" in text_of(first)
    assert "còn 300 dòng. Xem đủ 500 dòng bị từ chối" in text_of(first)

    links = links_of(first)
    assert len(links) == PROBLEMS_SHOWN
    address = reverse("households:import", args=[file.pk])
    assert (links["D13"], links["D14"]) == ("#o-1-D13", f"{address}?doan=2#o-1-D14")
    for part in (2, 17):
        answer = page_of(file, officer, part)
        here = [link[1:] for link in links_of(answer).values() if link.startswith("#")]
        assert here and all(link.startswith((address, "#")) for link in links_of(answer).values())
        assert here == parsed(answer).xpath("//td[@class='bad']/@id")
    assert "Dòng có lỗi thứ 193–200 trong 200" in text_of(page_of(file, officer, 17))
    for nonsense in (99, 0):
        assert sheets_of(page_of(file, officer, nonsense))
    assert a_client(officer).get(address, {"doan": "x"}).status_code == 200


def test_a_long_cell_is_cut(officer):
    answer = page_of(sent(a_list(a_row("HR-1", birth_year="năm " * 30)), officer), officer)
    [cell] = parsed(answer).xpath("//td[@class='bad']")
    assert words(cell.text_content()).endswith("năm năm…")
    assert len(cell.text_content()) < 60


def test_a_file_without_bad_cells_has_no_piece(officer):
    answer = page_of(sent(a_list(a_row("HR-1")), officer), officer)
    assert not sheets_of(answer)
    assert "Trong tệp của anh/chị" not in text_of(answer)
    assert "Máy đã hiểu tệp thế nào" in text_of(answer)
