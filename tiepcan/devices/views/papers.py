"""Pages of pledges, and the letters: what is needed, and what was promised and is due."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tiepcan.accounts.actions import note_reading
from tiepcan.accounts.doors import open_to
from tiepcan.accounts.requests import Request
from tiepcan.accounts.roles import May
from tiepcan.common import clock
from tiepcan.common.refusals import NotAllowed
from tiepcan.devices import actions, figures, outputs, queries
from tiepcan.devices.forms import Letter, Promise, Reason
from tiepcan.devices.models import Pledge
from tiepcan.devices.wordings import REMINDER, REQUEST
from tiepcan.paperwork import drafting
from tiepcan.paperwork.answers import as_asked
from tiepcan.paperwork.wordings import issuing_body_of, wording_for
from tiepcan.paperwork.writing.records import Paper, Signature
from tiepcan.plans.models import Plan, Recipient
from tiepcan.standards.models import Indicator
from tiepcan.units.models import Unit
from tiepcan.web.page import page


@open_to(May.KEEP_DEVICES)
@require_http_methods(["GET", "HEAD", "POST"])
def promise(request: Request) -> HttpResponse:
    """Write a pledge to the store of the person's unit."""
    unit = request.user.unit
    form = Promise(request.POST or None, unit=unit)
    if form.is_valid():
        try:
            made = actions.pledge(unit=unit, by=request.user, **form.cleaned_data)
        except NotAllowed as problem:
            form.add_error("due_on", str(problem))
        else:
            messages.success(request, f"Đã ghi cam kết của {made.who}.")
            return redirect("devices:pledge", made.pk)
    return page(request, "devices/promise.html", {"form": form, "at": queries.at, "unit": unit})


@open_to(May.KEEP_DEVICES)
@require_safe
def pledge(request: Request, pk: uuid.UUID) -> HttpResponse:
    return _show(request, _pledge(request, pk))


def _show(request: Request, found: Pledge, **forms: Any) -> HttpResponse:
    """A pledge with what came of it; a form that failed comes back with what was typed."""
    plan = figures.plan_of(request.user)
    context = {
        "pledge": found,
        "receipts": [(one, one.devices.count()) for one in found.receipts.all()],
        "may_change": request.user.may_change(May.KEEP_DEVICES, found.unit),
        "end_form": forms.get("end_form") or Reason(prefix="thoi"),
        "letter_form": forms.get("letter_form")
        or Letter(initial={"to": found.who, **_signer(plan)}, prefix="cv"),
        "failed": bool(forms),
        "today": clock.today(),
    }
    return page(request, "devices/pledge.html", context)


@open_to(May.KEEP_DEVICES)
@require_POST
def end_pledge(request: Request, pk: uuid.UUID) -> HttpResponse:
    found = _pledge(request, pk)
    form = Reason(request.POST, prefix="thoi")
    if form.is_valid():
        try:
            actions.end_pledge(pledge=found, reason=form.cleaned_data["reason"], by=request.user)
        except NotAllowed as problem:
            form.add_error("reason", str(problem))
        else:
            messages.success(request, f"Đã ghi {found.who} thôi cam kết.")
            return redirect("devices:pledge", pk)
    return _show(request, found, end_form=form)


@open_to(May.KEEP_DEVICES)
@require_POST
def remind(request: Request, pk: uuid.UUID) -> HttpResponse:
    """The letter that reminds of the devices still owed, as a .docx."""
    found = _pledge(request, pk)
    form = Letter(request.POST, prefix="cv")
    if not form.is_valid():
        return _show(request, found, letter_form=form)
    return as_asked(
        request,
        outputs.reminder(
            found, signature=_signature(form), wording=wording_for(issuing_body_of(found.unit), REMINDER)
        ),
        "cong-van-nhac-cam-ket",
    )


