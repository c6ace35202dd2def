"""Pages where planned meets done: the overview, the rows behind a figure, dates, the consolidated report."""

import uuid
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_safe

from tiepcan.accounts.actions import note_reading
from tiepcan.accounts.doors import open_to
from tiepcan.accounts.models import Person
from tiepcan.accounts.requests import Request
from tiepcan.accounts.roles import May
from tiepcan.common import clock
from tiepcan.common.numbers import whole_number
from tiepcan.common.refusals import NotAllowed
from tiepcan.plans.models import DutyReport, Milestone, Plan, Standing
from tiepcan.reporting import actions, outputs
from tiepcan.reporting.addresses import figure_url, unit_url
from tiepcan.reporting.figures import Figures, digest, figures_of, plain, present_of
from tiepcan.reporting.forms import Consolidate, HandIn, TakeBack
from tiepcan.reporting.models import ConsolidatedReport, Submission
from tiepcan.reporting.queries import (
    days_handed_in,
    handed_in,
    households_owed,
    late_units,
    outcomes_behind,
    outcomes_unshown,
    submission_for,
    submissions_of,
    supports_behind,
)
from tiepcan.standards.models import Indicator
from tiepcan.standards.queries import reading_in_words
from tiepcan.supports.figures import Day, by_day
from tiepcan.supports.models import Support
from tiepcan.supports.queries import as_recorded
from tiepcan.supports.rules import rule_of
from tiepcan.units.models import Unit
from tiepcan.verification.models import Round
from tiepcan.verification.workflow import READERS, asked_of
from tiepcan.web.charts import Pin, State, cumulative, ruler
from tiepcan.web.page import page

LISTED = 200
"""Rows that a page behind a figure shows at once."""


