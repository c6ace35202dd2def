"""What the commands about a plan's figures ask for."""

from argparse import ArgumentTypeError
from datetime import date

from django.core.management.base import CommandError, CommandParser

from tiepcan.plans.models import Plan


def add_plan_and_day(parser: CommandParser, *, required: bool = True) -> None:
    """The plan, its year and a day; a command that knows another way to say the last two does not require them."""
    parser.add_argument("--plan", required=True, metavar="SỐ", help="số và ký hiệu, ví dụ 146/KH-UBND")
    parser.add_argument("--year", required=required, type=int, metavar="NĂM", help="năm kế hoạch")
    parser.add_argument("--unit", metavar="ĐƠN VỊ", help="mã đơn vị ban hành, khi nhiều nơi có cùng số")
    parser.add_argument(
        "--as-of",
        required=required,
        type=_day,
        metavar="NGÀY",
        help="chốt số liệu, dạng 2019-06-12",
    )


def _day(written: str) -> date:
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise ArgumentTypeError(f"“{written}” không phải một ngày dạng 2019-06-12") from None


def the_plan(code: str, year: int, unit: str | None) -> Plan:
    """The plan that the arguments name. Raises CommandError when there is none, or more than one."""
    number, _, symbol = code.partition("/")
    found = Plan.objects.filter(number=number, symbol=symbol, year=year).select_related("issuer__parent")
    plans = list(found.filter(issuer=unit) if unit else found)
    if not plans:
        raise CommandError(f"Chưa mở kế hoạch {code} năm {year}.")
    if len(plans) > 1:
        units = ", ".join(plan.issuer_id for plan in plans)
        raise CommandError(f"Nhiều đơn vị có kế hoạch {code} năm {year}. Thêm --unit: {units}.")
    return plans[0]
