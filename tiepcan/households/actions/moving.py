"""How a household leaves a unit's list, moves to another's, or is split."""

import uuid
from datetime import date

from django.db import IntegrityError

from tiepcan.accounts.console import Doer
from tiepcan.audit.acts import act
from tiepcan.common import clock
from tiepcan.common.refusals import NotAllowed
from tiepcan.households.models import Household, LeftWhy, Move, keys_of
from tiepcan.households.workflow import locked, may_keep, said
from tiepcan.units.models import Unit


def move(
    *,
    household: Household,
    version: int,
    to: Unit,
    moved_on: date,
    hamlet: str,
    code: str,
    reason: str = "",
    by: Doer,
) -> Move:
    """Hand a household with all its history to another ward or commune; the old one keeps the line of the move.

    `code` and `hamlet` are those in the new unit. Raises NotAllowed when the new unit has that code already, Stale
    when the household changed since `version`.
    """
    may_keep(household.unit, by)
    if to.pk == household.unit_id:
        raise NotAllowed("Hộ đang ở chính phường, xã này. Chọn nơi hộ chuyển đến.")
    if moved_on > clock.today():
        raise NotAllowed("Ngày chuyển không thể sau hôm nay.")
    if not household.is_listed:
        raise NotAllowed("Hộ đã ra khỏi sổ nên không chuyển được.")
    try:
        with act("household.moved", by=by, reason=reason.strip()):
            current = locked(household, version)
            # First the line: it is what lets the old ward hand over a row that it will see no more.
            line = Move.objects.create(
                household=current,
                from_unit=current.unit,
                to_unit=to,
                moved_on=moved_on,
                code=current.code,
                head_name=current.head_name,
                hamlet=current.hamlet,
                reason=reason.strip(),
                at=clock.now(),
                by_name=by.full_name,
            )
            search_key, sort_key = keys_of(current.head_name, hamlet, code)
            Household.objects.filter(pk=current.pk).update(
                unit=to,
                hamlet=" ".join(hamlet.split()),
                code=code.strip(),
                search_key=search_key,
                sort_key=sort_key,
                version=version + 1,
            )
    except IntegrityError:
        raise NotAllowed(
            f"{to.full_name} đã có hộ số hồ sơ {code.strip()}. Ghi số hồ sơ khác cho nơi đến."
        ) from None
    return line


def leave(
    *, household: Household, version: int, why: str, left_on: date, reason: str = "", by: Doer
) -> Household:
    """Take a household off the lists for good: it went away, nobody is left, or it joined another household."""
    may_keep(household.unit, by)
    if left_on > clock.today():
        raise NotAllowed("Ngày ra khỏi sổ không thể sau hôm nay.")
    with act("household.left", by=by, reason=reason.strip()):
        current = locked(household, version)
        if not current.is_listed:
            raise NotAllowed("Hộ đã ra khỏi sổ từ trước.")
        current.left_on, current.left_why = left_on, LeftWhy(why)
        current.version += 1
        current.save()
    return current


def come_back(*, household: Household, version: int, reason: str, by: Doer) -> Household:
    """Put a household back on the lists that was taken off."""
    may_keep(household.unit, by)
    with act("household.came_back", by=by, reason=said(reason)):
        current = locked(household, version)
        if current.left_on is None:
            raise NotAllowed("Hộ đang ở trong sổ, hoặc hồ sơ đã gộp vào hồ sơ khác.")
        current.left_on, current.left_why = None, ""
        current.version += 1
        current.save()
    return current


def split(
    *,
    household: Household,
    version: int,
    id: uuid.UUID,
    code: str,
    head_name: str,
    birth_year: int | None,
    hamlet: str,
    members: int,
    reason: str = "",
    by: Doer,
) -> Household:
    """Part of a household becomes one of its own, with its latest findings until it is reviewed itself.

    The same key twice is one household. Raises NotAllowed when more people would leave than there are, Stale when
    the household changed since `version`.
    """
    may_keep(household.unit, by)
    if known := Household.objects.filter(pk=id, split_from=household).first():
        return known
    try:
        with act("household.split", by=by, reason=reason.strip()):
            current = locked(household, version)
            if not current.is_listed:
                raise NotAllowed("Hộ đã ra khỏi sổ nên không tách được.")
            if members >= current.members:
                raise NotAllowed(
                    f"Hộ có {current.members} nhân khẩu: hộ mới phải ít hơn {current.members} người."
                )
            made = Household(
                id=id,
                unit=current.unit,
                code=code.strip(),
                head_name=" ".join(head_name.split()),
                birth_year=birth_year,
                hamlet=" ".join(hamlet.split()),
                members=members,
                split_from=current,
            )
            made.save(force_insert=True)
            current.members -= members
            current.version += 1
            current.save()
    except IntegrityError:
        raise NotAllowed(f"{household.unit} đã có hộ số hồ sơ {code.strip()}. Ghi số hồ sơ khác.") from None
    return made
