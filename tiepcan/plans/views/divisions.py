"""Dividing a total over units, comparing with the plan's own table, and making it the plan's targets."""

import uuid
from collections.abc import Callable, Mapping

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_safe

from tiepcan.accounts.doors import open_to
from tiepcan.accounts.requests import Request
from tiepcan.accounts.roles import May
from tiepcan.common import clock
from tiepcan.common.refusals import NotAllowed
from tiepcan.intake.document import LARGEST_FILE
from tiepcan.plans import actions
from tiepcan.plans.division import CannotDivide, Method
from tiepcan.plans.forms import AmendByDivision, Claims, Divide
from tiepcan.plans.models import Basis, Division, Plan
from tiepcan.plans.queries import table_of
from tiepcan.standards.models import Indicator
from tiepcan.web.page import page

Lacking = Callable[[Plan, Indicator], Mapping[str, int]]
"""Households of each unit that lack an indicator at the plan's outset; told by a room that knows households."""


def divide(lacking: Lacking) -> Callable[..., HttpResponse]:
    """The form that divides a total; `lacking` gives the weights when it is divided by what households lack."""

    @open_to(May.OPEN_PLANS)
    @require_http_methods(["GET", "HEAD", "POST"])
    def view(request: Request, pk: int) -> HttpResponse:
        # Whoever the plan is addressed to may see it; what each unit lacks is for those who may divide it.
        own = Plan.objects.visible_to(request.user).filter(issuer__path__startswith=request.user.unit.path)
        plan = get_object_or_404(own.select_related("issuer"), pk=pk)
        indicators = list(Indicator.objects.of_information())
        table = table_of(plan.version_on(clock.today()), indicators)
        units = [row.unit for row in table.rows]
        poor = {row.unit.pk: row.poor_households for row in table.rows}
        by_indicator = {i.pk: dict(lacking(plan, i)) for i in indicators}
        first = indicators[0]
        start = {
            "indicator": first, "total": table.totals[first.pk], "basis": Basis.POOR, "method": Method.LARGEST_REMAINDER,
        }  # fmt: skip
        form = Divide(request.POST or None, initial=start)
        claims = Claims(units, request.POST or None)
        if form.is_valid():
            data = form.cleaned_data
            counted = by_indicator[data["indicator"].pk]
            weights = (
                counted if data["basis"] == Basis.LACKING else {unit: n or 0 for unit, n in poor.items()}
            )
            most = {
                u.pk: counted.get(u.pk, 0) if data["basis"] == Basis.LACKING else poor[u.pk] for u in units
            }
            lines = claims.claims(weights, most, by_hand=data["basis"] == Basis.BY_HAND)
            if not claims.errors:
                try:
                    made = actions.divide(plan=plan, claims=lines, by=request.user, **data)
                except (CannotDivide, NotAllowed) as problem:
                    form.add_error("total", str(problem))
                else:
                    return redirect("plans:division", made.pk)
        context = {
            "plan": plan,
            "form": form,
            "claims": claims,
            "table": table,
            "indicators": indicators,
            "lacking": by_indicator,
            "divisions": Division.objects.visible_to(request.user).filter(plan=plan)[:20],
            "has_errors": bool(form.errors or claims.errors),
        }
        return page(request, "plans/divide.html", context)

    return view


@open_to(May.OPEN_PLANS)
@require_safe
def division(request: Request, pk: uuid.UUID) -> HttpResponse:
    """A division beside the plan's own table."""
    found = _division(request, pk)
    table = table_of(found.plan.version_on(clock.today()), [found.indicator])
    own = {row.unit.pk: row.targets[found.indicator_id] for row in table.rows}
    shares = list(found.shares.select_related("unit"))
    lines = [(share, own.get(share.unit_id)) for share in shares]
    context = {
        "division": found,
        "lines": lines,
        "own_total": sum(households or 0 for households in own.values()),
        "weights": sum(share.weight for share in shares),
        "given": sum(share.households for share in shares),
        "moved": sum(abs(share.households - (households or 0)) for share, households in lines),
    }
    return page(request, "plans/division.html", context)


@open_to(May.OPEN_PLANS)
@require_http_methods(["GET", "HEAD", "POST"])
def amend(request: Request, pk: uuid.UUID) -> HttpResponse:
    """Make a division the plan's targets, by the paper that was signed for it."""
    found = _division(request, pk)
    before = found.plan.versions.last()
    assert before is not None  # a plan has the version that opened it
    form = AmendByDivision(request.POST or None, request.FILES or None, before=before)
    if form.is_valid():
        data = form.cleaned_data
        file, key, reason = data.pop("file"), data.pop("id"), data.pop("reason")
        try:
            actions.amend_by_division(
                id=key,
                of=found,
                signed=actions.Signed(**data),
                reason=reason,
                raw=file.read(LARGEST_FILE + 1),
                name=file.name,
                by=request.user,
            )
        except NotAllowed as problem:
            form.add_error("file", str(problem))
        else:
            messages.success(request, f"Đã điều chỉnh {found.plan} theo bảng phân chia.")
            return redirect("plans:plan", found.plan_id)
    return page(request, "plans/amend_by_division.html", {"form": form, "division": found, "before": before})


def _division(request: Request, pk: uuid.UUID) -> Division:
    divisions = Division.objects.visible_to(request.user).select_related("plan__issuer", "indicator", "unit")
    return get_object_or_404(divisions, pk=pk)
