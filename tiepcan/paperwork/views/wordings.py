"""Pages of the wordings that offices keep of their papers."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tiepcan.accounts.doors import open_to
from tiepcan.accounts.models import Organisation
from tiepcan.accounts.requests import Request
from tiepcan.accounts.roles import May
from tiepcan.common.refusals import NotAllowed
from tiepcan.intake.styled import LARGEST
from tiepcan.paperwork import wordings as actions
from tiepcan.paperwork.answers import as_file, docx_answer
from tiepcan.paperwork.bodies import bodies_of
from tiepcan.paperwork.forms.wordings import UploadWording
from tiepcan.paperwork.models.wordings import Wording, WordingState
from tiepcan.paperwork.wording.comparing import changes
from tiepcan.paperwork.wordings import Offered
from tiepcan.web.page import page

Offers = Mapping[str, Offered]
"""By the forms' keys; `paperwork.urls.routes` hands them to every view here."""
TONES = {WordingState.TRIED: "soon", WordingState.IN_USE: "ok", WordingState.RETIRED: "lock"}


def by_key(offered: Sequence[Offered]) -> Offers:
    """The forms by what addresses call them."""
    return {one.form.key: one for one in offered}


@open_to(May.KEEP_WORDINGS)
@require_safe
def wordings(request: Request, offers: Offers) -> HttpResponse:
    """The forms of the bodies whose papers the person keeps, each with the version in use."""
    bodies = list(bodies_of(request.user).select_related("unit"))
    used = {
        (one.body_id, one.form): one
        for one in Wording.objects.visible_to(request.user).filter(state=WordingState.IN_USE)
    }
    context = {
        "groups": [
            (body, [(one.form, used.get((body.pk, one.form.key))) for one in _of_body(body, offers)])
            for body in bodies
        ],
    }
    return page(request, "paperwork/wordings.html", context)


@open_to(May.KEEP_WORDINGS)
@require_http_methods(["GET", "HEAD", "POST"])
def of_form(request: Request, body: int, form: str, offers: Offers) -> HttpResponse:
    """One form of a body: its versions, its fields, and the form that takes an edited file."""
    office, offered = _asked(request, body, form, offers)
    upload = UploadWording(request.POST or None, request.FILES or None)
    problems: Sequence[str] = ()
    if upload.is_valid():
        file = upload.cleaned_data["file"]
        try:
            made = actions.receive(
                id=upload.cleaned_data["id"],
                # One byte over the limit is enough to be refused.
                raw=file.read(LARGEST + 1),
                name=file.name,
                body=office,
                form=offered.form,
                note=upload.cleaned_data["note"],
                by=request.user,
            )
        except actions.Faulty as faulty:
            problems = faulty.problems
            upload.add_error("file", f"Tệp có {len(problems)} chỗ phải sửa, kê ở dưới.")
        except NotAllowed as problem:
            upload.add_error("file", str(problem))
        else:
            return redirect("paperwork:wording", made.pk)
    lines = actions.wording_for(office, offered.form)
    context = {
        "body": office,
        "form": offered.form,
        "upload": upload,
        "problems": problems,
        "lines": lines,
        "used": actions.in_use(office, offered.form),
        "versions": list(Wording.objects.visible_to(request.user).filter(body=office, form=form)),
        "tones": TONES,
        "trial": actions.trial_of(offered, office, lines, request.user),
    }
    return page(request, "paperwork/wording_form.html", context)


@open_to(May.KEEP_WORDINGS)
@require_safe
def current_file(request: Request, body: int, form: str, offers: Offers) -> HttpResponse:
    """The wording in use as a .docx to be edited in Word; with `mac-dinh` the program's own."""
    office, offered = _asked(request, body, form, offers)
    lines = offered.form.lines if "mac-dinh" in request.GET else actions.wording_for(office, offered.form)
    return docx_answer(actions.docx_of(office, offered.form, lines), f"mau-{form}")


