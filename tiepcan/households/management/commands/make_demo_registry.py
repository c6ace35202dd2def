"""`tiepcan make_demo_registry`: an invented registry of any size, for trying out and measuring."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from tiepcan.accounts.console import CONSOLE
from tiepcan.common.numbers import grouped
from tiepcan.common.refusals import NotAllowed
from tiepcan.households.invented import make
from tiepcan.units.models import Unit

_FILLED = (
    "units_unit", "households_household", "households_review", "households_member", "households_tally",
)  # fmt: skip


class Command(BaseCommand):
    help = (
        "Đưa hộ bịa vào sổ, với kết quả rà soát hai năm gần nhất. Chỉ chạy trên cơ sở dữ liệu còn trống, bản trình diễn, "
        "hoặc nơi mọi hộ đã là hộ bịa. Cùng một seed cho cùng một sổ."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--households", type=int, required=True, metavar="SỐ", help="số hộ")
        parser.add_argument("--seed", type=int, default=2019, metavar="SỐ")
        place = parser.add_mutually_exclusive_group()
        place.add_argument(
            "--whole-country",
            action="store_true",
            help="lập cả 63 tỉnh, 10.600 xã, phường bịa rồi đưa hộ vào đó",
        )
        place.add_argument("--unit", metavar="MÃ", help="chỉ trong đơn vị này (mã trong danh mục)")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["households"] < 1:
            raise CommandError("Số hộ phải từ 1 trở lên.")
        within = None
        if key := options["unit"]:
            within = Unit.objects.filter(pk=key).first()
            if within is None:
                raise CommandError(f"Danh mục không có đơn vị mã {key}.")
        start = time.perf_counter()

        def passed(said: str) -> None:
            self.stdout.write(f"{time.perf_counter() - start:6.0f} giây: {said}")
            self.stdout.flush()

        try:
            made = make(
                households=options["households"],
                seed=options["seed"],
                by=CONSOLE,
                whole_country=options["whole_country"],
                within=within,
                passed=passed,
            )
        except NotAllowed as problem:
            raise CommandError(str(problem)) from None
        self._tidy()
        left_out = f"; bỏ qua {made.locked} đơn vị đã khóa đợt rà soát" if made.locked else ""
        self.stdout.write(
            f"Đã đưa {grouped(made.households)} hộ bịa vào {grouped(made.units)} phường, xã{left_out}."
        )

    def _tidy(self) -> None:
        """Let the planner know what is there now, and pages be read without a look at every row."""
        vacuum = "" if connection.in_atomic_block else "VACUUM "
        with connection.cursor() as cursor:
            for table in _FILLED:
                cursor.execute(f"{vacuum}ANALYZE {table}")
