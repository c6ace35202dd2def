"""A page, or the one part of it that htmx asked for."""

from collections.abc import Mapping
from typing import Any, cast

import jinja2
from django.http import HttpRequest, HttpResponse
from django.template.backends.jinja2 import Template
from django.template.backends.utils import csrf_input_lazy, csrf_token_lazy
from django.template.loader import get_template
from django.utils.cache import patch_vary_headers

from tiepcan.web.errors import has_errors


def page(
    request: HttpRequest,
    template: str,
    context: Mapping[str, object] | None = None,
    *,
    fragment: str | None = None,
    status: int = 200,
) -> HttpResponse:
    """The whole page; for a request of htmx only the block named `fragment` of the same template."""
    given = {**(context or {})}
    given.setdefault("has_errors", has_errors(given.values()))
    found = cast(Template, get_template(template))
    if fragment is None:
        return HttpResponse(found.render(given, request), status=status)
    text = _block(found, fragment, given, request) if _wants_part(request) else found.render(given, request)
    response = HttpResponse(text, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


def _wants_part(request: HttpRequest) -> bool:
    """A link that htmx follows for the whole body, and a page restored from history, ask for everything."""
    asks = request.headers.get("HX-Request") == "true"
    whole = {"HX-Boosted", "HX-History-Restore-Request"}
    return asks and not any(request.headers.get(name) == "true" for name in whole)


def _block(found: Template, name: str, given: dict[str, object], request: HttpRequest) -> str:
    template: jinja2.Template = found.template
    everything: dict[str, Any] = {
        **given,
        "request": request,
        "csrf_input": csrf_input_lazy(request),
        "csrf_token": csrf_token_lazy(request),
    }
    for processor in found.backend.template_context_processors:
        everything |= processor(request)
    context = template.new_context(everything)
    # The page runs up to its first output, because that is where it imports its macros and knows its parents.
    beginning = template.root_render_func(context)
    next(iter(beginning), None)
    return template.environment.concat(context.blocks[name][0](context))
