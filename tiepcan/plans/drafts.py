"""An uploaded paper on its way to a plan: what is read of it now, and what still waits for a person."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Model

from tiepcan.intake.document import Document
from tiepcan.plans.models import AppendixRow, Draft, Duty, LegalBasis, Milestone, Plan, Recipient, Version
from tiepcan.plans.reading import read
from tiepcan.plans.reading.records import Finding, Reading, Severity
from tiepcan.units.models import Unit
from tiepcan.units.register import UnitRecord

_SUMS = frozenset({"total_differs", "body_table_conflict"})
"""Errors that say a column's sum is not what the paper prints."""
ACCEPTABLE = _SUMS | {"row_missing"}
"""Errors of the signed paper itself, which may stand as they are printed when a person says why."""
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
    def issuer(self) -> Unit:
        """The unit whose plan it is: the one that the table's units lie below, else the uploader's.

        It may lie below the uploader's unit, and may have ended since: a province opens the plan of a city of 2019.
        """
        return Unit.objects.get(pk=self.reading.area) if self.reading.area else self.draft.unit

    @cached_property
    def waiting(self) -> list[Finding]:
        """Errors and doubts that nobody has answered yet, in the order of the paper."""
        return [f for f in self.reading.findings if f.waits and not self.answer(f)]

    @cached_property
    def answered(self) -> list[Finding]:
        return [f for f in self.reading.findings if f.waits and self.answer(f)]

    @cached_property
    def sums_kept(self) -> bool:
        """Whether a person has said, of every sum that differs, that it stands as the paper prints it."""
        return not any(finding.code in _SUMS for finding in self.waiting)

    @cached_property
    def notes(self) -> list[Finding]:
        return [f for f in self.reading.findings if not f.waits]

    @cached_property
    def problems(self) -> list[str]:
        """Why the plan cannot be opened yet, apart from what waits for an answer."""
        reading = self.reading
        said = [f"Chưa có {label}." for name, label in _NEEDED.items() if not getattr(reading, name)]
        said += [
            f"{label} dài {len(text)} chữ, nhiều hơn {longest}: “{text[:40]}…”. Sửa cho đúng bản gốc."
            for label, text, longest in _texts(reading)
            if len(text) > longest
        ]
        if not reading.units:
            said.append("Chưa có dòng chỉ tiêu nào.")
        if reading.units and not any(value for row in reading.units for value in row.targets.values()):
            said.append("Bảng không giao chỉ tiêu cho đơn vị nào.")
        expected = self.draft.amends.issuer if self.draft.amends else self.draft.unit
        if not expected.covers(self.issuer) or (self.draft.amends and self.issuer != expected):
            said.append(f"Văn bản này giao chỉ tiêu cho {self.issuer}, không phải {expected}.")
        if not self.draft.amends and reading.year:
            there = (
                Plan.objects.filter(issuer=self.issuer, year=reading.year).select_related("issuer").first()
            )
            if there:
                said.append(already_open(there))
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


def already_open(plan: Plan) -> str:
    """Why a unit's second plan of a year is not opened, and what to do."""
    return (
        f"{plan.issuer} đã có {plan} năm {plan.year}. Nếu đây là văn bản điều chỉnh, "
        f"mở {plan} rồi dùng “Điều chỉnh kế hoạch”."
    )


def _texts(reading: Reading) -> Iterator[tuple[str, str, int]]:
    """Every text that a column keeps: what it is, the text, and how long the column is."""
    signatory = reading.signatory
    for label, value, column in (
        ("Số", reading.number, "number"),
        ("Ký hiệu", reading.symbol, "symbol"),
        ("Loại văn bản", reading.kind, "kind"),
        ("Địa danh", reading.place, "place"),
        ("Cơ quan ban hành", reading.issuer, "issuer_name"),
        ("Trích yếu", reading.title, "title"),
        ("Tên người ký", signatory and signatory.name, "signatory"),
        ("Chức vụ người ký", signatory and signatory.position, "signatory_position"),
        ("Thẩm quyền ký", signatory and signatory.authority, "signatory_authority"),
    ):
        yield label, value or "", _length(Version, column)
    for row in reading.units:
        yield "Tên đơn vị", row.name, _length(AppendixRow, "printed_name")
    for basis in reading.legal_bases:
        for column in ("kind", "number", "symbol", "issuer", "subject"):
            yield "Căn cứ", getattr(basis, column) or "", _length(LegalBasis, column)
    for duty in reading.duties:
        yield "Tên cơ quan của nhiệm vụ", duty.organisation, _length(Duty, "organisation")
    for deadline in reading.deadlines:
        yield "Người thực hiện của thời hạn", deadline.audience or "", _length(Milestone, "audience")
    for recipient in reading.recipients:
        yield "Nơi nhận", recipient.text, _length(Recipient, "text")


def _length(model: type[Model], column: str) -> int:
    longest: int = model._meta.get_field(column).max_length  # type: ignore[union-attr, assignment]
    return longest


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
