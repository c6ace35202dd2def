"""Two people at one outcome at the same moment, from connections of their own; plain SQL finds the ledger and the kept
figures right after each, and who was too late got a sentence.

Every fourth race is of two requests through every middleware, the others of two actions, which begin closer together.
`python -m tests.racing_outcomes 1000` runs that many of each race on a database of its own; the tests run a few.

Seen red with its guard removed: two phones without `household_counts_once_for_a_plan_and_indicator`, or with its
IntegrityError not caught; one form twice without either of the looks for its key in `record`; a recording beside a gift,
and a withdrawal beside an undone support, without `ledger.hold` (they deadlock); withdrawals beside verifying, giving
back, rejecting and visiting without both locks of `ledger.take`, of which one alone is enough for these.
"""

import random
import sys
import threading
import uuid
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from datetime import date, datetime, timedelta
from typing import Any

from tests.racing import look

TODAY = date(2019, 6, 13)
THROUGH_PAGES = 4
"""Of so many races one is of requests."""
Act = Callable[[], str | None]
"""Gives the sentence with which it was refused; None when it was done."""

# Each finds rows only when something is wrong.
WRONG = {
    "a household counts twice": """
        SELECT household_id FROM supports_outcome WHERE standing
        GROUP BY plan_id, household_id, indicator_id HAVING count(*) > 1""",
    "the lines of an outcome are not none or one household": """
        SELECT outcome_id FROM supports_entry GROUP BY 1
        HAVING sum(recorded) NOT IN (0, 1) OR sum(verified) NOT IN (0, 1) OR sum(verified) > sum(recorded)""",
    "an outcome counts and does not stand, or stands and does not count": """
        SELECT o.id FROM supports_outcome o LEFT JOIN supports_entry e ON e.outcome_id = o.id
        GROUP BY o.id HAVING coalesce(sum(e.recorded), 0) <> o.standing::int""",
    "an outcome does not begin with its one recording": """
        SELECT o.id FROM supports_outcome o LEFT JOIN supports_entry e ON e.outcome_id = o.id
        GROUP BY o.id HAVING (array_agg(e.kind ORDER BY e.id))[1] IS DISTINCT FROM 'recorded'
          OR count(*) FILTER (WHERE e.kind = 'recorded') <> 1""",
    "an outcome goes on after its end": """
        SELECT e.id::text FROM supports_entry e JOIN supports_entry later ON later.outcome_id = e.outcome_id
        WHERE e.kind IN ('withdrawn', 'rejected') AND later.id > e.id""",
    "verified is not what the last line says": """
        SELECT outcome_id FROM supports_entry GROUP BY 1
        HAVING sum(verified) <> ((array_agg(kind ORDER BY id DESC))[1] = 'verified')::int""",
    "a support written with an outcome outlives its withdrawal": """
        SELECT s.id FROM supports_support s JOIN supports_entry e ON e.outcome_id = s.outcome_id
        WHERE s.with_outcome AND s.standing = (e.kind = 'withdrawn') AND e.kind IN ('recorded', 'withdrawn')
          AND (e.kind = 'withdrawn' OR NOT EXISTS (
            SELECT FROM supports_entry w WHERE w.outcome_id = e.outcome_id AND w.kind = 'withdrawn'))""",
    "a form wrote two supports": """
        SELECT outcome_id FROM supports_support WHERE with_outcome GROUP BY 1 HAVING count(*) > 1""",
    "kept is not what the rows say": """
        WITH said AS (
          SELECT plan_id, unit_id, indicator_id, sum(supported) AS supported, sum(recorded) AS recorded, sum(verified) AS verified
          FROM (
            SELECT plan_id, unit_id, indicator_id, 0 AS supported, recorded, verified
            FROM supports_entry JOIN supports_outcome o ON o.id = outcome_id
            UNION ALL SELECT plan_id, unit_id, indicator_id, 1, 0, 0 FROM (
              SELECT DISTINCT plan_id, unit_id, indicator_id, household_id FROM supports_support
              WHERE standing AND plan_id IS NOT NULL) AS households
          ) AS rows GROUP BY 1, 2, 3)
        SELECT coalesce(k.unit_id, said.unit_id), k.supported, said.supported, k.recorded, said.recorded, k.verified, said.verified
        FROM supports_kept k FULL JOIN said USING (plan_id, unit_id, indicator_id)
        WHERE (coalesce(k.supported, 0), coalesce(k.recorded, 0), coalesce(k.verified, 0))
          <> (coalesce(said.supported, 0), coalesce(said.recorded, 0), coalesce(said.verified, 0))""",
}


