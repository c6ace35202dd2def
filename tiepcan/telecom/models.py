"""Subscriptions of households (thuê bao), and each month's list of an operator beside them (đối soát tháng)."""

import uuid
from datetime import date
from typing import Self

import pgtrigger
from django.db import models
from django.db.models import Q

from tiepcan.accounts.models import Organisation, Person
from tiepcan.accounts.roles import May
from tiepcan.audit.tables import audited
from tiepcan.common.dates import last_day_before, next_month
from tiepcan.households.models import Household
from tiepcan.standards.models import Scheme, Service
from tiepcan.supports.models import Support
from tiepcan.units.models import Unit


class SubscriptionQuerySet(models.QuerySet["Subscription"]):
    def visible_to(self, person: Person) -> Self:
        """An operator's own; of the others those of households in the person's unit and below, for who works on them."""
        if person.may(May.SEND_LISTS):
            return self.filter(operator=person.organisation)
        if not person.may(May.SEE_HOUSEHOLDS):
            return self.none()
        return self.filter(household__unit__path__startswith=person.unit.path)

    def running(self) -> Self:
        """Those that go on: not ended."""
        return self.filter(ended_on=None)


@audited()
class Subscription(models.Model):
    """One subscription that a household has with one operator under fee support (thuê bao được hỗ trợ).

    A household has one at a time, of one operator (Thông tư 02/2020/TT-BTTTT; Thông tư 14/2022/TT-BTTTT); changing the
    service or the operator ends it and begins another. The day it began and the household's unit then are the
    support's; `scheme` None: the operator waives its own fee.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    household = models.ForeignKey(Household, models.PROTECT, related_name="subscriptions", verbose_name="hộ")
    operator = models.ForeignKey(
        Organisation, models.PROTECT, related_name="subscriptions", verbose_name="doanh nghiệp"
    )
    service = models.CharField("dịch vụ", max_length=10, choices=Service.choices)
    number = models.CharField("số thuê bao", max_length=40, blank=True)
    scheme = models.ForeignKey(
        Scheme, models.PROTECT, null=True, related_name="subscriptions", verbose_name="chính sách"
    )
    support = models.OneToOneField(
        Support, models.PROTECT, related_name="subscription", verbose_name="lần hỗ trợ"
    )
    began_on = models.DateField("từ ngày")
    ended_on = models.DateField("đến ngày", null=True)
    ended_why = models.CharField("vì sao thôi", max_length=300, blank=True)
    uncounted = models.CharField("vì sao không tính", max_length=300, blank=True)

    objects = SubscriptionQuerySet.as_manager()

    class Meta:
        verbose_name = "thuê bao được hỗ trợ"
        ordering = ["-began_on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["household"], condition=Q(ended_on=None), name="household_has_one_subscription"
            ),
            models.UniqueConstraint(
                fields=["operator", "number"],
                condition=Q(ended_on=None) & ~Q(number=""),
                name="number_is_of_one_household",
            ),
            models.CheckConstraint(
                condition=Q(ended_on=None) | Q(ended_on__gte=models.F("began_on")) & ~Q(ended_why=""),
                name="subscription_ends_after_it_began_and_says_why",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="subscription_is_never_deleted", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="subscription_facts_never_change",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange(exclude=["ended_on", "ended_why"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_service_display()}, {self.operator.name}, từ {self.began_on:%d/%m/%Y}"


class MonthQuerySet(models.QuerySet["Month"]):
    def visible_to(self, person: Person) -> Self:
        """An operator's own months; for the office that reconciles, those of the operators of its unit and below."""
        if person.may(May.SEND_LISTS):
            return self.filter(operator=person.organisation)
        if not person.may(May.RECONCILE):
            return self.none()
        return self.filter(unit__path__startswith=person.unit.path)

    def with_counts(self) -> Self:
        """Each with the number of its rows in each state, and its đồng."""
        of = {f"n_{state}": models.Count("lines", filter=Q(lines__state=state)) for state in LineState.values}
        return self.annotate(**of, n_amount=models.Sum("lines__amount", default=0))


class MonthState(models.TextChoices):
    """Whether a month is still worked on (tình trạng đối soát)."""

    OPEN = "open", "Đang đối soát"
    CLOSED = "closed", "Đã chốt"


