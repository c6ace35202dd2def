from django.db import migrations

_TABLES = ("households_review", "households_reviewevent")
_QUIET = "".join(f"ALTER TABLE {table} DISABLE TRIGGER USER;" for table in _TABLES)
_LOUD = "".join(f"ALTER TABLE {table} ENABLE TRIGGER USER;" for table in _TABLES)
_LACKS = "ARRAY(SELECT indicator_id FROM households_lack AS lack WHERE lack.review_id = {key} ORDER BY indicator_id)"


class Migration(migrations.Migration):
    """What a review found lacking stands in the review itself, with the unit that reviewed; the kept counts begin.

    Nobody changed anything: the triggers that write history stay quiet, and what history has of reviews gets the
    same two columns.
    """

    dependencies = [("households", "0004_registry")]

    operations = [
        migrations.RunSQL(_QUIET, _LOUD),
        migrations.RunSQL(
            f"""
            UPDATE households_review AS review SET unit_id = home.unit_id, lacks = {_LACKS.format(key="review.id")}
            FROM households_household AS home WHERE home.id = review.household_id;
            UPDATE households_reviewevent AS event SET unit_id = home.unit_id, lacks = {_LACKS.format(key="event.pgh_obj_id")}
            FROM households_household AS home WHERE home.id = event.household_id;
            INSERT INTO households_tally (unit_id, year, poverty, lack, households)
            SELECT unit_id, year, poverty, lack, count(*) FROM households_review,
            LATERAL unnest(array_prepend(''::varchar, lacks)) AS lack GROUP BY 1, 2, 3, 4;
            """,
            "DELETE FROM households_tally",
        ),
        migrations.RunSQL(_LOUD, _QUIET),
    ]
