"""Forms of plans: the paper, what was read of it, duties done, dividing."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms

from tiepcan.common import clock
from tiepcan.common.forms import DayField, Form, HouseholdCountField, KeyField
from tiepcan.common.numbers import whole_number
from tiepcan.plans.division import Claim, Method
from tiepcan.plans.models import Basis, Version
from tiepcan.plans.reading.records import Indicator, Reading
from tiepcan.standards.models import Indicator as IndicatorRow
from tiepcan.units.models import Unit

ACCEPTED_FILES = ".docx,.pdf,.txt,.xlsx,.xls,.ods,.csv"


class Upload(Form):
    """A plan's paper as a file."""

    id = KeyField()
    file = forms.FileField(
        label="Tệp văn bản",
        allow_empty_file=True,  # the reader says what is wrong with an empty file
        widget=forms.ClearableFileInput(attrs={"accept": ACCEPTED_FILES}),
        error_messages={"asked_for": "Chưa chọn tệp văn bản."},
    )


def _text(label: str, length: int, *, required: bool = False) -> forms.CharField:
    return forms.CharField(label=label, max_length=length, required=required)


def _long(label: str, length: int) -> forms.CharField:
    return forms.CharField(label=label, max_length=length, widget=forms.Textarea(attrs={"rows": 4}))


def _households(label: str) -> HouseholdCountField:
    return HouseholdCountField(label=label, required=False)


class HeadItem(Form):
    number = _text("Số", 20, required=True)
    symbol = _text("Ký hiệu", 40, required=True)
    kind = _text("Loại văn bản", 60)
    issued_on = DayField(label="Ngày ban hành")
    place = _text("Địa danh", 100)
    issuer = _text("Cơ quan ban hành", 200)
    title = forms.CharField(label="Trích yếu", max_length=500, widget=forms.Textarea(attrs={"rows": 3}))
    year = forms.IntegerField(
        label="Năm kế hoạch",
        min_value=1990,
        max_value=2199,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        error_messages={"invalid": "Năm gồm bốn chữ số, ví dụ 2019."},
    )


class SignatoryItem(Form):
    name = _text("Họ và tên", 120)
    position = _text("Chức vụ", 120)
    authority = _text("Thẩm quyền ký (TM., KT.)", 120)


class PrintedItem(Form):
    poor_households = _households("Hộ nghèo, theo dòng tổng")
    telecom_service = _households("Dịch vụ viễn thông, theo dòng tổng")
    information_asset = _households("Tài sản tiếp cận thông tin, theo dòng tổng")


class AimItem(Form):
    indicator = forms.ChoiceField(label="Chỉ số", choices=[(i.value, i.label) for i in Indicator])
    value = HouseholdCountField(label="Số hộ")


class BasisItem(Form):
    kind = _text("Loại văn bản", 60, required=True)
    number = _text("Số", 20)
    symbol = _text("Ký hiệu", 40)
    issued_on = DayField(label="Ngày ban hành", required=False)
    issuer = _text("Cơ quan ban hành", 200)
    subject = _text("Về việc", 500)


class RowItem(Form):
    row = forms.IntegerField(
        label="Số thứ tự trong bảng",
        min_value=1,
        max_value=9999,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_value"), "Số thứ tự là số nguyên từ 1, như in trong bảng."
        ),
    )
    name = _text("Tên in trong văn bản", 120, required=True)
    unit = forms.ChoiceField(label="Đơn vị hành chính", required=False)
    poor_households = _households("Số hộ nghèo")
    telecom_service = _households("Chỉ tiêu dịch vụ viễn thông")
    information_asset = _households("Chỉ tiêu tài sản tiếp cận thông tin")

    def __init__(self, *args: Any, units: Sequence[Unit] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", "Chọn đơn vị"), *((unit.pk, unit.full_name) for unit in units)]
        self.fields["unit"].choices = choices  # type: ignore[attr-defined]


class DeadlineItem(Form):
    due_before = DayField(label="Trước ngày", allow_future=True)
    audience = _text("Ai thực hiện", 200)
    what = _long("Việc phải xong", 2000)


class DutyItem(Form):
    organisation = _text("Cơ quan, đơn vị", 200, required=True)
    text = _long("Nhiệm vụ", 5000)


class RecipientItem(Form):
    text = _text("Nơi nhận", 300, required=True)


ITEMS: dict[str, tuple[str, type[Form]]] = {
    "head": ("Số, ngày, cơ quan ban hành", HeadItem),
    "signatory": ("Người ký", SignatoryItem),
    "printed": ("Dòng tổng của bảng", PrintedItem),
    "aim": ("Mục tiêu chung", AimItem),
    "basis": ("Căn cứ", BasisItem),
    "row": ("Dòng phụ lục", RowItem),
    "deadline": ("Thời hạn", DeadlineItem),
    "duty": ("Nhiệm vụ", DutyItem),
    "recipient": ("Nơi nhận", RecipientItem),
}
"""The sections of a reading that a person may correct, with their heading and form."""
ALONE = frozenset({"head", "signatory", "printed"})
"""Sections of one item, which is there or empty and is never added or dropped."""


def current(reading: Reading, section: str, key: str) -> dict[str, Any] | None:
    """What the form of an item begins with; None when the reading has no such item."""
    if section == "head":
        return {name: getattr(reading, name) for name in HeadItem.base_fields}
    if section == "signatory":
        item: Any = reading.signatory
        return {name: getattr(item, name, None) for name in SignatoryItem.base_fields}
    if section == "printed":
        return {name: getattr(reading.printed, name, None) for name in PrintedItem.base_fields}
    if key not in reading.keys[section]:
        return None
    items: dict[str, Sequence[Any]] = {
        "aim": reading.targets,
        "basis": reading.legal_bases,
        "row": reading.units,
        "deadline": reading.deadlines,
        "duty": reading.duties,
        "recipient": reading.recipients,
    }
    item = items[section][reading.keys[section].index(key)]
    if section == "row":
        values = {name: getattr(item, name) for name in ("row", "name", "unit", "poor_households")}
        return values | {indicator.value: item.targets.get(indicator) for indicator in Indicator}
    return {name: getattr(item, name) for name in ITEMS[section][1].base_fields}


def plain(values: dict[str, Any]) -> dict[str, Any]:
    """Cleaned values as they can be kept as JSON."""
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}


