"""The way of the city's report: the Labour Office confirms the indicators, the leader signs, the Culture Office sends it."""

from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from tests.factories import a_client, a_person, a_plan, an_outcome
from tests.pages import text_of
from tests.test_periodic_reports import at
from tests.threads import at_once
from tiepcan.accounts.models import Person
from tiepcan.accounts.roles import Role
from tiepcan.common.refusals import NotAllowed
from tiepcan.reporting import actions, outputs, route
from tiepcan.reporting.models import ConsolidatedReport, RouteAct, RouteStep

pytestmark = pytest.mark.django_db
ACTS = {
    RouteAct.CONFIRM: lambda report, by: route.confirm(report=report, seen=report.digest, by=by),
    RouteAct.REFUSE: lambda report, by: route.refuse(report=report, reason="Sai", seen=report.digest, by=by),
    RouteAct.SIGN: lambda report, by: route.sign(report=report, seen=report.digest, by=by),
    RouteAct.SEND: lambda report, by: route.send(
        report=report, paper_code="45/BC-UBND", sent_on=date(2019, 6, 12), seen=report.digest, by=by
    ),
}
WHOSE = {
    RouteAct.CONFIRM: Role.VERIFIER,
    RouteAct.REFUSE: Role.VERIFIER,
    RouteAct.SIGN: Role.LEADER,
    RouteAct.SEND: Role.COORDINATOR,
}


@pytest.fixture(autouse=True)
def june() -> Any:
    with at(date(2019, 6, 12)):
        yield


@pytest.fixture
def people() -> dict[str, Person]:
    """One person of each role, at the city; the officer is a ward's."""
    return {role: a_person(role) for role in Role if role != Role.OPERATOR}


def a_report(by: Person) -> ConsolidatedReport:
    plan = a_plan()
    an_outcome(plan=plan)
    return actions.consolidate(plan=plan, as_of=date(2019, 6, 12), by=by)


def brought_to(report: ConsolidatedReport, stands: str, people: dict[str, Person]) -> None:
    """The report with the steps before it."""
    ways = {
        route.MADE: [],
        RouteAct.CONFIRM: [RouteAct.CONFIRM],
        RouteAct.REFUSE: [RouteAct.REFUSE],
        RouteAct.SIGN: [RouteAct.CONFIRM, RouteAct.SIGN],
        RouteAct.SEND: [RouteAct.CONFIRM, RouteAct.SIGN, RouteAct.SEND],
    }
    for what in ways[stands]:
        ACTS[what](report, people[WHOSE[what]])


@pytest.mark.parametrize("stands", [route.MADE, *RouteAct], ids=lambda one: one or "made")
def test_each_step_follows_its_own_and_belongs_to_one_office(people, stands):
    report = a_report(people[Role.COORDINATOR])
    brought_to(report, stands, people)
    may = {
        (route.MADE, RouteAct.CONFIRM), (route.MADE, RouteAct.REFUSE), (RouteAct.CONFIRM, RouteAct.SIGN),
        (RouteAct.SIGN, RouteAct.SEND),
    }  # fmt: skip
    for what in RouteAct:
        for role, person in people.items():
            expected = (stands, what) in may and role == WHOSE[what]
            assert (what in route.acts_of(report, person)) == expected, (stands, what, role)
            if not expected:
                with pytest.raises(NotAllowed):
                    ACTS[what](report, person)


def test_without_a_leader_who_signs_in_what_was_confirmed_may_be_sent():
    coordinator, verifier = a_person(Role.COORDINATOR), a_person(Role.VERIFIER)
    report = a_report(coordinator)
    ACTS[RouteAct.CONFIRM](report, verifier)
    step = ACTS[RouteAct.SEND](report, coordinator)
    assert (step.paper_code, step.sent_on) == ("45/BC-UBND", date(2019, 6, 12))


