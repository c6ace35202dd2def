"""Reads of devices that pages show: a device's way, the latest papers, who is to be asked again."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count, Max, TextField
from django.db.models.functions import Cast
from django.urls import reverse

from tiepcan.accounts.models import Person
from tiepcan.common import clock
from tiepcan.devices.models import CHECKED_AFTER, Device, HandOver, Held, Move, Place, StockEntry
from tiepcan.devices.terms import months_after
from tiepcan.households.models import Household
from tiepcan.households.views.household import Step as Told
from tiepcan.households.views.household import Story
from tiepcan.supports import queries as supports
from tiepcan.units.models import Unit


@dataclass(frozen=True)
class Step:
    """One station of a device's way; `tone` is a status of the design."""

    tone: str
    title: str
    said: str
    url: str = ""


def way_of(device: Device, person: Person) -> list[Step]:
    """From the pledge to the check that is still to come, as far as the person's units were part of it."""
    receipt = device.receipt
    steps = []
    if pledge := receipt.pledge:
        paper = f", văn bản {pledge.paper}" if pledge.paper else ""
        said = f"{pledge.pledged_on:%d/%m/%Y}{paper}"
        steps.append(Step("ok", f"{pledge.who} cam kết {pledge.quantity} {pledge.kind.short_name}", said))
    lines = list(
        StockEntry.objects.visible_to(person)
        .filter(device=device)
        .select_related("to_unit", "from_unit", "hand_over")
        .order_by("ordinal")
    )
    if not lines or lines[0].kind != Move.RECEIVED:
        # Received by a store above, beyond the wall: what the receipt says is no secret of a household.
        minutes = f", biên bản nhận {receipt.minutes}" if receipt.minutes else ""
        steps.append(Step("ok", f"Nhập kho {at(receipt.unit)}", f"{receipt.received_on:%d/%m/%Y}{minutes}"))
    steps += [_step(line) for line in lines]
    if (
        given := HandOver.objects.visible_to(person)
        .standing()
        .select_related("support")
        .filter(device=device)
        .first()
    ):
        steps += _checks(given)
    return steps


_TONES = {
    Move.UNDONE: "back",
    Move.TAKEN_BACK: "back",
    Move.TO_REPAIR: "soon",
    Move.LOST: "late",
    Move.SCRAPPED: "late",
}


def _step(line: StockEntry) -> Step:
    said = [f"{line.on:%d/%m/%Y}"]
    if line.paper:
        said.append(f"{_PAPER.get(Move(line.kind), 'số')} {line.paper}")
    said.append(line.by_name)
    if line.reason:
        said.append(line.reason)
    given = getattr(line, "hand_over", None)
    url = reverse("devices:hand_over", args=[given.pk]) if given else ""
    return Step(
        _TONES.get(Move(line.kind), "ok"),
        _TITLES[Move(line.kind)].format(to=at(line.to_unit)),
        ", ".join(said),
        url,
    )


_PAPER = {Move.RECEIVED: "biên bản nhận", Move.ISSUED: "phiếu xuất"}
_TITLES = {
    Move.RECEIVED: "Nhập kho {to}",
    Move.ISSUED: "Cấp cho {to}",
    Move.RETURNED: "Trả về kho {to}",
    Move.HANDED_OVER: "Bàn giao cho hộ, {to}",
    Move.UNDONE: "Hoàn tác bàn giao",
    Move.TAKEN_BACK: "Nhận lại từ hộ",
    Move.TO_REPAIR: "Đưa đi sửa",
    Move.REPAIRED: "Sửa xong",
    Move.LOST: "Mất",
    Move.SCRAPPED: "Hỏng hẳn",
}


def _checks(given: HandOver) -> list[Step]:
    checks = list(given.checks.all())
    url = reverse("devices:hand_over", args=[given.pk])
    steps = [
        Step(
            "ok" if c.found == "works" else "late",
            f"Hỏi lại: {c.get_found_display().lower()}",
            f"{c.on:%d/%m/%Y}, {c.by_name}",
            url,
        )
        for c in checks
    ]
    due = given.check_due_on
    if not any(check.on >= due for check in checks):
        tone = "late" if due <= clock.today() else "idle"
        steps.append(Step(tone, f"Hỏi lại tình trạng sau {CHECKED_AFTER} tháng", f"{due:%d/%m/%Y}", url))
    return steps


def at(unit: Unit) -> str:
    """ "xã Thiệu Khánh": inside a sentence the kind of a unit is written small."""
    return f"{unit.get_kind_display().lower()} {unit.name}"


# ---- the ledger by papers


@dataclass(frozen=True)
class Paper:
    """Lines of one form together: what was done, and how many devices of what kind came or went."""

    last: int
    on: date
    what: str
    number: str
    url: str


def papers(person: Person, *, before: int | None = None, most: int = 8) -> list[Paper]:
    """The newest lines of the ledger, those of one form as one; `before` is the `last` of one shown already."""
    lines = StockEntry.objects.visible_to(person)
    if before:
        lines = lines.filter(pk__lt=before)
    grouped = (
        lines.order_by()
        .values(
            "batch",
            "kind",
            "on",
            "paper",
            "to_unit",
            "from_unit",
            "device__kind__short_name",
            "device__receipt__provider",
        )
        .annotate(number=Count("pk"), last=Max("pk"), device=Max(Cast("device_id", TextField())))
        .order_by("-last")[:most]
    )
    rows = list(grouped)
    units = Unit.objects.in_bulk(
        {row[name] for row in rows for name in ("to_unit", "from_unit") if row[name]}
    )
    given = dict(
        HandOver.objects.visible_to(person)
        .filter(pk__in=[row["batch"] for row in rows])
        .values_list("pk", "state")
    )
    return [_paper(row, units, given, person) for row in rows]


