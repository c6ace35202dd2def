"""More time for one unit at one date: it is not late meanwhile, wherever lateness is told."""

from datetime import date
from typing import Any

import pytest
from django.urls import reverse
from lxml import html

from tests.factories import a_client, a_person, a_plan, a_unit
from tests.pages import text_of
from tests.test_periodic_reports import at
from tiepcan.accounts.models import Person
from tiepcan.accounts.roles import Role
from tiepcan.common.refusals import NotAllowed
from tiepcan.plans.models import Milestone, MilestoneKind, Plan
from tiepcan.reporting import actions as reporting
from tiepcan.reporting import reminders
from tiepcan.reporting.calendars import dates_of
from tiepcan.reporting.figures import figures_of
from tiepcan.reporting.models import Extension
from tiepcan.reporting.queries import (
    days_handed_in,
    days_late,
    extensions_of,
    late_units,
    status_of,
    submissions_of,
)
from tiepcan.reporting.standings import standing_of
from tiepcan.reporting.steps import milestone_of

HALF = MilestoneKind.HALF_YEAR
LAST = date(2019, 6, 19)
"""The last day of the half-year report in the tests' plan."""
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def after_the_date() -> Any:
    with at(date(2019, 6, 24)):
        yield


@pytest.fixture
def plan() -> Plan:
    with at(date(2019, 6, 12)):
        return a_plan()


@pytest.fixture
def coordinator(plan: Plan) -> Person:
    return a_person(Role.COORDINATOR)


def half_year(plan: Plan) -> Milestone:
    found = milestone_of(plan, HALF)
    assert found is not None and found.last_day == LAST
    return found


def extend(
    plan: Plan, by: Person, *, unit: str = "Hàm Rồng", until: date = date(2019, 6, 28), reason: str = "mưa lũ"
) -> Extension:
    return reporting.extend(milestone=half_year(plan), unit=a_unit(unit), until=until, reason=reason, by=by)


def late_names(plan: Plan, on: date) -> set[str]:
    figures = figures_of(plan, on)
    late = late_units(figures, figures.stood.milestones, days_handed_in(plan), extensions_of(plan))
    return {one.line.unit.name for one in late if any(m.kind == HALF for m in one.missed)}


def test_who_was_granted_time_is_late_nowhere_and_the_others_are(plan, coordinator):
    officer = a_person(Role.OFFICER)
    extend(plan, coordinator)
    on = date(2019, 6, 24)
    assert "Hàm Rồng" not in late_names(plan, on)
    assert "Nam Ngạn" in late_names(plan, on)
    mine, other = standing_of(plan, HALF, [a_unit("Hàm Rồng"), a_unit("Nam Ngạn")])
    assert (mine.days_late, other.days_late) == (0, 5)
    assert [one.milestone.last_day for one in dates_of(officer) if one.milestone.kind == HALF] == [
        date(2019, 6, 28)
    ]
    client = a_client(officer)
    assert "Quá hạn" not in text_of(client.get(reverse("home:home")))
    assert "Gia hạn đến hết 28/06/2019" in text_of(client.get(reverse("reporting:deadlines")))
    whole = html.fromstring(
        a_client(coordinator).get(reverse("reporting:overview_of", args=[plan.pk])).content
    )
    rows = {row.xpath("string(th)"): row.text_content() for row in whole.xpath("//tbody/tr[th]")}
    assert "Quá hạn" not in rows["Phường Hàm Rồng"]
    assert "Quá hạn" in rows["Phường Nam Ngạn"]


def test_after_it_days_are_counted_from_its_end(plan, coordinator):
    extend(plan, coordinator)
    with at(date(2019, 7, 1)):
        assert "Hàm Rồng" in late_names(plan, date(2019, 7, 1))
        [mine] = standing_of(plan, HALF, [a_unit("Hàm Rồng")])
        assert mine.days_late == 3


