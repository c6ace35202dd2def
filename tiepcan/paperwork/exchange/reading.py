"""Messages read back from edXML, whoever wrote them: by names and not by order, with or without the prefix.

No document type and so no entity, at most so many elements and letters; strangers' files go through `read_limited`.
"""

import base64
import binascii
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any
from xml.parsers import expat
from zoneinfo import ZoneInfo

from tiepcan.intake import limited
from tiepcan.intake.document import DAMAGED, TOO_MUCH, Unreadable
from tiepcan.paperwork.exchange.message import (
    LARGEST_MESSAGE,
    MOMENT,
    MOST_FILES,
    NAMESPACE,
    PREFIX,
    Attachment,
    Business,
    Faulty,
    Kind,
    Message,
    Organ,
    Other,
    Signer,
    Trace,
)

CHILD = "tiepcan.paperwork.exchange.child"
VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
MOST_ELEMENTS, DEEPEST, LONGEST_TEXT = 5_000, 20, 10_000
"""Far above any message: a paper to a thousand offices has four thousand elements."""
_DAYS = ("%Y/%m/%d", "%Y-%m-%d", "%d/%m/%Y")
_ENCODED = "ContentTransferEncoded"
_ASK_AGAIN = "Đề nghị nơi gửi xuất lại gói tin, hoặc nhập văn bản bằng tay."


@dataclass
class _Node:
    name: str
    prefixed: bool
    children: list["_Node"] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)
    letters: int = 0

    @property
    def text(self) -> str:
        return "".join(self.parts).strip()

    def all(self, name: str) -> list["_Node"]:
        return [child for child in self.children if child.name == name]

    def at(self, *path: str) -> "_Node":
        """The first element on the path; an empty one where there is none."""
        here = self
        for name in path:
            here = next(iter(here.all(name)), _Node(name, True))
        return here

    def said(self, *path: str) -> str:
        return self.at(*path).text

    def number(self, *path: str) -> int:
        written = self.said(*path)
        return int(written) if written.isascii() and written.isdigit() and len(written) <= 6 else 0

    def within(self) -> Iterator["_Node"]:
        yield self
        for child in self.children:
            yield from child.within()


class _Builder:
    """The tree of a message, given up as soon as it grows beyond any message."""

    def __init__(self) -> None:
        self.root = _Node("", True)
        self._open = [self.root]
        self._count = 0
        self._parser = expat.ParserCreate(namespace_separator="\n")
        self._parser.namespace_prefixes = True
        self._parser.buffer_text = True
        self._parser.StartDoctypeDeclHandler = self._refuse
        self._parser.EntityDeclHandler = self._refuse
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._text

    def fed(self, raw: bytes) -> _Node:
        try:
            self._parser.Parse(raw, True)
        except expat.ExpatError as problem:
            raise Faulty(
                f"Tệp không phải XML đúng, hỏng ở dòng {problem.lineno}, cột {problem.offset + 1}. {_ASK_AGAIN}"
            ) from None
        except (LookupError, ValueError):
            # An encoding that is named and that nobody knows, or that has several bytes to a letter.
            raise Faulty(
                f"Tệp dùng bảng mã không đọc được. Bảng mã của gói tin là UTF-8. {_ASK_AGAIN}"
            ) from None
        return self.root

    def _refuse(self, *_: Any) -> None:
        raise Faulty(
            "Tệp có khai báo DOCTYPE hoặc thực thể, gói tin liên thông không được có nên không đọc. "
            "Có thể là tệp độc hại: không mở, báo nơi gửi."
        )

    def _start(self, name: str, _attributes: Any) -> None:
        self._count += 1
        if self._count > MOST_ELEMENTS or len(self._open) > DEEPEST:
            raise Faulty(f"Tệp có quá nhiều phần tử so với một gói tin nên không đọc. {_ASK_AGAIN}")
        namespace, _, rest = name.partition("\n")
        local, _, prefix = rest.partition("\n")
        node = _Node(local if namespace == NAMESPACE else f"?{local or name}", prefix == PREFIX)
        self._open[-1].children.append(node)
        self._open.append(node)

    def _end(self, _name: str) -> None:
        self._open.pop()

    def _text(self, text: str) -> None:
        node = self._open[-1]
        node.letters += len(text)
        if node.letters > LONGEST_TEXT and node.name != _ENCODED:
            raise Faulty(f"Mục {node.name.strip('?')} của gói tin dài hơn {LONGEST_TEXT} ký tự. {_ASK_AGAIN}")
        node.parts.append(text)


