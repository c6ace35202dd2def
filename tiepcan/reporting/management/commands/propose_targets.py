"""`tiepcan propose_targets`: targets for the year after a plan's, by unit, each with its reason."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from tiepcan.common import clock
from tiepcan.plans.arguments import the_plan
from tiepcan.reporting.evaluation import CannotDivide, Proposed, propose
from tiepcan.standards.models import Indicator


class Command(BaseCommand):
    help = "Đề xuất chỉ tiêu năm sau từ hộ còn thiếu hụt và sức đã làm; cộng lại đúng tổng, mỗi đơn vị một lý do."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--from", required=True, dest="plan", metavar="SỐ", help="kế hoạch năm nay, ví dụ 146/KH-UBND"
        )
        parser.add_argument(
            "--year", required=True, type=int, metavar="NĂM", help="năm được đề xuất, ví dụ 2020"
        )
        parser.add_argument("--unit", metavar="ĐƠN VỊ", help="mã đơn vị ban hành, khi nhiều nơi có cùng số")
        parser.add_argument(
            "--total",
            action="append",
            default=[],
            metavar="CHỈ_SỐ=SỐ",
            help="tổng của một chỉ số, ví dụ telecom_service=150; không ghi thì theo nhu cầu và sức làm",
        )
        parser.add_argument("--json", action="store_true", help="in một đối tượng JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        plan = the_plan(options["plan"], options["year"] - 1, options["unit"])
        totals = dict(_total(one) for one in options["total"])
        if unknown := set(totals) - {one.pk for one in Indicator.objects.of_information()}:
            raise CommandError(f"Không có chỉ số {', '.join(sorted(unknown))}.")
        try:
            found = propose(plan, clock.today(), totals)
        except CannotDivide as problem:
            raise CommandError(str(problem)) from None
        if options["json"]:
            self.stdout.write(
                json.dumps(_plain(plan.code, options["year"], found), ensure_ascii=False, indent=2)
            )
            return
        for one in found:
            self.stdout.write(f"{one.indicator.name}: {one.total} hộ, theo rà soát cuối năm {one.review}")
            for line in one.lines:
                self.stdout.write(f"  {line.unit.full_name:<26} {line.proposed:>4}  {line.reason}")


def _total(written: str) -> tuple[str, int]:
    indicator, _, number = written.partition("=")
    if not (number.isascii() and number.isdigit()):
        raise CommandError(f"Không hiểu “{written}”. Ghi ví dụ telecom_service=150.")
    return indicator, int(number)


def _plain(plan: str, year: int, found: list[Proposed]) -> dict[str, Any]:
    return {
        "from": plan,
        "year": year,
        "indicators": [
            {
                "indicator": one.indicator.pk,
                "total": one.total,
                "review": one.review,
                "units": [
                    {
                        "unit": line.unit.pk,
                        "name": line.unit.full_name,
                        "target": line.target,
                        "done": line.done,
                        "remains": line.remains,
                        "need": line.need,
                        "proposed": line.proposed,
                        "by_poor_households": line.other,
                        "reason": line.reason,
                    }
                    for line in one.lines
                ],
            }
            for one in found
        ],
    }
