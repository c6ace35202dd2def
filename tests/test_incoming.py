"""Papers that come in: one sequence for a body and a year, doubles told, files kept as they came; and the address book."""

import io
import os
import re
import time
import uuid
from datetime import date
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, IntegrityError, OperationalError, connection, transaction
from docx import Document as Word
from PIL import Image

from tests.factories import a_client, a_person, a_unit, the_city
from tests.test_exchange import a_message
from tests.threads import at_once
from tiepcan.accounts.models import Organisation, OrganisationKind, Person
from tiepcan.accounts.roles import Role
from tiepcan.common.refusals import NotAllowed, Stale
from tiepcan.paperwork import arrived, contacts, incoming
from tiepcan.paperwork.bodies import bodies_of
from tiepcan.paperwork.exchange.edxml import write
from tiepcan.paperwork.models import Contact, Incoming, IncomingRegister, IncomingState

pytestmark = pytest.mark.django_db

LIST, ENTER, MESSAGE, BOOK = (
    "/van-ban/so-den/", "/van-ban/so-den/them/", "/van-ban/so-den/goi-tin/", "/van-ban/dia-chi/",
)  # fmt: skip
TODAY = date(2019, 6, 12)
A_PDF = b"%PDF-1.4 a paper"
_codes = count(1000)


def a_paper(by: Person | None = None, **facts: Any) -> Incoming:
    """A paper of a department, entered by a ward's officer into the ward's own register."""
    by = by or a_person()
    given = {
        "id": uuid.uuid4(),
        "body": by.organisation,
        "arrived_on": TODAY,
        "sender": "Sở Thông tin và Truyền thông",
        "code": "412/STTTT-VP",
        "dated": date(2019, 6, 10),
        "kind": "Công văn",
        "title": "Báo nhận báo cáo 6 tháng",
    }
    if "title" in facts:
        # Another paper has another code.
        given["code"] = f"{next(_codes)}/VP"
    return incoming.enter(by=by, **(given | facts))


def many(by: Person, *titles: str, **facts: Any) -> list[Incoming]:
    return [a_paper(by, title=title, **facts) for title in titles]


