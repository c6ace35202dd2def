"""What is done to devices. Each moves them by lines of their ledger, so that no store ever holds fewer than nothing."""

import uuid
from collections.abc import Iterable, Sequence
from datetime import date
from typing import TypeVar

from django.db import IntegrityError

from tiepcan.accounts.console import Doer
from tiepcan.accounts.roles import May
from tiepcan.audit.acts import act
from tiepcan.common import clock
from tiepcan.common.folding import composed, folded_key
from tiepcan.common.refusals import NotAllowed
from tiepcan.devices.ledger import Taken, locked, moved, where, write_line
from tiepcan.devices.models import (
    Check,
    Condition,
    Device,
    DeviceKind,
    HandOver,
    Held,
    Move,
    Place,
    Pledge,
    Receipt,
    StockEntry,
)
from tiepcan.households.models import Household
from tiepcan.standards.models import Giving, Means, Scheme, Source
from tiepcan.supports import evidence, giving
from tiepcan.supports.actions import Files
from tiepcan.supports.models import Evidence
from tiepcan.units.models import Unit

MOST = 500
"""Devices of one receipt or one issue: a form of a page."""
_SENT_BEFORE = "Biểu mẫu này đã ghi một việc khác. Mở lại trang rồi nhập tiếp."


def add_kind(*, name: str, short_name: str, means: Means, by: Doer, unit: Unit) -> DeviceKind:
    """Add a kind of device that the file does not have; the same name again is the same kind."""
    _may_keep(by, unit)
    name, short_name = composed(name), composed(short_name)
    if known := DeviceKind.objects.filter(name__iexact=name).first():
        return known
    key = "-".join("".join(c if c.isalnum() else " " for c in folded_key(name)).split())[:40]
    if not key:
        raise NotAllowed("Tên loại thiết bị cần có chữ.")
    with act("kind.added", by=by):
        # Two at once: the second finds the first one's.
        kind, _ = DeviceKind.objects.get_or_create(
            id=key, defaults={"order": 100, "name": name, "short_name": short_name or name, "means": means}
        )
    return kind


def pledge(
    *,
    id: uuid.UUID,
    unit: Unit,
    who: str,
    source: Source,
    kind: DeviceKind,
    quantity: int,
    pledged_on: date,
    due_on: date | None = None,
    paper: str = "",
    by: Doer,
) -> Pledge:
    """Write that somebody promised devices to the unit's store. The same key twice is one pledge."""
    _may_keep(by, unit)
    if known := Pledge.objects.filter(pk=id).first():
        return _same(known, unit_id=unit.pk, who=composed(who), kind_id=kind.pk, quantity=quantity)
    if due_on and due_on < pledged_on:
        raise NotAllowed(f"Ngày hẹn giao không thể trước ngày cam kết, {pledged_on:%d/%m/%Y}.")
    _not_later_than_today(pledged_on, "Ngày cam kết")
    with act("pledge.made", by=by):
        made, _ = Pledge.objects.get_or_create(
            id=id,
            defaults={
                "unit": unit,
                "who": composed(who),
                "source": source,
                "kind": kind,
                "quantity": quantity,
                "paper": composed(paper),
                "pledged_on": pledged_on,
                "due_on": due_on,
                "by_name": by.full_name,
            },
        )
    return made


def end_pledge(*, pledge: Pledge, reason: str, by: Doer) -> None:
    """No more will come of it; what came stays."""
    _may_keep(by, pledge.unit)
    why = _said(reason, "Ghi vì sao thôi cam kết.")
    with act("pledge.ended", by=by, reason=why):
        current = Pledge.objects.select_for_update(of=("self",)).get(pk=pledge.pk)
        if current.ended_why:
            raise NotAllowed("Cam kết này đã ghi là thôi rồi.")
        current.ended_why = why
        current.save()


