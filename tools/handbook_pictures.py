"""Takes every picture of the handbook and of the README anew, from a fresh demonstration that this script starts.

Run by `make pictures`. Writes PNG files to `docs/so-tay/hinh/` and `docs/pictures/`; everybody in them is invented.
"""

import io
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import docx
import openpyxl
from PIL import Image, ImageDraw
from playwright.sync_api import Browser, Page, expect, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
# The pictures show what this working copy does, whichever folder the script is called from.
sys.path.insert(0, str(ROOT))

from tests.papers import writers  # noqa: E402
from tests.papers.truth import Truth  # noqa: E402
from tests.workbooks import HEAD, a_list, a_row  # noqa: E402
from tiepcan.config.demonstration import PASSWORD, plan_146  # noqa: E402

HANDBOOK = ROOT / "docs" / "so-tay" / "hinh"
README = ROOT / "docs" / "pictures"
BROWSERS = ("/usr/bin/chromium", "/usr/bin/chromium-browser", "google-chrome")
COLOURS = 200
"""Of the palette that a picture is written with; the pages have few, and the files become a third as large."""


def main() -> None:
    HANDBOOK.mkdir(parents=True, exist_ok=True)
    README.mkdir(parents=True, exist_ok=True)
    browser_path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser_path is None:
        sys.exit("No Chromium on this machine: install Debian's (apt-get install chromium).")
    with (
        tempfile.TemporaryDirectory() as folder,
        _demonstration(Path(folder)) as address,
        sync_playwright() as playwright,
    ):
        arguments = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"]
        browser = playwright.chromium.launch(executable_path=browser_path, args=arguments)
        camera = Camera(browser, address, Path(folder))
        for pictures in (
            everyone,
            leaders_and_partners,
            administrator,
            ward,
            registry,
            verifier,
            operator,
            clerk,
            hand_over,
            coordinator,
        ):
            pictures(camera)
        browser.close()


class Camera:
    """Opens pages of the demonstration as one of its people and keeps pictures of them."""

    def __init__(self, browser: Browser, address: str, folder: Path) -> None:
        self.browser, self.address, self.folder = browser, address, folder

    def open(self, username: str | None, *, width: int, height: int) -> Page:
        context = self.browser.new_context(
            viewport={"width": width, "height": height}, locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh"
        )
        page = context.new_page()
        page.goto(f"{self.address}/dang-nhap/")
        if username:
            page.get_by_label("Tên tài khoản").fill(username)
            page.get_by_label("Mật khẩu").fill(PASSWORD)
            page.get_by_role("button", name="Đăng nhập").click()
        return page

    def take(self, page: Page, name: str, *, at: str | None = None, folder: Path = HANDBOOK) -> None:
        """The window as it stands; with `at`, scrolled so that this part is at its top."""
        if at:
            page.locator(at).first.evaluate("e => scrollTo(0, e.getBoundingClientRect().top + scrollY - 12)")
        else:
            page.evaluate("scrollTo(0, 0)")
        # A form that the page sends by itself is under way until its button is free again.
        expect(page.locator("form [type=submit][aria-disabled]")).to_have_count(0)
        page.evaluate("document.activeElement.blur()")
        shown = Image.open(io.BytesIO(page.screenshot(animations="disabled"))).convert("RGB")
        palette = shown.quantize(COLOURS, dither=Image.Dither.NONE)
        palette.save(folder / f"{name}.png", optimize=True)

    def file(self, name: str, raw: bytes) -> Path:
        kept = self.folder / name
        kept.write_bytes(raw)
        return kept


