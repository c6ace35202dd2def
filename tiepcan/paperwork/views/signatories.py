"""Pages of who signs for a body."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_safe

from tiepcan.accounts.doors import open_to
from tiepcan.accounts.requests import Request
from tiepcan.accounts.roles import May
from tiepcan.common import clock
from tiepcan.common.refusals import NotAllowed
from tiepcan.paperwork import signatories as actions
from tiepcan.paperwork.bodies import bodies_of
from tiepcan.paperwork.forms.documents import Seal, Signing
from tiepcan.paperwork.models import Signatory
from tiepcan.web.page import page

_FACTS = (
    "name", "position", "capacity", "head", "person", "assigned_by", "since", "until", "away_from", "away_until",
)  # fmt: skip


@open_to(May.KEEP_REGISTERS)
@require_safe
def signatories(request: Request) -> HttpResponse:
    """Who signs for the bodies whose papers the person keeps, and their seals."""
    found = Signatory.objects.visible_to(request.user).select_related("body", "person", "picture")
    bodies = bodies_of(request.user).select_related("seal").order_by("kind", "name")
    context = {"signatories": found, "bodies": bodies, "today": clock.today(), "seal": Seal()}
    return page(request, "paperwork/signatories.html", context)


@open_to(May.KEEP_REGISTERS)
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: Request) -> HttpResponse:
    """Write down somebody who signs."""
    form = Signing(
        request.POST or None, request.FILES or None, bodies=bodies_of(request.user).order_by("kind", "name")
    )
    return _kept(request, form, None)


@open_to(May.KEEP_REGISTERS)
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: Request, pk: int) -> HttpResponse:
    """Change what is written of somebody who signs: days of absence, another paper, the end."""
    found = get_object_or_404(Signatory.objects.visible_to(request.user).select_related("body"), pk=pk)
    start = {name: getattr(found, name) for name in (*_FACTS, "body", "version")}
    bodies = bodies_of(request.user).filter(pk=found.body_id)
    form = Signing(request.POST or None, request.FILES or None, bodies=bodies, initial=start)
    return _kept(request, form, found)


def _kept(request: Request, form: Signing, found: Signatory | None) -> HttpResponse:
    if form.is_valid():
        try:
            saved = _save(request, form.cleaned_data, found)
        except NotAllowed as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, f"Đã ghi {saved}.")
            return redirect("paperwork:signatories")
    return page(request, "paperwork/signatory.html", {"form": form, "signatory": found})


def _save(request: Request, data: dict[str, Any], found: Signatory | None) -> Signatory:
    picture = data["picture"].read() if data["picture"] else None
    if picture is not None:
        actions.transparent(picture)  # a picture that is refused keeps nothing else from being typed again
    facts = {name: data[name] for name in _FACTS}
    if found is None:
        saved = actions.add(body=data["body"], by=request.user, **facts)
    else:
        saved = actions.change(signatory=found, version=data["version"], by=request.user, **facts)
    if picture is not None:
        actions.keep_picture(content=picture, signatory=saved, by=request.user)
    return saved


@open_to(May.KEEP_REGISTERS)
@require_http_methods(["POST"])
def seal(request: Request, pk: int) -> HttpResponse:
    """Keep the picture of a body's seal."""
    body = get_object_or_404(bodies_of(request.user), pk=pk)
    form = Seal(request.POST, request.FILES)
    if not form.is_valid():
        messages.error(request, "Chọn tệp hình dấu (.png nền trong suốt).")
        return redirect("paperwork:signatories")
    try:
        actions.keep_picture(content=form.cleaned_data["picture"].read(), body=body, by=request.user)
    except NotAllowed as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, f"Đã ghi hình dấu của {body}.")
    return redirect("paperwork:signatories")
