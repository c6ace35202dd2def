"""What is far too large is refused by its announced size, before any of it is taken in."""

from collections.abc import Callable

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse

from tiepcan.web.page import page

LARGEST_REQUEST = 100 * 2**20
"""Bytes: six photos of the largest size and a form around them."""

Respond = Callable[[HttpRequest], HttpResponse]


def not_too_large(respond: Respond) -> Respond:
    """Answer a request that announces more than any form of ours can hold with a sentence."""

    def middleware(request: HttpRequest) -> HttpResponse:
        announced = request.META.get("CONTENT_LENGTH") or "0"
        size = int(announced) if announced.isascii() and announced.isdigit() else LARGEST_REQUEST + 1
        if "\x00" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            raise BadRequest  # no address of ours has it, and no text of PostgreSQL can
        if size > LARGEST_REQUEST:
            context = {
                "heading": "Tệp quá lớn",
                "sentence": f"Mỗi lần gửi nhiều nhất {LARGEST_REQUEST // 2**20} MB. Chưa có gì được lưu. Quay lại, chọn tệp nhỏ hơn rồi gửi lại.",
                "next_url": request.path,
                "next_label": "Quay lại",
            }
            return page(request, "web/error.html", context, status=413)
        return respond(request)

    return middleware