def said(response: Any) -> str:
    body = re.sub(r"<(script|style).*?</\1>", " ", response.content.decode(), flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", body.partition("<main")[2]).split())


def kept_files() -> list[Path]:
    place = Path(default_storage.location)  # type: ignore[attr-defined]
    return [file for file in place.rglob("*") if file.is_file()]


# ---- the numbers


def test_each_body_has_its_own_sequence_each_year():
    officer, other = a_person(), a_person(unit=a_unit("Nam Ngạn"))
    first, second = many(officer, "Một", "Hai")
    last_year = a_paper(officer, title="Ba", arrived_on=date(2018, 12, 31), dated=None)
    elsewhere = a_paper(other)
    assert [paper.number for paper in (first, second, last_year, elsewhere)] == [1, 2, 1, 1]
    assert (last_year.register.year, elsewhere.register.body) == (2018, other.organisation)


def test_a_register_goes_on_from_the_paper_book():
    officer = a_person()
    first = a_paper(officer, title="Một", first=1822)
    second = a_paper(officer, title="Hai", first=5)
    assert (first.number, second.number) == (1822, 1823)


@pytest.fixture
def committed(transactional_db: None) -> None:
    """Threads see what was committed."""


def test_a_hundred_at_once_are_one_to_a_hundred(committed):
    officers = [a_person() for _ in range(20)]

    def five(n: int, officer: Person) -> list[int]:
        return [a_paper(officer, title=f"Văn bản {n}.{k}").number for k in range(5)]

    given = at_once(*(lambda n=n, who=who: five(n, who) for n, who in enumerate(officers)))
    assert all(isinstance(one, list) for one in given), given
    assert sorted(number for five_of_one in given for number in five_of_one) == list(range(1, 101))
    assert sorted(Incoming.objects.values_list("number", flat=True)) == list(range(1, 101))
    assert IncomingRegister.objects.get().last == 100


def test_the_same_paper_at_once_is_entered_once(committed):
    officer = a_person()
    given = at_once(*(lambda: a_paper(officer) for _ in range(4)))
    assert [type(one) for one in given].count(Incoming) == 1
    assert [type(one) for one in given].count(incoming.Twin) == 3
    assert IncomingRegister.objects.get().last == 1


def test_a_connection_that_dies_leaves_no_gap(committed):
    officer = a_person()
    a_paper(officer, title="Một")

    def die() -> None:
        with transaction.atomic():
            assert a_paper(officer, title="Hai").number == 2
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    [problem] = at_once(die)
    assert isinstance(problem, OperationalError)
    assert a_paper(officer, title="Ba").number == 2
    assert list(Incoming.objects.order_by("number").values_list("title", flat=True)) == ["Một", "Ba"]


def test_an_act_that_fails_leaves_no_gap_and_no_file():
    officer = a_person()
    a_paper(officer, title="Một")
    with pytest.raises(DatabaseError):
        a_paper(officer, title="x" * 501, code="", file=arrived.checked("a.pdf", A_PDF))
    assert kept_files() == []
    assert a_paper(officer, title="Ba").number == 2


@pytest.mark.parametrize(
    "command",
    [
        "DELETE FROM paperwork_incoming",
        "DELETE FROM paperwork_incomingregister",
        "UPDATE paperwork_incoming SET number = 7",
        "UPDATE paperwork_incoming SET title = 'khác'",
        "UPDATE paperwork_incoming SET arrived_on = '2019-01-01'",
        "UPDATE paperwork_incoming SET file = 'khac.bin'",
        "UPDATE paperwork_incoming SET state = 'handled'",
        "UPDATE paperwork_incomingregister SET last = 9",
        "UPDATE paperwork_incomingregister SET year = 2018",
        "INSERT INTO paperwork_incomingregister (body_id, year, first, last) SELECT body_id, 2017, 1, 4 FROM paperwork_incomingregister",
    ],
)
def test_the_database_itself_refuses(command):
    a_paper()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(command)


@pytest.mark.parametrize(
    "change", [{"number": 1}, {"number": 3}, {"number": 0}, {"arrived_on": date(2018, 6, 1)}]
)
def test_the_database_takes_the_next_number_of_the_year_alone(change):
    paper = a_paper()

    def another(**facts: Any) -> Incoming:
        row = Incoming.objects.get(pk=paper.pk)
        row.pk, row.twin_key = uuid.uuid4(), ""
        for name, value in facts.items():
            setattr(row, name, value)
        row.save(force_insert=True)
        return row

    with pytest.raises(IntegrityError), transaction.atomic():
        another(**({"number": 2} | change))
    assert another(number=2).number == 2


def test_the_database_refuses_a_double_without_a_reason():
    paper = a_paper()
    row = Incoming.objects.get(pk=paper.pk)
    row.pk, row.number = uuid.uuid4(), 2
    with pytest.raises(IntegrityError, match="incoming_paper_once_without_a_reason"), transaction.atomic():
        row.save(force_insert=True)


# ---- doubles


@pytest.mark.parametrize(
    "spelling",
    [
        {},
        {"sender": "SỞ THÔNG TIN VÀ  TRUYỀN THÔNG"},
        {"sender": "So Thong tin va Truyen thong", "title": "Khác", "code": "412/STTTT-VP"},
        {"code": "412 / STTTT - VP"},
    ],
)
def test_a_double_is_told_with_the_number_that_was_given(spelling):
    officer = a_person()
    a_paper(officer, title="Một")
    a_paper(officer)
    with pytest.raises(incoming.Twin, match=r"số đến 2, đến ngày 12/06/2019\. Nếu đúng"):
        a_paper(officer, **spelling)
    assert IncomingRegister.objects.get().last == 2


@pytest.mark.parametrize(
    "difference", [{"dated": date(2019, 6, 11)}, {"code": "413/STTTT-VP"}, {"sender": "Sở Y tế"}]
)
def test_another_day_code_or_sender_is_another_paper(difference):
    officer = a_person()
    a_paper(officer)
    assert a_paper(officer, **difference).number == 2


def test_papers_without_a_code_are_like_no_other():
    officer = a_person()
    assert [a_paper(officer, code="").number for _ in range(2)] == [1, 2]


def test_a_reason_enters_a_double():
    officer = a_person()
    a_paper(officer)
    again = a_paper(officer, twin_why="bản gửi lại có dấu")
    assert (again.number, again.twin_why) == (2, "bản gửi lại có dấu")
    with pytest.raises(incoming.Twin, match="số đến 1"):
        a_paper(officer)


def test_the_same_form_twice_is_one_paper():
    officer, key = a_person(), uuid.uuid4()
    assert a_paper(officer, id=key).pk == a_paper(officer, id=key).pk
    assert Incoming.objects.count() == 1
    with pytest.raises(NotAllowed, match="đã vào sổ một văn bản khác"):
        a_paper(officer, id=key, title="Khác")
    with pytest.raises(NotAllowed, match="đã vào sổ một văn bản khác"):
        a_paper(a_person(unit=a_unit("Nam Ngạn")), id=key)


@pytest.mark.parametrize(
    ("days", "why"),
    [
        ({"arrived_on": date(2019, 6, 13)}, "Ngày đến không thể sau hôm nay"),
        ({"arrived_on": date(2017, 12, 31), "dated": None}, "năm 2018 hoặc 2019"),
        ({"dated": date(2019, 6, 13)}, "Ngày văn bản 13/06/2019 sau ngày đến 12/06/2019"),
        ({"due_on": date(2019, 6, 11)}, "Hạn xử lý 11/06/2019 trước ngày đến"),
    ],
)
def test_days_that_cannot_be_are_told(days, why):
    with pytest.raises(NotAllowed, match=why):
        a_paper(**days)
    assert not IncomingRegister.objects.exists()


# ---- what became of it


def test_handling_says_what_came_of_it_once():
    officer, paper = a_person(full_name="Hà Thị Vào Sổ"), a_paper()
    with pytest.raises(NotAllowed, match="Ghi kết quả xử lý"):
        incoming.handle(incoming=paper, note="  ", by=officer)
    incoming.handle(incoming=paper, note="Đã trả lời", by=officer)
    assert (paper.state, paper.handled_note, paper.handled_by) == ("handled", "Đã trả lời", "Hà Thị Vào Sổ")
    with pytest.raises(Stale, match="Hà Thị Vào Sổ đã ghi xử lý xong"):
        incoming.handle(incoming=paper, note="Lại", by=officer)
    assert Incoming.objects.get().handled_note == "Đã trả lời"


# ---- files


def a_docx() -> bytes:
    written = io.BytesIO()
    Word().save(written)
    return written.getvalue()


def a_picture(form: str) -> bytes:
    written = io.BytesIO()
    Image.new("RGB", (4, 4)).save(written, form)
    return written.getvalue()


@pytest.mark.parametrize(
    ("name", "made", "media_type"),
    [
        ("công văn.pdf", lambda: A_PDF, "application/pdf"),
        ("a.bin", a_docx, arrived.DOCX),
        ("a.png", lambda: a_picture("PNG"), "image/png"),
        ("a.jpg", lambda: a_picture("JPEG"), "image/jpeg"),
    ],
)
def test_a_file_is_kept_as_it_came_and_given_as_an_attachment(name, made, media_type):
    officer, raw = a_person(), made()
    paper = a_paper(officer, file=arrived.checked(name, raw))
    assert (paper.media_type, paper.size) == (media_type, len(raw))
    answer = a_client(officer).get(f"{LIST}{paper.pk}/tep/")
    assert b"".join(answer) == raw
    assert answer["Content-Type"] == media_type
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["Cache-Control"] == "private, no-store"
    assert name not in paper.file.name


@pytest.mark.parametrize(
    ("name", "raw", "why"),
    [
        ("virus.pdf", b"MZ\x90\x00", "“virus.pdf” không phải tệp .pdf, .docx, .png hoặc .jpg"),
        ("a.docx", b"PK\x03\x04 broken", "“a.docx”: Tệp bị hỏng"),
        ("a.html", b"<html>", "“a.html” không phải tệp"),
        ("a.pdf", b"", "“a.pdf” không phải tệp"),
        ("to.pdf", A_PDF + bytes(arrived.LARGEST), "“to.pdf”: tệp nặng hơn 20 MB"),
    ],
)
def test_a_file_that_is_none_is_told_by_name(name, raw, why):
    with pytest.raises(NotAllowed, match=re.escape(why)):
        arrived.checked(name, raw)


def test_what_the_check_of_a_signature_found_is_kept():
    officer = a_person()
    unsigned = a_paper(officer, title="Một", file=arrived.checked("a.pdf", _a_real_pdf()))
    damaged = a_paper(officer, title="Hai", file=arrived.checked("b.pdf", A_PDF))
    word = a_paper(officer, title="Ba", file=arrived.checked("c.docx", a_docx()))
    bare = a_paper(officer, title="Bốn")
    assert (unsigned.signature or {})["verdict"] == "none"
    assert (damaged.signature or {})["verdict"] == "unreadable"
    assert (word.signature, bare.signature) == (None, None)
    client = a_client(officer)
    sentences = [said(client.get(f"{LIST}{one.pk}/")) for one in (unsigned, damaged, word, bare)]
    for sentence, expected in zip(
        sentences,
        ("không có chữ ký số", "Chữ ký không đọc được", "Chữ ký chưa kiểm tra được", "không kèm tệp"),
        strict=True,
    ):
        assert expected in sentence
    assert client.get(f"{LIST}{bare.pk}/tep/").status_code == 404


def _a_real_pdf() -> bytes:
    from reportlab.pdfgen.canvas import Canvas

    written = io.BytesIO()
    canvas = Canvas(written)
    canvas.drawString(72, 720, "A paper")
    canvas.save()
    return written.getvalue()


# ---- whose they are


def test_bodies_are_ones_own_and_the_committee_of_the_place():
    committee = Organisation.objects.create(kind=OrganisationKind.COMMITTEE, name="UBND thử", unit=the_city())
    clerk, verifier = a_person(Role.CLERK, organisation=committee), a_person(Role.VERIFIER)
    station, officer = a_person(Role.PARTNER), a_person()
    assert set(bodies_of(clerk)) == {committee}
    assert set(bodies_of(verifier)) == {committee, verifier.organisation}
    assert set(bodies_of(station)) == {station.organisation}, (
        "who keeps no registers has none of the committee's"
    )
    assert set(bodies_of(officer)) == {officer.organisation}, "a ward does not keep the city's"


def test_nobody_enters_or_handles_for_another_body():
    officer, stranger, leader = a_person(), a_person(unit=a_unit("Nam Ngạn")), a_person(Role.LEADER, a_unit())
    paper = a_paper(officer)
    for person in (stranger, leader):
        with pytest.raises(NotAllowed, match="Chỉ văn thư của"):
            a_paper(person, body=officer.organisation)
        with pytest.raises(NotAllowed, match="Chỉ văn thư của"):
            incoming.handle(incoming=paper, note="x", by=person)
        assert not Incoming.objects.visible_to(person).exists()
        assert not IncomingRegister.objects.visible_to(person).exists()


def test_another_organisation_finds_nothing_at_these_addresses():
    officer = a_person()
    paper = a_paper(officer, file=arrived.checked("a.pdf", A_PDF))
    contact = a_contact(officer)
    stranger = a_client(a_person(unit=a_unit("Nam Ngạn")))
    for address in ("", "tep/", "lich-su/"):
        assert stranger.get(f"{LIST}{paper.pk}/{address}").status_code == 404
        mine = a_client(officer).get(f"{LIST}{paper.pk}/{address}")
        assert (mine.status_code, bool(b"".join(mine))) == (200, True)
    assert stranger.post(f"{LIST}{paper.pk}/xu-ly/", {"note": "x"}).status_code == 404
    assert stranger.get(f"{BOOK}{contact.pk}/").status_code == 404
    assert stranger.post(f"{BOOK}{contact.pk}/thoi/", {"version": 1}).status_code == 404
    assert "Báo nhận" not in said(stranger.get(LIST))
    assert "Báo nhận" not in said(stranger.get(f"{LIST}in/"))
    assert contact.name not in said(stranger.get(BOOK))
    assert Incoming.objects.get().is_waiting
    # A form that names another body is a form that is wrong.
    stranger.post(ENTER, a_form(body=officer.organisation_id))
    assert Incoming.objects.count() == 1


@pytest.mark.parametrize(
    "role", [Role.LEADER, Role.PARTNER, Role.SUPERVISOR, Role.OPERATOR, Role.ADMINISTRATOR]
)
def test_who_keeps_no_registers_does_not_come_in(role):
    client = a_client(a_person(role))
    for address in (LIST, f"{LIST}in/", ENTER, BOOK, f"{BOOK}them/"):
        assert client.get(address).status_code == 403
    assert client.post(MESSAGE).status_code == 403


# ---- the pages


def a_form(**changes: Any) -> dict[str, Any]:
    given = {
        "id": uuid.uuid4(),
        "arrived_on": "12/06/2019",
        "sender": "Doanh nghiệp C",
        "code": "21/CV-C",
        "dated": "10/06/2019",
        "kind": "Công văn",
        "title": "Hẹn giao 5 radio",
        "urgency": "urgent",
        "due_on": "20/06/2019",
    }
    return given | changes


def test_a_paper_is_entered_from_the_page():
    officer = a_person()
    client = a_client(officer)
    assert "Vào sổ văn bản đến" in said(client.get(ENTER))
    file = SimpleUploadedFile("giấy hẹn.pdf", A_PDF)
    answer = client.post(ENTER, a_form(body=officer.organisation_id, paper=file, first="1830"), follow=True)
    paper = Incoming.objects.get()
    assert (paper.number, paper.urgency, paper.due_on) == (1830, "urgent", date(2019, 6, 20))
    assert answer.redirect_chain[-1][0] == f"{LIST}{paper.pk}/"
    page = said(answer)
    for expected in ("Đã vào sổ: số đến 1830.", "Hẹn giao 5 radio", "Công văn 21/CV-C ngày 10/06/2019",
                     "giấy hẹn.pdf", "Khẩn", "hạn 20/06/2019"):  # fmt: skip
        assert expected in page
    assert 'name="first"' not in client.get(ENTER).content.decode(), "the register is open by now"


def test_a_double_on_the_page_asks_for_a_reason():
    officer = a_person()
    client, body = a_client(officer), officer.organisation_id
    client.post(ENTER, a_form(body=body))
    page = client.post(ENTER, a_form(body=body))
    assert "Sổ đã có văn bản này: số đến 1" in said(page)
    assert f"{LIST}{Incoming.objects.get().pk}/" in page.content.decode()
    assert "Ghi vì sao văn bản này vào sổ lần nữa" in said(client.post(ENTER, a_form(body=body, still="on")))
    client.post(ENTER, a_form(body=body, still="on", twin_why="bản có dấu"))
    assert list(Incoming.objects.order_by("number").values_list("number", "twin_why")) == [
        (1, ""),
        (2, "bản có dấu"),
    ]


def test_what_is_wrong_comes_back_with_what_was_typed_and_nothing_is_kept():
    officer = a_person()
    client = a_client(officer)
    file = SimpleUploadedFile("a.exe", b"MZ")
    page = client.post(ENTER, a_form(body=officer.organisation_id, paper=file))
    assert "“a.exe” không phải tệp" in said(page)
    assert "Hẹn giao 5 radio" in said(page)
    page = said(
        client.post(
            ENTER, a_form(body=officer.organisation_id, title="", dated="30/02/2019", due_on="1/1/2019")
        )
    )
    assert "Chưa điền mục này" in page
    assert "Ngày chưa đúng" in page
    assert "Vẫn vào sổ" not in page
    assert not Incoming.objects.exists()
    assert kept_files() == []


def test_the_page_handles_a_paper():
    officer, paper = a_person(), a_paper()
    client = a_client(officer)
    assert "Chưa điền mục này" in said(client.post(f"{LIST}{paper.pk}/xu-ly/", {"note": ""}))
    page = said(client.post(f"{LIST}{paper.pk}/xu-ly/", {"note": "Đã báo cáo lãnh đạo"}, follow=True))
    assert "Đã ghi xử lý xong số đến 1." in page
    assert "Đã báo cáo lãnh đạo" in page
    again = said(client.post(f"{LIST}{paper.pk}/xu-ly/", {"note": "Lần hai"}, follow=True))
    assert "đã ghi xử lý xong văn bản này" in again
    assert "Lần hai" not in again
    history = said(client.get(f"{LIST}{paper.pk}/lich-su/"))
    assert history.index("Xử lý xong văn bản đến") < history.index("Vào sổ văn bản đến")
    assert client.get(f"{LIST}{paper.pk}/xu-ly/").status_code == 405


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("tiep can", {1}),
        ("Tiếp Cận", {1}),
        ("can tiep", {1}),
        ("STTTT", {1}),
        ("412/sttt", {1}),
        ("đôn đốc", {2}),
        ("don", {2}),
        ("on", set()),
        ("3", {3}),
        ("%", {1, 2, 3}),
        ("bao cao", {1, 3}),
        ("không có", set()),
    ],
)
def test_words_are_found_without_accents_from_their_beginnings(typed, found):
    officer = a_person()
    a_paper(officer, title="Báo cáo tiếp cận dịch vụ", code="412/STTTT-VP")
    a_paper(officer, title="Đôn đốc ý kiến", code="9/VP", kind="", sender="Sở Y tế", dated=None)
    a_paper(officer, title="Báo cáo y tế", code="", sender="Sở Y tế")
    answer = a_client(officer).get(LIST, {"q": typed})
    shown = {
        int(n)
        for n in re.findall(r'<th scope="row" class="name num"><a [^>]+>(\d+)</a>', answer.content.decode())
    }
    assert shown == found


