"""Loading standards from their files, and choosing how an office reads them."""

import csv
import uuid
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from django.db import models

from tiepcan.accounts.console import Doer
from tiepcan.accounts.roles import May
from tiepcan.audit.acts import act
from tiepcan.common import clock
from tiepcan.common.folding import composed
from tiepcan.common.refusals import NotAllowed
from tiepcan.standards.models import (
    Asked,
    Definition,
    Indicator,
    Means,
    OfficeReading,
    Question,
    Reading,
    Scheme,
    Source,
    Standard,
    Threshold,
)
from tiepcan.standards.queries import source_named
from tiepcan.units.models import Unit

REFERENCE = Path(__file__).parent / "reference"


def load_standards() -> None:
    """Write the reference files into the tables; a row that did not change leaves no history."""
    with act("standards.loaded", by=None):
        for row in _rows("standards"):
            _put(Standard, {"id": row.pop("id")}, row)
        for row in _rows("thresholds"):
            _put(Threshold, {"standard_id": row.pop("standard"), "area": row.pop("area")}, row)
        for row in _rows("indicators"):
            _put(Indicator, {"id": row.pop("id")}, row)
        for row in _rows("definitions"):
            _put(Definition, _of_definition(row), row)
        for row in _rows("means"):
            row["indicator_id"] = row.pop("indicator")
            _put(Means, {"id": row.pop("id")}, row)
        for row in _rows("schemes"):
            row["means_id"] = row.pop("means")
            row["services"] = row["services"].split()
            _put(Scheme, {"id": row.pop("id")}, row)
        for row in _rows("sources"):
            _put(Source, {"id": row.pop("id")}, row)
        for row in _rows("questions"):
            _put(Question, {"id": row.pop("id")}, row)
        _load_readings()


def _load_readings() -> None:
    rows = list(_rows("readings"))
    # A default that moved to another reading leaves the first one before it comes to the second.
    for row in sorted(rows, key=lambda row: row["is_default"]):
        questions = row.pop("questions").split()
        row["definition_id"] = Definition.objects.values_list("pk", flat=True).get(**_of_definition(row))
        reading = _put(Reading, {"id": row.pop("id")}, row)
        _ask(reading, questions)


def _ask(reading: models.Model, questions: Sequence[str]) -> None:
    Asked.objects.filter(reading=reading.pk).exclude(question__in=questions).delete()
    for question in questions:
        _put(Asked, {"reading_id": reading.pk, "question_id": question}, {})


def _of_definition(row: dict[str, Any]) -> dict[str, Any]:
    return {"standard_id": row.pop("standard"), "indicator_id": row.pop("indicator")}


def _put(model: type[models.Model], key: dict[str, Any], values: dict[str, Any]) -> models.Model:
    row = model._default_manager.filter(**key).first() or model(**key)
    wanted = {name: _value(row, name, cell) for name, cell in values.items()}
    if row._state.adding or any(getattr(row, name) != value for name, value in wanted.items()):
        for name, value in wanted.items():
            setattr(row, name, value)
        row.save()
    return row


def _value(row: models.Model, name: str, cell: Any) -> Any:
    column: Any = row._meta.get_field(name.removesuffix("_id"))
    return column.to_python(None if cell == "" and column.null else cell)


def _rows(name: str) -> Iterator[dict[str, Any]]:
    with (REFERENCE / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)


def why_not_choose(unit: Unit, by: Doer) -> str | None:
    """Why this person may not choose readings for the unit, as a sentence; None if they may."""
    if by.may_change(May.OPEN_PLANS, unit):
        return None
    return "Chỉ người điều phối kế hoạch của địa bàn này chọn được cách hiểu chỉ số."


def choose_reading(*, unit: Unit, definition: Definition, reading: Reading, by: Doer) -> OfficeReading:
    """Set how the unit reads a definition; the same reading again changes nothing."""
    if problem := why_not_choose(unit, by):
        raise NotAllowed(problem)
    if reading.definition_id != definition.pk:
        raise NotAllowed("Cách hiểu này của một chỉ số khác. Mở lại trang “Chuẩn nghèo” rồi chọn.")
    known = OfficeReading.objects.filter(unit=unit, definition=definition).first()
    if known and known.reading_id == reading.pk:
        return known
    with act("reading.chosen", by=by):
        chosen, _ = OfficeReading.objects.update_or_create(
            unit=unit,
            definition=definition,
            defaults={"reading": reading, "by_name": by.full_name, "chosen_at": clock.now()},
        )
    return chosen


def add_source(*, name: str, unit: Unit, by: Doer) -> Source:
    """Put a source on the unit's list; a name that the list has, accents and case aside, is the source it has.

    To be called inside the act for which somebody named it.
    """
    if not (by.may_change(May.RECORD_OUTCOMES, unit) or by.may_change(May.KEEP_DEVICES, unit)):
        raise NotAllowed("Chỉ người ghi kết quả hoặc giữ thiết bị của địa bàn này thêm được nguồn hỗ trợ.")
    # Two at once: the second waits here, and finds the first one's.
    Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)
    return source_named(name, unit) or Source.objects.create(
        id=uuid.uuid4().hex, order=_ADDED, name=composed(name), unit=unit
    )


_ADDED = 100
"""The order of sources that units added: behind those of the file, by name."""
