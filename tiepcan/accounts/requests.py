"""The request as views know it: somebody asks."""

from django.http import HttpRequest

from tiepcan.accounts.models import Person


class Request(HttpRequest):
    """A request behind a door that asks for a sign-in."""

    user: Person
