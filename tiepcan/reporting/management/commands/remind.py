"""`tiepcan remind`: what a day reminds people of, sent by e-mail once each."""

import json
from argparse import ArgumentTypeError
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from tiepcan.accounts.console import CONSOLE
from tiepcan.reporting.reminders import Told, due_on, remind


class Command(BaseCommand):
    help = "Gửi thư nhắc hạn của một ngày: mỗi người một thư, đã gửi thì không gửi lại. Người đã nộp không bị nhắc."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--on", required=True, type=_day, metavar="NGÀY", help="dạng 2019-06-07")
        parser.add_argument("--dry-run", action="store_true", help="chỉ cho biết sẽ nhắc ai, không gửi")
        parser.add_argument("--json", action="store_true", help="in một đối tượng JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        on: date = options["on"]
        if options["dry_run"]:
            found: dict[str, Sequence[Told]] = {"due": due_on(on)}
        else:
            if not settings.MAIL_IS_SET_UP:
                raise CommandError(
                    "Chưa đặt máy chủ thư. Đặt TIEPCAN_EMAIL_URL, hoặc thêm --dry-run để xem trước."
                )
            done = remind(on, by=CONSOLE)
            found = {
                "sent": done.sent,
                "known": done.known,
                "without_address": done.without_address,
                "failed": done.failed,
            }
        if options["json"]:
            plain = {
                key: [{"username": t.person.username, "lines": list(t.lines)} for t in of]
                for key, of in found.items()
            }
            self.stdout.write(json.dumps({"on": on.isoformat(), **plain}, ensure_ascii=False, indent=2))
        else:
            for key, of in found.items():
                self.stdout.write(f"{_WORDS[key]}: {len(of)}")
                for told in of:
                    self.stdout.write(
                        "\n".join([f"  {told.person.full_name}", *(f"    {line}" for line in told.lines)])
                    )
        if found.get("failed"):
            raise CommandError(f"{len(found['failed'])} thư không gửi được. Xem máy chủ thư.")


_WORDS = {
    "due": "Sẽ nhắc",
    "sent": "Đã gửi",
    "known": "Đã nhắc trước đó trong ngày",
    "without_address": "Chỉ nhắc trên trang, vì chưa có địa chỉ thư",
    "failed": "Không gửi được",
}


def _day(written: str) -> date:
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise ArgumentTypeError(f"“{written}” không phải một ngày dạng 2019-06-07") from None
