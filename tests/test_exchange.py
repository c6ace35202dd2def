"""Messages of the exchange of papers: written for strangers' programs to read, and read from strangers' files."""

import base64
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from xml.dom import minidom

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

import tiepcan.paperwork.exchange as package
from tiepcan.paperwork.exchange import edxml
from tiepcan.paperwork.exchange.edxml import check, write
from tiepcan.paperwork.exchange.message import (
    LARGEST_MESSAGE,
    Attachment,
    Business,
    Faulty,
    Kind,
    Message,
    Organ,
    Other,
    Signer,
    Trace,
    why_not_organ_id,
)
from tiepcan.paperwork.exchange.reading import read, read_limited

VIETNAM = timezone(timedelta(hours=7))
SENTENCE = re.compile(r"^[A-ZĐÀ-Ỹ“].+\.$", re.DOTALL)


def a_message(**facts: Any) -> Message:
    """The half-year report of an invented office to two others, with everything that a message can say."""
    given = {
        "sender": Organ(
            "H56.01.02", "Phòng Văn hóa Thông tin", "UBND thành phố", "1 phố Thử", "vt@example.org", "0237 000"
        ),
        "receivers": (Organ("H56.01", "Sở Thông tin & Truyền thông"), Organ("000.00.15.H56", "UBND <tỉnh>")),
        "number": "05",
        "notation": "BC-UBND",
        "place": "Thanh Hóa",
        "dated": date(2019, 6, 12),
        "kind": Kind("Báo cáo", 2, 1),
        "subject": "Kết quả tiếp cận thông tin 6 tháng",
        "signer": Signer("TM. ỦY BAN NHÂN DÂN", "Chủ tịch", "Nguyễn Văn Giả Tưởng"),
        "content": "Tóm tắt",
        "due_on": date(2019, 6, 30),
        "to_places": ("Như trên", "Lưu: VT"),
        "other": Other(2, "Lưu hành nội bộ", "TVC", 44, 12, ("Phụ lục I",)),
        "steering": 1,
        "traces": (Trace("H56.01.02", datetime(2019, 6, 12, 10, 20, 30, tzinfo=VIETNAM)),),
        "business": Business(3, "thay bản cũ", "H56.01.02,2019/06/01,04/BC-UBND", "Văn thư", "Hà Thị Vào Sổ", "s@example.org", True),
        "attachments": (
            Attachment("báo cáo.pdf", "application/pdf", b"%PDF-1.4 \x00\xff", "Bản chính"),
            Attachment("bảng.xlsx", "application/octet-stream", b"", ""),
        ),
    }  # fmt: skip
    return Message(**(given | facts))


# ---- an independent reader: the library's own parser and the names of the standard, nothing of ours

NS = "{http://www.mic.gov.vn/TBT/QCVN_102_2016}"


