"""Finding households: on every way a list is walked, the same people in the same order, and nobody beyond the wall."""

import random
import uuid
from datetime import date, timedelta

import pytest
from django.db import connection

from tests.factories import a_household, a_person, a_unit, the_city
from tiepcan.accounts import wall
from tiepcan.accounts.console import CONSOLE
from tiepcan.accounts.roles import Role
from tiepcan.households import actions, finding, invented
from tiepcan.households.finding import Place, keys_sought, words_of
from tiepcan.households.listing import sought
from tiepcan.households.models import POOR, Household, Review
from tiepcan.units.models import Unit

pytestmark = pytest.mark.django_db
AT_ONCE, NEVER = timedelta(0), timedelta(hours=1)


@pytest.fixture(params=[AT_ONCE, NEVER], ids=["by the index", "by walking"])
def patience(request, monkeypatch):
    monkeypatch.setattr(finding, "PATIENCE", request.param)


def found(typed: str, under: Unit | None = None, **more) -> list[uuid.UUID]:
    """Keys of one page, as the list asks for them within the wall."""
    under = under or the_city()
    asked = {"gone": False, "year": 2018, "classes": None, "lack": None, "after": None, "wanted": 51}
    with wall.within(under.path):
        return keys_sought(under, typed=typed, **asked | more)


def names(typed: str, **more) -> list[str]:
    keys = found(typed, **more)
    rows = Household.objects.in_bulk(keys)
    return [rows[key].head_name for key in keys]


# ---- what a word finds


@pytest.mark.usefixtures("patience")
@pytest.mark.parametrize(
    ("typed", "who"),
    [
        ("duc", ["Nguyễn Văn Đức"]),
        ("ngu", ["Nguyễn Văn Đức"]),
        ("guyen", []),
        ("Ðức nguyễn", ["Nguyễn Văn Đức"]),
        ("TK-0022", ["Đặng Thị Hoà"]),
        ("22", ["Đặng Thị Hoà"]),
        ("022", ["Đặng Thị Hoà"]),
        ("2", ["Nguyễn Văn Đức", "Đặng Thị Hoà"]),
        ("tk-2", []),
        ("7b", ["Nguyễn Văn Đức"]),
        ("bac son", ["Đặng Thị Hoà"]),
        ("o'", ["Nguyễn Văn Đức"]),
        ("dong (", ["Nguyễn Văn Đức"]),
        (r"\ %", []),
        ("_", []),
        ("'", ["Nguyễn Văn Đức"]),
        ("0", ["Đặng Thị Hoà"]),
        ("hoa khong", []),
    ],
)
def test_a_word_finds_what_begins_with_it(typed, who):
    a_household(head_name="Đặng Thị Hoà", code="TK-0022", hamlet="Bắc Sơn")
    a_household(head_name="Nguyễn Văn Đức", code="HR/7B", hamlet="Tổ 2 O'Đông (trên)")
    assert names(typed) == who
    # Everybody who asks for words asks for the same.
    assert set(Household.objects.named(typed).values_list("head_name", flat=True)) == set(who)


def test_words_of_signs_alone_are_looked_for_as_they_stand():
    assert [(word.text, bool(word.pattern)) for word in words_of(" -22 % Đỗ")] == [
        ("22", True), ("%", False), ("do", True),
    ]  # fmt: skip


# ---- on every way the same


def by_the_book(under: Unit, asked: dict, year: int, after: Household | None) -> list[uuid.UUID]:
    """The same page as the plain query has it."""
    visible = Household.objects.filter(unit__path__startswith=under.path)
    rows = sought(visible, asked, year, {})
    return list((rows.after(after) if after else rows).values_list("pk", flat=True)[:10])


@pytest.fixture
def registry(monkeypatch):
    """Many households, some of which moved, left or were merged."""
    invented.make(households=600, seed=11, by=CONSOLE, within=the_city())
    chance = random.Random(5)
    wards = list(Unit.objects.filter(households__isnull=False).distinct().order_by("path"))
    everybody = list(Household.objects.listed().order_by("pk"))
    for household in chance.sample(everybody, 40):
        household.refresh_from_db()
        to = chance.choice([ward for ward in wards if ward != household.unit])
        officer = a_person(Role.OFFICER, household.unit)
        actions.move(
            household=household, version=household.version, to=to, moved_on=date(2019, 6, 3), hamlet="Tổ 3",
            code=f"CD-{household.pk.hex[:8]}", by=officer,
        )  # fmt: skip
    return wards