def receive(
    *,
    id: uuid.UUID,
    unit: Unit,
    kind: DeviceKind,
    serials: Sequence[str],
    source: Source,
    provider: str,
    received_on: date,
    minutes: str = "",
    pledge: Pledge | None = None,
    by: Doer,
) -> Receipt:
    """Take devices into the unit's store, each by its serial number. The same key twice is one receipt.

    Raises NotAllowed naming the serial numbers that stand twice, or that a store had already.
    """
    _may_keep(by, unit)
    numbers = [serial_of(one) for one in serials if serial_of(one)]
    if known := Receipt.objects.filter(pk=id).first():
        _same(known, unit_id=unit.pk, kind_id=kind.pk, received_on=received_on)
        if set(known.devices.values_list("serial", flat=True)) != set(numbers):
            raise NotAllowed(_SENT_BEFORE)
        return known
    if not numbers:
        raise NotAllowed("Ghi ít nhất một số máy, mỗi dòng một số.")
    if len(numbers) > MOST:
        raise NotAllowed(f"Mỗi lần nhận nhiều nhất {MOST} máy. Chia ra nhiều lần.")
    if twice := sorted({one for one in numbers if numbers.count(one) > 1}):
        raise NotAllowed(f"Số máy ghi hai lần trong danh sách: {', '.join(twice[:5])}.")
    _not_later_than_today(received_on, "Ngày nhận")
    if pledge and (pledge.kind_id != kind.pk or pledge.unit_id != unit.pk):
        raise NotAllowed(
            f"Cam kết của {pledge.who} là {pledge.kind.name.lower()}, không phải {kind.name.lower()}."
        )
    try:
        with act("devices.received", by=by):
            receipt = Receipt.objects.create(
                id=id,
                unit=unit,
                pledge=pledge,
                kind=kind,
                source=source,
                provider=composed(provider),
                received_on=received_on,
                minutes=composed(minutes),
                by_name=by.full_name,
            )
            for number in sorted(numbers):
                device = Device.objects.create(kind=kind, serial=number, receipt=receipt, unit=unit)
                write_line(
                    device,
                    Move.RECEIVED,
                    by,
                    batch=id,
                    to=(Place.STORE, unit),
                    on=received_on,
                    paper=receipt.minutes,
                )
    except IntegrityError:
        if known := Receipt.objects.filter(pk=id).first():  # the same form pressed twice at once
            return known
        there = Device.objects.filter(kind=kind, serial__in=numbers).values_list("serial", flat=True)
        if found := sorted(there)[:5]:
            raise NotAllowed(
                f"Số máy đã có trong sổ kho ({kind.name.lower()}): {', '.join(found)}. Kiểm tra lại tem máy."
            ) from None
        raise
    return receipt


def serial_of(written: str) -> str:
    """A serial number as stores keep it: without blanks around it, in capitals."""
    return composed(written).upper()[:60]


def issue(
    *, id: uuid.UUID, devices: Iterable[Device], store: Unit, to: Unit, on: date, paper: str = "", by: Doer
) -> list[StockEntry]:
    """Give devices of a unit's store to the store of a unit below it, on one paper. The same key twice is one issue.

    All or none: raises NotAllowed naming the first device that is not in the store any more, and who took it.
    """
    _may_keep(by, store)
    keys = {device.pk for device in devices}
    if not keys:
        raise NotAllowed("Chọn ít nhất một máy để cấp.")
    if len(keys) > MOST:
        raise NotAllowed(f"Mỗi phiếu cấp nhiều nhất {MOST} máy.")
    if store.pk == to.pk or not store.covers(to):
        raise NotAllowed(f"Kho {_at(store)} chỉ cấp máy cho phường, xã của mình.")
    with moved("devices.issued", by):
        found = locked(keys)
        if done := list(StockEntry.objects.filter(batch=id)):
            if {line.device_id for line in done} != keys or done[0].to_unit_id != to.pk:
                raise NotAllowed(_SENT_BEFORE)
            return done
        for device in found:
            if device.place != Place.STORE or device.unit_id != store.pk:
                raise Taken(device, store)
            _in_order(device, on)
        return [
            write_line(device, Move.ISSUED, by, batch=id, to=(Place.STORE, to), on=on, paper=composed(paper))
            for device in found
        ]


