"""What is done to operators' lists and to subscriptions. A month is closed as a whole or not at all."""

import hashlib
import json
import tempfile
import uuid
from collections.abc import Sequence
from datetime import date

from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction

from tiepcan.accounts.console import Doer
from tiepcan.accounts.models import Organisation, OrganisationKind, Person
from tiepcan.accounts.roles import May
from tiepcan.audit.acts import act
from tiepcan.common import clock
from tiepcan.common.folding import folded_key
from tiepcan.common.refusals import NotAllowed, Stale
from tiepcan.households import identity
from tiepcan.households.models import Household
from tiepcan.intake import limited
from tiepcan.standards.models import Means, Service, Source
from tiepcan.supports import giving
from tiepcan.telecom import matching
from tiepcan.telecom.lists.records import Asked, ReadList
from tiepcan.telecom.models import (
    WAITING,
    Line,
    LineState,
    Month,
    MonthState,
    Problem,
    Refusal,
    Subscription,
)
from tiepcan.units.models import Unit

LARGEST = 10 * 2**20
"""Bytes of one list."""
_CHANGED = "Danh sách đã thay đổi từ khi anh/chị mở trang. Xem lại rồi quyết định."
_MEANS = {Service.MOBILE: "subscription", Service.FIXED: "subscription", Service.BROADBAND: "internet"}
"""The means of access that a service is."""


def may_send(operator: Organisation, by: Doer) -> bool:
    """Whether the person may send this operator's lists: somebody of it, or the office that reconciles."""
    if isinstance(by, Person) and by.may(May.SEND_LISTS):
        return by.organisation_id == operator.pk
    return by.may_change(May.RECONCILE, operator.unit)


def receive(*, operator: Organisation, month: date, raw: bytes, name: str, by: Doer) -> Month:
    """Take an operator's list of a month, lay it beside the registry; a newer file takes the older one's place.

    What people decided about rows that the newer file has again stays. The same file twice changes nothing. Raises
    NotAllowed for a month that is closed or has not begun, Unreadable when the file is no list.
    """
    if not may_send(operator, by):
        raise NotAllowed("Chỉ người của doanh nghiệp hoặc người điều phối kế hoạch gửi được danh sách này.")
    if operator.kind != OrganisationKind.COMPANY:
        raise NotAllowed(f"{operator.name} không phải doanh nghiệp viễn thông, truyền hình.")
    if month.day != 1 or month > clock.today():
        raise NotAllowed("Tháng của danh sách phải là tháng này hoặc tháng trước đó.")
    if len(raw) > LARGEST:
        raise NotAllowed(
            f"Tệp nặng hơn {LARGEST // 2**20} MB. Bỏ các trang không phải danh sách rồi gửi lại."
        )
    digest = hashlib.sha256(raw).hexdigest()
    known = Month.objects.filter(operator=operator, month=month).first()
    if known and known.sha256 == digest:
        return known
    if known and not known.is_open:
        raise NotAllowed(_closed(known))
    wanted = known or Month(operator=operator, unit=operator.unit, month=month, version=0)
    read = _read(wanted, raw, name)
    with act("list.received", by=by):
        current = _locked(wanted) if known else wanted
        _forget_after_commit(current)
        current.name, current.sha256, current.size = name[-200:], digest, len(raw)
        current.skipped, current.unused = read.skipped, read.unused
        current.sent_at, current.sent_by = clock.now(), by.full_name
        current.version += 1
        current.file.save(f"{current.pk}", ContentFile(raw), save=False)
        try:
            with transaction.atomic():
                current.save(force_insert=known is None)
        except IntegrityError:
            raise Stale(f"Danh sách tháng {current.words} vừa được người khác gửi. Mở lại trang.") from None
        _lay(current, read)
    return current


def _forget_after_commit(month: Month) -> None:
    """The file that a newer one replaces goes: it is a list of people, and nothing is decided by it any more."""
    if month.file:
        storage, name = month.file.storage, month.file.name or ""
        transaction.on_commit(lambda: storage.delete(name))


