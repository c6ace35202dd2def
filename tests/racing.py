"""What the campaigns of races share: looking, by plain SQL, whether everything is right."""

from collections.abc import Mapping


def look(wrong: Mapping[str, str]) -> None:
    """Raises AssertionError with what is wrong and where; each query of `wrong` finds rows only then."""
    from django.db import connection

    from tiepcan.supports import figures

    with connection.cursor() as cursor:
        for what, sql in wrong.items():
            cursor.execute(sql)
            rows = cursor.fetchall()
            assert not rows, f"{what}: {rows[:3]}"
    assert figures.kept() == figures.recomputed(), "kept figures"
