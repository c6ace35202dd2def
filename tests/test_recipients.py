"""Where a paper goes: lines made into recipients, sent each by its way, opened, acknowledged, reminded."""

import uuid
from datetime import date
from typing import Any
from xml.etree import ElementTree

import pytest
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from tests.factories import a_client, a_person, a_unit
from tests.pages import text_of
from tests.test_documents import a_draft, a_paper, issued, people, the_committee
from tests.test_periodic_reports import at
from tests.test_reminders import box  # noqa: F401  a mail server that keeps what it gets
from tiepcan.accounts.roles import Role
from tiepcan.common.refusals import NotAllowed
from tiepcan.paperwork import contacts, issuing, recipients, sending
from tiepcan.paperwork.models import Document, WayOut
from tiepcan.paperwork.packages import package_of
from tiepcan.paperwork.stamps import say
from tiepcan.paperwork.tasks import send_mail, tell_recalled

pytestmark = pytest.mark.django_db
MAIL = "vanthu@doanh-nghiep-c.example"
SITE = "http://localhost"


@pytest.fixture(autouse=True)
def june() -> Any:
    with at(date(2019, 6, 19)):
        yield


def reached(document: Document) -> dict[str, str]:
    return {one.name: one.way for one in document.dispatches.all()}


def test_lines_become_the_organisations_that_sign_in_here_and_others_get_paper():
    by = people()
    labour = a_person(Role.VERIFIER).organisation
    wards = [a_person(Role.OFFICER, a_unit(name)).organisation for name in ("Hàm Rồng", "Nam Ngạn")]

    document = a_draft(by["drafter"])

    assert reached(document) == {
        "Sở Thông tin và Truyền thông": WayOut.PAPER,
        labour.name: WayOut.SYSTEM,
        **{ward.name: WayOut.SYSTEM for ward in wards},
    }


def test_the_address_book_tells_how_others_are_reached():
    by = people()
    contacts.add(
        id=uuid.uuid4(),
        body=the_committee(),
        name="Sở Thông tin và Truyền thông",
        organ_id="H56.21",
        by=by["clerk"],
    )

    document = a_draft(by["drafter"])

    [one] = document.dispatches.filter(way=WayOut.EXCHANGE)
    assert (one.name, one.organ_id) == ("Sở Thông tin và Truyền thông", "H56.21")


def by_mail(document: Document, name: str, by: Any) -> None:
    one = document.dispatches.get(name=name)
    recipients.direct(dispatch=one, way="mail", name=name, email=MAIL, organ_id="", by=by)


def test_mail_goes_with_the_paper_and_its_reader_acknowledges_without_an_account(box):  # noqa: F811
    by = people()
    document = issued(by, recipients=("Doanh nghiệp xây lắp C",))
    assert document.dispatches.get(name="Doanh nghiệp xây lắp C").sent_at is None
    by_mail(document, "Doanh nghiệp xây lắp C", by["clerk"])

    sending.mail(document, SITE)

    [message] = box.got
    one = document.dispatches.get(name="Doanh nghiệp xây lắp C")
    assert one.sent_at is not None and str(one.key) in message.get_body().get_content()
    assert [part.get_content_type() for part in message.iter_attachments()] == ["application/pdf"]
    page = text_of(Client().post(f"/bao-nhan/{one.key}/", {"incoming_number": "1207"}, follow=True))
    assert "Đã báo nhận" in page and "số đến 1207" in page
    one.refresh_from_db()
    assert one.acknowledged_at and one.incoming_number == "1207"


def test_a_mail_server_that_refuses_leaves_a_sentence_and_the_next_try_reaches(settings: Any):
    by = people()
    document = issued(by, recipients=("Doanh nghiệp xây lắp C",))
    by_mail(document, "Doanh nghiệp xây lắp C", by["clerk"])
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9

    assert sending.mail(document, SITE) == (0, 1)

    one = document.dispatches.get(way=WayOut.MAIL)
    assert one.sent_at is None and "Máy chủ thư không nhận" in one.failure
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    send_mail.func(key=str(document.pk), site=SITE)
    one.refresh_from_db()
    assert one.sent_at is not None and one.failure == ""


def test_who_signs_in_here_has_the_paper_at_its_issue_opens_and_acknowledges_it():
    by = people()
    verifier = a_person(Role.VERIFIER)
    document = issued(by)
    client = a_client(verifier)

    assert document.title in text_of(client.get("/van-ban/"))
    page = text_of(client.get(f"/van-ban/{document.pk}/"))
    one = document.dispatches.get(organisation=verifier.organisation)
    assert "Báo đã nhận" in page and one.opened_at is not None and one.acknowledged_at is None
    client.post(f"/van-ban/{document.pk}/bao-nhan/", {"incoming_number": "88"})
    one.refresh_from_db()
    assert (one.incoming_number, one.acknowledged_by) == ("88", verifier.full_name)


def test_who_is_no_recipient_sees_nothing_of_it():
    by = people()
    document = issued(by)
    stranger = a_client(a_person(Role.PARTNER))

    assert stranger.get(f"/van-ban/{document.pk}/").status_code == 404
    assert stranger.get(f"/van-ban/{document.pk}/tai/pdf/").status_code == 404
    assert stranger.post(f"/van-ban/{document.pk}/bao-nhan/").status_code == 404
    assert document.title not in text_of(stranger.get("/van-ban/"))


