"""Planned against done: every figure is the sum of ledger lines up to the end of a day, and opens its rows."""

import io
import json
import random
import re
import uuid
from collections import Counter
from datetime import date, datetime, timedelta
from functools import cache

import docx
import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import ProgrammingError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories import (
    a_client,
    a_draft,
    a_household,
    a_person,
    a_plan,
    a_unit,
    an_outcome,
    confirm_all,
    the_city,
)  # fmt: skip
from tests.pages import parsed, problems_of, table_of, text_of, typed, words
from tests.papers.truth import ROWS, Truth
from tiepcan.accounts.models import Reading
from tiepcan.accounts.roles import Role
from tiepcan.audit.acts import act
from tiepcan.common import clock
from tiepcan.common.digests import digest_of
from tiepcan.common.refusals import NotAllowed
from tiepcan.config.demonstration import plan_146
from tiepcan.households import actions as households
from tiepcan.households.models import Household
from tiepcan.plans import actions as plans
from tiepcan.plans.models import Milestone, MilestoneKind, Plan
from tiepcan.reporting import actions, outputs
from tiepcan.reporting.figures import Figures, figures_of, plain, present_of
from tiepcan.reporting.models import ConsolidatedReport, Submission
from tiepcan.reporting.queries import (
    days_handed_in,
    days_late,
    handed_in,
    households_owed,
    late_units,
    outcomes_behind,
    submissions_of,
)  # fmt: skip
from tiepcan.standards.models import Means, Source
from tiepcan.supports import actions as supports
from tiepcan.supports import evidence, giving
from tiepcan.supports.figures import by_day
from tiepcan.supports.models import Outcome, Support

pytestmark = pytest.mark.django_db
TELECOM, ASSET = INDICATORS = ("telecom_service", "information_asset")
TODAY = date(2019, 6, 12)


def on(day: date):
    """The clock on that day, in the morning."""
    return clock.set_to(datetime(day.year, day.month, day.day, 9, tzinfo=clock.VIETNAM))


def days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


@pytest.fixture
def coordinator():
    return a_person(Role.COORDINATOR)


@cache
def the_papers_bytes() -> bytes:
    return plan_146.paper()


def plan_of_35(by) -> Plan:
    with on(date(2019, 2, 18)):
        draft = plans.receive(
            id=uuid.uuid4(), raw=the_papers_bytes(), name="146.docx", unit=the_city(), by=by
        )
        confirm_all(draft, by)
        return plans.open_plan(draft=draft, version=draft.version, by=by)


def cell_of(figures: Figures, unit: str, indicator: str = TELECOM):
    return next(line for line in figures.lines if line.unit.name == unit).cells[indicator]


# ---- figures are sums of lines


class History:
    """Random acts on a few households through half a year, with an account of its own of what each one adds."""

    STEPS = {
        None: ("record",),
        "recorded": ("verify", "give_back", "withdraw"),
        "answered": ("verify", "give_back", "withdraw"),
        "verified": ("give_back", "withdraw"),
        "returned": ("answer", "withdraw"),
    }
    NEXT = {
        "record": "recorded",
        "verify": "verified",
        "give_back": "returned",
        "answer": "answered",
        "withdraw": None,
    }

    def __init__(self, plan: Plan, seed: int) -> None:
        chance = random.Random(seed)
        self.plan, self.lines = plan, []
        self.officers = {
            name: a_person(Role.OFFICER, a_unit(name)) for name in ("Hàm Rồng", "Quảng Phú", "Điện Biên")
        }
        verifier = a_person(Role.VERIFIER)
        households = [
            a_household(by.unit, lacks=INDICATORS, by=by) for by in self.officers.values() for _ in range(3)
        ]
        state = {(household, i): (None, None) for household in households for i in INDICATORS}
        for day in sorted(chance.choices(days(date(2019, 3, 5), TODAY), k=70)):
            household, indicator = key = chance.choice(list(state))
            kind, outcome = state[key]
            step = chance.choice(self.STEPS[kind])
            by = self.officers[household.unit.name]
            self.lines.append((day, household, indicator, *self._adds(kind, step)))
            with on(day):
                if step == "record":
                    outcome = an_outcome(household, plan=plan, indicator=indicator, by=by, on=day)
                elif step == "verify":
                    supports.verify(outcome=outcome, by=verifier)
                elif step == "give_back":
                    supports.give_back(outcome=outcome, reason="thiếu ảnh", by=verifier)
                elif step == "answer":
                    supports.answer(outcome=outcome, note="đã thêm", by=by)
                else:
                    supports.withdraw(outcome=outcome, reason="ghi nhầm", by=by)
            state[key] = (self.NEXT[step], outcome if step != "withdraw" else None)

    @staticmethod
    def _adds(before: str | None, step: str) -> tuple[int, int]:
        unverified = -1 if before == "verified" else 0
        return {
            "record": (1, 0), "verify": (0, 1), "give_back": (0, unverified), "answer": (0, 0),
            "withdraw": (-1, unverified),
        }[step]  # fmt: skip

    def sums(self, as_of: date) -> dict[tuple[str, str], tuple[int, int]]:
        recorded, verified = Counter(), Counter()
        for day, household, indicator, r, v in self.lines:
            if day <= as_of:
                recorded[household.unit_id, indicator] += r
                verified[household.unit_id, indicator] += v
        return {key: (recorded[key], verified[key]) for key in recorded | verified if key in recorded}

    def counted(self, as_of: date, column: int, indicator: str, unit: str | None = None) -> set[str]:
        """Keys of the households whose lines up to that day add up to one."""
        sums = Counter()
        for day, household, of, *adds in self.lines:
            if day <= as_of and of == indicator and unit in (None, household.unit_id):
                sums[str(household.pk)] += adds[column]
        assert set(sums.values()) <= {0, 1}
        return {key for key, n in sums.items() if n}


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_figure_is_the_sum_of_the_lines_up_to_the_end_of_the_day(seed):
    history = History(a_plan(), seed)
    for as_of in [date(2019, 3, 4), *random.Random(seed).sample(days(date(2019, 3, 5), TODAY), 12), TODAY]:
        figures = figures_of(history.plan, as_of)
        expected = history.sums(as_of)
        for line in figures.lines:
            for indicator, cell in line.cells.items():
                assert (cell.recorded, cell.verified) == expected.pop((line.unit.pk, indicator), (0, 0))
                assert 0 <= cell.verified <= cell.recorded
        assert not {key: sums for key, sums in expected.items() if sums != (0, 0)}
        for indicator in INDICATORS:
            cells = [line.cells[indicator] for line in figures.lines]
            total = figures.total[indicator]
            assert total.recorded == sum(cell.recorded for cell in cells)
            assert total.verified == sum(cell.verified for cell in cells)
            assert total.target == sum(cell.target or 0 for cell in cells)
            found = by_day(history.plan, the_city(), as_of).get(indicator, [])
            assert (
                (found[-1].recorded, found[-1].verified) == (total.recorded, total.verified)
                if found
                else not total.recorded
            )
            assert [day.on for day in found] == sorted({day.on for day in found})


