"""`tiepcan draft_plan`: the draft of a year's plan with the proposed targets, as the plan reader reads it back."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from tiepcan.common import clock
from tiepcan.paperwork.answers import in_its_form
from tiepcan.paperwork.writing.files import written_as
from tiepcan.plans.models import Plan
from tiepcan.reporting import next_plan
from tiepcan.reporting.evaluation import CannotDivide, propose


class Command(BaseCommand):
    help = (
        "Lập dự thảo kế hoạch của một năm từ kế hoạch năm trước và chỉ tiêu được đề xuất (.docx hoặc .pdf)."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--year", required=True, type=int, metavar="NĂM", help="năm của dự thảo, ví dụ 2020"
        )
        parser.add_argument(
            "--unit", metavar="ĐƠN VỊ", help="mã đơn vị ban hành, khi nhiều nơi có kế hoạch năm trước"
        )
        parser.add_argument("--out", required=True, type=Path, metavar="FILE.docx|FILE.pdf")

    def handle(self, *args: Any, **options: Any) -> None:
        out, before = options["out"], options["year"] - 1
        if not out.parent.is_dir():
            raise CommandError(f"Không có thư mục {out.parent}.")
        plan = _plan_of(before, options["unit"])
        try:
            proposed = propose(plan, clock.today(), {})
        except CannotDivide as problem:
            raise CommandError(str(problem)) from None
        paper = in_its_form(next_plan.draft(plan, plan.version_on(clock.today()), proposed))
        try:
            out.write_bytes(written_as(out.suffix, paper))
        except (OSError, ValueError) as problem:
            raise CommandError(str(problem)) from None
        self.stdout.write(f"Đã lập {out} từ {plan}.")


def _plan_of(year: int, unit: str | None) -> Plan:
    """The one plan of a year. Raises CommandError when there is none, or more than one."""
    found = Plan.objects.filter(year=year).select_related("issuer__parent")
    plans = list(found.filter(issuer=unit) if unit else found)
    if not plans:
        raise CommandError(
            f"Chưa mở kế hoạch nào của năm {year}, nên chưa có gì để đề xuất cho năm {year + 1}."
        )
    if len(plans) > 1:
        units = ", ".join(plan.issuer_id for plan in plans)
        raise CommandError(f"Nhiều đơn vị có kế hoạch năm {year}. Thêm --unit: {units}.")
    return plans[0]