def _closed(month: Month) -> str:
    at = month.closed_at
    day = at.astimezone(clock.VIETNAM) if at else clock.now()
    return f"Tháng {month.words} đã chốt ngày {day:%d/%m/%Y}. Phần sửa ghi vào danh sách của tháng sau."


def _read(month: Month, raw: bytes, name: str) -> ReadList:
    wards = matching.wards_of(month.unit)
    schemes = {service: matching.scheme_of(service, month) for service in Service.values}
    given = {
        "units": [ward.full_name for ward in wards],
        "month": month.month.isoformat(),
        "most": {service: scheme.amount for service, scheme in schemes.items() if scheme},
    }
    with tempfile.TemporaryFile() as file:
        file.write(json.dumps(given).encode() + b"\n")
        file.write(raw)
        file.seek(0)
        child = limited.start("tiepcan.telecom.lists.child", [name], file)
    return ReadList.from_plain(limited.answer_of(child))


def _lay(month: Month, read: ReadList) -> None:
    """Write the rows of the file in the place of the older file's, with what came of each."""
    decided = {_same_row(line): line for line in month.lines.exclude(decided_by="")}
    month.lines.all().delete()
    month.problems.all().delete()
    Problem.objects.bulk_create(
        Problem(
            month=month,
            sheet=w.sheet[:120],
            row=w.row,
            column=w.column,
            message=w.message[:400],
            value=w.written,
        )
        for w in read.wrong
    )
    units = {ward.full_name: ward for ward in matching.wards_of(month.unit)}
    lines = [_line(month, asked, units) for asked in read.asked]
    for line in lines:
        if earlier := decided.get(_same_row(line)):
            line.decided_by = earlier.decided_by
            line.household_id = earlier.household_id
            if earlier.refusal == Refusal.SENT_BACK:
                line.state, line.refusal, line.said = LineState.REFUSED, earlier.refusal, earlier.said
    ground = matching.Ground(month)
    matching.settle(lines, ground)
    bad = sorted({(w.sheet[:120], w.row) for w in read.wrong})
    lines += [
        Line(month=month, on=month.month, unit=month.unit, sheet=sheet, row=row, state=LineState.WRONG)
        for sheet, row in bad
    ]
    _store(lines, ground)


def _store(lines: Sequence[Line], ground: matching.Ground) -> None:
    try:
        with transaction.atomic():
            Line.objects.bulk_create(lines)
    except IntegrityError:
        # Another operator's list came in at the same moment with one of the households.
        again = matching.Ground(ground.month)
        matching.settle(lines, again)
        Line.objects.bulk_create(lines)


def _same_row(line: Line) -> tuple[object, ...]:
    """What tells a row of a newer file to be one of the older file's."""
    return (folded_key(line.name), line.unit_id, line.service, line.number, line.birth_year, line.code)


def _line(month: Month, asked: Asked, units: dict[str, Unit]) -> Line:
    return Line(
        month=month,
        on=month.month,
        sheet=asked.sheet[:120],
        row=asked.row,
        unit=units.get(asked.unit or "", month.unit),
        name=asked.name,
        code=asked.code or "",
        birth_year=asked.birth_year,
        identity_digest=identity.sealed(asked.identity).digest if asked.identity else None,
        hamlet=asked.hamlet or "",
        service=asked.service or "",
        number=asked.number or "",
        began_on=date.fromisoformat(asked.began_on) if asked.began_on else None,
        ended_on=date.fromisoformat(asked.ended_on) if asked.ended_on else None,
        asked=asked.amount,
        told=asked.provided,
        reason=asked.reason,
        state=LineState.UNMATCHED,
    )


def choose(*, line: Line, version: int, household: Household, by: Doer) -> Line:
    """Say which household an unmatched row means; whether it may have the support is judged anew.

    Raises Stale when the list changed since the person looked.
    """
    return _decide(line, version, by, household=household)


