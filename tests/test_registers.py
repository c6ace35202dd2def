"""The register of outgoing papers: no gap, no double, nothing given twice, whoever issues at once and whatever dies."""

import uuid
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import DatabaseError, transaction

from tests.factories import a_client, a_person, a_unit
from tests.pages import text_of
from tests.racing_papers import campaign, numbers_of
from tests.test_documents import issued, people, the_committee
from tests.test_periodic_reports import at
from tests.threads import at_once
from tiepcan.accounts.models import Organisation, Person
from tiepcan.accounts.roles import Role
from tiepcan.common.refusals import NotAllowed
from tiepcan.paperwork import issuing, registers
from tiepcan.paperwork.models import Number, Register

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def june() -> Any:
    with at(date(2019, 6, 19)):
        yield


def a_clerk() -> Person:
    return a_person(Role.CLERK)


def entered(by: Person, body: Organisation | None = None, **facts: Any) -> Number:
    given = {
        "id": uuid.uuid4(),
        "symbol": "BC-UBND",
        "title": "Công tác y tế dự phòng tháng 6",
        "signer": "Đặng Văn Thí Ký",
        "recipients": 5,
    }
    return registers.enter(body=body or by.organisation, by=by, **(given | facts))


@pytest.mark.django_db(transaction=True)
def test_twenty_clerks_at_once_leave_no_gap_and_no_double():
    clerk = a_clerk()

    said = at_once(*[lambda: entered(clerk).number] * 20)

    assert sorted(said) == list(range(1, 21)) == numbers_of(clerk.organisation_id)


@pytest.mark.django_db(transaction=True)
def test_clerks_whose_machine_dies_leave_no_gap_and_no_double():
    """A short run of `python -m tests.racing_papers 1000`."""
    clerk = a_clerk()
    files = str(Path(settings.STORAGES["default"]["OPTIONS"]["location"]))

    campaign(12, clerks=3, files=files, by=clerk.pk, body=clerk.organisation_id, seed=2)


def test_who_takes_a_number_and_fails_gives_it_back():
    clerk = a_clerk()

    with pytest.raises(ZeroDivisionError), transaction.atomic():
        entered(clerk)
        raise ZeroDivisionError

    assert str(entered(clerk)) == "01/BC-UBND"


def test_the_database_refuses_a_number_out_of_its_order_and_a_number_taken_out():
    first = entered(a_clerk())

    for number in (1, 3):
        with pytest.raises(DatabaseError), transaction.atomic():
            Number.objects.create(
                register=first.register, number=number, symbol="BC-UBND", issued_on=first.issued_on, title="x",
                search_key="x", at=first.at, by_name="x",
            )  # fmt: skip
    with pytest.raises(DatabaseError), transaction.atomic():
        first.delete()
    with pytest.raises(DatabaseError), transaction.atomic():
        Number.objects.update(title="khác")


def test_a_cancelled_number_stays_in_its_place_with_its_reason_and_is_not_given_again():
    clerk = a_clerk()
    first = entered(clerk)

    registers.cancel(number=first, reason="Sai kỳ báo cáo.", by=clerk)

    assert str(entered(clerk)) == "02/BC-UBND"
    page = text_of(a_client(clerk).get("/van-ban/so-di/"))
    assert "01/BC-UBND" in page and "Đã hủy 19/06/2019" in page and "Sai kỳ báo cáo." in page
    with pytest.raises(NotAllowed, match="đã hủy ngày 19/06/2019"):
        registers.cancel(number=first, reason="lần nữa", by=clerk)


def test_a_number_is_not_cancelled_without_a_reason():
    clerk = a_clerk()

    with pytest.raises(NotAllowed, match="Ghi lý do"):
        registers.cancel(number=entered(clerk), reason="  ", by=clerk)


def test_letters_have_one_register_whatever_unit_drafted_them():
    clerk = a_clerk()

    codes = [str(entered(clerk, symbol=symbol)) for symbol in ("UBND-VHTT", "UBND-VX", "QĐ-UBND")]

    assert codes == ["01/UBND-VHTT", "02/UBND-VX", "01/QĐ-UBND"]


