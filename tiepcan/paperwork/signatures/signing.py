"""A paper signed in one of its fields, by the European norm for .pdf (PAdES, level B-B)."""

import io
from datetime import datetime
from typing import Any

import pkcs11
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.writer import BasePdfFileWriter
from pyhanko.sign.fields import MDPPerm, SigFieldSpec, SigSeedSubFilter, enumerate_sig_fields
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers.pdf_signer import PdfSignatureMetadata, PdfSigner, PdfSigningSession

from tiepcan.common.refusals import NotAllowed
from tiepcan.paperwork.signatures import pictures
from tiepcan.paperwork.signatures.key import Key
from tiepcan.paperwork.signatures.opening import open_to_add


class _SignerAt(PdfSigner):
    """Signs at the time that our clock shows, not the library's."""

    def __init__(self, at: datetime, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._at = at

    def init_signing_session(
        self, pdf_out: BasePdfFileWriter, existing_fields_only: bool = False
    ) -> PdfSigningSession:
        session = super().init_signing_session(pdf_out, existing_fields_only)
        session.system_time = self._at
        return session


def sign(pdf: bytes, key: Key, *, field: str, picture: bytes | None, at: datetime, reason: str = "") -> bytes:
    """The paper with a signature in this field; a file that was never prepared gets a field that does not show.

    The first signature certifies: after it, rooms may be filled and others may sign, and nothing else.
    `picture`: a transparent .png, fitted into the field; `at`: with its time zone. Raises NotAllowed with a sentence.
    """
    if problem := key.why_not(at):
        raise NotAllowed(problem)
    style = pictures.NOTHING if picture is None else pictures.drawn(picture)
    writer = open_to_add(pdf)
    signed = _check_field(writer, field, with_picture=picture is not None)
    signer = _SignerAt(
        at,
        PdfSignatureMetadata(
            field_name=field,
            md_algorithm="sha256",
            subfilter=SigSeedSubFilter.PADES,
            reason=reason or None,
            certify=not signed,
            docmdp_permissions=MDPPerm.FILL_FORMS,
        ),
        key.signer,
        stamp_style=style,
        new_field_spec=SigFieldSpec(field),
    )
    out = io.BytesIO()
    try:
        signer.sign_pdf(writer, output=out)
    except pkcs11.PKCS11Error:
        raise NotAllowed("Thiết bị lưu khóa không ký được. Rút ra, cắm lại rồi thử lại.") from None
    except (SigningError, PdfError):
        raise NotAllowed("Không ký được tệp này: chữ ký trước không cho thêm gì, hoặc tệp bị hỏng.") from None
    return out.getvalue()


def _check_field(writer: IncrementalPdfFileWriter, field: str, *, with_picture: bool) -> bool:
    """Whether somebody signed before. Raises NotAllowed if this field cannot be signed."""
    try:
        filled = {name: value is not None for name, value, _ in enumerate_sig_fields(writer)}
    except PdfError:
        raise NotAllowed("Biểu mẫu trong tệp .pdf bị hỏng, không ký được.") from None
    if filled.get(field):
        raise NotAllowed(f"Chỗ ký «{field}» đã có chữ ký.")
    if with_picture and field not in filled:
        raise NotAllowed(f"Tệp không có chỗ ký «{field}» để đặt hình. Ký không kèm hình, hoặc lập lại tệp.")
    return any(filled.values())
