"""Taking back what a file wrote: all of it in one transaction, or nothing (hoàn tác cả lần nhập).

What stood before is in the history that triggers keep: of each row that the file changed, the event before the
file's own. Whether something was done since is known by the marks, the last event of each table when the file had
been written: whatever came later has a greater number, however clocks were set meanwhile.
"""

import json
import threading
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import psycopg.errors
from django.db import OperationalError, connection, models

from tiepcan.accounts.console import Doer
from tiepcan.audit.acts import act
from tiepcan.audit.history import event_model
from tiepcan.common import clock
from tiepcan.common.refusals import NotAllowed
from tiepcan.households import identity
from tiepcan.households.history import SENTENCES
from tiepcan.households.importing import matching
from tiepcan.households.models import Household, Import, ImportState, Pair, Review, keys_of
from tiepcan.households.workflow import may_import
from tiepcan.units.models import Unit

NAMED = 5
"""Households that a refusal names; of the others it says how many."""
PAUSES = (0.2, 0.5, 1.0, 2.0)
"""Seconds to wait after each try while somebody is at one of the households."""

STOPPED = "Đã dừng hoàn tác theo yêu cầu. Lần nhập giữ nguyên như đã ghi."
"""What is said of a file whose taking back somebody stopped."""

# The households that the file added or changed, in a table that lives as long as the transaction.
_TOUCHED = """
CREATE TEMPORARY TABLE touched ON COMMIT DROP AS
SELECT CASE WHEN outcome = 'accepted' THEN fresh ELSE household_id END AS id, outcome = 'accepted' AS added
FROM households_importrow WHERE file_id = %(file)s AND outcome IN ('accepted', 'changed')
"""
# Without waiting: whoever edits one of them holds it, and waits for the stamp that is held here.
_HELD = """
SELECT count(*) FROM (
  SELECT h.id FROM households_household h JOIN touched USING (id) ORDER BY h.id FOR UPDATE OF h NOWAIT
) AS held
"""
# An act of which only the table is known says nothing of what was done: the word is the table's.
_SINCE = """
SELECT e.{column} AS id, e.pgh_context_id, '{word}' AS word FROM {event} e JOIN touched ON touched.id = e.{column}
WHERE e.pgh_id > coalesce((%(marks)s::jsonb ->> '{event}')::bigint, 0) {condition}
"""
# A pair that somebody decided holds that person's word about a household that would be no more.
_DECIDED = """
SELECT p.{column} AS id, NULL::uuid, 'cặp nghi trùng đã quyết định' FROM households_pair p
JOIN touched ON touched.id = p.{column} WHERE touched.added AND p.state <> 'waiting'
"""
# Named as the file left them: one that moved since has another code, which is its new unit's to know.
_NAMED = """
SELECT left_as.code, left_as.head_name, hindered.word, hindered.verb FROM hindered
JOIN LATERAL (
  SELECT code, head_name FROM {households} e WHERE e.pgh_obj_id = hindered.id
    AND e.pgh_id <= (%(marks)s::jsonb ->> '{households}')::bigint
  ORDER BY pgh_id DESC LIMIT 1
) AS left_as ON true ORDER BY left_as.code LIMIT {limit}
"""
_LOCKED = """
SELECT round.year, unit.id, round.locked_at FROM households_reviewround round
JOIN units_unit unit ON unit.id = round.unit_id
WHERE round.locked_at IS NOT NULL AND (round.unit_id, round.year) IN (
  SELECT v.unit_id, v.year FROM earlier_review JOIN households_review v ON v.id = earlier_review.row_id
) ORDER BY unit.path LIMIT 1
"""
# Of each row its own last event, which must be the file's, and the one before it.
_EARLIER = """
CREATE TEMPORARY TABLE {name} ON COMMIT DROP AS
SELECT this.id AS row_id, mine.pgh_label = 'insert' AS added, was.pgh_id IS NOT NULL AS known, {columns}
FROM {rows}
JOIN LATERAL (
  SELECT pgh_id, pgh_label, pgh_context_id FROM {event} e WHERE e.pgh_obj_id = this.id ORDER BY pgh_id DESC LIMIT 1
) AS mine ON mine.pgh_context_id = %(context)s
LEFT JOIN LATERAL (
  SELECT * FROM {event} e WHERE e.pgh_obj_id = this.id AND e.pgh_id < mine.pgh_id ORDER BY pgh_id DESC LIMIT 1
) AS was ON true
"""
_HOUSEHOLD_ROWS = "touched AS this"
_REVIEW_ROWS = (
    "touched JOIN households_review this ON this.household_id = touched.id AND this.year = %(year)s"
)
_TO_RENAME = """
SELECT h.id, was.head_name, was.hamlet, was.code FROM earlier_household was
JOIN households_household h ON h.id = was.row_id
WHERE NOT was.added AND (h.head_name, h.hamlet, h.code) IS DISTINCT FROM (was.head_name, was.hamlet, was.code)
"""
_TO_DIGEST = """
SELECT h.id, was.identity FROM earlier_household was JOIN households_household h ON h.id = was.row_id
WHERE NOT was.added AND h.identity IS DISTINCT FROM was.identity
"""