@open_to(May.KEEP_DEVICES)
@require_http_methods(["GET", "HEAD", "POST"])
def needs(request: Request) -> HttpResponse:
    """What households lack beside what stores have, by ward, and the letter that asks for the rest."""
    wanted = request.GET.get("chi-so", "")
    indicators = list(Indicator.objects.filter(means__device_kinds__isnull=False).distinct())
    indicator = next((one for one in indicators if one.pk == wanted), None) or _usual(indicators)
    found = figures.needs(request.user, indicator)
    plan = figures.plan_of(request.user)
    form = Letter(request.POST or None, initial={"to": _department(plan), **_signer(plan)})
    if form.is_valid():
        paper = outputs.request(
            found,
            request.user.unit,
            to=form.cleaned_data["to"],
            signature=_signature(form),
            wording=wording_for(issuing_body_of(request.user.unit), REQUEST),
        )
        if request.POST.get("dang") == "van-ban":
            return _draft(request, paper)
        return as_asked(request, paper, f"cong-van-de-nghi-thiet-bi-{found.year}")
    context = {
        "needs": found,
        "form": form,
        "indicators": indicators,
        "at": queries.at,
        "unit": request.user.unit,
        "today": clock.today(),
    }
    return page(request, "devices/needs.html", context)


def _draft(request: Request, paper: Paper) -> HttpResponse:
    """Begin the letter as a paper of the unit's committee: to be signed, numbered and sent."""
    body = issuing_body_of(request.user.unit)
    if body is None:
        messages.error(request, f"Chưa có UBND {request.user.unit.full_name} trong danh sách cơ quan.")
        return redirect("devices:needs")
    try:
        made = drafting.draft(id=uuid.uuid4(), body=body, handed=drafting.Handed(paper), by=request.user)
    except NotAllowed as problem:
        messages.error(request, str(problem))
        return redirect("devices:needs")
    return redirect("paperwork:document", made.pk)


NEED = {
    "thieu-hut": ("Thiếu hụt", None),
    "da-tiep-can": ("Đã được tiếp cận", True),
    "con-cho": ("Còn chờ", False),
}
"""Figures of need, each with whether its households gained access."""


@open_to(May.KEEP_DEVICES)
@require_safe
def in_need(request: Request, indicator: str, figure: str, unit: str) -> HttpResponse:
    """The households behind a figure of one ward's need."""
    if figure not in NEED:
        raise Http404
    found = get_object_or_404(Indicator, pk=indicator)
    place = get_object_or_404(Unit.objects.within(request.user.unit), pk=unit)
    label, gained = NEED[figure]
    households = figures.households_in_need(request.user, found, gained=gained).filter(unit=place)
    note_reading(
        by=request.user, subject=f"need:{found.pk}:{place.pk}", what="Mở danh sách hộ sau nhu cầu thiết bị"
    )
    context = {
        "indicator": found,
        "place": place,
        "figure": figure,
        "label": label,
        "shown": [(key, name) for key, (name, _) in NEED.items()],
        "households": list(households.order_by("sort_key", "pk")),
        "year": clock.today().year,
    }
    return page(request, "devices/in_need.html", context)


def _usual(indicators: list[Indicator]) -> Indicator:
    return next(one for one in indicators if one.pk == "information_asset")


def _signature(form: Letter) -> Signature:
    data = form.cleaned_data
    deputy = data["position"].strip().casefold().startswith("phó")
    authority = ("TM. ỦY BAN NHÂN DÂN", *(("KT. CHỦ TỊCH",) if deputy else ()))
    return Signature(authority, data["position"], data["name"])


def _signer(plan: Plan | None) -> dict[str, str]:
    """Whoever signed the plan's last paper that names somebody."""
    signed = plan.versions.exclude(signatory="").order_by("-ordinal").first() if plan else None
    return {"position": signed.signatory_position, "name": signed.signatory} if signed else {}


def _department(plan: Plan | None) -> str:
    """The department that the plan itself goes to."""
    found = (
        Recipient.objects.filter(version__plan=plan, text__startswith="Sở")
        .order_by("-version__ordinal")
        .first()
    )
    return found.text.partition("(")[0].strip(" ;.") if plan and found else ""


def _pledge(request: Request, pk: uuid.UUID) -> Pledge:
    found = Pledge.objects.visible_to(request.user).with_received()
    return get_object_or_404(found.select_related("kind", "source", "unit__parent"), pk=pk)
