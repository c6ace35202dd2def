"""What is read from an operator's list of one month."""

from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True)
class Asked:
    """One row of the list: a household for which the operator asks the month's support. None is "the file does not say"."""

    sheet: str
    row: int
    name: str
    unit: str | None
    """A ward's full name, of those that may appear."""
    code: str | None = None
    birth_year: int | None = None
    identity: str | None = None
    hamlet: str | None = None
    service: str | None = None
    """mobile, fixed or broadband."""
    number: str | None = None
    """The number or account that the operator knows the subscription by."""
    began_on: str | None = None
    """ISO day."""
    ended_on: str | None = None
    provided: bool = True
    reason: str = ""
    """Why it was not provided, in the operator's words."""
    amount: int | None = None
    """Đồng of the month."""


@dataclass(frozen=True)
class Wrong:
    """One cell that cannot be taken: rows and columns count from 1; `written` is what stands in it."""

    sheet: str
    row: int
    column: int
    message: str
    written: str


@dataclass
class ReadList:
    """The whole list: its rows, its bad cells, how many rows were passed over, and what each column was taken for."""

    asked: list[Asked] = field(default_factory=list)
    wrong: list[Wrong] = field(default_factory=list)
    skipped: int = 0
    """Rows with words that ask for nobody: titles, sums, signatures."""
    sheets: list[str] = field(default_factory=list)
    unused: list[str] = field(default_factory=list)
    """Headings of columns that are not read."""

    def as_plain(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_plain(cls, plain: dict[str, Any]) -> "ReadList":
        return cls(
            asked=[Asked(**one) for one in plain["asked"]],
            wrong=[Wrong(**one) for one in plain["wrong"]],
            skipped=plain["skipped"],
            sheets=plain["sheets"],
            unused=plain["unused"],
        )
