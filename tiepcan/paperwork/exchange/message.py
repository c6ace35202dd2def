"""What a message of the exchange of electronic papers says (QCVN 102:2016/BTTTT), and how long its parts may be."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime

NAMESPACE = "http://www.mic.gov.vn/TBT/QCVN_102_2016"
PREFIX = "edXML"
DAY = "%Y/%m/%d"
MOMENT = "%Y/%m/%d %H:%M:%S"
"""How the standard writes days and moments; moments are Vietnam's."""
LARGEST_MESSAGE = 60 * 2**20
"""Bytes of a whole message: 40 MB of files are 54 MB of base64."""
MOST_FILES = 50
LONGEST_ORGAN_ID = 13
_ORGAN_ID = re.compile(r"[A-Z0-9]{2,3}(\.[A-Z0-9]{2,3}){0,3}")
_ORGAN_GROUP = re.compile(r"[A-Z][0-9]{2}")


def why_not_organ_id(written: str) -> str | None:
    """Why this is no identifier of an office (mã định danh), as a sentence; None if it can be one.

    "H56.01.02" by Decision 20/2020/QĐ-TTg; "000.00.15.H56" by QCVN 102:2016/BTTTT, in the order from below.
    """
    if len(written) > LONGEST_ORGAN_ID:
        return f"Mã định danh dài nhất {LONGEST_ORGAN_ID} ký tự; “{written[:40]}” dài {len(written)}."
    if not _ORGAN_ID.fullmatch(written) or not _ORGAN_GROUP.search(written):
        return f"“{written}” không phải mã định danh. Viết như H56.01.02: nhóm chữ và số, cách nhau bằng dấu chấm."
    return None


class Faulty(Exception):
    """A message that cannot be written or read; a Vietnamese sentence says what is wrong and what to do."""


@dataclass(frozen=True)
class Organ:
    """An office that sends or receives (cơ quan, tổ chức), by its identifier (mã định danh)."""

    organ_id: str
    name: str
    in_charge: str = ""
    """The office above it (cơ quan chủ quản)."""
    address: str = ""
    email: str = ""
    telephone: str = ""


@dataclass(frozen=True)
class Signer:
    """Who signed: by what right (quyền hạn), position, name."""

    competence: str
    position: str
    full_name: str


@dataclass(frozen=True)
class Kind:
    """The kind of the paper (loại văn bản). The numbers are of the receiving hub's own lists."""

    name: str
    type: int = 0
    detail: int = 0


@dataclass(frozen=True)
class Other:
    """What else is told of the paper (thông tin khác): priority 0 to 3, sphere, the typist's sign, copies and pages."""

    priority: int = 0
    sphere: str = ""
    typer: str = ""
    copies: int = 1
    pages: int = 1
    appendixes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Trace:
    """One office through which the message went, and when (thông tin vết)."""

    organ_id: str
    at: datetime


@dataclass(frozen=True)
class Business:
    """What the message is for (nghiệp vụ): 0 a new paper, 1 recalls, 2 brings up to date, 3 takes the place of one.

    `document_id` is the earlier paper that the last three are about.
    """

    type: int = 0
    reason: str = ""
    document_id: str = ""
    department: str = ""
    staff: str = ""
    email: str = ""
    on_paper: bool = False


@dataclass(frozen=True)
class Attachment:
    """A file that goes with the paper."""

    name: str
    content_type: str
    content: bytes = field(repr=False)
    description: str = ""


@dataclass(frozen=True)
class Message:
    """One paper on its way from an office to others."""

    sender: Organ
    receivers: tuple[Organ, ...]
    number: str
    notation: str
    place: str
    dated: date
    kind: Kind
    subject: str
    signer: Signer
    content: str = ""
    due_on: date | None = None
    to_places: tuple[str, ...] = ()
    other: Other = Other()
    steering: int = 0
    traces: tuple[Trace, ...] = ()
    business: Business = Business()
    attachments: tuple[Attachment, ...] = ()
    remarks: tuple[str, ...] = ()
    """What a reader noticed about the message itself, as sentences."""

    @property
    def document_id(self) -> str:
        """ "H56.01,2019/06/12,412/BC-UBND": the paper's key among all offices."""
        return f"{self.sender.organ_id},{self.dated:{DAY}},{self.number}/{self.notation}"

    @property
    def code(self) -> str:
        """Number and notation as papers write them: "412/BC-UBND"."""
        return "/".join(part for part in (self.number, self.notation) if part)


def texts_of(message: Message) -> Iterator[tuple[str, str, int, bool]]:
    """Every text of a message as it is measured: what it is called, the text, its greatest length, whether it must be there.

    Lengths are those of Decree 30/2020/NĐ-CP, Appendix VI; where it gives none, a bound of ours.
    """
    for name, organ in (("nơi gửi", message.sender), *(("nơi nhận", one) for one in message.receivers)):
        yield f"Mã định danh {name}", organ.organ_id, LONGEST_ORGAN_ID, True
        yield f"Tên {name}", organ.name, 200, True
        yield f"Cơ quan chủ quản của {name}", organ.in_charge, 200, False
        yield f"Địa chỉ {name}", organ.address, 250, False
        yield f"Thư điện tử {name}", organ.email, 100, False
        yield f"Điện thoại {name}", organ.telephone, 20, False
    yield "Số văn bản", message.number, 11, True
    yield "Ký hiệu văn bản", message.notation, 30, True
    yield "Nơi ban hành", message.place, 50, True
    yield "Tên loại văn bản", message.kind.name, 100, True
    yield "Trích yếu", message.subject, 500, True
    yield "Nội dung tóm tắt", message.content, 500, False
    yield "Quyền hạn người ký", message.signer.competence, 100, False
    yield "Chức vụ người ký", message.signer.position, 100, True
    yield "Họ tên người ký", message.signer.full_name, 50, True
    for place in message.to_places:
        yield "Nơi nhận ghi trên văn bản", place, 500, True
    yield "Phạm vi lưu hành", message.other.sphere, 100, False
    yield "Ký hiệu người soạn", message.other.typer, 10, False
    yield "Số bản", str(message.other.copies), 3, True
    yield "Số trang", str(message.other.pages), 3, True
    for appendix in message.other.appendixes:
        yield "Phụ lục", appendix, 500, True
    for trace in message.traces:
        yield "Mã định danh của vết", trace.organ_id, LONGEST_ORGAN_ID, True
    business = message.business
    yield "Lý do của nghiệp vụ", business.reason, 500, False
    yield "Mã văn bản liên quan", business.document_id, 100, business.type != 0
    yield "Đơn vị xử lý", business.department, 200, False
    yield "Người xử lý", business.staff, 50, False
    yield "Thư điện tử người xử lý", business.email, 100, False
    for file in message.attachments:
        yield "Tên tệp", file.name, 200, True
        yield "Loại tệp", file.content_type, 100, True
        yield "Mô tả tệp", file.description, 500, False
