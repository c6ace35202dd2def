"""Yearly reviews of wards and communes: where each stands, what changed since last year, and the lock."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tiepcan.accounts.actions import note_reading
from tiepcan.accounts.doors import open_to
from tiepcan.accounts.requests import Request
from tiepcan.accounts.roles import May
from tiepcan.common import clock
from tiepcan.common.refusals import NotAllowed
from tiepcan.households import actions
from tiepcan.households.forms import Chosen, Reopened
from tiepcan.households.listing import with_review
from tiepcan.households.models import POOR, Household, PovertyClass, ReviewRound
from tiepcan.households.queries import (
    FLOW_WORDS,
    Flow,
    Passage,
    as_known,
    flow,
    fresh_in,
    known_years,
    passages,
    waiting_in_rounds,
)
from tiepcan.households.views.scope import rooms, wards_of
from tiepcan.standards.models import Indicator
from tiepcan.units.models import Unit
from tiepcan.web.page import page

SHOWN = 200
"""Households that a page of a round shows at once."""


@dataclass(frozen=True)
class Line:
    """One ward's review of one year; without a round it has not begun."""

    unit: Unit
    year: int
    round: ReviewRound | None
    waiting: int


@open_to(May.SEE_HOUSEHOLDS)
@require_safe
def rounds(request: Request) -> HttpResponse:
    """The wards of the person's scope in one year; of a single ward its years, newest first."""
    wards, years = wards_of(request.user), _years()
    only = wards[0] if len(wards) == 1 else None
    year = _year_asked(request, years)
    places = [(only, one) for one in years] if only else [(ward, year) for ward in wards]
    found = ReviewRound.objects.filter(unit__in=wards, year__in=years if only else [year])
    begun = {(each.unit_id, each.year): each for each in found}
    waiting = waiting_in_rounds([each for each in found if not each.locked_at])
    lines = []
    for ward, one in places:
        current = begun.get((ward.pk, one))
        lines.append(Line(ward, one, current, waiting.get(current.pk, 0) if current else 0))
    context = {
        "lines": lines,
        "only": only,
        "year": year,
        "years": years,
        "locked": sum(1 for line in lines if line.round and line.round.locked_at),
        "begun": sum(1 for line in lines if line.round),
        "rooms": rooms(request.user, "rounds"),
    }
    return page(request, "households/rounds.html", context)


def _years() -> list[int]:
    """Years whose reviews a standard governs, newest first; this year's may have begun."""
    first, last = known_years()
    return list(range(min(clock.today().year, last), first - 1, -1))


def _year_asked(request: Request, years: Sequence[int]) -> int:
    """The year of the address; without one the newest that some ward has begun, else last year."""
    asked = request.GET.get("nam", "")
    if asked.isdecimal() and int(asked) in years:
        return int(asked)
    begun = ReviewRound.objects.filter(unit__path__startswith=request.user.unit.path, year__in=years)
    newest = begun.order_by("-year").values_list("year", flat=True).first()
    return newest or min(clock.today().year - 1, years[0])


# ---- one round


@dataclass(frozen=True)
class Part:
    """One figure of a sum, with the place where the households behind it are named."""

    number: int
    words: str
    url: str
    waits: bool = False


@dataclass(frozen=True)
class Sums:
    """How last year's list became this year's, as two sums of which each adds up."""

    before: Part
    gone: Sequence[Part]
    after: Part
    come: Sequence[Part]


KINDS: Mapping[str, tuple[str, str, Sequence[str]]] = {
    "ngheo": ("poor", "hộ nghèo", POOR),
    "can-ngheo": ("near_poor", "hộ cận nghèo", (PovertyClass.NEAR_POOR,)),
}
"""Lists that a round changes, by their word in addresses: key of `FLOW_WORDS`, name, classes."""

FIGURES: Mapping[str, str] = {
    "nam-truoc": "before",
    "nam-nay": "after",
    "giu-nguyen": "stayed",
    "sang-loai-khac": "to_other_class",
    "thoat": "got_out",
    "chuyen-di": "moved_away",
    "ra-khoi-so": "left",
    "gop": "merged",
    "chua-ra-soat": "waiting",
    "tu-loai-khac": "from_other_class",
    "chuyen-den": "moved_in",
    "tach": "split_off",
    "tai": "returned",
    "phat-sinh": "new",
}
"""Figures of a flow by their word in addresses, in the order in which a sum names them."""

