from django.db import migrations

from tiepcan.accounts.wall import in_scope, of, walled

# A line is shown at both its ends: what a store gave away it remembers, what became of it elsewhere it is not told.
EITHER_END = f"({in_scope('from_unit_id')}) OR ({in_scope('to_unit_id')})"


class Migration(migrations.Migration):
    """Hand-overs and checks are shown as their supports are, lines of the ledger within the scope of either end."""

    dependencies = [("devices", "0001_initial"), ("supports", "0002_wall_and_counts")]

    operations = [
        *[walled(table, EITHER_END) for table in ("devices_stockentry", "devices_stockentryevent")],
        *[
            walled(table, of("supports_support", "support_id"))
            for table in ("devices_handover", "devices_handoverevent")
        ],
        *[walled(table, of("devices_handover", "hand_over_id")) for table in ("devices_check", "devices_checkevent")],
    ]
