"""What the list of households shows: those that answer what was asked, a page of them, each with its review."""

import uuid
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from django.db.models import Exists, FilteredRelation, OuterRef, Prefetch, Q

from tiepcan.accounts.models import Person
from tiepcan.common import clock
from tiepcan.households.finding import Place, keys_sought
from tiepcan.households.models import (
    POOR,
    Household,
    HouseholdQuerySet,
    PovertyClass,
    Review,
    ReviewRound,
)
from tiepcan.units.models import Unit
from tiepcan.units.register import Kind

PAGE = 50
Conditions = Mapping[str, tuple[str, Callable[[int], Q]]]
"""Filters that rooms above know: by key, their label and the condition for the year of the plan."""


class Line(NamedTuple):
    """A household as its line shows it, with its class and lacks at the review of the year; None without one.

    Whole rows would be the slowest part of the page.
    """

    pk: uuid.UUID
    head_name: str
    code: str
    hamlet: str
    unit_kind: str
    unit_name: str
    poverty: str | None
    lacks: Sequence[str] | None

    @property
    def place(self) -> str:
        return f"{Kind(self.unit_kind).label} {self.unit_name}"

    @property
    def poverty_words(self) -> str:
        return PovertyClass(self.poverty).label if self.poverty else "chưa rà soát"


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


def page_of(
    person: Person, asked: Mapping[str, Any], year: int, conditions: Conditions, after: Household | None
) -> list[Line]:
    """The lines of one page, and one more if others follow."""
    visible = Household.objects.visible_to(person)
    if asked.get("state") in conditions:
        # What rooms above know is asked of each household in turn.
        found = sought(visible, asked, year, conditions)
        return _lines(found.after(after) if after else found, year, PAGE + 1)
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
    lines = {line.pk: line for line in _lines(visible.filter(pk__in=keys).order_by(), year, PAGE + 1)}
    return [lines[key] for key in keys if key in lines]


def _lines(found: HouseholdQuerySet, year: int, most: int) -> list[Line]:
    """One query."""
    of_year = FilteredRelation("reviews", condition=Q(reviews__year=year, reviews__standing=True))
    columns = ("pk", "head_name", "code", "hamlet", "unit__kind", "unit__name")
    rows = found.annotate(of_year=of_year).values_list(*columns, "of_year__poverty", "of_year__lacks")
    return [Line(*row) for row in rows[:most]]


def _classes(asked: Mapping[str, Any]) -> Sequence[str] | None:
    """The classes that are asked for; None for any."""
    if "poverty" not in asked:
        return None
    return POOR if asked["poverty"] == "poor_any" else (asked["poverty"],)


def with_review(found: HouseholdQuerySet, year: int) -> HouseholdQuerySet:
    """Each with its unit, and its review of the year as `last` (a list of none or one). Two queries."""
    reviews = Review.objects.filter(year=year, standing=True)
    return found.select_related("unit").prefetch_related(Prefetch("reviews", reviews, to_attr="last"))


def years_shown() -> list[int]:
    """Years whose reviews a list can show, newest first."""
    last = clock.today().year - 1
    begun = ReviewRound.objects.filter(year__gt=last).values_list("year", flat=True).distinct()
    return sorted({*range(last, max(2014, last - 8), -1), *begun}, reverse=True)
