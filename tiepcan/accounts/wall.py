"""The second wall around personal rows: PostgreSQL's row security, under the querysets' `visible_to`.

While a request is answered the connection works in a role that owns no table, and personal tables show it the rows of
one unit's subtree alone; without a scope it sees none. Commands and migrations work as the owner, outside the wall.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DatabaseError, connection
from django.db.migrations import RunSQL

ROLE = "tiepcan_web"
_SCOPE = "tiepcan.scope"


def in_scope(column: str = "unit_id") -> str:
    """The unit that the column names is within the scope."""
    return (
        f"coalesce(current_setting('{_SCOPE}', true), '') <> '' AND EXISTS (SELECT FROM units_unit AS place "
        f"WHERE place.id = {column} AND starts_with(place.path, current_setting('{_SCOPE}', true)))"
    )


IN_SCOPE = in_scope()
"""Of a table with a `unit_id`: the row belongs to the scope."""


def of(table: str, key: str) -> str:
    """The row belongs to a row of another walled table, which shows itself only within the scope."""
    return f"EXISTS (SELECT FROM {table} AS owner WHERE owner.id = {key})"


def walled(table: str, condition: str) -> RunSQL:
    """The migration's step that shows the web role only the rows of a table for which the condition holds."""
    return RunSQL(
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY; CREATE POLICY within_scope ON {table} USING ({condition})",
        f"DROP POLICY within_scope ON {table}; ALTER TABLE {table} DISABLE ROW LEVEL SECURITY",
    )


def let_the_web_role_work() -> None:
    """Make the role if the server has none, and give it every table's rows to read and write, and nothing to own."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"DO $$ BEGIN"
            f" IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{ROLE}') THEN CREATE ROLE {ROLE} NOLOGIN; END IF;"
            f" IF NOT pg_has_role('{ROLE}', 'MEMBER') THEN GRANT {ROLE} TO CURRENT_USER; END IF;"
            # Two starts at once: the other one made it.
            f" EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$;"
            f"GRANT USAGE ON SCHEMA public TO {ROLE};"
            f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {ROLE};"
            f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {ROLE}"
        )


def rewalled(table: str, condition: str, before: str) -> RunSQL:
    """The migration's step that puts another condition in the place of the one that `walled` gave a table."""
    change = "DROP POLICY within_scope ON {0}; CREATE POLICY within_scope ON {0} USING ({1})"
    return RunSQL(change.format(table, condition), change.format(table, before))


@contextmanager
def within(scope: str) -> Iterator[None]:
    """Work inside the wall; `scope` is the path of a unit, and an empty one shows nothing."""
    _stand(ROLE, scope)
    try:
        yield
    finally:
        try:
            _stand("none", "")
        except DatabaseError:
            # A transaction that failed takes no more orders; a connection that is not given back cannot leak.
            if not connection.in_atomic_block:
                connection.close()


def _stand(role: str, scope: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config(%s, %s, false), set_config('role', %s, false)", [_SCOPE, scope, role]
        )
