"""Elements of a .docx: what is laid out, as XML. The one place where XML is written.

python-docx has no types, so XML is Any here, in package.py and in docx.py; what leaves the room is typed.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from tiepcan.paperwork.writing import decree
from tiepcan.paperwork.writing.decree import FONT, LANGUAGE, Style
from tiepcan.paperwork.writing.layout import Columns, Element, Frame, Line, Picture, Rule, Ruled
from tiepcan.paperwork.writing.records import Align, HeadSlot

Xml = Any
Drawn = Callable[[Picture], Xml]
"""Puts a picture into the file and gives the element that shows it."""


def twips(millimetres: float) -> int:
    """Twentieths of a point, the length that .docx counts in."""
    return round(millimetres / 25.4 * 1440)


def element(tag: str, *children: Xml, **attributes: object) -> Xml:
    """`element("spacing", before=120)` is <w:spacing w:before="120"/>. A None attribute is left out."""
    made = OxmlElement(f"w:{tag}")
    for name, value in attributes.items():
        if value is not None:
            made.set(qn(f"w:{name}"), str(value))
    made.extend(children)
    return made


def _run(text: str, *, bold: bool = False) -> Xml:
    run = element("r", *([element("rPr", element("b"), element("bCs"))] if bold else []))
    for number, line in enumerate(text.split("\n")):
        if number:
            run.append(element("br"))
        if line:
            written = element("t")
            written.text = line
            written.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
            run.append(written)
    return run


def paragraph(
    style: Style, text: str = "", *, align: Align | None = None, keep_next: bool = False, strong: str = ""
) -> Xml:
    settings = [element("pStyle", val=style.key)]
    if keep_next:
        settings.append(element("keepNext"))
    if align and align != style.align:
        settings.append(element("jc", val=align))
    runs = [_run(text)] if text else []
    runs += [_run(strong, bold=True)] if strong else []
    return element("p", element("pPr", *settings), *runs)


def page_number(style: Style) -> Xml:
    made = paragraph(style)
    made.append(element("fldSimple", _run("2"), instr=" PAGE "))
    return made


def written(laid: Iterable[Element], drawn: Drawn) -> list[Xml]:
    """The XML of what is laid out."""
    return [made for one in laid for made in _written(one, drawn)]


def _written(laid: Element, drawn: Drawn) -> Iterator[Xml]:
    if isinstance(laid, Line):
        yield paragraph(laid.style, laid.text, keep_next=laid.keep_next, strong=laid.strong)
    elif isinstance(laid, Rule):
        yield _rule(laid)
    elif isinstance(laid, Picture):
        yield element("p", element("pPr", element("pStyle", val=decree.MARK.key)), element("r", drawn(laid)))
    elif isinstance(laid, Frame):
        yield _frame(laid)
    elif isinstance(laid, Columns):
        yield _columns(laid, drawn)
    else:
        yield _ruled(laid)
        if laid.below:
            yield paragraph(decree.AFTER_GRID, keep_next=True)
            yield _columns(laid.below, drawn)


def _rule(rule: Rule) -> Xml:
    aside = max(0, twips((rule.room_mm - rule.length_mm) / 2))
    line = element("top", **_line(decree.RULE_WEIGHT))
    settings = (
        element("pStyle", val=decree.RULE.key),
        element("pBdr", line),
        element("ind", left=aside, right=aside),
    )
    return element("p", element("pPr", *settings))


def _line(weight: float, colour: str = "000000") -> dict[str, object]:
    """A border of that many points."""
    return {"val": "single", "sz": round(weight * 8), "space": 0, "color": colour}


def _frame(frame: Frame) -> Xml:
    row = Row([Cell([paragraph(frame.style, frame.text)], middle=True)], height_mm=frame.height_mm)
    return table([frame.width_mm], [row], _line(decree.RULE_WEIGHT, frame.style.colour))


def _columns(columns: Columns, drawn: Drawn) -> Xml:
    rows = [
        Row([Cell(written(cell, drawn), middle=columns.middle) for cell in row], whole=columns.whole)
        for row in columns.rows
    ]
    return table(columns.widths_mm, rows)


def _ruled(ruled: Ruled) -> Xml:
    rows = [
        Row([_head_cell(slot) for slot in slots], head=True, at_least=height)
        for slots, height in zip(ruled.heads, ruled.head_heights, strict=True)
    ]
    marked = ruled.below is not None
    bound = len(ruled.rows) if marked or ruled.total is not None else 0
    for number, texts in enumerate(ruled.rows, start=1):
        row = _grid_row(decree.GRID_CELL, texts, ruled.align, keep_next=number == bound)
        rows.append(replace(row, whole=number - 1 not in ruled.tall))
    if ruled.total is not None:
        rows.append(_grid_row(decree.GRID_TOTAL, ruled.total, ruled.align, keep_next=marked))
    return table(
        ruled.widths_mm,
        rows,
        _line(decree.GRID_WEIGHT),
        padding_mm=decree.GRID_PADDING,
        described=ruled.described,
        headed=True,
    )


def _head_cell(slot: HeadSlot) -> "Cell":
    merge = None if slot.cell.down == 1 else "restart" if slot.begins else "continue"
    text = slot.cell.text.strip() if slot.begins else ""
    return Cell([paragraph(decree.GRID_HEAD, text)], slot.cell.across, merge, middle=True)


def _grid_row(style: Style, texts: Sequence[str], align: Sequence[Align], *, keep_next: bool) -> "Row":
    cells = zip(texts, align, strict=True)
    return Row([Cell([paragraph(style, t, align=a, keep_next=keep_next)], middle=True) for t, a in cells])


@dataclass(frozen=True)
class Cell:
    paragraphs: Sequence[Xml]
    across: int = 1
    merge: str | None = None
    """Over rows: "restart" where it begins, "continue" below."""
    middle: bool = False


@dataclass(frozen=True)
class Row:
    cells: Sequence[Cell]
    head: bool = False
    """Repeated on each page."""
    at_least: float | None = None
    """Height in points."""
    height_mm: float | None = None
    """Height, whatever stands in it."""
    whole: bool = True
    """Does not break over pages."""


def _cell(cell: Cell, width: int) -> Xml:
    settings = [element("tcW", w=width, type="dxa")]
    if cell.across > 1:
        settings.append(element("gridSpan", val=cell.across))
    if cell.merge:
        settings.append(element("vMerge", val=cell.merge))
    if cell.middle:
        settings.append(element("vAlign", val="center"))
    return element("tc", element("tcPr", *settings), *cell.paragraphs)


def _row(row: Row, widths: Sequence[int]) -> Xml:
    settings = [element("cantSplit")] if row.whole else []
    if row.at_least is not None:
        settings.append(element("trHeight", val=round(row.at_least * 20), hRule="atLeast"))
    if row.height_mm is not None:
        settings.append(element("trHeight", val=twips(row.height_mm), hRule="exact"))
    if row.head:
        settings.append(element("tblHeader"))
    made = element("tr", element("trPr", *settings))
    column = 0
    for cell in row.cells:
        made.append(_cell(cell, sum(widths[column : column + cell.across])))
        column += cell.across
    return made


def _borders(line: dict[str, object] | None) -> Xml:
    sides = ("top", "left", "bottom", "right", "insideH", "insideV")
    return element("tblBorders", *(element(side, **(line or {"val": "nil"})) for side in sides))


def _margins(millimetres: float) -> Xml:
    sides = ("top", 0), ("left", twips(millimetres)), ("bottom", 0), ("right", twips(millimetres))
    return element("tblCellMar", *(element(side, w=width, type="dxa") for side, width in sides))


def table(
    widths_mm: Sequence[float],
    rows: Iterable["Row"],
    line: dict[str, object] | None = None,
    *,
    padding_mm: float = 0,
    described: str = "",
    headed: bool = False,
) -> Xml:
    """A table of fixed widths."""
    widths = [twips(width) for width in widths_mm]
    settings = [
        element("tblW", w=sum(widths), type="dxa"),
        element("jc", val="center"),
        _borders(line),
        element("tblLayout", type="fixed"),
        _margins(padding_mm),
        element("tblLook", val="0020" if headed else "0000", firstRow=int(headed)),
    ]
    if described:
        settings.append(element("tblCaption", val=described))
    columns = element("tblGrid", *(element("gridCol", w=width) for width in widths))
    return element("tbl", element("tblPr", *settings), columns, *(_row(row, widths) for row in rows))


def _fonts() -> Xml:
    return element("rFonts", ascii=FONT, hAnsi=FONT, eastAsia=FONT, cs=FONT)


def _size(points: float) -> tuple[Xml, Xml]:
    return element("sz", val=round(points * 2)), element("szCs", val=round(points * 2))


def defaults(size: float) -> Xml:
    """What holds for all text of the document."""
    language = element("lang", val=LANGUAGE, eastAsia=LANGUAGE, bidi="ar-SA")
    letters = element("rPrDefault", element("rPr", _fonts(), *_size(size), language))
    return element("docDefaults", letters, element("pPrDefault", element("pPr")))


def style_element(style: Style) -> Xml:
    lines: dict[str, object] = {"line": round(style.lines * 240), "lineRule": "auto"}
    if style.exact is not None:
        lines = {"line": round(style.exact * 20), "lineRule": "exact"}
    layout = [
        element("spacing", before=round(style.before * 20), after=round(style.after * 20), **lines),
        element("ind", left=twips(style.left), firstLine=twips(style.first_line)),
        element("jc", val=style.align),
    ]
    if style.keep_next:
        layout.insert(0, element("keepNext"))
    if style.outline is not None:
        layout.append(element("outlineLvl", val=style.outline))
    letters = [_fonts()]
    letters += [element(tag) for tag, wanted in (("b", style.bold), ("bCs", style.bold)) if wanted]
    letters += [element(tag) for tag, wanted in (("i", style.italic), ("iCs", style.italic)) if wanted]
    letters += [element("color", val=style.colour)] if style.colour != decree.BLACK else []
    made = element("style", type="paragraph", styleId=style.key)
    if not style.name.startswith("heading"):
        made.set(qn("w:customStyle"), "1")
    made.extend([element("name", val=style.name), element("basedOn", val="Normal"), element("qFormat")])
    made.extend([element("pPr", *layout), element("rPr", *letters, *_size(style.size))])
    return made
