"""The demonstration's devices: who promised them, how they came to stores and households. Everybody in it is invented."""

import io
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from PIL import Image, ImageDraw

from tiepcan.accounts.models import Person
from tiepcan.common import clock
from tiepcan.devices import actions
from tiepcan.devices.models import Device, DeviceKind, Pledge
from tiepcan.households.models import Household
from tiepcan.standards.models import Source
from tiepcan.units.models import Unit

_B, _C, _GIVER = "Doanh nghiệp B", "Doanh nghiệp C", "Ông Vương Văn Nhà Hảo Tâm"
_PLEDGES = (
    (_B, "enterprise", "tv_32", 6, "21/CV-DNB", date(2019, 3, 6), date(2019, 4, 30)),
    (_C, "enterprise", "fm_radio", 10, "08/CV-DNC", date(2019, 4, 2), date(2019, 6, 30)),
    (_GIVER, "charity", "tv_32", 6, "", date(2019, 4, 15), date(2019, 8, 30)),
)
_RECEIPTS = (
    (_B, date(2019, 4, 17), "04", tuple(f"TV32-1904{n}" for n in range(12, 18))),
    (_GIVER, date(2019, 5, 2), "05", tuple(f"TV32-1905{n:02}" for n in range(1, 5))),
    (_C, date(2019, 5, 22), "06", tuple(f"RD-00{n}" for n in range(31, 36))),
)
_ISSUES = (
    ("01", date(2019, 4, 22), "Đông Thọ", "TV32-190413"),
    ("02", date(2019, 4, 22), "Tân Sơn", "TV32-190414"),
    ("03", date(2019, 5, 3), "Đông Hương", "TV32-190416"),
    ("04", date(2019, 5, 7), "Quảng Phú", "TV32-190415"),
    ("05", date(2019, 5, 7), "An Hoạch", "TV32-190501"),
    ("06", date(2019, 5, 24), "Quảng Hưng", "RD-0032"),
    ("07", date(2019, 5, 24), "Quảng Cát", "RD-0031"),
    ("08", date(2019, 5, 24), "Thiệu Dương", "RD-0033"),
    ("09", date(2019, 5, 31), "Thiệu Khánh", "TV32-190412"),
    ("10", date(2019, 6, 3), "Nam Ngạn", "TV32-190502"),
    ("11", date(2019, 6, 3), "Quảng Tâm", "TV32-190417"),
    ("12", date(2019, 6, 11), "Đông Tân", "RD-0035"),
)
GIVEN: Mapping[str, tuple[date, str]] = {
    "Đông Thọ": (date(2019, 4, 24), "TV32-190413"),
    "Tân Sơn": (date(2019, 4, 26), "TV32-190414"),
    "Đông Hương": (date(2019, 5, 6), "TV32-190416"),
    "An Hoạch": (date(2019, 5, 10), "TV32-190501"),
    "Quảng Hưng": (date(2019, 5, 28), "RD-0032"),
    "Quảng Cát": (date(2019, 5, 29), "RD-0031"),
    "Thiệu Dương": (date(2019, 5, 30), "RD-0033"),
    "Thiệu Khánh": (date(2019, 6, 5), "TV32-190412"),
}
"""By ward: the day and the device by which its one household gained an information asset."""
_BROKEN = ("TV32-190415", date(2019, 5, 27), "Quảng Phú", "không lên hình")


@dataclass(frozen=True)
class Cast:
    """Whom and what the telling of devices needs of the story."""

    city: Unit
    units: Mapping[str, Unit]
    coordinator: Person
    officers: Mapping[str, Person]
    key: Callable[[], uuid.UUID]


def events(cast: Cast) -> Iterator[tuple[datetime, Callable[[], Any]]]:
    """Pledges, receipts, issues and a repair, each with its moment; hand-overs are the story's own outcomes."""
    for who, source, kind, quantity, paper, on, due in _PLEDGES:
        yield _at(on, 9), _pledging(cast, cast.key(), who, source, kind, quantity, paper, on, due)
    for who, on, minutes, serials in _RECEIPTS:
        yield _at(on, 14), _receiving(cast, cast.key(), who, on, minutes, serials)
    for paper, on, ward, serial in _ISSUES:
        yield _at(on, 15), _issuing(cast, cast.key(), paper, on, ward, serial)
    yield _at(_BROKEN[1], 10), _sending_to_repair(cast, cast.key())


