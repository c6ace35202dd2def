"""Two people at one outcome or one round of verification at the same moment, from connections of their own."""

import uuid
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.factories import a_person
from tests.racing_outcomes import RACES, THROUGH_PAGES, TODAY, Place, campaign
from tests.threads import at_once
from tiepcan.accounts.roles import Role
from tiepcan.common import clock
from tiepcan.common.refusals import NotAllowed
from tiepcan.supports.models import Entry
from tiepcan.verification import actions
from tiepcan.verification.models import Round, Signed, Visit

TIMES = 3
"""Chance decides how close two acts come: one race could miss."""


@pytest.fixture
def committed(transactional_db: None) -> Iterator[None]:
    """Real transactions: what one thread commits the others see."""
    with clock.set_to(datetime(TODAY.year, TODAY.month, TODAY.day, 9, tzinfo=clock.VIETNAM)):
        yield


@pytest.fixture
def place(committed: None) -> Place:
    return Place(seed=4)


def refusals(said: list[object]) -> list[str]:
    return [str(one) for one in said if isinstance(one, NotAllowed)]


def test_the_ledger_and_the_kept_figures_are_right_after_every_race(committed):
    """A short run of `python -m tests.racing_outcomes 1000`."""
    times = THROUGH_PAGES + 2
    done = campaign(times, seed=3)
    assert {name: sum(ended.values()) for name, ended in done.items()} == {
        race.__name__: times for race in RACES
    }


def announced(place: Place, day: int, **facts: Any) -> Callable[[], Round]:
    given = {"id": uuid.uuid4(), "name": "Đợt", "seed": "48215", "seed_origin": "thử"} | facts
    as_of = TODAY + timedelta(day)
    return lambda: actions.announce(
        plan=place.plan, as_of=as_of, ends_on=as_of + timedelta(9), by=place.verifier, **given
    )


def test_one_announcement_pressed_twice_is_one_round(place):
    for day in range(TIMES):
        act = announced(place, day)
        first, second = at_once(act, act)
        assert first == second


def test_of_two_rounds_of_one_day_one_is_announced(place):
    for day in range(TIMES):
        [words] = refusals(at_once(announced(place, day), announced(place, day, name="Đợt khác")))
        assert "đã có đợt xác minh" in words
    assert Round.objects.count() == TIMES + 1


def test_two_draws_of_one_round_are_one(place):
    for _ in range(4):
        place.outcome()
    for day in range(TIMES):
        found = announced(place, day)()
        with clock.set_to(clock.now() + timedelta(day + 1)):
            said = at_once(*[lambda found=found: actions.draw_sample(found=found, by=place.verifier)] * 2)
        assert refusals(said) == []
        assert found.sample.count() == 4


def test_one_visit_pressed_twice_is_one_and_of_two_visits_one_counts(place):
    for finding in ("agrees", "disagrees") * TIMES:
        sampled, key = place.sampled(), uuid.uuid4()
        first, second = at_once(*[lambda one=sampled, key=key: place.visit(one, "agrees", id=key)] * 2)
        assert first == second
        sampled = place.sampled()
        acts = [
            lambda one=sampled: place.visit(one, "agrees"),
            lambda one=sampled, how=finding: place.visit(one, how),
        ]
        [words] = refusals(at_once(*acts))
        assert "có phiếu" in words
        assert Visit.objects.filter(sampled=sampled).count() == 1
        assert Entry.objects.filter(outcome=sampled.outcome).count() == 2


def test_one_form_for_two_households_is_a_visit_of_one(place):
    for _ in range(TIMES):
        one, other, key = place.sampled(), place.sampled(), uuid.uuid4()
        acts = [lambda sampled=s, key=key: place.visit(sampled, "agrees", id=key) for s in (one, other)]
        [words] = refusals(at_once(*acts))
        assert "phiếu khác" in words
        assert Visit.objects.filter(sampled__in=(one, other)).count() == 1


def test_of_two_signatures_of_an_office_one_stays(place):
    place.outcome()
    for day in range(TIMES):
        found = announced(place, day)()
        with clock.set_to(clock.now() + timedelta(day + 1)):
            actions.draw_sample(found=found, by=place.verifier)
            [sampled] = found.sample.drawn().select_related("round__plan", "unit", "outcome__unit")
            place.visit(sampled, "agrees", visited_on=clock.today())
            colleagues = (place.verifier, a_person(Role.VERIFIER))
            said = at_once(
                *[lambda by=by, found=found: actions.sign(found=found, by=by) for by in colleagues]
            )
        [words] = refusals(said)
        assert "ký" in words
        assert Signed.objects.filter(round=found).count() == 1
