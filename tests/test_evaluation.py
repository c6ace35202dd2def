"""A year's results in groups, and the next year's targets: exact, within need and strength, each with its reason."""

import io
import json
import uuid
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import docx
import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from tests.factories import a_client, a_household, a_person, a_plan, a_unit, an_outcome, the_city
from tests.pages import text_of
from tests.test_kept_figures import a_support
from tiepcan.accounts.roles import Role
from tiepcan.common import clock
from tiepcan.paperwork.writing.docx import write_docx
from tiepcan.plans import actions as plans
from tiepcan.plans.drafts import reading_of
from tiepcan.plans.models import Plan
from tiepcan.reporting import evaluation, next_plan
from tiepcan.reporting.evaluation import Band, CannotDivide, band_of, propose
from tiepcan.reporting.figures import figures_of
from tiepcan.reporting.queries import households_owed

TELECOM = "telecom_service"
END = date(2019, 12, 20)


@pytest.fixture
def plan(db: None) -> Any:
    with clock.set_to(datetime(2019, 12, 20, 9, tzinfo=clock.VIETNAM)):
        yield a_plan()


def of_telecom(plan: Plan, total: int | None = None) -> evaluation.Proposed:
    totals = {} if total is None else {TELECOM: total}
    return next(one for one in propose(plan, END, totals) if one.indicator.pk == TELECOM)


def line_of(found: evaluation.Proposed, name: str) -> evaluation.Proposal:
    return next(line for line in found.lines if line.unit.name == name)


@pytest.mark.parametrize(
    ("target", "done", "band"),
    [
        (None, 3, Band.NONE),
        (0, 0, Band.NONE),
        (4, 4, Band.MET),
        (4, 5, Band.MET),
        (4, 3, Band.ONE),
        (4, 0, Band.MORE),
    ],
)
def test_units_stand_in_groups_by_what_remains(target, done, band):
    assert band_of(target, done) == band


def test_every_unit_is_in_one_group(plan):
    figures = figures_of(plan, END)
    groups = evaluation.bands(figures, TELECOM)
    assert sorted(line.unit.pk for lines in groups.values() for line in lines) == sorted(
        line.unit.pk for line in figures.lines
    )


@given(need=st.integers(0, 500), done=st.integers(0, 300), remains=st.integers(0, 300))
def test_nobody_is_asked_for_more_than_is_needed_or_can_be_managed(need, done, remains):
    cap = evaluation._cap(need, done, remains)
    assert cap <= need
    assert cap <= max(done * 1.25 + 1, remains, 1)
    assert (cap == 0) == (need == 0)


def test_without_a_total_the_proposal_is_what_need_and_strength_allow(plan):
    for _ in range(4):
        a_household(lacks=(TELECOM,))
    an_outcome(plan=plan, household=a_household(lacks=(TELECOM,)))
    found = of_telecom(plan)
    line = line_of(found, "Hàm Rồng")
    assert (line.need, line.done) == (4, 1)
    assert line.proposed == line.cap == found.total
    assert sum(one.proposed for one in found.lines) == found.total
    assert line.target is not None
    assert line.remains == line.target - 1


def test_a_given_total_is_divided_exactly_both_ways(plan):
    for name, many in (("Hàm Rồng", 6), ("Nam Ngạn", 3)):
        for _ in range(many):
            a_household(a_unit(name), lacks=(TELECOM,))
    total = of_telecom(plan).total - 1
    found = of_telecom(plan, total)
    assert sum(line.proposed for line in found.lines) == total
    assert sum(line.other for line in found.lines) == total
    assert all(line.proposed <= line.cap for line in found.lines)
    assert all(line.reason for line in found.lines)


def test_a_total_beyond_need_and_strength_is_refused_with_a_sentence(plan):
    a_household(lacks=(TELECOM,))
    with pytest.raises(CannotDivide, match="chỉ nhận được tối đa"):
        of_telecom(plan, 10_000)
    page = a_client(a_person(Role.COORDINATOR)).get(
        reverse("reporting:evaluation", args=[plan.pk]), {TELECOM: "10000"}
    )
    assert "chỉ nhận được tối đa" in text_of(page)


def test_what_was_not_managed_is_carried_over_in_words(plan):
    a_household(lacks=(TELECOM,))
    line = line_of(of_telecom(plan), "Hàm Rồng")
    assert line.reason == "1 hộ năm trước chưa làm được chuyển sang; đủ cả 1 hộ đang thiếu hụt"
    assert line_of(of_telecom(plan), "Nam Ngạn").reason == "không còn hộ nghèo thiếu hụt"


def test_the_need_is_the_households_behind_it(plan):
    coordinator = a_person(Role.COORDINATOR)
    for _ in range(3):
        a_household(lacks=(TELECOM,))
    an_outcome(plan=plan, household=a_household(lacks=(TELECOM,)))
    an_outcome(plan=plan, household=a_household(lacks=(TELECOM,)), by=a_person(Role.OFFICER))
    for line in of_telecom(plan).lines:
        unit = a_unit(line.unit.name)
        assert line.need == households_owed(coordinator, plan, TELECOM, END, unit).count()


def test_the_page_opens_every_figure(plan):
    an_outcome(plan=plan)
    page = a_client(a_person(Role.COORDINATOR)).get(reverse("reporting:evaluation", args=[plan.pk]))
    assert "Còn từ 2 hộ" in text_of(page)
    assert "/ghi-nhan/?den-ngay=2019-12-20&amp;don-vi=" in page.content.decode()


