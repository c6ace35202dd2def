"""A ward officer's way through the registry: from a search to a household that moves, on a desk, on a phone, without JavaScript."""

import re
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet
from playwright.sync_api import Download, Locator, Page, expect

from tests.browser.conftest import Open
from tests.browser.test_the_loop import WINDOWS, _enter, _go, _heading, _press
from tests.factories import PASSWORD, a_household, a_person
from tests.workbooks import a_list, a_row
from tiepcan.accounts.models import Person
from tiepcan.accounts.roles import Role
from tiepcan.households import tasks
from tiepcan.households.models import Household, Import, ImportState

WITH_JAVASCRIPT = {name: window for name, window in WINDOWS.items() if window.get("javascript", True)}
SENT = a_list(
    a_row("HR-01", "Đỗ Thị Tượng Trưng", birth_year=1957, hamlet="Tổ 4"),
    a_row("HR-02", "Lê Văn Giả Định", members=5),
    a_row("HR-03", "Hồ Văn Không Thật", birth_year=19577),
    a_row("HR-90", "Đỗ Thị Tượng Chưng", birth_year=1957, hamlet="Tổ 4"),
    a_row("HR-91", "Thân Thị Ước Lệ", birth_year=1981, hamlet="Tổ 6", poverty="CN", telecom=""),
)
"""One household as the registry has it, one that changed, one with a bad cell, one that looks like another, one new."""


@pytest.fixture
def officer(place: str) -> Person:
    """An officer of a ward of three households."""
    person = a_person(Role.OFFICER, username="hamrong", password=PASSWORD)
    a_household(code="HR-01", head_name="Đỗ Thị Tượng Trưng", birth_year=1957, hamlet="Tổ 4", by=person)
    a_household(code="HR-02", head_name="Lê Văn Giả Định", by=person)
    a_household(code="HR-03", head_name="Hồ Văn Không Thật", by=person)
    return person


@pytest.mark.parametrize("window", WITH_JAVASCRIPT.values(), ids=list(WITH_JAVASCRIPT))
def test_the_registry_is_kept_from_a_search_to_a_move(
    window: dict[str, int], officer: Person, place: str, open_window: Open, tmp_path: Path
) -> None:
    page = _enter(place, open_window, window, officer.username)
    _finds_a_household_without_tone_marks(page)
    _adds_a_member(page)
    _takes_the_programs_workbook(page, tmp_path)
    _sends_a_workbook_and_writes_it(page, tmp_path, javascript=True)
    _says_that_two_are_different(page)
    _reviews_all_and_locks(page)
    _moves_one(page)


def test_a_workbook_is_sent_looked_through_and_written_without_javascript(
    officer: Person, place: str, open_window: Open, tmp_path: Path
) -> None:
    page = _enter(place, open_window, WINDOWS["on a phone without JavaScript"], officer.username)
    _go(page, "Hộ gia đình")
    _room(page, "Nhập bảng tính")
    _sends_a_workbook_and_writes_it(page, tmp_path, javascript=False)


def _room(page: Page, label: str) -> None:
    page.get_by_role("navigation", name="Trong mục này").get_by_role("link", name=label).click()
    place = page.get_by_role("navigation", name="Trong mục này").locator("[aria-current=page]")
    expect(place).to_contain_text(label)


def _part(page: Page, name: str) -> Locator:
    return page.get_by_role("region", name=name)


def _finds_a_household_without_tone_marks(page: Page) -> None:
    _go(page, "Hộ gia đình")
    found = _part(page, "Danh sách hộ")
    expect(found).to_contain_text("Lê Văn Giả Định")
    page.get_by_label("Tìm theo tên, số hồ sơ, thôn").fill("do thi tuong")
    expect(found).not_to_contain_text("Lê Văn Giả Định")
    assert "tuong" not in page.url
    found.get_by_role("link", name="Đỗ Thị Tượng Trưng").click()
    _heading(page, "Hộ Đỗ Thị Tượng Trưng")
    expect(page.get_by_role("main")).to_contain_text("Hộ nghèo về thu nhập (N1) theo rà soát cuối năm 2018")


