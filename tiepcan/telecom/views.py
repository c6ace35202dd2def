"""Pages of fee support: operators' lists month by month, and the subscriptions that came of them."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tiepcan.accounts.actions import note_reading
from tiepcan.accounts.doors import open_to
from tiepcan.accounts.requests import Request
from tiepcan.accounts.roles import May
from tiepcan.common.numbers import whole_number
from tiepcan.common.refusals import NotAllowed, Stale
from tiepcan.households.models import Household
from tiepcan.intake.document import Unreadable
from tiepcan.intake.marking import marked_in_child
from tiepcan.paperwork.answers import as_asked, workbook_answer
from tiepcan.standards.models import Service
from tiepcan.telecom import actions, figures, outputs, queries
from tiepcan.telecom.forms import Close, Decide, EndSubscription, SendList
from tiepcan.telecom.models import Line, LineState, Month, Refusal, Subscription
from tiepcan.web.page import page

SHOWN = 12
"""Rows of each kind on the month's page; all of them are a page of their own."""
LISTED = 300


@open_to(May.SEND_LISTS, May.RECONCILE)
@require_http_methods(["GET", "HEAD", "POST"])
def months(request: Request) -> HttpResponse:
    """The months that lists were sent for, and the form to send one."""
    person = request.user
    form = SendList(request.POST or None, request.FILES or None, person=person)
    if form.is_valid():
        data = form.cleaned_data
        try:
            found = actions.receive(
                operator=data["operator"],
                month=actions.month_of(data["month"]),
                raw=data["file"].read(),
                name=data["file"].name,
                by=person,
            )
        except (NotAllowed, Unreadable) as problem:
            form.add_error("file", str(problem))
        else:
            messages.success(request, f"Đã đọc danh sách tháng {found.words}.")
            return redirect("telecom:month", found.pk)
    context = {
        "form": form,
        "months": figures.months_of(person),
        "is_operator": person.may(May.SEND_LISTS),
    }
    return page(request, "telecom/months.html", context)


@open_to(May.SEND_LISTS, May.RECONCILE)
@require_safe
def month(request: Request, pk: uuid.UUID) -> HttpResponse:
    """One month: what was asked and what came of it, what waits, the money, the paper."""
    found = _month(request, pk)
    note_reading(by=request.user, subject=f"month:{found.pk}", what="Mở đối soát tháng, có tên hộ")
    before = figures.month_before(found)
    money = figures.money_of(found)
    refused = found.lines.in_state(LineState.REFUSED).select_related("unit")
    context: dict[str, Any] = {
        "month": found,
        "counts": figures.counts_of(found.lines.all()),
        "waiting": queries.unmatched(found, request.user),
        "bad": queries.bad_cells(found),
        "refused": refused[:SHOWN],
        "money": money,
        "households": sum(one.households for one in money),
        "total": sum(one.total for one in money),
        "before": before,
        "new": figures.new_since(found, before).count() if before else 0,
        "gone": figures.gone_since(found, before).count() if before else 0,
        "more": sum(one.total for one in money) - sum(one.total for one in figures.money_of(before))
        if before
        else 0,
        "may_decide": found.is_open and request.user.may_change(May.RECONCILE, found.unit),
        "may_send": found.is_open and actions.may_send(found.operator, request.user),
        "why_not_close": actions.why_not_close(found, request.user),
        "others": [one for one in figures.months_of(request.user) if one[0].operator_id == found.operator_id],
        "paper": outputs.statement(found, wording=outputs.wording_of(found)),
        "shown": SHOWN,
    }
    return page(request, "telecom/month.html", context)


_FIGURES = {
    "de-nghi": "Hộ được đề nghị",
    "cung-cap": "Hộ được cung cấp",
    "tu-choi": "Hộ bị từ chối",
    "chua-khop": "Dòng chưa khớp hộ nào",
    "o-sai": "Dòng có ô sai",
    "moi": "Hộ mới so với tháng trước",
    "thoi": "Hộ tháng trước có, tháng này không",
}


@open_to(May.SEND_LISTS, May.RECONCILE)
@require_safe
def behind(request: Request, pk: uuid.UUID, figure: str) -> HttpResponse:
    """The rows behind one figure of a month, of one service and rate if asked."""
    found = _month(request, pk)
    if figure not in _FIGURES:
        raise Http404
    lines = figures.behind(found, figure)
    service, rate = request.GET.get("dich-vu", ""), whole_number(request.GET.get("muc", ""))
    if service in Service.values:
        lines = lines.filter(service=service)
    if rate is not None:
        lines = lines.filter(amount=rate)
    note_reading(by=request.user, subject=f"month:{found.pk}", what="Mở danh sách hộ của tháng đối soát")
    context = {
        "month": found,
        "title": _FIGURES[figure],
        "lines": lines.select_related("unit", "household")[:LISTED],
        "count": lines.count(),
        "most": LISTED,
        "opens": request.user.may(May.SEE_HOUSEHOLDS),
        "may_decide": found.is_open and request.user.may_change(May.RECONCILE, found.unit),
    }
    return page(request, "telecom/behind.html", context)


