"""Made workbooks as the files that offices send: .xlsx, .xls, .ods and .csv, some in letters from before Unicode."""

import csv
import re
import unicodedata
from collections.abc import Callable
from datetime import date
from io import BytesIO, StringIO
from typing import Any

from tests.papers.writers import to_tcvn3, to_vni
from tests.sheets.truth import Made, MadeSheet

File = tuple[bytes, str]

_DATE = re.compile(r"(\d{2})/(\d{2})/(\d{4})")
_NUMBER = re.compile(r"[1-9]\d{0,3}|0")


def _typed(cell: str) -> str | int | date:
    """Short numbers and whole days as Excel keeps them; a day before its calendar, and the rest, as text."""
    if _NUMBER.fullmatch(cell):
        return int(cell)
    if found := _DATE.fullmatch(cell):
        day, month, year = map(int, found.groups())
        if year > 1905 and month <= 12 and day <= 28:
            return date(year, month, day)
    return cell


def xlsx(made: Made) -> File:
    """Excel's format, with merged cells, hidden rows and hidden sheets."""
    import xlsxwriter

    stream = BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    for made_sheet in made.sheets:
        sheet = book.add_worksheet(made_sheet.title)
        for r1, c1, r2, c2 in made_sheet.merged:
            sheet.merge_range(r1 - 1, c1 - 1, r2 - 1, c2 - 1, "")
        for r, row in enumerate(made_sheet.rows):
            for c, cell in enumerate(row):
                value = _typed(cell)
                if isinstance(value, date):
                    sheet.write_datetime(r, c, value, day)
                elif isinstance(value, int):
                    sheet.write_number(r, c, value)
                elif value:
                    sheet.write_string(r, c, value)
        for row in made_sheet.hidden_rows:
            sheet.set_row(row - 1, None, None, {"hidden": True})
        if not made_sheet.visible:
            sheet.hide()
    next(sheet for sheet, one in zip(book.worksheets(), made.sheets, strict=True) if one.visible).activate()
    book.close()
    return stream.getvalue(), "danh-sach.xlsx"


def xls(made: Made) -> File:
    """The format of Excel 97."""
    import xlwt

    book = xlwt.Workbook(encoding="utf-8")
    day = xlwt.easyxf(num_format_str="DD/MM/YYYY")
    for made_sheet in made.sheets:
        sheet = book.add_sheet(made_sheet.title)
        covered = {
            (r, c)
            for r1, c1, r2, c2 in made_sheet.merged
            for r in range(r1, r2 + 1)
            for c in range(c1, c2 + 1)
        }
        for r1, c1, r2, c2 in made_sheet.merged:
            sheet.write_merge(r1 - 1, r2 - 1, c1 - 1, c2 - 1, made_sheet.rows[r1 - 1][c1 - 1])
        for r, row in enumerate(made_sheet.rows):
            for c, cell in enumerate(row):
                if cell and (r + 1, c + 1) not in covered:
                    value = _typed(cell)
                    sheet.write(r, c, value, *([day] if isinstance(value, date) else []))
        if not made_sheet.visible:
            sheet.visibility = 1
    stream = BytesIO()
    book.set_active_sheet(next(n for n, one in enumerate(made.sheets) if one.visible))
    book.save(stream)
    return stream.getvalue(), "danh-sach.xls"


def ods(made: Made) -> File:
    """LibreOffice's format."""
    from odf.opendocument import OpenDocumentSpreadsheet
    from odf.style import Style, TableProperties
    from odf.table import CoveredTableCell, Table, TableCell, TableRow
    from odf.text import P

    book = OpenDocumentSpreadsheet()
    hidden = Style(name="hidden", family="table")
    hidden.addElement(TableProperties(display="false"))
    book.automaticstyles.addElement(hidden)
    for made_sheet in made.sheets:
        table = Table(name=made_sheet.title, **({} if made_sheet.visible else {"stylename": hidden}))
        for r, row in enumerate(made_sheet.rows, start=1):
            line = TableRow()
            for c, cell in enumerate(row, start=1):
                line.addElement(_ods_cell(made_sheet, r, c, cell, TableCell, CoveredTableCell, P))
            table.addElement(line)
        book.spreadsheet.addElement(table)
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue(), "danh-sach.ods"


