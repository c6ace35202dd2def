"""Forms of the address book."""

from typing import Any

from django import forms
from django.db.models import QuerySet

from tiepcan.accounts.models import Organisation
from tiepcan.common.forms import Form, KeyField
from tiepcan.paperwork.exchange.message import LONGEST_ORGAN_ID, why_not_organ_id


class Facts(Form):
    """An address of the address book."""

    name = forms.CharField(label="Tên nơi nhận", max_length=200)
    email = forms.EmailField(
        label="Thư điện tử",
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        error_messages={"invalid": "Địa chỉ thư chưa đúng. Viết như vanthu@donvi.gov.vn."},
    )
    organ_id = forms.CharField(
        label="Mã định danh",
        required=False,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "spellcheck": "false", "maxlength": LONGEST_ORGAN_ID}
        ),
    )
    note = forms.CharField(label="Ghi chú", max_length=300, required=False)

    def clean_organ_id(self) -> str:
        written = str(self.cleaned_data["organ_id"]).strip().upper()
        if written and (problem := why_not_organ_id(written)):
            raise forms.ValidationError(problem)
        return written


class AddContact(Facts):
    id = KeyField()
    body = forms.ModelChoiceField(
        label="Sổ của cơ quan", queryset=Organisation.objects.none(), empty_label=None
    )
    field_order = ("id", "body", "name", "email", "organ_id", "note")

    def __init__(self, *args: Any, bodies: QuerySet[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["body"].queryset = bodies  # type: ignore[attr-defined]


class ChangeContact(Facts):
    """A change carries the version that it started from."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class EndContact(Form):
    version = forms.IntegerField(widget=forms.HiddenInput)
