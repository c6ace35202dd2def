"""Pages of hand-overs: choosing device and household, the form with its signature, the minutes, and asking again."""

import uuid
from typing import Any

from django.contrib import messages
from django.db.models import Exists, OuterRef
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tiepcan.accounts.actions import note_reading
from tiepcan.accounts.doors import open_to
from tiepcan.accounts.requests import Request
from tiepcan.accounts.roles import May
from tiepcan.common import clock
from tiepcan.common.refusals import NotAllowed
from tiepcan.devices import actions, outputs, queries
from tiepcan.devices.forms import Asked, Choose, HandOverForm, Reason
from tiepcan.devices.ledger import Taken
from tiepcan.devices.models import CHECKED_AFTER, Device, HandOver, Held
from tiepcan.devices.terms import months_after
from tiepcan.devices.views.keys import is_key, key_in
from tiepcan.households.models import Household, HouseholdQuerySet, Move
from tiepcan.paperwork.answers import as_asked
from tiepcan.supports.models import Outcome, Support
from tiepcan.supports.queries import lacking_of
from tiepcan.web.page import page

CHOICES = 30
"""Devices or households that a chooser shows at once."""


@open_to(May.RECORD_OUTCOMES)
@require_http_methods(["GET", "HEAD", "POST"])
def hand_over_to(request: Request) -> HttpResponse:
    """Hand a device over: without a device choose one of the store, without a household one that lacks it."""
    person, unit = request.user, request.user.unit
    if known := HandOver.objects.visible_to(person).filter(pk=key_in(request.POST.get("id", ""))).first():
        # The second press of a button: what the first one wrote.
        return redirect("devices:hand_over", known.pk)
    store = (
        Device.objects.visible_to(person)
        .in_store(unit)
        .select_related("kind__means__indicator", "unit", "receipt__pledge__kind", "receipt__unit")
    )
    wanted = request.GET.get("may", "")
    if not wanted:
        return _choose_device(request, store)
    device = store.filter(pk=key_in(wanted)).first()
    if device is None:
        gone = get_object_or_404(
            Device.objects.visible_to(person).select_related("unit", "kind"), pk=key_in(wanted)
        )
        messages.error(request, str(Taken(gone, unit)))
        return redirect("devices:hand_over_to")
    if not request.GET.get("ho"):
        return _choose_household(request, device)
    household = get_object_or_404(
        Household.objects.visible_to(person).listed().filter(unit=unit).select_related("unit"),
        pk=key_in(request.GET["ho"]),
    )
    note_reading(by=person, subject=f"household:{household.pk}", what="Mở trang bàn giao thiết bị cho hộ")
    schemes = actions.schemes_for(device.kind, clock.today())
    form = HandOverForm(
        request.POST or None, request.FILES or None, head=household.head_name, schemes=schemes
    )
    if form.is_valid():
        try:
            made = actions.hand_over(device=device, household=household, by=person, **form.facts())
        except Taken as problem:
            messages.error(request, str(problem))
            return redirect(f"{reverse('devices:hand_over_to')}?ho={household.pk}")
        except NotAllowed as problem:
            form.add_error(None, str(problem))
        else:
            return _handed(request, made, household)
    if form.errors and request.FILES:
        names = ", ".join(file.name or "" for field in request.FILES for file in request.FILES.getlist(field))
        form.add_error("files", f"Chọn lại tệp, chưa tệp nào được lưu: {names}.")
    had = (
        Support.objects.visible_to(person)
        .standing()
        .filter(household__in=household.records(), indicator=device.kind.means.indicator)
    )
    context = {
        "device": device,
        "household": household,
        "lacks": lacking_of([household])[0][1],
        "had": list(had.select_related("means")),
        "left": store.filter(kind=device.kind).count(),
        "form": form,
        "at": queries.at,
        "way": queries.way_of(device, person),
        "due": months_after(clock.today(), CHECKED_AFTER),
    }
    return page(request, "devices/hand_over_to.html", context)


def _handed(request: Request, made: HandOver, household: Household) -> HttpResponse:
    if made.uncounted:
        messages.warning(request, f"Đã ghi bàn giao cho hộ {household.head_name}. {made.uncounted}")
    else:
        messages.success(
            request,
            f"Đã ghi bàn giao cho hộ {household.head_name}. Hộ được ghi nhận, chờ Phòng LĐTBXH xác minh.",
        )
    return redirect("devices:hand_over", made.pk)


def _choose_device(request: Request, store: Any) -> HttpResponse:
    household = request.GET["ho"] if is_key(request.GET.get("ho", "")) else None
    context = {"devices": list(store), "household": household, "at": queries.at, "unit": request.user.unit}
    return page(request, "devices/choose_device.html", context)


def _choose_household(request: Request, device: Device) -> HttpResponse:
    """Households of the ward that lack what the device is for and were not recorded; a search finds the others, too."""
    note_reading(by=request.user, subject="households", what="Mở danh sách hộ để bàn giao thiết bị")
    form = Choose(request.POST or None)  # somebody's name: posted, never in an address
    words = form.cleaned_data["q"] if form.is_valid() else ""
    everyone = (
        Household.objects.visible_to(request.user)
        .listed()
        .filter(unit=request.user.unit)
        .select_related("unit")
    )
    found = list((everyone.named(words) if words else _waiting(everyone, device))[: CHOICES + 1])
    context = {
        "device": device,
        "households": lacking_of(found[:CHOICES]),
        "more": len(found) > CHOICES,
        "q": words,
        "indicator": device.kind.means.indicator,
    }
    return page(request, "devices/choose_household.html", context)


