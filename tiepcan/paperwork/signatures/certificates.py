"""Certificates: read from a file's bytes, told in words, and the ones that an installation trusts."""

from pathlib import Path
from typing import Any

from asn1crypto import pem, x509
from django.conf import settings

from tiepcan.common.refusals import NotAllowed
from tiepcan.paperwork.signatures.records import Certificate

_LONGEST_NAME = 200
_SUFFIXES = {".pem", ".crt", ".cer"}


def told(certificate: x509.Certificate) -> Certificate:
    """What it says of itself. Raises ValueError when it is nonsense."""
    subject, issuer = certificate.subject.native, certificate.issuer.native
    return Certificate(
        common_name=_name(subject, "common_name"),
        organisation=_name(subject, "organization_name"),
        issuer=_name(issuer, "common_name") or _name(issuer, "organization_name"),
        serial=f"{certificate.serial_number:X}",
        valid_from=certificate.not_valid_before,
        valid_until=certificate.not_valid_after,
    )


def _name(names: dict[str, Any], kind: str) -> str:
    """A stranger wrote it: one line of letters, not too long."""
    found = names.get(kind) or ""
    text = found if isinstance(found, str) else ", ".join(map(str, found))
    return "".join(c for c in text if c.isprintable())[:_LONGEST_NAME].strip()


def read_certificates(raw: bytes) -> tuple[x509.Certificate, ...]:
    """The certificates in a .pem, or the one in a .cer. Raises ValueError."""
    found = (
        [der for kind, _, der in pem.unarmor(raw, multiple=True) if kind == "CERTIFICATE"]
        if pem.detect(raw)
        else [raw]
    )
    certificates = tuple(x509.Certificate.load(der) for der in found)
    for certificate in certificates:
        told(certificate)  # read on demand: nonsense shows itself only now
    return certificates


def trusted_certificates() -> tuple[x509.Certificate, ...]:
    """The certificates of authorities that TIEPCAN_TRUSTED_CERTIFICATES names: one file, or all of a folder.

    Raises NotAllowed when the file is not there or holds none: nobody shall believe that something is trusted.
    """
    if not settings.TRUSTED_CERTIFICATES:
        return ()
    place = Path(settings.TRUSTED_CERTIFICATES)
    files = sorted(f for f in place.iterdir() if f.suffix in _SUFFIXES) if place.is_dir() else [place]
    found: list[x509.Certificate] = []
    for file in files:
        try:
            found += read_certificates(file.read_bytes())
        except (OSError, ValueError, TypeError):
            raise NotAllowed(
                f"Không đọc được chứng thư tin cậy trong {file}. Sửa TIEPCAN_TRUSTED_CERTIFICATES."
            ) from None
    return tuple(found)
