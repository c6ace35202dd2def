"""An operator's workbook read: which sheet is the list, what each column says, and one `Asked` for each household."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any

from tiepcan.common.dates import next_month
from tiepcan.common.folding import accented_key, composed
from tiepcan.common.numbers import grouped
from tiepcan.households.sheets import cells as household
from tiepcan.households.sheets import heads
from tiepcan.households.sheets.records import BookLike, SheetLike, Trouble
from tiepcan.households.sheets.words import NOTHING, number_hidden, plain, without_brackets
from tiepcan.intake.document import Unreadable
from tiepcan.telecom.lists import cells
from tiepcan.telecom.lists.records import Asked, ReadList, Wrong

LOOKED_AT = 200
"""Rows of a sheet among which its heading must stand."""
MOST_ROWS = 20_000
"""Households of one list; a company has so many in a province, not in a city."""

_HEADINGS = {
    "service": "dich vu,loai dich vu,goi cuoc,ten goi cuoc,loai hinh,goi dich vu,ten dich vu,dich vu vien thong,loai thue bao,"
    "loai hinh dich vu,dich vu cung cap,dich vu ho tro,loai hinh thue bao",
    "number": "so thue bao,so dien thoai,sdt,so may,ma thue bao,so dt,account,tai khoan,ma khach hang,ma kh,thue bao,"
    "so thue bao account,so dien thoai account,so may account,so hop dong",
    "began_on": "ngay hoa mang,ngay bat dau,tu ngay,ngay cung cap,ngay dang ky,ngay lap dat,ngay ky hop dong,tu thang,"
    "ngay su dung,thoi diem cung cap,ngay ky hd,bat dau",
    "ended_on": "den ngay,ngay ket thuc,ngay cat,ngay thanh ly,ngay cham dut,den thang,ngay ngung",
    "amount": "so tien,muc ho tro,so tien ho tro,muc giam,thanh tien,kinh phi,kinh phi ho tro,muc ho tro thang,cuoc ho tro,"
    "tien ho tro,so tien de nghi,muc giam cuoc",
    "status": "tinh trang,trang thai,ket qua,da cung cap,cung cap,ket qua cung cap,tinh trang cung cap,hien trang",
    "reason": "ly do,ly do tu choi,vi sao,ly do khong cung cap,nguyen nhan,ly do chua cung cap",
    "name": "ten khach hang,ho ten khach hang,ho va ten khach hang,ten chu thue bao,chu thue bao,ho ten chu thue bao,"
    "ho va ten chu thue bao,ten thue bao,khach hang",
}
_BY_WORDS = {words: meaning for meaning, line in _HEADINGS.items() for words in line.split(",")}
_OF_HOUSEHOLDS = {
    "head_name": "name",
    "birth_year": "birth_year",
    "identity": "identity",
    "hamlet": "hamlet",
    "address": "hamlet",
    "unit": "unit",
    "code": "code",
    "note": "note",
    "ordinal": "ordinal",
}
_SUM = re.compile(r"(?:tổng|cộng)\b.*|tong cong|tong so|cong")
"""With its accents, or whole: "Tống" and "Công" are people."""
_SIGNS = re.compile(r"nguoi lap|giam doc|pho giam doc|dai dien|thu truong|ke toan|(?:.*, )?ngay \d+ thang")
_ORDINAL = re.compile(r"[ivxlc]+|\d+|[a-z]", re.IGNORECASE)
SERVICES = {"mobile": "di động trả sau", "fixed": "điện thoại cố định", "broadband": "internet cáp quang"}
_NO_LIST = (
    "Không tìm thấy danh sách. Cần một dòng tiêu đề có cột họ tên chủ hộ (hoặc tên khách hàng) và cột dịch vụ, "
    "dưới đó mỗi dòng một hộ."
)


def meaning_of(heading: heads.Heading) -> str:
    """What a column of this heading says; "" when it is not read."""
    for text in (heading.leaf, without_brackets(heading.leaf)):
        if meaning := _BY_WORDS.get(plain(text)):
            return meaning
    return _OF_HOUSEHOLDS.get(heads.known_heading(heading.leaf) or "", "")


@dataclass(frozen=True)
class Ground:
    """What the reading must know: the wards that may appear, the month, and what each service may cost in it.

    `most` is đồng a month by service; None: a scheme pays as much as the operator says; not there: no scheme pays.
    """

    units: Sequence[str]
    month: date
    most: Mapping[str, int | None]


def read(book: BookLike, ground: Ground) -> ReadList:
    """All visible sheets that hold a list, in order. Raises Unreadable with a sentence when none does."""
    result = ReadList()
    for sheet in book.sheets:
        if sheet.visible:
            _sheet(sheet, ground, result)
    if not result.sheets:
        raise Unreadable(_NO_LIST)
    return result


def _sheet(sheet: SheetLike, ground: Ground, result: ReadList) -> None:
    lines = enumerate(sheet.rows, start=1)
    first = list(islice(lines, LOOKED_AT))
    found = _head([row for _, row in first], sheet)
    if found is None:
        return
    result.sheets.append(sheet.title)
    table = _Table(sheet.title, found, ground, result)
    for number, row in _after(found, first, lines):
        table.take(number, row)
        if len(result.asked) > MOST_ROWS:
            raise Unreadable(
                f"Danh sách dài hơn {MOST_ROWS:,} hộ. Chia theo địa bàn rồi gửi từng tệp.".replace(",", ".")
            )


def _after(
    head: "_Head", first: Sequence[tuple[int, list[str]]], rest: Iterator[tuple[int, list[str]]]
) -> Iterator[tuple[int, list[str]]]:
    yield from (line for line in first if line[0] > head.last)
    yield from rest


class _Head:
    """The columns of a list by meaning (numbers from 0), and the last row of their heading."""

    def __init__(self, last: int, columns: dict[str, int], unused: list[str]) -> None:
        self.last, self.columns, self.unused = last, columns, unused


def _head(rows: Sequence[list[str]], sheet: SheetLike) -> _Head | None:
    """The heading that names people and a service: found by the registry's eye, or by these lists' own words."""
    found = heads.find(rows, 1, sheet.merged)
    if found is not None:
        head = _named(found.rows[-1], found.headings)
        if head:
            return head
    for at, row in enumerate(rows):
        headings = [
            heads.Heading(n + 1, (composed(cell),), plain(cell)) for n, cell in enumerate(row) if cell
        ]
        end = at + 1
        if end < len(rows) and heads.is_numbering(rows[end], next((h.column - 1 for h in headings), 0)):
            end += 1
        if head := _named(end, headings):
            return head
    return None


def _named(last: int, headings: Sequence[heads.Heading]) -> _Head | None:
    columns: dict[str, int] = {}
    unused = []
    for heading in headings:
        meaning = meaning_of(heading)
        if meaning and meaning not in columns:
            columns[meaning] = heading.column - 1
        elif heading.path and meaning != "ordinal":
            unused.append(heading.text)
    return _Head(last, columns, unused) if {"name", "service"} <= set(columns) else None


class _Table:
    """One sheet's rows on their way into the result."""

    def __init__(self, title: str, head: _Head, ground: Ground, result: ReadList) -> None:
        self.title, self.at, self.result = title, head.columns, result
        self.month, self.most = ground.month, ground.most
        self.unit_of = household.unit(ground.units)
        self.only = ground.units[0] if len(ground.units) == 1 else None
        self.unit: str | None = None
        """The ward that a title between the rows named."""
        self.signed = False
        self.parsers: dict[str, Callable[[str], Any]] = {
            "unit": self.unit_of,
            "code": lambda text: household.code(text) if composed(text) not in NOTHING else None,
            "birth_year": household.birth_year(ground.month.year),
            "identity": household.identity,
            "hamlet": household.hamlet(None),
            "service": cells.service,
            "number": cells.number,
            "began_on": cells.day,
            "ended_on": cells.day,
            "status": cells.status,
            "amount": cells.amount,
        }
        result.unused += [one for one in head.unused if one not in result.unused]

    def take(self, row: int, line: Sequence[str]) -> None:
        filled = [cell for cell in line if cell.strip()]
        if not filled:
            return
        told = [cell for cell in filled if not _ORDINAL.fullmatch(cell.strip(" .)"))]
        if self.signed or self._is_title(told) or not self._asks(line, told):
            self.result.skipped += 1
            return
        self._asked(row, line)

    def _cell(self, line: Sequence[str], meaning: str) -> str:
        at = self.at.get(meaning, -1)
        return line[at] if 0 <= at < len(line) else ""

    def _is_title(self, told: Sequence[str]) -> bool:
        """Whether the row stands over the households of a ward, or below them all over the names of who signs."""
        if len(told) == 1 and isinstance(named := self.unit_of(told[0]), str):
            self.unit = named
            return True
        if told and self.result.asked and _SIGNS.match(plain(told[0])):
            self.signed = True
            return True
        return False

    def _asks(self, line: Sequence[str], told: Sequence[str]) -> bool:
        """Whether the row is somebody's: a name with a number before it or a fact beside it; no sum, no numbering."""
        if not told or any(_SUM.fullmatch(accented_key(cell).strip(" :.")) for cell in told[:2]):
            return False
        name = self._cell(line, "name")
        facts = [
            self._cell(line, one) for one in ("service", "number", "unit", "code", "birth_year", "amount")
        ]
        numbered = self._cell(line, "ordinal").strip(" .").isdigit()
        return bool(name.strip() and (numbered or any(facts))) or (numbered and sum(map(bool, facts)) > 1)

    def _asked(self, row: int, line: Sequence[str]) -> None:
        troubles: list[tuple[int, Trouble]] = []
        values: dict[str, Any] = {}
        name = household.name_parts(self._cell(line, "name"))
        if isinstance(name, Trouble):
            troubles.append((self.at["name"], name))
        for meaning, parse in self.parsers.items():
            if meaning not in self.at:
                continue
            value = parse(self._cell(line, meaning))
            if isinstance(value, Trouble):
                troubles.append((self.at[meaning], value))
            else:
                values[meaning] = value
        self._agree(values, troubles, self._cell(line, "reason"), line)
        for at, trouble in troubles:
            written = number_hidden(composed(line[at])) if at < len(line) else ""
            self.result.wrong.append(Wrong(self.title, row, at + 1, trouble.message, written[:200]))
        if troubles:
            return
        reason = composed(self._cell(line, "reason"))[: cells.LONGEST_REASON]
        provided = values.pop("status", None)
        began, ended = values.pop("began_on", None), values.pop("ended_on", None)
        assert not isinstance(name, Trouble)
        values["unit"] = values.get("unit") or self.unit or self.only
        self.result.asked.append(
            Asked(
                sheet=self.title,
                row=row,
                name=name[0] or "",
                began_on=began.isoformat() if began else None,
                ended_on=ended.isoformat() if ended else None,
                provided=provided if provided is not None else not reason,
                reason=reason,
                **values,
            )
        )

    def _agree(
        self, values: dict[str, Any], troubles: list[tuple[int, Trouble]], reason: str, line: Sequence[str]
    ) -> None:
        """What one cell says must agree with the others and with the month."""
        bad = {at for at, _ in troubles}
        service_at = self.at["service"]
        if values.get("service") is None and service_at not in bad:
            troubles.append((service_at, Trouble("service_missing", "Thiếu dịch vụ. Ghi “Di động trả sau”, “Điện thoại cố định” hoặc “Internet cáp quang”.")))  # fmt: skip
        if values.get("status") is False and not reason.strip():
            at = self.at.get("reason", self.at["status"])
            troubles.append((at, Trouble("reason_missing", "Không cung cấp thì ghi lý do.")))
        if values.get("status") is True and reason.strip():
            at = self.at["reason"]
            troubles.append((at, Trouble("reason_contradicts", "Dòng vừa ghi đã cung cấp vừa ghi lý do từ chối. Giữ một trong hai.")))  # fmt: skip
        began, ended = values.get("began_on"), values.get("ended_on")
        if values.get("status") is not False and not reason.strip() and values.get("service"):
            troubles += self._money(values, bad)
        if began and began >= next_month(self.month):
            said = f"Ngày bắt đầu {began:%d/%m/%Y} sau tháng {self.month:%m/%Y} của danh sách."
            troubles.append((self.at["began_on"], Trouble("began_late", said)))
        if began and ended and ended < began:
            troubles.append(
                (self.at["ended_on"], Trouble("ended_early", "Ngày kết thúc trước ngày bắt đầu."))
            )
        elif ended and ended < self.month:
            said = f"Thuê bao đã kết thúc ngày {ended:%d/%m/%Y}, trước tháng {self.month:%m/%Y}. Bỏ dòng này."
            troubles.append((self.at["ended_on"], Trouble("ended_before", said)))

    def _money(self, values: dict[str, Any], bad: set[int]) -> Iterator[tuple[int, Trouble]]:
        """The amount is within what the month's scheme gives for the service."""
        at = self.at.get("amount", self.at["service"])
        if at in bad:
            return
        said, service = values.get("amount"), SERVICES[values["service"]]
        if values["service"] not in self.most:
            if said:
                yield (
                    at,
                    Trouble(
                        "amount_unpaid",
                        f"Tháng {self.month:%m/%Y} không có chính sách nào chi cho {service}. Doanh nghiệp tự miễn thì ghi 0.",
                    ),
                )
            return
        most = self.most[values["service"]]
        if most is None and said is None:
            yield at, Trouble("amount_missing", f"Thiếu số tiền hỗ trợ {service} của tháng. Ghi số đồng.")
        elif most is not None and said is not None and said > most:
            yield (
                at,
                Trouble(
                    "amount_above",
                    f"Số tiền {grouped(said)} đ cao hơn mức hỗ trợ {service}, {grouped(most)} đ một tháng.",
                ),
            )