def test_indicators_that_the_ledger_no_longer_gives_are_not_confirmed(people):
    report = a_report(people[Role.COORDINATOR])
    an_outcome(plan=report.plan)
    with pytest.raises(NotAllowed, match="tính lại hôm nay ra số khác"):
        ACTS[RouteAct.CONFIRM](report, people[Role.VERIFIER])
    ACTS[RouteAct.REFUSE](report, people[Role.VERIFIER])


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"paper_code": " "}, "Ghi số, ký hiệu"),
        ({"sent_on": date(2019, 6, 11)}, "Ngày gửi phải từ ngày lập 12/06/2019"),
        ({"sent_on": date(2019, 6, 13)}, "đến hôm nay 12/06/2019"),
        ({"seen": "another"}, "Tải lại trang"),
    ],
)
def test_what_is_sent_has_its_number_its_day_and_its_figures(people, facts, said):
    report = a_report(people[Role.COORDINATOR])
    brought_to(report, RouteAct.SIGN, people)
    given = {"paper_code": "45/BC", "sent_on": date(2019, 6, 12), "seen": report.digest} | facts
    with pytest.raises(NotAllowed, match=said):
        route.send(report=report, by=people[Role.COORDINATOR], **given)


def test_a_refusal_says_why(people):
    report = a_report(people[Role.COORDINATOR])
    with pytest.raises(NotAllowed, match="Ghi lý do không xác nhận"):
        route.refuse(report=report, reason=" ", seen=report.digest, by=people[Role.VERIFIER])
    assert not RouteStep.objects.exists()


@pytest.mark.parametrize("time", range(3))
def test_confirming_and_refusing_at_once_do_one_of_the_two(transactional_db, time):
    with at(date(2019, 6, 12)):
        report = a_report(a_person(Role.COORDINATOR))
        verifiers = [a_person(Role.VERIFIER), a_person(Role.VERIFIER)]

        def within(what: RouteAct, by: Person) -> None:
            with at(date(2019, 6, 12)):
                ACTS[what](report, by)

        at_once(
            lambda: within(RouteAct.CONFIRM, verifiers[0]),
            lambda: within(RouteAct.REFUSE, verifiers[1]),
        )
    assert RouteStep.objects.count() == 1


def test_the_whole_way_through_pages(people):
    report = a_report(people[Role.COORDINATOR])
    address = reverse("reporting:report", args=[report.pk])

    def take(role: Role, step: str, **typed: str) -> str:
        client = a_client(people[role])
        url = reverse("reporting:take_report", args=[report.pk, step])
        return text_of(client.post(url, {"seen": report.digest} | typed, follow=True))

    assert "xác nhận các chỉ số" in text_of(a_client(people[Role.COORDINATOR]).get(address))
    assert "Việc này là của" in take(Role.COORDINATOR, "dong-y")
    assert "Chưa điền mục này" in take(Role.VERIFIER, "khong-dong-y")
    assert "Đã xác nhận các chỉ số" in take(Role.VERIFIER, "dong-y")
    assert "còn chờ lãnh đạo" in take(Role.COORDINATOR, "gui", paper_code="45/BC-UBND", sent_on="12/06/2019")
    assert "Đã duyệt báo cáo" in take(Role.LEADER, "ky")
    back = take(Role.COORDINATOR, "gui", paper_code="45/BC-UBND", sent_on="hôm nay")
    assert "Ngày chưa đúng" in back
    assert "Đã ghi báo cáo gửi đi" in take(
        Role.COORDINATOR, "gui", paper_code="45/BC-UBND", sent_on="12/06/2019"
    )
    assert "Văn bản 45/BC-UBND, gửi ngày 12/06/2019" in text_of(
        a_client(people[Role.SUPERVISOR]).get(address)
    )


def test_the_confirmation_is_a_paper_of_the_figures_that_were_frozen(people):
    report = a_report(people[Role.COORDINATOR])
    client = a_client(people[Role.LEADER])
    address = reverse("reporting:report_confirmation", args=[report.pk])
    assert client.get(address).status_code == 404
    step = ACTS[RouteAct.CONFIRM](report, people[Role.VERIFIER])
    assert client.get(address).status_code == 200
    an_outcome(plan=report.plan)
    [_, grid, _] = outputs.confirmation(report, step).body
    assert [row[2] for row in grid.rows] == [
        str(report.figures["total"][indicator]["recorded"])
        for indicator in ("telecom_service", "information_asset")
    ]