_GONE = ("stayed", "to_other_class", "got_out", "moved_away", "left", "merged", "waiting")
_COME = ("stayed", "from_other_class", "moved_in", "split_off", "returned", "new")


def _place(request: Request, unit: str, year: int) -> tuple[Unit, ReviewRound | None]:
    """A unit of the person's scope, with its round of the year if it has begun; 404 for any other."""
    first, last = known_years()
    if not first <= year <= min(clock.today().year, last):
        raise Http404
    place = get_object_or_404(Unit.objects.within(request.user.unit), pk=unit)
    return place, ReviewRound.objects.filter(unit=place, year=year).select_related("unit").first()


def _round(request: Request, unit: str, year: int) -> ReviewRound:
    found = _place(request, unit, year)[1]
    if found is None:
        raise Http404
    return found


@open_to(May.SEE_HOUSEHOLDS)
@require_safe
def one(request: Request, unit: str, year: int) -> HttpResponse:
    place, current = _place(request, unit, year)
    return _show(request, place, year, current, Chosen())


def _show(
    request: Request,
    place: Unit,
    year: int,
    round: ReviewRound | None,
    form: Chosen,
    ticked: Sequence[Any] = (),
) -> HttpResponse:
    note_reading(
        by=request.user, subject="rounds", what=f"Mở đợt rà soát cuối năm {year}, {place.full_name}"[:200]
    )
    keeps = request.user.may_change(May.KEEP_HOUSEHOLDS, place)
    is_open = round is not None and round.locked_at is None
    waiting = actions.not_reviewed(round) if round and is_open else Household.objects.none()
    fresh = fresh_in(round) if round and is_open else Household.objects.none()
    count = waiting.count()
    context: dict[str, Any] = {
        "place": place,
        "year": year,
        "round": round,
        "form": form,
        "sums": [(name, _sums(place, year, kind)) for kind, (_, name, _) in KINDS.items()],
        "waiting": list(with_review(waiting, year - 1)[:SHOWN]),
        "waiting_count": count,
        "fresh": list(fresh[:SHOWN]),
        "fresh_count": fresh.count(),
        "names": dict(Indicator.objects.values_list("pk", "short_name")),
        "all_ticked": "chon" in request.GET,
        "ticked": {str(key) for key in ticked},
        "may_keep": keeps,
        "may_reopen": request.user.may_change(May.CONSOLIDATE, place),
        "why_not_kept": actions.why_not_kept(year),
        "why_not_locked": _waits(count, year),
    }
    return page(request, "households/round.html", context)


def _waits(count: int, year: int) -> str | None:
    if not count:
        return None
    return f"Còn {count} hộ của danh sách cuối năm {year - 1} chưa rà soát. Ghi kết quả cho từng hộ rồi khóa."


def _sums(place: Unit, year: int, kind: str) -> Sums:
    key, name, classes = KINDS[kind]
    counted, words = flow(place, year, classes), FLOW_WORDS[key]
    return Sums(
        before=_part(place, year, kind, "before", counted, f"{name} cuối {year - 1}"),
        gone=_parts(place, year, kind, _GONE, counted, words),
        after=_part(place, year, kind, "after", counted, f"{name} cuối {year}"),
        come=_parts(place, year, kind, _COME, counted, words),
    )


def _parts(
    place: Unit, year: int, kind: str, figures: Sequence[str], counted: Flow, words: Mapping[str, str]
) -> list[Part]:
    """The parts that are not zero; a sum of none at all is what stayed: 0."""
    shown = [name for name in figures if getattr(counted, name)] or ["stayed"]
    return [_part(place, year, kind, name, counted, words[name]) for name in shown]


def _part(place: Unit, year: int, kind: str, figure: str, counted: Flow, words: str) -> Part:
    slug = next(slug for slug, name in FIGURES.items() if name == figure)
    url = reverse("households:round_behind", args=[place.pk, year, kind, slug])
    return Part(getattr(counted, figure), words, url, waits=figure == "waiting")


