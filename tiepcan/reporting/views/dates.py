"""Pages of dates: who handed in what."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_safe

from tiepcan.accounts.doors import open_to
from tiepcan.accounts.requests import Request
from tiepcan.accounts.roles import May
from tiepcan.common import clock
from tiepcan.common.refusals import NotAllowed
from tiepcan.plans.models import Milestone, Plan
from tiepcan.reporting import actions
from tiepcan.reporting.forms import HandIn, TakeBack
from tiepcan.reporting.models import Submission
from tiepcan.reporting.models.periodic import PERIODS
from tiepcan.reporting.queries import (
    handed_in,
    submission_for,
    submissions_of,
)
from tiepcan.reporting.views.shared import others_of, plan_of, ruler_of, within_of
from tiepcan.units.models import Unit
from tiepcan.web.page import page


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
    plan = plan_of(request, None)
    if plan is None:
        return page(request, "reporting/no_plan.html", {"may_open": request.user.may(May.OPEN_PLANS)})
    today, within = clock.today(), within_of(plan, request.user)
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
        "reported": set(PERIODS),
        "states": states,
        "today": today,
        "others": others_of(request, plan),
        "rulers": [ruler_of(stood, today, handed, narrow=n) for n in (False, True)],
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
        "reported": set(PERIODS),
        "days_late": (clock.today() - milestone.last_day).days,
        "unit": place,
        "known": known,
        "form": form,
        "back": back,
        "plan": plan,
    }
    return page(request, "reporting/hand_in.html", context | {"has_errors": bool(form.errors or back.errors)})
