"""`tiepcan serve` from nothing to a page that answers: as a real start, again, and as the demonstration.

Each start is a process of its own with a data folder and an embedded server of its own.
"""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, build_opener

import pytest
from lxml import html

from tiepcan.accounts.roles import Role
from tiepcan.config.demonstration import ACCOUNTS, PASSWORD

TIEPCAN = Path(sys.executable).parent / "tiepcan"
LONGEST = 120
"""Seconds after which a start is given up; it takes about ten."""
CODE = re.compile(r"Mã lập người quản trị đầu tiên.*: (\S+)")
FOUNDERS = "mat-khau-cua-nguoi-lap"


@dataclass
class Browser:
    """Somebody with cookies of their own."""

    address: str
    opener: OpenerDirector = field(default_factory=lambda: build_opener(HTTPCookieProcessor(CookieJar())))
    at: str = ""
    """Where the last request ended, after redirects."""

    def get(self, path: str, data: bytes | None = None) -> html.HtmlElement:
        with self.opener.open(self.address + path, data, timeout=30) as answer:
            self.at = answer.url.removeprefix(self.address)
            return html.fromstring(answer.read().decode())

    def post(self, path: str, **fields: str) -> html.HtmlElement:
        token = self.get(path).xpath("//input[@name='csrfmiddlewaretoken']/@value")[0]
        return self.get(path, urlencode(fields | {"csrfmiddlewaretoken": token}).encode())

    def sign_in(self, username: str, password: str) -> html.HtmlElement:
        return self.post("/dang-nhap/", username=username, password=password)


@dataclass(frozen=True)
class Serving:
    """One start, as far as it printed that it serves."""

    process: subprocess.Popen[bytes]
    address: str
    printed: str
    postmaster: int

    def browser(self) -> Browser:
        return Browser(self.address)

    def end(self) -> int:
        """Its exit status after SIGTERM."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=30)


def is_running(pid: int) -> bool:
    """One that has ended and that nobody has asked about yet does not run."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def ended(pid: int) -> bool:
    for _ in range(100):
        if not is_running(pid):
            return True
        time.sleep(0.05)
    return False


def a_free_port() -> int:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return int(asked.getsockname()[1])


@contextmanager
def serving(data: Path, *options: str) -> Iterator[Serving]:
    """A start on this data folder; it and its server have ended when the block ends, come what may."""
    data.mkdir(exist_ok=True)
    port = a_free_port()
    environment = os.environ | {"TIEPCAN_DATA": str(data), "PORT": str(port)}
    for name in ("DATABASE_URL", "TIEPCAN_SECRET_KEY", "DJANGO_SETTINGS_MODULE", "PYTEST_XDIST_WORKER"):
        environment.pop(name, None)
    said = data.parent / f"{data.name}.txt"
    with said.open("wb") as out:
        process = subprocess.Popen(
            [TIEPCAN, "serve", "--workers", "1", *options],
            stdout=out,
            stderr=subprocess.STDOUT,
            env=environment,
            start_new_session=True,
        )
    postmaster = 0
    try:
        give_up = time.monotonic() + LONGEST
        while "Ctrl+C" not in said.read_text():
            assert process.poll() is None, said.read_text()
            assert time.monotonic() < give_up, said.read_text()
            time.sleep(0.1)
        address = f"http://127.0.0.1:{port}"
        wait_for(port, give_up)
        postmaster = int((data / "postgresql" / "postmaster.pid").read_text().split()[0])
        yield Serving(process, address, said.read_text(), postmaster)
    finally:
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(timeout=30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        if postmaster and not ended(postmaster):
            os.kill(postmaster, signal.SIGQUIT)


def wait_for(port: int, give_up: float) -> None:
    """The address is printed a moment before the first worker listens."""
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            assert time.monotonic() < give_up
            time.sleep(0.05)


@pytest.fixture
def data(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path / "data"
    shutil.rmtree(tmp_path, ignore_errors=True)


def test_a_real_start_is_founded_with_its_code_and_kept(data):
    with serving(data) as first:
        [code] = CODE.findall(first.printed)
        assert PASSWORD not in first.printed
        assert not [
            a.username for a in ACCOUNTS if re.search(rf"^\s*{a.username}\b", first.printed, re.MULTILINE)
        ]
        assert first.browser().get("/suc-khoe/").text_content().strip() == "ok"

        founder = first.browser()
        form = founder.get("/")
        assert founder.at == "/lap-he-thong/"
        assert "Bản trình diễn" not in form.text_content()
        unit = form.xpath("//select[@name='unit']/option[@value!='']/@value")[0]
        facts = {
            "unit": unit, "full_name": "Nguyễn Văn Lập", "username": "nguoilap", "password": FOUNDERS, "again": FOUNDERS,
        }  # fmt: skip
        refused = founder.post("/lap-he-thong/", code="AAAA-BBBB-CCCC", **facts)
        assert "Mã dùng một lần" in refused.text_content()
        assert founder.at == "/lap-he-thong/"
        assert "Nguyễn Văn Lập" in founder.post("/lap-he-thong/", code=code, **facts).text_content()
        assert founder.at == "/tai-khoan/"

        again = first.browser()
        again.get("/lap-he-thong/")
        assert again.at == "/dang-nhap/"
        assert first.end() == 0
        assert ended(first.postmaster)
        with pytest.raises(ProcessLookupError):  # nor does a worker stay behind
            os.killpg(first.process.pid, 0)

    with serving(data) as second:
        assert CODE.findall(second.printed) == []
        assert PASSWORD not in second.printed
        # The one who was signed in still is: rows and secret are what they were.
        founder.address = second.address
        founder.get("/tai-khoan/")
        assert founder.at == "/tai-khoan/"
        other = second.browser()
        other.sign_in("nguoilap", FOUNDERS)
        assert other.at == "/tai-khoan/"
        assert second.end() == 0
        assert ended(second.postmaster)


def figures(overview: html.HtmlElement) -> list[tuple[int, int]]:
    """Recorded and verified of the whole, by indicator, as the page shows them."""

    def number(row: html.HtmlElement, label: str) -> int:
        return int(row.xpath(f"td[@data-l='{label}']")[0].text_content().replace(".", ""))

    rows = overview.xpath("//section[@aria-labelledby='ct']//tbody/tr[th]")
    return [(number(row, "Ghi nhận"), number(row, "Xác minh")) for row in rows]


def test_the_demonstration_has_an_account_for_every_role_and_its_story(data):
    with serving(data, "--demonstration") as started:
        assert CODE.findall(started.printed) == []
        assert PASSWORD in started.printed
        printed = [
            a
            for a in ACCOUNTS
            if re.search(rf"^\s+{a.username}\s+{a.shown_as}$", started.printed, re.MULTILINE)
        ]
        assert {account.role for account in printed} == set(Role)
        for account in printed:
            person = started.browser()
            home = person.sign_in(account.username, PASSWORD)
            assert person.at != "/dang-nhap/"
            assert account.full_name in home.text_content()
            assert "Bản trình diễn, đứng ở" in home.text_content()
        coordinator = started.browser()
        coordinator.sign_in("dieuphoi", PASSWORD)
        assert figures(coordinator.get("/tong-quan/")) == [(87, 64), (8, 5)]
        assert started.end() == 0
        assert ended(started.postmaster)


def test_a_port_that_another_program_has_is_refused(data):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        done = subprocess.run(
            [sys.executable, "-m", "tiepcan.config", "serve", "--port", str(port)],
            env=os.environ | {"TIEPCAN_DATA": str(data)},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    assert done.returncode != 0
    assert f"Cổng {port} đang có chương trình khác dùng" in done.stderr
