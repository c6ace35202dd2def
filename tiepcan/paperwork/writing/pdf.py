"""A paper as .pdf in the format of the State, see decree.py: tagged, with the same words as its .docx.

The typesetter reads our template alone. What a paper says reaches it as JSON and is never read as its language.
The same content gives the same bytes wherever the same fonts are.
"""

import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import segno
import typst

from tiepcan.paperwork.writing import decree, numbers
from tiepcan.paperwork.writing.layout import (
    Columns,
    Element,
    Frame,
    Layout,
    Line,
    Picture,
    Rule,
    Ruled,
    laid_out,
)
from tiepcan.paperwork.writing.letters import height_points, pieces_that_fit
from tiepcan.paperwork.writing.records import HeadSlot, Paper, Spot

_FOLDER = Path(__file__).parent / "typesetting"
_MAY_BREAK = "\u200b"
"""No text holds one: cleaning.py takes it out."""
_MARKS = """query(<spot>).map(mark => {
    let at = mark.location().position()
    (..mark.value, page: at.page, x: at.x / 1mm, y: at.y / 1mm)
})"""
_KEPT_WHOLE = 120.0
"""Points of a paragraph, seven lines or so."""
_MM_PER_POINT = 25.4 / 72


@dataclass(frozen=True)
class Printed:
    """A .pdf and where things stand in it.

    `spots`: "number", "day", "month" and "year" are rooms left to be filled in; "signature" is where the signer signs,
    "beside" where the other side of minutes does. A room that the paper does not leave is not there.
    """

    content: bytes
    pages: int
    spots: Mapping[str, Spot]


def write_pdf(paper: Paper, *, fonts: typst.Fonts | None = None) -> Printed:
    """`fonts`: those to choose from, if not the machine's and the typesetter's own."""
    fonts = fonts or _fonts_at_hand()
    told = _paper(laid_out(paper)) | {"fonts": _names_in(fonts)}
    given = {"decree": _decree(), "paper": json.dumps(told, ensure_ascii=False)}
    # A compiler for each paper: it keeps what it compiled, and two threads must not meet in one.
    compiler = typst.Compiler(_FOLDER / "paper.typ", root=_FOLDER, font_paths=fonts, sys_inputs=given)
    content = compiler.compile(format="pdf")
    assert isinstance(content, bytes)
    marks = json.loads(compiler.eval(_MARKS, format="json"))
    return Printed(content, marks[-1]["page"], _spots(marks))


def _spots(marks: Sequence[Mapping[str, Any]]) -> dict[str, Spot]:
    """Each from the mark where it begins; its width is told there, or is as far as the mark where it ends."""
    spots = {}
    for begin, after in pairwise(marks):
        if "height" in begin:
            width = begin.get("width") or after["x"] - begin["x"]
            y = begin["y"] - begin.get("rise", 0)
            spots[begin["name"]] = Spot(begin["page"], begin["x"], y, width, begin["height"])
    return spots


@cache
def _fonts_at_hand() -> typst.Fonts:
    """Looked up once: it takes as long as a paper."""
    return typst.Fonts()


def _names_in(fonts: typst.Fonts) -> list[str]:
    known = set(fonts.families())
    return [name for name in (decree.FONT, *decree.STAND_INS) if name in known]


@cache
def _decree() -> str:
    """All that the template must know of how papers look."""
    return json.dumps(
        {
            "styles": {style.key: _style(style) for style in decree.STYLES},
            "language": decree.LANGUAGE.split("-"),
            "room": numbers.ROOM,
            "page_width": decree.PAGE_WIDTH,
            "page_height": decree.PAGE_HEIGHT,
            "top": decree.TOP,
            "bottom": decree.BOTTOM,
            "left": decree.LEFT,
            "right": decree.RIGHT,
            "to_page_number": decree.TO_PAGE_NUMBER,
            "rule_weight": decree.RULE_WEIGHT,
            "grid_weight": decree.GRID_WEIGHT,
            "grid_padding": decree.GRID_PADDING,
            "grid_head": decree.GRID_HEAD.key,
            "grid_cell": decree.GRID_CELL.key,
            "grid_total": decree.GRID_TOTAL.key,
            "after_grid": decree.AFTER_GRID.key,
        }
    )


def _style(style: decree.Style) -> dict[str, Any]:
    return {
        "size": style.size,
        "bold": style.bold,
        "italic": style.italic,
        "align": style.align,
        "first_line": style.first_line,
        "left": style.left,
        "before": style.before,
        "after": style.after,
        "line": style.exact or style.lines * style.size * decree.SINGLE_LINE,
        "below": style.size * decree.BELOW_LINE,
        "keep_next": style.keep_next,
        "outline": style.outline,
        "colour": style.colour,
    }


