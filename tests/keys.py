"""Test certificates: an authority that exists nowhere, and keys that it vouches for."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    pkcs12,
)
from cryptography.x509.oid import NameOID

from tiepcan.common.clock import VIETNAM

PASSPHRASE = "mat-khau-thu-nghiem"
FROM = datetime(2019, 1, 1, tzinfo=VIETNAM)
UNTIL = FROM + timedelta(days=3 * 365)
Private = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


@dataclass(frozen=True)
class Holder:
    """A private key and its certificate."""

    private: Private
    certificate: x509.Certificate

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(Encoding.PEM)

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(Encoding.DER)

    @property
    def pkcs1_der(self) -> bytes:
        """The private key as tokens take it."""
        return self.private.private_bytes(Encoding.DER, PrivateFormat.TraditionalOpenSSL, NoEncryption())

    @property
    def root(self) -> asn1_x509.Certificate:
        """As what the check takes for a trusted one."""
        return asn1_x509.Certificate.load(self.der)

    def p12(self, passphrase: str = PASSPHRASE, *, with_private: bool = True) -> bytes:
        return pkcs12.serialize_key_and_certificates(
            b"thu",
            self.private if with_private else None,
            self.certificate,
            None,
            BestAvailableEncryption(passphrase.encode()),
        )


def an_authority(name: str = "CA bịa đặt") -> Holder:
    return _issued(name, "", None)


def a_holder(
    name: str = "Trần Thị Giả Định",
    organisation: str = "UBND xã Bịa Đặt",
    *,
    until: datetime = UNTIL,
    signs: bool = True,
    curve: bool = False,
    by: str = "CA bịa đặt",
) -> Holder:
    """Somebody invented; `signs` False: a certificate for encryption alone; `curve`: ECDSA and not RSA."""
    return _issued(name, organisation, by, until=until, signs=signs, curve=curve)


@cache
def _issued(
    name: str,
    organisation: str,
    authority: str | None,
    *,
    until: datetime = UNTIL,
    signs: bool = True,
    curve: bool = False,
) -> Holder:
    """Made once in a run: keys take their time. `authority` None: an authority itself."""
    by = an_authority(authority) if authority else None
    private: Private = (
        ec.generate_private_key(ec.SECP256R1()) if curve else rsa.generate_private_key(65537, 2048)
    )
    subject = _name(name, organisation)
    usage = dict.fromkeys(
        (
            "digital_signature",
            "content_commitment",
            "key_encipherment",
            "data_encipherment",
            "key_agreement",
            "key_cert_sign",
            "crl_sign",
            "encipher_only",
            "decipher_only",
        ),
        False,
    )
    usage["key_cert_sign" if by is None else "digital_signature" if signs else "key_encipherment"] = True
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(by.certificate.subject if by else subject)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(FROM)
        .not_valid_after(until)
        .add_extension(x509.BasicConstraints(ca=by is None, path_length=None), critical=True)
        .add_extension(x509.KeyUsage(**usage), critical=True)
        .sign(by.private if by else private, hashes.SHA256())
    )
    return Holder(private, certificate)


def _name(name: str, organisation: str) -> x509.Name:
    said = [x509.NameAttribute(NameOID.COMMON_NAME, name)]
    if organisation:
        said.append(x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation))
    return x509.Name(said)
