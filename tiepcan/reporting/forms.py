"""Forms of dates, plans and reports."""

import re
import uuid
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms

from tiepcan.common import clock
from tiepcan.common.forms import DayField, Form, HouseholdCountField, KeyField, MoneyField
from tiepcan.common.numbers import grouped
from tiepcan.reporting import local_plans
from tiepcan.reporting.models import Every, Filing, Part, PlanLine
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


class Recur(Form):
    """Something that is due after each period."""

    what = forms.CharField(label="Việc định kỳ", max_length=200)
    every = forms.ChoiceField(label="Lặp lại", choices=Every.choices, widget=forms.Select)
    day = forms.IntegerField(
        label="Hạn đến hết ngày",
        min_value=1,
        max_value=28,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), "Ghi một số từ 1 đến 28."),
    )


class Done(Form):
    """Which period's turn was done, by which paper."""

    period = forms.DateField(widget=forms.HiddenInput)
    paper_code = forms.CharField(label="Số, ký hiệu văn bản đã gửi", max_length=60)
    done_on = DayField(label="Ngày gửi", initial=clock.today)


class Extend(Form):
    """More time for one unit, and why."""

    until = DayField(label="Gia hạn đến hết ngày", allow_future=True)
    reason = forms.CharField(label="Lý do gia hạn", max_length=500)


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

    def __init__(self, *args: Any, report: Filing, parts: Mapping[str, Part], **kwargs: Any) -> None:
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


class PlanLines(Form):
    """The lines of a unit's own plan that may be written: who, when, with what; and one empty line for a work of its own."""

    def __init__(self, *args: Any, filing: Filing, lines: Mapping[str, PlanLine], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        may = local_plans.writable(filing)
        self.keys = [ask.key for ask in local_plans.asks_of(filing) if ask.key in may]
        self.own: list[str] = []
        if local_plans.OWN in may:
            # The key of the empty line is the page's: sent twice, it makes one work.
            there = [key for key in lines if key.startswith("o-")]
            sent = [name.removesuffix("-own") for name in self.data if _OWN_NAME.fullmatch(name)]
            self.own = list(
                dict.fromkeys([*there, *sent[:_MOST_OWN], *([] if sent else [f"o-{uuid.uuid4()}"])])
            )
        for key in [*self.keys, *self.own]:
            self._lay_out(key, lines.get(key))

    def _lay_out(self, key: str, line: PlanLine | None) -> None:
        line = line or PlanLine()
        words: dict[str, forms.Field] = {
            "who": forms.CharField(
                label="Ai làm",
                max_length=200,
                required=False,
                widget=forms.TextInput(attrs={"list": "nguoi-lam"}),
            ),
            "when": forms.CharField(label="Khi nào", max_length=200, required=False),
            "money": MoneyField(label="Kinh phí (đồng)", required=False),
            "source": forms.CharField(label="Nguồn lực", max_length=300, required=False),
        }
        if key.startswith("o-"):
            words = {"own": forms.CharField(label="Việc", max_length=500, required=False), **words}
        for name, field in words.items():
            field.initial = getattr(line, name)
            self.fields[f"{key}-{name}"] = field
        self.fields[_seen(key)] = forms.IntegerField(
            initial=line.version, required=False, widget=forms.HiddenInput
        )

    def clean(self) -> None:
        """Who writes of a work of the unit's own says what it is."""
        for key in self.own:
            said = any(self.cleaned_data.get(f"{key}-{name}") for name in ("who", "when", "source"))
            if said and not self.cleaned_data.get(f"{key}-own") and f"{key}-own" not in self.errors:
                known = self.fields[f"{key}-own"].initial
                if not known:
                    self.add_error(f"{key}-own", "Ghi việc sẽ làm; không làm thì để trống cả dòng.")

    @property
    def lines(self) -> dict[str, tuple[local_plans.Words, int]]:
        """What was sent of each line, with the version that its writer saw."""
        data = self.cleaned_data
        return {
            key: (
                local_plans.Words(
                    who=data[f"{key}-who"],
                    when=data[f"{key}-when"],
                    money=data[f"{key}-money"],
                    source=data[f"{key}-source"],
                    own=data.get(f"{key}-own", ""),
                ),
                data.get(_seen(key)) or 0,
            )
            for key in [*self.keys, *self.own]
            if self.add_prefix(f"{key}-who") in self.data
        }

    def of(self, key: str) -> list[forms.BoundField]:
        """The fields of one line that people see, in their order."""
        return [self[name] for name in self.fields if name.startswith(f"{key}-")]

    def seen(self, key: str) -> forms.BoundField:
        """The hidden version of one line."""
        return self[_seen(key)]

    def tell(self, clashes: Mapping[str, PlanLine]) -> None:
        """Say beside each line that somebody else changed what they wrote; sending again writes over it."""
        data: Any = self.data
        data = data.copy()
        for key, line in clashes.items():
            money = "" if line.money is None else f", {grouped(line.money)} đ"
            self.add_error(
                f"{key}-who",
                f"{line.by_name} đã sửa dòng này trong khi anh/chị viết: “{line.who}, {line.when}{money}, {line.source}”. "
                "Ghép vào phần của anh/chị rồi lưu lại; lưu lại là thay bản kia.",
            )
            data[self.add_prefix(_seen(key))] = str(line.version)
        self.data = data


_OWN_NAME = re.compile(r"o-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}-own")
_MOST_OWN = 50
"""Works of its own that one page may send."""


class Marks(Form):
    """What is asked of each heading or line of a filing that goes back; `marked` has their keys and labels."""

    def __init__(self, *args: Any, marked: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for key, label in marked:
            self.fields[key] = forms.CharField(
                label=label, required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
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


class Sending(Form):
    """Under which number and on which day a signed report left."""

    paper_code = forms.CharField(label="Số, ký hiệu văn bản đã ký", max_length=60)
    sent_on = DayField(label="Ngày gửi", initial=clock.today)


class Signing(Form):
    """The number of a paper signed outside; empty takes the next one of the unit's register."""

    paper_code = forms.CharField(label="Số, ký hiệu văn bản đã ký", max_length=60, required=False)
