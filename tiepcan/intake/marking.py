"""A person's own file given back with its bad cells marked: light red, and a comment that says what to do.

marked_in_child(raw, name, marks)  →  python -m tiepcan.intake.marking NAME < (marks as a line of JSON, raw)
                                   →  a line of JSON (the new name, or why not), the new file

An .xlsx keeps its formulas and formats; of any other kind a new .xlsx is made, the same cells at the same addresses.
"""

import contextlib
import io
import json
import re
import subprocess
import sys
import tempfile
import warnings
import zipfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import PurePath
from typing import Any

from tiepcan.intake import formats, limited
from tiepcan.intake.child import limit
from tiepcan.intake.document import TOO_MUCH, Unreadable
from tiepcan.intake.sheets import Book, Sheet, open_book

LARGEST_MARKED = 20 * 2**20
_LARGEST_UNPACKED = 300 * 2**20
MEMORY = 2**30
CPU_SECONDS, WALL_SECONDS = 60, 120
AUTHOR = "Tiếp Cận"
_RED = "FFFFC7CE"
_OURS = f"[{AUTHOR}]\n"
"""Stands before our words in another person's comment, so that they can be taken out again."""
_TOO_LARGE = (
    f"Tệp nặng hơn {LARGEST_MARKED // 2**20} MB hoặc quá nhiều ô nên không đánh dấu được. "
    "Sửa theo danh sách ô trên trang này."
)
_ENDING = " (đã đánh dấu)"
_LINE, _LINE_HEIGHT, _WIDTH = 38, 18, 280
_LONGEST_CELL, _LONGEST_TITLE = 32_767, 31
_WIDEST_COLUMN, _ROWS_FOR_WIDTH = 50, 200


@dataclass(frozen=True)
class Mark:
    """What is wrong with one cell: the sheet's title, row and column from 1, the sentence."""

    sheet: str
    row: int
    column: int
    message: str


def marked_in_child(raw: bytes, name: str, marks: Sequence[Mark]) -> tuple[bytes, str]:
    """The marked file and its name, made in the limited child. Raises Unreadable with a sentence."""
    if len(raw) > LARGEST_MARKED:
        raise Unreadable(_TOO_LARGE)
    with tempfile.TemporaryFile() as file:
        file.write(json.dumps([asdict(mark) for mark in marks]).encode() + b"\n")
        file.write(raw)
        file.seek(0)
        child = limited.start("tiepcan.intake.marking", [name], file)
    with child:
        try:
            said, _ = child.communicate(timeout=WALL_SECONDS)
        except subprocess.TimeoutExpired:
            child.kill()
            raise Unreadable(TOO_MUCH) from None
    if child.returncode != 0:
        raise Unreadable(_TOO_LARGE)
    head, _, content = said.partition(b"\n")
    answer = json.loads(head)
    if "unreadable" in answer:
        raise Unreadable(answer["unreadable"])
    return content, answer["name"]


def marked(raw: bytes, name: str, marks: Sequence[Mark]) -> tuple[bytes, str]:
    """The marked file and its name. Runs foreign parsers: only in the limited child."""
    if len(raw) > LARGEST_MARKED:
        raise Unreadable(_TOO_LARGE)
    stem = PurePath(name).stem.removesuffix(_ENDING)
    content = _same_workbook(raw, marks) if raw.startswith(b"PK") else None
    return content or _new_workbook(open_book(raw, name), marks), f"{stem}{_ENDING}.xlsx"


def _joined(
    marks: Sequence[Mark], sheet: str, merged: Sequence[tuple[int, int, int, int]]
) -> dict[tuple[int, int], str]:
    """One sheet's messages by cell; those of a merged cell go to its top left, the only place that holds anything."""
    messages: dict[tuple[int, int], dict[str, None]] = {}
    for mark in marks:
        if mark.sheet != sheet or mark.row < 1 or mark.column < 1:
            continue
        place = mark.row, mark.column
        for top, left, bottom, right in merged:
            if top <= mark.row <= bottom and left <= mark.column <= right:
                place = top, left
        messages.setdefault(place, {})[mark.message] = None
    return {place: "\n".join(said) for place, said in messages.items()}


