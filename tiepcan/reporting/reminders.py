"""Whom a day reminds of what, and sending it: once each, at most one message a person and day."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.core.mail import EmailMessage, get_connection
from django.db import IntegrityError

from tiepcan.accounts.console import Doer
from tiepcan.accounts.models import Person
from tiepcan.accounts.roles import May, Role
from tiepcan.audit.acts import act
from tiepcan.common import clock
from tiepcan.common.dates import day_in_words, last_working_day, why_off
from tiepcan.plans.models import Milestone, Plan
from tiepcan.reporting.calendars import DAYS_BEFORE
from tiepcan.reporting.models import Reminder, ReminderAddress
from tiepcan.reporting.queries import submission_for, submissions_of
from tiepcan.units.models import Unit

EVERY = 7
"""Days between two reminders of a date that passed."""
LONGEST_BREAK = 15
"""Days within which offices open again, Tết included."""
AWAKE = range(7, 20)
"""Hours of the day in which messages may be sent, in Vietnam's time."""
MONDAY = 0


@dataclass(frozen=True)
class Told:
    """What one person is told on one day."""

    person: Person
    lines: Sequence[str]


def is_called_to_mind(milestone: Milestone, on: date) -> bool:
    """Whether a date is called to mind that day: 14, 7 and 1 days before its last day, and each week after.

    What falls on a day on which offices are closed is told on the working day before; on a closed day nothing is.
    """
    last = milestone.last_day
    if on <= last:
        return any(last_working_day(last - timedelta(days=days)) == on for days in DAYS_BEFORE)
    told_today = (on + timedelta(days=n) for n in range(LONGEST_BREAK))
    return any((day - last).days % EVERY == 0 and last_working_day(day) == on for day in told_today)


def due_on(on: date) -> list[Told]:
    """Everything that people are to be told that day, those first who belong together. Nobody is told of what is done."""
    if why_off(on):
        return []
    lines: dict[int, list[str]] = {}
    people = {person.pk: person for person in _people()}
    # With its year a plan's dates come to rest: what was never handed in stands in the evaluation.
    for plan in Plan.objects.filter(year=on.year).select_related("issuer"):
        stood = plan.on(on)
        if on < stood.first_day:
            continue
        submissions = submissions_of(plan)
        units = [row.unit for row in stood.version.rows.select_related("unit")]
        owing = {
            milestone.pk: [unit for unit in units if not submission_for(submissions, milestone, unit)]
            for milestone in stood.milestones
            if milestone.is_for_units
        }
        for person in people.values():
            told = lines.setdefault(person.pk, [])
            told += _for_writer(person, stood.milestones, owing, on)
            if on.weekday() == MONDAY and person.role == Role.COORDINATOR and person.covers(plan.issuer):
                told += _for_coordinator(plan, stood.milestones, owing, len(units), on)
    return [Told(people[pk], told) for pk, told in lines.items() if told]


def _people() -> Iterator[Person]:
    found = Person.objects.filter(is_active=True).select_related("organisation__unit")
    yield from (person for person in found.order_by("pk") if person.may(May.HAND_IN))


def _for_writer(
    person: Person, milestones: Sequence[Milestone], owing: dict[int, list[Unit]], on: date
) -> Iterator[str]:
    """What the person's own unit still owes, on the days on which it is called to mind."""
    for milestone in milestones:
        own = [unit for unit in owing.get(milestone.pk, []) if unit.pk == person.unit.pk]
        if not own or not is_called_to_mind(milestone, on):
            continue
        days = (milestone.last_day - on).days
        when = (
            f"còn {days} ngày"
            if days > 0
            else "hôm nay là ngày cuối"
            if days == 0
            else f"đã quá hạn {-days} ngày"
        )
        closed = (
            f"; ngày cuối là {milestone.why_off.lower()}, gửi trước hết {day_in_words(milestone.working_day)}"
        )
        yield (
            f"{milestone} của {own[0]}: {when}, hạn hết {day_in_words(milestone.last_day)}"
            f"{closed if milestone.why_off and days > 0 else ''}."
        )


def _for_coordinator(
    plan: Plan, milestones: Sequence[Milestone], owing: dict[int, list[Unit]], units: int, on: date
) -> Iterator[str]:
    """The week's summary: of each date that is near or passed, how many handed in and who did not."""
    for milestone in milestones:
        missing = owing.get(milestone.pk)
        days = (milestone.last_day - on).days
        if missing is None or days > max(DAYS_BEFORE) or not missing:
            continue
        when = f"hạn hết {milestone.last_day:%d/%m/%Y}" + (f", đã qua {-days} ngày" if days < 0 else "")
        names = ", ".join(str(unit) for unit in missing)
        yield f"{plan}, {milestone} ({when}): {units - len(missing)}/{units} đơn vị đã nộp. Chưa nộp: {names}."


@dataclass(frozen=True)
class Sent:
    """What a run came to."""

    sent: Sequence[Told]
    known: Sequence[Told]
    """Whom this day had told already."""
    without_address: Sequence[Told]
    failed: Sequence[Told]


def remind(on: date, *, by: Doer) -> Sent:
    """Tell people what the day reminds them of, those who left an address. A second run of the day sends nothing twice."""
    due, addresses = due_on(on), dict(ReminderAddress.objects.values_list("person", "email"))
    without = [told for told in due if told.person.pk not in addresses]
    told_already = set(Reminder.objects.filter(on=on).values_list("person", flat=True))
    sent: list[Told] = []
    known = [told for told in due if told.person.pk in told_already]
    failed: list[Told] = []
    waiting = [told for told in due if told not in without and told not in known]
    connection = get_connection()
    try:
        connection.open()
    except OSError:
        return Sent([], known, without, waiting)  # nothing was handed over: the next run tries again
    try:
        for told in waiting:
            try:
                with act("reminder.sent", by=by):
                    row = Reminder.objects.create(person=told.person, on=on, lines=list(told.lines))
            except IntegrityError:
                known.append(told)  # another run is at it
                continue
            try:
                to = addresses[told.person.pk]
                EmailMessage(_subject(told), _body(told), to=[to], connection=connection).send()
            except OSError:
                failed.append(told)
                continue
            with act("reminder.sent", by=by):
                Reminder.objects.filter(pk=row.pk).update(sent_at=clock.now())
            sent.append(told)
    finally:
        connection.close()
    return Sent(sent, known, without, failed)


def _subject(told: Told) -> str:
    return "Tiếp Cận: " + (
        told.lines[0].split(":")[0] if len(told.lines) == 1 else f"{len(told.lines)} việc cần nhớ"
    )


def _body(told: Told) -> str:
    lines = "\n".join(f"- {line}" for line in told.lines)
    return (
        f"Kính gửi {told.person.full_name},\n\n{lines}\n\nĐã nộp rồi thì ghi số văn bản ở trang “Thời hạn” để không được "
        "nhắc nữa. Muốn thôi nhận thư, bỏ địa chỉ thư ở trang đó.\n\nTiếp Cận"
    )


def keep_address(*, person: Person, email: str) -> None:
    """Where a person wants reminders; an empty address ends them."""
    with act("reminder.address_kept", by=person):
        if email:
            ReminderAddress.objects.update_or_create(person=person, defaults={"email": email})
        else:
            ReminderAddress.objects.filter(person=person).delete()
