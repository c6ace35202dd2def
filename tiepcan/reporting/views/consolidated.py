"""Pages of consolidated reports."""

import uuid
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_safe

from tiepcan.accounts.doors import open_to
from tiepcan.accounts.requests import Request
from tiepcan.accounts.roles import May
from tiepcan.common import clock
from tiepcan.common.digests import digest_of
from tiepcan.common.refusals import NotAllowed
from tiepcan.reporting import actions, outputs, periodic
from tiepcan.reporting.figures import figures_of, plain
from tiepcan.reporting.forms import Consolidate
from tiepcan.reporting.models import ConsolidatedReport
from tiepcan.reporting.models.filings import PERIODS
from tiepcan.reporting.queries import units_of
from tiepcan.reporting.standings import dues_of
from tiepcan.reporting.views.shared import others_of, plan_of, within_of
from tiepcan.reporting.views.steps import TONES
from tiepcan.standards.models import Indicator
from tiepcan.web.page import page

_PERIODS = {period: kind for kind, period in PERIODS.items()}


@open_to(May.SEE_FIGURES)
@require_http_methods(["GET", "HEAD", "POST"])
def reports(request: Request) -> HttpResponse:
    """The consolidated reports, and for the coordinator the form that makes one."""
    plan = plan_of(request, None)
    if plan is None:
        return page(request, "reporting/no_plan.html", {"may_open": request.user.may(May.OPEN_PLANS)})
    may_make = request.user.may_change(May.CONSOLIDATE, plan.issuer)
    signer = outputs.signer_of(plan.version_on(clock.today()))
    start = {"as_of": clock.today(), "position": signer.position, "name": signer.name}
    if may_make and (kind := _PERIODS.get(request.GET.get("ky", ""))):
        with suppress(NotAllowed):
            start["as_of"] = periodic.day_of(plan, kind)
            said_by_units = periodic.gathered(plan, kind, plan.issuer)
            start |= {key: said_by_units[key] for key in ("difficulties", "proposals")}
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
    within = within_of(plan, request.user)
    owing = units_of(plan, within)
    alone = owing[0] if len(owing) == 1 and request.user.unit.pk == owing[0].pk else None
    context = {
        "plan": plan,
        "form": form,
        "may_make": may_make,
        "periods": dues_of(plan, owing, alone),
        "alone": alone,
        "may_open": request.user.may(May.HAND_IN),
        "tones": TONES,
        "others": others_of(request, plan),
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
        "same": digest_of(now) == found.digest,
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