def as_strangers_read(raw: bytes) -> dict[str, Any]:
    root = ET.fromstring(raw)
    assert root.tag == f"{NS}edXML"
    head = root.find(f"{NS}edXMLEnvelope/{NS}edXMLHeader/{NS}MessageHeader")
    trace = root.find(f"{NS}edXMLEnvelope/{NS}edXMLHeader/{NS}TraceHeaderList")
    assert head is not None
    assert trace is not None

    def one(*path: str, of: ET.Element = head) -> str:
        found = of.find("/".join(NS + name for name in path))
        return (found.text or "") if found is not None else ""

    def office(of: ET.Element) -> tuple[str, ...]:
        names = ("OrganId", "OrganName", "OrganizationInCharge", "OrganAdd", "Email", "Telephone")
        return tuple(one(name, of=of) for name in names)

    manifest = root.findall(f"{NS}edXMLEnvelope/{NS}edXMLBody/{NS}edXMLManifest/{NS}Reference")
    spoken = {one("ContentId", of=r): one("AttachmentName", of=r) for r in manifest}
    assert [r.get("{http://www.w3.org/1999/xlink}href") for r in manifest] == list(spoken)
    files = []
    for file in root.findall(f"{NS}AttachmentEncoded/{NS}Attachment"):
        name = one("AttachmentName", of=file)
        assert spoken.pop(f"cid:{one('ContentId', of=file)}") == name
        content = base64.b64decode(one("ContentTransferEncoded", of=file))
        files.append((name, one("ContentType", of=file), content, one("Description", of=file)))
    assert not spoken, "every file that is spoken of comes along"
    return {
        "sender": office(head.find(f"{NS}From")),
        "receivers": [office(one) for one in head.findall(f"{NS}To")],
        "code": (one("Code", "CodeNumber"), one("Code", "CodeNotation")),
        "place": one("PromulgationInfo", "Place"),
        "dated": one("PromulgationInfo", "PromulgationDate"),
        "kind": (one("DocumentType", "TypeName"), one("DocumentType", "Type"), one("DocumentType", "TypeDetail")),
        "subject": one("Subject"),
        "content": one("Content"),
        "signer": tuple(one("SignerInfo", name) for name in ("Competence", "Position", "FullName")),
        "due_on": one("DueDate"),
        "to_places": [e.text for e in head.findall(f"{NS}ToPlaces/{NS}Place")],
        "other": tuple(
            one("OtherInfo", name)
            for name in ("Priority", "SphereOfPromulgation", "TyperNotation", "PromulgationAmount", "PageAmount")
        ),
        "appendixes": [e.text for e in head.findall(f"{NS}OtherInfo/{NS}Appendixes/{NS}Appendix")],
        "steering": one("SteeringType"),
        "document_id": one("DocumentId"),
        "traces": [(one("OrganId", of=t), one("Timestamp", of=t)) for t in trace.findall(f"{NS}TraceHeader")],
        "business": tuple(
            one("Bussiness", *path, of=trace)
            for path in (
                ("BussinessDocType",), ("BussinessDocReason",), ("DocumentId",), ("StaffInfo", "Department"),
                ("StaffInfo", "Staff"), ("StaffInfo", "Email"), ("Paper",),
            )
        ),
        "files": files,
    }  # fmt: skip


def test_strangers_read_what_was_written():
    assert as_strangers_read(write(a_message())) == {
        "sender": ("H56.01.02", "Phòng Văn hóa Thông tin", "UBND thành phố", "1 phố Thử", "vt@example.org", "0237 000"),
        "receivers": [
            ("H56.01", "Sở Thông tin & Truyền thông", "", "", "", ""),
            ("000.00.15.H56", "UBND <tỉnh>", "", "", "", ""),
        ],
        "code": ("05", "BC-UBND"),
        "place": "Thanh Hóa",
        "dated": "2019/06/12",
        "kind": ("Báo cáo", "2", "1"),
        "subject": "Kết quả tiếp cận thông tin 6 tháng",
        "content": "Tóm tắt",
        "signer": ("TM. ỦY BAN NHÂN DÂN", "Chủ tịch", "Nguyễn Văn Giả Tưởng"),
        "due_on": "2019/06/30",
        "to_places": ["Như trên", "Lưu: VT"],
        "other": ("2", "Lưu hành nội bộ", "TVC", "44", "12"),
        "appendixes": ["Phụ lục I"],
        "steering": "1",
        "document_id": "H56.01.02,2019/06/12,05/BC-UBND",
        "traces": [("H56.01.02", "2019/06/12 10:20:30")],
        "business": ("3", "thay bản cũ", "H56.01.02,2019/06/01,04/BC-UBND", "Văn thư", "Hà Thị Vào Sổ", "s@example.org", "1"),
        "files": [
            ("báo cáo.pdf", "application/pdf", b"%PDF-1.4 \x00\xff", "Bản chính"),
            ("bảng.xlsx", "application/octet-stream", b"", ""),
        ],
    }  # fmt: skip


def texts(most: int) -> st.SearchStrategy[str]:
    """Whatever XML can hold, signs of markup and line ends among it; blanks alone say nothing."""
    letters = st.characters(
        exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff", include_characters="\t\n\r"
    )
    return st.text(letters | st.sampled_from("<>&\"' ]"), min_size=1, max_size=most).filter(str.strip)


def without_blanks(text: str) -> str:
    return re.sub(r"[\s,]", "", text)


