"""Addresses of the rows behind figures, made fast: a long table asks for one in every line."""

from datetime import date
from functools import lru_cache

from django.urls import reverse

from tiepcan.plans.models import Plan
from tiepcan.plans.queries import ListedUnit
from tiepcan.units.models import Unit


def figure_url(
    plan: Plan, indicator: str, figure: str, as_of: date, unit: Unit | ListedUnit | None = None
) -> str:
    """The address of the rows behind a figure."""
    whole = _address(plan.pk, indicator, figure, as_of)
    return f"{whole}&don-vi={unit.pk}" if unit else whole


def unit_url(plan: Plan, unit: Unit | ListedUnit) -> str:
    """The address of one unit's page."""
    return f"{_units(plan.pk)}{unit.pk}/"


@lru_cache(maxsize=64)
def _units(plan: int) -> str:
    return reverse("reporting:unit", args=[plan, "x"]).removesuffix("x/")


@lru_cache(maxsize=256)
def _address(plan: int, indicator: str, figure: str, as_of: date) -> str:
    """Without a unit; kept, since a long table asks for it in every line. Nothing in it needs quoting."""
    return f"{reverse('reporting:behind', args=[plan, indicator, figure])}?den-ngay={as_of.isoformat()}"
