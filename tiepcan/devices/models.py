"""Devices for households (thiết bị nghe – xem): who promised them, where each one is, and the ledger of how it came there."""

import uuid
from datetime import date
from typing import Self, TypeVar

import pgtrigger
from django.db import models
from django.db.models import F, Q

from tiepcan.accounts.models import Person
from tiepcan.accounts.roles import May
from tiepcan.audit.tables import audited
from tiepcan.devices.terms import months_after
from tiepcan.standards.models import Means, Source
from tiepcan.supports.models import Evidence, Support
from tiepcan.units.models import Unit

CHECKED_AFTER = 6
"""Months after a hand-over when the household is asked how the device is."""


@audited()
class DeviceKind(models.Model):
    """One kind of device that stores keep (loại thiết bị): an open list, from a readable file and from the offices."""

    id = models.SlugField("mã", primary_key=True)
    order = models.PositiveSmallIntegerField("thứ tự")
    name = models.CharField("tên", max_length=120, unique=True)
    short_name = models.CharField("tên ngắn", max_length=40)
    means = models.ForeignKey(Means, models.PROTECT, related_name="device_kinds", verbose_name="hình thức")

    class Meta:
        verbose_name = "loại thiết bị"
        ordering = ["order", "name"]

    def __str__(self) -> str:
        return self.name


Row = TypeVar("Row", bound=models.Model)


class OfUnit(models.QuerySet[Row]):
    """Rows with a `unit`, for people who keep devices."""

    def visible_to(self, person: Person) -> Self:
        """Those of the person's own unit and the units below it."""
        if not person.may(May.KEEP_DEVICES):
            return self.none()
        return self.filter(unit__path__startswith=person.unit.path)


class PledgeQuerySet(OfUnit["Pledge"]):
    def with_received(self) -> Self:
        """Each with the number of devices that came of it as `received`."""
        return self.annotate(received=models.Count("receipts__devices"))


@audited()
class Pledge(models.Model):
    """Devices of one kind that somebody promised to a unit's store (cam kết hỗ trợ).

    One that will not be kept is ended with its reason; what came of it stays.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="pledges", verbose_name="kho nhận")
    who = models.CharField("ai cam kết", max_length=200)
    source = models.ForeignKey(Source, models.PROTECT, related_name="pledges", verbose_name="nguồn hỗ trợ")
    kind = models.ForeignKey(DeviceKind, models.PROTECT, related_name="pledges", verbose_name="loại thiết bị")
    quantity = models.PositiveIntegerField("số máy")
    paper = models.CharField("văn bản", max_length=120, blank=True)
    pledged_on = models.DateField("ngày cam kết")
    due_on = models.DateField("hẹn giao trước hết ngày", null=True, blank=True)
    ended_why = models.CharField("vì sao thôi", max_length=300, blank=True)
    by_name = models.CharField("người ghi", max_length=120)

    # What came of it, when `with_received` asked for it.
    received: int

    objects = PledgeQuerySet.as_manager()

    class Meta:
        verbose_name = "cam kết hỗ trợ"
        ordering = ["pledged_on", "who"]
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gte=1), name="pledge_is_of_a_device"),
            models.CheckConstraint(
                condition=Q(due_on=None) | Q(due_on__gte=F("pledged_on")),
                name="pledge_is_due_after_it_was_made",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.who}: {self.quantity} {self.kind.short_name}"

    @property
    def owed(self) -> int:
        """Devices still to come; none of a pledge that ended."""
        return 0 if self.ended_why else max(0, self.quantity - self.received)


class ReceiptQuerySet(OfUnit["Receipt"]):
    pass


@audited()
class Receipt(models.Model):
    """Devices of one kind that came into a unit's store together (lượt nhận), with the number of its minutes."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="receipts", verbose_name="kho nhận")
    pledge = models.ForeignKey(
        Pledge, models.PROTECT, null=True, blank=True, related_name="receipts", verbose_name="cam kết"
    )
    kind = models.ForeignKey(
        DeviceKind, models.PROTECT, related_name="receipts", verbose_name="loại thiết bị"
    )
    source = models.ForeignKey(Source, models.PROTECT, related_name="receipts", verbose_name="nguồn hỗ trợ")
    provider = models.CharField("đơn vị hỗ trợ", max_length=200)
    received_on = models.DateField("ngày nhận")
    minutes = models.CharField("số biên bản", max_length=60, blank=True)
    by_name = models.CharField("người ghi", max_length=120)

    objects = ReceiptQuerySet.as_manager()

    class Meta:
        verbose_name = "lượt nhận thiết bị"
        ordering = ["-received_on", "id"]

    def __str__(self) -> str:
        return f"{self.provider}, {self.received_on:%d/%m/%Y}"


