"""Poverty standards, indicators and means of access: rows with their decree, loaded from readable files."""

from datetime import date

from django.db import models

from tiepcan.audit.tables import audited


@audited()
class Standard(models.Model):
    """One multidimensional poverty standard (chuẩn nghèo) and the days on which it holds."""

    id = models.SlugField("mã", primary_key=True)
    name = models.CharField("tên", max_length=200)
    valid_from = models.DateField("từ ngày")
    valid_to = models.DateField("đến trước ngày", null=True)
    decree = models.CharField("văn bản", max_length=120)

    class Meta:
        verbose_name = "chuẩn nghèo"
        ordering = ["valid_from"]

    def __str__(self) -> str:
        return self.name


@audited()
class Indicator(models.Model):
    """One indicator of information deprivation (chỉ số thiếu hụt), the same through all standards."""

    id = models.SlugField("mã", primary_key=True)
    order = models.PositiveSmallIntegerField("thứ tự")
    name = models.CharField("tên", max_length=120)
    short_name = models.CharField("tên ngắn", max_length=60)
    lacking = models.CharField("cách gọi thiếu hụt", max_length=120)

    class Meta:
        verbose_name = "chỉ số"
        ordering = ["order"]

    def __str__(self) -> str:
        return self.name


@audited()
class Definition(models.Model):
    """What one standard calls an indicator, and when a household lacks it (tiêu chí thiếu hụt)."""

    standard = models.ForeignKey(
        Standard, models.PROTECT, related_name="definitions", verbose_name="chuẩn nghèo"
    )
    indicator = models.ForeignKey(
        Indicator, models.PROTECT, related_name="definitions", verbose_name="chỉ số"
    )
    number = models.PositiveSmallIntegerField("số thứ tự trong chuẩn")
    name = models.CharField("tên", max_length=120)
    lacks_when = models.CharField("thiếu hụt khi", max_length=300)

    class Meta:
        verbose_name = "định nghĩa chỉ số"
        constraints = [
            models.UniqueConstraint(
                fields=["standard", "indicator"], name="standard_defines_an_indicator_once"
            ),
        ]


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


def definition(indicator: Indicator, on: date) -> Definition | None:
    """What the standard in force on that day says of the indicator."""
    return (
        Definition.objects.select_related("standard")
        .filter(indicator=indicator, standard__valid_from__lte=on)
        .exclude(standard__valid_to__lte=on)
        .first()
    )
