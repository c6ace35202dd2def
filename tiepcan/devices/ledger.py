"""Writing lines of the ledger of devices: the one place that does."""

import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date

from django.db import IntegrityError

from tiepcan.accounts.console import Doer
from tiepcan.audit.acts import act
from tiepcan.common import clock
from tiepcan.common.refusals import NotAllowed
from tiepcan.devices.models import Device, Move, Place, StockEntry
from tiepcan.units.models import Unit


class Taken(NotAllowed):
    """The device is not in the store where somebody wanted to take it; the sentence says who took it, and when."""

    def __init__(self, device: Device, wanted_in: Unit | None = None) -> None:
        store = f" {_at(wanted_in)}" if wanted_in else ""
        super().__init__(f"Máy {device.serial} không còn trong kho{store}: {where(device)}. Chọn máy khác.")


@contextmanager
def moved(verb: str, by: Doer, reason: str = "") -> Iterator[None]:
    """An act that moves devices. What only the database saw coming is told as a sentence, too."""
    try:
        with act(verb, by=by, reason=reason.strip()):
            yield
    except IntegrityError as problem:
        # Whoever locks first is told otherwise; this is for a line that reached the table past the lock.
        if "the device is not where" in str(problem) or "device_is_with_one_household" in str(problem):
            raise NotAllowed(
                "Người khác vừa ghi việc khác cho máy này. Tải lại trang rồi xem máy đang ở đâu."
            ) from None
        raise


def locked(keys: Iterable[uuid.UUID]) -> list[Device]:
    """The devices, held until the transaction ends and always in one order, as whoever held them before left them."""
    wanted = set(keys)
    # Held first and read then: a row that somebody moved meanwhile would no longer find the unit it was joined with.
    held = (
        Device.objects.select_for_update().filter(pk__in=wanted).order_by("pk").values_list("pk", flat=True)
    )
    if set(held) != wanted:
        raise NotAllowed("Có máy không còn trong sổ kho của địa bàn. Tải lại trang rồi chọn lại.")
    related = ("kind__means", "unit", "receipt__unit", "receipt__source")
    return list(Device.objects.select_related(*related).filter(pk__in=wanted).order_by("pk"))


def write_line(
    device: Device,
    kind: Move,
    by: Doer,
    *,
    batch: uuid.UUID,
    to: tuple[Place, Unit],
    on: date | None,
    paper: str = "",
    reason: str = "",
) -> StockEntry:
    """Add the next line of a device, within the act under way; the trigger moves the device with it."""
    place, unit = to
    line = StockEntry.objects.create(
        device=device,
        ordinal=device.lines + 1,
        kind=kind,
        batch=batch,
        from_place=device.place,
        from_unit=None if kind == Move.RECEIVED else device.unit,
        to_place=place,
        to_unit=unit,
        on=on or clock.today(),
        at=clock.now(),
        paper=paper,
        reason=reason,
        by_name=by.full_name,
        organisation=by.organisation_name,
    )
    device.place, device.unit, device.since, device.lines = place, unit, line.on, line.ordinal
    return line


_SAID = {
    Move.RECEIVED: "nhập kho",
    Move.ISSUED: "đã cấp cho kho",
    Move.RETURNED: "đã trả về kho",
    Move.HANDED_OVER: "đã giao cho hộ",
    Move.UNDONE: "đã trở lại kho",
    Move.TAKEN_BACK: "đã trở lại kho",
    Move.TO_REPAIR: "đã đưa đi sửa",
    Move.REPAIRED: "đã sửa xong",
    Move.LOST: "đã ghi là mất",
    Move.SCRAPPED: "đã ghi là hỏng hẳn",
}


def where(device: Device) -> str:
    """What became of a device last, who wrote it and when; of lines beyond the reader's units nothing but that."""
    line = StockEntry.objects.select_related("to_unit").filter(device=device).order_by("-ordinal").first()
    if line is None or line.ordinal != device.lines:
        return "máy đã chuyển nơi khác"
    to = f" {_at(line.to_unit)}" if line.kind in (Move.ISSUED, Move.RETURNED, Move.RECEIVED) else ""
    who = f"{line.by_name}, {line.organisation}" if line.organisation else line.by_name
    return f"{_SAID[Move(line.kind)]}{to} lúc {line.at.astimezone(clock.VIETNAM):%H:%M, %d/%m/%Y} ({who})"


def _at(unit: Unit) -> str:
    return f"{unit.get_kind_display().lower()} {unit.name}"
