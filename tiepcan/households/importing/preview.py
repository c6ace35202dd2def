"""What a person sees of a file before it is written: how it was understood, what waits, what is wrong, what would change."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from tiepcan.households.importing.matching import absent_from
from tiepcan.households.importing.piece import NOT_SHOWN, Refused
from tiepcan.households.importing.reading import options_of
from tiepcan.households.models import (
    SENSITIVE,
    Household,
    Import,
    ImportProblem,
    ImportRow,
    PovertyClass,
    Sex,
)
from tiepcan.households.sheets.records import Options
from tiepcan.intake.sheets import address
from tiepcan.standards.models import Indicator

SHOWN = 50
"""Lines of each list on the preview; the lists themselves have pages."""

_PLAIN = {
    "ordinal": "số thứ tự",
    "code": "số hồ sơ",
    "head_name": "họ tên chủ hộ",
    "family_name": "họ và đệm của chủ hộ",
    "given_name": "tên của chủ hộ",
    "birth_year": "năm sinh",
    "birth_year:male": "năm sinh, nếu là nam",
    "birth_year:female": "năm sinh, nếu là nữ",
    "sex": "giới tính",
    "sex:male": "“x” là nam",
    "sex:female": "“x” là nữ",
    "ethnicity": "dân tộc",
    "identity": "số định danh",
    "hamlet": "thôn, tổ dân phố",
    "unit": "phường, xã",
    "members": "số nhân khẩu",
    "class": "phân loại hộ",
    "income_score": "điểm thu nhập (B1, A)",
    "deprivation_score": "điểm thiếu hụt (B2, B)",
    "disability": "chủ hộ là người khuyết tật",
    "note": "ghi chú",
    "ignore": "không dùng cột này",
    "unknown": "chưa rõ nghĩa, không dùng",
}


def meaning_in_words(meaning: str, options: Options) -> str:
    """What a column was taken for, in words: "“x” là thiếu hụt bảo hiểm y tế"."""
    kind, _, which = meaning.partition(":")
    indicators = {one.id: one.short_name.lower() for one in options.indicators}
    questions = {one.id: one.words for one in options.questions}
    match kind:
        case "lack":
            return f"“x” là thiếu hụt {indicators.get(which, which)}"
        case "have":
            return f"“x” là không thiếu hụt {indicators.get(which, which)}"
        case "answer":
            return f"“x” là có: {questions.get(which, which)}"
        case "no":
            return f"“x” là không: {questions.get(which, which)}"
        case "class" if which:
            return f"“x” là {PovertyClass(which).label.lower()}"
    return _PLAIN.get(meaning, meaning)


@dataclass(frozen=True)
class Alternative:
    """One meaning that a waiting column may have; `fits` tells how far the registry agrees, in words."""

    meaning: str
    words: str
    fits: str


@dataclass(frozen=True)
class Waiting:
    """A column that a person must choose the meaning of."""

    key: str
    letter: str
    heading: str
    sheet: str
    why: str
    samples: str
    alternatives: Sequence[Alternative]


def waiting_columns(file: Import) -> list[Waiting]:
    """Columns that wait for a choice, each once, in the order of the file."""
    options = options_of(file)
    found: dict[str, Waiting] = {}
    for table in file.understanding.get("tables", []):
        for column in table["columns"]:
            if column["sure"] == "ambiguous" and column["key"] not in found:
                found[column["key"]] = Waiting(
                    key=column["key"],
                    letter=address(1, column["column"])[:-1],
                    heading=column["heading"],
                    sheet=table["sheet"],
                    why=column["why"],
                    samples=", ".join(f"“{sample}”" for sample in column["samples"]) or "các ô đều trống",
                    alternatives=[
                        Alternative(one, meaning_in_words(one, options), _fits(file, column["key"], one))
                        for one in column["alternatives"]
                    ],
                )
    return list(found.values())


def _fits(file: Import, key: str, meaning: str) -> str:
    """How many ticked households that the registry knows agree with a meaning that speaks of a lack."""
    kind, _, indicator = meaning.partition(":")
    if kind not in ("lack", "have"):
        return ""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), count(*) FILTER (WHERE %s::varchar = ANY(v.lacks)) FROM households_importrow r "
            "JOIN households_review v ON v.household_id = r.household_id AND v.year = %s "
            "WHERE r.file_id = %s AND (r.open ->> %s)::boolean",
            [indicator, file.year, file.pk, key],
        )
        ticked, lacking = cursor.fetchone()
    if not ticked:
        return ""
    return f"khớp {lacking if kind == 'lack' else ticked - lacking}/{ticked} hộ có đánh dấu đang có trong sổ"


@dataclass(frozen=True)
class BadCell:
    """One bad cell with the household of its row; `anchor` is its id in the piece of the file with the number `part`."""

    place: str
    sheet: str
    head_name: str
    value: str
    message: str
    anchor: str
    part: int


def bad_cells(found: Refused) -> list[BadCell]:
    """Bad cells of a file, in its order; rows refused as a whole have their number as place."""
    parts = found.parts()
    return [
        BadCell(
            place=address(p.row, p.column) if p.column else f"dòng {p.row}",
            sheet=p.sheet,
            head_name=(line.head_name or "") if (line := found.lines.get((p.sheet, p.row))) else "",
            value=found.written(p),
            message=p.message,
            anchor=found.anchor(p),
            part=parts[p.sheet, p.row],
        )
        for p in found.problems
    ]


def why_refused(file: Import, lines: Sequence[ImportRow]) -> dict[tuple[str, int], str]:
    """What is wrong with refused rows, by sheet and row: every bad cell with its place."""
    found: dict[tuple[str, int], list[str]] = {}
    for p in ImportProblem.objects.filter(file=file, row__in=[line.row for line in lines]):
        place = f"{address(p.row, p.column)}: " if p.column else ""
        found.setdefault((p.sheet, p.row), []).append(f"{place}{p.message}")
    return {place: " ".join(messages) for place, messages in found.items()}


@dataclass(frozen=True)
class Change:
    """One household that would change, and one fact of it: as it is, as it would be."""

    household: object
    head_name: str
    what: str
    before: str
    after: str
    row: int


_FIELDS = {
    "head_name": "Chủ hộ",
    "birth_year": "Năm sinh",
    "sex": "Giới tính",
    "hamlet": "Thôn, tổ",
    "members": "Số nhân khẩu",
    "ethnicity": "Dân tộc",
    "disability": "Khuyết tật",
    "identity": "Số định danh",
    "poverty": "Phân loại",
    "lacks": "Thiếu hụt",
    "income_score": "Điểm thu nhập",
    "deprivation_score": "Điểm thiếu hụt",
    "answers": "Trả lời trên phiếu",
    "left_on": "Ra khỏi sổ",
}


def changes(rows: Iterable[ImportRow]) -> list[Change]:
    """The facts that changed rows would change, one line a fact; what is sensitive is not shown."""
    names = dict(Indicator.objects.values_list("pk", "short_name"))
    rows = list(rows)
    heads = dict(
        Household.objects.filter(pk__in=[row.household_id for row in rows]).values_list("pk", "head_name")
    )
    return [
        Change(
            household=row.household_id,
            head_name=(row.household_id and heads.get(row.household_id)) or row.head_name or "",
            what=_FIELDS[field],
            before=_in_words(field, before, names, nothing="chưa có"),
            after=_in_words(field, after, names, nothing="trở lại sổ" if field == "left_on" else "trống"),
            row=row.row,
        )
        for row in rows
        for field, before, after in row.changes or []
    ]


def _in_words(field: str, value: Any, names: Mapping[str, str], *, nothing: str) -> str:
    if field in SENSITIVE or field == "identity":
        return NOT_SHOWN
    if field == "lacks" and value is not None:
        return ", ".join(names.get(one, one) for one in value) or "không thiếu"
    if value in (None, "", {}):
        return nothing
    match field:
        case "poverty":
            return str(PovertyClass(value).label)
        case "sex":
            return str(Sex(value).label)
        case "answers":
            return f"{len(value)} câu"
    return str(value)


@dataclass(frozen=True)
class Understood:
    """How one table was understood, in the words of the page."""

    sheet: str
    is_read: bool
    message: str
    head_rows: str
    columns: Sequence[tuple[str, str, str]]
    """(letter, heading, meaning in words)."""
    unclear: int


def understood(file: Import) -> list[Understood]:
    """Each table of the file, read or not."""
    options = options_of(file)
    return [
        Understood(
            sheet=table["sheet"],
            is_read=not table["why"],
            message=" ".join([table["message"], *table["notes"]]).strip(),
            head_rows=" và ".join(map(str, table["head_rows"])),
            columns=[
                (
                    address(1, column["column"])[:-1],
                    column["heading"] or "không có tiêu đề",
                    meaning_in_words(column["meaning"], options),
                )
                for column in table["columns"]
            ],
            unclear=sum(column["sure"] in ("ambiguous", "unknown") for column in table["columns"]),
        )
        for table in file.understanding.get("tables", [])
    ]


def in_words(row: ImportRow, names: Mapping[str, str]) -> str:
    """A row's household in a line: "Thôn 6, 3 khẩu, Hộ cận nghèo"."""
    said = [
        row.hamlet,
        f"{row.members} khẩu" if row.members else None,
        str(PovertyClass(row.poverty).label) if row.poverty else None,
        ", ".join(f"thiếu {names.get(one, one).lower()}" for one in row.lacks or []) or None,
    ]
    return ", ".join(filter(None, said))


def left_alone(file: Import) -> tuple[int, list[Household]]:
    """How many households of the file's units the file does not name, and the first few of them."""
    found = absent_from(file).order_by("code")
    return found.count(), list(found[:8])
