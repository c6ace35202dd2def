"""From the plan's paper to the consolidated report, as people do it: on a desk, on a phone, and without JavaScript."""

import io
import re
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path

import docx
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open, sign_in
from tests.factories import PASSWORD, a_person, a_unit
from tests.papers import writers
from tests.papers.truth import ROWS, Truth
from tiepcan.accounts.roles import Role
from tiepcan.config.demonstration import plan_146
from tiepcan.plans.models import Plan
from tiepcan.reporting.figures import figures_of, plain
from tiepcan.supports.models import Outcome

WINDOWS = {
    "at a desk, 1366 px": {"width": 1366},
    "on a phone, 360 px": {"width": 360, "height": 740},
    "on a phone without JavaScript": {"width": 360, "height": 740, "javascript": False},
}
Enter = Callable[[str], Page]


@pytest.mark.parametrize("window", WINDOWS.values(), ids=list(WINDOWS))
def test_a_plan_goes_from_its_paper_to_its_report(
    window: dict[str, int], place: str, open_window: Open, tmp_path: Path
) -> None:
    a_person(Role.COORDINATOR, username="dieuphoi", password=PASSWORD)
    a_person(Role.OFFICER, a_unit("Hàm Rồng"), username="hamrong", password=PASSWORD)
    a_person(Role.VERIFIER, username="xacminh", password=PASSWORD)
    enter = partial(_enter, place, open_window, window)

    coordinator = enter("dieuphoi")
    _opens_the_plan(coordinator, tmp_path)
    _finds_all_of_it_on_the_plans_page(coordinator)
    _amends_it(coordinator, tmp_path)
    _divides_150_households(coordinator)

    officer = enter("hamrong")
    _sees_what_the_ward_owes(officer)
    _records(officer, _adds_a_household(officer, "HR-01", "Trần Thị Ví Dụ"), tmp_path)
    verifier = enter("xacminh")
    _verifies(verifier, "Trần Thị Ví Dụ")
    _records(officer, _adds_a_household(officer, "HR-02", "Lê Văn Giả Định"), tmp_path)
    _withdraws(officer)

    _sees_the_figures_and_the_household_behind_one(coordinator)
    _makes_the_report(coordinator, tmp_path)


def _enter(place: str, open_window: Open, window: dict[str, int], username: str) -> Page:
    page = open_window(**window)
    sign_in(page, place, username, PASSWORD)
    return page


def _go(page: Page, label: str) -> None:
    """To a place of the menu, which a phone folds away."""
    if (menu := page.locator(".bar summary")).is_visible():
        menu.click()
    page.get_by_role("banner").get_by_role("link", name=label).locator("visible=true").click()


def _heading(page: Page, text: str | re.Pattern[str]) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(text)


def _press(page: Page, label: str) -> None:
    page.get_by_role("button", name=label).click()


def _upload(page: Page, folder: Path, raw: bytes, name: str) -> None:
    file = folder / name
    file.write_bytes(raw)
    page.get_by_label("Tệp văn bản").set_input_files(file)
    _press(page, "Tải lên và đọc")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Đọc và xác nhận")


def _confirm_each_doubt(page: Page) -> int:
    """Press confirm at one doubt after the other; how many there were."""
    doubts = page.locator("#can-xac-nhan .doubt")
    total = doubts.count()
    for left in range(total, 0, -1):
        expect(doubts).to_have_count(left)
        doubts.first.get_by_role("button").click()
    expect(doubts).to_have_count(0)
    return total


def _opens_the_plan(page: Page, folder: Path) -> None:
    _heading(page, "Chưa có kế hoạch")
    page.get_by_role("link", name="Mở kế hoạch từ văn bản").click()
    _upload(page, folder, plan_146.paper(), plan_146.FILE_NAME)

    # The two misspelt names wait for a person; until then the plan cannot be opened, and the page says why.
    expect(page.locator("#can-xac-nhan .doubt")).to_have_count(2)
    give = page.get_by_role("button", name="Giao chỉ tiêu cho 35 đơn vị")
    expect(give).to_have_attribute("aria-disabled", "true")
    expect(give).to_have_accessible_description("Còn 2 điểm chưa xác nhận.")
    expect(page.locator("#can-xac-nhan")).to_contain_text("Ngọc Trạo")
    assert _confirm_each_doubt(page) == 2
    give.click()
    _heading(page, re.compile("146/KH-UBND"))


