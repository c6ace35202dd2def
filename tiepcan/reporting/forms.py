"""Forms of dates and reports."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms

from tiepcan.common import clock
from tiepcan.common.forms import DayField, Form, HouseholdCountField, KeyField
from tiepcan.reporting.models import Part, PeriodicReport
from tiepcan.reporting.parts import headings_of
from tiepcan.reporting.periodic import writable
from tiepcan.standards.models import Indicator


class HandIn(Form):
    """What a unit handed in for a date."""

    paper_code = forms.CharField(label="Số, ký hiệu văn bản", max_length=60)
    handed_in_on = DayField(label="Ngày nộp", initial=clock.today)
    note = forms.CharField(label="Ghi chú", max_length=300, required=False)

    def __init__(self, *args: Any, since: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["handed_in_on"].first = since  # type: ignore[attr-defined]


class TakeBack(Form):
    reason = forms.CharField(label="Lý do", max_length=300)


def _long(label: str) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=60_000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


class Consolidate(Form):
    """The cut-off day of a consolidated report, and who is to sign it."""

    id = KeyField(required=False)
    as_of = DayField(label="Số liệu đến hết ngày", initial=clock.today)
    difficulties = _long("Khó khăn, vướng mắc")
    proposals = _long("Kiến nghị, phương hướng")
    position = forms.CharField(label="Chức vụ người ký", max_length=120)
    name = forms.CharField(label="Họ và tên người ký", max_length=120)


class Words(Form):
    """The words of a periodic report, a field for each heading that may be written, with the version its writer saw."""

    def __init__(self, *args: Any, report: PeriodicReport, parts: Mapping[str, Part], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        open_keys = writable(report)
        for number, heading in enumerate(headings_of(report.kind), start=2):
            if heading.key not in open_keys:
                continue
            part = parts[heading.key]
            self.fields[heading.key] = forms.CharField(
                label=f"{number}. {heading.name}",
                required=False,
                max_length=20_000,
                initial=part.text,
                strip=False,
                widget=forms.Textarea(attrs={"rows": 5}),
            )
            self.fields[_seen(heading.key)] = forms.IntegerField(
                initial=part.version, required=False, widget=forms.HiddenInput
            )

    @property
    def texts(self) -> dict[str, tuple[str, int]]:
        """The words of each heading that was sent, with the version that its writer saw."""
        return {
            key: (text, self.cleaned_data.get(_seen(key)) or 0)
            for key, text in self.cleaned_data.items()
            if not key.startswith("v-") and self.add_prefix(key) in self.data
        }

    def tell(self, clashes: Sequence[Part]) -> None:
        """Say beside each heading that somebody else changed what they wrote; sending again writes over it."""
        data: Any = self.data
        data = data.copy()
        for part in clashes:
            self.add_error(
                part.key,
                f"{part.by_name} đã sửa mục này lúc {_time(part)} trong khi anh/chị viết. Bản của "
                f"{part.by_name}: “{part.text}”. Ghép vào phần của anh/chị rồi lưu lại; lưu lại là thay bản kia.",
            )
            data[self.add_prefix(_seen(part.key))] = str(part.version)
        self.data = data


def _time(part: Part) -> str:
    return f"{part.at.astimezone(clock.VIETNAM):%H:%M}" if part.at else ""


def _seen(key: str) -> str:
    return f"v-{key}"


class Marks(Form):
    """What is asked of each heading of a report that goes back."""

    def __init__(self, *args: Any, report: PeriodicReport, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number, heading in enumerate(headings_of(report.kind), start=2):
            self.fields[heading.key] = forms.CharField(
                label=f"Mục {number}. {heading.name}",
                required=False,
                max_length=1000,
                widget=forms.Textarea(attrs={"rows": 2}),
            )


class Address(Form):
    """Where a person wants reminders."""

    email = forms.EmailField(
        label="Thư điện tử",
        required=False,
        max_length=200,
        error_messages={"invalid": "Địa chỉ thư chưa đúng, ví dụ ten@thanhhoa.gov.vn."},
        widget=forms.TextInput(attrs={"inputmode": "email", "autocomplete": "email"}),
    )


class Totals(Form):
    """The total of each indicator for the next year; an empty one is left to need and strength."""

    def __init__(self, *args: Any, indicators: Sequence[Indicator], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for indicator in indicators:
            self.fields[indicator.pk] = HouseholdCountField(label=indicator.short_name, required=False)

    @property
    def totals(self) -> dict[str, int]:
        return {key: value for key, value in self.cleaned_data.items() if value is not None}


class Signing(Form):
    paper_code = forms.CharField(label="Số, ký hiệu văn bản đã ký", max_length=60)
