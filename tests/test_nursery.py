"""Each file is read by a child of its own, forked by a process that reads none and ends with whoever began it."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tiepcan.intake import nursery
from tiepcan.intake.nursery import Child, begin

BROOD = "tests.brood"


def a_child(wanted: str, raw: bytes = b"") -> Child:
    with tempfile.TemporaryFile() as file:
        file.write(raw)
        file.seek(0)
        return begin(BROOD, [wanted], file)


def said(wanted: str, raw: bytes = b"") -> list[str]:
    with a_child(wanted, raw) as child:
        return child.stdout.read().decode().split()


@pytest.fixture(autouse=True)
def _nurseries_end() -> Iterator[None]:
    yield
    if one := nursery._nurseries.pop(BROOD, None):
        one.close()


def gone(pid: int) -> bool:
    """Whether no such process runs any more, within ten seconds."""
    for _ in range(200):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
            return True
        time.sleep(0.05)
    return False


def test_two_files_have_a_child_each_and_one_nursery():
    one, mother, text, seconds, open_files, whole = said("echo", b"first")
    other, same_mother, other_text, *_ = said("echo", b"second")
    assert (text, other_text) == ("first", "second")
    assert one != other
    assert mother == same_mother
    assert (seconds, whole) == ("7", "whole"), "the child sets its limits after the fork"
    assert open_files == "4", "its file, its answer, the errors, and the look at them: not the nursery's door"


@pytest.mark.parametrize("wanted", ["write", "fork", "grow", "die"])
def test_a_child_that_goes_too_far_ends_and_the_next_file_is_read(wanted):
    assert "whole" not in said(wanted)
    assert said("echo", b"next")[2] == "next"
    assert not Path("must-not-be").exists()


def test_leaving_a_child_ends_it():
    with a_child("hang") as child:
        pid = int(child.stdout.readline().split()[0])
    assert gone(pid)


def test_a_nursery_that_was_killed_is_begun_again():
    mother = int(said("echo", b"one")[1])
    os.kill(mother, signal.SIGKILL)
    assert gone(mother)
    assert said("echo", b"two")[2] == "two"


def test_a_child_whose_nursery_was_killed_is_left_without_fuss():
    with a_child("hang") as child:
        pid, mother = map(int, child.stdout.readline().split())
        os.kill(mother, signal.SIGKILL)
        assert gone(mother)
    os.kill(pid, signal.SIGKILL)


def test_the_nursery_and_its_children_end_with_whoever_began_it():
    program = (
        "import tempfile, time; from tiepcan.intake.nursery import begin; "
        f"child = begin({BROOD!r}, ['hang'], tempfile.TemporaryFile()); "
        "print(child.stdout.readline().decode(), end='', flush=True); time.sleep(600)"
    )
    starter = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE)
    assert starter.stdout is not None
    with starter:
        pid, mother = map(int, starter.stdout.readline().split())
        starter.kill()
    assert gone(mother)
    assert gone(pid)
