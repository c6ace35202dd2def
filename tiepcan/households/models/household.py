"""Households, their members and yearly reviews, and how they come and go (hộ gia đình)."""

import uuid
from typing import Self

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q

from tiepcan.accounts.models import Person
from tiepcan.accounts.roles import May
from tiepcan.audit.tables import audited
from tiepcan.common.folding import folded_key
from tiepcan.common.triggers import NEW, OLD, per_statement
from tiepcan.households.finding import words_of
from tiepcan.units.models import Unit


class HouseholdQuerySet(models.QuerySet["Household"]):
    def visible_to(self, person: Person) -> Self:
        """Households of the person's own unit and the units below it, for people who work on households."""
        if not person.may(May.SEE_HOUSEHOLDS):
            return self.none()
        return self.filter(unit__path__startswith=person.unit.path)

    def listed(self) -> Self:
        """Those on the lists now: neither merged into another record nor gone."""
        return self.filter(merged_into=None, left_on=None)

    def left(self) -> Self:
        """Those that are gone from the lists: away, dissolved, joined to another, or merged into another record."""
        return self.exclude(merged_into=None, left_on=None)

    def named(self, words: str) -> Self:
        """Households of whose head, hamlet or code each of these words begins a word, accents or not (`finding`)."""
        found = self
        for word in words_of(words):
            found = found.filter(search_key__contains=word.text)
            if word.pattern:
                found = found.filter(search_key__regex=word.pattern)
        return found

    def lacking(self, indicator: str, year: int) -> Self:
        """Poor households that lacked the indicator at the review of that year."""
        reviews = Review.objects.filter(
            household=models.OuterRef("pk"), year=year, standing=True, poverty__in=POOR
        )
        return self.filter(models.Exists(reviews.filter(lacks__contains=[indicator])))

    def after(self, household: "Household") -> Self:
        """Those that follow this one in the order of lists: by unit, then by given name."""
        place = (household.unit.path, household.sort_key, household.pk)
        return self.filter(
            Q(unit__path__gt=place[0])
            | Q(unit__path=place[0], sort_key__gt=place[1])
            | Q(unit__path=place[0], sort_key=place[1], pk__gt=place[2])
        )


def _stamps(*rows: str) -> str:
    """SQL that counts a change in every unit that a statement touched; always in one order."""
    touched = " UNION ".join(f"SELECT unit_id FROM {name}" for name in rows)
    return f"""
    INSERT INTO households_stamp (unit_id, number)
    SELECT DISTINCT unit_id, 1 FROM ({touched}) AS touched ORDER BY unit_id
    ON CONFLICT (unit_id) DO UPDATE SET number = households_stamp.number + 1;
    RETURN NULL;
    """


def _stamping() -> list[pgtrigger.Trigger]:
    """Triggers that count the changes of a table by unit.

    By their names they come before those that refuse locked rounds: whoever locks a round at the same moment is waited
    for here, and the refusal then sees the lock.
    """
    return [
        per_statement("counted_insert", pgtrigger.Insert, _stamps(NEW), new=NEW),
        per_statement("counted_update", pgtrigger.Update, _stamps(NEW, OLD), new=NEW, old=OLD),
        per_statement("counted_delete", pgtrigger.Delete, _stamps(OLD), old=OLD),
    ]


class Sex(models.TextChoices):
    """Sex as papers write it (giới tính)."""

    MALE = "male", "Nam"
    FEMALE = "female", "Nữ"


class Human(models.Model):
    """What is kept of one person of a household, and no more.

    `ethnicity` and `disability` are sensitive (Decree 356/2025/NĐ-CP): hidden until somebody gives a reason. The
    identity number is kept encrypted, with a keyed digest for matching (`households.identity`).
    """

    birth_year = models.PositiveSmallIntegerField("năm sinh", null=True, blank=True)
    sex = models.CharField("giới tính", max_length=6, choices=Sex.choices, blank=True, db_default="")
    ethnicity = models.CharField("dân tộc", max_length=40, blank=True, db_default="")
    disability = models.BooleanField("người khuyết tật", null=True, blank=True)
    identity = models.BinaryField("số định danh (mã hóa)", null=True, blank=True)
    identity_digest = models.BinaryField(null=True, blank=True, editable=False)

    class Meta:
        abstract = True


SENSITIVE = ("ethnicity", "disability")
"""Fields of a person that are shown only to who gives a reason."""


