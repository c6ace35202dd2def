from django.db import migrations

from tiepcan.accounts.wall import IN_SCOPE, of, walled


class Migration(migrations.Migration):
    """Personal rows of households, and what history keeps of them, are shown within the scope alone."""

    dependencies = [("households", "0002_references"), ("units", "0001_tables")]

    operations = [
        walled("households_household", IN_SCOPE),
        walled("households_householdevent", IN_SCOPE),
        walled("households_review", of("households_household", "household_id")),
        walled("households_reviewevent", of("households_household", "household_id")),
        walled("households_lack", of("households_review", "review_id")),
        walled("households_lackevent", of("households_review", "review_id")),
    ]
