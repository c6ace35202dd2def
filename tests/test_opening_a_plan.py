"""From an uploaded paper to an open plan: nothing is guessed in silence, nothing is left behind."""

import io
import uuid
import zipfile
from datetime import date
from functools import cache, partial
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.core.management.base import CommandError
from django.urls import reverse
from lxml import html

from tests.factories import a_client, a_draft, a_person, a_plan, a_unit, confirm_all, the_city
from tests.pages import text_of
from tests.papers import writers
from tests.papers.truth import ROWS, Truth
from tiepcan.accounts.roles import Role
from tiepcan.common.refusals import NotAllowed, Stale
from tiepcan.config.demonstration import plan_146
from tiepcan.intake.document import LARGEST_FILE
from tiepcan.plans import actions
from tiepcan.plans.drafts import reading_of
from tiepcan.plans.models import (
    AppendixRow,
    Draft,
    DraftState,
    Milestone,
    MilestoneKind,
    Paper,
    Plan,
    Target,
    Version,
)
from tiepcan.units.models import Unit

pytestmark = pytest.mark.django_db

MISSPELT = Truth(rows=[*ROWS[:3], ("Phường Ngọc Trao", 7, 1, None), *ROWS[4:]])
WRONG_TOTAL = Truth(printed=(300, 57, 7))
UNKNOWN_UNIT = Truth(rows=[*ROWS[:3], ("Phường Không Có Thật", 7, 1, None), *ROWS[4:]])
MISSING_ROW = Truth(rows=[*ROWS[:4], *ROWS[5:]], orders=[1, 2, 3, 4, 6, 7, 8, 9, 10], printed=(299, 57, 7))


@pytest.fixture
def coordinator():
    return a_person(Role.COORDINATOR)


@pytest.fixture
def client(coordinator):
    return a_client(coordinator)


def send(client, raw: bytes, name: str, *, id=None, amends: Plan | None = None):
    query = f"?dieu-chinh={amends.pk}" if amends else ""
    return client.post(
        reverse("plans:upload") + query,
        {"id": id or uuid.uuid4(), "file": SimpleUploadedFile(name, raw)},
    )


