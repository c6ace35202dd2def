"""The address book of a body: whom its papers go to."""

import uuid
from typing import Self

import pgtrigger
from django.db import models
from django.db.models import Q

from tiepcan.accounts.models import Organisation, Person
from tiepcan.accounts.roles import May
from tiepcan.audit.tables import audited
from tiepcan.paperwork.bodies import bodies_of


class ContactQuerySet(models.QuerySet["Contact"]):
    def visible_to(self, person: Person) -> Self:
        """The address books of the bodies whose registers the person keeps."""
        if not person.may(May.KEEP_REGISTERS):
            return self.none()
        return self.filter(body__in=bodies_of(person))

    def in_use(self) -> Self:
        return self.filter(ended_on=None)


@audited(exclude=["name_key"])
class Contact(models.Model):
    """One address of a body's address book (sổ địa chỉ): an office that papers go to; ended, never deleted.

    `organ_id` is the identifier by which electronic papers are exchanged (mã định danh, Decision 20/2020/QĐ-TTg), of at
    most 13 characters (Decree 30/2020/NĐ-CP, Appendix VI).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    body = models.ForeignKey(
        Organisation, models.PROTECT, related_name="contacts", verbose_name="sổ của cơ quan"
    )
    name = models.CharField("tên nơi nhận", max_length=200)
    name_key = models.CharField(max_length=400)
    email = models.EmailField("thư điện tử", blank=True)
    organ_id = models.CharField("mã định danh", max_length=13, blank=True)
    note = models.CharField("ghi chú", max_length=300, blank=True)
    ended_on = models.DateField("thôi dùng từ ngày", null=True)
    version = models.PositiveIntegerField("lần sửa", default=1)

    objects = ContactQuerySet.as_manager()

    class Meta:
        verbose_name = "địa chỉ nơi nhận"
        ordering = ["name_key", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["body", "name_key"],
                condition=Q(ended_on=None),
                name="contact_name_once_in_an_address_book",
            ),
        ]
        triggers = [pgtrigger.Protect(name="contact_is_never_deleted", operation=pgtrigger.Delete)]

    def __str__(self) -> str:
        return self.name
