"""One act of a person: one transaction, named for the triggers that write what it changed."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Protocol

import pghistory
from django.db import transaction

from tiepcan.common import clock


class Actor(Protocol):
    """Whoever acts. Names are kept as text: history outlives the people it speaks of."""

    @property
    def pk(self) -> int: ...
    @property
    def full_name(self) -> str: ...
    @property
    def organisation_name(self) -> str: ...


# Where the act came from: the address of a page (without its query) or the name of a command.
source: ContextVar[str] = ContextVar("source", default="")


@contextmanager
def act(verb: str, *, by: Actor | None, reason: str = "") -> Iterator[None]:
    """Open the transaction of an act and name it for history.

    `verb` is "noun.done" ("outcome.recorded"); the room that acts has its sentence in `history.py`. `by` is None
    only for what the program does by itself (loading reference data). The moment is the program's clock's.
    """
    with (
        transaction.atomic(),
        pghistory.context(
            verb=verb,
            by=by.pk if by else None,
            by_name=by.full_name if by else "",
            organisation=by.organisation_name if by else "",
            reason=reason,
            at=clock.now().isoformat(),
            source=source.get(),
        ),
    ):
        yield
