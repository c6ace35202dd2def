"""Forms of households."""

import uuid
from html import escape
from typing import Any

from django import forms
from django.forms.utils import flatatt
from django.utils.html import format_html
from django.utils.safestring import SafeString

from tiepcan.common import clock
from tiepcan.common.forms import DayField, Form, KeyField
from tiepcan.households import identity
from tiepcan.households.models import LeftWhy, Member, PovertyClass, Sex
from tiepcan.standards.models import YesMeans
from tiepcan.standards.queries import classes_of, definitions_of, readings_for, standard_of
from tiepcan.units.models import Unit


def _whole(label: str, least: int, most: int, sentence: str, *, required: bool = True) -> forms.IntegerField:
    messages = dict.fromkeys(("invalid", "min_value", "max_value"), sentence)
    return forms.IntegerField(
        label=label,
        min_value=least,
        max_value=most,
        required=required,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        error_messages=messages,
    )


def _birth_year(label: str) -> forms.IntegerField:
    return _whole(label, 1900, 2199, "Năm sinh gồm bốn chữ số, ví dụ 1957.", required=False)


class Human(Form):
    """What is asked of one person: the least that a list needs."""

    birth_year = _birth_year("Năm sinh")
    sex = forms.ChoiceField(label="Giới tính", choices=[("", "Không ghi"), *Sex.choices], required=False)
    number = forms.CharField(
        label="Số định danh (CCCD, CMND)",
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )

    def clean_birth_year(self) -> int | None:
        year: int | None = self.cleaned_data["birth_year"]
        if year and year > clock.today().year:
            raise forms.ValidationError("Năm sinh không thể sau năm nay.")
        return year

    def clean_number(self) -> str:
        written: str = self.cleaned_data["number"]
        try:
            return identity.normalised(written) if written else ""
        except ValueError as problem:
            raise forms.ValidationError(str(problem)) from None


class Facts(Human):
    """What is known of a household; the least that a report needs."""

    code = forms.CharField(label="Số hồ sơ", max_length=30)
    head_name = forms.CharField(label="Họ tên chủ hộ", max_length=120)
    hamlet = forms.CharField(label="Thôn, tổ dân phố", max_length=120, required=False)
    birth_year = _birth_year("Năm sinh chủ hộ")
    members = _whole("Số nhân khẩu", 1, 60, "Số nhân khẩu là số nguyên từ 1 đến 60.")

    field_order = ("unit", "code", "head_name", "hamlet", "birth_year", "members", "sex", "number")


class Findings(Form):
    """What a yearly review found, by the standard that governs the year: the class, the lacks, the answers."""

    poverty = forms.ChoiceField(label="Phân loại hộ", widget=forms.RadioSelect)
    lacks = forms.MultipleChoiceField(
        label="Chỉ số thiếu hụt", required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, year: int, unit: Unit, **kwargs: Any) -> None:
        answers = kwargs.pop("answers", {})
        super().__init__(*args, **kwargs)
        standard = standard_of(year)
        allowed = classes_of(standard)
        self.fields["poverty"].choices = [  # type: ignore[attr-defined]
            (value, label) for value, label in PovertyClass.choices if value in allowed
        ]
        self.fields["lacks"].choices = [  # type: ignore[attr-defined]
            (d.indicator_id, f"{d.number}. {d.name}" if d.number else d.name)
            for d in definitions_of(standard)
        ]
        self.questions = {
            question.pk: question
            for reading in readings_for(unit, standard).values()
            if reading.definition.indicator.of_information
            for question in reading.questions.all()
            if question.yes_means == YesMeans.HAS
        }
        for key, question in self.questions.items():
            self.fields[f"answer_{key}"] = forms.ChoiceField(
                label=question.text,
                choices=[("", "Không ghi"), ("yes", "Có"), ("no", "Không")],
                required=False,
                initial={True: "yes", False: "no", None: ""}[answers.get(key)],
            )

    def answer_fields(self) -> list[forms.BoundField]:
        """The questions whose answers decide an indicator of information."""
        return [self[f"answer_{key}"] for key in self.questions]

    def findings(self) -> dict[str, Any]:
        """The cleaned data as actions take them."""
        data = self.cleaned_data
        answers = {key: data[f"answer_{key}"] == "yes" for key in self.questions if data[f"answer_{key}"]}
        return {"poverty": data["poverty"], "lacks": data["lacks"], "answers": answers}


