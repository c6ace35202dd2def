"""From a file's bytes to rows beside the registry: the limited child says what they are, COPY stores them."""

import json
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from tiepcan.common import clock
from tiepcan.households import identity
from tiepcan.households.findings import concluded
from tiepcan.households.importing import matching
from tiepcan.households.models import ColumnChoice, Import, RowOutcome
from tiepcan.households.sheets.lines import COLUMNS
from tiepcan.households.sheets.records import Indicator, Options, Question
from tiepcan.intake import nursery
from tiepcan.intake.document import TOO_MUCH, Unreadable
from tiepcan.standards.models import Reading, Standard, YesMeans
from tiepcan.standards.queries import classes_of, definitions_of, readings_for, standard_of
from tiepcan.units.models import Unit
from tiepcan.units.names import How, match

CHILD = "tiepcan.households.sheets.child"
EVERY = 2_000
"""Rows between two looks at the clock: progress is told, and a wish to stop is heard."""

_STORED = (
    "file_id", "sheet", "row", "outcome", "reason", "unit_id", "code", "head_name", "birth_year", "sex",
    "ethnicity", "disability", "identity", "identity_digest", "hamlet", "members", "poverty", "income_score",
    "deprivation_score", "lacks", "answers", "readings", "note", "open", "search_key", "sort_key",
)  # fmt: skip
_NONE = rb"\N"
_ENOUGH = ("head_name", "birth_year", "members", "poverty")
"""A row with these and without a code is a household: one of the registry by its name, or a new one that gets a code."""


@dataclass
class _Told:
    """What the child told beside the rows."""

    tables: list[dict[str, Any]] = field(default_factory=list)
    summary: dict[str, Any] = field(default_factory=dict)
    problems: list[dict[str, Any]] = field(default_factory=list)
    skipped: list[dict[str, Any]] = field(default_factory=list)
    rows: int = 0


@dataclass(frozen=True)
class _Ground:
    """What the file's year and place say, asked of the database once."""

    standard: Standard
    readings: Mapping[str, Reading]
    units: Sequence[Unit]


def _ground_of(file: Import) -> _Ground:
    standard = standard_of(file.year)
    return _Ground(standard, readings_for(file.unit, standard), units_of(file))


def options_of(file: Import) -> Options:
    """What the child must know: the year's standard, the units that may appear, and what was chosen for columns."""
    return _options(file, _ground_of(file))


def _options(file: Import, ground: _Ground) -> Options:
    standard = ground.standard
    return Options(
        year=file.year,
        classes=tuple(classes_of(standard)),
        indicators=tuple(
            Indicator(d.indicator_id, d.number or 0, d.name, d.indicator.short_name)
            for d in definitions_of(standard)
        ),
        questions=tuple(
            {
                question.pk: Question(question.pk, question.text)
                for reading in ground.readings.values()
                for question in reading.questions.all()
                if question.yes_means == YesMeans.HAS
            }.values()
        ),
        choices={
            **dict(ColumnChoice.objects.filter(unit=file.unit).values_list("heading", "meaning")),
            **file.choices,
        },
        unit_names=tuple(unit.full_name for unit in ground.units),
    )


def units_of(file: Import) -> list[Unit]:
    """The wards and communes that a file may speak of: the file's unit, or those below it today."""
    below = Unit.objects.within(file.unit).valid_on(clock.today()).filter(children__isnull=True)
    return list(below.order_by("path"))


def read(file: Import, content: Iterable[bytes], passed: Callable[[int], None] = lambda rows: None) -> None:
    """Read a file and lay it beside the registry, within the transaction under way; what an earlier reading left goes.

    `content` is the file's bytes, in pieces. `passed` is told how many rows were read, now and then; what it raises ends the reading. Raises Unreadable with a
    sentence when the file is none that can be read.
    """
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM households_importrow WHERE file_id = %s", [file.pk])
        cursor.execute("DELETE FROM households_importproblem WHERE file_id = %s", [file.pk])
    told = _stored(file, content, passed)
    file.understanding = {"tables": told.tables, "summary": told.summary}
    matching.settle(file)
    counts = matching.counted(file)
    for outcome, number in counts.items():
        setattr(file, outcome, number)
    file.rows = sum(counts.values())


def _stored(file: Import, content: Iterable[bytes], passed: Callable[[int], None]) -> _Told:
    told, ground = _Told(), _ground_of(file)
    row_of = _row_maker(file, ground)
    at = {name: n for n, name in enumerate(COLUMNS)}
    enough = [at[name] for name in _ENOUGH]
    with _child(file, _options(file, ground), content) as child, connection.cursor() as cursor:
        with cursor.copy(f"COPY households_importrow ({', '.join(_STORED)}) FROM STDIN") as copy:
            for line in child.stdout:
                kind, _, rest = line.rstrip(b"\n").partition(b"\t")
                if kind == b"R":
                    fields = rest.split(b"\t")
                    if _only_its_code_is_missing(told, fields[at["problems"]]) and _NONE not in [
                        fields[n] for n in enough
                    ]:
                        told.problems.pop()
                        fields[at["problems"]] = b"0"
                    copy.write(row_of(fields))
                    told.rows += 1
                    if told.rows % EVERY == 0:
                        passed(told.rows)
                elif kind == b"X":
                    raise Unreadable(rest.decode())
                else:
                    _hear(told, kind, json.loads(rest))
        if not told.summary:
            raise Unreadable(TOO_MUCH)
        _store_problems(file, told, cursor)
        _store_skipped(file, told, cursor)
    return told


