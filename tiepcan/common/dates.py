"""Dates as Vietnamese officers read them. Days are calendar days of Asia/Ho_Chi_Minh."""

from datetime import date, timedelta

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