@settings(max_examples=60, deadline=None)
@given(
    subject=texts(500), name=texts(200), notation=texts(30).map(without_blanks).filter(bool), full_name=texts(50), file_name=texts(200),
    content=st.binary(max_size=300),
)  # fmt: skip
def test_any_text_and_any_file_arrives_as_it_was(subject, name, notation, full_name, file_name, content):
    message = a_message(
        subject=subject,
        receivers=(Organ("H56", name),),
        notation=notation,
        signer=Signer("", "Chủ tịch", full_name),
        attachments=(Attachment(file_name, "application/pdf", content),),
    )
    raw = write(message)
    said = as_strangers_read(raw)
    assert said["subject"] == subject
    assert said["receivers"][0][1] == name
    assert said["code"][1] == notation
    assert said["signer"][2] == full_name
    assert said["files"] == [(file_name, "application/pdf", content, "")]
    back = read(raw)
    assert (back.subject, back.receivers[0].name) == (subject.strip(), name.strip())
    assert back.attachments[0].content == content


def test_what_we_write_we_read():
    message = a_message()
    assert read(write(message)) == message
    assert read_limited(write(message)) == message


def test_a_message_of_the_least_is_written_and_read():
    message = Message(
        Organ("H56", "A"), (Organ("H57", "B"),), "1", "A", "C", date(2019, 1, 2), Kind("D"), "E",
        Signer("", "F", "G"),
    )  # fmt: skip
    assert replace(read(write(message)), content="") == message


def test_each_element_of_the_envelope_keeps_its_prefix_and_none_outside_has_one():
    root = minidom.parseString(write(a_message())).documentElement

    def names(node: Any) -> Iterator[str]:
        yield node.tagName
        for child in node.childNodes:
            if child.nodeType == child.ELEMENT_NODE:
                yield from names(child)

    envelope, encoded = root.childNodes[0], root.childNodes[1]
    assert root.tagName == "edXML"
    assert all(name.startswith("edXML:") for name in names(envelope))
    assert encoded.tagName == "AttachmentEncoded"
    assert not any(":" in name for name in names(encoded))


def test_the_schema_comes_with_the_package_and_is_one():
    assert Path(package.__file__).with_name("edxml.xsd").exists()
    etree.XMLSchema(etree.parse(str(Path(package.__file__).with_name("edxml.xsd")))).assertValid(
        etree.fromstring(write(a_message()))
    )


# ---- what must not leave


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"subject": "a" * 501}, "Trích yếu: dài 501 ký tự, chuẩn chỉ cho 500."),
        ({"number": "123456789012"}, "Số văn bản: dài 12 ký tự, chuẩn chỉ cho 11."),
        ({"notation": "B" * 31}, "Ký hiệu văn bản: dài 31 ký tự, chuẩn chỉ cho 30."),
        ({"signer": Signer("", "Chủ tịch", "N" * 51)}, "Họ tên người ký: dài 51 ký tự"),
        ({"signer": Signer("", "C" * 101, "N")}, "Chức vụ người ký: dài 101 ký tự"),
        ({"kind": Kind("K" * 101)}, "Tên loại văn bản: dài 101 ký tự"),
        ({"receivers": (Organ("H56", "T" * 201),)}, "Tên nơi nhận: dài 201 ký tự"),
        ({"receivers": (Organ("000.00.00.15.H56", "T"),)}, "Mã định danh nơi nhận: dài 16 ký tự, chuẩn chỉ cho 13."),
        ({"receivers": ()}, "Nơi nhận: chưa có nơi nào"),
        ({"receivers": (Organ("", "T"),)}, "Mã định danh nơi nhận: chưa có"),
        ({"receivers": (Organ("H56,1", "T"),)}, "“H56,1” không phải mã định danh"),
        ({"notation": "BC UBND"}, "Ký hiệu văn bản: “BC UBND” có dấu phẩy hoặc khoảng trắng"),
        ({"subject": " "}, "Trích yếu: chưa có"),
        ({"number": ""}, "Số văn bản: chưa có"),
        ({"subject": "a\x0bb"}, "Trích yếu: có ký tự điều khiển"),
        ({"subject": "a\ud800b"}, "Trích yếu: có ký tự điều khiển"),
        ({"other": Other(priority=4)}, "Mức độ khẩn: 4 không có trong chuẩn"),
        ({"other": Other(copies=1000)}, "Số bản: dài 4 ký tự"),
        ({"business": Business(1)}, "Mã văn bản liên quan: chưa có"),
        ({"attachments": (Attachment("a", "b", b""),) * 51}, "Tệp kèm: 51 tệp, nhiều nhất 50."),
        ({"attachments": (Attachment("a", "b", bytes(LARGEST_MESSAGE)),)}, "Tệp kèm: nặng hơn 40 MB"),
    ],
)  # fmt: skip
def test_what_the_standard_does_not_hold_is_refused_by_name(change, said):
    with pytest.raises(Faulty, match=re.escape(said)) as refused:
        write(a_message(**change))
    assert SENTENCE.match(str(refused.value))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda raw: raw.replace(b"edXML:Subject", b"Subject"), "Subject của gói tin mất tiền tố"),
        (lambda raw: raw.replace(b"edXML:Subject>", b"edXML:Title>"), "không đúng lược đồ"),
        (lambda raw: raw.replace(b"2019/06/12</edXML:P", b"2019-06-12</edXML:P"), "không đúng lược đồ"),
        (lambda raw: raw.replace(b"<AttachmentName>", b"<Name/><AttachmentName>"), "không đúng lược đồ"),
    ],
)
def test_nothing_leaves_that_the_schema_does_not_hold(change, said, monkeypatch):
    raw = write(a_message())
    check(raw)
    assert change(raw) != raw
    with pytest.raises(Faulty, match=said):
        check(change(raw))
    written = edxml._document
    monkeypatch.setattr(edxml, "_document", lambda *told: [change("".join(written(*told)).encode()).decode()])
    with pytest.raises(Faulty, match=said):
        write(a_message())


