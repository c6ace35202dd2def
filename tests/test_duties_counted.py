"""What was done for a plan's duties is counted from the rows of those who did it, and opens to them."""

import uuid
from datetime import date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories import a_client, a_device, a_household, a_person, a_plan, a_unit, an_outcome
from tests.pages import parsed, words
from tiepcan.accounts.roles import Role
from tiepcan.audit.acts import act
from tiepcan.common import clock
from tiepcan.devices import actions as devices
from tiepcan.plans.models import Duty, Plan
from tiepcan.plans.views.plans import plan as page_with
from tiepcan.reporting import actions as reporting
from tiepcan.reporting.duties import counted_by_kind
from tiepcan.reporting.queries import handed_in
from tiepcan.standards.models import Means
from tiepcan.supports import actions as supports
from tiepcan.supports import giving
from tiepcan.verification import actions as verification

pytestmark = pytest.mark.django_db
TELECOM, ASSET = "telecom_service", "information_asset"
TODAY = date(2019, 6, 12)


@pytest.fixture
def plan() -> Plan:
    """With duties of all kinds of organisations that the paper of tests does not name."""
    made = a_plan()
    version = made.versions.get()
    for n, (kind, name) in enumerate(
        (("labour", "Phòng LĐTBXH"), ("company", "Các doanh nghiệp viễn thông"), ("station", "Đài")), start=50
    ):
        Duty.objects.create(version=version, order=n, organisation=name, kind=kind, text="Việc được giao")
    return made


@pytest.fixture
def coordinator():
    return a_person(Role.COORDINATOR)


def said(plan: Plan, person, kind: str) -> list[str]:
    return [one.said for one in counted_by_kind(plan, person).get(kind, [])]


def handed(household, **more) -> None:
    devices.hand_over(
        id=uuid.uuid4(), device=a_device(household.unit), household=household, on=TODAY, condition="good",
        receiver=household.head_name, signature=("ky.pdf", b"%PDF-1.4 x"), by=a_person(Role.OFFICER, household.unit),
        **more,
    )  # fmt: skip


def a_subscription(household) -> None:
    with act("subscription.begun", by=None):
        giving.give(
            id=uuid.uuid4(), household=household, means=Means.objects.get(pk="subscription"), began_on=TODAY
        )


def test_where_nothing_was_done_it_is_said(plan, coordinator):
    assert said(plan, coordinator, "labour") == [
        "chưa có kết quả dịch vụ viễn thông nào để xác minh",
        "chưa có kết quả tài sản thông tin nào để xác minh",
        "chưa mở đợt xác minh nào",
    ]
    assert said(plan, coordinator, "company") == ["chưa có hộ nào được hỗ trợ dịch vụ viễn thông"]
    assert said(plan, coordinator, "local") == [
        "chưa bàn giao máy nào",
        "0 hộ đã ghi nhận, dịch vụ viễn thông",
        "0 hộ đã ghi nhận, tài sản thông tin",
    ]
    assert said(plan, coordinator, "culture") == ["chưa lập báo cáo tổng hợp nào"]
    assert not [one for kind in counted_by_kind(plan, coordinator).values() for one in kind if one.url]


def test_of_a_kind_whose_work_has_no_rows_nothing_is_told(plan, coordinator):
    assert said(plan, coordinator, "station") == []


def test_each_kind_of_organisation_is_told_what_rows_say_of_its_work(plan, coordinator):
    verifier = a_person(Role.VERIFIER)
    for n in range(3):
        outcome = an_outcome(plan=plan)
        if n:
            supports.verify(outcome=outcome, by=verifier)
    twice = a_household(lacks=(ASSET,))
    for household in (twice, twice, a_household(a_unit("Nam Ngạn"), lacks=(ASSET,))):
        handed(household)
    for household in (a_household(), a_household(lacks=(ASSET,))):
        a_subscription(household)
    verification.announce(
        id=uuid.uuid4(), plan=plan, name="Đợt 6 tháng", as_of=date(2019, 6, 14), ends_on=date(2019, 6, 28), seed="1",
        seed_origin="xổ số", by=verifier,
    )  # fmt: skip
    for day in (date(2019, 5, 31), TODAY):
        reporting.consolidate(id=uuid.uuid4(), plan=plan, as_of=day, by=coordinator)

    assert said(plan, coordinator, "labour") == [
        "2 trong 3 kết quả dịch vụ viễn thông đã xác minh",
        "0 trong 2 kết quả tài sản thông tin đã xác minh",
        "Đợt 6 tháng: chờ rút mẫu",
    ]
    assert said(plan, coordinator, "company") == ["5 hộ đã được hỗ trợ dịch vụ viễn thông"]
    assert said(plan, coordinator, "local") == [
        "3 máy đã bàn giao cho 2 hộ",
        "3 hộ đã ghi nhận, dịch vụ viễn thông",
        "2 hộ đã ghi nhận, tài sản thông tin",
    ]
    assert said(plan, coordinator, "culture") == [
        "2 báo cáo tổng hợp đã lập, số liệu mới nhất đến hết 12/06/2019"
    ]
    # A ward is told of its own, and nothing of papers that it may not read.
    ward = a_person(Role.OFFICER, a_unit("Nam Ngạn"))
    assert said(plan, ward, "local")[0] == "1 máy đã bàn giao cho 1 hộ"
    assert said(plan, ward, "labour")[0] == "chưa có kết quả dịch vụ viễn thông nào để xác minh"
    assert said(plan, ward, "culture") == []


