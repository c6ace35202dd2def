"""Whom a day reminds of what, and sending it: once each, at most one message a person and day."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import IntegrityError

from tiepcan.accounts.console import Doer
from tiepcan.accounts.models import Person
from tiepcan.accounts.roles import May, Role
from tiepcan.audit.acts import act
from tiepcan.common import clock
from tiepcan.common.dates import day_in_words, last_working_day, why_off
from tiepcan.common.refusals import NotAllowed
from tiepcan.plans.models import Milestone, Plan
from tiepcan.reporting.calendars import DAYS_BEFORE
from tiepcan.reporting.models import Reminder, ReminderAddress
from tiepcan.reporting.queries import date_for, extensions_of, submission_for, submissions_of, units_of
from tiepcan.reporting.recurrences import Turn, turns_of
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


class HasLastDay(Protocol):
    """Something that is due until the end of a day."""

    @property
    def last_day(self) -> date: ...


def is_called_to_mind(due: HasLastDay, on: date) -> bool:
    """Whether a date is called to mind that day: 14, 7 and 1 days before its last day, and each week after.

    What falls on a day on which offices are closed is told on the working day before; on a closed day nothing is.
    """
    last = due.last_day
    if on <= last:
        return any(last_working_day(last - timedelta(days=days)) == on for days in DAYS_BEFORE)
    told_today = (on + timedelta(days=n) for n in range(LONGEST_BREAK))
    return any((day - last).days % EVERY == 0 and last_working_day(day) == on for day in told_today)


@dataclass(frozen=True)
class _Owed:
    """What one unit still owes, and the date as it stands for it."""

    unit: Unit
    milestone: Milestone

    def said(self, on: date) -> str:
        milestone, days = self.milestone, (self.milestone.last_day - on).days
        when = _left(days)
        closed = ""
        if milestone.why_off and days > 0:
            closed = f"; ngày cuối là {milestone.why_off.lower()}, gửi trước hết {day_in_words(milestone.working_day)}"
        return f"{milestone} của {self.unit}: {when}, hạn hết {day_in_words(milestone.last_day)}{closed}."


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
        extensions = extensions_of(plan)
        owing = {
            milestone.pk: {
                unit.pk: _Owed(unit, date_for(milestone, unit, extensions))
                for unit in units
                if not submission_for(submissions, milestone, unit)
            }
            for milestone in stood.milestones
            if milestone.is_for_units
        }
        turns = [turn for turn in turns_of(plan) if not turn.done and is_called_to_mind(turn, on)]
        for person in people.values():
            told = lines.setdefault(person.pk, [])
            if turns and person.may_change(May.CONSOLIDATE, plan.issuer):
                told += [_turn_said(turn, on) for turn in turns]
            told += _for_writer(person, stood.milestones, owing, on)
            if on.weekday() == MONDAY and person.role == Role.COORDINATOR and person.covers(plan.issuer):
                told += _for_coordinator(plan, stood.milestones, owing, len(units), on)
    return [Told(people[pk], told) for pk, told in lines.items() if told]


def _people() -> Iterator[Person]:
    found = Person.objects.filter(is_active=True).select_related("organisation__unit")
    yield from (person for person in found.order_by("pk") if person.may(May.HAND_IN))


def _for_writer(
    person: Person, milestones: Sequence[Milestone], owing: Mapping[int, Mapping[str, _Owed]], on: date
) -> Iterator[str]:
    """What the person's own unit still owes, on the days on which it is called to mind."""
    for milestone in milestones:
        own = owing.get(milestone.pk, {}).get(person.unit.pk)
        if own is None or not is_called_to_mind(own.milestone, on):
            continue
        yield own.said(on)


def _turn_said(turn: Turn, on: date) -> str:
    return f"{turn}: {_left((turn.last_day - on).days)}, hạn hết {day_in_words(turn.last_day)}."


def _left(days: int) -> str:
    """How many days are left, in words."""
    return (
        f"còn {days} ngày"
        if days > 0
        else "hôm nay là ngày cuối"
        if days == 0
        else f"đã quá hạn {-days} ngày"
    )


