"""A seeded maker of lists of households: what the cells say, what must be read from them, which cells are bad."""

import random
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from tiepcan.households.sheets.records import Indicator, Options, Question, Row

STANDARDS = {
    2018: (
        ("poor_income", "poor_deprivation", "near_poor", "out"),
        (
            Indicator("telecom_service", 9, "Sử dụng dịch vụ viễn thông", "Dịch vụ viễn thông"),
            Indicator("information_asset", 10, "Tài sản phục vụ tiếp cận thông tin", "Tài sản thông tin"),
        ),
    ),
    2023: (
        ("poor", "near_poor", "out"),
        (
            Indicator("telecom_service", 11, "Sử dụng dịch vụ viễn thông", "Dịch vụ viễn thông"),
            Indicator(
                "information_asset", 12, "Phương tiện phục vụ tiếp cận thông tin", "Phương tiện thông tin"
            ),
        ),
    ),
}
QUESTIONS = (
    Question("phone", "Điện thoại"),
    Question("internet", "Internet"),
    Question("tv", "Ti vi"),
    Question("radio", "Đài"),
    Question("computer", "Máy vi tính"),
    Question("loudspeaker", "Loa truyền thanh"),
)
UNITS = ("Phường Đông Hải", "Phường Nam Ngạn", "Xã Thiệu Khánh", "Xã Hoằng Đại")

_FAMILIES = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Vũ", "Đỗ", "Tống", "Bàn", "Cao", "Lò", "Quách")
_MIDDLES = ("Văn", "Thị", "Đức", "Hữu", "Ngọc", "Minh", "Thanh")
_GIVENS = (
    "Bình",
    "Cường",
    "Dũng",
    "Hoa",
    "Lan",
    "Mai",
    "Tuấn",
    "Thủy",
    "Hòa",
    "Khuê",
    "Quý",
    "Trưng",
    "Chưng",
    "Nghĩa",
)
_PEOPLES = ("Kinh", "Mường", "Thái", "Dao", "Thổ")
_CLASS_CELLS = {
    "poor_income": ("N1", "n1", "Nghèo TN", "Hộ nghèo về thu nhập", "Hộ nghèo (N1)"),
    "poor_deprivation": ("N2", "Nghèo thiếu hụt", "HỘ NGHÈO N2"),
    "poor": ("Hộ nghèo", "HN", "Nghèo", "hộ nghèo"),
    "near_poor": ("CN", "Cận nghèo", "HCN", "Hộ cận nghèo"),
    "out": ("Thoát nghèo", "Hộ thoát nghèo"),
}
_CLASS_HEADS = {
    "poor_income": ("N1", "Nghèo thu nhập"),
    "poor_deprivation": ("N2", "Nghèo thiếu hụt"),
    "poor": ("Hộ nghèo", "Nghèo", "HN"),
    "near_poor": ("Hộ cận nghèo", "Cận nghèo", "CN"),
    "out": ("Thoát nghèo", "Hộ thoát nghèo"),
}
_TICKS = (("x", ""), ("X", ""), ("✓", ""), ("v", ""), ("1", "0"), ("x", "-"), ("1", ""), ("√", "0"))

HEADS = {
    "ordinal": ("STT", "TT", "Số TT"),
    "code": ("Mã hộ", "Số hồ sơ", "Số hiệu hộ", "Mã số hộ"),
    "head_name": ("Họ và tên chủ hộ", "Họ tên chủ hộ", "Chủ hộ", "HỌ VÀ TÊN", "Họ, tên chủ hộ (viết có dấu)"),
    "birth_year": ("Năm sinh", "Ngày sinh", "Ngày, tháng, năm sinh", "Năm sinh (4 số)"),
    "sex": ("Giới tính", "Nam/Nữ", "GT"),
    "ethnicity": ("Dân tộc", "Thành phần dân tộc", "DT"),
    "identity": ("Số CMND", "Số CMND/CCCD", "Số định danh cá nhân", "CCCD"),
    "hamlet": ("Thôn", "Thôn, tổ dân phố", "Tổ dân phố", "Địa chỉ", "Thôn/xóm"),
    "unit": ("Xã, phường", "Phường/xã", "Tên xã"),
    "members": ("Số khẩu", "Số nhân khẩu", "Nhân khẩu", "Tổng số khẩu", "Số thành viên"),
    "class": ("Phân loại hộ", "Phân loại", "Loại hộ", "Diện hộ"),
    "note": ("Ghi chú", "GHI CHÚ"),
}


