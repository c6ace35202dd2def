"""An uploaded paper on its way to a plan: what is read of it now, and what still waits for a person."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from tiepcan.intake.document import Document
from tiepcan.plans.models import Draft
from tiepcan.plans.reading import read
from tiepcan.plans.reading.records import Finding, Reading, Severity
from tiepcan.units.models import Unit
from tiepcan.units.register import UnitRecord

ACCEPTABLE = frozenset({"total_differs", "body_table_conflict", "row_missing"})
"""Errors of the signed paper itself, which may stand as they are printed when a person says why."""
_LONGEST = {"number": 20, "symbol": 40, "kind": 60, "place": 100, "issuer": 200, "title": 500}
_NEEDED = {
    "number": "số văn bản",
    "symbol": "ký hiệu văn bản",
    "issued_on": "ngày ban hành",
    "title": "trích yếu",
    "year": "năm kế hoạch",
}


@dataclass(frozen=True)
class DraftReading:
    """A draft with its reading, corrections laid over it, and the answers to its findings."""

    draft: Draft
    document: Document
    reading: Reading

    def answer(self, finding: Finding) -> dict[str, str] | None:
        kept: dict[str, str] | None = self.draft.answers.get(finding.key)
        return kept

    @cached_property
    def waiting(self) -> list[Finding]:
        """Errors and doubts that nobody has answered yet, in the order of the paper."""
        return [f for f in self.reading.findings if f.waits and not self.answer(f)]

    @cached_property
    def answered(self) -> list[Finding]:
        return [f for f in self.reading.findings if f.waits and self.answer(f)]

    @cached_property
    def notes(self) -> list[Finding]:
        return [f for f in self.reading.findings if not f.waits]

    @cached_property
    def problems(self) -> list[str]:
        """Why the plan cannot be opened yet, apart from what waits for an answer."""
        reading = self.reading
        said = [f"Chưa có {label}." for name, label in _NEEDED.items() if not getattr(reading, name)]
        said += [
            f"{label} dài quá {_LONGEST[name]} chữ."
            for name, label in (
                ("number", "Số"),
                ("symbol", "Ký hiệu"),
                ("title", "Trích yếu"),
                ("place", "Địa danh"),
            )
            if len(getattr(reading, name) or "") > _LONGEST[name]
        ]
        if not reading.units:
            said.append("Chưa có dòng chỉ tiêu nào.")
        if reading.units and not any(value for row in reading.units for value in row.targets.values()):
            said.append("Bảng không giao chỉ tiêu cho đơn vị nào.")
        if reading.area and reading.area != self.draft.unit_id:
            area = Unit.objects.get(pk=reading.area)
            said.append(f"Văn bản này giao chỉ tiêu cho {area}, không phải {self.draft.unit}.")
        if self.draft.amends and reading.issued_on:
            last = self.draft.amends.versions.last()
            if last and reading.issued_on < last.issued_on:
                said.append(f"Ngày ban hành phải từ ngày của bản trước, {last.issued_on:%d/%m/%Y}.")
        if any(row.unit is None for row in reading.units) and not any(
            f.code == "unit_unknown" for f in self.waiting
        ):
            said.append("Còn dòng chưa ghép với đơn vị hành chính.")
        return said

    @property
    def may_open(self) -> bool:
        return not self.waiting and not self.problems


def why_not_accept(finding: Finding) -> str | None:
    """Why an error may not stand as it is printed; None when it may."""
    if finding.severity == Severity.ERROR and finding.code not in ACCEPTABLE:
        return "Phải sửa chỗ này; không mở được kế hoạch khi còn như vậy."
    return None


def known_units() -> Sequence[UnitRecord]:
    return [unit.record() for unit in Unit.objects.all()]


def reading_of(draft: Draft) -> DraftReading:
    """The draft read anew with what was corrected: nothing that was understood is kept apart from its paper."""
    document = Document.from_plain(draft.document)
    return DraftReading(draft, document, read(document, known_units(), draft.corrections))
