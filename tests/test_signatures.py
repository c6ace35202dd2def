"""Papers are signed, numbered and sealed in this order; whatever is done to them otherwise is found and said."""

import asyncio
import hashlib
import io
import json
import logging
import os
import random
import re
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

import pkcs11
import pytest
from django.core.management import CommandError, call_command
from PIL import Image, ImageChops, ImageDraw
from pkcs11.util.rsa import decode_rsa_private_key
from pkcs11.util.x509 import decode_x509_certificate
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import MDPPerm, SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, SimpleSigner
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

from tests.keys import FROM, PASSPHRASE, UNTIL, Holder, a_holder, an_authority
from tiepcan.common import clock
from tiepcan.common.refusals import NotAllowed
from tiepcan.intake.child import MEMORY
from tiepcan.intake.document import LARGEST_FILE
from tiepcan.intake.limited import start
from tiepcan.paperwork.signatures import (
    LEADER,
    SEAL,
    Checked,
    Key,
    Verdict,
    number,
    prepare,
    same_document,
    sign,
    verify_limited,
)
from tiepcan.paperwork.signatures.certificates import trusted_certificates
from tiepcan.paperwork.signatures.checking import verify
from tiepcan.paperwork.signatures.child import CPU_SECONDS
from tiepcan.paperwork.signatures.returned import same_document as same_here
from tiepcan.paperwork.writing.pdf import Printed, write_pdf
from tiepcan.paperwork.writing.records import Paper, Signature, Text

AT = datetime(2019, 6, 12, 9, tzinfo=clock.VIETNAM)
SOFTHSM = "/usr/lib/softhsm/libsofthsm2.so"
BLUE, RED = (20, 60, 200), (210, 20, 20)
LEADERS_NAME, BODYS_NAME = "Trần Thị Giả Định", "UBND xã Bịa Đặt"


@cache
def printed() -> Printed:
    return write_pdf(
        Paper(
            parent_body=None,
            issuing_body="ỦY BAN NHÂN DÂN\nXÃ BỊA ĐẶT",
            symbol="BC-UBND",
            place="Bịa Đặt",
            kind="BÁO CÁO",
            title="Kết quả giảm nghèo thông tin",
            year=2019,
            body=(Text("Mười hai hộ đã được hỗ trợ."),),
            signature=Signature(("TM. ỦY BAN NHÂN DÂN",), "CHỦ TỊCH", LEADERS_NAME),
        )
    )


@cache
def prepared() -> bytes:
    return prepare(printed().content, printed().spots)


def leader() -> Key:
    return Key.from_pkcs12(a_holder(LEADERS_NAME).p12(), PASSPHRASE)


def body() -> Key:
    return Key.from_pkcs12(a_holder(BODYS_NAME, curve=True).p12(), PASSPHRASE)


@cache
def a_picture(colour: tuple[int, int, int], *, round_one: bool = False) -> bytes:
    """A signature, twice as wide as high, or a seal; its ground is transparent and its edges are touched."""
    image = Image.new("RGBA", (400, 400) if round_one else (400, 200))
    pen = ImageDraw.Draw(image)
    if round_one:
        pen.ellipse((0, 0, 399, 399), outline=(*colour, 255), width=12)
    else:
        pen.line([(0, 199), (120, 0), (200, 199), (399, 0)], fill=(*colour, 255), width=10)
    return _png(image)