def return_to_store(*, id: uuid.UUID, device: Device, on: date, reason: str = "", by: Doer) -> StockEntry:
    """Send a device of a ward's store back to the store that received it."""
    with moved("device.returned", by, reason):
        found = _mine(device, by)
        if done := _done(id, found):
            return done
        home = found.receipt.unit
        if found.place != Place.STORE:
            raise Taken(found)
        if found.unit_id == home.pk:
            raise NotAllowed(f"Máy {found.serial} đang ở kho đã nhận nó, {_at(home)}.")
        _in_order(found, on)
        return write_line(
            found, Move.RETURNED, by, batch=id, to=(Place.STORE, home), on=on, reason=reason.strip()
        )


def hand_over(
    *,
    id: uuid.UUID,
    device: Device,
    household: Household,
    on: date,
    condition: str,
    receiver: str,
    relation: str = "",
    instructed: bool = False,
    scheme: Scheme | None = None,
    signature: tuple[str, bytes] | None = None,
    files: Files = (),
    by: Doer,
) -> HandOver:
    """Give a device of the ward's store to one of its households, and count the household if it counts by this.

    The same key twice is one hand-over. Raises NotAllowed with a sentence that names who took the device when somebody
    was faster, the support that a scheme gave the household already, or the file that cannot be read.
    """
    if not (
        by.may_change(May.KEEP_DEVICES, household.unit) and by.may_change(May.RECORD_OUTCOMES, household.unit)
    ):
        raise NotAllowed("Chỉ cán bộ phường, xã của hộ bàn giao được thiết bị cho hộ này.")
    if known := HandOver.objects.filter(pk=id).first():
        return _same(known, device_id=device.pk, receiver=composed(receiver), condition=condition)
    if condition == Condition.BROKEN:
        raise NotAllowed("Máy không dùng được thì chưa giao: mở trang của máy, chọn “Đưa đi sửa”.")
    if scheme and (scheme.giving != Giving.IN_KIND_ONCE or not _fits(scheme, device.kind)):
        raise NotAllowed(f"Chính sách “{scheme.name}” không cấp {device.kind.name.lower()}.")
    if scheme and not Scheme.objects.in_force(on).filter(pk=scheme.pk).exists():
        raise NotAllowed(f"Ngày {on:%d/%m/%Y} chính sách “{scheme.name}” không có hiệu lực.")
    if not household.is_listed:
        raise NotAllowed(f"Hộ {household.code} không còn trong sổ của phường, xã nên chưa bàn giao được.")
    clean = evidence.cleaned([*([signature] if signature else []), *files])
    kept: list[Evidence] = []
    try:
        with moved("device.handed_over", by):
            [found] = locked([device.pk])
            if known := HandOver.objects.filter(pk=id).first():
                return _same(known, device_id=device.pk, receiver=composed(receiver), condition=condition)
            if found.place != Place.STORE or found.unit_id != household.unit_id:
                raise Taken(found, household.unit)
            _in_order(found, on)
            support = giving.give(
                id=id,
                household=household,
                means=found.kind.means,
                began_on=on,
                scheme=scheme,
                source=found.receipt.source,
                provider=found.receipt.provider,
                note=str(found),
            )
            why = giving.lead_to_outcome(support, by=by)
            kept = evidence.keep(support, clean, by.full_name)
            line = write_line(found, Move.HANDED_OVER, by, batch=id, to=(Place.HOUSEHOLD, found.unit), on=on)
            return HandOver.objects.create(
                id=id,
                support=support,
                device=found,
                entry=line,
                condition=condition,
                receiver=composed(receiver),
                relation=composed(relation),
                instructed=instructed,
                signature=kept[0] if signature else None,
                uncounted=(why or "")[:300],
            )
    except BaseException:
        evidence.forget(kept)
        raise


def _fits(scheme: Scheme, kind: DeviceKind) -> bool:
    return scheme.means.indicator_id == kind.means.indicator_id


def schemes_for(kind: DeviceKind, on: date) -> list[Scheme]:
    """The schemes of that day that give things of this kind's indicator once."""
    return list(
        Scheme.objects.in_force(on).filter(
            giving=Giving.IN_KIND_ONCE, means__indicator=kind.means.indicator_id
        )
    )