@open_to(May.SEE_HOUSEHOLDS)
@require_safe
def behind(request: Request, unit: str, year: int, kind: str, figure: str) -> HttpResponse:
    """The households behind a figure of a sum."""
    place, _ = _place(request, unit, year)
    if kind not in KINDS or figure not in FIGURES:
        raise Http404
    key, name, classes = KINDS[kind]
    wanted = FIGURES[figure]
    found = {one.household: one for one in passages(place, year, classes) if _belongs(one, wanted, classes)}
    note_reading(
        by=request.user, subject="rounds", what=f"Mở danh sách hộ sau số liệu rà soát cuối năm {year}"
    )
    # Not by scope: who moved away counts here too, and is named as the ward last knew them.
    households = (
        Household.objects.filter(pk__in=found).select_related("unit").order_by("sort_key", "pk")[:SHOWN]
    )
    lines = as_known(place, households)
    labels = dict(PovertyClass.choices)
    words = {"before": f"cuối năm {year - 1}", "after": f"cuối năm {year}"}.get(wanted) or FLOW_WORDS[key][
        wanted
    ]
    context = {
        "place": place,
        "year": year,
        "label": f"{name.capitalize()} {words}"
        if wanted in ("before", "after")
        else f"{name.capitalize()}: {words}",
        "count": len(found),
        "rows": [
            (
                lines.get(household.pk) or household,
                household.pk if request.user.covers(household.unit) else None,
                labels.get(found[household.pk].before or "", "không có"),
                labels.get(found[household.pk].after or "", "không có"),
                FLOW_WORDS[key][found[household.pk].how],
            )
            for household in households
        ],
    }
    return page(request, "households/round_behind.html", context)


def _belongs(passage: Passage, figure: str, classes: Sequence[str]) -> bool:
    if figure in ("before", "after"):
        return getattr(passage, figure) in classes
    return passage.how == figure


# ---- what is done to a round


@open_to(May.KEEP_HOUSEHOLDS)
@require_POST
def start(request: Request, unit: str, year: int) -> HttpResponse:
    place, _ = _place(request, unit, year)
    try:
        actions.start_round(unit=place, year=year, by=request.user)
    except NotAllowed as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, f"Đã bắt đầu đợt rà soát cuối năm {year}.")
    return redirect("households:round", unit, year)


@open_to(May.KEEP_HOUSEHOLDS)
@require_POST
def keep(request: Request, unit: str, year: int) -> HttpResponse:
    """Last year's findings stand for the households that were ticked."""
    current = _round(request, unit, year)
    form = Chosen(request.POST)
    if not form.is_valid():
        # Said once, on top: the list of boxes is no field that an error could stand beside.
        form.add_error(None, form.errors.pop("households").as_data())
        return _show(request, current.unit, year, current, form)
    keys = set(form.cleaned_data["households"])
    chosen = list(Household.objects.visible_to(request.user).filter(pk__in=keys))
    try:
        kept = actions.keep_as_before(round=current, households=chosen, by=request.user)
    except NotAllowed as problem:
        form.add_error(None, str(problem))
        return _show(request, current.unit, year, current, form, ticked=list(keys))
    messages.success(request, f"Đã giữ nguyên kết quả năm trước cho {kept} hộ.")
    if kept < len(keys):
        messages.info(request, f"{len(keys) - kept} hộ đã có kết quả hoặc đã ra khỏi sổ nên để nguyên.")
    return redirect("households:round", unit, year)


@open_to(May.KEEP_HOUSEHOLDS)
@require_http_methods(["GET", "HEAD", "POST"])
def lock(request: Request, unit: str, year: int) -> HttpResponse:
    """Asks once, with what will be locked; then the round's reviews change no more."""
    current = _round(request, unit, year)
    if request.method == "POST":
        try:
            actions.lock_round(round=current, by=request.user)
        except NotAllowed as problem:
            messages.error(request, str(problem))
        else:
            messages.success(request, f"Đã khóa đợt rà soát cuối năm {year}.")
        return redirect("households:round", unit, year)
    count = actions.not_reviewed(current).count()
    done = "Đợt rà soát này đã khóa." if current.locked_at else None
    context = {
        "round": current,
        "sums": [(name, _sums(current.unit, year, kind)) for kind, (_, name, _) in KINDS.items()],
        "why_not": done or _waits(count, year),
    }
    return page(request, "households/round_lock.html", context)


@open_to(May.CONSOLIDATE)
@require_http_methods(["GET", "HEAD", "POST"])
def reopen(request: Request, unit: str, year: int) -> HttpResponse:
    current = _round(request, unit, year)
    form = Reopened(request.POST or None)
    if form.is_valid():
        try:
            actions.reopen_round(round=current, by=request.user, **form.cleaned_data)
        except NotAllowed as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, f"Đã mở lại đợt rà soát cuối năm {year} của {current.unit.full_name}.")
            return redirect("households:round", unit, year)
    why_not = None if current.locked_at else "Đợt rà soát này đang mở."
    return page(request, "households/round_reopen.html", {"round": current, "form": form, "why_not": why_not})
