"""PostgreSQL itself shows personal rows within the scope alone, whatever a query asks for."""

import pytest
from django.apps import apps
from django.db import DatabaseError, connection

from tests.factories import a_household, a_unit, an_outcome, the_city
from tiepcan.accounts import wall
from tiepcan.audit.history import event_model
from tiepcan.households.models import Household, Lack, Review
from tiepcan.supports.models import Entry, Evidence, Outcome

pytestmark = pytest.mark.django_db
PERSONAL = (Household, Review, Lack, Outcome, Entry, Evidence)


@pytest.fixture
def two_wards():
    here, there = a_unit("Hàm Rồng"), a_unit("Nam Ngạn")
    for unit in (here, there):
        an_outcome(a_household(unit), files=[("bien-ban.pdf", b"%PDF-1.4 x")])
    return here, there


def counted() -> dict[str, int]:
    """Rows that the connection is shown, asked past every queryset of ours."""
    tables = [t._meta.db_table for model in PERSONAL for t in (model, event_model(model))]
    with connection.cursor() as cursor:
        found = {}
        for table in tables:
            cursor.execute(f"SELECT count(*) FROM {table}")
            found[table] = cursor.fetchone()[0]
    return found


def test_a_ward_is_shown_its_own_rows_and_a_city_those_of_its_wards(two_wards):
    here, _ = two_wards
    everything = counted()
    with wall.within(here.path):
        own = counted()
    with wall.within(the_city().path):
        assert counted() == everything
    assert own == {table: number // 2 for table, number in everything.items()}
    assert all(own.values()), "every table has rows to hide and rows to show"


def test_without_a_scope_nothing_is_shown(two_wards):
    with wall.within(""):
        assert not any(counted().values())


def test_nothing_is_written_beyond_the_scope(two_wards):
    here, there = two_wards
    with wall.within(here.path), connection.cursor() as cursor:
        cursor.execute("UPDATE households_household SET hamlet = 'Tổ 9' WHERE unit_id = %s", [there.pk])
        assert cursor.rowcount == 0
        with pytest.raises(DatabaseError, match="row-level security"):
            a_household(there)


def test_the_web_role_owns_no_table():
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_tables WHERE tableowner = %s", [wall.ROLE])
        assert cursor.fetchone() == (0,)


def test_every_table_that_belongs_to_a_household_stands_behind_the_wall():
    """A new personal table must take its place: it hangs on a household, or on something that does."""
    walled = {model._meta.db_table for one in PERSONAL for model in (one, event_model(one))}
    hanging = {
        model._meta.db_table
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if field.remote_field and field.remote_field.model in PERSONAL
    }
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relrowsecurity")
        secured = {name for (name,) in cursor.fetchall()}
    assert hanging - walled == set()
    assert walled == secured