@open_to(May.SEE_FIGURES)
@require_safe
def overview(request: Request, pk: int | None = None) -> HttpResponse:
    """Targets, recorded and verified by unit, who is late, and the line of the year."""
    plan = _plan(request, pk)
    if plan is None:
        return page(request, "reporting/no_plan.html", {"may_open": request.user.may(May.OPEN_PLANS)})
    as_of = _day(request, plan) or clock.today()
    within = _within(plan, request.user)
    figures = figures_of(plan, as_of, within=within)
    milestones = figures.stood.milestones
    submissions = days_handed_in(plan, as_of)
    handed = handed_in(plan, submissions)
    days = by_day(plan, within, as_of)
    is_today = as_of == clock.today()
    present = present_of(figures) if is_today else None
    unshown = [(i, present.unshown.get((None, i.pk), 0)) for i in figures.indicators] if present else []
    context = {
        "plan": plan,
        "others": _others(request, plan),
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
        "late": late_units(figures, milestones, submissions),
        "owed": [(m, str(m), m.last_day < as_of) for m in milestones if m.is_for_units],
        "submissions": submissions,
        "submission_for": submission_for,
        "handed_in": handed,
        "next": next((m for m in milestones if m.last_day >= as_of), None),
        "rulers": [_ruler(figures.stood, as_of, handed, narrow=narrow) for narrow in (False, True)],
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
    plan = _plan(request, pk)
    assert plan is not None
    within = _within(plan, request.user)
    place = get_object_or_404(Unit.objects.within(within), pk=unit)
    as_of = _day(request, plan) or clock.today()
    figures = figures_of(plan, as_of, within=place)
    if not figures.lines:
        raise Http404
    submissions = submissions_of(plan)
    context = {
        "plan": plan,
        "unit": place,
        "figures": figures,
        "present": present_of(figures) if as_of == clock.today() else None,
        "as_of": as_of,
        "late": late_units(figures, figures.stood.milestones, days_handed_in(plan, as_of)),
        "dates": [
            (milestone, submission_for(submissions, milestone, place))
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
    plan = _plan(request, pk)
    found = get_object_or_404(Indicator.objects.of_information(), pk=indicator)
    assert plan is not None
    within = _within(plan, request.user)
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
    plan = _plan(request, pk)
    assert plan is not None
    found = get_object_or_404(Indicator.objects.of_information(), pk=indicator)
    today = clock.today()
    as_of = today if figure in _OF_NOW else _day(request, plan) or today
    within = _within(plan, request.user)
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


@dataclass(frozen=True)
class _Status:
    """One unit's state at one date, as a tile shows it."""

    unit: Unit
    submission: Submission | None
    late: bool


@open_to(May.SEE_FIGURES)
@require_safe
def deadlines(request: Request) -> HttpResponse:
    """Each date of the plan, and who has handed in what it asks for."""
    plan = _plan(request, None)
    if plan is None:
        return page(request, "reporting/no_plan.html", {"may_open": request.user.may(May.OPEN_PLANS)})
    today, within = clock.today(), _within(plan, request.user)
    submissions = submissions_of(plan)
    rows = plan.version_on(today).rows.select_related("unit")
    units = [row.unit for row in rows if within.covers(row.unit)]
    stood = plan.on(today)
    milestones = stood.milestones
    handed = handed_in(plan, submissions)
    states = {
        milestone.pk: [
            _Status(unit, found, found.is_late if found else milestone.last_day < today)
            for unit in units
            for found in (submission_for(submissions, milestone, unit),)
        ]
        for milestone in milestones
        if milestone.is_for_units
    }
    context = {
        "plan": plan,
        "milestones": milestones,
        "states": states,
        "today": today,
        "others": _others(request, plan),
        "rulers": [_ruler(stood, today, handed, narrow=n) for n in (False, True)],
        "may_hand_in": request.user.may(May.HAND_IN),
        "alone": units[0] if len(units) == 1 else None,
    }
    return page(request, "reporting/deadlines.html", context)


@open_to(May.HAND_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def hand_in(request: Request, pk: int, unit: str) -> HttpResponse:
    """Note what a unit handed in for a date, or take such a note back."""
    milestone = get_object_or_404(
        Milestone.objects.select_related("version__plan__issuer").filter(
            version__plan__in=Plan.objects.visible_to(request.user)
        ),
        pk=pk,
    )
    plan = milestone.version.plan
    listed = plan.version_on(clock.today()).rows.values("unit")
    place = get_object_or_404(Unit.objects.within(request.user.unit).filter(pk__in=listed), pk=unit)
    known = submission_for(submissions_of(plan), milestone, place)
    taking_back = "bo" in request.POST
    form = HandIn(None if taking_back else request.POST or None, since=milestone.version.issued_on)
    back = TakeBack(request.POST if taking_back else None, prefix="bo")
    if taking_back and known and back.is_valid():
        actions.take_back(submission=known, reason=back.cleaned_data["reason"], by=request.user)
        messages.success(request, f"Đã bỏ ghi nộp của {place}.")
        return redirect("reporting:deadlines")
    if not taking_back and form.is_valid():
        try:
            actions.hand_in(milestone=milestone, unit=place, by=request.user, **form.cleaned_data)
        except NotAllowed as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, f"Đã ghi {place} nộp “{milestone}”.")
            return redirect("reporting:deadlines")
    context = {
        "milestone": milestone,
        "days_late": (clock.today() - milestone.last_day).days,
        "unit": place,
        "known": known,
        "form": form,
        "back": back,
        "plan": plan,
    }
    return page(request, "reporting/hand_in.html", context | {"has_errors": bool(form.errors or back.errors)})


@open_to(May.SEE_FIGURES)
@require_http_methods(["GET", "HEAD", "POST"])
def reports(request: Request) -> HttpResponse:
    """The consolidated reports, and for the coordinator the form that makes one."""
    plan = _plan(request, None)
    if plan is None:
        return page(request, "reporting/no_plan.html", {"may_open": request.user.may(May.OPEN_PLANS)})
    may_make = request.user.may_change(May.CONSOLIDATE, plan.issuer)
    signer = outputs.signer_of(plan.version_on(clock.today()))
    start = {"as_of": clock.today(), "position": signer.position, "name": signer.name}
    form = Consolidate(request.POST or None, initial=start)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        said = outputs.Said(
            signer=outputs.Signer(signer.authority, data["position"], data["name"]),
            difficulties=data["difficulties"],
            proposals=data["proposals"],
        )
        try:
            made = actions.consolidate(
                id=data["id"], plan=plan, as_of=data["as_of"], said=said, by=request.user
            )
        except NotAllowed as problem:
            form.add_error("as_of", str(problem))
        else:
            return redirect("reporting:report", made.pk)
    context = {
        "plan": plan,
        "form": form,
        "may_make": may_make,
        "others": _others(request, plan),
        "reports": ConsolidatedReport.objects.visible_to(request.user)
        .filter(plan=plan)
        .select_related("plan", "version")[:50],
    }
    return page(request, "reporting/reports.html", context)


@open_to(May.SEE_FIGURES)
@require_safe
def report(request: Request, pk: uuid.UUID) -> HttpResponse:
    """A consolidated report: what was frozen, and whether the ledger still gives the same."""
    found = _report(request, pk)
    figures = figures_of(found.plan, found.as_of)
    now = plain(figures)
    context = {
        "report": found,
        "frozen": found.figures,
        "indicators": figures.indicators,
        "same": digest(now) == found.digest,
        "differences": _differences(found.figures, now, figures.indicators),
    }
    return page(request, "reporting/report.html", context)


@open_to(May.SEE_FIGURES)
@require_safe
def report_file(request: Request, pk: uuid.UUID) -> FileResponse:
    """The report as a .docx."""
    found = _report(request, pk)
    name = f"bao-cao-tong-hop-{found.plan.number}-den-{found.as_of:%d-%m-%Y}.docx"
    return FileResponse(found.file.open("rb"), as_attachment=True, filename=name)


def _report(request: Request, pk: uuid.UUID) -> ConsolidatedReport:
    reports = ConsolidatedReport.objects.visible_to(request.user).select_related("plan__issuer", "version")
    return get_object_or_404(reports, pk=pk)


def _differences(
    frozen: dict[str, Any], now: dict[str, Any], indicators: Sequence[Indicator]
) -> list[tuple[str, str, str, int | None, int | None]]:
    """(unit, indicator, figure, then, now) wherever another number comes out today; None is "no target"."""
    before = {unit["unit"]: unit for unit in frozen["units"]}
    found = []
    for unit in now["units"]:
        for indicator in indicators:
            nothing = {"target": None, "recorded": 0, "verified": 0}
            then, there = before.get(unit["unit"], {}).get(indicator.pk, nothing), unit[indicator.pk]
            for key, label in (
                ("target", "chỉ tiêu"),
                ("recorded", "đã ghi nhận"),
                ("verified", "đã xác minh"),
            ):
                if then[key] != there[key]:
                    found.append((unit["name"], indicator.short_name, label, then[key], there[key]))
    return found


def _plan(request: Request, pk: int | None) -> Plan | None:
    """The plan asked for, by its address or `?ke-hoach=`; without one, the latest of those addressed to the person."""
    plans = Plan.objects.visible_to(request.user).select_related("issuer__parent")
    wanted = pk if pk is not None else whole_number(request.GET.get("ke-hoach", ""))
    return plans.first() if wanted is None else get_object_or_404(plans, pk=wanted)


def _others(request: Request, plan: Plan) -> list[Plan]:
    """The other plans that the person may turn to."""
    return list(Plan.objects.visible_to(request.user).exclude(pk=plan.pk).select_related("issuer"))


def _within(plan: Plan, person: Person) -> Unit:
    """The part of the plan that the person may see: all of it, or their own unit's."""
    return plan.issuer if person.covers(plan.issuer) else person.unit


def _day(request: Request, plan: Plan) -> date | None:
    """The day of `?den-ngay=`, in links as ISO and from people as 12/06/2019: from the plan's first day to today."""
    written = request.GET.get("den-ngay", "").strip()
    for form in ("%Y-%m-%d", "%d/%m/%Y"):
        with suppress(ValueError):
            day = datetime.strptime(written, form).date()
            first, last = plan.on(clock.today()).first_day, clock.today()
            if not first <= day <= last:
                messages.error(request, f"Số liệu có từ {first:%d/%m/%Y} đến hôm nay {last:%d/%m/%Y}.")
            return max(first, min(day, last))
    if written:
        messages.error(
            request, f"“{written[:20]}” không phải một ngày. Viết ngày/tháng/năm, ví dụ 12/06/2019."
        )
    return None


def _pins(milestones: Sequence[Milestone], today: date, handed: Any) -> list[Pin]:
    shown, passed_next = [], False
    for milestone in milestones:
        if not milestone.is_for_units:
            continue
        count, owing = handed.get(milestone.pk, (0, 0))
        past = milestone.last_day < today
        state: State = "done" if past else "open" if passed_next else "next"
        passed_next = passed_next or not past
        shown.append(
            Pin(
                str(milestone), f"hạn {milestone.last_day:%d/%m} · {count}/{owing}", milestone.last_day, state
            )
        )
    return shown


def _ruler(stood: Standing, today: date, handed: Any, *, narrow: bool) -> Any:
    return ruler(
        first_day=stood.first_day,
        last_day=stood.pace_ends,
        today=today,
        now=_now(today),
        pins=_pins(stood.milestones, today, handed),
        narrow=narrow,
    )


def _now(day: date) -> str:
    """What the red line is called: a day that has passed is where the figures were cut off."""
    return "Hôm nay" if day == clock.today() else "Đến hết"


def _chart(figures: Figures, indicator: Indicator, days: Sequence[Day], *, narrow: bool) -> Any:
    cell = figures.total[indicator.pk]
    begin = figures.stood.pace_begins
    return cumulative(
        first_day=min([begin, *(day.on for day in days)]),
        last_day=figures.stood.pace_ends,
        today=figures.as_of,
        now=_now(figures.as_of),
        target=cell.target or 0,
        plan_start=begin,
        recorded=[(day.on, day.recorded) for day in days],
        verified=[(day.on, day.verified) for day in days],
        plan_today=cell.pace,
        label=indicator.short_name,
        narrow=narrow,
    )
