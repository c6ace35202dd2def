"""Yearly reviews of wards and communes."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from tiepcan.accounts.doors import open_to
from tiepcan.accounts.requests import Request
from tiepcan.accounts.roles import May
from tiepcan.households.views.scope import rooms
from tiepcan.web.page import page


@open_to(May.SEE_HOUSEHOLDS)
@require_safe
def rounds(request: Request) -> HttpResponse:
    """The wards of the person's scope, each with the state of its latest review."""
    return page(request, "households/rounds.html", {"rooms": rooms(request.user, "rounds")})