def test_reminders_keep_to_the_date_as_it_stands_for_the_unit(plan, coordinator):
    officer, other = a_person(Role.OFFICER), a_person(Role.OFFICER, a_unit("Nam Ngạn"))
    extend(plan, coordinator)

    def told(person: Person, on: date) -> list[str]:
        lines = [line for told in reminders.due_on(on) if told.person == person for line in told.lines]
        return [line for line in lines if "6 tháng" in line]

    assert told(officer, date(2019, 6, 26)) == []  # a week after the plan's date
    assert "đã quá hạn 7 ngày" in told(other, date(2019, 6, 26))[0]
    assert "còn 1 ngày, hạn hết thứ Sáu 28/06/2019" in told(officer, date(2019, 6, 27))[0]
    with at(date(2019, 7, 1)):
        assert "Phường Hàm Rồng (gia hạn đến 28/06)" in told(coordinator, date(2019, 7, 1))[0]


def test_what_comes_within_the_granted_time_is_not_late(plan, coordinator):
    extend(plan, coordinator)
    found = [
        reporting.hand_in(
            milestone=half_year(plan), unit=a_unit(name), paper_code="4/BC", handed_in_on=date(2019, 6, 24), by=coordinator
        )
        for name in ("Hàm Rồng", "Nam Ngạn")
    ]  # fmt: skip
    assert [days_late(one, extensions_of(plan)) for one in found] == [0, 5]


def test_once_more_takes_the_place_of_before_and_history_keeps_both(plan, coordinator):
    extend(plan, coordinator)
    extend(plan, coordinator, until=date(2019, 7, 5), reason="vẫn mưa lũ")
    [one] = Extension.objects.all()
    assert (one.until, one.reason) == (date(2019, 7, 5), "vẫn mưa lũ")
    assert [event.until for event in one.events.order_by("pgh_id")][:2] == [
        date(2019, 6, 28),
        date(2019, 7, 5),
    ]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"reason": "  "}, "Ghi lý do gia hạn"),
        ({"until": LAST}, "gia hạn phải sau ngày đó"),
        ({"until": date(2019, 1, 1)}, "gia hạn phải sau ngày đó"),
        ({"unit": "Ba Đình"}, "không phải nộp mục này"),
    ],
)
def test_what_gives_no_time_is_refused(plan, coordinator, given, said):
    with pytest.raises(NotAllowed, match=said):
        extend(plan, coordinator, **given)
    assert not Extension.objects.exists()


def test_the_coordinator_alone_grants_time_and_only_for_what_is_owed(plan, coordinator):
    for person in (a_person(Role.OFFICER), a_person(Role.LEADER), a_person(Role.VERIFIER)):
        with pytest.raises(NotAllowed, match="Chỉ người điều phối"):
            extend(plan, person)
    reporting.hand_in(
        milestone=half_year(plan), unit=a_unit(), paper_code="4/BC", handed_in_on=LAST, by=coordinator
    )
    with pytest.raises(NotAllowed, match="đã nộp mục này"):
        extend(plan, coordinator)


def test_a_plan_that_moves_its_date_beyond_it_has_the_last_word(plan, coordinator):
    extend(plan, coordinator)
    moved = half_year(plan)
    moved.due_before = date(2019, 8, 1)
    status = status_of(moved, a_unit(), submissions_of(plan), extensions_of(plan))
    assert (status.milestone.last_day, status.extension) == (date(2019, 7, 31), None)


def test_time_is_granted_on_the_units_page_and_a_mistake_keeps_what_was_typed(plan, coordinator):
    client = a_client(coordinator)
    address = reverse("reporting:hand_in", args=[half_year(plan).pk, a_unit().pk])
    answer = client.post(address, {"gia-han": "1", "han-until": "31/06/2019", "han-reason": "mưa lũ"})
    assert "Ngày chưa đúng" in text_of(answer)
    assert 'value="mưa lũ"' in answer.content.decode()
    answer = client.post(
        address, {"gia-han": "1", "han-until": "28/6/2019", "han-reason": "mưa lũ"}, follow=True
    )
    assert "Đã gia hạn cho Phường Hàm Rồng đến hết 28/06/2019" in text_of(answer)
    assert "Được gia hạn đến hết thứ Sáu 28/06/2019" in text_of(answer)
    assert "Gia hạn cho" not in text_of(a_client(a_person(Role.OFFICER)).get(address))