@audited(exclude=["unused"])
class Month(models.Model):
    """The reconciliation of one operator's list of one month (đối soát tháng); closed, it never changes again.

    `month` is its first day; `sent_at` and what follows tell of the newest file. `skipped` counts rows of the file that
    ask for nobody. `version` grows with each change: whoever decides says which they saw.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    operator = models.ForeignKey(
        Organisation, models.PROTECT, related_name="months", verbose_name="doanh nghiệp"
    )
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="địa bàn")
    month = models.DateField("tháng")
    state = models.CharField("tình trạng", max_length=6, choices=MonthState.choices, default=MonthState.OPEN)
    version = models.PositiveIntegerField("phiên bản", default=1)
    name = models.CharField("tên tệp", max_length=200)
    sha256 = models.CharField("mã băm", max_length=64)
    size = models.PositiveIntegerField("dung lượng", help_text="Bytes.")
    file = models.FileField("tệp", upload_to="doi-soat/")
    skipped = models.PositiveIntegerField("dòng không phải hộ", default=0)
    unused = models.JSONField("cột không đọc", default=list, blank=True)
    sent_at = models.DateTimeField("gửi lúc")
    sent_by = models.CharField("người gửi", max_length=120)
    closed_at = models.DateTimeField("chốt lúc", null=True)
    closed_by = models.CharField("người chốt", max_length=120, blank=True)

    # Rows in each state and their money, when `with_counts` asked for them.
    n_provided: int
    n_refused: int
    n_unmatched: int
    n_wrong: int
    n_amount: int

    objects = MonthQuerySet.as_manager()

    class Meta:
        verbose_name = "đối soát tháng"
        ordering = ["-month", "operator__name"]
        constraints = [
            models.UniqueConstraint(fields=["operator", "month"], name="operator_has_one_list_a_month"),
            models.CheckConstraint(condition=Q(month__day=1), name="month_is_its_first_day"),
            models.CheckConstraint(
                condition=Q(state="open", closed_at=None) | Q(state="closed") & ~Q(closed_at=None),
                name="month_is_closed_at_a_moment",
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="closed_month_never_changes",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__state="closed"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.operator.name}, tháng {self.words}"

    @property
    def words(self) -> str:
        """5/2019."""
        return f"{self.month.month}/{self.month.year}"

    @property
    def key(self) -> str:
        """2019-05, as addresses and commands write it."""
        return f"{self.month:%Y-%m}"

    @property
    def is_open(self) -> bool:
        return self.state == MonthState.OPEN

    @property
    def last_day(self) -> date:
        """The month's last day."""
        return last_day_before(next_month(self.month))


class LineState(models.TextChoices):
    """What came of one row of the list (kết quả của dòng)."""

    PROVIDED = "provided", "Đã cung cấp"
    REFUSED = "refused", "Từ chối, có lý do"
    UNMATCHED = "unmatched", "Chưa khớp hộ nào"
    WRONG = "wrong", "Có ô sai"


WAITING = (LineState.UNMATCHED, LineState.WRONG)
"""States that keep a month from being closed."""


class Refusal(models.TextChoices):
    """Why a household does not get the month's support (lý do từ chối)."""

    NO_NETWORK = "no_network", "Chưa có hạ tầng đến hộ"
    NOT_WANTED = "not_wanted", "Hộ không nhận dịch vụ"
    OTHER_SUBSCRIPTION = "other", "Đã có thuê bao khác"
    NOT_ENTITLED = "not_entitled", "Không thuộc diện hỗ trợ"
    TWICE = "twice", "Trùng trong danh sách"
    SENT_BACK = "sent_back", "Trả lại doanh nghiệp"
    SAID = "said", "Lý do khác của doanh nghiệp"


NEXT_STEPS = {
    Refusal.NO_NETWORK: "Doanh nghiệp báo ngày có hạ tầng",
    Refusal.NOT_WANTED: "Phường, xã hỏi lại hộ",
    Refusal.OTHER_SUBSCRIPTION: "Mỗi hộ một thuê bao, một doanh nghiệp",
    Refusal.NOT_ENTITLED: "Không thuộc diện, kết thúc",
    Refusal.TWICE: "Doanh nghiệp bỏ dòng trùng",
    Refusal.SENT_BACK: "Doanh nghiệp kiểm tra lại hộ",
    Refusal.SAID: "Phòng Văn hóa Thông tin xem lý do",
}
"""Who does what with a refusal."""


class LineQuerySet(models.QuerySet["Line"]):
    def visible_to(self, person: Person) -> Self:
        """Rows of the months that the person may see; a ward's officer sees those of the ward's own households."""
        if person.may(May.SEND_LISTS):
            return self.filter(month__operator=person.organisation)
        if person.may(May.RECONCILE):
            return self.filter(month__unit__path__startswith=person.unit.path)
        if person.may(May.SEE_HOUSEHOLDS):
            return self.filter(unit__path__startswith=person.unit.path)
        return self.none()

    def in_state(self, state: str) -> Self:
        return self.filter(state=state)