def test_a_draft_is_its_body_s_alone_even_for_who_will_receive_it():
    by = people()
    verifier = a_person(Role.OFFICER, a_unit("Nam Ngạn"))
    document = a_draft(by["drafter"])

    assert a_client(verifier).get(f"/van-ban/{document.pk}/").status_code == 404


def test_those_who_did_not_acknowledge_are_asked_once_a_day():
    by = people()
    a_person(Role.VERIFIER)
    document = issued(by)

    first = issuing.remind(document=document, site=SITE, by=by["clerk"])
    second = issuing.remind(document=document, site=SITE, by=by["clerk"])

    assert (first, second) == ((1, 0), (0, 1))
    with pytest.raises(NotAllowed, match="văn thư"):
        issuing.remind(document=document, site=SITE, by=by["signer"])


def test_the_package_of_the_exchange_holds_the_paper_for_its_recipient():
    by = people()
    body = the_committee()
    for name, organ_id in ((body.name, "H56.47"), ("Sở Thông tin và Truyền thông", "H56.21")):
        contacts.add(id=uuid.uuid4(), body=body, name=name, organ_id=organ_id, by=by["clerk"])
    document = issued(by)
    one = document.dispatches.get(way=WayOut.EXCHANGE)

    package = package_of(document, one)

    said = {
        part.tag.rpartition("}")[2]: (part.text or "").strip()
        for part in ElementTree.fromstring(package).iter()
    }
    assert (said["CodeNumber"], said["CodeNotation"], said["PromulgationDate"]) == (
        "01",
        "BC-UBND",
        "2019/06/19",
    )
    assert said["Subject"] == document.title
    recipients.by_hand(dispatch=one, by=by["clerk"])
    one.refresh_from_db()
    assert one.sent_at is not None


def test_a_body_without_an_identifier_is_told_where_to_write_it():
    by = people()
    body = the_committee()
    contacts.add(
        id=uuid.uuid4(), body=body, name="Sở Thông tin và Truyền thông", organ_id="H56.21", by=by["clerk"]
    )
    document = issued(by)

    with pytest.raises(NotAllowed, match="vào sổ địa chỉ"):
        package_of(document, document.dispatches.get(way=WayOut.EXCHANGE))


def test_a_rewritten_line_keeps_what_was_set_by_hand_for_the_others():
    by = people()
    document = a_draft(by["drafter"], recipients=("Doanh nghiệp C", "Doanh nghiệp D"))
    one = document.dispatches.get(name="Doanh nghiệp C")
    recipients.direct(
        dispatch=one, way="mail", name="Doanh nghiệp C", email=MAIL, organ_id="", by=by["drafter"]
    )
    say(document, a_paper(recipients=("Doanh nghiệp C", "Doanh nghiệp E")))
    recipients.lay_out(document)

    assert reached(document) == {
        "Sở Thông tin và Truyền thông": "paper", "Doanh nghiệp C": "mail", "Doanh nghiệp E": "paper",
    }  # fmt: skip


def test_nothing_is_sent_twice_when_sending_is_tried_again():
    by = people()
    a_person(Role.VERIFIER)
    document = issued(by)
    before = list(document.dispatches.values_list("pk", "sent_at"))

    issuing.send_again(document=document, site=SITE, by=by["clerk"])

    assert list(document.dispatches.values_list("pk", "sent_at")) == before


def test_who_got_a_recalled_paper_by_mail_is_told_so(box):  # noqa: F811
    by = people()
    document = issued(by, recipients=("Doanh nghiệp xây lắp C",))
    by_mail(document, "Doanh nghiệp xây lắp C", by["clerk"])
    sending.mail(document, SITE)

    issuing.recall(document=document, reason="Sai kỳ báo cáo.", seen=document.digest, by=by["clerk"])

    assert ProcrastinateJob.objects.filter(task_name__endswith="tell_recalled").count() == 1
    tell_recalled.func(key=str(document.pk))
    assert "thu hồi" in box.got[-1].get_content() and "Sai kỳ báo cáo." in box.got[-1].get_content()


def test_a_recipient_is_added_from_the_address_book_on_the_page():
    by = people()
    contact = contacts.add(
        id=uuid.uuid4(), body=the_committee(), name="Doanh nghiệp C", email=MAIL, by=by["clerk"]
    )
    document = a_draft(by["drafter"])
    client = a_client(by["drafter"])
    assert "Doanh nghiệp C" in text_of(client.get(f"/van-ban/{document.pk}/"))

    client.post(f"/van-ban/{document.pk}/noi-nhan/them/", {"contact": contact.pk})

    assert reached(document)["Doanh nghiệp C"] == WayOut.MAIL


def test_nobody_acknowledges_for_another_office():
    by = people()
    verifier = a_person(Role.VERIFIER)
    one = issued(by).dispatches.get(organisation=verifier.organisation)

    with pytest.raises(NotAllowed, match="Chỉ nơi nhận"):
        recipients.acknowledge(dispatch=one, incoming_number="", by_name="A", by=by["signer"])
