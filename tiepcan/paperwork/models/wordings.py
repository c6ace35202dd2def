"""Wordings that offices keep of their papers, version by version."""

import uuid
from datetime import datetime
from typing import Self

import pgtrigger
from django.db import models
from django.db.models import F, Q

from tiepcan.accounts.models import Organisation, Person
from tiepcan.accounts.roles import May
from tiepcan.audit.tables import audited
from tiepcan.paperwork.bodies import bodies_of
from tiepcan.paperwork.wording.lines import Lines, from_plain


class WordingState(models.TextChoices):
    """Where a version of a wording stands (tình trạng của bản mẫu)."""

    TRIED = "tried", "Đang thử"
    IN_USE = "in_use", "Đang dùng"
    RETIRED = "retired", "Đã thay"


class WordingQuerySet(models.QuerySet["Wording"]):
    def visible_to(self, person: Person) -> Self:
        """Wordings of the bodies whose papers the person keeps, for people who keep wordings."""
        if not person.may(May.KEEP_WORDINGS):
            return self.none()
        return self.filter(body__in=bodies_of(person))

    def used_at(self, moment: datetime) -> Self:
        """Versions that were in use at that moment."""
        return self.filter(Q(used_until=None) | Q(used_until__gt=moment), used_from__lte=moment)


@audited()
class Wording(models.Model):
    """One version of an office's wording of one form (bản mẫu lời văn); only its state ever changes.

    `lines` are the paragraphs as `wording.lines.to_plain` gives them: what was uploaded is not kept, and the .docx is
    made anew from them. In use from `used_from` until `used_until`.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    body = models.ForeignKey(Organisation, models.PROTECT, related_name="wordings", verbose_name="cơ quan")
    form = models.CharField("biểu mẫu", max_length=60)
    ordinal = models.PositiveIntegerField("bản")
    lines = models.JSONField("các đoạn")
    remarks = models.JSONField("điều cần xem lại", default=list, blank=True)
    note = models.CharField("thay đổi gì", max_length=300, blank=True)
    state = models.CharField(
        "tình trạng", max_length=10, choices=WordingState.choices, default=WordingState.TRIED
    )
    made_at = models.DateTimeField("tải lên lúc")
    by_name = models.CharField("người tải lên", max_length=120)
    tried_at = models.DateTimeField("thử lúc", null=True)
    used_from = models.DateTimeField("dùng từ lúc", null=True)
    used_until = models.DateTimeField("thôi dùng lúc", null=True)

    objects = WordingQuerySet.as_manager()

    class Meta:
        verbose_name = "bản mẫu lời văn"
        ordering = ["-ordinal"]
        constraints = [
            models.UniqueConstraint(fields=["body", "form", "ordinal"], name="wording_version_once"),
            models.UniqueConstraint(
                fields=["body", "form"],
                condition=Q(state=WordingState.IN_USE),
                name="one_wording_of_a_form_is_in_use",
            ),
            models.CheckConstraint(
                condition=Q(state=WordingState.TRIED, used_from=None, used_until=None)
                | Q(state=WordingState.IN_USE, used_from__gte=F("tried_at"), used_until=None)
                | Q(state=WordingState.RETIRED, used_from__gte=F("tried_at"), used_until__gte=F("used_from")),
                name="wording_is_tried_then_used_then_retired",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="wording_is_never_deleted", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="wording_keeps_its_words",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange(exclude=["state", "tried_at", "used_from", "used_until"]),
            ),
        ]

    def __str__(self) -> str:
        return f"bản {self.ordinal}"

    @property
    def words(self) -> Lines:
        """The paragraphs of the wording."""
        return from_plain(self.lines)
