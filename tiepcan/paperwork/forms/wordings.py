"""The form that takes an edited wording."""

from django import forms

from tiepcan.common.forms import Form, KeyField


class UploadWording(Form):
    """A wording edited in Word."""

    id = KeyField()
    file = forms.FileField(
        label="Tệp mẫu đã sửa",
        allow_empty_file=True,  # the reader says what is wrong with an empty file
        widget=forms.ClearableFileInput(attrs={"accept": ".docx"}),
        error_messages={"asked_for": "Chưa chọn tệp mẫu."},
    )
    note = forms.CharField(label="Thay đổi gì", max_length=300, required=False)
