"""Forms of accounts: signing in, passwords, people."""

from typing import Any

from django import forms

from tiepcan.accounts.models import Organisation, OrganisationKind, Person
from tiepcan.accounts.roles import Role
from tiepcan.common.forms import Form
from tiepcan.units.models import Unit


def _username() -> forms.CharField:
    return forms.CharField(
        label="Tên tài khoản",
        max_length=60,
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )


def _password(label: str, autocomplete: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": autocomplete}),
    )


class SignIn(Form):
    username = _username()
    password = _password("Mật khẩu", "current-password")


class SetPassword(Form):
    """A one-time code and the password that it sets."""

    username = _username()
    code = forms.CharField(
        label="Mã dùng một lần",
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code"}),
    )
    password = _password("Mật khẩu mới", "new-password")
    again = _password("Gõ lại mật khẩu mới", "new-password")

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("password") and data.get("again") and data["password"] != data["again"]:
            self.add_error("again", "Hai lần gõ mật khẩu chưa giống nhau.")
        return data


class Found(SetPassword):
    """The first administrator of an installation, with the code from the console."""

    full_name = forms.CharField(label="Họ và tên", max_length=120)
    unit = forms.ModelChoiceField(
        label="Đơn vị ban hành kế hoạch",
        queryset=Unit.objects.none(),
        empty_label="Chọn đơn vị",
    )

    field_order = ("code", "unit", "full_name", "username", "password", "again")

    def __init__(self, *args: Any, units: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]


class AddOrganisation(Form):
    kind = forms.ChoiceField(label="Loại cơ quan, đơn vị", choices=OrganisationKind.choices)
    name = forms.CharField(label="Tên đầy đủ", max_length=200)
    unit = forms.ModelChoiceField(label="Địa bàn", queryset=Unit.objects.none(), empty_label=None)

    def __init__(self, *args: Any, units: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]


class RenameOrganisation(Form):
    name = forms.CharField(label="Tên đầy đủ", max_length=200)


class AddPerson(Form):
    full_name = forms.CharField(label="Họ và tên", max_length=120)
    position = forms.CharField(label="Chức vụ", max_length=120, required=False)
    organisation = forms.ModelChoiceField(
        label="Cơ quan, đơn vị", queryset=Organisation.objects.none(), empty_label="Chọn cơ quan, đơn vị"
    )
    role = forms.ChoiceField(label="Vai trò", choices=Role.choices, widget=forms.RadioSelect)
    username = forms.RegexField(
        label="Tên tài khoản",
        regex=r"^[a-z0-9][a-z0-9._-]{2,59}$",
        error_messages={
            "invalid": "Dùng từ 3 chữ thường không dấu, số, dấu chấm hoặc gạch nối, ví dụ le.van.du."
        },
    )

    def __init__(self, *args: Any, by: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = Organisation.objects.visible_to(by)  # type: ignore[attr-defined]


class CloseAccount(Form):
    reason = forms.CharField(label="Lý do", max_length=300)
