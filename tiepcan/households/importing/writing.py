"""Writing a file's rows into the registry: all of them in one transaction, or none."""

from typing import Any

from django.db import connection

from tiepcan.accounts.console import Doer
from tiepcan.audit.acts import act
from tiepcan.common import clock
from tiepcan.common.refusals import Stale
from tiepcan.households.importing import matching, undoing
from tiepcan.households.models import Import, ImportState, keys_of
from tiepcan.households.workflow import may_import
from tiepcan.units.models import Unit

_CODES = """
WITH numbered AS (
  SELECT r.id, row_number() OVER (ORDER BY r.id) AS n FROM households_importrow r
  WHERE r.file_id = %(file)s AND r.outcome = 'accepted' AND r.unit_id = %(unit)s AND r.code IS NULL
), last AS (
  SELECT coalesce(max(substring(code FROM %(pattern)s)::bigint), 0) AS number FROM households_household
  WHERE unit_id = %(unit)s AND code ~ %(pattern)s
)
UPDATE households_importrow r SET code = %(prefix)s || lpad((last.number + n)::text, 2, '0')
FROM numbered, last WHERE r.id = numbered.id
"""
_HOUSEHOLDS = """
INSERT INTO households_household (id, unit_id, code, head_name, birth_year, sex, ethnicity, disability, identity,
  identity_digest, hamlet, members, left_why, search_key, sort_key, version)
SELECT fresh, unit_id, code, head_name, birth_year, coalesce(sex, ''), coalesce(ethnicity, ''), disability, identity,
  identity_digest, coalesce(hamlet, ''), coalesce(members, 1), '', search_key, sort_key, 1
FROM households_importrow WHERE file_id = %(file)s AND outcome = 'accepted'
"""
_RENAMED = "(coalesce(r.head_name, h.head_name) <> h.head_name OR coalesce(r.hamlet, h.hamlet) <> h.hamlet)"
_TO_RENAME = f"""
SELECT r.id, coalesce(r.head_name, h.head_name), coalesce(r.hamlet, h.hamlet), h.code
FROM households_importrow r JOIN households_household h ON h.id = r.household_id
WHERE r.file_id = %(file)s AND r.outcome = 'changed' AND {_RENAMED}
"""
_NEW_KEYS = """
UPDATE households_importrow r SET search_key = fresh.search_key, sort_key = fresh.sort_key
FROM unnest(%s::bigint[], %s::text[], %s::text[]) AS fresh (id, search_key, sort_key) WHERE r.id = fresh.id
"""
_CHANGED = f"""
UPDATE households_household h SET
  head_name = coalesce(r.head_name, h.head_name), birth_year = coalesce(r.birth_year, h.birth_year),
  sex = coalesce(r.sex, h.sex), ethnicity = coalesce(r.ethnicity, h.ethnicity),
  disability = coalesce(r.disability, h.disability),
  identity = CASE WHEN r.identity_digest IS DISTINCT FROM h.identity_digest
    THEN coalesce(r.identity, h.identity) ELSE h.identity END,
  identity_digest = coalesce(r.identity_digest, h.identity_digest),
  hamlet = coalesce(r.hamlet, h.hamlet), members = coalesce(r.members, h.members),
  search_key = CASE WHEN {_RENAMED} THEN r.search_key ELSE h.search_key END,
  sort_key = CASE WHEN {_RENAMED} THEN r.sort_key ELSE h.sort_key END,
  left_on = NULL, left_why = '', version = h.version + 1
FROM households_importrow r
WHERE r.file_id = %(file)s AND r.outcome = 'changed' AND h.id = r.household_id
"""
_REVIEWS = """
INSERT INTO households_review (household_id, unit_id, year, poverty, lacks, answers, readings, income_score,
  deprivation_score, standing)
SELECT coalesce(r.household_id, r.fresh), r.unit_id, %(year)s, r.poverty, coalesce(r.lacks, '{}'), coalesce(r.answers, '{}'::jsonb),
  coalesce(r.readings, '{}'::jsonb), r.income_score, r.deprivation_score, true
FROM households_importrow r WHERE r.file_id = %(file)s AND r.poverty IS NOT NULL
  AND (r.outcome = 'accepted' OR (r.outcome = 'changed' AND NOT EXISTS (
    SELECT FROM households_review v WHERE v.household_id = r.household_id AND v.year = %(year)s)))
"""
_REVIEWED_ANEW = """
UPDATE households_review v SET
  poverty = coalesce(r.poverty, v.poverty), lacks = coalesce(r.lacks, v.lacks),
  answers = coalesce(r.answers, v.answers), readings = coalesce(r.readings, v.readings),
  income_score = coalesce(r.income_score, v.income_score),
  deprivation_score = coalesce(r.deprivation_score, v.deprivation_score)
FROM households_importrow r
WHERE r.file_id = %(file)s AND r.outcome = 'changed' AND v.household_id = r.household_id AND v.year = %(year)s
  AND v.unit_id = r.unit_id AND (v.poverty, v.lacks, v.answers, v.income_score, v.deprivation_score) IS DISTINCT FROM
    (coalesce(r.poverty, v.poverty), coalesce(r.lacks, v.lacks), coalesce(r.answers, v.answers),
     coalesce(r.income_score, v.income_score), coalesce(r.deprivation_score, v.deprivation_score))
"""


def write(file: Import, *, by: Doer) -> None:
    """Write what the preview showed. Raises Stale, and writes nothing, when the registry changed since.

    Rows that were refused stay out. Raises NotAllowed for who may no longer keep the file's unit: between the asking
    and the writing an account can be closed.
    """
    may_import(file.unit, by)
    with act("households.imported", by=by, reason=file.name):
        if matching.stamps(file, hold=True) != file.stamps:
            raise Stale(
                "Sổ đã thay đổi từ lúc xem trước nên chưa ghi gì. Xem lại các thay đổi dưới đây rồi ghi."
            )
        asked: dict[str, Any] = {"file": file.pk, "year": file.year}
        with matching.planned_for_bulk(), connection.cursor() as cursor:
            for unit in Unit.objects.filter(pk__in=_units_without_codes(file)):
                prefix = f"{''.join(word[0] for word in unit.name.split()).upper()}-"
                pattern = f"^{prefix}([0-9]{{1,9}})$"
                cursor.execute(_CODES, asked | {"unit": unit.pk, "prefix": prefix, "pattern": pattern})
            cursor.execute(_HOUSEHOLDS, asked)
            cursor.execute(_TO_RENAME, asked)
            renamed = [(row, *keys_of(name, hamlet, code)) for row, name, hamlet, code in cursor.fetchall()]
            cursor.execute(_NEW_KEYS, [list(column) for column in zip(*renamed, strict=True)] or [[], [], []])
            cursor.execute(_CHANGED, asked)
            cursor.execute(_REVIEWED_ANEW, asked)
            cursor.execute(_REVIEWS, asked)
        from tiepcan.households.tasks import look_for_alike

        # Beside the writing and not in it: likeness takes longer than all the rest, and only asks a person.
        look_for_alike.defer(key=str(file.pk))
        Import.objects.filter(pk=file.pk).update(
            state=ImportState.DONE,
            finished_at=clock.now(),
            stop_asked=False,
            message="",
            # Last of all: what comes after them was done since.
            marks=undoing.marks(),
        )


def _units_without_codes(file: Import) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT unit_id FROM households_importrow "
            "WHERE file_id = %s AND outcome = 'accepted' AND code IS NULL ORDER BY unit_id",
            [file.pk],
        )
        return [unit for (unit,) in cursor.fetchall()]
