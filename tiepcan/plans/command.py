"""`tiepcan read_plan FILE [--json]`: what a plan's paper says. Needs no database.

Exit 0: read, nothing wrong; 1: read, with errors among the findings; 2: could not be read.
"""

import argparse
import json
import sys
from pathlib import Path

from tiepcan.intake.child import read_limited
from tiepcan.intake.document import Unreadable
from tiepcan.plans.reading import read
from tiepcan.plans.reading.as_json import plain
from tiepcan.plans.reading.records import Indicator, Reading
from tiepcan.units.register import register


def read_plan(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="tiepcan read_plan", description=__doc__)
    parser.add_argument("file", type=Path, metavar="FILE")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    options = parser.parse_args(arguments)
    try:
        raw = options.file.read_bytes()
        reading = read(read_limited(raw, options.file.name), register())
    except OSError:
        print(f"Không mở được tệp {options.file}.", file=sys.stderr)
        return 2
    except Unreadable as problem:
        print(problem, file=sys.stderr)
        return 2
    print(json.dumps(plain(reading), ensure_ascii=False, indent=2) if options.json else _in_words(reading))
    return 1 if reading.has_errors else 0


def _in_words(reading: Reading) -> str:
    """A reading in a few lines of Vietnamese, for a person at a console."""
    said = [
        f"{reading.kind or 'Văn bản'} {reading.number or '?'}/{reading.symbol or '?'}: {reading.title or 'không có trích yếu'}",
        f"Bảng có {len(reading.units)} đơn vị, cộng {reading.summed.poor_households or 0} hộ nghèo.",
    ]
    said += [
        f"{Indicator(target.indicator).label}: {target.value} hộ ({target.source.where})"
        for target in reading.targets
    ]
    said += [f"[{f.severity}] {f.message} ({f.where})" for f in reading.findings]
    return "\n".join(said)
