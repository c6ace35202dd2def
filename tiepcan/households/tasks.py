"""What the worker does with files of households: read, write, take back and forget them, and take up what was cut off.

A worker may die at any moment. What it wrote dies with its transaction; what it was at is known by a lock that only
a living session holds, so a later worker takes the file up again.
"""

import logging
import threading
import traceback
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.db import IntegrityError, OperationalError, connection, transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from tiepcan.accounts.console import CONSOLE, Doer
from tiepcan.audit.acts import act
from tiepcan.common import clock
from tiepcan.common.refusals import NotAllowed, Stale
from tiepcan.households import suspicion
from tiepcan.households.importing import forgetting, matching, reading, undoing, writing
from tiepcan.households.models import Import, ImportRow, ImportState, RowOutcome
from tiepcan.intake.document import Unreadable
from tiepcan.units.models import Unit

log = logging.getLogger(__name__)
LISTENS_EVERY = 0.3
"""Seconds between two looks whether somebody wants the work stopped."""


class Stopped(Exception):
    """Somebody wants this work stopped."""


@app.task(queue="households")
def read_file(*, key: str) -> None:
    """Read a file and lay it beside the registry."""
    carry_out(key, begins=ImportState.WAITING, during=ImportState.READING, work=_read)


@app.task(queue="households")
def write_file(*, key: str) -> None:
    """Write a file that a person has looked through."""
    carry_out(key, begins=ImportState.QUEUED, during=ImportState.WRITING, work=_write)


@app.task(queue="households")
def take_file_back(*, key: str) -> None:
    """Take back what a file wrote."""
    carry_out(key, begins=ImportState.UNDO_ASKED, during=ImportState.UNDOING, work=_take_back)


@app.task(queue="households")
def look_for_alike(*, key: str) -> None:
    """Ask about households that a file added and that look like others; nothing is merged by it."""
    new: dict[str, list[UUID]] = defaultdict(list)
    lines = ImportRow.objects.filter(file=UUID(key), outcome=RowOutcome.ACCEPTED)
    for ward, household in lines.values_list("unit", "fresh"):
        new[ward].append(household)
    try:
        for unit in Unit.objects.filter(pk__in=new):
            with act("pairs.sought", by=None):
                suspicion.find(unit, only=set(new[unit.pk]))
    except IntegrityError:
        # The households went while they were looked at: the file was taken back, and nothing is left to ask about.
        if not Import.objects.filter(pk=key, state=ImportState.UNDONE).exists():
            raise


def see_to(file: Import) -> None:
    """Leave the job that the file waits for, if it does, once: it is written with the act under way."""
    task = _TASKS.get(ImportState(file.state))
    if task is None:
        return
    try:
        # In a savepoint: being there already must not end the act.
        with transaction.atomic():
            task.configure(queueing_lock=f"{task.name} {file.pk}").defer(key=str(file.pk))
    except AlreadyEnqueued:
        pass


_TASKS = {
    ImportState.WAITING: read_file,
    ImportState.QUEUED: write_file,
    ImportState.UNDO_ASKED: take_file_back,
}
_AGAIN = {
    ImportState.READING: ImportState.WAITING,
    ImportState.WRITING: ImportState.QUEUED,
    ImportState.UNDOING: ImportState.UNDO_ASKED,
}


@app.periodic(cron="* * * * *")
@app.task(queue="households", queueing_lock="take_up_again", pass_context=False)
def take_up_again(timestamp: int = 0) -> None:
    """Have files read or written again whose worker died over them, and see to those whose job was lost."""
    for file in Import.objects.filter(state__in=_AGAIN):
        with _alone(file) as alone:
            if alone:
                with act("file.taken_up_again", by=None):
                    # Of the state that was seen: whoever was at it may have come to its end before we had the lock.
                    Import.objects.filter(pk=file.pk, state=file.state).update(
                        state=_AGAIN[ImportState(file.state)], progress=0
                    )
    for file in Import.objects.filter(state__in=_AGAIN.values()):
        see_to(file)


@app.periodic(cron="17 * * * *")
@app.task(queue="households", queueing_lock="forget_files", pass_context=False)
def forget_files(timestamp: int = 0) -> None:
    """Forget the content of files whose time is over; one that somebody is at waits for the next look."""
    for file in forgetting.due():
        with _alone(file) as alone:
            if alone:
                forgetting.forget(file)


def carry_out(
    key: str,
    *,
    begins: ImportState,
    during: ImportState,
    work: Callable[[Import, Callable[[int], None]], None],
) -> None:
    """Do one step of a file, unless another worker is at it or it went another way meanwhile."""
    file = (
        Import.objects.select_related("unit", "by__organisation__unit", "undone_by__organisation__unit")
        .filter(pk=key)
        .first()
    )
    if file is None:
        return
    with _alone(file) as alone:
        if not alone or not _begin(file, begins, during):
            return
        try:
            with _listening(file) as passed:
                work(file, passed)
        except Stopped:
            _end(file, *_WHEN_STOPPED[during])
        except Unreadable as problem:
            _end(file, ImportState.FAILED, str(problem))
        except Stale as problem:
            _lay_anew(file, str(problem))
        except NotAllowed as problem:
            _end(file, _WHEN_REFUSED[during], str(problem))
        except Exception as problem:
            # The words of a database's error can be somebody's data: the log gets its kind and its place.
            place = traceback.extract_tb(problem.__traceback__)[-1]
            log.error("file %s: %s at %s:%s", key, type(problem).__name__, place.filename, place.lineno)
            _end(file, *_AFTER_A_FAULT[during])


