"""The demonstration's lists of subscriptions: three months of one operator, one of another. Everybody in it is invented."""

import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import partial
from typing import Any

import xlsxwriter

from tiepcan.accounts import actions as accounts
from tiepcan.accounts.models import Organisation, OrganisationKind, Person
from tiepcan.common import clock
from tiepcan.common.dates import next_month
from tiepcan.households.models import Household
from tiepcan.supports.models import Outcome
from tiepcan.telecom import actions
from tiepcan.telecom.models import Month
from tiepcan.units.models import Unit

_HEAD = (
    ("STT", 6), ("Họ và tên chủ thuê bao", 28), ("Năm sinh", 10), ("Phường, xã", 18), ("Dịch vụ", 20),
    ("Số thuê bao", 14), ("Ngày hòa mạng", 14), ("Mức hỗ trợ (đ)", 14), ("Tình trạng", 16), ("Lý do", 30),
)  # fmt: skip
_SERVICES = (
    "Di động trả sau",
    "Di động trả sau",
    "Điện thoại cố định",
    "Di động trả sau",
    "Internet cáp quang",
)
_RATES = {"Di động trả sau": 20_000, "Điện thoại cố định": 25_000, "Internet cáp quang": 0}
_PROVIDED = {date(2019, 3, 1): 12, date(2019, 4, 1): 21, date(2019, 5, 1): 27}
"""Households that each month's list provides for."""
_SENT, _CLOSED = 5, 12
"""Days of the next month; the newest list still waits."""
_REFUSED = ("Chưa có cáp đến khu vực hộ ở", "Hộ không nhận dịch vụ", "Chưa có cáp đến khu vực hộ ở")
OTHER = "Doanh nghiệp viễn thông B"


@dataclass(frozen=True)
class Cast:
    """Who does what in these months."""

    city: Unit
    coordinator: Person
    operator: Person
    administrator: Person


def events(cast: Cast) -> Iterator[tuple[datetime, Callable[[], None]]]:
    """What happened when, as (moment, act)."""
    yield _at(date(2019, 3, 1)), partial(_other_operator, cast)
    for month in _PROVIDED:
        after = next_month(month)
        yield _at(after.replace(day=_SENT)), partial(_send, cast, month)
        if month < date(2019, 5, 1):
            yield _at(after.replace(day=_CLOSED)), partial(_close, month, cast.coordinator)
    yield _at(date(2019, 4, 4)), partial(_of_the_other, cast)


def _at(day: date) -> datetime:
    return datetime.combine(day, time(15, 20), clock.VIETNAM)


def _other_operator(cast: Cast) -> None:
    accounts.add_organisation(
        kind=OrganisationKind.COMPANY, name=OTHER, unit=cast.city, by=cast.administrator
    )


def _served(until: date) -> list[Outcome]:
    """Outcomes of telecom service that wards had recorded, in the order in which households gained access."""
    found = Outcome.objects.standing().filter(indicator="telecom_service", happened_on__lt=until)
    return list(found.select_related("household__unit").order_by("happened_on", "household__code", "pk"))


def _row(household: Household, n: int, since: date | None, **other: Any) -> tuple[Any, ...]:
    service = _SERVICES[n % len(_SERVICES)]
    facts = {
        "name": household.head_name,
        "born": household.birth_year,
        "ward": household.unit.full_name,
        "service": service,
        "number": f"0{237_000_000 + n * 37:09}"[:10],
        "began": f"{since:%d/%m/%Y}" if since else "",
        "amount": _RATES[service],
        "status": "Đã cung cấp",
        "reason": "",
    } | other
    return tuple(facts.values())


def _send(cast: Cast, month: date) -> None:
    served = _served(next_month(month))
    other = _last(served)
    served = [one for one in served if one.household_id != other.pk]
    rows = [_row(one.household, n, one.happened_on) for n, one in enumerate(served[: _PROVIDED[month]])]
    if month == date(2019, 5, 1):
        rows += _that_are_refused(other) + _that_match_nobody(served)
    actions.receive(
        operator=cast.operator.organisation,
        month=month,
        raw=_workbook(rows, month),
        name=f"A_cuoc_ho_ngheo_{month:%Y-%m}.xlsx",
        by=cast.operator,
    )


def _that_are_refused(other: Household) -> list[tuple[Any, ...]]:
    """Three that the operator could not serve, and one that the other operator serves already."""
    waiting = Household.objects.listed().filter(
        reviews__year=2018, reviews__standing=True, reviews__lacks__contains=["telecom_service"]
    )
    waiting = waiting.exclude(outcomes__isnull=False).select_related("unit").order_by("code", "pk")
    chosen = list(waiting[: len(_REFUSED)])
    rows = [
        _row(
            household,
            40 + n,
            None,
            status="Từ chối",
            reason=reason,
            amount="",
            number="",
        )
        for n, (household, reason) in enumerate(zip(chosen, _REFUSED, strict=True))
    ]
    return [*rows, _row(other, 50, date(2019, 5, 6))]


def _last(served: Sequence[Outcome]) -> Household:
    """The household that the other operator serves: the last of those that had access in March."""
    return [one for one in served if one.happened_on < date(2019, 4, 1)][-1].household


def _that_match_nobody(served: Sequence[Outcome]) -> list[tuple[Any, ...]]:
    """A name without its middle word, a wrong year, and somebody who is on no list."""
    first, second = (one.household for one in served[30:32])
    short = " ".join([first.head_name.split()[0], *first.head_name.split()[2:]])
    return [
        _row(first, 60, date(2019, 5, 8), name=short, born=""),
        _row(second, 61, date(2019, 5, 9), born=(second.birth_year or 1960) - 7),
        _row(second, 62, date(2019, 5, 13), name="Trần Văn Ngoại Lệ", born=1959),
    ]


def _of_the_other(cast: Cast) -> None:
    """The other operator sends its list by mail; the office puts it in and closes it."""
    month = date(2019, 3, 1)
    operator = Organisation.objects.select_related("unit").get(name=OTHER)
    household = _last(_served(date(2019, 4, 1)))
    raw = _workbook([_row(household, 70, date(2019, 3, 26))], month)
    actions.receive(operator=operator, month=month, raw=raw, name="B_thang3.xlsx", by=cast.coordinator)
    found = Month.objects.get(operator=operator, month=month)
    actions.close(month=found, version=found.version, by=cast.coordinator)


def _close(month: date, by: Person) -> None:
    found = Month.objects.get(month=month, operator__name__endswith="A")
    actions.close(month=found, version=found.version, by=by)


def _workbook(rows: Sequence[Sequence[Any]], month: date) -> bytes:
    written = io.BytesIO()
    with xlsxwriter.Workbook(written, {"in_memory": True}) as book:
        page = book.add_worksheet(f"T{month.month}")
        page.write_string(
            0, 0, f"DANH SÁCH HỘ NGHÈO, CẬN NGHÈO ĐƯỢC HỖ TRỢ CƯỚC THÁNG {month.month}/{month.year}"
        )
        for column, (words, width) in enumerate(_HEAD):
            page.set_column(column, column, width)
            page.write_string(2, column, words)
        for n, row in enumerate(rows, start=1):
            page.write_row(2 + n, 0, (n, *row))
        page.write_string(4 + len(rows), 1, "Tổng cộng")
        page.write_number(4 + len(rows), 7, sum(row[6] or 0 for row in rows))
    return written.getvalue()
