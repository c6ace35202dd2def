"""A ward's report that its leader hands in takes its number from the ward's own register, and answers for its figures."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from tests.factories import a_client, a_person, a_plan, an_outcome
from tests.pages import text_of
from tests.test_periodic_reports import a_leader, at, proposed, written
from tiepcan.accounts.models import Person
from tiepcan.accounts.roles import Role
from tiepcan.common import clock
from tiepcan.common.refusals import NotAllowed
from tiepcan.paperwork.checking import check
from tiepcan.paperwork.models import Document, Number
from tiepcan.paperwork.models.wordings import Wording
from tiepcan.paperwork.wording.lines import to_plain
from tiepcan.plans.models import Plan
from tiepcan.reporting import filings
from tiepcan.reporting.models import Filing, Submission
from tiepcan.reporting.printed import COMPUTED
from tiepcan.reporting.wordings import PERIODIC

pytestmark = pytest.mark.django_db
SITE = "http://localhost"


@pytest.fixture(autouse=True)
def june() -> Any:
    with at(date(2019, 6, 12)):
        yield


@pytest.fixture
def plan() -> Plan:
    return a_plan()


@pytest.fixture
def officer(plan: Plan) -> Person:
    return a_person(Role.OFFICER)


def handed_in(report: Filing, leader: Person, **told: Any) -> Filing:
    return filings.submit(filing=report, **({"site": SITE} | told), seen=report.digest, by=leader)


def test_the_leader_hands_in_and_the_register_gives_the_number(plan, officer):
    report = proposed(plan, officer)
    leader = a_leader()

    report = handed_in(report, leader)

    document = Document.objects.get()
    assert (report.paper_code, str(document.number)) == ("01/BC-UBND", "01/BC-UBND")
    assert Submission.objects.get().paper_code == "01/BC-UBND"
    assert document.says.signature is not None
    assert (document.says.signature.position, document.says.signature.name) == ("Chủ tịch", leader.full_name)
    page = text_of(a_client(officer).get(f"/bao-cao/cua/{report.pk}/"))
    assert "Văn bản 01/BC-UBND" in page


def test_the_figures_of_a_wards_paper_are_computed_again_equal(plan, officer):
    an_outcome(plan=plan, on=date(2019, 6, 3))
    handed_in(proposed(plan, officer), a_leader())

    [checked] = [check(one, COMPUTED) for one in Document.objects.get().tables.all() if one.source]

    assert checked.is_same and checked.is_kept
    assert "1" in [one.printed for one in checked.figures if one.column == "Đã ghi nhận"]


def test_a_returned_report_is_issued_anew_and_the_one_before_is_recalled(plan, officer):
    coordinator, leader = a_person(Role.COORDINATOR), a_leader()
    report = handed_in(proposed(plan, officer), leader)
    report = filings.give_back(filing=report, marks={"work": "Thiếu số."}, seen=report.digest, by=coordinator)
    report = filings.propose(filing=written(report, officer, "Đủ."), by=officer)

    report = handed_in(report, leader)

    first, second = Number.objects.order_by("number")
    assert (first.state, first.replaced_by, second.state) == ("recalled", second, "issued")
    assert report.paper_code == "02/BC-UBND"
    assert sorted(Document.objects.values_list("stage", flat=True)) == ["issued", "recalled"]


def test_a_paper_with_a_number_of_another_book_takes_none_here(plan, officer):
    report = handed_in(proposed(plan, officer), a_leader(), paper_code="45/BC-UBND")

    assert report.paper_code == "45/BC-UBND" and not Number.objects.exists()


def test_an_officer_who_notes_what_was_signed_on_paper_types_its_number(plan, officer):
    report = proposed(plan, officer)

    with pytest.raises(NotAllowed, match="Ghi số, ký hiệu"):
        handed_in(report, officer)
    assert not Number.objects.exists() and not Document.objects.exists()


def test_a_submission_that_fails_gives_its_number_back(plan, officer):
    report, leader = proposed(plan, officer), a_leader()

    with pytest.raises(NotAllowed):
        filings.submit(filing=report, site=SITE, seen="0" * 64, by=leader)

    assert handed_in(report, leader).paper_code == "01/BC-UBND"


def test_the_page_tells_the_leader_the_next_number_before_it_is_taken(plan, officer):
    report = proposed(plan, officer)

    page = text_of(a_client(a_leader()).get(f"/bao-cao/cua/{report.pk}/"))

    assert "Số tiếp theo của sổ văn bản đi: 01/BC-UBND" in page


def test_the_paper_is_in_the_words_that_the_office_had_when_it_was_proposed(plan, officer):
    leader = a_leader()
    said = tuple(replace(one, text=one.text.replace("như sau", "cụ thể như sau")) for one in PERIODIC.lines)
    with at(date(2019, 6, 11)):
        Wording.objects.create(
            body=leader.organisation, form=PERIODIC.key, ordinal=1, lines=to_plain(said), made_at=clock.now(),
            tried_at=clock.now(), used_from=clock.now(), state="in_use", by_name="A",
        )  # fmt: skip

    handed_in(proposed(plan, officer), leader)

    assert "cụ thể như sau" in str(Document.objects.get().paper)