def _adds_a_member(page: Page) -> None:
    page.get_by_role("link", name="Thêm thành viên").click()
    page.get_by_label("Họ tên").fill("Đỗ Văn Ví Dụ")
    page.get_by_label("Quan hệ với chủ hộ").fill("con")
    page.get_by_label("Năm sinh").fill("1999")
    page.get_by_label("Số định danh").fill("038199000123")
    _press(page, "Thêm thành viên")
    _heading(page, "Hộ Đỗ Thị Tượng Trưng")
    member = _part(page, "Thành viên").get_by_role("row", name="Đỗ Văn Ví Dụ")
    expect(member).to_contain_text("con")
    expect(member).to_contain_text("•••• 123")
    expect(page.get_by_role("main")).not_to_contain_text("038199000123")


def _takes_the_programs_workbook(page: Page, folder: Path) -> None:
    _go(page, "Hộ gia đình")
    _room(page, "Nhập bảng tính")
    with page.expect_download() as download:
        _press(page, "Tải bảng tính")
    sheet = _opened(download.value, folder)
    rows = [[str(cell) for cell in row if cell is not None] for row in sheet.iter_rows(values_only=True)]
    assert [row[1] for row in rows if len(row) > 1 and row[1].startswith("HR-")] == [
        "HR-01",
        "HR-02",
        "HR-03",
    ]


def _opened(download: Download, folder: Path) -> Worksheet:
    file = folder / download.suggested_filename
    download.save_as(file)
    sheet = openpyxl.load_workbook(file).active
    assert isinstance(sheet, Worksheet)
    return sheet


def _sends_a_workbook_and_writes_it(page: Page, folder: Path, *, javascript: bool) -> None:
    file = folder / "DS hộ nghèo 06-2019.xlsx"
    file.write_bytes(SENT)
    page.get_by_label("Tệp danh sách hộ").set_input_files(file)
    _press(page, "Gửi và xem trước")
    expect(page.get_by_role("main")).to_contain_text("Rời trang, tắt máy, quay lại vẫn thấy")
    _worker_reads()
    _sees(page, "Xem trước tệp nhập", javascript=javascript)
    _looks_through(page)
    _takes_the_marked_file(page, folder)
    _leaves_the_bad_row_out(page)
    _worker_writes()
    _sees(page, "Đã ghi tệp vào sổ", javascript=javascript)
    expect(page.get_by_role("main")).to_contain_text("1 bị từ chối")
    assert sorted(Household.objects.values_list("code", flat=True)) == [
        "HR-01",
        "HR-02",
        "HR-03",
        "HR-90",
        "HR-91",
    ]
    assert Household.objects.get(code="HR-02").members == 5


def _worker_reads() -> None:
    for file in Import.objects.filter(state=ImportState.WAITING):
        tasks.read_file.func(key=str(file.pk))


def _worker_writes() -> None:
    for file in Import.objects.filter(state=ImportState.QUEUED):
        tasks.write_file.func(key=str(file.pk))
        tasks.look_for_alike.func(key=str(file.pk))


def _sees(page: Page, heading: str, *, javascript: bool) -> None:
    """With JavaScript the page comes to it by itself; without it there is a link."""
    if not javascript:
        page.get_by_role("link", name="Xem lại tình trạng").click()
    _heading(page, heading)


def _looks_through(page: Page) -> None:
    counts = _part(page, "DS hộ nghèo 06-2019.xlsx")
    for said in ("5 dòng có chữ", "2 thêm mới", "1 thay đổi", "1 giữ nguyên", "1 bị từ chối", "0 bỏ qua"):
        expect(counts).to_contain_text(said)
    bad = _part(page, "1 chỗ sai trong 1 dòng bị từ chối").get_by_role("row", name="Hồ Văn Không Thật")
    for said in ("D4", "19577", "Năm sinh gồm bốn chữ số, ví dụ 1957."):
        expect(bad).to_contain_text(said)
    changes = _part(page, "Nếu ghi, 3 hộ thay đổi")
    expect(changes.get_by_role("row", name="Lê Văn Giả Định")).to_contain_text("Số nhân khẩu")
    expect(changes.get_by_role("row", name="Đỗ Thị Tượng Chưng")).to_contain_text("giống hộ HR-01")
    expect(page.get_by_role("main")).to_contain_text("Chưa ghi gì vào sổ")
    assert Household.objects.count() == 3


def _takes_the_marked_file(page: Page, folder: Path) -> None:
    with page.expect_download() as download:
        page.get_by_role("link", name="Tải lại tệp, có đánh dấu ô sai").click()
    assert "đánh dấu" in download.value.suggested_filename
    cell = _opened(download.value, folder)["D4"]
    assert cell.value == 19577
    assert cell.comment is not None
    assert "Năm sinh gồm bốn chữ số" in cell.comment.text


