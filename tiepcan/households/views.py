"""Pages of households."""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from tiepcan.accounts.actions import note_reading
from tiepcan.accounts.doors import open_to
from tiepcan.accounts.models import Person
from tiepcan.accounts.requests import Request
from tiepcan.accounts.roles import May
from tiepcan.audit.history import event_model, history_of, told
from tiepcan.common import clock
from tiepcan.common.refusals import NotAllowed, Stale
from tiepcan.households import actions
from tiepcan.households.forms import Add, Edit, Facts, Findings, Reviewed, Search
from tiepcan.households.history import SENTENCES
from tiepcan.households.models import Household, Lack, Review
from tiepcan.standards.models import Indicator, definition
from tiepcan.units.models import Unit
from tiepcan.web.page import page

PAGE = 50
_SEARCH = "household_search"


@dataclass(frozen=True)
class Step:
    """One thing that happened to a household, as its page tells it; `tone` is a status of the design."""

    tone: str
    title: str
    when: str
    said: str = ""
    links: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True)
class Story:
    """What rooms above this one know of a household: what happened, and what can be done next."""

    steps: Sequence[Step] = ()
    acts: Sequence[tuple[str, str]] = field(default=())
    """(label, address), the main one first."""


StoryOf = Callable[[Household, Person], Story]


@open_to(May.SEE_HOUSEHOLDS)
@require_http_methods(["GET", "HEAD", "POST"])
def households(request: Request) -> HttpResponse:
    """The list, 50 to a page, by unit and given name.

    What is searched for is mostly somebody's name: it is posted and kept in the session, never in an address.
    """
    units = _units(request.user)
    if request.method == "POST":
        form = Search(request.POST, units=units)
        if form.is_valid():
            request.session[_SEARCH] = form.cleaned_data
        else:
            request.session[_SEARCH] = {}
            messages.error(request, "Chữ tìm dài quá 100 chữ, hoặc có ký tự lạ. Gõ tên, số hồ sơ hoặc thôn.")
        if not request.headers.get("HX-Request"):
            return redirect("households:households")
    if "tat-ca" in request.GET:
        request.session.pop(_SEARCH, None)
    asked = {name: value for name, value in request.session.get(_SEARCH, {}).items() if value}
    visible = Household.objects.visible_to(request.user)
    year = clock.today().year - 1
    found = visible.named(asked["q"]) if "q" in asked else visible
    found = found.lacking(asked["lack"], year) if "lack" in asked else found
    found = found.filter(unit=asked["unit"]) if "unit" in asked else found
    if after := _after(request, visible):
        found = found.after(after)
    reviews = Review.objects.filter(year=year).prefetch_related(
        Prefetch("lacks", Lack.objects.select_related("indicator"))
    )
    # One more row than is shown says whether there is a next page; nothing is counted.
    rows = list(
        found.select_related("unit").prefetch_related(Prefetch("reviews", reviews, to_attr="last"))[
            : PAGE + 1
        ]
    )
    note_reading(by=request.user, subject="households", what="Mở danh sách hộ")
    context = {
        "form": Search(initial=asked, units=units),
        "households": rows[:PAGE],
        "year": year,
        "next": rows[PAGE - 1] if len(rows) > PAGE else None,
        "is_first": after is None,
        "may_add": request.user.may(May.KEEP_HOUSEHOLDS),
        "asked": bool(asked),
    }
    return page(request, "households/households.html", context, fragment="rows")


def household(story_of: StoryOf) -> Callable[..., HttpResponse]:
    """A household's page; `story_of` tells what rooms above know of it."""

    @open_to(May.SEE_HOUSEHOLDS)
    @require_safe
    def view(request: Request, pk: uuid.UUID) -> HttpResponse:
        found = _household(request, pk)
        note_reading(by=request.user, subject=f"household:{found.pk}", what="Mở trang của hộ")
        indicators = list(Indicator.objects.all())
        reviews = list(found.reviews.prefetch_related("lacks"))
        day = clock.today()
        context = {
            "household": found,
            "reviews": reviews,
            "lacked": {lack.indicator_id for lack in reviews[0].lacks.all()} if reviews else set(),
            "definitions": [(i, definition(i, day)) for i in indicators],
            "story": story_of(found, request.user),
            "may_change": request.user.may_change(May.KEEP_HOUSEHOLDS, found.unit),
        }
        return page(request, "households/household.html", context)

    return view