@pytest.mark.parametrize("written", ["H56", "H56.01", "H56.01.02", "000.00.15.H56", "G09.12.003"])
def test_identifiers_of_offices_are_known(written):
    assert why_not_organ_id(written) is None


@pytest.mark.parametrize(
    "written", ["", "56", "h56", "H56.", "H56..1", "H56 01", "H5601020304050", "000.00.00.00.H56"]
)
def test_what_is_no_identifier_is_told(written):
    assert SENTENCE.match(why_not_organ_id(written) or "")


# ---- strangers' files


def changed(old: str, new: str) -> Callable[[], bytes]:
    """Our message with something else in it; what is looked for must be there."""

    def made() -> bytes:
        text = write(a_message()).decode()
        assert old in text
        return text.replace(old, new).encode()

    return made


def whole(text: str) -> Callable[[], bytes]:
    return lambda: text.encode()


NAMESPACE = NS.strip("{}")
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
BOMB = (
    f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "ha">{LAUGHS}]><edXML xmlns="{NAMESPACE}">&l11;</edXML>'
)
HOSTILE = {
    "billion laughs": (whole(BOMB), "DOCTYPE"),
    "laughs in UTF-16": (lambda: BOMB.replace('"1.0"', '"1.0" encoding="utf-16"').encode("utf-16"), "DOCTYPE"),
    "an entity from outside": (
        whole('<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><edXML>&f;</edXML>'), "DOCTYPE"),
    "a document type from outside": (whole('<!DOCTYPE x SYSTEM "http://127.0.0.1:1/x.dtd"><edXML/>'), "DOCTYPE"),
    "an entity without a document type": (changed("05</", "&f;</"), "không phải XML đúng"),
    "nothing": (whole(""), "Tệp trống"),
    "a picture": (lambda: b"\x89PNG\r\n\x1a\n" + bytes(200), "không phải XML đúng"),
    "cut off": (lambda: write(a_message())[:-200], "không phải XML đúng, hỏng ở dòng"),
    "another document": (whole("<html><body/></html>"), "Không phải gói tin edXML"),
    "another namespace": (changed(NAMESPACE, "http://www.e-doc.vn/Schema/"), "Không phải gói tin edXML"),
    "the prefix dropped and no namespace": (
        lambda: write(a_message()).replace(b"edXML:", b"").replace(f' xmlns="{NAMESPACE}"'.encode(), b""),
        "Không phải gói tin edXML"),
    "an encoding that nobody knows": (changed('encoding="utf-8"', 'encoding="x-viscii"'), "bảng mã"),
    "letters of another encoding": (
        lambda: write(a_message()).decode().encode("cp1258", "replace"), "không phải XML đúng"),
    "no subject, no day": (
        lambda: re.sub(rb"<edXML:(Subject|PromulgationDate)>.*?</edXML:\1>", b"", write(a_message())),
        "thiếu ngày ban hành, trích yếu"),
    "no header": (whole(f'<edXML xmlns="{NAMESPACE}"/>'), "thiếu mã định danh nơi gửi, tên nơi gửi"),
    "no day in the calendar": (changed("<edXML:PromulgationDate>2019/06/12", "<edXML:PromulgationDate>2019/02/30"), "không phải một ngày"),
    "base64 that is none": (changed("JVBERi0xLjQgAP8=", "JVBERi0xLjQgAP8=???"), "“báo cáo.pdf” hỏng trên đường truyền"),
    "base64 that is cut": (changed("JVBERi0xLjQgAP8=", "JVBERi0xLjQgAP8"), "hỏng trên đường truyền"),
    "a subject as long as a book": (changed("Kết quả tiếp cận", "a" * 20_000), "Mục Subject của gói tin dài hơn"),
    "elements without end": (changed("<edXML:ToPlaces>", "<edXML:ToPlaces>" + "<edXML:Place/>" * 6_000), "quá nhiều phần tử"),
    "elements within elements": (whole("<a>" * 300 + "</a>" * 300), "quá nhiều phần tử"),
    "too many files": (
        changed("</Attachment><Attachment>", "</Attachment>" + "<Attachment/>" * 60 + "<Attachment>"), "hơn 50 tệp"),
    "100 MB of base64": (
        lambda: changed("JVBERi0xLjQgAP8=", "QUFB")().replace(b"QUFB", b"QUFB" * (25 * 2**20)), "nặng hơn 60 MB"),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_or_broken_file_is_told_in_a_sentence(name):
    made, said = HOSTILE[name]
    with pytest.raises(Faulty, match=said) as refused:
        read(made())
    assert SENTENCE.match(str(refused.value))
    assert "passwd" not in str(refused.value)


@pytest.mark.parametrize("name", ["billion laughs", "base64 that is none", "cut off", "100 MB of base64"])
def test_the_child_tells_the_same(name):
    made, said = HOSTILE[name]
    with pytest.raises(Faulty, match=said):
        read_limited(made())


def test_whatever_bytes_come_a_message_or_a_sentence_goes():
    @settings(max_examples=150, deadline=None)
    @given(st.data())
    def any_damage(data: st.DataObject) -> None:
        raw = bytearray(write(a_message(attachments=())))
        at = data.draw(st.integers(0, len(raw) - 1))
        raw[at : at + data.draw(st.integers(0, 30))] = data.draw(st.binary(max_size=30))
        try:
            read(bytes(raw))
        except Faulty as problem:
            assert SENTENCE.match(str(problem))

    any_damage()


def test_a_message_whose_prefix_is_gone_is_read_and_it_is_said():
    raw = write(a_message()).replace(b"edXML:", b"").replace(b"xmlns:edXML=", b"xmlns:unused=")
    message = read(raw)
    assert message.subject == a_message().subject
    assert "thiếu tiền tố “edXML:”" in message.remarks[0]


def test_names_count_and_their_order_does_not():
    """Gateways of the State put code and key before the title, and the prefix on the encoded file as well."""
    raw = write(a_message()).decode()
    key = re.search(r"<edXML:DocumentId>H56.01.02,2019/06/12.*?</edXML:DocumentId>", raw)[0]  # type: ignore[index]
    raw = raw.replace(key, "").replace("<edXML:Subject>", f"{key}<edXML:Subject>")
    raw = raw.replace("ContentTransferEncoded>", "edXML:ContentTransferEncoded>").replace(
        "<AttachmentEncoded>", f'<AttachmentEncoded xmlns:edXML="{NAMESPACE}">'
    )
    assert read(raw.encode()) == a_message()


def test_base64_in_lines_is_read():
    raw = write(a_message()).replace(b"JVBERi0xLjQgAP8=", b"\r\n JVBERi0x\r\n LjQgAP8=\r\n")
    assert read(raw) == a_message()


def test_a_file_that_is_spoken_of_and_did_not_come_is_told():
    raw = re.sub(rb"<AttachmentEncoded>.*</AttachmentEncoded>", b"", write(a_message()))
    message = read(raw)
    assert message.attachments == ()
    assert "“báo cáo.pdf” nhưng không kèm theo" in message.remarks[0]
