"""The page of one household, and the forms that keep it."""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
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
from tiepcan.households import actions, identity, suspicion
from tiepcan.households.forms import Add, Edit, Facts, Findings, Reviewed
from tiepcan.households.history import SENTENCES
from tiepcan.households.models import SENSITIVE, Household, Member, Review, ReviewRound
from tiepcan.households.queries import known_years, lacks_of
from tiepcan.households.views.changes import after
from tiepcan.households.views.scope import household_of, wards_of, with_version
from tiepcan.standards.models import Indicator
from tiepcan.units.models import Unit
from tiepcan.web.page import page


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


def household(story_of: StoryOf) -> Callable[..., HttpResponse]:
    """A household's page; `story_of` tells what rooms above know of it."""

    @open_to(May.SEE_HOUSEHOLDS)
    @require_safe
    def view(request: Request, pk: uuid.UUID) -> HttpResponse:
        found = household_of(request, pk)
        note_reading(by=request.user, subject=f"household:{found.pk}", what="Mở trang của hộ")
        reviews = list(found.reviews.filter(standing=True))
        context = {
            "household": found,
            "reviews": reviews,
            "lacks": lacks_of(found, reviews[0]) if reviews else [],
            "people": [(person, identity.masked(person.identity)) for person in found.people.all()],
            "number": identity.masked(found.identity),
            "moves": list(found.moves.select_related("from_unit", "to_unit")),
            **_kin(found, request.user),
            "rounds": _open_rounds(found, [review.year for review in reviews]),
            "after": after(found),
            "story": story_of(found, request.user),
            "may_change": found.merged_into_id is None
            and request.user.may_change(May.KEEP_HOUSEHOLDS, found.unit),
        }
        return page(request, "households/household.html", context)

    return view


def _kin(found: Household, person: Person) -> dict[str, Any]:
    """Records merged into the household, households split off from it, and the one it split from. One query."""
    related = Q(merged_into=found) | Q(split_from=found) | Q(pk=found.split_from_id)
    kin = list(Household.objects.visible_to(person).filter(related))
    return {
        "merged": [one for one in kin if one.merged_into_id == found.pk],
        "split_off": [one for one in kin if one.split_from_id == found.pk],
        "origin": next((one for one in kin if one.pk == found.split_from_id), None),
    }


def _open_rounds(found: Household, reviewed: Sequence[int]) -> list[int]:
    """Years of the open rounds of the household's unit in which it has no review yet."""
    if not found.is_listed:
        return []
    begun = ReviewRound.objects.filter(unit=found.unit_id, locked_at=None).exclude(year__in=reviewed)
    return list(begun.order_by("year").values_list("year", flat=True))


@open_to(May.KEEP_HOUSEHOLDS)
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: Request) -> HttpResponse:
    units = wards_of(request.user)
    only = units[0].pk if len(units) == 1 else None
    form = Add(
        request.POST or None, units=Unit.objects.filter(pk__in=[u.pk for u in units]), initial={"unit": only}
    )
    year = clock.today().year - 1
    findings = Findings(request.POST or None, year=year, unit=request.user.unit)
    alike: list[suspicion.Alike] = []
    # The records that the person said to be others: the tick is worth for those that it was shown with.
    others, told_apart = request.POST.get("other", ""), False
    if form.is_valid() & findings.is_valid():
        data = form.cleaned_data
        if not Household.objects.visible_to(request.user).filter(pk=data["id"]).exists():  # a second press
            alike = suspicion.like(data["unit"], suspicion.typed(**data))
        told_apart = {str(one.household.pk) for one in alike} <= set(others.split())
        if not told_apart:
            form.add_error(None, _MAY_BE_THERE)
    if form.is_valid() & findings.is_valid():
        try:
            found = actions.add(**form.cleaned_data, **findings.findings(), year=year, by=request.user)
        except NotAllowed as problem:
            form.add_error("code", str(problem))
        else:
            actions.tell_apart(household=found, others=alike, by=request.user)
            messages.success(request, f"Đã thêm hộ {found.head_name}.")
            return redirect("households:household", found.pk)
    context: dict[str, Any] = {
        "form": form,
        "findings": findings,
        "year": year,
        "alike": alike,
        "others": others,
        "told_apart": told_apart,
    }
    return page(
        request, "households/add.html", context | {"has_errors": bool(form.errors or findings.errors)}
    )


_MAY_BE_THERE = (
    "Hộ này có thể đã có trong sổ. So với các hồ sơ dưới đây, rồi đánh dấu “Đây là hộ khác, vẫn thêm”."
)


