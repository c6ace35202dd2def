"""The list of households and a household's page with 920 households and with the country's, beside the bare query.

Each size has a database of its own, made once by the script in a folder and used again; the two are measured turn by
turn. A page is the request through every middleware, signed in: the wall, the scope, the note of the reading and the
rendering are in it. Printed are the best, median and 95th percentile in milliseconds, the ratio of the medians of the
two sizes, and that to the limit in the same run: 50 rows of one unit by key, asked by psycopg alone, as the owner,
without row security. At 920 households the two provinces are one.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
import warnings
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))
SMALL, LARGE = 920, 2_500_000
GOAL_P95, GOAL_GROWTH = 15.0, 1.5
SEED = 2019
LIST = "/ho-ngheo/"
SEARCHES: dict[str, dict[str, str]] = {
    "full name": {"q": "quach thi thu phay"},
    "given name": {"q": "phay"},
    "family name": {"q": "nguyen"},
    "code": {"q": "BD-0012"},
    "hamlet, word": {"q": "thon 7 dong"},
    "nobody": {"q": "khong-co-ai"},
    "class": {"poverty": "near_poor"},
    "lack": {"lack": "telecom_service"},
    "class, lack, name": {"poverty": "near_poor", "lack": "telecom_service", "q": "du"},
}
BARE = """
SELECT h.id, h.unit_id, u.kind, u.name, h.code, h.head_name, h.birth_year, h.hamlet, h.members, h.left_on, h.sort_key,
  h.version, r.year, r.poverty, r.lacks