def marks() -> dict[str, int]:
    """The last event of each table whose later events would hinder taking a file back, by the events' table."""
    watched: list[type[models.Model]] = [Household, Review, *(model for model, _ in _references())]
    tables = sorted({_events(model) for model in watched})
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name, coalesce(pg_sequence_last_value(pg_get_serial_sequence(name, 'pgh_id')::regclass), 0) "
            "FROM unnest(%s::text[]) AS name",
            [tables],
        )
        return dict(cursor.fetchall())


def last_day(file: Import) -> date | None:
    """The day until whose end the file can be taken back; None when it was not written."""
    if file.state != ImportState.DONE or file.finished_at is None:
        return None
    return file.finished_at.astimezone(clock.VIETNAM).date()


def why_not(file: Import) -> str | None:
    """Why what the file wrote cannot be taken back any more, as a sentence; None when it may be asked for."""
    if file.content_gone:
        return f"{file.content_gone} Không hoàn tác được nữa."
    until = last_day(file)
    if until is None:
        return "Chỉ hoàn tác được tệp đã ghi vào sổ."
    if clock.today() > until:
        return f"Chỉ hoàn tác được đến hết ngày {until:%d/%m/%Y}. Cần sửa thì sửa từng hộ, hoặc nhập lại tệp của số liệu cũ."
    if not file.marks:
        return "Tệp này được ghi trước khi có chức năng hoàn tác nên không hoàn tác được."
    return None


def take_back(file: Import, *, by: Doer) -> None:
    """Take back what the file wrote: added households go, changed ones and their reviews are as they were before.

    Their versions count on: a form that shows what the file wrote is not taken for one that shows what stands now.
    Raises NotAllowed, with nothing done, when something was done since to one of them, and for who may no longer keep
    the unit.
    """
    may_import(file.unit, by)
    for pause in PAUSES:
        try:
            _take_back(file, by)
        except OperationalError as problem:
            if not isinstance(problem.__cause__, psycopg.errors.LockNotAvailable):
                raise
            # Outside the act: what it held is free for whoever is at the household.
            threading.Event().wait(pause)
        else:
            return
    raise NotAllowed(_BUSY)


_BUSY = (
    "Có người đang sửa một hộ của lần nhập này nên chưa hoàn tác được. Sổ giữ nguyên; thử lại sau ít phút."
)
_UNKNOWN = (
    "Không hoàn tác được: lịch sử không có đủ số liệu trước khi ghi. Sổ giữ nguyên; báo người quản trị."
)