class Place:
    """A ward with its officer and the Labour Office, a round of verification, and two browsers of each that are signed in."""

    def __init__(self, seed: int) -> None:
        from tests.factories import a_client, a_person, a_plan, a_unit
        from tiepcan.accounts.roles import Role
        from tiepcan.common import clock
        from tiepcan.standards.models import Means
        from tiepcan.verification import actions

        self.chance = random.Random(seed)
        self.plan, self.ward = a_plan(), a_unit()
        self.officer, self.verifier = a_person(Role.OFFICER, self.ward), a_person(Role.VERIFIER)
        self.phones = [a_client(self.officer) for _ in range(2)]
        self.office = a_client(self.verifier)
        self.means = Means.objects.select_related("indicator").get(pk="subscription")
        day = TODAY - timedelta(1)
        with clock.set_to(datetime(day.year, day.month, day.day, 9, tzinfo=clock.VIETNAM)):
            self.round = actions.announce(
                id=uuid.uuid4(), plan=self.plan, name="Đợt thử", as_of=day, ends_on=day + timedelta(30),
                seed="48215", seed_origin="thử", by=self.verifier,
            )  # fmt: skip

    def household(self) -> Any:
        from tests.factories import a_household

        return a_household(self.ward, by=self.officer)

    def outcome(self) -> Any:
        from tests.factories import an_outcome

        return an_outcome(self.household(), plan=self.plan, by=self.officer)

    def sampled(self) -> Any:
        """An outcome of the round's sample: each race has its own, as no draw gives them."""
        from tiepcan.verification.models import Sampled

        made = Sampled.objects.create(
            round=self.round, outcome=(outcome := self.outcome()), unit=self.ward, unit_code=self.ward.code,
            indicator_key=outcome.indicator_id, household_code=outcome.household.code, digest="",
            place=Sampled.objects.count() + 1, is_drawn=True,
        )  # fmt: skip
        return Sampled.objects.select_related("round__plan", "unit", "outcome__unit").get(pk=made.pk)

    def visit(self, sampled: Any, finding: str, **facts: Any) -> Any:
        from tiepcan.verification import actions

        given = {"id": uuid.uuid4(), "visited_on": TODAY} | facts
        return actions.visit(
            sampled=sampled, finding=finding, checks=["asked"],
            reason="hộ đã trả máy" if finding == "disagrees" else "", by=self.verifier, **given,
        )  # fmt: skip

    def given(self, household: Any) -> Any:
        """A support as rooms above give it, with the outcome that it leads to."""
        from tiepcan.audit.acts import act
        from tiepcan.supports import giving

        with act("support.given", by=self.officer):
            support = giving.give(id=uuid.uuid4(), household=household, means=self.means, began_on=TODAY)
            giving.lead_to_outcome(support, by=self.officer)
        return support


class Race:
    """Two acts that begin together, and how many of them may be done."""

    def __init__(self, *acts: Act, done: tuple[int, ...], stands: tuple[int, ...], of: Any) -> None:
        self.acts, self.done, self.stands, self.of = acts, done, stands, of


def tried(act: Callable[[], object]) -> Act:
    """An action; its refusal is its sentence."""
    from tiepcan.common.refusals import NotAllowed

    def run() -> str | None:
        try:
            act()
        except NotAllowed as problem:
            return str(problem)
        return None

    return run


def sent(browser: Any, address: str, fields: dict[str, str]) -> Act:
    """A form sent; its refusal is what the page says. A page that fails raises."""
    from django.contrib.messages import ERROR, get_messages

    from tests.pages import parsed, words

    def run() -> str | None:
        # What the page after the one before would have told.
        browser.cookies.pop("messages", None)
        answer = browser.post(address, fields)
        assert answer.status_code in (200, 302), answer.status_code
        told = [str(one) for one in get_messages(answer.wsgi_request) if one.level == ERROR]
        if answer.status_code == 200:
            said = parsed(answer).xpath("//*[@role='alert']//li | //*[contains(@class, 'note')]//p")
            told += [words(one.text_content()) for one in said]
            assert told, "a page without a word"
        return " ".join(told) or None

    return run