def test_the_cumulative_line_is_that_of_the_figures_of_each_day(coordinator):
    history = History(a_plan(), 7)
    for day in by_day(history.plan, the_city(), TODAY)[TELECOM]:
        total = figures_of(history.plan, day.on).total[TELECOM]
        assert (day.recorded, day.verified) == (total.recorded, total.verified)
    rows = table_of_first(
        a_client(coordinator).get(reverse("reporting:progress", args=[history.plan.pk, TELECOM]))
    )
    assert len(rows) == len(by_day(history.plan, the_city(), TODAY)[TELECOM])


def table_of_first(response) -> list[list[str]]:
    return [
        [words(cell.text_content()) for cell in row.xpath("./th|./td")]
        for row in parsed(response).xpath("//tbody/tr")
    ]


def test_what_is_recorded_later_does_not_change_an_earlier_days_figures():
    plan = a_plan()
    an_outcome(plan=plan, on=date(2019, 4, 1))
    before = plain(figures_of(plan, date(2019, 5, 1)))
    # It happened in April and was written in June.
    an_outcome(plan=plan, happened_on=date(2019, 4, 15))
    assert plain(figures_of(plan, date(2019, 5, 1))) == before
    assert figures_of(plan, TODAY).total[TELECOM].recorded == 2


def test_an_empty_cell_is_no_target_and_zero_is_one():
    truth = Truth(rows=[("Phường Hàm Rồng", 31, 0, None), ("Phường Nam Ngạn", 22, 8, 1), *ROWS[2:]])
    figures = figures_of(a_plan(truth), TODAY)
    zero, none = cell_of(figures, "Hàm Rồng"), cell_of(figures, "Hàm Rồng", ASSET)
    assert (zero.target, none.target) == (0, None)
    assert (zero.share, none.share) == (None, None)
    assert (none.owed, none.behind, none.pace) == (0, 0, 0)
    [line] = [unit for unit in plain(figures)["units"] if unit["row"] == 1]
    assert (line[TELECOM]["target"], line[ASSET]["target"]) == (0, None)


def test_a_total_of_nothing_is_no_target():
    truth = Truth(rows=[(name, poor, telecom, None) for name, poor, telecom, _ in ROWS], body=(57, 0))
    figures = figures_of(a_plan(truth), TODAY)
    assert figures.total[ASSET].target is None
    assert figures.total[TELECOM].target == 57


def test_a_unit_that_the_paper_does_not_list_still_counts():
    plan = a_plan()
    household = a_household(a_unit("Điện Biên"))
    an_outcome(household, plan=plan)
    figures = figures_of(plan, TODAY)
    line = figures.lines[-1]
    assert (line.unit.name, line.row, line.poor_households) == ("Điện Biên", None, None)
    assert (line.cells[TELECOM].target, line.cells[TELECOM].recorded) == (None, 1)
    assert figures.total[TELECOM].recorded == 1
    assert "Điện Biên" not in {
        late.line.unit.name for late in late_units(figures, figures.stood.milestones, {}, {})
    }
    assert figures_of(plan, TODAY, within=a_unit("Điện Biên")).total[TELECOM].recorded == 1
    assert figures_of(plan, TODAY, within=a_unit()).total[TELECOM].recorded == 0


# ---- the pace


@pytest.mark.parametrize(
    ("day", "pace"),
    [
        (date(2019, 2, 18), 0),
        (date(2019, 2, 28), 0),
        (date(2019, 3, 1), 0),  # units' own plans were due before 28 February
        (date(2019, 3, 2), 0),  # 200 x 1 / 217 is not a household yet
        (date(2019, 3, 3), 1),  # 200 x 2 / 217 = 1.84
        (date(2019, 6, 12), 94),  # 200 x 103 / 217 = 94.93
        (date(2019, 10, 3), 199),
        (date(2019, 10, 4), 200),
        (date(2020, 2, 1), 200),
    ],
)
def test_the_pace_runs_evenly_from_the_units_own_plans_to_the_last_date_in_whole_households(
    coordinator, day, pace
):
    assert figures_of(plan_of_35(coordinator), day).total[TELECOM].pace == pace


def test_the_pace_of_a_unit_is_rounded_down_and_the_totals_own_is_not_their_sum(coordinator):
    figures = figures_of(plan_of_35(coordinator), TODAY)
    for line in figures.lines:
        cell = line.cells[TELECOM]
        assert cell.pace == (cell.target * 103) // 217
    assert sum(line.cells[TELECOM].pace for line in figures.lines) < figures.total[TELECOM].pace == 94


def test_without_any_date_the_pace_runs_from_the_paper_to_the_years_end(coordinator):
    plan = a_plan()
    Milestone.objects.all().delete()
    assert (plan.on(TODAY).pace_begins, plan.pace_ends_on(TODAY)) == (date(2019, 3, 3), date(2019, 12, 31))
    assert figures_of(plan, date(2019, 12, 30)).total[TELECOM].pace == 56


def test_households_behind_and_owed_are_never_negative():
    plan = a_plan()
    for _ in range(6):
        an_outcome(plan=plan)
    cell = cell_of(figures_of(plan, TODAY), "Hàm Rồng")
    assert (cell.target, cell.recorded, cell.owed, cell.behind) == (5, 6, 0, 0)


# ---- handing in and being late


def milestone(plan: Plan, kind: str) -> Milestone:
    return next(m for m in plan.milestones_on(TODAY) if m.kind == kind)


def hand_in(
    plan: Plan, unit: str = "Hàm Rồng", *, kind=MilestoneKind.LOCAL_PLAN, on=date(2019, 2, 27), **more
):
    facts = {"paper_code": "12/KH-UBND", "by": a_person(Role.OFFICER, a_unit(unit))} | more
    return actions.hand_in(milestone=milestone(plan, kind), unit=a_unit(unit), handed_in_on=on, **facts)


