"""What goes into the reading of a list of households, and what comes out of it."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple, Protocol

from tiepcan.intake.document import Remark


class SheetLike(Protocol):
    """One sheet as `intake.sheets` opens it: rows once through, from row 1, cells as a person reads them."""

    @property
    def title(self) -> str: ...
    @property
    def visible(self) -> bool: ...
    @property
    def rows(self) -> Iterable[list[str]]: ...
    @property
    def hidden_rows(self) -> Collection[int]: ...
    @property
    def merged(self) -> Sequence[tuple[int, int, int, int]]: ...


class BookLike(Protocol):
    """Sheets in the order of the file, its format, and what its opener noticed."""

    @property
    def format(self) -> str: ...
    @property
    def remarks(self) -> Sequence[Remark]: ...
    @property
    def sheets(self) -> Sequence[SheetLike]: ...


@dataclass(frozen=True)
class Indicator:
    """One indicator of the year's standard, as offices number and name it."""

    id: str
    number: int
    name: str
    short_name: str


@dataclass(frozen=True)
class Question:
    """One thing that a list may say of a household by yes or no ("Điện thoại", "Internet")."""

    id: str
    words: str


@dataclass(frozen=True)
class Options:
    """What the reading must know beforehand: the year of the review, its standard, and what a person chose."""

    year: int
    classes: tuple[str, ...]
    indicators: tuple[Indicator, ...] = ()
    questions: tuple[Question, ...] = ()
    choices: Mapping[str, str] = field(default_factory=dict)
    """Meaning by heading key; "ignore" is a choice too."""
    unit_names: tuple[str, ...] = ()

    def as_plain(self) -> dict[str, Any]:
        """Plain lists and words, for JSON."""
        return asdict(self)

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> "Options":
        return cls(
            year=plain["year"],
            classes=tuple(plain["classes"]),
            indicators=tuple(Indicator(**one) for one in plain.get("indicators", ())),
            questions=tuple(Question(**one) for one in plain.get("questions", ())),
            choices=dict(plain.get("choices", {})),
            unit_names=tuple(plain.get("unit_names", ())),
        )


class Sure(StrEnum):
    """How sure a column's meaning is. Only `certain` and `likely` columns are read."""

    CERTAIN = "certain"
    LIKELY = "likely"
    UNKNOWN = "unknown"
    AMBIGUOUS = "ambiguous"
    """Waits for a person's choice among the alternatives."""


@dataclass(frozen=True)
class Column:
    """What one column was taken for. `key` is how a choice for it is remembered; `samples` are up to five cells."""

    column: int
    heading: str
    key: str
    meaning: str
    sure: Sure
    alternatives: tuple[str, ...] = ()
    samples: tuple[str, ...] = ()
    why: str = ""
    """In Vietnamese, when the column waits or is not read."""


@dataclass(frozen=True)
class Understanding:
    """How one table of one sheet was understood; a sheet that is not read says why.

    `why` is one of: "" (read), hidden, empty, no_heading, summary, waiting (a column must be chosen first).
    """

    sheet: str
    table: int
    why: str
    message: str
    head_rows: tuple[int, ...] = ()
    columns: tuple[Column, ...] = ()
    hidden_rows: tuple[int, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def is_read(self) -> bool:
        return not self.why

    @property
    def waits(self) -> tuple[Column, ...]:
        """Columns that a person must choose a meaning for."""
        return tuple(column for column in self.columns if column.sure is Sure.AMBIGUOUS)


class Row(NamedTuple):
    """One household as the row says it; None is "the file does not say". With `problems` > 0 it is not to be kept."""

    sheet: str
    row: int
    code: str | None
    head_name: str | None
    birth_year: int | None
    sex: str | None
    """male or female."""
    ethnicity: str | None
    identity: str | None
    """9 or 12 digits."""
    hamlet: str | None
    unit: str | None
    members: int | None
    poverty: str | None
    income_score: str | None
    """A decimal number with a point."""
    deprivation_score: str | None
    lacks: tuple[str, ...] | None
    """Indicators that are lacking; None when the file has no such columns."""
    answers: dict[str, bool] | None
    disability: bool | None
    note: str | None
    open: dict[str, bool] | None
    """Ticks in columns that wait for a choice, by heading key: what each choice would mean can be counted."""
    problems: int


class Skipped(NamedTuple):
    """Rows from `row` to `last` that are no household.

    `why` is one of: blank, repeated_head, numbering, total, group, note, signature, member.
    """

    sheet: str
    row: int
    last: int
    why: str
    text: str


class Problem(NamedTuple):
    """One cell that cannot be taken. `written`: the cell; `other`: the row it disagrees with, 0 for none."""

    sheet: str
    row: int
    column: int
    code: str
    message: str
    written: str
    other: int = 0


@dataclass
class Summary:
    """Counts over the whole file, known at its end."""

    format: str = ""
    remarks: tuple[Remark, ...] = ()
    households: int = 0
    refused: int = 0
    skipped: Counter[str] = field(default_factory=Counter)
    problems: Counter[str] = field(default_factory=Counter)
    seen: dict[str, Counter[str]] = field(default_factory=dict)
    """Cells counted by heading key, for columns that wait for a choice."""

    def as_plain(self) -> dict[str, Any]:
        """Plain numbers and words, for JSON."""
        plain = dict(vars(self))
        plain["remarks"] = [asdict(remark) for remark in self.remarks]
        return plain


class Trouble(NamedTuple):
    """Why a cell's words are no value: a stable code and a sentence with the remedy."""

    code: str
    message: str


Event = Understanding | Row | Skipped | Problem | Summary
