"""What stands on a paper and in what order, each element in its style of the decree, whatever file it becomes.

`docx.py` and `pdf.py` write down what is laid out here, and add nothing to it: that both say the same is settled here.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from tiepcan.paperwork.writing import decree, numbers
from tiepcan.paperwork.writing.cleaning import cleaned
from tiepcan.paperwork.writing.letters import height_points, length_mm, longest_line_mm
from tiepcan.paperwork.writing.records import (
    Align,
    Annex,
    Block,
    Grid,
    Heading,
    HeadSlot,
    Mark,
    Paper,
    Point,
    Section,
    Signature,
    Text,
    Urgency,
)

_LONGEST_PROPERTY = 255
_TALL_ROW = 300.0
"""Points from which a row may break: less than there is on the lowest page, a landscape one, below the table's head."""
_FITS_ON_A_PAGE = 600.0
"""Points that recipients may take beside a signature, or below it, before they run over to the next page."""
_SHORT_TEXT = 50
"""Letters that no column sets so high."""


@dataclass(frozen=True)
class Line:
    """A paragraph in one style."""

    style: decree.Style
    text: str = ""
    strong: str = ""
    """What follows the text, in bold."""
    keep_next: bool = False
    rooms: tuple[str, ...] = ()
    """Names of the rooms left in the text to be written in, as they follow each other there."""
    room_above: str = ""
    """Name of the space above the line, when it is left to sign in."""


@dataclass(frozen=True)
class Rule:
    """A line drawn, centred in the room that it has."""

    length_mm: float
    room_mm: float


@dataclass(frozen=True)
class Frame:
    """A word in a frame of one line."""

    style: decree.Style
    text: str
    width_mm: float
    height_mm: float


@dataclass(frozen=True)
class Picture:
    """A QR that leads to an address."""

    address: str
    size_mm: float
    described: str


@dataclass(frozen=True)
class Columns:
    """Rows of cells without rules: what stands beside each other."""

    widths_mm: tuple[float, ...]
    rows: tuple[tuple[tuple["Element", ...], ...], ...]
    middle: bool = False
    whole: bool = True
    """No row breaks over pages."""


@dataclass(frozen=True)
class Ruled:
    """A grid of the paper: its head is repeated on each page, its last row and total stay together."""

    widths_mm: tuple[float, ...]
    heads: tuple[tuple[HeadSlot, ...], ...]
    head_heights: tuple[float, ...]
    """Points, at least."""
    rows: tuple[tuple[str, ...], ...]
    total: tuple[str, ...] | None
    align: tuple[Align, ...]
    described: str
    tall: frozenset[int] = frozenset()
    """Rows that would not fit on a page, from 0: they alone break over pages."""
    below: Columns | None = None
    """What belongs to it and stays with its last row: its mark."""


Element = Line | Rule | Frame | Picture | Columns | Ruled


@dataclass(frozen=True)
class Part:
    """Pages numbered from 1: the paper itself, then each annex."""

    elements: tuple[Element, ...]
    landscape: bool = False
    foot: tuple[Element, ...] = ()
    """At the foot of its first page."""


@dataclass(frozen=True)
class Layout:
    title: str
    author: str
    issued_on: date | None
    format: decree.Format
    parts: tuple[Part, ...]


def laid_out(paper: Paper) -> Layout:
    paper = cleaned(paper)
    many = len(paper.annexes) > 1
    labels = (f"Phụ lục {numbers.roman(n)}" if many else "Phụ lục" for n in range(1, len(paper.annexes) + 1))
    annexes = [
        Part(tuple(_annex(annex, label)), annex.landscape)
        for annex, label in zip(paper.annexes, labels, strict=True)
    ]
    return Layout(
        title=_property(f"{paper.kind} {paper.title}"),
        author=_property(paper.issuing_body),
        issued_on=paper.issued_on,
        format=decree.FORMATS[paper.rules],
        parts=(Part(tuple(_main_part(paper)), foot=tuple(_foot(paper.foot_note.strip()))), *annexes),
    )


def _property(text: str) -> str:
    return " ".join(text.split())[:_LONGEST_PROPERTY]


def _foot(address: str) -> Iterator[Element]:
    if address:
        yield Rule(decree.TEXT_WIDTH, decree.TEXT_WIDTH)
        yield Line(decree.FOOT_NOTE, address)


def _main_part(paper: Paper) -> Iterator[Element]:
    yield _head(paper)
    if paper.kind.strip():
        yield Line(decree.KIND, paper.kind.strip().upper())
        yield Line(decree.TITLE, paper.title.strip())
        yield _short_rule(paper.title, decree.TITLE, decree.TEXT_WIDTH)
    else:
        yield Line(decree.BETWEEN)
    yield from _addressed(_filled(paper.addressed_to))
    yield from _listed_in(decree.FORMATS[paper.rules].basis, _filled(paper.bases))
    body = [made for block in paper.body for made in _block(block, decree.TEXT_WIDTH)]
    if body and isinstance(body[-1], Line):
        body[-1] = replace(body[-1], keep_next=True)  # a signature alone on its page belongs to nothing
    yield from body
    yield _signed(paper)
    yield Line(decree.BETWEEN)