def _finds_all_of_it_on_the_plans_page(page: Page) -> None:
    main = page.get_by_role("main")
    for said in (
        "thứ Hai 18/02/2019",
        "353/QĐ-UBND",
        "113/KH-STTTT",
        "200 hộ",
        "21 hộ",
        "Cộng 35 đơn vị",
        "hết thứ Sáu 14/06/2019",
        "Phòng Văn hóa Thông tin",
        "Sở Thông tin và Truyền thông (b/c)",
    ):
        expect(main).to_contain_text(said)
    table = page.locator("#chi-tieu")
    expect(table.get_by_role("row", name="Phường Hàm Rồng")).to_contain_text("không giao")
    expect(table.get_by_role("row", name="Cộng 35 đơn vị")).to_contain_text("920")


def _amends_it(page: Page, folder: Path) -> None:
    """A second paper of ten units: they get its targets, the other twenty-five keep theirs."""
    page.get_by_role("link", name="Điều chỉnh kế hoạch").click()
    raw, name = writers.docx(Truth())
    _upload(page, folder, raw, name)
    _confirm_each_doubt(page)
    expect(page.get_by_role("main")).to_contain_text("25 đơn vị không có trong phụ lục này")
    page.get_by_label("Lý do điều chỉnh").fill("Chỉ tiêu được giao lại")
    _press(page, "Điều chỉnh kế hoạch theo văn bản này")
    _heading(page, re.compile("146/KH-UBND"))
    table = page.locator("#chi-tieu")
    expect(table.get_by_role("row", name="Phường Hàm Rồng")).to_contain_text("31")
    expect(table.get_by_role("row", name=re.compile(f"Cộng 35 đơn vị.*{_amended_telecom()}"))).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text("Lý do điều chỉnh")


def _amended_telecom() -> int:
    amended = {name: telecom for name, _, telecom, _ in ROWS}
    official = ((plan_146.OFFICIAL.get(name, name), telecom) for name, _, telecom, _ in plan_146.ROWS)
    return sum(amended.get(name, telecom) for name, telecom in official)


def _divides_150_households(page: Page) -> None:
    page.get_by_role("link", name="Chia chỉ tiêu").click()
    page.get_by_label("Tổng số hộ").fill("150")
    page.get_by_label("Theo số hộ nghèo").check()
    page.get_by_label("Sàn, Phường Ngọc Trạo").fill("5")
    page.get_by_role("button", name="Chia", exact=True).click()
    expect(page.get_by_role("heading", name=re.compile("So với bảng của"))).to_be_visible()
    total = page.get_by_role("row", name="Cộng 35 đơn vị")
    expect(total).to_contain_text("150")
    expect(total).to_contain_text(str(_amended_telecom()))
    expect(page.get_by_role("row", name="Phường Ngọc Trạo")).to_contain_text("sàn")


def _sees_what_the_ward_owes(page: Page) -> None:
    _heading(page, "Việc cần làm")
    tasks = page.get_by_role("region", name="Danh sách việc")
    # From the amending paper: before 20 June, so by Wednesday 19 June; and its five households.
    expect(tasks).to_contain_text("Còn 7 ngày")
    expect(tasks).to_contain_text("19/06")
    expect(tasks).to_contain_text("Hỗ trợ 5 hộ còn chờ dịch vụ viễn thông")


def _adds_a_household(page: Page, code: str, name: str) -> str:
    _go(page, "Hộ gia đình")
    page.get_by_role("link", name=re.compile("Thêm hộ")).first.click()
    page.get_by_label("Số hồ sơ").fill(code)
    page.get_by_label("Họ tên chủ hộ").fill(name)
    page.get_by_label("Thôn, tổ dân phố").fill("Tổ dân phố 3")
    page.get_by_label("Số nhân khẩu").fill("4")
    page.get_by_label("Hộ nghèo về thu nhập (N1)").check()
    page.get_by_label("Sử dụng dịch vụ viễn thông").check()
    page.get_by_label("Tài sản phục vụ tiếp cận thông tin").check()
    _press(page, "Lưu hộ")
    _heading(page, f"Hộ {name}")
    return name


