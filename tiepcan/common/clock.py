"""The one clock: no other code asks for the time.

A demonstration stands still on one day, so that its deadlines stay what its story says. The day is then a file in
the data folder (`demonstration-day`), read once by the settings; a real installation has none.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
_told: ContextVar[datetime | None] = ContextVar("told", default=None)


def now() -> datetime:
    """The moment, in Vietnam's time; on the demonstration's day at the real time of day."""
    if told := _told.get():
        return told
    moment = datetime.now(VIETNAM)
    day: date | None = settings.DEMONSTRATION_DAY
    return moment if day is None else datetime.combine(day, moment.timetz())


def today() -> date:
    return now().date()


def days_until(day: date) -> int:
    """Whole days from today to that day; negative when it has passed."""
    return (day - today()).days


def later(length: timedelta) -> datetime:
    """The real moment after some time, for sessions: they run out in a demonstration that stands still, too."""
    return datetime.now(VIETNAM) + length


@contextmanager
def set_to(moment: datetime) -> Iterator[None]:
    """Let the clock show this moment inside the block: how a demonstration lives through its past days."""
    token = _told.set(moment.astimezone(VIETNAM))
    try:
        yield
    finally:
        _told.reset(token)
