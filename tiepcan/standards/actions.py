"""Loading standards from their files."""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.db import models

from tiepcan.audit.acts import act
from tiepcan.standards.models import Definition, Indicator, Means, Standard

REFERENCE = Path(__file__).parent / "reference"


def load_standards() -> None:
    """Write the reference files into the tables; a row that did not change leaves no history."""
    with act("standards.loaded", by=None):
        for row in _rows("standards"):
            _put(Standard, {"id": row.pop("id")}, row)
        for row in _rows("indicators"):
            _put(Indicator, {"id": row.pop("id")}, row)
        for row in _rows("definitions"):
            key = {"standard_id": row.pop("standard"), "indicator_id": row.pop("indicator")}
            _put(Definition, key, row)
        for row in _rows("means"):
            row["indicator_id"] = row.pop("indicator")
            _put(Means, {"id": row.pop("id")}, row)


def _put(model: type[models.Model], key: dict[str, Any], values: dict[str, Any]) -> None:
    row = model._default_manager.filter(**key).first() or model(**key)
    column: Any = row._meta.get_field
    wanted = {
        name: column(name.removesuffix("_id")).to_python(value or None) for name, value in values.items()
    }
    if row._state.adding or any(getattr(row, name) != value for name, value in wanted.items()):
        for name, value in wanted.items():
            setattr(row, name, value)
        row.save()


def _rows(name: str) -> Iterator[dict[str, Any]]:
    with (REFERENCE / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)
