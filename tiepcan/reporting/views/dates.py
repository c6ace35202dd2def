"""Pages of dates: who handed in what, the month, and the feed that a phone reads."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tiepcan.accounts.doors import open_to, open_to_everyone
from tiepcan.accounts.requests import Request
from tiepcan.accounts.roles import May
from tiepcan.common import clock
from tiepcan.common.dates import next_month
from tiepcan.common.refusals import NotAllowed
from tiepcan.plans.models import Milestone, Plan
from tiepcan.reporting import actions, reminders
from tiepcan.reporting import recurrences as recurring
from tiepcan.reporting.calendars import dates_of, holidays_of, key_of, month_of, person_of
from tiepcan.reporting.calendars import feed as feed_of
from tiepcan.reporting.forms import Address, Done, Extend, HandIn, Recur, TakeBack
from tiepcan.reporting.models import Recurrence, Reminder, ReminderAddress
from tiepcan.reporting.models.filings import FILED
from tiepcan.reporting.queries import (
    duties_without_a_day,
    extensions_of,
    handed_in,
    status_of,
    submissions_of,
    units_of,
)
from tiepcan.reporting.standings import newest_of
from tiepcan.reporting.views.shared import others_of, plan_of, ruler_of, within_of
from tiepcan.reporting.views.steps import TONES
from tiepcan.units.models import Unit
from tiepcan.web.page import page


@open_to(May.SEE_FIGURES)
@require_safe
def deadlines(request: Request) -> HttpResponse:
    """Each date of the plan, and who has handed in what it asks for."""
    plan = plan_of(request, None)
    if plan is None:
        return page(request, "reporting/no_plan.html", {"may_open": request.user.may(May.OPEN_PLANS)})
    today, within = clock.today(), within_of(plan, request.user)
    submissions, extensions = submissions_of(plan), extensions_of(plan)
    units = units_of(plan, within)
    stood = plan.on(today)
    milestones = stood.milestones
    handed = handed_in(plan, submissions)
    states = {
        milestone.pk: [status_of(milestone, unit, submissions, extensions) for unit in units]
        for milestone in milestones
        if milestone.is_for_units
    }
    context = {
        "plan": plan,
        "milestones": milestones,
        "reported": set(FILED),
        "filed": FILED,
        "filings": newest_of(plan, request.user),
        "tones": TONES,
        "turns": recurring.next_turns(recurring.turns_of(plan)) if request.user.covers(plan.issuer) else [],
        "may_recur": request.user.may_change(May.CONSOLIDATE, plan.issuer),
        "states": states,
        "today": today,
        "others": others_of(request, plan),
        "rulers": [ruler_of(stood, today, handed, narrow=n) for n in (False, True)],
        "may_hand_in": request.user.may(May.HAND_IN),
        "alone": units[0] if len(units) == 1 else None,
        "feed": request.build_absolute_uri(reverse("reporting:feed", args=[key_of(request.user)])),
        "address": Address(initial={"email": _address_of(request)})
        if request.user.may(May.HAND_IN)
        else None,
        "reminders": Reminder.objects.filter(person=request.user)[:5],
        **_calendar(request, milestones),
    }
    return page(request, "reporting/deadlines.html", context)


def _address_of(request: Request) -> str:
    return ReminderAddress.objects.filter(person=request.user).values_list("email", flat=True).first() or ""


def _calendar(request: Request, milestones: Sequence[Milestone]) -> dict[str, Any]:
    """The month asked for by `?thang=2019-06`; without one, that of the next date, or today's."""
    today = clock.today()
    upcoming = next((one.last_day for one in milestones if one.last_day >= today), today)
    shown = upcoming.replace(day=1)
    with suppress(ValueError):
        asked = datetime.strptime(request.GET.get("thang", ""), "%Y-%m").date()
        if FIRST_YEAR <= asked.year <= LAST_YEAR:
            shown = asked
    return {
        "month": shown,
        "weeks": month_of(shown, milestones),
        "closed": holidays_of(shown),
        "earlier": (shown - timedelta(days=1)).replace(day=1),
        "later": next_month(shown),
    }


@open_to(May.CONSOLIDATE)
@require_http_methods(["GET", "HEAD", "POST"])
def recurrences(request: Request, pk: int) -> HttpResponse:
    """What comes again in a plan's year: all its turns, and the form that sets another."""
    plan = plan_of(request, pk)
    assert plan is not None
    if not request.user.covers(plan.issuer):
        raise Http404
    form = Recur(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = recurring.set_recurrence(plan=plan, by=request.user, **form.cleaned_data)
        except NotAllowed as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, f"Đã đặt “{made}” {made.get_every_display().lower()}.")
            return redirect("reporting:recurrences", pk)
    turns = recurring.turns_of(plan)
    context = {
        "plan": plan,
        "turns": turns,
        "running": Recurrence.objects.filter(plan=plan, ended_on=None),
        "form": form,
        "has_errors": bool(form.errors),
        "may_set": request.user.may_change(May.CONSOLIDATE, plan.issuer),
        "suggested": duties_without_a_day(plan),
    }
    return page(request, "reporting/recurrences.html", context)


