"""What an official paper says. How it looks is the decree's matter, see decree.py."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Literal

Align = Literal["left", "right", "center"]
Rules = Literal["decree-30", "circular-01"]
"""Whose format a paper has: Decree 30/2020/NĐ-CP, or Circular 01/2011/TT-BNV for days before 5 March 2020."""
Urgency = Literal["", "KHẨN", "THƯỢNG KHẨN", "HỎA TỐC"]


@dataclass(frozen=True)
class Section:
    """ "I. ..." : printed in capitals, bold."""

    text: str
    is_bold: ClassVar[bool] = True


@dataclass(frozen=True)
class Heading:
    """ "1. ..." of a clause that has a heading: bold."""

    text: str
    is_bold: ClassVar[bool] = True


@dataclass(frozen=True)
class Text:
    """A paragraph. A line break in it starts a new paragraph."""

    text: str


@dataclass(frozen=True)
class Point:
    """ "a) ..." or "- ..."."""

    text: str


@dataclass(frozen=True)
class HeadCell:
    """A cell in the head of a table, over `across` columns and `down` rows."""

    text: str
    across: int = 1
    down: int = 1


@dataclass(frozen=True)
class HeadSlot:
    """A head cell where it stands in one row: begun there, or reaching down from the row above."""

    cell: HeadCell
    column: int
    begins: bool


@dataclass(frozen=True)
class Mark:
    """By what a printed table is checked: a short code, and the address that its QR leads to."""

    code: str
    address: str


@dataclass(frozen=True)
class Grid:
    """A ruled table. Widths wider than the page together are shares of the page."""

    heads: tuple[tuple[HeadCell, ...], ...]
    rows: tuple[tuple[str, ...], ...]
    total: tuple[str, ...] | None
    widths_mm: tuple[float, ...]
    align: tuple[Align, ...]
    caption: str = ""
    mark: Mark | None = None
    """Printed below the table, once the paper is one that can be asked about."""
    key: str = ""
    """What its subject calls this kind of table, where it can compute it again; not printed."""

    def __post_init__(self) -> None:
        if not self.widths_mm or min(self.widths_mm) <= 0:
            raise ValueError("A table needs columns, each wider than nothing.")
        rows = self.rows if self.total is None else (*self.rows, self.total)
        for row in (*rows, self.align):
            if len(row) != len(self.widths_mm):
                raise ValueError(f"{len(row)} cells for {len(self.widths_mm)} columns: {row}")
        self.head_slots()

    def head_slots(self) -> tuple[tuple[HeadSlot, ...], ...]:
        """The head row by row; together the cells must fill it exactly."""
        reaching_down: dict[tuple[int, int], HeadSlot] = {}
        return tuple(self._slots_of_row(number, reaching_down) for number in range(len(self.heads)))

    def _slots_of_row(
        self, number: int, reaching_down: dict[tuple[int, int], HeadSlot]
    ) -> tuple[HeadSlot, ...]:
        cells = iter(self.heads[number])
        slots: list[HeadSlot] = []
        column = 0
        while column < len(self.widths_mm):
            slot = reaching_down.get((number, column))
            if slot is None:
                cell = next(cells, None)
                if cell is None:
                    raise ValueError(f"Head row {number + 1} has no cell for column {column + 1}.")
                slot = HeadSlot(cell, column, begins=True)
                self._check_room(slot, number, reaching_down)
                for row in range(number + 1, number + cell.down):
                    reaching_down[row, column] = HeadSlot(cell, column, begins=False)
            slots.append(slot)
            column += slot.cell.across
        if left := next(cells, None):
            raise ValueError(f"Head row {number + 1} has no room for {left.text!r}.")
        return tuple(slots)

    def _check_room(
        self, slot: HeadSlot, number: int, reaching_down: dict[tuple[int, int], HeadSlot]
    ) -> None:
        cell, columns = slot.cell, range(slot.column, slot.column + slot.cell.across)
        fits = columns.stop <= len(self.widths_mm) and number + cell.down <= len(self.heads)
        if cell.across < 1 or cell.down < 1 or not fits or any((number, c) in reaching_down for c in columns):
            raise ValueError(f"Head cell {cell.text!r} does not fit where it stands.")


@dataclass(frozen=True)
class Signature:
    """Who signs: "TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH" as authority, then the position and the name."""

    authority: tuple[str, ...]
    position: str
    name: str


Block = Section | Heading | Text | Point | Grid


@dataclass(frozen=True)
class Annex:
    """A table or text behind the paper, on pages of its own."""

    title: str
    attached_to: str | None
    """What follows "Kèm theo": "Báo cáo số 05/BC-UBND ngày ... của ...", see numbers.reference."""
    blocks: tuple[Block, ...]
    landscape: bool = False


@dataclass(frozen=True)
class Paper:
    """One official paper. A line break in a name or in the title is kept where it stands."""

    parent_body: str | None
    issuing_body: str
    symbol: str
    """ "BC-UBND", without the number."""
    place: str
    kind: str
    """ "BÁO CÁO"; empty for a letter (công văn), whose title then stands as "V/v ..." under the number."""
    title: str
    number: str | None = None
    """None leaves room to write it."""
    issued_on: date | None = None
    """None leaves room for day and month, and for the year if `year` is not known."""
    year: int | None = None
    addressed_to: tuple[str, ...] = ()
    bases: tuple[str, ...] = ()
    body: tuple[Block, ...] = ()
    signature: Signature | None = None
    beside: Signature | None = None
    """Who signs to the left, of minutes that two sides sign; the recipients then stand below both."""
    recipients: tuple[str, ...] = ()
    drafting: str = ""
    """Unit that drafted it: what follows "Lưu: VT, "."""
    annexes: tuple[Annex, ...] = ()
    foot_note: str = ""
    """The body's address, at the foot of page 1."""
    rules: Rules = "decree-30"
    urgency: Urgency = ""
    """How fast it must go, in a red frame below the number (độ khẩn)."""
    drafter_sign: str = ""
    """Sign of who typed it, with the number of paper copies behind it: "NVA" (ký hiệu người soạn thảo)."""
    copies: int | None = None


@dataclass(frozen=True)
class Spot:
    """A rectangle on a page of a .pdf: pages from 1, millimetres from the page's upper left corner."""

    page: int
    x: float
    y: float
    width: float
    height: float
