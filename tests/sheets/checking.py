"""What a reading got wrong against the truth."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from tests.sheets.truth import Made
from tiepcan.households.sheets.records import Event, Problem, Row, Understanding


@dataclass
class Faults:
    """Faults of one reading, each a sentence; and how much was compared."""

    accepted_wrong: list[str] = field(default_factory=list)
    """A value that is not the truth, in a row that would be kept."""
    lost: list[str] = field(default_factory=list)
    """A right value that was refused or not read."""
    unnamed: list[str] = field(default_factory=list)
    """A bad cell that was not told at its place by its code."""
    extra: list[str] = field(default_factory=list)
    """A good cell that was called bad, or a row that is no household."""
    rows: int = 0
    cells: int = 0
    bad_cells: int = 0

    @property
    def all(self) -> list[str]:
        return [*self.accepted_wrong, *self.lost, *self.unnamed, *self.extra]

    def add(self, other: "Faults") -> None:
        """Take in another reading's faults and counts."""
        for name in ("accepted_wrong", "lost", "unnamed", "extra"):
            getattr(self, name).extend(getattr(other, name))
        self.rows, self.cells = self.rows + other.rows, self.cells + other.cells
        self.bad_cells += other.bad_cells


def compare(made: Made, events: Iterable[Event]) -> Faults:
    """All faults of a reading of a made workbook."""
    faults = Faults()
    read: dict[tuple[str, int], Row] = {}
    told: set[tuple[str, int, int, str]] = set()
    for event in events:
        if isinstance(event, Row):
            read[event.sheet, event.row] = event
        elif isinstance(event, Problem):
            told.add((event.sheet, event.row, event.column, event.code))
        elif isinstance(event, Understanding):
            for column in event.waits:
                faults.lost.append(f"{event.sheet}: cột “{column.heading}” chờ chọn: {column.why}")
    for key, truth in made.rows.items():
        row = read.pop(key, None)
        faults.rows += 1
        if row is None:
            faults.lost.append(f"{key}: dòng không được đọc")
            continue
        for name, right, got in zip(Row._fields, truth, row, strict=True):
            faults.cells += right is not None
            if got == right:
                continue
            sentence = f"{key} {name}: {got!r}, đúng là {right!r}"
            if got is None or row.problems or name == "problems":
                faults.lost.append(sentence)
            else:
                faults.accepted_wrong.append(sentence)
    faults.extra += [f"{key}: không phải hộ: {row.head_name}" for key, row in read.items()]
    faults.bad_cells = len(made.planted)
    faults.unnamed += [f"{bad}: không được nêu" for bad in sorted(made.planted - told)]
    faults.extra += [f"{bad}: nêu sai" for bad in sorted(told - made.planted)]
    return faults
