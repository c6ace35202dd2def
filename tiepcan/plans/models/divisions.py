"""A total divided over units, kept with what went into it."""

from typing import Self

from django.db import models
from django.db.models import F, Q

from tiepcan.accounts.models import Person
from tiepcan.accounts.roles import May
from tiepcan.audit.tables import audited
from tiepcan.plans.division import Method
from tiepcan.plans.models.plan import Plan
from tiepcan.standards.models import Indicator
from tiepcan.units.models import Unit


class DivisionQuerySet(models.QuerySet["Division"]):
    def visible_to(self, person: Person) -> Self:
        """Divisions made in the person's own unit, for people who open plans."""
        return self.filter(unit_id=person.unit.pk) if person.may(May.OPEN_PLANS) else self.none()


class Basis(models.TextChoices):
    """What a total is divided by (căn cứ chia)."""

    POOR = "poor", "Theo số hộ nghèo"
    LACKING = "lacking", "Theo số hộ thiếu hụt dịch vụ"
    BY_HAND = "by_hand", "Nhập tay từng đơn vị"


@audited()
class Division(models.Model):
    """A total of households divided over units (bảng phân chia chỉ tiêu), kept with what went into it."""

    id = models.UUIDField(primary_key=True)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="divisions", verbose_name="địa bàn")
    plan = models.ForeignKey(Plan, models.PROTECT, related_name="divisions", verbose_name="kế hoạch để so")
    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="divisions", verbose_name="chỉ số")
    total = models.PositiveIntegerField("tổng số hộ")
    basis = models.CharField("căn cứ chia", max_length=10, choices=Basis.choices)
    method = models.CharField(
        "cách làm tròn", max_length=20, choices=[(method.value, method.label) for method in Method]
    )
    made_at = models.DateTimeField("lập lúc")
    by_name = models.CharField("người lập", max_length=120)

    objects = DivisionQuerySet.as_manager()

    class Meta:
        verbose_name = "bảng phân chia"
        ordering = ["-made_at"]

    def __str__(self) -> str:
        return f"Chia {self.total} hộ, {self.indicator.short_name}"


@audited()
class DivisionShare(models.Model):
    """One unit's line of a division (phần của đơn vị), in households, with its reason."""

    division = models.ForeignKey(
        Division, models.PROTECT, related_name="shares", verbose_name="bảng phân chia"
    )
    order = models.PositiveSmallIntegerField("thứ tự")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="shares", verbose_name="đơn vị")
    weight = models.PositiveIntegerField("số hộ để tính")
    floor = models.PositiveIntegerField("mức sàn", default=0)
    cap = models.PositiveIntegerField("mức trần", null=True)
    households = models.PositiveIntegerField("được chia")
    reason = models.CharField("lý do", max_length=300)

    class Meta:
        verbose_name = "phần của đơn vị"
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["division", "unit"], name="unit_has_one_share_of_a_division"),
            models.CheckConstraint(
                condition=Q(households__gte=F("floor")) & (Q(cap=None) | Q(households__lte=F("cap"))),
                name="share_keeps_its_floor_and_cap",
            ),
        ]
