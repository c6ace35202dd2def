"""Pages of figures: the overview, one unit, the line of the year, and the rows behind a figure."""

from collections.abc import Sequence
from datetime import date
from itertools import groupby
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from tiepcan.accounts.actions import note_reading
from tiepcan.accounts.doors import open_to
from tiepcan.accounts.models import Person
from tiepcan.accounts.requests import Request
from tiepcan.accounts.roles import May
from tiepcan.common import clock
from tiepcan.plans.models import DutyReport, Plan, Standing
from tiepcan.reporting.addresses import figure_url, unit_url
from tiepcan.reporting.figures import Figures, figures_of, present_of
from tiepcan.reporting.queries import (
    days_handed_in,
    extension_for,
    extensions_of,
    handed_in,
    households_owed,
    late_units,
    outcomes_behind,
    outcomes_unshown,
    status_of,
    submission_for,
    submissions_of,
    supports_behind,
)
from tiepcan.reporting.views.shared import day_of, now_word, others_of, plan_of, ruler_of, within_of
from tiepcan.standards.models import Indicator
from tiepcan.standards.queries import reading_in_words
from tiepcan.supports.figures import Day, by_day
from tiepcan.supports.models import Support
from tiepcan.supports.queries import as_recorded
from tiepcan.supports.rules import rule_of
from tiepcan.units.models import Unit
from tiepcan.verification.models import Round
from tiepcan.verification.workflow import READERS, asked_of
from tiepcan.web.charts import cumulative
from tiepcan.web.page import page

LISTED = 200
"""Rows that a page behind a figure shows at once."""


@open_to(May.SEE_FIGURES)
@require_safe
def overview(request: Request, pk: int | None = None) -> HttpResponse:
    """Targets, recorded and verified by unit, who is late, and the line of the year."""
    plan = plan_of(request, pk)
    if plan is None:
        return page(request, "reporting/no_plan.html", {"may_open": request.user.may(May.OPEN_PLANS)})
    as_of = day_of(request, plan) or clock.today()
    within = within_of(plan, request.user)
    figures = figures_of(plan, as_of, within=within)
    milestones = figures.stood.milestones
    submissions = days_handed_in(plan, as_of)
    handed = handed_in(plan, submissions)
    extensions = extensions_of(plan)
    days = by_day(plan, within, as_of)
    is_today = as_of == clock.today()
    present = present_of(figures) if is_today else None
    unshown = [(i, present.unshown.get((None, i.pk), 0)) for i in figures.indicators] if present else []
    context = {
        "plan": plan,
        "others": others_of(request, plan),
        "is_whole": within.pk == plan.issuer_id,
        "figures": figures,
        "present": present,
        "unshown": [(i, number) for i, number in unshown if number],
        "asked": asked_of(request.user) if is_today else [],
        "opens_rounds": any(map(request.user.may, READERS)),
        "round": Round.objects.visible_to(request.user)
        .filter(plan=plan)
        .prefetch_related("signatures")
        .first(),
        "within": within,
        "as_of": as_of,
        "is_today": is_today,
        "late": late_units(figures, milestones, submissions, extensions),
        "granted": {
            (m.pk, line.unit.pk)
            for m in milestones
            for line in figures.lines
            if (found := extension_for(extensions, m, line.unit)) and found.until >= as_of
        }
        if extensions
        else set(),
        "owed": [(m, str(m), m.last_day < as_of) for m in milestones if m.is_for_units],
        "submissions": submissions,
        "submission_for": submission_for,
        "handed_in": handed,
        "next": next((m for m in milestones if m.last_day >= as_of), None),
        "rulers": [ruler_of(figures.stood, as_of, handed, narrow=narrow) for narrow in (False, True)],
        "charts": [
            (i, [_chart(figures, i, days.get(i.pk, []), narrow=n) for n in (False, True)])
            for i in figures.indicators
        ],
        "rule": _rule(figures.stood),
        "figure_url": figure_url,
        "unit_url": unit_url,
        "today": clock.today(),
    }
    return page(request, "reporting/overview.html", context)


def _rule(stood: Standing) -> str:
    """What counts, and what lacking meant at the review that the plan rests on: printed beside its figures."""
    return f"{rule_of(stood)} {reading_in_words(stood.plan.issuer, stood.plan.year - 1)}"


@open_to(May.SEE_FIGURES)
@require_safe
def unit(request: Request, pk: int, unit: str) -> HttpResponse:
    """Where one unit stands: its figures, its dates, and what it did for its duties."""
    plan = plan_of(request, pk)
    assert plan is not None
    within = within_of(plan, request.user)
    place = get_object_or_404(Unit.objects.within(within), pk=unit)
    as_of = day_of(request, plan) or clock.today()
    figures = figures_of(plan, as_of, within=place)
    if not figures.lines:
        raise Http404
    submissions, extensions = submissions_of(plan), extensions_of(plan)
    context = {
        "plan": plan,
        "unit": place,
        "figures": figures,
        "present": present_of(figures) if as_of == clock.today() else None,
        "as_of": as_of,
        "late": late_units(figures, figures.stood.milestones, days_handed_in(plan, as_of), extensions),
        "dates": [
            status_of(milestone, place, submissions, extensions)
            for milestone in figures.stood.milestones
            if milestone.is_for_units
        ],
        "done": DutyReport.objects.visible_to(request.user)
        .filter(duty__version__plan=plan, unit=place)
        .select_related("duty"),
        "figure_url": figure_url,
        "may_hand_in": request.user.may_change(May.HAND_IN, place),
    }
    return page(request, "reporting/unit.html", context)


