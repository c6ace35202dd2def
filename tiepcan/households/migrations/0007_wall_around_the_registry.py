from django.db import migrations

from tiepcan.accounts.wall import IN_SCOPE, in_scope, of, rewalled, walled


def gone_from_here(key: str) -> str:
    """The household moved away from the scope: its row stays within reach for what was recorded here."""
    left = in_scope("gone.from_unit_id")
    return f"EXISTS (SELECT FROM households_move AS gone WHERE gone.household_id = {key} AND {left})"


def home(key: str) -> str:
    """The household lives in the scope now."""
    lives = in_scope("home.unit_id")
    return f"EXISTS (SELECT FROM households_household AS home WHERE home.id = {key} AND {lives})"


BOTH_ENDS = f"({in_scope('from_unit_id')}) OR ({in_scope('to_unit_id')})"
REVIEW = f"({IN_SCOPE}) OR {home('household_id')}"


class Migration(migrations.Migration):
    """Personal rows of the registry stand behind the wall; a household that moves may pass it, with its line."""

    dependencies = [("households", "0006_rows_of_lacks_end")]

    operations = [
        walled("households_move", BOTH_ENDS),
        walled("households_moveevent", BOTH_ENDS),
        rewalled("households_household", f"({IN_SCOPE}) OR {gone_from_here('households_household.id')}", IN_SCOPE),
        rewalled("households_householdevent", f"({IN_SCOPE}) OR {gone_from_here('pgh_obj_id')}", IN_SCOPE),
        rewalled("households_review", REVIEW, of("households_household", "household_id")),
        rewalled("households_reviewevent", REVIEW, of("households_household", "household_id")),
        walled("households_member", home("household_id")),
        walled("households_memberevent", home("household_id")),
        walled("households_pair", f"{home('first_id')} AND {home('second_id')}"),
        walled("households_pairevent", f"{home('first_id')} AND {home('second_id')}"),
        walled("households_import", IN_SCOPE),
        walled("households_importevent", IN_SCOPE),
        walled("households_importrow", of("households_import", "file_id")),
        walled("households_importproblem", of("households_import", "file_id")),
    ]
