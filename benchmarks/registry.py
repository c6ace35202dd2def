"""The list of households and a household's page with 920 households and with the country's, beside the bare query.

Each size has a database of its own, made once by the script in a folder and used again. A page is the request through
every middleware, signed in: the wall, scope, the note of the reading and the rendering are in it. Printed are median
and 95th percentile in milliseconds, the ratio of the medians of the two sizes, and that to the limit in the same run:
the next 50 rows of one unit by key, asked by psycopg alone, as the owner, without row security. At 920 households the
two provinces are one, and so are the two scopes' words.
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


def measured(folder: Path, households: int, turns: int) -> dict[str, dict[str, list[float]]]:
    """Milliseconds of each page by scope, on the database of the folder; it is made if it is not there."""
    os.environ |= {"TIEPCAN_DATA": str(folder), "DJANGO_SETTINGS_MODULE": "tiepcan.config.settings"}
    os.environ.pop("DATABASE_URL", None)
    import django
    from django.core.management import call_command

    django.setup()

    from tiepcan.common import clock
    from tiepcan.config.ready import make_ready

    make_ready()
    call_command("collectstatic", verbosity=0, interactive=False)
    with clock.set_to(datetime(2019, 6, 12, 9, tzinfo=clock.VIETNAM)):
        _fill(households)
        return {name: _scope(unit, turns) for name, unit in _scopes(households).items()}


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


def _scope(unit_key: str, turns: int) -> dict[str, list[float]]:
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
    browser = Client(SERVER_NAME="localhost")
    browser.force_login(person, backend="tiepcan.accounts.backends.Sessions")
    within = Household.objects.filter(unit__path__startswith=unit.path, left_on=None)
    deep = within.order_by("-unit__path", "-sort_key", "-id")[60 if within.count() > 60 else 10]

    def page(address: str) -> Callable[[], Any]:
        def run() -> None:
            assert browser.get(address).status_code == 200

        return run

    def searched(asked: dict[str, str]) -> list[float]:
        browser.post(LIST, asked)
        return _timed(turns, page(LIST))

    def bare() -> None:
        with connection.connection.cursor() as cursor:
            cursor.execute(BARE, (2018, deep.unit_id, "", deep.pk))
            cursor.fetchall()

    browser.post(LIST, {})
    times = {
        "first page": _timed(turns, page(LIST)),
        "deep page": _timed(turns, page(f"{LIST}?sau={deep.pk}")),
        **{name: searched(asked) for name, asked in SEARCHES.items()},
        "household": _timed(turns, page(f"{LIST}{deep.pk}/")),
    }
    connection.ensure_connection()
    return times | {"limit": _timed(turns, bare)}


def _timed(turns: int, run: Callable[[], Any]) -> list[float]:
    """Milliseconds of each turn, after some that plans and caches are made in."""
    for _ in range(7):
        run()
    times = []
    for _ in range(turns):
        start = time.perf_counter()
        run()
        times.append((time.perf_counter() - start) * 1000)
    return times


def _p95(times: list[float]) -> float:
    return statistics.quantiles(times, n=20)[-1]


def _in_a_process(folder: Path, households: int, turns: int) -> dict[str, dict[str, list[float]]]:
    """Settings are read once: each size is measured in a process of its own."""
    command = [
        sys.executable,
        __file__,
        "--one",
        str(folder),
        "--households",
        str(households),
        "--turns",
        str(turns),
    ]
    answer: dict[str, dict[str, list[float]]] = json.loads(
        subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout
    )
    return answer


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--households", type=int, default=LARGE)
    parser.add_argument("--turns", type=int, default=40)
    parser.add_argument(
        "--folder", type=Path, default=Path("/tmp/tiepcan-registry"), help="where the databases stay"
    )
    parser.add_argument("--one", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one:
        warnings.simplefilter("ignore")
        print(json.dumps(measured(given.one, given.households, given.turns)))
        return
    sizes = (SMALL, given.households)
    small, large = (_in_a_process(given.folder / str(size), size, given.turns) for size in sizes)
    print(f"goals: p95 at most {GOAL_P95} ms at {sizes[1]:,} households, at most {GOAL_GROWTH} x of {SMALL}")
    print(f"{'':36}{SMALL:>16,}{sizes[1]:>18,}")
    print(
        f"{'scope':18}{'page':18}{'median':>8}{'p95':>8}{'median':>10}{'p95':>8}{'growth':>9}{'x limit':>9}"
    )
    for scope, pages in large.items():
        limit = statistics.median(pages["limit"])
        for name, times in pages.items():
            before = small[scope][name]
            mine, was = statistics.median(times), statistics.median(before)
            print(
                f"{scope:18}{name:18}{was:8.2f}{_p95(before):8.2f}{mine:10.2f}{_p95(times):8.2f}{mine / was:9.2f}"
                f"{mine / limit:9.1f}"
            )


if __name__ == "__main__":
    main()
