"""`tiepcan serve`: everything that a start needs, then the web server."""

import os
import socket
import subprocess
import sys
import threading
from argparse import ArgumentTypeError
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from tiepcan.accounts.actions import new_founding_code
from tiepcan.accounts.models import Person
from tiepcan.common.numbers import whole_number
from tiepcan.config import data_folder
from tiepcan.config.demonstration import ACCOUNTS, PASSWORD
from tiepcan.config.ready import make_ready

WORKERS = 2
RESTART_AFTER = 2.0
"""Seconds before a worker that ended is followed by another."""
THREADS = 4
"""Requests that one worker carries at once; each holds a connection to the database."""


def _port(written: str) -> int:
    number = whole_number(written)
    if number is None or not 0 < number < 65_536:
        raise ArgumentTypeError(f"“{written}” không phải một cổng, từ 1 đến 65535")
    return number


def _refuse_a_taken_port(host: str, port: int) -> None:
    """The web server would share a port with another program, and each would get half of the requests."""
    with socket.socket() as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tried.bind((host, port))
        except OSError:
            raise CommandError(
                f"Cổng {port} đang có chương trình khác dùng. Dừng chương trình đó, hoặc đặt PORT khác."
            ) from None


@contextmanager
def _worker_beside() -> Iterator[None]:
    """A worker that does the jobs of the pages; one that dies is followed by another, until the web server ends."""
    ending = threading.Event()
    command = [sys.executable, "-m", "tiepcan.config", "worker", "--with-parent"]
    running: list[subprocess.Popen[bytes]] = []

    def keep_one() -> None:
        while not ending.is_set():
            # Its own group: Ctrl+C reaches the web server, which ends the worker when it is done itself.
            running[:] = [subprocess.Popen(command, start_new_session=True)]
            running[0].wait()
            ending.wait(RESTART_AFTER)

    keeper = threading.Thread(target=keep_one, daemon=True)
    keeper.start()
    try:
        yield
    finally:
        ending.set()
        for worker in running:
            worker.terminate()
            try:
                worker.wait(timeout=10)
            except subprocess.TimeoutExpired:
                worker.kill()


class Command(BaseCommand):
    help = "Chạy chương trình. Lần đầu: lập cơ sở dữ liệu và in mã lập người quản trị đầu tiên."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=_port, default=os.environ.get("PORT", "8000"), help="cổng (PORT)")
        parser.add_argument("--host", default="127.0.0.1", help="địa chỉ lắng nghe")
        parser.add_argument("--workers", type=int, default=WORKERS, help="số tiến trình")
        parser.add_argument(
            "--demonstration", action="store_true", help="cơ sở dữ liệu còn trống thì dựng bản trình diễn"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        _refuse_a_taken_port(options["host"], options["port"])
        make_ready()
        call_command("load_reference", verbosity=0)
        call_command("collectstatic", verbosity=0, interactive=False)
        if not Person.objects.exists():
            self._begin(demonstration=options["demonstration"])
        address = (
            f"http://{'localhost' if options['host'] == '127.0.0.1' else options['host']}:{options['port']}/"
        )
        self._say_where(address)
        self._serve(options)

    def _begin(self, *, demonstration: bool) -> None:
        if demonstration:
            self.stdout.write("Đang dựng bản trình diễn Kế hoạch 146 (chỉ lần đầu) …")
            self.stdout.flush()
            # Another process: it lives through the past days of its story and this one keeps today.
            subprocess.run([sys.executable, "-m", "tiepcan.config", "demonstrate"], check=True)
            # This process read its settings before there was a story; the same command again reads them anew.
            connection.close()
            os.execv(sys.executable, [sys.executable, "-m", "tiepcan.config", *sys.argv[1:]])
        self.stdout.write(
            f"Mã lập người quản trị đầu tiên (dùng một lần, trong 3 ngày): {new_founding_code()}"
        )

    def _say_where(self, address: str) -> None:
        # Asked again and not from the settings: the demonstration may have been made a moment ago.
        if day := data_folder.demonstration_day(settings.DATA):
            self.stdout.write(
                f"Bản trình diễn, đứng ở ngày {day:%d/%m/%Y}. Đăng nhập thử, mật khẩu chung: {PASSWORD}"
            )
            for account in ACCOUNTS:
                self.stdout.write(f"  {account.username:<14} {account.shown_as}")
        self.stdout.write(f"Tiếp Cận: {address}   (dừng: Ctrl+C)")
        self.stdout.flush()

    def _serve(self, options: dict[str, Any]) -> None:
        # Children make their own connections. This process keeps the embedded server up until it ends.
        connection.close()
        with _worker_beside():
            self._serve_pages(options)

    def _serve_pages(self, options: dict[str, Any]) -> None:
        from granian import Granian
        from granian.constants import Interfaces
        from granian.log import LogLevels

        Granian(
            "tiepcan.config.wsgi:application",
            address=options["host"],
            port=options["port"],
            interface=Interfaces.WSGI,
            workers=options["workers"],
            blocking_threads=THREADS,
            log_level=LogLevels.warning,
            respawn_failed_workers=True,
        ).serve()
