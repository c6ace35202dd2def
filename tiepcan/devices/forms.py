"""Forms of devices."""

import base64
import binascii
from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet

from tiepcan.common import clock
from tiepcan.common.forms import DayField, Form, KeyField
from tiepcan.devices.models import Condition, Device, DeviceKind, Found, Move, Pledge
from tiepcan.standards.models import Means, Scheme, Source
from tiepcan.standards.queries import sources_for
from tiepcan.supports.forms import FilesField
from tiepcan.units.models import Unit

NO_SIGNATURE = "Cần chữ ký người nhận: ký vào ô trên máy, hoặc chụp biên bản giấy đã ký."
_DRAWN = "data:image/png;base64,"
LARGEST_DRAWING = 400_000
"""Characters of a signature as the page sends it; one drawn by a finger has a tenth."""


def _sources(unit: Unit) -> QuerySet[Source]:
    return sources_for(unit).exclude(pk="household")


def _today() -> Any:
    return clock.today()


class CountField(forms.IntegerField):
    """A whole number of devices, one or more."""

    def __init__(self, **kwargs: Any) -> None:
        sentence = "Số máy phải là số nguyên từ 1 trở lên."
        super().__init__(
            min_value=1,
            max_value=100_000,
            widget=forms.TextInput(attrs={"inputmode": "numeric"}),
            error_messages={
                "invalid": sentence,
                "min_value": sentence,
                "max_value": "Số máy quá lớn. Kiểm tra lại.",
            },
            **kwargs,
        )


