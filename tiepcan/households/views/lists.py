"""The list of households: found without accents, filtered, fifty to a page."""

import uuid
from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import Any, NamedTuple

from django import forms
from django.contrib import messages
from django.db.models import Exists, OuterRef, Prefetch, Q
from django.forms.utils import flatatt
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.html import format_html
from django.utils.http import content_disposition_header
from django.utils.safestring import SafeString
from django.views.decorators.http import require_http_methods, require_POST

from tiepcan.accounts.actions import note_reading
from tiepcan.accounts.doors import open_to
from tiepcan.accounts.models import Person
from tiepcan.accounts.requests import Request
from tiepcan.accounts.roles import May
from tiepcan.common import clock
from tiepcan.common.numbers import grouped
from tiepcan.households.finding import Place, keys_sought
from tiepcan.households.forms import Search
from tiepcan.households.models import POOR, Household, HouseholdQuerySet, Review, ReviewRound
from tiepcan.households.outputs import list_workbook, ward_workbook
from tiepcan.households.queries import by_class
from tiepcan.households.views.scope import rooms, wards_of
from tiepcan.standards.models import Indicator
from tiepcan.units.models import Unit
from tiepcan.units.register import Kind
from tiepcan.web.page import page

PAGE = 50
MOST_EXPORTED = 100_000
_SEARCH = "household_search"

Conditions = Mapping[str, tuple[str, Callable[[int], Q]]]
"""Filters that rooms above know: by key, their label and the condition for the year of the plan."""


def households(conditions: Conditions) -> Callable[..., HttpResponse]:
    """The list, 50 to a page, by unit and given name.

    What is searched for is mostly somebody's name: it is posted and kept in the session, never in an address.
    """

    @open_to(May.SEE_HOUSEHOLDS)
    @require_http_methods(["GET", "HEAD", "POST"])
    def view(request: Request) -> HttpResponse:
        offered = {
            "units": _choices(request.user),
            "years": _years(),
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
        shown = _page(request.user, asked, year, conditions, after)
        note_reading(by=request.user, subject="households", what="Mở danh sách hộ")
        counted = by_class(request.user.unit, year)
        shown_form = Search(initial={"year": year, **asked}, **offered)
        for choice in ("poverty", "lack", "state", "year", "unit"):
            shown_form.fields[choice].widget = _Plain(choices=shown_form.fields[choice].choices)  # type: ignore[attr-defined]
        context = {
            "form": shown_form,
            "households": shown[:PAGE],
            "year": year,
            "poor": sum(counted.get(poverty, 0) for poverty in POOR),
            "near_poor": counted.get("near_poor", 0),
            "names": dict(Indicator.objects.values_list("pk", "short_name")),
            "next": shown[PAGE - 1] if len(shown) > PAGE else None,
            "is_first": after is None,
            "may_add": request.user.may(May.KEEP_HOUSEHOLDS),
            "asked": bool(asked),
            "rooms": rooms(request.user, "households"),
        }
        return page(request, "households/households.html", context, fragment="rows")

    return view


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


def workbook_answer(content: bytes, name: str) -> HttpResponse:
    """An .xlsx to be saved."""
    answer = HttpResponse(
        content, content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    )
    answer.headers["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return answer


def asked_of(request: Request) -> dict[str, Any]:
    """What this person last asked the list for; empty answers are no question."""
    asked = {name: value for name, value in request.session.get(_SEARCH, {}).items() if value}
    if asked.get("year") == clock.today().year - 1:
        asked.pop("year")
    return asked


def sought(
    visible: HouseholdQuerySet, asked: Mapping[str, Any], year: int, conditions: Conditions
) -> HouseholdQuerySet:
    """The households that answer what was asked, of those that the person may see."""
    found = visible.left() if asked.get("state") == "left" else visible.listed()
    if "q" in asked:
        found = found.named(asked["q"])
    if "unit" in asked:
        found = found.filter(unit=asked["unit"])
    reviews = Review.objects.filter(household=OuterRef("pk"), year=year, standing=True)
    if classes := _classes(asked):
        reviews = reviews.filter(poverty__in=classes)
    if "lack" in asked:
        reviews = reviews.filter(lacks__contains=[asked["lack"]])
    if "poverty" in asked or "lack" in asked:
        found = found.filter(Exists(reviews))
    if asked.get("state") in conditions:
        found = found.filter(conditions[asked["state"]][1](year + 1))
    return found


class _Plain(forms.Select):
    """A choice of the filters, hundreds of units among them, without a template for each line."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        chosen = str(value or "")
        options = "".join(
            f'<option value="{escape(str(key))}"{" selected" if str(key) == chosen else ""}>{escape(str(label))}</option>'
            for key, label in self.choices
        )
        # Every value and label above is escaped.
        return format_html(
            "<select{}>{}</select>", flatatt({"name": name, **(attrs or {})}), SafeString(options)
        )


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
    below = Unit.objects.within(person.unit).valid_on(clock.today()).filter(children__isnull=True)
    return [_Choice(*row) for row in below.order_by("kind", "name").values_list("pk", "kind", "name")]


def _page(
    person: Person, asked: Mapping[str, Any], year: int, conditions: Conditions, after: Household | None
) -> list[Household]:
    """The households of one page, and one more if others follow, each with its review of the year."""
    visible = Household.objects.visible_to(person)
    if asked.get("state") in conditions:
        # What rooms above know is asked of each household in turn.
        found = sought(visible, asked, year, conditions)
        return list(with_review(found.after(after) if after else found, year)[: PAGE + 1])
    keys = keys_sought(
        person.unit if "unit" not in asked else Unit.objects.get(pk=asked["unit"]),
        gone=asked.get("state") == "left",
        typed=asked.get("q", ""),
        year=year,
        classes=_classes(asked),
        lack=asked.get("lack"),
        after=Place(after.unit.path, after.sort_key, after.pk) if after else None,
        wanted=PAGE + 1,
    )
    rows = {row.pk: row for row in with_review(visible.filter(pk__in=keys).order_by(), year)}
    return [rows[key] for key in keys if key in rows]


def _classes(asked: Mapping[str, Any]) -> Sequence[str] | None:
    """The classes that are asked for; None for any."""
    if "poverty" not in asked:
        return None
    return POOR if asked["poverty"] == "poor_any" else (asked["poverty"],)


def with_review(found: HouseholdQuerySet, year: int) -> HouseholdQuerySet:
    """Each with its unit, and its review of the year as `last` (a list of none or one). Two queries."""
    reviews = Review.objects.filter(year=year, standing=True)
    return found.select_related("unit").prefetch_related(Prefetch("reviews", reviews, to_attr="last"))


def _years() -> list[int]:
    """Years whose reviews a list can show, newest first."""
    last = clock.today().year - 1
    begun = ReviewRound.objects.filter(year__gt=last).values_list("year", flat=True).distinct()
    return sorted({*range(last, max(2014, last - 8), -1), *begun}, reverse=True)


def _after(request: Request, visible: Any) -> Household | None:
    try:
        return visible.select_related("unit").filter(pk=uuid.UUID(request.GET.get("sau", ""))).first()  # type: ignore[no-any-return]
    except ValueError:
        return None
