"""A form (biểu mẫu): the fields that a wording of it may name; and the content that is put in their places."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from tiepcan.paperwork.wording.lines import TABLE, Lines, from_text, key, named
from tiepcan.paperwork.writing import decree
from tiepcan.paperwork.writing.records import Align, Grid, HeadCell, Paper, Signature


@dataclass(frozen=True)
class Field:
    """A place that one text stands in: its name between the braces, what it means, an example of it."""

    name: str
    description: str
    sample: str


@dataclass(frozen=True)
class ItemList:
    """Fields of the items of a list: a paragraph that names one stands once for each item."""

    name: str
    """ "từng chỉ số": what stands before the colon."""
    description: str
    fields: tuple[Field, ...]


@dataclass(frozen=True)
class TablePlace:
    """A place that a table stands in, {{bảng: name}}, alone in its paragraph."""

    name: str
    description: str
    heads: tuple[str, ...]
    """Of the example."""
    is_broad: bool = False
    """Its annex lies on its side."""


@dataclass(frozen=True)
class Content:
    """What is put in the places of a form, by their names. A table that is None is not there this time."""

    values: Mapping[str, str]
    lists: Mapping[str, Sequence[Mapping[str, str]]] = field(default_factory=dict)
    tables: Mapping[str, Grid | None] = field(default_factory=dict)
    attached_to: str | None = None
    """What annexes are behind, see `records.Annex`."""


@dataclass(frozen=True)
class Form:
    """A kind of paper with the fields that its wordings may name, and the wording it has by default."""

    key: str
    name: str
    default: Path
    """Plain file of the wording that an office without one of its own uses."""
    symbol: str
    """Of the example's head."""
    fields: tuple[Field, ...]
    lists: tuple[ItemList, ...] = ()
    tables: tuple[TablePlace, ...] = ()
    is_letter: bool = False
    """A letter has no name of its kind above the title."""

    def __post_init__(self) -> None:
        names = [(one.of, one.name) for one in map(named, self.notations)]
        if len(names) != len(set(names)):
            raise ValueError(f"Two fields of {self.key} have one name.")

    @property
    def notations(self) -> Iterator[str]:
        """Every field as it is written between the braces."""
        yield from (one.name for one in self.fields)
        for one in self.lists:
            yield from (f"{one.name}: {item.name}" for item in one.fields)
        yield from (f"bảng: {one.name}" for one in self.tables)

    @cached_property
    def lines(self) -> Lines:
        """The wording by default."""
        return from_text(self.default.read_text(encoding="utf-8"))

    @cached_property
    def known(self) -> frozenset[tuple[str, str]]:
        """(list, name) of every field, as keys."""
        return frozenset((one.of, one.name) for one in map(named, self.notations))

    @cached_property
    def list_keys(self) -> frozenset[str]:
        return frozenset(key(one.name) for one in self.lists)

    @cached_property
    def broad_tables(self) -> frozenset[str]:
        return frozenset(key(one.name) for one in self.tables if one.is_broad)

    def check(self, content: Content) -> None:
        """Raise ValueError when the content is not what the form says: an error of the room that builds it."""
        given = {("", key(name)) for name in content.values}
        given |= {(TABLE, key(name)) for name in content.tables}
        for name, items in content.lists.items():
            found = next((one for one in self.lists if key(one.name) == key(name)), None)
            if found is None:
                raise ValueError(f"{self.key} has no list {name!r}.")
            wanted = {key(one.name) for one in found.fields}
            if any({key(one) for one in item} != wanted for item in items):
                raise ValueError(f"Items of {name!r} have other fields than the form {self.key}.")
            given |= {(key(name), one) for one in wanted}
        if given != self.known:
            raise ValueError(f"Content and form {self.key} differ: {sorted(given ^ self.known)}")

    def sample(self) -> Content:
        """The examples of every field, two items in each list."""
        return Content(
            values={one.name: one.sample for one in self.fields},
            lists={one.name: [{item.name: item.sample for item in one.fields}] * 2 for one in self.lists},
            tables={one.name: _sample_grid(one) for one in self.tables},
        )


_LEFT: tuple[Align, ...] = ("left",)


def _sample_grid(place: TablePlace) -> Grid:
    columns = len(place.heads)
    return Grid(
        heads=(tuple(map(HeadCell, place.heads)),),
        rows=(("…",) * columns,) * 2,
        total=None,
        widths_mm=(decree.TEXT_WIDTH / columns,) * columns,
        align=_LEFT * columns,
    )


def sample_head(form: Form, *, parent_body: str | None, issuing_body: str, place: str) -> Paper:
    """The head and foot that an example stands between: whose paper it is, and places left to be written."""
    return Paper(
        parent_body=parent_body,
        issuing_body=issuing_body,
        symbol=form.symbol,
        place=place,
        kind="",
        title="",
        signature=Signature((), "Chức vụ người ký", "Họ và tên"),
        drafting="…",
    )