def _for_coordinator(
    plan: Plan,
    milestones: Sequence[Milestone],
    owing: Mapping[int, Mapping[str, _Owed]],
    units: int,
    on: date,
) -> Iterator[str]:
    """The week's summary: of each date that is near or passed, how many handed in and who did not."""
    for milestone in milestones:
        missing = owing.get(milestone.pk)
        days = (milestone.last_day - on).days
        if missing is None or days > max(DAYS_BEFORE) or not missing:
            continue
        when = f"hạn hết {milestone.last_day:%d/%m/%Y}" + (f", đã qua {-days} ngày" if days < 0 else "")
        names = ", ".join(_named(one, milestone) for one in missing.values())
        yield f"{plan}, {milestone} ({when}): {units - len(missing)}/{units} đơn vị đã nộp. Chưa nộp: {names}."


def _named(owed: _Owed, milestone: Milestone) -> str:
    """The unit, with the day to which it was granted time."""
    last = owed.milestone.last_day
    return f"{owed.unit} (gia hạn đến {last:%d/%m})" if last != milestone.last_day else str(owed.unit)


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
    return _tell(due_on(on), on, by=by)


@dataclass(frozen=True)
class Chased:
    """What reminding the units that still owe something came to."""

    sent: Sequence[Unit]
    told_today: Sequence[Unit]
    """Reminded today already: nobody gets two messages a day."""
    without_address: Sequence[Unit]
    failed: Sequence[Unit]

    @property
    def told(self) -> Iterator[str]:
        """The result in sentences, with what is left to do by other means."""
        for units, said in (
            (self.sent, "Đã gửi thư nhắc {}."),
            (self.told_today, "Hôm nay đã nhắc rồi, không gửi lần hai: {}."),
            (
                self.without_address,
                "Chưa để lại địa chỉ thư, trang “Việc cần làm” của họ vẫn báo; nên gọi điện: {}.",
            ),
            (self.failed, "Chưa gửi được thư cho {}; thử lại sau."),
        ):
            if units:
                yield said.format(", ".join(map(str, units)))


def chase(*, plan: Plan, kind: str, by: Person) -> Chased:
    """Remind the officers of every unit that has not filed for a date, now and by e-mail, in the coordinator's name.

    Raises NotAllowed for who does not coordinate the plan, without a mail server, and outside the hours in which messages are sent.
    """
    if not by.may_change(May.CONSOLIDATE, plan.issuer):
        raise NotAllowed("Chỉ người điều phối kế hoạch nhắc được phường, xã.")
    if not settings.MAIL_IS_SET_UP:
        raise NotAllowed(
            "Chương trình chưa được đặt máy chủ thư nên không gửi được thư nhắc. Báo người quản trị; nơi gấp thì gọi điện."
        )
    if clock.now().astimezone(clock.VIETNAM).hour not in AWAKE:
        raise NotAllowed(f"Thư nhắc chỉ gửi từ {AWAKE.start} đến {AWAKE.stop} giờ. Nhắc lại trong giờ đó.")
    today, submissions, extensions = clock.today(), submissions_of(plan), extensions_of(plan)
    owed: dict[str, _Owed] = {}
    for milestone in plan.milestones_on(today):
        if milestone.kind != kind:
            continue
        for unit in units_of(plan):
            if not submission_for(submissions, milestone, unit):
                owed[unit.pk] = _Owed(unit, date_for(milestone, unit, extensions))
    who = by.organisation_name or by.full_name
    due = [
        Told(person, [f"{owed[person.unit.pk].said(today)} {who} đề nghị nộp sớm."])
        for person in _people()
        if person.unit.pk in owed
    ]
    done = _tell(due, today, by=by)

    def units(told: Sequence[Told]) -> list[Unit]:
        return [owed[pk].unit for pk in dict.fromkeys(one.person.unit.pk for one in told)]

    sent = units(done.sent)
    known = [unit for unit in units(done.known) if unit not in sent]
    reached = {unit.pk for unit in (*sent, *known, *units(done.failed))}
    return Chased(
        sent, known, [one.unit for one in owed.values() if one.unit.pk not in reached], units(done.failed)
    )


def _tell(due: Sequence[Told], on: date, *, by: Doer) -> Sent:
    addresses = dict(ReminderAddress.objects.values_list("person", "email"))
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
