"""Pages of stores: what is where, what came and went, and each device."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.db.models import Case, When
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tiepcan.accounts.actions import note_reading
from tiepcan.accounts.doors import open_to
from tiepcan.accounts.models import Person
from tiepcan.accounts.requests import Request
from tiepcan.accounts.roles import May
from tiepcan.audit.history import history_of, told
from tiepcan.common import clock
from tiepcan.common.numbers import whole_number
from tiepcan.common.refusals import NotAllowed
from tiepcan.devices import actions, figures, queries
from tiepcan.devices.forms import AddKind, Issue, Receive, Repaired, Returned, Search, Why, WrittenOff
from tiepcan.devices.history import SENTENCES
from tiepcan.devices.models import (
    Check,
    Device,
    DeviceKind,
    DeviceQuerySet,
    HandOver,
    Place,
    Pledge,
    StockEntry,
)
from tiepcan.devices.views.keys import is_key, key_in
from tiepcan.units.models import Unit, UnitQuerySet
from tiepcan.web.page import page

LISTED = 200
"""Devices that a list shows at once; more are found by serial number."""
NEWEST = 6
"""Devices that the first page shows."""
PAPERS = 50


def rows(devices: DeviceQuerySet) -> DeviceQuerySet:
    """Devices with what a list says of them."""
    return devices.select_related("kind", "unit", "receipt")


@open_to(May.KEEP_DEVICES)
@require_safe
def devices(request: Request) -> HttpResponse:
    """Whether there is enough, the stock by kind and by serial number, pledges, and the ledger's newest papers."""
    person = request.user
    note_reading(by=person, subject="devices", what="Mở sổ thiết bị, có hộ đang giữ máy")
    plan = figures.plan_of(person)
    found = rows(Device.objects.visible_to(person).exclude(place=Place.OUTSIDE)).order_by(
        # What is mended first: somebody waits for it.
        Case(When(place=Place.REPAIR, then=0), default=1),
        "-since",
        "serial",
    )
    context = {
        "plan": plan,
        "enough": figures.enough(person, plan) if plan else [],
        "stock": figures.stock(person),
        "newest": queries.standing(found[:NEWEST], person),
        "slow": queries.SLOW_REPAIR,
        "pledges": list(
            Pledge.objects.visible_to(person).filter(ended_why="").with_received().select_related("kind")
        ),
        "papers": queries.papers(person),
        "to_ask": len(queries.to_ask_again(person)),
        "at": queries.at,
        "today": clock.today(),
        "now": clock.now(),
        "is_ward": is_ward(person),
        "may_hand_over": person.may(May.RECORD_OUTCOMES),
    }
    return page(request, "devices/devices.html", context)


def is_ward(person: Person) -> bool:
    """Whether no store lies below the person's unit."""
    return not wards_of(person).exists()


def wards_of(person: Person) -> UnitQuerySet:
    return (
        Unit.objects.within(person.unit)
        .valid_on(clock.today())
        .exclude(pk=person.unit.pk)
        .order_by("kind", "name")
    )


@open_to(May.KEEP_DEVICES)
@require_http_methods(["GET", "HEAD", "POST"])
def behind(request: Request, figure: str) -> HttpResponse:
    """The devices behind a figure; a serial number that is looked for is posted."""
    if figure not in figures.FIGURES:
        raise Http404
    person = request.user
    note_reading(by=person, subject=f"devices:{figure}", what="Mở danh sách thiết bị, có hộ đang giữ máy")
    found = rows(figures.behind(person, figure))
    kind = DeviceKind.objects.filter(pk=request.GET.get("loai", "")).first()
    if kind:
        found = found.filter(kind=kind)
    form = Search(request.POST or None)
    words = form.cleaned_data["q"] if form.is_valid() else ""
    if words:
        found = found.filter(serial__contains=actions.serial_of(words))
    listed = list(found[: LISTED + 1])
    context = {
        "label": figures.FIGURES[figure],
        "kind": kind,
        "number": len(listed) if len(listed) <= LISTED else found.count(),
        "devices": queries.standing(listed[:LISTED], person),
        "more": len(listed) > LISTED,
        "q": words,
        "slow": queries.SLOW_REPAIR,
    }
    return page(request, "devices/behind.html", context)


