"""The limited child in which signatures of a stranger's file are checked: see tiepcan.intake.child for its limits."""

import json
import sys
from collections.abc import Callable, Sequence
from typing import Any

from asn1crypto import x509

from tiepcan.intake.child import limit
from tiepcan.paperwork.signatures.checking import verify
from tiepcan.paperwork.signatures.returned import same_document

CPU_SECONDS = 40
"""More than other readers have: a tagged table of 700 rows is compared object by object, in about 10 seconds."""


def _verify(pdf: bytes, *trusted: bytes) -> dict[str, Any]:
    return verify(pdf, trusted=[x509.Certificate.load(der) for der in trusted]).as_plain()


def _same(prepared: bytes, returned: bytes) -> dict[str, Any]:
    return {"wrong": same_document(prepared, returned)}


_TASKS: dict[str, Callable[..., dict[str, Any]]] = {"verify": _verify, "same": _same}


def main() -> None:
    """Limits first, then the files: `child TASK LENGTH …`, the files one behind the other on stdin."""
    limit(cpu_seconds=CPU_SECONDS)
    task, *lengths = sys.argv[1:]
    answer = _TASKS[task](*_parts(sys.stdin.buffer.read(), [int(length) for length in lengths]))
    sys.stdout.write(json.dumps(answer, ensure_ascii=True))


def _parts(raw: bytes, lengths: Sequence[int]) -> list[bytes]:
    parts, start = [], 0
    for length in lengths:
        parts.append(raw[start : start + length])
        start += length
    return parts


if __name__ == "__main__":
    main()