def test_the_last_day_is_in_time_and_the_day_of_truoc_ngay_is_late(coordinator):
    plan = plan_of_35(coordinator)
    assert days_late(hand_in(plan, on=date(2019, 2, 27)), {}) == 0
    assert days_late(hand_in(plan, "Nam Ngạn", on=date(2019, 2, 28)), {}) == 1
    assert handed_in(plan) == {
        m.pk: (2 if m.kind == "local_plan" else 0, 35) for m in plan.milestones_on(TODAY)
    }


def test_the_same_paper_twice_is_one_and_another_is_refused(coordinator):
    plan = plan_of_35(coordinator)
    assert hand_in(plan) == hand_in(plan, paper_code=" 12/KH-UBND ")
    with pytest.raises(NotAllowed, match="Đã ghi nộp văn bản 12/KH-UBND ngày 27/02/2019"):
        hand_in(plan, paper_code="13/KH-UBND")
    assert Submission.objects.count() == 1


def test_a_submission_is_noted_by_the_ward_or_the_coordinator_alone(coordinator):
    plan = plan_of_35(coordinator)
    for person in (
        a_person(Role.OFFICER, a_unit("Nam Ngạn")), a_person(Role.VERIFIER), a_person(Role.LEADER), a_person(Role.PARTNER),
    ):  # fmt: skip
        with pytest.raises(NotAllowed, match="Chỉ cán bộ của phường, xã"):
            hand_in(plan, by=person)
    assert hand_in(plan, by=coordinator).by_name == coordinator.full_name


def test_only_units_of_the_plan_owe_and_only_what_units_owe(coordinator):
    plan = plan_of_35(coordinator)
    with pytest.raises(NotAllowed, match="Phường Điện Biên không phải nộp mục này"):
        hand_in(plan, "Điện Biên", by=coordinator)
    other = milestone(plan, MilestoneKind.YEAR)
    Milestone.objects.filter(pk=other.pk).update(kind=MilestoneKind.OTHER)
    with pytest.raises(NotAllowed, match="không phải nộp mục này"):
        hand_in(plan, kind=MilestoneKind.OTHER)


def test_a_submission_is_taken_back_with_a_reason(coordinator):
    plan, officer = plan_of_35(coordinator), a_person(Role.OFFICER)
    submission = hand_in(plan)
    with pytest.raises(NotAllowed, match="Ghi lý do"):
        actions.take_back(submission=submission, reason=" ", by=officer)
    with pytest.raises(NotAllowed, match="Chỉ cán bộ"):
        actions.take_back(submission=submission, reason="nhầm", by=a_person(Role.OFFICER, a_unit("Nam Ngạn")))
    actions.take_back(submission=submission, reason="nhầm", by=officer)
    assert submissions_of(plan) == {}
    assert hand_in(plan, paper_code="13/KH-UBND").paper_code == "13/KH-UBND"


def test_who_is_late_and_with_what(coordinator):
    plan = plan_of_35(coordinator)
    for row in plan.versions.get().rows.select_related("unit"):
        if row.unit.name not in ("Hàm Rồng", "Nam Ngạn"):
            hand_in(plan, row.unit.name, by=coordinator)
    hand_in(plan, "Nam Ngạn", on=date(2019, 3, 20), by=coordinator)
    figures = figures_of(plan, TODAY)
    late = {
        one.line.unit.name: one
        for one in late_units(figures, figures.stood.milestones, days_handed_in(plan), {})
    }
    assert late["Hàm Rồng"].missed == [milestone(plan, MilestoneKind.LOCAL_PLAN)]
    assert late["Nam Ngạn"].missed == []
    assert late["Hàm Rồng"].behind == {TELECOM: 1}
    assert late["Nam Ngạn"].behind == {TELECOM: 2}  # the one household of the other indicator is not due yet
    assert "Ngọc Trạo" not in late, "one household in the whole year: none is due yet"
    ordered = late_units(figures, figures.stood.milestones, days_handed_in(plan), {})
    assert ordered[0].line.unit.name == "Hàm Rồng", "missed dates come first"

    # By the end of an earlier day Nam Ngạn had not handed in yet, and nobody owes what is not due.
    early = figures_of(plan, date(2019, 3, 10))
    handed = days_handed_in(plan, date(2019, 3, 10))
    missing = {
        one.line.unit.name for one in late_units(early, early.stood.milestones, handed, {}) if one.missed
    }
    assert missing == {"Hàm Rồng", "Nam Ngạn"}
    on_the_last_day = figures_of(plan, date(2019, 2, 27))
    assert not late_units(on_the_last_day, on_the_last_day.stood.milestones, {}, {})


def test_the_page_notes_what_was_handed_in_and_says_what_is_wrong(coordinator):
    plan = plan_of_35(coordinator)
    client = a_client(a_person(Role.OFFICER))
    due = milestone(plan, MilestoneKind.LOCAL_PLAN)
    address = reverse("reporting:hand_in", args=[due.pk, a_unit().pk])
    assert "Quá hạn 105 ngày" in text_of(client.get(reverse("reporting:deadlines")))

    wrong = client.post(address, {"paper_code": "12/KH-UBND", "handed_in_on": "13/06/2019"})
    assert problems_of(wrong) == {"Ngày nộp: Phải từ 18/02/2019 đến hôm nay 12/06/2019.": "id_handed_in_on"}
    assert typed(wrong)["paper_code"] == "12/KH-UBND"
    assert list(problems_of(client.post(address, {"handed_in_on": "01/03/2019"})).values()) == [
        "id_paper_code"
    ]

    client.post(address, {"paper_code": "12/KH-UBND", "handed_in_on": "01/03/2019", "note": "gửi qua mạng"})
    assert "Đã nộp 01/03/2019, muộn" in text_of(client.get(reverse("reporting:deadlines")))

    client.post(address, {"bo": "1", "bo-reason": " "})
    assert Submission.objects.count() == 1
    client.post(address, {"bo": "1", "bo-reason": "ghi nhầm"})
    assert not Submission.objects.exists()
    sister = a_client(a_person(Role.OFFICER, a_unit("Nam Ngạn")))
    assert sister.get(address).status_code == 404


# ---- the rows behind a figure

_HOUSEHOLD = re.compile(r"^/ho-ngheo/([0-9a-f-]{36})/$")


def listed(response) -> list[str]:
    found = [_HOUSEHOLD.match(href) for href in parsed(response).xpath("//a/@href")]
    return [match[1] for match in found if match]