@open_to(May.KEEP_DEVICES)
@require_safe
def ledger(request: Request) -> HttpResponse:
    """Everything that came and went, newest first."""
    before = whole_number(request.GET.get("truoc", "")) or None
    found = queries.papers(request.user, before=before, most=PAPERS)
    older = f"?truoc={found[-1].last}" if len(found) == PAPERS else None
    return page(request, "devices/ledger.html", {"papers": found, "older": older, "before": before})


@open_to(May.KEEP_DEVICES)
@require_http_methods(["GET", "HEAD", "POST"])
def receive(request: Request) -> HttpResponse:
    """Take devices into the store of the person's unit."""
    unit = request.user.unit
    pledges = Pledge.objects.filter(unit=unit, ended_why="").with_received().select_related("kind")
    owed = [pledge for pledge in pledges if pledge.owed or str(pledge.pk) == request.POST.get("pledge")]
    start = {"pledge": request.GET["cam-ket"] if is_key(request.GET.get("cam-ket", "")) else None}
    form = Receive(request.POST or None, unit=unit, pledges=owed, initial=start)
    if form.is_valid():
        try:
            made = actions.receive(unit=unit, by=request.user, **form.cleaned_data)
        except NotAllowed as problem:
            form.add_error("serials", str(problem))
        else:
            messages.success(request, f"Đã nhập {made.devices.count()} máy vào kho {queries.at(unit)}.")
            return redirect("devices:devices")
    return page(
        request, "devices/receive.html", {"form": form, "at": queries.at, "unit": unit, "pledges": owed}
    )


@open_to(May.KEEP_DEVICES)
@require_http_methods(["GET", "HEAD", "POST"])
def issue(request: Request) -> HttpResponse:
    """Give devices of the store of the person's unit to the store of a ward."""
    person = request.user
    store = Device.objects.in_store(person.unit).select_related("kind", "receipt")
    sent_before = StockEntry.objects.filter(batch=key_in(request.POST.get("id", "")))
    # After a double press the first press has emptied the store: the action then compares what was sent.
    devices = store | Device.objects.filter(entries__in=sent_before).select_related("kind", "receipt")
    form = Issue(
        request.POST or None, wards=wards_of(person), devices=devices.distinct() if sent_before else store
    )
    if form.is_valid():
        try:
            done = actions.issue(store=person.unit, by=person, **form.cleaned_data)
        except NotAllowed as problem:
            form.add_error("devices", str(problem))
        else:
            messages.success(request, f"Đã cấp {len(done)} máy cho {queries.at(form.cleaned_data['to'])}.")
            return redirect("devices:devices")
    context = {
        "form": form,
        "at": queries.at,
        "unit": person.unit,
        "there": store.count(),
        "is_ward": is_ward(person),
    }
    return page(request, "devices/issue.html", context)


@open_to(May.OPEN_PLANS)
@require_http_methods(["GET", "HEAD", "POST"])
def add_kind(request: Request) -> HttpResponse:
    """Add a kind of device to the open list."""
    form = AddKind(request.POST or None)
    if form.is_valid():
        try:
            kind = actions.add_kind(unit=request.user.unit, by=request.user, **form.cleaned_data)
        except NotAllowed as problem:
            form.add_error("name", str(problem))
        else:
            messages.success(request, f"Danh mục có loại “{kind.name}”.")
            return redirect("devices:receive")
    return page(
        request, "devices/add_kind.html", {"form": form, "kinds": DeviceKind.objects.select_related("means")}
    )


# ---- one device


@dataclass(frozen=True)
class Step:
    """One thing that can be done to a device on its page."""

    label: str
    hint: str
    form: type[Why]
    act: Callable[..., StockEntry]
    done: str
    places: tuple[Place, ...]
    tone: str = ""