class Reviewed(Findings):
    """A review that is changed carries the version that it started from."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class Add(Facts):
    id = KeyField()
    unit = forms.ModelChoiceField(
        label="Phường, xã", queryset=Unit.objects.none(), empty_label="Chọn phường, xã"
    )

    def __init__(self, *args: Any, units: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]


class Edit(Facts):
    version = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(label="Lý do sửa", max_length=200, required=False)


class Versioned(Form):
    """An act on a household carries the version that its page showed."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class WithReason(Versioned):
    reason = forms.CharField(label="Lý do", max_length=200, widget=forms.Textarea(attrs={"rows": 2}))


class MemberField(forms.ModelChoiceField):  # type: ignore[type-arg]  # at run time it takes no parameter
    """A member, told from another of the same name."""

    def label_from_instance(self, obj: Any) -> str:
        more = [obj.relation, f"sinh {obj.birth_year}" if obj.birth_year else ""]
        return ", ".join(filter(None, [obj.name, *more]))


class Succession(WithReason):
    """Who becomes the head."""

    member = MemberField(
        label="Chủ hộ mới", queryset=Member.objects.none(), empty_label=None, widget=forms.RadioSelect
    )

    field_order = ("member", "reason")

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["member"].queryset = people  # type: ignore[attr-defined]


class KeptMember(Human, Versioned):
    name = forms.CharField(label="Họ tên", max_length=120)
    relation = forms.CharField(label="Quan hệ với chủ hộ", max_length=40, required=False)

    field_order = ("name", "relation", "birth_year", "sex", "number")


class Sensitive(WithReason):
    ethnicity = forms.CharField(label="Dân tộc", max_length=40, required=False)
    disability = forms.ChoiceField(
        label="Chủ hộ là người khuyết tật",
        choices=[("", "Không ghi"), ("yes", "Có"), ("no", "Không")],
        required=False,
    )

    field_order = ("ethnicity", "disability", "reason")

    def clean_disability(self) -> bool | None:
        return {"yes": True, "no": False}.get(self.cleaned_data["disability"])


class Reading(Form):
    """Why somebody wants to see what is hidden."""

    reason = forms.CharField(label="Lý do xem", max_length=150)


class PlaceField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A ward or commune; of many in a province each is named with what it lies in."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.full_name}, {obj.parent.full_name}" if obj.parent else str(obj.full_name)


