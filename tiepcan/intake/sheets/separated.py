"""Text with a cell's end marked by , ; tab or |, in any encoding of Vietnamese; its rows are read as they are asked for."""

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from itertools import chain, islice
from pathlib import PurePath

from tiepcan.intake.document import Remark, Unreadable
from tiepcan.intake.encodings import decode
from tiepcan.intake.sheets.book import Book, Sheet, within_limits
from tiepcan.intake.sheets.cells import Cleaned, is_clean
from tiepcan.intake.sheets.legacy import CONVERTERS, Legacy, legacy_of

_PIECE = 2**18
_BEGINNING = 2**16
_JUDGED_ROWS = 300
_JUDGED_LINES = 2_000
_DELIMITERS = ("\t", ";", ",", "|")
_NOT_ASCII = re.compile(rb"[^\r\n]*[\x80-\xff][^\r\n]*[\r\n]*")
_EXCELS_OWN = re.compile(r"sep=(.)\r?\n")
_BYTES_OF = {"Windows-1258": "cp1258", "TCVN3 (ABC)": "latin-1", "VNI": "cp1252"}


def open_separated(raw: bytes, name: str) -> Book:
    """The one sheet of such a text; its title is the file's name."""
    codec, legacy_name = _codec(raw)
    beginning = next(_pieces(raw, codec, legacy_name, size=_BEGINNING), "")
    start = _EXCELS_OWN.match(beginning)
    delimiter = start[1] if start else _delimiter(beginning)
    first = islice(csv.reader(io.StringIO(beginning, newline=""), delimiter=delimiter), _JUDGED_LINES)
    try:
        legacy = legacy_of(first) if legacy_name is None else None
    except csv.Error:
        legacy = None  # the rows themselves will say where
    pieces = _pieces(raw, codec, legacy_name, size=_PIECE)
    if start:
        pieces = chain([next(pieces)[start.end() :]], pieces)
    title = PurePath(name).stem or "csv"
    remarks = []
    if found := legacy_name or (legacy and legacy.names):
        remarks.append(
            Remark("encoding_converted", f"Chữ theo bảng mã {found}, đã chuyển sang Unicode.", "cả tệp")
        )
    rows = within_limits(_rows(pieces, delimiter, legacy))
    return Book("csv", (Sheet(title, True, rows),), tuple(remarks))


def _codec(raw: bytes) -> tuple[str, str | None]:
    """Python's codec for these bytes, and the name of the legacy encoding (None for Unicode).

    Every byte is tried as UTF-8, piece by piece; an encoding before Unicode is judged by the first lines that show it.
    """
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16", None
    if raw[:_BEGINNING].count(0) * 20 > len(raw[:_BEGINNING]):
        little = raw[1:_BEGINNING:2].count(0) >= raw[0:_BEGINNING:2].count(0)
        return ("utf-16-le" if little else "utf-16-be"), None
    try:
        for _ in _decoded(raw, "utf-8-sig", _PIECE):
            pass
        return "utf-8-sig", None
    except UnicodeDecodeError:
        lines = [line[0] for line in islice(_NOT_ASCII.finditer(raw), _JUDGED_LINES)]
    if sum(map(_is_utf8, lines)) * 2 > len(lines):
        raise Unreadable(
            f"Dòng {_first_broken_line(raw)} của tệp có chữ hỏng (không phải UTF-8). "
            "Mở tệp bằng Excel, sửa dòng ấy, lưu lại dạng .xlsx rồi tải lên."
        )
    try:
        _, name = decode(b"".join(lines))
    except (ValueError, UnicodeError):
        name = None
    if name is None:
        raise Unreadable(
            "Không nhận ra bảng mã chữ của tệp. Mở tệp bằng Excel, lưu lại dạng .xlsx rồi tải lên."
        )
    return _BYTES_OF[name], name


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _first_broken_line(raw: bytes) -> int:
    return next(number for number, line in enumerate(io.BytesIO(raw), start=1) if not _is_utf8(line))


def _decoded(raw: bytes, codec: str, size: int) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder(codec)("strict" if codec.startswith("utf") else "replace")
    whole = memoryview(raw)
    for start in range(0, len(raw), size):
        yield decoder.decode(whole[start : start + size], final=start + size >= len(raw))


def _pieces(raw: bytes, codec: str, legacy_name: str | None, *, size: int) -> Iterator[str]:
    """The text in pieces of whole lines."""
    convert = CONVERTERS.get(legacy_name or "")
    rest = ""
    try:
        for piece in _decoded(raw, codec, size):
            end = piece.rfind("\n") + 1
            if not end:
                rest += piece
                continue
            whole, rest = rest + piece[:end], piece[end:]
            yield convert(whole) if convert else whole
    except UnicodeDecodeError:
        raise Unreadable("Tệp UTF-16 bị cắt ngang. Lưu lại tệp từ Excel rồi tải lên lần nữa.") from None
    if rest:
        yield convert(rest) if convert else rest


def _delimiter(beginning: str) -> str:
    """The sign that cuts most of the first rows into the same number of cells; of equals, the one that cuts more."""

    def consistency(delimiter: str) -> tuple[int, int]:
        reader = csv.reader(io.StringIO(beginning, newline=""), delimiter=delimiter)
        try:
            widths = Counter(len(row) for row in islice(reader, _JUDGED_ROWS))
        except csv.Error:
            return 0, 0
        several = [(count, width) for width, count in widths.items() if width > 1]
        return max(several, default=(0, 0))

    return max(_DELIMITERS, key=consistency)


def _rows(pieces: Iterator[str], delimiter: str, legacy: Legacy | None) -> Iterator[list[str]]:
    """Rows of clean cells. A piece that is clean altogether, as most are, is not looked at cell by cell."""
    dirty = False
    edges = [f" {delimiter}", f"{delimiter} ", " \n", "\n ", " \r", '" ', ' "']
    # What may stand between cells and within none.
    between = {"\n", "\r", delimiter} - {",", ";", "|"}

    def lines_of(piece: str) -> Iterator[str]:
        nonlocal dirty
        text = piece
        for sign in between:
            text = text.replace(sign, "")
        dirty = (
            legacy is not None
            or not is_clean(text)
            or piece.startswith(" ")
            or piece.endswith(" ")
            or any(edge in piece for edge in edges)
        )
        return io.StringIO(piece, newline="")

    cleaned = Cleaned()
    reader = csv.reader(chain.from_iterable(map(lines_of, pieces)), delimiter=delimiter)
    line = 0
    try:
        for row in reader:
            now = reader.line_num
            # Several lines are a cell with a line's end inside, perhaps begun in the piece before.
            if dirty or now != line + 1:
                if legacy:
                    legacy.convert(row)
                row = list(map(cleaned.__getitem__, row))
            line = now
            yield row
    except csv.Error:
        raise Unreadable(
            f'Không tách được các ô từ dòng {line + 1} của tệp: có dấu nháy kép (") mở mà không đóng. '
            "Sửa dòng ấy, hoặc mở tệp bằng Excel và lưu dạng .xlsx, rồi tải lên lần nữa."
        ) from None
