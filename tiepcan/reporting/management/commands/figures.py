"""`tiepcan figures`: target, recorded and verified of each unit and in total, as of the end of a day."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from tiepcan.plans.arguments import add_plan_and_day, the_plan
from tiepcan.reporting.figures import Cell, figures_of, plain


class Command(BaseCommand):
    help = (
        "In chỉ tiêu, đã ghi nhận, đã xác minh của từng đơn vị và tổng, tính từ sổ kết quả đến hết một ngày."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        add_plan_and_day(parser)
        parser.add_argument("--json", action="store_true", help="in một đối tượng JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        figures = figures_of(the_plan(options["plan"], options["year"], options["unit"]), options["as_of"])
        if options["json"]:
            self.stdout.write(json.dumps(plain(figures), ensure_ascii=False, indent=2))
            return
        for line in figures.lines:
            cells = "; ".join(_words(line.cells[i.pk], i.short_name) for i in figures.indicators)
            self.stdout.write(f"{line.row or '':>3} {line.unit.full_name:<26} {cells}")
        total = "; ".join(_words(figures.total[i.pk], i.short_name) for i in figures.indicators)
        self.stdout.write(f"    {'Cộng':<26} {total}")


def _words(cell: Cell, name: str) -> str:
    target = "không giao" if cell.target is None else f"chỉ tiêu {cell.target}"
    return f"{name}: {target}, ghi nhận {cell.recorded}, xác minh {cell.verified}"
