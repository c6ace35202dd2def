"""Chromium, a server of our own in a thread, and windows that tell on the page when something goes wrong."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request
from pytest_django.live_server_helper import LiveServer

from tiepcan.config.demonstration import PASSWORD
from tiepcan.config.demonstration.story import TODAY, tell

BROWSERS = ("/usr/bin/chromium", "/usr/bin/chromium-browser", "google-chrome")
NOT_FOUND = (
    "No Chromium on this machine, and a test tool is not to download one: "
    "install Debian's (apt-get install chromium), or let `make test` do so."
)


@pytest.fixture(scope="session", autouse=True)
def _folder_of_static_files() -> None:
    """WhiteNoise warns when it is absent, and a warning is an error here; the files come from the rooms themselves."""
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)


def chromium() -> str:
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        pytest.fail(NOT_FOUND)
    return found


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """Debian's browser, which reaches this machine and nothing else."""
    return {
        "executable_path": chromium(),
        "args": [
            "--no-sandbox",
            "--disable-dev-shm-usage",
            "--disable-gpu",
            "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost",
        ],
    }


@dataclass
class Watch:
    """What a window complained of. What the test itself asks for is no complaint: a status (`refused`), a `broken` line."""

    refused: tuple[int, ...] = ()
    broken: bool = False
    complaints: list[str] = field(default_factory=list)

    def over(self, context: BrowserContext) -> None:
        context.on("request", self._request)
        context.on("console", self._console)
        context.on("weberror", lambda error: self.complaints.append(f"error in a script: {error.error}"))

    def _request(self, request: Request) -> None:
        if urlsplit(request.url).hostname not in ("localhost", None):
            self.complaints.append(f"asked another machine: {request.url}")

    def _console(self, message: ConsoleMessage) -> None:
        expected = any(f"status of {status} " in message.text for status in self.refused)
        expected = expected or (self.broken and "net::ERR_" in message.text)
        if message.type == "error" and not expected:
            self.complaints.append(f"console: {message.text}")


Open = Callable[..., Page]


@pytest.fixture
def open_window(browser: Browser) -> Iterator[Open]:
    """A new window of a visitor: `width` in CSS pixels, by touch below 700, with JavaScript or without."""
    watches, contexts = [], []

    def window(
        *,
        width: int = 1366,
        height: int = 768,
        javascript: bool = True,
        refused: tuple[int, ...] = (),
        broken: bool = False,
    ) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": height},
            has_touch=width < 700,
            java_script_enabled=javascript,
            locale="vi-VN",
            timezone_id="Asia/Ho_Chi_Minh",
            reduced_motion="reduce",
        )
        contexts.append(context)
        watches.append(Watch(refused, broken))
        watches[-1].over(context)
        context.set_default_timeout(30_000)  # a machine that is busy with other tests answers late
        return context.new_page()

    yield window
    for context in contexts:
        context.close()
    assert [complaint for watch in watches for complaint in watch.complaints] == []


@pytest.fixture
def place(settings: Any, transactional_db: None, live_server: LiveServer, tmp_path: Path) -> str:
    """The address of a server whose database has the reference data alone. It stands on the demonstration's day."""
    settings.DATA = tmp_path
    # The clock of the tests does not reach the server's threads; a demonstration's day does.
    settings.DEMONSTRATION_DAY = TODAY
    return str(live_server.url)


@pytest.fixture
def demonstration(place: str) -> str:
    """The address of a server with the whole story of plan 146."""
    tell()
    return place


def sign_in(page: Page, address: str, username: str, password: str = PASSWORD) -> None:
    page.goto(f"{address}/dang-nhap/")
    page.get_by_label("Tên tài khoản").fill(username)
    page.get_by_label("Mật khẩu").fill(password)
    page.get_by_role("button", name="Đăng nhập").click()
    page.get_by_role("heading", level=1).wait_for()
