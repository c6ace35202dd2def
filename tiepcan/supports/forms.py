"""Forms of outcomes."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms

from tiepcan.common import clock
from tiepcan.common.folding import folded_key
from tiepcan.common.forms import DayField, Form, KeyField
from tiepcan.standards.models import Indicator, Means, Scheme, Source
from tiepcan.standards.queries import sources_for, why_not_under
from tiepcan.units.models import Unit


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


class SchemeChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A scheme with its decree: two of one name may follow each other."""

    def label_from_instance(self, scheme: Any) -> str:
        return f"{scheme.name} ({scheme.decree})"


class Record(Form):
    """A household gained access: to what, on what day, how, from what source, with what evidence."""

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
    source = forms.ModelChoiceField(
        label="Nguồn hỗ trợ",
        queryset=Source.objects.none(),
        required=False,
        empty_label="Chọn nguồn",
        error_messages={"invalid_choice": "Nguồn này không có trong danh sách. Chọn lại."},
    )
    new_source = forms.CharField(label="Nguồn khác, ghi tên", max_length=120, required=False)
    provider = forms.CharField(label="Đơn vị hỗ trợ", max_length=200, required=False)
    scheme = SchemeChoice(
        label="Theo chính sách",
        queryset=Scheme.objects.none(),
        required=False,
        empty_label="Không theo chính sách, là hỗ trợ khác",
        error_messages={"invalid_choice": "Chính sách này không có trong danh sách. Chọn lại."},
    )
    # Fields of a form leave the class: `form.files` is what was sent, as with any form.
    files = FilesField(label="Minh chứng")  # type: ignore[assignment]
    note = forms.CharField(
        label="Ghi chú", max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(
        self, *args: Any, since: date, unit: Unit, indicators: Sequence[Indicator], **kwargs: Any
    ) -> None:
        """`since` is the first day that may count; the sources are those of the unit's list."""
        super().__init__(*args, **kwargs)
        keys = [indicator.pk for indicator in indicators]
        self.fields["indicator"].queryset = Indicator.objects.filter(pk__in=keys)  # type: ignore[attr-defined]
        self.fields["means"].queryset = Means.objects.filter(indicator__in=keys).select_related("indicator")  # type: ignore[attr-defined]
        self.fields["happened_on"].first = since  # type: ignore[attr-defined]
        self.fields["source"].queryset = sources_for(unit)  # type: ignore[attr-defined]
        held = Scheme.objects.filter(valid_from__lte=clock.today()).exclude(valid_to__lte=since)
        self.fields["scheme"].queryset = held.filter(means__indicator__in=keys).select_related("means")  # type: ignore[attr-defined]
        if len(keys) == 1:
            self.fields["indicator"].initial = keys[0]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        means, indicator = data.get("means"), data.get("indicator")
        if means and indicator and means.indicator_id != indicator.pk:
            self.add_error(
                "means", f"“{means.name}” không phải hình thức của {indicator.name.lower()}. Chọn lại."
            )
        self._one_source(data)
        scheme, day = data.get("scheme"), data.get("happened_on")
        if scheme and indicator and day and (problem := why_not_under(scheme, indicator, day)):
            self.add_error("scheme", f"{problem} Chọn lại.")
        return data

    def _one_source(self, data: dict[str, Any]) -> None:
        """A source is chosen or named, and not both."""
        source, named = data.get("source"), data.get("new_source")
        if source and named:
            self.add_error(
                "new_source", f"Đã chọn nguồn “{source.name}” ở trên. Bỏ chọn, hoặc xóa tên ở ô này."
            )
        elif named and not any(c.isalpha() for c in folded_key(named)):
            self.add_error("new_source", "Tên nguồn hỗ trợ cần có chữ.")
        elif not source and not named and not {"source", "new_source"} & set(self.errors):
            self.add_error("source", "Chọn nguồn hỗ trợ, hoặc ghi tên nguồn khác ở ô bên dưới.")


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
