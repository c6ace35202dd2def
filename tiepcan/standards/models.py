"""Poverty standards, what they call lacking, and how an office reads them: rows with their decree, from readable files."""

from collections.abc import Mapping
from datetime import date
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from tiepcan.audit.tables import audited
from tiepcan.standards.rules import Form, lacks
from tiepcan.units.models import Unit


class Confidence(models.TextChoices):
    """How sure we are of a row (mức tin cậy)."""

    READ = "read", "đã đọc trong nguồn"
    GENERAL = "general", "chưa đối chiếu văn bản"
    OPEN = "open", "chưa đọc được văn bản"


@audited()
class Standard(models.Model):
    """One multidimensional poverty standard (chuẩn nghèo), the days on which it holds and the reviews that it governs.

    A review at the end of a year makes the list that holds in the next one, so a standard governs reviews from the
    year before it holds.
    """

    id = models.SlugField("mã", primary_key=True)
    name = models.CharField("tên", max_length=200)
    valid_from = models.DateField("từ ngày")
    valid_to = models.DateField("đến trước ngày", null=True)
    decree = models.CharField("văn bản", max_length=120)
    first_review = models.PositiveSmallIntegerField("năm rà soát đầu")
    last_review = models.PositiveSmallIntegerField("năm rà soát cuối")
    one_class = models.BooleanField(
        "một loại hộ nghèo",
        help_text="Without it poor by income (N1) and by what is lacked (N2) are told apart.",
    )
    note = models.CharField("ghi chú", max_length=500, blank=True)

    class Meta:
        verbose_name = "chuẩn nghèo"
        ordering = ["valid_from"]
        constraints = [
            models.CheckConstraint(
                condition=Q(first_review__lte=F("last_review")), name="standard_governs_a_review"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Area(models.TextChoices):
    """The kind of area that a threshold is for (khu vực); which one a unit counts as is not for its kind to say."""

    RURAL = "rural", "Nông thôn"
    URBAN = "urban", "Thành thị"


@audited()
class Threshold(models.Model):
    """What one standard asks in one kind of area (mức chuẩn): income in đồng per person and month, and points.

    At or below `income_poor` a household is poor whatever it lacks; a standard without it asks for lacks always. At
    or below `income_limit` it is poor with `lacks_min` lacks, near-poor with fewer. Points say the same of the review's
    forms: B1 (A from 2022) stands for income, B2 (B) for lacks. None is not known, or not asked.
    """

    standard = models.ForeignKey(
        Standard, models.PROTECT, related_name="thresholds", verbose_name="chuẩn nghèo"
    )
    area = models.CharField("khu vực", max_length=10, choices=Area.choices)
    income_poor = models.PositiveIntegerField("thu nhập hộ nghèo", null=True)
    income_limit = models.PositiveIntegerField("thu nhập xét thiếu hụt")
    lacks_min = models.PositiveSmallIntegerField("số chỉ số thiếu hụt ít nhất")
    score_income_poor = models.PositiveSmallIntegerField("điểm thu nhập hộ nghèo", null=True)
    score_income_limit = models.PositiveSmallIntegerField("điểm thu nhập xét thiếu hụt", null=True)
    score_lacks_min = models.PositiveSmallIntegerField("điểm thiếu hụt ít nhất", null=True)
    source = models.CharField("nguồn", max_length=200)
    confidence = models.CharField("mức tin cậy của thu nhập", max_length=10, choices=Confidence.choices)
    scores_confidence = models.CharField("mức tin cậy của điểm", max_length=10, choices=Confidence.choices)

    class Meta:
        verbose_name = "mức chuẩn"
        ordering = ["standard__valid_from", "area"]
        constraints = [
            models.UniqueConstraint(fields=["standard", "area"], name="standard_has_an_area_once"),
            models.CheckConstraint(
                condition=Q(income_poor=None) | Q(income_poor__lt=F("income_limit")),
                name="threshold_of_poor_below_the_limit",
            ),
        ]


class IndicatorQuerySet(models.QuerySet["Indicator"]):
    def of_information(self) -> Self:
        """The indicators that plans set targets for: access to information."""
        return self.filter(of_information=True)


@audited()
class Indicator(models.Model):
    """One indicator of deprivation (chỉ số thiếu hụt), the same through all standards that have it."""

    id = models.SlugField("mã", primary_key=True)
    order = models.PositiveSmallIntegerField("thứ tự")
    name = models.CharField("tên", max_length=120)
    short_name = models.CharField("tên ngắn", max_length=60)
    lacking = models.CharField("cách gọi thiếu hụt", max_length=120)
    of_information = models.BooleanField("thuộc chiều thông tin")

    objects = IndicatorQuerySet.as_manager()

    class Meta:
        verbose_name = "chỉ số"
        ordering = ["order"]

    def __str__(self) -> str:
        return self.name


@audited()
class Definition(models.Model):
    """What one standard calls an indicator, and when a household lacks it (tiêu chí thiếu hụt).

    `confidence` is of `lacks_when`, which is empty while nobody has read the condition; so is the number.
    """

    standard = models.ForeignKey(
        Standard, models.PROTECT, related_name="definitions", verbose_name="chuẩn nghèo"
    )
    indicator = models.ForeignKey(
        Indicator, models.PROTECT, related_name="definitions", verbose_name="chỉ số"
    )
    number = models.PositiveSmallIntegerField("số thứ tự trong chuẩn", null=True)
    name = models.CharField("tên", max_length=120)
    service = models.CharField("chiều, dịch vụ", max_length=60)
    lacks_when = models.CharField("thiếu hụt khi", max_length=500, blank=True)
    source = models.CharField("nguồn", max_length=200)
    confidence = models.CharField("mức tin cậy", max_length=10, choices=Confidence.choices)

    class Meta:
        verbose_name = "định nghĩa chỉ số"
        constraints = [
            models.UniqueConstraint(
                fields=["standard", "indicator"], name="standard_defines_an_indicator_once"
            ),
            models.CheckConstraint(
                condition=Q(lacks_when="", confidence="open") | ~Q(lacks_when="") & ~Q(confidence="open"),
                name="definition_without_a_condition_is_open",
            ),
        ]

    def __str__(self) -> str:
        return self.name if self.number is None else f"{self.number}. {self.name}"


@audited()
class Means(models.Model):
    """One way in which a household may gain access (hình thức tiếp cận)."""

    id = models.SlugField("mã", primary_key=True)
    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="means", verbose_name="chỉ số")
    order = models.PositiveSmallIntegerField("thứ tự")
    name = models.CharField("tên", max_length=120)

    class Meta:
        verbose_name = "hình thức tiếp cận"
        ordering = ["indicator__order", "order"]

    def __str__(self) -> str:
        return self.name


class Giving(models.TextChoices):
    """How a scheme gives (cách hỗ trợ)."""

    MONTHLY = "monthly", "Hỗ trợ cước hằng tháng"
    MONEY_ONCE = "money_once", "Hỗ trợ tiền một lần"
    IN_KIND_ONCE = "in_kind_once", "Cấp hiện vật một lần"


class Service(models.TextChoices):
    """A telecom service that a scheme may pay for (dịch vụ viễn thông)."""

    MOBILE = "mobile", "Di động trả sau"
    FIXED = "fixed", "Điện thoại cố định"
    BROADBAND = "broadband", "Internet cáp quang"


class SchemeQuerySet(models.QuerySet["Scheme"]):
    def in_force(self, on: date) -> Self:
        """Those that hold on that day."""
        return self.filter(valid_from__lte=on).exclude(valid_to__lte=on)

    def for_service(self, service: str) -> Self:
        """Those that pay for this telecom service month by month."""
        return self.filter(services__contains=[service], giving=Giving.MONTHLY)


@audited()
class Scheme(models.Model):
    """One support that a decree gives to households (chính sách hỗ trợ), and the days on which it holds.

    `amount` is đồng a month, or đồng once; None is not known, or the thing itself. `services` are the telecom services
    that it pays for, none for other schemes. `condition` says who beyond the class may have it: it is read by people,
    for no row of the registry decides it.
    """

    id = models.SlugField("mã", primary_key=True)
    order = models.PositiveSmallIntegerField("thứ tự")
    name = models.CharField("tên", max_length=200)
    means = models.ForeignKey(Means, models.PROTECT, related_name="schemes", verbose_name="hình thức")
    giving = models.CharField("cách hỗ trợ", max_length=20, choices=Giving.choices)
    amount = models.PositiveIntegerField("mức", null=True, help_text="Đồng.")
    near_poor = models.BooleanField("cả hộ cận nghèo")
    services = ArrayField(
        models.CharField(max_length=10, choices=Service.choices),
        verbose_name="dịch vụ",
        default=list,
        blank=True,
    )
    condition = models.CharField("điều kiện khác", max_length=300, blank=True)
    valid_from = models.DateField("từ ngày")
    valid_to = models.DateField("đến trước ngày", null=True)
    decree = models.CharField("văn bản", max_length=200)
    payer = models.CharField("nguồn chi", max_length=120)
    source = models.CharField("nguồn", max_length=200)
    confidence = models.CharField("mức tin cậy", max_length=10, choices=Confidence.choices)

    objects = SchemeQuerySet.as_manager()

    class Meta:
        verbose_name = "chính sách hỗ trợ"
        ordering = ["order"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_from__lt=F("valid_to")), name="scheme_holds_for_a_day"
            ),
        ]

    def __str__(self) -> str:
        return self.name