def _head(paper: Paper) -> Columns:
    left, right = decree.HEAD_WIDTHS
    parent, issuer = (paper.parent_body or "").strip().upper(), paper.issuing_body.strip().upper()
    bodies: tuple[Element, ...] = (Line(decree.PARENT, parent),) if parent else ()
    bodies += (Line(decree.ISSUER, issuer), _short_rule(issuer, decree.ISSUER, left))
    nation = (
        Line(decree.NATIONAL, decree.NATIONAL_TITLE),
        Line(decree.MOTTO_STYLE, decree.MOTTO),
        Rule(length_mm(decree.MOTTO, decree.MOTTO_STYLE.size), right),
    )
    return Columns(decree.HEAD_WIDTHS, ((bodies, nation), (tuple(_number(paper)), (_place_and_day(paper),))))


def _number(paper: Paper) -> Iterator[Element]:
    given = bool(paper.number and paper.number.strip())
    line = numbers.number_line(paper.number, _in_one_line(paper.symbol))
    yield Line(decree.NUMBER, line, rooms=() if given else ("number",))
    if not paper.kind.strip():
        yield Line(decree.LETTER_TITLE, f"V/v {paper.title.strip()}")
    if paper.urgency:
        yield from _urgency(paper.urgency)


def _urgency(urgency: Urgency) -> Iterator[Element]:
    width, height = decree.URGENCY_FRAMES[urgency]
    yield Line(decree.AFTER_GRID)
    yield Frame(decree.URGENCY, urgency, width, height)
    yield Line(decree.BETWEEN)


def _place_and_day(paper: Paper) -> Line:
    phrase = numbers.day_phrase(paper.issued_on, paper.year)
    rooms = ("day", "month") if paper.year is not None else ("day", "month", "year")
    text = f"{_in_one_line(paper.place)}, {phrase}"
    return Line(decree.PLACE_AND_DAY, text, rooms=rooms if paper.issued_on is None else ())


def _in_one_line(text: str) -> str:
    """Without a row of blanks, which would pass for room to write in."""
    return " ".join(text.split())


def _short_rule(text: str, style: decree.Style, room_mm: float) -> Rule:
    longest = longest_line_mm(text.strip(), style.size, room_mm)
    return Rule(longest * decree.SHORT_RULE, room_mm)


def _filled(texts: Sequence[str]) -> list[str]:
    """The texts that say something, without the mark that ends a line of a list."""
    return [text.strip().rstrip(" ;,.") for text in texts if text.strip(" \n;,.")]


def _listed_in(style: decree.Style, texts: Sequence[str], before: str = "") -> Iterator[Line]:
    """Each with the ";" that ends a line of a list, the last with "."."""
    for number, text in enumerate(texts, start=1):
        yield Line(style, f"{before}{text}{';' if number < len(texts) else '.'}")


def _addressed(names: Sequence[str]) -> Iterator[Line]:
    if len(names) == 1:
        yield Line(decree.ADDRESSED, f"Kính gửi: {names[0]}")
    elif names:
        yield Line(decree.ADDRESSED_TO_MANY, "Kính gửi:")
        yield from _listed_in(decree.ADDRESSEE, names, before="- ")
        yield Line(decree.AFTER_GRID)


def _signed(paper: Paper) -> Columns:
    recipients = tuple(_recipients(paper))
    whole = _height(recipients, decree.SIGNATURE_WIDTHS[0]) < _FITS_ON_A_PAGE
    signed = _signature(paper.signature) if paper.signature else (Line(decree.POSITION),)
    if paper.beside is None:
        return Columns(decree.SIGNATURE_WIDTHS, ((recipients, signed),), whole=whole)
    sides = (_signature(paper.beside, "beside"), signed)
    # Names in a row of their own: one office's longer title must not push its name below the other's.
    titles = tuple(
        tuple(replace(line, keep_next=True) for line in side[:-1] or (Line(decree.POSITION),))
        for side in sides
    )
    names = tuple(side[-1:] for side in sides)
    rows = (titles, names, (recipients, (Line(decree.BETWEEN),)))
    return Columns(decree.SIGNATURE_WIDTHS, rows, whole=whole)


def _height(lines: Sequence[Line], room_mm: float) -> float:
    return sum(height_points(line.text, line.style.size, room_mm) for line in lines)


def _recipients(paper: Paper) -> Iterator[Line]:
    yield Line(decree.RECIPIENTS, "Nơi nhận:")
    for name in _filled(paper.recipients):
        yield Line(decree.RECIPIENT, f"- {name.removeprefix('-').strip()};")
    kept = ", ".join(text for text in ("VT", paper.drafting.strip(" .")) if text)
    signed = f" {typed}" if (typed := _typed_by(paper)) else ""
    yield Line(decree.RECIPIENT, f"- Lưu: {kept}.{signed}")


