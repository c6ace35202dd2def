"""A web page under the name of a workbook, as many government systems export: its tables one under another."""

from collections.abc import Iterator
from pathlib import PurePath
from typing import Any

from tiepcan.intake.document import Remark, Unreadable
from tiepcan.intake.encodings import decode
from tiepcan.intake.sheets.book import MOST_COLUMNS, Book, Sheet, within_limits
from tiepcan.intake.sheets.cells import clean

_ROWS = "./tr|./thead/tr|./tbody/tr|./tfoot/tr"
_LINE = frozenset(("p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "br", "center", "tr", "td", "li"))
_UNSEEN = frozenset(("script", "style", "head", "title", "meta", "link"))
_MOST_SPANNED_ROWS = 65_536


def open_html(raw: bytes, name: str) -> Book:
    """The one sheet that Excel makes of such a file: text between tables takes a row, as a table's row does."""
    from lxml import html

    try:
        text, legacy = decode(raw)
    except (ValueError, UnicodeError):
        raise Unreadable(
            "Không nhận ra bảng mã chữ của tệp. Mở tệp bằng Excel, lưu lại dạng .xlsx rồi tải lên."
        ) from None
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    # Surrogates and zeros that stand in no text would stop the parser.
    page = html.document_fromstring(text.replace("\0", "").encode("utf-8", "replace"), parser=parser)
    body = page.find("body")
    layout = _Layout()
    layout.walk(page if body is None else body)
    layout.end_line()
    title = PurePath(name).stem or "html"
    remarks = [Remark("encoding_converted", f"Chữ theo bảng mã {legacy}, đã chuyển sang Unicode.", "cả tệp")]
    sheet = Sheet(
        title, True, within_limits(iter(layout.rows)), frozenset(layout.hidden), tuple(layout.merged)
    )
    return Book("html", (sheet,), tuple(remarks if legacy else ()))


class _Layout:
    """Rows as they come, with what hides and spans."""

    def __init__(self) -> None:
        self.rows: list[list[str]] = []
        self.hidden: set[int] = set()
        self.merged: list[tuple[int, int, int, int]] = []
        self._line: list[str] = []

    def walk(self, element: Any) -> None:
        """Text and tables under this element, in their order."""
        if element.tag == "table":
            self.end_line()
            self._table(element)
            return
        if not isinstance(element.tag, str) or element.tag in _UNSEEN:
            return
        if element.tag in _LINE:
            self.end_line()
        self._line.append(element.text or "")
        for child in element:
            self.walk(child)
            self._line.append(child.tail or "")
        if element.tag in _LINE:
            self.end_line()

    def end_line(self) -> None:
        """What was said since the last line is a row, if it was anything."""
        if text := clean("".join(self._line)):
            self.rows.append([text])
        self._line = []

    def _table(self, table: Any) -> None:
        caption = table.find("caption")
        if caption is not None and (text := _text(caption)):
            self.rows.append([text])
        covered: dict[int, int] = {}  # columns that a cell above still takes, and for how many rows
        for line in table.xpath(_ROWS):
            row: list[str] = []
            number = len(self.rows) + 1
            taken = {column for column, left in covered.items() if left}
            covered = {column: left - 1 for column, left in covered.items() if left}
            for cell in line.xpath("./td|./th"):
                while len(row) in taken:
                    row.append("")
                across, down = (
                    _span(cell, "colspan", MOST_COLUMNS),
                    _span(cell, "rowspan", _MOST_SPANNED_ROWS),
                )
                column = len(row)
                row += [_text(cell), *[""] * (across - 1)]
                if across > 1 or down > 1:
                    self.merged.append((number, column + 1, number + down - 1, column + across))
                if down > 1:
                    covered.update(dict.fromkeys(range(column, column + across), down - 1))
            self.rows.append(row)
            if "display:none" in (line.get("style") or "").replace(" ", "").lower():
                self.hidden.add(number)


def _span(cell: Any, name: str, most: int) -> int:
    told = (cell.get(name) or "").strip()
    return min(max(int(told), 1), most) if told.isascii() and told.isdigit() and len(told) < 7 else 1


def _text(cell: Any) -> str:
    return clean("".join(_pieces(cell)))


def _pieces(element: Any) -> Iterator[str]:
    if element.tag in _UNSEEN:
        return
    yield element.text or ""
    for child in element:
        if child.tag in _LINE:
            yield " "
        yield from _pieces(child)
        if child.tag in _LINE:
            yield " "
        yield child.tail or ""
