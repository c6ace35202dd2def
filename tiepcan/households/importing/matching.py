"""The file's rows beside the registry: which household each means, and what it would change. Set-based, in SQL.

Every statement takes the file's key; `settle` runs them in their order and leaves no row without an outcome.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef

from tiepcan.households.models import (
    SENSITIVE,
    Household,
    HouseholdQuerySet,
    Import,
    ImportRow,
    Review,
    RowOutcome,
)

_GOOD = "r.file_id = %(file)s AND r.outcome = 'accepted'"
"""Rows that were read well, and those still thought new; the others are refused, skipped, or known."""

# Which household of the registry a row means, in a table that lives as long as the transaction: rows are wide, and
# each is written once more at most. Lists without codes: the head's identity number, then the same name, birth year
# and hamlet; never one of several.
KNOWN = f"""
CREATE TEMPORARY TABLE known ON COMMIT DROP AS
SELECT r.id, coalesce(h.merged_into_id, h.id) AS household FROM households_importrow r
JOIN households_household h ON h.unit_id = r.unit_id AND h.code = r.code WHERE {_GOOD}
"""
BY_IDENTITY = f"""
INSERT INTO known
SELECT r.id, min(h.id::text)::uuid FROM households_importrow r
JOIN households_household h ON h.identity_digest = r.identity_digest AND h.unit_id = r.unit_id
WHERE {_GOOD} AND r.code IS NULL AND h.merged_into_id IS NULL
GROUP BY r.id HAVING count(*) = 1
"""
BY_NAME = f"""
INSERT INTO known
SELECT r.id, min(h.id::text)::uuid FROM households_importrow r
JOIN households_household h ON h.unit_id = r.unit_id AND h.sort_key = r.sort_key
  AND lower(h.head_name) = lower(r.head_name)
  AND (h.birth_year = r.birth_year OR (h.birth_year IS NULL AND r.birth_year IS NULL))
  AND (r.hamlet IS NULL OR h.hamlet = r.hamlet)
