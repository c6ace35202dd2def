"""`tiepcan import_subscriptions FILE --operator NAME --month 2019-06`: an operator's list of a month, laid beside the registry."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from tiepcan.accounts.console import CONSOLE
from tiepcan.accounts.models import Organisation, OrganisationKind
from tiepcan.common.refusals import NotAllowed
from tiepcan.intake.document import Unreadable
from tiepcan.intake.sheets import address
from tiepcan.telecom import actions, figures
from tiepcan.telecom.matching import Ground
from tiepcan.telecom.models import LineState, Month, Problem
from tiepcan.telecom.queries import why_unmatched

INCOMPLETE, UNREADABLE = 1, 2


class Command(BaseCommand):
    help = (
        "Nhận danh sách thuê bao một tháng của doanh nghiệp, đối chiếu với sổ hộ. "
        "Mã thoát 1: có dòng chưa khớp hoặc ô sai, danh sách vẫn được nhận; 2: không nhận được tệp."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument(
            "--operator", required=True, metavar="NAME", help="tên doanh nghiệp như trong hệ thống"
        )
        parser.add_argument("--month", required=True, metavar="YYYY-MM", help="tháng của danh sách")
        parser.add_argument("--dry-run", action="store_true", help="chỉ đọc và đối chiếu, không giữ lại")
        parser.add_argument("--json", action="store_true", help="in kết quả dạng JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        try:
            month = actions.month_of(options["month"])
        except ValueError:
            raise CommandError("Tháng ghi dạng 2019-06.", returncode=UNREADABLE) from None
        named = Organisation.objects.filter(kind=OrganisationKind.COMPANY, name=options["operator"])
        if named.count() != 1:
            known = ", ".join(
                Organisation.objects.filter(kind=OrganisationKind.COMPANY).values_list("name", flat=True)
            )
            said = f"Không có một doanh nghiệp tên “{options['operator']}”. Có: {known or 'chưa có doanh nghiệp nào'}."
            raise CommandError(said, returncode=UNREADABLE)
        try:
            raw = path.read_bytes() if path.stat().st_size <= actions.LARGEST else b""
        except OSError:
            raise CommandError(f"Không mở được tệp {path}.", returncode=UNREADABLE) from None
        if not raw:
            most = actions.LARGEST // 2**20
            raise CommandError(f"Tệp trống, hoặc nặng hơn {most} MB.", returncode=UNREADABLE)
        try:
            with transaction.atomic():
                received = actions.receive(
                    operator=named.get(), month=month, raw=raw, name=path.name, by=CONSOLE
                )
                said_of = _said(received)
                if options["dry_run"]:
                    transaction.set_rollback(True)
            if options["dry_run"] and not Month.objects.filter(file=received.file.name).exists():
                received.file.storage.delete(received.file.name or "")
        except (NotAllowed, Unreadable) as problem:
            raise CommandError(str(problem), returncode=UNREADABLE) from None
        self.stdout.write(
            json.dumps(said_of, ensure_ascii=False, indent=2) if options["json"] else _in_words(said_of)
        )
        if said_of["unmatched"] or said_of["wrong"]:
            raise SystemExit(INCOMPLETE)


def _said(month: Month) -> dict[str, Any]:
    counts = figures.counts_of(month.lines.all())
    ground = Ground(month)
    cells = [
        {"sheet": one.sheet, "cell": address(one.row, one.column), "message": one.message}
        for one in Problem.objects.filter(month=month)
    ]
    rows = [
        {"sheet": one.sheet, "cell": f"{one.row}:{one.row}", "message": why_unmatched(one, ground)}
        for one in month.lines.in_state(LineState.UNMATCHED).select_related("unit")
    ]
    refused = [
        {"sheet": one.sheet, "cell": f"{one.row}:{one.row}", "kind": one.refusal, "message": one.said}
        for one in month.lines.in_state(LineState.REFUSED)
    ]
    return {
        "operator": month.operator.name,
        "month": month.key,
        "asked": counts.asked,
        "provided": counts.provided,
        "refused": counts.refused,
        "unmatched": counts.unmatched,
        "wrong": counts.wrong,
        "amount": counts.amount,
        "skipped": month.skipped,
        "refusals": refused,
        "problems": [*cells, *rows],
    }


def _in_words(said: dict[str, Any]) -> str:
    lines = [
        f"{one['sheet']}!{one['cell']}: {one['message']}" for one in [*said["problems"], *said["refusals"]]
    ]
    head = (
        f"{said['asked']} hộ được đề nghị = {said['provided']} cung cấp + {said['refused']} từ chối + "
        f"{said['unmatched']} chưa khớp + {said['wrong']} có ô sai. Số tiền {said['amount']} đ."
    )
    return "\n".join([head, *lines])
