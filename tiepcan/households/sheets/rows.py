"""Rows below a heading: which of them is a household, and what it says."""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from tiepcan.common.folding import accented_key, composed, folded_key
from tiepcan.households.sheets import cells, words
from tiepcan.households.sheets.cells import LONGEST_NAME, LONGEST_NOTE, PLAIN_NAME, Cells
from tiepcan.households.sheets.heads import Head, is_numbering, looks_like_head
from tiepcan.households.sheets.records import Column, Options, Row, Sure, Trouble
from tiepcan.households.sheets.words import plain

FIELDS = Row._fields[2:]
_AT = {name: place for place, name in enumerate(FIELDS)}
_PLAIN_FIELDS = {
    "code": "code",
    "birth_year": "birth_year",
    "sex": "sex",
    "ethnicity": "ethnicity",
    "identity": "identity",
    "hamlet": "hamlet",
    "unit": "unit",
    "members": "members",
    "class": "poverty",
    "income_score": "income_score",
    "deprivation_score": "deprivation_score",
}

Troubles = list[tuple[int, Trouble]]

_WATCHED = words.listed(
    "tổng,cộng,toàn,thôn,tổ,xóm,khu,ấp,bản,làng,buôn,phố,đội,khối,tiểu,người,ngày,ghi,ông,bà,cụ,anh,chị,hộ,"
    "chủ,họ,tên,năm,dân,địa,mã,số,phó,trưởng,cán,công,ban,ủy,uỷ,phường,xã,thị,danh,lập,kế,xác,ký,đã,"
    "tong,cong,thon,xom,nguoi,ngay,ong,ba,ho,chu,ten,nam,dan,dia,ma,so,lap,xac,ky,phuong,xa,thi,truong,can,"
    "uy,tdp,kp,thoát,nghèo,cận,thoat,ngheo,lưu,luu,kết,bieu,biểu,chú"
)
"""First words of what stands in the column of names and may be no name; the row is then looked at closely."""
WATCHED = _WATCHED | {word.upper() for word in _WATCHED} | {word.title() for word in _WATCHED}

_TOTAL = re.compile(
    r"(?:tổng|cộng|tổng cộng|tổng số|toàn (?:xã|phường|thôn|tổ|huyện|thành phố)|cộng dồn|lũy kế|luỹ kế)"
    r"(?:[ :.,(\d].*)?"
)
_TOTAL_BARE = re.compile(
    r"(?:tong cong|tong so|cong|tong)(?: (?:so )?(?:ho|thon|to|xom|khu|ban|tdp|xa|phuong)\b.*| ?:.*|)"
)
_SIGNATURE = re.compile(
    r"(?:nguoi lap|lap bieu|nguoi tong hop|chu tich|pho chu tich|tm |t m |kt |k t |uy ban|ubnd|thu truong|xac nhan"
    r"|can bo|cong chuc|truong thon|truong ban|ban chi dao|ky ten|da ky|ky ghi|ky va ghi|nguoi ra soat|dai dien"
    r"|.*\bngay\b.*\bthang\b.*\bnam\b.*)"
)
_NOTE = re.compile(r"(?:ghi chu|chu thich|luu y|danh sach|an dinh|bieu nay|bang nay|so ho |trong do)")
_SUM = re.compile(
    r"[IVX]{1,5}\.?|[A-H]\.?|\d[\d.,]*(?: ?(?:hộ|khẩu|người|nhân khẩu))?|\(\d+ hộ\)|-", re.IGNORECASE
)
"""What stands beside a group's title: its number, and sums."""
_ENUMERATION = re.compile(r"^(?:[IVX]{1,5}|[A-H]|\d{1,2}(?:\.\d{1,2})?)[.)/:\-]\s*")
_COUNTED = re.compile(r"\s*[:(–\-]*\s*\d+\s*(?:hộ|ho|khẩu|người).*$", re.IGNORECASE)


class Ordinal(Cells):
    """Numbers of rows: an int for digits, None for the rest."""

    def __init__(self) -> None:
        super().__init__(
            lambda text: int(text) if text.isascii() and text.isdigit() and len(text) < 9 else None
        )


