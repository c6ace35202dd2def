"""A .pdf opened to be read or to be added to."""

import io

from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader

from tiepcan.common.refusals import NotAllowed
from tiepcan.intake.document import Unreadable

LOCKED = "Tệp .pdf được đặt mật khẩu. Bỏ mật khẩu, hoặc lấy bản không có mật khẩu."
DAMAGED = "Tệp không phải .pdf hoặc bị hỏng, không đọc được."


def open_to_read(pdf: bytes) -> PdfFileReader:
    """A reader of the file. Raises Unreadable with a sentence.

    Lenient about form: what Word saves as .pdf has two kinds of cross-references, which the strict reader refuses.
    What a signature covers does not depend on it.
    """
    try:
        reader = PdfFileReader(io.BytesIO(pdf), strict=False)
        # An owner's password alone forbids printing and the like; the text opens without one.
        if reader.encrypted and not _opens_without_password(reader):
            raise Unreadable(LOCKED)
        reader.root["/Pages"]
    except Unreadable:
        raise
    except Exception:
        # Whatever the parser chokes on is the same to the person: the file is damaged.
        raise Unreadable(DAMAGED) from None
    return reader


def _opens_without_password(reader: PdfFileReader) -> bool:
    from pyhanko.pdf_utils.crypt import AuthStatus

    try:
        return reader.decrypt(b"").status != AuthStatus.FAILED
    except Exception:
        return False


def open_to_add(pdf: bytes) -> IncrementalPdfFileWriter:
    """A writer that puts what is new behind the bytes that are there. Raises NotAllowed with a sentence."""
    try:
        reader = open_to_read(pdf)
    except Unreadable as problem:
        raise NotAllowed(str(problem)) from None
    if reader.encrypted:
        raise NotAllowed(LOCKED)
    return IncrementalPdfFileWriter.from_reader(reader)


def written(writer: IncrementalPdfFileWriter) -> bytes:
    """The whole file: the bytes that were there, and what was added."""
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()