def _recording(place: Place, household: Any, key: uuid.UUID, phone: int, through_pages: bool) -> Act:
    from django.urls import reverse

    from tiepcan.supports import actions

    if through_pages:
        fields = {
            "id": str(key), "indicator": place.means.indicator_id, "means": place.means.pk,
            "happened_on": f"{TODAY:%d/%m/%Y}", "source": "enterprise",
        }  # fmt: skip
        return sent(place.phones[phone], f"{reverse('supports:record')}?ho={household.pk}", fields)
    return tried(
        lambda: actions.record(
            id=key, plan=place.plan, household=household, indicator=place.means.indicator, means=place.means,
            happened_on=TODAY, by=place.officer,
        )
    )  # fmt: skip


def _step(place: Place, outcome: Any, name: str, through_pages: bool, **said: str) -> Act:
    from django.urls import reverse

    from tiepcan.supports import actions

    by_ward = name in ("withdraw", "answer")
    if through_pages:
        prefix = {"withdraw": "rut-", "give_back": "tra-", "reject": "khong-"}.get(name, "")
        fields = {prefix + field: value for field, value in said.items()}
        return sent(
            place.phones[0] if by_ward else place.office,
            reverse(f"supports:{name}", args=[outcome.pk]),
            fields,
        )
    fresh = type(outcome).objects.select_related("unit").get(pk=outcome.pk)
    by = place.officer if by_ward else place.verifier
    return tried(lambda: getattr(actions, name)(outcome=fresh, by=by, **said))


def _decision(place: Place, sampled: Any, name: str, through_pages: bool, **said: str) -> Act:
    from django.urls import reverse

    from tiepcan.verification import actions

    if through_pages:
        return sent(place.office, reverse(f"verification:{name}", args=[sampled.pk]), said)
    return tried(lambda: getattr(actions, name)(sampled=sampled, by=place.verifier, **said))


def two_phones(place: Place, through_pages: bool) -> Race:
    household = place.household()
    acts = [_recording(place, household, uuid.uuid4(), phone, through_pages) for phone in range(2)]
    return Race(*acts, done=(1,), stands=(1,), of=household)


def one_form_twice(place: Place, through_pages: bool) -> Race:
    household, key = place.household(), uuid.uuid4()
    acts = [_recording(place, household, key, phone, through_pages) for phone in range(2)]
    return Race(*acts, done=(2,), stands=(1,), of=household)


def withdrawn_and_verified(place: Place, through_pages: bool) -> Race:
    outcome = place.outcome()
    acts = (
        _step(place, outcome, "withdraw", through_pages, reason="ghi sai"),
        _step(place, outcome, "verify", through_pages),
    )
    return Race(*acts, done=(1, 2), stands=(0,), of=outcome.household)


def withdrawn_and_given_back(place: Place, through_pages: bool) -> Race:
    """Of a verified one: both would take the verification off."""
    outcome = place.outcome()
    _step(place, outcome, "verify", False)()
    acts = (
        _step(place, outcome, "withdraw", through_pages, reason="ghi sai"),
        _step(place, outcome, "give_back", through_pages, reason="thiếu ảnh"),
    )
    return Race(*acts, done=(1, 2), stands=(0,), of=outcome.household)


def withdrawn_and_rejected(place: Place, through_pages: bool) -> Race:
    """By the decision of a round: only one of the two may end it."""
    sampled = place.sampled()
    place.visit(sampled, "disagrees")
    acts = (
        _step(place, sampled.outcome, "withdraw", through_pages, reason="ghi sai"),
        _decision(place, sampled, "reject", through_pages, reason="hộ không dùng"),
    )
    return Race(*acts, done=(1,), stands=(0,), of=sampled.outcome.household)


def accepted_and_rejected(place: Place, through_pages: bool) -> Race:
    """Two of the Labour Office decide one disagreement, which the ward answered."""
    sampled = place.sampled()
    place.visit(sampled, "disagrees")
    _step(place, sampled.outcome, "answer", False, note="hộ vẫn dùng")()
    acts = (
        _decision(place, sampled, "accept", through_pages),
        _decision(place, sampled, "reject", through_pages, reason="hộ không dùng"),
    )
    return Race(*acts, done=(1,), stands=(0, 1), of=sampled.outcome.household)


def withdrawn_and_visited(place: Place, through_pages: bool) -> Race:
    sampled = place.sampled()
    acts = (
        _step(place, sampled.outcome, "withdraw", through_pages, reason="ghi sai"),
        tried(lambda: place.visit(sampled, place.chance.choice(["agrees", "disagrees"]))),
    )
    return Race(*acts, done=(1, 2), stands=(0,), of=sampled.outcome.household)