def test_what_is_told_opens_for_whoever_is_told_it(plan, coordinator):
    an_outcome(plan=plan)
    handed(a_household(lacks=(ASSET,)))
    verification.announce(
        id=uuid.uuid4(), plan=plan, name="Đợt 6 tháng", as_of=date(2019, 6, 14), ends_on=date(2019, 6, 28), seed="1",
        seed_origin="xổ số", by=a_person(Role.VERIFIER),
    )  # fmt: skip
    reporting.consolidate(id=uuid.uuid4(), plan=plan, as_of=TODAY, by=coordinator)
    opened = {}
    for role in (Role.COORDINATOR, Role.OFFICER, Role.VERIFIER, Role.LEADER, Role.SUPERVISOR):
        person = a_person(role)
        told = [one for kind in counted_by_kind(plan, person).values() for one in kind]
        opened[role] = [one.said for one in told if one.url]
        for one in told:
            assert not one.url or a_client(person).get(one.url).status_code == 200, (role, one)
    machines, found = "1 máy đã bàn giao cho 1 hộ", "Đợt 6 tháng: chờ rút mẫu"
    assert {machines, found} <= set(opened[Role.COORDINATOR])
    assert found in opened[Role.VERIFIER]
    assert not {machines, found} & set(opened[Role.LEADER])
    assert machines in said(plan, a_person(Role.LEADER), "local"), "the number is told, the rows stay closed"


def test_who_does_not_see_figures_is_told_none(plan):
    for role in (Role.PARTNER, Role.ADMINISTRATOR):
        assert counted_by_kind(plan, a_person(role)) == {}


def test_the_machines_of_another_years_plan_open_nowhere(plan, coordinator):
    handed(a_household(lacks=(ASSET,)))
    with clock.set_to(datetime(2020, 2, 1, 9, tzinfo=clock.VIETNAM)):
        [machines, *_] = counted_by_kind(plan, coordinator)["local"]
    assert machines == ("1 máy đã bàn giao cho 1 hộ", "")


def test_the_plans_page_tells_it_under_the_organisation(plan, coordinator, rf):
    an_outcome(plan=plan)
    for person, whose in (
        (coordinator, "Tính từ sổ:"), (a_person(Role.OFFICER), "Tính từ sổ của Phường Hàm Rồng:"),
    ):  # fmt: skip
        request = rf.get(reverse("plans:plan", args=[plan.pk]))
        request.user = person
        page = parsed(page_with(handed_in, counted_by_kind)(request, plan.pk))
        lines = {
            words(body.xpath("./tr[1]")[0].text_content()).split(" (")[0]: body.xpath("./tr[2]")[0]
            for body in page.xpath("//section[@id='nhiem-vu']//tbody")
        }
        labour = words(lines["Phòng LĐTBXH"].text_content())
        assert labour.startswith(f"{whose} 0 trong 1 kết quả dịch vụ viễn thông đã xác minh; chưa có")
        assert labour.endswith("chưa mở đợt xác minh nào.")
        [link] = lines["Phòng LĐTBXH"].xpath(".//a/@href")
        assert link.startswith(f"/so-lieu/{plan.pk}/{TELECOM}/xac-minh/")
        assert "Tính từ sổ" not in lines["Đài"].text_content()


def test_as_many_questions_are_asked_for_much_as_for_little(plan, coordinator):
    def questions() -> int:
        with CaptureQueriesContext(connection) as asked:
            counted_by_kind(plan, coordinator)
        return len(asked)

    # One unit that the paper does not list, for its line is asked for apart.
    an_outcome(a_household(a_unit("Điện Biên")), plan=plan)
    handed(a_household(lacks=(ASSET,)))
    few = questions()
    for unit in ("Hàm Rồng", "Nam Ngạn", "Điện Biên"):
        an_outcome(a_household(a_unit(unit)), plan=plan)
        handed(a_household(a_unit(unit), lacks=(ASSET,)))
    assert questions() == few
