"""Fee support: an operator's list becomes rows matched to households, a month is closed, subscriptions come of it."""

import io
import json
import re
import uuid
import zipfile
from datetime import date, datetime
from itertools import product
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import DatabaseError, IntegrityError, transaction

from tests import racing_subscriptions
from tests.factories import a_client, a_person, a_plan, a_unit, an_outcome, the_city
from tests.factories import a_household as any_household
from tests.pages import text_of
from tests.workbooks import a_list
from tiepcan.accounts.models import Organisation, OrganisationKind, Person
from tiepcan.accounts.roles import Role
from tiepcan.common import clock
from tiepcan.common.numbers import in_words
from tiepcan.common.refusals import NotAllowed, Stale
from tiepcan.households.models import Household, PovertyClass
from tiepcan.intake.document import Unreadable
from tiepcan.supports.models import Outcome, Support
from tiepcan.telecom import actions, figures
from tiepcan.telecom.lists.cells import amount, number, service, status
from tiepcan.telecom.models import Line, LineState, Month, Problem, Refusal, Subscription

pytestmark = pytest.mark.django_db
HEAD = ("STT", "Họ tên khách hàng", "Năm sinh", "Phường, xã", "Dịch vụ", "Số thuê bao", "Ngày bắt đầu", "Số tiền", "Tình trạng", "Lý do")  # fmt: skip
MAY = date(2019, 5, 1)


_GIVEN = ("Ví Dụ", "Thử Nghiệm", "Minh Họa", "Mô Phỏng", "Giả Tưởng", "Bản Nháp", "Tượng Trưng", "Phác Thảo")
_names = product(
    ("Trần Thị", "Lê Văn", "Phạm Thị", "Vũ Văn", "Đỗ Thị", "Bùi Văn", "Hồ Thị", "Mai Văn"), _GIVEN
)


def a_household(*args: Any, **facts: Any) -> Household:
    """A household whose head has a name of letters alone, as a list can have it."""
    return any_household(*args, **{"head_name": " ".join(next(_names)), **facts})


def asked(name: str = "Trần Thị Ví Dụ", **facts: Any) -> tuple[Any, ...]:
    given = {
        "birth_year": "", "ward": "Hàm Rồng", "service": "Di động trả sau", "number": "", "began": "02/05/2019",
        "amount": 20000, "status": "Đã cung cấp", "reason": "",
    } | facts  # fmt: skip
    return (name, *given.values())


def an_operator(name: str = "Doanh nghiệp viễn thông A") -> Person:
    company, _ = Organisation.objects.get_or_create(unit=the_city(), kind=OrganisationKind.COMPANY, name=name)
    return a_person(Role.OPERATOR, organisation=company)


def send(*rows: tuple[Any, ...], by: Person | None = None, month: date = MAY, **facts: Any) -> Month:
    by = by or an_operator()
    raw = facts.pop("raw", None) or a_list(*rows, head=HEAD, **facts)
    return actions.receive(operator=by.organisation, month=month, raw=raw, name="T5.xlsx", by=by)


def line(month: Month, row: int = 2) -> Line:
    return Line.objects.get(month=month, row=row)


def closed(month: Month, by: Person | None = None) -> Month:
    month.refresh_from_db()
    return actions.close(month=month, version=month.version, by=by or a_person(Role.COORDINATOR))


# ---- cells


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Di động trả sau", "mobile"),
        ("Cố định trả sau", "fixed"),
        ("Điện thoại cố định", "fixed"),
        ("Internet cáp quang", "broadband"),
        ("FTTH", "broadband"),
        ("ĐTDĐ trả sau", "mobile"),
        ("-", None),
    ],
)
def test_a_service_is_understood_as_operators_write_it(written, meant):
    assert service(written) == meant


@pytest.mark.parametrize("written", ["Truyền hình", "di động và internet"])
def test_a_service_in_doubt_is_asked_about(written):
    assert "Chưa rõ dịch vụ" in service(written).message