class Moved(Versioned):
    to = PlaceField(label="Chuyển đến", queryset=Unit.objects.none(), empty_label="Chọn phường, xã")
    moved_on = DayField(label="Ngày chuyển")
    hamlet = forms.CharField(label="Thôn, tổ dân phố ở nơi đến", max_length=120, required=False)
    code = forms.CharField(label="Số hồ sơ ở nơi đến", max_length=30)
    reason = forms.CharField(label="Lý do", max_length=200, required=False)

    def __init__(self, *args: Any, units: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = units  # type: ignore[attr-defined]


class Left(Versioned):
    why = forms.ChoiceField(label="Vì sao", choices=LeftWhy.choices, widget=forms.RadioSelect)
    left_on = DayField(label="Từ ngày")
    reason = forms.CharField(label="Ghi rõ", max_length=200, required=False)


class Split(Versioned):
    id = KeyField()
    code = forms.CharField(label="Số hồ sơ của hộ mới", max_length=30)
    head_name = forms.CharField(label="Họ tên chủ hộ mới", max_length=120)
    birth_year = _birth_year("Năm sinh chủ hộ mới")
    hamlet = forms.CharField(label="Thôn, tổ dân phố", max_length=120, required=False)
    members = _whole("Số nhân khẩu tách ra", 1, 59, "Số nhân khẩu là số nguyên từ 1 đến 59.")
    reason = forms.CharField(label="Lý do", max_length=200, required=False)


class PlainSelect(forms.Select):
    """A choice of the filters, hundreds of units among them, without a template for each line."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        chosen = str(value or "")
        options = "".join(
            f'<option value="{escape(str(key))}"{" selected" if str(key) == chosen else ""}>{escape(str(label))}</option>'
            for key, label in self.choices
        )
        # Every value and label above is escaped.
        return format_html(
            "<select{}>{}</select>", flatatt({"name": name, **(attrs or {})}), SafeString(options)
        )


class Search(Form):
    """What the list of households shows; `lacks` and `conditions`, which rooms above know, as (key, label)."""

    q = forms.CharField(label="Tìm theo tên, số hồ sơ, thôn", max_length=100, required=False)
    poverty = forms.ChoiceField(label="Phân loại", required=False)
    lack = forms.ChoiceField(label="Thiếu hụt", required=False)
    state = forms.ChoiceField(label="Tình trạng", required=False)
    year = forms.TypedChoiceField(label="Rà soát cuối năm", required=False, coerce=int, empty_value=None)
    unit = forms.ChoiceField(label="Phường, xã", required=False)

    def __init__(
        self, *args: Any, units: Any, years: Any, lacks: Any, conditions: Any = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        every = ("", "Tất cả")
        choices = {
            "poverty": [every, ("poor_any", "Hộ nghèo (mọi loại)"), *PovertyClass.choices],
            "lack": [every, *lacks],
            "state": [every, *conditions, ("left", "Đã ra khỏi sổ")],
            "year": [(year, str(year)) for year in years],
            "unit": [every, *((u.pk, u.full_name) for u in units)],
        }
        for name, offered in choices.items():
            self.fields[name].choices = offered  # type: ignore[attr-defined]


class ManyFiles(forms.FileField):
    """One file or many, chosen or dropped together; cleaned to a list."""

    widget = type("ManyFilesInput", (forms.FileInput,), {"allow_multiple_selected": True})

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        given = data if isinstance(data, list | tuple) else [data]
        return [super(ManyFiles, self).clean(one, initial) for one in given or [None]]


class SendFiles(Form):
    """Lists of households as workbooks."""

    id = KeyField()
    chosen = ManyFiles(
        label="Tệp danh sách hộ",
        allow_empty_file=True,  # an empty one is named among the others
        max_length=200,
        error_messages={
            "asked_for": "Chưa chọn tệp danh sách hộ.",
            "max_length": "Tên tệp dài quá 200 chữ. Đặt tên ngắn hơn.",
        },
    )
    year = forms.TypedChoiceField(label="Rà soát cuối năm", coerce=int)

    def __init__(self, *args: Any, years: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["year"].choices = [(year, str(year)) for year in years]  # type: ignore[attr-defined]
        self.fields["chosen"].widget.attrs["accept"] = ".xlsx,.xls,.ods,.csv,.txt"


class Explained(Form):
    """A choice for each column that waits, and the ward that the file is of when it does not say."""

    def __init__(self, *args: Any, waiting: Any, units: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.keys = {f"column_{n}": one.key for n, one in enumerate(waiting)}
        for (name, _), one in zip(self.keys.items(), waiting, strict=True):
            self.fields[name] = forms.ChoiceField(
                label=f"Cột {one.letter} “{one.heading}” nghĩa là gì?",
                choices=[
                    (
                        alternative.meaning,
                        f"{alternative.words}{f' ({alternative.fits})' if alternative.fits else ''}",
                    )
                    for alternative in one.alternatives
                ],
                widget=forms.RadioSelect,
                help_text=f"{one.why} Trong tệp: {one.samples}.".strip(),
                error_messages={"required": "Chưa chọn nghĩa của cột."},
            )
        if units:
            self.fields["unit"] = forms.ChoiceField(
                label="Tệp này của phường, xã nào?", choices=[("", "Chọn phường, xã"), *units]
            )

    def choices(self) -> dict[str, str]:
        """Meaning by heading key."""
        return {key: self.cleaned_data[name] for name, key in self.keys.items()}

    def unit(self) -> Unit | None:
        """The ward that was chosen, if one was asked for."""
        chosen = self.cleaned_data.get("unit")
        return Unit.objects.get(pk=chosen) if chosen else None


class WriteFile(Form):
    without_rejected = forms.BooleanField(
        label="Để các dòng bị từ chối ra ngoài, ghi phần còn lại", required=False
    )


class Chosen(Form):
    """Households of a round that were ticked; those that somebody reviewed meanwhile are passed over."""

    households = forms.TypedMultipleChoiceField(
        coerce=uuid.UUID, error_messages={"asked_for": "Chưa chọn hộ nào. Đánh dấu các hộ rồi bấm lại."}
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["households"].valid_value = _is_key  # type: ignore[attr-defined]


def _is_key(written: str) -> bool:
    try:
        uuid.UUID(written)
    except ValueError:
        return False
    return True


class Reopened(Form):
    """Why a locked round is opened again."""

    reason = forms.CharField(label="Lý do", max_length=200, widget=forms.Textarea(attrs={"rows": 2}))
