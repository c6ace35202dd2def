"""What calamine does not tell of an .xlsx, read from its parts: hidden rows, formats that change what is seen.

The parts of an .xlsx are searched as bytes, piece by piece, which costs a tenth of parsing them.
"""

import io
import posixpath
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import IO, Any

from tiepcan.intake.sheets.cells import number

_PIECE = 2**20
_PADDED = re.compile(r'(?:"([^"]*)"|\\(.))?([0#]+(?:\\?[ \-][0#]+)*)')
_NOT_SHOWN = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.')
_MONTH_AND_YEAR_BUILT_IN = 17

Show = Callable[[Any], str | None]
"""How a cell's value is seen through its format; None for as usual."""


@dataclass
class Part:
    """One sheet's part of an .xlsx: where it is and what its bytes told."""

    path: str
    hidden: set[int] = field(default_factory=set)
    without_result: int = 0
    needs_showing: bool = False


class Parts:
    """The parts of an .xlsx file."""

    def __init__(self, raw: bytes) -> None:
        self._archive = zipfile.ZipFile(io.BytesIO(raw))
        self._shows = self._formats()
        self._styles = b"|".join(str(style).encode() for style in self._shows) or b"none"
        self._paths = self._sheet_paths()

    def _tree(self, path: str) -> Any:
        from lxml import etree

        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
        return etree.fromstring(self._archive.read(path), parser)

    def _sheet_paths(self) -> dict[str, str]:
        targets = {
            relation.get("Id"): posixpath.normpath(posixpath.join("/xl", relation.get("Target", ""))).lstrip(
                "/"
            )
            for relation in self._tree("xl/_rels/workbook.xml.rels")
        }
        sheets = self._tree("xl/workbook.xml").iter("{*}sheet")
        return {
            sheet.get("name"): path
            for sheet in sheets
            if (path := next((targets.get(v) for k, v in sheet.items() if k.endswith("}id")), None))
        }

    def _formats(self) -> dict[int, Show]:
        """What the cells of a style show, by the style's number; only styles that do not show a value as it is."""
        if "xl/styles.xml" not in self._archive.namelist():
            return {}
        styles = self._tree("xl/styles.xml")
        codes = {int(f.get("numFmtId")): f.get("formatCode", "") for f in styles.iter("{*}numFmt")}
        shows = {}
        for style, xf in enumerate(styles.iterfind("{*}cellXfs/{*}xf")):
            key = int(xf.get("numFmtId") or 0)
            show = _month_and_year if key == _MONTH_AND_YEAR_BUILT_IN else _show_of(codes.get(key, ""))
            if show:
                shows[style] = show
        return shows

    def part(self, title: str) -> Part | None:
        """What the sheet's bytes tell: hidden rows, formulas without results, whether some cells want `showing`."""
        if (path := self._paths.get(title)) not in self._archive.namelist() or path is None:
            return None
        part = Part(path)
        styled = re.compile(rb'\bs="(?:%s)"' % self._styles) if self._shows else None
        for piece, prefix in self._pieces(path):
            if b"hidden=" in piece:
                for row in re.finditer(rb"<%srow\b([^>]*)>" % prefix, piece):
                    if re.search(rb'\bhidden="(?:1|true)"', row[1]) and (
                        at := re.search(rb'\br="(\d+)"', row[1])
                    ):
                        part.hidden.add(int(at[1]))
            if b"<%sf" % prefix in piece:
                part.without_result += sum(
                    b't="str"' not in cell[1]
                    for cell in re.finditer(_WITHOUT_RESULT % ((prefix,) * 7), piece)
                )
            if not part.needs_showing:
                part.needs_showing = b't="e"' in piece or bool(styled and styled.search(piece))
        return part

    def showing(self, part: Part) -> Iterator[tuple[int, int, Show]]:
        """Row, column (both from 1) and how it is seen, for each cell that calamine would tell otherwise, in order."""
        for piece, prefix in self._pieces(part.path):
            for cell in re.finditer(_CELL % (prefix, self._styles, *(prefix,) * 4), piece):
                at = re.search(rb'\br="([A-Z]{1,3})(\d+)"', cell[1])
                if not at:
                    continue
                kind, style = re.search(rb'\bt="(\w+)"', cell[1]), re.search(rb'\bs="(\d+)"', cell[1])
                show: Show | None = None
                if kind and kind[1] == b"e":
                    show = _always(cell[2].decode())
                elif (not kind or kind[1] == b"n") and style:
                    show = self._shows.get(int(style[1]))
                if show:
                    yield int(at[2]), _column(at[1]), show

    def _pieces(self, path: str) -> Iterator[tuple[bytes, bytes]]:
        """The part in pieces of whole rows, each with the prefix that its elements bear ("x:" from some programs)."""
        with self._archive.open(path) as file:
            head = file.read(_PIECE)
            root = re.search(rb"<(\w+:)?worksheet\b", head)
            prefix = root[1] or b"" if root else b""
            yield from ((piece, prefix) for piece in _whole_rows(head, file, b"<%srow" % prefix))


_CELL = rb"<%sc\b([^>]*\b(?:t=\"e\"|s=\"(?:%s)\")[^>]*)>(?:<%sf\b[^>]*(?:/>|>[^<]*</%sf>))?<%sv>([^<]*)</%sv>"
_WITHOUT_RESULT = (
    rb"<%sc\b([^>]*)>\s*<%sf\b(?:[^>]*/>|[^>]*>[^<]*</%sf>)\s*(?:<%sv\s*/>|<%sv>\s*</%sv>)?\s*</%sc>"
)


def _whole_rows(head: bytes, file: IO[bytes], start: bytes) -> Iterator[bytes]:
    rest = head
    while more := file.read(_PIECE):
        if (end := rest.rfind(start)) > 0:
            yield rest[:end]
            rest = rest[end:]
        rest += more
    yield rest


def _always(text: str) -> Show:
    return lambda value: text


def _column(letters: bytes) -> int:
    column = 0
    for letter in letters:
        column = column * 26 + letter - ord("A") + 1
    return column


def _month_and_year(value: Any) -> str | None:
    return f"{value.month:02d}/{value.year:04d}" if hasattr(value, "month") else None


def _year(value: Any) -> str | None:
    return f"{value.year:04d}" if hasattr(value, "year") else None


def _show_of(code: str) -> Show | None:
    """How a number format shows a value, if it adds zeros before a number ("00") or leaves the day off ("yyyy")."""
    code = code.split(";")[0]
    letters = set(re.findall("[a-z]", _NOT_SHOWN.sub("", code.lower())))
    if letters == {"y"}:
        return _year
    if letters == {"m", "y"}:
        return _month_and_year
    padded = _PADDED.fullmatch(code)
    if not padded:
        return None
    before = padded[1] or padded[2] or ""
    digits = re.sub(r"[^0#]", "", padded[3])
    # A zero among # makes every place behind it a digit: "0#########" shows ten.
    width = len(digits) - digits.index("0") if "0" in digits else 0
    if width < 2 and not before:
        return None

    def show(value: Any) -> str | None:
        if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
            return None
        return before + number(float(round(value))).zfill(width)

    return show
