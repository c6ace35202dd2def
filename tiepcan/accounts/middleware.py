"""Who asks, and whether the door is open to them. Nothing here opens a door that a view did not declare."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth import get_user
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from tiepcan.accounts import wall
from tiepcan.accounts.doors import Door
from tiepcan.accounts.models import Person
from tiepcan.audit import acts

Respond = Callable[[HttpRequest], HttpResponse]


def who_asks(respond: Respond) -> Respond:
    """Give the request its person, with organisation and unit in the same query, and name the source of acts.

    From here on the connection stands inside the wall, with the person's unit as its scope.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        request.user = _person(request)
        token = acts.source.set(request.path)
        try:
            with wall.within(request.user.unit.path if request.user.is_authenticated else ""):
                return respond(request)
        finally:
            acts.source.reset(token)

    return middleware


def _person(request: HttpRequest) -> Person | AnonymousUser:
    user = get_user(request)
    return user if isinstance(user, Person) else AnonymousUser()


class doors:
    def __init__(self, respond: Respond) -> None:
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self.respond(request)
        # Pages of people who are signed in are theirs alone: no cache keeps them, "back" after signing out shows none.
        if request.user.is_authenticated and not answer.has_header("Cache-Control"):
            answer["Cache-Control"] = "private, no-store"
        return answer

    def process_view(self, request: HttpRequest, view: Callable[..., Any], *_: Any) -> HttpResponse | None:
        door = getattr(view, "door", None)
        if not isinstance(door, Door):
            raise ImproperlyConfigured(f"The view {view.__name__} does not say who may use it.")
        if door.everyone:
            return None
        if not request.user.is_authenticated:
            # What was posted cannot be posted again from there: then the way begins anew.
            asked = (
                f"?{urlencode({'next': request.get_full_path()})}"
                if request.method in ("GET", "HEAD")
                else ""
            )
            return redirect(f"{reverse('accounts:sign_in')}{asked}")
        if door.any_of and not any(request.user.may(what) for what in door.any_of):
            raise PermissionDenied
        return None