def test_state_and_year_narrow_the_register():
    officer = a_person()
    handled, _ = many(officer, "Việc đã xong", "Việc đang chờ")
    many(officer, "Việc năm trước", arrived_on=date(2018, 5, 1), dated=None)
    incoming.handle(incoming=handled, note="xong", by=officer)
    client = a_client(officer)

    def shown(**asked: str) -> list[str]:
        return sorted(
            re.findall(
                r"Việc (đã xong|đang chờ|năm trước)",
                said(client.get(LIST, asked)).partition("Số tiếp theo")[0],
            )
        )

    assert shown() == ["đang chờ", "đã xong"]
    assert shown(tt=IncomingState.WAITING) == ["đang chờ"]
    assert shown(tt=IncomingState.HANDLED) == ["đã xong"]
    assert shown(nam="2018") == ["năm trước"]
    assert shown(nam="abc", tt="abc", truoc="²", so="9") == ["đang chờ", "đã xong"]


def test_a_long_register_is_turned_page_by_page(django_assert_max_num_queries):
    officer = a_person()
    many(officer, *(f"Văn bản {n}" for n in range(1, 54)))
    client = a_client(officer)
    with django_assert_max_num_queries(14):
        first = client.get(LIST, {"q": "van"})
    numbers = [int(n) for n in re.findall(r'class="name num"><a [^>]+>(\d+)<', first.content.decode())]
    assert numbers == list(range(53, 3, -1))
    older = re.search(r'href="(\?[^"]+)" rel="next"', first.content.decode())
    assert older
    second = client.get(LIST + older[1].replace("&amp;", "&")).content.decode()
    assert [int(n) for n in re.findall(r'class="name num"><a [^>]+>(\d+)<', second)] == [3, 2, 1]
    assert 'rel="next"' not in second
    assert 'rel="prev"' in second


