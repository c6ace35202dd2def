"""Every printed figure answers for itself: by its code, as it was printed, as the rows give it again, and as it is today."""

import json
import random
import uuid
from datetime import date
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import DatabaseError, transaction
from django.test import Client

from tests.factories import a_client, a_household, a_person, an_outcome
from tests.pages import text_of
from tests.test_documents import a_signatory, issued, people
from tests.test_figures import plan_of_35
from tests.test_periodic_reports import at
from tiepcan.accounts.models import Person
from tiepcan.accounts.roles import Role
from tiepcan.common.refusals import NotAllowed
from tiepcan.paperwork import drafting, issuing
from tiepcan.paperwork.checking import check
from tiepcan.paperwork.codes import new_code, spelled, typed
from tiepcan.paperwork.models import Document, PrintedTable
from tiepcan.paperwork.wordings import issuing_body_of
from tiepcan.plans.models import Plan
from tiepcan.reporting import actions, papers
from tiepcan.reporting.figures import figures_of
from tiepcan.reporting.models import ConsolidatedReport
from tiepcan.reporting.outputs import UNITS, table
from tiepcan.reporting.printed import COMPUTED, arguments_of
from tiepcan.supports.models import Outcome
from tiepcan.units.models import Unit

pytestmark = pytest.mark.django_db
SITE = "http://localhost"


@pytest.fixture(autouse=True)
def june() -> Any:
    with at(date(2019, 6, 19)):
        yield


def a_report(by: Person, as_of: date = date(2019, 6, 14)) -> ConsolidatedReport:
    plan = plan_of_35(by)
    units = list(Unit.objects.filter(appendix_rows__version__plan=plan).order_by("path"))
    chance = random.Random(as_of.day)
    for day in (date(2019, 4, 2), date(2019, 5, 6), date(2019, 6, 13)):
        for unit in chance.sample(units, 5):
            _outcome(plan, unit, day)
    return actions.consolidate(plan=plan, as_of=as_of, by=by)


def _outcome(plan: Plan, unit: Unit, day: date) -> Outcome:
    return an_outcome(a_household(unit), plan=plan, on=day)


def the_paper(report: ConsolidatedReport, by: dict[str, Person]) -> Document:
    """The report's paper, issued."""
    body = issuing_body_of(report.plan.issuer)
    assert body is not None
    document = drafting.draft(id=uuid.uuid4(), body=body, handed=papers.of_report(report), by=by["drafter"])
    signatory = a_signatory(by["signer"], body)
    document = issuing.propose(
        document=document, signatory=signatory, site=SITE, seen=document.digest, by=by["drafter"]
    )
    document = issuing.sign(document=document, key=None, seen=document.digest, by=by["signer"])
    return issuing.issue(document=document, site=SITE, seen=document.digest, by=by["clerk"])


def test_a_code_forgives_blanks_dashes_and_case_and_tells_any_one_wrong_letter():
    code = new_code()

    assert typed(f" tc {code[:4].lower()}–{code[4:].lower()} ") == code
    for place in range(8):
        for letter in "23456789ABCDEFGHJKLMNPQRSTVWXYZ":
            other = code[:place] + letter + code[place + 1 :]
            assert typed(other) == ("" if other != code else code)
    swapped = code[1] + code[0] + code[2:]
    assert typed(swapped) == ("" if swapped != code else code)


def test_every_figure_of_a_report_is_computed_again_equal_and_later_rows_show_as_a_difference():
    by = people()
    report = a_report(by["drafter"])
    document = the_paper(report, by)
    tables = list(document.tables.all())

    before = [check(table, COMPUTED) for table in tables]
    unit = Unit.objects.filter(appendix_rows__version__plan=report.plan).order_by("path")[0]
    late = _outcome(report.plan, unit, date(2019, 6, 18))
    after = [check(table, COMPUTED) for table in tables]

    assert len(tables) == 2 and all(one.is_kept and one.is_same for one in before + after)
    assert sum(len(one.figures) for one in after) > 250
    assert {(one.row, one.column, one.difference) for one in after[0].changed} >= {
        (late.indicator.name, "Đã ghi nhận", "+1")
    }
    assert not [one for one in before[0].figures if one.printed != one.again]
    [reasons] = [
        reasons for heading, reasons in after[0].why if heading.startswith("đã ghi nhận, ") and reasons
    ]
    assert sum(one.households for one in reasons) == 1