def _leaves_the_bad_row_out(page: Page) -> None:
    _press(page, "Ghi 3 hộ vào sổ")
    expect(page.get_by_role("alert")).to_contain_text("Còn 1 dòng bị từ chối")
    page.get_by_label("Để các dòng bị từ chối ra ngoài").check()
    _press(page, "Ghi 3 hộ vào sổ")
    expect(page.get_by_role("main")).to_contain_text("Nếu dừng bây giờ, sổ giữ nguyên như trước")


def _says_that_two_are_different(page: Page) -> None:
    _room(page, "Nghi trùng (1)")
    page.get_by_role("main").get_by_role("link", name=re.compile("HR-01.*HR-90|HR-90.*HR-01")).click()
    _heading(page, "Hai hồ sơ này có phải một hộ?")
    expect(_part(page, "So từng mục").get_by_role("row", name="Chủ hộ")).to_contain_text("Chưng")
    page.get_by_label("Hai hộ khác nhau").check()
    page.get_by_label("Vì sao là hai hộ").fill("Hai chị em, hai nhà liền nhau")
    _press(page, "Lưu quyết định")
    expect(page.get_by_role("main")).to_contain_text(
        re.compile("Đã ghi HR-(01 và HR-90|90 và HR-01) là hai hộ khác nhau")
    )
    expect(page.get_by_role("main")).to_contain_text("Không có cặp nào chờ xem xét")


def _reviews_all_and_locks(page: Page) -> None:
    _room(page, "Rà soát hằng năm")
    page.get_by_role("link", name="2019").click()
    _press(page, "Bắt đầu đợt rà soát")
    expect(page.get_by_role("main")).to_contain_text("Còn 5 hộ chưa rà soát")
    lock = page.get_by_role("button", name="Khóa số liệu")
    expect(lock).to_have_attribute("aria-disabled", "true")
    expect(lock).to_have_accessible_description(re.compile("5 hộ"))
    page.get_by_role("link", name="Chọn tất cả 5 hộ").click()
    expect(page.get_by_label("Thân Thị Ước Lệ")).to_be_checked()
    _press(page, "Giữ nguyên kết quả năm trước cho các hộ đã chọn")
    expect(page.get_by_role("main")).to_contain_text("Mọi hộ của danh sách cuối năm 2018 đã rà soát")
    page.get_by_role("link", name="Khóa số liệu").click()
    _heading(page, "Khóa đợt rà soát cuối năm 2019?")
    expect(_part(page, "Số liệu sẽ khóa")).to_contain_text("4 hộ nghèo cuối 2019")
    _press(page, "Khóa số liệu")
    expect(page.get_by_role("main")).to_contain_text(re.compile("Đã khóa từ .*người khóa"))


def _moves_one(page: Page) -> None:
    _go(page, "Hộ gia đình")
    # The list keeps what was last looked for, and says so.
    expect(page.get_by_label("Tìm theo tên, số hồ sơ, thôn")).to_have_value("do thi tuong")
    page.get_by_role("link", name="Bỏ tìm kiếm, xem tất cả").click()
    page.get_by_role("link", name="Lê Văn Giả Định").click()
    page.get_by_role("link", name="Chuyển sang phường, xã khác").click()
    page.get_by_label("Chuyển đến").select_option(label=_the_option(page, "Phường Nam Ngạn"))
    page.get_by_label("Số hồ sơ ở nơi đến").fill("NN-77")
    page.get_by_label("Lý do").fill("Về ở cùng con")
    _press(page, "Chuyển hộ")
    _heading(page, "Hộ chuyển đi, chuyển đến")
    line = page.get_by_role("row", name="Lê Văn Giả Định")
    for said in ("HR-02", "Phường Hàm Rồng", "Phường Nam Ngạn", "Về ở cùng con"):
        expect(line).to_contain_text(said)
    expect(line.get_by_role("link")).to_have_count(0)
    _room(page, "Danh sách hộ")
    expect(_part(page, "Danh sách hộ")).to_contain_text("Thân Thị Ước Lệ")
    expect(_part(page, "Danh sách hộ")).not_to_contain_text("Lê Văn Giả Định")


def _the_option(page: Page, words: str) -> str:
    """What the option that speaks of a place is called in full."""
    options: Iterator[str] = iter(page.get_by_label("Chuyển đến").locator("option").all_inner_texts())
    return next(text for text in options if words in text)