@open_to(May.RECONCILE)
@require_http_methods(["GET", "HEAD", "POST"])
def line(request: Request, pk: uuid.UUID, line: uuid.UUID) -> HttpResponse:
    """Which household one row means: those that are like it, another by its code, or none."""
    found = _month(request, pk)
    row = get_object_or_404(found.lines.select_related("unit", "household__unit"), pk=line)
    row.month = found
    form = Decide(request.POST or None, initial={"version": found.version})
    if form.is_valid():
        try:
            said = _decide(request, row, form)
        except Stale as problem:
            messages.error(request, str(problem))
            return redirect("telecom:month", pk)
        except NotAllowed as problem:
            form.add_error("code" if form.cleaned_data["code"] else "reason", str(problem))
        else:
            messages.success(request, said)
            return redirect("telecom:month", pk)
    note_reading(by=request.user, subject=f"month:{found.pk}", what="Mở dòng đối soát, có hộ có thể khớp")
    waiting = [one for one in queries.unmatched(found, request.user) if one.line.pk == row.pk]
    context = {
        "month": found,
        "line": row,
        "why": waiting[0].why if waiting else "",
        "candidates": waiting[0].candidates if waiting else [],
        "form": form,
        "may_decide": found.is_open and row.state != LineState.WRONG,
        "can_open_again": bool(row.decided_by),
    }
    return page(request, "telecom/line.html", context)


def _decide(request: Request, row: Line, form: Decide) -> str:
    """Carry out what the person chose; says what was done."""
    data, by = form.cleaned_data, request.user
    version = data["version"]
    if "mo-lai" in request.POST:
        actions.open_again(line=row, version=version, by=by)
        return f"Dòng {row.row} được khớp lại."
    if "tra-lai" in request.POST:
        actions.send_back(line=row, version=version, reason=data["reason"], by=by)
        return f"Đã trả dòng {row.row} lại doanh nghiệp."
    household = _chosen(request, row, data)
    done = actions.choose(line=row, version=version, household=household, by=by)
    if done.state == LineState.REFUSED:
        return f"Dòng {row.row} là hộ {household.code}, và không được hỗ trợ: {done.said}"
    return f"Dòng {row.row} là hộ {household.code}."


def _chosen(request: Request, row: Line, data: dict[str, Any]) -> Household:
    within = Household.objects.visible_to(request.user).listed().select_related("unit")
    if data["household"]:
        try:
            return get_object_or_404(within, pk=uuid.UUID(data["household"]))
        except ValueError:
            raise Http404 from None
    code = data["code"].strip()
    if not code:
        raise NotAllowed("Chọn một hộ, hoặc ghi số hồ sơ của hộ, hoặc trả dòng lại doanh nghiệp.")
    named = within.filter(code__iexact=code)
    if row.unit_id != row.month.unit_id:
        named = named.filter(unit=row.unit_id)
    household = named.first()
    if household is None:
        raise NotAllowed(f"{row.unit.full_name} không có hộ nào số hồ sơ {code}.")
    return household


@open_to(May.SEND_LISTS, May.RECONCILE)
@require_safe
def marked(request: Request, pk: uuid.UUID) -> HttpResponse:
    """The operator's own file with its bad cells and the rows to look at again marked."""
    found = _month(request, pk)
    note_reading(by=request.user, subject=f"month:{found.pk}", what="Tải lại danh sách tháng có đánh dấu")
    try:
        with found.file.open("rb") as stored:
            content, name = marked_in_child(stored.read(), found.name, queries.marks(found))
    except (Unreadable, FileNotFoundError) as problem:
        messages.error(request, str(problem) if isinstance(problem, Unreadable) else "Tệp gốc không còn.")
        return redirect("telecom:month", pk)
    return workbook_answer(content, name)


