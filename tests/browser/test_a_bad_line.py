"""On a phone whose line breaks: nothing typed is lost, and what is sent twice is written once."""

import io
import random
import uuid
from collections.abc import Callable
from datetime import date, datetime

import pytest
from django.contrib.sessions.models import Session
from PIL import Image
from playwright.sync_api import Page, Request, Route, expect

from tests.browser.conftest import Open, sign_in
from tests.browser.test_the_devices import choose, sign
from tests.factories import PASSWORD, a_device, a_household, a_person, a_plan, an_outcome, the_city
from tests.test_telecom import HEAD, asked
from tests.workbooks import a_list
from tiepcan.accounts.models import Organisation, OrganisationKind
from tiepcan.accounts.roles import Role
from tiepcan.common import clock
from tiepcan.devices.models import HandOver
from tiepcan.supports.models import Evidence, Outcome
from tiepcan.telecom.models import Line, Month
from tiepcan.verification import actions as verification
from tiepcan.verification.models import Round, Visit

PHONE = {"width": 360, "height": 740, "broken": True}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WEAK = "Mạng yếu, chưa biết đã gửi được chưa. Những gì đã nhập còn nguyên ở đây."


def loses_the_request(route: Route) -> None:
    route.abort("connectionfailed")


def loses_the_answer(route: Route) -> None:
    route.fetch(max_redirects=0)
    route.abort("connectionreset")


BREAKS = pytest.mark.parametrize("breaks", [loses_the_request, loses_the_answer])


def send(page: Page, button: str, breaks: Callable[[Route], None]) -> None:
    """Press with the line broken, see that it is said, and press again with the line whole."""
    held = lambda route: breaks(route) if route.request.method == "POST" else route.continue_()  # noqa: E731
    page.context.route("**/*", held)
    page.get_by_role("button", name=button).click()
    expect(page.get_by_role("alert")).to_contain_text(WEAK)
    page.context.unroute("**/*", held)
    page.get_by_role("button", name=button).click()


def a_photo(side: int = 600) -> dict[str, object]:
    """A photo of dots that no format makes small."""
    written = io.BytesIO()
    dots = random.Random(1).randbytes(side * side * 3)
    Image.frombytes("RGB", (side, side), dots).save(written, "JPEG", quality=95)
    return {"name": "anh-bien-ban.jpg", "mimeType": "image/jpeg", "buffer": written.getvalue()}


@pytest.fixture
def ward(place: str) -> str:
    officer = a_person(Role.OFFICER, username="hamrong", password=PASSWORD)
    a_plan()
    a_household(lacks=("telecom_service",), head_name="Quách Thị Phác Thảo", by=officer)
    return place


def _records(page: Page, address: str) -> None:
    sign_in(page, address, "hamrong", PASSWORD)
    page.goto(f"{address}/ket-qua/ghi/")
    page.get_by_role("link", name="Quách Thị Phác Thảo").click()
    page.get_by_label("Internet cáp quang tại nhà").check()
    page.get_by_label("Ngày hộ bắt đầu được tiếp cận").fill("10/06/2019")
    page.get_by_label("Nguồn hỗ trợ").select_option("Doanh nghiệp")
    page.get_by_label("Ghi chú").fill("Hộ dùng từ hôm qua.")


@BREAKS
def test_an_outcome_is_recorded_once(breaks: Callable[[Route], None], ward: str, open_window: Open) -> None:
    page = open_window(**PHONE)
    _records(page, ward)
    page.locator("input[type=file]").set_input_files([a_photo()])
    send(page, "Ghi nhận kết quả", breaks)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Quách Thị Phác Thảo")
    assert Outcome.objects.get().note == "Hộ dùng từ hôm qua."
    assert Evidence.objects.count() == 1


def test_without_a_network_the_page_waits_and_sends_by_itself(ward: str, open_window: Open) -> None:
    page = open_window(**PHONE)
    _records(page, ward)
    page.context.set_offline(True)
    page.get_by_role("button", name="Ghi nhận kết quả").click()
    expect(page.get_by_role("alert")).to_contain_text("Cứ để trang này mở: có mạng là máy tự gửi.")
    assert not Outcome.objects.exists()
    page.context.set_offline(False)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Quách Thị Phác Thảo")
    assert Outcome.objects.count() == 1


def test_who_was_signed_out_signs_in_beside_the_form_and_sends_it(ward: str, open_window: Open) -> None:
    page = open_window(**PHONE, refused=(401, 403))
    _records(page, ward)
    Session.objects.all().delete()
    page.get_by_role("button", name="Ghi nhận kết quả").click()
    expect(page.get_by_role("alert")).to_contain_text("Phiên làm việc đã hết, chưa ghi.")
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Đăng nhập ở thẻ mới").click()
    beside = opened.value
    sign_in(beside, ward, "hamrong", PASSWORD)
    expect(beside.get_by_role("button", name="Đăng nhập")).to_have_count(0)
    page.get_by_role("button", name="Ghi nhận kết quả").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Quách Thị Phác Thảo")
    assert Outcome.objects.get().note == "Hộ dùng từ hôm qua."


