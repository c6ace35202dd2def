"""`tiepcan worker`: does the jobs that pages leave behind; `tiepcan serve` runs one beside the web server."""

import os
import threading
import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector

from tiepcan.households.tasks import take_up_again

POLLED_EVERY = 5.0
"""Seconds between two looks at the jobs when no notice of one came."""


class Command(BaseCommand):
    help = "Làm các việc nền: đọc và ghi bảng tính. “tiepcan serve” đã chạy sẵn một tiến trình."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="làm hết việc đang chờ rồi dừng")
        parser.add_argument("--with-parent", action="store_true", help="dừng khi tiến trình cha dừng")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["with_parent"]:
            _end_with_the_parent()
        # What a worker left that died: its jobs are taken up again before anything new.
        take_up_again.func()
        connector = app.connector
        assert isinstance(connector, DjangoConnector)
        with app.replace_connector(connector.get_worker_connector()):
            app.run_worker(
                wait=not options["once"],
                fetch_job_polling_interval=POLLED_EVERY,
                delete_jobs="successful",
                install_signal_handlers=True,
            )


def _end_with_the_parent() -> None:
    """Nobody else tells a worker that the web server was killed."""
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1)
        os._exit(0)

    threading.Thread(target=watch, daemon=True).start()
