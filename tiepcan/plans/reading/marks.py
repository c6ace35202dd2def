"""The paper as it stands with marks on the words that values and doubts came from. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from tiepcan.common.folding import composed
from tiepcan.intake.document import Document, Paragraph, Row, Table
from tiepcan.plans.reading.records import Finding, Reading, Source


@dataclass(frozen=True)
class Piece:
    """A run of words; `keys` are the values that came from them ("number", "deadline/1")."""

    text: str
    keys: tuple[str, ...] = ()


@dataclass(frozen=True)
class Line:
    """One paragraph in pieces. `keys`: values that came from the whole of it; `findings`: what was found there."""

    pieces: tuple[Piece, ...]
    keys: tuple[str, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class TableLine:
    """One row of a table, cells as plain text."""

    cells: tuple[str, ...]
    keys: tuple[str, ...]
    findings: tuple[Finding, ...]
    hidden: bool


@dataclass(frozen=True)
class MarkedTable:
    """One table with its rows."""

    rows: tuple[TableLine, ...]
    width: int


def sources_of(reading: Reading) -> Iterator[tuple[str, Source]]:
    """Every value of the reading with the words that it came from: the plain fields by name, the rest by key."""
    yield from reading.sources.items()
    if reading.signatory:
        yield "signatory/0", reading.signatory.source
    sections: dict[str, Sequence[Any]] = {
        "basis": reading.legal_bases,
        "aim": reading.targets,
        "row": reading.units,
        "deadline": reading.deadlines,
        "duty": reading.duties,
        "recipient": reading.recipients,
    }
    for section, items in sections.items():
        for key, item in zip(reading.keys[section], items, strict=True):
            yield key, item.source


def marked(document: Document, reading: Reading) -> list[Line | MarkedTable]:
    """The document's blocks in order, marked."""
    known = {place.where for block in document.blocks for place in _rows_of(block)}
    quotes: dict[str, list[tuple[str, str]]] = {}
    for key, source in sources_of(reading):
        for where in _places(source.where, known):
            quotes.setdefault(where, []).append((key, composed(source.quote)))
    found: dict[str, list[Finding]] = {}
    for finding in reading.findings:
        for where in _places(finding.where, known):
            found.setdefault(where, []).append(finding)
    return [_block(block, quotes, found) for block in document.blocks]


def _rows_of(block: Paragraph | Table) -> Sequence[Paragraph | Row]:
    return [block] if isinstance(block, Paragraph) else block.rows


def _places(where: str, known: set[str]) -> Iterator[str]:
    """The single places of "A và B"; the name of a sheet may hold a "và" of its own."""
    place = ""
    for part in where.split(" và "):
        place = f"{place} và {part}" if place else part
        if place in known:
            yield place
            place = ""


def _block(
    block: Paragraph | Table, quotes: dict[str, list[tuple[str, str]]], found: dict[str, list[Finding]]
) -> Line | MarkedTable:
    if isinstance(block, Paragraph):
        pieces, whole = _pieces(composed(block.text), quotes.get(block.where, []))
        return Line(pieces, whole, tuple(found.get(block.where, ())))
    return MarkedTable(
        tuple(
            TableLine(
                row.cells,
                tuple(key for key, _ in quotes.get(row.where, [])),
                tuple(found.get(row.where, ())),
                row.hidden,
            )
            for row in block.rows
        ),
        max((len(row.cells) for row in block.rows), default=0),
    )


def _pieces(text: str, quotes: Sequence[tuple[str, str]]) -> tuple[tuple[Piece, ...], tuple[str, ...]]:
    """The text cut at the quoted words, and the keys of what was quoted as a whole or not found word for word."""
    whole: list[str] = []
    spans: dict[tuple[int, int], list[str]] = {}
    for key, quote in quotes:
        start = text.find(quote) if quote else -1
        if start < 0 or len(quote) > 0.9 * len(text):
            whole.append(key)
        else:
            spans.setdefault((start, start + len(quote)), []).append(key)
    return tuple(_cut(text, spans)), tuple(whole)


def _cut(text: str, spans: dict[tuple[int, int], list[str]]) -> Iterable[Piece]:
    """Of spans that overlap the first stays a piece of its own and takes the others' keys."""
    kept: list[tuple[int, int, list[str]]] = []
    for (start, end), keys in sorted(spans.items()):
        if kept and start < kept[-1][1]:
            kept[-1][2].extend(keys)
        else:
            kept.append((start, end, list(keys)))
    at = 0
    for start, end, keys in kept:
        if start > at:
            yield Piece(text[at:start])
        yield Piece(text[start:end], tuple(keys))
        at = end
    if at < len(text):
        yield Piece(text[at:])