def test_the_list_alone_answers_htmx():
    officer = a_person()
    a_paper(officer)
    part = a_client(officer).get(LIST, {"q": "bao"}, headers={"HX-Request": "true"}).content.decode()
    assert "Báo nhận báo cáo 6 tháng" in part
    assert "<html" not in part


def test_the_printed_register_is_whole_and_in_its_order():
    officer = a_person()
    many(officer, *(f"Văn bản {n}" for n in range(1, 53)))
    page = said(a_client(officer).get(f"{LIST}in/"))
    assert "Sổ đăng ký văn bản đến năm 2019" in page
    assert page.index("Công văn: Văn bản 1 ") < page.index("Công văn: Văn bản 52 ")
    assert page.count("Công văn: Văn bản") == 52


def test_what_waits_and_is_late_stands_beside_the_register():
    officer = a_person()
    a_paper(officer, title="Trễ hẹn", arrived_on=date(2019, 6, 3), dated=None, due_on=date(2019, 6, 10))
    a_paper(officer, title="Sắp đến hẹn", due_on=date(2019, 6, 14))
    page = said(a_client(officer).get(LIST))
    assert "2 văn bản, 1 quá hạn" in page
    assert "Quá hạn 10/06" in page
    assert "Hạn hết thứ Sáu 14/06" in page
    assert "Số tiếp theo 3" in page


