"""Organisations, people, roles, and the scope of what a person may see or change."""

from typing import Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from tiepcan.accounts.roles import PERMISSIONS, May, Role
from tiepcan.audit.tables import audited
from tiepcan.units.models import Unit


class OrganisationKind(models.TextChoices):
    """The kinds of organisation that a plan gives duties to (loại cơ quan, đơn vị)."""

    COMMITTEE = "committee", "UBND ban hành kế hoạch"
    CULTURE = "culture", "Phòng Văn hóa Thông tin"
    LABOUR = "labour", "Phòng Lao động, Thương binh và Xã hội"
    STATION = "station", "Đài Truyền thanh – Truyền hình"
    OFFICE = "office", "Văn phòng HĐND và UBND"
    COMPANY = "company", "Doanh nghiệp viễn thông, truyền hình"
    LOCAL = "local", "UBND phường, xã"
    DEPARTMENT = "department", "Sở, ngành cấp trên"


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def visible_to(self, person: "Person") -> Self:
        """Organisations of the person's own unit and the units below it."""
        return self.filter(unit__path__startswith=person.unit.path)

    def with_people_counted(self) -> models.QuerySet["Organisation"]:
        return self.annotate(people_count=models.Count("people", filter=models.Q(people__is_active=True)))


@audited()
class Organisation(models.Model):
    """An office, a station, a company or a committee that takes part in a plan (cơ quan, đơn vị)."""

    kind = models.CharField("loại", max_length=20, choices=OrganisationKind.choices)
    name = models.CharField("tên", max_length=200)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="organisations", verbose_name="địa bàn")

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = "cơ quan, đơn vị"
        ordering = ["unit__path", "kind", "name"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "name"], name="organisation_name_once_in_a_unit"),
        ]

    def __str__(self) -> str:
        return self.name


class PersonManager(BaseUserManager["Person"]):
    def visible_to(self, person: "Person") -> models.QuerySet["Person"]:
        """People of the organisations that the person may see."""
        return self.filter(organisation__unit__path__startswith=person.unit.path)


@audited(exclude=["password", "last_login"])
class Person(AbstractBaseUser):
    """Somebody who signs in (người dùng). What they may do comes from the role, on what rows from the unit."""

    username = models.CharField("tên tài khoản", max_length=60, unique=True)
    full_name = models.CharField("họ và tên", max_length=120)
    position = models.CharField("chức vụ", max_length=120, blank=True)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="people", verbose_name="cơ quan, đơn vị"
    )
    role = models.CharField("vai trò", max_length=20, choices=Role.choices)
    is_active = models.BooleanField("đang dùng", default=True)

    objects = PersonManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["full_name"]

    class Meta:
        verbose_name = "người dùng"
        ordering = ["organisation__unit__path", "full_name"]

    def __str__(self) -> str:
        return self.full_name

    @property
    def unit(self) -> Unit:
        """The unit that bounds what the person may see."""
        return self.organisation.unit

    @property
    def organisation_name(self) -> str:
        return self.organisation.name

    @property
    def organisation_kind(self) -> str:
        return self.organisation.kind

    def may(self, what: May) -> bool:
        return self.is_active and what in PERMISSIONS[self.role]

    def covers(self, unit: Unit) -> bool:
        """Whether the unit is the person's own or below it."""
        return self.unit.covers(unit)

    def may_change(self, what: May, unit: Unit) -> bool:
        """Whether the person may do this to rows of the unit."""
        return self.may(what) and self.covers(unit)


@audited(exclude=["digest"])
class OneTimeCode(models.Model):
    """A code that lets one person set their password once (mã dùng một lần). Only its digest is kept.

    Without a person it makes an installation's first administrator.
    """

    person = models.ForeignKey(
        Person, models.CASCADE, null=True, related_name="codes", verbose_name="người dùng"
    )
    digest = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField("hết hạn lúc")
    used_at = models.DateTimeField("dùng lúc", null=True)

    class Meta:
        verbose_name = "mã dùng một lần"


class FailedSignIn(models.Model):
    """One wrong password, kept for as long as it counts against the device that sent it."""

    username = models.CharField(max_length=60)
    device = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        verbose_name = "lần đăng nhập sai"
        indexes = [models.Index(fields=["username", "device", "at"], name="failed_sign_in_recent")]


@audited()
class Reading(models.Model):
    """Somebody opened or took out personal data (lượt xem, lượt xuất dữ liệu cá nhân); never changed."""

    person_name = models.CharField("người xem", max_length=120)
    organisation = models.CharField("cơ quan, đơn vị", max_length=200)
    subject = models.CharField("đối tượng", max_length=60, help_text="Table and key, no name.")
    what = models.CharField("nội dung", max_length=200)
    at = models.DateTimeField("lúc")

    class Meta:
        verbose_name = "lượt xem dữ liệu cá nhân"
        indexes = [models.Index(fields=["subject", "-at"], name="reading_by_subject")]
