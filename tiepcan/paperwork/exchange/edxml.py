"""Messages written as edXML (QCVN 102:2016/BTTTT), checked against our own schema before anything leaves.

Written letter by letter: the standard keeps the prefix `edXML:` on every element of the envelope and none outside it,
and a serialiser takes off what it thinks needless, which receivers by .NET do not forgive.
"""

import base64
import re
import uuid
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr
from zoneinfo import ZoneInfo

from lxml import etree

from tiepcan.paperwork.exchange.message import (
    DAY,
    LARGEST_MESSAGE,
    MOMENT,
    MOST_FILES,
    NAMESPACE,
    PREFIX,
    Attachment,
    Business,
    Faulty,
    Message,
    Organ,
    Other,
    texts_of,
    why_not_organ_id,
)

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
_XLINK = "http://www.w3.org/1999/xlink"
_ACTOR = "http://schemas.xmlsoap.org/soap/actor/next"
_SCHEMA = Path(__file__).with_name("edxml.xsd")
# What no document of XML 1.0 can hold, however it is escaped.
_UNSPEAKABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_BREAKS_A_KEY = re.compile(r"[\s,]")


def write(message: Message) -> bytes:
    """The message as UTF-8. Raises Faulty naming the part that is missing, too long or cannot be written."""
    _check(message)
    files = [(_cid(message, n), file) for n, file in enumerate(message.attachments)]
    raw = "".join(_document(message, files)).encode()
    check(raw)
    return raw


def check(raw: bytes) -> None:
    """Hold a message of ours against the schema. Raises Faulty: what does not hold must not leave."""
    tree = etree.fromstring(raw, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True))
    schema = _schema()
    if not schema.validate(tree):
        problem = schema.error_log[0]
        raise Faulty(f"Gói tin không đúng lược đồ edXML nên chưa gửi: dòng {problem.line}, {problem.message}")
    for element in tree.find(f"{{{NAMESPACE}}}edXMLEnvelope").iter():
        if element.prefix != PREFIX:
            name = etree.QName(element).localname
            raise Faulty(f"Phần tử {name} của gói tin mất tiền tố “{PREFIX}:” nên chưa gửi.")


@lru_cache(maxsize=1)
def _schema() -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(str(_SCHEMA)))


def _check(message: Message) -> None:
    for name, text, most, needed in texts_of(message):
        if needed and not text.strip():
            raise Faulty(f"{name}: chưa có, không gửi được qua trục liên thông. Điền rồi gửi lại.")
        if len(text) > most:
            raise Faulty(
                f"{name}: dài {len(text)} ký tự, chuẩn chỉ cho {most}. Rút gọn “{text[:60]}…” rồi gửi lại."
            )
        if _UNSPEAKABLE.search(text):
            raise Faulty(f"{name}: có ký tự điều khiển không viết được trong gói tin. Gõ lại mục này.")
    for name, part in (("Số văn bản", message.number), ("Ký hiệu văn bản", message.notation)):
        if _BREAKS_A_KEY.search(part):
            raise Faulty(f"{name}: “{part}” có dấu phẩy hoặc khoảng trắng nên không làm mã văn bản được.")
    for organ_id in (message.sender.organ_id, *(one.organ_id for one in message.receivers)):
        if problem := why_not_organ_id(organ_id):
            raise Faulty(problem)
    if not message.receivers:
        raise Faulty("Nơi nhận: chưa có nơi nào. Thêm nơi nhận rồi gửi lại.")
    for name, code, most_code in _codes(message):
        if not 0 <= code <= most_code:
            raise Faulty(f"{name}: {code} không có trong chuẩn, chỉ từ 0 đến {most_code}.")
    if len(message.attachments) > MOST_FILES:
        raise Faulty(f"Tệp kèm: {len(message.attachments)} tệp, nhiều nhất {MOST_FILES}.")
    if sum(len(file.content) for file in message.attachments) > LARGEST_MESSAGE * 2 // 3:
        raise Faulty(f"Tệp kèm: nặng hơn {LARGEST_MESSAGE * 2 // 3 // 2**20} MB. Bỏ bớt tệp rồi gửi lại.")


def _codes(message: Message) -> Iterator[tuple[str, int, int]]:
    yield "Mức độ khẩn", message.other.priority, 3
    yield "Loại nghiệp vụ", message.business.type, 3
    yield "Loại chỉ đạo", message.steering, 9
    yield "Mã loại văn bản", message.kind.type, 999
    yield "Mã loại chi tiết", message.kind.detail, 999
    yield "Số bản", message.other.copies, 999
    yield "Số trang", message.other.pages, 999