def _paper(layout: Layout) -> dict[str, Any]:
    day = layout.issued_on
    return {
        "title": layout.title,
        "author": layout.author,
        "issued_on": day and {"year": day.year, "month": day.month, "day": day.day},
        "page_number": {"style": layout.format.page_number.key, "at": layout.format.numbered_at},
        "parts": [
            {
                "landscape": part.landscape,
                "foot": [_told(laid, decree.TEXT_WIDTH) for laid in part.foot],
                "elements": [_told(laid, _width_of(part.landscape)) for laid in part.elements],
            }
            for part in layout.parts
        ],
    }


def _width_of(landscape: bool) -> float:
    width = decree.PAGE_HEIGHT if landscape else decree.PAGE_WIDTH
    return width - decree.LEFT - decree.RIGHT


def _told(laid: Element, room_mm: float) -> dict[str, Any]:
    """The element as the template reads it."""
    if isinstance(laid, Line):
        return _line(laid, room_mm)
    if isinstance(laid, Rule):
        return {"is": "rule", "style": decree.RULE.key, "length": laid.length_mm}
    if isinstance(laid, Frame):
        size = {"width": laid.width_mm, "height": laid.height_mm}
        return {"is": "frame", "style": laid.style.key, "text": laid.text, **size}
    if isinstance(laid, Picture):
        return {"is": "picture", "svg": _qr(laid.address), "size": laid.size_mm, "described": laid.described}
    if isinstance(laid, Columns):
        rows = [
            [[_told(inner, width) for inner in cell] for width, cell in zip(laid.widths_mm, row, strict=True)]
            for row in laid.rows
        ]
        return {
            "is": "columns",
            "widths": laid.widths_mm,
            "rows": rows,
            "middle": laid.middle,
            "whole": laid.whole,
        }
    return _ruled(laid)


def _line(line: Line, room_mm: float) -> dict[str, Any]:
    style = line.style
    told: dict[str, Any] = {"is": "line", "style": style.key}
    told["text"] = _breakable(line.text, style.size, room_mm - style.left - style.first_line)
    told["keep_next"] = (line.keep_next or style.keep_next) and _is_short(line, room_mm)
    optional = {"strong": line.strong, "rooms": line.rooms, "room_above": line.room_above}
    return told | {name: value for name, value in optional.items() if value}


def _is_short(line: Line, room_mm: float) -> bool:
    """The typesetter moves the whole of a paragraph to what it stays with, and not its last lines, as Word does."""
    return height_points(line.text, line.style.size, room_mm) <= _KEPT_WHOLE


def _ruled(ruled: Ruled) -> dict[str, Any]:
    rooms = [width - 2 * decree.GRID_PADDING for width in ruled.widths_mm]
    return {
        "is": "ruled",
        "widths": ruled.widths_mm,
        "heads": [_head(slot, ruled) for slots in ruled.heads for slot in slots if slot.begins],
        "rows": [_cells(row, rooms, decree.GRID_CELL.size) for row in ruled.rows],
        "tall": sorted(ruled.tall),
        "total": ruled.total and _cells(ruled.total, rooms, decree.GRID_TOTAL.size),
        "align": ruled.align,
        "below": ruled.below and _told(ruled.below, sum(ruled.widths_mm)),
    }


def _head(slot: HeadSlot, ruled: Ruled) -> dict[str, Any]:
    cell = slot.cell
    room = sum(ruled.widths_mm[slot.column : slot.column + cell.across]) - 2 * decree.GRID_PADDING
    text = _breakable(cell.text.strip(), decree.GRID_HEAD.size, room)
    return {"text": text, "across": cell.across, "down": cell.down}


def _cells(texts: Sequence[str], rooms: Sequence[float], size: float) -> list[str]:
    return [_breakable(text, size, room) for text, room in zip(texts, rooms, strict=True)]


def _breakable(text: str, size: float, room_mm: float) -> str:
    """The text with marks where a word that is longer than its room may break, as Word breaks it."""
    widest = room_mm / (size * _MM_PER_POINT)
    if len(text) <= widest:  # no letter is wider than the size
        return text
    return "\n".join(
        " ".join(
            word if len(word) <= widest else _MAY_BREAK.join(pieces_that_fit(word, size, room_mm))
            for word in line.split(" ")
        )
        for line in text.split("\n")
    )


def _qr(address: str) -> str:
    file = io.BytesIO()
    segno.make(address, micro=False).save(file, kind="svg", xmldecl=False, omitsize=True)
    return file.getvalue().decode()
