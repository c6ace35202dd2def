from django.db import migrations

from tiepcan.accounts.wall import IN_SCOPE, in_scope, rewalled

LIVES_HERE = (
    "EXISTS (SELECT FROM households_household AS home WHERE home.id = household_id AND "
    f"{in_scope('home.unit_id')})"
)


class Migration(migrations.Migration):
    """The unit to which a household moved sees what was recorded for it before."""

    dependencies = [("supports", "0003_wall"), ("households", "0007_wall_around_the_registry")]

    operations = [
        rewalled(table, f"({IN_SCOPE}) OR {LIVES_HERE}", IN_SCOPE)
        for table in ("supports_outcome", "supports_outcomeevent")
    ]
