"""Answers to forms that a page sends by itself (`steady.js`)."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url

Respond = Callable[[HttpRequest], HttpResponse]


def tells_where_to(respond: Respond) -> Respond:
    """Say in a header where a redirect leads: a script cannot see it, and following it would spend the page's message.

    204 with `X-To` is a form that was taken; 401 with `X-To` is the door, for who is not signed in any more.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        answer = respond(request)
        if "X-Steady" in request.headers and answer.has_header("Location"):
            to = answer["Location"]
            answer.status_code = 401 if to.split("?")[0] == resolve_url(settings.LOGIN_URL) else 204
            answer.content = b""
            answer["X-To"] = to
            del answer["Location"]
        return answer

    return middleware