@dataclass
class MadeSheet:
    """One sheet as `intake.sheets` would give it, made in memory."""

    title: str
    rows: list[list[str]]
    visible: bool = True
    hidden_rows: frozenset[int] = frozenset()
    merged: tuple[tuple[int, int, int, int], ...] = ()


@dataclass
class Made:
    """A workbook with its truth: rows by (sheet, row), bad cells as (sheet, row, column, code)."""

    sheets: list[MadeSheet]
    options: Options
    rows: dict[tuple[str, int], Row] = field(default_factory=dict)
    planted: set[tuple[str, int, int, str]] = field(default_factory=set)
    shapes: set[str] = field(default_factory=set)
    format: str = "made"
    remarks: tuple[Any, ...] = ()


@dataclass
class _Column:
    meaning: str
    head: tuple[str, ...]
    cell: Callable[["_Household"], str]
    """What the office types for a household."""


@dataclass
class _Household:
    code: str
    family: str
    middle: str
    given: str
    birth_year: int | None
    sex: str
    ethnicity: str
    identity: str | None
    hamlet: int
    unit: str
    members: int
    poverty: str
    income: str
    deprivation: int
    lacks: tuple[str, ...]
    answers: dict[str, bool]
    note: str
    bracket: str
    disability: bool

    @property
    def name(self) -> str:
        return f"{self.family} {self.middle} {self.given}"


SHAPES = (
    "titles above",
    "empty columns at the left",
    "two rows of heading",
    "merged heading",
    "numbered columns",
    "totals of hamlets",
    "grand total",
    "signatures",
    "hidden sheet",
    "summary sheet",
    "titles of hamlets",
    "titles of classes",
    "enumerated titles",
    "blank rows",
    "repeated heading",
    "other order",
    "split names",
    "years by sex",
    "ticks by sex",
    "capitals",
    "forms of address",
    "notes in brackets",
    "dates",
    "NFD",
    "ticked classes",
    "short hamlets",
    "spaced identity",
    "double blanks",
    "other tone placement",
    "foreign columns",
    "classes of two years",
    "codes of digits",
    "standard of 2022",
    "merged hamlets",
    "notes below",
    "numbered empty rows",
    "no ordinals",
    "no codes",
    "few columns",
    "titles with sums",
    "several units",
    "questions",
    "two sheets",
    "all indicators",
    "hidden rows",
    "scores",
    "line breaks in heads",
    "",
)
"""Shapes that combine freely; some exclude each other and the later one yields."""