FROM households_household h JOIN units_unit u ON u.id = h.unit_id
LEFT JOIN households_review r ON r.household_id = h.id AND r.year = %s
WHERE h.unit_id = %s AND (h.sort_key, h.id) > (%s, %s) ORDER BY h.sort_key, h.id LIMIT 50
"""


Runs = dict[tuple[str, str], Callable[[], Any]]


def serve(folder: Path, households: int) -> None:
    """Answer on standard output how long each page takes that standard input names, on the database of the folder."""
    os.environ |= {"TIEPCAN_DATA": str(folder), "DJANGO_SETTINGS_MODULE": "tiepcan.config.settings"}
    os.environ.pop("DATABASE_URL", None)
    warnings.simplefilter("ignore")
    import django
    from django.core.management import call_command

    django.setup()

    from tiepcan.common import clock
    from tiepcan.config.ready import make_ready

    make_ready()
    call_command("collectstatic", verbosity=0, interactive=False)
    with clock.set_to(datetime(2019, 6, 12, 9, tzinfo=clock.VIETNAM)):
        _fill(households)
        runs: Runs = {
            (scope, page): run
            for scope, unit in _scopes(households).items()
            for page, run in _pages(unit).items()
        }
        print(json.dumps(list(runs)), flush=True)
        for line in sys.stdin:
            scope, page, turns = json.loads(line)
            print(json.dumps(_timed(turns, runs[scope, page])), flush=True)


def _fill(households: int) -> None:
    from django.core.management import call_command
    from django.db import connection

    from tiepcan.households.models import Household

    if Household.objects.exists():
        return
    with connection.cursor() as cursor:
        # A first load of this size; what is measured afterwards writes next to nothing.
        cursor.execute("ALTER SYSTEM SET max_wal_size = '12GB'")
        cursor.execute("SELECT pg_reload_conf()")
    place = {"whole_country": True} if households > 100_000 else {"unit": "tinh-thanh-hoa-38"}
    start = time.perf_counter()
    call_command("make_demo_registry", households=households, seed=SEED, stdout=sys.stderr, **place)
    print(f"made {households:,} households in {time.perf_counter() - start:.0f} s", file=sys.stderr)


def _scopes(households: int) -> dict[str, str]:
    if households > 100_000:
        return {
            "ward": "thu-02-01-05",
            "city of 35": "thu-02-01",
            "province of 160": "thu-02",
            "province of 635": "thu-01",
        }
    city = "thanh-pho-thanh-hoa-380"
    from django.db.models import Count

    from tiepcan.units.models import Unit

    ward = Unit.objects.annotate(n=Count("households")).order_by("-n")[0].pk
    return {
        "ward": ward,
        "city of 35": city,
        "province of 160": "tinh-thanh-hoa-38",
        "province of 635": "tinh-thanh-hoa-38",
    }


def _pages(unit_key: str) -> dict[str, Callable[[], Any]]:
    """Each page, asked for by somebody of the unit in a browser of its own, since a session keeps one search."""
    from django.db import connection
    from django.test import Client

    from tiepcan.accounts.models import Organisation, OrganisationKind, Person
    from tiepcan.accounts.roles import Role
    from tiepcan.households.models import Household
    from tiepcan.units.models import Unit

    unit = Unit.objects.get(pk=unit_key)
    person = Person.objects.filter(username=f"do-{unit_key}").first()
    if person is None:
        kind = OrganisationKind.LOCAL if unit.kind in ("xa", "phuong") else OrganisationKind.CULTURE
        office, _ = Organisation.objects.get_or_create(
            unit=unit, kind=kind, defaults={"name": "Văn phòng Ví Dụ"}
        )
        role = Role.OFFICER if kind == OrganisationKind.LOCAL else Role.COORDINATOR
        person = Person(username=f"do-{unit_key}", full_name="Trần Thị Ví Dụ", organisation=office, role=role)
        person.set_unusable_password()
        person.save()
    within = Household.objects.filter(unit__path__startswith=unit.path, left_on=None)
    deep = within.order_by("-unit__path", "-sort_key", "-id")[min(60, within.count() - 1)]

    def page(address: str, asked: dict[str, str]) -> Callable[[], Any]:
        browser = Client(SERVER_NAME="localhost")
        browser.force_login(person, backend="tiepcan.accounts.backends.Sessions")
        browser.post(LIST, asked)

        def run() -> None:
            assert browser.get(address).status_code == 200

        return run

    def bare() -> None:
        connection.ensure_connection()
        with connection.connection.cursor() as cursor:
            cursor.execute(BARE, (2018, deep.unit_id, "", deep.pk))
            cursor.fetchall()

    return {
        "first page": page(LIST, {}),
        "deep page": page(f"{LIST}?sau={deep.pk}", {}),
        **{name: page(LIST, asked) for name, asked in SEARCHES.items()},
        "household": page(f"{LIST}{deep.pk}/", {}),
        "limit": bare,
    }


def _timed(turns: int, run: Callable[[], Any]) -> list[float]:
    """Milliseconds of each turn."""
    times = []
    for _ in range(turns):
        start = time.perf_counter()
        run()
        times.append((time.perf_counter() - start) * 1000)
    return times


def _p95(times: list[float]) -> float:
    return statistics.quantiles(times, n=20)[-1]


class Size:
    """One size of registry, in a process of its own: settings are read once."""

    def __init__(self, folder: Path, households: int) -> None:
        command = [sys.executable, __file__, "--one", str(folder), "--households", str(households)]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.pages: list[tuple[str, str]] = [(scope, page) for scope, page in self._answer()]
        self.times: dict[tuple[str, str], list[float]] = {page: [] for page in self.pages}

    def _answer(self) -> Any:
        assert self.process.stdout
        return json.loads(self.process.stdout.readline())

    def take(self, page: tuple[str, str], turns: int) -> list[float]:
        assert self.process.stdin
        print(json.dumps([*page, turns]), file=self.process.stdin, flush=True)
        times: list[float] = self._answer()
        return times

    def end(self) -> None:
        self.process.communicate()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--households", type=int, default=LARGE)
    parser.add_argument("--rounds", type=int, default=8)
    parser.add_argument("--turns", type=int, default=5, help="turns of one page in a round")
    parser.add_argument(
        "--folder", type=Path, default=Path("/tmp/tiepcan-registry"), help="where the databases stay"
    )
    parser.add_argument("--one", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one:
        serve(given.one, given.households)
        return
    sizes = [Size(given.folder / str(number), number) for number in (SMALL, given.households)]
    # Plans and caches are made in the first round, which is not counted; then turn by turn, for a busy machine's sake.
    for number in range(given.rounds + 1):
        for page in sizes[0].pages:
            for size in sizes:
                times = size.take(page, given.turns)
                if number:
                    size.times[page] += times
    tell(*sizes, given.households)
    for size in sizes:
        size.end()


def tell(small: Size, large: Size, households: int) -> None:
    print(
        f"goals: p95 at most {GOAL_P95} ms at {households:,} households, at most {GOAL_GROWTH} x of {SMALL}"
    )
    print(f"{'':36}{SMALL:>24,}{households:>26,}")
    columns = f"{'best':>8}{'median':>8}{'p95':>8}"
    print(f"{'scope':18}{'page':18}{columns}  {columns}{'growth':>9}{'x limit':>9}")
    for scope, name in large.pages:
        was, mine = small.times[scope, name], large.times[scope, name]
        limit = statistics.median(large.times[scope, "limit"])
        figures = "  ".join(f"{min(t):8.2f}{statistics.median(t):8.2f}{_p95(t):8.2f}" for t in (was, mine))
        growth = statistics.median(mine) / statistics.median(was)
        print(f"{scope:18}{name:18}{figures}{growth:9.2f}{statistics.median(mine) / limit:9.1f}")


if __name__ == "__main__":
    main()
