"""The register of units as rows from a readable file; needs no database."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path

REFERENCE = Path(__file__).parent / "reference" / "units.csv"


class Kind(StrEnum):
    """Kind of unit (loại đơn vị hành chính)."""

    PROVINCE = "tinh"
    CITY = "thanh_pho"
    WARD = "phuong"
    COMMUNE = "xa"

    @property
    def label(self) -> str:
        return {"tinh": "Tỉnh", "thanh_pho": "Thành phố", "phuong": "Phường", "xa": "Xã"}[self.value]


@dataclass(frozen=True)
class UnitRecord:
    """One administrative unit while its kind, name and parent stayed the same."""

    id: str
    code: str
    kind: Kind
    name: str
    parent: str | None
    valid_from: date | None
    valid_to: date | None
    """The first day on which it is no longer valid."""
    successors: tuple[str, ...]

    @property
    def full_name(self) -> str:
        return f"{self.kind.label} {self.name}"

    def valid_on(self, day: date) -> bool:
        return (not self.valid_from or self.valid_from <= day) and (not self.valid_to or day < self.valid_to)


def _day(cell: str) -> date | None:
    return date.fromisoformat(cell) if cell else None


@cache
def register() -> tuple[UnitRecord, ...]:
    """Every unit that the reference file knows, at every time."""
    with REFERENCE.open(encoding="utf-8", newline="") as lines:
        return tuple(
            UnitRecord(
                id=row["id"],
                code=row["code"],
                kind=Kind(row["kind"]),
                name=row["name"],
                parent=row["parent"] or None,
                valid_from=_day(row["valid_from"]),
                valid_to=_day(row["valid_to"]),
                successors=tuple(filter(None, row["successors"].split(";"))),
            )
            for row in csv.DictReader(lines)
        )


def valid_on(day: date, units: Iterable[UnitRecord] | None = None) -> list[UnitRecord]:
    return [unit for unit in (register() if units is None else units) if unit.valid_on(day)]


def children(parent: UnitRecord, day: date) -> list[UnitRecord]:
    """The units directly below on that day."""
    return [unit for unit in valid_on(day) if unit.parent == parent.id]