class Table:
    """One table's columns made ready to read rows: which parser stands for which column."""

    def __init__(
        self, head: Head, columns: Sequence[Column], body: Sequence[Sequence[str]], options: Options
    ) -> None:
        self.head = head
        self.columns = columns
        self.options = options
        self.width = max(column.column for column in columns)
        self.samples = {
            column.column: [row[column.column - 1] for row in body if column.column <= len(row)]
            for column in columns
        }
        self.read = {
            column.meaning: column.column - 1
            for column in columns
            if column.sure in (Sure.CERTAIN, Sure.LIKELY)
        }
        beside = [column.column - 1 for column in columns if column.meaning == "beside_name"]
        if "family_name" in self.read and "given_name" not in self.read and beside:
            self.read["given_name"] = beside[0]
        self.family_at = self.read.get("family_name", -1)
        self.given_at = self.read.get("given_name", -1)
        self.name_at = self.read.get("head_name", self.family_at)
        self.titled = self._habit_of_titles()
        self.kind = self._kind_of_hamlet()
        self.parsers = self._parsers()
        self.slots = [
            (_AT[field], self.read[meaning], Cells(self.parsers[meaning]), meaning)
            for meaning, field in _PLAIN_FIELDS.items()
            if meaning in self.read
        ]
        self.sexes = self._pair("sex")
        self.births = self._pair("birth_year")
        self.class_ticks = self._ticks("class:")
        self.lacks = [
            (meaning.partition(":")[2], at, known, meaning.startswith("lack:"))
            for meaning, at, known in [*self._ticks("lack:"), *self._ticks("have:")]
        ]
        order = [one.id for one in options.indicators]
        self.lacks.sort(key=lambda one: order.index(one[0]))
        self.answers = [
            (meaning.partition(":")[2], at, known, meaning.startswith("answer:"))
            for meaning, at, known in [*self._ticks("answer:"), *self._ticks("no:")]
        ]
        shared = [column for column in columns if column.sure in (Sure.CERTAIN, Sure.LIKELY)]
        self.disabilities = [
            (column.column - 1, Cells(cells.disability))
            for column in shared
            if column.meaning == "disability"
        ]
        self.notes = [column.column - 1 for column in shared if column.meaning == "note"]
        self.open = [
            (column.key, column.column - 1, Cells(cells.tick()), Counter[str]())
            for column in columns
            if column.sure is Sure.AMBIGUOUS
            and any(
                one.startswith(("lack:", "have:", "answer:", "no:", "class:")) for one in column.alternatives
            )
        ]
        self.ticked = {at for _, at, _ in self.class_ticks} | {one[1] for one in (*self.lacks, *self.answers)}
        self.fillable = self.ticked | {
            self.read[one] for one in ("hamlet", "unit", "class", "ethnicity") if one in self.read
        }
        self.relation_at = self.read.get("relation", -1)
        self.ordinal_at = self.read.get("ordinal", -1)
        self.ordinals = Ordinal()
        self.anchor = self._anchor()
        self._firm = [
            (at, known)
            for _, at, known, meaning in self.slots
            if meaning in ("birth_year", "identity", "sex", "ethnicity")
        ]
        self._firm += [(at, known) for at, _, known in (*self.births, *self.sexes)]
        self._facts = {
            self.read[meaning]
            for meaning in self.read
            if meaning not in ("ordinal", "note", "ignore", "head_name", "family_name", "given_name")
        }

    def shown(self, column: int, text: str) -> str:
        """A bad cell's words as they are told and kept: a wrong identity number is somebody's all the same."""
        return words.number_hidden(text) if self.read.get("identity") == column - 1 else text

    @property
    def says_class(self) -> bool:
        """Whether some column tells of the class, be it one that waits for a choice."""
        return any(
            meaning.startswith("class")
            for column in self.columns
            for meaning in (column.meaning, *column.alternatives)
        )

    @property
    def has_name(self) -> bool:
        """Whether a head's name can be read at all."""
        return self.name_at >= 0 and not (self.family_at >= 0 and self.given_at < 0)

    def _anchor(self) -> tuple[int, Cells] | None:
        """A column whose cell tells a household from other rows at a glance."""
        if self.ordinal_at >= 0:
            return self.ordinal_at, self.ordinals
        return next(((at, known) for _, at, known, meaning in self.slots if meaning == "birth_year"), None)

    def _habit_of_titles(self) -> bool:
        names = [cell for cell in self.samples.get(self.name_at + 1, ()) if cell]
        titled = sum(cell.casefold().startswith(("ông ", "bà ")) for cell in names)
        return titled >= 2 and titled * 3 >= len(names)

    def _kind_of_hamlet(self) -> str | None:
        """What a bare number or "T4" means: the heading's own word, else what all full names here say."""
        at = self.read.get("hamlet")
        if at is None:
            return None
        leaf = accented_key(
            next(column for column in self.columns if column.column == at + 1).heading.split(" › ")[-1]
        )
        bare = words.without_brackets(leaf).strip().removeprefix("tên ").strip()
        by_heading = words.HAMLET_KINDS.get(bare) or ("Tổ dân phố" if bare == "tdp" else None)
        named = [words.hamlet_named(cell) for cell in self.samples.get(at + 1, ())]
        kinds = {name.rpartition(" ")[0] for name in named if name and name[-1].isdigit()}
        if len(kinds) == 1:
            found = kinds.pop()
            return found if by_heading in (None, found) else None
        return by_heading if not kinds else None

    def _parsers(self) -> dict[str, Callable[[str], Any]]:
        options = self.options
        most = 120 if any(one.number > 10 for one in options.indicators) else 100
        return {
            "code": cells.code,
            "birth_year": cells.birth_year(options.year),
            "sex": cells.sex,
            "ethnicity": cells.ethnicity,
            "identity": cells.identity,
            "hamlet": cells.hamlet(self.kind),
            "unit": cells.unit(options.unit_names),
            "members": cells.members,
            "class": cells.poverty(options.classes),
            "income_score": cells.income_score,
            "deprivation_score": cells.deprivation_score(most),
        }

    def _pair(self, meaning: str) -> list[tuple[int, str, Cells]]:
        """Columns of men and of women: place, sex, parser."""
        parse = self.parsers["birth_year"] if meaning == "birth_year" else cells.tick()
        return [
            (self.read[f"{meaning}:{one}"], one, Cells(parse))
            for one in ("male", "female")
            if f"{meaning}:{one}" in self.read
        ]

    def _ticks(self, prefix: str) -> list[tuple[str, int, Cells]]:
        found = []
        for meaning, at in self.read.items():
            if not meaning.startswith(prefix):
                continue
            style = cells.tick_style(cell for cell in self.samples.get(at + 1, ()))
            parse = cells.tick(
                by_tens=style["by_tens"] and prefix == "lack:",
                must=style["answered"] and prefix in ("lack:", "have:"),
                blank=None if style["answered"] else False,
                words_allowed=prefix != "no:",
            )
            found.append(
                (meaning if prefix != "class:" else meaning.removeprefix("class:"), at, Cells(parse))
            )
        return found

    # What a row is

    def is_plain(self, row: Sequence[str]) -> bool:
        """Whether the row is at a glance a household with nothing odd about its name."""
        name = row[self.name_at]
        anchor = self.anchor
        return (
            anchor is not None
            and anchor[1][row[anchor[0]]].__class__ is int
            and PLAIN_NAME.fullmatch(name) is not None
            and name.split(" ", 1)[0] not in WATCHED
            and self.relation_at < 0
        )

    def kind_of(self, row: Sequence[str], *, signed: bool) -> tuple[str, str]:
        """What the row is ("household", "head", or why it is skipped) and the words that say so.

        `signed`: a line of signatures stands above, so bare names are signatures.
        """
        filled = [(at, composed(cell)) for at, cell in enumerate(row) if cell and not cell.isspace()]
        if not filled or all(cell in ("0", "-") for _, cell in filled):
            return "blank", ""
        if is_numbering(row, self.name_at):
            return "numbering", ""
        if self._repeats_head(filled):
            return "repeated_head", ""
        if looks_like_head(row):
            return "head", ""
        at, text = self._label(row, filled)
        if not self._is_firm(row):
            if _total(text):
                return "total", text
            if self._group(text) is not None and self._may_be_title(row, filled, at):
                return "group", text
            if sign := self._signature(row, filled, signed=signed):
                return "signature", sign
            if kind := self._without_facts(row, filled, text):
                return kind, text
        if self.relation_at >= 0:
            relation = plain(row[self.relation_at])
            if relation and relation not in ("chu ho", "chu", "la chu ho", "ch"):
                return "member", text
        return "household", text

    def _label(self, row: Sequence[str], filled: Sequence[tuple[int, str]]) -> tuple[int, str]:
        """The words a total or a group is called by, and their column: in the place of names, else the first words."""
        name = composed(row[self.name_at])
        if _letters(name) >= 2 and (
            _total(name) or self._group(name) or not isinstance(self.name_of(row), Trouble)
        ):
            return self.name_at, name
        for at, cell in filled:
            if at > max(self.name_at, 1) + 1:
                break
            if _letters(cell) >= 2 and not re.fullmatch(r"[IVX]+\.?", cell):
                return at, cell
        return self.name_at, name

    def _numbered(self, row: Sequence[str]) -> bool:
        return self.ordinal_at >= 0 and self.ordinals[row[self.ordinal_at]] is not None

    def _may_be_title(self, row: Sequence[str], filled: Sequence[tuple[int, str]], at: int) -> bool:
        """Whether words that name a group stand as a title, and not as a household's own hamlet or class.

        Beside a title stand its number and sums; a household that lacks its name has words of other kinds too.
        """
        if self._has_code(row) or not all(_SUM.fullmatch(cell) for place, cell in filled if place != at):
            return False
        if at == self.name_at:
            return True
        return not row[self.name_at].strip() and not self._numbered(row)

    def _has_code(self, row: Sequence[str]) -> bool:
        """Whether a household's code stands in the row; "Thiệu Khánh, ngày 12 tháng 11" is none."""
        at = self.read.get("code", -1)
        if at < 0 or not any(c.isdigit() for c in row[at]) or hamlet_of(row[at]):
            return False
        if isinstance(cells.code(row[at]), Trouble) or _SIGNATURE.match(plain(row[at])):
            return False
        return self._numbered(row) or any(c.isalpha() for c in row[at])

    def _signature(self, row: Sequence[str], filled: Sequence[tuple[int, str]], *, signed: bool) -> str:
        """The words by which the row is one of signatures; "" if it is none."""
        facts = sum(at in self._facts for at, _ in filled)
        if self._numbered(row) or facts > 3 or (self._has_code(row) and not signed):
            return ""
        for at, cell in filled:
            if at not in self.notes and (
                _is_office(cell) or (_SIGNATURE.match(plain(cell)) and PLAIN_NAME.fullmatch(cell) is None)
            ):
                return cell
        return filled[0][1] if signed and len(filled) <= 3 else ""

    def _repeats_head(self, filled: Sequence[tuple[int, str]]) -> bool:
        if len(filled) < 2:
            return False
        return any(
            all(at < len(line) and line[at] == plain(cell) for at, cell in filled) for line in self.head.texts
        )

    def _is_firm(self, row: Sequence[str]) -> bool:
        """Whether some cell is beyond doubt a person's: a birth year, an identity number, a sex, a people."""
        for at, known in self._firm:
            value = known[row[at]]
            if value and value.__class__ is not Trouble:
                return True
        return False

    def _without_facts(self, row: Sequence[str], filled: Sequence[tuple[int, str]], text: str) -> str | None:
        """A note, or a line numbered ahead and left empty: words where no fact of a household stands."""
        name = composed(row[self.name_at])
        numbered = self._numbered(row)
        facts = any(at in self._facts for at, _ in filled)
        if not facts and not name:
            return "blank" if numbered and len(filled) == 1 else "note"
        if numbered or (facts and not _NOTE.match(plain(text))):
            return None
        if _NOTE.match(plain(text)) and len(filled) <= 2:
            return "note"
        if name and not facts and PLAIN_NAME.fullmatch(name) is None and len(name.split()) > 6:
            return "note"
        return None

    def _group(self, text: str) -> tuple[str, str | None] | None:
        """What a title between the households gives to the rows below: ("hamlet", "Thôn 2"); None for no title."""
        bare = _COUNTED.sub("", _ENUMERATION.sub("", text)).strip(" :.-–")
        if not bare:
            return None
        if named := hamlet_of(bare):
            return "hamlet", named
        key = plain(bare)
        if key in words.CLASSES and len(key) > 3 and key != "thoat":
            value = self.parsers["class"](bare)
            return "poverty", None if isinstance(value, Trouble) else value
        if re.match(r"(?:xã|phường|thị trấn|p\.|x\.|tt\.)\s*\S", bare.casefold()):
            value = self.parsers["unit"](bare)
            return "unit", None if isinstance(value, Trouble) else value
        return None

    def class_of_title(self, text: str) -> str | None:
        """The class that a table's title gives to all its households: "DANH SÁCH HỘ CẬN NGHÈO NĂM 2018"."""
        words_of_title = words.year_in(plain(_ENUMERATION.sub("", composed(text))))[0]
        bare = re.sub(r"^danh sach (?:cac )?", "", words_of_title)
        if not bare.startswith("ho ") or bare not in words.CLASSES:
            return None
        value = self.parsers["class"](bare)
        return value if isinstance(value, str) else None

    def group(self, text: str) -> tuple[str, str | None]:
        """The field and value that a group's title gives to the rows below it."""
        found = self._group(text)
        assert found is not None
        return found

    # What a household says

    def name_of(self, row: Sequence[str]) -> tuple[str | None, str | None] | Trouble:
        """The head's name and its note."""
        name = row[self.name_at]
        if self.given_at >= 0 and self.family_at >= 0:
            family, given = composed(name), composed(row[self.given_at])
            if bool(family) != bool(given):
                return Trouble(
                    "name_incomplete", "Họ tên chia hai cột nhưng một cột trống. Ghi đủ họ, chữ đệm và tên."
                )
            name = f"{family} {given}".strip()
        if len(name) <= LONGEST_NAME and PLAIN_NAME.fullmatch(name) and name.split(" ", 1)[0] not in WATCHED:
            return words.name_in_title_case(name) if name.isupper() else name, None
        if _total(composed(name)) or (_SIGNATURE.match(plain(name)) and PLAIN_NAME.fullmatch(name) is None):
            return Trouble(
                "name_unclear",
                f"“{cells.shortened(composed(name))}” không phải họ tên. Ghi họ và tên chủ hộ bằng chữ.",
            )
        return cells.name_parts(name, titled=self.titled)

    def values(self, row: Sequence[str]) -> tuple[list[Any], Troubles]:
        """Facts in the order of FIELDS, and the columns (from 1) whose cells cannot be taken."""
        values: list[Any] = [None] * len(FIELDS)
        troubles: Troubles = []
        name = self.name_of(row)
        if name.__class__ is Trouble:
            troubles.append((self.name_at + 1, name))  # type: ignore[arg-type]
        else:
            values[1], values[15] = name
        for field, at, known, _ in self.slots:
            value = known[row[at]]
            if value.__class__ is Trouble:
                troubles.append((at + 1, value))
            else:
                values[field] = value
        if self.births or self.sexes:
            self._by_sex(row, values, troubles)
        if self.class_ticks:
            self._class_of(row, values, troubles)
        if self.lacks:
            values[12] = self._lacks_of(row, troubles)
        if self.answers:
            values[13] = self._answers_of(row, troubles)
        if self.disabilities:
            self._disability_of(row, values, troubles)
        for at in self.notes:
            if row[at]:
                said = f"{values[15]}; {composed(row[at])}" if values[15] else composed(row[at])
                values[15] = said[:LONGEST_NOTE]  # the file itself keeps the rest
        if self.open:
            values[16] = self._open_of(row)
        return values, troubles

    def _by_sex(self, row: Sequence[str], values: list[Any], troubles: Troubles) -> None:
        for pair, field, several, message in (
            (self.births, 2, "birth_year_several", "Năm sinh ghi ở cả cột nam và cột nữ. Chỉ ghi một cột."),
            (self.sexes, 3, "sex_several", "Giới tính đánh dấu cả nam và nữ. Chỉ đánh dấu một ô."),
        ):
            said = [(at, sex, value) for at, sex, known in pair if (value := known[row[at]])]
            wrong = [(at + 1, value) for at, _, value in said if value.__class__ is Trouble]
            troubles += wrong
            if wrong or not said:
                continue
            if len(said) > 1:
                troubles.append((said[1][0] + 1, Trouble(several, message)))
                continue
            _, sex, value = said[0]
            if field == 2:
                values[2] = value
            if values[3] is None:
                values[3] = sex
            elif values[3] != sex:
                message = "Giới tính không khớp với cột ghi năm sinh (nam, nữ). Kiểm tra hai cột."
                troubles.append((said[0][0] + 1, Trouble("sex_contradicts", message)))

    def _class_of(self, row: Sequence[str], values: list[Any], troubles: Troubles) -> None:
        ticked = []
        for kind, at, known in self.class_ticks:
            value = known[row[at]]
            if value.__class__ is Trouble:
                troubles.append((at + 1, value))
            elif value:
                ticked.append((at, kind))
        if len(ticked) > 1:
            message = "Đánh dấu nhiều phân loại cùng lúc. Chỉ giữ một dấu."
            troubles.append((ticked[1][0] + 1, Trouble("class_several", message)))
        elif ticked:
            at, kind = ticked[0]
            if values[9] not in (None, kind):
                message = "Dấu ở cột này khác với phân loại ghi ở cột kia. Sửa cho khớp."
                troubles.append((at + 1, Trouble("class_several", message)))
            values[9] = kind

    def _lacks_of(self, row: Sequence[str], troubles: Troubles) -> tuple[str, ...]:
        found = []
        for indicator, at, known, when in self.lacks:
            value = known[row[at]]
            if value.__class__ is Trouble:
                troubles.append((at + 1, value))
            elif value is when:
                found.append(indicator)
        return tuple(found)

    def _answers_of(self, row: Sequence[str], troubles: Troubles) -> dict[str, bool]:
        found = {}
        for question, at, known, when in self.answers:
            value = known[row[at]]
            if value.__class__ is Trouble:
                troubles.append((at + 1, value))
            elif value is not None:
                found[question] = value is when
        return found

    def _disability_of(self, row: Sequence[str], values: list[Any], troubles: Troubles) -> None:
        for at, known in self.disabilities:
            value = known[row[at]]
            if value.__class__ is Trouble:
                troubles.append((at + 1, value))
            elif value is not None:
                values[14] = bool(values[14]) or value

    def _open_of(self, row: Sequence[str]) -> dict[str, bool]:
        found = {}
        for key, at, known, seen in self.open:
            cell = row[at]
            if cell in seen or len(seen) < 50:
                seen[cell] += 1
            value = known[cell]
            if value.__class__ is bool:
                found[key] = value
        return found


