"""Forms of households."""

from typing import Any

from django import forms

from tiepcan.common import clock
from tiepcan.common.forms import Form, KeyField
from tiepcan.households.models import PovertyClass
from tiepcan.standards.models import Indicator
from tiepcan.units.models import Unit


def _whole(label: str, least: int, most: int, sentence: str, *, required: bool = True) -> forms.IntegerField:
    messages = dict.fromkeys(("invalid", "min_value", "max_value"), sentence)
    return forms.IntegerField(
        label=label,
        min_value=least,
        max_value=most,
        required=required,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        error_messages=messages,
    )


class Facts(Form):
    """What is known of a household; the least that a report needs."""

    code = forms.CharField(label="Số hồ sơ", max_length=30)
    head_name = forms.CharField(label="Họ tên chủ hộ", max_length=120)
    hamlet = forms.CharField(label="Thôn, tổ dân phố", max_length=120, required=False)
    birth_year = _whole("Năm sinh chủ hộ", 1900, 2199, "Năm sinh gồm bốn chữ số, ví dụ 1957.", required=False)
    members = _whole("Số nhân khẩu", 1, 60, "Số nhân khẩu là số nguyên từ 1 đến 60.")

    def clean_birth_year(self) -> int | None:
        year: int | None = self.cleaned_data["birth_year"]
        if year and year > clock.today().year:
            raise forms.ValidationError("Năm sinh không thể sau năm nay.")
        return year


class Findings(Form):
    """What a yearly review found."""

    poverty = forms.ChoiceField(label="Phân loại hộ", choices=PovertyClass.choices, widget=forms.RadioSelect)
    lacks = forms.MultipleChoiceField(
        label="Thiếu hụt về thông tin", required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["lacks"].choices = [(i.pk, i.name) for i in Indicator.objects.all()]  # type: ignore[attr-defined]


class Reviewed(Findings):
    """A review that is changed carries the version that it started from."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class Add(Facts):
    id = KeyField()
    unit = forms.ModelChoiceField(
        label="Phường, xã", queryset=Unit.objects.none(), empty_label="Chọn phường, xã"
    )

    field_order = ("unit", "code", "head_name", "hamlet", "birth_year", "members")

    def __init__(self, *args: Any, units: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]


class Edit(Facts):
    version = forms.IntegerField(widget=forms.HiddenInput)


class Search(Form):
    """What the list of households shows."""

    q = forms.CharField(label="Tìm theo tên, số hồ sơ, thôn", max_length=100, required=False)
    lack = forms.ChoiceField(label="Thiếu hụt", required=False)
    unit = forms.ChoiceField(label="Phường, xã", required=False)

    def __init__(self, *args: Any, units: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lacks = [(i.pk, f"Thiếu {i.short_name.lower()}") for i in Indicator.objects.all()]
        self.fields["lack"].choices = [("", "Tất cả"), *lacks]  # type: ignore[attr-defined]
        self.fields["unit"].choices = [("", "Tất cả"), *((u.pk, u.full_name) for u in units)]  # type: ignore[attr-defined]