@pytest.mark.usefixtures("patience")
def test_walking_and_the_index_find_what_the_plain_query_finds(registry):
    chance = random.Random(9)
    lacks = sorted({lack for row in Review.objects.values_list("lacks", flat=True) for lack in row})
    words = [
        "",
        "",
        "nguyen",
        "thi",
        "van du",
        "phay",
        "to 3",
        "quach",
        "BD",
        "bd-0003",
        "12",
        "khong-ai",
        "le thi v",
    ]
    met = 0
    for _ in range(150):
        under = chance.choice([the_city(), chance.choice(registry)])
        asked = {
            "q": chance.choice(words),
            "poverty": chance.choice(["", "", "poor_any", "near_poor", "out", "poor_income"]),
            "lack": chance.choice(["", "", *lacks]),
            "state": chance.choice(["", "", "", "left"]),
        }
        asked = {name: value for name, value in asked.items() if value}
        everybody = Household.objects.filter(unit__path__startswith=under.path)
        after = chance.choice([None, chance.choice(everybody[: max(1, len(everybody) // 2)])])
        year = chance.choice([2017, 2018])
        poverty = asked.get("poverty")
        with wall.within(under.path):
            keys = keys_sought(
                under,
                gone="state" in asked,
                typed=asked.get("q", ""),
                year=year,
                classes=POOR if poverty == "poor_any" else [poverty] if poverty else None,
                lack=asked.get("lack"),
                after=Place(after.unit.path, after.sort_key, after.pk) if after else None,
                wanted=10,
            )
        assert keys == by_the_book(under, asked, year, after), (under, asked, year, after)
        met += bool(keys)
    assert met > 40


@pytest.mark.usefixtures("patience")
def test_one_who_moved_in_is_found_by_the_review_of_the_unit_before():
    here, there = a_unit("Hàm Rồng"), a_unit("Nam Ngạn")
    household = a_household(here, lacks=("telecom_service",))
    actions.move(
        household=household, version=1, to=there, moved_on=date(2019, 6, 3), hamlet="", code="X-1",
        by=a_person(Role.OFFICER, here),
    )  # fmt: skip
    assert found("", there, lack="telecom_service", classes=POOR) == [household.pk]
    assert found("", here, lack="telecom_service", classes=POOR) == []


def test_words_that_nearly_everybody_has_send_the_search_back_to_the_walk(monkeypatch):
    """More than the index is worth for, in one province: the page is the first of them in the order of the list."""
    invented.make(households=1700, seed=2, by=CONSOLE, within=the_city())
    monkeypatch.setattr(finding, "PATIENCE", AT_ONCE)
    assert found("BD")[:20] == by_the_book(the_city(), {"q": "BD"}, 2018, None) + found("BD")[10:20]
    assert len(found("BD")) == 51


# ---- behind the wall


def test_without_a_scope_and_beyond_it_nobody_is_found():
    here, there = a_unit("Hàm Rồng"), a_unit("Nam Ngạn")
    a_household(here), a_household(there)
    asked = {
        "gone": False, "typed": "", "year": 2018, "classes": None, "lack": None, "after": None, "wanted": 51,
    }  # fmt: skip
    assert keys_sought(here, **asked) == []
    with wall.within(""):
        assert keys_sought(here, **asked) == []
    with wall.within(here.path):
        assert len(keys_sought(here, **asked)) == 1
        assert keys_sought(there, **asked) == []
        assert keys_sought(the_city(), **asked) == []


def test_a_scope_is_not_the_beginning_of_another_units_key():
    """`phuong-x-1` is no part of `phuong-x-12`: both walls end the key."""
    here = a_unit("Hàm Rồng")
    longer = Unit.objects.create(
        id=f"{here.pk}9", code="99999", kind="phuong", name="Khác", parent=the_city(), path=f"{the_city().path}{here.pk}9/"
    )  # fmt: skip
    own, other = a_household(here), a_household(longer)
    assert found("", here) == [own.pk]
    with wall.within(here.path):
        assert list(Household.objects.values_list("pk", flat=True)) == [own.pk]
    with wall.within(longer.path):
        assert list(Household.objects.values_list("pk", flat=True)) == [other.pk]


def test_a_unit_that_comes_to_another_province_takes_its_words_along(monkeypatch):
    household = a_household(head_name="Quách Thị Ví Dụ")
    ward = household.unit
    province = Unit.objects.create(id="tinh-khac", code="99", kind="tinh", name="Khác", path="/tinh-khac/")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    ward.parent, ward.path = province, f"/tinh-khac/{ward.pk}/"
    ward.save()
    monkeypatch.setattr(finding, "PATIENCE", AT_ONCE)
    assert found("quach", province) == [household.pk]
