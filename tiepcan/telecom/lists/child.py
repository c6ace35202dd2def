"""The limited child that reads an operator's list: stdin is a line of JSON (`Ground`), then the file; stdout JSON."""

import json
import sys
from datetime import date

from tiepcan.intake.child import limit
from tiepcan.intake.document import DAMAGED, TOO_MUCH, Unreadable

CPU_SECONDS, MEMORY = 30, 2**30


def main() -> None:
    """The child: limits first, then the file."""
    limit(cpu_seconds=CPU_SECONDS, memory=MEMORY)
    from tiepcan.intake.sheets import open_book
    from tiepcan.telecom.lists.reading import Ground, read

    try:
        given = json.loads(sys.stdin.buffer.readline())
        ground = Ground(given["units"], date.fromisoformat(given["month"]), given["most"])
        book = open_book(sys.stdin.buffer.read(), sys.argv[1])
        answer = read(book, ground).as_plain()
    except Unreadable as problem:
        answer = {"unreadable": str(problem)}
    except MemoryError:
        answer = {"unreadable": TOO_MUCH}
    except Exception:
        # Whatever a parser chokes on, the person learns the same: this file is damaged, and what to do.
        answer = {"unreadable": DAMAGED}
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main()