# ---- from a message


def sent(client: Any, raw: bytes, name: str = "goi.edxml") -> Any:
    return client.post(MESSAGE, {"message": SimpleUploadedFile(name, raw)})


def ticket_of(page: Any) -> str:
    found = re.search(r'name="ticket" value="([^"]+)"', page.content.decode())
    return found[1] if found else ""


def test_a_message_fills_the_form_and_enters_nothing():
    officer = a_person()
    client = a_client(officer)
    page = sent(client, write(a_message()))
    text, words = page.content.decode(), said(page)
    assert "Đã điền từ gói tin của Phòng Văn hóa Thông tin" in words
    assert "Chưa có gì được lưu" in words
    for value in (
        'value="05/BC-UBND"',
        'value="12/06/2019"',
        'value="Báo cáo"',
        'value="30/06/2019"',
        "Kết quả tiếp cận thông tin 6 tháng",
        'value="very_urgent" selected',
    ):
        assert value in text
    assert "Tệp từ gói tin: báo cáo.pdf" in words
    assert "tệp không lưu cùng văn bản: bảng.xlsx" in words
    assert not Incoming.objects.exists()
    assert not IncomingRegister.objects.exists()


def test_a_confirmed_message_is_entered_with_its_file():
    officer = a_person()
    client = a_client(officer)
    ticket = ticket_of(sent(client, write(a_message())))
    client.post(ENTER, a_form(body=officer.organisation_id, ticket=ticket))
    paper = Incoming.objects.get()
    assert (paper.name, paper.media_type) == ("báo cáo.pdf", "application/pdf")
    assert paper.file.read() == b"%PDF-1.4 \x00\xff"
    paper.file.close()
    assert len(kept_files()) == 1, "what was put aside is kept with the paper and nowhere else"


