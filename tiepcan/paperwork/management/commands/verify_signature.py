"""`tiepcan verify_signature`: who signed a .pdf, and whether it is still what they signed."""

import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from tiepcan.common.refusals import NotAllowed
from tiepcan.intake.document import LARGEST_FILE
from tiepcan.paperwork.signatures import Checked, Verdict, verify_limited
from tiepcan.paperwork.signatures.certificates import trusted_certificates


class Command(BaseCommand):
    help = (
        "Kiểm tra chữ ký số trong tệp .pdf: ai ký, tệp có bị sửa sau khi ký, nơi cấp chứng thư có trong "
        "TIEPCAN_TRUSTED_CERTIFICATES. Không hỏi chứng thư đã bị thu hồi hay chưa. "
        "Thoát mã 0: hợp lệ; 1: không hợp lệ hoặc không có chữ ký; 2: không đọc được."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE.pdf")
        parser.add_argument("--json", action="store_true", help="in một đối tượng JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with options["file"].open("rb") as stream:
                raw = stream.read(LARGEST_FILE + 1)  # one byte over the limit is enough to refuse it
            checked = verify_limited(raw, trusted_certificates())
        except OSError:
            raise CommandError(f"Không mở được tệp {options['file']}.", returncode=2) from None
        except NotAllowed as problem:
            raise CommandError(str(problem), returncode=2) from None
        as_json = json.dumps(checked.as_plain(), ensure_ascii=False, indent=2)
        self.stdout.write(as_json if options["json"] else _in_words(checked))
        sys.exit({Verdict.VALID: 0, Verdict.UNREADABLE: 2}.get(checked.verdict, 1))


def _in_words(checked: Checked) -> str:
    return "\n".join([checked.sentence, *(f"{one.field}: {one.sentence}" for one in checked.signatures)])
