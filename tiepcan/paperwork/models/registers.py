"""The registers of papers that go out: one sequence for a body, a kind and a year, without gaps or doubles."""

import uuid
from typing import Self

import pgtrigger
from django.db import models

from tiepcan.accounts.models import Organisation, Person
from tiepcan.audit.tables import audited
from tiepcan.paperwork.bodies import bodies_of
from tiepcan.paperwork.kinds import name_of


class RegisterQuerySet(models.QuerySet["Register"]):
    def visible_to(self, person: Person) -> Self:
        """Registers of the bodies whose papers the person keeps."""
        return self.filter(body__in=bodies_of(person))


@audited()
class Register(models.Model):
    """One register of outgoing papers (sổ văn bản đi): one body, one kind of paper, one year.

    `first` is the first number kept here: above 1 where the year began in a paper book. `last` is the number given last.
    """

    body = models.ForeignKey(
        Organisation, models.PROTECT, related_name="registers", verbose_name="cơ quan ban hành"
    )
    kind = models.CharField(
        "loại văn bản", max_length=10, blank=True, help_text="Abbreviation; empty for letters."
    )
    year = models.PositiveSmallIntegerField("năm")
    first = models.PositiveIntegerField("số đầu", default=1)
    last = models.PositiveIntegerField("số cuối", default=0)

    objects = RegisterQuerySet.as_manager()

    class Meta:
        verbose_name = "sổ văn bản đi"
        ordering = ["-year", "kind"]
        constraints = [
            models.UniqueConstraint(
                fields=["body", "kind", "year"], name="register_once_for_a_body_kind_and_year"
            ),
            models.CheckConstraint(
                condition=models.Q(first__gte=1, last__gte=models.F("first") - 1),
                name="register_counts_from_its_first_number",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} năm {self.year}"

    @property
    def name(self) -> str:
        return name_of(self.kind)


class NumberState(models.TextChoices):
    """What became of a number (tình trạng của số)."""

    ISSUED = "issued", "Đã phát hành"
    CANCELLED = "cancelled", "Đã hủy"
    RECALLED = "recalled", "Đã thu hồi"


class NumberQuerySet(models.QuerySet["Number"]):
    def visible_to(self, person: Person) -> Self:
        """Numbers of the registers that the person keeps."""
        return self.filter(register__body__in=bodies_of(person))


_NEXT_ONLY = """
    IF NEW.number <> (
        SELECT COALESCE(MAX(n.number) + 1, (SELECT r.first FROM paperwork_register r WHERE r.id = NEW.register_id))
        FROM paperwork_number n WHERE n.register_id = NEW.register_id
    ) THEN
        RAISE EXCEPTION 'number % does not follow the last one of its register', NEW.number;
    END IF;
    RETURN NEW;
"""


@audited(exclude=["search_key"])
class Number(models.Model):
    """One number of a register (số văn bản đi), given once, in its order, and never again.

    What it was given for stays as it was written; only what became of it changes. The database itself refuses a number
    that is not the next one, and that one is taken out.
    """

    key = models.UUIDField("khóa của biểu mẫu", unique=True, default=uuid.uuid4)
    register = models.ForeignKey(Register, models.PROTECT, related_name="numbers", verbose_name="sổ")
    number = models.PositiveIntegerField("số")
    symbol = models.CharField("ký hiệu", max_length=60)
    issued_on = models.DateField("ngày ban hành")
    title = models.CharField("trích yếu", max_length=500)
    signer = models.CharField("người ký", max_length=200, blank=True)
    recipients = models.PositiveIntegerField("số nơi nhận", default=0)
    state = models.CharField(
        "tình trạng", max_length=20, choices=NumberState.choices, default=NumberState.ISSUED
    )
    reason = models.CharField("lý do", max_length=500, blank=True)
    ended_on = models.DateField("ngày hủy, thu hồi", null=True)
    ended_by = models.CharField("người hủy, thu hồi", max_length=120, blank=True)
    replaced_by = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="replaces", verbose_name="thay bằng"
    )
    search_key = models.CharField(max_length=1000)
    at = models.DateTimeField("cấp lúc")
    by_name = models.CharField("người cấp", max_length=120)

    objects = NumberQuerySet.as_manager()

    class Meta:
        verbose_name = "số văn bản đi"
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["register", "number"], name="number_once_in_a_register"),
            models.CheckConstraint(
                condition=models.Q(state=NumberState.ISSUED) | ~models.Q(reason=""),
                name="number_ends_with_a_reason",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="number_stays", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(
                name="number_is_as_it_was_given",
                fields=[
                    "key",
                    "register",
                    "number",
                    "symbol",
                    "issued_on",
                    "title",
                    "signer",
                    "at",
                    "by_name",
                ],
            ),
            pgtrigger.Trigger(
                name="number_follows_the_last",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=_NEXT_ONLY,
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def code(self) -> str:
        """Number and symbol as papers write them: "05/BC-UBND"."""
        return f"{self.number:02d}/{self.symbol}"
