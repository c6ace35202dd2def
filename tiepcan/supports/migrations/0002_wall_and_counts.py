from django.db import migrations

from tiepcan.accounts.wall import IN_SCOPE, in_scope, of, walled

LIVES_HERE = (
    "EXISTS (SELECT FROM households_household AS home WHERE home.id = household_id AND "
    f"{in_scope('home.unit_id')})"
)
HERE_OR_CAME_HERE = f"({IN_SCOPE}) OR {LIVES_HERE}"
OF_OUTCOME = of("supports_outcome", "outcome_id")
OF_EITHER = f"({OF_OUTCOME}) OR ({of('supports_support', 'support_id')})"

# As its owner, for the web's role sees the rows of its scope alone, and a figure counts all of its own.
COUNT_ANEW = """
CREATE FUNCTION supports_count_anew(supports uuid[], outcomes uuid[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE figure record;
BEGIN
  FOR figure IN
    SELECT plan_id, unit_id, indicator_id FROM supports_support WHERE id = ANY (supports) AND plan_id IS NOT NULL
    UNION SELECT plan_id, unit_id, indicator_id FROM supports_outcome WHERE id = ANY (outcomes)
    UNION SELECT o.plan_id, o.unit_id, o.indicator_id
    FROM supports_support s JOIN supports_outcome o ON o.id = s.outcome_id WHERE s.id = ANY (supports)
    ORDER BY 1, 2, 3
  LOOP
    -- Held from here on, so that the count sees what everybody before has written.
    INSERT INTO supports_kept (plan_id, unit_id, indicator_id, supported, unshown, recorded, verified)
    VALUES (figure.plan_id, figure.unit_id, figure.indicator_id, 0, 0, 0, 0)
    ON CONFLICT (plan_id, unit_id, indicator_id) DO UPDATE SET supported = 0 WHERE false;
    UPDATE supports_kept k SET supported = (
      SELECT count(DISTINCT s.household_id) FROM supports_support s
      WHERE s.plan_id = k.plan_id AND s.unit_id = k.unit_id AND s.indicator_id = k.indicator_id AND s.standing
    ), unshown = (
      SELECT count(*) FROM supports_outcome o
      WHERE o.plan_id = k.plan_id AND o.unit_id = k.unit_id AND o.indicator_id = k.indicator_id AND o.standing
      AND NOT EXISTS (SELECT FROM supports_evidence e WHERE e.outcome_id = o.id)
      AND NOT EXISTS (
        SELECT FROM supports_support s JOIN supports_evidence e ON e.support_id = s.id WHERE s.outcome_id = o.id
      )
    ) WHERE (plan_id, unit_id, indicator_id) = (figure.plan_id, figure.unit_id, figure.indicator_id);
  END LOOP;
END $$
"""


class Migration(migrations.Migration):
    """Outcomes, supports and their evidence are shown within the scope, and where a household moved to; figures are counted anew by the owner."""

    replaces = [("supports", "0007_figures_by_day_and_without_evidence")]

    dependencies = [("supports", "0001_initial"), ("households", "0002_wall_and_search")]

    operations = [
        *[
            walled(table, HERE_OR_CAME_HERE)
            for table in ("supports_outcome", "supports_outcomeevent", "supports_support", "supports_supportevent")
        ],
        *[walled(table, OF_OUTCOME) for table in ("supports_entry", "supports_entryevent")],
        *[walled(table, OF_EITHER) for table in ("supports_evidence", "supports_evidenceevent")],
        migrations.RunSQL(COUNT_ANEW, "DROP FUNCTION supports_count_anew(uuid[], uuid[])"),
    ]
