"""`tiepcan check_document`: a printed table by its code, with what was frozen, computed again, and today's figures."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from tiepcan.paperwork.checking import Checked, check
from tiepcan.paperwork.codes import typed
from tiepcan.paperwork.models import PrintedTable
from tiepcan.reporting.printed import COMPUTED


class Command(BaseCommand):
    help = "Đối chiếu một bảng in trên văn bản theo mã của nó; tính lại ra số khác thì thoát mã 1."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("code", metavar="CODE", help="mã in dưới bảng, ví dụ TC-7K3M-92QF")
        parser.add_argument("--json", action="store_true", help="in một đối tượng JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        code = typed(options["code"])
        if not code:
            raise CommandError("Mã chưa đúng, có chữ gõ nhầm. Mã có dạng TC-7K3M-92QF.", returncode=2)
        tables = PrintedTable.objects.select_related("document__body", "document__number__register")
        table = tables.filter(code=code).first()
        if table is None:
            raise CommandError("Không có bảng nào mang mã này.", returncode=2)
        checked = check(table, COMPUTED)
        if options["json"]:
            self.stdout.write(json.dumps(_plain(checked), ensure_ascii=False, indent=2))
        else:
            self._tell(checked)
        if not checked.is_kept or checked.is_same is False:
            raise SystemExit(1)

    def _tell(self, checked: Checked) -> None:
        self.stdout.write(
            f"{checked.table.document}, bảng {checked.table.place + 1}: {checked.table.caption}"
        )
        self.stdout.write(_verdict(checked))
        for one in checked.figures:
            self.stdout.write(
                f"  {one.row} | {one.column}: trên giấy {one.printed}, tính lại {one.again or '–'}, nay {one.today or '–'}"
            )


def _verdict(checked: Checked) -> str:
    if not checked.is_kept or checked.is_same is False:
        return "Tính lại ra số khác số đã in."
    return "Tính lại đúng cả bảng." if checked.is_same else "Bảng này không tính từ sổ kết quả."


def _plain(checked: Checked) -> dict[str, Any]:
    document = checked.table.document
    return {
        "code": checked.table.spelled,
        "paper": document.number.code if document.number else None,
        "issued_on": document.number.issued_on.isoformat() if document.number else None,
        "body": document.body.name,
        "stage": document.stage,
        "table": checked.table.place + 1,
        "caption": checked.table.caption,
        "digest": checked.table.digest,
        "frozen_at": checked.table.frozen_at.isoformat(),
        "is_kept": checked.is_kept,
        "is_same": checked.is_same,
        "figures": [
            {
                "row": one.row,
                "column": one.column,
                "printed": one.printed,
                "again": one.again,
                "today": one.today,
                "difference": one.difference,
            }
            for one in checked.figures
        ],
        "why": [
            {"figure": figure, "words": reason.words, "households": reason.households}
            for figure, reasons in checked.why
            for reason in reasons
        ],
        "source": dict(checked.source),
    }