def _letters(text: str) -> int:
    return sum(c.isalpha() for c in text)


def hamlet_of(text: str) -> str | None:
    """The hamlet that a title names, in full words; None when it names none."""
    text = composed(text)
    if len(text) > 60:
        return None
    return words.hamlet_named(text)


def _total(text: str) -> bool:
    bare = _ENUMERATION.sub("", text)
    key = accented_key(bare)
    # "Tống Công Minh" is a person: without accents only the whole phrase of a total counts.
    return bool(_TOTAL.fullmatch(key) or (key.isascii() and _TOTAL_BARE.fullmatch(folded_key(bare))))


_OFFICES = (
    "người lập",
    "người tổng hợp",
    "lập biểu",
    "chủ tịch",
    "phó chủ tịch",
    "ủy ban nhân dân",
    "ubnd",
    "thủ trưởng",
    "cán bộ",
    "công chức",
    "trưởng thôn",
    "trưởng ban",
    "trưởng khu",
    "tổ trưởng",
    "ban chỉ đạo",
    "xác nhận",
    "tm. ",
    "kt. ",
    "ký tên",
    "đại diện",
    "kế toán",
)
_BARE_OFFICES = tuple(folded_key(office) for office in _OFFICES if "trưởng" not in office)


def _is_office(text: str) -> bool:
    """Words of offices, in capitals too, where they would look like a name: "Người Lập Biểu", "CHỦ TỊCH".

    With their accents, for "Trương Ban" is a person.
    """
    key = accented_key(text)
    return key.startswith(_OFFICES) or (key.isascii() and key.startswith(_BARE_OFFICES))