@audited()
class Source(models.Model):
    """One kind of giver or fund that a support comes from (nguồn hỗ trợ): an open list.

    Wards of a city mostly get no equipment from the programme, so that enterprises, charity and the local budget stand
    beside it. Rows without a unit are for everybody; others were added by the unit's office.
    """

    id = models.SlugField("mã", primary_key=True)
    order = models.PositiveSmallIntegerField("thứ tự")
    name = models.CharField("tên", max_length=120)
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, related_name="sources", verbose_name="địa bàn thêm"
    )

    class Meta:
        verbose_name = "nguồn hỗ trợ"
        ordering = ["order", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "name"], nulls_distinct=False, name="source_named_once_in_a_unit"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class YesMeans(models.TextChoices):
    """What a yes says of the household (ý nghĩa của câu trả lời “có”)."""

    HAS = "has", "Hộ có hoặc dùng"
    LACKS = "lacks", "Hộ thiếu hụt"


@audited()
class Question(models.Model):
    """One yes-or-no question that a household is asked (câu hỏi)."""

    id = models.SlugField("mã", primary_key=True)
    order = models.PositiveSmallIntegerField("thứ tự")
    text = models.CharField("câu hỏi", max_length=300)
    yes_means = models.CharField("“có” nghĩa là", max_length=10, choices=YesMeans.choices)

    class Meta:
        verbose_name = "câu hỏi"
        ordering = ["order"]

    def __str__(self) -> str:
        return self.text


