"""Administrative units as they are at a date."""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import Q

from tiepcan.audit.tables import audited
from tiepcan.units.register import Kind, UnitRecord


class UnitQuerySet(models.QuerySet["Unit"]):
    def valid_on(self, day: date) -> Self:
        return self.filter(
            Q(valid_from=None) | Q(valid_from__lte=day),
            Q(valid_to=None) | Q(valid_to__gt=day),
        )

    def having_units_below(self) -> Self:
        """Units that something lies below: those that can give a plan to others."""
        return self.filter(children__isnull=False).distinct()

    def within(self, unit: "Unit") -> Self:
        """The unit and every unit that was ever below it."""
        return self.filter(path__startswith=unit.path)


@audited()
class Unit(models.Model):
    """One administrative unit while its kind, name and parent stayed the same (đơn vị hành chính).

    A statistics code alone names nothing: 14797 was Phường Đông Hải and is Phường Hạc Thành. The key is our own and
    readable; the rows come from `reference/units.csv`, each with the paper that made it so.
    """

    id = models.SlugField("mã", primary_key=True, max_length=80)
    code = models.CharField("mã thống kê", max_length=10)
    kind = models.CharField("loại", max_length=10, choices=[(kind.value, kind.label) for kind in Kind])
    name = models.CharField("tên", max_length=100)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name="cấp trên"
    )
    path = models.CharField(
        max_length=400, unique=True, help_text="Keys from the top down, each ended by '/'."
    )
    valid_from = models.DateField("từ ngày", null=True, blank=True)
    valid_to = models.DateField("đến trước ngày", null=True, blank=True)
    made_by = models.CharField("văn bản lập", max_length=100, blank=True)
    ended_by = models.CharField("văn bản kết thúc", max_length=100, blank=True)

    objects = UnitQuerySet.as_manager()

    class Meta:
        verbose_name = "đơn vị hành chính"
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_from=None) | Q(valid_to=None) | Q(valid_from__lt=models.F("valid_to")),
                name="unit_ends_after_it_began",
            ),
        ]
        indexes = [models.Index(fields=["path"], name="unit_by_path", opclasses=["varchar_pattern_ops"])]

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        return f"{self.get_kind_display()} {self.name}"

    def covers(self, other: "Unit") -> bool:
        """Whether the other unit is this one or below it."""
        return other.path.startswith(self.path)

    def record(self) -> UnitRecord:
        """The row as the plain record that reading and matching work on."""
        return UnitRecord(
            id=self.id,
            code=self.code,
            kind=Kind(self.kind),
            name=self.name,
            parent=self.parent_id,
            valid_from=self.valid_from,
            valid_to=self.valid_to,
            successors=(),
        )


@audited()
class Succession(models.Model):
    """A unit that took over territory of one that ended (đơn vị kế tục); a split has several."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="successions", verbose_name="đơn vị cũ")
    successor = models.ForeignKey(Unit, models.PROTECT, related_name="origins", verbose_name="đơn vị kế tục")

    class Meta:
        verbose_name = "kế tục đơn vị"
        constraints = [
            models.UniqueConstraint(fields=["unit", "successor"], name="unit_has_a_successor_once"),
            models.CheckConstraint(
                condition=~Q(unit=models.F("successor")), name="unit_does_not_succeed_itself"
            ),
        ]
