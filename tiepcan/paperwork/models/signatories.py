"""Who may sign for a body, and the pictures of their signatures and of the body's seal."""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import Q

from tiepcan.accounts.models import Organisation, OrganisationKind, Person
from tiepcan.audit.tables import audited
from tiepcan.paperwork.bodies import bodies_of
from tiepcan.paperwork.writing.records import Signature


class Capacity(models.TextChoices):
    """By what right somebody signs: Decree 30/2020/NĐ-CP, Article 13 (thẩm quyền ký)."""

    HEAD = "head", "Người đứng đầu"
    DEPUTY = "deputy", "Ký thay (KT.)"
    BY_ORDER = "by_order", "Thừa lệnh (TL.)"
    ENTRUSTED = "entrusted", "Thừa ủy quyền (TUQ.)"


_MARKS = {Capacity.DEPUTY: "KT.", Capacity.BY_ORDER: "TL.", Capacity.ENTRUSTED: "TUQ."}
_COLLECTIVE = (OrganisationKind.COMMITTEE, OrganisationKind.LOCAL)


class SignatoryQuerySet(models.QuerySet["Signatory"]):
    def visible_to(self, person: Person) -> Self:
        """Who signs for the bodies whose papers the person keeps."""
        return self.filter(body__in=bodies_of(person))

    def in_office_on(self, day: date) -> Self:
        return self.filter(Q(until=None) | Q(until__gte=day), since__lte=day)


@audited()
class Signatory(models.Model):
    """Somebody who may sign for a body (người ký văn bản), from one day to another.

    `head` is the position in whose place a deputy signs ("Chủ tịch"). `away_from` to `away_until` are days on which they do not sign.
    """

    body = models.ForeignKey(
        Organisation, models.PROTECT, related_name="signatories", verbose_name="ký văn bản của"
    )
    person = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="signs_as", verbose_name="tài khoản"
    )
    name = models.CharField("họ và tên", max_length=50)
    position = models.CharField("chức vụ", max_length=100)
    capacity = models.CharField("thẩm quyền ký", max_length=20, choices=Capacity.choices)
    head = models.CharField("thay cho chức vụ", max_length=100, blank=True)
    assigned_by = models.CharField("theo văn bản", max_length=100, blank=True)
    since = models.DateField("ký từ ngày")
    until = models.DateField("đến hết ngày", null=True)
    away_from = models.DateField("vắng từ ngày", null=True)
    away_until = models.DateField("vắng đến hết ngày", null=True)
    version = models.PositiveIntegerField("lần sửa", default=1)

    objects = SignatoryQuerySet.as_manager()

    class Meta:
        verbose_name = "người ký văn bản"
        ordering = ["body", "capacity", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["body", "name", "position", "since"], name="signatory_once_from_a_day"
            ),
            models.CheckConstraint(
                condition=Q(capacity=Capacity.HEAD, head="") | (~Q(capacity=Capacity.HEAD) & ~Q(head="")),
                name="signatory_signs_for_themselves_or_for_a_head",
            ),
            models.CheckConstraint(
                condition=Q(away_from=None, away_until=None) | Q(away_from__lte=models.F("away_until")),
                name="signatory_comes_back_after_leaving",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def authority(self) -> tuple[str, ...]:
        """The lines above the position: "TM. ỦY BAN NHÂN DÂN" where a committee decides together, "KT. CHỦ TỊCH" for a deputy."""
        lines = ["TM. ỦY BAN NHÂN DÂN"] if self.body.kind in _COLLECTIVE else []
        if mark := _MARKS.get(Capacity(self.capacity)):
            # By order or entrusted one signs in the head's name alone, not in the committee's.
            lines = [f"{mark} {self.head}"] if mark != "KT." else [*lines, f"{mark} {self.head}"]
        return tuple(line.upper() for line in lines)

    @property
    def block(self) -> Signature:
        """How their papers end."""
        return Signature(self.authority, self.position, self.name)

    def is_away_on(self, day: date) -> bool:
        return bool(self.away_from and self.away_until and self.away_from <= day <= self.away_until)


@audited(exclude=["picture"])
class SignaturePicture(models.Model):
    """The picture of a signature (hình chữ ký), blue, or of a body's seal (hình dấu), red: transparent .png.

    Decree 30/2020/NĐ-CP, Appendix I, part I, sections II.7 and II.8.
    """

    signatory = models.OneToOneField(
        Signatory, models.PROTECT, null=True, related_name="picture", verbose_name="chữ ký của"
    )
    body = models.OneToOneField(
        Organisation, models.PROTECT, null=True, related_name="seal", verbose_name="dấu của"
    )
    picture = models.BinaryField("hình .png")
    at = models.DateTimeField("đặt lúc")
    by_name = models.CharField("người đặt", max_length=120)

    class Meta:
        verbose_name = "hình chữ ký, dấu"
        constraints = [
            models.CheckConstraint(
                condition=Q(signatory=None, body__isnull=False) | Q(signatory__isnull=False, body=None),
                name="picture_is_of_a_signature_or_a_seal",
            ),
        ]
