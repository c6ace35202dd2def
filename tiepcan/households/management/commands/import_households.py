"""`tiepcan import_households FILE`: a list of households into the registry, as a whole or not at all."""

import hashlib
import json
import uuid
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from tiepcan.accounts.console import CONSOLE
from tiepcan.audit.acts import act
from tiepcan.common import clock
from tiepcan.households.importing import preview, reading, writing
from tiepcan.households.importing.actions import LARGEST
from tiepcan.households.models import Import, ImportProblem, ImportState, RowOutcome
from tiepcan.intake.document import Unreadable
from tiepcan.intake.sheets import address
from tiepcan.standards.queries import NoStandard, standard_of
from tiepcan.units.models import Unit
from tiepcan.units.queries import unit_of_code

REJECTED, UNREADABLE = 1, 2


class Command(BaseCommand):
    help = "Nhập danh sách hộ vào sổ. Mã thoát 1: có dòng bị từ chối, không ghi gì; 2: không đọc được tệp."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--unit", required=True, metavar="CODE", help="mã đơn vị, hoặc mã thống kê")
        parser.add_argument("--review", required=True, type=int, metavar="YEAR", help="rà soát cuối năm nào")
        parser.add_argument("--dry-run", action="store_true", help="chỉ đọc và so với sổ, không ghi")
        parser.add_argument("--json", action="store_true", help="in kết quả dạng JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        try:
            unit = unit_of_code(options["unit"])
            standard_of(options["review"])
            raw = path.read_bytes() if path.stat().st_size <= LARGEST else b""
        except OSError:
            raise CommandError(f"Không mở được tệp {path}.", returncode=UNREADABLE) from None
        except (Unit.DoesNotExist, NoStandard) as problem:
            raise CommandError(str(problem), returncode=UNREADABLE) from None
        if not raw:
            raise CommandError(f"Tệp trống, hoặc nặng hơn {LARGEST // 2**20} MB.", returncode=UNREADABLE)
        file = _file(raw, path.name, unit, options["review"])
        known = Import.objects.standing().filter(unit=unit, year=file.year, sha256=file.sha256).first()
        try:
            said = _counts(known) if known else _take_in(file, raw, dry_run=options["dry_run"])
        except Unreadable as problem:
            raise CommandError(str(problem), returncode=UNREADABLE) from None
        self.stdout.write(
            json.dumps(said, ensure_ascii=False, indent=2) if options["json"] else _in_words(said)
        )
        if said["rejected"] or said["problems"]:
            raise SystemExit(REJECTED)


def _file(raw: bytes, name: str, unit: Unit, year: int) -> Import:
    return Import(
        id=uuid.uuid4(),
        unit=unit,
        year=year,
        name=name[-200:],
        sha256=hashlib.sha256(raw).hexdigest(),
        size=len(raw),
        state=ImportState.READ,
        created_at=clock.now(),
        by_name=CONSOLE.full_name,
    )


def _take_in(file: Import, raw: bytes, *, dry_run: bool) -> dict[str, Any]:
    """Read and, when nothing is refused, write; otherwise nothing stays, the file neither."""
    with transaction.atomic():
        with act("file.received", by=CONSOLE):
            file.save(force_insert=True)
            reading.read(file, [raw])
            file.save()
        said = _counts(file)
        if dry_run or said["rejected"] or said["problems"]:
            transaction.set_rollback(True)
        else:
            writing.write(file, by=CONSOLE)
    return said


def _counts(file: Import) -> dict[str, Any]:
    problems = [
        {
            "sheet": one.sheet,
            "cell": address(one.row, one.column) if one.column else f"{one.row}:{one.row}",
            "code": one.code,
            "message": one.message,
        }
        for one in ImportProblem.objects.filter(file=file)
    ]
    unclear = [
        {
            "sheet": one.sheet,
            "cell": one.letter,
            "code": "column_unclear",
            "message": f"{one.heading}: {one.why}",
        }
        for one in preview.waiting_columns(file)
    ]
    return {
        "rows": file.rows,
        **{outcome.value: getattr(file, outcome.value) for outcome in RowOutcome},
        "problems": [*unclear, *problems],
    }


def _in_words(said: dict[str, Any]) -> str:
    counts = ", ".join(f"{said[outcome.value]} {outcome.label.lower()}" for outcome in RowOutcome)
    lines = [f"{one['sheet']}!{one['cell']}: {one['message']}" for one in said["problems"]]
    return "\n".join([f"{said['rows']} dòng: {counts}.", *lines])
