"""A paper that was signed with another program, brought back: it must be the paper that was handed out."""

from collections.abc import Collection, Sequence

from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import DiffResult
from pyhanko.sign.fields import MDPPerm, enumerate_sig_fields
from pyhanko.sign.validation import EmbeddedPdfSignature

from tiepcan.intake.document import Unreadable
from tiepcan.paperwork.signatures.additions import BY_SIGNING
from tiepcan.paperwork.signatures.checking import verify
from tiepcan.paperwork.signatures.fields import empty_rooms
from tiepcan.paperwork.signatures.opening import open_to_read
from tiepcan.paperwork.signatures.records import Signed, Verdict

_AGAIN = "Tải văn bản về lại, ký thẳng lên tệp đó rồi gửi lại."


def same_document(prepared: bytes, returned: bytes) -> str:
    """Empty if `returned` is `prepared` with a new whole signature behind it and nothing else; else what is wrong.

    Who vouches for the signer is not asked here, see `verify`. For a stranger's file take
    `limited.same_document_limited`.
    """
    if returned == prepared:
        return "Tệp gửi lại chưa được ký. Ký tệp rồi gửi lại."
    if not returned.startswith(prepared):
        return f"Tệp gửi lại không phải văn bản đã trình ký, hoặc chương trình ký đã ghi lại cả tệp. {_AGAIN}"
    try:
        before, after = open_to_read(prepared), open_to_read(returned)
        signed_before = {name for name, _, _ in enumerate_sig_fields(before, filled_status=True)}
        checked = verify(returned, trusted=())
        new = [one for one in checked.signatures if one.field not in signed_before]
        return _wrong_signature(checked.verdict, new) or _wrong_addition(before, after, new)
    except Unreadable as problem:
        return str(problem)
    except Exception:
        # What the library cannot follow is not what was handed out.
        return f"Không đọc được phần chương trình ký đã thêm vào tệp. {_AGAIN}"


def _wrong_signature(verdict: Verdict, new: Sequence[Signed]) -> str:
    if verdict == Verdict.CHANGED:
        return f"Văn bản đã bị sửa sau khi ký. {_AGAIN}"
    if verdict == Verdict.UNREADABLE:
        return f"Chữ ký trong tệp gửi lại không đọc được. {_AGAIN}"
    if not new:
        return "Tệp gửi lại không có chữ ký mới. Ký tệp rồi gửi lại."
    if any(not one.in_force for one in new):
        return "Chứng thư số không có hiệu lực vào lúc ký. Xem lại hạn chứng thư và ngày giờ của máy ký."
    if not any(one.covers_all for one in new):
        return f"Sau chữ ký mới, tệp còn bị thêm nội dung. {_AGAIN}"
    return ""


def _wrong_addition(before: PdfFileReader, after: PdfFileReader, new: Sequence[Signed]) -> str:
    names = {one.field for one in new}
    change = BY_SIGNING.review_file(after, before.xrefs.total_revisions - 1)
    if not isinstance(change, DiffResult) or change.changed_form_fields - names:
        return f"Ngoài chữ ký, tệp gửi lại còn bị sửa nội dung. {_AGAIN}"
    if _locked(after, names, empty_rooms(after)):
        return (
            "Chữ ký đã khóa cả văn bản nên văn thư không điền được số và ngày. "
            "Tải văn bản về lại, khi ký chọn cho phép điền biểu mẫu và ký thêm."
        )
    return ""


def _locked(reader: PdfFileReader, names: Collection[str], rooms: Collection[str]) -> bool:
    """Whether one of these signatures forbids to fill the rooms that are still empty."""
    for name, _, field in enumerate_sig_fields(reader, filled_status=True):
        if name in names and rooms:
            signature = EmbeddedPdfSignature(reader, field, name)
            fixed = signature.fieldmdp
            if signature.docmdp_level == MDPPerm.NO_CHANGES or (fixed and any(map(fixed.is_locked, rooms))):
                return True
    return False
