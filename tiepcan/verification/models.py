"""Rounds of verification: the sample that the Labour Office visits, what it found, and what both offices signed."""

import uuid
from typing import Self

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from tiepcan.accounts.models import OrganisationKind, Person
from tiepcan.accounts.roles import May
from tiepcan.audit.tables import audited
from tiepcan.plans.models import Plan
from tiepcan.supports.models import Outcome
from tiepcan.units.models import Unit


class RoundQuerySet(models.QuerySet["Round"]):
    def visible_to(self, person: Person) -> Self:
        """Rounds of the plans that the person sees, for people who work on households."""
        if not person.may(May.SEE_HOUSEHOLDS):
            return self.none()
        return self.filter(plan__in=Plan.objects.visible_to(person))


@audited()
class Round(models.Model):
    """One round of verification of a plan (đợt xác minh): the outcomes recorded by the end of `as_of` (Vietnam's day).

    The seed is announced before that day ends, so that nobody chooses it by what it draws; it never changes.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    plan = models.ForeignKey(Plan, models.PROTECT, related_name="rounds", verbose_name="kế hoạch")
    name = models.CharField("tên đợt", max_length=120)
    as_of = models.DateField("chốt số liệu hết ngày")
    ends_on = models.DateField("kết thúc đợt")
    seed = models.CharField("hạt giống", max_length=200)
    seed_origin = models.CharField("hạt giống lấy từ đâu", max_length=300)
    announced_on = models.DateField("ngày công bố hạt giống")
    announced_by = models.CharField("người công bố", max_length=120)
    drawn_at = models.DateTimeField("rút mẫu lúc", null=True)
    frozen = models.JSONField(
        "số liệu đã ký",
        null=True,
        help_text="What the first office signed; nothing of the round changes after.",
    )

    objects = RoundQuerySet.as_manager()

    class Meta:
        verbose_name = "đợt xác minh"
        ordering = ["-as_of"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "as_of"], name="plan_is_verified_once_as_of_a_day"),
            models.CheckConstraint(
                condition=Q(announced_on__lte=F("as_of")), name="seed_is_announced_before_the_day_is_over"
            ),
            models.CheckConstraint(condition=Q(ends_on__gt=F("as_of")), name="round_ends_after_its_day"),
        ]
        triggers = [
            pgtrigger.Protect(name="round_is_never_deleted", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="seed_never_changes",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange(
                    "plan", "as_of", "seed", "seed_origin", "announced_on", "announced_by"
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def stage(self) -> tuple[str, str]:
        """Where it stands: the tone of the design and the words."""
        if len(self.signatures.all()) == len(SIGNERS):
            return ("ok", "hai phòng đã ký")
        if self.frozen:
            return ("sent", "chờ ký")
        return ("soon", "đang đến hộ") if self.drawn_at else ("idle", "chờ rút mẫu")


class SampleQuerySet(models.QuerySet["Sampled"]):
    def visible_to(self, person: Person) -> Self:
        if not person.may(May.SEE_HOUSEHOLDS):
            return self.none()
        return self.filter(unit__path__startswith=person.unit.path)

    def drawn(self) -> Self:
        return self.filter(is_drawn=True)


@audited()
class Sampled(models.Model):
    """One outcome of a round's population (kết quả trong đợt), in the order of the draw in its stratum.

    The whole population is kept, so that anybody can draw again: unit and code are those of the day of the draw.
    """

    round = models.ForeignKey(Round, models.PROTECT, related_name="sample", verbose_name="đợt")
    outcome = models.ForeignKey(Outcome, models.PROTECT, related_name="sampled", verbose_name="kết quả")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="phường, xã")
    unit_code = models.CharField("mã đơn vị", max_length=10)
    indicator_key = models.CharField("chỉ số", max_length=50)
    household_code = models.CharField("số hồ sơ", max_length=30)
    digest = models.CharField("SHA-256", max_length=64)
    place = models.PositiveSmallIntegerField("thứ tự trong tầng")
    is_drawn = models.BooleanField("được rút")

    objects = SampleQuerySet.as_manager()

    class Meta:
        verbose_name = "kết quả trong đợt"
        ordering = ["unit_code", "indicator_key", "place"]
        constraints = [
            models.UniqueConstraint(fields=["round", "outcome"], name="outcome_once_in_a_round"),
            models.UniqueConstraint(
                fields=["round", "unit_code", "indicator_key", "place"], name="one_at_a_place_of_a_stratum"
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="sample_is_kept", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return self.household_code


class Finding(models.TextChoices):
    """What a visit found (kết quả đến hộ)."""

    AGREES = "agrees", "Đúng như xã ghi"
    DISAGREES = "disagrees", "Không đúng"
    NOT_FOUND = "not_found", "Không gặp hộ"


class Check(models.TextChoices):
    """How it was found (cách kiểm tra)."""

    SEEN_WORKING = "seen_working", "Thấy thiết bị, dịch vụ đang hoạt động"
    SEEN_NOTICE = "seen_notice", "Xem tin nhắn, hóa đơn hoặc giấy báo của nhà mạng"
    ASKED = "asked", "Hỏi người trong hộ"


class Answerer(models.TextChoices):
    """Who answered at the household (người trả lời)."""

    HEAD = "head", "Chủ hộ"
    MEMBER = "member", "Thành viên khác trong hộ"
    NOBODY = "nobody", "Không gặp ai"


@audited()
class Visit(models.Model):
    """One visit to a drawn household (phiếu xác minh). What was found stays; a household not met is visited again."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    sampled = models.ForeignKey(
        Sampled, models.PROTECT, related_name="visits", verbose_name="kết quả được rút"
    )
    number = models.PositiveSmallIntegerField("lần đến")
    visited_on = models.DateField("ngày đến")
    finding = models.CharField("kết quả", max_length=10, choices=Finding.choices)
    checks: "ArrayField[list[str], list[str]]" = ArrayField(
        models.CharField(max_length=20, choices=Check.choices), verbose_name="cách kiểm tra", default=list
    )
    answerer = models.CharField("người trả lời", max_length=10, choices=Answerer.choices)
    reason = models.CharField("khác ở điểm nào", max_length=1000, blank=True)
    note = models.CharField("ghi chú", max_length=1000, blank=True)
    at = models.DateTimeField("ghi lúc")
    by_name = models.CharField("người đến", max_length=120)
    organisation = models.CharField("cơ quan", max_length=200)

    class Meta:
        verbose_name = "phiếu xác minh"
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["sampled", "number"], name="one_visit_of_a_number"),
            models.UniqueConstraint(
                fields=["sampled"],
                condition=Q(finding__in=["agrees", "disagrees"]),
                name="household_is_found_one_way",
            ),
            models.CheckConstraint(
                condition=~Q(finding="disagrees") | ~Q(reason=""), name="disagreement_says_in_what"
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="visit_is_kept", operation=pgtrigger.Update | pgtrigger.Delete),
        ]


SIGNERS = (OrganisationKind.LABOUR, OrganisationKind.CULTURE)
"""The offices that sign a round's minutes (plan 146, IV.2)."""


@audited()
class Signed(models.Model):
    """One office's signature under a round's minutes (ký biên bản xác minh), over the digest of its figures."""

    round = models.ForeignKey(Round, models.PROTECT, related_name="signatures", verbose_name="đợt")
    kind = models.CharField("cơ quan", max_length=20, choices=OrganisationKind.choices)
    organisation = models.CharField("tên cơ quan", max_length=200)
    position = models.CharField("chức vụ", max_length=120, blank=True)
    by_name = models.CharField("người ký", max_length=120)
    at = models.DateTimeField("ký lúc")
    digest = models.CharField("mã băm số liệu", max_length=64)

    class Meta:
        verbose_name = "chữ ký biên bản xác minh"
        ordering = ["at"]
        constraints = [
            models.UniqueConstraint(fields=["round", "kind"], name="office_signs_a_round_once"),
        ]
        triggers = [
            pgtrigger.Protect(name="signature_stays", operation=pgtrigger.Update | pgtrigger.Delete),
        ]
