"""Reading a stranger's file in a fresh process with limits, so that no file can take the program with it.

    begin(raw, name)  →  python -m tiepcan.intake.child NAME < raw  →  JSON

The child has 20 s of CPU, 512 MB, no file to write and no network; what it gives back is words, not objects.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable
from typing import IO, Any

from tiepcan.intake.document import Document, Unreadable

CPU_SECONDS = 20
MEMORY = 512 * 2**20
WALL_SECONDS = 60
_TOO_MUCH = "Tệp quá phức tạp hoặc bị hỏng nên không đọc được trong mức cho phép. Lưu lại từ Word hoặc Excel rồi tải lên lần nữa."


def begin(raw: bytes, name: str) -> Callable[[], Document]:
    """Start reading now, and answer when asked: what is called meanwhile runs beside the child.

    The answer raises Unreadable with a sentence for whatever went wrong.
    """
    # A file and not a pipe: the child has all of it at once and need not wait for us to ask.
    with tempfile.TemporaryFile() as file:
        file.write(raw)
        file.seek(0)
        child = _start(name, file)

    def answer() -> Document:
        with child:
            try:
                said, _ = child.communicate(timeout=WALL_SECONDS)
            except subprocess.TimeoutExpired:
                child.kill()
                raise Unreadable(_TOO_MUCH) from None
        if child.returncode != 0:
            raise Unreadable(_TOO_MUCH)
        plain = json.loads(said)
        if "unreadable" in plain:
            raise Unreadable(plain["unreadable"])
        return Document.from_plain(plain)

    return answer


def _start(name: str, file: IO[bytes]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "tiepcan.intake.child", name],
        stdin=file,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )


def read_limited(raw: bytes, name: str) -> Document:
    """The document in these bytes. Raises Unreadable with a sentence for whatever went wrong."""
    return begin(raw, name)()


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


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.addaudithook(_refuse)


def main() -> None:
    """The child: limits first, then the file."""
    _limit()
    raw, name = sys.stdin.buffer.read(), sys.argv[1]
    from tiepcan.intake import formats

    try:
        answer = formats.read(raw, name).as_plain()
    except Unreadable as problem:
        answer = {"unreadable": str(problem)}
    except MemoryError:
        answer = {"unreadable": _TOO_MUCH}
    except Exception:
        # Whatever a parser chokes on, the person learns the same: this file is damaged, and what to do.
        answer = {
            "unreadable": "Tệp bị hỏng hoặc khác với đuôi tên, không đọc được. Mở tệp trên máy, lưu lại rồi tải lên lần nữa."
        }
    sys.stdout.write(json.dumps(answer, ensure_ascii=True))


if __name__ == "__main__":
    main()