def behind(client, plan: Plan, indicator: str, figure: str, as_of: date, unit=None):
    query = f"?den-ngay={as_of.isoformat()}" + (f"&don-vi={unit.pk}" if unit else "")
    return client.get(reverse("reporting:behind", args=[plan.pk, indicator, figure]) + query)


def by_sql(column: str, plan: Plan, indicator: str, as_of: date, unit=None) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT o.household_id FROM supports_outcome o JOIN supports_entry e ON e.outcome_id = o.id
                WHERE o.plan_id = %s AND o.indicator_id = %s AND e."on" <= %s AND (%s::text IS NULL OR o.unit_id = %s)
                GROUP BY o.household_id HAVING sum(e.{column}) = 1""",
            [plan.pk, indicator, as_of, unit and unit.pk, unit and unit.pk],
        )
        return {str(key) for (key,) in cursor.fetchall()}


@pytest.mark.parametrize("as_of", [date(2019, 3, 4), date(2019, 4, 20), TODAY])
def test_a_figure_opens_exactly_the_households_that_it_counts(coordinator, as_of):
    history = History(a_plan(), 11)
    client = a_client(coordinator)
    for unit in (None, a_unit(), a_unit("Điện Biên"), a_unit("Đông Thọ")):
        figures = figures_of(history.plan, as_of, within=unit or the_city())
        for indicator in INDICATORS:
            total = figures.total[indicator]
            for n, (figure, column) in enumerate((("ghi-nhan", "recorded"), ("xac-minh", "verified"))):
                answer = behind(client, history.plan, indicator, figure, as_of, unit)
                rows = listed(answer)
                assert len(rows) == len(set(rows)) == getattr(total, column)
                assert set(rows) == by_sql(column, history.plan, indicator, as_of, unit)
                assert set(rows) == history.counted(as_of, n, indicator, unit and unit.pk)
                head, *_, foot = table_of(answer, "dv")
                summed = dict(zip(head, foot, strict=True))
                assert (summed["Đã ghi nhận"], summed["Đã xác minh"]) == (
                    str(total.recorded),
                    str(total.verified),
                )


def test_what_still_waits_are_the_poor_households_that_lack_and_were_not_recorded(coordinator):
    plan = a_plan()
    waiting, done, withdrawn, elsewhere = (
        a_household(),
        a_household(),
        a_household(),
        a_household(a_unit("Nam Ngạn")),
    )
    a_household(poverty="near_poor"), a_household(lacks=(ASSET,)), a_household(year=2017)
    an_outcome(done, plan=plan)
    officer = a_person(Role.OFFICER)
    supports.withdraw(outcome=an_outcome(withdrawn, plan=plan, by=officer), reason="ghi nhầm", by=officer)

    client = a_client(coordinator)
    keys = {str(household.pk) for household in (waiting, withdrawn, elsewhere)}
    assert set(listed(behind(client, plan, TELECOM, "con-cho", TODAY))) == keys
    # The plan gives numbers to units; it names no household.
    assert listed(behind(client, plan, TELECOM, "chi-tieu", TODAY)) == []
    assert listed(behind(client, plan, TELECOM, "con-cho", TODAY, a_unit("Nam Ngạn"))) == [str(elsewhere.pk)]
    # As of the day before, nothing had been recorded.
    assert households_owed(coordinator, plan, TELECOM, date(2019, 6, 11)).count() == 4


def test_each_person_opens_the_rows_of_the_own_scope(coordinator):
    plan = a_plan()
    here, there = a_household(), a_household(a_unit("Nam Ngạn"))
    for household in (here, there):
        an_outcome(household, plan=plan)
    officer, leader = a_person(Role.OFFICER), a_person(Role.LEADER)
    assert listed(behind(a_client(officer), plan, TELECOM, "ghi-nhan", TODAY)) == [str(here.pk)]
    assert behind(a_client(officer), plan, TELECOM, "ghi-nhan", TODAY, a_unit("Nam Ngạn")).status_code == 404
    assert outcomes_behind(officer, plan, TELECOM, "recorded", TODAY).get().household == here
    assert len(listed(behind(a_client(coordinator), plan, TELECOM, "ghi-nhan", TODAY))) == 2
    # A leader reads the figure and not the names behind it.
    answer = behind(a_client(leader), plan, TELECOM, "ghi-nhan", TODAY)
    assert listed(answer) == []
    assert here.head_name not in text_of(answer)
    head, *_, foot = table_of(answer, "dv")
    assert dict(zip(head, foot, strict=True))["Đã ghi nhận"] == "2"
    assert Reading.objects.filter(subject=f"figure:{plan.pk}:{TELECOM}:ghi-nhan").count() == 2


# ---- figures of the present alone


PAPER = [("bien-ban.pdf", b"%PDF-1.4 x")]


def given(household, on: date = TODAY, *, outcome: bool = False, means: str = "subscription") -> Support:
    """Another room gave the household something; `outcome`: and it counts by that."""
    by = a_person(Role.OFFICER, household.unit)
    with act("device.handed_over", by=by):
        support = giving.give(
            id=uuid.uuid4(), household=household, means=Means.objects.get(pk=means), began_on=on,
            source=Source.objects.get(pk="charity"), provider="Nhà hảo tâm",
        )  # fmt: skip
        if outcome:
            assert giving.lead_to_outcome(support, by=by) is None
    return support


def shown(outcome: Outcome, *, by_its_support: bool = False) -> Outcome:
    """With a file of its own, or of what was given."""
    officer = a_person(Role.OFFICER, outcome.unit)
    if by_its_support:
        with act("evidence.added", by=officer):
            evidence.keep(outcome.supports.get(), evidence.cleaned(PAPER), officer.full_name)
    else:
        supports.add_evidence(outcome=outcome, files=PAPER, by=officer)
    return outcome


def test_outcomes_without_evidence_are_counted_and_open_to_exactly_these(coordinator):
    plan, officer = a_plan(), a_person(Role.OFFICER)
    bare = [an_outcome(plan=plan), an_outcome(a_household(a_unit("Nam Ngạn")), plan=plan)]
    an_outcome(a_household(lacks=(ASSET,)), plan=plan, indicator=ASSET)
    shown(an_outcome(plan=plan))
    shown(given(a_household(), outcome=True).outcome, by_its_support=True)
    supports.withdraw(outcome=an_outcome(plan=plan, by=officer), reason="ghi nhầm", by=officer)

    figures = figures_of(plan, TODAY)
    assert present_of(figures).unshown == {
        (a_unit().pk, TELECOM): 1, (a_unit("Nam Ngạn").pk, TELECOM): 1, (None, TELECOM): 2,
        (a_unit().pk, ASSET): 1, (None, ASSET): 1,
    }  # fmt: skip
    client = a_client(coordinator)
    page = parsed(client.get(reverse("reporting:overview")))
    [link] = page.xpath("//section[@aria-labelledby='can']//a[contains(., 'dịch vụ viễn thông')]")
    assert words(link.getparent().text_content()) == "2 kết quả dịch vụ viễn thông chưa có minh chứng"
    assert set(listed(client.get(link.get("href")))) == {str(one.household_id) for one in bare}
    assert listed(behind(client, plan, TELECOM, "chua-minh-chung", TODAY, a_unit())) == [
        str(bare[0].household_id)
    ]
    own = a_client(officer)
    assert listed(behind(own, plan, TELECOM, "chua-minh-chung", TODAY)) == [str(bare[0].household_id)]
    leader = a_client(a_person(Role.LEADER)).get(link.get("href"))
    assert listed(leader) == []
    head, *_, foot = table_of(leader, "dv")
    assert dict(zip(head, foot, strict=True))["Chưa có minh chứng"] == "2"


def test_an_overview_on_which_nothing_lacks_evidence_says_nothing_of_it(coordinator):
    shown(an_outcome(plan=a_plan()))
    assert "chưa có minh chứng" not in text_of(a_client(coordinator).get(reverse("reporting:overview")))


def test_who_was_given_something_is_counted_once_and_opens_to_what_it_was(coordinator):
    plan = a_plan()
    twice, uncounted, elsewhere = a_household(), a_household(lacks=(ASSET,)), a_household(a_unit("Nam Ngạn"))
    an_outcome(twice, plan=plan)
    for household in (twice, uncounted, elsewhere):
        given(household, date(2019, 5, 6))
    with act("support.taken_back", by=None):
        giving.take_back(given(a_household()))

    client = a_client(coordinator)
    page = parsed(client.get(reverse("reporting:overview")))
    [figure] = page.xpath(f"//a[@class='fig'][contains(@href, '{TELECOM}/da-ho-tro')]")
    assert figure.text_content() == "3"
    answer = client.get(figure.get("href"))
    assert set(listed(answer)) == {str(one.pk) for one in (twice, uncounted, elsewhere)}
    rows = {row[0]: row for row in table_of(answer, "duoc")[1:]}
    assert len(rows) == 3
    assert rows[twice.head_name][2].count("Thuê bao điện thoại, miễn hoặc giảm cước, từ") == 2
    assert "từ 06/05/2019 (Tổ chức, cá nhân từ thiện, Nhà hảo tâm)" in rows[uncounted.head_name][2]
    assert (rows[twice.head_name][3], rows[uncounted.head_name][3]) == (
        f"Kết quả của hộ {twice.head_name}",
        "không tính vào chỉ tiêu",
    )
    for unit, number in ((a_unit(), 2), (a_unit("Nam Ngạn"), 1), (a_unit("Điện Biên"), 0)):
        answer = behind(client, plan, TELECOM, "da-ho-tro", TODAY, unit)
        assert len(listed(answer)) == number
        assert figures_of(plan, TODAY).total[TELECOM].recorded == 1
    one = parsed(client.get(reverse("reporting:unit", args=[plan.pk, a_unit().pk])))
    [figure] = one.xpath(f"//a[@class='fig'][contains(@href, '{TELECOM}/da-ho-tro')]")
    assert figure.text_content() == "2"
    assert len(listed(client.get(figure.get("href")))) == 2
    assert len(listed(behind(a_client(a_person()), plan, TELECOM, "da-ho-tro", TODAY))) == 2
    assert listed(behind(a_client(a_person(Role.LEADER)), plan, TELECOM, "da-ho-tro", TODAY)) == []


def test_a_household_that_moved_is_told_among_those_supported_as_the_ward_knew_it(coordinator):
    plan, household = a_plan(), a_household(head_name="Lê Chuyển Đi")
    given(household)
    households.move(
        household=household, version=household.version, to=a_unit("Nam Ngạn"), moved_on=TODAY, hamlet="Tổ 2",
        code="NN-1", by=a_person(),
    )  # fmt: skip
    Household.objects.filter(pk=household.pk).update(head_name="Lê Tên Mới")
    answer = behind(a_client(a_person()), plan, TELECOM, "da-ho-tro", TODAY)
    assert table_of(answer, "duoc")[1][0] == "Lê Chuyển Đi"
    assert listed(answer) == []
    assert listed(behind(a_client(coordinator), plan, TELECOM, "da-ho-tro", TODAY)) == [str(household.pk)]


def test_an_earlier_day_knows_nothing_of_what_only_the_present_does(coordinator):
    plan = a_plan()
    an_outcome(plan=plan, on=date(2019, 4, 1))
    client = a_client(coordinator)
    said = text_of(client.get(reverse("reporting:overview") + "?den-ngay=2019-05-20"))
    assert "hộ đã được hỗ trợ" not in said
    assert "chưa có minh chứng" not in said
    early = behind(client, plan, TELECOM, "ghi-nhan", date(2019, 5, 20))
    assert "Đã hỗ trợ" not in table_of(early, "dv")[0]
    # An address that asks for such a figure of an earlier day gets that of today, and says so.
    assert "đến hết thứ Tư 12/06/2019" in text_of(
        behind(client, plan, TELECOM, "da-ho-tro", date(2019, 5, 20))
    )


def test_the_rule_stands_dated_beside_the_figures(coordinator):
    plan = a_plan()
    client = a_client(coordinator)
    dated = "Áp dụng từ 03/03/2019, theo rà soát cuối năm 2018."
    assert dated in text_of(client.get(reverse("reporting:overview")))
    assert dated in text_of(behind(client, plan, TELECOM, "ghi-nhan", TODAY))
    amend(plan, coordinator)
    assert dated in text_of(client.get(reverse("reporting:overview"))), "the plan's own paper, not the latest"


def test_a_figure_that_there_is_not_is_not_found(coordinator):
    plan, client = a_plan(), a_client(coordinator)
    assert behind(client, plan, TELECOM, "khac", TODAY).status_code == 404
    assert behind(client, plan, "khac", "ghi-nhan", TODAY).status_code == 404
    assert client.get(reverse("reporting:behind", args=[0, TELECOM, "ghi-nhan"])).status_code == 404


# ---- the overview


def test_every_figure_of_the_overview_leads_to_rows_of_the_same_number(coordinator):
    history = History(a_plan(), 5)
    client = a_client(coordinator)
    page = parsed(client.get(reverse("reporting:overview") + "?den-ngay=2019-05-20"))
    figures = page.xpath("//a[@class='fig'][contains(@href, 'ghi-nhan') or contains(@href, 'xac-minh')]")
    assert len(figures) > 6
    for figure in figures:
        assert "den-ngay=2019-05-20" in figure.get("href")
        assert len(listed(client.get(figure.get("href")))) == int(figure.text_content())
    total = figures_of(history.plan, date(2019, 5, 20)).total[TELECOM]
    assert str(total.recorded) in {figure.text_content() for figure in figures}


def test_the_overview_of_an_earlier_day_knows_nothing_of_later_submissions(coordinator):
    plan = plan_of_35(coordinator)
    hand_in(plan, on=date(2019, 3, 20), by=coordinator)
    client = a_client(coordinator)
    assert "đã nộp 20/03" in text_of(client.get(reverse("reporting:overview")))
    assert "đã nộp 20/03" not in text_of(client.get(reverse("reporting:overview") + "?den-ngay=19/03/2019"))


def test_the_day_asked_for_is_read_as_people_write_it(coordinator):
    a_plan()
    client = a_client(coordinator)
    overview = reverse("reporting:overview")
    assert "đến hết thứ Hai 20/05/2019, tính lại theo sổ của ngày đó" in text_of(
        client.get(overview + "?den-ngay=20/05/2019")
    )
    assert "đến hết thứ Tư 12/06/2019." in text_of(client.get(overview + "?den-ngay=2030-01-01"))
    assert "“31/02/2019” không phải một ngày." in text_of(client.get(overview + "?den-ngay=31/02/2019"))


def test_a_ward_sees_its_own_line_and_a_leader_the_whole(coordinator):
    plan_of_35(coordinator)
    ward = table_of(a_client(a_person(Role.OFFICER)).get(reverse("reporting:overview")), "bang")
    assert [row[1] for row in ward[1:]] == ["Phường Hàm Rồng", "Cộng 1 đơn vị"]
    whole = table_of(a_client(a_person(Role.LEADER)).get(reverse("reporting:overview")), "bang")
    assert len(whole) == 37
    assert whole[1][3] == "không giao" or "/ 4" in whole[1][3]


def test_without_a_plan_the_pages_say_what_comes_first(coordinator):
    client = a_client(coordinator)
    for name in ("overview", "deadlines", "reports"):
        assert "Chưa có kế hoạch" in text_of(client.get(reverse(f"reporting:{name}")))


def queries_of_the_overview(client) -> int:
    client.get(reverse("reporting:overview"))
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert client.get(reverse("reporting:overview")).status_code == 200
    return len(asked)


FIVE = Truth(rows=ROWS[:5], body=(22, 3))


def test_the_overview_asks_the_database_as_often_for_35_units_as_for_5(coordinator):
    here = transaction.savepoint()
    small = a_plan(FIVE)
    an_outcome(plan=small)
    client = a_client(coordinator)
    few = queries_of_the_overview(client)
    figures_few = CaptureQueriesContext(connection)
    with figures_few:
        figures_of(small, TODAY)

    transaction.savepoint_rollback(here)
    client = a_client(coordinator)
    large = plan_of_35(coordinator)
    for row in large.versions.get().rows.select_related("unit"):
        an_outcome(a_household(row.unit, by=a_person(Role.OFFICER, row.unit)), plan=large)
        hand_in(large, row.unit.name, by=coordinator)
    assert len(table_of(client.get(reverse("reporting:overview")), "bang")) == 37
    assert queries_of_the_overview(client) == few
    with CaptureQueriesContext(connection) as figures_many:
        figures_of(large, TODAY)
    assert len(figures_many) == len(figures_few)


# ---- the consolidated report


def consolidate(plan: Plan, by, as_of: date = TODAY, **more) -> ConsolidatedReport:
    return actions.consolidate(id=uuid.uuid4(), plan=plan, as_of=as_of, by=by, **more)


def some_progress(plan: Plan) -> None:
    verifier = a_person(Role.VERIFIER)
    for name in ("Hàm Rồng", "Hàm Rồng", "Nam Ngạn", "Quảng Phú", "Điện Biên"):
        outcome = an_outcome(a_household(a_unit(name)), plan=plan, on=date(2019, 5, 20))
        if name != "Nam Ngạn":
            with on(date(2019, 6, 3)):
                supports.verify(outcome=outcome, by=verifier)
    an_outcome(
        a_household(a_unit("Nam Ngạn"), lacks=(ASSET,)), plan=plan, indicator=ASSET, on=date(2019, 6, 1)
    )


def appendix(raw: bytes) -> list[list[str]]:
    """The rows of the longest table of a .docx, its two rows of heads apart."""
    tables = docx.Document(io.BytesIO(raw)).tables
    longest = max(tables, key=lambda table: len(table.rows))
    return [[words(cell.text) for cell in row.cells] for row in longest.rows][2:]


def said(number) -> str:
    return "" if number is None else str(number)


def test_the_report_opened_again_shows_the_figures_of_35_units_and_their_total(coordinator):
    plan = plan_of_35(coordinator)
    some_progress(plan)
    report = consolidate(plan, coordinator)
    with report.file.open("rb") as file:
        *rows, total = appendix(file.read())

    frozen = plain(figures_of(plan, TODAY))
    assert len(rows) == len(frozen["units"]) == 36, (
        "35 units of the appendix, and one that helped without a target"
    )
    for row, unit in zip(rows, frozen["units"], strict=True):
        assert row[1:3] == [unit["name"], said(unit["poor_households"])]
        for n, indicator in enumerate(INDICATORS):
            cell = unit[indicator]
            shown = [said(cell["target"]), str(cell["recorded"]), str(cell["verified"])]
            assert row[3 + 4 * n : 6 + 4 * n] == shown
    assert [row[0] for row in rows[:35]] == [str(n) for n in range(1, 36)]
    assert total[1:3] == ["Cộng 36 đơn vị", "920"]
    assert total[3:6] == ["200", "5", "4"]
    assert total[7:10] == ["21", "1", "0"]
    assert rows[0][6] == "50,0"
    # What was done without a target is told, and has no share.
    assert rows[35][3:7] == ["", "1", "1", ""]


def test_the_report_says_what_it_is_of(coordinator):
    plan = plan_of_35(coordinator)
    some_progress(plan)
    hand_in(plan, on=date(2019, 2, 20), by=coordinator)
    hand_in(plan, "Nam Ngạn", on=date(2019, 6, 10), by=coordinator)
    with consolidate(plan, coordinator, date(2019, 6, 5)).file.open("rb") as file:
        paper = docx.Document(file)
    text = words(" ".join(paragraph.text for paragraph in paper.paragraphs))
    assert "số liệu đến hết ngày 05/06/2019" in text
    assert (
        "chỉ tiêu 200 hộ; đã ghi nhận 5 hộ được tiếp cận, đạt 2,5% chỉ tiêu, trong đó đã xác minh 4 hộ"
        in text
    )
    assert "01/35 đơn vị đã nộp. Chưa nộp: phường Nam Ngạn," in text, (
        "what came after the day was not handed in yet"
    )
    assert "Kế hoạch số 146/KH-UBND ngày 18/02/2019" in text


@pytest.mark.parametrize(
    "as_of",
    [date(2019, 6, 13), date(2019, 2, 17), date(2018, 12, 31)],
    ids=["tomorrow", "before the plan", "last year"],
)
def test_a_cut_off_in_the_future_or_before_the_plan_is_refused(coordinator, as_of):
    plan = plan_of_35(coordinator)
    with pytest.raises(NotAllowed, match="Ngày chốt số liệu phải từ 18/02/2019 đến hôm nay 12/06/2019"):
        consolidate(plan, coordinator, as_of)
    assert not ConsolidatedReport.objects.exists()
    form = {
        "id": uuid.uuid4(),
        "as_of": f"{as_of:%d/%m/%Y}",
        "position": "CHỦ TỊCH",
        "name": "Nguyễn Văn Giả Tưởng",
    }
    answer = a_client(coordinator).post(reverse("reporting:reports"), form)
    assert list(problems_of(answer).values()) == ["id_as_of"]
    assert typed(answer)["as_of"] == form["as_of"]


def test_only_the_plans_coordinator_makes_reports():
    plan = a_plan()
    for person in (a_person(role) for role in (Role.LEADER, Role.OFFICER, Role.VERIFIER, Role.SUPERVISOR)):
        with pytest.raises(NotAllowed, match="Chỉ người điều phối"):
            consolidate(plan, person)
    answer = a_client(a_person(Role.LEADER)).get(reverse("reporting:reports"))
    assert answer.status_code == 200
    assert not parsed(answer).xpath("//main//form")


def test_the_same_form_twice_is_one_report_and_another_day_is_refused(coordinator, tmp_path):
    plan, key = a_plan(), uuid.uuid4()
    make = lambda day: actions.consolidate(id=key, plan=plan, as_of=day, by=coordinator)  # noqa: E731
    assert make(TODAY) == make(TODAY)
    with pytest.raises(NotAllowed, match="đã lập một báo cáo khác"):
        make(date(2019, 5, 31))
    assert ConsolidatedReport.objects.count() == len(list((tmp_path / "files" / "bao-cao").iterdir())) == 1


def test_a_report_is_frozen(coordinator):
    report = consolidate(a_plan(), coordinator)
    for statement in (
        "UPDATE reporting_consolidatedreport SET figures = '{}'",
        "UPDATE reporting_consolidatedreport SET as_of = '2019-01-01'",
        "DELETE FROM reporting_consolidatedreport",
    ):
        with (
            pytest.raises(ProgrammingError, match="pgtrigger: Cannot"),
            transaction.atomic(),
            connection.cursor() as c,
        ):
            c.execute(statement)
    assert ConsolidatedReport.objects.get() == report


def test_figures_computed_again_give_the_same_digest_whatever_was_written_since(coordinator):
    plan = plan_of_35(coordinator)
    some_progress(plan)
    report = consolidate(plan, coordinator, date(2019, 6, 5))
    an_outcome(a_household(), plan=plan, happened_on=date(2019, 4, 1))
    assert digest_of(plain(figures_of(plan, date(2019, 6, 5)))) == report.digest
    assert digest_of(json.loads(json.dumps(report.figures))) == report.digest
    answer = a_client(coordinator).get(reverse("reporting:report", args=[report.pk]))
    assert "Tính lại hôm nay ra đúng số liệu này" in text_of(answer)
    assert len(table_of(answer, "so")) == 38


def test_a_report_says_where_the_ledger_of_its_last_day_went_on(coordinator):
    plan = a_plan()
    report = consolidate(plan, coordinator)
    an_outcome(plan=plan)  # the same day, after the report was made
    answer = a_client(coordinator).get(reverse("reporting:report", args=[report.pk]))
    assert "Tính lại hôm nay ra số khác" in text_of(answer)
    assert "Phường Hàm Rồng, dịch vụ viễn thông, đã ghi nhận: lúc lập 0, nay 1" in text_of(answer)
    assert table_of(answer, "so")[1][4] == "0", "the frozen figures stay"


class Amending(Truth):
    """A paper issued on 10 May, opened after the report was made."""

    @property
    def paragraphs(self) -> list[str]:
        return [
            line.replace("87/KH-UBND", "120/KH-UBND").replace("ngày 03 tháng 3", "ngày 10 tháng 5")
            for line in super().paragraphs
        ]


def amend(plan: Plan, by) -> None:
    draft = a_draft(Amending(rows=[("Phường Hàm Rồng", 31, 9, 2)], body=(9, 2)), by=by, amends=plan)
    confirm_all(draft, by)
    plans.open_plan(draft=draft, version=draft.version, reason="tỉnh giao thêm", by=by)


def test_a_report_keeps_its_targets_when_the_plan_is_amended(coordinator):
    plan = a_plan()
    before, after = (
        consolidate(plan, coordinator, date(2019, 5, 9)),
        consolidate(plan, coordinator, date(2019, 5, 31)),
    )
    amend(plan, coordinator)
    client = a_client(coordinator)

    same = text_of(client.get(reverse("reporting:report", args=[before.pk])))
    assert "Tính lại hôm nay ra đúng số liệu này" in same
    other = client.get(reverse("reporting:report", args=[after.pk]))
    assert "Tính lại hôm nay ra số khác" in text_of(other)
    assert "Phường Hàm Rồng, dịch vụ viễn thông, chỉ tiêu: lúc lập 5, nay 9" in text_of(other)
    assert "chỉ tiêu: lúc lập không giao, nay 2" in text_of(other), "no target is not zero"
    assert table_of(other, "so")[1][3] == "5"
    assert (before.version.code, consolidate(plan, coordinator).version.code) == ("87/KH-UBND", "120/KH-UBND")
    assert figures_of(plan, date(2019, 5, 9)).total[TELECOM].target == 57
    assert figures_of(plan, date(2019, 5, 10)).total[TELECOM].target == 61


def test_a_version_without_a_signatory_or_recipients_is_reported_by_those_of_the_last_that_has(coordinator):
    plan = a_plan()
    made = plans.divide(
        id=uuid.uuid4(), plan=plan, indicator=plan.versions.get().aims.first().indicator, total=10, basis="by_hand",
        method="sainte_lague", by=coordinator,
        claims=[(a_unit(), plans.division.Claim("Phường Hàm Rồng", 10))],
    )  # fmt: skip
    version = plans.amend_by_division(
        id=uuid.uuid4(), of=made, reason="tỉnh giao thêm", raw=b"%PDF-1.4 x", name="qd.pdf", by=coordinator,
        signed=plans.Signed("9", "QĐ-UBND", date(2019, 6, 1), "Giao lại", position="", signatory=""),
    )  # fmt: skip
    version.recipients.all().delete()
    signer = outputs.signer_of(version)
    assert (signer.name, signer.position) == ("Nguyễn Văn Giả Tưởng", "CHỦ TỊCH")
    with consolidate(plan, coordinator).file.open("rb") as file:
        paper = docx.Document(file)
    everything = " ".join(
        [p.text for p in paper.paragraphs] + [c.text for t in paper.tables for r in t.rows for c in r.cells]
    )
    assert "Nguyễn Văn Giả Tưởng" in everything
    assert "Sở Thông tin và Truyền thông" in everything


def test_the_page_makes_a_report_and_gives_it_as_an_attachment(coordinator):
    plan = a_plan()
    client = a_client(coordinator)
    form = client.get(reverse("reporting:reports"))
    assert typed(form)["name"] == "Nguyễn Văn Giả Tưởng"
    made = client.post(
        reverse("reporting:reports"),
        {"id": uuid.uuid4(), "as_of": "31/05/2019", "position": "PHÓ CHỦ TỊCH", "name": "Lê Thị Giả Định"},
    )
    report = ConsolidatedReport.objects.get()
    assert made.url == reverse("reporting:report", args=[report.pk])
    answer = client.get(reverse("reporting:report_file", args=[report.pk]))
    assert "attachment" in answer["Content-Disposition"]
    paper = docx.Document(io.BytesIO(b"".join(answer.streaming_content)))
    assert "Lê Thị Giả Định" in " ".join(
        c.text for t in paper.tables for r in t.rows for c in r.cells
    ) + " ".join(p.text for p in paper.paragraphs)
    assert (report.plan, report.as_of, report.by_name) == (plan, date(2019, 5, 31), coordinator.full_name)
    stranger = a_client(a_person(Role.OFFICER))
    assert stranger.get(reverse("reporting:report", args=[report.pk])).status_code == 404


# ---- the commands


def run(command: str, **options) -> str:
    out = io.StringIO()
    asked = {"plan": "87/KH-UBND", "year": 2019, "as_of": TODAY} | options
    arguments = [f"--{name.replace('_', '-')}={value}" for name, value in asked.items() if value is not True]
    call_command(command, *arguments, *(["--json"] if options.get("json") else []), stdout=out)
    return out.getvalue()


def test_the_command_prints_the_figures_of_the_pages():
    plan = a_plan()
    some_progress(plan)
    assert json.loads(run("figures", json=True)) == plain(figures_of(plan, TODAY))
    assert json.loads(run("figures", json=True, as_of="2019-05-31")) == plain(
        figures_of(plan, date(2019, 5, 31))
    )
    spoken = run("figures")
    assert "Dịch vụ viễn thông: chỉ tiêu 5, ghi nhận 2, xác minh 2" in spoken
    assert "không giao" in spoken


def test_the_command_writes_the_report(tmp_path):
    plan = a_plan()
    some_progress(plan)
    out = tmp_path / "bao-cao.docx"
    assert ConsolidatedReport.objects.count() == 0
    spoken = run("consolidate", out=out)
    report = ConsolidatedReport.objects.get()
    assert report.digest in spoken
    *rows, total = appendix(out.read_bytes())
    assert len(rows) == 11
    assert total[3:6] == ["57", "5", "4"]


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"plan": "88/KH-UBND"}, "Chưa mở kế hoạch 88/KH-UBND năm 2019."),
        ({"year": 2020}, "Chưa mở kế hoạch 87/KH-UBND năm 2020."),
        ({"unit": "tinh-thanh-hoa-38"}, "Chưa mở kế hoạch"),
    ],
)
def test_a_command_for_a_plan_that_there_is_not_says_so(tmp_path, options, sentence):
    a_plan()
    for command, more in (("figures", {}), ("consolidate", {"out": tmp_path / "a.docx"})):
        with pytest.raises(CommandError, match=sentence):
            run(command, **options, **more)


def test_the_command_refuses_a_future_day_and_writes_nothing(tmp_path):
    a_plan()
    with pytest.raises(CommandError, match="Ngày chốt số liệu phải"):
        run("consolidate", as_of="2019-06-13", out=tmp_path / "a.docx")
    with pytest.raises(CommandError, match="Không có thư mục"):
        run("consolidate", out=tmp_path / "none" / "a.docx")
    assert not (tmp_path / "a.docx").exists()


def test_a_units_page_tells_its_figures_its_dates_and_what_it_is_late_with(coordinator):
    plan = plan_of_35(coordinator)
    some_progress(plan)
    hand_in(plan, on=date(2019, 2, 20), by=coordinator)
    late, early = (
        text_of(a_client(coordinator).get(reverse("reporting:unit", args=[plan.pk, a_unit(name).pk])))
        for name in ("Quảng Thắng", "Hàm Rồng")
    )
    assert "Chậm 2 hộ dịch vụ viễn thông" in late
    assert "Kế hoạch của phường, xã: quá hạn 105 ngày" in late
    assert "Kế hoạch của phường, xã: quá hạn" not in early
    assert "Đã nộp 20/02/2019" in early


def test_a_units_page_is_for_those_who_see_the_unit(coordinator):
    plan = plan_of_35(coordinator)
    officer = a_client(a_person(Role.OFFICER, a_unit("Nam Ngạn")))
    assert officer.get(reverse("reporting:unit", args=[plan.pk, a_unit("Nam Ngạn").pk])).status_code == 200
    assert officer.get(reverse("reporting:unit", args=[plan.pk, a_unit("Hàm Rồng").pk])).status_code == 404
