"""What a person may reach from the pages of households, and the places that the pages lead to."""

import uuid
from dataclasses import dataclass

from django.http import QueryDict
from django.shortcuts import get_object_or_404
from django.urls import reverse

from tiepcan.accounts.models import Person
from tiepcan.accounts.requests import Request
from tiepcan.accounts.roles import May
from tiepcan.common import clock
from tiepcan.households.models import Household, Pair
from tiepcan.units.models import Unit


def household_of(request: Request, pk: uuid.UUID) -> Household:
    """The household, or 404 for who may not see it."""
    # The record that it was merged into may stand in another ward, beyond the wall: joined, it is then None.
    found = Household.objects.visible_to(request.user).select_related("unit", "merged_into")
    return get_object_or_404(found, pk=pk)


def wards_of(person: Person) -> list[Unit]:
    """The wards and communes of the person's scope, at today's borders."""
    below = Unit.objects.within(person.unit).valid_on(clock.today()).filter(children__isnull=True)
    return list(below.order_by("kind", "name"))


def with_version(request: Request, version: int, name: str = "version") -> QueryDict:
    """What was typed, on the version that stands now: sending it again is a choice made with open eyes."""
    typed = request.POST.copy()
    typed[name] = str(version)
    return typed


@dataclass(frozen=True)
class Room:
    """One of the pages beside the list of households; `count` is what waits there."""

    label: str
    url: str
    current: bool
    count: int | None


def rooms(person: Person, current: str) -> list[Room]:
    """The pages of households, for the line of links on top of each; `current` is the name of this one's address."""
    waiting = Pair.objects.waiting_for(person).count()
    places = (
        ("Danh sách hộ", "households", May.SEE_HOUSEHOLDS, None),
        ("Rà soát hằng năm", "rounds", May.SEE_HOUSEHOLDS, None),
        ("Nhập bảng tính", "imports", May.IMPORT_HOUSEHOLDS, None),
        ("Chuyển đi, chuyển đến", "moves", May.SEE_HOUSEHOLDS, None),
        ("Nghi trùng", "pairs", May.SEE_HOUSEHOLDS, waiting or None),
    )
    return [
        Room(label, reverse(f"households:{name}"), name == current, count)
        for label, name, needed, count in places
        if person.may(needed)
    ]
