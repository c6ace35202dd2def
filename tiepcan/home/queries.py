"""What a person owes, by when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.urls import reverse

from tiepcan.accounts.models import Person
from tiepcan.common import clock
from tiepcan.devices.models import CHECKED_AFTER
from tiepcan.devices.queries import to_ask_again
from tiepcan.households.models import Household
from tiepcan.plans.models import MilestoneKind, Plan, Standing
from tiepcan.reporting.figures import Cell, Line, figures_of
from tiepcan.reporting.models.filings import FILED
from tiepcan.reporting.queries import (
    date_for,
    extensions_of,
    households_owed,
    submission_for,
    submissions_of,
)
from tiepcan.standards.models import Indicator
from tiepcan.supports.models import EntryKind, Outcome
from tiepcan.supports.queries import as_recorded

SOON = timedelta(days=7)


@dataclass(frozen=True)
class Task:
    """One thing that is owed until the end of a day; `last_day` None has no day of its own."""

    what: str
    said: str
    last_day: date | None
    act: str
    url: str

    @property
    def days_left(self) -> int | None:
        return None if self.last_day is None else clock.days_until(self.last_day)


@dataclass(frozen=True)
class Square:
    """One household of the target, as a square on the ward's home; `tone` as the design's squares."""

    label: str
    title: str
    url: str
    tone: str


@dataclass(frozen=True)
class IndicatorHome:
    """One indicator on a ward's home: its figures and its squares."""

    indicator: Indicator
    cell: Cell
    squares: Sequence[Square]


@dataclass(frozen=True)
class WardHome:
    """Everything that a ward officer finds on opening the program."""

    plan: Plan
    line: Line | None
    overdue: list[Task]
    asked: list[Task]
    soon: list[Task]
    later: list[Task]
    done: list[str]
    indicators: list[IndicatorHome]
    waiting: list[tuple[Household, list[Indicator]]]
    waiting_count: int


LISTED = 12
"""Households that wait, shown on the home; the list has them all."""


def ward_home(person: Person, plan: Plan) -> WardHome:
    """A fixed number of queries for each indicator and date, whatever the number of households."""
    today, unit = clock.today(), person.unit
    figures = figures_of(plan, today, within=unit)
    line = next((line for line in figures.lines if line.unit.pk == unit.pk), None)
    outcomes = list(
        as_recorded(Outcome.objects.visible_to(person), person)
        .filter(plan=plan)
        .standing()
        .with_state()
        .select_related("household", "indicator")
        .prefetch_related("entries")
        .with_evidence()
        .order_by("code")
    )
    tasks, done = _tasks(person, figures.stood, outcomes)
    owed: dict[Household, list[Indicator]] = {}
    for indicator in figures.indicators:
        for household in households_owed(person, plan, indicator.pk, today):
            owed.setdefault(household, []).append(indicator)
    tasks += _targets(figures.stood, line, figures.indicators)
    overdue = [t for t in tasks if t.days_left is not None and t.days_left < 0]
    soon = [t for t in tasks if t.days_left is not None and 0 <= t.days_left <= SOON.days]
    return WardHome(
        plan=plan,
        line=line,
        overdue=sorted(overdue, key=lambda t: t.last_day or today),
        asked=[t for t in tasks if t.last_day is None],
        soon=sorted(soon, key=lambda t: t.last_day or today),
        later=sorted(
            (t for t in tasks if t.days_left is not None and t.days_left > SOON.days),
            key=lambda t: t.last_day or date.max,
        ),
        done=done,
        indicators=[
            IndicatorHome(i, line.cells[i.pk], _squares(i, line.cells[i.pk], outcomes))
            for i in figures.indicators
        ]
        if line
        else [],
        waiting=list(owed.items())[:LISTED],
        waiting_count=len(owed),
    )


def _tasks(person: Person, stood: Standing, outcomes: Sequence[Outcome]) -> tuple[list[Task], list[str]]:
    """Dates to meet and outcomes to mend; and what is done already."""
    submissions, extensions = submissions_of(stood.plan), extensions_of(stood.plan)
    unit = person.unit
    tasks, done = [], []
    for milestone in stood.milestones:
        if not milestone.is_for_units:
            continue
        if found := submission_for(submissions, milestone, unit):
            done.append(f"{milestone}: đã nộp {found.paper_code} ngày {found.handed_in_on:%d/%m/%Y}")
            continue
        if milestone.kind in FILED:
            what = "Lập kế hoạch" if milestone.kind == MilestoneKind.LOCAL_PLAN else "Lập báo cáo"
            url, act = f"{reverse('reporting:reports')}?ke-hoach={stood.plan.pk}", what
        else:
            url, act = reverse("reporting:hand_in", args=[milestone.pk, unit.pk]), "Ghi đã nộp"
        tasks.append(
            Task(
                f"Nộp “{milestone}”", milestone.what, date_for(milestone, unit, extensions).last_day, act, url
            )
        )
    for outcome in outcomes:
        if outcome.state == EntryKind.RETURNED:
            said = list(outcome.entries.all())[-1]
            tasks.append(
                Task(
                    f"Bổ sung kết quả của hộ {outcome.head_name}",
                    f"{said.organisation or said.by_name} trả lại ngày {said.on:%d/%m}: “{said.reason}”",
                    None,
                    "Bổ sung",
                    reverse("supports:outcome", args=[outcome.pk]),
                )
            )
    for outcome in [o for o in outcomes if not o.files and o.state != EntryKind.RETURNED]:
        tasks.append(
            Task(
                f"Thêm minh chứng cho hộ {outcome.head_name}",
                f"{outcome.indicator.short_name}, từ ngày {outcome.happened_on:%d/%m/%Y}.",
                None,
                "Thêm minh chứng",
                reverse("supports:outcome", args=[outcome.pk]),
            )
        )
    if number := len(to_ask_again(person)):
        what = f"Hỏi lại tình trạng {number} máy sau {CHECKED_AFTER} tháng"
        why = "Máy đã giao cho hộ đủ thời gian mà chưa hỏi lại."
        tasks.append(Task(what, why, None, "Xem danh sách", reverse("devices:to_ask")))
    return tasks, done


def _targets(stood: Standing, line: Line | None, indicators: Sequence[Indicator]) -> list[Task]:
    return [
        Task(
            f"Hỗ trợ {cell.owed} hộ còn chờ {indicator.short_name.lower()}",
            f"Chậm {cell.behind} hộ so với kế hoạch đến hôm nay." if cell.behind else "Đang kịp kế hoạch.",
            stood.pace_ends,
            "Ghi kết quả",
            reverse("supports:record"),
        )
        for indicator in indicators
        if line and (cell := line.cells[indicator.pk]).owed
    ]


_TONES = {EntryKind.VERIFIED: ("v", "đã xác minh"), EntryKind.RETURNED: ("x", "trả lại")}


def _squares(indicator: Indicator, cell: Cell, outcomes: Sequence[Outcome]) -> list[Square]:
    """A square for each household recorded, then hollow ones up to the target: the plan names no households."""
    squares = []
    for outcome in (o for o in outcomes if o.indicator_id == indicator.pk):
        tone, words = _TONES.get(outcome.state, ("r", "chờ xác minh"))
        squares.append(
            Square(
                outcome.code.rpartition("-")[2][-3:],
                f"{outcome.head_name}: {words}",
                reverse("supports:outcome", args=[outcome.pk]),
                tone,
            )
        )
    squares.sort(key=lambda square: "vrx".index(square.tone))
    return [
        *squares,
        *(Square("", "còn chờ hỗ trợ", reverse("supports:record"), "") for _ in range(cell.owed)),
    ]