_STOPPED = (ImportState.STOPPED, "Đã dừng theo yêu cầu. Sổ giữ nguyên như trước.")
_WHEN_STOPPED = {
    ImportState.READING: _STOPPED,
    ImportState.WRITING: _STOPPED,
    ImportState.UNDOING: (ImportState.DONE, undoing.STOPPED),
}
_WHEN_REFUSED = {
    ImportState.READING: ImportState.READ,
    ImportState.WRITING: ImportState.READ,
    ImportState.UNDOING: ImportState.DONE,
}
_FAULT = "Máy chủ gặp lỗi nên dừng lại, chưa ghi gì vào sổ. Gửi lại tệp; nếu vẫn vậy thì báo người quản trị."
_AFTER_A_FAULT = {
    ImportState.READING: (ImportState.FAILED, _FAULT),
    ImportState.WRITING: (ImportState.READ, _FAULT),
    ImportState.UNDOING: (
        ImportState.DONE,
        "Máy chủ gặp lỗi nên dừng lại, chưa hoàn tác gì. Bấm lại; nếu vẫn vậy thì báo người quản trị.",
    ),
}


def _begin(file: Import, begins: ImportState, during: ImportState) -> bool:
    with act("file.taken_up", by=None):
        moved = Import.objects.filter(pk=file.pk, state=begins).update(state=during, progress=0)
    file.refresh_from_db(fields=["state", "stop_asked", "choices", "without_rejected"])
    return bool(moved)


def _end(file: Import, state: ImportState, message: str) -> None:
    # What was written stays written at its moment: until the end of that day it can be taken back.
    finished_at = file.finished_at if state == ImportState.DONE else clock.now()
    with act("file.ended", by=None):
        Import.objects.filter(pk=file.pk).update(
            state=state, message=message, finished_at=finished_at, stop_asked=False, progress=0
        )


def _read(file: Import, passed: Callable[[int], None]) -> None:
    with act("file.read", by=None):
        with file.file.open("rb") as stored:
            reading.read(file, stored.chunks(), passed)
        file.state, file.message, file.finished_at, file.progress = ImportState.READ, "", None, 0
        file.save()


def _write(file: Import, passed: Callable[[int], None]) -> None:
    writing.write(file, by=_doer(file))


def _take_back(file: Import, passed: Callable[[int], None]) -> None:
    undoing.take_back(file, by=file.undone_by or CONSOLE)


def _lay_anew(file: Import, message: str) -> None:
    """Back to the preview, with the differences to the registry as it is now."""
    with act("file.read", by=None):
        matching.unsettle(file)
        matching.settle(file)
        counts = matching.counted(file)
        Import.objects.filter(pk=file.pk).update(
            **counts,
            state=ImportState.READ,
            message=message,
            stamps=file.stamps,
            stop_asked=False,
            progress=0,
        )


def _doer(file: Import) -> Doer:
    """Whoever asked for it, with the rights they have now."""
    return file.by or CONSOLE


def _lock_key(file: Import) -> int:
    return int.from_bytes(file.pk.bytes[:8], "big", signed=True)


@contextmanager
def _alone(file: Import) -> Iterator[bool]:
    """Whether nobody else is at the file; the lock goes with the session, also when the process is killed."""
    other = _session()
    try:
        [taken] = other.execute("SELECT pg_try_advisory_lock(%s)", [_lock_key(file)]).fetchone() or [False]
        yield bool(taken)
    finally:
        other.close()


def _session() -> Any:
    """A session beside the transaction of the work, for what must be seen at once."""
    import psycopg

    params = connection.get_connection_params()
    return psycopg.connect(
        **{n: v for n, v in params.items() if n not in ("cursor_factory", "context")}, autocommit=True
    )


@contextmanager
def _listening(file: Import) -> Iterator[Callable[[int], None]]:
    """Tell progress and hear a wish to stop, beside the transaction of the work.

    A statement that runs long is cancelled; the function given tells how many rows have passed.
    """
    work = connection.connection
    done, wanted, rows = threading.Event(), threading.Event(), [0]

    def listen() -> None:
        told = 0
        with _session() as beside:
            while not done.wait(LISTENS_EVERY):
                if rows[0] != told:
                    told = rows[0]
                    beside.execute(
                        "UPDATE households_import SET progress = %s WHERE id = %s", [told, file.pk]
                    )
                found = beside.execute(
                    "SELECT stop_asked FROM households_import WHERE id = %s", [file.pk]
                ).fetchone()
                if found and found[0]:
                    wanted.set()
                    work.cancel_safe(timeout=5)

    def passed(number: int) -> None:
        rows[0] = number
        if wanted.is_set():
            raise Stopped

    listener = threading.Thread(target=listen, daemon=True)
    listener.start()
    try:
        yield passed
    except OperationalError as problem:
        if wanted.is_set():
            raise Stopped from problem
        raise
    finally:
        done.set()
        listener.join()
