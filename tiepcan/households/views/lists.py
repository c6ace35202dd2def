"""The list of households: found without accents, filtered, fifty to a page."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from tiepcan.accounts.actions import note_reading
from tiepcan.accounts.doors import open_to
from tiepcan.accounts.models import Person
from tiepcan.accounts.requests import Request
from tiepcan.accounts.roles import May
from tiepcan.common import clock
from tiepcan.common.numbers import grouped
from tiepcan.households.forms import PlainSelect, Search
from tiepcan.households.listing import PAGE, Conditions, page_of, sought, with_review, years_shown
from tiepcan.households.models import POOR, Household
from tiepcan.households.outputs import list_workbook, ward_workbook
from tiepcan.households.queries import by_class
from tiepcan.households.views.scope import Room, rooms, wards_of
from tiepcan.paperwork.answers import workbook_answer
from tiepcan.standards.models import Indicator
from tiepcan.units.models import Unit
from tiepcan.units.register import Kind
from tiepcan.web.page import page

MOST_EXPORTED = 100_000
_SEARCH = "household_search"


def households(conditions: Conditions) -> Callable[..., HttpResponse]:
    """The list, 50 to a page, by unit and given name.

    What is searched for is mostly somebody's name: it is posted and kept in the session, never in an address.
    """

    @open_to(May.SEE_HOUSEHOLDS)
    @require_http_methods(["GET", "HEAD", "POST"])
    def view(request: Request) -> HttpResponse:
        indicators = list(Indicator.objects.values_list("pk", "short_name", "of_information"))
        offered = {
            "units": _choices(request.user),
            "years": years_shown(),
            "lacks": [
                (key, f"Thiếu {name.lower()}") for key, name, of_information in indicators if of_information
            ],
            "conditions": [(key, label) for key, (label, _) in conditions.items()],
        }
        if request.method == "POST":
            form = Search(request.POST, **offered)
            if form.is_valid():
                request.session[_SEARCH] = form.cleaned_data
            else:
                request.session[_SEARCH] = {}
                messages.error(
                    request, "Chữ tìm dài quá 100 chữ, hoặc có ký tự lạ. Gõ tên, số hồ sơ hoặc thôn."
                )
            if not request.headers.get("HX-Request"):
                return redirect("households:households")
        if "tat-ca" in request.GET:
            request.session.pop(_SEARCH, None)
        asked = asked_of(request)
        year = asked.get("year") or clock.today().year - 1
        visible = Household.objects.visible_to(request.user)
        after = _after(request, visible)
        # One more row than is shown says whether there is a next page; nothing is counted.
        shown = page_of(request.user, asked, year, conditions, after)
        note_reading(by=request.user, subject="households", what="Mở danh sách hộ")
        shown_form = Search(initial={"year": year, **asked}, **offered)
        for choice in ("poverty", "lack", "state", "year", "unit"):
            shown_form.fields[choice].widget = PlainSelect(choices=shown_form.fields[choice].choices)  # type: ignore[attr-defined]
        context = {
            "form": shown_form,
            "lines": shown[:PAGE],
            "address_of": _address_of(),
            "above": _Above(request.user, year),
            "names": {key: name for key, name, _ in indicators},
            "next": shown[PAGE - 1] if len(shown) > PAGE else None,
            "is_first": after is None,
            "may_add": request.user.may(May.KEEP_HOUSEHOLDS),
            "asked": bool(asked),
        }
        return page(request, "households/households.html", context, fragment="rows")

    return view


@dataclass
class _Above:
    """What stands above the list: asked for by a whole page, not by a search that changes the list alone."""

    person: Person
    year: int

    @cached_property
    def rooms(self) -> list[Room]:
        return rooms(self.person, "households")

    @cached_property
    def poor(self) -> int:
        return sum(self._counted.get(poverty, 0) for poverty in POOR)

    @property
    def near_poor(self) -> int:
        return self._counted.get("near_poor", 0)

    @cached_property
    def _counted(self) -> dict[str, int]:
        return by_class(self.person.unit, self.year)


def _address_of() -> Callable[[uuid.UUID], str]:
    """Gives the address of a household's page; the routes are asked once, not for every line."""
    some = uuid.UUID(int=0)
    before, _, behind = reverse("households:household", args=[some]).partition(str(some))
    return lambda key: f"{before}{key}{behind}"


def export(conditions: Conditions) -> Callable[..., HttpResponse]:
    """What the list shows, all of it, as a workbook; who took it out is kept."""

    @open_to(May.SEE_HOUSEHOLDS)
    @require_POST
    def view(request: Request) -> HttpResponse:
        asked = asked_of(request)
        year = asked.get("year") or clock.today().year - 1
        found = sought(Household.objects.visible_to(request.user), asked, year, conditions)
        rows = list(with_review(found, year)[: MOST_EXPORTED + 1])
        if len(rows) > MOST_EXPORTED:
            messages.error(
                request,
                f"Danh sách có hơn {grouped(MOST_EXPORTED)} hộ. Lọc theo phường, xã hoặc phân loại rồi xuất.",
            )
            return redirect("households:households")
        note_reading(
            by=request.user, subject="households", what=f"Xuất bảng tính {len(rows)} hộ, rà soát {year}"
        )
        return workbook_answer(list_workbook(rows, year), f"danh-sach-ho-{year}.xlsx")

    return view


@open_to(May.SEE_HOUSEHOLDS)
@require_POST
def workbook(request: Request) -> HttpResponse:
    """A ward's list to fill in and send back."""
    ward = next((one for one in wards_of(request.user) if one.pk == request.POST.get("ward")), None)
    if ward is None:
        raise Http404
    year = clock.today().year - 1
    note_reading(
        by=request.user, subject=f"unit:{ward.pk}", what=f"Tải bảng tính danh sách hộ, rà soát {year}"
    )
    return workbook_answer(ward_workbook(ward, year), f"ho-{ward.pk}-{year}.xlsx")


def asked_of(request: Request) -> dict[str, Any]:
    """What this person last asked the list for; empty answers are no question."""
    asked = {name: value for name, value in request.session.get(_SEARCH, {}).items() if value}
    if asked.get("year") == clock.today().year - 1:
        asked.pop("year")
    return asked


class _Choice(NamedTuple):
    """A ward of the filter."""

    pk: str
    kind: str
    name: str

    @property
    def full_name(self) -> str:
        return f"{Kind(self.kind).label} {self.name}"


def _choices(person: Person) -> list[_Choice]:
    """As `wards_of`, and no more of each than its name: a province has hundreds."""
    own = person.unit
    if own.kind in (Kind.WARD, Kind.COMMUNE):  # nothing lies below it
        return [_Choice(own.pk, own.kind, own.name)]
    below = Unit.objects.within(own).valid_on(clock.today()).filter(children__isnull=True)
    return [_Choice(*row) for row in below.order_by("kind", "name").values_list("pk", "kind", "name")]


def _after(request: Request, visible: Any) -> Household | None:
    try:
        return visible.select_related("unit").filter(pk=uuid.UUID(request.GET.get("sau", ""))).first()  # type: ignore[no-any-return]
    except ValueError:
        return None
