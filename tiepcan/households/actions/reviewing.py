"""What yearly reviews find, household by household and round by round."""

from collections.abc import Iterable, Mapping, Sequence

from django.db import IntegrityError
from django.db.models import Exists, OuterRef

from tiepcan.accounts.console import Doer
from tiepcan.accounts.roles import May
from tiepcan.audit.acts import act
from tiepcan.common import clock
from tiepcan.common.refusals import NotAllowed
from tiepcan.households.findings import Findings
from tiepcan.households.models import Household, HouseholdQuerySet, PovertyClass, Review, ReviewRound, Stamp
from tiepcan.households.workflow import locked, may_keep, newer, said
from tiepcan.standards.queries import NoStandard, standard_of
from tiepcan.units.models import Unit


def review(
    *,
    household: Household,
    version: int,
    year: int,
    poverty: str,
    lacks: Iterable[str],
    answers: Mapping[str, bool] | None = None,
    by: Doer,
) -> Review:
    """Set what the review of a year found: the class, and the indicators that the household lacked then.

    Raises Stale when somebody changed the household or its review since `version`, NotAllowed when the year is locked.
    """
    may_keep(household.unit, by)
    found = Findings.of(household.unit, year, poverty, lacks, answers or {})
    with act("household.reviewed", by=by):
        newer(locked(household, version))
        return write_review(household, found)


def write_review(household: Household, found: Findings) -> Review:
    """Write findings within the act under way. Raises NotAllowed when the round of that year is locked."""
    review = Review.objects.filter(household=household, year=found.year).first()
    review = review or Review(household=household, year=found.year, unit=found.unit)
    if review.unit_id != found.unit.pk:
        raise NotAllowed(
            f"Kết quả rà soát cuối năm {found.year} do {review.unit.full_name} ghi trước khi hộ chuyển đến, "
            "đã nằm trong số liệu của nơi đó nên giữ nguyên."
        )
    _refuse_a_locked_round(review.unit, found.year)
    review.poverty, review.lacks = found.poverty, list(found.lacks)
    review.answers, review.readings = dict(found.answers), dict(found.readings)
    review.save()
    return review


def start_round(*, unit: Unit, year: int, by: Doer) -> ReviewRound:
    """Begin a unit's review of a year. Raises NotAllowed for a year to come, or one that has begun already."""
    may_keep(unit, by)
    if year > clock.today().year:
        raise NotAllowed(f"Chưa đến năm {year}.")
    try:
        with act("round.started", by=by):
            return ReviewRound.objects.create(
                unit=unit, year=year, started_at=clock.now(), started_by=by.full_name
            )
    except IntegrityError:
        raise NotAllowed(f"{unit.full_name} đã bắt đầu đợt rà soát cuối năm {year}.") from None


def keep_as_before(*, round: ReviewRound, households: Sequence[Household], by: Doer) -> int:
    """Give these households, not reviewed yet in the round, last year's findings again. Returns how many."""
    may_keep(round.unit, by)
    if problem := why_not_kept(round.year):
        raise NotAllowed(problem)
    # Who left or moved away since the page was opened is not of the round any more.
    chosen = not_reviewed(round).filter(pk__in=[household.pk for household in households])
    before = Review.objects.filter(household__in=chosen, unit=round.unit, year=round.year - 1, standing=True)
    with act("round.kept_as_before", by=by):
        _hold(round.unit)
        _refuse_a_locked_round(round.unit, round.year)
        made = Review.objects.bulk_create(
            Review(
                household_id=old.household_id,
                unit=round.unit,
                year=round.year,
                poverty=old.poverty,
                lacks=old.lacks,
                answers=old.answers,
                readings=old.readings,
                income_score=old.income_score,
                deprivation_score=old.deprivation_score,
            )
            for old in before
        )
    return len(made)


def _hold(unit: Unit) -> None:
    """Nobody else changes the unit's list until the act ends: what is read next is not taken back meanwhile."""
    Stamp.objects.get_or_create(unit=unit, defaults={"number": 0})
    Stamp.objects.select_for_update().get(unit=unit)


def why_not_kept(year: int) -> str | None:
    """Why last year's findings cannot stand for those of a year, as a sentence; None if they can."""
    try:
        now, before = standard_of(year), standard_of(year - 1)
    except NoStandard as problem:
        return str(problem)
    if now == before:
        return None
    return f"Cuối năm {year} áp dụng chuẩn nghèo mới ({now.decree}): rà soát từng hộ, không giữ nguyên kết quả cũ được."


def lock_round(*, round: ReviewRound, by: Doer) -> ReviewRound:
    """Lock a round: its reviews change no more. Raises NotAllowed while a household of last year's list waits."""
    may_keep(round.unit, by)
    with act("round.locked", by=by):
        current = ReviewRound.objects.select_for_update(of=("self",)).select_related("unit").get(pk=round.pk)
        if current.locked_at:
            raise NotAllowed(
                f"Đợt rà soát này đã khóa lúc {current.locked_at.astimezone(clock.VIETNAM):%H:%M, %d/%m/%Y}."
            )
        if waiting := not_reviewed(current).count():
            raise NotAllowed(
                f"Còn {waiting} hộ của danh sách cuối năm {current.year - 1} chưa rà soát. "
                "Ghi kết quả hoặc lý do ra khỏi sổ cho từng hộ rồi khóa."
            )
        current.locked_at, current.locked_by = clock.now(), by.full_name
        current.save()
    return current


def reopen_round(*, round: ReviewRound, reason: str, by: Doer) -> ReviewRound:
    """Open a locked round again: for the unit above, which answers for the figures already reported."""
    if not by.may_change(May.CONSOLIDATE, round.unit):
        raise NotAllowed("Chỉ cơ quan điều phối của cấp trên mở lại được đợt rà soát đã khóa.")
    with act("round.reopened", by=by, reason=said(reason)):
        current = ReviewRound.objects.select_for_update(of=("self",)).select_related("unit").get(pk=round.pk)
        if not current.locked_at:
            raise NotAllowed("Đợt rà soát này đang mở.")
        current.locked_at, current.locked_by = None, ""
        current.save()
    return current


def not_reviewed(round: ReviewRound) -> HouseholdQuerySet:
    """Households of last year's list, poor or near-poor, that the round has neither reviewed nor seen leave."""
    listed = Review.objects.filter(
        household=OuterRef("pk"), unit=round.unit, year=round.year - 1, standing=True
    ).exclude(poverty=PovertyClass.OUT)
    there = Review.objects.filter(household=OuterRef("pk"), year=round.year)
    return Household.objects.listed().filter(Exists(listed), ~Exists(there), unit=round.unit)


def _refuse_a_locked_round(unit: Unit, year: int) -> None:
    found = ReviewRound.objects.filter(unit=unit, year=year, locked_at__isnull=False).first()
    if found and found.locked_at:
        raise NotAllowed(
            f"Đợt rà soát cuối năm {year} của {unit.full_name} đã khóa ngày {found.locked_at.astimezone(clock.VIETNAM):%d/%m/%Y}. "
            "Cần sửa thì đề nghị cơ quan điều phối mở lại."
        )