def test_a_mistake_comes_back_to_the_page_with_all_that_was_typed(ward: str, open_window: Open) -> None:
    page = open_window(**PHONE)
    _records(page, ward)
    page.get_by_label("Ngày hộ bắt đầu được tiếp cận").fill("31/02/2019")
    send(page, "Ghi nhận kết quả", loses_the_request)
    expect(page.get_by_role("alert")).to_contain_text("Ngày chưa đúng")
    expect(page.get_by_role("alert")).to_be_focused()
    expect(page).to_have_title("Lỗi: Ghi hộ được tiếp cận – Tiếp Cận")
    expect(page.get_by_label("Ghi chú")).to_have_value("Hộ dùng từ hôm qua.")
    page.get_by_label("Ngày hộ bắt đầu được tiếp cận").fill("10/06/2019")
    page.get_by_role("button", name="Ghi nhận kết quả").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Quách Thị Phác Thảo")


def test_a_large_photo_is_made_smaller_before_a_slow_line(ward: str, open_window: Open) -> None:
    page = open_window(**PHONE)
    _records(page, ward)
    line = page.context.new_cdp_session(page)
    line.send("Network.enable")
    line.send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": 400, "downloadThroughput": 60_000, "uploadThroughput": 800_000},
    )
    photo = a_photo(2600)
    page.locator("input[type=file]").set_input_files([photo])
    sizes: list[int] = []
    page.on("request", lambda request: sizes.append(_size(request)) if request.method == "POST" else None)
    page.get_by_role("button", name="Ghi nhận kết quả").click()
    expect(page.get_by_role("status")).to_contain_text("%")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Quách Thị Phác Thảo", timeout=30_000)
    assert Evidence.objects.get().name == "anh-bien-ban.jpg"
    assert len(sizes) == 1
    assert sizes[0] < 0.7 * len(photo["buffer"])  # type: ignore[arg-type]


def _size(request: Request) -> int:
    return len(request.post_data_buffer or b"")


def test_a_device_is_handed_over_once(place: str, open_window: Open) -> None:
    officer = a_person(Role.OFFICER, username="hamrong", password=PASSWORD)
    a_plan()
    a_device()
    a_household(lacks=("information_asset",), head_name="Quách Thị Phác Thảo", by=officer)
    page = open_window(**PHONE)
    choose(page, place)
    sign(page)
    send(page, "Ghi bàn giao", loses_the_answer)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Quách Thị Phác Thảo")
    assert HandOver.objects.get().signature is not None


def test_a_visit_is_written_once(place: str, open_window: Open) -> None:
    verifier = a_person(Role.VERIFIER, username="xacminh", password=PASSWORD)
    found = _a_drawn_round(verifier)
    page = open_window(**PHONE)
    sign_in(page, place, "xacminh", PASSWORD)
    page.goto(f"{place}/xac-minh/")
    page.get_by_role("link", name=found.name).first.click()
    page.get_by_role("link", name="Ghi phiếu cho hộ chưa đến").click()
    page.get_by_role("main").get_by_role("table").get_by_role("link").first.click()
    page.get_by_label("Đúng như xã ghi").check()
    page.get_by_label("Hỏi người trong hộ").check()
    page.get_by_label("Ngày đến").fill("12/06/2019")
    send(page, "Ghi phiếu, sang hộ tiếp theo", loses_the_answer)
    expect(page.get_by_text("Đã ghi phiếu.")).to_be_visible()
    assert Visit.objects.count() == 1


def _a_drawn_round(verifier: object) -> Round:
    """Announced on 8 June for the outcomes of that day, drawn on the next."""
    plan = a_plan()
    for _ in range(2):
        an_outcome(on=date(2019, 6, 7))
    with clock.set_to(datetime(2019, 6, 8, 9, tzinfo=clock.VIETNAM)):
        found = verification.announce(
            id=uuid.uuid4(), plan=plan, name="Đợt xác minh tháng 6", as_of=date(2019, 6, 8),
            ends_on=date(2019, 6, 28), seed="51273", seed_origin="5 số cuối giải đặc biệt kỳ 07/06/2019", by=verifier,
        )  # fmt: skip
    with clock.set_to(datetime(2019, 6, 10, 9, tzinfo=clock.VIETNAM)):
        return verification.draw_sample(found=found, by=verifier)


def test_an_operators_list_is_received_once(place: str, open_window: Open) -> None:
    company = Organisation.objects.create(
        unit=the_city(), kind=OrganisationKind.COMPANY, name="Doanh nghiệp viễn thông A"
    )
    a_person(Role.OPERATOR, organisation=company, username="vienthong", password=PASSWORD)
    a_plan()
    a_household(head_name="Trần Thị Ví Dụ", lacks=("telecom_service",))
    page = open_window(**PHONE)
    sign_in(page, place, "vienthong", PASSWORD)
    page.goto(f"{place}/vien-thong/")
    page.get_by_label("Tháng nào?").select_option("Tháng 5/2019")
    raw = a_list(asked(), asked("Người Không Có", number="0912000111"), head=HEAD)
    page.get_by_label("Tệp danh sách").set_input_files([{"name": "T5.xlsx", "mimeType": XLSX, "buffer": raw}])
    send(page, "Gửi danh sách", loses_the_answer)
    expect(page.get_by_role("heading", level=1)).to_contain_text("5/2019")
    assert Month.objects.count() == 1
    assert Line.objects.filter(household__isnull=False).count() == 1
