"""Keys inside a token (thiết bị lưu khóa bí mật: USB, HSM), reached through the PKCS#11 library that came with it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pkcs11
from asn1crypto import x509
from pkcs11 import Attribute, ObjectClass
from pyhanko.sign.pkcs11 import PKCS11Signer

from tiepcan.common.refusals import NotAllowed


@dataclass(frozen=True)
class _Pair:
    """A private key and its certificate, as objects of the token know each other: by the same identifier."""

    key_id: bytes
    key_label: str
    certificate_label: str
    certificate: x509.Certificate


def open_session(module: str, token: str, pin: str) -> pkcs11.Session:
    """Logged in to the token with this label. Raises NotAllowed with a sentence."""
    try:
        library = pkcs11.lib(module)
    except (pkcs11.PKCS11Error, OSError):
        raise NotAllowed(
            f"Không nạp được thư viện PKCS#11 {module}. Cài phần mềm đi kèm thiết bị, xem lại đường dẫn."
        ) from None
    try:
        return library.get_token(token_label=token).open(user_pin=pin)
    except pkcs11.NoSuchToken:
        raise NotAllowed(f"Không thấy thiết bị tên «{token}». Cắm thiết bị rồi thử lại.") from None
    except (pkcs11.PinIncorrect, pkcs11.PinInvalid, pkcs11.PinLenRange):
        raise NotAllowed(
            f"Mã PIN của thiết bị «{token}» không đúng. Nhập sai nhiều lần thiết bị sẽ bị khóa."
        ) from None
    except pkcs11.PinLocked:
        raise NotAllowed(f"Thiết bị «{token}» đã bị khóa PIN. Nhờ nơi cấp thiết bị mở khóa.") from None
    except (pkcs11.UserAlreadyLoggedIn, pkcs11.SessionCount):
        raise NotAllowed(f"Thiết bị «{token}» đang ký văn bản khác. Thử lại sau giây lát.") from None
    except pkcs11.PKCS11Error:
        raise NotAllowed(f"Thiết bị «{token}» không trả lời. Rút ra, cắm lại rồi thử lại.") from None


def signer_of(
    session: pkcs11.Session, token: str, certificate_label: str, key_label: str
) -> tuple[PKCS11Signer, x509.Certificate]:
    """Signs with the token's one key that has a certificate, or with the one of these labels. Raises NotAllowed."""
    try:
        pair = _chosen(list(_pairs(session)), token, certificate_label, key_label)
        others = [certificate for _, certificate in _certificates(session)]
    except (pkcs11.PKCS11Error, ValueError):
        raise NotAllowed(f"Không đọc được khóa và chứng thư trong thiết bị «{token}».") from None
    signer = PKCS11Signer(
        session,
        signing_cert=pair.certificate,
        key_id=pair.key_id,
        ca_chain=others,
        other_certs_to_pull=(),
    )
    return signer, pair.certificate


def _chosen(pairs: list[_Pair], token: str, certificate_label: str, key_label: str) -> _Pair:
    fit = [
        pair
        for pair in pairs
        if certificate_label in ("", pair.certificate_label) and key_label in ("", pair.key_label)
    ]
    if not fit:
        raise NotAllowed(f"Thiết bị «{token}» không có khóa bí mật kèm chứng thư số như đã chọn.")
    if len(fit) > 1:
        names = ", ".join(f"«{pair.certificate_label}»" for pair in fit)
        raise NotAllowed(f"Thiết bị «{token}» có nhiều chứng thư số: {names}. Chọn một.")
    return fit[0]


def _pairs(session: pkcs11.Session) -> Iterator[_Pair]:
    keys = {
        bytes(key[Attribute.ID]): key[Attribute.LABEL]
        for key in list(session.get_objects({Attribute.CLASS: ObjectClass.PRIVATE_KEY, Attribute.SIGN: True}))
    }
    for found, certificate in _certificates(session):
        identifier = bytes(found[Attribute.ID])
        if identifier in keys:
            yield _Pair(identifier, keys[identifier], found[Attribute.LABEL], certificate)


def _certificates(session: pkcs11.Session) -> list[tuple[Any, x509.Certificate]]:
    return [
        (found, x509.Certificate.load(found[Attribute.VALUE]))
        for found in list(session.get_objects({Attribute.CLASS: ObjectClass.CERTIFICATE}))
    ]
