"""A plan's whole year with the clock turned: every figure that anybody was told is the ledger's, in June and in December."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta

import pytest
from django.db.models import Sum

from tests.factories import a_household, a_person, an_outcome
from tests.test_figures import plan_of_35
from tiepcan.accounts.models import Person
from tiepcan.accounts.roles import Role
from tiepcan.common import clock
from tiepcan.common.digests import digest_of
from tiepcan.plans.models import MilestoneKind, Plan
from tiepcan.reporting import actions as reporting
from tiepcan.reporting import evaluation, filings, local_plans, periodic, reminders, route
from tiepcan.reporting.figures import figures_of, plain
from tiepcan.reporting.models import Filing, State
from tiepcan.reporting.parts import headings_of
from tiepcan.reporting.queries import days_late, submission_for, submissions_of
from tiepcan.reporting.standings import standing_of
from tiepcan.supports import actions as supports
from tiepcan.supports.models import Entry, Outcome
from tiepcan.units.models import Unit

HALF, YEAR, LOCAL = MilestoneKind.HALF_YEAR, MilestoneKind.YEAR, MilestoneKind.LOCAL_PLAN
TELECOM = "telecom_service"
LATE = 2
TARGET = "i-telecom_service"
pytestmark = pytest.mark.django_db


@contextmanager
def on(day: date) -> Iterator[None]:
    with clock.set_to(datetime(day.year, day.month, day.day, 9, tzinfo=clock.VIETNAM)):
        yield


def ledger(plan: Plan, unit: Unit, as_of: date, column: str = "recorded") -> int:
    """The figure by hand: the lines of the unit's outcomes up to a day, added."""
    lines = Entry.objects.filter(
        outcome__plan=plan, outcome__unit=unit, outcome__indicator=TELECOM, on__lte=as_of
    )
    return lines.aggregate(sum=Sum(column))["sum"] or 0


def local_plan_of(plan: Plan, officer: Person) -> Filing:
    """The ward's own plan, every line that is open answered, handed in."""
    filing = filings.open_filing(plan=plan, unit=officer.unit, kind=LOCAL, by=officer)
    there = {local_plans.key_of(line): line for line in filing.lines.all()}
    lines = {
        ask.key: (
            local_plans.Words("Công chức", there[ask.key].when or "Quý II", 0, "không tốn"), there[ask.key].version,
        )
        for ask in local_plans.asks_of(filing)
        if ask.key in local_plans.writable(filing)
    }  # fmt: skip
    local_plans.write(filing=filing, lines=lines, by=officer)
    filing = filings.propose(filing=filing, by=officer)
    return filings.submit(filing=filing, paper_code="1/KH-UBND", seen=filing.digest, by=officer)


def report_of(plan: Plan, officer: Person, kind: str, words: str) -> Filing:
    report = filings.open_filing(plan=plan, unit=officer.unit, kind=kind, by=officer)
    texts = {part.key: (words, part.version) for part in report.parts.all()}
    periodic.write(report=report, texts=texts, by=officer)
    report = filings.propose(filing=report, by=officer)
    return filings.submit(filing=report, paper_code="1/BC-UBND", seen=report.digest, by=officer)


def milestone(plan: Plan, kind: str) -> date:
    return next(one for one in plan.milestones_on(clock.today()) if one.kind == kind).last_day


