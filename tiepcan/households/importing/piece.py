"""The piece of a person's own file around its bad cells: letters of columns, numbers of rows, headings, refused rows.

A bad cell is shown as it is written (`ImportProblem.value`). Of a row's other cells the reading keeps what it understood
and not the text, so these are shown as they were understood ("Tổ 4" where "T4" is written) and are blank where nothing
was; the page says so. The file is not opened again for it: that takes a limited child, and a city's list a minute.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import Any

from tiepcan.households.models import (
    SENSITIVE,
    Import,
    ImportProblem,
    ImportRow,
    PovertyClass,
    RowOutcome,
    Sex,
)
from tiepcan.intake.sheets import address

PROBLEMS_SHOWN = 200
"""Bad cells that the preview tells of: a file may hold as many as it has cells."""
ROWS_SHOWN = 12
"""Rows in one piece; further pieces have addresses of their own."""
NOT_SHOWN = "không hiện"
"""Stands for what is shown only to who gives a reason, and for what is kept sealed."""

_HIDDEN = ("identity", *SENSITIVE)
_NAMED_BY = ("code", "head_name", "family_name", "given_name", "beside_name")
"""Columns by which a person knows the row."""
_READ = ("certain", "likely")
_LONGEST = 40
_TOTAL = "Dòng cộng"
"""How `reading` begins the reason of a skipped total."""
_TOTALS_LOOKED_AT = 200
_TOTALS_SHOWN = 2
"""Totals between two rows of the piece; of more, those nearest to the lower row."""

Place = tuple[str, int]
"""The sheet's title, the row."""


@dataclass(frozen=True)
class Refused:
    """The bad cells that a page tells of, in the order of the file, and the rows that hold them."""

    problems: Sequence[ImportProblem]
    lines: Mapping[Place, ImportRow]
    tables: Mapping[str, Sequence[Mapping[str, Any]]]
    """Of the file's understanding, by sheet, in the order of the file."""

    @property
    def places(self) -> list[Place]:
        """The rows, each once, in the order of the file."""
        return list(dict.fromkeys((p.sheet, p.row) for p in self.problems))

    def table_of(self, place: Place) -> Mapping[str, Any] | None:
        """The table that the row stands in: the last of its sheet whose heading is above."""
        sheet, row = place
        above = [
            table
            for table in self.tables.get(sheet, ())
            if table["head_rows"] and table["head_rows"][-1] < row
        ]
        return above[-1] if above else None

    def written(self, problem: ImportProblem) -> str:
        """What is written in the bad cell, as far as it may be shown."""
        table = self.table_of((problem.sheet, problem.row))
        meaning = _columns(table).get(problem.column, {}).get("meaning")
        return NOT_SHOWN if meaning in _HIDDEN else problem.value

    def anchor(self, problem: ImportProblem) -> str:
        """The id of the bad cell in the piece, or of its row's number when the row was refused as a whole."""
        sheet = [*self.tables, problem.sheet].index(problem.sheet) + 1
        where = address(problem.row, problem.column) if problem.column else str(problem.row)
        return f"o-{sheet}-{where}"

    def parts(self) -> dict[Place, int]:
        """For each row the number of the piece that holds it, from 1."""
        return {place: n // ROWS_SHOWN + 1 for n, place in enumerate(self.places)}


def refused(file: Import) -> Refused:
    """The first bad cells of a file with their rows."""
    tables: dict[str, list[Mapping[str, Any]]] = {}
    for table in file.understanding.get("tables", []):
        tables.setdefault(table["sheet"][:120], []).append(table)  # as rows and problems keep it
    order = {sheet: n for n, sheet in enumerate(tables)}
    problems = sorted(
        ImportProblem.objects.filter(file=file)[:PROBLEMS_SHOWN],
        key=lambda p: (order.get(p.sheet, len(order)), p.row, p.column),
    )
    lines = ImportRow.objects.filter(
        file=file, row__in={p.row for p in problems}, outcome=RowOutcome.REJECTED
    ).select_related("unit")
    return Refused(problems, {(line.sheet, line.row): line for line in lines}, tables)


@dataclass(frozen=True)
class Cell:
    """One cell of the piece; a bad one has an anchor."""

    text: str
    anchor: str = ""


@dataclass(frozen=True)
class Line:
    """One row of the piece. `anchor`: the row was refused as a whole; `skipped`: a total, in its own words."""

    row: int
    cells: Sequence[Cell] = ()
    anchor: str = ""
    skipped: str = ""


@dataclass(frozen=True)
class Table:
    """What one table of one sheet gives to the piece: a few of its columns, by letter, and rows."""

    sheet: str
    letters: Sequence[str]
    head_rows: str
    headings: Sequence[str]
    lines: Sequence[Line]


@dataclass(frozen=True)
class Piece:
    """One piece of the file: rows `first` to `last` of the `rows` that hold the bad cells the page tells of."""

    tables: Sequence[Table]
    number: int
    of: int
    first: int
    last: int
    rows: int


def piece_of(file: Import, found: Refused, number: int = 1) -> Piece | None:
    """The piece of that number, or the last one before it; None when no cell is bad."""
    places = found.places
    if not places:
        return None
    of = -(-len(places) // ROWS_SHOWN)
    number = min(max(number, 1), of)
    first = (number - 1) * ROWS_SHOWN
    some = places[first : first + ROWS_SHOWN]
    bad: dict[Place, dict[int, ImportProblem]] = {}
    for problem in found.problems:
        bad.setdefault((problem.sheet, problem.row), {})[problem.column] = problem
    tables = [
        _table(file, found, list(group), bad)
        # By sheet and heading: a sheet may hold several tables.
        for _, group in groupby(some, key=lambda place: (place[0], _head_rows(found.table_of(place))))
    ]
    return Piece(tables, number, of, first + 1, first + len(some), len(places))


def _table(
    file: Import,
    found: Refused,
    places: Sequence[Place],
    bad: Mapping[Place, Mapping[int, ImportProblem]],
) -> Table:
    known = found.table_of(places[0])
    columns = _columns(known)
    shown = {at for place in places for at in bad[place] if at}
    shown |= {
        at
        for at, column in columns.items()
        if column["meaning"] in _NAMED_BY and (column["sure"] in _READ or column["meaning"] == "beside_name")
    }
    lines: list[Line] = []
    for place, totals in zip(places, _totals_above(file, places), strict=True):
        line = found.lines.get(place)
        cells = [
            Cell(_shortened(found.written(wrong)) or "trống", found.anchor(wrong))
            if (wrong := bad[place].get(at))
            else Cell(_shortened(_understood(line, columns.get(at, {}).get("meaning", ""))))
            for at in sorted(shown)
        ]
        whole = bad[place].get(0)
        lines += [*totals, Line(place[1], cells, found.anchor(whole) if whole else "")]
    return Table(
        sheet=places[0][0],
        letters=[address(1, at)[:-1] for at in sorted(shown)],
        head_rows=_head_rows(known),
        headings=[_shortened(columns.get(at, {}).get("heading", "")) for at in sorted(shown)],
        lines=lines,
    )


def _totals_above(file: Import, places: Sequence[Place]) -> list[list[Line]]:
    """For each row the skipped totals between it and the row before; none above the first."""
    sheet, rows = places[0][0], [row for _, row in places]
    said = ImportRow.objects.filter(
        file=file,
        outcome=RowOutcome.SKIPPED,
        sheet=sheet,
        row__gt=rows[0],
        row__lt=rows[-1],
        reason__startswith=_TOTAL,
    ).order_by("row")
    totals = [
        Line(row, skipped=_shortened(reason.removeprefix(f"{_TOTAL}: ")))
        for row, reason in said.values_list("row", "reason")[:_TOTALS_LOOKED_AT]
    ]
    return [
        [total for total in totals if above < total.row < row][-_TOTALS_SHOWN:]
        for above, row in zip([rows[0], *rows], rows, strict=False)
    ]


def _columns(table: Mapping[str, Any] | None) -> dict[int, Mapping[str, Any]]:
    return {column["column"]: column for column in table["columns"]} if table else {}


def _head_rows(table: Mapping[str, Any] | None) -> str:
    rows = table["head_rows"] if table else []
    return f"{rows[0]}–{rows[-1]}" if len(rows) > 1 else "".join(map(str, rows))


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1].rstrip()}…"


