"""Random sequences of record, support, show, end, undo, withdraw, give back, verify, reject, move and import; kept
figures equal those made anew from the rows after each act.

`python -m tests.keeping_figures 10000` runs the long campaign on a database of its own; the tests run a short one.
"""

import random
import sys
import uuid
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.db import transaction

STEPS = 12
"""Acts of one sequence."""
A_PAPER = ("biên bản.pdf", b"%PDF-1.4 one page")


class Sequence:
    """One plan, a few wards and households, and whatever chance does to them."""

    def __init__(self, chance: random.Random, place: "Place") -> None:
        self.chance, self.place, self.done = chance, place, Counter[str]()
        self.households: list[Any] = []
        for _ in range(4):
            self.add()

    def run(self) -> None:
        """A step that a rule refuses leaves nothing; after every step what is kept is what the rows say."""
        from tiepcan.common.refusals import NotAllowed

        steps: list[Callable[[], None]] = [
            self.record, self.record, self.support, self.support, self.withdraw, self.give_back, self.verify,
            self.verify, self.answer, self.reject, self.move, self.import_list, self.add, self.take_back,
            self.undo, self.end, self.show, self.show_support,
        ]  # fmt: skip
        for _ in range(STEPS):
            step = self.chance.choice(steps)
            try:
                with transaction.atomic():
                    step()
            except NotAllowed:
                self.done["refused"] += 1
            else:
                self.done[step.__name__] += 1
            compare(step.__name__)

    def add(self) -> None:
        from tests.factories import a_household

        unit = self.chance.choice(self.place.units)
        lacks = self.chance.choice(
            (("telecom_service",), ("information_asset",), ("telecom_service", "information_asset"), ())
        )
        poverty = self.chance.choice(("poor_income", "poor_deprivation", "near_poor"))
        self.households.append(
            a_household(unit, lacks=lacks, poverty=poverty, by=self.place.officers[unit.pk])
        )

    def record(self) -> None:
        from tiepcan.supports import actions

        household, means = self._household(), self._means()
        actions.record(
            id=uuid.uuid4(), plan=self.place.plan, household=household, indicator=means.indicator, means=means,
            happened_on=self._day(), by=self.place.officers[household.unit_id],
        )  # fmt: skip

    def support(self) -> None:
        from tiepcan.audit.acts import act
        from tiepcan.supports import giving

        household = self._household()
        officer = self.place.officers[household.unit_id]
        scheme = self.chance.choice([None, *self.place.schemes])
        means = scheme.means if scheme else self._means()
        with act("support.given", by=officer):
            given = giving.give(
                id=uuid.uuid4(), household=household, means=means, began_on=self._day(), scheme=scheme
            )
            giving.lead_to_outcome(given, by=officer)

    def take_back(self) -> None:
        from tiepcan.audit.acts import act
        from tiepcan.supports import giving
        from tiepcan.supports.models import Support

        found = list(Support.objects.standing().filter(with_outcome=False).order_by("pk"))
        if found:
            with act("support.taken_back", by=None):
                giving.take_back(self.chance.choice(found))

    def undo(self) -> None:
        """With its outcome, which another support may then lead to anew."""
        from tiepcan.audit.acts import act
        from tiepcan.supports import giving
        from tiepcan.supports.models import Support

        found = list(Support.objects.standing().filter(with_outcome=False, ended_on=None).order_by("pk"))
        if found:
            support = self.chance.choice(found)
            officer = self.place.officers[support.unit_id]
            with act("support.taken_back", by=officer):
                giving.undo(support, reason="ghi nhầm", by=officer)

    def end(self) -> None:
        from tiepcan.audit.acts import act
        from tiepcan.supports import giving
        from tiepcan.supports.models import Support

        found = list(Support.objects.standing().filter(ended_on=None).order_by("pk"))
        if found:
            with act("support.ended", by=None):
                giving.end(self.chance.choice(found), on=date(2019, 6, 12), why="hộ trả thuê bao")

    def show(self) -> None:
        """A paper for an outcome, maybe not its first."""
        self._take("add_evidence", files=[A_PAPER], by_officer=True)

    def show_support(self) -> None:
        """A paper for a support, which shows the outcome that the support is tied to, now or later."""
        from tiepcan.audit.acts import act
        from tiepcan.supports import evidence
        from tiepcan.supports.models import Support

        found = list(Support.objects.order_by("pk"))
        if found:
            with act("evidence.added", by=None):
                evidence.keep(self.chance.choice(found), evidence.cleaned([A_PAPER]), "A")

    def withdraw(self) -> None:
        self._take("withdraw", reason="ghi sai", by_officer=True)

    def give_back(self) -> None:
        self._take("give_back", reason="thiếu ảnh")

    def verify(self) -> None:
        self._take("verify")

    def answer(self) -> None:
        self._take("answer", note="đã bổ sung", by_officer=True)

    def reject(self) -> None:
        self._take("reject", reason="hộ không dùng")

    def _take(self, name: str, *, by_officer: bool = False, **said: Any) -> None:
        from tiepcan.supports import actions
        from tiepcan.supports.models import Outcome

        found = list(Outcome.objects.select_related("unit").order_by("pk"))
        if found:
            outcome = self.chance.choice(found)
            by = self.place.officers[outcome.unit_id] if by_officer else self.place.verifier
            getattr(actions, name)(outcome=outcome, by=by, **said)

    def move(self) -> None:
        from tiepcan.households import actions

        household = self._household()
        to = self.chance.choice([unit for unit in self.place.units if unit.pk != household.unit_id])
        actions.move(
            household=household, to=to, moved_on=date(2019, 6, 12), hamlet="Tổ 2", code=f"M-{uuid.uuid4().hex[:8]}",
            version=household.version, by=self.place.officers[household.unit_id],
        )  # fmt: skip

    def import_list(self) -> None:
        """A list of the ward that adds a household and classes one of ours anew."""
        from tests.workbooks import a_list, a_row
        from tiepcan.households import tasks
        from tiepcan.households.importing import actions, writing

        household = self._household()
        officer = self.place.officers[household.unit_id]
        rows = [
            a_row(f"N-{uuid.uuid4().hex[:8]}", "Lê Văn Ba", birth_year=1950),
            a_row(household.code, household.head_name, birth_year=household.birth_year),
        ]
        file = actions.receive(
            id=uuid.uuid4(), raw=a_list(*rows), name="ds.xlsx", unit=household.unit, year=2018, by=officer
        )
        tasks.read_file.func(key=str(file.pk))
        file.refresh_from_db()
        if actions.why_not_written(file, without_rejected=True) is None:
            writing.write(file, by=officer)

    def _household(self) -> Any:
        from tiepcan.households.models import Household

        return Household.objects.select_related("unit").get(pk=self.chance.choice(self.households).pk)

    def _means(self) -> Any:
        return self.chance.choice(self.place.means)

    def _day(self) -> date:
        return date(2019, 6, 12) - timedelta(self.chance.randrange(60))


