"""Pages where a printed table is asked about by its code."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from tiepcan.accounts.doors import open_to_everyone
from tiepcan.accounts.requests import Request
from tiepcan.accounts.roles import May
from tiepcan.common import clock
from tiepcan.paperwork import checking
from tiepcan.paperwork.codes import spelled, typed
from tiepcan.paperwork.forms.checking import Code, Typed
from tiepcan.paperwork.models import PrintedTable, Stage
from tiepcan.web.page import page


@open_to_everyone
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: Request) -> HttpResponse:
    """Type a code; who scans a QR comes to the next page at once."""
    form = Code(request.POST or None)
    if form.is_valid():
        return redirect("paperwork:check_code", form.cleaned_data["code"])
    return page(request, "paperwork/check.html", {"form": form})


def check_code(computed: checking.Computations) -> Callable[..., HttpResponse]:
    """One printed table: true or not for everybody, its figures for who may see the paper; `computed` are the subjects' computations."""

    @open_to_everyone
    @require_http_methods(["GET", "HEAD", "POST"])
    def view(request: Request, code: str) -> HttpResponse:
        key = typed(code)
        found = PrintedTable.objects.select_related(
            "document__body", "document__number__register", "document__signatory"
        )
        table = found.filter(code=key).first() if key else None
        if table is None:
            problem = "Không có bảng nào mang mã này. So lại từng chữ của mã in dưới bảng; nếu đúng thì giấy này không do chương trình in ra."
            form = Code({"code": code})
            form.is_valid()
            form.add_error("code", problem)
            return page(request, "paperwork/check.html", {"form": form, "code": code}, status=404)
        if code != spelled(key):
            return redirect("paperwork:check_code", spelled(key))
        return page(request, "paperwork/checked.html", _context(request, table, computed))

    return view


def _context(request: Request, table: PrintedTable, computed: checking.Computations) -> dict[str, Any]:
    document = table.document
    context: dict[str, Any] = {
        "table": table,
        "document": document,
        "is_out": document.stage == Stage.ISSUED,
        "at": clock.now(),
        "checked": None,
        "sign_in": f"{reverse('accounts:sign_in')}?next={request.path}",
    }
    if isinstance(request.user, AnonymousUser) or not _may_see(request, table):
        return context
    checked = checking.check(table, computed)
    form = Typed(request.POST or None, figures=checked.figures)
    if form.is_valid():
        one = checked.figures[int(form.cleaned_data["figure"])]
        written = form.cleaned_data["written"]
        context["compared"] = (one, written, checking.number_of(written) == checking.number_of(one.printed))
    return context | {"checked": checked, "form": form, "may_see_figures": request.user.may(May.SEE_FIGURES)}


def _may_see(request: Request, table: PrintedTable) -> bool:
    return PrintedTable.objects.visible_to(request.user).filter(pk=table.pk).exists()
