"""PostgreSQL itself shows personal rows within the scope alone, whatever a query asks for."""

import uuid
from datetime import date

import pytest
from django.apps import apps
from django.db import DatabaseError, connection
from django.db.models import Model

from tests.factories import a_device, a_household, a_person, a_unit, an_outcome, the_city
from tiepcan.accounts import wall
from tiepcan.accounts.roles import Role
from tiepcan.audit.history import event_model
from tiepcan.common import clock
from tiepcan.devices import actions as devices
from tiepcan.devices.models import Check, HandOver, StockEntry
from tiepcan.households import actions as households
from tiepcan.households.models import Household, Import, ImportProblem, ImportRow, Member, Move, Pair, Review
from tiepcan.supports.models import Entry, Evidence, Outcome, Support
from tiepcan.telecom.models import Line, Month, Problem, Subscription
from tiepcan.verification.models import Round, Sampled, Visit

pytestmark = pytest.mark.django_db
PERSONAL = (
    Household, Review, Member, Move, Pair, Import, ImportRow, ImportProblem, Outcome, Entry, Evidence,
    Support, StockEntry, HandOver, Check, Sampled, Visit, Line, Subscription, Problem,
)  # fmt: skip
WORKING_MATERIAL = (ImportRow, ImportProblem, Problem)
"""Personal, and not audited: no events of theirs to hide."""


@pytest.fixture
def two_wards():
    here, there = a_unit("Hàm Rồng"), a_unit("Nam Ngạn")
    for unit in (here, there):
        officer = a_person(Role.OFFICER, unit)
        outcome = an_outcome(a_household(unit), files=[("bien-ban.pdf", b"%PDF-1.4 x")])
        households.keep_member(
            household=outcome.household,
            version=1,
            name="Lê Ví Dụ",
            relation="con",
            birth_year=1990,
            by=officer,
        )
        given = devices.hand_over(
            id=uuid.uuid4(), device=a_device(unit), household=outcome.household, on=clock.today(), condition="good",
            receiver="Lê Ví Dụ", signature=("bien-ban.pdf", b"%PDF-1.4 x"), by=officer,
        )  # fmt: skip
        devices.check_condition(id=uuid.uuid4(), hand_over=given, on=clock.today(), found="works", by=officer)
        found, _ = Round.objects.get_or_create(
            plan=outcome.plan, as_of=date(2019, 6, 14),
            defaults={"name": "Đợt", "ends_on": date(2019, 6, 28), "seed": "1", "announced_on": clock.today()},
        )  # fmt: skip
        drawn = Sampled.objects.create(
            round=found, outcome=outcome, unit=unit, unit_code=unit.code, indicator_key="telecom_service",
            household_code="H-1", digest="0" * 64, place=1, is_drawn=True,
        )  # fmt: skip
        Visit.objects.create(
            sampled=drawn, number=1, visited_on=clock.today(), finding="agrees", answerer="head", at=clock.now(),
            by_name="x", organisation="x",
        )  # fmt: skip
        month = Month.objects.create(
            operator=a_person(Role.OPERATOR, unit).organisation, unit=unit, month=date(2019, 5, 1), name="t.csv",
            sha256=unit.pk, size=1, sent_at=clock.now(), sent_by="x",
        )  # fmt: skip
        Line.objects.create(
            month=month, on=month.month, sheet="a", row=2, unit=unit, name="Lê Ví Dụ", state="unmatched"
        )
        Problem.objects.create(month=month, sheet="a", row=3, column=1, message="x")
        Subscription.objects.create(
            household=outcome.household, operator=month.operator, service="mobile", began_on=clock.today(),
            support=given.support,
        )  # fmt: skip
        like = a_household(unit)
        first, second = sorted((outcome.household, like), key=lambda one: one.pk)
        Pair.objects.create(first=first, second=second, score=90, found_at=clock.now())
        file = Import.objects.create(
            unit=unit, year=2018, name="ds.xlsx", sha256=unit.pk, size=1, created_at=clock.now(), by_name="x"
        )
        ImportRow.objects.create(file=file, sheet="a", row=2, outcome="rejected")
        ImportProblem.objects.create(file=file, sheet="a", row=2, column=1, code="x", message="x")
    return here, there


def test_both_ends_of_a_move_see_its_line_and_the_old_one_no_later_fact(two_wards):
    here, there = two_wards
    household = a_household(here, by=a_person(Role.OFFICER, here))
    with wall.within(here.path):
        households.move(
            household=household, version=1, to=there, moved_on=clock.today(), hamlet="Tổ 9", code="M-1",
            by=a_person(Role.OFFICER, here),
        )  # fmt: skip
        assert Move.objects.get().head_name == household.head_name
        assert not Member.objects.filter(household=household).exists()
    with wall.within(there.path):
        assert Move.objects.get().code == household.code
        assert Household.objects.get(pk=household.pk).unit == there
        assert Review.objects.get(household=household).unit == here
    with wall.within(a_unit("Trường Thi").path):
        assert not Move.objects.exists()


def walled() -> list[type[Model]]:
    events = [event_model(model) for model in PERSONAL if model not in WORKING_MATERIAL]
    return [*PERSONAL, *events]


def counted() -> dict[str, int]:
    """Rows that the connection is shown, asked past every queryset of ours."""
    tables = [model._meta.db_table for model in walled()]
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
    empty = {table for table, number in own.items() if not number}
    assert empty <= {"households_move", "households_moveevent"}, (
        "every table has rows to hide and rows to show"
    )


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
    known = {model._meta.db_table for model in walled()}
    hanging = {
        model._meta.db_table
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if field.remote_field and field.remote_field.model in PERSONAL
    }
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relrowsecurity")
        secured = {name for (name,) in cursor.fetchall()}
    assert hanging - known == set()
    assert known == secured
