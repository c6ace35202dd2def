"""Reads of households that join several tables."""

from collections.abc import Iterable

from django.db.models import Count

from tiepcan.households.models import POOR, Lack
from tiepcan.units.models import Unit


def lacking_by_unit(units: Iterable[Unit], indicator: str, year: int) -> dict[str, int]:
    """Poor households of each unit that lacked the indicator at the review of that year. One query."""
    counted = (
        Lack.objects.filter(
            indicator=indicator,
            review__year=year,
            review__poverty__in=POOR,
            review__household__unit__in=[unit.pk for unit in units],
        )
        .values_list("review__household__unit")
        .annotate(Count("id"))
    )
    return dict(counted)
