"""`tiepcan recompute_figures`: the kept figures made anew from the rows they count, or compared with them."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from tiepcan.accounts.console import CONSOLE
from tiepcan.audit.acts import act
from tiepcan.households import recounting
from tiepcan.households.queries import recounted
from tiepcan.supports import figures

SHOWN = 20
"""Differences that are printed."""


class Command(BaseCommand):
    help = (
        "Tính lại số liệu được giữ từ sổ kết quả, các lần hỗ trợ và kết quả rà soát. "
        "Với --check chỉ so sánh: thoát mã 1 nếu có chỗ khác."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="chỉ so sánh, không ghi")

    def handle(self, *args: Any, **options: Any) -> None:
        # One transaction and its locks, so that what is written meanwhile is in both sides or in neither.
        with act("figures.recomputed", by=CONSOLE):
            figures.hold()
            recounting.hold()
            found = [*_figures(), *_tally()]
            if not options["check"] and found:
                figures.keep_anew()
                recounting.count_anew()
        for words in found[:SHOWN]:
            self.stdout.write(words)
        if len(found) > SHOWN:
            self.stdout.write(f"… và {len(found) - SHOWN} chỗ khác nữa.")
        if not found:
            self.stdout.write("Số liệu được giữ khớp với các dòng, không chỗ nào khác.")
        elif options["check"]:
            self.stdout.write(f"{len(found)} chỗ khác. Chạy lại không có --check để tính lại.")
            raise SystemExit(1)
        else:
            self.stdout.write(f"Đã tính lại {len(found)} chỗ khác.")


def _figures() -> Iterator[str]:
    kept, right = figures.kept(), figures.recomputed()
    for key in sorted({*kept, *right}, key=lambda key: (*key[:3], key[3] or date.max)):
        if kept.get(key) != right.get(key):
            yield _different(key, kept.get(key), right.get(key))


def _different(key: figures.Key, kept: tuple[int, ...] | None, right: tuple[int, ...] | None) -> str:
    plan, unit, indicator, day = key
    what = (
        "hỗ trợ/chưa có minh chứng/ghi nhận/xác minh"
        if day is None
        else f"ngày {day:%d/%m/%Y} thêm ghi nhận/xác minh"
    )
    nothing = (0,) * len(kept or right or ())
    numbers = ", tính lại ".join("/".join(map(str, of or nothing)) for of in (kept, right))
    return f"Kế hoạch {plan}, {unit}, {indicator}: đang giữ {what} {numbers}"


def _tally() -> Iterator[str]:
    kept, right = recounting.tallied(), recounted()
    for key in sorted(key for key in {*kept, *right} if kept.get(key) != right.get(key)):
        unit, year, poverty, lack = key
        yield (
            f"Rà soát {year}, {unit}, {poverty}{f', thiếu {lack}' if lack else ''}: "
            f"đang giữ {kept.get(key, 0)}, tính lại {right.get(key, 0)}"
        )
