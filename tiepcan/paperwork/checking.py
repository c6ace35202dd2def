"""What a printed table says beside what was frozen, what the same computation gives again, and what it gives today."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from tiepcan.common import clock
from tiepcan.common.numbers import grouped
from tiepcan.paperwork.models import PrintedTable
from tiepcan.paperwork.tables import digest_of_cells, plain_cells, plain_heads
from tiepcan.paperwork.writing.records import Grid

_NUMBER = re.compile(r"-?[0-9]{1,3}(\.[0-9]{3})+|-?[0-9]+(,[0-9]+)?")


@dataclass(frozen=True)
class Reason:
    """Part of why a figure is another today: in words, by how many households, and where they are shown."""

    words: str
    households: int
    address: str = ""


@dataclass(frozen=True)
class Computation:
    """How a subject computes a kind of table: as it was frozen, as of today, and why the two differ.

    Each gets the arguments kept with the table. `source` says in words what it is computed from.
    """

    then: Callable[[Mapping[str, Any]], Grid]
    now: Callable[[Mapping[str, Any]], Grid]
    why: Callable[[Mapping[str, Any]], Sequence[tuple[str, Sequence[Reason]]]]
    source: Callable[[Mapping[str, Any]], Sequence[tuple[str, str]]]


Computations = Mapping[str, Computation]
"""By the key that a table's `source` names."""


@dataclass(frozen=True)
class Figure:
    """One figure of a printed table: on paper, computed again as of its freezing, and today. None: not computed."""

    row: str
    column: str
    printed: str
    again: str | None
    today: str | None

    @property
    def is_same(self) -> bool:
        return self.again is None or self.again == self.printed

    @property
    def difference(self) -> str:
        """Today's less the printed one, with its sign; empty where one of them is no number."""
        before, after = number_of(self.printed), number_of(self.today or "")
        if before is None or after is None:
            return ""
        apart = after - before
        decimals = 1 if "," in self.printed or "," in (self.today or "") else 0
        said = f"{abs(apart):.{decimals}f}".replace(".", ",") if decimals else grouped(int(abs(apart)))
        return said if not apart else f"{'+' if apart > 0 else '−'}{said}"


@dataclass(frozen=True)
class Checked:
    """A printed table, figure by figure.

    `is_kept` is whether the frozen cells still have the digest they had; `is_same` whether computing them again from the
    rows gives every figure as it was printed (None where no computation is known).
    """

    table: PrintedTable
    figures: Sequence[Figure]
    is_kept: bool
    is_same: bool | None
    why: Sequence[tuple[str, Sequence[Reason]]]
    source: Sequence[tuple[str, str]]
    on: date

    @property
    def changed(self) -> Sequence[Figure]:
        """Figures that are others today."""
        return [one for one in self.figures if one.today is not None and one.today != one.printed]


def check(table: PrintedTable, computed: Computations) -> Checked:
    """Everything that can be said of a printed table now."""
    computation = computed.get(table.source.get("key", ""))
    is_kept = digest_of_cells(table.heads, table.cells) == table.digest
    if computation is None:
        return Checked(table, figures_of(table, None, None), is_kept, None, (), (), clock.today())
    again, today = computation.then(table.source), computation.now(table.source)
    figures = figures_of(table, again, today)
    same = digest_of_cells(plain_heads(again), plain_cells(again)) == table.digest
    return Checked(
        table,
        figures,
        is_kept,
        same,
        computation.why(table.source),
        computation.source(table.source),
        clock.today(),
    )


def figures_of(table: PrintedTable, again: Grid | None, today: Grid | None) -> list[Figure]:
    """Every cell of a printed table that holds a number, the order number of a row aside."""
    heads: list[str] = table.heads
    rows_again, rows_today = _by_name(again), _by_name(today)
    figures = []
    for row in table.cells:
        name = name_of(row)
        for column, printed in enumerate(row):
            if number_of(printed) is None or _is_order(heads[column]):
                continue
            figures.append(
                Figure(
                    name,
                    heads[column],
                    printed,
                    _cell(rows_again, name, heads[column]) if again else None,
                    _cell(rows_today, name, heads[column]) if today else None,
                )
            )
    return figures


def _is_order(head: str) -> bool:
    return head.strip() in ("STT", "TT", "Số TT")


def name_of(row: Sequence[str]) -> str:
    """What a row is of: its cells that are no numbers."""
    return ", ".join(cell for cell in row if cell and number_of(cell) is None)


def _by_name(grid: Grid | None) -> dict[tuple[str, str], str]:
    if grid is None:
        return {}
    heads = plain_heads(grid)
    return {
        (name_of(row), head): cell for row in plain_cells(grid) for head, cell in zip(heads, row, strict=True)
    }


def _cell(rows: Mapping[tuple[str, str], str], name: str, head: str) -> str:
    """The cell of that row and column; empty where there is none any more."""
    return rows.get((name, head), "")


def number_of(text: str) -> float | None:
    """The number that a cell holds, as Vietnamese papers write it ("1.234", "43,5"); None for words and for nothing."""
    written = text.strip()
    if not _NUMBER.fullmatch(written):
        return None
    return float(written.replace(".", "").replace(",", "."))
