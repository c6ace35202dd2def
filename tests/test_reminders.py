"""Reminders of the plan's dates: on their days, once each, never to who has done it, through a real mail server."""

import json
import socket
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message as Kept
from django.core.management import CommandError, call_command
from django.urls import reverse

from tests.factories import a_client, a_person, a_plan, a_unit
from tests.pages import text_of
from tests.threads import at_once
from tiepcan.accounts.console import CONSOLE
from tiepcan.accounts.models import Person
from tiepcan.accounts.roles import Role
from tiepcan.common import clock
from tiepcan.common.dates import last_working_day, why_off
from tiepcan.common.refusals import NotAllowed
from tiepcan.plans.models import Milestone, Plan
from tiepcan.reporting import actions as reporting
from tiepcan.reporting import reminders, tasks
from tiepcan.reporting.models import Reminder, ReminderAddress

NOON = datetime(2019, 6, 12, 9, tzinfo=clock.VIETNAM)


class Box(Kept):
    """A mail server that keeps every message."""

    def __init__(self) -> None:
        super().__init__()
        self.got: list[Any] = []

    def prepare_message(self, session: Any, envelope: Any) -> Any:
        self.got.append(message_from_bytes(envelope.content, policy=default))
        return super().prepare_message(session, envelope)

    def handle_message(self, message: Any) -> None:
        pass


@pytest.fixture
def box(settings: Any) -> Iterator[Box]:
    kept = Box()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = Controller(kept, hostname="127.0.0.1", port=port)
    server.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.MAIL_IS_SET_UP = "127.0.0.1", port, True
    yield kept
    server.stop()


@pytest.fixture
def plan(db: None) -> Iterator[Plan]:
    with clock.set_to(NOON):
        yield a_plan()


@pytest.fixture
def officer(plan: Plan) -> Person:
    person = a_person(Role.OFFICER)
    reminders.keep_address(person=person, email="canbo@example.org")
    return person


def half_year(plan: Plan) -> Milestone:
    return next(one for one in plan.milestones_on(clock.today()) if one.kind == "half_year")


def told_to(person: Person, on: date) -> list[str]:
    return [line for told in reminders.due_on(on) if told.person == person for line in told.lines]


def of_half_year(lines: list[str]) -> list[str]:
    return [line for line in lines if "6 tháng" in line]


# ---- on which days


def test_a_date_is_called_to_mind_14_7_and_1_days_before_and_each_week_after(plan, officer):
    last = half_year(plan).last_day
    assert last == date(2019, 6, 19)
    days = [last + timedelta(days=n) for n in range(-30, 40)]
    told = [(day - last).days for day in days if of_half_year(told_to(officer, day))]
    assert told == [-14, -7, -1, 7, 14, 21, 28, 35]
    assert "còn 14 ngày" in of_half_year(told_to(officer, last - timedelta(days=14)))[0]
    assert "đã quá hạn 7 ngày" in of_half_year(told_to(officer, last + timedelta(days=7)))[0]


@pytest.mark.parametrize("year", range(2010, 2040))
def test_in_thirty_years_no_reminder_falls_on_a_closed_day_and_none_is_lost(year):
    for before in (date(year, 2, 28), date(year, 2, 14), date(year, 6, 15), date(year, 10, 5)):
        milestone = Milestone(due_before=before)
        last = milestone.last_day
        days = [last + timedelta(days=n) for n in range(-40, 30)]
        told = {day for day in days if reminders.is_called_to_mind(milestone, day)}
        assert not any(why_off(day) for day in told)
        assert {last_working_day(last - timedelta(days=n)) for n in (14, 7, 1)} <= told
        after = {last_working_day(last + timedelta(days=7 * n)) for n in (1, 2, 3, 4)}
        assert {day for day in after if day > last} == {day for day in told if day > last}


