"""The kept counts of reviews beside those made anew from the rows."""

from collections.abc import Mapping

from django.db import connection

from tiepcan.households.models import Tally
from tiepcan.households.queries import recounted

Key = tuple[str, int, str, str]
"""Unit, year, class, lack."""


def tallied() -> Mapping[Key, int]:
    """What is kept, in households; zeros left out."""
    rows = Tally.objects.exclude(households=0).values_list("unit", "year", "poverty", "lack", "households")
    return {(unit, year, poverty, lack): households for unit, year, poverty, lack, households in rows}


def hold() -> None:
    """Let nobody change what is counted until the transaction under way ends: who writes a review waits at its count."""
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE households_tally IN EXCLUSIVE MODE")


def count_anew() -> None:
    """Write what `recounted` says in the place of what is kept, within the transaction that holds it."""
    Tally.objects.all().delete()
    Tally.objects.bulk_create(
        (
            Tally(unit_id=unit, year=year, poverty=poverty, lack=lack, households=households)
            for (unit, year, poverty, lack), households in recounted().items()
        ),
        batch_size=5_000,
    )