def test_a_chosen_file_comes_before_the_one_of_the_message():
    officer = a_person()
    client = a_client(officer)
    ticket = ticket_of(sent(client, write(a_message())))
    file = SimpleUploadedFile("quét.pdf", A_PDF)
    client.post(ENTER, a_form(body=officer.organisation_id, ticket=ticket, paper=file))
    assert Incoming.objects.get().name == "quét.pdf"
    assert len(kept_files()) == 1


def test_a_file_put_aside_is_of_one_person_and_for_a_day():
    officer, other = a_person(), a_person()
    ticket = ticket_of(sent(a_client(officer), write(a_message())))
    for wrong in (ticket[:-1], "x"):
        with pytest.raises(NotAllowed, match="Tệp lấy từ gói tin không còn"):
            arrived.of_ticket(wrong, officer)
    page = said(a_client(other).post(ENTER, a_form(body=other.organisation_id, ticket=ticket)))
    assert "Tệp lấy từ gói tin không còn" in page
    assert not Incoming.objects.exists()
    assert arrived.of_ticket(ticket, officer).name == "báo cáo.pdf"
    [waiting] = kept_files()
    os.utime(waiting, (time.time() - 90_000,) * 2)
    sent(a_client(officer), write(a_message()))
    assert waiting not in kept_files()
    with pytest.raises(NotAllowed, match="không còn"):
        arrived.of_ticket(ticket, officer)


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (b'<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><edXML>&f;</edXML>', "khai báo DOCTYPE"),
        (b"%PDF-1.4", "không phải XML đúng"),
        (b"", "Tệp trống"),
    ],
)
def test_a_message_that_is_none_is_told_and_the_empty_form_stays(raw, why):
    page = sent(a_client(a_person()), raw)
    assert why in said(page)
    assert "Trích yếu nội dung" in said(page)
    assert kept_files() == []


# ---- the address book


def a_contact(by: Person | None = None, **facts: Any) -> Contact:
    by = by or a_person()
    given = {"id": uuid.uuid4(), "body": by.organisation, "name": "Sở Thông tin và Truyền thông"}
    return contacts.add(by=by, **(given | facts))


def test_an_address_book_has_each_name_once():
    officer, other = a_person(), a_person(unit=a_unit("Nam Ngạn"))
    first = a_contact(officer)
    with pytest.raises(NotAllowed, match="đã có “SỞ THÔNG TIN"):
        a_contact(officer, name="SỞ THÔNG TIN VÀ TRUYỀN THÔNG")
    second = a_contact(officer, name="Sở Y tế")
    with pytest.raises(NotAllowed, match="đã có “Sở thông tin"):
        contacts.change(contact=second, version=1, name="Sở thông tin và truyền thông", by=officer)
    assert a_contact(other).body == other.organisation
    contacts.end(contact=first, version=1, by=officer)
    assert a_contact(officer).pk != first.pk, "a name that ended may come again"


def test_the_same_form_twice_is_one_address():
    officer, key = a_person(), uuid.uuid4()
    assert a_contact(officer, id=key).pk == a_contact(officer, id=key).pk == key


def test_a_stale_edit_is_refused_with_both_versions_shown():
    officer = a_person()
    contact, client = a_contact(officer), a_client(officer)
    contacts.change(contact=Contact.objects.get(), version=1, name="Sở TTTT", organ_id="h56.01", by=officer)
    with pytest.raises(Stale):
        contacts.change(contact=contact, version=1, name="Sở cũ", by=officer)
    page = client.post(f"{BOOK}{contact.pk}/", {"version": 1, "name": "Sở của tôi"})
    assert "Người khác vừa sửa địa chỉ này" in said(page)
    assert "Bản người khác vừa lưu Tên Sở TTTT" in said(page)
    assert 'value="Sở của tôi"' in page.content.decode()
    assert Contact.objects.get().name == "Sở TTTT"
    assert Contact.objects.get().organ_id == "H56.01"
    client.post(f"{BOOK}{contact.pk}/", {"version": 2, "name": "Sở của tôi"})
    assert Contact.objects.get().name == "Sở của tôi"


