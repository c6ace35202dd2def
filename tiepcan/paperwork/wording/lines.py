"""A wording as it is kept: one line for each paragraph, with its element; and the plain file that a default is.

    Trích yếu: Kết quả thực hiện năm {{năm}}
    Mục: 1. Kết quả
    Nội dung: {{từng chỉ số: kết quả}}
    Bảng: {{bảng: kết quả theo chỉ số}}

A line that begins with blanks goes on with the one above it, after a line break.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from tiepcan.common.folding import folded_key


class Element(StrEnum):
    """What a paragraph of a paper is (thành phần thể thức); the value is its mark in a plain file."""

    KIND = "Tên loại"
    TITLE = "Trích yếu"
    ADDRESSEE = "Kính gửi"
    BASIS = "Căn cứ"
    SECTION = "Mục lớn"
    HEADING = "Mục"
    TEXT = "Nội dung"
    POINT = "Điểm"
    TABLE = "Bảng"
    CLOSING = "Lời kết"
    """Text that ends the paper and belongs to no heading above it."""
    RECIPIENT = "Nơi nhận"
    ANNEX = "Phụ lục"


@dataclass(frozen=True)
class Line:
    """One paragraph of a wording: its element and its text, with fields in double braces."""

    element: Element
    text: str


Lines = tuple[Line, ...]

TABLE = "bang"
"""Before the colon of a table's place: {{bảng: ...}}."""


@dataclass(frozen=True)
class Named:
    """A field as it stands in a text: what is written, the list (or `TABLE`) that it is of, and its own key."""

    written: str
    of: str
    name: str


_FIELD = re.compile(r"\{\{((?:(?!\{\{|\}\}).)*)\}\}", re.DOTALL)
_QUOTES = re.compile("[\"'‘’“”«»]")
_DASHES = re.compile(r"\s*[-\u2010-\u2015]\s*")


def key(name: str) -> str:
    """What two spellings of a field's name share: case, accents, blanks, quotes and kinds of dashes do not count."""
    return " ".join(_DASHES.sub("-", folded_key(_QUOTES.sub(" ", name))).split())


def named(written: str) -> Named:
    """The field that stands between two pairs of braces."""
    of, colon, name = written.partition(":")
    return Named(" ".join(written.split()), key(of) if colon else "", key(name if colon else of))


def pieces(text: str) -> list[str | Named]:
    """A text's own words and its fields, in their order."""
    parts = _FIELD.split(text)
    return [named(part) if at % 2 else part for at, part in enumerate(parts) if at % 2 or part]


def fields_of(text: str) -> list[Named]:
    return [piece for piece in pieces(text) if isinstance(piece, Named)]


def words_of(text: str) -> str:
    """A text without its fields."""
    return _FIELD.sub("", text)


def list_of(line: Line) -> str:
    """The key of the list that a line stands once for each item of, or ""."""
    return next((field.of for field in fields_of(line.text) if field.of and field.of != TABLE), "")


_MARK = re.compile(rf"({'|'.join(sorted(Element, key=len, reverse=True))}): ?(.*)")


def from_text(text: str) -> Lines:
    """The lines of a plain file. Raises ValueError for a line without a mark: the files are the program's own."""
    lines: list[Line] = []
    for number, written in enumerate(text.splitlines(), start=1):
        if not written.strip():
            continue
        if written[0] == " " and lines:
            lines[-1] = Line(lines[-1].element, f"{lines[-1].text}\n{written.strip()}")
            continue
        found = _MARK.fullmatch(written)
        if found is None:
            raise ValueError(f"Line {number} has no mark: {written!r}")
        lines.append(Line(Element(found[1]), found[2].strip()))
    return tuple(lines)


def to_plain(lines: Sequence[Line]) -> list[list[str]]:
    """Pairs of words that JSON can keep."""
    return [[line.element.value, line.text] for line in lines]


def from_plain(plain: Sequence[Sequence[str]]) -> Lines:
    return tuple(Line(Element(element), text) for element, text in plain)