def _understood(line: ImportRow | None, meaning: str) -> str:
    """What was understood of a good cell, in a word; blank where the reading kept nothing."""
    if meaning in _HIDDEN:
        # Whatever the cell holds: blank in one row and hidden in the next would tell who is disabled.
        return NOT_SHOWN
    if line is None:
        return ""
    kind, _, which = meaning.partition(":")
    value: Any = None
    match kind:
        case "code" | "head_name" | "hamlet" | "members":
            value = getattr(line, kind)
        case "family_name":
            value = (line.head_name or "").rpartition(" ")[0]
        case "given_name" | "beside_name":
            value = (line.head_name or "").rpartition(" ")[2]
        case "birth_year":
            value = line.birth_year if which in ("", line.sex) else None
        case "sex" if which:
            value = _tick(line.sex == which)
        case "sex":
            value = Sex(line.sex).label if line.sex else None
        case "unit":
            value = line.unit and line.unit.full_name
        case "class" if which:
            value = _tick(line.poverty == which)
        case "class":
            value = PovertyClass(line.poverty).label if line.poverty else None
        case "income_score" | "deprivation_score":
            value = _score(getattr(line, kind))
        case "lack" | "have":
            value = _tick(line.lacks is not None and (which in line.lacks) is (kind == "lack"))
        case "answer" | "no":
            value = _tick((line.answers or {}).get(which) is (kind == "answer"))
    return "" if value is None else str(value)


def _tick(is_ticked: bool) -> str:
    return "x" if is_ticked else ""


def _score(value: Decimal | None) -> str | None:
    return None if value is None else f"{value.normalize():f}".replace(".", ",")