def read(raw: bytes) -> Message:
    """The message in these bytes. Raises Faulty with a sentence for whatever is wrong."""
    _measure(raw)
    root = _Builder().fed(raw).children[0]
    if root.name != "edXML":
        raise Faulty(
            f"Không phải gói tin edXML của QCVN 102:2016/BTTTT (phần tử gốc “{root.name.strip('?')}”). "
            "Chọn đúng tệp .edxml, hoặc nhập văn bản bằng tay."
        )
    envelope = root.at("edXMLEnvelope")
    header = envelope.at("edXMLHeader", "MessageHeader")
    _need(header)
    traces = envelope.at("edXMLHeader", "TraceHeaderList")
    files, missing = _files(root, envelope)
    remarks = [*missing]
    if not all(node.prefixed for node in envelope.within()):
        remarks.append(
            f"Gói tin thiếu tiền tố “{PREFIX}:” ở phần vỏ. Vẫn đọc được, nhưng hệ thống khác có thể không nhận."
        )
    return Message(
        sender=_organ(header.at("From")),
        receivers=tuple(map(_organ, header.all("To"))),
        number=header.said("Code", "CodeNumber"),
        notation=header.said("Code", "CodeNotation"),
        place=header.said("PromulgationInfo", "Place"),
        dated=_needed_day(header.said("PromulgationInfo", "PromulgationDate")),
        kind=_kind(header.at("DocumentType")),
        subject=header.said("Subject"),
        signer=Signer(*(header.said("SignerInfo", name) for name in ("Competence", "Position", "FullName"))),
        content=header.said("Content"),
        due_on=_day(header.said("DueDate")),
        to_places=tuple(one.text for one in header.at("ToPlaces").all("Place") if one.text),
        other=_other(header.at("OtherInfo")),
        steering=header.number("SteeringType"),
        traces=tuple(_traces(traces)),
        business=_business(traces.at("Bussiness")),
        attachments=files,
        remarks=tuple(remarks),
    )


def _measure(raw: bytes) -> None:
    if not raw.strip():
        raise Faulty("Tệp trống. Chọn lại tệp .edxml.")
    if len(raw) > LARGEST_MESSAGE:
        raise Faulty(
            f"Tệp nặng hơn {LARGEST_MESSAGE // 2**20} MB, lớn hơn một gói tin liên thông nên không đọc. {_ASK_AGAIN}"
        )


_NEEDED = {
    ("From", "OrganId"): "mã định danh nơi gửi",
    ("From", "OrganName"): "tên nơi gửi",
    ("To", "OrganId"): "nơi nhận",
    ("PromulgationInfo", "PromulgationDate"): "ngày ban hành",
    ("Subject",): "trích yếu",
}


def _need(header: _Node) -> None:
    missing = [name for path, name in _NEEDED.items() if not header.said(*path)]
    if missing:
        raise Faulty(f"Gói tin thiếu {', '.join(missing)}. {_ASK_AGAIN}")


def _organ(node: _Node) -> Organ:
    names = ("OrganId", "OrganName", "OrganizationInCharge", "OrganAdd", "Email", "Telephone")
    return Organ(*map(node.said, names))


def _kind(node: _Node) -> Kind:
    return Kind(node.said("TypeName"), node.number("Type"), node.number("TypeDetail"))


def _other(node: _Node) -> Other:
    return Other(
        node.number("Priority"),
        node.said("SphereOfPromulgation"),
        node.said("TyperNotation"),
        node.number("PromulgationAmount"),
        node.number("PageAmount"),
        tuple(one.text for one in node.at("Appendixes").all("Appendix") if one.text),
    )


def _business(node: _Node) -> Business:
    staff = node.at("StaffInfo")
    return Business(
        type=node.number("BussinessDocType"),
        reason=node.said("BussinessDocReason"),
        document_id=node.said("DocumentId"),
        department=staff.said("Department"),
        staff=staff.said("Staff"),
        email=staff.said("Email"),
        on_paper=node.said("Paper") == "1",
    )


