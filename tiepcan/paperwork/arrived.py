"""Files of papers that came in: told by their content, and put aside while their form is confirmed."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.core import signing
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from tiepcan.accounts.models import Person
from tiepcan.common import clock
from tiepcan.common.refusals import NotAllowed
from tiepcan.intake.document import Unreadable
from tiepcan.intake.formats import inside_zip
from tiepcan.paperwork.answers import DOCX
from tiepcan.paperwork.exchange.message import Attachment

LARGEST = 20 * 2**20
"""Bytes of one file."""
PDF = "application/pdf"
READABLE = ".pdf, .docx, .png hoặc .jpg"
_ASIDE = "van-ban-den/cho"
_KEPT_ASIDE = timedelta(days=1)
_SALT = "paperwork.arrived"
_MARKS = {b"%PDF-": PDF, b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg"}


@dataclass(frozen=True)
class Arrived:
    """One file that is what it says."""

    name: str
    media_type: str
    content: bytes


def checked(name: str, raw: bytes) -> Arrived:
    """A .pdf, .docx, .png or .jpg by its content, kept as it came. Raises NotAllowed naming the file."""
    if len(raw) > LARGEST:
        raise NotAllowed(
            f"“{name}”: tệp nặng hơn {LARGEST // 2**20} MB. Quét lại nhỏ hơn rồi chọn lại, hoặc vào sổ không kèm tệp."
        )
    for mark, media_type in _MARKS.items():
        if raw.startswith(mark):
            return Arrived(name[-200:], media_type, raw)
    try:
        if raw.startswith(b"PK") and inside_zip(raw, wanted="văn bản đến", readable=READABLE) == "docx":
            return Arrived(name[-200:], DOCX, raw)
    except Unreadable as problem:
        raise NotAllowed(f"“{name}”: {problem}") from None
    raise NotAllowed(f"“{name}” không phải tệp {READABLE}. Chọn lại tệp, hoặc vào sổ không kèm tệp.")


def first_that_can_be_kept(files: Iterable[Attachment]) -> Arrived | None:
    """Of a message's files the paper itself: the first one of a kind that registers keep."""
    for file in files:
        try:
            return checked(file.name, file.content)
        except NotAllowed:
            continue
    return None


def put_aside(file: Arrived, by: Person) -> str:
    """Keep a file until its form is confirmed, for a day and for this person alone; the answer is the ticket for it."""
    _clear()
    place = default_storage.save(f"{_ASIDE}/{uuid.uuid4()}.bin", ContentFile(file.content))
    return signing.dumps([place, file.name, file.media_type, by.pk], salt=_SALT)


def of_ticket(ticket: str, by: Person) -> Arrived:
    """The file that was put aside. Raises NotAllowed when it is gone or somebody else's."""
    try:
        place, name, media_type, person = signing.loads(ticket, salt=_SALT, max_age=_KEPT_ASIDE)
        if person != by.pk:
            raise signing.BadSignature
        with default_storage.open(place) as file:
            return Arrived(name, media_type, file.read())
    except (signing.BadSignature, FileNotFoundError):
        raise NotAllowed("Tệp lấy từ gói tin không còn. Tải gói tin .edxml lên lần nữa.") from None


def name_of(ticket: str) -> str:
    """What the file is called; empty for a ticket that is none."""
    try:
        return str(signing.loads(ticket, salt=_SALT, max_age=_KEPT_ASIDE)[1])
    except signing.BadSignature:
        return ""


def let_go(ticket: str) -> None:
    """The form was confirmed: its file is kept with the paper by now."""
    default_storage.delete(signing.loads(ticket, salt=_SALT)[0])


def _clear() -> None:
    """Take away what nobody confirmed."""
    try:
        _, names = default_storage.listdir(_ASIDE)
    except FileNotFoundError:
        return
    # The storage's moments are real ones, also in a demonstration that stands still.
    before = clock.later(-_KEPT_ASIDE)
    for name in names:
        if default_storage.get_modified_time(f"{_ASIDE}/{name}") < before:
            default_storage.delete(f"{_ASIDE}/{name}")