def test_every_figure_of_a_year_is_the_ledgers():
    coordinator, verifier, leader = (
        a_person(role) for role in (Role.COORDINATOR, Role.VERIFIER, Role.LEADER)
    )
    plan = plan_of_35(coordinator)
    with on(date(2019, 2, 18)):
        units = [row.unit for row in plan.version_on(clock.today()).rows.select_related("unit")]
        officers = {unit.pk: a_person(Role.OFFICER, unit) for unit in units}
        kinds = {one.kind: one for one in plan.milestones_on(clock.today())}
    assert (len(units), set(kinds)) == (35, {LOCAL, HALF, YEAR})
    halfway, end = kinds[HALF].last_day, kinds[YEAR].last_day

    # ---- 35 local plans, two of them late and one returned; who has done it is not reminded
    for n, unit in enumerate(units):
        by, late = officers[unit.pk], n < LATE
        with on(kinds[LOCAL].last_day + timedelta(days=3 if late else -1)):
            mine = local_plan_of(plan, by)
            if n == LATE:
                filings.give_back(
                    filing=mine, marks={TARGET: "Chia theo quý."}, seen=mine.digest, by=coordinator
                )
                mine = local_plan_of(plan, by)
            filings.accept(filing=mine, seen=mine.digest, by=coordinator)
    handed = submissions_of(plan)
    found = {unit.pk: submission_for(handed, kinds[LOCAL], unit) for unit in units}
    assert [unit.pk for unit in units if days_late(found[unit.pk], {})] == [unit.pk for unit in units[:LATE]]
    with on(halfway - timedelta(days=40)):
        assert not any(
            "Kế hoạch của" in line for told in reminders.due_on(clock.today()) for line in told.lines
        )

    # ---- support until the half year, some verified, one withdrawn
    done: list[Outcome] = []
    for n, unit in enumerate(units):
        for m in range(n % 3 + 1):
            with on(halfway - timedelta(days=20)):
                household = a_household(unit, lacks=(TELECOM,), by=officers[unit.pk])
            done.append(
                an_outcome(household, plan=plan, on=halfway - timedelta(days=10 - m), by=officers[unit.pk])
            )
    with on(halfway - timedelta(days=5)):
        for outcome in done[::2]:
            supports.verify(outcome=outcome, by=verifier)
        supports.withdraw(outcome=done[1], reason="ghi nhầm hộ", by=officers[done[1].unit_id])

    # ---- the half-year reports: one goes back, one is supplemented
    reports = {}
    with on(halfway):
        for unit in units:
            reports[unit.pk] = report_of(plan, officers[unit.pk], HALF, "Có làm.")
        back = reports[units[0].pk]
        filings.give_back(filing=back, marks={"work": "Ghi rõ."}, seen=back.digest, by=coordinator)
        periodic.write(report=back, texts={"work": ("Rõ rồi.", 1)}, by=officers[units[0].pk])
        again = filings.propose(filing=back, by=officers[units[0].pk])
        reports[units[0].pk] = filings.submit(
            filing=again, paper_code="2/BC-UBND", seen=again.digest, by=officers[units[0].pk]
        )
    with on(halfway + timedelta(days=2)):
        for unit in units:
            one = reports[unit.pk]
            reports[unit.pk] = filings.accept(filing=one, seen=one.digest, by=coordinator)
        more = filings.supplement(filing=reports[units[1].pk], why="Sót một việc.", by=officers[units[1].pk])
        more = filings.propose(filing=more, by=officers[units[1].pk])
        filings.submit(filing=more, paper_code="3/BC-UBND", seen=more.digest, by=officers[units[1].pk])
        june = reporting.consolidate(plan=plan, as_of=halfway, by=coordinator)
        route.confirm(report=june, seen=june.digest, by=verifier)
        route.sign(report=june, seen=june.digest, by=leader)
        route.send(
            report=june, paper_code="45/BC-UBND", sent_on=clock.today(), seen=june.digest, by=coordinator
        )
    for unit in units:
        told = reports[unit.pk].content["figures"]["total"][TELECOM]
        assert told["recorded"] == ledger(plan, unit, halfway)
        assert told["verified"] == ledger(plan, unit, halfway, "verified")

    # ---- the second half, and the year's report explained by its lines
    with on(halfway + timedelta(days=30)):
        for unit in units[::4]:
            an_outcome(
                a_household(unit, lacks=(TELECOM,), by=officers[unit.pk]), plan=plan, by=officers[unit.pk]
            )
        supports.withdraw(outcome=done[-1], reason="hộ trả máy", by=officers[done[-1].unit_id])
    with on(end):
        for unit in units:
            year = report_of(plan, officers[unit.pk], YEAR, "Cả năm.")
            told = year.content["figures"]["total"][TELECOM]["recorded"]
            assert told == ledger(plan, unit, end)
            [change] = [one for one in periodic.changes(year, year.content) if one.indicator.pk == TELECOM]
            assert change.now - change.then == change.added - change.taken
            filings.accept(filing=year, seen=year.digest, by=coordinator)

    # ---- December: June's figures are what they were, and the next year's targets add up
    with on(date(2019, 12, 20)):
        assert digest_of(plain(figures_of(plan, halfway))) == june.digest
        for report in Filing.objects.filter(plan=plan, kind=HALF):
            as_of = date.fromisoformat(report.content["figures"]["as_of"])
            assert plain(figures_of(plan, as_of, within=report.unit)) == report.content["figures"]
        standings = standing_of(plan, YEAR, units)
        assert Counter(one.filing.state for one in standings if one.filing) == {State.ACCEPTED: len(units)}
        [total] = [
            one for one in periodic.sums_of(standings, figures_of(plan, end)) if one.indicator.pk == TELECOM
        ]
        assert (total.units, total.reported, total.apart) == (len(units), total.ledger, [])
        assert total.ledger == sum(ledger(plan, unit, end) for unit in units)
        words = {heading.key: said for heading, said in periodic.words_of(standings, YEAR)}
        assert len(words["lessons"]) == len(units)
        assert set(words) == {heading.key for heading in headings_of(YEAR)}
        handed = submissions_of(plan)
        assert all(
            submission_for(handed, kinds[kind], unit) for kind in (LOCAL, HALF, YEAR) for unit in units
        )
        for proposed in evaluation.propose(plan, clock.today()):
            assert sum(line.proposed for line in proposed.lines) == proposed.total
            assert all(line.proposed <= line.need for line in proposed.lines)
        [telecom] = [one for one in evaluation.propose(plan, clock.today()) if one.indicator.pk == TELECOM]
        done_by_unit = {line.unit.pk: line.done for line in telecom.lines}
        assert done_by_unit == {unit.pk: ledger(plan, unit, clock.today()) for unit in units}
