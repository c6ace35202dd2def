"""Two operators ask for the same households, or close a month, at the same moment; plain SQL finds all right after each.

`python -m tests.racing_subscriptions 1000` runs the long campaign on a database of its own; the tests run a short one.
"""

import random
import sys
import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from datetime import date, datetime
from typing import Any

from tests.racing import look

ACTS = 3
"""Acts of one race."""
MONTHS = (date(2019, 3, 1), date(2019, 4, 1), date(2019, 5, 1))

# Each finds rows only when something is wrong.
WRONG = {
    "a household has two subscriptions": """
        SELECT household_id FROM telecom_subscription WHERE ended_on IS NULL GROUP BY 1 HAVING count(*) > 1""",
    "a household is provided for twice in a month": """
        SELECT household_id FROM telecom_line WHERE state = 'provided' GROUP BY household_id, "on" HAVING count(*) > 1""",
    "a closed month has a row that waits, or one without its subscription": """
        SELECT l.id FROM telecom_line l JOIN telecom_month m ON m.id = l.month_id WHERE m.state = 'closed'
        AND (l.state IN ('unmatched', 'wrong') OR (l.state = 'provided') <> (l.subscription_id IS NOT NULL))""",
    "an open month has given something": """
        SELECT l.id FROM telecom_line l JOIN telecom_month m ON m.id = l.month_id
        WHERE m.state = 'open' AND l.subscription_id IS NOT NULL""",
    "a row of one operator goes on with the other's subscription": """
        SELECT l.id FROM telecom_line l JOIN telecom_month m ON m.id = l.month_id
        JOIN telecom_subscription s ON s.id = l.subscription_id
        WHERE s.operator_id <> m.operator_id OR s.household_id <> l.household_id""",
    "a household counts twice": """
        SELECT household_id FROM supports_outcome WHERE standing GROUP BY household_id, indicator_id HAVING count(*) > 1""",
    "a subscription without its support": """
        SELECT s.id FROM telecom_subscription s JOIN supports_support p ON p.id = s.support_id
        WHERE p.household_id <> s.household_id OR p.ended_on IS DISTINCT FROM s.ended_on""",
}


class Place:
    """Two operators, an office, and a few households that both would like to serve."""

    def __init__(self, chance: random.Random) -> None:
        from tests.factories import a_person, a_plan, the_city
        from tiepcan.accounts.models import Organisation, OrganisationKind
        from tiepcan.accounts.roles import Role

        self.chance = chance
        a_plan()
        self.office = a_person(Role.COORDINATOR)
        self.operators = [
            a_person(
                Role.OPERATOR,
                organisation=Organisation.objects.create(
                    unit=the_city(), kind=OrganisationKind.COMPANY, name=f"Doanh nghiệp {letter}"
                ),
            )
            for letter in "AB"
        ]
        self.round = 0
        self.households: list[Any] = []

    def begin(self) -> None:
        """Three new households in a list of one month of each operator: of the next month, once the last is through."""
        from tests.factories import a_household

        self.round += 1
        names = ("Lê Văn", "Trần Thị", "Vũ Văn")
        letters = "abcdeghiklmnopqrstuvxy"
        given = "".join(
            letters[self.round // len(letters) ** n % len(letters)] for n in range(3)
        ).capitalize()
        self.households = [a_household(head_name=f"{name} {given} Thử") for name in names]

    def acts(self) -> list[Callable[[], object]]:
        """Both send a list with some of the households, and one or the other month is closed."""
        month = self.chance.choice(MONTHS)
        made: list[Callable[[], object]] = [self._send(operator, month) for operator in self.operators]
        made.append(self._close(month))
        self.chance.shuffle(made)
        return made

    def _send(self, operator: Any, month: date) -> Callable[[], object]:
        from tests.workbooks import a_list
        from tiepcan.telecom import actions

        chosen = self.chance.sample(self.households, self.chance.randint(1, 3))
        head = ("STT", "Họ tên", "Phường, xã", "Dịch vụ", "Số tiền")
        raw = a_list(*((one.head_name, "Hàm Rồng", "di động", 20000) for one in chosen), head=head)
        return lambda: actions.receive(
            operator=operator.organisation, month=month, raw=raw, name="t.xlsx", by=operator
        )

    def _close(self, month: date) -> Callable[[], object]:
        from tiepcan.telecom import actions
        from tiepcan.telecom.models import Month

        operator = self.chance.choice(self.operators)

        def close() -> None:
            found = Month.objects.filter(operator=operator.organisation, month=month).first()
            if found:
                actions.close(month=found, version=found.version, by=self.office)

        return close

    def start_over(self) -> None:
        """Months and subscriptions of the rounds before go, so that every month is open again."""
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute("TRUNCATE telecom_line, telecom_problem, telecom_subscription, telecom_month")


def campaign(times: int, seed: int) -> Counter[str]:
    """So many races, all looked at after each; counts how acts ended. Raises what no act should raise."""
    from django.db import connection

    from tiepcan.common.refusals import NotAllowed

    place, done = Place(random.Random(seed)), Counter[str]()
    barrier = threading.Barrier(ACTS)

    def run(act: Callable[[], object]) -> str:
        barrier.wait(timeout=60)
        try:
            act()
        except NotAllowed:
            return "refused with a sentence"
        return "done"

    def end() -> None:
        barrier.wait(timeout=60)
        connection.close()

    with ThreadPoolExecutor(ACTS) as threads:
        try:
            for _ in range(times):
                place.begin()
                racing = [threads.submit(copy_context().run, run, act) for act in place.acts()]
                done.update(future.result(timeout=120) for future in racing)
                look(WRONG)
                if place.chance.random() < 0.4:
                    place.start_over()
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
    sys.stdout.write(f"{times} races of {ACTS} acts in {time.monotonic() - begun:.0f} s; wrong 0 times.\n")
    for name, number in sorted(done.items()):
        sys.stdout.write(f"  {name}: {number}\n")


if __name__ == "__main__":
    main()