@open_to(May.CONSOLIDATE)
@require_http_methods(["GET", "HEAD", "POST"])
def recurrence(request: Request, pk: int) -> HttpResponse:
    """Note that one period's turn was done (`?ky=`), or let it come no more (`thoi`)."""
    found = get_object_or_404(
        Recurrence.objects.visible_to(request.user).select_related("plan__issuer"), pk=pk
    )
    ending = "thoi" in request.POST
    form = Done(None if ending else request.POST or None, initial={"period": request.GET.get("ky")})
    if request.method == "POST" and (ending or form.is_valid()):
        try:
            if ending:
                recurring.end(recurrence=found, by=request.user)
            else:
                data = form.cleaned_data
                recurring.note_done(
                    recurrence=found,
                    period_end=data["period"],
                    paper_code=data["paper_code"],
                    done_on=data["done_on"],
                    by=request.user,
                )
        except NotAllowed as problem:
            form.add_error(None, str(problem)) if form.is_bound else messages.error(request, str(problem))
        else:
            messages.success(request, f"Đã thôi “{found}”." if ending else f"Đã ghi “{found}”.")
            return redirect("reporting:recurrences", found.plan_id)
    turns = [turn for turn in recurring.turns_of(found.plan) if turn.recurrence == found]
    asked = form["period"].value()
    context = {
        "recurrence": found,
        "turn": next((turn for turn in turns if turn.period_end.isoformat() == str(asked)), None),
        "form": form,
        "has_errors": bool(form.errors),
    }
    return page(request, "reporting/recurrence.html", context)


@open_to(May.HAND_IN)
@require_POST
def address(request: Request) -> HttpResponse:
    """Keep where the person wants reminders by e-mail, or end them."""
    form = Address(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(str(one) for errors in form.errors.values() for one in errors))
    elif email := form.cleaned_data["email"]:
        reminders.keep_address(person=request.user, email=email)
        messages.success(
            request, f"Sẽ nhắc hạn qua {email}: trước 14, 7, 1 ngày, và mỗi tuần khi đã quá hạn."
        )
    else:
        reminders.keep_address(person=request.user, email="")
        messages.success(request, "Đã thôi nhắc qua thư. Trang “Việc cần làm” vẫn nhắc.")
    return redirect("reporting:deadlines")


FIRST_YEAR, LAST_YEAR = 2000, 2100
"""Years whose months the calendar shows."""


@open_to_everyone
@require_safe
def feed(request: HttpRequest, key: str) -> HttpResponse:
    """A person's dates as .ics, for a phone that cannot sign in: the key stands in for that, and opens nothing else."""
    person = person_of(key)
    if person is None:
        raise Http404
    address = request.build_absolute_uri(reverse("reporting:deadlines"))
    answer = HttpResponse(
        feed_of(dates_of(person), person.unit, address), content_type="text/calendar; charset=utf-8"
    )
    answer["Content-Disposition"] = 'attachment; filename="thoi-han.ics"'
    answer["Cache-Control"] = "private, max-age=3600"
    return answer


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
    status = status_of(milestone, place, submissions_of(plan), extensions_of(plan))
    known = status.submission
    taking_back, extending = "bo" in request.POST, "gia-han" in request.POST
    form = HandIn(
        None if taking_back or extending else request.POST or None, since=milestone.version.issued_on
    )
    more = Extend(request.POST if extending else None, prefix="han")
    if extending and more.is_valid():
        try:
            actions.extend(milestone=milestone, unit=place, by=request.user, **more.cleaned_data)
        except NotAllowed as problem:
            more.add_error(None, str(problem))
        else:
            messages.success(
                request, f"Đã gia hạn cho {place} đến hết {more.cleaned_data['until']:%d/%m/%Y}."
            )
            return redirect("reporting:hand_in", pk, unit)
    back = TakeBack(request.POST if taking_back else None, prefix="bo")
    if taking_back and known and back.is_valid():
        try:
            actions.take_back(submission=known, reason=back.cleaned_data["reason"], by=request.user)
        except NotAllowed as problem:
            back.add_error(None, str(problem))
        else:
            messages.success(request, f"Đã bỏ ghi nộp của {place}.")
            return redirect("reporting:deadlines")
    if not taking_back and not extending and form.is_valid():
        try:
            actions.hand_in(milestone=milestone, unit=place, by=request.user, **form.cleaned_data)
        except NotAllowed as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, f"Đã ghi {place} nộp “{milestone}”.")
            return redirect("reporting:deadlines")
    context = {
        "milestone": milestone,
        "reported": set(FILED),
        "status": status,
        "more": more if request.user.may_change(May.CONSOLIDATE, plan.issuer) else None,
        "unit": place,
        "known": known,
        "form": form,
        "back": back,
        "plan": plan,
    }
    return page(
        request,
        "reporting/hand_in.html",
        context | {"has_errors": bool(form.errors or back.errors or more.errors)},
    )
