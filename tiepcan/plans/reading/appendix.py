"""The appendix: households and targets by unit, from tables however they were laid out or cut."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from tiepcan.common.folding import accented_key, composed, folded_key
from tiepcan.intake.document import Row, Table
from tiepcan.plans.reading.records import Indicator, Reading, Severity, Source, Totals, UnitRow
from tiepcan.plans.reading.words import indicator_of

# With accents: Tòng Bạt, Toàn Thắng and Cộng Hòa are communes.
_TOTAL = re.compile(
    r"^(toàn (bộ|tỉnh|thành phố|tp|thị xã|huyện|quận|xã|phường|địa bàn)\b|tổng( số| cộng)?\s*:?$|tổng (số|cộng) |cộng( chung)?\s*:?$)"
)
_GROUP = re.compile(r"^(?:[IVX]+|[A-ZĐ])\.?$")
"""Order of a line that heads a group of units ("I | Các phường | 498"): its figures are sums of lines below."""
_COLUMN_NUMBER = re.compile(r"^\(?\d{1,9}\)?$")
_NUMBER = re.compile(r"^\d{1,3}(?:\.\d{3}){1,2}$|^\d{1,9}$")
_NOTHING = re.compile(r"^[-–—./\s]*$")
_ORDER = re.compile(r"^(\d{1,3})\.?$")


class Role(StrEnum):
    """What a column of the appendix holds."""

    ORDER = "order"
    NAME = "name"
    POOR = "poor_households"
    TELECOM = Indicator.TELECOM_SERVICE
    ASSET = Indicator.INFORMATION_ASSET


@dataclass
class Columns:
    """Which column plays which role, carried on to the table's parts on later pages."""

    at: dict[Role, int] = field(default_factory=dict)

    def cell(self, row: Row, role: Role) -> str:
        place = self.at.get(role)
        return composed(row.cells[place]) if place is not None and place < len(row.cells) else ""


def _role(head: str) -> Role | None:
    key = folded_key(head)
    if not key:
        return None
    if key in ("stt", "tt", "so tt", "so thu tu"):
        return Role.ORDER
    if indicator := indicator_of(head):
        return Role(indicator.value)
    if "ho ngheo" in key and not any(word in key for word in ("can ngheo", "ty le", "%")):
        return Role.POOR
    if any(word in key for word in ("phuong", "xa", "don vi", "dia phuong", "dia ban")):
        return Role.NAME
    return None


def _columns(heads: Sequence[Row]) -> Columns:
    """Roles by the words above each column; the lowest row of the head that says something decides."""
    roles: dict[Role, int] = {}
    width = max((len(row.cells) for row in heads), default=0)
    for place in range(width):
        cells = [row.cells[place] for row in heads if place < len(row.cells)]
        for text in (*reversed(cells), " ".join(cells)):
            if (role := _role(text)) and role not in roles:
                roles[role] = place
                break
    return Columns(roles)


def _number(cell: str, what: str, row: Row, reading: Reading) -> int | None:
    """A count of households; an empty cell or a dash is none. Anything else is told and left out."""
    cell = cell.removesuffix("hộ").rstrip()
    if _NOTHING.match(cell):
        return None
    if _NUMBER.match(cell):
        return int(cell.replace(".", ""))
    reading.find(
        Severity.ERROR,
        "number_unclear",
        f"Cột “{what}” ghi “{cell}”, không phải số hộ nguyên. Sửa ô này trong tệp hoặc nhập số đúng.",
        row.where,
    )
    return None


def _is_repeated_head(row: Row) -> bool:
    return sum(_role(cell) is not None for cell in row.cells if cell) >= 2


def read_appendix(tables: Sequence[Table], reading: Reading) -> None:
    """Fill units and totals of the reading from the tables of figures, in their order."""
    columns = Columns()
    for table in tables:
        for n, row in enumerate(table.rows):
            if _is_repeated_head(row):
                following = table.rows[n + 1 : n + 3]
                found = _columns([*table.rows[max(0, n - 1) : n + 1], *_rest_of_head(following)])
                # A head in two rows is met twice, first whole and then its lower part alone.
                if Role.NAME in found.at or not columns.at:
                    columns = found
                continue
            if Role.NAME in columns.at:
                _read_row(row, columns, reading)


def _rest_of_head(rows: Sequence[Row]) -> list[Row]:
    """Rows right below a head's first row that are head too: words, and no counts."""
    rest = []
    for row in rows:
        if any(_NUMBER.match(cell) for cell in row.cells) or not any(row.cells):
            break
        rest.append(row)
    return rest


def add_up(reading: Reading) -> None:
    """Fill the sums of the columns."""
    reading.summed = Totals(
        poor_households=_sum([unit.poor_households for unit in reading.units]),
        telecom_service=_sum([unit.targets[Indicator.TELECOM_SERVICE] for unit in reading.units]),
        information_asset=_sum([unit.targets[Indicator.INFORMATION_ASSET] for unit in reading.units]),
    )


def _sum(values: list[int | None]) -> int | None:
    known = [value for value in values if value is not None]
    return sum(known) if known else None


def _is_total(order: str, name: str) -> bool:
    """A line of sums. In a narrow first column its words may be cut anywhere, but then no name stands beside."""
    if _ORDER.match(order):
        return False
    if order and not name:
        return accented_key(order).startswith(("toàn", "tổng", "cộng"))
    return any(_TOTAL.match(accented_key(cell)) for cell in (order, name))


def _read_row(row: Row, columns: Columns, reading: Reading) -> None:
    order, name = columns.cell(row, Role.ORDER), columns.cell(row, Role.NAME)
    figures = {role: columns.cell(row, role) for role in (Role.POOR, Role.TELECOM, Role.ASSET)}
    if not any(_NUMBER.match(cell) for cell in figures.values()) and not _ORDER.match(order):
        return
    if _is_total(order, name):
        values = {role.value: _number(cell, "dòng tổng", row, reading) for role, cell in figures.items()}
        reading.printed = Totals(**values)
        reading.sources["totals"] = Source(row.where, " | ".join(filter(None, row.cells)))
        return
    # A row of column numbers ("(1) (2) (3)", "A B 1 2") under the head is not a unit either.
    if not name or _COLUMN_NUMBER.match(name) or _GROUP.match(order):
        return
    if row.hidden:
        reading.find(
            Severity.DOUBT,
            "row_hidden",
            f"Dòng “{name}” đang bị ẩn trong tệp nhưng vẫn được tính. Xác nhận dòng này có thuộc kế hoạch không.",
            row.where,
        )
    values = {
        Role.POOR: _number(figures[Role.POOR], "Số hộ nghèo", row, reading),
        Role.TELECOM: _number(figures[Role.TELECOM], Indicator.TELECOM_SERVICE.label, row, reading),
        Role.ASSET: _number(figures[Role.ASSET], Indicator.INFORMATION_ASSET.label, row, reading),
    }
    number = _ORDER.match(order)
    reading.units.append(
        UnitRow(
            row=int(number[1]) if number else None,
            name=name,
            matched_name=None,
            code=None,
            unit=None,
            poor_households=values[Role.POOR],
            targets={
                Indicator.TELECOM_SERVICE: values[Role.TELECOM],
                Indicator.INFORMATION_ASSET: values[Role.ASSET],
            },
            source=Source(row.where, " | ".join(filter(None, row.cells))),
        )
    )
