"""Pages of papers that came in: the register, entering, one paper with its file."""

import uuid
from typing import Any

from django.contrib import messages
from django.db.models import Max, QuerySet
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tiepcan.accounts.doors import open_to
from tiepcan.accounts.models import Organisation
from tiepcan.accounts.requests import Request
from tiepcan.accounts.roles import May
from tiepcan.audit.history import history_of, told
from tiepcan.common import clock
from tiepcan.common.refusals import NotAllowed
from tiepcan.paperwork import arrived
from tiepcan.paperwork import incoming as actions
from tiepcan.paperwork.bodies import bodies_of
from tiepcan.paperwork.exchange.message import Faulty, Message
from tiepcan.paperwork.exchange.reading import read_limited
from tiepcan.paperwork.forms.incoming import Enter, FromMessage, Handled, Sought
from tiepcan.paperwork.history import SENTENCES
from tiepcan.paperwork.models import Incoming, IncomingRegister, Urgency
from tiepcan.web.page import page

PAGE = 50
"""Papers that a page of the register shows."""


@open_to(May.KEEP_REGISTERS)
@require_safe
def register(request: Request) -> HttpResponse:
    """The register of a body and a year, newest first, as it was asked for."""
    form, found = _sought(request)
    before = form.before
    listed = list((found.filter(number__lt=before) if before else found)[: PAGE + 1])
    asked = {name: form.asked(name) for name in ("q", "nam", "tt", "so")}
    older = urlencode(_said(asked | {"truoc": str(listed[PAGE - 1].number)})) if len(listed) > PAGE else None
    context = {
        **_shown(request, form),
        "papers": listed[:PAGE],
        "number": found.count(),
        "older": f"?{older}" if older else None,
        "newest": f"?{urlencode(_said(asked))}" if before else None,
        "asked": asked,
        "printed": urlencode({name: asked[name] for name in ("nam", "so") if asked[name]}),
    }
    return page(request, "paperwork/register_in.html", context, fragment="rows")


@open_to(May.KEEP_REGISTERS)
@require_safe
def printed(request: Request) -> HttpResponse:
    """The whole register of a year in the form of Decree 30/2020/NĐ-CP, Appendix IV, in its order, to be printed."""
    form, found = _sought(request)
    return page(
        request,
        "paperwork/register_in_printed.html",
        {**_shown(request, form), "papers": found.order_by("number")},
    )


def _sought(request: Request) -> tuple[Sought, QuerySet[Incoming]]:
    bodies = bodies_of(request.user)
    kept = IncomingRegister.objects.visible_to(request.user).values_list("year", flat=True)
    years = sorted({clock.today().year, *kept}, reverse=True)
    form = Sought(request.GET, years=years, bodies=bodies)
    found = Incoming.objects.visible_to(request.user).filter(
        register__body=form.body, register__year=form.asked("nam") or clock.today().year
    )
    if state := form.asked("tt"):
        found = found.filter(state=state)
    return form, found.naming(actions.words_of(form.asked("q"))).order_by("-number")


def _said(asked: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in asked.items() if value}


def _shown(request: Request, form: Sought) -> dict[str, Any]:
    """What the register says of itself: whose, which year, how far it has come, what waits."""
    year = int(form.asked("nam") or clock.today().year)
    of = Incoming.objects.visible_to(request.user).filter(register__body=form.body)
    kept = IncomingRegister.objects.filter(body=form.body, year=year)
    waiting = of.waiting().select_related("register")
    return {
        "form": form,
        "body": form.body,
        "year": year,
        "last": kept.aggregate(last=Max("last"))["last"],
        "waiting": waiting.count(),
        "late": waiting.filter(due_on__lt=clock.today()).count(),
        "due": list(waiting.filter(due_on__isnull=False).order_by("due_on", "number")[:5]),
        "today": clock.today(),
        "now": clock.now(),
    }


@open_to(May.KEEP_REGISTERS)
@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: Request) -> HttpResponse:
    """Enter a paper; a possible double comes back with the number that the register gave it."""
    form = Enter(request.POST or None, request.FILES or None, bodies=bodies_of(request.user))
    twin = None
    if form.is_valid():
        try:
            file = _file(request, form)
            made = actions.enter(by=request.user, file=file, **form.facts())
        except actions.Twin as problem:
            twin = problem.known
            form.add_error("still", str(problem))
        except NotAllowed as problem:
            form.add_error(None, str(problem))
        else:
            if form.cleaned_data["ticket"]:
                arrived.let_go(form.cleaned_data["ticket"])
            messages.success(request, f"Đã vào sổ: số đến {made.number}.")
            return redirect("paperwork:incoming", made.pk)
    if form.errors and (chosen := form.files.get("paper")):
        form.add_error("paper", f"Chọn lại tệp, chưa lưu: {chosen.name}.")
    return _enter_page(request, form, twin=twin, ticket=request.POST.get("ticket", ""))


