"""A workbook's sheets read one row after the other: what each was understood as, its households, its problems."""

import re
from collections.abc import Generator, Iterator, Sequence
from itertools import chain, islice

from tiepcan.common.folding import composed, folded_key
from tiepcan.households.sheets import heads, words
from tiepcan.households.sheets.columns import households_among, understand
from tiepcan.households.sheets.records import (
    BookLike,
    Event,
    Options,
    Problem,
    Row,
    SheetLike,
    Skipped,
    Summary,
    Sure,
    Trouble,
    Understanding,
)
from tiepcan.households.sheets.rows import Table, hamlet_of
from tiepcan.households.sheets.words import plain

LOOKED_AT = 400
"""Rows of a sheet that are looked at before its columns are understood."""
_SUMMARY = re.compile(r"(?:tong )?so ho(?: ngheo| can ngheo| dan| dau nam| cuoi nam)?(?: .*)?|tong so ho.*")

_WHY = {
    "hidden": "Trang ẩn, không được đọc. Muốn đọc thì cho hiện trang trong Excel rồi nạp lại.",
    "empty": "Trang trống.",
    "no_heading": "Không tìm thấy dòng tiêu đề có cột họ tên chủ hộ. Ghi “Họ và tên chủ hộ” trên cột tên.",
    "summary": "Bảng tổng hợp theo đơn vị, không phải danh sách hộ.",
    "waiting": "Chưa rõ cột họ tên chủ hộ. Chọn nghĩa của cột rồi đọc lại.",
}


def read(book: BookLike, options: Options) -> Iterator[Event]:
    """All sheets in order, each table's understanding before its rows, and the summary at the end."""
    reader = _Reader(options)
    for sheet in book.sheets:
        if sheet.visible:
            yield from reader.sheet(sheet)
        else:
            yield Understanding(sheet.title, 0, "hidden", _WHY["hidden"])
    reader.summary.format, reader.summary.remarks = book.format, tuple(book.remarks)
    yield reader.summary


Lines = Iterator[tuple[int, list[str]]]


