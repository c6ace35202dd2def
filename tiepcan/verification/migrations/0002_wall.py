from django.db import migrations

from tiepcan.accounts.wall import IN_SCOPE, of, walled

OF_SAMPLED = of("verification_sampled", "sampled_id")


class Migration(migrations.Migration):
    """The sample and its visits are shown within the scope of the households they speak of."""

    dependencies = [("verification", "0001_initial"), ("supports", "0002_wall_and_counts")]

    operations = [
        walled("verification_sampled", IN_SCOPE),
        walled("verification_sampledevent", IN_SCOPE),
        walled("verification_visit", OF_SAMPLED),
        walled("verification_visitevent", OF_SAMPLED),
    ]
