"""Making the tables, the web's rights and the reference data ready: for a start, or a command on a new database."""

from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from tiepcan.accounts.wall import let_the_web_role_work
from tiepcan.units.models import Unit


def make_ready() -> None:
    """Migrate if anything is to be migrated, and load the reference data into an empty register."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", verbosity=0, interactive=False)
    let_the_web_role_work()
    if not Unit.objects.exists():
        call_command("load_reference", verbosity=0)