def _typed_by(paper: Paper) -> str:
    """ "PL.(300)": who drafted it and how many copies go out, as Appendix I, part I, section V, row 11 writes it."""
    copies = "" if paper.copies is None else f"({paper.copies})"
    return ".".join(text for text in (paper.drafter_sign.strip(" .").upper(), copies) if text)


def _signature(signature: Signature, room: str = "signature") -> tuple[Line, ...]:
    lines = [line.strip().upper() for line in (*signature.authority, signature.position) if line.strip()]
    name = Line(decree.SIGNER, signature.name.strip(), room_above=room)
    return (*(Line(decree.POSITION, line) for line in lines), name)


def _annex(annex: Annex, label: str) -> Iterator[Element]:
    yield Line(decree.ANNEX, label)
    yield Line(decree.ANNEX_TITLE, annex.title.strip().upper())
    if annex.attached_to and annex.attached_to.strip():
        yield Line(decree.ATTACHED, f"(Kèm theo {annex.attached_to.strip()})")
    yield Line(decree.AFTER_GRID, keep_next=True)
    width = decree.PAGE_HEIGHT - decree.LEFT - decree.RIGHT if annex.landscape else decree.TEXT_WIDTH
    for block in annex.blocks:
        yield from _block(block, width, described=annex.title)


def _block(block: Block, room_mm: float, described: str = "") -> Iterator[Element]:
    if isinstance(block, Grid):
        yield from _grid(block, room_mm, described)
    elif isinstance(block, Section):
        yield from _paragraphs(decree.SECTION, block.text.upper())
    elif isinstance(block, Heading):
        yield from _paragraphs(decree.HEADING, block.text)
    elif isinstance(block, Point):
        yield from _paragraphs(decree.POINT, block.text)
    elif isinstance(block, Text):
        yield from _paragraphs(decree.TEXT, block.text)


def _paragraphs(style: decree.Style, text: str) -> Iterator[Line]:
    """One for each line: a line break inside a justified paragraph would pull its last words apart."""
    return (Line(style, line.strip()) for line in text.split("\n") if line.strip())


def _grid(grid: Grid, room_mm: float, described: str) -> Iterator[Element]:
    if grid.caption.strip():
        yield Line(decree.CAPTION, grid.caption.strip())
    shrunk = min(1.0, room_mm / sum(grid.widths_mm))
    widths = tuple(width * shrunk for width in grid.widths_mm)
    yield Ruled(
        widths_mm=widths,
        heads=grid.head_slots(),
        head_heights=tuple(_head_heights(grid, widths)),
        rows=tuple(tuple(text.strip() for text in row) for row in grid.rows),
        total=None if grid.total is None else tuple(text.strip() for text in grid.total),
        align=grid.align,
        described=_in_one_line(grid.caption or described),
        tall=frozenset(n for n, row in enumerate(grid.rows) if _is_tall(row, widths)),
        below=_marked(grid.mark, sum(widths)) if grid.mark else None,
    )
    yield Line(decree.AFTER_GRID)


def _is_tall(texts: Sequence[str], widths: Sequence[float]) -> bool:
    size, cells = decree.GRID_CELL.size, zip(texts, widths, strict=True)
    rooms = ((text, width - 2 * decree.GRID_PADDING) for text, width in cells if len(text) > _SHORT_TEXT)
    return any(height_points(text, size, room) > _TALL_ROW for text, room in rooms)


def _marked(mark: Mark, width_mm: float) -> Columns:
    described = f"Mã QR mở trang đối chiếu số liệu của bảng {mark.code}"
    words = (
        Line(decree.MARK, "Mã bảng ", strong=mark.code),
        Line(decree.MARK, "Quét hoặc gõ mã tại trang Tiếp Cận để đối chiếu số liệu."),
    )
    widths = (decree.MARK_SIZE, max(decree.MARK_SIZE, width_mm - decree.MARK_SIZE))
    picture = Picture(mark.address, decree.MARK_SIZE, described)
    return Columns(widths, (((picture,), words),), middle=True)


def _head_heights(grid: Grid, widths: Sequence[float]) -> list[float]:
    """Points that each head row needs. LibreOffice cuts off a cell over two rows where a page repeats it, unless told."""
    heights = [0.0] * len(grid.heads)
    slots = [(row, slot) for row, slots in enumerate(grid.head_slots()) for slot in slots if slot.begins]
    for row, slot in sorted(slots, key=lambda placed: placed[1].cell.down):
        width = sum(widths[slot.column : slot.column + slot.cell.across]) - 2 * decree.GRID_PADDING
        needed = height_points(slot.cell.text, decree.GRID_HEAD.size, width)
        rows = range(row, row + slot.cell.down)
        heights[rows[-1]] += max(0.0, needed - sum(heights[row] for row in rows))
    return heights