def test_an_address_ends_and_stays():
    officer = a_person()
    contact, client = a_contact(officer), a_client(officer)
    page = said(client.post(f"{BOOK}{contact.pk}/thoi/", {"version": 1}, follow=True))
    assert "Sở Thông tin và Truyền thông thôi dùng. Địa chỉ vẫn còn trong sổ." in page
    assert "Đã thôi dùng 1 nơi" in page
    assert list(Contact.objects.in_use()) == []
    with pytest.raises(Stale, match="đã thôi dùng từ 12/06/2019"):
        contacts.change(contact=contact, version=2, name="Khác", by=officer)
    with pytest.raises(DatabaseError), transaction.atomic():
        Contact.objects.all().delete()
    assert "Thôi dùng từ 12/06/2019" in said(client.get(f"{BOOK}{contact.pk}/"))


def test_only_who_keeps_the_book_changes_it():
    officer, stranger = a_person(), a_person(unit=a_unit("Nam Ngạn"))
    contact = a_contact(officer)
    acts = (
        lambda: contacts.add(id=uuid.uuid4(), body=officer.organisation, name="X", by=stranger),
        lambda: contacts.change(contact=contact, version=1, name="X", by=stranger),
        lambda: contacts.end(contact=contact, version=1, by=stranger),
    )
    for act in acts:
        with pytest.raises(NotAllowed, match="Chỉ văn thư của"):
            act()
    assert list(Contact.objects.values_list("name", "version")) == [("Sở Thông tin và Truyền thông", 1)]


def test_an_address_is_added_from_the_page_and_mistakes_are_told():
    officer = a_person()
    client, body = a_client(officer), officer.organisation_id
    wrong = {"id": uuid.uuid4(), "body": body, "name": "Sở Y tế", "organ_id": "56/YT", "email": "vanthu@"}
    page = said(client.post(f"{BOOK}them/", wrong))
    assert "“56/YT” không phải mã định danh. Viết như H56.01.02" in page
    assert "Địa chỉ thư chưa đúng" in page
    right = wrong | {"organ_id": "h56.22", "email": "vt@example.org"}
    assert "Đã thêm Sở Y tế vào sổ địa chỉ." in said(client.post(f"{BOOK}them/", right, follow=True))
    assert Contact.objects.get().organ_id == "H56.22"
