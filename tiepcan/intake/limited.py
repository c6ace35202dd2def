"""The caller's side of reading a stranger's file: start the limited child, ask for its answer.

begin(raw, name)  →  python -m tiepcan.intake.child NAME < raw  →  JSON  →  Document
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from typing import IO, Any

from tiepcan.intake.document import TOO_MUCH, Document, Unreadable

WALL_SECONDS = 60


def begin(raw: bytes, name: str) -> Callable[[], Document]:
    """Start reading now, and answer when asked: what is called meanwhile runs beside the child.

    The answer raises Unreadable with a sentence for whatever went wrong.
    """
    # A file and not a pipe: the child has all of it at once and need not wait for us to ask.
    with tempfile.TemporaryFile() as file:
        file.write(raw)
        file.seek(0)
        child = start("tiepcan.intake.child", [name], file)

    return lambda: Document.from_plain(answer_of(child))


def answer_of(child: "subprocess.Popen[bytes]") -> dict[str, Any]:
    """What the child answers, one JSON object. Raises Unreadable with its sentence, or when it went past its limits."""
    with child:
        try:
            said, _ = child.communicate(timeout=WALL_SECONDS)
        except subprocess.TimeoutExpired:
            child.kill()
            raise Unreadable(TOO_MUCH) from None
    if child.returncode != 0:
        raise Unreadable(TOO_MUCH)
    plain: dict[str, Any] = json.loads(said)
    if "unreadable" in plain:
        raise Unreadable(plain["unreadable"])
    return plain


def start(module: str, arguments: Sequence[str], file: IO[bytes]) -> subprocess.Popen[bytes]:
    """A child that runs this module with the file as its stdin; its stdout is a pipe to read from.

    The module's first act is `child.limit(…)`; whoever starts it waits for it or kills it.
    """
    return subprocess.Popen(
        [sys.executable, "-m", module, *arguments],
        stdin=file,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )


def read_limited(raw: bytes, name: str) -> Document:
    """The document in these bytes. Raises Unreadable with a sentence for whatever went wrong."""
    return begin(raw, name)()