def _paper(
    row: Mapping[str, object], units: Mapping[str, Unit], given: Mapping[UUID, str], person: Person
) -> Paper:
    kind = Move(str(row["kind"]))
    to, number = units[str(row["to_unit"])], row["number"]
    start = units[str(row["from_unit"])] if row["from_unit"] else to
    what = {
        Move.RECEIVED: f"Nhận của {row['device__receipt__provider']}",
        Move.ISSUED: f"Cấp cho {at(to)}",
        Move.RETURNED: f"{start.full_name} trả về kho {at(to)}",
        Move.HANDED_OVER: f"{to.full_name} giao cho hộ",
        Move.UNDONE: f"{to.full_name} hoàn tác bàn giao",
        Move.TAKEN_BACK: f"{to.full_name} nhận lại từ hộ",
        Move.TO_REPAIR: f"Đưa đi sửa, {at(to)}",
        Move.REPAIRED: f"Sửa xong, {at(to)}",
        Move.LOST: f"Ghi mất, {at(to)}",
        Move.SCRAPPED: f"Ghi hỏng hẳn, {at(to)}",
    }[kind]
    if row["paper"]:
        what += f", {'biên bản' if kind == Move.RECEIVED else 'phiếu'} {row['paper']}"
    # Seen from the reader's own store: what left it has a minus, what came in a plus, the rest no sign.
    sign = ""
    if kind in (Move.RECEIVED, Move.ISSUED, Move.RETURNED, Move.TAKEN_BACK, Move.UNDONE):
        sign = "+" if to.pk == person.unit.pk else "\u2212" if start.pk == person.unit.pk else ""
    if kind == Move.HANDED_OVER and to.pk == person.unit.pk:
        sign = "\u2212"
    batch = row["batch"]
    url = (
        reverse("devices:hand_over", args=[batch])
        if batch in given
        else reverse("devices:device", args=[row["device"]])
        if number == 1
        else ""
    )
    return Paper(
        int(str(row["last"])), _day(row["on"]), what, f"{sign}{number} {row['device__kind__short_name']}", url
    )


def _day(value: object) -> date:
    assert isinstance(value, date)
    return value


# ---- where devices are


@dataclass(frozen=True)
class Standing:
    """One device in a list: where it is, in words, and since how many days when that is something to look after."""

    device: Device
    where: str
    said: str
    days: int | None
    household: Household | None


SLOW_REPAIR = 14
"""Days of repair after which a list marks the device."""


def standing(devices: Iterable[Device], person: Person) -> list[Standing]:
    """Each device with its place in words. Two queries more, whatever the number."""
    rows = list(devices)
    given = {
        one.device_id: one.support.household
        for one in HandOver.objects.visible_to(person)
        .standing()
        .filter(device__in=rows)
        .select_related("support__household__unit")
    }
    whys = dict(
        StockEntry.objects.filter(
            device__in=[r for r in rows if r.place in (Place.REPAIR, Place.GONE)],
            kind__in=["to_repair", "lost", "scrapped"],
        )
        .order_by("ordinal")
        .values_list("device", "reason")
    )
    return [_standing(row, person, given.get(row.pk), whys.get(row.pk, "")) for row in rows]


def _standing(device: Device, person: Person, household: Household | None, why: str) -> Standing:
    unit = at(device.unit)
    days = None
    if device.place == Place.HOUSEHOLD:
        opens = household is not None and person.covers(household.unit)
        code = f" {household.code}" if household is not None and opens else ""
        return Standing(device, f"Hộ{code}, {unit}", "", None, household if opens else None)
    if device.place == Place.STORE:
        return Standing(device, f"Kho {unit}", "", None, None)
    if device.place == Place.REPAIR and device.since:
        days = -clock.days_until(device.since)
        return Standing(device, f"Đang sửa {days} ngày" if days else "Đang sửa", f"{why}, {unit}", days, None)
    return Standing(device, str(Place(device.place).label), f"{why}, {unit}", days, None)


# ---- asking again


def to_ask_again(person: Person) -> Sequence[HandOver]:
    """Hand-overs of the person's units whose device was not asked about since the half year was over, oldest first."""
    found = (
        HandOver.objects.visible_to(person)
        .standing()
        .filter(support__began_on__lte=months_after(clock.today(), -CHECKED_AFTER))
        .select_related("support__household", "device__kind", "entry")
        .prefetch_related("checks")
        .order_by("support__began_on", "pk")
    )
    return [one for one in found if not any(check.on >= one.check_due_on for check in one.checks.all())]


# ---- what the household's page tells


def story_of(household: Household, person: Person) -> Story:
    """What happened to a household and what can be done for it, with the devices that it was given."""
    told = supports.story_of(household, person)
    given = (
        HandOver.objects.visible_to(person)
        .filter(support__household__in=household.records())
        .select_related("support", "device__kind", "entry")
        .order_by("support__began_on", "entry")
    )
    steps = [
        Told(
            tone="ok" if one.state == Held.STANDING else "idle",
            title=f"{one.device.kind.name}, số máy {one.device.serial}: {one.get_state_display().lower()}",
            when=f"{one.support.began_on:%d/%m/%Y}, {one.entry.by_name}, {one.entry.organisation}",
            links=[("Xem bàn giao", reverse("devices:hand_over", args=[one.pk]))],
        )
        for one in given
    ]
    return Story([*told.steps, *steps], told.acts)
