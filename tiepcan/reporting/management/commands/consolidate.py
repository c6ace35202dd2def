"""`tiepcan consolidate`: the consolidated report as of the end of a day, as a .docx or .pdf."""

import os
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from tiepcan.accounts.console import CONSOLE
from tiepcan.common.refusals import NotAllowed
from tiepcan.paperwork.writing.files import written_as
from tiepcan.plans.arguments import add_plan_and_day, the_plan
from tiepcan.reporting.actions import consolidate
from tiepcan.reporting.models import ConsolidatedReport
from tiepcan.reporting.outputs import Said, signer_of
from tiepcan.reporting.periodic import day_of, gathered, period_of


class Command(BaseCommand):
    help = "Lập báo cáo tổng hợp (.docx hoặc .pdf) theo thể thức Nghị định 30/2020/NĐ-CP, số liệu đến hết một ngày."

    def add_arguments(self, parser: CommandParser) -> None:
        add_plan_and_day(parser, required=False)
        parser.add_argument(
            "--period",
            metavar="KỲ",
            help="2019-h1 hoặc 2019-year thay cho --year và --as-of: chốt theo hạn của kỳ, gộp lời các đơn vị đã nộp",
        )
        parser.add_argument("--out", required=True, type=Path, metavar="FILE.docx|FILE.pdf")

    def handle(self, *args: Any, **options: Any) -> None:
        out: Path = options["out"]
        if not out.parent.is_dir():
            raise CommandError(f"Không có thư mục {out.parent}.")
        if out.suffix.lower() not in (".docx", ".pdf"):
            raise CommandError("Tên tệp phải kết thúc bằng .docx hoặc .pdf.")
        # Asked before anything is frozen: a report that cannot be handed over is none.
        if out.is_dir() or not os.access(out if out.exists() else out.parent, os.W_OK):
            raise CommandError(f"Không ghi được vào {out}.")
        try:
            report = self._of_period(options) if options["period"] else self._of_day(options)
        except NotAllowed as problem:
            raise CommandError(str(problem)) from None
        with report.file.open("rb") as made:
            assert report.says is not None
            out.write_bytes(written_as(".pdf", report.says) if out.suffix.lower() == ".pdf" else made.read())
        self.stdout.write(f"Đã lập {out}. Mã băm số liệu {report.digest}.")

    def _of_day(self, options: dict[str, Any]) -> ConsolidatedReport:
        if options["year"] is None or options["as_of"] is None:
            raise CommandError("Thêm --period, hoặc cả --year và --as-of.")
        plan = the_plan(options["plan"], options["year"], options["unit"])
        return consolidate(plan=plan, as_of=options["as_of"], by=CONSOLE)

    def _of_period(self, options: dict[str, Any]) -> ConsolidatedReport:
        if options["year"] is not None or options["as_of"] is not None:
            raise CommandError("--period đã nói năm và ngày chốt: bỏ --year và --as-of.")
        year, kind = period_of(options["period"])
        plan = the_plan(options["plan"], year, options["unit"])
        as_of, words = day_of(plan, kind), gathered(plan, kind, plan.issuer)
        said = Said(signer_of(plan.version_on(as_of)), words["difficulties"], words["proposals"])
        return consolidate(plan=plan, as_of=as_of, said=said, by=CONSOLE)