@open_to(May.KEEP_WORDINGS)
@require_POST
def to_default(request: Request, body: int, form: str, offers: Offers) -> HttpResponse:
    """Go back to the program's own wording."""
    office, offered = _asked(request, body, form, offers)
    try:
        actions.back_to_default(body=office, form=offered.form, by=request.user)
    except NotAllowed as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, "Đã trở về lời văn mặc định. Văn bản đã lập giữ nguyên lời văn cũ.")
    return redirect("paperwork:wording_form", body, form)


@open_to(May.KEEP_WORDINGS)
@require_safe
def wording(request: Request, pk: uuid.UUID, offers: Offers) -> HttpResponse:
    """One version: what it changes, the paper that it makes, and the way into use."""
    found, offered = _version(request, pk, offers)
    before = actions.wording_for(found.body, offered.form)
    faults = actions.faults_of(found, offered.form)
    tried = found.tried_at is not None and not faults
    context = {
        "wording": found,
        "body": found.body,
        "form": offered.form,
        "tone": TONES[WordingState(found.state)],
        "changes": list(changes(before, found.words)) if found.state == WordingState.TRIED else [],
        "faults": faults,
        "why_not_use": actions.why_not_use(found, offered.form, request.user),
        "trial": actions.trial_of(offered, found.body, found.words, request.user) if tried else None,
    }
    return page(request, "paperwork/wording.html", context)


@open_to(May.KEEP_WORDINGS)
@require_POST
def try_on(request: Request, pk: uuid.UUID, offers: Offers) -> HttpResponse:
    """Make a paper of a version, and show it."""
    found, offered = _version(request, pk, offers)
    try:
        actions.try_on(wording=found, offered=offered, by=request.user)
    except NotAllowed as problem:
        messages.error(request, str(problem))
    return redirect("paperwork:wording", pk)


@open_to(May.KEEP_WORDINGS)
@require_POST
def put_into_use(request: Request, pk: uuid.UUID, offers: Offers) -> HttpResponse:
    found, offered = _version(request, pk, offers)
    try:
        actions.put_into_use(wording=found, form=offered.form, by=request.user)
    except NotAllowed as problem:
        messages.error(request, str(problem))
        return redirect("paperwork:wording", pk)
    messages.success(request, f"Đã đưa {found} vào dùng. Văn bản lập từ nay theo lời văn này.")
    return redirect("paperwork:wording_form", found.body_id, found.form)


@open_to(May.KEEP_WORDINGS)
@require_safe
def version_file(request: Request, pk: uuid.UUID, offers: Offers) -> HttpResponse:
    """A version as a .docx to be edited in Word."""
    found, offered = _version(request, pk, offers)
    content = actions.docx_of(found.body, offered.form, found.words)
    return docx_answer(content, f"mau-{found.form}-ban-{found.ordinal}")


@open_to(May.KEEP_WORDINGS)
@require_safe
def trial_file(request: Request, pk: uuid.UUID, offers: Offers) -> HttpResponse:
    """The paper that a version makes, as a .docx."""
    found, offered = _version(request, pk, offers)
    if actions.faults_of(found, offered.form):
        raise Http404
    trial = actions.trial_of(offered, found.body, found.words, request.user)
    return as_file(trial.paper, f"thu-{found.form}-ban-{found.ordinal}")


def _of_body(body: Organisation, offers: Offers) -> list[Offered]:
    return [one for one in offers.values() if body.kind in one.issued_by]


def _asked(request: Request, body: int, form: str, offers: Offers) -> tuple[Organisation, Offered]:
    office = get_object_or_404(bodies_of(request.user).select_related("unit__parent"), pk=body)
    offered = next((one for one in _of_body(office, offers) if one.form.key == form), None)
    if offered is None:
        raise Http404
    return office, offered


def _version(request: Request, pk: uuid.UUID, offers: Offers) -> tuple[Wording, Offered]:
    visible: Any = Wording.objects.visible_to(request.user).select_related("body__unit__parent")
    found = get_object_or_404(visible, pk=pk)
    if found.form not in offers:
        raise Http404  # a form that the program has no more
    return found, offers[found.form]
