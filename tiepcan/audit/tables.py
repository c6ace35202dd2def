"""The mark of a table whose every change is kept."""

from collections.abc import Callable, Sequence
from typing import TypeVar

import pghistory
from django.db import models

M = TypeVar("M", bound=type[models.Model])


def audited(*, exclude: Sequence[str] = (), in_bulk: bool = False) -> Callable[[M], M]:
    """Keep every insert, change and deletion of the table's rows, in bulk too, through database triggers.

    The kept rows have no binding foreign key: history outlives what it describes. `exclude` names the fields that
    history must not know (a password's digest) or need not (a key to search by). `in_bulk` writes what one statement
    changed in one go: for tables that are filled by the hundred thousand.
    """
    level = pghistory.Statement if in_bulk else pghistory.Row
    track = pghistory.track(
        pghistory.InsertEvent(level=level),
        pghistory.UpdateEvent(level=level),
        pghistory.DeleteEvent(level=level),
        exclude=list(exclude) or None,
    )

    def mark(model: M) -> M:
        marked: M = track(model)
        if in_bulk:
            _spare_indexes(marked)
        return marked

    return mark


def _spare_indexes(model: type[models.Model]) -> None:
    """Events are asked for by the row that they tell of, never by what that row points to."""
    [event] = set(model.pgh_event_models.values())  # type: ignore[attr-defined]
    for field in event._meta.local_fields:
        if field.many_to_one and field.name != "pgh_obj":
            field.db_index = False
