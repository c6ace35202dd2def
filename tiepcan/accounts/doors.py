"""Every route says who may use it; one that says nothing does not start.

A door asks what the person may do at all; which rows are theirs to see is the querysets' `visible_to`.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar

from django.core.checks import CheckMessage, Error, Tags, register
from django.urls import URLPattern, URLResolver, get_resolver

from tiepcan.accounts.roles import May

View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True)
class Door:
    """Who may come in: everyone, anyone signed in, or whoever may do one of these things."""

    everyone: bool = False
    any_of: frozenset[May] = frozenset()


def open_to(*any_of: May) -> Callable[[View], View]:
    """For people who may do at least one of these."""
    return _with(Door(any_of=frozenset(any_of)))


def open_to_everyone(view: View) -> View:
    """For people who have not signed in, too."""
    return _with(Door(everyone=True))(view)


def open_to_signed_in(view: View) -> View:
    """For anyone who has signed in, whatever the role."""
    return _with(Door())(view)


def _with(door: Door) -> Callable[[View], View]:
    def mark(view: View) -> View:
        @wraps(view)
        def marked(*args: Any, **kwargs: Any) -> Any:
            return view(*args, **kwargs)

        marked.door = door  # type: ignore[attr-defined]
        return marked  # type: ignore[return-value]

    return mark


def routes(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[tuple[str, Callable[..., Any]]]:
    """Every route of the program with its view."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            yield from routes(entry, prefix + str(entry.pattern))
        elif isinstance(entry, URLPattern):
            yield prefix + str(entry.pattern), entry.callback


@register(Tags.security)
def every_route_has_a_door(**_: Any) -> list[CheckMessage]:
    return [
        Error(f"The route '{route}' does not say who may use it.", id="accounts.E001")
        for route, view in routes()
        if not isinstance(getattr(view, "door", None), Door)
    ]
