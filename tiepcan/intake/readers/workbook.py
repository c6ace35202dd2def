"""Workbooks: .xlsx with hidden rows and formulas, .xls and .ods as values."""

import io
import re
from typing import Any

from tiepcan.common.folding import composed
from tiepcan.intake.document import Document, Paragraph, Remark, Row, Table

MOST_ROWS, MOST_COLUMNS = 20_000, 200
_SUM = re.compile(r"^=SUM\(\$?([A-Z]{1,3})\$?(\d+):\$?([A-Z]{1,3})\$?(\d+)\)$", re.IGNORECASE)
_SUBTOTAL = re.compile(r"^=SUBTOTAL\(\s*(?:9|109)\s*[,;]\s*", re.IGNORECASE)


def _cell(value: object) -> str:
    """A cell as a person reads it: whole numbers without ".0", days day first."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if hasattr(value, "strftime"):
        return str(value.strftime("%d/%m/%Y"))
    return composed(str(value))


def _blocks(title: str, grid: list[list[object]], hidden: set[int]) -> list[Paragraph | Table]:
    """A sheet's rows: one that has a single text is a paragraph, the others between two such are a table."""
    blocks: list[Paragraph | Table] = []
    rows: list[Row] = []
    for number, values in enumerate(grid, start=1):
        cells, where = tuple(map(_cell, values)), f"trang tính “{title}”, dòng {number}"
        filled = [cell for cell in cells if cell]
        if len(filled) == 1 and any(c.isalpha() for c in filled[0]):
            if rows:
                blocks.append(Table(tuple(rows), rows[0].where))
                rows = []
            blocks.append(Paragraph(filled[0], where))
        elif filled:
            rows.append(Row(cells, where, number in hidden))
    return [*blocks, Table(tuple(rows), rows[0].where)] if rows else blocks


def _recomputed(formula: str, grid: list[list[Any]]) -> float | None:
    """Value of a sum over a range, the one formula that these tables use; None for any other."""
    from openpyxl.utils import column_index_from_string

    found = _SUM.match(_SUBTOTAL.sub("=SUM(", formula.replace(" ", "")))
    if not found:
        return None
    first, top, last, bottom = found.groups()
    columns = range(column_index_from_string(first) - 1, column_index_from_string(last))
    lines = grid[int(top) - 1 : int(bottom)]
    cells = [line[c] for line in lines for c in columns if c < len(line)]
    return float(sum(c for c in cells if isinstance(c, int | float) and not isinstance(c, bool)))


def read_xlsx(raw: bytes) -> Document:
    import openpyxl

    values = openpyxl.load_workbook(io.BytesIO(raw), data_only=True)
    formulas = openpyxl.load_workbook(io.BytesIO(raw))
    blocks: list[Paragraph | Table] = []
    remarks: list[Remark] = []
    for sheet in values.worksheets:
        where = f"trang tính “{sheet.title}”"
        if sheet.sheet_state != "visible":
            remarks.append(Remark("row_hidden", f"{where} đang ẩn nên không đọc.", where))
            continue
        limits = {"max_row": min(sheet.max_row, MOST_ROWS), "max_col": min(sheet.max_column, MOST_COLUMNS)}
        grid: list[list[object]] = [list(r) for r in sheet.iter_rows(values_only=True, **limits)]
        for r, line in enumerate(formulas[sheet.title].iter_rows(**limits)):
            for c, cell in enumerate(line):
                if cell.data_type != "f" or grid[r][c] is not None:
                    continue
                value = _recomputed(str(cell.value), grid)
                grid[r][c] = value
                remarks.append(
                    Remark(
                        "formula_recomputed",
                        f"Ô {cell.coordinate} có công thức nhưng không lưu kết quả; "
                        + (
                            f"đã tính lại được {value:g}."
                            if value is not None
                            else "không tính lại được, coi như ô trống."
                        ),
                        f"{where}, ô {cell.coordinate}",
                    )
                )
        hidden = {n for n, dimension in sheet.row_dimensions.items() if dimension.hidden}
        blocks += _blocks(sheet.title, grid, hidden)
    return Document(tuple(blocks), tuple(remarks))


def read_xls_or_ods(raw: bytes) -> Document:
    import python_calamine

    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(raw))
    blocks: list[Paragraph | Table] = []
    remarks: list[Remark] = []
    for meta in book.sheets_metadata:
        where = f"trang tính “{meta.name}”"
        if meta.visible != python_calamine.SheetVisibleEnum.Visible:
            remarks.append(Remark("row_hidden", f"{where} đang ẩn nên không đọc.", where))
            continue
        grid: list[list[object]] = [
            list(row[:MOST_COLUMNS])
            for row in book.get_sheet_by_name(meta.name).to_python(skip_empty_area=False)[:MOST_ROWS]
        ]
        blocks += _blocks(meta.name, grid, set())
    return Document(tuple(blocks), tuple(remarks))
