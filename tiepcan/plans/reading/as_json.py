"""A reading as the plain object that `tiepcan read_plan --json` prints."""

from dataclasses import asdict
from datetime import date
from typing import Any

from tiepcan.common.dates import day_in_words, last_day_before
from tiepcan.plans.reading.records import Reading


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def plain(reading: Reading) -> dict[str, Any]:
    """Lists, words and whole numbers (households); days as ISO. What the paper does not say is null."""
    return {
        "number": reading.number,
        "symbol": reading.symbol,
        "kind": reading.kind,
        "issued_on": _iso(reading.issued_on),
        "place": reading.place,
        "issuer": reading.issuer,
        "title": reading.title,
        "year": reading.year,
        "legal_bases": [
            {**asdict(basis), "issued_on": _iso(basis.issued_on)} for basis in reading.legal_bases
        ],
        "targets": [asdict(target) for target in reading.targets],
        "units": [asdict(unit) for unit in reading.units],
        "totals": {
            "printed": asdict(reading.printed) if reading.printed else None,
            "summed": asdict(reading.summed),
        },
        "deadlines": [
            {
                **asdict(deadline),
                "due_before": _iso(deadline.due_before),
                "last_day": _iso(last_day_before(deadline.due_before)),
                "last_day_in_words": f"hết {day_in_words(last_day_before(deadline.due_before))}",
            }
            for deadline in reading.deadlines
        ],
        "duties": [asdict(duty) for duty in reading.duties],
        "recipients": [recipient.text for recipient in reading.recipients],
        "signatory": asdict(reading.signatory) if reading.signatory else None,
        "sources": {name: asdict(source) for name, source in reading.sources.items()},
        "findings": [asdict(finding) for finding in reading.findings],
    }