def _file(request: Request, form: Enter) -> arrived.Arrived | None:
    """The file that was chosen; else the one that came in a message."""
    if chosen := form.cleaned_data["paper"]:
        return arrived.checked(chosen.name, chosen.read())
    ticket = form.cleaned_data["ticket"]
    return arrived.of_ticket(ticket, request.user) if ticket else None


@open_to(May.KEEP_REGISTERS)
@require_POST
def from_message(request: Request) -> HttpResponse:
    """Fill the form from an edXML message; nothing is entered until the person confirms it."""
    bodies = bodies_of(request.user)
    form = FromMessage(request.POST, request.FILES)
    if form.is_valid():
        given = form.cleaned_data["message"]
        try:
            message = read_limited(given.read())
        except Faulty as problem:
            form.add_error("message", f"“{given.name}”: {problem}")
        else:
            return _filled(request, message, bodies)
    return _enter_page(request, Enter(bodies=bodies), message_form=form)


def _filled(request: Request, message: Message, bodies: QuerySet[Organisation]) -> HttpResponse:
    file = arrived.first_that_can_be_kept(message.attachments)
    ticket = arrived.put_aside(file, request.user) if file else ""
    start = {
        "sender": message.sender.name,
        "code": message.code,
        "dated": message.dated,
        "kind": message.kind.name,
        "title": message.subject,
        "urgency": list(Urgency)[min(message.other.priority, 3)],
        "due_on": message.due_on,
        "ticket": ticket,
    }
    left = [one.name for one in message.attachments if file is None or one.name != file.name]
    return _enter_page(
        request, Enter(initial=start, bodies=bodies), ticket=ticket, message=message, left=left
    )


def _enter_page(request: Request, form: Enter, **shown: Any) -> HttpResponse:
    context = {
        "form": form,
        "twin": None,
        "message": None,
        "left": [],
        "message_form": FromMessage(),
        **shown,
        "file_name": arrived.name_of(shown.get("ticket") or ""),
        "largest": arrived.LARGEST // 2**20,
        "year": clock.today().year,
    }
    return page(request, "paperwork/enter_incoming.html", context)


@open_to(May.KEEP_REGISTERS)
@require_safe
def incoming(request: Request, pk: uuid.UUID) -> HttpResponse:
    return _show(request, _incoming(request, pk), Handled())


def _show(request: Request, found: Incoming, form: Handled) -> HttpResponse:
    context = {"paper": found, "form": form, "today": clock.today()}
    return page(request, "paperwork/incoming.html", context)


@open_to(May.KEEP_REGISTERS)
@require_POST
def handled(request: Request, pk: uuid.UUID) -> HttpResponse:
    found = _incoming(request, pk)
    form = Handled(request.POST)
    if not found.is_waiting:
        messages.error(request, f"{found.handled_by} đã ghi xử lý xong văn bản này.")
        return redirect("paperwork:incoming", pk)
    if not form.is_valid():
        return _show(request, found, form)
    try:
        actions.handle(incoming=found, by=request.user, **form.cleaned_data)
    except NotAllowed as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, f"Đã ghi xử lý xong số đến {found.number}.")
    return redirect("paperwork:incoming", pk)


@open_to(May.KEEP_REGISTERS)
@require_safe
def incoming_file(request: Request, pk: uuid.UUID) -> FileResponse:
    """The paper's file as it came, as an attachment."""
    found = _incoming(request, pk)
    if not found.file:
        raise Http404
    answer = FileResponse(
        found.file.open("rb"), as_attachment=True, filename=found.name, content_type=found.media_type
    )
    answer["Cache-Control"] = "private, no-store"
    return answer


@open_to(May.KEEP_REGISTERS)
@require_safe
def incoming_history(request: Request, pk: uuid.UUID) -> HttpResponse:
    found = _incoming(request, pk)
    context = {
        "heading": f"Lịch sử số đến {found.number}",
        "crumbs": [
            ("Sổ văn bản đến", reverse("paperwork:register_in")),
            (f"Số đến {found.number}", reverse("paperwork:incoming", args=[pk])),
            ("Lịch sử", None),
        ],
        "lines": told(history_of(Incoming.objects.filter(pk=pk)), SENTENCES),
    }
    return page(request, "web/history.html", context)


def _incoming(request: Request, pk: uuid.UUID) -> Incoming:
    return get_object_or_404(
        Incoming.objects.visible_to(request.user).select_related("register__body"), pk=pk
    )