@contextmanager
def _demonstration(folder: Path) -> Iterator[str]:
    """A server of our own on a free port, its data in a folder that goes away with it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"http://localhost:{port}"
    environment = {**os.environ, "TIEPCAN_DATA": str(folder / "data")}
    environment.pop("DATABASE_URL", None)
    command = [sys.executable, "-m", "tiepcan.config", "serve", "--demonstration", "--port", str(port)]
    server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
    try:
        _wait_for(address, server)
        yield address
    finally:
        server.terminate()
        server.wait(timeout=30)


def _wait_for(address: str, server: "subprocess.Popen[bytes]") -> None:
    while server.poll() is None:
        try:
            with urllib.request.urlopen(f"{address}/suc-khoe/", timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.5)
    sys.exit("The demonstration did not start.")


def operator(camera: Camera) -> None:
    page = camera.open("vienthong", width=1366, height=700)
    page.goto(f"{camera.address}/vien-thong/")
    page.get_by_role("link", name="Tháng 5/2019").first.click()
    camera.take(page, "doanh-nghiep-thang")


def clerk(camera: Camera) -> None:
    page = camera.open("vanthu", width=1366, height=900)
    page.goto(f"{camera.address}/van-ban/")
    page.get_by_role("link", name="402/BC-UBND").first.click()
    camera.take(page, "van-thu-van-ban")
    page.get_by_role("link", name=re.compile("^Mã đối chiếu")).first.click()
    camera.take(page, "van-thu-kiem-tra")
    page.get_by_role("link", name="Sổ văn bản đi").click()
    camera.take(page, "van-thu-so-di")


def hand_over(camera: Camera) -> None:
    """The last device of a ward's store, on a phone."""
    page = camera.open("thieukhanh", width=390, height=820)
    page.goto(f"{camera.address}/thiet-bi/")
    page.get_by_role("link", name="TV32-190412").first.click()
    camera.take(page, "thiet-bi-may")


def everyone(camera: Camera) -> None:
    page = camera.open(None, width=1366, height=520)
    camera.take(page, "dang-nhap")


def leaders_and_partners(camera: Camera) -> None:
    page = camera.open("daittth", width=1366, height=560)
    camera.take(page, "phoi-hop-viec")
    page.get_by_role("link", name=re.compile("^Ghi việc")).first.click()
    page.get_by_label("Ngày làm").fill("11/06/2019")
    page.get_by_label("Việc đã làm").fill(
        "Phát 4 chuyên mục giảm nghèo trong tháng 5, mỗi chuyên mục 15 phút."
    )
    camera.take(page, "phoi-hop-ghi-viec")
    page = camera.open("lanhdao", width=1366, height=900)
    camera.take(page, "lanh-dao-tong-quan")


def administrator(camera: Camera) -> None:
    page = camera.open("quantri", width=1366, height=560)
    camera.take(page, "quan-tri-tai-khoan")
    page.get_by_role("link", name="Thêm người").click()
    page.get_by_label("Họ và tên").fill("Trần Văn Ví Dụ")
    page.get_by_label("Cơ quan, đơn vị").select_option(label="UBND phường Hàm Rồng")
    page.get_by_label("Cán bộ phường, xã").check()
    page.get_by_label("Tên tài khoản").fill("vidu")
    page.set_viewport_size({"width": 1366, "height": 900})
    camera.take(page, "quan-tri-them-nguoi")
    page.get_by_role("button", name="Thêm và cấp mã").click()
    page.set_viewport_size({"width": 1366, "height": 520})
    camera.take(page, "quan-tri-ma")


