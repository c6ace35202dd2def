"""Signatures of a file checked: whether the bytes are whole, what came after, and who vouches for the signer.

Whether a certificate was revoked is not asked: that needs the authority's server, and nothing here goes outside.
"""

from collections.abc import Coroutine, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from asn1crypto import x509
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import DiffResult
from pyhanko.sign.fields import enumerate_sig_fields
from pyhanko.sign.validation import EmbeddedPdfSignature, PdfSignatureStatus, SignatureCoverageLevel
from pyhanko.sign.validation.pdf_embedded import async_validate_pdf_signature
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko_certvalidator import ValidationContext

from tiepcan.common.clock import VIETNAM
from tiepcan.intake.document import Unreadable
from tiepcan.paperwork.signatures.additions import AFTER_A_SIGNATURE
from tiepcan.paperwork.signatures.certificates import told
from tiepcan.paperwork.signatures.opening import open_to_read
from tiepcan.paperwork.signatures.records import Checked, Signed, Verdict, overall, unreadable

_MOST_SIGNATURES = 30
_USED_FOR = KeyUsageConstraints(
    key_usage={"digital_signature", "non_repudiation"}, match_all_key_usages=False
)
_TIME_STAMP = "/DocTimeStamp"


def verify(pdf: bytes, *, trusted: Sequence[x509.Certificate]) -> Checked:
    """Every signature of the file and what to think of it. Never raises: what cannot be read is told as such.

    For a stranger's file take `limited.verify_limited`, which does the same where nothing can be harmed.
    """
    try:
        reader = open_to_read(pdf)
    except Unreadable as problem:
        return unreadable(str(problem))
    try:
        fields = list(enumerate_sig_fields(reader, filled_status=True))
        if len(fields) > _MOST_SIGNATURES:
            return unreadable(f"Tệp có quá {_MOST_SIGNATURES} chữ ký.")
        signatures = [_signature(reader, pdf, name, field, trusted) for name, _, field in fields]
    except Exception:
        # A form that runs in circles, and whatever else somebody may think of.
        return unreadable("Biểu mẫu trong tệp bị hỏng.")
    found = [one for one in signatures if one is not None]
    if not found and b"/ByteRange" in pdf:
        # Somebody took a signature out of the form: a file that was signed is not one that nobody signed.
        return unreadable("Trong tệp có dấu vết của chữ ký nhưng chữ ký đã hỏng hoặc bị gỡ.")
    return overall(sorted(found, key=lambda one: -len(one.later)))


def _signature(
    reader: PdfFileReader,
    pdf: bytes,
    name: str,
    field: generic.IndirectObject,
    trusted: Sequence[x509.Certificate],
) -> Signed | None:
    """One signature; None for a time stamp, which tells when and not who."""
    try:
        signature = EmbeddedPdfSignature(reader, field.get_object(), str(name))
        if signature.sig_object_type == _TIME_STAMP:
            return None
        if not _covers_all_but_itself(pdf, signature):
            return Signed(str(name), Verdict.CHANGED, Verdict.CHANGED.sentence)
        return _judged(signature, trusted)
    except Exception:
        # The library raises what it likes for nonsense; a signature that cannot be read proves nothing.
        return Signed(str(name)[:200], Verdict.UNREADABLE, Verdict.UNREADABLE.sentence)


def _covers_all_but_itself(pdf: bytes, signature: EmbeddedPdfSignature) -> bool:
    """The signed ranges leave out one gap, which holds the signature and nothing else."""
    ranges = [int(n) for n in signature.byte_range]
    if len(ranges) != 4 or ranges[0] != 0 or min(ranges) < 0 or ranges[2] + ranges[3] > len(pdf):
        return False
    gap = pdf[ranges[1] : ranges[2]]
    return (
        gap[:1] == b"<" and gap[-1:] == b">" and gap[1:-1].lower() == signature.pkcs7_content.hex().encode()
    )


def _judged(signature: EmbeddedPdfSignature, trusted: Sequence[x509.Certificate]) -> Signed:
    certificate, signed_at = told(signature.signer_cert), _claimed(signature)
    status = _status(signature, trusted, signed_at or certificate.valid_from)
    change = status.diff_result
    later = sorted(change.changed_form_fields) if isinstance(change, DiffResult) else []
    one = Signed(
        field=signature.field_name,
        verdict=Verdict.VALID,
        sentence="",
        certificate=certificate,
        signed_at=signed_at,
        in_force=signed_at is not None and certificate.in_force(signed_at),
        intact=status.intact and status.valid,
        kept=bool(status.docmdp_ok),
        covers_all=status.coverage == SignatureCoverageLevel.ENTIRE_FILE,
        later=tuple(later),
        trusted=status.trusted and status.seed_value_ok,
    )
    verdict = _verdict(one)
    return replace(one, verdict=verdict, sentence=_sentence(one, verdict))


def _status(
    signature: EmbeddedPdfSignature, trusted: Sequence[x509.Certificate], at: datetime
) -> PdfSignatureStatus:
    context = ValidationContext(trust_roots=list(trusted), moment=at, allow_fetching=False)
    return _without_waiting(
        async_validate_pdf_signature(
            signature, context, diff_policy=AFTER_A_SIGNATURE, key_usage_settings=_USED_FOR
        )
    )


def _without_waiting(work: Coroutine[Any, Any, PdfSignatureStatus]) -> PdfSignatureStatus:
    """Its result. Nothing is fetched, so nothing is waited for: no loop of events, whose sockets the child lacks."""
    try:
        work.send(None)
    except StopIteration as end:
        status: PdfSignatureStatus = end.value
        return status
    work.close()
    raise RuntimeError("The check of a signature waits for something.")


def _claimed(signature: EmbeddedPdfSignature) -> datetime | None:
    claimed = signature.self_reported_timestamp
    if claimed is not None and claimed.tzinfo is None:
        claimed = claimed.replace(tzinfo=VIETNAM)
    return claimed


def _verdict(one: Signed) -> Verdict:
    if not (one.intact and one.kept):
        return Verdict.CHANGED
    if not one.in_force:
        return Verdict.OUT_OF_DATE
    return Verdict.VALID if one.trusted else Verdict.UNTRUSTED


_SAID = {"so": "số", "ngay": "ngày", "thang": "tháng"}


def _sentence(one: Signed, verdict: Verdict) -> str:
    """Who, when, how it stands, and what came after."""
    assert one.certificate is not None
    when = f"{one.signed_at.astimezone(VIETNAM):%H:%M ngày %d/%m/%Y}" if one.signed_at else "không rõ lúc nào"
    said = (
        f"{one.certificate.holder} ký {when}, chứng thư do {one.certificate.issuer} cấp. {verdict.sentence}"
    )
    if one.later and verdict != Verdict.CHANGED:
        filled = [_SAID[name] for name in ("so", "ngay", "thang") if name in one.later]
        signed = [f"«{name}»" for name in one.later if name not in _SAID]
        after = [f"điền {', '.join(filled)}"] * bool(filled) + [f"ký thêm {', '.join(signed)}"] * bool(signed)
        said += f" Sau đó: {'; '.join(after)}."
    return said
