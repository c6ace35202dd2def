"""Reading a stranger's file in a fresh process with limits, so that no file can take the program with it.

    read_limited(raw, name)  →  python -m tiepcan.intake.child NAME < raw  →  JSON

The child has 20 s of CPU, 512 MB, no file to write and no network; what it gives back is words, not objects.
"""

import json
import resource
import subprocess
import sys
from typing import Any

from tiepcan.intake.document import Document, Unreadable

CPU_SECONDS = 20
MEMORY = 512 * 2**20
WALL_SECONDS = 60
_TOO_MUCH = "Tệp quá phức tạp hoặc bị hỏng nên không đọc được trong mức cho phép. Lưu lại từ Word hoặc Excel rồi tải lên lần nữa."


def read_limited(raw: bytes, name: str) -> Document:
    """The document in these bytes. Raises Unreadable with a sentence for whatever went wrong."""
    try:
        done = subprocess.run(
            [sys.executable, "-m", "tiepcan.intake.child", name],
            input=raw,
            capture_output=True,
            timeout=WALL_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise Unreadable(_TOO_MUCH) from None
    if done.returncode != 0:
        raise Unreadable(_TOO_MUCH)
    answer = json.loads(done.stdout)
    if "unreadable" in answer:
        raise Unreadable(answer["unreadable"])
    return Document.from_plain(answer)


def _refuse_network(event: str, arguments: tuple[Any, ...]) -> None:
    if event.startswith("socket.") or event in ("subprocess.Popen", "os.system", "os.exec", "os.fork"):
        raise PermissionError(event)


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.addaudithook(_refuse_network)


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
