"""What is done about the recipients of a paper, and how they say that they have it."""

import uuid
from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tiepcan.accounts.doors import open_to, open_to_everyone
from tiepcan.accounts.requests import Request
from tiepcan.accounts.roles import May
from tiepcan.common.refusals import NotAllowed
from tiepcan.paperwork import issuing, recipients
from tiepcan.paperwork.forms.documents import Direct
from tiepcan.paperwork.models import Contact, Dispatch
from tiepcan.paperwork.packages import package_of
from tiepcan.paperwork.views.documents import document_of, site_of
from tiepcan.web.page import page


@open_to(May.DRAFT_PAPERS, May.KEEP_REGISTERS)
@require_http_methods(["GET", "HEAD", "POST"])
def direct(request: Request, pk: uuid.UUID, dispatch: int) -> HttpResponse:
    """How one recipient is reached: by which way, at what address."""
    found = document_of(request, pk)
    one = get_object_or_404(found.dispatches.visible_to(request.user), pk=dispatch)
    start = {"name": one.name, "way": one.way, "email": one.email, "organ_id": one.organ_id}
    form = Direct(request.POST or None, initial=start)
    if form.is_valid():
        try:
            recipients.direct(dispatch=one, by=request.user, **form.cleaned_data)
        except NotAllowed as problem:
            form.add_error("way", str(problem))
        else:
            messages.success(request, f"Đã lưu cách gửi {one.name}.")
            return redirect("paperwork:document", pk)
    return page(request, "paperwork/direct.html", {"document": found, "one": one, "form": form})


@open_to(May.DRAFT_PAPERS, May.KEEP_REGISTERS)
@require_POST
def add(request: Request, pk: uuid.UUID) -> HttpResponse:
    """One more recipient, from the address book."""
    found = document_of(request, pk)
    contact = get_object_or_404(
        Contact.objects.visible_to(request.user), pk=request.POST.get("contact") or None
    )
    return _done(request, pk, lambda: recipients.add(document=found, contact=contact, by=request.user))


@open_to(May.KEEP_REGISTERS)
@require_POST
def by_hand(request: Request, pk: uuid.UUID, dispatch: int) -> HttpResponse:
    """A copy was handed over, or a package taken to the hub."""
    one = get_object_or_404(document_of(request, pk).dispatches.visible_to(request.user), pk=dispatch)
    return _done(request, pk, lambda: recipients.by_hand(dispatch=one, by=request.user))


@open_to(May.KEEP_REGISTERS)
@require_POST
def again(request: Request, pk: uuid.UUID) -> HttpResponse:
    """Send to those whom the paper did not reach."""
    found, site = document_of(request, pk), site_of(request)
    return _done(request, pk, lambda: issuing.send_again(document=found, site=site, by=request.user))


@open_to(May.KEEP_REGISTERS)
@require_POST
def remind(request: Request, pk: uuid.UUID) -> HttpResponse:
    """Ask those who have not acknowledged."""
    found = document_of(request, pk)
    try:
        asked, known = issuing.remind(document=found, site=site_of(request), by=request.user)
    except NotAllowed as problem:
        messages.error(request, str(problem))
    else:
        said = f" {known} nơi hôm nay đã nhắc rồi." if known else ""
        messages.success(request, f"Đã nhắc {asked} nơi báo nhận.{said}")
    return redirect("paperwork:document", pk)


@open_to(May.SEE_PLANS)
@require_POST
def received(request: Request, pk: uuid.UUID) -> HttpResponse:
    """The person's organisation acknowledges a paper that came to it."""
    found = document_of(request, pk)
    one = get_object_or_404(Dispatch, document=found, organisation=request.user.organisation_id)
    number = request.POST.get("incoming_number", "")
    name = request.user.full_name
    return _done(
        request,
        pk,
        lambda: recipients.acknowledge(dispatch=one, incoming_number=number, by_name=name, by=request.user),
    )


@open_to(May.KEEP_REGISTERS)
@require_safe
def package(request: Request, pk: uuid.UUID, dispatch: int) -> HttpResponse:
    """The paper for one recipient as an edXML package, to be taken to the exchange."""
    found = document_of(request, pk)
    one = get_object_or_404(found.dispatches.visible_to(request.user), pk=dispatch)
    try:
        content = package_of(found, one)
    except NotAllowed as problem:
        messages.error(request, str(problem))
        return redirect("paperwork:document", pk)
    answer = HttpResponse(content, content_type="application/xml")
    answer["Content-Disposition"] = f'attachment; filename="{found.pk}.edxml"'
    answer["Cache-Control"] = "private, no-store"
    return answer


@open_to_everyone
@require_http_methods(["GET", "HEAD", "POST"])
def acknowledge(request: Request, key: uuid.UUID) -> HttpResponse:
    """Whoever got the paper by mail says so; the address in the mail is the key."""
    one = get_object_or_404(
        Dispatch.objects.exclude(sent_at=None).select_related("document__number__register", "document__body"),
        key=key,
    )
    if request.method == "POST":
        number, name = request.POST.get("incoming_number", ""), one.name
        recipients.acknowledge(dispatch=one, incoming_number=number, by_name=name, by=None)
        return redirect("paperwork:acknowledge", key)
    return page(request, "paperwork/acknowledge.html", {"one": one, "document": one.document})


def _done(request: Request, pk: uuid.UUID, do: Callable[[], object]) -> HttpResponse:
    try:
        do()
    except NotAllowed as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, "Đã ghi.")
    return redirect("paperwork:document", pk)