def test_numbers_amounts_and_states_are_read_as_people_write_them():
    assert [number(one) for one in ("0912 345 678", "+84 912.345.678", "th_A01")] == ["0912345678", "0912345678", "th_a01"]  # fmt: skip
    assert "rút gọn" in number("9,12E+08").message
    assert [amount(one) for one in ("45.000", "45,000 đ", "45000", "0", "-")] == [
        45000,
        45000,
        45000,
        0,
        None,
    ]
    assert "không phải số tiền" in amount("4x").message
    assert [status(one) for one in ("Đã cung cấp", "x", "Từ chối", "Chưa cung cấp", "không", "")] == [True, True, False, False, False, None]  # fmt: skip


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (0, "không"),
        (15, "mười lăm"),
        (21, "hai mươi mốt"),
        (24, "hai mươi tư"),
        (105, "một trăm lẻ năm"),
        (500_000, "năm trăm nghìn"),
        (1_000_005, "một triệu không trăm lẻ năm"),
        (2_345_041, "hai triệu ba trăm bốn mươi lăm nghìn không trăm bốn mươi mốt"),
        (10_010_000, "mười triệu không trăm mười nghìn"),
    ],
)
def test_a_sum_is_spelled_as_papers_do(amount, words):
    assert in_words(amount) == words


# ---- a list in


def test_every_row_is_provided_refused_or_waits_and_they_add_up():
    one, two, out = (
        a_household(),
        a_household(birth_year=1949),
        a_household(poverty=PovertyClass.OUT, lacks=()),
    )
    month = send(
        asked(one.head_name),
        asked(two.head_name, status="Từ chối", reason="Chưa có cáp đến thôn 6"),
        asked(out.head_name),
        asked("Người Không Có"),
        asked("Lê Thị Sai", amount="bốn mươi"),
        ("", "", "", "Tổng cộng", "", "", 80000, "", ""),
    )
    counts = figures.counts_of(month.lines.all())
    assert (counts.asked, counts.provided, counts.refused, counts.unmatched, counts.wrong) == (5, 1, 2, 1, 1)
    assert counts.amount == 20_000
    assert line(month, 3).refusal == Refusal.NO_NETWORK
    assert line(month, 4).said == "Hộ thoát nghèo theo rà soát cuối năm 2018."
    assert Problem.objects.get().message.startswith("“bốn mươi” không phải số tiền")
    assert month.skipped == 1


def test_a_list_without_a_service_or_names_is_refused_with_what_it_needs():
    with pytest.raises(Unreadable, match="cột họ tên chủ hộ"):
        send(raw=a_list(("a", "b"), head=("STT", "Cột lạ", "Cột khác")))
    assert not Month.objects.exists()


def test_a_title_between_rows_names_the_ward():
    household = a_household(a_unit("Nam Ngạn"))
    month = send(("Phường Nam Ngạn",), asked(household.head_name, ward=""))
    assert line(month, 3).household == household


def test_namesakes_are_told_apart_by_their_year_and_otherwise_wait():
    elder = a_household(head_name="Nguyễn Thị Nháp", birth_year=1949)
    a_household(head_name="Nguyễn Thị Nháp", birth_year=1972)
    month = send(asked("Nguyễn Thị Nháp"), asked("nguyen thi nhap", birth_year=1949))
    assert line(month, 2).state == LineState.UNMATCHED
    assert line(month, 3).household == elder


def test_a_household_is_known_by_the_number_of_its_subscription():
    household = a_household()
    closed(send(asked(household.head_name, number="0911")))
    june = send(asked("Tên Viết Khác", number="0911"), month=date(2019, 6, 1))
    assert line(june).household == household


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"service": "Truyền hình"}, "Chưa rõ dịch vụ"),
        ({"service": ""}, "Thiếu dịch vụ"),
        ({"ward": "Phường Không Có"}, "Không có đơn vị"),
        ({"began": "31/13/2019"}, "không phải ngày"),
        ({"began": "02/06/2019"}, "sau tháng 05/2019"),
        ({"amount": ""}, "Thiếu số tiền"),
        ({"status": "Từ chối"}, "ghi lý do"),
        ({"reason": "Chưa có cáp"}, "vừa ghi đã cung cấp vừa ghi lý do"),
        ({"service": "Internet cáp quang", "amount": 5000}, "không có chính sách nào chi"),
    ],
)
def test_a_bad_cell_says_what_is_wrong_and_what_to_do(facts, said):
    household = a_household()
    month = send(asked(household.head_name, **facts))
    assert said in Problem.objects.get(month=month).message
    assert line(month).state == LineState.WRONG


def test_an_amount_above_the_schemes_is_refused_since_2020():
    household = a_household(year=2019)
    operator = an_operator()
    with clock.set_to(datetime(2020, 6, 1, 9, tzinfo=clock.VIETNAM)):
        month = send(
            asked(household.head_name, amount=50000, began="01/05/2020"), month=date(2020, 5, 1), by=operator
        )
    assert "cao hơn mức hỗ trợ di động trả sau, 45.000 đ" in Problem.objects.get(month=month).message


