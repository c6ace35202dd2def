"""Forms of dates and reports."""

from datetime import date
from typing import Any

from django import forms

from tiepcan.common import clock
from tiepcan.common.forms import DayField, Form, KeyField


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
        label=label, max_length=5000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


class Consolidate(Form):
    """The cut-off day of a consolidated report, and who is to sign it."""

    id = KeyField(required=False)
    as_of = DayField(label="Số liệu đến hết ngày", initial=clock.today)
    difficulties = _long("Khó khăn, vướng mắc")
    proposals = _long("Kiến nghị, phương hướng")
    position = forms.CharField(label="Chức vụ người ký", max_length=120)
    name = forms.CharField(label="Họ và tên người ký", max_length=120)