WHERE {_GOOD} AND r.code IS NULL AND h.merged_into_id IS NULL AND r.id NOT IN (SELECT id FROM known)
GROUP BY r.id HAVING count(*) = 1
"""

_PROBLEM = """
INSERT INTO households_importproblem (file_id, sheet, row, "column", code, message, value)
SELECT %(file)s, sheet, row, 0, '{code}', {message}, {value} FROM bad
"""
_REJECTED = """
rejected AS (
  UPDATE households_importrow r SET outcome = 'rejected', reason = left({message}, 300)
  FROM bad WHERE r.id = bad.id
)
"""


def _rejects(code: str, bad: str, message: str, value: str = "''") -> str:
    """Rows that `bad` selects (id, sheet, row and what the message wants) are refused, each with a problem."""
    return (
        f"WITH bad AS ({bad}), {_REJECTED.format(message=message)}"
        f"{_PROBLEM.format(code=code, message=f'left({message}, 400)', value=f'left({value}, 200)')}"
    )


LOCKED = _rejects(
    "round_locked",
    f"""
    SELECT r.id, r.sheet, r.row FROM households_importrow r
    JOIN households_reviewround round ON round.unit_id = r.unit_id AND round.year = %(year)s
    WHERE {_GOOD} AND round.locked_at IS NOT NULL AND r.poverty IS NOT NULL
    """,
    "'Đợt rà soát cuối năm ' || %(year)s || ' đã khóa. Đề nghị cơ quan điều phối mở lại trước khi nhập.'",
)
NO_UNIT = _rejects(
    "unit_unknown",
    f"SELECT r.id, r.sheet, r.row FROM households_importrow r WHERE {_GOOD} AND r.unit_id IS NULL",
    "'Chưa rõ dòng này thuộc phường, xã nào. Chọn phường, xã của tệp, hoặc thêm cột “Phường, xã”.'",
)
TWICE = _rejects(
    "household_twice",
    f"""
    SELECT id, sheet, row, code, first FROM (
      SELECT r.id, r.sheet, r.row, coalesce(r.code, '') AS code,
             first_value(r.row) OVER same AS first, row_number() OVER same AS n
      FROM households_importrow r JOIN known USING (id) WHERE {_GOOD}
      WINDOW same AS (PARTITION BY known.household ORDER BY r.id)
    ) AS numbered WHERE n > 1
    """,
    "'Dòng này và dòng ' || bad.first || ' cùng là một hộ trong sổ. Giữ một dòng.'",
    "bad.code",
)
# The code is known, but nothing else fits: most likely the code was typed into another household's row.
OF_ANOTHER = _rejects(
    "code_of_another",
    f"""
    SELECT r.id, r.sheet, r.row, r.code, h.head_name, h.birth_year FROM households_importrow r
    JOIN known USING (id) JOIN households_household h ON h.id = known.household
    WHERE {_GOOD} AND r.code IS NOT NULL AND r.sort_key <> h.sort_key
      AND r.birth_year IS DISTINCT FROM h.birth_year AND r.birth_year IS NOT NULL AND h.birth_year IS NOT NULL
      AND coalesce(r.hamlet, '') <> h.hamlet
    """,
    "'Số hồ sơ ' || bad.code || ' trong sổ là hộ ' || bad.head_name || coalesce(', sinh ' || bad.birth_year, '')"
    " || ': khác cả tên, năm sinh và thôn. Sửa số hồ sơ trong tệp.'",
    "bad.code",
)
NO_CLASS = _rejects(
    "class_missing",
    f"""
    SELECT r.id, r.sheet, r.row FROM households_importrow r
    WHERE {_GOOD} AND r.poverty IS NULL AND r.id NOT IN (SELECT id FROM known)
    """,
    "'Hộ mới phải có phân loại (hộ nghèo, cận nghèo…). Thêm cột “Phân loại” vào tệp.'",
)


# A file that asks of two indicators says nothing of the other eight: what the registry knows of them stays.
UNCOVERED = f"""
UPDATE households_importrow r SET lacks = ARRAY(
  SELECT one FROM (
    SELECT unnest(v.lacks) AS one EXCEPT SELECT unnest(%(covered)s::varchar[])
    UNION SELECT unnest(r.lacks)
  ) AS all_of_them ORDER BY one COLLATE "C"
)
FROM households_review v, known
WHERE {_GOOD} AND r.sheet = %(sheet)s AND known.id = r.id AND v.household_id = known.household AND v.year = %(year)s
  AND r.lacks IS NOT NULL AND NOT v.lacks <@ %(covered)s::varchar[]
"""


def _fact(name: str, *, shown: bool = True, equal: str | None = None) -> str:
    """SQL of one fact's difference as [[name, before, after]]; a fact that the file does not say is no difference."""
    before, after = (f"to_jsonb(h.{name})", f"to_jsonb(r.{name})") if shown else ("'null'", "'null'")
    same = equal or f"h.{name} IS NOT DISTINCT FROM r.{name}"
    return (
        f"CASE WHEN r.{name} IS NULL OR {same} THEN '[]'::jsonb "
        f"ELSE jsonb_build_array(jsonb_build_array('{name}', {before}, {after})) END"
    )


def _finding(name: str) -> str:
    return (
        # What another unit found before the household moved here stays as that unit reported it.
        f"CASE WHEN r.{name} IS NULL OR v.{name} IS NOT DISTINCT FROM r.{name} OR v.unit_id <> r.unit_id "
        "THEN '[]'::jsonb "
        f"ELSE jsonb_build_array(jsonb_build_array('{name}', to_jsonb(v.{name}), to_jsonb(r.{name}))) END"
    )


FACTS = ("head_name", "birth_year", "sex", "hamlet", "members")
FINDINGS = ("poverty", "lacks", "income_score", "deprivation_score", "answers")

_CHANGES = " || ".join(
    [
        *(_fact(name) for name in FACTS),
        *(_fact(name, shown=False) for name in SENSITIVE),
        _fact(
            "identity",
            shown=False,
            equal="h.identity_digest IS NOT DISTINCT FROM r.identity_digest",
        ),
        *(_finding(name) for name in FINDINGS),
        "CASE WHEN h.left_on IS NULL THEN '[]'::jsonb ELSE "
        "jsonb_build_array(jsonb_build_array('left_on', to_jsonb(h.left_on), NULL)) END",
    ]
)
COMPARED = f"""
UPDATE households_importrow r SET
  household_id = difference.household, changes = difference.changes,
  outcome = CASE WHEN difference.changes = '[]'::jsonb THEN 'unchanged' ELSE 'changed' END
FROM (
  SELECT r.id, known.household, {_CHANGES} AS changes FROM households_importrow r
  JOIN known USING (id) JOIN households_household h ON h.id = known.household
  LEFT JOIN households_review v ON v.household_id = h.id AND v.year = %(year)s
  WHERE {_GOOD}
) AS difference WHERE r.id = difference.id
"""

