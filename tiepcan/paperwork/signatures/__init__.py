"""Papers signed with a certificate (PAdES) and signatures checked; knows files and certificates, no rows.

The decree's order (30/2020/NĐ-CP, articles 13 to 17): the leader signs, the clerk gives number and day, the body's seal
is signed. Nothing that comes later may break what was signed before:

prepare → sign "nguoi-ky" → number → sign "co-quan"        each an update behind the bytes that are there

This is the door. The library behind it takes a second to load: it is loaded when something is signed, not at every start.
"""

import logging
from collections.abc import Mapping
from datetime import datetime

from tiepcan.paperwork.signatures.key import Key
from tiepcan.paperwork.signatures.limited import same_document_limited as same_document
from tiepcan.paperwork.signatures.limited import verify_limited
from tiepcan.paperwork.signatures.records import LEADER, SEAL, Checked, Signed, Verdict
from tiepcan.paperwork.writing.records import Spot

__all__ = [
    "LEADER",
    "SEAL",
    "Checked",
    "Key",
    "Signed",
    "Verdict",
    "number",
    "prepare",
    "same_document",
    "sign",
    "verify_limited",
]

# A stranger's file must not write into our log: what the library has to say comes to us as a status.
for _library in ("pyhanko", "pyhanko_certvalidator"):
    logging.getLogger(_library).setLevel(logging.CRITICAL)


def prepare(pdf: bytes, spots: Mapping[str, Spot]) -> bytes:
    """See fields.prepare."""
    from tiepcan.paperwork.signatures import fields

    return fields.prepare(pdf, spots)


def sign(pdf: bytes, key: Key, *, field: str, picture: bytes | None, at: datetime, reason: str = "") -> bytes:
    """See signing.sign."""
    from tiepcan.paperwork.signatures import signing

    return signing.sign(pdf, key, field=field, picture=picture, at=at, reason=reason)


def number(pdf: bytes, *, number: str, day: int, month: int) -> bytes:
    """See numbering.number."""
    from tiepcan.paperwork.signatures import numbering

    return numbering.number(pdf, number=number, day=day, month=month)
