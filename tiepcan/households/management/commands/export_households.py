"""`tiepcan export_households`: a ward's list as the program's own workbook, to fill in and send back."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from tiepcan.accounts.actions import note_reading
from tiepcan.accounts.console import CONSOLE
from tiepcan.common import clock
from tiepcan.households.outputs import ward_workbook
from tiepcan.standards.queries import NoStandard
from tiepcan.units.models import Unit
from tiepcan.units.queries import unit_of_code


class Command(BaseCommand):
    help = "Xuất danh sách hộ của một phường, xã ra bảng tính của chương trình (.xlsx)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--unit", required=True, metavar="CODE", help="mã đơn vị, hoặc mã thống kê")
        parser.add_argument(
            "--review", type=int, metavar="YEAR", help="rà soát cuối năm nào; mặc định năm trước"
        )
        parser.add_argument("--out", required=True, type=Path, metavar="FILE.xlsx")

    def handle(self, *args: Any, **options: Any) -> None:
        year = options["review"] or clock.today().year - 1
        try:
            unit = unit_of_code(options["unit"])
            content = ward_workbook(unit, year)
        except (Unit.DoesNotExist, NoStandard) as problem:
            raise CommandError(str(problem)) from None
        note_reading(
            by=CONSOLE, subject=f"unit:{unit.pk}", what=f"Xuất bảng tính danh sách hộ, rà soát {year}"
        )
        try:
            options["out"].write_bytes(content)
        except OSError as problem:
            raise CommandError(f"Không ghi được {options['out']}: {problem.strerror}.") from None
        self.stdout.write(f"Đã ghi {options['out']}.")