@open_to(May.SEE_FIGURES)
@require_safe
def progress(request: Request, pk: int, indicator: str) -> HttpResponse:
    """The cumulative line as a table, for those who cannot or would rather not read the chart."""
    plan = plan_of(request, pk)
    found = get_object_or_404(Indicator.objects.of_information(), pk=indicator)
    assert plan is not None
    within = within_of(plan, request.user)
    days: Sequence[Day] = by_day(plan, within, clock.today()).get(found.pk, [])
    return page(
        request, "reporting/progress.html", {"plan": plan, "indicator": found, "days": days, "within": within}
    )


@open_to(May.SEE_FIGURES)
@require_safe
def behind(request: Request, pk: int, indicator: str, figure: str) -> HttpResponse:
    """The rows behind a figure, as far as this person may see them."""
    if figure not in FIGURES:
        raise Http404
    plan = plan_of(request, pk)
    assert plan is not None
    found = get_object_or_404(Indicator.objects.of_information(), pk=indicator)
    today = clock.today()
    as_of = today if figure in _OF_NOW else day_of(request, plan) or today
    within = within_of(plan, request.user)
    unit = None
    if wanted := request.GET.get("don-vi"):
        unit = get_object_or_404(Unit.objects.within(within), pk=wanted)
    figures = figures_of(plan, as_of, within=unit or within)
    context: dict[str, Any] = {
        "plan": plan,
        "indicator": found,
        "figure": figure,
        "label": FIGURES[figure],
        "shown": [(key, name) for key, name in _SHORT.items() if as_of == today or key not in _OF_NOW],
        "figures": figures,
        "present": present_of(figures) if as_of == today else None,
        "unit": unit,
        "within": within,
        "as_of": as_of,
        "cell": figures.total[found.pk],
        "outcomes": [],
        "households": [],
        "supported": [],
        "rule": _rule(figures.stood),
        "figure_url": figure_url,
    }
    if request.user.may(May.SEE_HOUSEHOLDS):
        context |= _rows_behind(request.user, plan, found, figure, as_of, unit)
        note_reading(
            by=request.user,
            subject=f"figure:{plan.pk}:{found.pk}:{figure}",
            what="Mở danh sách hộ sau số liệu",
        )
    return page(request, "reporting/behind.html", context)


FIGURES = {
    "chi-tieu": "Chỉ tiêu giao",
    "da-ho-tro": "Đã hỗ trợ",
    "ghi-nhan": "Đã ghi nhận",
    "xac-minh": "Đã xác minh",
    "chua-minh-chung": "Chưa có minh chứng",
    "con-cho": "Còn chờ hỗ trợ",
}
_SHORT = {
    "chi-tieu": "Chỉ tiêu",
    "da-ho-tro": "Hỗ trợ",
    "ghi-nhan": "Ghi nhận",
    "xac-minh": "Xác minh",
    "chua-minh-chung": "Chưa minh chứng",
    "con-cho": "Còn chờ",
}
_OF_NOW = ("da-ho-tro", "chua-minh-chung")
"""Figures of the present alone, whatever day an address asks for."""
_COLUMNS = {"ghi-nhan": "recorded", "xac-minh": "verified"}


def _rows_behind(
    person: Person, plan: Plan, indicator: Indicator, figure: str, as_of: date, unit: Unit | None
) -> dict[str, Any]:
    if figure == "da-ho-tro":
        return {"supported": _supported(person, plan, indicator, unit), "listed": LISTED}
    if figure in ("chua-minh-chung", *_COLUMNS):
        found = as_recorded(
            outcomes_behind(person, plan, indicator.pk, _COLUMNS[figure], as_of, unit)
            if figure in _COLUMNS
            else outcomes_unshown(person, plan, indicator.pk, unit),
            person,
        )
        rows = found.select_related("household", "unit", "means").order_by("unit__path", "happened_on", "pk")
        return {"outcomes": rows[:LISTED], "listed": LISTED}
    if figure == "chi-tieu":
        return {}  # the plan gives numbers to units, it names no household
    waiting = households_owed(person, plan, indicator.pk, as_of, unit)
    return {"households": waiting.select_related("unit")[:LISTED], "listed": LISTED}


def _supported(person: Person, plan: Plan, indicator: Indicator, unit: Unit | None) -> list[list[Support]]:
    """What each household got in a unit, by unit and household."""
    found = as_recorded(supports_behind(person, plan, indicator.pk, unit), person)
    rows = found.select_related("household", "unit", "means", "source").order_by(
        "unit__path", "household__code", "household", "began_on", "pk"
    )
    grouped = groupby(rows[:LISTED], key=lambda row: (row.unit_id, row.household_id))
    return [list(of_household) for _, of_household in grouped]


def _chart(figures: Figures, indicator: Indicator, days: Sequence[Day], *, narrow: bool) -> Any:
    cell = figures.total[indicator.pk]
    begin = figures.stood.pace_begins
    return cumulative(
        first_day=min([begin, *(day.on for day in days)]),
        last_day=figures.stood.pace_ends,
        today=figures.as_of,
        now=now_word(figures.as_of),
        target=cell.target or 0,
        plan_start=begin,
        recorded=[(day.on, day.recorded) for day in days],
        verified=[(day.on, day.verified) for day in days],
        plan_today=cell.pace,
        label=indicator.short_name,
        narrow=narrow,
    )
