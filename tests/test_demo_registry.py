"""An invented registry: the rules hold in it, the same seed gives the same, and it never stands beside real households."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from pghistory.models import Context

from tests.factories import CITY, a_household, a_person, a_unit, the_city
from tiepcan.accounts.console import CONSOLE
from tiepcan.audit.history import event_model
from tiepcan.common import clock
from tiepcan.common.refusals import NotAllowed
from tiepcan.households import identity, invented, queries
from tiepcan.households.actions import lock_round, start_round
from tiepcan.households.models import Household, Member, Review, Tally, keys_of
from tiepcan.standards.queries import classes_of, definitions_of, standard_of
from tiepcan.units.models import Unit
from tiepcan.units.register import Kind

pytestmark = pytest.mark.django_db


def make(households: int = 300, seed: int = 7, **more):
    return invented.make(households=households, seed=seed, by=CONSOLE, **more)


def kept_counts() -> dict[tuple[str, int, str, str], int]:
    rows = Tally.objects.filter(households__gt=0).values_list("unit", "year", "poverty", "lack", "households")
    return {(unit, year, poverty, lack): n for unit, year, poverty, lack, n in rows}


def everything() -> list[list[tuple]]:
    """Every row but its ciphers and serial numbers, which differ each time."""
    serial = {"id", "identity"}
    return [
        sorted(model.objects.values_list(*names), key=repr)
        for model, key in ((Household, True), (Review, False), (Member, False))
        for names in [[f.attname for f in model._meta.concrete_fields if f.name not in serial or (key and f.name == "id")]]
    ]  # fmt: skip


def test_the_rules_of_the_registry_hold():
    made = make()
    assert (made.households, made.locked) == (300, 0)
    assert Household.objects.count() == 300
    assert made.units == Household.objects.values("unit").distinct().count() or made.units > 300
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    for household in Household.objects.select_related("unit"):
        assert household.unit.kind in (Kind.WARD, Kind.COMMUNE)
        assert (household.search_key, household.sort_key) == keys_of(
            household.head_name, household.hamlet, household.code
        )
        assert household.people.count() < household.members
        if household.identity:
            number = identity.opened(household.identity)
            assert number.startswith("999")
            assert len(number) == 12
            assert identity.sealed(number).digest == bytes(household.identity_digest)
    assert Member.objects.exists()
    assert Household.objects.filter(identity__isnull=False).count() == 30
    assert Household.objects.filter(left_on__gt=clock.today()).count() == 0


def test_reviews_are_of_the_last_two_years_and_speak_of_the_years_standard():
    make()
    assert set(Review.objects.values_list("year", flat=True)) == {2017, 2018}
    for review in Review.objects.all():
        standard = standard_of(review.year)
        assert review.poverty in classes_of(standard)
        assert set(review.lacks) <= set(definitions_of(standard).values_list("indicator", flat=True))
        assert review.lacks == sorted(set(review.lacks))
        assert not (review.poverty == "out" and review.lacks)
    assert len({review.poverty for review in Review.objects.all()}) == 4
    assert Review.objects.exclude(lacks=[]).count() > 100


def test_the_kept_counts_are_those_of_the_rows():
    make()
    assert kept_counts() == queries.recounted()
    assert sum(n for (_, year, _, lack), n in kept_counts().items() if (year, lack) == (2018, "")) == 300


def test_it_is_one_act_of_the_console_and_history_has_every_row():
    make()
    [act] = Context.objects.filter(metadata__verb="registry.invented")
    assert act.metadata["by_name"] == CONSOLE.full_name
    for model in (Household, Review, Member):
        assert event_model(model).objects.filter(pgh_context=act).count() == model.objects.count()


def told(seed: int, **more) -> list[list[tuple]]:
    """What a registry of the seed holds, which is taken back again."""
    with transaction.atomic():
        make(120, seed=seed, **more)
        rows = everything()
        transaction.set_rollback(True)
    return rows


def test_the_same_seed_gives_the_same_registry_and_another_one_another():
    first = told(3)
    assert told(3) == first
    assert told(4) != first


def test_many_households_are_the_same_as_few_with_every_index_and_key_in_its_place(monkeypatch):
    def shape() -> list[tuple]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT tablename, indexname, indexdef FROM pg_indexes ORDER BY 1, 2, 3")
            indexes = cursor.fetchall()
            cursor.execute(
                "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint ORDER BY 1, 2, 3"
            )
            return [*indexes, *cursor.fetchall()]

    before, few = shape(), told(3)
    monkeypatch.setattr(invented, "MANY", 1)
    monkeypatch.setattr(invented, "AT_ONCE", 50)
    make(120, seed=3)
    assert everything() == few
    assert [line for line in shape() if not line[0].startswith("pg_")] == [
        line for line in before if not line[0].startswith("pg_")
    ]
    assert kept_counts() == queries.recounted()


def test_a_seed_is_used_once_and_another_one_adds_to_it():
    make(seed=7)
    with pytest.raises(NotAllowed, match="seed 7"):
        make(seed=7)
    make(seed=8)
    assert Household.objects.count() == 600


def test_it_stays_within_a_unit():
    make(20, within=a_unit("Hàm Rồng"))
    assert set(Household.objects.values_list("unit", flat=True)) == {a_unit("Hàm Rồng").pk}


def test_it_refuses_to_stand_beside_a_real_household(settings):
    settings.DEMONSTRATION_DAY = None
    a_household()
    with pytest.raises(NotAllowed, match="việc làm thật"):
        make()
    assert Household.objects.count() == 1
    settings.DEMONSTRATION_DAY = clock.today()
    make()
    assert Household.objects.count() == 301


def test_a_locked_round_is_left_alone():
    unit = a_unit("Hàm Rồng")
    officer = a_person(unit=unit)
    begun = start_round(unit=unit, year=2018, by=officer)
    lock_round(round=begun, by=officer)
    with pytest.raises(NotAllowed):
        make(within=unit)


def test_an_invented_country_has_the_size_of_the_real_one():
    units = invented.country()
    by_depth = [sum(unit.path.count("/") == depth for unit in units) for depth in (2, 3, 4)]
    assert by_depth == [63, 700, 10_600]
    assert len({unit.pk for unit in units}) == len({unit.path for unit in units}) == len(units)
    assert all(unit.name.startswith("Thử") and unit.path.endswith(f"{unit.pk}/") for unit in units)
    assert sum(unit.path.startswith("/thu-01/") and unit.path.count("/") == 4 for unit in units) == 635
    assert sum(unit.path.startswith("/thu-02/thu-02-01/") for unit in units) == 36


def test_the_command_says_what_it_made_and_what_is_wrong():
    said = StringIO()
    call_command("make_demo_registry", households=50, unit=CITY, stdout=said)
    assert "Đã đưa 50 hộ bịa vào" in said.getvalue()
    assert Household.objects.visible_to(a_person("coordinator", the_city())).count() == 50
    with pytest.raises(CommandError, match="không có đơn vị mã"):
        call_command("make_demo_registry", households=5, unit="khong-co", stdout=said)
    with pytest.raises(CommandError, match="từ 1 trở lên"):
        call_command("make_demo_registry", households=0, stdout=said)
    assert Unit.objects.filter(pk__startswith="thu-").count() == 0


def test_a_unit_of_more_than_9999_households_gives_each_a_code_of_its_own():
    make(10_050, within=a_unit())
    codes = Household.objects.values_list("code", flat=True)
    assert len(set(codes)) == len(codes) == 10_050