def ward(camera: Camera) -> None:
    page = camera.open("thieukhanh", width=360, height=740)
    camera.take(page, "phuong-xa-viec")
    page.get_by_role("link", name="Bổ sung").first.click()
    camera.take(page, "phuong-xa-bo-sung", at="section[aria-labelledby=bs]")
    page.goto(f"{camera.address}/thoi-han/")
    page.get_by_role("link", name=re.compile("^Ghi đã nộp")).first.click()
    page.get_by_label("Số, ký hiệu văn bản").fill("45/BC-UBND")
    camera.take(page, "phuong-xa-da-nop")
    page.goto(f"{camera.address}/bao-cao/")
    page.get_by_role("link", name="Kế hoạch năm 2019 của xã").click()
    page.get_by_text("Kế hoạch đã duyệt có chỗ sai?").click()
    page.get_by_label("Lý do").fill("Thêm việc của Đoàn Thanh niên.")
    page.get_by_role("button", name="Mở kế hoạch điều chỉnh").click()
    expect(page.get_by_text("Đã mở kế hoạch điều chỉnh.")).to_be_visible()
    page.set_viewport_size({"width": 1366, "height": 1000})
    camera.take(page, "phuong-xa-ke-hoach")
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(f"{camera.address}/bao-cao/")
    page.get_by_role("button", name=re.compile("Lập báo cáo.*6 tháng")).click()
    page.get_by_label("2. Công tác thông tin, tuyên truyền").fill(
        "Đài truyền thanh xã phát 46 buổi về giảm nghèo bền vững."
    )
    expect(page.get_by_text("Đã lưu lúc")).to_be_visible()
    page.set_viewport_size({"width": 1366, "height": 900})
    camera.take(page, "phuong-xa-bao-cao")
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(f"{camera.address}/ho-ngheo/them/")
    page.get_by_label("Số hồ sơ").fill("TK-61")
    page.get_by_label("Họ tên chủ hộ").fill("Trần Thị Ví Dụ")
    page.get_by_label("Thôn, tổ dân phố").fill("Thôn 4")
    page.get_by_label("Năm sinh").fill("1957")
    page.get_by_label("Số nhân khẩu").fill("3")
    page.get_by_label("Hộ nghèo về thu nhập (N1)").check()
    page.get_by_label("Sử dụng dịch vụ viễn thông").check()
    camera.take(page, "phuong-xa-them-ho")
    camera.take(page, "phuong-xa-thieu-hut", at="fieldset")
    page.get_by_role("button", name="Lưu hộ").click()
    page.get_by_role("link", name="Ghi hộ được tiếp cận").first.click()
    page.get_by_label("Internet cáp quang tại nhà").check()
    page.get_by_label("Ngày hộ bắt đầu được tiếp cận").fill("10/06/2019")
    page.get_by_label("Nguồn hỗ trợ").select_option("Doanh nghiệp")
    page.get_by_label("Đơn vị hỗ trợ").fill("Doanh nghiệp viễn thông A")
    page.get_by_label("Minh chứng").set_input_files(camera.file("bien-ban.jpg", _photo()))
    camera.take(page, "phuong-xa-ghi-ket-qua")
    camera.take(page, "phuong-xa-minh-chung", at=".field:has(#id_happened_on)")
    page.get_by_role("button", name="Ghi nhận kết quả").click()
    camera.take(page, "phuong-xa-da-ghi")
    page.get_by_text("Rút kết quả này").click()
    page.get_by_label("Lý do").locator("visible=true").fill("Ghi nhầm sang hộ bên cạnh.")
    camera.take(page, "phuong-xa-rut", at="section[aria-labelledby=rut]")


def registry(camera: Camera) -> None:
    """The same officer with the registry: found and followed on a phone, lists sent from a desk."""
    phone = camera.open("thieukhanh", width=360, height=740)
    phone.goto(f"{camera.address}/ho-ngheo/")
    phone.get_by_label("Tìm theo tên, số hồ sơ, thôn").fill("do thi tuong")
    rows = phone.locator("#danh-sach tbody tr")
    expect(rows.filter(has_text="Sa Bàn")).to_have_count(0)
    camera.take(phone, "phuong-xa-danh-sach", at=".filters")
    page = camera.open("thieukhanh", width=1366, height=860)
    page.goto(f"{camera.address}/ho-ngheo/?tat-ca=1")
    page.get_by_label("Tìm theo tên, số hồ sơ, thôn").fill("TK-22")
    page.get_by_role("link", name="Đỗ Thị Tượng Trưng").click()
    camera.take(page, "phuong-xa-ho")
    household = page.url
    page.goto(f"{household}nhay-cam/")
    page.get_by_label("Lý do xem").fill("Đối chiếu căn cước khi lập danh sách cấp thẻ bảo hiểm y tế")
    page.set_viewport_size({"width": 1366, "height": 520})
    camera.take(page, "phuong-xa-nhay-cam")
    _files(camera, page)
    _pairs_and_rounds(camera, page)
    phone.goto(f"{household}chuyen/")
    camera.take(phone, "phuong-xa-chuyen")


