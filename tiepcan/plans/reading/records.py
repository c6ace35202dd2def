"""What was understood of a plan's paper. Every value keeps the words that it came from."""

import hashlib
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class Indicator(StrEnum):
    """The two indicators of information deprivation (thiếu hụt tiếp cận thông tin), Decision 59/2015/QĐ-TTg."""

    TELECOM_SERVICE = "telecom_service"
    INFORMATION_ASSET = "information_asset"

    @property
    def label(self) -> str:
        return {
            "telecom_service": "Sử dụng dịch vụ viễn thông",
            "information_asset": "Tài sản tiếp cận thông tin",
        }[self.value]


class Severity(StrEnum):
    """How much a finding weighs."""

    ERROR = "error"
    """The plan cannot be opened as it was read."""
    DOUBT = "doubt"
    """A person must confirm or correct it."""
    NOTE = "note"
    """Worth knowing; nothing waits for it."""


@dataclass(frozen=True)
class Finding:
    """Something about the paper that a person should know, in Vietnamese, with its place."""

    severity: Severity
    code: str
    message: str
    where: str

    @property
    def key(self) -> str:
        """By which a person's answer is kept: another wording or place is another finding, to be answered anew."""
        said = hashlib.sha256(f"{self.where}\n{self.message}".encode()).hexdigest()
        return f"{self.code}-{said[:12]}"

    @property
    def waits(self) -> bool:
        """Whether a person must answer it before the plan can be opened."""
        return self.severity != Severity.NOTE


@dataclass(frozen=True)
class Source:
    """The words that a value came from, and where they stand."""

    where: str
    quote: str


@dataclass(frozen=True)
class LegalBasis:
    """A document that the plan rests on (căn cứ)."""

    kind: str
    number: str | None
    symbol: str | None
    issued_on: date | None
    issuer: str | None
    subject: str | None
    source: Source


@dataclass(frozen=True)
class BodyTarget:
    """A target that the body states for the whole area, in households."""

    indicator: Indicator
    value: int
    source: Source


@dataclass(frozen=True)
class UnitRow:
    """One line of the appendix. A target of None is "no target", not zero."""

    row: int | None
    name: str
    matched_name: str | None
    code: str | None
    unit: str | None
    """Our key of the unit: a statistics code alone is ambiguous over time."""
    poor_households: int | None
    targets: dict[Indicator, int | None]
    source: Source


@dataclass(frozen=True)
class Totals:
    """Column sums of the appendix, in households; None where the paper prints none."""

    poor_households: int | None = None
    telecom_service: int | None = None
    information_asset: int | None = None


@dataclass(frozen=True)
class Deadline:
    """Something due strictly before a day ("trước ngày")."""

    due_before: date
    audience: str | None
    what: str
    source: Source


@dataclass(frozen=True)
class Duty:
    """One thing that the plan asks of one organisation, word for word."""

    organisation: str
    text: str
    source: Source


@dataclass(frozen=True)
class Recipient:
    """One line of "Nơi nhận"."""

    text: str
    source: Source


@dataclass(frozen=True)
class Signatory:
    """Who signed: name, position, and on whose behalf (KT., TM., TL.)."""

    name: str | None
    position: str | None
    authority: str | None
    source: Source


@dataclass
class Reading:
    """A plan's paper as it was understood, with the findings that it raised."""

    number: str | None = None
    symbol: str | None = None
    kind: str | None = None
    issued_on: date | None = None
    place: str | None = None
    issuer: str | None = None
    title: str | None = None
    year: int | None = None
    legal_bases: list[LegalBasis] = field(default_factory=list)
    targets: list[BodyTarget] = field(default_factory=list)
    units: list[UnitRow] = field(default_factory=list)
    printed: Totals | None = None
    summed: Totals = field(default_factory=Totals)
    deadlines: list[Deadline] = field(default_factory=list)
    duties: list[Duty] = field(default_factory=list)
    recipients: list[Recipient] = field(default_factory=list)
    signatory: Signatory | None = None
    sources: dict[str, Source] = field(default_factory=dict)
    """The words behind the plain fields above, by field name."""
    findings: list[Finding] = field(default_factory=list)
    area: str | None = None
    """Our key of the unit whose plan this is: the one that the rows lie below."""
    keys: dict[str, list[str]] = field(default_factory=dict)
    """By section ("row", "duty"), the key of each of its items, in their order."""
    corrected: set[str] = field(default_factory=set)
    """Keys of the items that a person corrected."""

    @property
    def has_errors(self) -> bool:
        return any(finding.severity == Severity.ERROR for finding in self.findings)

    def find(self, severity: Severity, code: str, message: str, where: str) -> None:
        self.findings.append(Finding(severity, code, message, where))
