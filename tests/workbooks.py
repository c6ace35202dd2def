"""Lists of invented households as workbooks, as a ward's office would make them."""

import io
from collections.abc import Sequence
from typing import Any

import xlsxwriter

HEAD = (
    "STT", "Số hồ sơ", "Họ và tên chủ hộ", "Năm sinh", "Thôn, tổ", "Số nhân khẩu", "Phân loại hộ",
    "Thiếu hụt dịch vụ viễn thông", "Thiếu hụt tài sản tiếp cận thông tin",
)  # fmt: skip


def a_list(
    *rows: Sequence[Any], head: Sequence[str] = HEAD, above: Sequence[str] = (), sheet: str = "Danh sách"
) -> bytes:
    """An .xlsx of one sheet: lines of title, the head, then rows without their ordinal."""
    written = io.BytesIO()
    with xlsxwriter.Workbook(written, {"in_memory": True}) as book:
        page = book.add_worksheet(sheet)
        for n, line in enumerate(above):
            page.write(n, 0, line)
        page.write_row(len(above), 0, head)
        for n, row in enumerate(rows, start=1):
            page.write_row(len(above) + n, 0, (n, *row))
    return written.getvalue()


def a_row(code: str, name: str = "Trần Thị Ví Dụ", **facts: Any) -> tuple[Any, ...]:
    """One household's cells below `HEAD`."""
    given = {
        "birth_year": 1960,
        "hamlet": "Tổ 1",
        "members": 3,
        "poverty": "N1",
        "telecom": "x",
        "asset": "",
    } | facts
    return (code, name, *given.values())
