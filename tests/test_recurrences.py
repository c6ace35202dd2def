"""What the plan asks for "theo định kỳ": its turns, what was done, reminders and the calendar."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse

from tests.factories import a_client, a_person, a_plan
from tests.pages import text_of
from tests.test_periodic_reports import at
from tests.threads import at_once
from tiepcan.accounts.models import Person
from tiepcan.accounts.roles import Role
from tiepcan.common.refusals import NotAllowed
from tiepcan.plans.models import Plan
from tiepcan.reporting import recurrences, reminders
from tiepcan.reporting.calendars import dates_of, feed
from tiepcan.reporting.models import Every, Recurrence, RecurrenceDone

WHAT = "Báo cáo Sở Thông tin và Truyền thông"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def march() -> Any:
    with at(date(2019, 3, 12)):
        yield


@pytest.fixture
def plan() -> Plan:
    return a_plan()


@pytest.fixture
def coordinator(plan: Plan) -> Person:
    return a_person(Role.COORDINATOR)


def recur(plan: Plan, by: Person, every: str = Every.QUARTER, day: int = 10, what: str = WHAT) -> Recurrence:
    return recurrences.set_recurrence(plan=plan, what=what, every=every, day=day, by=by)


def done(
    recurrence: Recurrence, by: Person, end: date = date(2019, 3, 1), code: str = "12/BC-VHTT"
) -> RecurrenceDone:
    return recurrences.note_done(
        recurrence=recurrence, period_end=end, paper_code=code, done_on=date(2019, 3, 12), by=by
    )


@pytest.mark.parametrize(
    ("every", "turns"),
    [
        (Every.QUARTER, [("quý I/2019", date(2019, 4, 10)), ("quý II/2019", date(2019, 7, 10)),
                         ("quý III/2019", date(2019, 10, 10)), ("quý IV/2019", date(2020, 1, 10))]),
        (Every.HALF_YEAR, [("6 tháng đầu năm/2019", date(2019, 7, 10)), ("6 tháng cuối năm/2019", date(2020, 1, 10))]),
    ],
)  # fmt: skip
def test_a_turn_is_due_in_the_month_after_its_period(plan, coordinator, every, turns):
    recur(plan, coordinator, every)
    assert [(turn.period, turn.last_day) for turn in recurrences.turns_of(plan)] == turns


def test_turns_that_were_over_before_it_was_set_are_none(plan, coordinator):
    recur(plan, coordinator, Every.MONTH)
    found = recurrences.turns_of(plan)
    assert [turn.period for turn in found][:2] == [
        "tháng 3/2019",
        "tháng 4/2019",
    ]  # February's was due on 10 March
    assert len(found) == 10


def test_what_ended_comes_no_more_and_keeps_what_was_done(plan, coordinator):
    set_up = recur(plan, coordinator)
    done(set_up, coordinator)
    with at(date(2019, 5, 2)):
        recurrences.end(recurrence=set_up, by=coordinator)
    assert [turn.period for turn in recurrences.turns_of(plan)] == ["quý I/2019"]


def test_a_list_shows_what_is_late_and_the_next_turn(plan, coordinator):
    set_up = recur(plan, coordinator)
    with at(date(2019, 7, 20)):
        assert [turn.period for turn in recurrences.next_turns(recurrences.turns_of(plan))] == [
            "quý I/2019", "quý II/2019", "quý III/2019",
        ]  # fmt: skip
        late = recurrences.turns_of(plan)[1]
        assert late.days_late == 10
        done(set_up, coordinator)
        shown = recurrences.next_turns(recurrences.turns_of(plan))
        assert [turn.period for turn in shown] == ["quý II/2019", "quý III/2019"]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"what": "  "}, "Ghi việc phải làm"),
        ({"day": 0}, "từ 1 đến 28"),
        ({"day": 29}, "từ 1 đến 28"),
        ({"what": WHAT.upper()}, "đã đặt định kỳ"),
    ],
)
def test_what_makes_no_turns_is_refused(plan, coordinator, given, said):
    recur(plan, coordinator)
    with pytest.raises(NotAllowed, match=said):
        recur(plan, coordinator, **({"what": "Việc khác"} | given))
    assert Recurrence.objects.count() == 1


def test_the_coordinator_alone_sets_notes_and_ends(plan, coordinator):
    set_up = recur(plan, coordinator)
    for person in (a_person(Role.OFFICER), a_person(Role.LEADER), a_person(Role.VERIFIER)):
        for act in (
            lambda by: recur(plan, by, what="Việc khác"),
            lambda by: done(set_up, by),
            lambda by: recurrences.end(recurrence=set_up, by=by),
        ):
            with pytest.raises(NotAllowed, match="Chỉ người điều phối"):
                act(person)


def test_the_same_paper_twice_is_one_and_another_or_no_turn_is_refused(plan, coordinator):
    set_up = recur(plan, coordinator)
    assert done(set_up, coordinator) == done(set_up, coordinator)
    with pytest.raises(NotAllowed, match="đã ghi văn bản 12/BC-VHTT"):
        done(set_up, coordinator, code="13/BC-VHTT")
    with pytest.raises(NotAllowed, match="Không có kỳ này"):
        done(set_up, coordinator, end=date(2019, 2, 1))
    with pytest.raises(NotAllowed, match="Ghi số, ký hiệu"):
        done(set_up, coordinator, end=date(2019, 6, 1), code=" ")


@pytest.mark.parametrize("time", range(3))
def test_two_who_note_at_once_note_one(transactional_db, time):
    with at(date(2019, 3, 12)):
        coordinator = a_person(Role.COORDINATOR)
        set_up = recur(a_plan(), coordinator)

        def note() -> None:
            with at(date(2019, 3, 12)):
                done(set_up, coordinator)

        at_once(note, note)
    assert RecurrenceDone.objects.count() == 1


def test_the_coordinator_is_reminded_as_of_any_date_and_not_of_what_is_done(plan, coordinator):
    set_up = recur(plan, coordinator)
    last = date(2019, 4, 10)

    def told() -> list[int]:
        days = [last + timedelta(days=n) for n in range(-30, 12)]
        return [
            (day - last).days for day in days for told in reminders.due_on(day)
            if told.person == coordinator and any("quý I/2019" in line for line in told.lines)
        ]  # fmt: skip

    assert told() == [-14, -7, -1, 7]
    reminded = [told.person for told in reminders.due_on(date(2019, 4, 9)) if WHAT in " ".join(told.lines)]
    assert coordinator in reminded and {person.role for person in reminded} == {Role.COORDINATOR}
    done(set_up, coordinator)
    assert told() == []


def test_turns_stand_in_the_calendar_of_the_issuing_unit_alone(plan, coordinator):
    recur(plan, coordinator)
    mine = feed(dates_of(coordinator), coordinator.unit, "http://x/").decode()
    assert mine.count(f"SUMMARY:Hạn nộp: {WHAT}") == 4
    officer = a_person(Role.OFFICER)
    assert WHAT not in feed(dates_of(officer), officer.unit, "http://x/").decode()


def test_through_pages(plan, coordinator):
    client = a_client(coordinator)
    address = reverse("reporting:recurrences", args=[plan.pk])
    answer = client.post(address, {"what": WHAT, "every": "quarter", "day": "31"})
    assert "Ghi một số từ 1 đến 28" in text_of(answer)
    assert f'value="{WHAT}"' in answer.content.decode()
    assert "Đã đặt" in text_of(
        client.post(address, {"what": WHAT, "every": "quarter", "day": "10"}, follow=True)
    )
    one = reverse("reporting:recurrence", args=[Recurrence.objects.get().pk])
    assert "Kỳ quý I/2019, hạn hết thứ Tư 10/04/2019" in text_of(client.get(f"{one}?ky=2019-03-01"))
    answer = client.post(one, {"period": "2019-03-01", "paper_code": "", "done_on": "12/3/2019"})
    assert "Chưa điền mục này" in text_of(answer)
    data = {"period": "2019-03-01", "paper_code": "12/BC-VHTT", "done_on": "12/3/2019"}
    assert "Đã gửi 12/03/2019" in text_of(client.post(one, data, follow=True))
    assert "quý II/2019" in text_of(client.get(reverse("reporting:deadlines")))
    assert "Đã thôi" in text_of(client.post(one, {"thoi": "1"}, follow=True))
    assert "Việc định kỳ" not in text_of(a_client(a_person(Role.OFFICER)).get(reverse("reporting:deadlines")))
