"""The page of a year's evaluation: results in groups, what remains, and targets proposed for the next year."""

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from tiepcan.accounts.doors import open_to
from tiepcan.accounts.requests import Request
from tiepcan.accounts.roles import May
from tiepcan.common import clock
from tiepcan.plans.models import MilestoneKind
from tiepcan.reporting import periodic
from tiepcan.reporting.addresses import figure_url, unit_url
from tiepcan.reporting.evaluation import Band, CannotDivide, bands, propose
from tiepcan.reporting.figures import figures_of
from tiepcan.reporting.forms import Totals
from tiepcan.reporting.queries import units_of
from tiepcan.reporting.standings import standing_of
from tiepcan.reporting.views.shared import plan_of, within_of
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
        "figure_url": figure_url,
        "unit_url": unit_url,
    }
    return page(request, "reporting/evaluation.html", context)