def _png(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


@cache
def signed() -> bytes:
    return sign(prepared(), leader(), field=LEADER, picture=a_picture(BLUE), at=AT)


@cache
def numbered() -> bytes:
    return number(signed(), number="5", day=3, month=2)


@cache
def sealed() -> bytes:
    return sign(numbered(), body(), field=SEAL, picture=a_picture(RED, round_one=True), at=AT)


def check(pdf: bytes) -> Checked:
    return verify(pdf, trusted=[an_authority().root])


def changed(pdf: bytes, change: Callable[[IncrementalPdfFileWriter], None]) -> bytes:
    """The file with an update behind it that nobody signed."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf), strict=False)
    change(writer)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def signed_elsewhere(
    pdf: bytes,
    *,
    field: str = LEADER,
    holder: Holder | None = None,
    at: datetime = AT,
    permits: MDPPerm | None = None,
    apart: bool = False,
    new_field: SigFieldSpec | None = None,
) -> bytes:
    """As another program signs: it may certify with what it permits (kept `apart` or in the catalogue), and make a
    field of its own."""
    held = holder or a_holder(LEADERS_NAME)
    signer = PdfSigner(
        PdfSignatureMetadata(
            field, subfilter=SigSeedSubFilter.PADES, certify=permits is not None, docmdp_permissions=permits
        ),
        SimpleSigner.load_pkcs12_data(held.p12(), (), PASSPHRASE.encode()),
        new_field_spec=new_field,
    )
    session = signer.init_signing_session
    signer.init_signing_session = lambda *a, **k: _at(session(*a, **k), at)  # type: ignore[method-assign]
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    if apart:
        writer.root[pdf_name("/Perms")] = writer.add_object(generic.DictionaryObject())
    return signer.sign_pdf(writer).getvalue()


def _at(session, at: datetime):
    session.system_time = at
    return session


def ran(*command: str | Path) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


# --- The way of a paper


def test_the_leader_signs_the_clerk_numbers_and_the_body_seals():
    checked = check(sealed())
    assert checked.verdict == Verdict.VALID
    assert checked.sentence == "Chữ ký hợp lệ."
    first, second = checked.signatures
    assert (first.field, first.certificate.common_name, first.signed_at) == (LEADER, LEADERS_NAME, AT)
    assert (first.later, first.covers_all) == (("co-quan", "ngay", "so", "thang"), False)
    assert first.sentence == (
        "Trần Thị Giả Định (UBND xã Bịa Đặt) ký 09:00 ngày 12/06/2019, chứng thư do CA bịa đặt cấp. "
        "Chữ ký hợp lệ. Sau đó: điền số, ngày, tháng; ký thêm «co-quan»."
    )
    assert (second.field, second.covers_all, second.later) == (SEAL, True, ())
    assert second.sentence.startswith("UBND xã Bịa Đặt ký 09:00")


def test_another_reader_accepts_each_step(tmp_path):
    for step, count in ((signed(), 1), (numbered(), 1), (sealed(), 2)):
        (tmp_path / "a.pdf").write_bytes(step)
        said = ran("pdfsig", "-nocert", tmp_path / "a.pdf")
        assert said.count("Signature is Valid") == said.count("Signature Validation") == count, said
        assert "ETSI.CAdES.detached" in said


def test_number_and_day_are_read_where_they_belong(tmp_path):
    (tmp_path / "a.pdf").write_bytes(sealed())
    (tmp_path / "b.pdf").write_bytes(signed())
    assert "Số: 05/BC-UBND" in ran("pdftotext", "-layout", tmp_path / "a.pdf", "-")
    assert "ngày 03 tháng 02 năm 2019" in ran("pdftotext", "-layout", tmp_path / "a.pdf", "-")
    assert "05" not in ran("pdftotext", "-layout", tmp_path / "b.pdf", "-")


@pytest.mark.parametrize(
    ("given", "day", "month", "said"),
    [("12", 12, 3, "Số: 12/BC-UBND"), ("98765", 1, 12, "Số: 98765/BC-UBND"), ("5a", 1, 10, "Số: 5a/BC-UBND")],
)
def test_every_number_fits_its_room(tmp_path, given, day, month, said):
    (tmp_path / "a.pdf").write_bytes(number(signed(), number=given, day=day, month=month))
    text = " ".join(ran("pdftotext", "-layout", tmp_path / "a.pdf", "-").split())
    assert said in text.replace("Số:9", "Số: 9")  # five digits fill their room to its very edge
    assert f"ngày {day:02d} tháng {month} năm 2019" in text


def test_rooms_do_not_show_before_they_are_filled(tmp_path):
    (tmp_path / "a.pdf").write_bytes(printed().content)
    (tmp_path / "b.pdf").write_bytes(prepared())
    assert _page(tmp_path / "a.pdf").tobytes() == _page(tmp_path / "b.pdf").tobytes()


def test_the_signature_is_blue_in_its_room_and_the_seal_covers_its_left_third(tmp_path):
    (tmp_path / "a.pdf").write_bytes(sealed())
    page = _page(tmp_path / "a.pdf")
    spot = printed().spots["signature"]
    hand, seal = _box_mm(page, BLUE), _box_mm(page, RED)
    width = 2 * spot.height
    middle = spot.x + spot.width / 2
    assert hand == pytest.approx(
        (middle - width / 2, spot.y, middle + width / 2, spot.y + spot.height), abs=1
    )
    assert seal[2] - seal[0] == pytest.approx(36, abs=0.5)
    assert seal[2] - hand[0] == pytest.approx(width / 3, abs=1)
    assert (seal[1] + seal[3]) / 2 == pytest.approx((hand[1] + hand[3]) / 2, abs=0.5)


def _page(pdf: Path) -> Image.Image:
    ran("pdftoppm", "-r", "100", "-png", "-singlefile", pdf, pdf.with_suffix(""))
    return Image.open(pdf.with_suffix(".png")).convert("RGB")


def _box_mm(page: Image.Image, colour: tuple[int, int, int]) -> tuple[float, ...]:
    """What is of this colour, in millimetres from the upper left corner."""
    red, green, blue = ImageChops.difference(page, Image.new("RGB", page.size, colour)).split()
    far = ImageChops.lighter(ImageChops.lighter(red, green), blue)
    found = far.point(lambda level: 255 if level < 40 else 0).getbbox()
    assert found
    return tuple(side * 25.4 / 100 for side in found)


def test_a_reader_of_screens_comes_to_every_field(tmp_path):
    (tmp_path / "a.pdf").write_bytes(prepared())
    assert ran("pdfinfo", "-struct", tmp_path / "a.pdf").count("  Form") == 5
    fields = IncrementalPdfFileWriter(io.BytesIO(prepared())).root["/AcroForm"]["/Fields"]
    assert [field.get_object()["/TU"] for field in fields] == [
        "Số văn bản",
        "Ngày ban hành",
        "Tháng ban hành",
        "Chữ ký của người có thẩm quyền",
        "Chữ ký số của cơ quan",
    ]


def test_the_signatures_themselves_say_what_may_come_after():
    """To every reader, not to ours alone: rooms may be filled after the first, and are fixed by the second."""
    root = IncrementalPdfFileWriter(io.BytesIO(sealed())).root
    certified = root["/Perms"]["/DocMDP"]["/Reference"][0]
    assert certified["/TransformParams"]["/P"] == 2
    fixed = _field(IncrementalPdfFileWriter(io.BytesIO(sealed())), SEAL)["/V"]["/Reference"][0]
    assert sorted(fixed["/TransformParams"]["/Fields"]) == ["ngay", "so", "thang"]


def test_a_file_that_was_never_prepared_is_signed_without_a_picture():
    assert (
        check(sign(printed().content, leader(), field=LEADER, picture=None, at=AT)).verdict == Verdict.VALID
    )


# --- What breaks a signature


@pytest.mark.parametrize(("made", "tried"), [(signed, 160), (sealed, 40)], ids=["signed", "sealed"])
def test_no_single_byte_changes_unseen(made, tried):
    pdf = made()
    dice = random.Random(20190612)
    gap = pdf.rindex(b"/Contents <"), pdf.rindex(b">", 0, pdf.rindex(b"/ByteRange"))
    places = [at for at in dice.sample(range(len(pdf)), 2 * tried) if not gap[0] <= at <= gap[1]][:tried]
    assert len(places) == tried
    unseen = []
    for place in places:
        broken = bytearray(pdf)
        broken[place] ^= 1 << dice.randrange(8)
        if check(bytes(broken)).verdict in (Verdict.VALID, Verdict.UNTRUSTED):
            unseen.append(place)
    assert unseen == []


def _a_page(writer: IncrementalPdfFileWriter) -> None:
    pages = writer.root["/Pages"]
    page = generic.DictionaryObject(
        {
            pdf_name("/Type"): pdf_name("/Page"),
            pdf_name("/Parent"): writer.root.raw_get("/Pages"),
            pdf_name("/MediaBox"): generic.ArrayObject(map(generic.NumberObject, (0, 0, 595, 842))),
        }
    )
    pages["/Kids"].append(writer.add_object(page))
    pages["/Count"] = generic.NumberObject(2)
    writer.update_container(pages)


def _words_on_the_page(writer: IncrementalPdfFileWriter) -> None:
    stream = generic.StreamObject(stream_data=b"BT 1 0 0 rg 100 400 300 20 re f ET")
    writer.add_stream_to_page(0, writer.add_object(stream))


def _a_note(writer: IncrementalPdfFileWriter) -> None:
    note = {"/Type": pdf_name("/Annot"), "/Subtype": pdf_name("/Square")}
    note["/Rect"] = generic.ArrayObject(map(generic.NumberObject, (100, 400, 400, 420)))
    page = writer.find_page_for_modification(0)[0]
    writer.register_annotation(page, writer.add_object(generic.DictionaryObject(note)))


def _another_number(writer: IncrementalPdfFileWriter) -> None:
    field = _field(writer, "so")
    field[pdf_name("/V")] = generic.pdf_string("06")
    writer.update_container(field)


def _the_drawing_of_the_number(writer: IncrementalPdfFileWriter) -> None:
    drawing = _field(writer, "so")["/AP"]["/N"]
    drawing._data = drawing.data.replace(b"(05)", b"(06)")
    drawing._encoded_data = None
    writer.update_container(drawing)


def _a_signature_taken_off(writer: IncrementalPdfFileWriter) -> None:
    fields = writer.root["/AcroForm"]["/Fields"]
    fields.clear()
    writer.update_container(fields)


def _field(writer: IncrementalPdfFileWriter, name: str) -> generic.DictionaryObject:
    fields = writer.root["/AcroForm"]["/Fields"]
    return next(field for f in fields if (field := f.get_object())["/T"] == name)


CHANGES = [
    _a_page,
    _words_on_the_page,
    _a_note,
    _another_number,
    _the_drawing_of_the_number,
]


@pytest.mark.parametrize("made", [numbered, sealed], ids=["numbered", "sealed"])
@pytest.mark.parametrize("change", CHANGES, ids=[change.__name__ for change in CHANGES])
def test_what_is_changed_after_signing_is_found(made, change):
    checked = check(changed(made(), change))
    assert checked.verdict == Verdict.CHANGED
    assert checked.sentence == "Văn bản đã bị sửa sau khi ký."


def test_a_signature_taken_off_leaves_a_file_that_was_signed():
    checked = check(changed(signed(), _a_signature_taken_off))
    assert checked.verdict == Verdict.UNREADABLE
    assert "dấu vết của chữ ký" in checked.sentence


def test_only_rooms_of_the_paper_may_be_filled():
    """Who signs a paper with another open field has not signed what somebody writes into it."""

    def renamed(writer: IncrementalPdfFileWriter) -> None:
        _field(writer, "so")[pdf_name("/T")] = generic.pdf_string("so-tien")
        writer.update_container(_field(writer, "so-tien"))

    def filled(writer: IncrementalPdfFileWriter) -> None:
        _field(writer, "so-tien")[pdf_name("/V")] = generic.pdf_string("1.000.000")
        writer.update_container(_field(writer, "so-tien"))

    other = sign(changed(prepared(), renamed), leader(), field=LEADER, picture=None, at=AT)
    assert check(changed(other, filled)).verdict == Verdict.CHANGED


def test_a_hole_beside_the_signature_is_found():
    """Ranges that end one byte behind the file and leave one out beside the signature: as long as they should be."""
    pdf = bytearray(signed_elsewhere(prepared()))
    at = pdf.rindex(b"/ByteRange [") + len(b"/ByteRange [")
    end = pdf.index(b"]", at)
    _, length, start, rest = (int(n) for n in pdf[at:end].split())
    pdf[at:end] = (b"0 %d %d %d" % (length, start + 1, rest)).ljust(end - at)
    signer = SimpleSigner.load_pkcs12_data(a_holder(LEADERS_NAME).p12(), (), PASSPHRASE.encode())
    digest = hashlib.sha256(pdf[:length] + pdf[start + 1 :]).digest()
    made = asyncio.run(signer.async_sign(digest, "sha256", use_pades=True)).dump().hex().encode()
    pdf[length + 1 : start - 1] = made.ljust(start - length - 2, b"0")
    assert check(bytes(pdf)).verdict == Verdict.CHANGED


# --- Who signed


def test_whoever_is_not_vouched_for_is_not_trusted():
    stranger = Key.from_pkcs12(a_holder(by="CA khác").p12(), PASSPHRASE)
    checked = check(sign(prepared(), stranger, field=LEADER, picture=None, at=AT))
    assert checked.verdict == Verdict.UNTRUSTED
    assert checked.sentence == "Chữ ký đúng nhưng chưa tin cậy được nơi cấp chứng thư."
    assert verify(signed(), trusted=()).verdict == Verdict.UNTRUSTED


def test_a_chain_is_as_good_as_its_worst_signature():
    stranger = Key.from_pkcs12(a_holder(BODYS_NAME, by="CA khác").p12(), PASSPHRASE)
    checked = check(sign(numbered(), stranger, field=SEAL, picture=None, at=AT))
    assert checked.verdict == Verdict.UNTRUSTED
    assert [one.verdict for one in checked.signatures] == [Verdict.VALID, Verdict.UNTRUSTED]


@pytest.mark.parametrize("at", [UNTIL + timedelta(days=1), FROM - timedelta(days=1)])
def test_a_certificate_out_of_force_is_told(at):
    checked = check(signed_elsewhere(prepared(), at=at))
    assert checked.verdict == Verdict.OUT_OF_DATE
    assert not checked.signatures[0].in_force


def test_a_paper_nobody_signed_says_so():
    assert check(prepared()) == Checked(Verdict.NONE, "Không có chữ ký số.")


def test_a_check_goes_through_json_whole():
    for pdf in (sealed(), b"", changed(sealed(), _a_page)):
        checked = check(pdf)
        assert Checked.from_plain(json.loads(json.dumps(checked.as_plain()))) == checked


@pytest.mark.parametrize("shape", ["file", "folder"])
def test_trusted_certificates_are_read_from_where_the_setting_says(settings, tmp_path, shape):
    (tmp_path / "ca.pem").write_bytes(an_authority().pem + an_authority("CA khác").pem)
    (tmp_path / "doc.txt").write_text("không phải chứng thư")
    settings.TRUSTED_CERTIFICATES = str(tmp_path if shape == "folder" else tmp_path / "ca.pem")
    assert [one.dump() for one in trusted_certificates()] == [an_authority().der, an_authority("CA khác").der]


def test_nothing_is_trusted_in_silence(settings, tmp_path):
    assert trusted_certificates() == ()
    (tmp_path / "ca.pem").write_text("hỏng")
    for place in (tmp_path / "khong-co.pem", tmp_path):
        settings.TRUSTED_CERTIFICATES = str(place)
        with pytest.raises(NotAllowed, match="Sửa TIEPCAN_TRUSTED_CERTIFICATES"):
            trusted_certificates()


# --- Keys


@pytest.mark.parametrize(
    ("raw", "passphrase", "said"),
    [
        (a_holder().p12, "sai", "Mật khẩu của tệp khóa không đúng"),
        (lambda: b"\x30\x03abc", PASSPHRASE, "không phải là tệp .p12"),
        (lambda: b"", PASSPHRASE, "không phải là tệp .p12"),
        (lambda: a_holder().p12(with_private=False), PASSPHRASE, "không có khóa bí mật"),
    ],
    ids=["passphrase", "nonsense", "empty", "no key"],
)
def test_a_key_that_does_not_open_says_why(raw, passphrase, said):
    with pytest.raises(NotAllowed, match=said):
        Key.from_pkcs12(raw(), passphrase)


@pytest.mark.parametrize(
    ("holder", "at", "said"),
    [
        (lambda: a_holder(until=AT - timedelta(days=1)), AT, "đã hết hạn từ ngày 11/06/2019. Gia hạn"),
        (a_holder, FROM - timedelta(days=1), "chỉ có hiệu lực từ ngày 01/01/2019"),
        (lambda: a_holder(signs=False), AT, "không dùng để ký"),
    ],
    ids=["expired", "too early", "for encryption"],
)
def test_a_certificate_that_is_not_good_for_it_signs_nothing(holder, at, said):
    key = Key.from_pkcs12(holder().p12(), PASSPHRASE)
    with pytest.raises(NotAllowed, match=said):
        sign(prepared(), key, field=LEADER, picture=None, at=at)


def test_a_key_tells_whom_it_names_and_never_its_secret(caplog):
    caplog.set_level(logging.DEBUG)
    key = leader()
    sign(prepared(), key, field=LEADER, picture=None, at=AT)
    assert (key.owner, key.issuer) == ("Trần Thị Giả Định (UBND xã Bịa Đặt)", "CA bịa đặt")
    assert key.certificate.serial == f"{a_holder(LEADERS_NAME).certificate.serial_number:X}"
    assert (key.certificate.valid_from, key.certificate.valid_until) == (FROM, UNTIL)
    assert PASSPHRASE not in f"{key!r} {vars(key)} {caplog.text}"


@pytest.mark.parametrize(
    ("picture", "said"),
    [
        (lambda: b"\x89PNG hong", "không phải là tệp .png"),
        (lambda: _png(Image.new("RGB", (10, 10), "white")), "nền trong suốt"),
        (lambda: _png(Image.new("1", (5000, 4000))), "nhiều điểm ảnh quá"),
    ],
    ids=["broken", "opaque", "too many points"],
)
def test_a_picture_that_is_none_is_refused(picture, said):
    with pytest.raises(NotAllowed, match=said):
        sign(prepared(), leader(), field=LEADER, picture=picture(), at=AT)


@pytest.mark.parametrize(
    ("act", "said"),
    [
        (lambda: sign(signed(), leader(), field=LEADER, picture=None, at=AT), "đã có chữ ký"),
        (
            lambda: sign(printed().content, leader(), field=LEADER, picture=a_picture(BLUE), at=AT),
            "không có chỗ ký",
        ),
        (lambda: sign(b"%PDF-1.7", leader(), field=LEADER, picture=None, at=AT), "bị hỏng"),
        (lambda: number(numbered(), number="6", day=1, month=1), "đã có số và ngày"),
        (lambda: number(printed().content, number="6", day=1, month=1), "không có chỗ trống"),
        (lambda: number(signed(), number="6)Tj", day=1, month=1), "chỉ được gồm chữ số"),
        (lambda: number(signed(), number="6", day=32, month=1), "Không có ngày 32"),
        (lambda: prepare(prepared(), printed().spots), "đã có biểu mẫu"),
        (
            lambda: prepare(printed().content, {"number": replace(printed().spots["number"], page=9)}),
            "trang 9",
        ),
        (
            lambda: sign(
                signed_elsewhere(prepared(), permits=MDPPerm.NO_CHANGES),
                body(),
                field=SEAL,
                picture=None,
                at=AT,
            ),
            "không cho thêm gì",
        ),
    ],
)
def test_what_cannot_be_signed_or_numbered_is_refused_with_a_sentence(act, said):
    with pytest.raises(NotAllowed, match=said):
        act()


# --- Keys inside a token


@pytest.fixture(scope="module")
def token(tmp_path_factory) -> Iterator[str]:
    """A token of software with the leader's key in it."""
    folder = tmp_path_factory.mktemp("token")
    (folder / "tokens").mkdir()
    (folder / "softhsm2.conf").write_text(
        f"directories.tokendir = {folder}/tokens\nobjectstore.backend = file\n"
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOFTHSM2_CONF", str(folder / "softhsm2.conf"))
        ran(
            "softhsm2-util",
            "--init-token",
            "--free",
            "--label",
            "lanh-dao",
            "--pin",
            "123456",
            "--so-pin",
            "654321",
        )
        library = pkcs11.lib(SOFTHSM)
        library.reinitialize()
        with library.get_token(token_label="lanh-dao").open(user_pin="123456", rw=True) as session:
            _put(session, a_holder(LEADERS_NAME), b"\x01", "ky-so")
        yield "lanh-dao"


def _put(session: pkcs11.Session, holder: Holder, identifier: bytes, label: str) -> None:
    named = {pkcs11.Attribute.ID: identifier, pkcs11.Attribute.LABEL: label, pkcs11.Attribute.TOKEN: True}
    private = decode_rsa_private_key(holder.pkcs1_der, pkcs11.MechanismFlag.SIGN)
    session.create_object({**private, **named})
    session.create_object({**decode_x509_certificate(holder.der), **named})


def test_a_key_inside_a_token_signs(token):
    with Key.from_token(SOFTHSM, token, "123456") as key:
        made = sign(prepared(), key, field=LEADER, picture=a_picture(BLUE), at=AT)
    checked = check(made)
    assert checked.verdict == Verdict.VALID
    assert checked.signatures[0].certificate.common_name == LEADERS_NAME
    with Key.from_token(SOFTHSM, token, "123456", certificate="ky-so"):
        """The token was let go of, and a label chooses."""


@pytest.mark.parametrize(
    ("module", "label", "pin", "certificate", "said"),
    [
        ("/khong/co.so", "lanh-dao", "123456", "", "Không nạp được thư viện PKCS#11 /khong/co.so"),
        (SOFTHSM, "khac", "123456", "", "Không thấy thiết bị tên «khac»"),
        (SOFTHSM, "lanh-dao", "000000", "", "Mã PIN của thiết bị «lanh-dao» không đúng"),
        (SOFTHSM, "lanh-dao", "123456", "khac", "không có khóa bí mật kèm chứng thư số như đã chọn"),
    ],
    ids=["library", "token", "PIN", "certificate"],
)
def test_a_token_that_does_not_open_says_why(token, module, label, pin, certificate, said):
    with pytest.raises(NotAllowed, match=said) as refused:
        Key.from_token(module, label, pin, certificate=certificate)
    assert pin not in str(refused.value)
    Key.from_token(SOFTHSM, token, "123456").close()  # whatever was refused, nobody stays logged in


def test_a_token_does_two_things_after_each_other(token):
    with Key.from_token(SOFTHSM, token, "123456"), pytest.raises(NotAllowed, match="đang ký văn bản khác"):
        Key.from_token(SOFTHSM, token, "123456")


def test_who_has_two_certificates_chooses(token):
    with pkcs11.lib(SOFTHSM).get_token(token_label=token).open(user_pin="123456", rw=True) as session:
        _put(session, a_holder("Trần Thị Giả Định (khác)"), b"\x02", "ky-khac")
    with pytest.raises(NotAllowed, match=r"nhiều chứng thư số: .*«ky-so».*Chọn một"):
        Key.from_token(SOFTHSM, token, "123456")
    with Key.from_token(SOFTHSM, token, "123456", certificate="ky-khac") as key:
        assert key.certificate.common_name == "Trần Thị Giả Định (khác)"


# --- A paper signed elsewhere and brought back


def test_a_paper_signed_with_another_program_is_the_same_paper():
    for returned in (
        signed(),
        signed_elsewhere(prepared()),
        signed_elsewhere(prepared(), permits=MDPPerm.FILL_FORMS),
        signed_elsewhere(prepared(), permits=MDPPerm.FILL_FORMS, apart=True),
        signed_elsewhere(
            prepared(), field="Signature1", new_field=SigFieldSpec("Signature1", box=(300, 300, 450, 350))
        ),
    ):
        assert same_here(prepared(), returned) == ""
        assert verify(number(returned, number="5", day=3, month=2), trusted=()).verdict == Verdict.UNTRUSTED
    assert same_document(prepared(), signed()) == ""
    assert same_here(numbered(), sealed()) == ""


@pytest.mark.parametrize(
    ("returned", "said"),
    [
        (prepared, "chưa được ký"),
        (lambda: signed()[:-2000], "hỏng|không đọc được|đã bị sửa|không có chữ ký mới"),
        (lambda: b"%PDF-1.7 hong", "không phải văn bản đã trình ký"),
        (
            lambda: sign(printed().content, leader(), field=LEADER, picture=None, at=AT),
            "không phải văn bản đã trình",
        ),
        (lambda: changed(prepared(), _a_page), "không có chữ ký mới"),
        (lambda: signed_elsewhere(changed(prepared(), _a_page)), "còn bị sửa nội dung"),
        (lambda: signed_elsewhere(changed(prepared(), _words_on_the_page)), "còn bị sửa nội dung"),
        (lambda: signed_elsewhere(changed(prepared(), _another_number)), "còn bị sửa nội dung"),
        (lambda: changed(signed(), _a_page), "đã bị sửa sau khi ký"),
        (numbered, "còn bị thêm nội dung"),
        (lambda: signed_elsewhere(prepared(), permits=MDPPerm.NO_CHANGES), "đã khóa cả văn bản"),
        (lambda: signed_elsewhere(prepared(), field=SEAL), "đã khóa cả văn bản"),
        (lambda: signed_elsewhere(prepared(), at=UNTIL + timedelta(days=1)), "không có hiệu lực vào lúc ký"),
    ],
)
def test_a_paper_that_is_another_one_is_refused(returned, said):
    wrong = same_here(prepared(), returned())
    assert wrong
    assert re.search(said, wrong), wrong


# --- Files that nobody should have sent


def _form(*objects: str) -> bytes:
    """A .pdf of one page with a form; `objects` from number 5 on are what the form is about."""
    bodies = [
        "<</Type/Catalog/Pages 2 0 R/AcroForm 4 0 R>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>",
        "<</Fields[5 0 R]/SigFlags 3>>",
        *objects,
    ]
    out, places = b"%PDF-1.7\n", []
    for place, said in enumerate(bodies, start=1):
        places.append(len(out))
        out += f"{place} 0 obj\n{said}\nendobj\n".encode("latin-1")
    table = "".join(f"{at:010d} 00000 n \n" for at in places)
    return (
        out
        + (
            f"xref\n0 {len(bodies) + 1}\n0000000000 65535 f \n{table}"
            f"trailer\n<</Size {len(bodies) + 1}/Root 1 0 R>>\nstartxref\n{len(out)}\n%%EOF\n"
        ).encode()
    )


def _value(said: str) -> bytes:
    return _form("<</FT/Sig/T(a)/V 6 0 R>>", said)


def _locked(user: str) -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out, encrypt=StandardEncryption(user, "chu-so-huu", canPrint=0))
    canvas.drawString(100, 100, "x")
    canvas.save()
    return out.getvalue()


HOSTILE = {
    "empty": lambda: b"",
    "garbage": lambda: random.Random(1).randbytes(5000),
    "half": lambda: sealed()[: len(sealed()) // 2],
    "head alone": lambda: b"%PDF-1.7\n%%EOF",
    "with a password": lambda: _locked("bi-mat"),
    "a form in circles": lambda: _form("<</T(a)/Kids[6 0 R]>>", "<</T(b)/Parent 5 0 R/Kids[5 0 R]>>"),
    "a value that is itself": lambda: _form("<</FT/Sig/T(a)/V 5 0 R>>"),
    "no ranges": lambda: _value("<</Type/Sig/SubFilter/ETSI.CAdES.detached/Contents<00>>>"),
    "ranges of words": lambda: _value("<</Type/Sig/ByteRange[(a)(b)(c)(d)]/Contents<30030201>>>"),
    "ranges beyond": lambda: _value("<</Type/Sig/ByteRange[0 -5 99999999999 9]/Contents<3000>>>"),
    "a range that never ends": lambda: _value(f"<</Type/Sig/ByteRange[{'0 1 ' * 5000}]/Contents<3000>>>"),
    "contents of nonsense": lambda: _value(f"<</Type/Sig/ByteRange[0 9 9 9]/Contents<{'ff' * 900}>>>"),
    "deep": lambda: _value("[" * 20_000 + "]" * 20_000),
    "a name of controls": lambda: _form("<</FT/Sig/T(\x1b[31m\r\n)/V 6 0 R>>", "<</Type/Sig>>"),
    "a thousand signatures": lambda: _form(
        "<</T(a)/Kids[" + "7 0 R " * 1000 + "]>>", "<<>>", "<</FT/Sig/T(b)/V 6 0 R>>"
    ),
    "fields of another kind": lambda: _form("(x)"),
}


@pytest.mark.parametrize("made", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_file_gets_a_verdict_and_says_nothing_to_the_log(made, caplog):
    checked = check(made())
    assert checked.verdict in (Verdict.UNREADABLE, Verdict.CHANGED, Verdict.NONE)
    assert checked.sentence
    assert caplog.text == ""


def test_a_file_of_countless_signatures_is_not_looked_into():
    assert "quá 30 chữ ký" in check(HOSTILE["a thousand signatures"]()).sentence


def test_a_file_locked_by_its_owner_alone_is_read():
    assert check(_locked("")).verdict == Verdict.NONE
    assert "đặt mật khẩu" in check(_locked("bi-mat")).sentence


@pytest.mark.parametrize("name", ["garbage", "deep", "ranges beyond"])
def test_strangers_files_are_checked_in_a_child(name):
    assert verify_limited(HOSTILE[name](), ()).verdict in (Verdict.UNREADABLE, Verdict.CHANGED)


def test_a_child_finds_what_we_find():
    assert verify_limited(sealed(), [an_authority().root]) == check(sealed())


def test_what_takes_too_much_ends_in_a_sentence():
    assert "lớn quá 30 MB" in verify_limited(bytes(LARGEST_FILE + 1), ()).sentence
    assert "lớn quá 30 MB" in same_document(prepared(), bytes(LARGEST_FILE + 1))


def test_the_child_is_limited_before_it_reads_a_byte():
    read, write = os.pipe()
    with open(read, "rb") as stdin, open(write, "wb"):
        child = start("tiepcan.paperwork.signatures.child", ["verify", "1"], stdin)
        try:
            limits = Path(f"/proc/{child.pid}/limits")
            for _ in range(200):
                said = limits.read_text()
                if re.search(rf"Max cpu time +{CPU_SECONDS} ", said):
                    break
                time.sleep(0.05)
            assert re.search(rf"Max cpu time +{CPU_SECONDS} ", said)
            assert re.search(rf"Max address space +{MEMORY} ", said)
        finally:
            child.kill()
            child.communicate()


# --- At the console


def test_a_signature_is_checked_at_the_console(settings, tmp_path, capsys):
    (tmp_path / "ca.pem").write_bytes(an_authority().pem)
    settings.TRUSTED_CERTIFICATES = str(tmp_path / "ca.pem")
    file = tmp_path / "a.pdf"
    for pdf, code, said in (
        (sealed(), 0, "Chữ ký hợp lệ.\nnguoi-ky: Trần Thị Giả Định"),
        (changed(sealed(), _a_page), 1, "đã bị sửa"),
        (prepared(), 1, "Không có chữ ký số."),
        (b"", 2, "không đọc được"),
    ):
        file.write_bytes(pdf)
        with pytest.raises(SystemExit) as ended:
            call_command("verify_signature", str(file))
        assert ended.value.code == code
        assert said in capsys.readouterr().out
    with pytest.raises(CommandError, match="Không mở được") as missing:
        call_command("verify_signature", str(tmp_path / "khong-co.pdf"))
    assert missing.value.returncode == 2


def test_the_console_answers_a_machine(settings, tmp_path, capsys):
    (tmp_path / "a.pdf").write_bytes(signed())
    with pytest.raises(SystemExit):
        call_command("verify_signature", str(tmp_path / "a.pdf"), "--json")
    assert Checked.from_plain(json.loads(capsys.readouterr().out)) == verify(signed(), trusted=())


def test_a_paper_is_signed_at_the_console(tmp_path, monkeypatch, capsys):
    paper, key, out = tmp_path / "a.pdf", tmp_path / "k.p12", tmp_path / "b.pdf"
    paper.write_bytes(prepared())
    key.write_bytes(a_holder(LEADERS_NAME).p12())
    monkeypatch.setattr("sys.stdin", io.StringIO(PASSPHRASE + "\n"))
    call_command("sign_pdf", str(paper), "--key", str(key), "--out", str(out))
    assert "Trần Thị Giả Định (UBND xã Bịa Đặt) đã ký" in capsys.readouterr().out
    assert check(out.read_bytes()).verdict == Verdict.VALID
    monkeypatch.setattr("sys.stdin", io.StringIO("sai\n"))
    with pytest.raises(CommandError, match="Mật khẩu của tệp khóa không đúng"):
        call_command("sign_pdf", str(paper), "--key", str(key), "--out", str(out))
    paper.write_bytes(changed(signed(), _a_page))
    with pytest.raises(CommandError, match=r"đã bị sửa sau khi ký\. Không ký thêm"):
        call_command("sign_pdf", str(paper), "--key", str(key), "--field", SEAL, "--out", str(out))
    with pytest.raises(CommandError, match="Thêm --module"):
        call_command("sign_pdf", str(paper), "--token", "x", "--out", str(out))
