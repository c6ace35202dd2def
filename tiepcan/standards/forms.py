"""Forms of standards."""

from typing import Any

from django import forms

from tiepcan.common.forms import Form
from tiepcan.standards.models import Definition, Reading


def _as_choice(reading: Reading) -> str:
    """The sentence with a capital, and which one is the default."""
    said = reading.sentence[:1].upper() + reading.sentence[1:]
    return f"{said} (mặc định)" if reading.is_default else said


class ChooseReading(Form):
    """Which of a definition's readings the office uses."""

    reading = forms.ModelChoiceField(
        label="Hộ thiếu hụt khi",
        queryset=Reading.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={
            "asked_for": "Chọn một cách hiểu.",
            "invalid_choice": "Chọn một trong các cách hiểu được nêu.",
        },
    )

    def __init__(self, *args: Any, definition: Definition, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["reading"]
        field.queryset = definition.readings.all()
        field.label_from_instance = _as_choice
