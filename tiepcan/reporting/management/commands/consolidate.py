"""`tiepcan consolidate`: the consolidated report as of the end of a day, as a .docx."""

import os
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from tiepcan.accounts.console import CONSOLE
from tiepcan.common.refusals import NotAllowed
from tiepcan.plans.arguments import add_plan_and_day, the_plan
from tiepcan.reporting.actions import consolidate


class Command(BaseCommand):
    help = "Lập báo cáo tổng hợp (.docx) theo thể thức Nghị định 30/2020/NĐ-CP, số liệu đến hết một ngày."

    def add_arguments(self, parser: CommandParser) -> None:
        add_plan_and_day(parser)
        parser.add_argument("--out", required=True, type=Path, metavar="FILE.docx")

    def handle(self, *args: Any, **options: Any) -> None:
        out: Path = options["out"]
        if not out.parent.is_dir():
            raise CommandError(f"Không có thư mục {out.parent}.")
        # Asked before anything is frozen: a report that cannot be handed over is none.
        if out.is_dir() or not os.access(out if out.exists() else out.parent, os.W_OK):
            raise CommandError(f"Không ghi được vào {out}.")
        plan = the_plan(options["plan"], options["year"], options["unit"])
        try:
            report = consolidate(plan=plan, as_of=options["as_of"], by=CONSOLE)
        except NotAllowed as problem:
            raise CommandError(str(problem)) from None
        with report.file.open("rb") as made:
            out.write_bytes(made.read())
        self.stdout.write(f"Đã lập {out}. Mã băm số liệu {report.digest}.")