def test_the_same_file_twice_is_one_list_and_a_newer_one_takes_its_place():
    one, two = a_household(), a_household()
    by = an_operator()
    first = a_list(asked(one.head_name), head=HEAD)
    month = send(raw=first, by=by)
    assert send(raw=first, by=by).version == 1
    again = send(asked(two.head_name), by=by)
    assert (again.pk, again.version) == (month.pk, 2)
    assert [one.household for one in month.lines.all()] == [two]


def test_a_file_that_was_replaced_is_not_kept(django_capture_on_commit_callbacks):
    by = an_operator()
    month = send(asked(a_household().head_name), by=by)
    first = month.file.name
    with django_capture_on_commit_callbacks(execute=True):
        month = send(asked(a_household().head_name), by=by)
    assert not month.file.storage.exists(first)
    assert month.file.storage.exists(month.file.name)


def test_what_was_decided_about_a_row_stays_when_the_operator_sends_a_mended_file():
    household = a_household(head_name="Lê Văn Giả Định")
    by, office = an_operator(), a_person(Role.COORDINATOR)
    month = send(asked("Lê Giả Định"), asked("Trần Ngoại Lệ"), by=by)
    actions.choose(line=line(month, 2), version=1, household=household, by=office)
    actions.send_back(line=line(month, 3), version=2, reason="Không phải hộ nghèo", by=office)

    month = send(asked("Trần Ngoại Lệ"), asked("Lê Giả Định"), by=by)

    assert line(month, 3).household == household
    assert line(month, 3).state == LineState.PROVIDED
    assert (line(month, 2).refusal, line(month, 2).said) == (Refusal.SENT_BACK, "Không phải hộ nghèo")


def test_a_decision_from_an_older_list_is_refused():
    household = a_household()
    by = an_operator()
    month = send(asked("Lê Giả Định"), by=by)
    send(asked("Lê Giả Định"), asked("Thêm Một Người"), by=by)
    with pytest.raises(Stale, match="đã thay đổi"):
        actions.choose(line=line(month), version=1, household=household, by=a_person(Role.COORDINATOR))


def test_only_the_company_and_the_office_send_and_only_the_office_decides():
    household, by = a_household(), an_operator()
    month = send(asked("Lê Giả Định"), by=by)
    for other in (an_operator("Doanh nghiệp B"), a_person(Role.OFFICER), a_person(Role.LEADER)):
        with pytest.raises(NotAllowed):
            actions.receive(operator=by.organisation, month=MAY, raw=b"x", name="x.xlsx", by=other)
    for other in (by, a_person(Role.OFFICER), a_person(Role.VERIFIER)):
        with pytest.raises(NotAllowed, match="điều phối"):
            actions.choose(line=line(month), version=1, household=household, by=other)
        with pytest.raises(NotAllowed, match="điều phối"):
            actions.close(month=month, version=1, by=other)


# ---- one subscription, one operator, once


def test_another_operators_subscription_refuses_the_household_and_names_it():
    household = a_household()
    closed(send(asked(household.head_name, service="Điện thoại cố định")))
    june = send(asked(household.head_name), by=an_operator("Doanh nghiệp B"), month=date(2019, 6, 1))
    assert line(june).refusal == Refusal.OTHER_SUBSCRIPTION
    assert line(june).said == "Đã có thuê bao điện thoại cố định của Doanh nghiệp viễn thông A từ 05/2019."


def test_two_operators_of_one_month_cannot_both_have_the_household():
    household = a_household()
    send(asked(household.head_name))
    other = send(asked(household.head_name), by=an_operator("Doanh nghiệp B"))
    assert line(other).said == "Doanh nghiệp viễn thông A cũng cung cấp cho hộ này trong tháng 5/2019."


def test_a_household_stands_once_in_a_list():
    household = a_household()
    month = send(asked(household.head_name, number="1"), asked(household.head_name, number="2"))
    assert line(month, 3).refusal == Refusal.TWICE
    assert "dòng 2" in line(month, 3).said