class Place(models.TextChoices):
    """Where a device is (đang ở đâu); which unit's store, or which unit's household, its `unit` says."""

    OUTSIDE = "outside", "Chưa nhập kho"
    STORE = "store", "Trong kho"
    HOUSEHOLD = "household", "Đã giao cho hộ"
    REPAIR = "repair", "Đang sửa"
    GONE = "gone", "Mất, hỏng hẳn"


class DeviceQuerySet(OfUnit["Device"]):
    def in_store(self, unit: Unit) -> Self:
        """Those that stand in the store of that unit itself."""
        return self.filter(place=Place.STORE, unit=unit)


# A line of the ledger alone moves a device: a change from anywhere else arrives at this depth.
_MOVED_BY_THE_LEDGER_ALONE = """
IF pg_trigger_depth() > 1 THEN RETURN NEW; END IF;
RAISE EXCEPTION 'a device is moved by a line of its ledger' USING ERRCODE = 'check_violation';
"""


@audited()
class Device(models.Model):
    """One device with its serial number (máy), and the one place where it is now.

    `place`, `unit`, `since` and `lines` are kept by the ledger's trigger (`StockEntry`); nothing else may change them.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    kind = models.ForeignKey(DeviceKind, models.PROTECT, related_name="devices", verbose_name="loại thiết bị")
    serial = models.CharField("số máy", max_length=60)
    receipt = models.ForeignKey(Receipt, models.PROTECT, related_name="devices", verbose_name="lượt nhận")
    place = models.CharField("đang ở", max_length=10, choices=Place.choices, default=Place.OUTSIDE)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="devices", verbose_name="địa bàn đang giữ")
    since = models.DateField("từ ngày", null=True)
    lines = models.PositiveIntegerField("số dòng trong sổ", default=0)

    objects = DeviceQuerySet.as_manager()

    class Meta:
        verbose_name = "thiết bị"
        ordering = ["kind__order", "serial"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "serial"], name="device_serial_once_in_a_kind"),
            models.CheckConstraint(
                condition=Q(place="outside", lines=0, since=None) | ~Q(place="outside") & Q(lines__gte=1),
                name="device_is_where_its_lines_say",
            ),
        ]
        indexes = [models.Index(fields=["unit", "place", "kind"], name="device_by_place")]
        triggers = [
            pgtrigger.Protect(name="device_is_never_deleted", operation=pgtrigger.Delete),
            pgtrigger.Trigger(
                name="device_moves_by_its_ledger",
                operation=pgtrigger.Update,
                when=pgtrigger.Before,
                func=_MOVED_BY_THE_LEDGER_ALONE,
            ),
            pgtrigger.Protect(
                name="device_facts_never_change",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange("id", "kind", "serial", "receipt"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind.name}, số máy {self.serial}"


class Move(models.TextChoices):
    """What a line of the ledger of devices says (loại dòng sổ kho)."""

    RECEIVED = "received", "Nhập kho"
    ISSUED = "issued", "Cấp cho kho cấp dưới"
    RETURNED = "returned", "Trả về kho cấp trên"
    HANDED_OVER = "handed_over", "Bàn giao cho hộ"
    UNDONE = "undone", "Hoàn tác bàn giao"
    TAKEN_BACK = "taken_back", "Nhận lại từ hộ"
    TO_REPAIR = "to_repair", "Đưa đi sửa"
    REPAIRED = "repaired", "Sửa xong"
    LOST = "lost", "Mất"
    SCRAPPED = "scrapped", "Hỏng hẳn"


WAYS: dict[str, tuple[tuple[Place, ...], tuple[Place, ...]]] = {
    Move.RECEIVED: ((Place.OUTSIDE,), (Place.STORE,)),
    Move.ISSUED: ((Place.STORE,), (Place.STORE,)),
    Move.RETURNED: ((Place.STORE,), (Place.STORE,)),
    Move.HANDED_OVER: ((Place.STORE,), (Place.HOUSEHOLD,)),
    Move.UNDONE: ((Place.HOUSEHOLD,), (Place.STORE,)),
    Move.TAKEN_BACK: ((Place.HOUSEHOLD,), (Place.STORE,)),
    Move.TO_REPAIR: ((Place.STORE, Place.HOUSEHOLD), (Place.REPAIR,)),
    Move.REPAIRED: ((Place.REPAIR,), (Place.STORE, Place.HOUSEHOLD)),
    Move.LOST: ((Place.STORE, Place.HOUSEHOLD, Place.REPAIR), (Place.GONE,)),
    Move.SCRAPPED: ((Place.STORE, Place.HOUSEHOLD, Place.REPAIR), (Place.GONE,)),
}
"""From which places to which each kind of line leads."""
BETWEEN_STORES = (Move.ISSUED, Move.RETURNED)
SAYS_WHY = (Move.UNDONE, Move.TAKEN_BACK, Move.TO_REPAIR, Move.LOST, Move.SCRAPPED)


def _leads_as_its_kind_says() -> Q:
    said = Q(pk__in=[])
    for kind, (starts, ends) in WAYS.items():
        said |= Q(kind=kind, from_place__in=[str(p) for p in starts], to_place__in=[str(p) for p in ends])
    return said


# The line is worth what it says only while the device stands where the line begins. Whoever waited here for somebody
# else's line looks again at the row as that line left it, finds another place, and is refused.
_MOVES_THE_DEVICE = """
UPDATE devices_device SET place = NEW.to_place, unit_id = NEW.to_unit_id, since = NEW."on", lines = NEW.ordinal
WHERE id = NEW.device_id AND place = NEW.from_place AND lines = NEW.ordinal - 1
  AND unit_id = coalesce(NEW.from_unit_id, unit_id) AND coalesce(since, NEW."on") <= NEW."on";
