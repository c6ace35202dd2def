"""`tiepcan sign_pdf`: a .pdf signed with a key from a file or inside a token."""

import sys
from getpass import getpass
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from tiepcan.common import clock
from tiepcan.common.refusals import NotAllowed
from tiepcan.paperwork.signatures import LEADER, SEAL, Key, Verdict, sign, verify_limited


class Command(BaseCommand):
    help = (
        "Ký số một tệp .pdf bằng tệp khóa (.p12) hoặc bằng thiết bị (PKCS#11). Mật khẩu hoặc mã PIN được hỏi khi "
        "chạy, hoặc đọc từ dòng đầu của đầu vào chuẩn; không ghi lại ở đâu."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE.pdf")
        held = parser.add_mutually_exclusive_group(required=True)
        held.add_argument("--key", type=Path, metavar="F.p12", help="tệp khóa")
        held.add_argument("--token", metavar="TÊN", help="tên (label) của thiết bị")
        parser.add_argument("--module", metavar="TỆP", help="thư viện PKCS#11 của thiết bị")
        parser.add_argument(
            "--certificate", default="", metavar="TÊN", help="chứng thư, khi thiết bị có nhiều"
        )
        parser.add_argument(
            "--field",
            choices=[LEADER, SEAL],
            default=LEADER,
            help=f"chỗ ký: của người có thẩm quyền ({LEADER}) hoặc của cơ quan ({SEAL})",
        )
        parser.add_argument(
            "--picture", type=Path, metavar="F.png", help="hình chữ ký hoặc dấu, nền trong suốt"
        )
        parser.add_argument("--out", type=Path, required=True, metavar="F.pdf")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["token"] and not options["module"]:
            raise CommandError("Thêm --module: thư viện PKCS#11 đi kèm thiết bị.")
        try:
            pdf = options["file"].read_bytes()
            picture = options["picture"].read_bytes() if options["picture"] else None
            if verify_limited(pdf, ()).verdict in (Verdict.CHANGED, Verdict.UNREADABLE):
                raise NotAllowed("Tệp không đọc được, hoặc đã bị sửa sau khi ký. Không ký thêm lên tệp này.")
            with _key(options) as key:
                signed = sign(pdf, key, field=options["field"], picture=picture, at=clock.now())
            options["out"].write_bytes(signed)
        except OSError as problem:
            raise CommandError(f"Không mở hoặc không ghi được tệp {problem.filename}.") from None
        except NotAllowed as problem:
            raise CommandError(str(problem)) from None
        self.stdout.write(f"{key.owner} đã ký {options['out']}.")


def _key(options: dict[str, Any]) -> Key:
    if options["key"]:
        return Key.from_pkcs12(options["key"].read_bytes(), _asked("Mật khẩu của tệp khóa: "))
    return Key.from_token(
        options["module"], options["token"], _asked("Mã PIN: "), certificate=options["certificate"]
    )


def _asked(prompt: str) -> str:
    return getpass(prompt) if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
