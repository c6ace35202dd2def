"""An uploaded paper on its way to a plan."""

from typing import Self

from django.db import models

from tiepcan.accounts.models import Person
from tiepcan.accounts.roles import May
from tiepcan.audit.tables import audited
from tiepcan.plans.models.plan import Paper, Plan
from tiepcan.units.models import Unit


class DraftState(models.TextChoices):
    """Where an uploaded paper stands."""

    WAITING = "waiting", "Đang chờ xác nhận"
    OPENED = "opened", "Đã mở kế hoạch"
    DROPPED = "dropped", "Đã bỏ"


class DraftQuerySet(models.QuerySet["Draft"]):
    def visible_to(self, person: Person) -> Self:
        """Drafts uploaded in the person's own unit, for people who open plans."""
        return self.filter(unit_id=person.unit.pk) if person.may(May.OPEN_PLANS) else self.none()


@audited(exclude=["document"])
class Draft(models.Model):
    """An uploaded paper on its way to a plan (bản đọc): what was read, and what a person confirmed or corrected."""

    id = models.UUIDField(primary_key=True)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="plan_drafts", verbose_name="địa bàn")
    paper = models.ForeignKey(Paper, models.PROTECT, related_name="drafts", verbose_name="tệp văn bản")
    amends = models.ForeignKey(
        Plan,
        models.PROTECT,
        null=True,
        related_name="amending_drafts",
        verbose_name="kế hoạch được điều chỉnh",
    )
    document = models.JSONField(
        help_text="The paper's paragraphs and tables, as `Document.as_plain` gives them."
    )
    corrections = models.JSONField(
        "chỗ đã sửa",
        default=dict,
        blank=True,
        help_text="Value by its key, as `reading.corrections` takes them.",
    )
    answers = models.JSONField(
        "chỗ đã xác nhận", default=dict, blank=True, help_text="What a person said of a finding, by its key."
    )
    state = models.CharField(
        "tình trạng", max_length=10, choices=DraftState.choices, default=DraftState.WAITING
    )
    plan = models.ForeignKey(Plan, models.PROTECT, null=True, related_name="drafts", verbose_name="kế hoạch")
    version = models.PositiveIntegerField("lần sửa", default=1)

    objects = DraftQuerySet.as_manager()

    class Meta:
        verbose_name = "bản đọc kế hoạch"
        ordering = ["-paper__uploaded_at"]

    def __str__(self) -> str:
        return self.paper.name
