"""The pages of a reporting year for a city's 35 wards and communes and a province's 635, beside the least that each could cost.

Of the units nine in ten filed a plan of their own, half a half-year report with words under every heading. In one run and
turn by turn: each page (the request through every middleware, signed in) beside Jinja2 filling a bare table of as many
lines; then what a day calls to mind, and the consolidated paper with its annex. Printed are medians in milliseconds, the
ratio in the same run, and what a line costs in the large plan by what it costs in the small one, beside its limit.
"""

import argparse
import statistics
import sys
import time
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.overview import ASSET, TELECOM, TODAY, a_plan, a_server, bulk  # noqa: E402

SIZES = (35, 635)
GROWTH_GOAL = 1.0
"""A line of a long table costs at most what one of a short table does."""
BARE = "<ul>{% for unit, word in lines %}<li><a href='#'>{{ unit }}</a> {{ word }}</li>{% endfor %}</ul>"
WORDS = (
    "Đã phát 46 buổi trên đài truyền thanh; thôn 6 chưa có cáp, đề nghị doanh nghiệp kéo trong quý III. " * 3
)


def file_for(plan: Any) -> None:
    """Plans of nine units in ten and half-year reports of half, as they were handed in."""
    from django.db import connection

    from tiepcan.common import clock
    from tiepcan.common.digests import digest_of
    from tiepcan.plans.models import MilestoneKind
    from tiepcan.reporting.models import Filing, State, Step
    from tiepcan.reporting.parts import headings_of

    units = [row.unit for row in plan.version_on(TODAY).rows.select_related("unit")]
    cell = {"target": 6, "recorded": 3, "verified": 2}
    report = {
        "figures": {"total": {TELECOM: cell, ASSET: cell}, "as_of": TODAY.isoformat(), "units": []},
        "parts": {heading.key: WORDS for heading in headings_of(MilestoneKind.HALF_YEAR)},
    }
    line = {"key": "d-1", "text": "Tuyên truyền", "reference": "", "households": None, "last_days": [],
            "who": "Đài truyền thanh", "when": "hai buổi mỗi tuần", "money": 6_000_000, "source": "ngân sách"}  # fmt: skip
    local = {
        "lines": [line] * 7,
        "year": plan.year,
        "until": "2019-10-04",
        "version": plan.version_on(TODAY).pk,
    }
    filings = bulk(
        Filing(plan=plan, unit=unit, kind=kind, cut_off=date(2019, 6, 14), state=State.SUBMITTED, content=content,
               digest=digest_of(content), paper_code="1/UBND")
        for kind, content, share in ((MilestoneKind.LOCAL_PLAN, local, 9), (MilestoneKind.HALF_YEAR, report, 5))
        for n, unit in enumerate(units)
        if n % 10 < share
    )  # fmt: skip
    bulk(
        Step(filing=one, act="submit", state=State.SUBMITTED, at=clock.now(), by_name="A") for one in filings
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def runs_of(plan: Any, person: Any) -> dict[str, Callable[[], Any]]:
    from django.test import Client

    from tiepcan.plans.queries import duties_done
    from tiepcan.reporting import outputs, reminders
    from tiepcan.reporting.figures import figures_of
    from tiepcan.reporting.queries import submissions_of

    browser = Client(SERVER_NAME="localhost")
    browser.force_login(person)

    def page(address: str) -> Callable[[], Any]:
        def run() -> None:
            answer = browser.get(address)
            assert answer.status_code == 200, address

        return run

    def paper() -> Any:
        figures = figures_of(plan, TODAY)
        said = outputs.Said(outputs.signer_of(figures.version))
        return outputs.consolidated(figures, submissions_of(plan), duties_done(plan, TODAY), said)

    return {
        "dates": page(f"/thoi-han/?ke-hoach={plan.pk}"),
        "half-year reports": page(f"/bao-cao/ky/{plan.pk}/h1/"),
        "plans of units": page(f"/bao-cao/ky/{plan.pk}/ke-hoach/"),
        "reports": page(f"/bao-cao/?ke-hoach={plan.pk}"),
        "evaluation": page(f"/bao-cao/danh-gia/{plan.pk}/"),
        "reminders of a day": lambda: reminders.due_on(TODAY),
        "consolidated paper": paper,
    }


def bare_of(plan: Any) -> Callable[[], Any]:
    from jinja2 import Environment

    template = Environment(autoescape=True).from_string(BARE)
    lines = [(row.unit.full_name, "đã nộp") for row in plan.version_on(TODAY).rows.select_related("unit")]
    return lambda: template.render(lines=lines)


def median_of(turns: int, ours: Callable[[], Any], bare: Callable[[], Any]) -> tuple[float, float]:
    """Milliseconds of both, turn by turn; the first turn warms up."""
    found: tuple[list[float], list[float]] = ([], [])
    for turn in range(turns + 1):
        for times, run in zip(found, (ours, bare), strict=True):
            start = time.perf_counter()
            run()
            if turn:
                times.append((time.perf_counter() - start) * 1000)
    return statistics.median(found[0]), statistics.median(found[1])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--turns", type=int, default=9)
    parser.add_argument("--sizes", type=int, nargs=2, default=SIZES)
    given = parser.parse_args()
    found: dict[str, list[float]] = {}
    with a_server():
        from tiepcan.common import clock

        print(f"{'units':>6}  {'what':20}{'ours ms':>10}{'bare ms':>10}{'ratio':>8}")
        for size in given.sizes:
            with clock.set_to(datetime(2019, 6, 12, 9, tzinfo=clock.VIETNAM)):
                plan, person = a_plan(size)
                file_for(plan)
                bare = bare_of(plan)
                for name, run in runs_of(plan, person).items():
                    mine, least = median_of(given.turns, run, bare)
                    found.setdefault(name, []).append(mine)
                    print(
                        f"{size:6}  {name:20}{mine:10.2f}{least:10.2f}{mine / least:8.1f}",
                        flush=True,
                    )
    times = max(given.sizes) / min(given.sizes)
    print(f"\nprice of a line, large to small ({times:.1f} times as many)")
    for name, (small, large) in found.items():
        print(f"  {name:20}{large / small / times:8.2f}   at most {GROWTH_GOAL}")


if __name__ == "__main__":
    main()
