"""Forms of a round of verification."""

from typing import Any

from django import forms

from tiepcan.common.forms import DayField, Form, KeyField
from tiepcan.supports.forms import FilesField
from tiepcan.verification.models import Answerer, Check, Finding


class Announce(Form):
    """A new round: the day of its figures, and the seed that will draw."""

    id = KeyField()
    name = forms.CharField(label="Tên đợt", max_length=120)
    as_of = DayField(label="Chốt số liệu hết ngày", allow_future=True)
    ends_on = DayField(label="Kết thúc đợt", allow_future=True)
    seed = forms.CharField(label="Hạt giống", max_length=200)
    seed_origin = forms.CharField(
        label="Hạt giống lấy từ đâu", max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )


class Visited(Form):
    """What was found at a household."""

    id = KeyField()
    finding = forms.ChoiceField(
        label="Tại nhà, anh/chị thấy gì?",
        choices=Finding.choices,
        widget=forms.RadioSelect,
        error_messages={"asked_for": "Chọn điều anh/chị thấy."},
    )
    reason = forms.CharField(
        label="Không đúng ở điểm nào?",
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    checks = forms.MultipleChoiceField(
        label="Đã kiểm tra bằng cách nào?",
        choices=Check.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    answerer = forms.ChoiceField(
        label="Người trả lời",
        choices=[(Answerer.HEAD, Answerer.HEAD.label), (Answerer.MEMBER, Answerer.MEMBER.label)],
        initial=Answerer.HEAD,
        required=False,
        widget=forms.RadioSelect,
    )
    visited_on = DayField(label="Ngày đến")
    files = FilesField(label="Ảnh tại hộ")  # type: ignore[assignment]
    note = forms.CharField(
        label="Ghi chú", max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        finding = data.get("finding")
        if finding == Finding.DISAGREES and not data.get("reason", "").strip():
            self.add_error("reason", "Ghi rõ không đúng ở điểm nào, để phường, xã trả lời được.")
        if finding and finding != Finding.NOT_FOUND and not data.get("checks"):
            self.add_error("checks", "Chọn ít nhất một cách đã kiểm tra.")
        data["answerer"] = data.get("answerer") or Answerer.HEAD
        return data


class Decide(Form):
    reason = forms.CharField(
        label="Vì sao không tính", max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )
