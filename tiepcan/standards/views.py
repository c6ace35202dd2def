"""Pages of poverty standards: what each asks and defines, and the choice of how the office reads it."""

from dataclasses import dataclass

from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_safe

from tiepcan.accounts.doors import open_to
from tiepcan.accounts.requests import Request
from tiepcan.accounts.roles import May
from tiepcan.common.refusals import NotAllowed
from tiepcan.standards import actions
from tiepcan.standards.forms import ChooseReading
from tiepcan.standards.models import Definition, Standard, Threshold
from tiepcan.standards.queries import InForce, definitions_of, in_force
from tiepcan.web.page import page


@dataclass(frozen=True)
class _Shown:
    """One standard as its page shows it."""

    standard: Standard
    thresholds: list[Threshold]
    definitions: list[Definition]
    readings: dict[str, InForce]


@open_to(May.SEE_FIGURES, May.SEE_HOUSEHOLDS)
@require_safe
def standards(request: Request) -> HttpResponse:
    """Every standard, the latest first, with the readings in force for the person's unit."""
    unit = request.user.unit
    shown = [
        _Shown(one, list(one.thresholds.all()), list(definitions_of(one)), in_force(unit, one))
        for one in Standard.objects.order_by("-valid_from")
    ]
    context = {"shown": shown, "unit": unit, "may_choose": actions.why_not_choose(unit, request.user) is None}
    return page(request, "standards/standards.html", context)


@open_to(May.OPEN_PLANS)
@require_http_methods(["GET", "HEAD", "POST"])
def choose_reading(request: Request, standard: str, indicator: str) -> HttpResponse:
    """Choose one of several readings of an indicator for the person's own unit."""
    several = Definition.objects.annotate(ways=Count("readings")).filter(ways__gt=1)
    definition = get_object_or_404(
        several.select_related("standard", "indicator"), standard=standard, indicator=indicator
    )
    unit = request.user.unit
    held = in_force(unit, definition.standard)[indicator]
    form = ChooseReading(
        request.POST if request.method == "POST" else None,
        initial={"reading": held.reading.pk},
        definition=definition,
    )
    if form.is_valid():
        try:
            actions.choose_reading(
                unit=unit, definition=definition, reading=form.cleaned_data["reading"], by=request.user
            )
        except NotAllowed as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, f"Đã chọn cách hiểu “{definition.name}” cho {unit.full_name}.")
            return redirect("standards:standards")
    context = {"form": form, "definition": definition, "unit": unit, "held": held}
    return page(request, "standards/choose_reading.html", context)
