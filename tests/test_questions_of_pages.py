"""The pages that are opened all day ask the database few questions, and no more when there is more to show."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories import a_client, a_household, a_person, a_plan, an_outcome
from tests.pages import text_of
from tiepcan.accounts.roles import Role
from tiepcan.households.models import Household

pytestmark = pytest.mark.django_db
LIST = reverse("households:households")
BOTH = ("telecom_service", "information_asset")


def questions(client, address) -> int:
    """How many questions a page asks; the sign-in, the wall and the note of the reading are among them."""
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


@pytest.mark.parametrize(("role", "most"), [(Role.OFFICER, 11), (Role.COORDINATOR, 12), (Role.VERIFIER, 13)])
def test_the_list_of_households(role, most):
    client = a_client(a_person(role))
    a_household()
    few = questions(client, LIST)
    for n in range(55):
        a_household(head_name=f"Lê Văn Thử {n}", lacks=BOTH)
    assert few == questions(client, LIST) <= most


def test_a_search_while_it_is_typed_asks_for_its_rows_and_nothing_above_them():
    client = a_client(a_person())
    a_household(head_name="Lê An")
    with CaptureQueriesContext(connection) as asked:
        answer = client.post(LIST, {"q": "an"}, headers={"HX-Request": "true"})
    assert "Lê An" in answer.content.decode()
    said = " ".join(query["sql"] for query in asked)
    assert "households_sought" in said
    assert "accounts_reading" in said
    for table in ("households_tally", "households_pair"):
        assert table not in said


def test_the_page_of_a_household():
    client, plan, household = a_client(a_person()), a_plan(), a_household(lacks=BOTH)
    an_outcome(household, plan=plan)
    address = reverse("households:household", args=[household.pk])
    few = questions(client, address)
    an_outcome(household, plan=plan, indicator="information_asset")
    merged, split_off = a_household(head_name="Lê Gộp"), a_household(head_name="Lê Tách")
    Household.objects.filter(pk=merged.pk).update(merged_into=household)
    Household.objects.filter(pk=split_off.pk).update(split_from=household)
    Household.objects.filter(pk=household.pk).update(split_from=a_household(head_name="Lê Gốc"))
    for n in range(3):
        household.people.create(ordinal=n + 2, name=f"Lê Thử {n}")
    assert few == questions(client, address) <= 21
    said = text_of(client.get(address))
    for name in ("Lê Gộp", "Lê Tách", "Lê Gốc", "Lê Thử 0", "Lê Thử 2"):
        assert name in said


def test_the_home_of_a_ward():
    client, plan = a_client(a_person()), a_plan()
    an_outcome(plan=plan)
    few = questions(client, reverse("home:home"))
    for n in range(5):
        an_outcome(a_household(head_name=f"Lê Văn Thử {n}"), plan=plan)
        a_household()
    assert few == questions(client, reverse("home:home")) <= 22