IF NOT FOUND THEN
  RAISE EXCEPTION 'the device is not where this line begins' USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""


class StockEntryQuerySet(models.QuerySet["StockEntry"]):
    def visible_to(self, person: Person) -> Self:
        """Lines that begin or end in the person's own unit or below it."""
        if not person.may(May.KEEP_DEVICES):
            return self.none()
        path = person.unit.path
        return self.filter(Q(from_unit__path__startswith=path) | Q(to_unit__path__startswith=path))


@audited()
class StockEntry(models.Model):
    """One line of the ledger of devices (dòng sổ kho): one device went from one place to another. Lines are only added.

    A trigger moves the device with its line and refuses a line that does not begin where the device is, so that a
    store never holds fewer than nothing. `ordinal` counts the lines of a device from 1; `batch` is the form that wrote
    the line, alone or with others.
    """

    device = models.ForeignKey(Device, models.PROTECT, related_name="entries", verbose_name="máy")
    ordinal = models.PositiveIntegerField("thứ tự")
    kind = models.CharField("việc", max_length=12, choices=Move.choices)
    batch = models.UUIDField("phiếu")
    from_place = models.CharField("từ", max_length=10, choices=Place.choices)
    from_unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, related_name="+", verbose_name="từ địa bàn"
    )
    to_place = models.CharField("đến", max_length=10, choices=Place.choices)
    to_unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="đến địa bàn")
    on = models.DateField("ngày")
    at = models.DateTimeField("lúc")
    paper = models.CharField("số phiếu, biên bản", max_length=60, blank=True)
    reason = models.CharField("lý do", max_length=300, blank=True)
    by_name = models.CharField("người ghi", max_length=120)
    organisation = models.CharField("cơ quan, đơn vị", max_length=200)

    objects = StockEntryQuerySet.as_manager()

    class Meta:
        verbose_name = "dòng sổ kho"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["device", "ordinal"], name="device_has_a_line_once"),
            models.CheckConstraint(condition=_leads_as_its_kind_says(), name="line_leads_as_its_kind_says"),
            models.CheckConstraint(
                condition=Q(kind="received", from_unit=None) | ~Q(kind="received") & ~Q(from_unit=None),
                name="line_begins_in_a_unit_unless_received",
            ),
            models.CheckConstraint(
                condition=Q(kind="received")
                | Q(kind__in=[str(k) for k in BETWEEN_STORES]) & ~Q(from_unit=F("to_unit"))
                | ~Q(kind__in=["received", *(str(k) for k in BETWEEN_STORES)]) & Q(from_unit=F("to_unit")),
                name="line_leaves_the_unit_only_between_stores",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=[str(k) for k in SAYS_WHY]) | ~Q(reason=""),
                name="line_that_takes_away_has_a_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["batch"], name="stock_entry_by_batch"),
            models.Index(fields=["from_unit"], name="stock_entry_from"),
            models.Index(fields=["to_unit"], name="stock_entry_to"),
        ]
        triggers = [
            pgtrigger.Protect(
                name="stock_ledger_is_append_only", operation=pgtrigger.Update | pgtrigger.Delete
            ),
            pgtrigger.Trigger(
                name="line_moves_its_device",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                func=_MOVES_THE_DEVICE,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.on:%d/%m/%Y}"


class Condition(models.TextChoices):
    """How a device was when it was handed over (tình trạng lúc giao)."""

    GOOD = "good", "Mới, bật lên xem hoặc nghe được"
    WORN = "worn", "Dùng được, có xước hoặc thiếu phụ kiện"
    BROKEN = "broken", "Không dùng được"


class Held(models.TextChoices):
    """What became of a hand-over (bàn giao còn hiệu lực hay không)."""

    STANDING = "standing", "Hộ đang giữ máy"
    RETURNED = "returned", "Hộ đã trả máy"
    GONE = "gone", "Máy mất hoặc hỏng hẳn"
    UNDONE = "undone", "Ghi nhầm, đã hoàn tác"


class HandOverQuerySet(models.QuerySet["HandOver"]):
    def visible_to(self, person: Person) -> Self:
        """Hand-overs of the person's own unit and the units below it, for people who work on households."""
        if not person.may(May.SEE_HOUSEHOLDS):
            return self.none()
        return self.filter(support__unit__path__startswith=person.unit.path)

    def standing(self) -> Self:
        """Those whose household has the device now, or waits for it to come back from repair."""
        return self.filter(state=Held.STANDING)


@audited()
class HandOver(models.Model):
    """One device given to one household (bàn giao): the support that it was, who received it, and in what condition.

    The day, the household and its unit on that day are the support's. `uncounted` is the sentence why it did not make
    an outcome; empty when it did. Photos and the signature are evidence of the support.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    support = models.OneToOneField(
        Support, models.PROTECT, related_name="hand_over", verbose_name="lần hỗ trợ"
    )
    device = models.ForeignKey(Device, models.PROTECT, related_name="hand_overs", verbose_name="máy")
    entry = models.OneToOneField(
        StockEntry, models.PROTECT, related_name="hand_over", verbose_name="dòng sổ kho"
    )
    condition = models.CharField("tình trạng lúc giao", max_length=10, choices=Condition.choices)
    receiver = models.CharField("người nhận", max_length=120)
    relation = models.CharField("quan hệ với chủ hộ", max_length=40, blank=True)
    instructed = models.BooleanField("đã hướng dẫn cách dùng")
    signature = models.ForeignKey(
        Evidence, models.PROTECT, null=True, related_name="+", verbose_name="chữ ký người nhận"
    )
    uncounted = models.CharField("vì sao không tính", max_length=300, blank=True)
    state = models.CharField("hiện nay", max_length=10, choices=Held.choices, default=Held.STANDING)

    objects = HandOverQuerySet.as_manager()

    class Meta:
        verbose_name = "bàn giao thiết bị"
        constraints = [
            models.UniqueConstraint(
                fields=["device"], condition=Q(state="standing"), name="device_is_with_one_household"
            ),
            models.CheckConstraint(condition=~Q(condition="broken"), name="broken_device_is_not_handed_over"),
        ]
        triggers = [
            pgtrigger.Protect(name="hand_over_is_never_deleted", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="hand_over_facts_never_change",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange(exclude=["state"]),
            ),
        ]

    def __str__(self) -> str:
        return f"Bàn giao {self.device}"

    @property
    def check_due_on(self) -> date:
        """The day from which the household is asked how the device is."""
        return months_after(self.support.began_on, CHECKED_AFTER)


class Found(models.TextChoices):
    """What was found when the household was asked later (tình trạng sau 6 tháng)."""

    WORKS = "works", "Còn dùng tốt"
    BROKEN = "broken", "Hỏng, hộ không dùng được"
    UNUSED = "unused", "Còn máy nhưng hộ không dùng"
    MISSING = "missing", "Không còn máy ở hộ"


class CheckQuerySet(models.QuerySet["Check"]):
    def visible_to(self, person: Person) -> Self:
        """Checks of hand-overs that the person may see."""
        if not person.may(May.SEE_HOUSEHOLDS):
            return self.none()
        return self.filter(hand_over__support__unit__path__startswith=person.unit.path)


@audited()
class Check(models.Model):
    """What was found when a household was asked about its device (hỏi lại tình trạng); a photo is evidence of the support."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    hand_over = models.ForeignKey(HandOver, models.PROTECT, related_name="checks", verbose_name="bàn giao")
    on = models.DateField("ngày hỏi")
    found = models.CharField("tình trạng", max_length=10, choices=Found.choices)
    note = models.CharField("ghi chú", max_length=500, blank=True)
    by_name = models.CharField("người hỏi", max_length=120)
    organisation = models.CharField("cơ quan, đơn vị", max_length=200)

    objects = CheckQuerySet.as_manager()

    class Meta:
        verbose_name = "lần hỏi lại tình trạng"
        ordering = ["on", "id"]
        triggers = [
            pgtrigger.Protect(name="check_is_kept", operation=pgtrigger.Update | pgtrigger.Delete),
        ]