def _take_back(file: Import, by: Doer) -> None:
    with act("households.taken_back", by=by, reason=file.name):
        # First the stamps, as whoever writes a file: nobody else changes these units until the act ends.
        matching.stamps(file, hold=True)
        asked: dict[str, Any] = {
            "file": file.pk,
            "year": file.year,
            "context": _act_of(file),
            "marks": json.dumps(file.marks),
        }
        with matching.planned_for_bulk(), connection.cursor() as cursor:
            cursor.execute(_TOUCHED, asked)
            cursor.execute("ANALYZE touched")
            cursor.execute(_HELD)
            [held] = cursor.fetchone()
            _refuse_what_was_done_since(cursor, asked)
            for name, model, rows in (
                ("earlier_household", Household, _HOUSEHOLD_ROWS),
                ("earlier_review", Review, _REVIEW_ROWS),
            ):
                cursor.execute(
                    _EARLIER.format(
                        name=name,
                        rows=rows,
                        event=_events(model),
                        columns=", ".join(f"was.{column}" for column in _kept(model)),
                    ),
                    asked,
                )
                cursor.execute(f"ANALYZE {name}")
            _refuse_what_history_does_not_know(cursor, held)
            _refuse_a_locked_round(cursor)
            _restore(cursor)
            cursor.execute("DROP TABLE touched, earlier_household, earlier_review")
        Import.objects.filter(pk=file.pk).update(
            state=ImportState.UNDONE,
            undone_at=clock.now(),
            undone_by_name=by.full_name,
            stop_asked=False,
            message="",
            marks={},
            progress=0,
        )


def _act_of(file: Import) -> object:
    """The context of the act that wrote the file: the first in which it came to be written."""
    written = event_model(Import).objects.filter(pgh_obj=file.pk, state=ImportState.DONE).order_by("pgh_id")
    return written.values_list("pgh_context_id", flat=True).first()


def _references() -> list[tuple[type[models.Model], str]]:
    """Tables of any room that point to a household, with their column, beside reviews and pairs, looked at apart.

    As Django's own deletion finds them: rooms above are known by their foreign keys alone. Events and rows of files
    point without a constraint: they outlive what they point to. Of a table without history nobody can tell what is
    new; the foreign key itself keeps a household from going.
    """
    columns = [relation.remote_field for relation in Household._meta.related_objects]
    return [
        (column.model, column.column)
        for column in columns
        if getattr(column, "db_constraint", False)
        and getattr(column.model, "pgh_event_models", None)
        and column.model not in (Review, Pair)
    ]


def _events(model: type[models.Model]) -> str:
    return str(event_model(model)._meta.db_table)


def _kept(model: type[models.Model]) -> Sequence[str]:
    """Columns of a row that its events keep, beside its key and its version."""
    events = {field.column for field in event_model(model)._meta.concrete_fields}
    columns = [field.column for field in model._meta.concrete_fields if not field.primary_key]
    return [column for column in columns if column in events and column != "version"]


def _refuse_what_was_done_since(cursor: Any, asked: Mapping[str, Any]) -> None:
    since = [
        _SINCE.format(event=_events(Household), column="pgh_obj_id", word="", condition=""),
        _SINCE.format(event=_events(Review), column="household_id", word="", condition=""),
        *(
            _SINCE.format(
                event=_events(model),
                column=column,
                word=model._meta.verbose_name,
                condition="AND e.pgh_label = 'insert'",
            )
            for model, column in _references()
        ),
        *(_DECIDED.format(column=column) for column in ("first_id", "second_id")),
    ]
    cursor.execute(
        "CREATE TEMPORARY TABLE hindered ON COMMIT DROP AS "
        "SELECT DISTINCT ON (done.id) done.id, done.word, context.metadata ->> 'verb' AS verb FROM "
        f"({' UNION ALL '.join(since)}) AS done "
        "LEFT JOIN pghistory_context context ON context.id = done.pgh_context_id "
        # An act on the household itself says more than the table of what points to it.
        "ORDER BY done.id, done.word, context.metadata ->> 'at' DESC",
        asked,
    )
    cursor.execute("SELECT count(*) FROM hindered")
    [number] = cursor.fetchone()
    if number:
        cursor.execute(_NAMED.format(households=_events(Household), limit=NAMED), asked)
        named = [
            f"{code} {name} ({(word or SENTENCES.get(verb, 'Thay đổi ngoài chương trình')).lower()})"
            for code, name, word, verb in cursor.fetchall()
        ]
        others = f" và {number - NAMED} hộ khác" if number > NAMED else ""
        raise NotAllowed(
            f"Không hoàn tác được, sổ giữ nguyên. Sau khi ghi tệp đã có thay đổi ở hộ {', '.join(named)}{others}. "
            "Cần sửa thì sửa từng hộ."
        )
    cursor.execute("DROP TABLE hindered")