def hand_over(key: uuid.UUID, household: Household, by: Person) -> None:
    """A ward's household is given the device of `GIVEN`, on whose day the clock stands."""
    on, serial = GIVEN[household.unit.name]
    actions.hand_over(
        id=key,
        device=_device(serial),
        household=household,
        on=on,
        condition="good",
        receiver=household.head_name,
        instructed=True,
        signature=("chu-ky.png", _scrawl(serial)),
        files=[("may-va-tem.png", _picture(serial))],
        by=by,
    )


def _at(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour, 5), clock.VIETNAM)


def _device(serial: str) -> Device:
    return Device.objects.select_related("kind__means", "unit").get(serial=serial)


def _pledging(
    cast: Cast,
    key: uuid.UUID,
    who: str,
    source: str,
    kind: str,
    quantity: int,
    paper: str,
    on: date,
    due: date,
) -> Callable[[], Any]:
    return lambda: actions.pledge(
        id=key,
        unit=cast.city,
        who=who,
        source=Source.objects.get(pk=source),
        kind=DeviceKind.objects.get(pk=kind),
        quantity=quantity,
        paper=paper,
        pledged_on=on,
        due_on=due,
        by=cast.coordinator,
    )


def _receiving(
    cast: Cast, key: uuid.UUID, who: str, on: date, minutes: str, serials: tuple[str, ...]
) -> Callable[[], Any]:
    def receive() -> None:
        pledge = Pledge.objects.select_related("kind", "source").get(who=who)
        actions.receive(
            id=key,
            unit=cast.city,
            kind=pledge.kind,
            serials=serials,
            source=pledge.source,
            provider=who,
            received_on=on,
            minutes=minutes,
            pledge=pledge,
            by=cast.coordinator,
        )

    return receive


def _issuing(cast: Cast, key: uuid.UUID, paper: str, on: date, ward: str, serial: str) -> Callable[[], Any]:
    return lambda: actions.issue(
        id=key,
        devices=[_device(serial)],
        store=cast.city,
        to=cast.units[ward],
        on=on,
        paper=paper,
        by=cast.coordinator,
    )


def _sending_to_repair(cast: Cast, key: uuid.UUID) -> Callable[[], Any]:
    serial, on, ward, why = _BROKEN
    return lambda: actions.send_to_repair(
        id=key, device=_device(serial), on=on, reason=why, by=cast.officers[ward]
    )


def _scrawl(serial: str) -> bytes:
    """Something that looks as if somebody had signed with a finger."""
    sheet = Image.new("RGBA", (656, 336), (0, 0, 0, 0))
    pen = ImageDraw.Draw(sheet)
    steps = [ord(letter) * (n + 3) % 90 for n, letter in enumerate(serial * 2)]
    points = [(90 + n * 22, 210 - step - n % 2 * 40) for n, step in enumerate(steps)]
    pen.line(points, fill="black", width=5, joint="curve")
    pen.line([(110, 250), (470, 236)], fill="black", width=4)
    return _png(sheet)


def _picture(serial: str) -> bytes:
    """A drawn device with its label, that nobody takes for a photo."""
    sheet = Image.new("RGB", (656, 368), (236, 236, 232))
    pen = ImageDraw.Draw(sheet)
    pen.rectangle((168, 80, 488, 268), outline=(120, 126, 136), width=6, fill=(255, 255, 255))
    pen.line((240, 292, 416, 292), fill=(120, 126, 136), width=6)
    pen.rectangle((208, 200, 344, 244), outline=(217, 160, 30), fill=(255, 244, 214), width=2)
    pen.text((216, 214), f"{serial} (ve thu)", fill=(40, 40, 40))
    return _png(sheet)


def _png(sheet: Image.Image) -> bytes:
    written = io.BytesIO()
    sheet.save(written, "PNG")
    return written.getvalue()
