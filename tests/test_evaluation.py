"""A year's results in groups, and the next year's targets: exact, within need and strength, each with its reason."""

import json
from datetime import date, datetime
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from tests.factories import a_client, a_household, a_person, a_plan, a_unit, an_outcome
from tests.pages import text_of
from tiepcan.accounts.roles import Role
from tiepcan.common import clock
from tiepcan.plans.models import Plan
from tiepcan.reporting import evaluation
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
