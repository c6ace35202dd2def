"""Forms of papers that go out, of those who sign them, and of their register."""

from typing import Any, cast, get_args

from django import forms

from tiepcan.accounts.models import Organisation, Person
from tiepcan.accounts.roles import Role
from tiepcan.common import clock
from tiepcan.common.forms import DayField, Form, KeyField
from tiepcan.paperwork.drafting import Words
from tiepcan.paperwork.exchange.message import LONGEST_ORGAN_ID, why_not_organ_id
from tiepcan.paperwork.kinds import KINDS
from tiepcan.paperwork.models import Capacity, Document, Signatory, WayOut
from tiepcan.paperwork.writing.records import Grid, Paper, Urgency

_URGENCIES = [("", "Thường"), *((one, one.capitalize()) for one in get_args(Urgency) if one)]
LARGEST_KEY = 64_000
LARGEST_FILE = 20_000_000


class LinesField(forms.CharField):
    """Several lines, each its own entry; empty ones do not count."""

    def __init__(self, *, rows: int = 3, **kwargs: Any) -> None:
        super().__init__(widget=forms.Textarea(attrs={"rows": rows}), strip=False, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return value if isinstance(value, str) or value is None else "\n".join(value)

    def clean(self, value: Any) -> Any:
        said = super().clean(value) or ""
        return [line.strip() for line in said.splitlines() if line.strip()]


class NewPaper(Form):
    """A paper that no subject hands over: a letter, a notice, whatever the body has to write."""

    id = KeyField()
    body = forms.ModelChoiceField(Organisation.objects.none(), label="Cơ quan ban hành", empty_label=None)
    kind = forms.ChoiceField(label="Loại văn bản", choices=list(KINDS.items()), required=False)
    symbol = forms.CharField(label="Ký hiệu", max_length=60)
    title = forms.CharField(label="Trích yếu", max_length=500)
    addressed_to = LinesField(label="Kính gửi", required=False)
    text = forms.CharField(label="Nội dung", widget=forms.Textarea(attrs={"rows": 8}), max_length=50_000)
    recipients = LinesField(label="Nơi nhận", required=False)

    def __init__(self, *args: Any, bodies: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast("forms.ModelChoiceField[Organisation]", self.fields["body"]).queryset = bodies


class Invite(Form):
    """A meeting, to be made an invitation of."""

    id = KeyField()
    body = forms.ModelChoiceField(Organisation.objects.none(), label="Cơ quan mời", empty_label=None)
    about = forms.CharField(label="Họp về việc gì", max_length=400)
    when = forms.CharField(label="Thời gian", max_length=200)
    where = forms.CharField(label="Địa điểm", max_length=300)
    chair = forms.CharField(label="Chủ trì", max_length=200)
    invited = LinesField(label="Thành phần")
    prepare = forms.CharField(label="Chuẩn bị", max_length=500, required=False)

    def __init__(self, *args: Any, bodies: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast("forms.ModelChoiceField[Organisation]", self.fields["body"]).queryset = bodies


class Draft(Form):
    """The words of a draft; one field for each paragraph of its body, tables excepted."""

    seen = forms.CharField(widget=forms.HiddenInput)
    title = forms.CharField(label="Trích yếu", max_length=500, widget=forms.Textarea(attrs={"rows": 2}))
    addressed_to = LinesField(label="Kính gửi", required=False, rows=2)
    bases = LinesField(label="Căn cứ", required=False)
    recipients = LinesField(label="Nơi nhận", required=False, rows=4)
    urgency = forms.ChoiceField(label="Độ khẩn", choices=_URGENCIES, required=False)
    drafter_sign = forms.CharField(label="Ký hiệu người soạn", max_length=20, required=False)
    copies = forms.IntegerField(
        label="Số bản giấy",
        required=False,
        min_value=1,
        max_value=9999,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), "Ghi một số từ 1 đến 9.999."),
    )

    def __init__(self, *args: Any, paper: Paper, digest: str, **kwargs: Any) -> None:
        start = {
            "seen": digest,
            "title": paper.title,
            "addressed_to": paper.addressed_to,
            "bases": paper.bases,
            "recipients": paper.recipients,
            "urgency": paper.urgency,
            "drafter_sign": paper.drafter_sign,
            "copies": paper.copies,
        }
        super().__init__(*args, initial=start, **kwargs)
        texts = [block.text for block in paper.body if not isinstance(block, Grid)]
        for number, text in enumerate(texts):
            self.fields[f"block-{number}"] = forms.CharField(
                label=f"Đoạn {number + 1}",
                required=False,
                initial=text,
                max_length=20_000,
                widget=forms.Textarea(attrs={"rows": min(8, 1 + len(text) // 90)}),
            )
        self.block_names = [f"block-{number}" for number in range(len(texts))]

    @property
    def blocks(self) -> list[Any]:
        """The fields of the body, for the page."""
        return [self[name] for name in self.block_names]

    @property
    def words(self) -> Words:
        data = self.cleaned_data
        return Words(
            title=data["title"],
            addressed_to=data["addressed_to"],
            bases=data["bases"],
            blocks=[data[name] for name in self.block_names],
            recipients=data["recipients"],
            urgency=cast(Urgency, data["urgency"]),
            drafter_sign=data["drafter_sign"],
            copies=data["copies"],
        )


class Propose(Form):
    """Who is to sign."""

    seen = forms.CharField(widget=forms.HiddenInput)
    signatory = forms.ModelChoiceField(
        Signatory.objects.none(), label="Ai ký?", widget=forms.RadioSelect, empty_label=None
    )

    def __init__(self, *args: Any, document: Document, **kwargs: Any) -> None:
        super().__init__(*args, initial={"seen": document.digest}, **kwargs)
        field = cast("forms.ModelChoiceField[Signatory]", self.fields["signatory"])
        field.queryset = Signatory.objects.in_office_on(clock.today()).filter(body=document.body_id)
        field.label_from_instance = said_of  # type: ignore[method-assign,assignment]
        field.error_messages["required"] = "Chọn người ký."


def said_of(signatory: Signatory) -> str:
    """A signatory as a choice says them: how the paper would end, and what speaks against it today."""
    lines = " / ".join([*signatory.authority, signatory.position.upper()])
    away = signatory.is_away_on(clock.today()) and signatory.away_until
    said = f", vắng đến hết {away:%d/%m/%Y}" if away else ""
    by = f", theo {signatory.assigned_by}" if signatory.assigned_by else ""
    return f"{lines}: {signatory.name}{by}{said}"


class CertificateFields(Form):
    """A key in a file, with its passphrase: used for one signature and forgotten."""

    key_file = forms.FileField(label="Tệp chứng thư số (.p12, .pfx)", required=False)
    passphrase = forms.CharField(
        label="Mật khẩu của tệp chứng thư",
        required=False,
        strip=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )

    def clean_key_file(self) -> Any:
        found = self.cleaned_data["key_file"]
        if found and found.size > LARGEST_KEY:
            raise forms.ValidationError("Tệp này quá lớn, không phải tệp chứng thư số.")
        return found


class Sign(CertificateFields):
    """How the signatory signs."""

    HOW = (
        ("key", "Ký số bằng tệp chứng thư"),
        ("file", "Đã ký số bằng USB token: nộp tệp .pdf đã ký"),
        ("paper", "Ký trên giấy"),
    )
    seen = forms.CharField(widget=forms.HiddenInput)
    how = forms.ChoiceField(label="Cách ký", choices=HOW, widget=forms.RadioSelect)
    signed_file = forms.FileField(label="Tệp .pdf đã ký", required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("how") == "key" and not data.get("key_file"):
            self.add_error("key_file", "Chọn tệp chứng thư số, hoặc chọn cách ký khác.")
        signed = data.get("signed_file")
        if data.get("how") == "file" and not signed:
            self.add_error("signed_file", "Chọn tệp .pdf đã ký từ bản trình ký tải ở trang này.")
        if signed and signed.size > LARGEST_FILE:
            self.add_error("signed_file", "Tệp lớn hơn 20 MB. Ký đúng tệp tải ở trang này.")
        return data


class Issue(CertificateFields):
    """The clerk's step: the seal may be signed with it."""

    seen = forms.CharField(widget=forms.HiddenInput)


class Why(Form):
    """A reason."""

    seen = forms.CharField(widget=forms.HiddenInput)
    reason = forms.CharField(label="Lý do", max_length=500, widget=forms.Textarea(attrs={"rows": 2}))


class Scan(Form):
    """The signed and sealed paper, scanned."""

    seen = forms.CharField(widget=forms.HiddenInput)
    file = forms.FileField(label="Bản quét (.pdf)")

    def clean_file(self) -> bytes:
        """Decree 30/2020/NĐ-CP, Appendix I: digitised copies are .pdf."""
        found = self.cleaned_data["file"]
        if found.size > LARGEST_FILE:
            raise forms.ValidationError("Tệp lớn hơn 20 MB. Quét lại ở 200 dpi rồi nộp.")
        raw: bytes = found.read()
        if not raw.startswith(b"%PDF-"):
            raise forms.ValidationError("Tệp này không phải .pdf. Quét văn bản thành .pdf rồi nộp.")
        return raw


class Direct(Form):
    """How one recipient is reached."""

    name = forms.CharField(label="Nơi nhận", max_length=200)
    way = forms.ChoiceField(label="Cách gửi", choices=WayOut.choices)
    email = forms.EmailField(
        label="Thư điện tử",
        required=False,
        error_messages={"invalid": "Địa chỉ thư chưa đúng, ví dụ vanthu@thanhhoa.gov.vn."},
    )
    organ_id = forms.CharField(label="Mã định danh", required=False, max_length=LONGEST_ORGAN_ID)

    def clean_organ_id(self) -> str:
        written: str = self.cleaned_data["organ_id"].strip()
        if written and (problem := why_not_organ_id(written)):
            raise forms.ValidationError(problem)
        return written


class Signing(Form):
    """Somebody who signs for a body."""

    body = forms.ModelChoiceField(Organisation.objects.none(), label="Ký văn bản của", empty_label=None)
    name = forms.CharField(label="Họ và tên", max_length=50)
    position = forms.CharField(label="Chức vụ", max_length=100)
    capacity = forms.ChoiceField(label="Thẩm quyền ký", choices=Capacity.choices, widget=forms.RadioSelect)
    head = forms.CharField(label="Thay cho chức vụ", max_length=100, required=False)
    person = forms.ModelChoiceField(
        Person.objects.none(),
        label="Tài khoản",
        required=False,
        empty_label="Không có tài khoản, ký trên giấy",
    )
    assigned_by = forms.CharField(label="Theo văn bản", max_length=100, required=False)
    since = DayField(label="Ký từ ngày", initial=clock.today)
    until = DayField(label="Đến hết ngày", required=False, allow_future=True)
    away_from = DayField(label="Vắng từ ngày", required=False, allow_future=True)
    away_until = DayField(label="Vắng đến hết ngày", required=False, allow_future=True)
    picture = forms.FileField(label="Hình chữ ký (.png nền trong suốt)", required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, initial=0)

    def __init__(self, *args: Any, bodies: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast("forms.ModelChoiceField[Organisation]", self.fields["body"]).queryset = bodies
        cast("forms.ModelChoiceField[Person]", self.fields["person"]).queryset = Person.objects.filter(
            organisation__in=bodies,
            is_active=True,
            role__in=[Role.LEADER, Role.COORDINATOR, Role.VERIFIER, Role.OFFICER],
        )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        alone = data.get("capacity") == Capacity.HEAD
        if alone and data.get("head"):
            self.add_error("head", "Người đứng đầu ký bằng chức vụ của mình; để trống mục này.")
        if not alone and not data.get("head"):
            self.add_error("head", "Ghi chức vụ của người đứng đầu mà người này ký thay, ví dụ Chủ tịch.")
        if data.get("until") and data.get("since") and data["until"] < data["since"]:
            self.add_error("until", "Ngày cuối phải sau ngày đầu.")
        if bool(data.get("away_from")) != bool(data.get("away_until")):
            self.add_error("away_until", "Ghi cả ngày đầu và ngày cuối của thời gian vắng.")
        elif data.get("away_from") and data["away_from"] > data["away_until"]:
            self.add_error("away_until", "Ngày cuối phải sau ngày đầu.")
        return data


class Seal(Form):
    """The picture of a body's seal."""

    picture = forms.FileField(label="Hình dấu (.png nền trong suốt)")


class Enter(Form):
    """A paper that was drafted and signed outside, to be given a number."""

    id = KeyField()
    body = forms.ModelChoiceField(Organisation.objects.none(), label="Cơ quan ban hành", empty_label=None)
    symbol = forms.CharField(label="Ký hiệu", max_length=60)
    title = forms.CharField(label="Trích yếu", max_length=500)
    signer = forms.CharField(label="Người ký", max_length=200, required=False)
    recipients = forms.IntegerField(
        label="Số nơi nhận",
        min_value=0,
        max_value=9999,
        initial=1,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), "Ghi một số từ 0 đến 9.999."),
    )

    def __init__(self, *args: Any, bodies: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast("forms.ModelChoiceField[Organisation]", self.fields["body"]).queryset = bodies


class BeginAt(Form):
    """The first number of a register that was begun in a paper book."""

    first = forms.IntegerField(
        label="Số đầu trong chương trình",
        min_value=1,
        max_value=999_999,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), "Ghi một số từ 1 trở lên."),
    )
