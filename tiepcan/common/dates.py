"""Dates as Vietnamese officers read them. Days are calendar days of Asia/Ho_Chi_Minh."""

from datetime import date, timedelta
from functools import lru_cache

import holidays

_WEEKDAYS = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")


def weekday(day: date) -> str:
    return _WEEKDAYS[day.weekday()]


def day_in_words(day: date) -> str:
    """12/06/2019 with its weekday: "thứ Tư 12/06/2019"."""
    return f"{weekday(day)} {day:%d/%m/%Y}"


def next_month(month: date) -> date:
    """The first day of the month after."""
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def last_day_before(day: date) -> date:
    """The last day that "trước ngày" (strictly before) leaves."""
    return day - timedelta(days=1)


def why_off(day: date) -> str:
    """Why offices are closed that day: its public holiday (Labour Code 45/2019/QH14, art. 112), or a weekend's weekday; empty on a working day.

    A Saturday that is worked for a day off elsewhere is a working day.
    """
    calendar = _calendar()
    if calendar.is_working_day(day):
        return ""
    return str(calendar.get(day) or weekday(day))


def last_working_day(day: date) -> date:
    """The last day not after that one on which offices are open."""
    while why_off(day):
        day -= timedelta(days=1)
    return day


@lru_cache(maxsize=1)
def _calendar() -> holidays.HolidayBase:
    """Vietnam's public holidays, years made as they are asked for."""
    return holidays.country_holidays("VN", language="vi")
