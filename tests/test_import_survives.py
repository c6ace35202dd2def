"""A file is written as a whole or not at all, whoever dies, and whoever else writes at the same moment."""

import os
import signal
import subprocess
import sys
import tempfile
import threading
import uuid
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from unittest.mock import patch

import pytest
from django.db import connection, connections
from procrastinate.contrib.django.models import ProcrastinateJob

from tests.factories import a_person, a_unit, the_city
from tests.killing import ROWS, campaign
from tests.workbooks import a_list, a_row
from tiepcan.accounts.roles import Role
from tiepcan.common import clock
from tiepcan.households import tasks
from tiepcan.households.importing import actions
from tiepcan.households.models import Household, Import, ImportState, Tally
from tiepcan.households.queries import recounted

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_killed_worker_leaves_all_or_nothing_and_the_next_one_ends_it(tmp_path):
    """A short run of the campaign (`python -m tests.killing`): until both steps were hit while they were at work."""
    units = list(the_city().children.valid_on(clock.today())[:11])
    hit, kills = Counter(), 0
    for kill in campaign(units, 7, str(tmp_path / "files")):
        kills += 1
        hit[kill.step] += kill.hit_the_work
        if kills >= 4 and hit["read"] and hit["write"]:
            break
    assert hit["read"], "ten kills, and none hit the reading"
    assert hit["write"], "ten kills, and none hit the writing"
    assert Household.objects.count() == (1 + kills) * ROWS


HOLDS = """
import os, signal, sys, threading, time
import django
django.setup()
from django.db import connection

def hold():
    connection.ensure_connection()
    connection.close()

def dies_with_what_it_writes():
    written = []
    def hear(event, given):
        if event == "open" and isinstance(given[1], str) and set(given[1]) & set("wa+"):
            written.append(str(given[0]).startswith(os.environ["TIEPCAN_DATA"]))
    def line(frame, event, given):
        if any(written):
            os.kill(os.getpid(), signal.SIGKILL)
        return line
    sys.addaudithook(hear)
    sys.settrace(line)
    hold()

def in_four_threads():
    sys.setswitchinterval(1e-6)
    together = threading.Barrier(4)
    failed = []
    threading.excepthook = failed.append
    def one():
        together.wait()
        hold()
    threads = [threading.Thread(target=one) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    sys.exit(bool(failed))

def until_told_otherwise():
    hold()
    if os.fork() == 0:
        sys.exit()  # as a process of its own, which never held the server itself
    os.wait()
    print("holds", flush=True)
    sys.stdin.read()
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    print("still there", flush=True)

def and_leaves_a_fork():
    hold()
    fork = os.fork()
    if fork == 0:
        time.sleep(30)
        os._exit(0)
    print(fork, flush=True)

locals()[sys.argv[1]]()
"""


def holds(how: str, data: Path) -> subprocess.Popen[str]:
    """A process that holds the embedded server of this data folder."""
    return subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", HOLDS, how],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "TIEPCAN_DATA": str(data), "PYTHONPATH": str(Path(__file__).parent.parent)},
    )


@pytest.fixture
def data() -> Iterator[Path]:
    """Not pytest's own folder: each start of pytest closes that to others, and root's server belongs to another."""
    with tempfile.TemporaryDirectory(prefix="tiepcan-held-") as folder:
        yield Path(folder)


def test_the_embedded_server_stops_with_the_last_process_that_holds_it_and_not_before(data):
    def ended(how: str) -> int:
        with holds(how, data) as process:
            return process.wait(60)

    with holds("until_told_otherwise", data) as holder:
        assert holder.stdout.readline() == "holds\n"
        # Killed when it has begun to write that it holds the server, so that what is written is cut off.
        assert ended("dies_with_what_it_writes") == -signal.SIGKILL
        assert ended("hold") == 0
        for _ in range(3):
            assert ended("in_four_threads") == 0, "threads that connect first at once"
        said, _ = holder.communicate(timeout=60)
    assert said == "still there\n"
    assert not (data / "postgresql" / "postmaster.pid").exists(), "not even for the one that was killed"


def test_a_forked_process_that_outlives_the_last_holder_keeps_nobody_from_starting_the_server(data):
    with holds("and_leaves_a_fork", data) as holder:
        fork = int(holder.stdout.readline())
        assert holder.wait(60) == 0
    try:
        with holds("hold", data) as next_one:
            # Long before the forked process ends.
            assert next_one.wait(20) == 0
    finally:
        os.kill(fork, signal.SIGKILL)


def read_by(officer, raw: bytes) -> Import:
    file = actions.receive(id=uuid.uuid4(), raw=raw, name="ds.xlsx", unit=officer.unit, year=2018, by=officer)
    tasks.read_file.func(key=str(file.pk))
    file.refresh_from_db()
    return file