# What a month was closed with stays: neither a row more, nor less, nor another.
_OF_AN_OPEN_MONTH = """
IF EXISTS (SELECT FROM telecom_month WHERE id IN (OLD.month_id, NEW.month_id) AND state = 'closed') THEN
  RAISE EXCEPTION 'the month is closed' USING ERRCODE = 'check_violation';
END IF;
IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
RETURN NEW;
"""


@audited(exclude=["identity_digest"])
class Line(models.Model):
    """One household that an operator's list asks the month's support for (dòng đề nghị), and what came of it.

    What the file says stays as it says it. `unit` is the ward that the row names, or the month's unit when it names
    none. `on` repeats the month's first day: of one month a household is provided for once, whoever asks.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    month = models.ForeignKey(Month, models.PROTECT, related_name="lines", verbose_name="đối soát tháng")
    on = models.DateField("tháng")
    sheet = models.CharField("trang tính", max_length=120)
    row = models.PositiveIntegerField("dòng")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="phường, xã")
    name = models.CharField("họ tên", max_length=120, blank=True)
    code = models.CharField("số hồ sơ", max_length=30, blank=True)
    birth_year = models.PositiveSmallIntegerField("năm sinh", null=True)
    identity_digest = models.BinaryField(null=True)
    hamlet = models.CharField("thôn, tổ dân phố", max_length=120, blank=True)
    service = models.CharField("dịch vụ", max_length=10, choices=Service.choices, blank=True)
    number = models.CharField("số thuê bao", max_length=40, blank=True)
    began_on = models.DateField("từ ngày", null=True)
    ended_on = models.DateField("đến ngày", null=True)
    asked = models.PositiveIntegerField("số tiền trong tệp", null=True, help_text="Đồng.")
    told = models.BooleanField("tệp ghi đã cung cấp", default=True)
    reason = models.CharField("lý do trong tệp", max_length=200, blank=True)

    state = models.CharField("kết quả", max_length=10, choices=LineState.choices)
    household = models.ForeignKey(Household, models.PROTECT, null=True, related_name="+", verbose_name="hộ")
    scheme = models.ForeignKey(Scheme, models.PROTECT, null=True, related_name="+", verbose_name="chính sách")
    amount = models.PositiveIntegerField("số tiền", default=0, help_text="Đồng of the month.")
    refusal = models.CharField("vì sao", max_length=12, choices=Refusal.choices, blank=True)
    said = models.CharField("diễn giải", max_length=400, blank=True)
    subscription = models.ForeignKey(
        Subscription, models.PROTECT, null=True, related_name="lines", verbose_name="thuê bao"
    )
    decided_by = models.CharField("người quyết định", max_length=120, blank=True)

    objects = LineQuerySet.as_manager()

    class Meta:
        verbose_name = "dòng đề nghị hỗ trợ"
        ordering = ["sheet", "row"]
        constraints = [
            models.UniqueConstraint(fields=["month", "sheet", "row"], name="row_of_a_list_once"),
            models.UniqueConstraint(
                fields=["household", "on"],
                condition=Q(state="provided"),
                name="household_is_provided_for_once_a_month",
            ),
            models.CheckConstraint(
                condition=Q(state="provided", refusal="") & ~Q(household=None) & ~Q(service="")
                | Q(state="refused") & ~Q(refusal="")
                | Q(state__in=["unmatched", "wrong"], refusal="", household=None),
                name="line_says_what_came_of_it",
            ),
            models.CheckConstraint(
                condition=Q(state="provided") | Q(amount=0), name="money_is_for_what_was_provided"
            ),
        ]
        indexes = [models.Index(fields=["unit", "state"], name="line_by_ward")]
        triggers = [
            pgtrigger.Trigger(
                name="line_is_of_an_open_month",
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                when=pgtrigger.Before,
                func=_OF_AN_OPEN_MONTH,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.month}, dòng {self.row}"

    @property
    def next_step(self) -> str:
        """Who does what with the refusal."""
        return NEXT_STEPS[Refusal(self.refusal)] if self.refusal else ""


class Problem(models.Model):
    """One bad cell of a month's file (ô sai): where it is, what is wrong and how to mend it. Goes with the next file."""

    month = models.ForeignKey(Month, models.CASCADE, related_name="problems", verbose_name="đối soát tháng")
    sheet = models.CharField("trang tính", max_length=120)
    row = models.PositiveIntegerField("dòng")
    column = models.PositiveSmallIntegerField("cột")
    message = models.CharField("lỗi", max_length=400)
    value = models.CharField("trong tệp", max_length=200, blank=True)

    class Meta:
        verbose_name = "ô sai của danh sách"
        ordering = ["sheet", "row", "column"]