def send_back(*, line: Line, version: int, reason: str, by: Doer) -> Line:
    """Say that an unmatched row means no household of the registry: the operator looks again."""
    why = reason.strip()
    if not why:
        raise NotAllowed("Ghi vì sao trả lại doanh nghiệp.")
    return _decide(line, version, by, said=why)


def open_again(*, line: Line, version: int, by: Doer) -> Line:
    """Take a decision about a row back: it is matched anew."""
    return _decide(line, version, by)


def _decide(
    line: Line, version: int, by: Doer, *, household: Household | None = None, said: str = ""
) -> Line:
    month = line.month
    if not by.may_change(May.RECONCILE, month.unit):
        raise NotAllowed("Chỉ người điều phối kế hoạch khớp được dòng với hộ trong sổ.")
    if household and not household.unit.path.startswith(month.unit.path):
        raise NotAllowed("Hộ này ở ngoài địa bàn của danh sách.")
    with act("line.decided", by=by, reason=said):
        month = _locked(month)
        if month.version != version:
            raise Stale(_CHANGED)
        lines = list(month.lines.select_related("unit", "household"))
        current = next(one for one in lines if one.pk == line.pk)
        if current.state == LineState.WRONG:
            raise NotAllowed("Dòng này có ô sai. Doanh nghiệp sửa trong tệp rồi gửi lại.")
        current.household, current.refusal, current.state = household, "", LineState.UNMATCHED
        current.decided_by = by.full_name if household or said else ""
        if said:
            current.state, current.refusal, current.said, current.amount, current.scheme = (
                LineState.REFUSED, Refusal.SENT_BACK, said, 0, None,
            )  # fmt: skip
        matching.settle(lines, matching.Ground(month))
        _save(lines, current)
        month.version += 1
        month.save(update_fields=["version"])
    return current


def _save(lines: Sequence[Line], decided: Line) -> None:
    columns = ("state", "household_id", "scheme_id", "amount", "refusal", "said", "decided_by")
    before = {one.pk: one for one in Line.objects.filter(month=decided.month_id)}
    changed = [
        one for one in lines if any(getattr(one, name) != getattr(before[one.pk], name) for name in columns)
    ]
    # Whoever gives a household up goes first, so that no two hold it even for a moment.
    changed.sort(key=lambda one: one.state == LineState.PROVIDED)
    for one in changed:
        try:
            with transaction.atomic():
                one.save(update_fields=[name.removesuffix("_id") for name in columns])
        except IntegrityError:
            raise Stale("Doanh nghiệp khác vừa cung cấp cho hộ này trong tháng. Xem lại trang.") from None


def why_not_close(month: Month, by: Doer) -> str | None:
    """Why the month cannot be closed now, as a sentence; None when it can."""
    if not by.may_change(May.RECONCILE, month.unit):
        return "Người điều phối kế hoạch chốt tháng, sau khi doanh nghiệp sửa xong danh sách."
    if not month.is_open:
        return _closed(month)
    if month.month == clock.today().replace(day=1) and clock.today() < month.last_day:
        return f"Tháng {month.words} chưa hết. Chốt được từ ngày {month.last_day:%d/%m/%Y}."
    if earlier := Month.objects.filter(
        operator=month.operator, state=MonthState.OPEN, month__lt=month.month
    ).last():
        return f"Chốt tháng {earlier.words} trước."
    waiting = month.lines.filter(state__in=WAITING).count()
    if waiting:
        return f"Còn {waiting} dòng chưa khớp hoặc có ô sai."
    if not month.lines.exists():
        return "Danh sách không có hộ nào."
    return None


