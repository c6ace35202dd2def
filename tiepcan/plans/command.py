"""`tiepcan read_plan FILE [--json]`: what a plan's paper says. Needs no database.

Exit 0: read, nothing wrong; 1: read, with errors among the findings; 2: could not be read.
"""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from tiepcan.intake.document import LARGEST_FILE, Unreadable
from tiepcan.intake.limited import begin

if TYPE_CHECKING:
    from tiepcan.plans.reading.records import Reading

USAGE = "Cách dùng: tiepcan read_plan FILE [--json]"


def read_plan(arguments: list[str]) -> int:
    names = [argument for argument in arguments if argument != "--json"]
    if len(names) != 1 or names[0].startswith("-"):
        print(USAGE, file=sys.stderr)
        return 2
    file = Path(names[0])
    try:
        with file.open("rb") as stream:
            raw = stream.read(LARGEST_FILE + 1)  # one byte over the limit is enough to refuse it
        document = begin(raw, file.name)
        # The parser runs in its own process already; the modules that understand it load beside it.
        from tiepcan.plans.reading import read
        from tiepcan.plans.reading.as_json import plain
        from tiepcan.units.register import register

        units = register()
        reading = read(document(), units)
    except OSError:
        print(f"Không mở được tệp {file}.", file=sys.stderr)
        return 2
    except Unreadable as problem:
        print(problem, file=sys.stderr)
        return 2
    as_json = "--json" in arguments
    print(json.dumps(plain(reading), ensure_ascii=False, indent=2) if as_json else _in_words(reading))
    return 1 if reading.has_errors else 0


def _in_words(reading: "Reading") -> str:
    """A reading in a few lines of Vietnamese, for a person at a console."""
    said = [
        f"{reading.kind or 'Văn bản'} {reading.number or '?'}/{reading.symbol or '?'}: {reading.title or 'không có trích yếu'}",
        f"Bảng có {len(reading.units)} đơn vị, cộng {reading.summed.poor_households or 0} hộ nghèo.",
    ]
    said += [
        f"{target.indicator.label}: {target.value} hộ ({target.source.where})" for target in reading.targets
    ]
    said += [f"[{f.severity}] {f.message} ({f.where})" for f in reading.findings]
    return "\n".join(said)
