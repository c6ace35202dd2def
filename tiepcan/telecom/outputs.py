"""The month's statement: the paper that both sides sign, and the workbook behind it."""

import io
from collections.abc import Sequence
from typing import Any

import xlsxwriter

from tiepcan.common import clock
from tiepcan.common.numbers import grouped, in_words
from tiepcan.paperwork.wording.filling import fill
from tiepcan.paperwork.wording.forms import Content
from tiepcan.paperwork.wording.lines import Lines
from tiepcan.paperwork.wordings import wording_for
from tiepcan.paperwork.workbooks import OPTIONS
from tiepcan.paperwork.writing.numbers import reference
from tiepcan.paperwork.writing.records import Grid, HeadCell, Paper, Signature
from tiepcan.telecom import wordings
from tiepcan.telecom.figures import Money, money_of
from tiepcan.telecom.models import Line, LineState, Month

SYMBOL = "BK-DN"
OFFICE = "Phòng Văn hóa Thông tin"


def _paid(month: Month) -> list[Money]:
    """What the statement asks for: an operator's own waiver costs nobody anything."""
    return [one for one in money_of(month) if one.rate]


def _lines(month: Month) -> Sequence[Line]:
    provided = month.lines.in_state(LineState.PROVIDED).exclude(amount=0)
    return list(
        provided.select_related("household__unit").order_by("household__unit__path", "household__sort_key")
    )


def statement(
    month: Month, *, office_signs: str = "", operator_signs: str = "", wording: Lines | None = None
) -> Paper:
    """The statement of a month (bảng kê): households and đồng by service, the sum in words, the list of households behind.

    While the month is open the paper says so; who signs may be left to be written by hand.
    """
    operator = month.operator.name
    head = Paper(
        parent_body=None,
        issuing_body=operator,
        symbol=SYMBOL,
        place=month.unit.name,
        kind="",
        title="",
        beside=Signature((), OFFICE, office_signs),
        signature=Signature((), operator, operator_signs),
        year=(month.closed_at or clock.now()).astimezone(clock.VIETNAM).year,
        drafting="KT",
    )
    return fill(wordings.STATEMENT, wording or wordings.STATEMENT.lines, _content(month), head)


def wording_of(month: Month) -> Lines:
    """The operator's wording of the moment when the month was closed, or of now."""
    return wording_for(month.operator, wordings.STATEMENT, at=month.closed_at)


def _content(month: Month) -> Content:
    paid = _paid(month)
    decrees = sorted({one.scheme.decree for one in paid if one.scheme})
    return Content(
        values={
            "doanh nghiệp": month.operator.name,
            "tháng": str(month.month.month),
            "năm": str(month.month.year),
            "phần dự thảo": "(dự thảo, tháng chưa chốt)" if month.is_open else "",
            "số hộ": str(sum(one.households for one in paid)),
            "địa bàn": f"{month.unit.get_kind_display().lower()} {month.unit.name}",
            "năm rà soát": str(month.month.year - 1),
            "số tiền bằng chữ": in_words(sum(one.total for one in paid)).capitalize(),
            "cơ quan đối soát": OFFICE,
        },
        lists={"từng căn cứ": [{"văn bản": decree} for decree in decrees]},
        tables={"kinh phí theo dịch vụ": _services(paid), "danh sách hộ": _households(month)},
        attached_to=reference(
            kind="Bảng kê",
            number=None,
            symbol=SYMBOL,
            day=None,
            year=month.month.year,
            issuer=month.operator.name,
        ),
    )


def _services(paid: Sequence[Money]) -> Grid:
    households, total = sum(one.households for one in paid), sum(one.total for one in paid)
    return Grid(
        heads=(tuple(map(HeadCell, ("STT", "Dịch vụ", "Số hộ", "Mức (đ)", "Thành tiền (đ)"))),),
        rows=tuple(
            (str(n), one.name, _two_digits(one.households), grouped(one.rate), grouped(one.total))
            for n, one in enumerate(paid, start=1)
        ),
        total=("", "Cộng", _two_digits(households), "", grouped(total)),
        widths_mm=(14, 60, 24, 30, 37),
        align=("center", "left", "center", "right", "right"),
    )


def _two_digits(number: int) -> str:
    """Numbers below ten have a zero before them in statements, so that nobody adds a digit."""
    return f"{number:02d}"


def _households(month: Month) -> Grid:
    lines = _lines(month)
    return Grid(
        heads=(
            tuple(
                map(HeadCell, ("STT", "Họ tên chủ hộ", "Phường, xã", "Dịch vụ", "Số thuê bao", "Số tiền (đ)"))
            ),
        ),
        rows=tuple(
            (
                str(n),
                line.household.head_name if line.household else line.name,
                line.household.unit.name if line.household else line.unit.name,
                line.get_service_display(),
                line.number,
                grouped(line.amount),
            )
            for n, line in enumerate(lines, start=1)
        ),
        total=("", "Cộng", "", "", "", grouped(sum(line.amount for line in lines))),
        widths_mm=(12, 45, 32, 33, 25, 23),
        align=("center", "left", "left", "left", "left", "right"),
    )


def workbook(month: Month) -> bytes:
    """The same as .xlsx: the sums on the first sheet, every row of the list with what came of it on the second."""
    written = io.BytesIO()
    with xlsxwriter.Workbook(written, OPTIONS) as book:
        book.set_properties({"title": f"Bảng kê {month.operator.name} {month.key}", "company": "Tiếp Cận"})
        head = book.add_format({"bold": True, "border": 1, "text_wrap": True, "bg_color": "#E4E9F2"})
        bold, money = book.add_format({"bold": True}), book.add_format({"num_format": "#,##0"})
        page = book.add_worksheet("Bảng kê")
        page.set_column(0, 0, 30)
        page.set_column(1, 3, 14)
        page.write_string(
            0, 0, f"{month.operator.name}, tháng {month.words}, {month.get_state_display().lower()}", bold
        )
        for column, words in enumerate(("Dịch vụ", "Số hộ", "Mức, đ/tháng", "Thành tiền, đ")):
            page.write_string(2, column, words, head)
        paid = money_of(month)
        for row, one in enumerate(paid, start=3):
            page.write_string(row, 0, one.name)
            page.write_number(row, 1, one.households)
            page.write_number(row, 2, one.rate, money)
            page.write_number(row, 3, one.total, money)
        end = 3 + len(paid)
        page.write_string(end, 0, "Cộng", bold)
        page.write_number(end, 1, sum(one.households for one in paid))
        page.write_number(end, 3, sum(one.total for one in paid), money)
        _rows(book.add_worksheet("Danh sách"), month, head, money)
    return written.getvalue()


_COLUMNS = (
    ("Dòng trong tệp", 8), ("Họ tên", 28), ("Phường, xã", 20), ("Dịch vụ", 20), ("Số thuê bao", 16), ("Kết quả", 20),
    ("Số tiền, đ", 12), ("Vì sao", 40),
)  # fmt: skip


def _rows(sheet: Any, month: Month, head: Any, money: Any) -> None:
    for column, (words, width) in enumerate(_COLUMNS):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, words, head)
    for row, line in enumerate(month.lines.select_related("unit"), start=1):
        sheet.write_number(row, 0, line.row)
        said_of = (
            line.name, line.unit.name, line.get_service_display() if line.service else "", line.number,
            line.get_state_display(),
        )  # fmt: skip
        for column, said in enumerate(said_of, start=1):
            sheet.write_string(row, column, said)
        sheet.write_number(row, 6, line.amount, money)
        sheet.write_string(row, 7, line.said)
    sheet.freeze_panes(1, 2)