@open_to(May.KEEP_HOUSEHOLDS)
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: Request) -> HttpResponse:
    units = _units(request.user)
    only = units[0].pk if len(units) == 1 else None
    form = Add(
        request.POST or None, units=Unit.objects.filter(pk__in=[u.pk for u in units]), initial={"unit": only}
    )
    findings = Findings(request.POST or None)
    if form.is_valid() & findings.is_valid():
        try:
            found = actions.add(
                **form.cleaned_data, **findings.cleaned_data, year=clock.today().year - 1, by=request.user
            )
        except NotAllowed as problem:
            form.add_error("code", str(problem))
        else:
            messages.success(request, f"Đã thêm hộ {found.head_name}.")
            return redirect("households:household", found.pk)
    context: dict[str, Any] = {"form": form, "findings": findings, "year": clock.today().year - 1}
    return page(
        request, "households/add.html", context | {"has_errors": bool(form.errors or findings.errors)}
    )


@open_to(May.KEEP_HOUSEHOLDS)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: Request, pk: uuid.UUID) -> HttpResponse:
    found = _household(request, pk)
    note_reading(by=request.user, subject=f"household:{found.pk}", what="Mở trang sửa hộ")
    names = (*Facts.base_fields, "version")
    form = Edit(request.POST or None, initial={name: getattr(found, name) for name in names})
    theirs = None
    if form.is_valid():
        data = form.cleaned_data
        try:
            actions.edit(household=found, by=request.user, **data)
        except Stale as problem:
            # What was typed stays; the other version stands beside it and saving again is a choice made with open eyes.
            form.add_error(None, str(problem))
            found.refresh_from_db()
            theirs = found
            form.data = _with_version(request, found.version)
        except NotAllowed as problem:
            form.add_error("code", str(problem))
        else:
            messages.success(request, "Đã lưu thông tin hộ.")
            return redirect("households:household", pk)
    context = {"household": found, "form": form, "theirs": theirs, "has_errors": bool(form.errors)}
    return page(request, "households/edit.html", context)


@open_to(May.KEEP_HOUSEHOLDS)
@require_http_methods(["GET", "HEAD", "POST"])
def review(request: Request, pk: uuid.UUID) -> HttpResponse:
    """What last year's review found of a household."""
    found = _household(request, pk)
    year = clock.today().year - 1
    last = found.reviews.filter(year=year).prefetch_related("lacks").first()
    start: dict[str, Any] = {"version": found.version}
    if last:
        start |= {"poverty": last.poverty, "lacks": [lack.indicator_id for lack in last.lacks.all()]}
    form = Reviewed(request.POST or None, initial=start)
    theirs = None
    if form.is_valid():
        try:
            actions.review(household=found, year=year, by=request.user, **form.cleaned_data)
        except Stale as problem:
            form.add_error(None, str(problem))
            found.refresh_from_db()
            theirs = found.reviews.filter(year=year).prefetch_related("lacks__indicator").first()
            form.data = _with_version(request, found.version)
        except NotAllowed as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, f"Đã lưu kết quả rà soát cuối năm {year}.")
            return redirect("households:household", pk)
    context = {"household": found, "form": form, "year": year, "theirs": theirs}
    return page(request, "households/review.html", context)


def _with_version(request: Request, version: int) -> QueryDict:
    """What was typed, on the version that stands now: sending it again is a choice made with open eyes."""
    typed = request.POST.copy()
    typed["version"] = str(version)
    return typed


@open_to(May.SEE_HOUSEHOLDS)
@require_safe
def history(request: Request, pk: uuid.UUID) -> HttpResponse:
    found = _household(request, pk)
    note_reading(by=request.user, subject=f"household:{found.pk}", what="Mở lịch sử của hộ")
    acts = history_of(
        Household.objects.filter(pk=found.pk),
        Review.objects.filter(household=found),
        event_model(Lack).objects.filter(review__household=found),
    )
    crumbs = [
        ("Hộ gia đình", reverse("households:households")),
        (found.code, reverse("households:household", args=[pk])),
        ("Lịch sử", None),
    ]
    context = {"heading": f"Lịch sử hộ {found.head_name}", "crumbs": crumbs, "lines": told(acts, SENTENCES)}
    return page(request, "web/history.html", context)


def _household(request: Request, pk: uuid.UUID) -> Household:
    return get_object_or_404(Household.objects.visible_to(request.user).select_related("unit"), pk=pk)


def _units(person: Person) -> list[Unit]:
    """The wards and communes of the person's scope, at today's borders."""
    below = Unit.objects.within(person.unit).valid_on(clock.today()).filter(children__isnull=True)
    return list(below.order_by("kind", "name"))


def _after(request: Request, visible: Any) -> Household | None:
    try:
        return visible.select_related("unit").filter(pk=uuid.UUID(request.GET.get("sau", ""))).first()  # type: ignore[no-any-return]
    except ValueError:
        return None
