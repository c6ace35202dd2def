"""The plan's dates as a calendar: a month on a page, and a feed that a person's phone reads (RFC 5545)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.core import signing
from icalendar import Alarm, Calendar, Event

from tiepcan.accounts.models import Person
from tiepcan.accounts.roles import May
from tiepcan.common import clock
from tiepcan.common.dates import next_month, weekday, why_off
from tiepcan.plans.models import Milestone, MilestoneKind, Plan
from tiepcan.reporting.queries import date_for, extensions_of, submission_for, submissions_of
from tiepcan.reporting.recurrences import Turn, turns_of
from tiepcan.units.models import Unit

DAYS_BEFORE = (14, 7, 1)
"""Days before the last day on which a date is called to mind."""
_SALT = "tiepcan.calendar"


@dataclass(frozen=True)
class Day:
    """One day of a month's page: what falls on it, and why offices are closed."""

    on: date
    due: Sequence[Milestone]
    off: str
    is_today: bool


def month_of(day: date, milestones: Sequence[Milestone]) -> list[list[Day | None]]:
    """The weeks of a day's month, Monday first; days of other months are None."""
    first = day.replace(day=1)
    days: list[Day | None] = [None] * first.weekday()
    on, end = first, next_month(first)
    while on < end:
        due = [one for one in milestones if one.last_day == on]
        days.append(Day(on, due, why_off(on), on == clock.today()))
        on += timedelta(days=1)
    days += [None] * (-len(days) % 7)
    return [days[start : start + 7] for start in range(0, len(days), 7)]


def holidays_of(day: date) -> list[tuple[str, list[int]]]:
    """The public holidays of a day's month, each with its days; weekends are seen in the table."""
    found: dict[str, list[int]] = {}
    for week in month_of(day, ()):
        for one in week:
            if one and one.off and one.off != weekday(one.on):
                found.setdefault(one.off, []).append(one.on.day)
    return list(found.items())


def key_of(person: Person) -> str:
    """What a person's feed is asked for with: signed, and another one after each change of password."""
    return signing.dumps([person.pk, person.get_session_auth_hash()[:16]], salt=_SALT)


def person_of(key: str) -> Person | None:
    """Whose feed a key asks for; None for a key that was not given out, or that a new password ended."""
    try:
        pk, digest = signing.loads(key, salt=_SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    person = Person.objects.filter(pk=pk, is_active=True).first()
    return person if person and person.get_session_auth_hash()[:16] == digest else None


@dataclass(frozen=True)
class Dated:
    """One date as a person's calendar tells it: whose it is, and the sentence of what was handed in, if anything was."""

    milestone: Milestone
    whose: str
    handed: str
    key: str


def dates_of(person: Person) -> list[Dated]:
    """The dates of the plans that the person sees. Those of others are told as theirs."""
    if not person.may(May.SEE_FIGURES):
        return []
    dates = []
    for plan in Plan.objects.visible_to(person).select_related("issuer"):
        owes = plan.version_on(clock.today()).rows.filter(unit=person.unit).exists()
        submissions, extensions = submissions_of(plan), extensions_of(plan)
        for milestone in plan.milestones_on(clock.today()):
            mine = owes and milestone.is_for_units
            found = submission_for(submissions, milestone, person.unit) if mine else None
            whose = str(person.unit) if mine else milestone.audience or str(plan.issuer)
            handed = f"Đã nộp {found.paper_code} ngày {found.handed_in_on:%d/%m/%Y}." if found else ""
            own = date_for(milestone, person.unit, extensions) if mine else milestone
            dates.append(Dated(own, whose, handed, f"moc-{milestone.pk}"))
        if person.covers(plan.issuer):
            dates += [_turn(turn, plan) for turn in turns_of(plan)]
    return dates


def _turn(turn: Turn, plan: Plan) -> Dated:
    """A turn of something recurring, told as a date of the plan is."""
    due = Milestone(
        version=plan.version_on(clock.today()),
        kind=MilestoneKind.OTHER,
        due_before=turn.last_day + timedelta(days=1),
        what=str(turn),
    )
    handed = f"Đã gửi {turn.done.paper_code} ngày {turn.done.done_on:%d/%m/%Y}." if turn.done else ""
    key = f"dinh-ky-{turn.recurrence.pk}-{turn.period_end:%Y%m}"
    return Dated(due, str(plan.issuer), handed, key)


def feed(dates: Sequence[Dated], unit: Unit, address: str) -> bytes:
    """The dates as .ics, each an all-day event on its last day with calls before it; what was handed in is not called."""
    calendar = Calendar()
    calendar.add("prodid", "-//Tiep Can//VN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", f"Thời hạn của {unit}")
    for dated in dates:
        milestone, handed = dated.milestone, dated.handed
        event = Event()
        event.add("uid", f"{dated.key}-{unit.pk}@tiepcan")
        event.add("dtstamp", datetime.combine(milestone.version.issued_on, datetime.min.time(), UTC))
        event.add("dtstart", milestone.last_day)
        event.add("dtend", milestone.last_day + timedelta(days=1))
        event.add("summary", f"{'Đã nộp' if handed else 'Hạn nộp'}: {milestone}, {dated.whose}")
        told = [milestone.what, handed]
        if milestone.why_off:
            told.append(
                f"Ngày cuối là {milestone.why_off.lower()}: gửi trước hết {milestone.working_day:%d/%m/%Y}."
            )
        event.add("description", "\n".join(filter(None, told)))
        event.add("url", address)
        for days in () if handed else DAYS_BEFORE:
            alarm = Alarm()
            alarm.add("action", "DISPLAY")
            alarm.add("description", f"Còn {days} ngày: {milestone}")
            alarm.add("trigger", timedelta(days=-days, hours=8))
            event.add_component(alarm)
        calendar.add_component(event)
    return bytes(calendar.to_ical())