def files_below(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


# ---- the upload


def zipped(entries: dict[str, bytes], *, flags: int = 0) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    raw = out.getvalue()
    if flags:
        at = raw.index(b"PK\x01\x02")
        raw = raw[: at + 8] + flags.to_bytes(2, "little") + raw[at + 10 :]
    return raw


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
REFUSED = {
    "empty": (lambda: b"", "rong.docx", "Tệp trống."),
    "blanks alone": (lambda: b" \n\t ", "rong.txt", "Tệp trống."),
    "cut in the middle": (lambda: writers.docx(Truth())[0][:3000], "kh.docx", "Tệp bị hỏng, không mở được."),
    "a docx with a broken part": (
        lambda: zipped({"word/document.xml": b"<not xml"}), "kh.docx", "Tệp bị hỏng hoặc khác với đuôi tên",
    ),
    "a broken pdf": (lambda: b"%PDF-1.7\nnothing that follows", "kh.pdf", "Tệp bị hỏng"),
    "a bomb": (
        lambda: zipped({"word/document.xml": bytes(160 * 2**20)}), "kh.docx", "quá nhiều dữ liệu so với một văn bản",
    ),
    "thousands of parts": (
        lambda: zipped({f"word/{n}.xml": b"" for n in range(2001)}), "kh.docx", "quá nhiều dữ liệu",
    ),
    "a zip with a password": (
        lambda: zipped({"word/document.xml": b"x"}, flags=1), "kh.docx", "Tệp có mật khẩu.",
    ),
    "a docx with a password": (
        lambda: OLE + "EncryptedPackage".encode("utf-16-le") + bytes(400), "kh.docx", "Tệp có mật khẩu.",
    ),
    "too large": (lambda: b"a" * (LARGEST_FILE + 1), "kh.txt", "Tệp nặng hơn 30 MB."),
    "a photo under the name of a paper": (
        lambda: b"\xff\xd8\xff\xe0" + bytes(range(256)) * 20, "kh.docx", "Không phải tệp văn bản.",
    ),
    "an archive": (lambda: zipped({"a.txt": b"a"}), "kh.zip", "Đây là tệp nén"),
    "an old .doc": (
        lambda: OLE + "WordDocument".encode("utf-16-le") + bytes(400), "kh.doc", "tệp .doc của Word đời cũ",
    ),
    "rtf": (lambda: b"{\\rtf1 ke hoach}", "kh.docx", "RTF hoặc trang web"),
    "a web page": (lambda: b"<!DOCTYPE html><p>x", "kh.txt", "RTF hoặc trang web"),
}  # fmt: skip


@pytest.mark.parametrize(("make", "name", "sentence"), REFUSED.values(), ids=REFUSED)
def test_a_file_that_cannot_be_read_is_refused_with_a_sentence_and_leaves_nothing(
    client, tmp_path, make, name, sentence
):
    answer = send(client, make(), name)

    assert answer.status_code == 200
    page = html.fromstring(answer.content)
    [summary] = page.xpath("//*[@role='alert']")
    assert sentence in " ".join(summary.text_content().split())
    assert page.xpath("//*[@role='alert']//a/@href") == ["#id_file"]
    assert page.xpath("//title")[0].text.startswith("Lỗi:")
    assert not Paper.objects.exists()
    assert not Draft.objects.exists()
    assert files_below(tmp_path / "files") == []


def test_no_file_at_all_is_said(client):
    answer = client.post(reverse("plans:upload"), {"id": uuid.uuid4()})
    assert "Chưa chọn tệp văn bản." in text_of(answer)


def test_a_scan_is_said_to_be_one_and_opens_nothing(client, coordinator):
    answer = client.get(send(client, *writers.scanned_pdf()).url)
    assert "không có chữ" in text_of(answer) or "bản chụp" in text_of(answer).lower()
    draft = Draft.objects.get()
    with pytest.raises(NotAllowed):
        actions.open_plan(draft=draft, version=draft.version, by=coordinator)


def test_the_same_file_twice_leads_to_the_draft_that_it_made(client, tmp_path):
    raw, name = writers.utf8(Truth())
    first = send(client, raw, name)
    second = send(client, raw, "ten-khac.txt")

    assert first.url == second.url
    assert Draft.objects.count() == Paper.objects.count() == 1
    assert len(files_below(tmp_path / "files")) == 1


def test_a_form_sent_twice_makes_one_draft(coordinator, tmp_path, monkeypatch):
    raw, name = writers.utf8(Truth())
    key = uuid.uuid4()
    send_it = partial(actions.receive, id=key, raw=raw, name=name, unit=the_city(), by=coordinator)
    first = send_it()
    # The second press looked for the file before the first had written it.
    monkeypatch.setattr(Draft.objects.__class__, "exclude", lambda self, **_: Draft.objects.none())
    assert send_it().pk == first.pk
    assert Paper.objects.count() == 1
    assert len(files_below(tmp_path / "files")) == 1


def test_a_form_used_for_another_file_is_refused_and_keeps_nothing(coordinator, tmp_path):
    draft = a_draft(by=coordinator)
    raw, name = writers.utf8(MISSPELT)
    with pytest.raises(NotAllowed, match="đã gửi một tệp khác"):
        actions.receive(id=draft.pk, raw=raw, name=name, unit=the_city(), by=coordinator)
    assert Paper.objects.count() == 1
    assert len(files_below(tmp_path / "files")) == 1


def test_a_dropped_file_may_be_uploaded_again(client, coordinator):
    draft = a_draft(by=coordinator)
    client.post(reverse("plans:draft_drop", args=[draft.pk]), {"version": draft.version})
    draft.refresh_from_db()
    assert draft.state == DraftState.DROPPED

    raw, name = writers.utf8(Truth())
    assert str(draft.pk) not in send(client, raw, name).url


def test_only_the_coordinator_uploads():
    for role in (Role.OFFICER, Role.LEADER, Role.VERIFIER):
        person = a_person(role)
        with pytest.raises(NotAllowed, match="người điều phối"):
            actions.receive(id=uuid.uuid4(), raw=b"x", name="x.txt", unit=the_city(), by=person)


def test_the_uploaded_file_comes_back_as_it_was(client):
    raw, name = writers.docx(Truth())
    send(client, raw, name)
    answer = client.get(reverse("plans:draft_file", args=[Draft.objects.get().pk]))
    assert b"".join(answer.streaming_content) == raw
    assert answer["Content-Disposition"].startswith("attachment")


# ---- the reader's page


def dangling(response) -> set[str]:
    """Links inside the page that lead nowhere, and ids that stand twice."""
    page = html.fromstring(response.content)
    ids = page.xpath("//@id")
    wanted = {href[1:] for href in page.xpath("//a/@href") if href.startswith("#")}
    return (wanted - set(ids)) | {one for one in ids if ids.count(one) > 1}


FORMATS = {
    "txt": writers.utf8,
    "docx": writers.docx,
    "docx, head in a table": partial(writers.docx, head_in_table=True),
    "docx, two pages": partial(writers.docx, pages=2),
    "pdf": writers.pdf,
    "xlsx": writers.xlsx,
    "the demonstration": lambda _: (plan_146.paper(), plan_146.FILE_NAME),
}


@pytest.mark.parametrize("write", FORMATS.values(), ids=FORMATS)
def test_the_page_shows_the_paper_with_a_mark_for_every_value(client, write):
    answer = client.get(send(client, *write(MISSPELT)).url)

    page = html.fromstring(answer.content)
    [paper] = page.xpath("//article[contains(@class, 'doc')]")
    assert dangling(answer) == set()
    values = page.xpath("//a[starts-with(@href, '#m-')]/@href")
    marks = set(paper.xpath(".//a[starts-with(@href, '#v-')]/@href"))
    assert len(values) > len(ROWS) + 8
    assert {value.replace("#m-", "#v-") for value in values} == marks, "each value is marked where it stands"
    assert "Nguyễn" in paper.text_content()


def test_nothing_dangles_after_items_were_added_and_dropped(client, coordinator):
    draft = a_draft(MISSPELT, by=coordinator)
    change(draft, coordinator, "duty/0", {"dropped": True})
    change(draft, coordinator, "duty/them-9", {"organisation": "Văn phòng", "text": "Đăng tin"})
    change(draft, coordinator, "head/0", None)
    answer = client.get(reverse("plans:draft", args=[draft.pk]))
    assert "Đăng tin" in text_of(answer)
    assert dangling(answer) == set()


# ---- doubts and errors


def change(draft: Draft, by, key: str, values) -> None:
    actions.correct(draft=draft, key=key, values=values, version=draft.version, by=by)


def open_it(draft: Draft, by, **more) -> Plan:
    return actions.open_plan(draft=draft, version=draft.version, by=by, **more)


def test_a_doubt_waits_until_a_person_confirms_it(client, coordinator):
    draft = a_draft(MISSPELT, by=coordinator)
    [doubt] = reading_of(draft).waiting
    assert doubt.code == "unit_name_corrected"
    with pytest.raises(NotAllowed, match="Còn 1 điểm cần xác nhận"):
        open_it(draft, coordinator)
    page = client.get(reverse("plans:draft", args=[draft.pk]))
    assert "Còn 1 điểm anh/chị cần xác nhận" in text_of(page)

    client.post(reverse("plans:draft_answer", args=[draft.pk, doubt.key]), {"version": draft.version})

    draft.refresh_from_db()
    assert draft.answers[doubt.key]["by"] == coordinator.full_name
    assert reading_of(draft).may_open
    assert coordinator.full_name in text_of(client.get(reverse("plans:draft", args=[draft.pk])))


def test_an_answer_can_be_taken_back_and_the_doubt_waits_again(client, coordinator):
    draft = a_draft(MISSPELT, by=coordinator)
    [doubt] = reading_of(draft).waiting
    confirm_all(draft, coordinator)
    client.post(
        reverse("plans:draft_answer", args=[draft.pk, doubt.key]), {"version": draft.version, "bo": "1"}
    )
    draft.refresh_from_db()
    assert reading_of(draft).waiting == [doubt]


def test_an_error_of_the_paper_stands_only_with_a_reason(client, coordinator):
    draft = a_draft(WRONG_TOTAL, by=coordinator)
    [error] = reading_of(draft).waiting
    assert error.code == "total_differs"
    address = reverse("plans:draft_answer", args=[draft.pk, error.key])

    said = client.post(address, {"version": draft.version, "reason": "  "}, follow=True)
    assert "Ghi lý do giữ nguyên như bản in." in text_of(said)
    draft.refresh_from_db()
    assert draft.answers == {}

    client.post(address, {"version": draft.version, "reason": "bản đã ký in như vậy"})
    draft.refresh_from_db()
    assert reading_of(draft).may_open
    assert Version.objects.count() == 0
    assert open_it(draft, coordinator).versions.count() == 1


def test_a_sum_stands_as_printed_only_when_every_error_about_sums_is_answered(client, coordinator):
    draft = a_draft(Truth(printed=(299, 58, 7), body=(60, 7)), by=coordinator)
    page = reverse("plans:draft", args=[draft.pk])
    total, body = reading_of(draft).waiting
    assert {total.code, body.code} == {"total_differs", "body_table_conflict"}

    actions.answer(draft=draft, finding=total.key, reason="như in", version=draft.version, by=coordinator)
    assert "Lệch, giữ như bản in" not in text_of(client.get(page))

    actions.answer(draft=draft, finding=body.key, reason="như in", version=draft.version, by=coordinator)
    assert "Lệch, giữ như bản in" in text_of(client.get(page))


def test_a_printed_total_of_zero_agrees_with_a_column_left_blank(client, coordinator):
    draft = a_draft(Truth(rows=[(*row[:3], None) for row in ROWS], body=(57, 0)), by=coordinator)
    change(draft, coordinator, "aim/1", {"dropped": True})
    assert reading_of(draft).waiting == []
    assert "Lệch" not in text_of(client.get(reverse("plans:draft", args=[draft.pk])))


def test_a_unit_that_nobody_knows_must_be_corrected(client, coordinator):
    draft = a_draft(UNKNOWN_UNIT, by=coordinator)
    [error] = reading_of(draft).waiting
    assert error.code == "unit_unknown"
    with pytest.raises(NotAllowed, match="Phải sửa chỗ này"):
        actions.answer(draft=draft, finding=error.key, reason="cứ mở", version=draft.version, by=coordinator)

    answer = client.post(
        reverse("plans:draft_item", args=[draft.pk, "row", "3"]),
        {
            "version": draft.version,
            **row_values("Phường Không Có Thật", a_unit("Ngọc Trạo"), 7, 1, "", row=4),
        },
    )

    assert answer.status_code == 302
    draft.refresh_from_db()
    read = reading_of(draft)
    assert read.may_open
    assert read.reading.units[3].unit == a_unit("Ngọc Trạo").pk
    assert read.reading.units[3].name == "Phường Không Có Thật", (
        "the printed name stays what the paper prints"
    )


def row_values(name: str, unit: Unit, poor, telecom, asset, **more) -> dict:
    return {
        "name": name, "unit": unit.pk, "poor_households": poor,
        "telecom_service": telecom, "information_asset": asset, **more,
    }  # fmt: skip


# ---- corrections


def test_a_corrected_row_is_added_up_anew(client, coordinator):
    truth = Truth(rows=[("Phường Hàm Rồng", 31, 6, None), *ROWS[1:]], printed=(299, 57, 7))
    draft = a_draft(truth, by=coordinator)
    assert {f.code for f in reading_of(draft).waiting} == {"total_differs", "body_table_conflict"}

    client.post(
        reverse("plans:draft_item", args=[draft.pk, "row", "0"]),
        {"version": draft.version, **row_values("Phường Hàm Rồng", a_unit(), 31, 5, "", row=1)},
    )

    draft.refresh_from_db()
    read = reading_of(draft)
    assert read.reading.summed.telecom_service == 57
    assert read.may_open


ITEMS = {
    "aim": {"indicator": "telecom_service", "value": "57"},
    "basis": {"kind": "Nghị quyết", "number": "9", "symbol": "NQ-HĐND", "issued_on": "02/01/2019",
              "issuer": "HĐND thành phố", "subject": "Nhiệm vụ năm 2019"},
    "row": {"name": "Phường Trường Thi", "unit": "phuong-truong-thi-14764", "row": "11",
            "poor_households": "4", "telecom_service": "0", "information_asset": ""},
    "deadline": {"due_before": "30/12/2019", "audience": "UBND các phường, xã", "what": "Gửi danh sách"},
    "duty": {"organisation": "Văn phòng HĐND và UBND", "text": "Đăng tin về giảm nghèo"},
    "recipient": {"text": "Báo Thanh Hóa"},
}  # fmt: skip
ANY_KEY = {"aim": "targets", "basis": "legal_bases", "row": "units", "deadline": "deadlines", "duty": "duties",
           "recipient": "recipients"}  # fmt: skip


@pytest.fixture
def draft(coordinator):
    return a_draft(by=coordinator)


def item_address(draft: Draft, section: str, name: str) -> str:
    return reverse("plans:draft_item", args=[draft.pk, section, name])


def items_of(draft: Draft, section: str) -> list:
    draft.refresh_from_db()
    return list(getattr(reading_of(draft).reading, ANY_KEY[section]))


@pytest.mark.parametrize("section", ITEMS)
def test_an_item_is_added_changed_dropped_and_brought_back(client, draft, section):
    first = Unit.objects.filter(name="Trường Thi", parent=the_city(), valid_from=None).get()
    typed = ITEMS[section] | ({"unit": first.pk} if section == "row" else {})
    before = items_of(draft, section)

    form = client.get(item_address(draft, section, "them"))
    assert "Thêm:" in text_of(form)
    added = client.post(item_address(draft, section, "them"), {"version": draft.version, **typed})
    assert added.status_code == 302, text_of(added)
    after = items_of(draft, section)
    assert after[:-1] == before
    assert after[-1].source.where == "nhập tay"
    assert client.get(added.url).status_code == 200

    [name] = [key.split("/")[1] for key in draft.corrections]
    assert not name.isdigit(), "an added item is never taken for one of the paper"
    client.post(item_address(draft, section, name), {"version": draft.version, "bo": "1"})
    assert items_of(draft, section) == before

    client.post(item_address(draft, section, "0"), {"version": draft.version, "bo": "1"})
    assert items_of(draft, section) == before[1:]
    # What was dropped by mistake comes back, from the page itself.
    page = html.fromstring(client.get(reverse("plans:draft", args=[draft.pk])).content)
    assert page.xpath(f"//form[@action='{item_address(draft, section, '0')}']//button[@name='tra-lai']")
    back = client.post(item_address(draft, section, "0"), {"version": draft.version, "tra-lai": "1"})
    assert back.status_code == 302
    assert items_of(draft, section) == before


@pytest.mark.parametrize("section", ITEMS)
def test_an_item_says_what_is_wrong_with_it_and_keeps_what_was_typed(client, draft, section):
    wrong = {"row": {"poor_households": "ba mươi"}, "deadline": {"due_before": "31/02/2019"},
             "basis": {"issued_on": "tháng giêng"}, "aim": {"value": "-4"}}.get(section, {})  # fmt: skip
    answer = client.post(
        item_address(draft, section, "0"),
        {"version": draft.version, **dict.fromkeys(ITEMS[section], "")} | wrong,
    )
    assert answer.status_code == 200
    page = html.fromstring(answer.content)
    lines = page.xpath("//*[@role='alert']//a/@href")
    assert lines
    assert all(page.xpath(f"//*[@id='{line[1:]}']") for line in lines)
    for name, value in wrong.items():
        assert page.xpath(f"//*[@name='{name}']/@value") == [value]
    draft.refresh_from_db()
    assert draft.corrections == {}


@pytest.mark.parametrize(
    ("section", "values", "says"),
    [
        ("head", {"number": "88", "symbol": "KH-UBND", "kind": "Kế hoạch", "issued_on": "05/03/2019", "place": "",
                  "issuer": "", "title": "Đưa dịch vụ đến hộ nghèo", "year": "2019"}, "Đưa dịch vụ đến hộ nghèo"),
        ("signatory", {"name": "Lê Thị Giả Định", "position": "PHÓ CHỦ TỊCH", "authority": "KT. CHỦ TỊCH"},
         "KT. CHỦ TỊCH, PHÓ CHỦ TỊCH, Lê Thị Giả Định"),
        ("printed", {"poor_households": "298", "telecom_service": "57", "information_asset": "7"}, "298"),
    ],
)  # fmt: skip
def test_what_stands_once_is_corrected_and_put_back_but_never_dropped(client, draft, section, values, says):
    address = item_address(draft, section, "0")
    assert client.get(address).status_code == 200
    client.post(address, {"version": draft.version, **values})
    draft.refresh_from_db()
    page = client.get(reverse("plans:draft", args=[draft.pk]))
    assert says in text_of(page)
    assert 'name="bo"' not in client.get(address).content.decode()

    client.post(address, {"version": draft.version, "tra-lai": "1"})
    draft.refresh_from_db()
    assert draft.corrections == {}
    assert client.get(item_address(draft, section, "1")).status_code == 404


def test_a_missing_line_that_a_person_adds_takes_its_own_number(client, coordinator):
    draft = a_draft(MISSING_ROW, by=coordinator)
    assert "row_missing" in {finding.code for finding in reading_of(draft).waiting}
    name, poor, telecom, asset = ROWS[4]
    answer = client.post(
        item_address(draft, "row", "them"),
        {"version": draft.version, **row_values(name, a_unit("Đông Cương"), poor, telecom, asset, row="5")},
    )
    assert answer.status_code == 302, text_of(answer)
    draft.refresh_from_db()
    assert not [f for f in reading_of(draft).waiting if f.code == "row_missing"]
    confirm_all(draft, coordinator)
    plan = open_it(draft, coordinator)
    assert sorted(plan.versions.get().rows.values_list("row", flat=True)) == list(range(1, 11))


def test_a_lines_number_is_corrected_where_the_paper_misprints_it(client, coordinator):
    draft = a_draft(Truth(orders=[1, 2, 3, 4, 15, 6, 7, 8, 9, 10]), by=coordinator)
    assert "row_missing" in {finding.code for finding in reading_of(draft).waiting}
    name, poor, telecom, asset = ROWS[4]
    client.post(
        item_address(draft, "row", "4"),
        {"version": draft.version, **row_values(name, a_unit("Đông Cương"), poor, telecom, asset, row=5)},
    )
    draft.refresh_from_db()
    assert reading_of(draft).may_open


# ---- two people at one draft


@pytest.mark.parametrize("version", ["1", "", "9", "-1", "x", "99999999999"])
def test_a_draft_that_changed_meanwhile_is_not_overwritten(client, coordinator, version):
    draft = a_draft(MISSPELT, by=coordinator)
    change(draft, a_person(Role.COORDINATOR), "recipient/0", {"text": "của người khác"})
    kept = dict(draft.corrections)

    answer = client.post(item_address(draft, "recipient", "1"), {"version": version, "text": "của tôi"})
    assert "vừa được người khác thay đổi" in text_of(answer)
    assert html.fromstring(answer.content).xpath("//input[@name='text']/@value") == ["của tôi"]
    for route, arguments in (("draft_drop", []), ("draft_open", [])):
        client.post(reverse(f"plans:{route}", args=[draft.pk, *arguments]), {"version": version})
    [doubt] = reading_of(draft).waiting
    said = client.post(
        reverse("plans:draft_answer", args=[draft.pk, doubt.key]), {"version": version}, follow=True
    )
    assert "vừa được người khác thay đổi" in text_of(said)

    draft.refresh_from_db()
    assert (draft.corrections, draft.answers, draft.state) == (kept, {}, DraftState.WAITING)
    assert not Plan.objects.exists()


def test_an_answer_to_a_finding_that_is_gone_is_refused(coordinator):
    draft = a_draft(MISSPELT, by=coordinator)
    with pytest.raises(Stale, match="không còn"):
        actions.answer(draft=draft, finding="unit_unknown-123", version=draft.version, by=coordinator)


def test_an_opened_draft_cannot_be_changed(coordinator):
    draft = a_draft(by=coordinator)
    open_it(draft, coordinator)
    with pytest.raises(Stale):
        change(draft, coordinator, "recipient/0", {"text": "muộn rồi"})
    with pytest.raises(Stale):
        actions.drop(draft=draft, version=draft.version, by=coordinator)


# ---- opening


@pytest.mark.parametrize(
    ("name", "missing"),
    [
        ("number", "Chưa có số văn bản."),
        ("symbol", "Chưa có ký hiệu văn bản."),
        ("issued_on", "Chưa có ngày ban hành."),
        ("title", "Chưa có trích yếu."),
        ("year", "Chưa có năm kế hoạch."),
    ],
)
def test_opening_is_refused_with_what_is_missing(client, coordinator, draft, name, missing):
    change(draft, coordinator, "head/0", {name: None})
    confirm_all(draft, coordinator)
    answer = client.post(reverse("plans:draft_open", args=[draft.pk]), {"version": draft.version})
    assert answer.status_code == 200
    alert = html.fromstring(answer.content).xpath("//*[@role='alert']")[0]
    assert missing in alert.text_content()
    assert not Plan.objects.exists()


def test_a_table_without_lines_or_targets_is_not_opened(coordinator):
    draft = a_draft(by=coordinator)
    for n in range(len(ROWS)):
        change(draft, coordinator, f"row/{n}", {"dropped": True})
    confirm_all_that_may(draft, coordinator)
    with pytest.raises(NotAllowed, match="Chưa có dòng chỉ tiêu nào"):
        open_it(draft, coordinator)

    nothing = Truth(rows=[(name, poor, None, None) for name, poor, *_ in ROWS])
    draft = a_draft(nothing, by=coordinator)
    confirm_all_that_may(draft, coordinator)
    with pytest.raises(NotAllowed, match="không giao chỉ tiêu cho đơn vị nào"):
        open_it(draft, coordinator)


def confirm_all_that_may(draft: Draft, by) -> None:
    for finding in reading_of(draft).waiting:
        actions.answer(draft=draft, finding=finding.key, reason="như in", version=draft.version, by=by)


def test_a_plan_opens_with_what_its_paper_says(client, coordinator, draft):
    answer = client.post(reverse("plans:draft_open", args=[draft.pk]), {"version": draft.version})

    plan = Plan.objects.get()
    assert answer.url == reverse("plans:plan", args=[plan.pk])
    assert (plan.code, plan.year, plan.issuer, plan.opened_on) == (
        "87/KH-UBND", 2019, the_city(), date(2019, 6, 12),
    )  # fmt: skip
    version = plan.versions.get()
    assert (version.ordinal, version.issued_on, version.title) == (
        1, date(2019, 3, 3), "Đưa dịch vụ thông tin đến hộ nghèo năm 2019",
    )  # fmt: skip
    assert (version.signatory, version.signatory_position, version.signatory_authority) == (
        "Nguyễn Văn Giả Tưởng", "CHỦ TỊCH", "TM. ỦY BAN NHÂN DÂN",
    )  # fmt: skip
    assert version.paper == draft.paper
    rows = version.rows.select_related("unit").prefetch_related("targets")
    assert [
        (
            row.unit.full_name,
            row.poor_households,
            row.targets_by_indicator.get("telecom_service"),
            row.targets_by_indicator.get("information_asset"),
        )
        for row in rows
    ] == ROWS
    assert [row.row for row in rows] == list(range(1, 11))
    assert {aim.indicator_id: aim.households for aim in version.aims.all()} == {
        "telecom_service": 57, "information_asset": 7,
    }  # fmt: skip
    # The page of an opened draft is the plan's.
    assert client.get(reverse("plans:draft", args=[draft.pk])).url == answer.url


def test_an_empty_cell_is_no_target_and_a_printed_zero_is_one(coordinator):
    truth = Truth(rows=[("Phường Hàm Rồng", 31, 0, None), ("Phường Nam Ngạn", 22, 8, 1), *ROWS[2:]])
    draft = a_draft(truth, by=coordinator)
    plan = open_it(draft, coordinator)
    assert Target.objects.get(row__version__plan=plan, row__row=1).households == 0
    assert not Target.objects.filter(row__row=1, indicator="information_asset").exists()


def test_dates_duties_recipients_and_bases_become_rows(coordinator, draft):
    version = open_it(draft, coordinator).versions.get()

    half, year = version.milestones.all()
    # "trước ngày 20/6" leaves the 19th; "chậm nhất ngày 30/11" leaves that day itself.
    assert (half.kind, half.due_before, half.last_day) == (
        MilestoneKind.HALF_YEAR, date(2019, 6, 20), date(2019, 6, 19),
    )  # fmt: skip
    assert (year.kind, year.last_day) == (MilestoneKind.YEAR, date(2019, 11, 30))
    culture, local = version.duties.all()
    assert (culture.kind, local.kind) == ("culture", "local")
    assert half.duty == year.duty == local
    assert [recipient.text for recipient in version.recipients.all()] == [
        "Sở Thông tin và Truyền thông", "UBND các phường, xã", "Lưu: VT, VHTT",
    ]  # fmt: skip
    basis = version.legal_bases.get()
    assert (basis.kind, basis.code, basis.issued_on) == ("Quyết định", "412/QĐ-UBND", date(2019, 1, 28))


@cache
def the_demonstrations_paper() -> bytes:
    return plan_146.paper()


def test_the_real_shape_of_a_plan_opens_with_three_dates_and_thirty_five_units(coordinator):
    draft = actions.receive(
        id=uuid.uuid4(), raw=the_demonstrations_paper(), name="146.docx", unit=the_city(), by=coordinator
    )
    assert {f.code for f in reading_of(draft).waiting} == {"unit_name_corrected"}
    confirm_all(draft, coordinator)
    version = open_it(draft, coordinator).versions.get()
    assert [(m.kind, m.last_day) for m in version.milestones.all()] == [
        (MilestoneKind.LOCAL_PLAN, date(2019, 2, 27)),
        (MilestoneKind.HALF_YEAR, date(2019, 6, 14)),
        (MilestoneKind.YEAR, date(2019, 10, 4)),
    ]
    assert version.rows.count() == 35
    assert Target.objects.filter(row__version=version, indicator="information_asset").count() == 21
    assert version.rows.get(row=9).unit == a_unit("Ngọc Trạo")
    assert version.rows.get(row=9).printed_name == "Phường Ngọc Trao"
    assert [b.code for b in version.legal_bases.all()] == ["353/QĐ-UBND", "113/KH-STTTT"]
    assert {d.kind for d in version.duties.all()} == {
        "culture",
        "labour",
        "station",
        "office",
        "company",
        "local",
    }


def test_the_same_plan_is_not_opened_twice(client, coordinator):
    plan = a_plan()
    draft = a_draft(Truth(rows=[("Phường Hàm Rồng", 32, 5, None), *ROWS[1:]]), by=coordinator)
    answer = client.post(reverse("plans:draft_open", args=[draft.pk]), {"version": draft.version})
    assert "Thành phố Thanh Hóa đã có Kế hoạch 87/KH-UBND năm 2019." in text_of(answer)
    draft.refresh_from_db()
    assert draft.state == DraftState.WAITING
    assert list(Plan.objects.all()) == [plan]
    assert Version.objects.count() == 1


def test_a_plan_of_another_area_is_not_opened_here():
    ward = a_unit()
    by = a_person(Role.COORDINATOR, ward)
    raw, name = writers.utf8(Truth())
    draft = actions.receive(id=uuid.uuid4(), raw=raw, name=name, unit=ward, by=by)
    with pytest.raises(NotAllowed, match="giao chỉ tiêu cho Thành phố Thanh Hóa, không phải Phường Hàm Rồng"):
        open_it(draft, by)
    assert not Plan.objects.exists()


def test_a_coordinator_of_another_unit_neither_sees_nor_opens_the_draft(draft):
    stranger = a_person(Role.COORDINATOR, the_city().parent)
    assert a_client(stranger).get(reverse("plans:draft", args=[draft.pk])).status_code == 404
    officer = a_person(Role.OFFICER)
    for act in (
        partial(open_it, draft, officer),
        partial(change, draft, officer, "recipient/0", {"text": "x"}),
    ):
        with pytest.raises(NotAllowed, match="Chỉ người điều phối"):
            act()


# ---- amending


class Amending(Truth):
    """The same plan, amended by a paper of 10 May that lists two units only."""

    @property
    def paragraphs(self) -> list[str]:
        lines = [
            line.replace("87/KH-UBND", self.code).replace("ngày 03 tháng 3", self.day)
            for line in super().paragraphs
        ]
        return [line for line in lines if "sáu tháng" not in line]

    code = "120/KH-UBND"
    day = "ngày 10 tháng 5"


class TooEarly(Amending):
    day = "ngày 01 tháng 3"


TWO_ROWS = [("Phường Hàm Rồng", 31, 8, 2), ("Xã Quảng Phú", 37, None, 3)]


def amended(plan: Plan, coordinator, truth: Truth | None = None, reason="tỉnh giao thêm") -> Plan:
    draft = a_draft(truth or Amending(rows=TWO_ROWS, body=(8, 5)), by=coordinator, amends=plan)
    confirm_all(draft, coordinator)
    return open_it(draft, coordinator, reason=reason)


def targets_on(plan: Plan, day: date) -> dict[tuple[str, str], int]:
    return {
        (row.unit.name, indicator): households
        for row in plan.version_on(day).rows.select_related("unit").prefetch_related("targets")
        for indicator, households in row.targets_by_indicator.items()
    }


def test_an_amending_paper_makes_a_version_and_earlier_days_keep_their_targets(coordinator):
    plan = a_plan()
    before = targets_on(plan, date(2019, 6, 12))

    assert amended(plan, coordinator) == plan

    assert [(v.ordinal, v.code, v.reason) for v in plan.versions.all()] == [
        (1, "87/KH-UBND", ""), (2, "120/KH-UBND", "tỉnh giao thêm"),
    ]  # fmt: skip
    assert targets_on(plan, date(2019, 5, 9)) == before
    now = targets_on(plan, date(2019, 5, 10))
    changed = {("Hàm Rồng", "telecom_service"): 8, ("Hàm Rồng", "information_asset"): 2,
               ("Quảng Phú", "information_asset"): 3}  # fmt: skip
    kept = {key: value for key, value in before.items() if key[0] not in ("Hàm Rồng", "Quảng Phú")}
    assert now == kept | changed, (
        "units that the paper does not list keep what stood; an emptied cell has no target"
    )
    # The dates of the first paper still stand: the second names none.
    assert [m.last_day for m in plan.milestones_on(date(2019, 6, 12))] == [
        date(2019, 6, 19),
        date(2019, 11, 30),
    ]


def test_a_date_of_an_amending_paper_takes_the_place_of_the_earlier_one_of_its_kind(coordinator):
    plan = a_plan()
    draft = a_draft(Amending(rows=TWO_ROWS, body=(8, 5)), by=coordinator, amends=plan)
    change(draft, coordinator, "deadline/them-1", {
        "due_before": "2019-07-01", "audience": "UBND các phường, xã", "what": "Báo cáo 6 tháng",
    })  # fmt: skip
    confirm_all(draft, coordinator)
    open_it(draft, coordinator, reason="lùi hạn")
    assert [m.last_day for m in plan.milestones_on(date(2019, 5, 9))] == [
        date(2019, 6, 19),
        date(2019, 11, 30),
    ]
    assert [m.last_day for m in plan.milestones_on(date(2019, 5, 10))] == [
        date(2019, 6, 30),
        date(2019, 11, 30),
    ]
    assert Milestone.objects.filter(version__plan=plan).count() == 3


def test_amending_asks_for_a_reason(client, coordinator):
    plan = a_plan()
    draft = a_draft(Amending(rows=TWO_ROWS, body=(8, 5)), by=coordinator, amends=plan)
    confirm_all(draft, coordinator)
    page = client.get(reverse("plans:draft", args=[draft.pk]))
    assert "8 đơn vị không có trong phụ lục này: giữ chỉ tiêu đang có." in text_of(page)
    answer = client.post(
        reverse("plans:draft_open", args=[draft.pk]), {"version": draft.version, "reason": " "}
    )
    assert "Ghi lý do điều chỉnh kế hoạch." in text_of(answer)
    assert html.fromstring(answer.content).xpath("//*[@role='alert']//a/@href") == ["#id_reason"]
    assert plan.versions.count() == 1


def test_a_paper_issued_before_the_last_one_amends_nothing(coordinator):
    plan = a_plan()
    with pytest.raises(NotAllowed, match="Ngày ban hành phải từ ngày của bản trước, 03/03/2019"):
        amended(plan, coordinator, TooEarly(rows=TWO_ROWS, body=(8, 5)))
    assert plan.versions.count() == 1
    amended(plan, coordinator)
    with pytest.raises(NotAllowed, match="từ ngày của bản trước, 10/05/2019"):
        amended(plan, coordinator, Truth(rows=[("Phường Hàm Rồng", 31, 6, None), *ROWS[1:]]))


def test_the_same_file_may_be_a_plan_and_an_amendment_but_each_once(client, coordinator):
    plan = a_plan()
    raw, name = writers.utf8(Truth())
    first = send(client, raw, name, amends=plan)
    assert first.url == send(client, raw, name, amends=plan).url
    assert Draft.objects.filter(amends=plan).count() == 1
    assert client.get(reverse("plans:upload") + "?dieu-chinh=0").status_code == 404
    assert client.get(reverse("plans:upload") + "?dieu-chinh=x").status_code == 404


# ---- the command


def run(tmp_path: Path, raw: bytes, name: str = "ke-hoach.txt") -> tuple[int, str]:
    file = tmp_path / name
    file.write_bytes(raw)
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command("open_plan", str(file), stdout=out, stderr=err)
    except CommandError as problem:
        return problem.returncode, str(problem)
    return 0, out.getvalue() + err.getvalue()


def test_the_command_opens_a_plan_and_says_what_it_took_for_right(tmp_path):
    code, said = run(tmp_path, writers.utf8(MISSPELT)[0])
    assert code == 0
    assert "Đã mở Kế hoạch 87/KH-UBND" in said
    assert "Coi là đúng: “Phường Ngọc Trao” được hiểu là Phường Ngọc Trạo" in said
    assert AppendixRow.objects.count() == 10
    [answer] = Draft.objects.get().answers.values()
    assert answer["by"] == "Dòng lệnh máy chủ"


@pytest.mark.parametrize(
    ("truth", "sentence"), [(WRONG_TOTAL, "dòng tổng in 300"), (UNKNOWN_UNIT, "không có trong danh mục")]
)
def test_the_command_opens_nothing_when_the_paper_has_errors(tmp_path, truth, sentence):
    code, said = run(tmp_path, writers.utf8(truth)[0])
    assert (code, sentence in said) == (1, True)
    assert not Plan.objects.exists()
    assert not Paper.objects.exists()
    assert files_below(tmp_path / "files") == []


def test_the_command_says_when_a_file_cannot_be_read(tmp_path):
    assert run(tmp_path, b"") == (2, "Tệp trống. Chọn lại tệp kế hoạch.")
    with pytest.raises(CommandError, match="Không mở được tệp") as problem:
        call_command("open_plan", str(tmp_path / "khong-co.docx"))
    assert problem.value.returncode == 2


def test_the_command_refuses_a_plan_that_is_open(tmp_path):
    raw, _ = writers.utf8(Truth())
    assert run(tmp_path, raw)[0] == 0
    code, said = run(tmp_path, raw)
    assert (code, "đã được mở từ chính tệp này" in said) == (1, True)
    changed, _ = writers.utf8(Truth(rows=[("Phường Hàm Rồng", 32, 5, None), *ROWS[1:]]))
    code, said = run(tmp_path, changed)
    assert (code, "đã có Kế hoạch 87/KH-UBND năm 2019" in said) == (1, True)
    assert Paper.objects.count() == 1
    assert len(files_below(tmp_path / "files")) == 1


def test_a_province_opens_the_plan_of_a_city_that_lies_below_it():
    province = the_city().parent
    by = a_person(Role.COORDINATOR, province)
    raw, name = writers.utf8(Truth())
    draft = actions.receive(id=uuid.uuid4(), raw=raw, name=name, unit=province, by=by)
    assert reading_of(draft).problems == []
    confirm_all(draft, by)
    plan = actions.open_plan(draft=draft, version=draft.version, by=by)
    assert plan.issuer == the_city()
    assert a_client(by).get(reverse("plans:plan", args=[plan.pk])).status_code == 200
