"""Acts on the same few devices at the same moment, from connections of their own; plain SQL finds the ledger right after each.

`python -m tests.racing_devices 1000` runs the long campaign on a database of its own; the tests run a short one.
"""

import random
import sys
import threading
import uuid
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from datetime import date, datetime
from typing import Any

from tests.racing import look

ACTS = 3
"""Acts of one race."""
DEVICES = 4
TODAY = date(2019, 6, 12)

# Each finds rows only when something is wrong.
WRONG = {
    "a device is not where its last line leads": """
        SELECT d.serial FROM devices_device d LEFT JOIN devices_stockentry e ON e.device_id = d.id AND e.ordinal = d.lines
        WHERE e.id IS NULL OR (e.to_place, e.to_unit_id, e.on) IS DISTINCT FROM (d.place, d.unit_id, d.since)""",
    "a device has more or fewer lines than it counts": """
        SELECT d.serial FROM devices_device d JOIN devices_stockentry e ON e.device_id = d.id
        GROUP BY d.id HAVING count(*) <> d.lines OR max(e.ordinal) <> d.lines""",
    "a line does not begin where the line before ended": """
        SELECT id FROM (SELECT id, from_place, from_unit_id, ordinal,
          lag(to_place) OVER way AS place, lag(to_unit_id) OVER way AS unit
          FROM devices_stockentry WINDOW way AS (PARTITION BY device_id ORDER BY ordinal)) AS line
        WHERE ordinal > 1 AND (from_place, from_unit_id) IS DISTINCT FROM (place, unit)""",
    "a store held fewer than nothing": """
        SELECT 1 FROM (SELECT sum(n) OVER (PARTITION BY store ORDER BY id, n) AS held FROM (
          SELECT id, to_unit_id AS store, 1 AS n FROM devices_stockentry WHERE to_place = 'store' UNION ALL
          SELECT id, from_unit_id, -1 FROM devices_stockentry WHERE from_place = 'store') AS moves) AS sums WHERE held < 0""",
    "stores do not hold what the ledger brought": """
        SELECT unit, sum(n) FROM (
          SELECT to_unit_id AS unit, 1 AS n FROM devices_stockentry WHERE to_place = 'store' UNION ALL
          SELECT from_unit_id, -1 FROM devices_stockentry WHERE from_place = 'store' UNION ALL
          SELECT unit_id, -1 FROM devices_device WHERE place = 'store') AS moves GROUP BY unit HAVING sum(n) <> 0""",
    "two households have one device": """
        SELECT device_id FROM devices_handover WHERE state = 'standing' GROUP BY 1 HAVING count(*) > 1""",
    "a household has a device that is elsewhere": """
        SELECT d.serial FROM devices_device d
        LEFT JOIN devices_handover h ON h.device_id = d.id AND h.state = 'standing'
        WHERE d.place = 'household' AND h.id IS NULL OR d.place IN ('store', 'gone', 'outside') AND h.id IS NOT NULL""",
    "a line without its hand-over, or a hand-over without its line": """
        SELECT e.id::text FROM devices_stockentry e LEFT JOIN devices_handover h ON h.entry_id = e.id
        WHERE (e.kind = 'handed_over') <> (h.id IS NOT NULL)""",
    "a support does not say what became of its device": """
        SELECT h.id FROM devices_handover h JOIN supports_support s ON s.id = h.support_id
        WHERE CASE h.state WHEN 'standing' THEN NOT s.standing OR s.ended_on IS NOT NULL
          WHEN 'undone' THEN s.standing ELSE NOT s.standing OR s.ended_on IS NULL END""",
    "a scheme gave a household twice": """
        SELECT household_id FROM supports_support WHERE once AND standing GROUP BY household_id, scheme_id HAVING count(*) > 1""",
    "a household counts twice, or not at all": """
        SELECT household_id::text FROM supports_outcome WHERE standing GROUP BY household_id, indicator_id HAVING count(*) > 1
        UNION ALL SELECT h.id::text FROM devices_handover h JOIN supports_support s ON s.id = h.support_id
          LEFT JOIN supports_outcome o ON o.id = s.outcome_id
          WHERE h.uncounted = '' AND h.state <> 'undone' AND o.id IS NULL""",
}


