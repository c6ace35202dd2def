"""The command `tiepcan`."""

import sys

USAGE = """Cách dùng: tiepcan LỆNH …

  read_plan FILE [--json]   đọc văn bản kế hoạch, in những gì hiểu được và những chỗ cần xác nhận"""


def main() -> None:
    match sys.argv[1:]:
        case ["read_plan", *rest]:
            # Imported here: reading a plan must not pay for what other commands need.
            from tiepcan.plans.command import read_plan

            sys.exit(read_plan(rest))
        case _:
            print(USAGE, file=sys.stderr)
            sys.exit(2)