def why_not_undo(hand_over: HandOver, by: Doer) -> str | None:
    """Why this person may not undo the hand-over now, as a sentence; None if they may."""
    line = hand_over.entry
    if hand_over.state != Held.STANDING:
        return f"Bàn giao này không còn hiệu lực: {hand_over.get_state_display().lower()}."
    if not by.may_change(May.RECORD_OUTCOMES, line.to_unit) or line.organisation != by.organisation_name:
        return f"Chỉ {line.organisation or line.by_name} hoàn tác được bàn giao này."
    if line.at.astimezone(clock.VIETNAM).date() != clock.today():
        return (
            f"Chỉ hoàn tác được trong ngày ghi, {line.at.astimezone(clock.VIETNAM):%d/%m/%Y}. "
            "Hộ trả máy thì ghi “Nhận lại từ hộ”."
        )
    return None


def undo_hand_over(*, hand_over: HandOver, reason: str, by: Doer) -> None:
    """Take back a hand-over that was written by mistake today: device, support and outcome, all or nothing."""
    why = _said(reason, "Ghi lý do hoàn tác.")
    with moved("device.hand_over_undone", by, why):
        [device] = locked([hand_over.device_id])
        found = HandOver.objects.select_related("support", "entry__to_unit").get(pk=hand_over.pk)
        if problem := why_not_undo(found, by):
            raise NotAllowed(problem)
        if device.place != Place.HOUSEHOLD or device.lines != found.entry.ordinal:
            raise NotAllowed(f"Máy đã có việc khác sau khi giao: {where(device)}.")
        if found.uncounted:
            giving.take_back(found.support)
        else:
            giving.undo(found.support, reason=why, by=by)
        _close(found, Held.UNDONE)
        write_line(
            device,
            Move.UNDONE,
            by,
            batch=uuid.uuid4(),
            to=(Place.STORE, device.unit),
            on=device.since,
            reason=why,
        )


def take_back_from_household(*, id: uuid.UUID, device: Device, on: date, reason: str, by: Doer) -> StockEntry:
    """The household gives the device back to the ward's store: the support ends, what it led to stays for people to decide."""
    why = _said(reason, "Ghi vì sao nhận lại máy.")
    with moved("device.taken_back", by, why):
        found = _mine(device, by)
        if done := _done(id, found):
            return done
        if found.place != Place.HOUSEHOLD:
            raise NotAllowed(f"Máy không ở hộ: {where(found)}.")
        _in_order(found, on)
        _end_support(found, Held.RETURNED, on, why)
        return write_line(
            found, Move.TAKEN_BACK, by, batch=id, to=(Place.STORE, found.unit), on=on, reason=why
        )


def send_to_repair(*, id: uuid.UUID, device: Device, on: date, reason: str, by: Doer) -> StockEntry:
    """Out of the store or the household to be mended. A household's device stays the household's."""
    why = _said(reason, "Ghi máy hỏng gì.")
    with moved("device.sent_to_repair", by, why):
        found = _mine(device, by)
        if done := _done(id, found):
            return done
        if found.place not in (Place.STORE, Place.HOUSEHOLD):
            raise NotAllowed(f"Không đưa đi sửa được: {where(found)}.")
        _in_order(found, on)
        return write_line(
            found, Move.TO_REPAIR, by, batch=id, to=(Place.REPAIR, found.unit), on=on, reason=why
        )


def back_from_repair(*, id: uuid.UUID, device: Device, on: date, reason: str = "", by: Doer) -> StockEntry:
    """Back to the household that has it, otherwise to the store."""
    with moved("device.repaired", by, reason):
        found = _mine(device, by)
        if done := _done(id, found):
            return done
        if found.place != Place.REPAIR:
            raise NotAllowed(f"Máy không đang sửa: {where(found)}.")
        _in_order(found, on)
        owned = HandOver.objects.standing().filter(device=found).exists()
        place = Place.HOUSEHOLD if owned else Place.STORE
        return write_line(
            found, Move.REPAIRED, by, batch=id, to=(place, found.unit), on=on, reason=reason.strip()[:300]
        )