class Place:
    """A city with two wards, a few devices, and households that lack them."""

    def __init__(self, chance: random.Random) -> None:
        from tests.factories import a_person, a_plan, a_unit, the_city
        from tiepcan.accounts.roles import Role
        from tiepcan.standards.models import Scheme

        self.chance = chance
        a_plan()
        self.city, self.wards = the_city(), [a_unit("Hàm Rồng"), a_unit("Nam Ngạn")]
        self.coordinator = a_person(Role.COORDINATOR)
        self.officers = {ward.pk: a_person(Role.OFFICER, ward) for ward in self.wards}
        self.scheme = Scheme.objects.get(pk="equipment_2017")
        self.devices: list[Any] = []
        self.households: dict[str, list[Any]] = {ward.pk: [] for ward in self.wards}

    def fill(self) -> None:
        """Devices that are gone are replaced, households too now and then."""
        from tests.factories import a_device, a_household
        from tiepcan.devices.models import Device

        gone = set(Device.objects.filter(place="gone").values_list("pk", flat=True))
        self.devices = [device for device in self.devices if device.pk not in gone]
        while len(self.devices) < DEVICES:
            store = self.chance.choice([self.city, *self.wards])
            self.devices.append(a_device(store, in_store_of=self.city))
        for ward in self.wards:
            if len(self.households[ward.pk]) < 3 or self.chance.random() < 0.1:
                made = a_household(ward, lacks=("information_asset",), by=self.officers[ward.pk])
                self.households[ward.pk] = [*self.households[ward.pk][-4:], made]

    def acts(self) -> list[Callable[[], object]]:
        """Acts on one device or two, each likely possible now, that cannot all come true."""
        from tiepcan.devices.models import Device

        fresh = Device.objects.select_related("kind__means", "unit", "receipt__unit", "receipt__source")
        chosen = self.chance.sample(self.devices, 2)
        about = [chosen[0], chosen[0], self.chance.choice(chosen)]
        acts = [self._act(fresh.get(pk=device.pk), chosen) for device in about]
        if self.chance.random() < 0.15:
            acts[1] = acts[0]  # one form, pressed twice
        return acts

    def _act(self, device: Any, chosen: Sequence[Any]) -> Callable[[], object]:
        from tiepcan.devices import actions
        from tiepcan.devices.models import HandOver, Move

        key, chance = uuid.uuid4(), self.chance
        facts: dict[str, Any] = {
            "id": key,
            "on": TODAY,
            "by": self.officers.get(device.unit_id, self.coordinator),
        }
        why = {"reason": "thử"}
        gone: list[Callable[[], object]] = [
            lambda: actions.write_off(device=device, how=Move.LOST, **facts, **why),
        ]
        if device.place == "household":
            given = HandOver.objects.standing().select_related("support", "entry__to_unit").get(device=device)
            can: list[Callable[[], object]] = [
                lambda: actions.take_back_from_household(device=device, **facts, **why),
                lambda: actions.send_to_repair(device=device, **facts, **why),
                lambda: actions.undo_hand_over(hand_over=given, by=facts["by"], **why),
                lambda: actions.undo_hand_over(hand_over=given, by=facts["by"], **why),
            ]
        elif device.place == "repair":
            can = [lambda: actions.back_from_repair(device=device, **facts)] * 3
        elif device.unit_id == self.city.pk:
            several = chosen if chance.random() < 0.3 else [device]
            to = chance.choice(self.wards)
            can = [
                lambda: actions.issue(devices=several, store=self.city, to=to, **facts),
                lambda: actions.issue(devices=several, store=self.city, to=to, **facts),
                lambda: actions.send_to_repair(device=device, **facts, **why),
            ]
        else:
            household = chance.choice(self.households[device.unit_id])
            scheme = self.scheme if chance.random() < 0.4 else None
            hand_over = lambda: actions.hand_over(  # noqa: E731
                device=device, household=household, condition="good", receiver="x", scheme=scheme, **facts
            )
            can = [
                hand_over, hand_over, hand_over, hand_over,
                lambda: actions.return_to_store(device=device, **facts),
                lambda: actions.send_to_repair(device=device, **facts, **why),
            ]  # fmt: skip
        return chance.choice(gone if chance.random() < 0.06 else can)


def campaign(times: int, seed: int) -> Counter[str]:
    """So many races, the ledger looked at after each; counts how they ended. Raises what no act should raise."""
    from django.db import connection

    from tiepcan.common.refusals import NotAllowed

    chance, done = random.Random(seed), Counter[str]()
    place = Place(chance)
    barrier = threading.Barrier(ACTS)

    def run(act: Callable[[], object]) -> object:
        barrier.wait(timeout=60)
        try:
            act()
        except NotAllowed as problem:
            return problem
        return None

    def end() -> None:
        barrier.wait(timeout=60)
        connection.close()

    with ThreadPoolExecutor(ACTS) as threads:
        try:
            for _ in range(times):
                place.fill()
                racing: list[Future[object]] = [
                    threads.submit(copy_context().run, run, act) for act in place.acts()
                ]
                said = [future.result(timeout=120) for future in racing]
                refused = [str(problem) for problem in said if problem]
                done[f"{ACTS - len(refused)} of {ACTS} done"] += 1
                done["refused as the table saw it"] += sum("Người khác vừa ghi" in one for one in refused)
                done["refused by name"] += sum(
                    "không còn trong kho" in one or "lúc" in one for one in refused
                )
                look(WRONG)
        finally:
            for future in [threads.submit(end) for _ in range(ACTS)]:
                future.result(timeout=120)
    return done


def main() -> None:
    """The long campaign; prints how the races ended."""
    import time

    from tests.killing import a_database

    times = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000
    with a_database():
        from tiepcan.common import clock

        begun = time.monotonic()
        with clock.set_to(datetime(2019, 6, 12, 9, tzinfo=clock.VIETNAM)):
            done = campaign(times, 1)
        from tiepcan.devices.models import StockEntry

        lines = Counter(StockEntry.objects.values_list("kind", flat=True))
    sys.stdout.write(
        f"{times} races of {ACTS} acts in {time.monotonic() - begun:.0f} s; the ledger was wrong 0 times.\n"
    )
    for name, number in [*sorted(done.items()), *(("line " + kind, n) for kind, n in sorted(lines.items()))]:
        sys.stdout.write(f"  {name}: {number}\n")


if __name__ == "__main__":
    main()