def _height(text: str) -> int:
    """Points that the comment needs to show its text."""
    return 12 + _LINE_HEIGHT * sum(1 + len(line) // _LINE for line in text.split("\n"))


def _same_workbook(raw: bytes, marks: Sequence[Mark]) -> bytes | None:
    """The person's .xlsx with its marks; None where openpyxl cannot read what calamine can."""
    import openpyxl

    try:
        if formats.inside_zip(raw, largest=_LARGEST_UNPACKED) != "xlsx":
            return None
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it warns of what it will not keep
            book = openpyxl.load_workbook(io.BytesIO(raw), rich_text=True)
    except MemoryError:
        raise
    except Exception:
        return None
    for sheet in book.worksheets:
        _take_out_old_marks(sheet)
        merged = [(r.min_row, r.min_col, r.max_row, r.max_col) for r in sheet.merged_cells.ranges]
        for (row, column), message in _joined(marks, sheet.title, merged).items():
            _mark(sheet.cell(row, column), message)
    return _saved(book)


def _take_out_old_marks(sheet: Any) -> None:
    """A file that was marked before and mended since must not show what was wrong then."""
    from openpyxl.styles import PatternFill

    # Not iter_rows, which makes a cell of every blank within the sheet's furthest corner.
    for cell in list(sheet._cells.values()):
        if cell.comment is None or not (cell.comment.author == AUTHOR or _OURS in cell.comment.text):
            continue
        theirs = "" if cell.comment.author == AUTHOR else cell.comment.text.partition(_OURS)[0].rstrip()
        _comment(cell, theirs, cell.comment.author)
        if cell.fill.fgColor.rgb == _RED:
            cell.fill = PatternFill()


def _mark(cell: Any, message: str) -> None:
    from openpyxl.styles import PatternFill

    cell.fill = PatternFill("solid", fgColor=_RED)
    if cell.comment is None:
        _comment(cell, message, AUTHOR)
    else:
        _comment(cell, f"{cell.comment.text}\n{_OURS}{message}", cell.comment.author)


def _comment(cell: Any, text: str, author: str) -> None:
    from openpyxl.comments import Comment

    cell.comment = Comment(text, author, height=_height(text), width=_WIDTH) if text else None


def _saved(book: Any) -> bytes:
    """The workbook's bytes. openpyxl's own save writes each sheet to a file first, and the limited child may write none."""
    from openpyxl.drawing.spreadsheet_drawing import SpreadsheetDrawing
    from openpyxl.worksheet._writer import WorksheetWriter
    from openpyxl.writer.excel import ExcelWriter

    class InMemory(ExcelWriter):  # type: ignore[misc]
        def write_worksheet(self, sheet: Any) -> None:
            sheet._drawing = SpreadsheetDrawing()
            sheet._drawing.charts, sheet._drawing.images = sheet._charts, sheet._images
            writer = WorksheetWriter(sheet, io.BytesIO())
            writer.write()
            sheet._rels = writer._rels
            self._archive.writestr(sheet.path[1:], writer.read())
            self.manifest.append(sheet)

    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        InMemory(book, archive).write_data()
    return out.getvalue()


def _new_workbook(opened: Book, marks: Sequence[Mark]) -> bytes:
    """A new .xlsx of the same cells at the same addresses, all as text: "04" stays "04" and "=1+1" is no formula."""
    import xlsxwriter
    from xlsxwriter.exceptions import XlsxWriterException

    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    red = book.add_format({"bg_color": f"#{_RED[2:]}"})
    titles: set[str] = set()
    for sheet in opened.sheets:
        page = book.add_worksheet(_title(sheet.title, titles))
        if not sheet.visible:
            page.hide()
        _fill(page, sheet, marks, red)
    try:
        book.close()
    except XlsxWriterException:
        raise Unreadable(_TOO_LARGE) from None
    return out.getvalue()


def _title(wanted: str, taken: set[str]) -> str:
    """A title that Excel allows, not used before; of a .csv it is the file's name and may be anything."""
    plain = re.sub(r"[\[\]:*?/\\]", " ", wanted)[:_LONGEST_TITLE].strip(" '") or "Trang"
    title, number = plain, 1
    while title.lower() in taken:
        number += 1
        title = f"{plain[: _LONGEST_TITLE - 5]} {number}"
    taken.add(title.lower())
    return title


def _fill(page: Any, sheet: Sheet, marks: Sequence[Mark], red: Any) -> None:
    from xlsxwriter.exceptions import OverlappingRange

    rows = list(sheet.rows)
    messages = _joined(marks, sheet.title, sheet.merged)
    for top, left, bottom, right in sheet.merged:
        bottom = min(bottom, len(rows))
        if (top, left) != (bottom, right) and top <= bottom:
            with contextlib.suppress(OverlappingRange):
                page.merge_range(top - 1, left - 1, bottom - 1, right - 1, "")
    for row, column in messages:
        page.write_blank(row - 1, column - 1, None, red)
    for number, cells in enumerate(rows, start=1):
        for column, text in enumerate(cells, start=1):
            if text:
                bad = red if (number, column) in messages else None
                page.write_string(number - 1, column - 1, text[:_LONGEST_CELL], bad)
        if number in sheet.hidden_rows:
            page.set_row(number - 1, None, None, {"hidden": True})
    for (row, column), message in messages.items():
        box = {"author": AUTHOR, "width": _WIDTH, "height": _height(message)}
        page.write_comment(row - 1, column - 1, message, box)
    for column, width in _widths(rows).items():
        page.set_column(column, column, width)
    page.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})


def _widths(rows: Sequence[list[str]]) -> dict[int, int]:
    """Letters that the columns need; a line that is a single text is a title and may run over."""
    widths: dict[int, int] = {}
    for row in rows[:_ROWS_FOR_WIDTH]:
        if sum(map(bool, row)) > 1:
            for column, text in enumerate(row):
                widths[column] = max(widths.get(column, 6), min(len(text) + 2, _WIDEST_COLUMN))
    return widths


def main() -> None:
    """The child: limits first, then the marks, then the file."""
    limit(cpu_seconds=CPU_SECONDS, memory=MEMORY)
    marks = [Mark(**mark) for mark in json.loads(sys.stdin.buffer.readline())]
    content = b""
    try:
        content, name = marked(sys.stdin.buffer.read(), sys.argv[1], marks)
        answer = {"name": name}
    except Unreadable as problem:
        answer = {"unreadable": str(problem)}
    except MemoryError:
        answer = {"unreadable": _TOO_LARGE}
    except Exception:
        # As when it was read: whatever a library chokes on, the person has the list of cells.
        answer = {"unreadable": "Không đánh dấu được vào tệp này. Sửa theo danh sách ô trên trang này."}
    sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n" + content)


if __name__ == "__main__":
    main()