def test_a_year_begins_at_one():
    clerk = a_clerk()
    entered(clerk)

    with at(date(2020, 1, 2)):
        assert str(entered(clerk)) == "01/BC-UBND"


def test_a_register_goes_on_from_a_paper_book_only_before_its_first_number():
    clerk = a_clerk()

    registers.begin_at(body=clerk.organisation, kind="BC", year=2019, first=412, by=clerk)

    assert str(entered(clerk)) == "412/BC-UBND"
    with pytest.raises(NotAllowed, match="dãy số phải liền nhau"):
        registers.begin_at(body=clerk.organisation, kind="BC", year=2019, first=1, by=clerk)
    assert registers.gaps_of(Register.objects.get()) == []


def test_search_finds_without_accents_and_shows_the_neighbours():
    clerk = a_clerk()
    titles = [
        "Thu ngân sách",
        "Y tế dự phòng",
        "Tiếp cận thông tin",
        "Cải cách hành chính",
        "Phòng cháy",
        "Giao thông",
    ]
    for title in titles:
        entered(clerk, title=title)

    page = text_of(a_client(clerk).get("/van-ban/so-di/?tim=tiep%20can"))

    assert "1 văn bản khớp" in page
    assert [title in page for title in titles] == [True] * 5 + [False]


def test_another_body_sees_nothing_of_a_register():
    clerk = a_clerk()
    number = entered(clerk, title="Chuyện riêng của thành phố")
    stranger = a_person(Role.OFFICER, a_unit("Nam Ngạn"))

    assert "Chuyện riêng" not in text_of(a_client(stranger).get("/van-ban/so-di/"))
    assert a_client(stranger).get(f"/van-ban/so-di/{number.pk}/huy/").status_code == 404
    with pytest.raises(NotAllowed, match="văn thư"):
        entered(stranger, clerk.organisation)


def test_a_paper_that_was_sent_is_recalled_and_not_cancelled():
    by = people()
    a_person(Role.VERIFIER, full_name="Hoàng Thị Kiểm Mẫu")  # the Labour Office gets it in the program
    document = issued(by)

    with pytest.raises(NotAllowed, match="thì thu hồi"):
        issuing.cancel(document=document, reason="Sai.", seen=document.digest, by=by["clerk"])
    recalled = issuing.recall(document=document, reason="Sai kỳ.", seen=document.digest, by=by["clerk"])

    assert recalled.number is not None
    assert Number.objects.get(pk=recalled.number.pk).state == "recalled"
    assert str(issued(by).number) == "02/BC-UBND"


def test_the_next_number_is_shown_and_kept_for_nobody():
    clerk = a_clerk()
    entered(clerk)

    assert registers.next_of(clerk.organisation, "BC", 2019) == 2
    assert "2" in text_of(a_client(clerk).get("/van-ban/so-di/"))
    assert registers.next_of(the_committee(), "KH", 2019) == 1


@pytest.mark.django_db(transaction=True)
def test_a_form_sent_twice_at_once_takes_one_number():
    clerk, key = a_clerk(), uuid.uuid4()

    said = at_once(*[lambda: entered(clerk, id=key).number] * 4)

    assert said == [1, 1, 1, 1] and numbers_of(clerk.organisation_id) == [1]


@pytest.mark.django_db(transaction=True)
def test_papers_issued_at_once_get_numbers_one_after_the_other():
    """As `issue` asks for a number, inside the transaction of its act."""
    clerk = a_clerk()

    def issued_one() -> int:
        with transaction.atomic():
            given = registers.give(
                body=clerk.organisation, symbol="BC-UBND", on=date(2019, 6, 19), title="x", signer="", recipients=0, by=clerk
            )  # fmt: skip
        return given.number

    assert sorted(at_once(*[issued_one] * 10)) == list(range(1, 11))