def _ods_cell(made: MadeSheet, r: int, c: int, cell: str, plain: Any, covered: Any, paragraph: Any) -> Any:
    settings: dict[str, Any] = {}
    for r1, c1, r2, c2 in made.merged:
        if (r, c) == (r1, c1):
            settings = {"numberrowsspanned": r2 - r1 + 1, "numbercolumnsspanned": c2 - c1 + 1}
        elif r1 <= r <= r2 and c1 <= c <= c2:
            return covered()
    value = _typed(cell)
    if isinstance(value, int):
        settings |= {"valuetype": "float", "value": value}
    elif isinstance(value, date):
        settings |= {"valuetype": "date", "datevalue": value.isoformat()}
    elif cell:
        settings |= {"valuetype": "string"}
    element = plain(**settings)
    for line in cell.split("\n") if cell else ():
        element.addElement(paragraph(text=line))
    return element


def separated(made: Made, delimiter: str = ",", encoding: str = "utf-8") -> File:
    """The first visible sheet as text; merged cells are gone."""
    stream = StringIO()
    writer = csv.writer(stream, delimiter=delimiter)
    writer.writerows(next(sheet for sheet in made.sheets if sheet.visible).rows)
    text = stream.getvalue()
    if encoding == "tcvn3":
        return to_tcvn3(text).encode("latin-1", "replace"), "danh-sach.csv"
    if encoding == "vni":
        return to_vni(text).encode("cp1252", "replace"), "danh-sach.csv"
    return text.encode(encoding), "danh-sach.csv"


def with_letters(made: Made, convert: Any) -> Made:
    """The same workbook with its words in a font's letters from before Unicode."""
    for sheet in made.sheets:
        # Those fonts have no sign for a tick but a letter.
        sheet.rows[:] = [
            [convert(unicodedata.normalize("NFC", "x" if cell in ("✓", "√") else cell)) for cell in row]
            for row in sheet.rows
        ]
    return made


def alone(made: Made) -> Made:
    """The workbook as .csv can hold it: one sheet, without merged cells."""
    kept = next(sheet for sheet in made.sheets if sheet.visible)
    made.sheets[:] = [kept]
    made.rows = {
        ("danh-sach", row): truth._replace(sheet="danh-sach")
        for (title, row), truth in made.rows.items()
        if title == kept.title
    }
    made.planted = {("danh-sach", *rest) for title, *rest in made.planted if title == kept.title}  # type: ignore[misc]
    return made


KINDS: tuple[tuple[str, Callable[[Made], File]], ...] = (
    ("xlsx", xlsx),
    ("xls", xls),
    ("ods", ods),
    ("csv", lambda made: separated(alone(made))),
    ("csv with semicolons", lambda made: separated(alone(made), ";", "utf-8-sig")),
    ("csv with tabs, UTF-16", lambda made: separated(alone(made), "\t", "utf-16")),
    ("csv in TCVN3", lambda made: separated(with_letters(alone(made), str), ",", "tcvn3")),
    ("csv in VNI", lambda made: separated(with_letters(alone(made), str), ",", "vni")),
    ("xlsx in TCVN3", lambda made: xlsx(with_letters(made, to_tcvn3))),
    ("xls in VNI", lambda made: xls(with_letters(made, to_vni))),
)
"""Ways to write a workbook. Some change it on the way: what comes back is compared with what they left."""


def can_hold(kind: str, made: Made) -> bool:
    """Whether this kind of file keeps all that the workbook says; .ods is read without its merged cells."""
    return "merged hamlets" not in made.shapes or kind.startswith("xls")
