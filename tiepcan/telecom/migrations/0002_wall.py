from django.db import migrations

from tiepcan.accounts.wall import IN_SCOPE, in_scope, of, walled

OF_THE_MONTHS_UNIT = f"EXISTS (SELECT FROM telecom_month AS owner WHERE owner.id = month_id AND {in_scope('owner.unit_id')})"


class Migration(migrations.Migration):
    """Rows of lists are shown within the scope of their ward, subscriptions as their households are."""

    dependencies = [("telecom", "0001_initial"), ("households", "0002_wall_and_search")]

    operations = [
        *[walled(table, IN_SCOPE) for table in ("telecom_line", "telecom_lineevent")],
        *[
            walled(table, of("households_household", "household_id"))
            for table in ("telecom_subscription", "telecom_subscriptionevent")
        ],
        walled("telecom_problem", OF_THE_MONTHS_UNIT),
    ]