class Place:
    """What all sequences share."""

    def __init__(self) -> None:
        from tests.factories import a_person, a_plan, a_unit
        from tiepcan.accounts.roles import Role
        from tiepcan.standards.models import Means, Scheme

        self.plan = a_plan()
        self.units = [a_unit("Hàm Rồng"), a_unit("Nam Ngạn"), a_unit("Trường Thi")]
        self.officers = {unit.pk: a_person(Role.OFFICER, unit) for unit in self.units}
        self.verifier = a_person(Role.VERIFIER)
        self.means = list(Means.objects.select_related("indicator"))
        self.schemes = list(Scheme.objects.in_force(date(2019, 6, 12)).select_related("means__indicator"))


def compare(after: str) -> None:
    """Raises AssertionError with both sides when they differ."""
    from tiepcan.households import recounting
    from tiepcan.households.queries import recounted
    from tiepcan.supports import figures

    assert figures.kept() == figures.recomputed(), after
    assert recounting.tallied() == recounted(), after


def campaign(times: int, seed: int) -> Counter[str]:
    """So many sequences, each undone after it; counts what was done."""
    place, done = Place(), Counter[str]()
    for n in range(times):
        try:
            with transaction.atomic():
                # Its households, too: reviews that stayed would be counted after every act of all that follow.
                sequence = Sequence(random.Random(f"{seed} {n}"), place)
                sequence.run()
                raise _Undone
        except _Undone:
            done += sequence.done
    return done


class _Undone(Exception):
    pass


def main() -> None:
    """The long campaign; prints what was done."""
    from datetime import datetime

    from tests.killing import a_database

    times = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    with a_database():
        from tiepcan.common import clock

        with clock.set_to(datetime(2019, 6, 12, 9, tzinfo=clock.VIETNAM)):
            done = campaign(times, 1)
    sys.stdout.write(f"{times} sequences of {STEPS} acts; kept figures differed 0 times. Done:\n")
    for name, number in sorted(done.items()):
        sys.stdout.write(f"  {name}: {number}\n")


if __name__ == "__main__":
    main()
