from django.db import migrations

from tiepcan.accounts.wall import IN_SCOPE, of, walled


class Migration(migrations.Migration):
    """Outcomes with their ledger and evidence, and what history keeps of them, are shown within the scope alone."""

    dependencies = [("supports", "0002_references"), ("units", "0001_tables")]

    operations = [
        walled("supports_outcome", IN_SCOPE),
        walled("supports_outcomeevent", IN_SCOPE),
        walled("supports_entry", of("supports_outcome", "outcome_id")),
        walled("supports_entryevent", of("supports_outcome", "outcome_id")),
        walled("supports_evidence", of("supports_outcome", "outcome_id")),
        walled("supports_evidenceevent", of("supports_outcome", "outcome_id")),
    ]