class _Reader:
    """Counts and codes over the whole file; only the codes grow with it."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self.summary = Summary()
        self.codes: dict[str, int] = {}
        self.titles: list[str] = []
        self.between: list[list[str]] = []
        """Rows since the last household: over the heading of another table they are its titles."""

    def sheet(self, sheet: SheetLike) -> Iterator[Event]:
        """One sheet: its tables, one after the other."""
        self.titles.append(sheet.title)
        lines: Lines = enumerate(sheet.rows, start=1)
        number = 0
        above: list[list[str]] = []
        while True:
            buffer = list(islice(lines, LOOKED_AT))
            rows = [row for _, row in buffer]
            head = heads.find(rows, buffer[0][0], sheet.merged) if buffer else None
            number += 1
            if head is None:
                yield Understanding(sheet.title, number, why := _why_not(rows), _WHY[why])
                return
            after = head.rows[-1] - buffer[0][0] + 1
            body = households_among(head, rows[after:])
            columns = understand(head, body, self.options)
            table = Table(head, columns, body, self.options)
            given = _Given(sheet.title, [*above, *rows[: head.rows[0] - buffer[0][0]]], table)
            why = "" if table.has_name else "waiting"
            yield Understanding(
                sheet.title,
                number,
                why,
                _WHY.get(why, ""),
                head.rows,
                columns,
                tuple(sorted(sheet.hidden_rows)) if number == 1 else (),
                tuple(_notes(rows[:after], given, table, self.options)),
            )
            if why:
                return
            rest = chain(buffer[after:], lines)
            tail = yield from self._table(sheet, table, given, rest)
            for key, _, _, seen in table.open:
                self.summary.seen.setdefault(key, type(seen)()).update(seen)
            if tail is None:
                return
            above, lines = self.between, chain([tail], rest)

    def _table(
        self, sheet: SheetLike, table: Table, given: "_Given", lines: Lines
    ) -> Generator[Event, None, tuple[int, list[str]] | None]:
        """Rows until the sheet's end; gives back the row of another heading, if one stands among them."""
        fills = _Fills(sheet, table)
        width, title = table.width, sheet.title
        signed = False
        self.between = []
        blank: tuple[int, int] | None = None
        for number, cells in lines:
            if len(cells) < width:
                cells = [*cells, *[""] * (width - len(cells))]
            if not table.is_plain(cells):
                kind, text = table.kind_of(cells, signed=signed)
                if kind == "blank":
                    blank = (blank[0] if blank else number, number)
                    self.summary.skipped["blank"] += 1
                    continue
                if blank:
                    yield Skipped(title, *blank, "blank", "")
                    blank = None
                if kind == "head":
                    return number, cells
                if kind != "household":
                    signed = signed or kind == "signature"
                    if kind == "group":
                        given.take(*table.group(text))
                    self.between = [*self.between[-9:], cells]
                    self.summary.skipped[kind] += 1
                    yield Skipped(title, number, number, kind, text[:200])
                    continue
            elif blank:
                yield Skipped(title, *blank, "blank", "")
                blank = None
            if self.between:
                self.between = []
            yield from self._household(title, number, cells, table, given, fills)
        if blank:
            yield Skipped(title, *blank, "blank", "")
        return None

    def _household(
        self, title: str, number: int, cells: list[str], table: Table, given: "_Given", fills: "_Fills"
    ) -> Iterator[Event]:
        if fills.areas:
            cells = fills.filled(number, cells)
        values, troubles = table.values(cells)
        others: dict[int, int] = {}
        if given.hamlet or given.poverty or given.unit:
            given.apply(values, troubles, table)
        if table.relation_at >= 0 and not cells[table.relation_at].strip():
            message = "Chưa rõ người này có phải chủ hộ. Ghi “Chủ hộ” hoặc quan hệ với chủ hộ."
            troubles.append((table.relation_at + 1, Trouble("relation_missing", message)))
        if values[0] is not None:
            at = table.read["code"]
            # A code is one household's within its unit.
            key = f"{values[7] or ''}\t{values[0].casefold()}"
            place = self.codes.setdefault(key, number * 1024 + len(self.titles))
            if place != number * 1024 + len(self.titles):
                row, sheet = divmod(place, 1024)
                where = (
                    f"dòng {row}"
                    if sheet == len(self.titles)
                    else f"dòng {row}, trang “{self.titles[sheet - 1]}”"
                )
                message = f"Mã này đã có ở {where}. Mỗi hộ một mã: sửa mã hoặc bỏ một dòng."
                troubles.append((at + 1, Trouble("code_twice", message)))
                others[at + 1] = row
        if not troubles and _only_a_name(values):
            message = "Dòng chỉ có tên, không có thông tin nào của hộ. Ghi đủ thông tin hoặc xóa dòng."
            if self.alone(table, cells):
                troubles.append((table.name_at + 1, Trouble("row_unclear", message)))
        values[17] = len(troubles)
        self.summary.households += 1
        if troubles:
            self.summary.refused += 1
            for column, trouble in sorted(troubles):
                self.summary.problems[trouble.code] += 1
                yield Problem(
                    title,
                    number,
                    column,
                    trouble.code,
                    trouble.message,
                    table.shown(column, composed(cells[column - 1]))[:200],
                    others.get(column, 0) if trouble.code == "code_twice" else 0,
                )
        yield Row(title, number, *values)

    @staticmethod
    def alone(table: Table, cells: Sequence[str]) -> bool:
        """Whether the row has no number of its own either."""
        return table.ordinal_at < 0 or not cells[table.ordinal_at].strip()


def _only_a_name(values: Sequence[object]) -> bool:
    facts = (*values[:1], *values[2:6], *values[8:12])
    return not any(facts)


