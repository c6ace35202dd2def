"""`tiepcan open_plan FILE`: open a plan from its paper when nothing in it is wrong."""

import uuid
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from tiepcan.accounts.console import CONSOLE
from tiepcan.common.refusals import NotAllowed
from tiepcan.intake.document import LARGEST_FILE, Unreadable
from tiepcan.intake.limited import read_limited
from tiepcan.plans import actions
from tiepcan.plans.drafts import known_units, reading_of
from tiepcan.plans.models import Draft, DraftState, Paper
from tiepcan.plans.reading import read
from tiepcan.plans.reading.records import Reading, Severity
from tiepcan.units.models import Unit

ERRORS, UNREADABLE = 1, 2


class Command(BaseCommand):
    help = "Mở kế hoạch từ văn bản không có lỗi. Mã thoát 1: văn bản có lỗi; 2: không đọc được tệp."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")

    def handle(self, *args: Any, **options: Any) -> None:
        file: Path = options["file"]
        try:
            with file.open("rb") as stream:
                raw = stream.read(LARGEST_FILE + 1)
            reading = read(read_limited(raw, file.name), known_units())
        except OSError:
            raise CommandError(f"Không mở được tệp {file}.", returncode=UNREADABLE) from None
        except Unreadable as problem:
            raise CommandError(str(problem), returncode=UNREADABLE) from None
        self._refuse(reading)
        self._open(raw, file.name, Unit.objects.get(pk=reading.area))

    def _refuse(self, reading: Reading) -> None:
        """Say every error; a table that no unit of the register answers to cannot be opened either."""
        errors = [f"{f.message} ({f.where})" for f in reading.findings if f.severity == Severity.ERROR]
        if not reading.area:
            errors.append(
                "Không biết kế hoạch này của đơn vị nào: bảng không khớp với danh mục đơn vị hành chính."
            )
        if errors:
            raise CommandError("\n".join(errors), returncode=ERRORS)

    def _open(self, raw: bytes, name: str, unit: Unit) -> None:
        """Whoever types the command answers its doubts: each is said, and kept as answered in the plan's history."""
        draft: Draft | None = None
        try:
            with transaction.atomic():
                draft = actions.receive(id=uuid.uuid4(), raw=raw, name=name, unit=unit, by=CONSOLE)
                if draft.state == DraftState.OPENED:
                    raise NotAllowed(f"{draft.plan} đã được mở từ chính tệp này.")
                for finding in reading_of(draft).waiting:
                    self.stderr.write(f"Coi là đúng: {finding.message} ({finding.where})")
                    actions.answer(
                        draft=draft,
                        finding=finding.key,
                        reason="open_plan",
                        version=draft.version,
                        by=CONSOLE,
                    )
                plan = actions.open_plan(draft=draft, version=draft.version, by=CONSOLE)
        except NotAllowed as problem:
            if draft and not Paper.objects.filter(pk=draft.paper_id).exists():
                draft.paper.file.delete(save=False)  # its row was taken back; so is the file
            raise CommandError(str(problem), returncode=ERRORS) from None
        self.stdout.write(f"Đã mở {plan}, {plan.issuer}, năm {plan.year}.")
