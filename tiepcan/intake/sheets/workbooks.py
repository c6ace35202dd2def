"""Workbooks of Excel and LibreOffice: .xlsx, .xls, .ods."""

import io
import itertools
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any

from tiepcan.intake.document import Remark, Unreadable
from tiepcan.intake.sheets.book import (
    MOST_ROWS,
    MOST_SHEETS,
    Book,
    Sheet,
    sheet_place,
    too_many_rows,
    within_limits,
)
from tiepcan.intake.sheets.cells import Cleaned, shown
from tiepcan.intake.sheets.legacy import Legacy, legacy_of, sampled
from tiepcan.intake.sheets.parts import Part, Parts, Show


def open_workbook(raw: bytes, kind: str) -> Book:
    """The workbook's sheets, charts aside."""
    import python_calamine as calamine

    try:
        return _open(raw, kind)
    except calamine.PasswordError:
        raise Unreadable("Tệp có mật khẩu. Bỏ mật khẩu rồi tải lên lần nữa.") from None
    except (
        calamine.CalamineError,
        zipfile.BadZipFile,
        zlib.error,
        ValueError,
        KeyError,
        OSError,
        SyntaxError,
    ):
        raise Unreadable(
            "Tệp bị hỏng, không mở được. Mở tệp bằng Excel trên máy của anh/chị, lưu lại rồi tải lên lần nữa."
        ) from None


def _open(raw: bytes, kind: str) -> Book:
    import python_calamine as calamine

    book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(raw))
    parts = Parts(raw) if kind == "xlsx" else None
    metas = [meta for meta in book.sheets_metadata if meta.typ == calamine.SheetTypeEnum.WorkSheet]
    if len(metas) > MOST_SHEETS:
        raise Unreadable(
            f"Tệp có {len(metas)} trang tính, nhiều hơn {MOST_SHEETS}. Tách các trang cần đọc ra tệp riêng rồi tải lên."
        )
    sheets: list[Sheet] = []
    remarks: list[Remark] = []
    for meta in metas:
        cells = book.get_sheet_by_name(meta.name)
        if cells.total_height > MOST_ROWS:
            raise Unreadable(too_many_rows())
        part = parts.part(meta.name) if parts else None
        visible = meta.visible == calamine.SheetVisibleEnum.Visible
        legacy = legacy_of(sampled(_values(cells), cells.total_height))
        remarks += _remarks(meta.name, visible, part, legacy)
        showing = parts.showing(part) if parts and part and part.needs_showing else None
        merged = tuple(
            (top + 1, left + 1, bottom + 1, right + 1)
            for (top, left), (bottom, right) in cells.merged_cell_ranges or ()
        )
        rows = within_limits(_rows(cells, legacy, showing))
        sheets.append(Sheet(meta.name, visible, rows, frozenset(part.hidden if part else ()), merged))
    return Book(kind, tuple(sheets), tuple(remarks))


def _remarks(title: str, visible: bool, part: Part | None, legacy: Legacy | None) -> Iterator[Remark]:
    where = sheet_place(title)
    if not visible:
        yield Remark("sheet_hidden", f"Có {where} đang ẩn.", where)
    if part and part.hidden:
        yield Remark("row_hidden", f"Có {len(part.hidden)} dòng đang ẩn.", where)
    if part and part.without_result:
        yield Remark(
            "formula_without_result",
            f"{part.without_result} ô có công thức nhưng không lưu kết quả, nên đọc như ô trống. "
            "Mở tệp bằng Excel, lưu lại rồi tải lên lần nữa.",
            where,
        )
    if legacy:
        yield Remark("encoding_converted", f"Chữ theo bảng mã {legacy.names}, đã chuyển sang Unicode.", where)


def _values(cells: Any) -> Iterator[list[Any]]:
    """Rows from the first, each from column A: calamine leaves empty columns at the left off."""
    before = [""] * cells.start[1] if cells.start else []
    return (before + row for row in cells.iter_rows()) if before else cells.iter_rows()


def _rows(
    cells: Any, legacy: Legacy | None, showing: Iterator[tuple[int, int, Show]] | None
) -> Iterator[list[str]]:
    cleaned = Cleaned()
    by_row: Iterator[tuple[int, Iterator[tuple[int, int, Show]]]] = itertools.groupby(
        showing or (), key=lambda cell: cell[0]
    )
    told_row, told = next(by_row, (0, iter(())))
    for number, row in enumerate(_values(cells), start=1):
        special: list[tuple[int, str]] = []
        while told_row and told_row < number:
            told_row, told = next(by_row, (0, iter(())))
        if told_row == number:
            special = [
                (column - 1, text)
                for _, column, show in told
                if column <= len(row) and (text := show(row[column - 1])) is not None
            ]
        if legacy:
            legacy.convert(row)
        row = [cleaned[value] if type(value) is str else shown(value) for value in row]
        for column, text in special:
            row[column] = text
        yield row