class LeftWhy(models.TextChoices):
    """Why a household is no longer on its ward's lists (lý do ra khỏi sổ)."""

    AWAY = "away", "Chuyển khỏi địa bàn quản lý"
    DISSOLVED = "dissolved", "Không còn thành viên"
    JOINED = "joined", "Nhập vào hộ khác"


KEPT_OUT = ["search_key", "sort_key", "identity_digest"]
"""Fields of a household that history need not know: they follow from the others."""


@audited(exclude=KEPT_OUT, in_bulk=True)
class Household(Human):
    """One household on a unit's list (hộ gia đình). The key is made by whoever creates it, a phone too.

    The facts of `Human` are those of its head; `members` counts everybody, the head included.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    # The indexes below begin with it; another for it alone would only be kept.
    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="households", verbose_name="phường, xã", db_index=False
    )
    code = models.CharField("số hồ sơ", max_length=30)
    head_name = models.CharField("họ tên chủ hộ", max_length=120)
    birth_year = models.PositiveSmallIntegerField("năm sinh chủ hộ", null=True, blank=True)
    hamlet = models.CharField("thôn, tổ dân phố", max_length=120, blank=True)
    members = models.PositiveSmallIntegerField("số nhân khẩu", default=1, validators=[MinValueValidator(1)])
    left_on = models.DateField("ra khỏi sổ ngày", null=True, blank=True)
    left_why = models.CharField(
        "lý do ra khỏi sổ", max_length=12, choices=LeftWhy.choices, blank=True, db_default=""
    )
    merged_into = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="merged",
        verbose_name="đã gộp vào hồ sơ",
        db_index=False,
    )
    split_from = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="split_off",
        verbose_name="tách từ hộ",
        db_index=False,
    )
    search_key = models.TextField(editable=False)
    sort_key = models.TextField(editable=False)
    version = models.PositiveIntegerField("lần sửa", default=1, db_default=1)

    objects = HouseholdQuerySet.as_manager()

    class Meta:
        verbose_name = "hộ gia đình"
        ordering = ["unit__path", "sort_key", "id"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "code"], name="household_code_once_in_a_unit"),
            models.CheckConstraint(condition=Q(members__gte=1), name="household_has_a_member"),
            models.CheckConstraint(
                condition=Q(left_on=None, left_why="") | (Q(left_on__isnull=False) & ~Q(left_why="")),
                name="household_leaves_on_a_day_for_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(merged_into=None) | ~Q(merged_into=models.F("id")),
                name="household_is_not_merged_into_itself",
            ),
        ]
        indexes = [
            models.Index(fields=["unit", "sort_key", "id"], name="household_by_given_name"),
            models.Index(
                fields=["identity_digest"],
                name="household_by_identity",
                condition=Q(identity_digest__isnull=False),
            ),
            models.Index(
                fields=["merged_into"],
                name="household_by_record_kept",
                condition=Q(merged_into__isnull=False),
            ),
            models.Index(
                fields=["split_from"], name="household_by_origin", condition=Q(split_from__isnull=False)
            ),
        ]
        triggers = _stamping()

    def __str__(self) -> str:
        return self.head_name

    def save(self, *args: object, **kwargs: object) -> None:
        """Keep the keys that lists are searched and sorted by."""
        self.search_key, self.sort_key = keys_of(self.head_name, self.hamlet, self.code)
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    def records(self) -> "HouseholdQuerySet":
        """This record and those that were merged into it: together they are one household."""
        return Household.objects.filter(Q(pk=self.pk) | Q(merged_into=self.pk))

    @property
    def is_listed(self) -> bool:
        """Whether it stands on its ward's lists now."""
        return self.merged_into_id is None and self.left_on is None


def keys_of(head_name: str, hamlet: str, code: str) -> tuple[str, str]:
    """The keys that lists are searched and sorted by: people are listed by given name, the last word."""
    name = folded_key(head_name)
    words = name.split()
    return f"{name} {folded_key(hamlet)} {folded_key(code)}", " ".join([*words[-1:], *words[:-1]])


