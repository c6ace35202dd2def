from django.db import migrations

from tiepcan.accounts.wall import IN_SCOPE, in_scope, of, rewalled, walled

LIVES_HERE = (
    "EXISTS (SELECT FROM households_household AS home WHERE home.id = household_id AND "
    f"{in_scope('home.unit_id')})"
)
OF_OUTCOME = of("supports_outcome", "outcome_id")
OF_EITHER = f"({OF_OUTCOME}) OR ({of('supports_support', 'support_id')})"

# Until now the form of an outcome was the only place that told of a support: each outcome was one.
SUPPORTS = """
INSERT INTO supports_support (id, household_id, unit_id, plan_id, indicator_id, means_id, provider, began_on, ended_why, note,
  once, with_outcome, standing, outcome_id)
SELECT gen_random_uuid(), household_id, unit_id, plan_id, indicator_id, means_id, provider, happened_on, '', note,
  false, true, standing, id
FROM supports_outcome
"""
# The supports counted themselves; the ledger's lines stood before their trigger.
KEPT = """
INSERT INTO supports_kept (plan_id, unit_id, indicator_id, supported, recorded, verified)
SELECT o.plan_id, o.unit_id, o.indicator_id, 0, sum(line.recorded), sum(line.verified)
FROM supports_entry line JOIN supports_outcome o ON o.id = line.outcome_id GROUP BY 1, 2, 3
ON CONFLICT (plan_id, unit_id, indicator_id) DO UPDATE SET recorded = excluded.recorded, verified = excluded.verified
"""


class Migration(migrations.Migration):
    """Supports are shown as outcomes are, evidence with either; what was recorded before gets its support and its count."""

    dependencies = [("supports", "0005_supports_and_kept_figures")]

    operations = [
        *[
            walled(table, f"({IN_SCOPE}) OR {LIVES_HERE}")
            for table in ("supports_support", "supports_supportevent")
        ],
        *[rewalled(table, OF_EITHER, OF_OUTCOME) for table in ("supports_evidence", "supports_evidenceevent")],
        migrations.RunSQL(SUPPORTS, migrations.RunSQL.noop),
        migrations.RunSQL(KEPT, migrations.RunSQL.noop),
    ]
