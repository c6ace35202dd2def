"""What a careful officer checks before trusting the table: names, order, sums, body against table."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from tiepcan.plans.reading.records import Indicator, Reading, Severity, Totals
from tiepcan.units.names import How, Match, match
from tiepcan.units.register import UnitRecord, valid_on

_COLUMNS = {
    "poor_households": "Số hộ nghèo",
    "telecom_service": Indicator.TELECOM_SERVICE.label,
    "information_asset": Indicator.INFORMATION_ASSET.label,
}


def check(reading: Reading, units: Sequence[UnitRecord]) -> None:
    """Match the rows to units and add a finding for whatever does not hold."""
    if reading.units:
        _match_units(reading, units)
        _check_order(reading)
        _check_sums(reading)
    _check_body(reading)
    _check_presence(reading)


def _area(reading: Reading, units: Sequence[UnitRecord]) -> tuple[UnitRecord | None, list[UnitRecord]]:
    """The unit whose plan this is and the units below it on its day.

    A file that names neither issuer nor day (a workbook with the table alone) is placed where most of its
    names exist; the rows themselves then decide, and the missing head is told as not in the file.
    """
    days = {reading.issued_on} if reading.issued_on else _days(reading, units)
    best: tuple[int, UnitRecord | None, list[UnitRecord]] = (0, None, [])
    for day in sorted(days):
        for parent in valid_on(day, units):
            below = [unit for unit in units if unit.valid_on(day) and unit.parent == parent.id]
            if not below:
                continue
            chosen = {unit.id for unit in below}
            known = sum(
                row.unit in chosen if row.unit else match(row.name, below).unit is not None
                for row in reading.units
            )
            if known > best[0]:
                best = (known, parent, below)
    known, area, below = best
    return (area, below) if known * 2 > len(reading.units) else (None, [])


def _days(reading: Reading, units: Sequence[UnitRecord]) -> set[date]:
    """Days to try when the paper has none: its year's first, or each day on which units changed."""
    if reading.year:
        return {date(reading.year, 1, 1)}
    return {day for unit in units for day in (unit.valid_from, unit.valid_to) if day} | {date(1976, 1, 1)}


def _match_units(reading: Reading, units: Sequence[UnitRecord]) -> None:
    parent, below = _area(reading, units)
    if parent is None:
        where = reading.units[0].source.where
        reading.find(
            Severity.DOUBT,
            "unit_unknown",
            f"Chưa có danh mục đơn vị hành chính khớp với {len(reading.units)} dòng của bảng. "
            "Bổ sung danh mục rồi đọc lại, hoặc ghép từng dòng.",
            where,
        )
        return
    reading.area = parent.id
    matched: Counter[str] = Counter()
    chosen = {unit.id: unit for unit in below}
    for n, row in enumerate(reading.units):
        result = Match(How.EXACT, chosen[row.unit]) if row.unit in chosen else match(row.name, below)
        unit = result.unit
        if unit is None:
            choices = ", ".join(candidate.full_name for candidate in result.candidates[:4])
            reading.find(
                Severity.ERROR,
                "unit_unknown",
                f"“{row.name}” không có trong danh mục của {parent.full_name}."
                + (f" Có thể là: {choices}." if choices else " Kiểm tra lại tên trong bản gốc."),
                row.source.where,
            )
            continue
        reading.units[n] = replace(row, matched_name=unit.full_name, code=unit.code, unit=unit.id)
        if result.how == How.CORRECTED:
            reading.find(
                Severity.DOUBT,
                "unit_name_corrected",
                f"“{row.name}” được hiểu là {unit.full_name} theo danh mục đơn vị hành chính. Xác nhận hoặc sửa.",
                row.source.where,
            )
        if result.how == How.OTHER_KIND:
            reading.find(
                Severity.DOUBT,
                "unit_kind_differs",
                f"“{row.name}”: lúc ban hành đơn vị này là {unit.full_name}. Xác nhận hoặc sửa.",
                row.source.where,
            )
        matched[unit.id] += 1
        if matched[unit.id] == 2:
            reading.find(
                Severity.ERROR,
                "unit_duplicate",
                f"{unit.full_name} có hai dòng trong bảng. Giữ lại một dòng đúng.",
                row.source.where,
            )
    for unit in below:
        if unit.id not in matched:
            reading.find(
                Severity.NOTE,
                "units_not_listed",
                f"{unit.full_name} thuộc {parent.full_name} nhưng không có dòng nào trong bảng; văn bản không nêu lý do.",
                "phụ lục",
            )


def _check_order(reading: Reading) -> None:
    numbers = [row.row for row in reading.units if row.row is not None]
    for missing in sorted(set(range(1, max(numbers, default=0) + 1)) - set(numbers)):
        reading.find(
            Severity.ERROR,
            "row_missing",
            f"Bảng thiếu dòng số thứ tự {missing}. Đối chiếu với bản gốc và bổ sung.",
            f"phụ lục, STT {missing}",
        )


def _check_sums(reading: Reading) -> None:
    source = reading.sources.get("totals")
    for column, label in _COLUMNS.items():
        printed = getattr(reading.printed or Totals(), column)
        summed = getattr(reading.summed, column)
        if printed is not None and printed != (summed or 0):
            reading.find(
                Severity.ERROR,
                "total_differs",
                f"Cột “{label}”: cộng {len(reading.units)} dòng được {summed or 0}, dòng tổng in {printed}. "
                "Tìm dòng sai theo bản gốc rồi sửa.",
                source.where if source else "phụ lục",
            )


def _check_body(reading: Reading) -> None:
    for target in reading.targets:
        summed = getattr(reading.summed, target.indicator.value)
        if reading.units and summed is None:
            reading.find(
                Severity.DOUBT,
                "body_table_conflict",
                f"“{target.indicator.label}”: phần lời giao {target.value} hộ nhưng bảng không ghi số cho đơn vị nào. "
                "Đối chiếu với bản gốc.",
                target.source.where,
            )
        elif reading.units and summed != target.value:
            reading.find(
                Severity.ERROR,
                "body_table_conflict",
                f"“{target.indicator.label}”: phần lời giao {target.value} hộ, bảng cộng được {summed} hộ. "
                "Xác định số đúng theo bản gốc.",
                target.source.where,
            )


_NAMES = {
    "number": "số văn bản",
    "symbol": "ký hiệu văn bản",
    "kind": "loại văn bản",
    "issued_on": "ngày ban hành",
    "place": "địa danh",
    "issuer": "cơ quan ban hành",
    "title": "trích yếu",
    "year": "năm kế hoạch",
    "legal_bases": "căn cứ",
    "targets": "mục tiêu chung trong phần lời",
    "units": "bảng chỉ tiêu theo đơn vị",
    "printed": "dòng tổng của bảng",
    "deadlines": "thời hạn",
    "duties": "nhiệm vụ của từng cơ quan",
    "recipients": "nơi nhận",
    "signatory": "người ký",
}


def _check_presence(reading: Reading) -> None:
    for name, label in _NAMES.items():
        if name == "printed" and not reading.units:
            continue  # a table that is not there has no line of sums either
        if not getattr(reading, name):
            reading.find(Severity.NOTE, "not_in_file", f"Trong tệp không thấy {label}.", "cả tệp")