def recorded_and_given(place: Place, through_pages: bool) -> Race:
    """A phone's form beside something that another room hands over to the household."""
    household = place.household()
    acts = (
        _recording(place, household, uuid.uuid4(), 0, through_pages),
        tried(lambda: place.given(household)),
    )
    return Race(*acts, done=(1, 2), stands=(1,), of=household)


def withdrawn_and_undone(place: Place, through_pages: bool) -> Race:
    """The outcome on its page, and the support that led to it in its room."""
    from tiepcan.audit.acts import act
    from tiepcan.supports import giving

    household = place.household()
    support = place.given(household)

    def undo() -> None:
        with act("support.taken_back", by=place.officer):
            giving.undo(support, reason="ghi nhầm", by=place.officer)

    acts = (_step(place, support.outcome, "withdraw", through_pages, reason="ghi sai"), tried(undo))
    return Race(*acts, done=(1, 2), stands=(0,), of=household)


def recorded_and_made_anew(place: Place, through_pages: bool) -> Race:
    """`tiepcan recompute_figures` beside a recording."""
    import io

    from django.core.management import call_command

    household = place.household()
    acts = (
        _recording(place, household, uuid.uuid4(), 0, through_pages),
        tried(lambda: call_command("recompute_figures", stdout=io.StringIO())),
    )
    return Race(*acts, done=(2,), stands=(1,), of=household)


RACES = (
    two_phones, one_form_twice, withdrawn_and_verified, withdrawn_and_given_back, withdrawn_and_rejected,
    accepted_and_rejected, withdrawn_and_visited, recorded_and_given, withdrawn_and_undone, recorded_and_made_anew,
)  # fmt: skip


def campaign(times: int, seed: int) -> dict[str, Counter[str]]:
    """So many races of each kind; how each ended. Raises what no act should raise."""
    from django.db import connection

    from tiepcan.supports.models import Outcome

    place, barrier = Place(seed), threading.Barrier(2)
    done: dict[str, Counter[str]] = {race.__name__: Counter() for race in RACES}

    def run(act: Act) -> str | None:
        barrier.wait(timeout=60)
        return act()

    def end() -> None:
        barrier.wait(timeout=60)
        connection.close()

    with ThreadPoolExecutor(2) as threads:
        try:
            for number in range(times):
                for kind in RACES:
                    race = kind(place, number % THROUGH_PAGES == 0)
                    # Who comes first is chance's, too.
                    acts = place.chance.sample(race.acts, 2)
                    racing: list[Future[str | None]] = [
                        threads.submit(copy_context().run, run, act) for act in acts
                    ]
                    said = [future.result(timeout=120) for future in racing]
                    were = sum(one is None for one in said)
                    standing = Outcome.objects.standing().filter(household=race.of).count()
                    assert were in race.done, f"{kind.__name__}: {said}"
                    assert standing in race.stands, f"{kind.__name__}: {standing} stand, {said}"
                    assert all(one is None or one.strip() for one in said), f"{kind.__name__}: without a word"
                    done[kind.__name__][f"{were} done"] += 1
                    look(WRONG)
        finally:
            for future in [threads.submit(end) for _ in range(2)]:
                future.result(timeout=120)
    return done


def main() -> None:
    """The long campaign; prints how the races ended."""
    import time

    from tests.killing import a_database

    times = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000
    with a_database():
        from django.core.management import call_command
        from django.test.utils import setup_test_environment

        from tiepcan.common import clock

        call_command("collectstatic", verbosity=0, interactive=False)
        setup_test_environment()
        begun = time.monotonic()
        with clock.set_to(datetime(TODAY.year, TODAY.month, TODAY.day, 9, tzinfo=clock.VIETNAM)):
            done = campaign(times, 1)
        took = time.monotonic() - begun
    sys.stdout.write(
        f"{times} times each of {len(RACES)} races in {took:.0f} s; "
        "the ledger was wrong 0 times, kept figures differed 0 times, pages failed 0 times.\n"
    )
    for name, ended in done.items():
        ends = ", ".join(f"{how}: {number}" for how, number in sorted(ended.items()))
        sys.stdout.write(f"  {name.replace('_', ' ')}: {ends}\n")


if __name__ == "__main__":
    main()
