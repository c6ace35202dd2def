"""Elements of a .docx: paragraphs set in a style of the decree, and tables. The one place where XML is written.

python-docx has no types, so an element is Any here, in package.py and in docx.py; what leaves the room is typed.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any, TypeVar, cast

from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from tiepcan.paperwork.writing.decree import FONT, LANGUAGE, Style
from tiepcan.paperwork.writing.records import Align

Element = Any
Content = TypeVar("Content")

_NOT_IN_XML = {"\ufffe", "\uffff"}


def _cleaned_text(text: str) -> str:
    """Composed letters without what XML forbids and without invisible marks that turn the writing direction."""
    text = re.sub(r"\r\n?", "\n", unicodedata.normalize("NFC", text)).replace("\t", " ")
    kept = (c for c in text if c == "\n" or unicodedata.category(c) not in ("Cc", "Cf", "Cs"))
    return "".join(c for c in kept if c not in _NOT_IN_XML)


def cleaned(content: Content) -> Content:
    """The same record with every text in it fit to be written."""
    if isinstance(content, str):
        return cast(Content, _cleaned_text(content))
    if isinstance(content, tuple):
        return cast(Content, tuple(cleaned(part) for part in content))
    if is_dataclass(content) and not isinstance(content, type):
        changes = {f.name: cleaned(getattr(content, f.name)) for f in fields(content)}
        return replace(content, **changes)
    return content


def twips(millimetres: float) -> int:
    """Twentieths of a point, the length that .docx counts in."""
    return round(millimetres / 25.4 * 1440)


def element(tag: str, *children: Element, **attributes: object) -> Element:
    """`element("spacing", before=120)` is <w:spacing w:before="120"/>. A None attribute is left out."""
    made = OxmlElement(f"w:{tag}")
    for name, value in attributes.items():
        if value is not None:
            made.set(qn(f"w:{name}"), str(value))
    made.extend(children)
    return made


def _run(text: str) -> Element:
    run = element("r")
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
    style: Style, text: str = "", *, align: Align | None = None, keep_next: bool = False
) -> Element:
    settings = [element("pStyle", val=style.key)]
    if keep_next:
        settings.append(element("keepNext"))
    if align and align != style.align:
        settings.append(element("jc", val=align))
    return element("p", element("pPr", *settings), *([_run(text)] if text else []))


def rule(style: Style, length_mm: float, room_mm: float) -> Element:
    """A line of that length, centred in the room."""
    aside = max(0, twips((room_mm - length_mm) / 2))
    line = element("top", val="single", sz=6, space=0, color="000000")
    settings = (
        element("pStyle", val=style.key),
        element("pBdr", line),
        element("ind", left=aside, right=aside),
    )
    return element("p", element("pPr", *settings))


def page_number(style: Style) -> Element:
    made = paragraph(style)
    made.append(element("fldSimple", _run("2"), instr=" PAGE "))
    return made


def keep_with_next(made: Element) -> None:
    """The paragraph stays on the page of what follows it."""
    settings = made.find(qn("w:pPr"))
    if settings is not None and settings.find(qn("w:keepNext")) is None:
        settings.insert(1, element("keepNext"))


@dataclass(frozen=True)
class Cell:
    paragraphs: Sequence[Element]
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


def _cell(cell: Cell, width: int) -> Element:
    settings = [element("tcW", w=width, type="dxa")]
    if cell.across > 1:
        settings.append(element("gridSpan", val=cell.across))
    if cell.merge:
        settings.append(element("vMerge", val=cell.merge))
    if cell.middle:
        settings.append(element("vAlign", val="center"))
    return element("tc", element("tcPr", *settings), *cell.paragraphs)


def _row(row: Row, widths: Sequence[int]) -> Element:
    settings = [element("cantSplit")]
    if row.at_least is not None:
        settings.append(element("trHeight", val=round(row.at_least * 20), hRule="atLeast"))
    if row.head:
        settings.append(element("tblHeader"))
    made = element("tr", element("trPr", *settings))
    column = 0
    for cell in row.cells:
        made.append(_cell(cell, sum(widths[column : column + cell.across])))
        column += cell.across
    return made


def _borders(ruled: bool) -> Element:
    sides = ("top", "left", "bottom", "right", "insideH", "insideV")
    line = {"val": "single", "sz": 4, "space": 0, "color": "000000"} if ruled else {"val": "nil"}
    return element("tblBorders", *(element(side, **line) for side in sides))


def _margins(millimetres: float) -> Element:
    sides = ("top", 0), ("left", twips(millimetres)), ("bottom", 0), ("right", twips(millimetres))
    return element("tblCellMar", *(element(side, w=width, type="dxa") for side, width in sides))


def table(
    widths_mm: Sequence[float],
    rows: Iterable[Row],
    *,
    ruled: bool = False,
    padding_mm: float = 0,
    described: str = "",
) -> Element:
    """A table of fixed widths. No row breaks over pages."""
    widths = [twips(width) for width in widths_mm]
    settings = [
        element("tblW", w=sum(widths), type="dxa"),
        element("jc", val="center"),
        _borders(ruled),
        element("tblLayout", type="fixed"),
        _margins(padding_mm),
        element("tblLook", val="0020" if ruled else "0000", firstRow=int(ruled)),
    ]
    if described:
        settings.append(element("tblCaption", val=described))
    columns = element("tblGrid", *(element("gridCol", w=width) for width in widths))
    return element("tbl", element("tblPr", *settings), columns, *(_row(row, widths) for row in rows))


def _fonts() -> Element:
    return element("rFonts", ascii=FONT, hAnsi=FONT, eastAsia=FONT, cs=FONT)


def _size(points: float) -> tuple[Element, Element]:
    return element("sz", val=round(points * 2)), element("szCs", val=round(points * 2))


def defaults(size: float) -> Element:
    """What holds for all text of the document."""
    language = element("lang", val=LANGUAGE, eastAsia=LANGUAGE, bidi="ar-SA")
    letters = element("rPrDefault", element("rPr", _fonts(), *_size(size), language))
    return element("docDefaults", letters, element("pPrDefault", element("pPr")))


def style_element(style: Style) -> Element:
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
    made = element("style", type="paragraph", styleId=style.key)
    if not style.name.startswith("heading"):
        made.set(qn("w:customStyle"), "1")
    made.extend([element("name", val=style.name), element("basedOn", val="Normal"), element("qFormat")])
    made.extend([element("pPr", *layout), element("rPr", *letters, *_size(style.size))])
    return made
