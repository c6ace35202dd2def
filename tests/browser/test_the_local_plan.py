"""A ward's own plan: filled in as it comes, checked beside the lines, signed, and accepted by the city."""

import re

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.conftest import Open, sign_in
from tests.factories import PASSWORD, a_person, a_plan, a_unit
from tests.papers.truth import WITH_LOCAL_PLANS
from tiepcan.accounts.models import Organisation, OrganisationKind
from tiepcan.accounts.roles import Role
from tiepcan.reporting.models import Filing, State


@pytest.fixture
def ward(place: str) -> str:
    a_plan(WITH_LOCAL_PLANS)
    a_person(Role.OFFICER, username="hamrong", password=PASSWORD)
    return place


def begin(page: Page, address: str) -> None:
    sign_in(page, address, "hamrong", PASSWORD)
    page.goto(f"{address}/bao-cao/")
    page.get_by_role("button", name=re.compile("Lập kế hoạch")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Kế hoạch năm 2019 của phường")


def line(page: Page, name: str) -> Locator:
    return page.get_by_role("group", name=re.compile(name))


def answer(page: Page, name: str, **words: str) -> None:
    for label, text in words.items():
        line(page, name).get_by_label({"who": "Ai làm", "when": "Khi nào", "money": "Kinh phí"}[label]).fill(
            text
        )


@pytest.mark.parametrize("width", [360, 1366])
def test_a_ward_fills_in_its_plan_and_the_city_accepts_it(ward: str, open_window: Open, width: int) -> None:
    office = Organisation.objects.get(unit=a_unit(), kind=OrganisationKind.LOCAL)
    a_person(Role.LEADER, a_unit(), organisation=office, username="chutich", password=PASSWORD)
    a_person(Role.COORDINATOR, username="dieuphoi", password=PASSWORD)
    page = open_window(width=width)
    begin(page, ward)
    answer(page, "viễn thông: 5 hộ", who="Công chức Văn hóa", when="Quý II: 2, quý III: 3", money="0")
    page.get_by_role("button", name="Lưu và trình lãnh đạo").click()
    expect(page.get_by_text("Đã lưu, chưa trình.")).to_be_visible()
    expect(
        page.get_by_role("link", name=re.compile("Tuyên truyền chính sách.*chưa có người làm"))
    ).to_be_visible()

    answer(page, "Tuyên truyền chính sách", who="Đài truyền thanh", when="Hai buổi mỗi tuần", money="6 triệu")
    line(page, "Tuyên truyền chính sách").get_by_label("Nguồn lực").fill("Ngân sách phường")
    answer(page, "Gửi báo cáo", who="Văn phòng", money="0")
    line(page, "Việc riêng 1").get_by_label("Việc", exact=True).fill("Giúp hộ cài đặt điện thoại")
    answer(page, "Việc riêng 1", who="Đoàn Thanh niên", when="Tháng 5", money="0")
    page.get_by_role("button", name="Lưu và trình lãnh đạo").click()
    expect(page.get_by_text("Đã trình lãnh đạo.")).to_be_visible()
    address = page.url

    head = open_window(width=width)
    sign_in(head, ward, "chutich", PASSWORD)
    head.goto(address)
    expect(head.get_by_text("Giúp hộ cài đặt điện thoại").first).to_be_visible()
    head.get_by_label("Số, ký hiệu văn bản đã ký").fill("12/KH-UBND")
    head.get_by_role("button", name="Duyệt và nộp").click()
    expect(head.get_by_text("Đã nộp kế hoạch")).to_be_visible()

    city = open_window(width=width)
    sign_in(city, ward, "dieuphoi", PASSWORD)
    city.goto(f"{ward}/bao-cao/")
    city.get_by_role("link", name="Kế hoạch năm 2019 của phường, xã").click()
    expect(city.get_by_text("6.000.000 đ, 1 kế hoạch")).to_be_visible()
    city.get_by_role("link", name="Phường Hàm Rồng").first.click()
    city.get_by_role("button", name="Duyệt, khóa kế hoạch").click()
    expect(city.get_by_text("Đã duyệt và khóa kế hoạch.")).to_be_visible()
    assert Filing.objects.get().state == State.ACCEPTED


def test_what_is_typed_is_kept_by_itself_and_through_a_broken_line(ward: str, open_window: Open) -> None:
    page = open_window(width=360, height=740, broken=True)
    begin(page, ward)
    answer(page, "viễn thông: 5 hộ", who="Công chức Văn hóa")
    expect(page.get_by_text("Đã lưu lúc")).to_be_visible()

    def refuse(route: Route) -> None:
        route.abort("connectionfailed")

    page.context.route("**/viet/", refuse)
    line(page, "Việc riêng 1").get_by_label("Việc", exact=True).fill("Phát tờ rơi")
    expect(page.get_by_role("alert")).to_contain_text("Những gì đã nhập còn nguyên ở đây")
    page.context.unroute("**/viet/", refuse)
    line(page, "Việc riêng 1").get_by_label("Ai làm").fill("Hội Phụ nữ")
    expect(page.get_by_text("Đã lưu lúc")).to_be_visible()
    page.reload()
    expect(line(page, "Việc riêng 1").get_by_label("Ai làm")).to_have_value("Hội Phụ nữ")
    expect(line(page, "Việc riêng 2").get_by_label("Ai làm")).to_have_value("")
    expect(line(page, "viễn thông: 5 hộ").get_by_label("Ai làm")).to_have_value("Công chức Văn hóa")
    assert Filing.objects.get().lines.exclude(own="").count() == 1
