"""The child in which a stranger's file is read, so that no file can take the program with it.

It has 20 s of CPU, 512 MB, no file to write and no network; what it gives back is words, not objects.
It imports as little as it can: every reading waits for it.
"""

import json
import os
import resource
import sys
from typing import Any

from tiepcan.intake.document import DAMAGED, TOO_MUCH, Unreadable

CPU_SECONDS = 20
MEMORY = 512 * 2**20


_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_REFUSED = (
    "socket.",
    "subprocess.",
    "os.system",
    "os.exec",
    "os.fork",
    "os.posix_spawn",
    "os.remove",
    "os.rename",
    "os.mkdir",
    "os.rmdir",
)


def _refuse(event: str, arguments: tuple[Any, ...]) -> None:
    """Neither network nor other programs nor writing. A wall behind the parsers, which have no such wish."""
    if event.startswith(_REFUSED) or (event == "open" and arguments[2] & _WRITES):
        raise PermissionError(event)


def limit(*, cpu_seconds: int = CPU_SECONDS, memory: int = MEMORY) -> None:
    """Set the limits of this process (seconds, bytes); nothing takes them off again."""
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.addaudithook(_refuse)


def main() -> None:
    """The child: limits first, then the file."""
    limit()
    raw, name = sys.stdin.buffer.read(), sys.argv[1]
    from tiepcan.intake import formats

    try:
        answer = formats.read(raw, name).as_plain()
    except Unreadable as problem:
        answer = {"unreadable": str(problem)}
    except MemoryError:
        answer = {"unreadable": TOO_MUCH}
    except Exception:
        # Whatever a parser chokes on, the person learns the same: this file is damaged, and what to do.
        answer = {"unreadable": DAMAGED}
    sys.stdout.write(json.dumps(answer, ensure_ascii=True))


if __name__ == "__main__":
    main()
