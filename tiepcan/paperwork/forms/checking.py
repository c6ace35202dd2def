"""Forms that ask about a printed table."""

from collections.abc import Sequence
from typing import Any, cast

from django import forms

from tiepcan.common.forms import Form
from tiepcan.paperwork.checking import Figure, number_of
from tiepcan.paperwork.codes import spelled, typed


class Code(Form):
    """The code under a printed table."""

    code = forms.CharField(
        label="Mã in dưới bảng",
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )

    def clean_code(self) -> str:
        code = typed(self.cleaned_data["code"])
        if not code:
            raise forms.ValidationError(
                "Mã chưa đúng, có chữ gõ nhầm. Mã có dạng TC-7K3M-92QF; không có chữ O, I, U và số 0, 1."
            )
        return spelled(code)


class Typed(Form):
    """A figure as it stands on the paper that somebody holds."""

    figure = forms.ChoiceField(label="Dòng, cột")
    written = forms.CharField(
        label="Số trên giấy của anh/chị",
        max_length=30,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, figures: Sequence[Figure], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ChoiceField, self.fields["figure"]).choices = [
            (str(place), f"{one.row}: {one.column}") for place, one in enumerate(figures)
        ]

    def clean_written(self) -> str:
        written: str = self.cleaned_data["written"]
        if number_of(written) is None:
            raise forms.ValidationError("Ghi đúng số in trên giấy, ví dụ 97 hoặc 43,5.")
        return written
