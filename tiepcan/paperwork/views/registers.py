"""Pages of the register of outgoing papers: the sequence, what became of each number, papers signed outside."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tiepcan.accounts.doors import open_to
from tiepcan.accounts.requests import Request
from tiepcan.accounts.roles import May
from tiepcan.common import clock
from tiepcan.common.folding import folded_key
from tiepcan.common.numbers import whole_number
from tiepcan.common.refusals import NotAllowed
from tiepcan.paperwork import registers
from tiepcan.paperwork.bodies import bodies_of
from tiepcan.paperwork.forms.documents import BeginAt, Enter, Why
from tiepcan.paperwork.models import Number, NumberState, Register
from tiepcan.web.page import page

_SHOWN = 50
_NEIGHBOURS = 2
"""Numbers beside each that a search found, so that the sequence is seen."""


@open_to(May.KEEP_REGISTERS)
@require_safe
def outgoing(request: Request) -> HttpResponse:
    """One register, the newest number first; a search keeps the neighbours of what it found."""
    books = list(
        Register.objects.visible_to(request.user)
        .select_related("body")
        .order_by("-year", "body__name", "kind")
    )
    wanted = whole_number(request.GET.get("so", ""))
    book = next((one for one in books if one.pk == wanted), books[0] if books else None)
    context = {
        "books": books,
        "book": book,
        "states": NumberState.choices,
        "today": clock.today(),
        **_asked(request),
    }
    if book is not None:
        context |= _numbers(request, book) | {
            "gaps": registers.gaps_of(book),
            "same_year": [one for one in books if one.year == book.year],
            "may_keep": not registers.why_not_keep(book.body, request.user),
            "begin": BeginAt(initial={"first": book.first}),
        }
    return page(request, "paperwork/outgoing.html", context, fragment="rows")


def _asked(request: Request) -> dict[str, Any]:
    state = request.GET.get("tt", "")
    return {
        "query": request.GET.get("tim", "").strip(),
        "state": state if state in NumberState.values else "",
    }


def _numbers(request: Request, book: Register) -> dict[str, Any]:
    asked = _asked(request)
    numbers = book.numbers.select_related("register", "document", "replaced_by__register")
    before = whole_number(request.GET.get("truoc", ""))
    if before:
        numbers = numbers.filter(number__lt=before)
    if asked["state"]:
        numbers = numbers.filter(state=asked["state"])
    if not asked["query"]:
        rows = list(numbers[: _SHOWN + 1])
        return {
            "numbers": rows[:_SHOWN],
            "older": rows[_SHOWN - 1].number if len(rows) > _SHOWN else None,
            "found": None,
        }
    found = set(
        numbers.filter(search_key__contains=folded_key(asked["query"])).values_list("number", flat=True)[
            :_SHOWN
        ]
    )
    around = {number + step for number in found for step in range(-_NEIGHBOURS, _NEIGHBOURS + 1)}
    return {"numbers": list(numbers.filter(number__in=around)), "older": None, "found": found}


@open_to(May.KEEP_REGISTERS)
@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: Request) -> HttpResponse:
    """Give a number to a paper that was drafted and signed outside the program."""
    form = Enter(request.POST or None, bodies=bodies_of(request.user).order_by("kind", "name"))
    if form.is_valid():
        try:
            number = registers.enter(by=request.user, **form.cleaned_data)
        except NotAllowed as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, f"Đã cấp số {number} ngày {number.issued_on:%d/%m/%Y}.")
            return redirect("paperwork:outgoing")
    return page(request, "paperwork/enter.html", {"form": form})


@open_to(May.KEEP_REGISTERS)
@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: Request, pk: int) -> HttpResponse:
    """Cancel a number that was given to a paper made outside."""
    numbers = Number.objects.visible_to(request.user).select_related("register__body")
    number = get_object_or_404(numbers, pk=pk)
    form = Why(request.POST or None, initial={"seen": "-"})
    if form.is_valid():
        try:
            registers.cancel(number=number, reason=form.cleaned_data["reason"], by=request.user)
        except NotAllowed as problem:
            form.add_error("reason", str(problem))
        else:
            messages.success(request, f"Đã hủy số {number}; số này không dùng lại.")
            return redirect("paperwork:outgoing")
    return page(request, "paperwork/cancel.html", {"form": form, "number": number})


@open_to(May.KEEP_REGISTERS)
@require_POST
def begin_at(request: Request, pk: int) -> HttpResponse:
    """Let a register go on from the last number of a paper book."""
    book = get_object_or_404(Register.objects.visible_to(request.user).select_related("body"), pk=pk)
    form = BeginAt(request.POST)
    if not form.is_valid():
        messages.error(request, "Ghi số đầu là một số từ 1 trở lên.")
    else:
        first = form.cleaned_data["first"]
        try:
            registers.begin_at(body=book.body, kind=book.kind, year=book.year, first=first, by=request.user)
        except NotAllowed as problem:
            messages.error(request, str(problem))
        else:
            messages.success(request, f"Sổ {book} bắt đầu từ số {first}.")
    return redirect("paperwork:outgoing")
