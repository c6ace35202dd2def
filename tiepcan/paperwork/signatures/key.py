"""A key that signs, from a file (.p12) or inside a token; it lives no longer than the act that uses it.

Neither the key nor its passphrase is kept anywhere: not in a row, not in a log, not in the text of an error.
"""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING

from asn1crypto import pkcs12 as asn1_pkcs12
from asn1crypto import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import pkcs12

from tiepcan.common.clock import VIETNAM
from tiepcan.common.refusals import NotAllowed
from tiepcan.paperwork.signatures.certificates import told
from tiepcan.paperwork.signatures.records import Certificate

if TYPE_CHECKING:
    from pyhanko.sign.signers import Signer

_SIGNING = {"digital_signature", "non_repudiation"}


class Key:
    """A private key with the certificate that names its holder. Use it in a `with` block: a token is let go of."""

    def __init__(
        self, signer: "Signer", certificate: x509.Certificate, close: Callable[[], None] | None = None
    ) -> None:
        self.certificate: Certificate = told(certificate)
        self.signer = signer
        self._usages: set[str] | None = certificate.key_usage_value and certificate.key_usage_value.native
        self._close = close

    def __repr__(self) -> str:
        return f"<Key of {self.certificate.holder}>"

    def __enter__(self) -> "Key":
        return self

    def __exit__(self, *problem: object) -> None:
        self.close()

    @property
    def owner(self) -> str:
        """Whom the certificate names, with the organisation."""
        return self.certificate.holder

    @property
    def issuer(self) -> str:
        return self.certificate.issuer

    def close(self) -> None:
        """Log out of the token; nothing to do for a key from a file."""
        if self._close is not None:
            # A token that was pulled out meanwhile has logged out by itself: all its errors are of this kind.
            with suppress(RuntimeError):
                self._close()

    def why_not(self, at: datetime) -> str:
        """Why nothing can be signed with it at this time; empty if it can."""
        certificate = self.certificate
        if at > certificate.valid_until:
            return (
                f"Chứng thư số của {self.owner} đã hết hạn từ ngày {_day(certificate.valid_until)}. "
                "Gia hạn chứng thư rồi ký lại."
            )
        if at < certificate.valid_from:
            return (
                f"Chứng thư số của {self.owner} chỉ có hiệu lực từ ngày {_day(certificate.valid_from)}. "
                "Chờ đến ngày đó, hoặc xem lại ngày giờ của máy."
            )
        if self._usages is not None and not _SIGNING & self._usages:
            return f"Chứng thư số của {self.owner} không dùng để ký. Chọn chứng thư ký số."
        return ""

    @classmethod
    def from_pkcs12(cls, raw: bytes, passphrase: str) -> "Key":
        """The key in a .p12 or .pfx. Raises NotAllowed with a sentence."""
        from pyhanko.sign.signers import SimpleSigner

        _check_contents(raw, passphrase)
        try:
            signer = SimpleSigner.load_pkcs12_data(raw, (), passphrase.encode())
            return cls(signer, signer.signing_cert)
        except (ValueError, NotImplementedError):
            raise NotAllowed("Không dùng được khóa trong tệp. Dùng khóa RSA hoặc ECDSA.") from None

    @classmethod
    def from_token(cls, module: str, token: str, pin: str, *, certificate: str = "", key: str = "") -> "Key":
        """The key inside a token: its only one that has a certificate, or the one with these labels.

        `module`: path of the PKCS#11 library that came with the token. Raises NotAllowed with a sentence.
        """
        from tiepcan.paperwork.signatures.tokens import open_session, signer_of

        session = open_session(module, token, pin)
        try:
            signer, found = signer_of(session, token, certificate, key)
        except BaseException:
            session.close()
            raise
        return cls(signer, found, session.close)


def _day(moment: datetime) -> str:
    return f"{moment.astimezone(VIETNAM):%d/%m/%Y}"


def _check_contents(raw: bytes, passphrase: str) -> None:
    if not _is_pkcs12(raw):
        raise NotAllowed("Tệp khóa không phải là tệp .p12 hoặc .pfx. Chọn đúng tệp.")
    try:
        key, certificate, _ = pkcs12.load_key_and_certificates(raw, passphrase.encode())
    except ValueError:
        raise NotAllowed("Mật khẩu của tệp khóa không đúng. Nhập lại mật khẩu.") from None
    except UnsupportedAlgorithm:
        raise NotAllowed("Tệp khóa được mã hóa theo cách đã cũ. Xuất lại tệp .p12 với AES.") from None
    if key is None:
        raise NotAllowed("Tệp khóa không có khóa bí mật. Xuất lại tệp .p12 cùng với khóa bí mật.")
    if certificate is None:
        raise NotAllowed("Tệp khóa không có chứng thư số. Xuất lại tệp .p12 cùng với chứng thư.")


def _is_pkcs12(raw: bytes) -> bool:
    try:
        return bool(asn1_pkcs12.Pfx.load(raw)["version"].native == "v3")
    except (ValueError, TypeError, KeyError):
        return False
