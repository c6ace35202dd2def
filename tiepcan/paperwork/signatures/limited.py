"""The caller's side of checking a stranger's file: in a child process that can harm nothing. Light to import."""

import tempfile
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from tiepcan.intake.document import LARGEST_FILE, Unreadable
from tiepcan.intake.limited import answer_of, start
from tiepcan.paperwork.signatures.records import Checked, unreadable

if TYPE_CHECKING:
    from asn1crypto import x509

_TOO_LARGE = f"Tệp lớn quá {LARGEST_FILE // 2**20} MB."
_TOO_MUCH = "Tệp quá phức tạp hoặc bị hỏng nên không kiểm tra được trong mức cho phép."


def verify_limited(raw: bytes, trusted: "Sequence[x509.Certificate]") -> Checked:
    """What `checking.verify` says of the file. Never raises."""
    if len(raw) > LARGEST_FILE:
        return unreadable(_TOO_LARGE)
    try:
        return Checked.from_plain(_answer("verify", raw, *(certificate.dump() for certificate in trusted)))
    except Unreadable:
        return unreadable(_TOO_MUCH)


def same_document_limited(prepared: bytes, returned: bytes) -> str:
    """What `returned.same_document` says. Never raises."""
    if len(returned) > LARGEST_FILE:
        return _TOO_LARGE
    try:
        return str(_answer("same", prepared, returned)["wrong"])
    except Unreadable:
        return _TOO_MUCH


def _answer(task: str, *parts: bytes) -> dict[str, Any]:
    with tempfile.TemporaryFile() as file:
        file.writelines(parts)
        file.seek(0)
        child = start(f"{__package__}.child", [task, *(str(len(part)) for part in parts)], file)
    return answer_of(child)