def write_off(*, id: uuid.UUID, device: Device, how: str, on: date, reason: str, by: Doer) -> StockEntry:
    """Lost or beyond repair, wherever it was; if a household had it, its support ends. There is no way back."""
    why = _said(reason, "Ghi lý do, biên bản (nếu có).")
    if how not in (Move.LOST, Move.SCRAPPED):
        raise NotAllowed("Chọn “Mất” hoặc “Hỏng hẳn”.")
    with moved("device.written_off", by, why):
        found = _mine(device, by)
        if done := _done(id, found):
            return done
        if found.place == Place.GONE:
            raise NotAllowed(f"Máy đã ghi là mất hoặc hỏng hẳn: {where(found)}.")
        _in_order(found, on)
        _end_support(found, Held.GONE, on, f"{Move(how).label}: {why}")
        return write_line(found, Move(how), by, batch=id, to=(Place.GONE, found.unit), on=on, reason=why)


def check_condition(
    *, id: uuid.UUID, hand_over: HandOver, on: date, found: str, note: str = "", files: Files = (), by: Doer
) -> Check:
    """Write what was found when the household was asked about its device. The same key twice is one check."""
    if not by.may_change(May.KEEP_DEVICES, hand_over.support.unit):
        raise NotAllowed("Chỉ cơ quan giữ thiết bị của địa bàn này ghi được tình trạng máy.")
    if known := Check.objects.filter(pk=id).first():
        return _same(known, hand_over_id=hand_over.pk, found=found, on=on)
    if on < hand_over.support.began_on:
        raise NotAllowed(f"Ngày hỏi không thể trước ngày bàn giao, {hand_over.support.began_on:%d/%m/%Y}.")
    _not_later_than_today(on, "Ngày hỏi")
    if hand_over.state != Held.STANDING:
        raise NotAllowed(f"Không hỏi lại nữa: {hand_over.get_state_display().lower()}.")
    clean = evidence.cleaned(files)
    kept: list[Evidence] = []
    try:
        with act("device.checked", by=by):
            made, new = Check.objects.get_or_create(
                id=id,
                defaults={
                    "hand_over": hand_over,
                    "on": on,
                    "found": found,
                    "note": note.strip(),
                    "by_name": by.full_name,
                    "organisation": by.organisation_name,
                },
            )
            kept = evidence.keep(hand_over.support, clean, by.full_name) if new else []
    except BaseException:
        evidence.forget(kept)
        raise
    return made


# ---- what the acts share


def _may_keep(by: Doer, unit: Unit) -> None:
    if not by.may_change(May.KEEP_DEVICES, unit):
        raise NotAllowed(f"Chỉ người giữ kho của {_at(unit)} làm được việc này.")


def _mine(device: Device, by: Doer) -> Device:
    [found] = locked([device.pk])
    _may_keep(by, found.unit)
    return found


def _done(id: uuid.UUID, device: Device) -> StockEntry | None:
    """The line that this very form wrote before."""
    line = StockEntry.objects.filter(batch=id).first()
    if line and line.device_id != device.pk:
        raise NotAllowed(_SENT_BEFORE)
    return line


def _end_support(device: Device, state: Held, on: date, why: str) -> None:
    found = HandOver.objects.standing().select_related("support").filter(device=device).first()
    if found:
        giving.end(found.support, on=on, why=why)
        _close(found, state)


def _close(hand_over: HandOver, state: Held) -> None:
    HandOver.objects.filter(pk=hand_over.pk).update(state=state)
    hand_over.state = state


def _in_order(device: Device, on: date) -> None:
    _not_later_than_today(on, "Ngày")
    if device.since and on < device.since:
        raise NotAllowed(
            f"Máy {device.serial} {where(device)} từ ngày {device.since:%d/%m/%Y}: ngày của việc này không thể sớm hơn."
        )


def _not_later_than_today(on: date, what: str) -> None:
    if on > clock.today():
        raise NotAllowed(f"{what} không thể sau hôm nay, {clock.today():%d/%m/%Y}.")


def _said(words: str, otherwise: str) -> str:
    if not words.strip():
        raise NotAllowed(otherwise)
    return words.strip()[:300]


def _at(unit: Unit) -> str:
    return f"{unit.get_kind_display().lower()} {unit.name}"


Known = TypeVar("Known", Pledge, Receipt, HandOver, Check)


def _same(known: Known, **sent: object) -> Known:
    if all(getattr(known, name) == value for name, value in sent.items()):
        return known
    raise NotAllowed(_SENT_BEFORE)