class _Given:
    """What titles give to the rows below them: the hamlet, the unit, the class.

    Of two kinds of titles the one that came first holds the other: its next title ends the inner one's.
    """

    def __init__(self, title: str, above: Sequence[Sequence[str]], table: Table) -> None:
        self.hamlet: str | None = None
        self.poverty: str | None = None
        self.unit: str | None = None
        self._order: list[str] = []
        self.from_title = ""
        self.class_from_title = ""
        if not table.says_class:
            titled = [cell for row in above for cell in row if cell and len(cell) < 80]
            classes = {found for cell in titled if (found := table.class_of_title(cell))}
            if len(classes) == 1:
                self.poverty = classes.pop()
                self.class_from_title = words.CLASS_NAMES[self.poverty]
        if "hamlet" not in table.read:
            lone = [row for row in above if sum(bool(cell) for cell in row) == 1]
            texts = [title, *(cell for row in lone for cell in row if cell)]
            named = {found for text in texts if len(text) > 3 and (found := hamlet_of(text.strip(" :.")))}
            if len(named) == 1:
                self.hamlet = self.from_title = named.pop()

    def take(self, field: str, value: str | None) -> None:
        """A title of a group: from here on its value stands, and what was given inside the last one ends."""
        if field not in self._order:
            self._order.append(field)
        for inner in self._order[self._order.index(field) + 1 :]:
            setattr(self, inner, None)
        setattr(self, field, value)

    def apply(self, values: list[object], troubles: list[tuple[int, Trouble]], table: Table) -> None:
        """Fill what the row leaves open. A hamlet that says otherwise than its title is told."""
        bad = {column for column, _ in troubles}
        if self.hamlet and "hamlet" in table.read and isinstance(said := values[6], str):
            one, other = folded_key(said), folded_key(self.hamlet)
            if one != other and not other.endswith(f" {one}") and "hamlet" in self._order:
                message = f"Ô này khác với tiêu đề nhóm “{self.hamlet}” ở trên. Sửa ô hoặc chuyển dòng sang đúng nhóm."
                troubles.append((table.read["hamlet"] + 1, Trouble("hamlet_contradicts", message)))
        if values[6] is None and table.read.get("hamlet", -1) + 1 not in bad:
            values[6] = self.hamlet
        if values[7] is None and table.read.get("unit", -1) + 1 not in bad:
            values[7] = self.unit
        if not table.says_class:
            values[9] = self.poverty


class _Fills:
    """Cells merged over several rows, or over several columns to tick: each cell says what the merged one says."""

    def __init__(self, sheet: SheetLike, table: Table) -> None:
        below = table.head.rows[-1]
        self.areas: dict[int, list[tuple[int, int, int]]] = {}
        for r1, c1, r2, c2 in sheet.merged:
            if r1 <= below or r2 - r1 > 10_000:
                continue
            fillable = [
                at for at in range(c1 - 1, c2) if at in table.fillable and (c1 == c2 or at in table.ticked)
            ]
            for at in fillable:
                for row in range(r1, r2 + 1):
                    self.areas.setdefault(row, []).append((r1, c1 - 1, at))
        self._words: dict[tuple[int, int], str] = {}

    def filled(self, number: int, cells: list[str]) -> list[str]:
        """The row with its share of merged cells."""
        result = cells
        for top, source, at in self.areas.get(number, ()):
            if number == top:
                self._words[top, source] = cells[source]
            if text := self._words.get((top, source)):
                result = result if result is not cells else list(cells)
                result[at] = text
        return result


def _why_not(rows: Sequence[Sequence[str]]) -> str:
    filled = [cell for row in rows[:60] for cell in row if cell]
    if not filled:
        return "empty"
    return (
        "summary"
        if any(_SUMMARY.fullmatch(plain(cell)) for cell in filled if len(cell) < 80)
        else "no_heading"
    )


def _notes(above: Sequence[Sequence[str]], given: _Given, table: Table, options: Options) -> Iterator[str]:
    """What a person should know of how the table was taken."""
    if given.from_title:
        yield f"Bảng không có cột thôn, tổ: các hộ được ghi vào {given.from_title} theo tên trang hoặc tiêu đề."
    if given.class_from_title:
        yield f"Bảng không có cột phân loại: các hộ được ghi là {given.class_from_title} theo tiêu đề."
    years = {
        year
        for row in above
        for cell in row
        if re.search(r"\b(danh sach|ra soat|tong hop)\b", plain(cell))
        and (year := words.year_in(plain(cell))[1])
    }
    if years and options.year not in years:
        said = ", ".join(map(str, sorted(years)))
        yield f"Tiêu đề của trang ghi năm {said}, đợt rà soát là năm {options.year}."
    for meaning, name in (("code", "mã hộ"), ("class", "phân loại")):
        has = meaning in table.read or any(
            column.meaning.startswith(f"{meaning}:") for column in table.columns
        )
        if not has and not (meaning == "class" and given.class_from_title):
            yield f"Bảng không có cột {name}."
    waiting = sum(column.sure is Sure.AMBIGUOUS for column in table.columns)
    if waiting:
        yield f"{waiting} cột chưa rõ nghĩa, cần chọn."