def _only_its_code_is_missing(told: _Told, problems: bytes) -> bool:
    """Whether the one thing wrong with the row just told (its problems come first) is that it has no code."""
    return problems == b"1" and told.problems[-1]["code"] == "code_missing"


def _hear(told: _Told, kind: bytes, said: dict[str, Any]) -> None:
    match kind:
        case b"U":
            told.tables.append(said)
        case b"P":
            told.problems.append(said)
        case b"S":
            told.skipped.append(said)
        case b"E":
            told.summary = said


def _child(file: Import, options: Options, content: Iterable[bytes]) -> nursery.Child:
    """The limited child at work on the file; it ends with the block, whatever happens in it."""
    with tempfile.TemporaryFile() as given:
        given.write(json.dumps(options.as_plain()).encode() + b"\n")
        given.writelines(content)
        given.seek(0)
        return nursery.begin(CHILD, [file.name], given)


def _row_maker(file: Import, ground: _Ground) -> Callable[[Sequence[bytes]], bytes]:
    """The function that turns the child's fields into a line for COPY: seals the identity number, finds the unit."""
    at = {name: n for n, name in enumerate(COLUMNS)}
    units = {unit.full_name: unit for unit in ground.units}
    only = next(iter(units.values())).pk.encode() if len(units) == 1 else _NONE
    unit_keys: dict[bytes, bytes] = {_NONE: only}
    records = [unit.record() for unit in units.values()]
    readings = ground.readings
    file_key = str(file.pk).encode()
    plain = [at[name] for name in ("code", "head_name", "birth_year", "sex", "ethnicity", "disability")]
    later = [at[n] for n in ("hamlet", "members", "poverty", "income_score", "deprivation_score")]
    last = [at[name] for name in ("note", "open", "search_key", "sort_key")]
    sheet, row, unit, number = at["sheet"], at["row"], at["unit"], at["identity"]
    lacks, answers, problems = at["lacks"], at["answers"], at["problems"]

    def unit_of(written: bytes) -> bytes:
        known = unit_keys.get(written)
        if known is None:
            found = match(written.decode(), records)
            named = found.unit if found.how in (How.EXACT, How.CORRECTED) else None
            known = unit_keys[written] = named.id.encode() if named else _NONE
        return known

    def line(fields: Sequence[bytes]) -> bytes:
        refused = fields[problems] != b"0"
        kept = identity.sealed(fields[number].decode()) if fields[number] != _NONE else None
        told, decided = fields[lacks], _NONE
        if fields[answers] not in (_NONE, b"{}"):
            told, decided = _concluded(told, fields[answers], readings)
        return (
            b"\t".join(
                (
                    file_key,
                    fields[sheet],
                    fields[row],
                    b"rejected" if refused else b"accepted",
                    _CELLS_WRONG if refused else b"",
                    unit_of(fields[unit]),
                    *[fields[n] for n in plain],
                    rb"\\x" + kept.cipher.hex().encode() if kept else _NONE,
                    rb"\\x" + kept.digest.hex().encode() if kept else _NONE,
                    *[fields[n] for n in later],
                    told,
                    fields[answers],
                    decided,
                    *[fields[n] for n in last],
                )
            )
            + b"\n"
        )

    return line


_CELLS_WRONG = "Có ô sai".encode()


def _concluded(told: bytes, answers: bytes, readings: Mapping[str, Reading]) -> tuple[bytes, bytes]:
    """Lacks and readings as COPY wants them."""
    ticked = [] if told == _NONE else filter(None, told.decode().strip("{}").split(","))
    lacking, decided = concluded(ticked, json.loads(answers), readings)
    return f"{{{','.join(lacking)}}}".encode(), json.dumps(decided).encode()


def _store_problems(file: Import, told: _Told, cursor: Any) -> None:
    with cursor.copy(
        'COPY households_importproblem (file_id, sheet, row, "column", code, message, value) FROM STDIN'
    ) as copy:
        for one in told.problems:
            copy.write_row(
                (
                    file.pk,
                    one["sheet"][:120],
                    one["row"],
                    one["column"],
                    one["code"],
                    one["message"][:400],
                    one["written"][:200],
                )
            )


_SKIPPED = {
    "blank": "Dòng trống",
    "repeated_head": "Dòng tiêu đề lặp lại",
    "numbering": "Dòng đánh số cột",
    "total": "Dòng cộng",
    "group": "Dòng tên thôn, tổ",
    "note": "Ghi chú",
    "signature": "Chỗ ký",
    "member": "Dòng của thành viên trong hộ",
}


def _store_skipped(file: Import, told: _Told, cursor: Any) -> None:
    """Skipped rows that hold words are rows of the count, too; blank ones are none."""
    with cursor.copy("COPY households_importrow (file_id, sheet, row, outcome, reason) FROM STDIN") as copy:
        for one in told.skipped:
            if one["why"] == "blank":
                continue
            reason = _SKIPPED[one["why"]]
            for row in range(one["row"], one["last"] + 1):
                text = f"{reason}: {one['text']}" if one["text"] else reason
                copy.write_row((file.pk, one["sheet"][:120], row, RowOutcome.SKIPPED.value, text[:300]))
