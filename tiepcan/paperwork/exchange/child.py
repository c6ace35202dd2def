"""The limited child in which a stranger's message is read. stdin: the file; stdout: JSON of the message or why not."""

import json
import sys

from tiepcan.intake.child import limit
from tiepcan.intake.document import DAMAGED, TOO_MUCH
from tiepcan.paperwork.exchange.message import Faulty
from tiepcan.paperwork.exchange.reading import as_plain, read


def main() -> None:
    """The child: limits first, then the file."""
    limit()
    try:
        answer = as_plain(read(sys.stdin.buffer.read()))
    except Faulty as problem:
        answer = {"unreadable": str(problem)}
    except MemoryError:
        answer = {"unreadable": TOO_MUCH}
    except Exception:
        # Whatever the parser chokes on, the person learns the same: this file is damaged, and what to do.
        answer = {"unreadable": DAMAGED}
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main()