STEPS = {
    "nhan-lai": Step(
        "Nhận lại từ hộ",
        "Máy trở lại kho, lần hỗ trợ của hộ kết thúc. Kết quả đã ghi vẫn tính; hộ không còn được tiếp cận thì rút kết quả.",
        Why,
        actions.take_back_from_household,
        "Đã ghi nhận lại máy. Máy đang ở trong kho.",
        (Place.HOUSEHOLD,),
    ),
    "dua-di-sua": Step(
        "Đưa đi sửa",
        "Máy của hộ sửa xong thì về lại hộ.",
        Why,
        actions.send_to_repair,
        "Đã ghi máy đưa đi sửa.",
        (Place.STORE, Place.HOUSEHOLD),
    ),
    "sua-xong": Step(
        "Sửa xong", "", Repaired, actions.back_from_repair, "Đã ghi máy sửa xong.", (Place.REPAIR,)
    ),
    "tra-kho": Step(
        "Trả về kho cấp trên",
        "",
        Returned,
        actions.return_to_store,
        "Đã trả máy về kho cấp trên.",
        (Place.STORE,),
    ),
    "mat-hong": Step(
        "Ghi mất hoặc hỏng hẳn",
        "Không lấy lại được: máy ra khỏi mọi kho, hộ đang giữ máy thì lần hỗ trợ kết thúc.",
        WrittenOff,
        actions.write_off,
        "Đã ghi máy ra khỏi kho.",
        (Place.STORE, Place.HOUSEHOLD, Place.REPAIR),
        "stop",
    ),
}
"""By the end of the address."""


@open_to(May.KEEP_DEVICES)
@require_safe
def device(request: Request, pk: uuid.UUID) -> HttpResponse:
    return _show(request, _device(request, pk))


def _show(request: Request, found: Device, failed: str = "", form: Why | None = None) -> HttpResponse:
    """A device's page; a form that failed comes back with what was typed."""
    person = request.user
    note_reading(by=person, subject=f"device:{found.pk}", what="Mở trang của máy")
    steps = [
        (key, step, form if key == failed and form else step.form(prefix=key))
        for key, step in STEPS.items()
        if found.place in step.places and not (key == "tra-kho" and found.unit_id == found.receipt.unit_id)
    ]
    [standing] = queries.standing([found], person)
    context = {
        "device": found,
        "standing": standing,
        "way": queries.way_of(found, person),
        "given": HandOver.objects.visible_to(person).standing().filter(device=found).first(),
        "steps": steps if person.may_change(May.KEEP_DEVICES, found.unit) else [],
        "failed": failed,
        "form": form,
        "may_hand_over": found.place == Place.STORE
        and person.unit.pk == found.unit_id
        and person.may_change(May.RECORD_OUTCOMES, found.unit),
        "has_errors": bool(failed),
    }
    return page(request, "devices/device.html", context)


@open_to(May.KEEP_DEVICES)
@require_POST
def take(request: Request, pk: uuid.UUID, step: str) -> HttpResponse:
    """One of `STEPS`."""
    if step not in STEPS:
        raise Http404
    found, taken = _device(request, pk), STEPS[step]
    form = taken.form(request.POST, prefix=step)
    if form.is_valid():
        try:
            taken.act(device=found, by=request.user, **form.cleaned_data)
        except NotAllowed as problem:
            if found.place not in taken.places:  # the step's form is not on the page any more
                messages.error(request, str(problem))
                return redirect("devices:device", pk)
            form.add_error("reason", str(problem))
        else:
            messages.success(request, taken.done)
            if Device.objects.visible_to(request.user).filter(pk=pk).exists():
                return redirect("devices:device", pk)
            return redirect("devices:devices")
    return _show(request, _device(request, pk), step, form)


@open_to(May.KEEP_DEVICES)
@require_safe
def history(request: Request, pk: uuid.UUID) -> HttpResponse:
    """Every act that touched the device, as far as its lines are the person's to see."""
    found = _device(request, pk)
    note_reading(by=request.user, subject=f"device:{found.pk}", what="Mở lịch sử của máy")
    given = HandOver.objects.visible_to(request.user).filter(device=found)
    acts = history_of(
        StockEntry.objects.visible_to(request.user).filter(device=found),
        given,
        Check.objects.filter(hand_over__in=given),
    )
    crumbs = [
        ("Thiết bị", reverse("devices:devices")),
        (found.serial, reverse("devices:device", args=[pk])),
        ("Lịch sử", None),
    ]
    context = {"heading": f"Lịch sử máy {found.serial}", "crumbs": crumbs, "lines": told(acts, SENTENCES)}
    return page(request, "web/history.html", context)


def _device(request: Request, pk: uuid.UUID) -> Device:
    found = Device.objects.visible_to(request.user).exclude(place=Place.OUTSIDE)
    related = ("kind__means", "unit", "receipt__unit", "receipt__source", "receipt__pledge__kind")
    return get_object_or_404(found.select_related(*related), pk=pk)