class Accept(Form):
    """Why an error of the paper itself may stand."""

    reason = _text("Lý do giữ nguyên như bản in", 300)


class Open(Form):
    reason = _text("Lý do điều chỉnh", 500)


class ReportDuty(Form):
    id = KeyField()
    done_on = DayField(label="Ngày làm")
    what = _long("Việc đã làm", 2000)

    def __init__(self, *args: Any, since: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["done_on"].first = since  # type: ignore[attr-defined]


class TakeBack(Form):
    reason = _text("Lý do", 300, required=True)


class OnDay(Form):
    """The day of an issue or an acknowledgement."""

    on = DayField(label="Ngày", initial=clock.today)

    def __init__(self, *args: Any, since: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].first = since  # type: ignore[attr-defined]


class Divide(Form):
    """What to divide and how; the table of units is `Claims`."""

    id = KeyField()
    indicator = forms.ModelChoiceField(
        label="Chỉ số", queryset=IndicatorRow.objects.of_information(), empty_label=None
    )
    total = HouseholdCountField(label="Tổng số hộ", least=1)
    basis = forms.ChoiceField(label="Căn cứ chia", choices=Basis.choices, widget=forms.RadioSelect)
    method = forms.ChoiceField(
        label="Cách làm tròn",
        choices=[(method.value, method.label) for method in Method],
        widget=forms.RadioSelect,
    )


class Claims:
    """One line of fields for each unit: weight (only by hand), floor and cap, in households."""

    def __init__(self, units: Sequence[Unit], data: Any = None) -> None:
        self.units, self.data = units, data
        self.errors: dict[str, str] = {}

    def value(self, unit: Unit, what: str) -> str:
        return str(self.data.get(f"{what}-{unit.pk}", "")).strip() if self.data else ""

    def claims(
        self, weights: dict[str, int], most: dict[str, int | None], *, by_hand: bool
    ) -> list[tuple[Unit, Claim]]:
        """Claims of all units. A cap is never above the unit's own households (`most`), where those are known."""
        return [
            (
                unit,
                Claim(
                    unit=unit.full_name,
                    weight=(self._number(unit, "weight") if by_hand else weights.get(unit.pk)) or 0,
                    floor=self._number(unit, "floor") or 0,
                    cap=min(
                        (c for c in (self._number(unit, "cap"), most.get(unit.pk)) if c is not None),
                        default=None,
                    ),
                ),
            )
            for unit in self.units
        ]

    def _number(self, unit: Unit, what: str) -> int | None:
        written = self.value(unit, what)
        if not written:
            return None
        number = whole_number(written)
        if number is None:
            labels = {"weight": "số hộ để tính", "floor": "mức sàn", "cap": "mức trần"}
            self.errors[f"{what}-{unit.pk}"] = f"{unit.full_name}: {labels[what]} phải là số hộ nguyên."
            return None
        return number


class AmendByDivision(Form):
    """The signed paper that makes a division the plan's targets."""

    id = KeyField()
    number = _text("Số", 20, required=True)
    symbol = _text("Ký hiệu", 40, required=True)
    issued_on = DayField(label="Ngày ban hành")
    title = _text("Trích yếu", 500, required=True)
    position = _text("Chức vụ người ký", 120, required=True)
    signatory = _text("Họ và tên người ký", 120, required=True)
    reason = _text("Lý do điều chỉnh", 500, required=True)
    file = forms.FileField(
        label="Tệp văn bản đã ký", error_messages={"asked_for": "Chưa chọn tệp văn bản đã ký."}
    )

    def __init__(self, *args: Any, before: Version, **kwargs: Any) -> None:
        start = {
            "symbol": before.symbol,
            "title": f"Điều chỉnh: {before.title}"[:500],
            "position": before.signatory_position,
            "signatory": before.signatory,
        }
        super().__init__(*args, initial=start, **kwargs)
        self.fields["issued_on"].first = before.issued_on  # type: ignore[attr-defined]