def test_who_has_done_it_is_not_reminded(plan, officer):
    reporting.hand_in(
        milestone=half_year(plan),
        unit=officer.unit,
        paper_code="4/BC",
        handed_in_on=date(2019, 6, 3),
        by=officer,
    )
    other = a_person(Role.OFFICER, a_unit("Nam Ngạn"))
    assert of_half_year(told_to(officer, date(2019, 6, 12))) == []
    assert of_half_year(told_to(other, date(2019, 6, 12))) != []


def test_a_plan_whose_year_is_over_reminds_of_nothing(plan, officer):
    coordinator = a_person(Role.COORDINATOR)
    days = [date(2020, 1, 1) + timedelta(days=n) for n in range(60)]
    assert [day for day in days if told_to(officer, day) or told_to(coordinator, day)] == []


def test_the_coordinator_gets_a_summary_on_mondays(plan, officer):
    coordinator = a_person(Role.COORDINATOR)
    assert told_to(coordinator, date(2019, 6, 11)) == []
    [line] = of_half_year(told_to(coordinator, date(2019, 6, 10)))
    assert "0/" in line
    assert "Phường Hàm Rồng" in line


# ---- sending


def test_a_message_goes_through_a_real_mail_server_and_only_once(officer, box):
    for _ in range(2):
        reminders.remind(date(2019, 6, 12), by=CONSOLE)
    [message] = box.got
    assert message["To"] == "canbo@example.org"
    assert "6 tháng" in message["Subject"]
    assert "còn 7 ngày" in message.get_content()
    reminder = Reminder.objects.get()
    assert (reminder.on, reminder.sent_at) == (date(2019, 6, 12), NOON)