def _files(camera: Camera, page: Page) -> None:
    page.goto(f"{camera.address}/ho-ngheo/nhap/")
    page.set_viewport_size({"width": 1366, "height": 620})
    camera.take(page, "phuong-xa-gui-tep")
    with page.expect_download() as download:
        page.get_by_role("button", name="Tải bảng tính").click()
    page.set_viewport_size({"width": 1366, "height": 900})
    list_of_ward = _as_a_ward_would_send_it(download.value.path().read_bytes())
    _send(camera, page, "DS ho ngheo Thieu Khanh 06-2019.xlsx", list_of_ward)
    camera.take(page, "phuong-xa-xem-truoc")
    page.get_by_label("Để các dòng bị từ chối ra ngoài").check()
    page.set_viewport_size({"width": 1366, "height": 560})
    camera.take(page, "phuong-xa-ghi-tep", at="section[aria-labelledby=doi]")
    known = [(f"TK-{n:02}", f"Nguyễn Văn Ví Dụ {name}") for n, name in ((71, "Ba"), (72, "Tư"), (73, "Năm"))]
    rows = [(*a_row(code, name)[:-2], mark) for (code, name), mark in zip(known, ("x", "", "x"), strict=True)]
    _send(camera, page, "ra soat thon 4.xlsx", a_list(*rows, head=[*HEAD[:-2], "ĐT/Net"]))
    camera.take(page, "phuong-xa-chon-cot", at="section[aria-labelledby=chon]")


def _as_a_ward_would_send_it(workbook: bytes) -> bytes:
    """The program's own list with a few changes, two bad cells and a new household."""
    book = openpyxl.load_workbook(io.BytesIO(workbook))
    sheet = book.worksheets[0]
    rows = {str(row[1].value): row for row in sheet.iter_rows(min_row=4)}
    rows["TK-02"][6].value = 3
    rows["TK-06"][5].value = "Thôn 5"
    rows["TK-09"][7].value = "CN"
    rows["TK-11"][3].value = 19577
    rows["TK-16"][6].value = "8,5"
    sheet.append([len(rows) + 1, None, "Thân Thị Ước Lệ", 1981, "Nữ", "Thôn 6", 3, "CN"])
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def _send(camera: Camera, page: Page, name: str, raw: bytes) -> None:
    page.goto(f"{camera.address}/ho-ngheo/nhap/")
    page.get_by_label("Tệp danh sách hộ").set_input_files(camera.file(name, raw))
    page.get_by_role("button", name="Gửi và xem trước").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Xem trước tệp nhập", timeout=60_000)


def _pairs_and_rounds(camera: Camera, page: Page) -> None:
    page.goto(f"{camera.address}/ho-ngheo/nghi-trung/")
    page.locator("section[aria-labelledby=cho] tbody a").first.click()
    page.set_viewport_size({"width": 1366, "height": 860})
    camera.take(page, "phuong-xa-nghi-trung")
    page.goto(f"{camera.address}/ho-ngheo/ra-soat/")
    page.get_by_role("link", name="2019").click()
    page.get_by_role("button", name="Bắt đầu đợt rà soát").click()
    page.set_viewport_size({"width": 1366, "height": 760})
    camera.take(page, "phuong-xa-ra-soat")
    page.goto(f"{camera.address}/ho-ngheo/ra-soat/")
    page.get_by_role("link", name="2018").click()
    page.get_by_role("link", name="Khóa số liệu").click()
    page.set_viewport_size({"width": 1366, "height": 620})
    camera.take(page, "phuong-xa-khoa")