FINDING = (KNOWN, BY_IDENTITY, BY_NAME, "ANALYZE known")
REFUSING = (NO_UNIT, LOCKED, TWICE, OF_ANOTHER, NO_CLASS)


def settle(file: Import) -> None:
    """Give every row of the file that was read well its household and its outcome, within the transaction under way.

    Rows come as `accepted`; those that the registry knows become `changed` or `unchanged`, those that cannot be taken
    `rejected`. `file.stamps` tells of which state of the registry this was said.
    """
    asked: dict[str, Any] = {"file": file.pk, "year": file.year}
    # First the stamps: what changes after them is seen by the next look at them.
    file.stamps = stamps(file)
    with planned_for_bulk(), connection.cursor() as cursor:
        for statement in (*FINDING, *REFUSING):
            cursor.execute(statement, asked)
        for sheet, covered in file.covered.items():
            cursor.execute(UNCOVERED, asked | {"sheet": sheet, "covered": covered})
        cursor.execute(COMPARED, asked)
        cursor.execute("DROP TABLE known")


def unsettle(file: Import) -> None:
    """Take back what `settle` said, so that it can be asked again of a registry that changed meanwhile."""
    with connection.cursor() as cursor:
        cursor.execute('DELETE FROM households_importproblem WHERE file_id = %s AND "column" = 0', [file.pk])
        cursor.execute(
            "UPDATE households_importrow r SET outcome = 'accepted', reason = '', household_id = NULL, "
            "changes = NULL WHERE r.file_id = %s AND outcome <> 'skipped' AND NOT EXISTS (SELECT FROM "
            "households_importproblem p WHERE p.file_id = r.file_id AND p.sheet = r.sheet AND p.row = r.row)",
            [file.pk],
        )


def stamps(file: Import, *, hold: bool = False) -> dict[str, int]:
    """How often each unit of the file's rows changed so far; with `hold` nobody else changes them until the act ends."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT unit_id FROM households_importrow WHERE file_id = %s AND unit_id IS NOT NULL",
            [file.pk],
        )
        units = sorted(unit for (unit,) in cursor.fetchall())
        cursor.execute(
            "INSERT INTO households_stamp (unit_id, number) SELECT unit, 0 FROM unnest(%s::varchar[]) AS unit "
            "ORDER BY unit ON CONFLICT DO NOTHING",
            [units],
        )
        cursor.execute(
            "SELECT unit_id, number FROM households_stamp WHERE unit_id = ANY(%s) ORDER BY unit_id"
            + (" FOR UPDATE" if hold else ""),
            [units],
        )
        return dict(cursor.fetchall())


def counted(file: Import) -> dict[str, int]:
    """Rows by outcome; every outcome is there."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT outcome, count(*) FROM households_importrow WHERE file_id = %s GROUP BY outcome",
            [file.pk],
        )
        found = dict(cursor.fetchall())
    return {outcome.value: found.get(outcome.value, 0) for outcome in RowOutcome}


@contextmanager
def planned_for_bulk() -> Iterator[None]:
    """Let statements over many rows sort and hash in memory."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '64MB'")
    yield


def absent_from(file: Import) -> HouseholdQuerySet:
    """Households of the file's units that the last review lists and the file does not name: they stay as they are."""
    lines = ImportRow.objects.filter(file=file)
    before = Review.objects.filter(household=OuterRef("pk"), standing=True, year__gte=file.year - 1)
    return Household.objects.listed().filter(
        Exists(before),
        ~Exists(lines.filter(household=OuterRef("pk"))),
        # A row that was refused names its household all the same.
        ~Exists(lines.filter(unit=OuterRef("unit"), code=OuterRef("code"))),
        unit__in=lines.filter(unit__isnull=False).values("unit"),
    )
