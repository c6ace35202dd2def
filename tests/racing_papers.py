"""Clerks that issue papers at the same moment, in processes of their own, some killed in the middle; what plain SQL finds.

`python -m tests.racing_papers 1000` runs the long campaign with 20 clerks on a database of its own; the tests run a short one.
"""

import os
import random
import signal
import subprocess
import sys
import threading
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import psycopg

from tests.killing import a_database

CLERKS = 20
KILLED = 0.3
"""The part of the clerks' processes that is killed, each at a random moment of its work."""
WORKER = """
import sys, uuid, django
from django.conf import settings
settings.DATABASES["default"]["NAME"] = sys.argv[1]
settings.STORAGES["default"]["OPTIONS"]["location"] = sys.argv[2]
django.setup()
from tiepcan.accounts.models import Organisation, Person
from tiepcan.paperwork import registers
by = Person.objects.select_related("organisation__unit").get(pk=int(sys.argv[3]))
body = Organisation.objects.get(pk=int(sys.argv[4]))
print("ready", flush=True)
for _ in range(int(sys.argv[5])):
    given = registers.enter(id=uuid.uuid4(), body=body, symbol="BC-UBND", title="Báo cáo", signer="", recipients=1, by=by)
    print(given.number, flush=True)
"""


@dataclass
class Clerk:
    """One process that issues papers, and the numbers that it said it was given."""

    process: subprocess.Popen[bytes]
    given: list[int]
    killed: bool = False

    def read(self) -> None:
        assert self.process.stdout is not None
        with self.process.stdout as said:
            for line in said:
                word = line.decode().strip()
                # A killed process may leave half a line, which nobody was told.
                if line.endswith(b"\n") and word.isdigit():
                    self.given.append(int(word))


def begun(files: str, by: int, body: int, papers: int) -> Clerk:
    """A clerk's process, at work."""
    from django.db import connection

    arguments = [str(connection.settings_dict["NAME"]), files, str(by), str(body), str(papers)]
    process = subprocess.Popen(
        [sys.executable, "-c", WORKER, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent)},
    )
    return Clerk(process, [])


def campaign(papers: int, *, clerks: int, files: str, by: int, body: int, seed: int) -> str:
    """Let clerks issue until that many papers have a number. Raises AssertionError on a gap, a double, or a lost number.

    A third of the processes is killed; others take their place until enough is issued.
    """
    chance, acknowledged, dead = random.Random(seed), [], 0
    while len(acknowledged) < papers:
        each = max(1, -(-(papers - len(acknowledged)) // clerks))
        team = [begun(files, by, body, each) for _ in range(clerks)]
        readers = [threading.Thread(target=clerk.read) for clerk in team]
        for reader in readers:
            reader.start()
        for clerk in team:
            if chance.random() < KILLED:
                # At a paper of its work, not by the clock: processes take their time to start.
                _kill_after(clerk, chance.randrange(each))
                dead += 1
        for reader, clerk in zip(readers, team, strict=True):
            reader.join()
            clerk.process.wait()
            acknowledged += clerk.given
    found = numbers_of(body)
    assert found == list(range(1, len(found) + 1)), "a gap or a double"
    doubled = [number for number, times in Counter(acknowledged).items() if times > 1]
    assert not doubled, doubled
    assert set(acknowledged) <= set(found), "a number that somebody was given is gone"
    return (
        f"{len(found)} papers by {clerks} clerks at once, {dead} processes killed; {len(found) - len(acknowledged)} issued "
        "whose clerk died before saying so; gaps 0, doubles 0, lost 0."
    )


def _kill_after(clerk: Clerk, papers: int) -> None:
    def kill() -> None:
        while clerk.process.poll() is None:
            if len(clerk.given) >= papers:
                clerk.process.send_signal(signal.SIGKILL)
                return
            threading.Event().wait(0.005)

    threading.Thread(target=kill).start()


def numbers_of(body: int) -> list[int]:
    """The numbers of the body's reports, by plain SQL in a session of its own."""
    from django.db import connection

    params = {
        n: v for n, v in connection.get_connection_params().items() if n not in ("cursor_factory", "context")
    }
    with psycopg.connect(**params) as beside:
        found = beside.execute(
            "SELECT n.number FROM paperwork_number n JOIN paperwork_register r ON r.id = n.register_id "
            "WHERE r.body_id = %s ORDER BY n.number",
            [body],
        )
        return [row[0] for row in found]


def main() -> None:
    with a_database() as files:
        from tests.factories import a_person
        from tiepcan.accounts.roles import Role

        clerk = a_person(Role.CLERK)
        print(
            campaign(
                int(sys.argv[1]), clerks=CLERKS, files=files, by=clerk.pk, body=clerk.organisation_id, seed=7
            )
        )


if __name__ == "__main__":
    main()