def _traces(node: _Node) -> Iterator[Trace]:
    """A trace whose moment cannot be read tells nothing and is left out."""
    for one in node.all("TraceHeader"):
        try:
            at = datetime.strptime(one.said("Timestamp"), MOMENT).replace(tzinfo=VIETNAM)
        except ValueError:
            continue
        yield Trace(one.said("OrganId"), at)


def _day(written: str) -> date | None:
    for form in _DAYS:
        try:
            return datetime.strptime(written[:10], form).date()
        except ValueError:
            continue
    return None


def _needed_day(written: str) -> date:
    day = _day(written)
    if day is None:
        raise Faulty(f"Ngày ban hành “{written[:30]}” của gói tin không phải một ngày. {_ASK_AGAIN}")
    return day


def _files(root: _Node, envelope: _Node) -> tuple[tuple[Attachment, ...], list[str]]:
    """The files that came, and a sentence for each that is spoken of and did not come."""
    came = root.at("AttachmentEncoded").all("Attachment")
    if len(came) > MOST_FILES:
        raise Faulty(f"Gói tin kèm hơn {MOST_FILES} tệp nên không đọc. {_ASK_AGAIN}")
    spoken = {
        _cid(one.said("ContentId")): one for one in envelope.at("edXMLBody", "edXMLManifest").all("Reference")
    }
    files = tuple(_file(one, spoken.get(_cid(one.said("ContentId")))) for one in came)
    keys = {_cid(one.said("ContentId")) for one in came}
    missing = [
        f"Gói tin nhắc tới tệp “{one.said('AttachmentName')}” nhưng không kèm theo. Hỏi lại nơi gửi."
        for key, one in spoken.items()
        if key not in keys
    ]
    return files, missing


def _cid(written: str) -> str:
    return written.removeprefix("cid:")


def _file(came: _Node, spoken: _Node | None) -> Attachment:
    def said(name: str) -> str:
        return came.said(name) or (spoken.said(name) if spoken else "")

    name = said("AttachmentName") or "tep-khong-ten"
    try:
        content = base64.b64decode("".join(came.said(_ENCODED).split()), validate=True)
    except (binascii.Error, ValueError):
        raise Faulty(f"Tệp kèm “{name}” hỏng trên đường truyền (base64 sai). {_ASK_AGAIN}") from None
    return Attachment(name, said("ContentType"), content, said("Description"))


def as_plain(message: Message) -> dict[str, Any]:
    """Plain lists and words, so that it can cross from the child process as JSON."""
    plain = asdict(message)
    plain["dated"] = message.dated.isoformat()
    plain["due_on"] = message.due_on.isoformat() if message.due_on else None
    plain["traces"] = [[one.organ_id, one.at.isoformat()] for one in message.traces]
    for file in plain["attachments"]:
        file["content"] = base64.b64encode(file["content"]).decode()
    return plain


def from_plain(plain: dict[str, Any]) -> Message:
    """The message again from `as_plain`."""
    files = plain["attachments"]
    return Message(
        **{
            **plain,
            "sender": Organ(**plain["sender"]),
            "receivers": tuple(Organ(**one) for one in plain["receivers"]),
            "dated": date.fromisoformat(plain["dated"]),
            "kind": Kind(**plain["kind"]),
            "signer": Signer(**plain["signer"]),
            "due_on": date.fromisoformat(plain["due_on"]) if plain["due_on"] else None,
            "to_places": tuple(plain["to_places"]),
            "other": Other(**{**plain["other"], "appendixes": tuple(plain["other"]["appendixes"])}),
            "traces": tuple(Trace(key, datetime.fromisoformat(at)) for key, at in plain["traces"]),
            "business": Business(**plain["business"]),
            "attachments": tuple(
                Attachment(**{**one, "content": base64.b64decode(one["content"])}) for one in files
            ),
            "remarks": tuple(plain["remarks"]),
        }
    )


def read_limited(raw: bytes) -> Message:
    """As `read`, in a child of its own with limits of time and memory. Raises Faulty."""
    _measure(raw)
    with tempfile.TemporaryFile() as file:
        file.write(raw)
        file.seek(0)
        child = limited.start(CHILD, [], file)
    try:
        return from_plain(limited.answer_of(child))
    except Unreadable as problem:
        too_hard = str(problem) in (TOO_MUCH, DAMAGED)
        said = f"Tệp hỏng hoặc quá phức tạp, không đọc được. {_ASK_AGAIN}" if too_hard else str(problem)
        raise Faulty(said) from None
