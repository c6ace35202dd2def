"""Forms of operators' lists and subscriptions."""

from datetime import date
from typing import Any

from django import forms

from tiepcan.accounts.models import Organisation, OrganisationKind, Person
from tiepcan.accounts.roles import May
from tiepcan.common import clock
from tiepcan.common.forms import DayField, Form

LATEST_MONTHS = 12
"""Months back for which a list may still be sent through the page."""


def months() -> list[date]:
    """The first days of this month and those before it, newest first."""
    first = clock.today().replace(day=1)
    found = [first]
    while len(found) < LATEST_MONTHS:
        first = date(first.year - (first.month == 1), first.month - 1 or 12, 1)
        found.append(first)
    return found


class SendList(Form):
    """A list of a month; whoever sends it for another says for whom."""

    operator = forms.ModelChoiceField(
        label="Doanh nghiệp", queryset=Organisation.objects.none(), empty_label="Chọn doanh nghiệp"
    )
    month = forms.ChoiceField(label="Tháng nào?")
    file = forms.FileField(
        label="Tệp danh sách",
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.xls,.ods,.csv"}),
        error_messages={
            "asked_for": "Chọn tệp danh sách (.xlsx, .xls, .ods hoặc .csv).",
            "empty": "Tệp này trống.",
        },
    )

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        companies = Organisation.objects.visible_to(person).filter(kind=OrganisationKind.COMPANY)
        if person.may(May.SEND_LISTS):
            companies = companies.filter(pk=person.organisation_id)
            self.fields["operator"].initial = person.organisation
            self.fields["operator"].widget = forms.HiddenInput()
        self.fields["operator"].queryset = companies  # type: ignore[attr-defined]
        self.fields["month"].choices = [  # type: ignore[attr-defined]
            (f"{one:%Y-%m}", f"Tháng {one.month}/{one.year}") for one in months()
        ]


class Decide(Form):
    """Which household a row means: one of those shown, another by its code, or none."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    household = forms.CharField(required=False, widget=forms.HiddenInput)
    code = forms.CharField(label="Hộ khác: số hồ sơ", max_length=30, required=False)
    reason = forms.CharField(label="Không có hộ nào: vì sao trả lại", max_length=300, required=False)


class Close(Form):
    """The version of the list that the person has seen."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class EndSubscription(Form):
    """From when and why a household has its subscription no more."""

    on = DayField(label="Thôi từ ngày")
    why = forms.CharField(label="Vì sao thôi?", max_length=300)
