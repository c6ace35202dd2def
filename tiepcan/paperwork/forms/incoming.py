"""Forms of papers that came in."""

from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet

from tiepcan.accounts.models import Organisation
from tiepcan.common import clock
from tiepcan.common.forms import DayField, Form, KeyField
from tiepcan.common.numbers import whole_number
from tiepcan.paperwork.kinds import KINDS
from tiepcan.paperwork.models import IncomingRegister, IncomingState, Urgency


def _today() -> date:
    return clock.today()


class FromMessage(Form):
    """The file of a message, from which the form of a paper is filled."""

    message = forms.FileField(
        label="Gói tin liên thông (.edxml)",
        widget=forms.FileInput(attrs={"accept": ".edxml,.xml"}),
        error_messages={"asked_for": "Chọn tệp .edxml.", "empty": "Tệp trống. Chọn lại tệp .edxml."},
    )


class Enter(Form):
    """A paper as it is entered into the register."""

    id = KeyField()
    body = forms.ModelChoiceField(
        label="Cơ quan nhận", queryset=Organisation.objects.none(), empty_label=None
    )
    arrived_on = DayField(label="Ngày đến", initial=_today)
    sender = forms.CharField(label="Cơ quan, tổ chức gửi", max_length=200)
    code = forms.CharField(label="Số, ký hiệu", max_length=60, required=False)
    dated = DayField(label="Ngày văn bản", required=False)
    kind = forms.CharField(
        label="Tên loại",
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"list": "ten-loai", "autocomplete": "off"}),
    )
    title = forms.CharField(
        label="Trích yếu nội dung", max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )
    urgency = forms.ChoiceField(label="Mức độ khẩn", choices=Urgency.choices, initial=Urgency.PLAIN)
    due_on = DayField(label="Hạn xử lý", required=False, allow_future=True)
    paper = forms.FileField(
        label="Tệp văn bản",
        required=False,
        widget=forms.FileInput(attrs={"accept": ".pdf,.docx,.png,.jpg,.jpeg"}),
        error_messages={"empty": "Tệp trống. Chọn lại tệp, hoặc bỏ chọn."},
    )
    ticket = forms.CharField(required=False, max_length=600, widget=forms.HiddenInput)
    first = forms.IntegerField(
        label="Số đến đầu tiên trên sổ này",
        required=False,
        min_value=1,
        max_value=1_000_000,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), "Ghi một số từ 1 đến 1.000.000."),
    )
    still = forms.BooleanField(label="Vẫn vào sổ", required=False)
    twin_why = forms.CharField(label="Vì sao vào sổ lần nữa", max_length=300, required=False)

    def __init__(self, *args: Any, bodies: QuerySet[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["body"].queryset = bodies  # type: ignore[attr-defined]
        opened = IncomingRegister.objects.filter(year=clock.today().year).values("body")
        self.unopened = [one.name for one in bodies.exclude(pk__in=opened)]
        if not self.unopened:
            del self.fields["first"]

    @property
    def kinds(self) -> list[str]:
        """Kinds of papers, to choose from or to write past."""
        return list(KINDS.values())

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("still") and not data.get("twin_why"):
            self.add_error("twin_why", "Ghi vì sao văn bản này vào sổ lần nữa, ví dụ: bản gửi lại có dấu.")
        return data

    def facts(self) -> dict[str, Any]:
        """What `incoming.enter` wants to know, but for the file."""
        names = ("id", "body", "arrived_on", "sender", "code", "dated", "kind", "title", "urgency", "due_on")
        data = self.cleaned_data
        return {
            **{name: data[name] for name in names},
            "first": data.get("first") or 1,
            "twin_why": data["twin_why"] if data["still"] else "",
        }


class Handled(Form):
    note = forms.CharField(label="Kết quả xử lý", max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))


class Sought(Form):
    """What the register is searched for, in the address: words of titles, no person's name belongs there."""

    q = forms.CharField(
        label="Tìm số đến, số ký hiệu, trích yếu, nơi gửi (gõ không dấu cũng được)",
        max_length=100,
        required=False,
    )
    nam = forms.ChoiceField(label="Năm", required=False)
    tt = forms.ChoiceField(
        label="Tình trạng", choices=[("", "Tất cả"), *IncomingState.choices], required=False
    )
    so = forms.ChoiceField(label="Sổ của", required=False)
    truoc = forms.CharField(required=False, max_length=9)

    def __init__(self, *args: Any, years: list[int], bodies: QuerySet[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.bodies = list(bodies)
        self.fields["nam"].choices = [(str(year), str(year)) for year in years]  # type: ignore[attr-defined]
        self.fields["so"].choices = [(str(one.pk), one.name) for one in self.bodies]  # type: ignore[attr-defined]

    def asked(self, name: str) -> str:
        """What was asked under this name; empty when it makes no sense."""
        self.is_valid()
        return str(self.cleaned_data.get(name) or "")

    @property
    def body(self) -> Organisation:
        return next((one for one in self.bodies if str(one.pk) == self.asked("so")), self.bodies[0])

    @property
    def before(self) -> int | None:
        """The number before which a page begins."""
        return whole_number(self.asked("truoc"))