def _records(page: Page, name: str, folder: Path) -> None:
    """From the home, where the household stands among those that wait."""
    _go(page, "Việc cần làm")
    page.get_by_role("link", name=f"Ghi kết quả cho hộ {name}").click()
    page.get_by_label("Sử dụng dịch vụ viễn thông").check()
    page.get_by_label("Internet cáp quang tại nhà").check()
    page.get_by_label("Ngày hộ bắt đầu được tiếp cận").fill("10/06/2019")
    page.get_by_label("Nguồn hỗ trợ").select_option("Doanh nghiệp")
    page.get_by_label("Minh chứng").set_input_files(_photo(folder))
    _press(page, "Ghi nhận kết quả")
    _heading(page, re.compile(name))
    expect(page.get_by_role("region", name="Minh chứng")).to_contain_text("bien-ban.jpg")
    expect(page.get_by_role("region", name="Sổ kết quả")).to_contain_text("Ghi nhận")


def _photo(folder: Path) -> Path:
    taken = io.BytesIO()
    Image.new("RGB", (640, 480), "wheat").save(taken, "JPEG")
    file = folder / "bien-ban.jpg"
    file.write_bytes(taken.getvalue())
    return file


def _verifies(page: Page, name: str) -> None:
    _heading(page, "Chờ xác minh")
    page.get_by_role("link", name=name).click()
    _press(page, "Xác minh đúng")
    expect(page.get_by_role("main")).to_contain_text(f"Đã xác minh kết quả của hộ {name}.")
    expect(page.get_by_role("main")).to_contain_text("Không còn kết quả nào chờ xác minh")


def _withdraws(page: Page) -> None:
    """Without a reason it is refused; with one the outcome stays in the ledger and no longer counts."""
    page.get_by_text("Rút kết quả này").click()
    _press(page, "Rút kết quả")
    expect(page.get_by_role("alert")).to_contain_text("Lý do")
    page.get_by_label("Lý do").locator("visible=true").fill("Ghi nhầm hộ bên cạnh")
    _press(page, "Rút kết quả")
    ledger = page.get_by_role("region", name="Sổ kết quả")
    expect(ledger).to_contain_text("Ghi nhầm hộ bên cạnh")
    expect(ledger.get_by_role("listitem")).to_have_count(2)


def _sees_the_figures_and_the_household_behind_one(page: Page) -> None:
    _go(page, "Tổng quan")
    row = page.locator("#bang").locator("..").locator("..").get_by_role("row", name="Phường Hàm Rồng")
    expect(row).to_contain_text("1 / 5")
    row.get_by_role("link", name="1").click()
    _heading(page, re.compile("Đã ghi nhận"))
    expect(page.get_by_role("main")).not_to_contain_text("Lê Văn Giả Định")
    page.get_by_role("link", name="Trần Thị Ví Dụ", exact=True).click()
    _heading(page, "Hộ Trần Thị Ví Dụ")


def _makes_the_report(page: Page, folder: Path) -> None:
    _go(page, "Báo cáo")
    page.get_by_label("Số liệu đến hết ngày").fill("12/06/2019")
    _press(page, "Lập báo cáo tổng hợp")
    with page.expect_download() as download:
        page.get_by_role("link", name="Tải .docx").click()
    file = folder / "bao-cao.docx"
    download.value.save_as(file)

    told = plain(figures_of(Plan.objects.get(), date(2019, 6, 12)))
    assert _table_of(file) == [*map(_as_printed, told["units"]), _as_printed(told["total"])]
    assert told["total"]["telecom_service"]["recorded"] == 1
    assert told["total"]["telecom_service"]["verified"] == 1
    assert Outcome.objects.count() == 2


def _table_of(file: Path) -> list[list[str]]:
    """The appendix's rows as printed: name and the figures, without order and share."""
    table = next(t for t in docx.Document(str(file)).tables if t.cell(0, 0).text == "STT")
    rows = [[cell.text.strip() for cell in row.cells] for row in table.rows[2:]]
    return [[row[1], row[2], *row[3:6], *row[7:10]] for row in rows]


def _as_printed(line: dict) -> list[str]:
    """A line of `figures` as the paper prints it: no target is an empty cell."""
    cells = [
        line[i][what]
        for i in ("telecom_service", "information_asset")
        for what in ("target", "recorded", "verified")
    ]
    return [
        line.get("name", "Cộng 35 đơn vị"),
        str(line["poor_households"]),
        *("" if cell is None else str(cell) for cell in cells),
    ]