@audited(exclude=["identity_digest"])
class Member(Human):
    """One person of a household beside its head (thành viên hộ)."""

    household = models.ForeignKey(Household, models.PROTECT, related_name="people", verbose_name="hộ")
    ordinal = models.PositiveSmallIntegerField("thứ tự")
    name = models.CharField("họ tên", max_length=120)
    relation = models.CharField("quan hệ với chủ hộ", max_length=40, blank=True)

    class Meta:
        verbose_name = "thành viên hộ"
        ordering = ["ordinal"]
        constraints = [
            models.UniqueConstraint(fields=["household", "ordinal"], name="member_has_a_place_of_their_own"),
        ]
        indexes = [
            models.Index(
                fields=["identity_digest"],
                name="member_by_identity",
                condition=Q(identity_digest__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return self.name


class PovertyClass(models.TextChoices):
    """How a household was classed at a review (phân loại hộ)."""

    POOR_INCOME = "poor_income", "Hộ nghèo về thu nhập (N1)"
    POOR_DEPRIVATION = "poor_deprivation", "Hộ nghèo thiếu hụt đa chiều (N2)"
    POOR = "poor", "Hộ nghèo"
    NEAR_POOR = "near_poor", "Hộ cận nghèo"
    OUT = "out", "Thoát nghèo"


POOR = (PovertyClass.POOR_INCOME, PovertyClass.POOR_DEPRIVATION, PovertyClass.POOR)
"""Classes that a plan for poor households means."""

_COUNTED = """
SELECT unit_id, year, poverty, lack, sum(n) AS n FROM (
  SELECT unit_id, year, poverty, '' AS lack, {sign} AS n FROM {rows} WHERE standing
  UNION ALL
  SELECT unit_id, year, poverty, unnest(lacks), {sign} FROM {rows} WHERE standing
) AS {rows}_counted GROUP BY unit_id, year, poverty, lack
"""


def _keeps_the_tally(*rows: tuple[str, str]) -> str:
    """SQL that adds what a statement changed to the kept counts; always in one order, so that two cannot deadlock."""
    changed = " UNION ALL ".join(_COUNTED.format(rows=name, sign=sign) for name, sign in rows)
    return f"""
    INSERT INTO households_tally (unit_id, year, poverty, lack, households)
    SELECT unit_id, year, poverty, lack, sum(n) FROM ({changed}) AS changed
    GROUP BY unit_id, year, poverty, lack HAVING sum(n) <> 0 ORDER BY unit_id, year, poverty, lack
    ON CONFLICT (unit_id, year, poverty, lack) DO UPDATE
    SET households = households_tally.households + EXCLUDED.households;
    RETURN NULL;
    """


def _refuses_locked_rounds(*rows: str) -> str:
    touched = " UNION ALL ".join(f"SELECT unit_id, year FROM {name}" for name in rows)
    return f"""
    IF EXISTS (
      SELECT FROM ({touched}) AS touched JOIN households_reviewround AS round
      ON round.unit_id = touched.unit_id AND round.year = touched.year WHERE round.locked_at IS NOT NULL
    ) THEN RAISE EXCEPTION 'the round of this review is locked' USING ERRCODE = 'check_violation'; END IF;
    RETURN NULL;
    """


@audited(in_bulk=True)
class Review(models.Model):
    """How one household was classed at the end of one year (kết quả rà soát).

    `unit` is the unit that reviewed it, which the figures keep when the household moves. `lacks` holds the keys of
    the indicators that it lacked; those that `answers` decided name in `readings` the reading of the rule that said
    so, the others were told by the form. Scores are the points of the review's forms. A review that is not
    `standing` belongs to a record that was merged into another with a review of the same year: it counts nowhere.
    """

    household = models.ForeignKey(
        Household, models.PROTECT, related_name="reviews", verbose_name="hộ", db_index=False
    )
    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="reviews", verbose_name="phường, xã rà soát", db_index=False
    )
    year = models.PositiveSmallIntegerField("năm rà soát")
    poverty = models.CharField("phân loại", max_length=20, choices=PovertyClass.choices)
    lacks = ArrayField(models.CharField(max_length=50), verbose_name="thiếu hụt", default=list, db_default=[])
    answers = models.JSONField("câu trả lời", default=dict, db_default={}, blank=True)
    readings = models.JSONField("cách hiểu tiêu chí", default=dict, db_default={}, blank=True)
    income_score = models.DecimalField("điểm thu nhập", max_digits=6, decimal_places=2, null=True, blank=True)
    deprivation_score = models.DecimalField(
        "điểm thiếu hụt", max_digits=6, decimal_places=2, null=True, blank=True
    )
    standing = models.BooleanField("còn tính", default=True, db_default=True)

    class Meta:
        verbose_name = "kết quả rà soát"
        ordering = ["-year"]
        constraints = [
            models.UniqueConstraint(fields=["household", "year"], name="household_reviewed_once_a_year")
        ]
        indexes = [models.Index(fields=["unit", "year", "poverty"], name="review_by_unit_and_class")]
        triggers = [
            *_stamping(),
            per_statement("tally_of_insert", pgtrigger.Insert, _keeps_the_tally((NEW, "1")), new=NEW),
            per_statement(
                "tally_of_update",
                pgtrigger.Update,
                _keeps_the_tally((NEW, "1"), (OLD, "-1")),
                new=NEW,
                old=OLD,
            ),
            per_statement("tally_of_delete", pgtrigger.Delete, _keeps_the_tally((OLD, "-1")), old=OLD),
            per_statement("locked_against_insert", pgtrigger.Insert, _refuses_locked_rounds(NEW), new=NEW),
            per_statement(
                "locked_against_update",
                pgtrigger.Update,
                _refuses_locked_rounds(NEW, OLD),
                new=NEW,
                old=OLD,
            ),
            per_statement("locked_against_delete", pgtrigger.Delete, _refuses_locked_rounds(OLD), old=OLD),
        ]

    def __str__(self) -> str:
        return f"Rà soát cuối năm {self.year}"

    @property
    def is_poor(self) -> bool:
        return self.poverty in POOR


class Tally(models.Model):
    """How many households of a unit had a class at a review, and of those how many lacked an indicator (số đếm được giữ).

    Triggers on the reviews keep it within the transaction that changes them; `lack` is an indicator's key, or empty
    for all households of the class. `registry.recount` computes it anew from the rows.
    """

    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="tallies", verbose_name="phường, xã", db_index=False
    )
    year = models.PositiveSmallIntegerField("năm rà soát")
    poverty = models.CharField("phân loại", max_length=20, choices=PovertyClass.choices)
    lack = models.CharField("thiếu hụt", max_length=50, blank=True)
    households = models.IntegerField("số hộ")

    class Meta:
        verbose_name = "số hộ theo phân loại"
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "year", "poverty", "lack"], name="tally_once_for_a_class"
            ),
        ]