@audited()
class Reading(models.Model):
    """One way to read a definition's condition (cách hiểu): the form of its rule over the answers to its questions."""

    id = models.SlugField("mã", primary_key=True, max_length=80)
    definition = models.ForeignKey(
        Definition, models.PROTECT, related_name="readings", verbose_name="định nghĩa chỉ số"
    )
    order = models.PositiveSmallIntegerField("thứ tự")
    form = models.CharField(
        "dạng quy tắc", max_length=20, choices=[(form.value, form.label) for form in Form]
    )
    sentence = models.CharField("câu in ra", max_length=400)
    is_default = models.BooleanField("mặc định")
    questions: "models.ManyToManyField[Question, Asked]" = models.ManyToManyField(
        Question, through="Asked", related_name="readings", verbose_name="câu hỏi"
    )

    class Meta:
        verbose_name = "cách hiểu"
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(
                fields=["definition"], condition=Q(is_default=True), name="definition_has_one_default_reading"
            ),
        ]

    def __str__(self) -> str:
        return self.sentence

    def lacks(self, answers: Mapping[str, bool]) -> bool | None:
        """Whether a household with these answers (by question) lacks the indicator; None while they do not decide."""
        return lacks(self.form, [question.pk for question in self.questions.all()], answers)


@audited()
class Asked(models.Model):
    """One question whose answer one reading's rule looks at (câu hỏi của cách hiểu)."""

    reading = models.ForeignKey(Reading, models.CASCADE, related_name="asked", verbose_name="cách hiểu")
    question = models.ForeignKey(Question, models.PROTECT, related_name="+", verbose_name="câu hỏi")

    class Meta:
        verbose_name = "câu hỏi của cách hiểu"
        ordering = ["question__order"]
        constraints = [
            models.UniqueConstraint(fields=["reading", "question"], name="reading_asks_a_question_once"),
        ]


@audited()
class OfficeReading(models.Model):
    """The reading that one unit chose for itself and for the units below that chose none (cách hiểu được chọn)."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="chosen_readings", verbose_name="địa bàn")
    definition = models.ForeignKey(
        Definition, models.PROTECT, related_name="choices", verbose_name="định nghĩa chỉ số"
    )
    reading = models.ForeignKey(Reading, models.PROTECT, related_name="choices", verbose_name="cách hiểu")
    by_name = models.CharField("người chọn", max_length=120)
    chosen_at = models.DateTimeField("chọn lúc")

    class Meta:
        verbose_name = "cách hiểu được chọn"
        constraints = [
            models.UniqueConstraint(fields=["unit", "definition"], name="unit_reads_a_definition_one_way"),
        ]


def definition(indicator: Indicator, on: date) -> Definition | None:
    """What the standard in force on that day says of the indicator."""
    return (
        Definition.objects.select_related("standard")
        .filter(indicator=indicator, standard__valid_from__lte=on)
        .exclude(standard__valid_to__lte=on)
        .first()
    )