def close(*, month: Month, version: int, by: Doer) -> Month:
    """Close a month: each household that was provided for gets its subscription and support, or goes on with it.

    A support leads to the household's outcome where it counts. All of it in one transaction; the month never changes
    again. Raises NotAllowed with the sentence why not.
    """
    with act("month.closed", by=by):
        current = _locked(month)
        if current.version != version:
            raise Stale(_CHANGED)
        if problem := why_not_close(current, by):
            raise NotAllowed(problem)
        lines = current.lines.in_state(LineState.PROVIDED).select_related("household__unit", "scheme")
        for line in lines.order_by("household__unit_id", "household"):  # figures are held in one order
            line.subscription = _subscribed(line, current, by)
            line.save(update_fields=["subscription"])
        current.state, current.closed_at, current.closed_by = MonthState.CLOSED, clock.now(), by.full_name
        current.version += 1
        current.save()
    return current


def _subscribed(line: Line, month: Month, by: Doer) -> Subscription:
    """The household's subscription that the row speaks of: the running one, or a new one with its support."""
    household = line.household
    assert household is not None
    running = Subscription.objects.running().select_for_update().filter(household=household).first()
    if running and running.operator_id != month.operator_id:
        raise NotAllowed(
            f"Hộ {household.code} vừa có thuê bao của doanh nghiệp khác từ {running.began_on:%d/%m/%Y}. Gửi lại danh sách để đối soát."
        )
    subscription = running or _new_subscription(line, month, by)
    if line.ended_on and line.ended_on <= month.last_day and subscription.ended_on is None:
        _end(subscription, on=max(line.ended_on, subscription.began_on), why=f"Doanh nghiệp báo trong danh sách tháng {month.words}")  # fmt: skip
    return subscription


def _new_subscription(line: Line, month: Month, by: Doer) -> Subscription:
    began = line.began_on or month.month
    household = line.household
    assert household is not None
    support = giving.give(
        id=uuid.uuid4(),
        household=household,
        means=Means.objects.get(pk=_MEANS[Service(line.service)]),
        began_on=began,
        scheme=line.scheme,
        source=Source.objects.get(pk="universal_service_fund" if line.scheme else "enterprise"),
        provider=month.operator.name,
    )
    uncounted = giving.lead_to_outcome(support, by=by) or ""
    return Subscription.objects.create(
        household=household,
        operator=month.operator,
        service=line.service,
        number=line.number,
        scheme=line.scheme,
        support=support,
        began_on=began,
        uncounted=uncounted[:300],
    )


def end_subscription(*, subscription: Subscription, on: date, why: str, by: Doer) -> Subscription:
    """Write that a household has the subscription no more; that it had it stays, and so does what it counted for."""
    if not by.may_change(May.RECONCILE, subscription.household.unit):
        raise NotAllowed("Chỉ người điều phối kế hoạch ghi được thôi thuê bao.")
    reason = why.strip()
    if not reason:
        raise NotAllowed("Ghi vì sao thôi thuê bao.")
    if on > clock.today():
        raise NotAllowed("Ngày thôi không thể sau hôm nay.")
    with act("subscription.ended", by=by, reason=reason):
        current = Subscription.objects.select_for_update().get(pk=subscription.pk)
        if current.ended_on:
            raise NotAllowed(f"Thuê bao này đã thôi từ ngày {current.ended_on:%d/%m/%Y}.")
        if on < current.began_on:
            raise NotAllowed(f"Ngày thôi không thể trước ngày bắt đầu, {current.began_on:%d/%m/%Y}.")
        _end(current, on=on, why=reason)
    return current


def _end(subscription: Subscription, *, on: date, why: str) -> None:
    giving.end(subscription.support, on=max(on, subscription.support.began_on), why=why)
    subscription.ended_on, subscription.ended_why = on, why[:300]
    subscription.save(update_fields=["ended_on", "ended_why"])


def _locked(month: Month) -> Month:
    found = Month.objects.select_for_update(of=("self",)).select_related("operator", "unit").get(pk=month.pk)
    if not found.is_open:
        raise NotAllowed(_closed(found))
    return found


def month_of(written: str) -> date:
    """The first day of "2019-06". Raises ValueError."""
    year, _, number = written.partition("-")
    return date(int(year), int(number), 1)
