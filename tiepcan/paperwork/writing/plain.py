"""A paper as plain lists, words and numbers, to be kept and read back as the same record."""

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import date
from typing import Any

from tiepcan.paperwork.writing.records import (
    Annex,
    Block,
    Grid,
    HeadCell,
    Heading,
    Mark,
    Paper,
    Point,
    Section,
    Signature,
    Text,
)

_RECORDS = {
    record.__name__: record
    for record in (Annex, Grid, HeadCell, Heading, Mark, Paper, Point, Section, Signature, Text)
}


def to_plain(paper: Paper) -> dict[str, Any]:
    """The paper as JSON can hold it; each record says its name."""
    plain: dict[str, Any] = _plain(paper)
    return plain


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        said = {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
        return {"is": type(value).__name__, **said}
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    return {"day": value.isoformat()} if isinstance(value, date) else value


def from_plain(plain: Mapping[str, Any]) -> Paper:
    """The record that `to_plain` was given. Fields that came later have their defaults."""
    paper = _record(plain)
    if not isinstance(paper, Paper):
        raise TypeError(f"Not a paper: {plain.get('is')}")
    return paper


def _record(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(_record(one) for one in value)
    if not isinstance(value, Mapping):
        return value
    if "day" in value:
        return date.fromisoformat(value["day"])
    record = _RECORDS[value["is"]]
    known = {field.name for field in fields(record)}
    return record(**{key: _record(said) for key, said in value.items() if key in known})


def grids_of(paper: Paper) -> Iterator[Grid]:
    """Every table of a paper, in the order in which they are printed."""
    for blocks in (paper.body, *(annex.blocks for annex in paper.annexes)):
        yield from (block for block in blocks if isinstance(block, Grid))


def with_marks(paper: Paper, marks: Mapping[int, Mark]) -> Paper:
    """The paper with a mark on each table whose place (from 0) has one, and none on the others."""
    counted = iter(range(sum(1 for _ in grids_of(paper))))

    def marked(block: Block) -> Block:
        return replace(block, mark=marks.get(next(counted))) if isinstance(block, Grid) else block

    body = tuple(marked(block) for block in paper.body)
    annexes = tuple(
        replace(one, blocks=tuple(marked(block) for block in one.blocks)) for one in paper.annexes
    )
    return replace(paper, body=body, annexes=annexes)
