"""Households, their yearly reviews, and what each lacks (hộ gia đình)."""

import uuid
from typing import Self

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q

from tiepcan.accounts.models import Person
from tiepcan.accounts.roles import May
from tiepcan.audit.tables import audited
from tiepcan.common.folding import folded_key
from tiepcan.standards.models import Indicator
from tiepcan.units.models import Unit


class HouseholdQuerySet(models.QuerySet["Household"]):
    def visible_to(self, person: Person) -> Self:
        """Households of the person's own unit and the units below it, for people who work on households."""
        if not person.may(May.SEE_HOUSEHOLDS):
            return self.none()
        return self.filter(unit__path__startswith=person.unit.path)

    def named(self, words: str) -> Self:
        """Households whose head, hamlet and code hold each of these words, accents or not."""
        found = self
        for word in folded_key(words).split():
            found = found.filter(search_key__contains=word)
        return found

    def lacking(self, indicator: str, year: int) -> Self:
        """Poor households that lacked the indicator at the review of that year."""
        return self.filter(reviews__year=year, reviews__poverty__in=POOR, reviews__lacks__indicator=indicator)

    def after(self, household: "Household") -> Self:
        """Those that follow this one in the order of lists: by unit, then by given name."""
        place = (household.unit.path, household.sort_key, household.pk)
        return self.filter(
            Q(unit__path__gt=place[0])
            | Q(unit__path=place[0], sort_key__gt=place[1])
            | Q(unit__path=place[0], sort_key=place[1], pk__gt=place[2])
        )


@audited()
class Household(models.Model):
    """One household on a unit's list (hộ gia đình). The key is made by whoever creates it, a phone too."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="households", verbose_name="phường, xã")
    code = models.CharField("số hồ sơ", max_length=30)
    head_name = models.CharField("họ tên chủ hộ", max_length=120)
    birth_year = models.PositiveSmallIntegerField("năm sinh chủ hộ", null=True, blank=True)
    hamlet = models.CharField("thôn, tổ dân phố", max_length=120, blank=True)
    members = models.PositiveSmallIntegerField("số nhân khẩu", default=1, validators=[MinValueValidator(1)])
    search_key = models.TextField(editable=False)
    sort_key = models.TextField(editable=False)
    version = models.PositiveIntegerField("lần sửa", default=1)

    objects = HouseholdQuerySet.as_manager()

    class Meta:
        verbose_name = "hộ gia đình"
        ordering = ["unit__path", "sort_key", "id"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "code"], name="household_code_once_in_a_unit"),
            models.CheckConstraint(condition=Q(members__gte=1), name="household_has_a_member"),
        ]
        indexes = [models.Index(fields=["unit", "sort_key", "id"], name="household_by_given_name")]

    def __str__(self) -> str:
        return self.head_name

    def save(self, *args: object, **kwargs: object) -> None:
        """Keep the keys that lists are searched and sorted by: people are listed by given name, the last word."""
        self.search_key = folded_key(f"{self.head_name} {self.hamlet} {self.code}")
        words = folded_key(self.head_name).split()
        self.sort_key = " ".join([*words[-1:], *words[:-1]])
        super().save(*args, **kwargs)  # type: ignore[arg-type]


class PovertyClass(models.TextChoices):
    """How a household was classed at a review (phân loại hộ)."""

    POOR_INCOME = "poor_income", "Hộ nghèo về thu nhập (N1)"
    POOR_DEPRIVATION = "poor_deprivation", "Hộ nghèo thiếu hụt đa chiều (N2)"
    POOR = "poor", "Hộ nghèo"
    NEAR_POOR = "near_poor", "Hộ cận nghèo"
    OUT = "out", "Thoát nghèo"


POOR = (PovertyClass.POOR_INCOME, PovertyClass.POOR_DEPRIVATION, PovertyClass.POOR)
"""Classes that a plan for poor households means."""


@audited()
class Review(models.Model):
    """How one household was classed at the end of one year (kết quả rà soát)."""

    household = models.ForeignKey(Household, models.PROTECT, related_name="reviews", verbose_name="hộ")
    year = models.PositiveSmallIntegerField("năm rà soát")
    poverty = models.CharField("phân loại", max_length=20, choices=PovertyClass.choices)

    class Meta:
        verbose_name = "kết quả rà soát"
        ordering = ["-year"]
        constraints = [
            models.UniqueConstraint(fields=["household", "year"], name="household_reviewed_once_a_year")
        ]

    def __str__(self) -> str:
        return f"Rà soát cuối năm {self.year}"

    @property
    def is_poor(self) -> bool:
        return self.poverty in POOR


@audited()
class Lack(models.Model):
    """One indicator that a household lacked at a review (thiếu hụt)."""

    review = models.ForeignKey(Review, models.CASCADE, related_name="lacks", verbose_name="kết quả rà soát")
    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="lacks", verbose_name="chỉ số")

    class Meta:
        verbose_name = "thiếu hụt"
        constraints = [
            models.UniqueConstraint(fields=["review", "indicator"], name="review_lacks_an_indicator_once")
        ]
