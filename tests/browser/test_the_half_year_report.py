"""A ward's half-year report: written on a bad line, signed by its leader, accepted by the coordinator."""

import re

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import Open, sign_in
from tests.factories import PASSWORD, a_person, a_plan, a_unit
from tiepcan.accounts.models import Organisation, OrganisationKind
from tiepcan.accounts.roles import Role
from tiepcan.reporting.models import Filing, State

PHONE = {"width": 360, "height": 740}
HEADINGS = (
    "2. Công tác thông tin, tuyên truyền",
    "3. Việc thực hiện các nhiệm vụ được giao",
    "4. Khó khăn, nguyên nhân",
    "5. Kiến nghị, phương hướng",
)


@pytest.fixture
def ward(place: str) -> str:
    a_plan()
    a_person(Role.OFFICER, username="hamrong", password=PASSWORD)
    return place


def begin(page: Page, address: str) -> None:
    sign_in(page, address, "hamrong", PASSWORD)
    page.goto(f"{address}/bao-cao/")
    page.get_by_role("button", name=re.compile("Lập báo cáo.*6 tháng")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Báo cáo 6 tháng đầu năm 2019")


def kept(key: str) -> str:
    return Filing.objects.get().parts.get(key=key).text


def test_what_is_typed_is_kept_through_a_broken_line_and_a_sign_out(ward: str, open_window: Open) -> None:
    page = open_window(**PHONE, broken=True, refused=(401, 403))
    begin(page, ward)
    page.get_by_label(HEADINGS[0]).fill("Đài phát 46 buổi.")
    expect(page.get_by_text("Đã lưu lúc")).to_be_visible()
    assert kept("communication") == "Đài phát 46 buổi."

    def refuse(route: Route) -> None:
        route.abort("connectionfailed")

    page.context.route("**/viet/", refuse)
    page.get_by_label(HEADINGS[1]).fill("Rà soát xong 12 hộ.")
    expect(page.get_by_role("alert")).to_contain_text("Những gì đã nhập còn nguyên ở đây")
    page.context.unroute("**/viet/", refuse)

    Session.objects.all().delete()
    page.get_by_label(HEADINGS[2]).fill("Thôn 6 chưa có cáp.")
    expect(page.get_by_role("alert")).to_contain_text("Phiên làm việc đã hết")
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Đăng nhập ở thẻ mới").click()
    beside = opened.value
    sign_in(beside, ward, "hamrong", PASSWORD)
    expect(beside.get_by_role("button", name="Đăng nhập")).to_have_count(0)
    page.get_by_label(HEADINGS[3]).fill("Đề nghị kéo cáp.")
    expect(page.get_by_text("Đã lưu lúc")).to_be_visible()
    assert [kept(key) for key in ("work", "difficulties", "proposals")] == [
        "Rà soát xong 12 hộ.",
        "Thôn 6 chưa có cáp.",
        "Đề nghị kéo cáp.",
    ]
    page.reload()
    expect(page.get_by_label(HEADINGS[3])).to_have_value("Đề nghị kéo cáp.")


def test_a_second_tab_loses_nothing_of_the_first(ward: str, open_window: Open) -> None:
    one = open_window(**PHONE)
    begin(one, ward)
    other = one.context.new_page()
    other.goto(one.url)
    one.get_by_label(HEADINGS[0]).fill("Bản ở thẻ thứ nhất.")
    expect(one.get_by_text("Đã lưu lúc")).to_be_visible()
    other.get_by_label(HEADINGS[0]).fill("Bản ở thẻ thứ hai.")
    expect(other.get_by_text("đang sửa cùng mục này ở nơi khác")).to_be_visible()
    other.get_by_role("button", name="Lưu nháp").click()
    expect(other.get_by_role("alert")).to_contain_text("Bản ở thẻ thứ nhất.")
    expect(other.get_by_label(HEADINGS[0])).to_have_value("Bản ở thẻ thứ hai.")
    other.get_by_label(HEADINGS[0]).fill("Bản ghép cả hai.")
    expect(other.get_by_text("Đã lưu lúc")).to_be_visible()
    assert kept("communication") == "Bản ghép cả hai."


@pytest.mark.parametrize("width", [360, 1366])
def test_ward_leader_and_coordinator_each_do_their_part(ward: str, open_window: Open, width: int) -> None:
    office = Organisation.objects.get(unit=a_unit(), kind=OrganisationKind.LOCAL)
    a_person(Role.LEADER, a_unit(), organisation=office, username="chutich", password=PASSWORD)
    a_person(Role.COORDINATOR, username="dieuphoi", password=PASSWORD)
    page = open_window(width=width)
    begin(page, ward)
    for heading in HEADINGS:
        page.get_by_label(heading).fill("Không có.")
    page.get_by_role("button", name="Lưu và trình lãnh đạo").click()
    expect(page.get_by_text("Đã trình lãnh đạo.")).to_be_visible()
    report = page.url

    head = open_window(width=width)
    sign_in(head, ward, "chutich", PASSWORD)
    head.goto(report)
    head.get_by_label("Số, ký hiệu văn bản đã ký").fill("45/BC-UBND")
    head.get_by_role("button", name="Duyệt và nộp").click()
    expect(head.get_by_text("Đã nộp báo cáo")).to_be_visible()

    city = open_window(width=width)
    sign_in(city, ward, "dieuphoi", PASSWORD)
    city.goto(f"{ward}/bao-cao/")
    city.get_by_role("link", name="Báo cáo 6 tháng đầu năm 2019").click()
    city.get_by_role("link", name="Phường Hàm Rồng").first.click()
    city.get_by_text("Trả lại để bổ sung").click()
    city.get_by_label("Mục 3. Việc thực hiện các nhiệm vụ được giao").fill("Ghi rõ từng nhiệm vụ.")
    city.get_by_role("button", name="Trả lại", exact=True).click()
    expect(city.get_by_text("Đã trả lại để bổ sung.")).to_be_visible()

    page.goto(report)
    expect(page.get_by_role("link", name="Ghi rõ từng nhiệm vụ.")).to_be_visible()
    page.get_by_label(HEADINGS[1]).fill("Rà soát xong, nhận 2 máy.")
    page.get_by_role("button", name="Lưu và trình lãnh đạo").click()
    expect(page.get_by_text("Đã trình lãnh đạo.")).to_be_visible()
    head.goto(report)
    head.get_by_role("button", name="Duyệt và nộp").click()
    expect(head.get_by_text("Đã nộp báo cáo")).to_be_visible()
    city.goto(report)
    city.get_by_role("button", name="Duyệt, khóa báo cáo").click()
    expect(city.get_by_text("Đã duyệt và khóa báo cáo.")).to_be_visible()
    assert Filing.objects.get().state == State.ACCEPTED
