"""Entering a household and keeping its facts."""

import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import IntegrityError

from tiepcan.accounts.console import Doer
from tiepcan.audit.acts import act
from tiepcan.common.refusals import NotAllowed
from tiepcan.households import identity
from tiepcan.households.actions.reviewing import write_review
from tiepcan.households.findings import Findings
from tiepcan.households.models import Household, Member
from tiepcan.households.workflow import locked, may_keep, newer, said
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
    answers: Mapping[str, bool] | None = None,
    sex: str = "",
    number: str = "",
    split_from: Household | None = None,
    by: Doer,
) -> Household:
    """Enter a household with what its review of a year found. The same key twice is one household.

    `number` is the head's identity number as written. Raises NotAllowed when the code is taken in the unit, the year
    is locked, or the key was used for another household.
    """
    may_keep(unit, by)
    facts = _clean(
        code=code, head_name=head_name, birth_year=birth_year, hamlet=hamlet, members=members, sex=sex
    )
    sealed = _sealed(number)
    found = Findings.of(unit, year, poverty, lacks, answers or {})
    if known := Household.objects.filter(pk=id).first():
        return _same_or_refused(known, unit, facts, found)
    try:
        with act("household.added", by=by):
            household = Household(id=id, unit=unit, split_from=split_from, **facts, **sealed)
            household.save(force_insert=True)
            write_review(household, found)
    except IntegrityError:
        # The second press of a button may come while the first is still being written.
        if known := Household.objects.filter(pk=id).first():
            return _same_or_refused(known, unit, facts, found)
        if Household.objects.filter(unit=unit, code=facts["code"]).exists():
            raise NotAllowed(_taken(unit, facts["code"])) from None
        # The key is some household's beyond the wall: nothing of it is seen, and nothing is told.
        raise NotAllowed(_USED_BEFORE) from None
    return household


def _same_or_refused(known: Household, unit: Unit, facts: Mapping[str, Any], found: Findings) -> Household:
    review = known.reviews.filter(year=found.year, poverty=found.poverty).first()
    same = review is not None and set(found.lacks) == set(review.lacks)
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
    sex: str = "",
    number: str = "",
    reason: str = "",
    by: Doer,
) -> Household:
    """Change a household's facts. An empty `number` leaves the identity number as it is.

    Raises Stale when somebody changed them since `version`.
    """
    may_keep(household.unit, by)
    facts = _clean(
        code=code, head_name=head_name, birth_year=birth_year, hamlet=hamlet, members=members, sex=sex
    )
    facts |= _sealed(number)
    try:
        with act("household.edited", by=by, reason=reason.strip()):
            current = locked(household, version)
            for name, value in facts.items():
                setattr(current, name, value)
            current.version += 1
            current.save()
    except IntegrityError:
        raise NotAllowed(_taken(household.unit, facts["code"])) from None
    return current


def keep_sensitive(
    *, household: Household, version: int, ethnicity: str, disability: bool | None, reason: str, by: Doer
) -> Household:
    """Change what is sensitive of a household's head: ethnicity and disability. Raises Stale like `edit`."""
    may_keep(household.unit, by)
    with act("household.sensitive_kept", by=by, reason=said(reason)):
        current = locked(household, version)
        current.ethnicity, current.disability = " ".join(ethnicity.split()), disability
        current.version += 1
        current.save()
    return current


def keep_member(
    *,
    household: Household,
    version: int,
    member: Member | None = None,
    name: str,
    relation: str,
    birth_year: int | None,
    sex: str = "",
    number: str = "",
    by: Doer,
) -> Member:
    """Enter a member, or change one that is there. Raises Stale when the household changed since `version`."""
    may_keep(household.unit, by)
    facts = _clean(name=name, relation=relation, birth_year=birth_year, sex=sex) | _sealed(number)
    with act("member.kept", by=by):
        current = locked(household, version)
        if member is None:
            last = current.people.order_by("-ordinal").values_list("ordinal", flat=True).first()
            member = Member(household=current, ordinal=(last or 1) + 1)
        for field, value in facts.items():
            setattr(member, field, value)
        member.save()
        newer(current)
    return member


def take_member_off(*, household: Household, version: int, member: Member, reason: str, by: Doer) -> None:
    """Take somebody off a household: died, moved, entered by mistake. Raises Stale like `keep_member`."""
    may_keep(household.unit, by)
    with act("member.taken_off", by=by, reason=said(reason)):
        current = locked(household, version)
        member.delete()
        newer(current)


def succeed(*, household: Household, version: int, member: Member, reason: str, by: Doer) -> Household:
    """Another member becomes the head: the head died, or left. The member's facts become those of the head.

    `members` goes down by one. Raises Stale like `edit`.
    """
    may_keep(household.unit, by)
    with act("household.head_changed", by=by, reason=said(reason)):
        current = locked(household, version)
        current.head_name = member.name
        for field in ("birth_year", "sex", "ethnicity", "disability", "identity", "identity_digest"):
            setattr(current, field, getattr(member, field))
        current.members = max(1, current.members - 1)
        current.version += 1
        current.save()
        member.delete()
    return current


def _sealed(number: str) -> dict[str, bytes]:
    """What is stored of an identity number; nothing for none."""
    if not number.strip():
        return {}
    try:
        kept = identity.sealed(identity.normalised(number))
    except ValueError as problem:
        raise NotAllowed(str(problem)) from None
    return {"identity": kept.cipher, "identity_digest": kept.digest}


def _clean(**facts: Any) -> dict[str, Any]:
    return {
        name: " ".join(value.split()) if isinstance(value, str) else value for name, value in facts.items()
    }


def _taken(unit: Unit, code: str) -> str:
    return f"{unit} đã có hộ số hồ sơ {code}. Mở hộ đó, hoặc ghi số hồ sơ khác."
