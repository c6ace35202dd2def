"""The last day of "trước ngày", the days on which offices are closed, the month on the page, and the feed of a phone."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.urls import reverse
from icalendar import Calendar

from tests.factories import a_client, a_person, a_plan
from tests.pages import text_of
from tiepcan.accounts.models import Person
from tiepcan.accounts.roles import Role
from tiepcan.common import clock
from tiepcan.common.dates import last_day_before, last_working_day, weekday, why_off
from tiepcan.plans.models import Milestone, Plan
from tiepcan.reporting import actions as reporting
from tiepcan.reporting.calendars import key_of, month_of, person_of

YEARS = range(2010, 2040)


@pytest.mark.parametrize("year", YEARS)
@pytest.mark.parametrize(("month", "day"), [(2, 28), (6, 15), (10, 5)])
def test_before_a_day_leaves_the_day_before_and_a_working_day_to_send_it_by(year, month, day):
    before = date(year, month, day)
    last = last_day_before(before)
    assert last == before - timedelta(days=1)
    by = last_working_day(last)
    assert by <= last
    assert by.weekday() < 5 or not why_off(by)
    passed = [by + timedelta(days=n) for n in range(1, (last - by).days + 1)]
    assert all(why_off(one) for one in passed)


@pytest.mark.parametrize("year", YEARS)
def test_tet_is_off_by_the_moon_every_year(year):
    names = {why_off(date(year, 1, 15) + timedelta(days=n)) for n in range(50)}
    assert "Tết Nguyên Đán" in names
    assert {"Mùng hai Tết Nguyên Đán", "Mùng ba Tết Nguyên Đán"} <= names
    for day in (date(year, 1, 1), date(year, 4, 30), date(year, 5, 1), date(year, 9, 2)):
        assert why_off(day)


@pytest.mark.parametrize(
    ("day", "why"),
    [
        (date(2019, 2, 5), "Tết Nguyên Đán"),
        (date(2019, 6, 14), ""),
        (date(2019, 6, 15), "thứ Bảy"),
        (date(2019, 4, 29), "Ngày nghỉ (thay cho ngày 04/05/2019)"),
        (date(2019, 5, 4), ""),  # a Saturday worked for it
        (date(2020, 1, 24), "Giao thừa Tết Nguyên Đán"),
    ],
)
def test_offices_are_closed_for_a_reason(day, why):
    assert why_off(day) == why


def test_a_date_in_tet_is_sent_before_tet():
    assert last_working_day(date(2019, 2, 8)) == date(2019, 2, 1)


# ---- the month and the feed


@pytest.fixture
def plan(db: None) -> Any:
    with clock.set_to(datetime(2019, 6, 12, 9, tzinfo=clock.VIETNAM)):
        yield a_plan()


def half_year(plan: Plan) -> Milestone:
    return next(one for one in plan.milestones_on(clock.today()) if one.kind == "half_year")


def test_a_month_is_whole_and_begins_on_a_monday(plan):
    weeks = month_of(date(2019, 6, 20), plan.milestones_on(clock.today()))
    days = [day for week in weeks for day in week if day]
    assert [len(week) for week in weeks] == [7] * len(weeks)
    assert [day.on.day for day in days] == list(range(1, 31))
    assert all(day is None or day.on.weekday() == n for week in weeks for n, day in enumerate(week))
    assert [day.on for day in days if day.due] == [half_year(plan).last_day]
    assert [day.on for day in days if day.is_today] == [date(2019, 6, 12)]
    assert all(bool(day.off) == (day.on.weekday() > 4) for day in days)


def feed_of(person: Person, client: Any) -> dict[str, Any]:
    answer = client.get(reverse("reporting:feed", args=[key_of(person)]))
    assert answer["Content-Type"].startswith("text/calendar")
    return {str(one["summary"]): one for one in Calendar.from_ical(answer.content).walk("VEVENT")}


def test_a_phone_reads_the_dates_without_signing_in(plan, client):
    officer = a_person(Role.OFFICER)
    events = feed_of(officer, client)
    event = events["Hạn nộp: Báo cáo 6 tháng, Phường Hàm Rồng"]
    assert event["dtstart"].dt == half_year(plan).last_day
    calls = [one["trigger"].dt for one in event.walk("VALARM")]
    assert [event["dtstart"].dt + call for call in calls] == [
        half_year(plan).last_day - timedelta(days=days) for days in (14, 7, 1)
    ]


def test_the_coordinator_reads_the_wards_date_as_theirs(plan, client):
    events = feed_of(a_person(Role.COORDINATOR), client)
    [summary] = [one for one in events if "6 tháng" in one]
    assert "Thành phố Thanh Hóa" not in summary


def test_what_was_handed_in_is_not_called_to_mind(plan, client):
    officer = a_person(Role.OFFICER)
    reporting.hand_in(
        milestone=half_year(plan),
        unit=officer.unit,
        paper_code="4/BC",
        handed_in_on=date(2019, 6, 3),
        by=officer,
    )
    event = feed_of(officer, client)["Đã nộp: Báo cáo 6 tháng, Phường Hàm Rồng"]
    assert "Đã nộp 4/BC ngày 03/06/2019." in event["description"]
    assert event.walk("VALARM") == []


def test_a_key_opens_one_persons_feed_until_the_password_changes(plan, client):
    officer = a_person(Role.OFFICER)
    key = key_of(officer)
    assert person_of(key) == officer
    officer.set_password("mot-mat-khau-moi")
    officer.save()
    assert person_of(key) is None
    for wrong in (key[:-2] + "xx", "khong-co"):
        assert client.get(reverse("reporting:feed", args=[wrong])).status_code == 404


def test_who_left_has_no_feed(plan, client):
    officer = a_person(Role.OFFICER)
    key = key_of(officer)
    Person.objects.filter(pk=officer.pk).update(is_active=False)
    assert client.get(reverse("reporting:feed", args=[key])).status_code == 404


def test_the_page_shows_the_month_of_the_next_date_and_others_when_asked(plan):
    client = a_client(a_person(Role.COORDINATOR))
    said = text_of(client.get(reverse("reporting:deadlines")))
    assert "Tháng 6/2019" in said
    said = text_of(client.get(reverse("reporting:deadlines") + "?thang=2019-02"))
    assert "Tháng 2/2019" in said
    for nonsense in ("?thang=2019-13", "?thang=9999-01", "?thang=x"):
        assert "Tháng 6/2019" in text_of(client.get(reverse("reporting:deadlines") + nonsense))


def test_a_last_day_on_which_offices_are_closed_says_when_to_send(plan):
    milestone = half_year(plan)
    milestone.due_before = date(2019, 6, 17)
    assert (milestone.last_day, weekday(milestone.last_day)) == (date(2019, 6, 16), "Chủ nhật")
    assert (milestone.why_off, milestone.working_day) == ("Chủ nhật", date(2019, 6, 14))
    milestone.save()
    said = text_of(a_client(a_person(Role.COORDINATOR)).get(reverse("reporting:deadlines")))
    assert "gửi trước hết thứ Sáu 14/06/2019" in said