@open_to(May.RECONCILE)
@require_http_methods(["GET", "HEAD", "POST"])
def close(request: Request, pk: uuid.UUID) -> HttpResponse:
    """Ask once more, then close the month: nothing changes it afterwards."""
    found = _month(request, pk)
    form = Close(request.POST or None, initial={"version": found.version})
    if form.is_valid():
        try:
            actions.close(month=found, version=form.cleaned_data["version"], by=request.user)
        except NotAllowed as problem:
            messages.error(request, str(problem))
        else:
            messages.success(request, f"Đã chốt tháng {found.words}. Bảng kê khóa lại.")
        return redirect("telecom:month", pk)
    money = figures.money_of(found)
    context = {
        "month": found,
        "form": form,
        "counts": figures.counts_of(found.lines.all()),
        "total": sum(one.total for one in money),
        "why_not": actions.why_not_close(found, request.user),
    }
    return page(request, "telecom/close.html", context)


@open_to(May.SEND_LISTS, May.RECONCILE)
@require_safe
def statement(request: Request, pk: uuid.UUID) -> HttpResponse:
    """The month's statement as .docx."""
    found = _month(request, pk)
    note_reading(by=request.user, subject=f"month:{found.pk}", what="Tải bảng kê tháng, có danh sách hộ")
    return as_asked(
        request, outputs.statement(found, wording=outputs.wording_of(found)), f"bang-ke-{found.key}"
    )


@open_to(May.SEND_LISTS, May.RECONCILE)
@require_safe
def workbook(request: Request, pk: uuid.UUID) -> HttpResponse:
    """The month's statement and rows as .xlsx."""
    found = _month(request, pk)
    note_reading(by=request.user, subject=f"month:{found.pk}", what="Tải bảng kê tháng dạng bảng tính")
    return workbook_answer(outputs.workbook(found), f"bang-ke-{found.key}.xlsx")


@open_to(May.SEND_LISTS, May.SEE_HOUSEHOLDS)
@require_safe
def subscriptions(request: Request) -> HttpResponse:
    """Subscriptions under support, newest first; for a ward also the households that were refused."""
    person = request.user
    note_reading(by=person, subject="subscriptions", what="Mở danh sách thuê bao được hỗ trợ")
    wanted = request.GET.get("dich-vu", "")
    found = Subscription.objects.visible_to(person).select_related("household__unit", "operator", "scheme")
    shown = found.running().filter(service=wanted) if wanted in Service.values else found
    refused = Line.objects.visible_to(person).in_state(LineState.REFUSED).filter(household__isnull=False)
    newest = refused.order_by("-on").values_list("on", flat=True).first()
    context = {
        "running": [
            (service.value, label, number)
            for service, (label, number) in zip(Service, figures.running(person), strict=True)
        ],
        "subscriptions": shown[:LISTED],
        "count": shown.count(),
        "most": LISTED,
        "wanted": Service(wanted).label if wanted in Service.values else "",
        "refused": refused.filter(on=newest).select_related("household", "unit")[:LISTED] if newest else [],
        "newest": newest,
        "opens": person.may(May.SEE_HOUSEHOLDS),
        "not_wanted": Refusal.NOT_WANTED,
    }
    return page(request, "telecom/subscriptions.html", context)


@open_to(May.SEND_LISTS, May.SEE_HOUSEHOLDS)
@require_safe
def subscription(request: Request, pk: uuid.UUID) -> HttpResponse:
    return _show(request, _subscription(request, pk), EndSubscription())


def _show(request: Request, found: Subscription, form: EndSubscription) -> HttpResponse:
    note_reading(by=request.user, subject=f"subscription:{found.pk}", what="Mở thuê bao của hộ")
    lines = found.lines.select_related("month").order_by("-on")
    context = {
        "subscription": found,
        "lines": lines,
        "total": sum(one.amount for one in lines),
        "form": form,
        "opens": request.user.may(May.SEE_HOUSEHOLDS),
        "may_end": not found.ended_on and request.user.may_change(May.RECONCILE, found.household.unit),
    }
    return page(request, "telecom/subscription.html", context)


@open_to(May.RECONCILE)
@require_POST
def end(request: Request, pk: uuid.UUID) -> HttpResponse:
    found = _subscription(request, pk)
    form = EndSubscription(request.POST)
    if form.is_valid():
        data = form.cleaned_data
        try:
            actions.end_subscription(subscription=found, on=data["on"], why=data["why"], by=request.user)
        except NotAllowed as problem:
            form.add_error("on", str(problem))
        else:
            messages.success(request, "Đã ghi thôi thuê bao.")
            return redirect("telecom:subscription", pk)
    return _show(request, found, form)


def _month(request: Request, pk: uuid.UUID) -> Month:
    return get_object_or_404(Month.objects.visible_to(request.user).select_related("operator", "unit"), pk=pk)


def _subscription(request: Request, pk: uuid.UUID) -> Subscription:
    found = Subscription.objects.visible_to(request.user)
    return get_object_or_404(
        found.select_related("household__unit", "operator", "scheme", "support__outcome"), pk=pk
    )