def test_the_database_keeps_a_second_subscription_a_second_month_and_a_changed_one_out():
    household = a_household()
    month = closed(send(asked(household.head_name)))
    first = Subscription.objects.get()
    other = an_operator("Doanh nghiệp B").organisation
    support = Support.objects.get()
    support.pk = uuid.uuid4()
    support.save(force_insert=True)
    with pytest.raises(IntegrityError, match="household_has_one_subscription"), transaction.atomic():
        Subscription.objects.create(
            household=household, operator=other, service="fixed", support=support, began_on=MAY
        )
    with pytest.raises(DatabaseError, match="closed"), transaction.atomic():
        Line.objects.filter(month=month).update(amount=1)
    with pytest.raises(DatabaseError, match="closed"), transaction.atomic():
        Line.objects.filter(month=month).delete()
    with pytest.raises(DatabaseError), transaction.atomic():
        Month.objects.filter(pk=month.pk).update(state="open", closed_at=None)
    with pytest.raises(DatabaseError), transaction.atomic():
        Subscription.objects.filter(pk=first.pk).update(service="fixed")


# ---- a month closed


def test_a_closed_month_makes_subscriptions_supports_and_outcomes_once():
    plan = a_plan()
    household = a_household()
    month = closed(send(asked(household.head_name, number="0911")))
    subscription = Subscription.objects.get()
    outcome = Outcome.objects.get()
    assert (outcome.plan, outcome.household, outcome.happened_on) == (plan, household, date(2019, 5, 2))
    assert subscription.support.outcome == outcome
    assert subscription.support.scheme_id == "phone_2015"
    assert line(month).subscription == subscription

    june = closed_in_june(household)
    assert line(june).subscription == subscription
    assert Outcome.objects.count() == Support.objects.count() == 1


def closed_in_june(household: Household) -> Month:
    with clock.set_to(datetime(2019, 7, 1, 9, tzinfo=clock.VIETNAM)):
        return closed(send(asked(household.head_name, number="0911"), month=date(2019, 6, 1)))


def test_a_household_recorded_before_is_tied_to_its_outcome_and_not_counted_again():
    plan = a_plan()
    household = a_household()
    outcome = an_outcome(household, plan=plan)
    closed(send(asked(household.head_name)))
    subscription = Subscription.objects.get()
    assert "đã được ghi nhận" in subscription.uncounted
    assert subscription.support.outcome == outcome
    assert Outcome.objects.count() == 1


def test_a_month_is_not_closed_while_a_row_waits_nor_before_its_end_nor_out_of_order():
    household = a_household()
    by = an_operator()
    month = send(asked(household.head_name), asked("Người Không Có"), by=by)
    with pytest.raises(NotAllowed, match="Còn 1 dòng"):
        closed(month)
    june = send(asked(household.head_name), by=by, month=date(2019, 6, 1))
    with pytest.raises(NotAllowed, match="chưa hết"):
        closed(june)
    april = send(asked(household.head_name, began="01/04/2019"), by=by, month=date(2019, 4, 1))
    send(asked(household.head_name), by=by)
    with pytest.raises(NotAllowed, match="Chốt tháng 4/2019 trước"):
        closed(month)
    assert april.is_open
    assert not Subscription.objects.exists()


def test_a_closed_month_takes_no_list_any_more():
    household = a_household()
    by = an_operator()
    closed(send(asked(household.head_name), by=by))
    with pytest.raises(NotAllowed, match="đã chốt ngày 12/06/2019"):
        send(asked(household.head_name), asked("Thêm Một"), by=by)


def test_an_ended_subscription_lets_another_begin_and_keeps_what_it_counted():
    a_plan()
    household = a_household()
    closed(send(asked(household.head_name)))
    subscription = Subscription.objects.get()
    office = a_person(Role.COORDINATOR)
    with pytest.raises(NotAllowed, match="trước ngày bắt đầu"):
        actions.end_subscription(subscription=subscription, on=date(2019, 4, 1), why="x", by=office)
    actions.end_subscription(subscription=subscription, on=date(2019, 6, 1), why="Chuyển sang B", by=office)
    assert Support.objects.get().ended_on == date(2019, 6, 1)
    assert Outcome.objects.get().standing
    june = send(asked(household.head_name), by=an_operator("Doanh nghiệp B"), month=date(2019, 6, 1))
    assert line(june).state == LineState.PROVIDED
    with pytest.raises(NotAllowed, match="đã thôi"):
        actions.end_subscription(subscription=subscription, on=date(2019, 6, 2), why="x", by=office)


# ---- pages and papers


