"""How long and how high text in bold Times New Roman is: rules are drawn in proportion to it."""

import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache

from tiepcan.paperwork.writing.decree import SINGLE_LINE

_HORN = "\u031b"
_MM_PER_POINT = 25.4 / 72

# Advance widths in thousandths of the font size.
_GROUPS = {
    250: " \u00a0,.",
    278: "/il'",
    333: "-():;!fjt",
    389: "Is",
    444: "cerz",
    500: "0123456789Jagovxy?–“”",
    556: "Sbdđhknpqu",
    611: "FP",
    667: "BELTZ",
    722: "ACDĐNRUVXYw",
    778: "GHKOQ",
    833: "m&",
    944: "M",
    1000: "W%—…",
}
_WIDTHS = {letter: width for width, letters in _GROUPS.items() for letter in letters} | {
    "o" + _HORN: 554,
    "u" + _HORN: 600,
    "O" + _HORN: 778,
    "U" + _HORN: 796,
}
_UNKNOWN = 556


@cache
def _width(letter: str) -> int:
    """Accents take no width; the horn of ơ and ư does."""
    parts = unicodedata.normalize("NFD", letter)
    return _WIDTHS.get(parts[0] + _HORN if _HORN in parts else parts[0], _UNKNOWN)


def length_mm(text: str, size: float) -> float:
    """Length of one line set in bold at that size in points."""
    return sum(_width(letter) for letter in text) / 1000 * size * _MM_PER_POINT


def pieces_that_fit(word: str, size: float, room_mm: float) -> Iterator[str]:
    """The word in pieces of at most that room, or whole when it fits."""
    piece, length = "", 0.0
    for letter in word:
        added = length_mm(letter, size)
        if piece and length + added > room_mm:
            yield piece
            piece, length = "", 0.0
        piece, length = piece + letter, length + added
    yield piece


def _broken(words: Iterable[str], size: float, room_mm: float) -> Iterable[str]:
    line: list[str] = []
    length, blank = 0.0, length_mm(" ", size)
    for word in words:
        added = length_mm(word, size)
        if line and length + blank + added > room_mm:
            yield " ".join(line)
            line, length = [], 0.0
        length += added + (blank if line else 0.0)
        line.append(word)
    yield " ".join(line)


def _lines(text: str, size: float, room_mm: float) -> list[str]:
    parts = (
        [p for word in part.split(" ") for p in pieces_that_fit(word, size, room_mm)]
        for part in text.split("\n")
    )
    return [line for words in parts for line in _broken(words, size, room_mm)]


def longest_line_mm(text: str, size: float, room_mm: float) -> float:
    """Length of the longest line once the text is broken into lines of at most that room."""
    return min(room_mm, max(length_mm(line, size) for line in _lines(text, size, room_mm)))


def height_points(text: str, size: float, room_mm: float) -> float:
    """Height of the text broken into lines of that room, set single."""
    return len(_lines(text, size, room_mm)) * size * SINGLE_LINE
