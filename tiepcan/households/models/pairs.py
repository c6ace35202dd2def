"""Two records that may be one household (nghi trùng)."""

from typing import Self

from django.db import models
from django.db.models import Q

from tiepcan.accounts.models import Person
from tiepcan.accounts.roles import May
from tiepcan.audit.tables import audited
from tiepcan.households.models.household import Household


class PairQuerySet(models.QuerySet["Pair"]):
    def visible_to(self, person: Person) -> Self:
        """Pairs of which the person may see both records."""
        if not person.may(May.SEE_HOUSEHOLDS):
            return self.none()
        return self._of_two(unit__path__startswith=person.unit.path)

    def waiting_for(self, person: Person) -> Self:
        """Pairs that ask the person for a decision still: both records stand on the lists."""
        listed = {"merged_into": None, "left_on": None}
        return self.visible_to(person).filter(state=PairState.WAITING)._of_two(**listed)

    def _of_two(self, **facts: object) -> Self:
        """Those of which both records are so.

        Asked of each pair's records by their keys, not by joining: pairs are few, and a plan that joins the households
        with themselves before it comes to the pairs takes half a minute while the statistics are old.
        """
        both = self
        for record in ("first", "second"):
            found = Household.objects.filter(pk=models.OuterRef(record), **facts).values("pk")[:1]
            both = both.alias(**{f"{record}_is_so": models.Subquery(found)})
            both = both.exclude(**{f"{record}_is_so": None})
        return both


class PairState(models.TextChoices):
    """What was decided about two records (quyết định)."""

    WAITING = "waiting", "Chờ xem xét"
    SAME = "same", "Cùng một hộ, đã gộp"
    DIFFERENT = "different", "Hai hộ khác nhau"


@audited()
class Pair(models.Model):
    """Two records that look like one household (cặp nghi trùng); only a person decides whether they are.

    `first` is the one with the smaller key. A merge keeps both records: the other one points to the one that stays
    (`Household.merged_into`), and `undo` holds what the merge changed, so that it can be taken back.
    """

    first = models.ForeignKey(Household, models.PROTECT, related_name="+", verbose_name="hồ sơ thứ nhất")
    second = models.ForeignKey(Household, models.PROTECT, related_name="+", verbose_name="hồ sơ thứ hai")
    score = models.PositiveSmallIntegerField("mức giống", help_text="0 to 100.")
    reasons = models.JSONField("vì sao", default=list)
    state = models.CharField(
        "quyết định", max_length=10, choices=PairState.choices, default=PairState.WAITING
    )
    reason = models.CharField("lý do", max_length=200, blank=True)
    found_at = models.DateTimeField("nêu lúc")
    decided_at = models.DateTimeField("quyết định lúc", null=True, blank=True)
    decided_by = models.CharField("người quyết định", max_length=120, blank=True)
    undo = models.JSONField(default=dict, blank=True)

    objects = PairQuerySet.as_manager()

    class Meta:
        verbose_name = "cặp nghi trùng"
        ordering = ["-score", "id"]
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="two_records_are_one_pair"),
            models.CheckConstraint(condition=Q(first__lt=models.F("second")), name="pair_is_in_order"),
        ]
