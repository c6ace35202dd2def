"""Identity numbers: kept encrypted, matched by a keyed digest, shown masked (số định danh cá nhân, CMND, CCCD).

The key is the installation's own (`settings.IDENTITY_KEY`): whoever has the database alone reads no number and
cannot try out all twelve digits against the digests.
"""

import hashlib
import hmac
import os
import re
from dataclasses import dataclass
from functools import lru_cache

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

_NONCE = 12
_WRITTEN = re.compile(r"[\s.\-]+")
NOT_A_NUMBER = "Số định danh gồm 12 chữ số (CMND cũ: 9 chữ số)."


@dataclass(frozen=True, slots=True)
class Sealed:
    """A number as it is stored: `cipher` gives it back to whoever has the key, `digest` (16 bytes) only compares."""

    cipher: bytes
    digest: bytes


@lru_cache(maxsize=4)
def _keys(master: str) -> tuple[AESGCM, bytes]:
    def derived(purpose: bytes) -> bytes:
        return hmac.digest(master.encode(), purpose, hashlib.sha256)

    return AESGCM(derived(b"identity number")), derived(b"identity digest")


def normalised(written: str) -> str:
    """The digits of a number as people write it ("038 199 000 123"). Raises ValueError with a sentence otherwise."""
    digits = _WRITTEN.sub("", written)
    if not (digits.isascii() and digits.isdigit() and len(digits) in (9, 12)):
        raise ValueError(NOT_A_NUMBER)
    return digits


def sealed(number: str) -> Sealed:
    """A normalised number, ready to be stored. The same number gives another cipher each time, but one digest."""
    cipher, key = _keys(settings.IDENTITY_KEY)
    nonce, plain = os.urandom(_NONCE), number.encode()
    return Sealed(nonce + cipher.encrypt(nonce, plain, None), hmac.digest(key, plain, hashlib.sha256)[:16])


def opened(cipher: bytes | memoryview) -> str:
    """The number itself: only for a page that notes who read it and why."""
    cipher = bytes(cipher)
    return _keys(settings.IDENTITY_KEY)[0].decrypt(cipher[:_NONCE], cipher[_NONCE:], None).decode()


def masked(cipher: bytes | memoryview | None) -> str:
    """ "•••• 214": enough to compare with a paper in the hand, too little to use; empty when there is none."""
    return f"•••• {opened(cipher)[-3:]}" if cipher else ""
