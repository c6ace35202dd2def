"""What a check of signatures says. Light: what reads the files themselves is imported by who reads them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

LEADER = "nguoi-ky"
"""The field in which who has the authority signs."""
SEAL = "co-quan"
"""The field that the seal of the body stands in: its own signature."""


class Verdict(StrEnum):
    """How a signature stands, and a file with all of its signatures: the worst of them."""

    VALID = "valid"
    UNTRUSTED = "untrusted"
    """Whole, but by a certificate that none of the trusted ones vouches for."""
    OUT_OF_DATE = "out-of-date"
    """Whole, but the certificate was not in force at the time that the signature names."""
    NONE = "none"
    UNREADABLE = "unreadable"
    CHANGED = "changed"

    @property
    def sentence(self) -> str:
        return _SENTENCES[self]


_SENTENCES = {
    Verdict.VALID: "Chữ ký hợp lệ.",
    Verdict.UNTRUSTED: "Chữ ký đúng nhưng chưa tin cậy được nơi cấp chứng thư.",
    Verdict.OUT_OF_DATE: "Chữ ký đúng nhưng chứng thư không có hiệu lực vào lúc ký.",
    Verdict.NONE: "Không có chữ ký số.",
    Verdict.UNREADABLE: "Chữ ký không đọc được.",
    Verdict.CHANGED: "Văn bản đã bị sửa sau khi ký.",
}


@dataclass(frozen=True)
class Certificate:
    """Whom a certificate names (chứng thư số), who issued it, and when it is in force."""

    common_name: str
    organisation: str
    issuer: str
    serial: str
    """Hexadecimal, as certificate authorities print it."""
    valid_from: datetime
    valid_until: datetime

    @property
    def holder(self) -> str:
        if self.organisation and self.organisation != self.common_name:
            return f"{self.common_name} ({self.organisation})"
        return self.common_name or self.organisation or self.serial

    def in_force(self, at: datetime) -> bool:
        return self.valid_from <= at <= self.valid_until


@dataclass(frozen=True)
class Signed:
    """One signature of a file. What could not be read is None or False."""

    field: str
    verdict: Verdict
    sentence: str
    certificate: Certificate | None = None
    signed_at: datetime | None = None
    """What the signer's machine claimed."""
    in_force: bool = False
    """The certificate was in force at that time."""
    intact: bool = False
    """The signed bytes are as they were signed."""
    kept: bool = False
    """What came after the signature is only what may come: number and day, once, and more signatures."""
    covers_all: bool = False
    """Nothing came after it."""
    later: tuple[str, ...] = ()
    """The fields that were filled after it."""
    trusted: bool = False


@dataclass(frozen=True)
class Checked:
    """All signatures of a file, in the order in which they were made, and what to think of the file."""

    verdict: Verdict
    sentence: str
    signatures: tuple[Signed, ...] = ()

    def as_plain(self) -> dict[str, Any]:
        """Plain lists and words, for JSON; days and times as ISO 8601."""
        return {
            "verdict": self.verdict.value,
            "sentence": self.sentence,
            "signatures": [_plain(one) for one in self.signatures],
        }

    @classmethod
    def from_plain(cls, plain: dict[str, Any]) -> "Checked":
        return cls(
            Verdict(plain["verdict"]),
            plain["sentence"],
            tuple(_signed(one) for one in plain["signatures"]),
        )


def unreadable(why: str = "") -> Checked:
    return Checked(Verdict.UNREADABLE, f"{Verdict.UNREADABLE.sentence} {why}".strip())


_WORST = (
    Verdict.CHANGED,
    Verdict.UNREADABLE,
    Verdict.OUT_OF_DATE,
    Verdict.UNTRUSTED,
    Verdict.VALID,
)


def overall(signatures: Sequence[Signed]) -> Checked:
    """A chain is as good as its worst signature."""
    verdicts = {one.verdict for one in signatures}
    verdict = next((v for v in _WORST if v in verdicts), Verdict.NONE)
    return Checked(verdict, verdict.sentence, tuple(signatures))


def _plain(one: Signed) -> dict[str, Any]:
    certificate = one.certificate
    return {
        "field": one.field,
        "verdict": one.verdict.value,
        "sentence": one.sentence,
        "certificate": certificate
        and {
            **vars(certificate),
            "valid_from": certificate.valid_from.isoformat(),
            "valid_until": certificate.valid_until.isoformat(),
        },
        "signed_at": one.signed_at and one.signed_at.isoformat(),
        "in_force": one.in_force,
        "intact": one.intact,
        "kept": one.kept,
        "covers_all": one.covers_all,
        "later": list(one.later),
        "trusted": one.trusted,
    }


def _signed(plain: dict[str, Any]) -> Signed:
    certificate, signed_at = plain["certificate"], plain["signed_at"]
    return Signed(
        **{
            **plain,
            "verdict": Verdict(plain["verdict"]),
            "certificate": certificate
            and Certificate(
                **{
                    **certificate,
                    "valid_from": datetime.fromisoformat(certificate["valid_from"]),
                    "valid_until": datetime.fromisoformat(certificate["valid_until"]),
                }
            ),
            "signed_at": signed_at and datetime.fromisoformat(signed_at),
            "later": tuple(plain["later"]),
        }
    )
