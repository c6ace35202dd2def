"""What every opener gives: sheets of rows with their places, and how far a sheet may go."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tiepcan.intake.document import Remark, Unreadable

MOST_ROWS, MOST_COLUMNS, MOST_SHEETS = 1_100_000, 300, 100
MEMORY = 3 * 2**30
"""Bytes for the child that opens a book: a sheet of 1,000,000 rows and 15 columns takes 1.3 GB."""


@dataclass(frozen=True)
class Sheet:
    """One sheet. `rows` can be gone through once, row 1 first; a row ends where its cells do, "" is an empty cell.

    Going through them raises Unreadable where the sheet is larger than we read, or damaged. Rows and columns count
    from 1; a merged range is first row, first column, last row, last column.
    """

    title: str
    visible: bool
    rows: Iterable[list[str]]
    hidden_rows: frozenset[int] = frozenset()
    merged: tuple[tuple[int, int, int, int], ...] = ()


@dataclass(frozen=True)
class Book:
    """A file opened: its format (xlsx, xls, ods, csv, html), its sheets in their order, what was noticed about it."""

    format: str
    sheets: tuple[Sheet, ...]
    remarks: tuple[Remark, ...] = ()


def address(row: int, column: int) -> str:
    """The cell's name as Excel writes it, both counted from 1: (17, 6) is "F17"."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}{row}"


def sheet_place(title: str) -> str:
    """How a remark names a sheet."""
    return f"trang tính “{title}”"


def within_limits(rows: Iterable[list[str]]) -> Iterator[list[str]]:
    """The same rows. Blank cells beyond the last column are cut off; anything else too far raises Unreadable."""
    for number, row in enumerate(rows, start=1):
        if len(row) > MOST_COLUMNS:
            for column, cell in enumerate(row[MOST_COLUMNS:], start=MOST_COLUMNS + 1):
                if cell:
                    raise Unreadable(
                        f"Ô {address(number, column)} nằm ngoài {MOST_COLUMNS} cột đầu nên không đọc. "
                        "Xóa các cột thừa ở bên phải rồi tải lên lần nữa."
                    )
            del row[MOST_COLUMNS:]
        if number > MOST_ROWS:
            raise Unreadable(too_many_rows())
        yield row


def too_many_rows() -> str:
    """The refusal of a sheet that is too long."""
    most = f"{MOST_ROWS:,}".replace(",", ".")
    return f"Trang tính dài hơn {most} dòng nên không đọc. Chia thành nhiều tệp rồi tải lên từng tệp."
