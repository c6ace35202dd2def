"""A stranger's file is read in a process that can take nothing with it."""

import subprocess
import sys
import tempfile

import pytest

from tests.papers import writers
from tests.papers.truth import Truth
from tiepcan.intake import limited
from tiepcan.intake.document import Unreadable
from tiepcan.intake.encodings import _TCVN3

_LIMITED = "from tiepcan.intake import child; child.limit(); "


def in_the_child(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", _LIMITED + code], capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize(
    ("code", "refused_with"),
    [
        ("bytearray(600 * 2**20)", "MemoryError"),
        ("import socket; socket.create_connection(('127.0.0.1', 9))", "PermissionError"),
        ("import subprocess; subprocess.run(['true'])", "PermissionError"),
        ("open('must-not-be', 'w')", "PermissionError"),
        ("import os; os.remove('must-not-be')", "PermissionError"),
    ],
)
def test_the_child_may_not(code, refused_with):
    done = in_the_child(code)
    assert done.returncode != 0
    assert refused_with in done.stderr


def test_the_child_has_twenty_seconds_of_cpu():
    done = in_the_child(
        "import resource; import sys; sys.stdout.write(str(resource.getrlimit(resource.RLIMIT_CPU)))"
    )
    assert done.stdout == "(20, 20)"


def test_another_room_sets_its_own_limits():
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "from tiepcan.intake import child; child.limit(cpu_seconds=7, memory=2**30); import resource as r; "
            "import sys; sys.stdout.write(str((r.getrlimit(r.RLIMIT_CPU)[0], r.getrlimit(r.RLIMIT_AS)[0] >> 20)))",
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == "(7, 1024)"


def test_any_module_starts_with_the_file_as_its_stdin():
    with tempfile.TemporaryFile() as file:
        file.write(b'{"a": 1}')
        file.seek(0)
        with limited.start("json.tool", ["--compact"], file) as child:
            said, _ = child.communicate()
    assert (said.strip(), child.returncode) == (b'{"a":1}', 0)


def test_a_file_that_takes_too_long_is_refused_with_a_sentence(monkeypatch):
    monkeypatch.setattr(limited, "WALL_SECONDS", 0.01)
    with pytest.raises(Unreadable, match="quá phức tạp"):
        limited.read_limited(*writers.docx(Truth()))


def test_a_child_that_is_killed_is_a_sentence_and_not_a_crash(monkeypatch):
    monkeypatch.setattr(limited.sys, "executable", "/bin/false")
    with pytest.raises(Unreadable, match="quá phức tạp"):
        limited.read_limited(b"text", "a.txt")


def iconv(raw: bytes) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(["iconv", "-f", "TCVN", "-t", "UTF-8"], input=raw, capture_output=True, check=False)


@pytest.mark.skipif(
    iconv(b" ").returncode != 0, reason="this system's iconv has no TCVN (libc-gconv-modules-extra)"
)
def test_the_tcvn3_table_agrees_with_the_c_librarys():
    for place, letter in _TCVN3.items():
        assert iconv(bytes([32, place, 32])).stdout.decode().strip() == letter