def _photo() -> bytes:
    """A photographed paper that is clearly none."""
    sheet = Image.new("RGB", (900, 1200), "#eee8d8")
    draw = ImageDraw.Draw(sheet)
    for line in range(14):
        draw.line((90, 160 + line * 60, 800 - line * 23 % 200, 160 + line * 60), fill="#777", width=4)
    taken = io.BytesIO()
    sheet.save(taken, "JPEG")
    return taken.getvalue()


def verifier(camera: Camera) -> None:
    page = camera.open("xacminh", width=1366, height=560)
    camera.take(page, "xac-minh-danh-sach")
    page.get_by_role("main").get_by_role("row").nth(1).get_by_role("link").click()
    page.get_by_text("Trả lại để phường, xã bổ sung").click()
    page.get_by_label("Lý do").locator("visible=true").fill("Ảnh biên bản mờ. Chụp lại trang 2.")
    page.set_viewport_size({"width": 1366, "height": 880})
    camera.take(page, "xac-minh-ket-qua")
    page = camera.open("xacminh", width=1366, height=1000)
    page.get_by_role("link", name="Đợt xác minh").click()
    page.get_by_role("link", name="Đợt xác minh tháng 5 năm 2019").click()
    camera.take(page, "xac-minh-dot")
    page = camera.open("xacminh", width=360, height=1500)
    page.get_by_role("link", name="Đợt xác minh").click()
    page.get_by_role("link", name="Đợt xác minh tháng 5 năm 2019").click()
    page.get_by_role("link", name="chưa đến hoặc đến lại").click()
    page.locator("tbody th a").first.click()
    camera.take(page, "xac-minh-phieu")


def coordinator(camera: Camera) -> None:
    page = camera.open("dieuphoi", width=1366, height=1000)
    camera.take(page, "overview", folder=README)
    camera.take(page, "dieu-phoi-tong-quan")
    page.set_viewport_size({"width": 1366, "height": 640})
    camera.take(page, "dieu-phoi-bang", at="section[aria-labelledby=bang]")
    page.locator("section[aria-labelledby=bang] a.fig").first.click()
    camera.take(page, "dieu-phoi-so-lieu")
    page.goto(f"{camera.address}/thoi-han/")
    camera.take(page, "dieu-phoi-thoi-han")
    page.goto(f"{camera.address}/ke-hoach/")
    camera.take(page, "dieu-phoi-ke-hoach")
    page.get_by_role("link", name="Mở kế hoạch từ văn bản").click()
    camera.take(page, "dieu-phoi-tai-len")
    page.get_by_label("Tệp văn bản").set_input_files(
        camera.file("ke-hoach-152-KH-UBND-2019.docx", _paper_of_a_new_plan())
    )
    page.get_by_role("button", name="Tải lên và đọc").click()
    page.set_viewport_size({"width": 1366, "height": 860})
    camera.take(page, "dieu-phoi-xac-nhan")
    page.get_by_role("button", name="Bỏ tệp này").click()
    page.get_by_role("link", name="146/KH-UBND").click()
    camera.take(page, "dieu-phoi-trang-ke-hoach")
    page.get_by_role("link", name="Chia chỉ tiêu").click()
    page.get_by_label("Tổng số hộ").fill("150")
    page.get_by_label("Sàn, Phường Ngọc Trạo").fill("2")
    page.set_viewport_size({"width": 1366, "height": 760})
    camera.take(page, "dieu-phoi-chia")
    page.get_by_role("button", name="Chia", exact=True).click()
    page.set_viewport_size({"width": 1366, "height": 620})
    camera.take(page, "dieu-phoi-so-sanh")
    plan = page.get_by_role("navigation", name="Đường dẫn").get_by_role("link", name="146/KH-UBND")
    plan.click()
    page.get_by_role("link", name="Điều chỉnh kế hoạch").click()
    raw, name = writers.docx(Truth())
    page.get_by_label("Tệp văn bản").set_input_files(camera.file(name, raw))
    page.get_by_role("button", name="Tải lên và đọc").click()
    camera.take(page, "dieu-phoi-dieu-chinh")
    page.get_by_role("button", name="Bỏ tệp này").click()
    _registry_of_the_city(camera, page)
    page.set_viewport_size({"width": 1366, "height": 900})
    page.goto(f"{camera.address}/vien-thong/")
    page.get_by_role("link", name="Tháng 5/2019").first.click()
    camera.take(page, "doi-soat-thang")
    page.goto(f"{camera.address}/thiet-bi/")
    page.set_viewport_size({"width": 1366, "height": 760})
    camera.take(page, "thiet-bi-kho")
    page.goto(f"{camera.address}/bao-cao/")
    camera.take(page, "dieu-phoi-lap-bao-cao")
    page.get_by_role("link", name="Báo cáo 6 tháng đầu năm 2019").click()
    page.set_viewport_size({"width": 1366, "height": 900})
    camera.take(page, "dieu-phoi-ky")
    page.set_viewport_size({"width": 1366, "height": 760})
    page.goto(f"{camera.address}/bao-cao/")
    page.get_by_role("button", name="Lập báo cáo tổng hợp").click()
    camera.take(page, "dieu-phoi-bao-cao")
    page.wait_for_url(re.compile("/bao-cao/[0-9a-f-]{36}/"))
    office = camera.open("xacminh", width=1366, height=760)
    office.goto(page.url)
    office.get_by_role("button", name="Xác nhận các chỉ số").click()
    expect(office.get_by_text("Đã xác nhận các chỉ số.")).to_be_visible()
    page.reload()
    page.set_viewport_size({"width": 1366, "height": 620})
    camera.take(page, "dieu-phoi-duong-di")


