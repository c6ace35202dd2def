"""A device is handed over at the household's door: signed with a finger on a phone, or on paper without JavaScript."""

from pathlib import Path

import pytest
from PIL import Image, ImageOps
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open, sign_in
from tests.factories import PASSWORD, a_device, a_household, a_person, a_plan
from tiepcan.accounts.roles import Role
from tiepcan.devices.models import HandOver

PHONE = {"width": 360, "height": 740}


@pytest.fixture
def ready(place: str) -> str:
    """A ward whose store has a device, and a household that lacks one."""
    officer = a_person(Role.OFFICER, username="hamrong", password=PASSWORD)
    a_plan()
    a_device()
    a_household(lacks=("information_asset",), head_name="Quách Thị Phác Thảo", by=officer)
    return place


def choose(page: Page, address: str) -> None:
    sign_in(page, address, "hamrong", PASSWORD)
    page.goto(f"{address}/thiet-bi/ban-giao/")
    page.get_by_role("link", name="Ti vi 32 inch").click()
    page.get_by_role("link", name="Quách Thị Phác Thảo").click()
    page.get_by_label("Mới, bật lên").check()


def sign(page: Page) -> None:
    canvas = page.locator("canvas")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    assert box
    page.mouse.move(box["x"] + 40, box["y"] + 90)
    page.mouse.down()
    for step in range(1, 9):
        page.mouse.move(box["x"] + 40 + step * 25, box["y"] + (40 if step % 2 else 110), steps=3)
    page.mouse.up()


def test_a_receiver_signs_with_a_finger_and_a_mistake_elsewhere_keeps_the_signature(
    ready: str, open_window: Open
) -> None:
    page = open_window(**PHONE)
    choose(page, ready)
    said = page.locator("[data-said]")
    expect(said).to_have_text("Ô ký, chưa có nét ký")
    sign(page)
    expect(said).to_have_text("Ô ký, đã có nét ký")
    page.get_by_role("button", name="Ký lại").click()
    expect(said).to_have_text("Ô ký, chưa có nét ký")
    sign(page)
    page.get_by_label("Ngày bàn giao").fill("31/02/2019")
    page.get_by_role("button", name="Ghi bàn giao").click()
    expect(page.get_by_role("alert")).to_contain_text("Ngày chưa đúng")
    expect(said).to_have_text("Ô ký, đã có nét ký")
    page.get_by_label("Ngày bàn giao").fill("12/06/2019")
    page.get_by_role("button", name="Ghi bàn giao").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Quách Thị Phác Thảo")
    signature = HandOver.objects.get().signature
    assert signature is not None
    with signature.file.open("rb") as kept, Image.open(kept) as drawn:
        assert ImageOps.invert(drawn.convert("L")).getbbox(), "there is ink on it"


def test_without_javascript_the_paper_is_photographed(ready: str, open_window: Open, tmp_path: Path) -> None:
    paper = tmp_path / "bien-ban.png"
    Image.new("RGB", (400, 300), "white").save(paper)
    page = open_window(**PHONE, javascript=False)
    choose(page, ready)
    expect(page.locator("canvas")).to_be_hidden()
    page.get_by_label("Biên bản giấy đã ký").set_input_files(paper)
    page.get_by_role("button", name="Ghi bàn giao").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Quách Thị Phác Thảo")
    assert HandOver.objects.get().uncounted == ""
