"""The page that shows every component, for whoever builds pages. All people and figures on it are invented."""

from datetime import date
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse

from tiepcan.common.forms import DayField, Form
from tiepcan.web.charts import Pin
from tiepcan.web.page import page

TODAY = date(2019, 6, 12)


class Invented(Form):
    """One field of every kind."""

    search = forms.CharField(label="Tìm hộ", help_text="Gõ không dấu cũng được")
    provider = forms.ChoiceField(
        label="Đơn vị hỗ trợ",
        choices=[("a", "Doanh nghiệp viễn thông A"), ("b", "Doanh nghiệp viễn thông B")],
    )
    started_on = DayField(label="Ngày bắt đầu sử dụng")
    kind = forms.ChoiceField(
        label="Hình thức hỗ trợ",
        choices=[
            ("fee", "Thuê bao điện thoại, miễn hoặc giảm cước"),
            ("fibre", "Internet cáp quang tại nhà"),
        ],
        widget=forms.RadioSelect,
    )
    lacks = forms.MultipleChoiceField(
        label="Hộ thiếu những gì",
        choices=[("telecom", "Sử dụng dịch vụ viễn thông"), ("assets", "Tài sản tiếp cận thông tin")],
        widget=forms.CheckboxSelectMultiple,
    )
    compared = forms.BooleanField(label="Đã đối chiếu biên bản", help_text="chọn sau khi xem đủ ảnh")
    evidence = forms.FileField(label="Minh chứng", help_text="Ảnh biên bản có chữ ký của đại diện hộ")
    remark = forms.CharField(label="Ghi chú", required=False, widget=forms.Textarea(attrs={"rows": 3}))


class Signed(Form):
    """What a signature leaves."""

    signed = forms.CharField(required=False, widget=forms.HiddenInput)


def gallery(request: HttpRequest) -> HttpResponse:
    """Routed by the room that puts a door on it."""
    return page(request, "web/gallery.html", gallery_context())


def gallery_context() -> dict[str, Any]:
    wrong = Invented(
        {
            "search": "nguyen van mau",
            "provider": "a",
            "started_on": "10/06/2091",
            "lacks": ["assets"],
            "compared": "on",
        },
        auto_id="sai_%s",
    )
    return {
        "has_errors": False,
        "paper": {
            "number": None,
            "issued_on": None,
            "addressed_to": [],
            "bases": [],
            "parent_body": "Ủy ban nhân dân thành phố Thí Dụ",
            "issuing_body": "Ủy ban nhân dân phường Mẫu",
            "symbol": "BB-UBND",
            "kind": "Biên bản",
            "title": "Bàn giao thiết bị",
            "body": [{"text": "Hôm nay, ngày 12/06/2019, hai bên đã giao, nhận một máy."}],
            "beside": {"position": "Bên nhận", "name": "Trần Thị Ví Dụ"},
            "signature": {"authority": [], "position": "Bên giao", "name": "Lê Văn Thí Dụ"},
        },
        "pad": Signed(auto_id="ky_%s"),
        "today": TODAY,
        "form": Invented(initial={"search": "nguyen van mau", "kind": "fee"}, auto_id="moi_%s"),
        "wrong": wrong,
        "chart": {
            "first_day": date(2019, 3, 1),
            "last_day": date(2019, 10, 4),
            "today": TODAY,
            "plan_start": date(2019, 3, 1),
            "target": 200,
            "plan_today": 95,
            "label": "Dịch vụ viễn thông",
            "recorded": _weekly(0, 3, 9, 17, 28, 33, 52, 71, 87),
            "verified": _weekly(0, 0, 4, 10, 18, 27, 36, 53, 64),
        },
        "year": {
            "first_day": date(2019, 2, 18),
            "last_day": date(2019, 10, 8),
            "today": TODAY,
            "pins": [
                Pin("Kế hoạch phường, xã", "hạn 27/02 · 33/35", date(2019, 2, 27), "done"),
                Pin("Báo cáo 6 tháng", "hạn 14/06 · 15/35", date(2019, 6, 14), "next"),
                Pin("Báo cáo năm", "hạn 04/10", date(2019, 10, 4), "open"),
            ],
        },
        "crowded": [
            Pin("Kế hoạch phường, xã", "hạn 27/02 · 33/35", date(2019, 2, 27), "done"),
            Pin("Rà soát hộ nghèo", "hạn 15/03 · 35/35", date(2019, 3, 15), "done"),
            Pin("Báo cáo 6 tháng", "hạn 14/06 · 15/35", date(2019, 6, 14), "next"),
            Pin("Kiểm tra lại", "hạn 24/06", date(2019, 6, 24), "open"),
        ],
    }


def _weekly(*counts: int) -> list[tuple[date, int]]:
    first, last = date(2019, 3, 1).toordinal(), TODAY.toordinal()
    step = (last - first) / (len(counts) - 1)
    return [(date.fromordinal(round(first + step * n)), count) for n, count in enumerate(counts)]
