"""What a person corrected of a reading, laid over it before it is checked. Pure, like the reading itself.

A correction has a key, "row/10" (the eleventh line of the appendix) or "head/0", and plain values that can be kept as
JSON. An item that the paper does not have is added under a key of its own ("row/them-1"); one that should not be
there is dropped with {"dropped": True}.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, TypeVar

from tiepcan.plans.reading.records import (
    BodyTarget,
    Deadline,
    Duty,
    Indicator,
    LegalBasis,
    Reading,
    Recipient,
    Signatory,
    Source,
    Totals,
    UnitRow,
)

Values = Mapping[str, Any]
Corrections = Mapping[str, Values]
Item = TypeVar("Item")
BY_HAND = Source("nhập tay", "")
"""The source of what a person typed and the paper does not say."""
HEAD = ("number", "symbol", "kind", "issued_on", "place", "issuer", "title", "year")


def correct(reading: Reading, corrections: Corrections) -> None:
    """Lay the corrections over the reading; it still has to be checked."""
    if head := corrections.get("head/0"):
        for name in HEAD:
            if name in head:
                setattr(reading, name, _day(head[name]) if name == "issued_on" else head[name] or None)
    if printed := corrections.get("printed/0"):
        reading.printed = None if printed.get("dropped") else Totals(**printed)
    if signatory := corrections.get("signatory/0"):
        source = reading.signatory.source if reading.signatory else BY_HAND
        reading.signatory = Signatory(
            signatory["name"] or None, signatory["position"] or None, signatory["authority"] or None, source
        )
    _settle_what_was_found_there(reading, corrections)
    reading.legal_bases = _corrected("basis", reading.legal_bases, corrections, _basis, reading)
    reading.targets = _corrected("aim", reading.targets, corrections, _aim, reading)
    reading.units = _corrected("row", reading.units, corrections, _row, reading)
    reading.deadlines = _corrected("deadline", reading.deadlines, corrections, _deadline, reading)
    reading.duties = _corrected("duty", reading.duties, corrections, _duty, reading)
    reading.recipients = _corrected("recipient", reading.recipients, corrections, _recipient, reading)
    reading.corrected = set(corrections)


def _settle_what_was_found_there(reading: Reading, corrections: Corrections) -> None:
    """A person who corrected an item has seen its place: what was unclear there is settled."""
    sections: dict[str, Sequence[Any]] = {
        "row": reading.units,
        "duty": reading.duties,
        "aim": reading.targets,
        "deadline": reading.deadlines,
    }
    seen = {
        item.source.where
        for section, items in sections.items()
        for n, item in enumerate(items)
        if f"{section}/{n}" in corrections
    }
    reading.findings = [finding for finding in reading.findings if finding.where not in seen]


def _corrected(
    section: str,
    items: list[Item],
    corrections: Corrections,
    make: Callable[[Item | None, Values], Item],
    reading: Reading,
) -> list[Item]:
    """The items that stand, and in `reading.keys` the key of each, by which a person may correct it again."""
    there: dict[str, Item] = {f"{section}/{n}": item for n, item in enumerate(items)}
    for key, values in corrections.items():
        if not key.startswith(f"{section}/"):
            continue
        if values.get("dropped"):
            there.pop(key, None)
        else:
            there[key] = make(there.get(key), values)
    reading.keys[section] = list(there)
    return list(there.values())


def _day(value: Any) -> date | None:
    return date.fromisoformat(value) if value else None


def _source(item: Any) -> Source:
    return item.source if item is not None else BY_HAND


def _basis(item: LegalBasis | None, values: Values) -> LegalBasis:
    return LegalBasis(
        kind=values["kind"],
        number=values["number"] or None,
        symbol=values["symbol"] or None,
        issued_on=_day(values["issued_on"]),
        issuer=values["issuer"] or None,
        subject=values["subject"] or None,
        source=_source(item),
    )


def _aim(item: BodyTarget | None, values: Values) -> BodyTarget:
    return BodyTarget(Indicator(values["indicator"]), values["value"], _source(item))


def _row(item: UnitRow | None, values: Values) -> UnitRow:
    """A line with the unit that a person chose; its printed name stays what the paper prints."""
    base = item or UnitRow(values.get("row"), values["name"], None, None, None, None, {}, BY_HAND)
    return replace(
        base,
        row=values.get("row", base.row),
        unit=values["unit"] or None,
        poor_households=values["poor_households"],
        targets={indicator: values[indicator.value] for indicator in Indicator},
    )


def _deadline(item: Deadline | None, values: Values) -> Deadline:
    due = date.fromisoformat(values["due_before"])
    return Deadline(due, values["audience"] or None, values["what"], _source(item))


def _duty(item: Duty | None, values: Values) -> Duty:
    return Duty(values["organisation"], values["text"], _source(item))


def _recipient(item: Recipient | None, values: Values) -> Recipient:
    return Recipient(values["text"], _source(item))
