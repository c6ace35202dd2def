"""Loading the register of units."""

import csv

from tiepcan.audit.acts import act
from tiepcan.units.models import Succession, Unit
from tiepcan.units.register import REFERENCE, UnitRecord, register


def load_register() -> int:
    """Write the reference file's units into the table; rows that it does not name stay. Returns how many it names."""
    records = {record.id: record for record in register()}
    papers = _papers()
    rows = [
        Unit(
            id=record.id,
            code=record.code,
            kind=record.kind.value,
            name=record.name,
            parent_id=record.parent,
            path=_path(record, records),
            valid_from=record.valid_from,
            valid_to=record.valid_to,
            made_by=papers[record.id][0],
            ended_by=papers[record.id][1],
        )
        for record in sorted(records.values(), key=lambda record: _path(record, records))
    ]
    with act("units.loaded", by=None):
        known = {unit.pk: unit for unit in Unit.objects.all()}
        fields = [
            "code",
            "kind",
            "name",
            "parent_id",
            "path",
            "valid_from",
            "valid_to",
            "made_by",
            "ended_by",
        ]
        Unit.objects.bulk_create([row for row in rows if row.pk not in known])
        changed = [
            row
            for row in rows
            if row.pk in known
            and any(getattr(row, field) != getattr(known[row.pk], field) for field in fields)
        ]
        Unit.objects.bulk_update(changed, [field.removesuffix("_id") for field in fields])
        Succession.objects.bulk_create(
            [
                Succession(unit_id=record.id, successor_id=successor)
                for record in records.values()
                for successor in record.successors
            ],
            ignore_conflicts=True,
        )
    return len(rows)


def _path(record: UnitRecord, records: dict[str, UnitRecord]) -> str:
    above = _path(records[record.parent], records) if record.parent else "/"
    return f"{above}{record.id}/"


def _papers() -> dict[str, tuple[str, str]]:
    with REFERENCE.open(encoding="utf-8", newline="") as lines:
        return {row["id"]: (row["made_by"], row["ended_by"]) for row in csv.DictReader(lines)}