def test_an_operator_sees_its_own_rows_and_nothing_of_the_registry():
    household = a_household(head_name="Lê Văn Giả Định", code="TK-11", birth_year=1951)
    by = an_operator()
    month = send(asked("Lê Giả Định"), by=by)
    said = text_of(a_client(by).get(f"/vien-thong/{month.pk}/"))
    assert "Lê Giả Định" in said
    assert "Kiểm tra họ tên" in said
    assert "TK-11" not in said
    assert "1951" not in said
    assert household.head_name not in said
    assert a_client(by).get(f"/vien-thong/{month.pk}/dong/{line(month).pk}/").status_code == 403
    assert a_client(an_operator("Doanh nghiệp B")).get(f"/vien-thong/{month.pk}/").status_code == 404
    assert a_client(by).get("/ho-ngheo/").status_code == 403


def test_the_office_matches_a_row_on_the_page_and_closes_the_month():
    household = a_household(head_name="Lê Văn Giả Định", code="TK-11")
    by, office = an_operator(), a_person(Role.COORDINATOR)
    month = send(asked("Lê Giả Định"), asked("Trần Ngoại Lệ"), by=by)
    client = a_client(office)
    assert "Là hộ Lê Văn Giả Định, TK-11" in text_of(client.get(f"/vien-thong/{month.pk}/"))

    place = f"/vien-thong/{month.pk}/dong/{line(month).pk}/"
    client.post(place, {"version": 1, "household": str(household.pk)})
    assert line(month).household == household
    other = f"/vien-thong/{month.pk}/dong/{line(month, 3).pk}/"
    refused = client.post(other, {"version": 2, "tra-lai": "1", "reason": ""})
    assert "Ghi vì sao trả lại" in text_of(refused)
    refused = client.post(other, {"version": 2, "code": "XX-1"})
    assert "không có hộ nào số hồ sơ XX-1" in text_of(refused)
    client.post(other, {"version": 2, "tra-lai": "1", "reason": "Không phải hộ nghèo"})
    client.post(f"/vien-thong/{month.pk}/chot/", {"version": 3})
    month.refresh_from_db()
    assert not month.is_open
    assert Subscription.objects.get().household == household


def test_every_figure_of_a_month_opens_to_as_many_rows():
    households = [a_household() for _ in range(3)]
    by = an_operator()
    closed(
        send(
            *(asked(one.head_name, began="01/04/2019") for one in households[:2]),
            month=date(2019, 4, 1),
            by=by,
            sheet="T4",
        ),
        None,
    )
    month = send(
        *(asked(one.head_name) for one in households[1:]),
        asked("Người Không Có"),
        asked("Sai Ô", amount="x"),
        asked(a_household().head_name, status="từ chối", reason="Hộ không nhận"),
        by=by,
    )
    client = a_client(by)
    for figure, many in (("de-nghi", 5), ("cung-cap", 2), ("tu-choi", 1), ("chua-khop", 1), ("o-sai", 1), ("moi", 1), ("thoi", 1)):  # fmt: skip
        answer = client.get(f"/vien-thong/{month.pk}/ho/{figure}/")
        said = answer.content.decode()
        assert re.search(r"<h1>[^<]*: (\d+)</h1>", said)[1] == str(many), figure
        assert said.count('<tr><th scope="row"') == many, figure
    assert client.get(f"/vien-thong/{month.pk}/ho/khac/").status_code == 404


def test_the_marked_file_says_in_its_cells_what_to_mend():
    by = an_operator()
    month = send(asked("Người Không Có"), asked("Lê Thị Sai", amount="x"), by=by)
    answer = a_client(by).get(f"/vien-thong/{month.pk}/danh-dau/")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    assert "không có chủ hộ tên này" in sheet["A2"].comment.text
    assert "không phải số tiền" in sheet["H3"].comment.text


def test_the_statement_adds_up_and_is_spelled_and_the_workbook_says_the_same():
    households = [a_household() for _ in range(3)]
    by = an_operator()
    rows = [asked(households[0].head_name), asked(households[1].head_name), asked(households[2].head_name, service="Cố định", amount=25000)]  # fmt: skip
    month = closed(send(*rows, by=by))
    client = a_client(by)
    paper = client.get(f"/vien-thong/{month.pk}/bang-ke.docx").content
    with zipfile.ZipFile(io.BytesIO(paper)) as archive:
        words = archive.read("word/document.xml").decode()
    assert "65.000" in words
    assert "Sáu mươi lăm nghìn đồng" in words
    assert "dự thảo" not in words
    book = openpyxl.load_workbook(io.BytesIO(client.get(f"/vien-thong/{month.pk}/bang-ke.xlsx").content))
    sums = list(book["Bảng kê"].iter_rows(min_row=4, values_only=True))
    assert [row[:4] for row in sums] == [("Di động trả sau", 2, 20000, 40000), ("Điện thoại cố định", 1, 25000, 25000), ("Cộng", 3, None, 65000)]  # fmt: skip
    assert book["Danh sách"].max_row == 4


