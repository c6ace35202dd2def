"""A workbook of households goes into the registry as a whole, or not at all, and every row is told."""

import uuid

import pytest

from tests.factories import a_household, a_person, a_unit
from tests.workbooks import a_list, a_row
from tiepcan.accounts.models import Person
from tiepcan.accounts.roles import Role
from tiepcan.households import tasks
from tiepcan.households.importing import actions as importing
from tiepcan.households.models import Household, Import, ImportState, Review, RowOutcome, Tally
from tiepcan.households.queries import recounted

pytestmark = pytest.mark.django_db


def sent(raw: bytes, by: Person, *, name: str = "ds.xlsx", year: int = 2018) -> Import:
    """A file received and read by the worker."""
    file = importing.receive(id=uuid.uuid4(), raw=raw, name=name, unit=by.unit, year=year, by=by)
    tasks.read_file.func(key=str(file.pk))
    file.refresh_from_db()
    return file


def written(file: Import, by: Person, *, without_rejected: bool = False) -> Import:
    importing.write(file=file, without_rejected=without_rejected, by=by)
    tasks.write_file.func(key=str(file.pk))
    file.refresh_from_db()
    return file


def counts(file: Import) -> dict[str, int]:
    return {outcome.value: getattr(file, outcome.value) for outcome in RowOutcome}


@pytest.fixture
def officer() -> Person:
    return a_person(Role.OFFICER)


def test_new_households_are_shown_before_they_are_written(officer):
    file = sent(a_list(a_row("HR-01", "Lê Văn Giả Định"), a_row("HR-02", telecom="", asset="x")), officer)

    assert file.state == ImportState.READ, file.message
    assert counts(file) == {"accepted": 2, "changed": 0, "unchanged": 0, "rejected": 0, "skipped": 0}
    assert not Household.objects.exists()

    written(file, officer)
    assert file.state == ImportState.DONE, file.message
    first = Household.objects.get(code="HR-01")
    assert (first.head_name, first.birth_year, first.hamlet, first.members) == (
        "Lê Văn Giả Định", 1960, "Tổ 1", 3,
    )  # fmt: skip
    assert first.sort_key == "dinh le van gia"
    assert Review.objects.get(household=first).lacks == ["telecom_service"]
    assert recounted() == {(t.unit_id, t.year, t.poverty, t.lack): t.households for t in Tally.objects.all()}