def _registry_of_the_city(camera: Camera, page: Page) -> None:
    page.goto(f"{camera.address}/ho-ngheo/nhap/")
    lists = [
        camera.file(f"danh sach {place}.xlsx", a_list(*(a_row(f"{letters}-{n}", f"Lê Thị Ví Dụ {name}") for n, name in ((91, "Ba"), (92, "Tư")))))
        for place, letters in (("Nam Ngan", "NN"), ("Dong Vinh", "ĐV"), ("Quang Thang", "QT"))
    ]  # fmt: skip
    page.get_by_label("Tệp danh sách hộ").set_input_files(lists)
    page.get_by_label("Rà soát cuối năm").select_option("2019")
    page.get_by_role("button", name="Gửi và xem trước").click()
    expect(page.get_by_text("Chờ anh/chị xem: 2 thêm, 0 đổi, 0 giữ nguyên")).to_have_count(3, timeout=60_000)
    page.reload()
    page.set_viewport_size({"width": 1366, "height": 520})
    camera.take(page, "dieu-phoi-nhieu-tep", at="section[aria-labelledby=lan]")
    page.goto(f"{camera.address}/chuan-ngheo/2016-2021/cach-hieu/telecom_service/")
    page.set_viewport_size({"width": 1366, "height": 640})
    camera.take(page, "dieu-phoi-cach-hieu")
    page.goto(f"{camera.address}/ho-ngheo/ra-soat/?nam=2018")
    page.get_by_role("link", name="Phường Nam Ngạn").click()
    page.get_by_role("link", name="Mở lại").click()
    page.get_by_label("Lý do").fill("Đối chiếu lại Thôn 2 theo biên bản kiểm tra")
    page.set_viewport_size({"width": 1366, "height": 480})
    camera.take(page, "dieu-phoi-mo-lai")


def _paper_of_a_new_plan() -> bytes:
    """The demonstration's paper under another number: plan 146 itself is open already."""
    paper = docx.Document(io.BytesIO(plan_146.paper()))
    cells = [cell for table in paper.tables for row in table.rows for cell in row.cells]
    for paragraph in [*paper.paragraphs, *(p for cell in cells for p in cell.paragraphs)]:
        for run in paragraph.runs:
            run.text = run.text.replace("146", "152")
    written = io.BytesIO()
    paper.save(written)
    return written.getvalue()


if __name__ == "__main__":
    main()
