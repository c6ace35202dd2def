"""What is done to households and their reviews."""

import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import IntegrityError, transaction

from tiepcan.accounts.console import Doer
from tiepcan.accounts.roles import May
from tiepcan.audit.acts import act
from tiepcan.common.refusals import NotAllowed, Stale
from tiepcan.households.models import Household, Lack, Review
from tiepcan.units.models import Unit


def add(
    *,
    id: uuid.UUID,
    unit: Unit,
    code: str,
    head_name: str,
    birth_year: int | None,
    hamlet: str,
    members: int,
    year: int,
    poverty: str,
    lacks: Iterable[str],
    by: Doer,
) -> Household:
    """Enter a household with what its review of a year found. The same key twice is one household.

    Raises NotAllowed when the code is taken in the unit, or the key was used for another household.
    """
    _may_keep(unit, by)
    facts = _clean(code=code, head_name=head_name, birth_year=birth_year, hamlet=hamlet, members=members)
    found = (year, poverty, set(lacks))
    if known := Household.objects.filter(pk=id).first():
        return _same_or_refused(known, unit, facts, found)
    try:
        with act("household.added", by=by):
            household = Household(id=id, unit=unit, **facts)
            household.save(force_insert=True)
            _write_review(household, *found)
    except IntegrityError:
        # The second press of a button may come while the first is still being written.
        if known := Household.objects.filter(pk=id).first():
            return _same_or_refused(known, unit, facts, found)
        if Household.objects.filter(unit=unit, code=facts["code"]).exists():
            raise NotAllowed(_taken(unit, facts["code"])) from None
        # The key is some household's beyond the wall: nothing of it is seen, and nothing is told.
        raise NotAllowed(_USED_BEFORE) from None
    return household


def _same_or_refused(
    known: Household, unit: Unit, facts: Mapping[str, Any], found: tuple[int, str, set[str]]
) -> Household:
    year, poverty, lacks = found
    review = known.reviews.filter(year=year, poverty=poverty).first()
    same = review is not None and lacks == set(review.lacks.values_list("indicator_id", flat=True))
    if same and known.unit_id == unit.pk and all(getattr(known, name) == facts[name] for name in facts):
        return known
    raise NotAllowed(_USED_BEFORE)


_USED_BEFORE = "Biểu mẫu này đã lưu một hộ khác. Mở lại trang “Thêm hộ” rồi nhập tiếp."


def edit(
    *,
    household: Household,
    version: int,
    code: str,
    head_name: str,
    birth_year: int | None,
    hamlet: str,
    members: int,
    by: Doer,
) -> Household:
    """Change a household's facts. Raises Stale when somebody changed them since `version`."""
    _may_keep(household.unit, by)
    facts = _clean(code=code, head_name=head_name, birth_year=birth_year, hamlet=hamlet, members=members)
    try:
        with act("household.edited", by=by):
            current = Household.objects.select_for_update().get(pk=household.pk)
            if current.version != version:
                raise Stale("Người khác vừa sửa hộ này. So hai bản dưới đây rồi lưu lại nếu vẫn cần.")
            for name, value in facts.items():
                setattr(current, name, value)
            current.version += 1
            current.save()
    except IntegrityError:
        raise NotAllowed(_taken(household.unit, facts["code"])) from None
    return current


def review(
    *, household: Household, version: int, year: int, poverty: str, lacks: Iterable[str], by: Doer
) -> Review:
    """Set what the review of a year found: the class, and the indicators that the household lacked then.

    Raises Stale when somebody changed the household or its review since `version`.
    """
    _may_keep(household.unit, by)
    with act("household.reviewed", by=by), transaction.atomic():
        moved = Household.objects.filter(pk=household.pk, version=version).update(version=version + 1)
        if not moved:
            raise Stale("Người khác vừa sửa hộ này. So với bản đang lưu dưới đây rồi lưu lại nếu vẫn cần.")
        return _write_review(household, year, poverty, lacks)


def _write_review(household: Household, year: int, poverty: str, lacks: Iterable[str]) -> Review:
    found, made = Review.objects.get_or_create(household=household, year=year, defaults={"poverty": poverty})
    if not made and found.poverty != poverty:
        found.poverty = poverty
        found.save()
    wanted, there = set(lacks), set(found.lacks.values_list("indicator_id", flat=True))
    found.lacks.filter(indicator__in=there - wanted).delete()
    Lack.objects.bulk_create(
        Lack(review=found, indicator_id=indicator) for indicator in sorted(wanted - there)
    )
    return found


def _clean(**facts: Any) -> dict[str, Any]:
    return {
        name: " ".join(value.split()) if isinstance(value, str) else value for name, value in facts.items()
    }


def _may_keep(unit: Unit, by: Doer) -> None:
    if not by.may_change(May.KEEP_HOUSEHOLDS, unit):
        raise NotAllowed("Chỉ cán bộ phường, xã của hộ sửa được danh sách hộ.")


def _taken(unit: Unit, code: str) -> str:
    return f"{unit} đã có hộ số hồ sơ {code}. Mở hộ đó, hoặc ghi số hồ sơ khác."