class Promise(Form):
    """Somebody promised devices."""

    id = KeyField()
    who = forms.CharField(label="Ai cam kết?", max_length=200)
    source = forms.ModelChoiceField(
        label="Nguồn hỗ trợ", queryset=Source.objects.none(), empty_label="Chọn nguồn"
    )
    kind = forms.ModelChoiceField(
        label="Loại thiết bị", queryset=DeviceKind.objects.all(), empty_label="Chọn loại"
    )
    quantity = CountField(label="Số máy")
    pledged_on = DayField(label="Ngày cam kết", initial=_today)
    due_on = DayField(label="Hẹn giao trước hết ngày", required=False, allow_future=True)
    paper = forms.CharField(label="Văn bản cam kết", max_length=120, required=False)

    def __init__(self, *args: Any, unit: Unit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["source"].queryset = _sources(unit)  # type: ignore[attr-defined]


class PledgeChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A pledge that says how much of it is still to come."""

    def label_from_instance(self, pledge: Any) -> str:
        return f"{pledge.who}: còn {pledge.owed} {pledge.kind.short_name}"


class Receive(Form):
    """Devices came into the store: of a pledge, or of somebody who made none."""

    id = KeyField()
    pledge = PledgeChoice(
        label="Theo cam kết nào?",
        queryset=Pledge.objects.none(),
        required=False,
        empty_label="Không theo cam kết nào",
    )
    kind = forms.ModelChoiceField(
        label="Loại thiết bị", queryset=DeviceKind.objects.all(), required=False, empty_label="Theo cam kết"
    )
    source = forms.ModelChoiceField(
        label="Nguồn hỗ trợ", queryset=Source.objects.none(), required=False, empty_label="Theo cam kết"
    )
    provider = forms.CharField(label="Đơn vị, người hỗ trợ", max_length=200, required=False)
    received_on = DayField(label="Ngày nhận", initial=_today)
    minutes = forms.CharField(label="Số biên bản nhận", max_length=60, required=False)
    serials = forms.CharField(
        label="Số máy, mỗi dòng một số",
        max_length=40_000,
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, unit: Unit, pledges: Sequence[Pledge], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = Pledge.objects.filter(pk__in=[pledge.pk for pledge in pledges])
        self.fields["pledge"].queryset = known.with_received().select_related("kind", "source")  # type: ignore[attr-defined]
        self.fields["source"].queryset = _sources(unit)  # type: ignore[attr-defined]

    def clean_serials(self) -> list[str]:
        written: str = self.cleaned_data["serials"]
        return [
            line.strip()
            for line in written.replace(";", "\n").replace(",", "\n").splitlines()
            if line.strip()
        ]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if pledge := data.get("pledge"):
            data["kind"] = data.get("kind") or pledge.kind
            data["source"] = data.get("source") or pledge.source
            data["provider"] = data.get("provider") or pledge.who
        for name in ("kind", "source", "provider"):
            if not data.get(name) and name not in self.errors:
                self.add_error(name, "Không theo cam kết nào thì điền mục này.")
        return data


class AddKind(Form):
    name = forms.CharField(label="Tên loại thiết bị", max_length=120)
    short_name = forms.CharField(label="Tên ngắn", max_length=40, required=False)
    means = forms.ModelChoiceField(
        label="Hình thức tiếp cận",
        queryset=Means.objects.select_related("indicator"),
        empty_label="Chọn hình thức",
    )


class DevicesField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, device: Any) -> str:
        return f"{device.kind.name}, {device.serial} ({device.receipt.provider})"


class Issue(Form):
    """Devices of the store go to the store of a ward."""

    id = KeyField()
    to = forms.ModelChoiceField(
        label="Cấp cho phường, xã nào?", queryset=Unit.objects.none(), empty_label="Chọn phường, xã"
    )
    on = DayField(label="Ngày cấp", initial=_today)
    paper = forms.CharField(label="Số phiếu xuất", max_length=60, required=False)
    devices = DevicesField(
        label="Máy nào?",
        queryset=Device.objects.none(),
        error_messages={
            "asked_for": "Chọn ít nhất một máy.",
            "invalid_choice": "Có máy vừa rời kho này. Xem lại danh sách dưới đây rồi chọn lại.",
            "invalid_pk_value": "Chọn lại máy trong danh sách.",
        },
    )

    def __init__(self, *args: Any, wards: QuerySet[Unit], devices: QuerySet[Device], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = wards  # type: ignore[attr-defined]
        self.fields["devices"].queryset = devices  # type: ignore[attr-defined]


class Search(Form):
    q = forms.CharField(label="Số máy", max_length=60, required=False)


class Choose(Form):
    q = forms.CharField(label="Tìm theo tên, số hồ sơ, thôn", max_length=100, required=False)


class HandOverForm(Form):
    """A device of the store goes to the household: when, how, who received it, and the signature."""

    id = KeyField()
    on = DayField(label="Ngày bàn giao", initial=_today)
    condition = forms.ChoiceField(
        label="Tình trạng máy lúc giao",
        choices=Condition.choices,
        widget=forms.RadioSelect,
        error_messages={"asked_for": "Chọn tình trạng máy lúc giao."},
    )
    who = forms.ChoiceField(
        label="Ai nhận?",
        choices=[("head", "Chủ hộ"), ("other", "Thành viên khác hoặc người nhận thay")],
        widget=forms.RadioSelect,
        initial="head",
        error_messages={"asked_for": "Chọn người nhận."},
    )
    receiver = forms.CharField(label="Họ tên người nhận thay", max_length=120, required=False)
    relation = forms.CharField(label="Quan hệ với chủ hộ", max_length=40, required=False)
    scheme = forms.ModelChoiceField(
        label="Theo chính sách",
        queryset=Scheme.objects.none(),
        required=False,
        empty_label="Không theo chính sách, là hỗ trợ khác",
    )
    drawn = forms.CharField(
        required=False, max_length=LARGEST_DRAWING, widget=forms.HiddenInput(attrs={"data-drawn": True})
    )
    paper = forms.FileField(
        label="Biên bản giấy đã ký (ảnh hoặc .pdf)",
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp,application/pdf"}),
    )
    files = FilesField(label="Ảnh lúc bàn giao")  # type: ignore[assignment]
    instructed = forms.BooleanField(label="Đã hướng dẫn hộ cách dùng và số gọi khi hỏng", required=False)

    def __init__(self, *args: Any, head: str, schemes: Sequence[Scheme], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.head = head
        self.fields["who"].choices = [  # type: ignore[attr-defined]
            ("head", f"Chủ hộ: {head}"),
            ("other", "Thành viên khác hoặc người nhận thay"),
        ]
        self.fields["scheme"].queryset = Scheme.objects.filter(pk__in=[scheme.pk for scheme in schemes])  # type: ignore[attr-defined]
        if not schemes:
            del self.fields["scheme"]

    def clean_drawn(self) -> bytes | None:
        written: str = self.cleaned_data["drawn"]
        if not written:
            return None
        try:
            raw = base64.b64decode(written.removeprefix(_DRAWN), validate=True)
        except (binascii.Error, ValueError):
            raise forms.ValidationError("Chữ ký chưa gửi được. Ký lại.") from None
        if not written.startswith(_DRAWN) or not raw.startswith(b"\x89PNG"):
            raise forms.ValidationError("Chữ ký chưa gửi được. Ký lại.")
        return raw

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("who") == "other":
            for name, asked in (
                ("receiver", "Ghi họ tên người nhận thay."),
                ("relation", "Ghi quan hệ, ví dụ: con."),
            ):
                if not data.get(name):
                    self.add_error(name, asked)
        if not data.get("paper") and not data.get("drawn") and not {"paper", "drawn"} & set(self.errors):
            self.add_error("paper", NO_SIGNATURE)
        return data

    def facts(self) -> dict[str, Any]:
        """What `actions.hand_over` wants to know."""
        data = self.cleaned_data
        paper, drawn, other = data["paper"], data["drawn"], data["who"] == "other"
        # Both: the paper is the signature, the drawing goes along.
        files = list(data["files"])
        signature = (paper.name, paper.read()) if paper else ("chu-ky.png", drawn)
        if paper and drawn:
            files.append(("chu-ky.png", drawn))
        return {
            "id": data["id"],
            "on": data["on"],
            "condition": data["condition"],
            "receiver": data["receiver"] if other else self.head,
            "relation": data["relation"] if other else "",
            "scheme": data.get("scheme"),
            "instructed": data["instructed"],
            "signature": signature,
            "files": files,
        }


class Why(Form):
    """What happened to a device on a day, and why."""

    id = KeyField()
    on = DayField(label="Ngày", initial=_today)
    reason = forms.CharField(label="Lý do", max_length=300)


class Repaired(Why):
    reason = forms.CharField(label="Đã sửa gì", max_length=300, required=False)


class Returned(Why):
    reason = forms.CharField(label="Lý do", max_length=300, required=False)


class WrittenOff(Why):
    how = forms.ChoiceField(
        label="Máy làm sao?",
        choices=[(Move.LOST.value, "Mất"), (Move.SCRAPPED.value, "Hỏng hẳn, không sửa được")],
        widget=forms.RadioSelect,
        error_messages={"asked_for": "Chọn “Mất” hoặc “Hỏng hẳn”."},
    )
    reason = forms.CharField(label="Lý do, số biên bản", max_length=300)
    field_order = ("id", "how", "on", "reason")


class Asked(Form):
    """The household was asked how its device is."""

    id = KeyField()
    on = DayField(label="Ngày hỏi", initial=_today)
    found = forms.ChoiceField(
        label="Tình trạng máy",
        choices=Found.choices,
        widget=forms.RadioSelect,
        error_messages={"asked_for": "Chọn tình trạng máy."},
    )
    note = forms.CharField(label="Ghi chú", max_length=500, required=False)
    files = FilesField(label="Ảnh máy")  # type: ignore[assignment]


class Reason(Form):
    reason = forms.CharField(label="Lý do", max_length=300)


class Letter(Form):
    """A letter to the department or a donor: to whom, and who signs."""

    to = forms.CharField(label="Kính gửi", max_length=300)
    position = forms.CharField(label="Chức vụ người ký", max_length=120)
    name = forms.CharField(label="Họ tên người ký", max_length=120)