def test_a_crash_between_writing_and_sending_sends_nothing_twice(officer, box, monkeypatch):
    def dies(*_: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr("django.core.mail.EmailMessage.send", dies)
        with pytest.raises(KeyboardInterrupt):
            reminders.remind(date(2019, 6, 12), by=CONSOLE)
    assert Reminder.objects.get().sent_at is None
    done = reminders.remind(date(2019, 6, 12), by=CONSOLE)
    assert (len(done.sent), len(done.known), box.got) == (0, 1, [])


def test_a_mail_server_that_is_down_is_told_and_the_next_run_tries_again(officer, box, settings):
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
    with pytest.raises(CommandError, match="1 thư không gửi được"):
        call_command("remind", on=date(2019, 6, 12))
    assert not Reminder.objects.exists()
    settings.EMAIL_PORT = port
    call_command("remind", on=date(2019, 6, 12))
    assert len(box.got) == 1


def test_who_left_no_address_is_reminded_on_the_pages_alone(plan, box):
    a_person(Role.OFFICER)
    done = reminders.remind(date(2019, 6, 12), by=CONSOLE)
    assert (len(done.without_address), box.got) == (1, [])


def test_two_runs_at_once_send_one_message(transactional_db, box):
    with clock.set_to(NOON):
        a_plan()
        person = a_person(Role.OFFICER)
        reminders.keep_address(person=person, email="canbo@example.org")
        at_once(*[lambda: reminders.remind(date(2019, 6, 12), by=CONSOLE)] * 3)
    assert len(box.got) == 1


@pytest.mark.parametrize(("hour", "many"), [(6, 0), (7, 1), (19, 1), (20, 0)])
def test_the_worker_is_quiet_at_night(officer, box, hour, many):
    with clock.set_to(NOON.replace(hour=hour)):
        tasks.remind_of_dates.func(0)
    assert len(box.got) == many


def test_without_a_mail_server_nothing_is_tried(officer, settings):
    settings.MAIL_IS_SET_UP = False
    tasks.remind_of_dates.func(0)
    with pytest.raises(CommandError, match="TIEPCAN_EMAIL_URL"):
        call_command("remind", on=date(2019, 6, 12))
    assert not Reminder.objects.exists()


def test_the_command_shows_first_and_sends_then(officer, box, capsys):
    call_command("remind", on=date(2019, 6, 12), dry_run=True, json=True)
    shown = json.loads(capsys.readouterr().out)
    assert [one["username"] for one in shown["due"]] == [officer.username]
    assert box.got == []
    call_command("remind", on=date(2019, 6, 12), json=True)
    assert len(json.loads(capsys.readouterr().out)["sent"]) == 1
    call_command("remind", on=date(2019, 6, 12))
    assert "Đã nhắc trước đó trong ngày: 1" in capsys.readouterr().out


# ---- the page


def test_a_person_leaves_an_address_and_takes_it_back(plan):
    officer = a_person(Role.OFFICER)
    client = a_client(officer)
    answer = client.post(reverse("reporting:address"), {"email": "canbo@example.org"}, follow=True)
    assert "Sẽ nhắc hạn qua canbo@example.org" in text_of(answer)
    assert ReminderAddress.objects.get().email == "canbo@example.org"
    answer = client.post(reverse("reporting:address"), {"email": "khong phai thu"}, follow=True)
    assert "Địa chỉ thư chưa đúng" in text_of(answer)
    assert ReminderAddress.objects.get().email == "canbo@example.org"
    client.post(reverse("reporting:address"), {"email": ""})
    assert not ReminderAddress.objects.exists()


# ---- chasing


def chase(plan: Plan, by: Person) -> reminders.Chased:
    return reminders.chase(plan=plan, kind="half_year", by=by)


def test_one_click_reminds_everybody_who_owes_it_and_says_whom_it_did_not_reach(plan, officer, box):
    coordinator = a_person(Role.COORDINATOR)
    reporting.hand_in(
        milestone=half_year(plan), unit=a_unit("Nam Ngạn"), paper_code="4/BC", handed_in_on=date(2019, 6, 3), by=coordinator
    )  # fmt: skip
    done = chase(plan, coordinator)
    assert [str(unit) for unit in done.sent] == [str(officer.unit)]
    assert len(done.without_address) == 8  # of ten one handed in and one was reached
    assert a_unit("Nam Ngạn") not in done.without_address
    [message] = box.got
    assert "Báo cáo 6 tháng" in message["subject"]
    assert "đề nghị nộp sớm" in message.get_content()
    assert any("nên gọi điện" in sentence for sentence in done.told)


def test_nobody_is_chased_twice_a_day(plan, officer, box):
    coordinator = a_person(Role.COORDINATOR)
    chase(plan, coordinator)
    again = chase(plan, coordinator)
    assert (again.sent, [str(unit) for unit in again.told_today]) == ([], [str(officer.unit)])
    assert len(box.got) == 1


def test_a_server_that_is_away_leaves_the_units_to_be_chased_again(plan, officer, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.MAIL_IS_SET_UP = "127.0.0.1", 1, True
    done = chase(plan, a_person(Role.COORDINATOR))
    assert [str(unit) for unit in done.failed] == [str(officer.unit)]
    assert not Reminder.objects.exists()


def test_without_a_mail_server_the_coordinator_is_told_so(plan, officer):
    with pytest.raises(NotAllowed, match="chưa được đặt máy chủ thư"):
        chase(plan, a_person(Role.COORDINATOR))


def test_only_the_coordinator_chases_and_not_at_night(plan, officer, box):
    with pytest.raises(NotAllowed, match="Chỉ người điều phối"):
        chase(plan, officer)
    with (
        clock.set_to(datetime(2019, 6, 12, 22, tzinfo=clock.VIETNAM)),
        pytest.raises(NotAllowed, match="từ 7 đến 20 giờ"),
    ):
        chase(plan, a_person(Role.COORDINATOR))


def test_the_button_stands_where_somebody_owes_it(plan, officer, box):
    client = a_client(a_person(Role.COORDINATOR))
    address = reverse("reporting:period", args=[plan.pk, "h1"])
    assert "Nhắc 10 nơi chưa nộp" in text_of(client.get(address))
    answer = client.post(reverse("reporting:chase", args=[plan.pk, "h1"]), follow=True)
    assert "Đã gửi thư nhắc Phường Hàm Rồng" in text_of(answer)
    assert "Nhắc 10 nơi" not in text_of(a_client(officer).get(address))