def test_of_two_files_written_at_once_one_wins_and_the_other_is_shown_again():
    officer = a_person(Role.OFFICER)
    first = read_by(officer, a_list(*(a_row(f"A-{n}", "Lê Văn Ba", birth_year=1930 + n) for n in range(60))))
    second = read_by(officer, a_list(*(a_row(f"A-{n}", "Lê Văn Ba", birth_year=1931 + n) for n in range(60))))
    for file in (first, second):
        actions.write(file=file, without_rejected=False, by=officer)
    together = threading.Barrier(2)

    def write(file: Import) -> None:
        with clock.set_to(datetime(2019, 6, 12, 9, tzinfo=clock.VIETNAM)):
            together.wait()
            tasks.write_file.func(key=str(file.pk))
        connections.close_all()

    threads = [threading.Thread(target=write, args=[file]) for file in (first, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    states = Counter(Import.objects.values_list("state", flat=True))
    assert states == {ImportState.DONE: 1, ImportState.READ: 1}
    again = Import.objects.get(state=ImportState.READ)
    assert "Sổ đã thay đổi từ lúc xem trước" in again.message
    assert (again.accepted, again.changed) == (0, 60), "laid beside the registry as it is now"
    assert Household.objects.count() == 60
    assert {
        (t.unit_id, t.year, t.poverty, t.lack): t.households for t in Tally.objects.exclude(households=0)
    } == recounted()


def test_work_that_somebody_stops_leaves_nothing():
    officer = a_person(Role.OFFICER)
    file = read_by(officer, a_list(*(a_row(f"A-{n}", "Lê Văn Ba", birth_year=1930 + n) for n in range(60))))
    actions.write(file=file, without_rejected=False, by=officer)
    # Somebody else holds the ward, so that the writing waits and can be stopped in the middle.
    holding, stopped = threading.Event(), threading.Event()

    def hold() -> None:
        from django.db import transaction

        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT FROM households_stamp WHERE unit_id = %s FOR UPDATE", [officer.unit.pk])
            holding.set()
            stopped.wait(30)
        connections.close_all()

    holder = threading.Thread(target=hold)
    holder.start()
    holding.wait(30)

    def work() -> None:
        with clock.set_to(datetime(2019, 6, 12, 9, tzinfo=clock.VIETNAM)):
            tasks.write_file.func(key=str(file.pk))
        connections.close_all()

    worker = threading.Thread(target=work)
    worker.start()
    while Import.objects.get(pk=file.pk).state != ImportState.WRITING:
        pass
    actions.stop(file=file, by=officer)
    worker.join(30)
    assert not worker.is_alive()
    stopped.set()
    holder.join()
    file.refresh_from_db()
    assert file.state == ImportState.STOPPED
    assert not Household.objects.exists()


def test_a_file_that_waits_is_stopped_at_once():
    officer = a_person(Role.OFFICER)
    file = actions.receive(
        id=uuid.uuid4(), raw=a_list(a_row("A")), name="a.xlsx", unit=a_unit(), year=2018, by=officer
    )
    actions.stop(file=file, by=officer)
    tasks.read_file.func(key=str(file.pk))
    file.refresh_from_db()
    assert (file.state, file.lines.count()) == (ImportState.STOPPED, 0)


def test_a_file_that_came_to_its_end_is_not_taken_up_again():
    officer = a_person(Role.OFFICER)
    file = read_by(officer, a_list(a_row("A-1", "Lê Văn Ba")))
    actions.write(file=file, without_rejected=False, by=officer)
    # As a look that came a moment before the writing ended would have it.
    seen = Import.objects.get(pk=file.pk)
    Import.objects.filter(pk=file.pk).update(state=ImportState.WRITING)
    seen.refresh_from_db()
    Import.objects.filter(pk=file.pk).update(state=ImportState.DONE)
    with patch.object(type(Import.objects.all()), "__iter__", lambda rows: iter([seen])):
        tasks.take_up_again.func()
    assert Import.objects.get(pk=file.pk).state == ImportState.DONE


def test_a_file_whose_job_was_lost_gets_another_and_never_two():
    officer = a_person(Role.OFFICER)
    file = actions.receive(
        id=uuid.uuid4(), raw=a_list(a_row("A")), name="a.xlsx", unit=a_unit(), year=2018, by=officer
    )
    jobs = ProcrastinateJob.objects.filter(task_name=tasks.read_file.name, args__key=str(file.pk))
    assert jobs.count() == 1
    tasks.take_up_again.func()
    assert jobs.count() == 1
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")
    tasks.take_up_again.func()
    assert jobs.count() == 1
