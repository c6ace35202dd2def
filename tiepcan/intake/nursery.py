"""A process with the parsers at hand that forks a limited child for each file: no file waits for an interpreter.

A province's 635 workbooks are 635 children, each alone with its file and its limits; starting an interpreter for each
took longer than all the reading. The process reads no file itself, and ends with whoever started it.

begin(MODULE)  →  python -m tiepcan.intake.nursery MODULE, its stdin a socket  →  fork  →  MODULE.main()
"""

import importlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from typing import IO

_LONGEST = 64 * 2**10
"""Bytes of one request: the arguments of a child."""
_PIPED = 256 * 2**10
"""Bytes read from a child at once."""


class Child:
    """A child at work: what it says is read from `stdout`; `end` kills it, and no child outlives the block."""

    def __init__(self, nursery: "_Nursery", pid: int, stdout: IO[bytes]) -> None:
        self._nursery, self._pid, self.stdout = nursery, pid, stdout

    def __enter__(self) -> "Child":
        return self

    def __exit__(self, *problem: object) -> None:
        self.end()

    def end(self) -> None:
        """Kill the child if it still runs. Whether it came to its end is known by what it said last."""
        self.stdout.close()
        # A nursery that is gone has taken its children's door along: nobody is left to be asked.
        with suppress(OSError):
            self._nursery.asked({"end": self._pid})


class _Nursery:
    def __init__(self, module: str) -> None:
        self._ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", __name__, module],
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        self._turn = threading.Lock()

    def asked(self, request: dict[str, object], descriptors: Sequence[int] = ()) -> int:
        """The number that the nursery answers. Raises OSError when it is gone."""
        with self._turn:
            socket.send_fds(self._ours, [json.dumps(request).encode()], descriptors)
            answer = self._ours.recv(_LONGEST)
        if not answer:
            raise ConnectionResetError
        return int(answer)

    def close(self) -> None:
        self._ours.close()
        self._process.wait()


_nurseries: dict[str, _Nursery] = {}
_turn = threading.Lock()


def begin(module: str, arguments: Sequence[str], file: IO[bytes]) -> Child:
    """A child that runs the module's `main()` with these arguments, the file as its stdin, its stdout to read from.

    The module is imported once, in the nursery; the first act of its `main` is `child.limit(…)`.
    """
    ours, theirs = os.pipe()
    try:
        nursery, pid = _asked(module, {"arguments": list(arguments)}, (file.fileno(), theirs))
    except BaseException:
        os.close(ours)
        raise
    finally:
        os.close(theirs)
    return Child(nursery, pid, open(ours, "rb", buffering=_PIPED))


def _asked(module: str, request: dict[str, object], descriptors: Sequence[int]) -> tuple[_Nursery, int]:
    with _turn:
        for attempt in (1, 2):
            nursery = _nurseries.get(module) or _nurseries.setdefault(module, _Nursery(module))
            try:
                return nursery, nursery.asked(request, descriptors)
            except OSError:
                # Somebody killed it, most likely for want of memory: the next one serves as well.
                _nurseries.pop(module).close()
                if attempt == 2:
                    raise
    raise AssertionError


def main() -> None:
    """Fork a child for each request, until the socket closes."""
    module = importlib.import_module(sys.argv[1])
    # Stopping the program by its terminal is for who started us to see to: our door closes then.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    door = socket.socket(fileno=os.dup(0))
    children: set[int] = set()
    while True:
        said, descriptors, *_ = socket.recv_fds(door, _LONGEST, 2)
        if not said:
            break
        request = json.loads(said)
        if "end" in request:
            if request["end"] in children:
                children.remove(request["end"])
                _end(request["end"])
            door.send(b"0")
            continue
        pid = os.fork()
        if pid == 0:
            _be_the_child(module.main, request["arguments"], descriptors, door)
        for descriptor in descriptors:
            os.close(descriptor)
        children.add(pid)
        door.send(str(pid).encode())
    for pid in children:
        _end(pid)


def _end(pid: int) -> None:
    """Our own child, and not yet waited for: its number can be nobody else's."""
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)


def _be_the_child(main: object, arguments: list[str], descriptors: list[int], door: socket.socket) -> None:
    """Never returns: whatever happens, the nursery's loop is not the child's."""
    assert callable(main)
    code = 1
    try:
        door.close()
        for place, descriptor in enumerate(descriptors):
            os.dup2(descriptor, place)
            os.close(descriptor)
        sys.argv[1:] = arguments
        main()
        sys.stdout.flush()
        code = 0
    finally:
        os._exit(code)


if __name__ == "__main__":
    main()