def test_a_thousand_figures_of_four_days_are_computed_again_equal():
    """Each day's figures, frozen then, are what the ledger gives today for the end of that day."""
    by = people()
    report = a_report(by["drafter"])
    days = [date(2019, 4, 30), date(2019, 5, 31), date(2019, 6, 7), date(2019, 6, 14)]
    printed = {day: table(figures_of(report.plan, day)) for day in days}
    for unit in Unit.objects.filter(appendix_rows__version__plan=report.plan).order_by("path")[:4]:
        _outcome(report.plan, unit, date(2019, 6, 18))

    again = {day: COMPUTED[UNITS].then(arguments_of(report.plan, day)) for day in days}
    cells = [(row, column) for row in range(35) for column in range(2, 11)]
    figures = [(day, row, column) for day in days for row, column in cells]
    assert len(figures) > 1000
    assert all(printed[day].rows[row][column] == again[day].rows[row][column] for day, row, column in figures)
    assert all(printed[day].total == again[day].total for day in days)


def test_a_paper_altered_by_one_digit_is_told_from_the_true_one():
    by = people()
    document = the_paper(a_report(by["drafter"]), by)
    table = document.tables.get(place=0)
    client, address = a_client(by["clerk"]), f"/kiem-tra/{table.spelled}/"
    place = next(n for n, one in enumerate(check(table, COMPUTED).figures) if one.column == "Đã ghi nhận")
    printed = check(table, COMPUTED).figures[place].printed

    true = text_of(client.post(address, {"figure": place, "written": printed}))
    altered = text_of(client.post(address, {"figure": place, "written": f"9{printed}"}))

    assert "Giống bản đã phát hành" in true and "Khác bản đã phát hành" not in true
    assert "Khác bản đã phát hành" in altered and f"giấy của anh/chị ghi 9{printed}" in altered


def test_who_is_outside_sees_that_the_paper_is_true_and_none_of_its_figures():
    by = people()
    document = the_paper(a_report(by["drafter"]), by)
    table = document.tables.get(place=1)

    page = text_of(Client().get(f"/kiem-tra/{table.spelled}/"))

    assert "Mã này thật" in page and document.title in page
    assert "Trên giấy" not in page and "Cộng 35 đơn vị" not in page


def test_a_code_that_nobody_printed_is_said_so():
    answer = Client().get(f"/kiem-tra/{spelled(new_code())}/")

    assert answer.status_code == 404 and "Không có bảng nào mang mã này" in text_of(answer)


def test_a_recalled_paper_says_so_to_whoever_asks():
    by = people()
    document = the_paper(a_report(by["drafter"]), by)
    issuing.recall(document=document, reason="Sai kỳ báo cáo.", seen=document.digest, by=by["clerk"])

    page = text_of(Client().get(f"/kiem-tra/{document.tables.get(place=0).spelled}/"))

    assert "không còn hiệu lực: đã thu hồi" in page and "Sai kỳ báo cáo." in page


def test_the_database_keeps_what_an_issued_paper_printed():
    document = issued()
    table = document.tables.get()

    for change in (
        lambda: PrintedTable.objects.update(caption="khác"),
        table.delete,
        lambda: Document.objects.update(digest="0" * 64),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_the_command_tells_the_same_as_the_page_and_knows_every_figure():
    by = people()
    document = the_paper(a_report(by["drafter"]), by)
    code = document.tables.get(place=0).spelled
    out = StringIO()

    call_command("check_document", code, "--json", stdout=out)

    said = json.loads(out.getvalue())
    assert (said["paper"], said["is_same"], said["is_kept"]) == ("01/BC-UBND", True, True)
    assert [one["printed"] for one in said["figures"]] == [one["again"] for one in said["figures"]]


def test_a_report_whose_figures_are_others_by_now_becomes_no_paper():
    by = people()
    report = a_report(by["drafter"], date(2019, 6, 19))
    unit = Unit.objects.filter(appendix_rows__version__plan=report.plan).order_by("path")[0]
    _outcome(report.plan, unit, date(2019, 6, 19))

    with pytest.raises(NotAllowed, match="Lập báo cáo mới"):
        papers.of_report(report)


def test_somebody_of_another_office_sees_no_figures_though_they_signed_in():
    by = people()
    document = the_paper(a_report(by["drafter"]), by)

    page = text_of(
        a_client(a_person(Role.OPERATOR)).get(f"/kiem-tra/{document.tables.get(place=1).spelled}/")
    )

    assert "Mã này thật" in page and "Cộng 35 đơn vị" not in page