def _refuse_what_history_does_not_know(cursor: Any, held: int) -> None:
    """Every household of the file must be there, with the file's own event and, if it was changed, one before it."""
    cursor.execute("SELECT count(*), count(*) FILTER (WHERE added) FROM touched")
    touched, added = cursor.fetchone()
    cursor.execute(
        "SELECT count(*), count(*) FILTER (WHERE added), count(*) FILTER (WHERE NOT added AND NOT known) "
        "FROM earlier_household"
    )
    if cursor.fetchone() != (touched, added, 0) or held != touched:
        raise NotAllowed(_UNKNOWN)
    cursor.execute("SELECT count(*) FROM earlier_review WHERE NOT added AND NOT known")
    if cursor.fetchone() != (0,):
        raise NotAllowed(_UNKNOWN)


def _refuse_a_locked_round(cursor: Any) -> None:
    cursor.execute(_LOCKED)
    if found := cursor.fetchone():
        year, unit, locked_at = found
        raise NotAllowed(
            f"Không hoàn tác được, sổ giữ nguyên: đợt rà soát cuối năm {year} của "
            f"{Unit.objects.get(pk=unit).full_name} đã khóa ngày {locked_at.astimezone(clock.VIETNAM):%d/%m/%Y}. "
            "Đề nghị cơ quan điều phối của cấp trên mở lại đợt đó, rồi hoàn tác."
        )


def _restore(cursor: Any) -> None:
    cursor.execute(
        "DELETE FROM households_review v USING earlier_review was WHERE v.id = was.row_id AND was.added"
    )
    cursor.execute(
        f"UPDATE households_review v SET {_as_before(Review)} FROM earlier_review was "
        "WHERE v.id = was.row_id AND NOT was.added"
    )
    for record in ("first_id", "second_id"):
        cursor.execute(
            f"DELETE FROM households_pair p USING touched WHERE p.{record} = touched.id AND touched.added"
        )
    cursor.execute(
        "DELETE FROM households_household h USING earlier_household was WHERE h.id = was.row_id AND was.added"
    )
    cursor.execute(_TO_RENAME)
    renamed = [(key, *keys_of(name, hamlet, code)) for key, name, hamlet, code in cursor.fetchall()]
    cursor.execute(_TO_DIGEST)
    numbered = [
        (key, None if cipher is None else identity.sealed(identity.opened(cipher)).digest)
        for key, cipher in cursor.fetchall()
    ]
    cursor.execute(
        "CREATE TEMPORARY TABLE fresh_key ON COMMIT DROP AS SELECT * "
        "FROM unnest(%s::uuid[], %s::text[], %s::text[]) AS fresh (id, search_key, sort_key)",
        [list(column) for column in zip(*renamed, strict=True)] or [[], [], []],
    )
    cursor.execute(
        "CREATE TEMPORARY TABLE fresh_digest ON COMMIT DROP AS SELECT * "
        "FROM unnest(%s::uuid[], %s::bytea[]) AS fresh (id, digest)",
        [list(column) for column in zip(*numbered, strict=True)] or [[], []],
    )
    # One statement for all of a row: history gets one event, with the version that counts on.
    cursor.execute(
        f"UPDATE households_household h SET {_as_before(Household)}, "
        "search_key = coalesce(fresh_key.search_key, h.search_key), "
        "sort_key = coalesce(fresh_key.sort_key, h.sort_key), "
        "identity_digest = CASE WHEN fresh_digest.id IS NULL THEN h.identity_digest ELSE fresh_digest.digest END, "
        "version = h.version + 1 "
        "FROM earlier_household was LEFT JOIN fresh_key ON fresh_key.id = was.row_id "
        "LEFT JOIN fresh_digest ON fresh_digest.id = was.row_id "
        "WHERE h.id = was.row_id AND NOT was.added"
    )
    cursor.execute("DROP TABLE fresh_key, fresh_digest")


def _as_before(model: type[models.Model]) -> str:
    return ", ".join(f"{column} = was.{column}" for column in _kept(model))
