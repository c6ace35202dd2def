"""Forms and fields whose sentences say what is wrong and what to do."""

import re
import uuid
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms

from tiepcan.common import clock
from tiepcan.common.numbers import grouped

REQUIRED = "Chưa điền mục này."
_DAY_AND_MONTH = re.compile(r"[0-9]{1,2}[/.-][0-9]{1,2}")
_DIGITS = re.compile(r"[0-9]{6}|[0-9]{8}")
EARLIEST, LATEST = date(1900, 1, 1), date(2199, 12, 31)
"""Days that a paper or a household's life could mean."""


class Form(forms.Form):
    """A form of ours: checked on the server alone, so that every problem is told at once and in our words."""

    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        for field in self.fields.values():
            field.error_messages["required"] = field.error_messages.get("asked_for", REQUIRED)


class DayField(forms.DateField):
    """A day as officers write it: 12/06/2019."""

    widget = forms.DateInput(format="%d/%m/%Y", attrs={"inputmode": "numeric", "autocomplete": "off"})

    def __init__(self, *, first: date | None = None, allow_future: bool = False, **kwargs: Any) -> None:
        self.first, self.allow_future = first, allow_future
        super().__init__(
            input_formats=[
                "%d/%m/%Y",
                "%d-%m-%Y",
                "%d.%m.%Y",
                "%d/%m/%y",
                "%d-%m-%y",
                "%d.%m.%y",
                "%Y-%m-%d",
            ],
            error_messages={"invalid": "Ngày chưa đúng. Viết ngày/tháng/năm, ví dụ 10/06/2019."},
            **kwargs,
        )

    def to_python(self, value: Any) -> Any:
        """Also "5/6", of this year, and "050619" or "05062019", as a phone's number keys write it."""
        if isinstance(value, str):
            written = value.strip()
            if _DAY_AND_MONTH.fullmatch(written):
                value = f"{written}/{clock.today().year}"
            elif _DIGITS.fullmatch(written):
                value = f"{written[:2]}/{written[2:4]}/{written[4:]}"
        return super().to_python(value)

    def clean(self, value: Any) -> Any:
        day = super().clean(value)
        if day is None:
            return None
        if not EARLIEST <= day <= LATEST:
            raise forms.ValidationError("Năm của ngày này chưa đúng. Viết ngày/tháng/năm, ví dụ 10/06/2019.")
        too_late = day > clock.today() and not self.allow_future
        if too_late or (self.first and day < self.first):
            since = f"từ {self.first:%d/%m/%Y} " if self.first else ""
            raise forms.ValidationError(f"Phải {since}đến hôm nay {clock.today():%d/%m/%Y}.")
        return day


class HouseholdCountField(forms.IntegerField):
    """A whole number of households, zero or more."""

    def __init__(self, *, least: int = 0, **kwargs: Any) -> None:
        sentence = f"Số hộ phải là số nguyên từ {least} trở lên."
        super().__init__(
            min_value=least,
            max_value=10_000_000,
            widget=forms.TextInput(attrs={"inputmode": "numeric"}),
            error_messages={
                "invalid": sentence,
                "min_value": sentence,
                "max_value": "Số hộ quá lớn so với một địa bàn. Kiểm tra lại.",
            },
            **kwargs,
        )

    def to_python(self, value: Any) -> int | None:
        """ "1.234" is one thousand two hundred and thirty-four."""
        return super().to_python(value.replace(".", "").strip() if isinstance(value, str) else value)


class MoneyField(forms.CharField):
    """A sum of money in đồng, as officers write it: "6.000.000", "6.000.000 đ", "2,4 triệu"."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            max_length=40,
            widget=forms.TextInput(attrs={"inputmode": "text", "autocomplete": "off"}),
            **kwargs,
        )

    def prepare_value(self, value: Any) -> Any:
        return f"{grouped(value)} đ" if isinstance(value, int) else value

    def clean(self, value: Any) -> Any:
        written = super().clean(value)
        if not written:
            return None
        found = _MONEY.fullmatch(written.strip().casefold())
        if found is None:
            raise forms.ValidationError(
                "Ghi số tiền bằng đồng, ví dụ 6.000.000 hoặc 2,4 triệu; không tốn thì ghi 0."
            )
        number, unit = found["number"], found["unit"]
        amount = int(Decimal(number.replace(".", "").replace(" ", "").replace(",", ".")) * _UNITS[unit or ""])
        if amount > MOST_MONEY:
            raise forms.ValidationError("Số tiền quá lớn so với một phường, xã. Kiểm tra lại.")
        return amount


_MONEY = re.compile(
    r"(?P<number>[0-9]{1,3}(?:[. ][0-9]{3})+|[0-9]+(?:,[0-9]+)?)\s*(?P<unit>nghìn|triệu|tỷ|tỉ)?\s*(?:đồng|đ|vnđ|vnd)?"
)
_UNITS = {"": 1, "nghìn": 1_000, "triệu": 1_000_000, "tỷ": 1_000_000_000, "tỉ": 1_000_000_000}
MOST_MONEY = 1_000_000_000_000
"""A thousand milliards: beyond what one line of a ward's plan could cost."""


class KeyField(forms.UUIDField):
    """The key of a row that this form will make: sent with the empty form, so that sending twice makes one row."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.HiddenInput, initial=uuid.uuid4, **kwargs)