def test_a_ward_sees_the_subscriptions_and_refusals_of_its_own_households():
    here, there = a_household(), a_household(a_unit("Nam Ngạn"))
    closed(
        send(
            asked(here.head_name),
            asked(there.head_name, ward="Nam Ngạn"),
            asked(a_household().head_name, status="Từ chối", reason="Hộ không nhận dịch vụ"),
        )
    )
    said = text_of(a_client(a_person(Role.OFFICER)).get("/vien-thong/thue-bao/"))
    assert here.head_name in said
    assert there.head_name not in said
    assert a_client(a_person(Role.OFFICER)).get("/vien-thong/").status_code == 403
    other = Subscription.objects.get(household=there)
    assert a_client(a_person(Role.OFFICER)).get(f"/vien-thong/thue-bao/{other.pk}/").status_code == 404


def test_a_household_that_moved_takes_its_subscription_along():
    household = a_household()
    closed(send(asked(household.head_name)))
    page = a_client(a_person(Role.OFFICER)).get(f"/ho-ngheo/{household.pk}/")
    assert "Thuê bao di động trả sau, Doanh nghiệp viễn thông A" in text_of(page)


def test_a_key_of_nobody_is_no_household():
    month = send(asked("Lê Giả Định"))
    client = a_client(a_person(Role.COORDINATOR))
    for key in ("x", str(uuid.uuid4())):
        answer = client.post(
            f"/vien-thong/{month.pk}/dong/{line(month).pk}/", {"version": 1, "household": key}
        )
        assert answer.status_code == 404


# ---- the command


def run(path: Path, *options: str) -> tuple[int, Any]:
    """Its exit code, and what it said: JSON, or the sentence of its refusal."""
    out, code = io.StringIO(), 0
    try:
        call_command("import_subscriptions", path, *options, "--json", stdout=out)
    except CommandError as problem:
        return problem.returncode, str(problem)
    except SystemExit as stop:
        code = int(str(stop.code))
    return code, json.loads(out.getvalue())


def test_the_command_lays_a_list_beside_the_registry_and_tries_it_without_keeping_anything(tmp_path):
    company = an_operator().organisation
    one, two = a_household(), a_household()
    path = tmp_path / "T5.xlsx"
    path.write_bytes(a_list(asked(one.head_name), asked(two.head_name), head=HEAD))
    of = ("--operator", company.name, "--month", "2019-05")

    code, said = run(path, *of, "--dry-run")
    assert (code, said["asked"], said["provided"], said["amount"]) == (0, 2, 2, 40000)
    assert not Month.objects.exists()
    assert not [
        file
        for file in Path(settings.STORAGES["default"]["OPTIONS"]["location"]).rglob("*")
        if file.is_file()
    ]

    assert run(path, *of)[0] == 0
    assert Month.objects.get().lines.count() == 2


def test_the_command_names_what_waits_and_what_it_cannot_take(tmp_path):
    company = an_operator().organisation
    path = tmp_path / "T5.xlsx"
    path.write_bytes(a_list(asked("Người Không Có"), asked("Lê Thị Sai", amount="x"), head=HEAD))
    code, said = run(path, "--operator", company.name, "--month", "2019-05")
    assert (code, said["unmatched"], said["wrong"]) == (1, 1, 1)
    assert [one["cell"] for one in said["problems"]] == ["H3", "2:2"]
    for options, sentence in (
        (("--operator", "Ai Đó", "--month", "2019-05"), "Có: Doanh nghiệp viễn thông A"),
        (("--operator", company.name, "--month", "05/2019"), "dạng 2019-06"),
        (("--operator", company.name, "--month", "2019-07"), "tháng này hoặc tháng trước đó"),
    ):
        code, said = run(path, *options)
        assert code == 2
        assert sentence in said


@pytest.mark.django_db(transaction=True)
def test_all_is_right_after_every_race_for_one_household():
    done = racing_subscriptions.campaign(8, seed=3)
    assert done["done"] > 8
    assert done["refused with a sentence"]
