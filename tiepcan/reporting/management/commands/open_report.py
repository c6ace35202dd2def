"""`tiepcan open_report`: the periodic report of one unit, opened or found."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from tiepcan.accounts.console import CONSOLE
from tiepcan.common.refusals import NotAllowed
from tiepcan.plans.arguments import the_plan
from tiepcan.reporting.filings import open_filing
from tiepcan.reporting.periodic import period_of
from tiepcan.units.models import Unit


class Command(BaseCommand):
    help = "Mở báo cáo định kỳ của một phường, xã; đã có thì chỉ ra báo cáo đang có."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--plan", required=True, metavar="SỐ", help="số và ký hiệu, ví dụ 146/KH-UBND")
        parser.add_argument(
            "--unit",
            required=True,
            metavar="MÃ",
            help="mã của phường, xã trong danh mục, hoặc mã số 5 chữ số",
        )
        parser.add_argument(
            "--period", required=True, metavar="KỲ", help="2019-h1 là 6 tháng đầu năm, 2019-year là cả năm"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            year, kind = period_of(options["period"])
        except NotAllowed as problem:
            raise CommandError(str(problem)) from None
        plan = the_plan(options["plan"], year, None)
        within = Unit.objects.within(plan.issuer)
        found = list(within.filter(pk=options["unit"]) or within.filter(code=options["unit"]))
        if len(found) != 1:
            raise CommandError(f"Không có đơn vị “{options['unit']}” trong {plan.issuer}.")
        try:
            report = open_filing(plan=plan, unit=found[0], kind=kind, by=CONSOLE)
        except NotAllowed as problem:
            raise CommandError(str(problem)) from None
        self.stdout.write(f"{report}, {report.unit}: {report.get_state_display().lower()}. Khóa {report.pk}.")