def _cid(message: Message, n: int) -> str:
    """The same message always has the same keys, so that it can be written again and compared."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"{NAMESPACE}/{message.document_id}/{n}"))


Files = list[tuple[str, Attachment]]


def _document(message: Message, files: Files) -> Iterator[str]:
    yield '<?xml version="1.0" encoding="utf-8"?>\n'
    yield f'<edXML xmlns="{NAMESPACE}">'
    yield f'<{PREFIX}:edXMLEnvelope xmlns:{PREFIX}="{NAMESPACE}">'
    yield _in("edXMLHeader", *_header(message))
    yield _in("edXMLBody", _in("edXMLManifest", *map(_reference, files), attributes=' version="1.0"'))
    yield f"</{PREFIX}:edXMLEnvelope>"
    if files:
        yield "<AttachmentEncoded>"
        for cid, file in files:
            yield from _attachment(cid, file)
        yield "</AttachmentEncoded>"
    yield "</edXML>\n"


def _in(name: str, *inner: str, attributes: str = "") -> str:
    return f"<{PREFIX}:{name}{attributes}>{''.join(inner)}</{PREFIX}:{name}>"


def _text(name: str, text: object) -> str:
    return _in(name, _escaped(str(text)))


def _maybe(name: str, text: str) -> str:
    return _text(name, text) if text else ""


def _escaped(text: str) -> str:
    # A bare carriage return would come back as a line feed.
    return escape(text, {"\r": "&#13;"})


def _header(message: Message) -> Iterator[str]:
    yield _in("MessageHeader", *_message_header(message))
    traces = (
        _in(
            "TraceHeader",
            _text("OrganId", one.organ_id),
            _text("Timestamp", f"{one.at.astimezone(VIETNAM):{MOMENT}}"),
        )
        for one in message.traces
    )
    name = quoteattr(uuid.uuid5(uuid.NAMESPACE_URL, message.document_id).hex[:8])
    attributes = f' id={name} version="1.0" mustUnderstand="1" actor="{_ACTOR}"'
    yield _in("TraceHeaderList", *traces, *_business(message.business), attributes=attributes)
    yield _in("DigitalSignature")


def _message_header(message: Message) -> Iterator[str]:
    yield _organ("From", message.sender)
    yield from (_organ("To", one) for one in message.receivers)
    yield _in("Code", _text("CodeNumber", message.number), _text("CodeNotation", message.notation))
    day = _text("PromulgationDate", f"{message.dated:{DAY}}")
    yield _in("PromulgationInfo", _text("Place", message.place), day)
    kind = message.kind
    yield _in(
        "DocumentType",
        _text("Type", kind.type),
        _text("TypeName", kind.name),
        _text("TypeDetail", kind.detail),
    )
    yield _text("Subject", message.subject)
    yield _text("Content", message.content or message.subject)
    signer = message.signer
    yield _in(
        "SignerInfo",
        _maybe("Competence", signer.competence),
        _text("Position", signer.position),
        _text("FullName", signer.full_name),
    )
    if message.due_on:
        yield _text("DueDate", f"{message.due_on:{DAY}}")
    if message.to_places:
        yield _in("ToPlaces", *(_text("Place", place) for place in message.to_places))
    yield _in("OtherInfo", *_other(message.other))
    yield _text("SteeringType", message.steering)
    yield _text("DocumentId", message.document_id)


def _organ(name: str, organ: Organ) -> str:
    return _in(
        name,
        _text("OrganId", organ.organ_id),
        _maybe("OrganizationInCharge", organ.in_charge),
        _text("OrganName", organ.name),
        _maybe("OrganAdd", organ.address),
        _maybe("Email", organ.email),
        _maybe("Telephone", organ.telephone),
    )


def _other(other: Other) -> Iterator[str]:
    yield _text("Priority", other.priority)
    yield _maybe("SphereOfPromulgation", other.sphere)
    yield _maybe("TyperNotation", other.typer)
    yield _text("PromulgationAmount", other.copies)
    yield _text("PageAmount", other.pages)
    if other.appendixes:
        yield _in("Appendixes", *(_text("Appendix", one) for one in other.appendixes))


def _business(business: Business) -> Iterator[str]:
    """The standard itself writes "Bussiness"."""
    staff = [
        _maybe("Department", business.department),
        _maybe("Staff", business.staff),
        _maybe("Email", business.email),
    ]
    yield _in(
        "Bussiness",
        _text("BussinessDocType", business.type),
        _maybe("BussinessDocReason", business.reason),
        _maybe("DocumentId", business.document_id),
        _in("StaffInfo", *staff) if any(staff) else "",
        _text("Paper", int(business.on_paper)),
    )


def _reference(kept: tuple[str, Attachment]) -> str:
    cid, file = kept
    attributes = f' xmlns:xlink="{_XLINK}" xlink:href="cid:{cid}" xlink:role="XLinkRole" xlink:type="simple"'
    return _in(
        "Reference",
        _maybe("Description", file.description),
        _text("AttachmentName", file.name),
        _text("ContentType", file.content_type),
        _text("ContentId", f"cid:{cid}"),
        attributes=attributes,
    )


def _attachment(cid: str, file: Attachment) -> Iterator[str]:
    yield f"<Attachment><ContentType>{_escaped(file.content_type)}</ContentType><ContentId>{cid}</ContentId>"
    if file.description:
        yield f"<Description>{_escaped(file.description)}</Description>"
    yield "<ContentTransferEncoded>"
    yield base64.b64encode(file.content).decode()
    yield f"</ContentTransferEncoded><AttachmentName>{_escaped(file.name)}</AttachmentName></Attachment>"