def _waiting(households: HouseholdQuerySet, device: Device) -> HouseholdQuerySet:
    year, indicator = clock.today().year, device.kind.means.indicator
    recorded = Outcome.objects.standing().filter(
        household=OuterRef("pk"), plan__year=year, indicator=indicator
    )
    return households.lacking(indicator.pk, year - 1).filter(~Exists(recorded))


@open_to(May.SEE_HOUSEHOLDS)
@require_safe
def hand_over(request: Request, pk: uuid.UUID) -> HttpResponse:
    return _show(request, _given(request, pk))


def _show(request: Request, found: HandOver, **forms: Any) -> HttpResponse:
    """A hand-over with its evidence and checks; a form that failed comes back with what was typed."""
    person = request.user
    note_reading(by=person, subject=f"hand_over:{found.pk}", what="Mở lần bàn giao thiết bị cho hộ")
    name, code, opens = known_as(request, found)
    mine = person.may_change(May.KEEP_DEVICES, found.support.unit)
    context = {
        "given": found,
        "paper": outputs.minutes(found, name, code, outputs.wording_of_minutes(found)),
        "head_name": name,
        "code": code,
        "opens": opens,
        "opens_device": Device.objects.visible_to(person).filter(pk=found.device_id).exists(),
        "files": list(found.support.evidence.all()),
        "checks": list(found.checks.all()),
        "due": found.check_due_on <= clock.today(),
        "why_not_undo": actions.why_not_undo(found, person),
        "may_ask": mine and found.state == Held.STANDING,
        "undo_form": forms.get("undo_form") or Reason(prefix="ht"),
        "ask_form": forms.get("ask_form") or Asked(prefix="hoi"),
        "failed": next(iter(forms), ""),
        "has_errors": bool(forms),
    }
    return page(request, "devices/hand_over.html", context)


def known_as(request: Request, found: HandOver) -> tuple[str, str, bool]:
    """Head and code of the household as the unit that gave the device knows it, and whether its page opens."""
    household, unit = found.support.household, found.support.unit
    if household.unit_id == unit.pk:
        return household.head_name, household.code, request.user.covers(unit)
    last = Move.objects.filter(household=household, from_unit=unit).order_by("-moved_on", "-id").first()
    if last is None:
        return household.head_name, household.code, request.user.covers(household.unit)
    return last.head_name, last.code, request.user.covers(household.unit)


@open_to(May.SEE_HOUSEHOLDS)
@require_safe
def minutes(request: Request, pk: uuid.UUID) -> HttpResponse:
    """The minutes of the hand-over as a .docx, to be printed twice."""
    found = _given(request, pk)
    note_reading(by=request.user, subject=f"hand_over:{found.pk}", what="Lấy biên bản bàn giao thiết bị")
    name, code, _ = known_as(request, found)
    return as_asked(
        request,
        outputs.minutes(found, name, code, outputs.wording_of_minutes(found)),
        f"bien-ban-ban-giao-{found.support.began_on:%d-%m-%Y}",
    )


@open_to(May.RECORD_OUTCOMES)
@require_POST
def undo(request: Request, pk: uuid.UUID) -> HttpResponse:
    found = _given(request, pk)
    form = Reason(request.POST, prefix="ht")
    if problem := actions.why_not_undo(found, request.user):
        messages.error(request, problem)
        return redirect("devices:hand_over", pk)
    if form.is_valid():
        try:
            actions.undo_hand_over(hand_over=found, reason=form.cleaned_data["reason"], by=request.user)
        except NotAllowed as refusal:
            form.add_error("reason", str(refusal))
        else:
            messages.success(request, f"Đã hoàn tác bàn giao. Máy {found.device.serial} trở lại kho.")
            return redirect("devices:hand_over", pk)
    return _show(request, found, undo_form=form)


@open_to(May.KEEP_DEVICES)
@require_POST
def ask(request: Request, pk: uuid.UUID) -> HttpResponse:
    found = _given(request, pk)
    form = Asked(request.POST, request.FILES, prefix="hoi")
    if form.is_valid():
        try:
            actions.check_condition(hand_over=found, by=request.user, **form.cleaned_data)
        except NotAllowed as refusal:
            form.add_error("on", str(refusal))
        else:
            messages.success(request, "Đã ghi tình trạng máy.")
            return redirect("devices:hand_over", pk)
    return _show(request, found, ask_form=form)


@open_to(May.KEEP_DEVICES)
@require_safe
def to_ask(request: Request) -> HttpResponse:
    """Devices that households have had for half a year and that nobody asked about since."""
    note_reading(by=request.user, subject="devices", what="Mở danh sách máy cần hỏi lại")
    rows = [(one, *known_as(request, one)) for one in queries.to_ask_again(request.user)]
    return page(request, "devices/to_ask.html", {"rows": rows, "months": CHECKED_AFTER})


def _given(request: Request, pk: uuid.UUID) -> HandOver:
    related = (
        "support__household__unit", "support__unit__parent", "support__scheme", "support__outcome", "support__indicator",
        "device__kind", "device__receipt", "entry__to_unit", "signature",
    )  # fmt: skip
    return get_object_or_404(HandOver.objects.visible_to(request.user).select_related(*related), pk=pk)
