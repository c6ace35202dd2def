"""What each person finds on opening the program."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from tiepcan.accounts.actions import note_reading
from tiepcan.accounts.doors import open_to_everyone, open_to_signed_in
from tiepcan.accounts.requests import Request
from tiepcan.accounts.roles import May
from tiepcan.common import clock
from tiepcan.home.queries import ward_home
from tiepcan.plans.models import Plan
from tiepcan.plans.opening import kind_of_organisation
from tiepcan.plans.queries import duties_of
from tiepcan.web.page import page


@open_to_signed_in
@require_safe
def home(request: Request) -> HttpResponse:
    """Straight to where this person's work is."""
    person = request.user
    if person.may(May.RECORD_OUTCOMES):
        return _ward(request)
    if person.may(May.VERIFY_OUTCOMES):
        return redirect("supports:to_verify")
    if person.may(May.SEE_FIGURES):
        return redirect("reporting:overview")
    if person.may(May.KEEP_REGISTERS):
        return redirect("paperwork:documents")
    if person.may(May.KEEP_ACCOUNTS):
        return redirect("accounts:people")
    return _partner(request)


def _ward(request: Request) -> HttpResponse:
    plan = Plan.objects.visible_to(request.user).select_related("issuer").first()
    if plan is None:
        return page(request, "reporting/no_plan.html", {"may_open": False})
    note_reading(by=request.user, subject="households", what="Mở việc cần làm, có danh sách hộ chờ")
    context = {"home": ward_home(request.user, plan), "today": clock.today(), "plan": plan}
    return page(request, "home/ward.html", context)


def _partner(request: Request) -> HttpResponse:
    """A station, an office or a company: the duties that the plan gives to its kind."""
    plan = Plan.objects.visible_to(request.user).select_related("issuer").first()
    if plan is None:
        return page(request, "reporting/no_plan.html", {"may_open": False})
    kind = request.user.organisation.kind
    own = [o for o in duties_of(plan, request.user) if kind_of_organisation(o.name) == kind]
    return page(request, "home/partner.html", {"plan": plan, "own": own, "today": clock.today()})


@open_to_everyone
@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """For whoever watches the machine: the program answers and reaches its database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok\n", content_type="text/plain")


_SAID: dict[int, tuple[str, str]] = {
    400: (
        "Yêu cầu chưa đúng",
        "Trình duyệt gửi một yêu cầu không đọc được. Quay lại trang trước rồi thử lại.",
    ),
    403: (
        "Không được phép",
        "Tài khoản của anh/chị không dùng được trang này. Cần dùng thì hỏi người quản trị tài khoản.",
    ),
    404: ("Không tìm thấy", "Không có trang này, hoặc trang nằm ngoài địa bàn của anh/chị."),
    500: (
        "Chương trình gặp lỗi",
        "Việc vừa làm có thể chưa được ghi. Xem lại trang trước khi làm lại; vẫn lỗi thì báo người quản trị.",
    ),
    405: (
        "Trang này không mở bằng cách đó",
        "Địa chỉ này chỉ nhận biểu mẫu gửi từ một trang khác. Về trang đầu rồi làm lại.",
    ),
}


def _said(request: HttpRequest, status: int) -> HttpResponse:
    heading, sentence = _SAID[status]
    context: dict[str, Any] = {
        "heading": heading,
        "sentence": sentence,
        "next_url": "/",
        "next_label": "Về trang đầu",
    }
    return page(request, "web/error.html", context, status=status)


def told(respond: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """The middleware that gives a page to an answer that has none: an address opened in a way that it does not know."""

    def middleware(request: HttpRequest) -> HttpResponse:
        answer = respond(request)
        if answer.status_code != HTTPStatus.METHOD_NOT_ALLOWED or answer.content:
            return answer
        page_of_it = _said(request, HTTPStatus.METHOD_NOT_ALLOWED)
        page_of_it["Allow"] = answer["Allow"]
        return page_of_it

    return middleware


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _said(request, 400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _said(request, 403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _said(request, 404)


def failed(request: HttpRequest) -> HttpResponse:
    return _said(request, 500)


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form whose token does not hold: sent from a page that was open through a sign-out."""
    context = {
        "heading": "Trang đã mở quá lâu",
        "sentence": "Vì an toàn, biểu mẫu này không gửi được nữa. Quay lại trang trước, tải lại trang rồi gửi lại.",
        "next_url": "/",
        "next_label": "Về trang đầu",
    }
    return page(request, "web/error.html", context, status=403)
