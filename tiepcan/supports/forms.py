"""Forms of outcomes."""

from collections.abc import Sequence
from typing import Any

from django import forms

from tiepcan.common.forms import DayField, Form, KeyField
from tiepcan.plans.models import Plan
from tiepcan.standards.models import Indicator, Means


class ManyFiles(forms.ClearableFileInput):
    """A file control that takes several files at once."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Photos or papers, as (name, content) pairs."""

    def __init__(self, **kwargs: Any) -> None:
        accepted = {"accept": "image/jpeg,image/png,image/webp,application/pdf"}
        super().__init__(widget=ManyFiles(attrs=accepted), required=False, **kwargs)

    def clean(self, data: Any, initial: Any = None) -> list[tuple[str, bytes]]:
        files = data if isinstance(data, list | tuple) else [data] if data else []
        return [(file.name, file.read()) for file in files]


class Record(Form):
    """A household gained access: to what, on what day, how, with what evidence."""

    id = KeyField()
    indicator = forms.ModelChoiceField(
        label="Hộ được tiếp cận về gì?",
        queryset=Indicator.objects.of_information(),
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={"asked_for": "Chọn chỉ số hộ được tiếp cận."},
    )
    means = forms.ModelChoiceField(
        label="Hình thức",
        queryset=Means.objects.select_related("indicator"),
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={"asked_for": "Chọn hình thức hộ được tiếp cận."},
    )
    happened_on = DayField(label="Ngày hộ bắt đầu được tiếp cận")
    provider = forms.CharField(label="Đơn vị hỗ trợ", max_length=200, required=False)
    # Fields of a form leave the class: `form.files` is what was sent, as with any form.
    files = FilesField(label="Minh chứng")  # type: ignore[assignment]
    note = forms.CharField(
        label="Ghi chú", max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, plan: Plan, indicators: Sequence[Indicator], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        keys = [indicator.pk for indicator in indicators]
        self.fields["indicator"].queryset = Indicator.objects.filter(pk__in=keys)  # type: ignore[attr-defined]
        self.fields["means"].queryset = Means.objects.filter(indicator__in=keys).select_related("indicator")  # type: ignore[attr-defined]
        self.fields["happened_on"].first = plan.versions_on(plan.opened_on)[0].issued_on  # type: ignore[attr-defined]
        if len(keys) == 1:
            self.fields["indicator"].initial = keys[0]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        means, indicator = data.get("means"), data.get("indicator")
        if means and indicator and means.indicator_id != indicator.pk:
            self.add_error(
                "means", f"“{means.name}” không phải hình thức của {indicator.name.lower()}. Chọn lại."
            )
        return data


class Choose(Form):
    """Which household is looked for."""

    q = forms.CharField(label="Tìm theo tên, số hồ sơ, thôn", max_length=100, required=False)


class AddEvidence(Form):
    files = FilesField(label="Thêm minh chứng")  # type: ignore[assignment]


class Reason(Form):
    reason = forms.CharField(label="Lý do", max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))


class Answer(Form):
    files = FilesField(label="Minh chứng bổ sung")  # type: ignore[assignment]
    note = forms.CharField(
        label="Trả lời", max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