def test_the_command_proposes_for_the_year_after(plan, capsys):
    a_household(lacks=(TELECOM,))
    call_command("propose_targets", "--from", plan.code, "--year", "2020", "--json")
    said = json.loads(capsys.readouterr().out)
    assert (said["from"], said["year"]) == (plan.code, 2020)
    for one in said["indicators"]:
        assert sum(unit["proposed"] for unit in one["units"]) == one["total"]
    call_command("propose_targets", "--from", plan.code, "--year", "2020", "--total", f"{TELECOM}=1")
    assert "1 hộ, theo rà soát cuối năm 2018" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("total", "sentence"),
    [("telecom_service=99999", "tối đa"), ("x=1", "Không có chỉ số x"), ("telecom_service=-1", "Không hiểu")],
)
def test_a_total_that_makes_no_sense_is_told(plan, total, sentence):
    a_household(lacks=(TELECOM,))
    with pytest.raises(CommandError, match=sentence):
        call_command("propose_targets", "--from", plan.code, "--year", "2020", "--total", total)


# ---- what remains, and the draft of the next plan


def test_what_remains_is_told_with_what_its_rows_say(plan):
    an_outcome(plan=plan)
    recorded_later = a_household(lacks=(TELECOM,))
    a_support(plan=plan, household=recorded_later)
    figures = figures_of(plan, END)
    [one] = [one for one in evaluation.remaining(figures) if one.line.unit.name == "Hàm Rồng"]
    assert (one.remains, one.unrecorded, one.untouched, one.unverified) == (4, 1, 3, 1)
    assert {one.line.unit.name for one in evaluation.remaining(figures)} == {
        line.unit.name for line in figures.lines if any(cell.owed for cell in line.cells.values())
    }


@pytest.mark.parametrize(
    ("said", "moved"),
    [
        ("Gửi báo cáo sáu tháng trước ngày 20/6/2019", "Gửi báo cáo sáu tháng trước ngày 20/6/2020"),
        ("báo cáo năm chậm nhất ngày 30/11/2019.", "báo cáo năm chậm nhất ngày 30/11/2020."),
        ("hộ nghèo đến cuối năm 2018", "hộ nghèo đến cuối năm 2019"),
        ("Quyết định số 412/QĐ-UBND ngày 28/01/2019", "Quyết định số 412/QĐ-UBND ngày 28/01/2019"),
        ("Nghị định của năm 2015", "Nghị định của năm 2015"),
    ],
)
def test_dates_to_keep_move_by_a_year_and_days_of_papers_stay(said, moved):
    assert next_plan.moved_on(said, 2019) == moved


def test_the_signed_draft_opens_as_the_plan_that_was_proposed(plan):
    for unit in ("Hàm Rồng", "Nam Ngạn", "Đông Thọ"):
        for _ in range(3):
            a_household(a_unit(unit), lacks=(TELECOM, "information_asset"))
            a_household(a_unit(unit), lacks=(TELECOM,), year=2019)
    proposed = propose(plan, END)
    assert all(one.total for one in proposed if one.indicator.pk == TELECOM)
    paper = next_plan.draft(plan, plan.version_on(END), proposed)
    with clock.set_to(datetime(2020, 2, 3, 9, tzinfo=clock.VIETNAM)):
        coordinator = a_person(Role.COORDINATOR)
        signed = write_docx(replace(paper, number="21", issued_on=date(2020, 1, 31)))
        draft = plans.receive(
            id=uuid.uuid4(), raw=signed, name="ke-hoach.docx", unit=the_city(), by=coordinator
        )
        reading = reading_of(draft)
        assert [finding.message for finding in reading.waiting] == []
        opened = plans.open_plan(draft=draft, version=draft.version, by=coordinator)
        stood = opened.version_on(date(2020, 2, 3))
        assert (opened.year, opened.code) == (2020, "21/KH-UBND")
        for one in proposed:
            read = {
                row.unit_id: row.targets_by_indicator.get(one.indicator.pk, 0)
                for row in stood.rows.prefetch_related("targets")
            }
            assert read == {line.unit.pk: line.proposed for line in one.lines}
        assert {aim.indicator_id: aim.households for aim in stood.aims.all()} == {
            one.indicator.pk: one.total for one in proposed if one.total
        }
        dates = [milestone.last_day for milestone in opened.milestones_on(date(2020, 2, 3))]
        assert dates == [date(2020, 6, 19), date(2020, 11, 30)]


def test_the_draft_is_downloaded_with_the_totals_that_the_page_shows(plan):
    for _ in range(4):
        a_household(lacks=(TELECOM,))
    client = a_client(a_person(Role.COORDINATOR))
    page = client.get(reverse("reporting:evaluation", args=[plan.pk]) + f"?{TELECOM}=2").content.decode()
    address = reverse("reporting:next_plan", args=[plan.pk]) + f"?{TELECOM}=2"
    assert address in page
    answer = client.get(address)
    assert answer.status_code == 200
    text = " ".join(p.text for p in docx.Document(io.BytesIO(answer.content)).paragraphs)
    assert "Trong năm 2020 có 2 hộ nghèo thiếu hụt sử dụng dịch vụ viễn thông" in text
    assert client.get(reverse("reporting:next_plan", args=[plan.pk]) + f"?{TELECOM}=9999").status_code == 302