class _Maker:
    def __init__(self, seed: int, bad_cells: int) -> None:
        self.r = random.Random(seed)
        self.bad_cells = bad_cells
        self.shapes = {shape for shape in SHAPES if self.r.random() < 0.35}
        self.year = 2023 if self.has("standard of 2022") else 2018
        self.classes, self.indicators = STANDARDS[self.year]
        units = UNITS if self.has("several units") else UNITS[2:3]
        self.options = Options(self.year, self.classes, self.indicators, QUESTIONS, {}, units)
        self.made = Made([], self.options, shapes=self.shapes)
        self.number = 0
        if self.has("titles of classes"):
            self.shapes -= {
                "titles of hamlets",
                "totals of hamlets",
                "ticked classes",
                "classes of two years",
            }
        if self.has("ticked classes"):
            self.shapes.discard("classes of two years")
        if self.has("titles of hamlets"):
            self.shapes.discard("merged hamlets")
        if self.has("years by sex"):
            self.shapes -= {"ticks by sex"}

    def has(self, shape: str) -> bool:
        return shape in self.shapes

    def one(self, *choices: Any) -> Any:
        return self.r.choice(choices)

    def make(self) -> Made:
        for n in range(2 if self.has("two sheets") else 1):
            self.made.sheets.append(self.sheet(f"Danh sách {n + 1}"))
        if self.has("hidden sheet"):
            hidden = self.sheet("Nháp", keep=False)
            hidden.visible = False
            self.made.sheets.insert(self.one(0, 1), hidden)
        if self.has("summary sheet"):
            rows = [
                ["TT", "Thôn", "Tổng số hộ", "Hộ nghèo"],
                ["1", "Thôn 1", "120", "9"],
                ["2", "Thôn 2", "98", "4"],
            ]
            self.made.sheets.append(MadeSheet("Tổng hợp", rows))
        return self.made

    # Households

    def household(self, hamlet: int, poverty: str) -> _Household:
        self.number += 1
        sex = self.one("male", "female")
        family, given = self.r.choice(_FAMILIES), self.r.choice(_GIVENS)
        lacks = tuple(one.id for one in self.indicators if self.r.random() < 0.4)
        return _Household(
            code=f"{self.number:03}" if self.has("codes of digits") else f"TK-{self.number:02}",
            family=family,
            middle="Thị" if sex == "female" else self.r.choice(_MIDDLES),
            given=given,
            birth_year=None if self.r.random() < 0.05 else self.r.randint(1925, self.year - 20),
            sex=sex,
            ethnicity=self.r.choice(_PEOPLES),
            identity=None
            if self.r.random() < 0.3
            else "".join(self.r.choices("0123456789", k=8 if self.r.random() < 0.5 else 11)).join(("0", "")),
            hamlet=hamlet,
            unit=self.r.choice(self.options.unit_names),
            members=self.r.randint(1, 9),
            poverty=poverty,
            income=self.one(str(self.r.randint(60, 175)), f"{self.r.randint(60, 170)},5"),
            deprivation=10 * self.r.randint(0, 6),
            lacks=lacks,
            answers={question.id: self.r.random() < 0.5 for question in QUESTIONS[:3]},
            note=self.one(
                "",
                "",
                "",
                "Hộ mới",
                "Chuyển từ thôn khác",
                "Trưởng thôn",
                "Xác nhận của thôn",
                "Cộng tác viên",
            ),
            bracket=self.one("", "", "đã mất", "con trai: Tuấn") if self.has("notes in brackets") else "",
            disability=self.r.random() < 0.1,
        )

    # Columns

    def columns(self) -> tuple[list[_Column], dict[str, str]]:
        """The columns in their order, and by field the groups that two rows of heading need."""
        r, tall = self.r, self.has("two rows of heading")
        style: dict[str, str] = {}
        first = [_Column("ordinal", (self.one(*HEADS["ordinal"]),), lambda h: "")]
        if self.has("no ordinals"):
            first = [_Column("", ("Ảnh",), lambda h: "")]
        codes = (
            [] if self.has("no codes") else [_Column("code", (self.one(*HEADS["code"]),), lambda h: h.code)]
        )
        columns = [
            *codes,
            *self.names(tall),
            *self.births(tall),
            _Column("ethnicity", (self.one(*HEADS["ethnicity"]),), lambda h: h.ethnicity),
            _Column("members", (self.one(*HEADS["members"]),), lambda h: str(h.members)),
        ]
        if self.has("few columns"):
            few = ("code", "head_name", "family_name", "given_name", "members")
            columns = [column for column in columns if column.meaning in few]
        if not self.has("titles of hamlets"):
            columns.append(self.hamlet_column())
        if self.has("several units"):
            short = self.one(True, False)
            columns.append(
                _Column(
                    "unit",
                    (self.one(*HEADS["unit"]),),
                    lambda h: h.unit.replace("Phường ", "P. ").replace("Xã ", "X. ") if short else h.unit,
                )
            )
        if r.random() < 0.5 and not self.has("few columns"):
            columns.append(_Column("identity", (self.one(*HEADS["identity"]),), self.identity_cell))
        columns += self.class_columns(tall)
        columns += self.lack_columns(tall)
        if self.has("scores"):
            income, lacking = ("B1", "B2") if self.year == 2018 else ("Điểm A", "Điểm B")
            group = ("Điểm",) if tall else ()
            columns.append(_Column("income_score", (*group, income), lambda h: h.income))
            columns.append(_Column("deprivation_score", (*group, lacking), lambda h: str(h.deprivation)))
        if self.has("questions"):
            yes, no = self.one(("có", "không"), ("Có", "Không"), ("x", ""))
            for question in QUESTIONS[:3]:
                head = (
                    f"Có {question.words.lower()}" if yes == "x" or self.one(True, False) else question.words
                )

                def answer(h: _Household, id: str = question.id) -> str:
                    return yes if h.answers[id] else no

                columns.append(_Column(f"answer:{question.id}", (head,), answer))
        if self.has("foreign columns"):
            columns.append(_Column("", ("Nguyên nhân nghèo",), lambda h: "Thiếu vốn"))
            columns.append(_Column("", ("Số điện thoại",), lambda h: "0373 000 000"))
            columns.append(_Column("", ("Họ tên vợ/chồng",), lambda h: "Trần Thị Giả Định"))
        if self.has("other order"):
            # Columns of one group stay side by side.
            blocks: list[list[_Column]] = []
            for column in columns:
                grouped = len(column.head) > 1 and blocks and blocks[-1][0].head[:1] == column.head[:1]
                if grouped or column.meaning == "given_name":
                    blocks[-1].append(column)
                else:
                    blocks.append([column])
            r.shuffle(blocks)
            columns = [column for block in blocks for column in block]
        if r.random() < 0.7:
            columns.append(_Column("note", (self.one(*HEADS["note"]),), lambda h: h.note))
        return [*first, *columns], style

    def names(self, tall: bool) -> list[_Column]:
        address = {"male": "Ông ", "female": "Bà "}

        def whole(h: _Household) -> str:
            name = self.spelled(h.name).upper() if self.has("capitals") else self.spelled(h.name)
            if self.has("double blanks"):
                name = name.replace(" ", "  ", 1)
            if self.has("forms of address"):
                name = address[h.sex] + name
            return f"{name} ({h.bracket})" if h.bracket else name

        if not self.has("split names"):
            return [_Column("head_name", (self.one(*HEADS["head_name"]),), whole)]
        self.shapes -= {"forms of address", "notes in brackets", "double blanks", "other tone placement"}
        case = str.upper if self.has("capitals") else str
        group = ("Họ và tên chủ hộ",) if tall else ()
        return [
            _Column(
                "family_name",
                (*group, self.one("Họ và đệm", "Họ đệm", "Họ")),
                lambda h: case(f"{h.family} {h.middle}"),
            ),
            _Column("given_name", (*group, "Tên"), lambda h: case(h.given)),
        ]

    def spelled(self, name: str) -> str:
        """The name with its tones where this office puts them; a person's name is kept so."""
        if not self.has("other tone placement"):
            return name
        return name.replace("òa", "oà").replace("ủy", "uỷ")

    def births(self, tall: bool) -> list[_Column]:
        def year(h: _Household) -> str:
            if h.birth_year is None:
                return ""
            forms = (str(h.birth_year),)
            if self.has("dates"):
                forms += (
                    f"05/11/{h.birth_year}",
                    f"1/2/{h.birth_year}",
                    f"{h.birth_year}.0",
                    f"03/{h.birth_year}",
                )
            return forms[int(h.code[-1]) % len(forms)]

        if tall and self.has("years by sex"):
            return [
                _Column("birth_year:male", ("Năm sinh", "Nam"), lambda h: year(h) if h.sex == "male" else ""),
                _Column(
                    "birth_year:female", ("Năm sinh", "Nữ"), lambda h: year(h) if h.sex == "female" else ""
                ),
            ]
        columns = [_Column("birth_year", (self.one(*HEADS["birth_year"]),), year)]
        if tall and self.has("ticks by sex"):
            columns += [
                _Column("sex:male", ("Giới tính", "Nam"), lambda h: "x" if h.sex == "male" else ""),
                _Column("sex:female", ("Giới tính", "Nữ"), lambda h: "x" if h.sex == "female" else ""),
            ]
        else:
            columns.append(
                _Column("sex", (self.one(*HEADS["sex"]),), lambda h: "Nam" if h.sex == "male" else "Nữ")
            )
        return columns

    def hamlet_column(self) -> _Column:
        head = self.one(*HEADS["hamlet"])
        self.kind = "Tổ dân phố" if head == "Tổ dân phố" else "Thôn"
        forms = ("{kind} {n}",)
        if self.has("short hamlets"):
            forms += ("{short} {n}", "{short}{n}", "{kind} 0{n}", "{upper} {n}")
            if head in ("Thôn", "Tổ dân phố"):
                forms += ("T{n}", "{n}")
        short = {"Thôn": "Th", "Tổ dân phố": "TDP"}[self.kind]

        def cell(h: _Household) -> str:
            form = forms[int(h.code[-1]) % len(forms)]
            return form.format(kind=self.kind, short=short, n=h.hamlet, upper=self.kind.upper())

        return _Column("hamlet", (head,), cell)

    def identity_cell(self, h: _Household) -> str:
        if h.identity and self.has("spaced identity"):
            return f"{h.identity[:3]} {h.identity[3:6]}.{h.identity[6:]}"
        return h.identity or ""

    def class_columns(self, tall: bool) -> list[_Column]:
        if self.has("titles of classes"):
            return []
        if self.has("ticked classes"):
            group = ("Phân loại hộ",) if tall else ()

            def ticked(one: str) -> Callable[[_Household], str]:
                return lambda h: "x" if h.poverty == one else ""

            return [
                _Column(f"class:{one}", (*group, self.one(*_CLASS_HEADS[one])), ticked(one))
                for one in self.classes
            ]
        forms = {one: self.one(*_CLASS_CELLS[one]) for one in self.classes}
        if self.has("classes of two years"):
            return [
                _Column("", (f"Phân loại năm {self.year - 1}",), lambda h: forms[self.classes[0]]),
                _Column("class", (f"Phân loại năm {self.year}",), lambda h: forms[h.poverty]),
            ]
        return [_Column("class", (self.one(*HEADS["class"]),), lambda h: forms[h.poverty])]

    def lack_columns(self, tall: bool) -> list[_Column]:
        yes, no = self.one(*_TICKS)

        def ticked(id: str) -> Callable[[_Household], str]:
            return lambda h: yes if id in h.lacks else no

        group = self.one(
            "Các chỉ số thiếu hụt", "Thiếu hụt các dịch vụ xã hội cơ bản", "Chỉ số thiếu hụt (đánh dấu x)"
        )
        if tall and self.has("all indicators"):
            numbers = {one.number: one.id for one in self.indicators}
            return [
                _Column(
                    f"lack:{numbers[n]}" if n in numbers else "", (group, str(n)), ticked(numbers.get(n, ""))
                )
                for n in range(1, max(numbers) + 1)
            ]
        columns = []
        for one in self.indicators:
            if tall:
                leaf = self.one(
                    str(one.number),
                    one.name,
                    one.short_name,
                    f"Chỉ số {one.number}",
                    f"{one.number}. {one.name}",
                )
                columns.append(_Column(f"lack:{one.id}", (group, leaf), ticked(one.id)))
            else:
                leaf = self.one(f"Thiếu hụt {one.short_name.lower()}", f"Thiếu hụt về {one.name.lower()}")
                columns.append(_Column(f"lack:{one.id}", (leaf,), ticked(one.id)))
        return columns

    # Sheets

    def sheet(self, title: str, *, keep: bool = True) -> MadeSheet:
        self.kind = "Thôn"
        columns, _ = self.columns()
        left = self.one(1, 2) if self.has("empty columns at the left") else 0
        width = left + len(columns)
        rows: list[list[str]] = []
        merged: list[tuple[int, int, int, int]] = []

        def put(*cells: tuple[int, str]) -> None:
            row = [""] * width
            for at, cell in cells:
                row[left + at] = cell
            rows.append(row)

        if self.has("titles above"):
            put((0, "UBND XÃ THIỆU KHÁNH"), (len(columns) - 3, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"))
            put((1, f"DANH SÁCH HỘ NGHÈO, HỘ CẬN NGHÈO NĂM {self.year}"))
            put((1, "(Kèm theo Báo cáo số 12/BC-UBND)"))
            put()
        head_rows = self.heading(columns, left, rows, merged)
        if self.has("numbered columns"):
            brackets = self.one("{}", "({})")
            put(*((n, brackets.format(n + 1)) for n in range(len(columns))))
        name_at = next(
            n for n, column in enumerate(columns) if column.meaning in ("head_name", "family_name")
        )
        ordinal = 0
        bad_left = self.bad_cells if keep else 0
        hidden: set[int] = set()
        ways = self.groups()
        for n, (group_title, hamlet, poverty) in enumerate(ways):
            if group_title:
                enumerated = self.has("enumerated titles")
                put((0, ("I", "II", "III", "IV", "V", "VI")[n] if enumerated else ""), (name_at, group_title))
                if self.has("titles with sums"):
                    self.sums(rows[-1], columns, left)
            start = len(rows) + 1
            for _ in range(self.r.randint(2, 6)):
                household = self.household(hamlet, poverty or self.r.choice(self.classes))
                ordinal += 1
                cells = [
                    (0, "" if self.has("no ordinals") else str(ordinal)),
                    *((at, column.cell(household)) for at, column in enumerate(columns) if at),
                ]
                bad = []
                if bad_left and self.r.random() < 0.3:
                    bad = self.plant(columns, cells)
                    bad_left -= len(bad)
                put(*cells)
                if self.has("hidden rows") and self.r.random() < 0.1:
                    hidden.add(len(rows))
                if keep:
                    self.remember(title, len(rows), columns, household, left, bad)
                if self.has("blank rows") and self.r.random() < 0.2:
                    put()
                    start = len(rows) + 1
            at = next((at for at, column in enumerate(columns) if column.meaning == "hamlet"), None)
            if self.has("merged hamlets") and at is not None and len(rows) > start:
                column = left + at
                if len({rows[row - 1][column] for row in range(start, len(rows) + 1)}) == 1:
                    self.merge_hamlet(title, rows, start, column, merged)
            if self.has("totals of hamlets"):
                put((name_at, self.one(f"Cộng thôn {hamlet}", "Cộng", f"Tổng thôn {hamlet}")))
                self.sums(rows[-1], columns, left)
            if self.has("repeated heading") and n + 1 < len(ways):
                rows.extend([list(rows[row - 1]) for row in head_rows])
        if self.has("numbered empty rows") and not self.has("no ordinals"):
            for _ in range(3):
                ordinal += 1
                put((0, str(ordinal)))
        if self.has("grand total"):
            put((self.one(0, name_at), self.one("Tổng cộng", "TỔNG CỘNG", "Tổng số: 12 hộ", "Toàn xã")))
            self.sums(rows[-1], columns, left)
        if self.has("notes below"):
            put()
            put((0, "Ghi chú: N1 là hộ nghèo về thu nhập, N2 là hộ nghèo thiếu hụt."))
        if self.has("signatures"):
            put((len(columns) - 3, f"Thiệu Khánh, ngày 12 tháng 11 năm {self.year}"))
            put((1, "Người lập biểu"), (len(columns) - 3, "TM. ỦY BAN NHÂN DÂN"))
            put((1, "(Ký, ghi rõ họ tên)"), (len(columns) - 3, "CHỦ TỊCH"))
            put((name_at, "Lê Văn Giả Định"), (len(columns) - 3, "Trần Văn Quy Ước"))
        if self.has("NFD"):
            rows = [[unicodedata.normalize("NFD", cell) for cell in row] for row in rows]
        return MadeSheet(title, rows, True, frozenset(hidden), tuple(merged))

    def groups(self) -> list[tuple[str, int, str]]:
        """Titles of groups with the hamlet and the class that the households below have ("" for any)."""
        if self.has("titles of classes"):
            names = {
                "poor_income": "Hộ nghèo về thu nhập",
                "poor_deprivation": "Hộ nghèo thiếu hụt",
                "poor": "HỘ NGHÈO",
                "near_poor": "Hộ cận nghèo",
                "out": "Hộ thoát nghèo",
            }
            return [(names[one], self.r.randint(1, 7), one) for one in self.classes]
        titled = self.has("titles of hamlets")
        return [(f"Thôn {n}" if titled else "", n, "") for n in self.r.sample(range(1, 9), 3)]

    def heading(
        self,
        columns: list[_Column],
        left: int,
        rows: list[list[str]],
        merged: list[tuple[int, int, int, int]],
    ) -> list[int]:
        width = left + len(columns)
        tall = any(len(column.head) > 1 for column in columns)
        top, below = [""] * width, [""] * width
        breaks = self.has("line breaks in heads")
        for n, column in enumerate(columns):
            head = tuple(
                part.replace(" ", "\n", 1) if breaks and len(part) > 12 else part for part in column.head
            )
            if len(head) > 1:
                if n == 0 or columns[n - 1].head[0] != column.head[0]:
                    top[left + n] = head[0]
                below[left + n] = head[1]
            else:
                top[left + n] = head[0]
        rows.append(top)
        first = len(rows)
        if not tall:
            return [first]
        rows.append(below)
        if self.has("merged heading"):
            n = 0
            while n < len(columns):
                end = n
                if len(columns[n].head) > 1:
                    while end + 1 < len(columns) and columns[end + 1].head[0] == columns[n].head[0]:
                        end += 1
                    if end > n:
                        merged.append((first, left + n + 1, first, left + end + 1))
                else:
                    merged.append((first, left + n + 1, first + 1, left + n + 1))
                n = end + 1
        return [first, first + 1]

    def merge_hamlet(
        self,
        title: str,
        rows: list[list[str]],
        start: int,
        column: int,
        merged: list[tuple[int, int, int, int]],
    ) -> None:
        """All households of one hamlet share one merged cell; a bad cell in the way keeps them apart."""
        spots = {(title, row, column + 1) for row in range(start, len(rows) + 1)}
        if any(bad[:3] in spots for bad in self.made.planted):
            return
        merged.append((start, column + 1, len(rows), column + 1))
        for row in range(start, len(rows)):
            rows[row][column] = ""

    def sums(self, row: list[str], columns: list[_Column], left: int) -> None:
        for n, column in enumerate(columns):
            if column.meaning == "members" or column.meaning.startswith("lack:"):
                row[left + n] = row[left + n] or str(self.r.randint(10, 60))

    # Bad cells

    def plant(self, columns: list[_Column], cells: list[tuple[int, str]]) -> list[tuple[int, str]]:
        """Damage one or two cells of a row; gives the columns (from 0) and the codes they must be told by."""
        kinds = [
            "tick" if column.meaning.startswith(("class:", "sex:")) else column.meaning.split(":")[0]
            for column in columns
        ]
        able = [at for at, kind in enumerate(kinds) if kind in BAD_CELLS]
        bad = []
        for at in self.r.sample(able, k=min(len(able), self.one(1, 1, 2))):
            cell, code = self.r.choice(BAD_CELLS[kinds[at]])
            cells[at] = (at, cell)
            bad.append((at, code))
        return bad

    def remember(
        self,
        title: str,
        number: int,
        columns: list[_Column],
        h: _Household,
        left: int,
        bad: list[tuple[int, str]],
    ) -> None:
        meanings = {column.meaning for column in columns}
        wrong = {columns[at].meaning for at, _ in bad}
        for at, code in bad:
            self.made.planted.add((title, number, left + at + 1, code))

        def told(meaning: str, value: Any) -> Any:
            return value if meaning in meanings and meaning not in wrong else None

        name = None if wrong & {"head_name"} else self.spelled(h.name)
        note = "; ".join(part for part in (h.bracket if name else "", told("note", h.note)) if part) or None
        lacks = None
        if any(meaning.startswith("lack:") for meaning in meanings):
            lacks = tuple(
                one.id for one in self.indicators if one.id in h.lacks and f"lack:{one.id}" not in wrong
            )
        answers = {
            question: answer
            for question, answer in h.answers.items()
            if f"answer:{question}" in meanings and f"answer:{question}" not in wrong
        }
        year = told("birth_year", h.birth_year)
        sex = told("sex", h.sex)
        if "birth_year:male" in meanings:
            year = None if wrong & {"birth_year:male", "birth_year:female"} else h.birth_year
            sex = h.sex if year else None
        if "sex:male" in meanings:
            sex = None if wrong & {"sex:male", "sex:female"} else h.sex
        titled = self.has("titles of hamlets")
        poverty = told("class", h.poverty)
        if self.has("titles of classes") or self.has("ticked classes"):
            poverty = None if f"class:{h.poverty}" in wrong else h.poverty
        self.made.rows[title, number] = Row(
            sheet=title,
            row=number,
            code=told("code", h.code),
            head_name=name,
            birth_year=year,
            sex=sex,
            ethnicity=told("ethnicity", h.ethnicity),
            identity=told("identity", h.identity),
            hamlet=f"Thôn {h.hamlet}" if titled else told("hamlet", f"{self.kind} {h.hamlet}"),
            unit=told("unit", h.unit),
            members=told("members", h.members),
            poverty=poverty,
            income_score=told("income_score", h.income.replace(",", ".")),
            deprivation_score=told("deprivation_score", str(h.deprivation)),
            lacks=lacks,
            answers=answers if any(meaning.startswith("answer:") for meaning in meanings) else None,
            disability=None,
            note=note,
            open=None,
            problems=len(bad),
        )


BAD_CELLS = {
    "code": [("", "code_missing"), ("1.2E+11", "code_scientific"), ("?", "code_unclear")],
    "head_name": [
        ("", "name_missing"),
        ("12", "name_unclear"),
        ("x", "name_incomplete"),
        ("Lan", "name_incomplete"),
        ("TrÇn Văn Bình", "name_unclear"),
        ("Lê Văn Bình và Trần Thị Hoa", "name_several"),
        ("Nguyễn Văn Bình 2", "name_unclear"),
    ],
    "birth_year": [
        ("khoảng 1957", "birth_year_doubtful"),
        ("1957?", "birth_year_doubtful"),
        ("19577", "birth_year_unclear"),
        ("57", "birth_year_unclear"),
        ("1850", "birth_year_early"),
        ("2027", "birth_year_late"),
        ("10/05/1905", "birth_year_lost"),
        ("45/13/1957", "birth_year_unclear"),
    ],
    "members": [
        ("8,5", "members_unclear"),
        ("0", "members_unclear"),
        ("61", "members_unclear"),
        ("5/3", "members_unclear"),
    ],
    "class": [
        ("N3", "class_unclear"),
        ("TN", "class_unclear"),
        ("N1/CN", "class_several"),
        ("nghèo, cận nghèo", "class_several"),
    ],
    "identity": [
        ("1.23E+11", "identity_scientific"),
        ("12345678", "identity_lost_zero"),
        ("38057001234", "identity_lost_zero"),
        ("1234567", "identity_length"),
        ("03805700123A", "identity_unclear"),
    ],
    "tick": [("x?", "tick_unclear"), ("có/không", "tick_unclear")],
    "lack": [("x?", "tick_unclear"), ("có/không", "tick_unclear"), ("2", "tick_unclear")],
    "answer": [("có/không", "tick_unclear"), ("x?", "tick_unclear")],
    "sex": [("Nan", "sex_unclear")],
    "ethnicity": [("1", "ethnicity_unclear"), ("x", "ethnicity_unclear"), ("Kính", "ethnicity_unclear")],
    "income_score": [("1e2", "score_unclear"), ("abc", "score_unclear")],
    "deprivation_score": [("35", "score_not_tens"), ("500", "score_not_tens")],
    "unit": [("Phường Không Có", "unit_unknown")],
    "hamlet": [("?", "hamlet_unclear"), ("Thôn 2?", "hamlet_unclear")],
}
"""By the first word of a column's meaning, cells that cannot be taken and the code that must say so."""


def make(seed: int, bad_cells: int = 0) -> Made:
    """The workbook of a seed; `bad_cells` is the most that are planted on a sheet."""
    return _Maker(seed, bad_cells).make()


def campaign(first: int, books: int) -> Iterator[Made]:
    """Workbooks by seeds, half of them with bad cells."""
    for seed in range(first, first + books):
        yield make(seed, bad_cells=6 if seed % 2 else 0)