class Stamp(models.Model):
    """How often the households, reviews or rounds of a unit changed (số lần thay đổi); what saw the same number saw the same rows.

    Triggers count it within the transaction that changes them; whoever holds the row keeps others from changing the unit.
    """

    unit = models.OneToOneField(
        Unit, models.PROTECT, primary_key=True, related_name="+", verbose_name="phường, xã"
    )
    number = models.BigIntegerField("số lần thay đổi")

    class Meta:
        verbose_name = "số lần thay đổi của sổ"


@audited()
class ReviewRound(models.Model):
    """One unit's yearly review (đợt rà soát): open while households are reviewed, then locked."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="rounds", verbose_name="phường, xã")
    year = models.PositiveSmallIntegerField("năm rà soát")
    started_at = models.DateTimeField("bắt đầu lúc")
    started_by = models.CharField("người bắt đầu", max_length=120)
    locked_at = models.DateTimeField("khóa lúc", null=True, blank=True)
    locked_by = models.CharField("người khóa", max_length=120, blank=True)

    class Meta:
        verbose_name = "đợt rà soát"
        ordering = ["-year"]
        constraints = [models.UniqueConstraint(fields=["unit", "year"], name="unit_reviews_once_a_year")]
        triggers = _stamping()

    def __str__(self) -> str:
        return f"Đợt rà soát cuối năm {self.year}, {self.unit.full_name}"


@audited()
class Move(models.Model):
    """A household moved to another unit (chuyển địa bàn); both see this row.

    Code, head and hamlet are as the old unit last knew them: what it still shows after the household is gone.
    """

    household = models.ForeignKey(Household, models.PROTECT, related_name="moves", verbose_name="hộ")
    from_unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="moves_out", verbose_name="từ phường, xã"
    )
    to_unit = models.ForeignKey(Unit, models.PROTECT, related_name="moves_in", verbose_name="đến phường, xã")
    moved_on = models.DateField("ngày chuyển")
    code = models.CharField("số hồ sơ cũ", max_length=30)
    head_name = models.CharField("chủ hộ khi chuyển", max_length=120)
    hamlet = models.CharField("thôn, tổ cũ", max_length=120, blank=True)
    reason = models.CharField("lý do", max_length=200, blank=True)
    at = models.DateTimeField("ghi lúc")
    by_name = models.CharField("người ghi", max_length=120)

    class Meta:
        verbose_name = "lượt chuyển địa bàn"
        ordering = ["-at"]
        constraints = [
            models.CheckConstraint(condition=~Q(from_unit=models.F("to_unit")), name="move_leads_elsewhere"),
        ]
        indexes = [models.Index(fields=["household", "-at"], name="move_by_household")]