@open_to(May.KEEP_HOUSEHOLDS)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: Request, pk: uuid.UUID) -> HttpResponse:
    found = household_of(request, pk)
    note_reading(by=request.user, subject=f"household:{found.pk}", what="Mở trang sửa hộ")
    names = (*(name for name in Facts.base_fields if name != "number"), "version")
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
            form.data = with_version(request, found.version)
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
    """What the review of a year found of a household: last year's, unless the address says another."""
    found = household_of(request, pk)
    note_reading(by=request.user, subject=f"household:{found.pk}", what="Mở trang kết quả rà soát của hộ")
    year = _year_asked(request)
    last = found.reviews.filter(year=year).select_related("unit").first()
    # The figures of a year are those of the unit that reviewed, also when the household has moved since.
    place = last.unit if last else found.unit
    locked = ReviewRound.objects.filter(unit=place, year=year, locked_at__isnull=False).first()
    if locked and request.method != "POST":
        shown = {"household": found, "year": year, "locked": locked, "place": place, "last": last}
        lines = lacks_of(found, last) if last else []
        return page(request, "households/review_locked.html", shown | {"lacks": lines})
    start: dict[str, Any] = {"version": found.version}
    if last:
        start |= {"poverty": last.poverty, "lacks": last.lacks}
    form = Reviewed(
        request.POST or None,
        initial=start,
        year=year,
        unit=found.unit,
        answers=last.answers if last else {},
    )
    theirs = None
    if form.is_valid():
        try:
            actions.review(
                household=found,
                version=form.cleaned_data["version"],
                year=year,
                by=request.user,
                **form.findings(),
            )
        except Stale as problem:
            form.add_error(None, str(problem))
            found.refresh_from_db()
            theirs = found.reviews.filter(year=year).first()
            form.data = with_version(request, found.version)
        except NotAllowed as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, f"Đã lưu kết quả rà soát cuối năm {year}.")
            return redirect("households:household", pk)
    names = dict(Indicator.objects.values_list("pk", "name"))
    context = {"household": found, "form": form, "year": year, "theirs": theirs, "names": names}
    return page(request, "households/review.html", context)


def _year_asked(request: Request) -> int:
    """The year of the address, if a standard governs its review and it has come; else last year."""
    asked = request.GET.get("nam")
    if asked is None:
        return clock.today().year - 1
    first, last = known_years()
    if not asked.isdecimal() or not first <= int(asked) <= min(last, clock.today().year):
        raise Http404
    return int(asked)


@open_to(May.SEE_HOUSEHOLDS)
@require_safe
def history(request: Request, pk: uuid.UUID) -> HttpResponse:
    """What was done to a household; also to one that left the registry with the import that had added it."""
    found = Household.objects.visible_to(request.user).filter(pk=pk).first()
    if found is None:
        return _history_of_one_taken_back(request, pk)
    note_reading(by=request.user, subject=f"household:{found.pk}", what="Mở lịch sử của hộ")
    acts = history_of(
        Household.objects.filter(pk=found.pk),
        Review.objects.filter(household=found),
        event_model(Member).objects.filter(household=found),
        words=dict(Indicator.objects.values_list("pk", "short_name")),
        hidden=SENSITIVE,
    )
    crumbs = [
        ("Hộ gia đình", reverse("households:households")),
        (found.code, reverse("households:household", args=[pk])),
        ("Lịch sử", None),
    ]
    context = {"heading": f"Lịch sử hộ {found.head_name}", "crumbs": crumbs, "lines": told(acts, SENTENCES)}
    return page(request, "web/history.html", context)


def _history_of_one_taken_back(request: Request, pk: uuid.UUID) -> HttpResponse:
    """Of a row that is no more history has all that is known; seen by who sees the unit that it was of."""
    events = event_model(Household).objects.filter(pgh_obj_id=pk)
    last = events.filter(pgh_label="delete", unit__path__startswith=request.user.unit.path).first()
    if last is None:
        raise Http404
    note_reading(by=request.user, subject=f"household:{pk}", what="Mở lịch sử của hộ")
    crumbs = [("Hộ gia đình", reverse("households:households")), (last.code, None), ("Lịch sử", None)]
    lines = told(history_of(events, hidden=SENSITIVE), SENTENCES)
    context = {"heading": f"Lịch sử hộ {last.head_name}", "crumbs": crumbs, "lines": lines}
    return page(request, "web/history.html", context)
