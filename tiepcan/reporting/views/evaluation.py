"""The page of a year's evaluation: results in groups, what remains, and targets proposed for the next year."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from tiepcan.accounts.doors import open_to
from tiepcan.accounts.requests import Request
from tiepcan.accounts.roles import May
from tiepcan.common import clock
from tiepcan.paperwork.answers import as_asked
from tiepcan.paperwork.wordings import issuing_body_of, wording_for
from tiepcan.plans.models import MilestoneKind
from tiepcan.reporting import next_plan, periodic
from tiepcan.reporting.addresses import figure_url, unit_url
from tiepcan.reporting.evaluation import Band, CannotDivide, bands, propose, remaining
from tiepcan.reporting.figures import figures_of
from tiepcan.reporting.forms import Totals
from tiepcan.reporting.queries import units_of
from tiepcan.reporting.standings import standing_of
from tiepcan.reporting.views.shared import plan_of, within_of
from tiepcan.reporting.wordings import NEXT_PLAN
from tiepcan.standards.models import Indicator
from tiepcan.web.page import page

TONES = {Band.MET: "ok", Band.ONE: "soon", Band.MORE: "late", Band.NONE: "idle"}


@open_to(May.CONSOLIDATE)
@require_safe
def evaluation(request: Request, pk: int) -> HttpResponse:
    """Results against targets, units in groups, lessons, and two ways to divide the next year's targets."""
    plan = plan_of(request, pk)
    assert plan is not None
    if within_of(plan, request.user).pk != plan.issuer_id:
        raise Http404  # a part of the plan is not divided
    as_of = clock.today()
    figures = figures_of(plan, as_of)
    form = Totals(request.GET or None, indicators=figures.indicators)
    totals = form.totals if form.is_bound and form.is_valid() else {}
    try:
        proposed = propose(plan, as_of, totals)
    except CannotDivide as problem:
        form.add_error(None, str(problem))
        proposed = propose(plan, as_of)
    standings = standing_of(plan, MilestoneKind.YEAR, units_of(plan))
    said = {heading.key: lines for heading, lines in periodic.words_of(standings, MilestoneKind.YEAR)}
    context = {
        "plan": plan,
        "as_of": as_of,
        "figures": figures,
        "bands": [(i, bands(figures, i.pk)) for i in figures.indicators],
        "tones": TONES,
        "proposed": proposed,
        "form": form,
        "has_errors": bool(form.errors),
        "lessons": said.get("lessons", []),
        "remaining": remaining(figures),
        "why": {unit.pk: text for unit, text in said.get("difficulties", [])},
        "asked": urlencode(totals),
        "figure_url": figure_url,
        "unit_url": unit_url,
    }
    return page(request, "reporting/evaluation.html", context)


@open_to(May.CONSOLIDATE)
@require_safe
def draft(request: Request, pk: int) -> HttpResponse:
    """The draft of next year's plan with the targets proposed for the same totals, as a .docx."""
    plan = plan_of(request, pk)
    assert plan is not None
    if within_of(plan, request.user).pk != plan.issuer_id:
        raise Http404
    form = Totals(request.GET, indicators=list(Indicator.objects.of_information()))
    if not form.is_valid():
        raise Http404  # the page tells what is wrong before it shows the way here
    try:
        proposed = propose(plan, clock.today(), form.totals)
    except CannotDivide as problem:
        messages.error(request, str(problem))
        return redirect("reporting:evaluation", pk)
    paper = next_plan.draft(
        plan, plan.version_on(clock.today()), proposed, wording_for(issuing_body_of(plan.issuer), NEXT_PLAN)
    )
    return as_asked(request, paper, f"du-thao-ke-hoach-{plan.year + 1}")
