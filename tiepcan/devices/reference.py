"""The kinds of devices from their readable file."""

import csv
from pathlib import Path

from tiepcan.audit.acts import act
from tiepcan.devices.models import DeviceKind

FILE = Path(__file__).parent / "reference" / "kinds.csv"


def load_kinds() -> None:
    """Write the file into the table; a row that did not change leaves no history, and what offices added stays."""
    with act("kinds.loaded", by=None), FILE.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            known = DeviceKind.objects.filter(pk=row["id"]).first()
            wanted = DeviceKind(
                id=row["id"],
                order=int(row["order"]),
                name=row["name"],
                short_name=row["short_name"],
                means_id=row["means"],
            )
            if known is None or any(
                getattr(known, column.attname) != getattr(wanted, column.attname)
                for column in DeviceKind._meta.concrete_fields
            ):
                wanted.save(force_insert=known is None, force_update=known is not None)
