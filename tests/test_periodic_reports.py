"""The half-year report of a ward: written, put before its leader, handed in, returned, accepted, supplemented."""

import json
from datetime import date, datetime
from typing import Any

import docx
import pytest
from django.core.management import CommandError, call_command
from django.db import ProgrammingError, transaction
from django.urls import reverse

from tests.factories import a_client, a_household, a_person, a_plan, a_unit, an_outcome
from tests.pages import text_of
from tests.threads import at_once
from tiepcan.accounts.models import Organisation, OrganisationKind, Person
from tiepcan.accounts.roles import Role
from tiepcan.common import clock
from tiepcan.common.digests import digest_of
from tiepcan.common.refusals import NotAllowed
from tiepcan.plans.models import MilestoneKind, Plan
from tiepcan.reporting import actions as reporting
from tiepcan.reporting import filings, outputs, periodic, steps
from tiepcan.reporting.figures import figures_of, plain
from tiepcan.reporting.models import Filing, State, Submission
from tiepcan.reporting.parts import headings_of
from tiepcan.reporting.queries import UNNAMED_SOURCE, submission_for, submissions_of
from tiepcan.reporting.workflow import WAYS, Act, Side, acts_of, why_not
from tiepcan.standards.models import Source
from tiepcan.supports import actions as supports

HALF = MilestoneKind.HALF_YEAR
TELECOM = "telecom_service"
pytestmark = pytest.mark.django_db


def at(day: date, hour: int = 9) -> Any:
    return clock.set_to(datetime(day.year, day.month, day.day, hour, tzinfo=clock.VIETNAM))


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


@pytest.fixture
def coordinator(plan: Plan) -> Person:
    return a_person(Role.COORDINATOR)


def a_leader() -> Person:
    ward = a_unit()
    office = Organisation.objects.get(unit=ward, kind=OrganisationKind.LOCAL)
    return a_person(Role.LEADER, ward, organisation=office, position="Chủ tịch")


def opened(plan: Plan, officer: Person, kind: str = HALF) -> Filing:
    return filings.open_filing(plan=plan, unit=officer.unit, kind=kind, by=officer)


def written(report: Filing, by: Person, words: str = "Không có.") -> Filing:
    versions = {part.key: part.version for part in report.parts.all()}
    texts = {key: (f"{words} {key}", version) for key, version in versions.items()}
    periodic.write(report=report, texts=texts, by=by)
    return report


def proposed(plan: Plan, officer: Person) -> Filing:
    return filings.propose(filing=written(opened(plan, officer), officer), by=officer)


def submitted(plan: Plan, officer: Person) -> Filing:
    report = proposed(plan, officer)
    return filings.submit(filing=report, paper_code="45/BC-UBND", seen=report.digest, by=officer)


def accepted(plan: Plan, officer: Person, coordinator: Person) -> Filing:
    report = submitted(plan, officer)
    return filings.accept(filing=report, seen=report.digest, by=coordinator)


# ---- the table of the workflow


@pytest.fixture
def cast(plan: Plan, officer: Person, coordinator: Person) -> dict[str, Person]:
    stranger = a_person(Role.OFFICER, a_unit("Nam Ngạn"))
    return {
        "officer": officer,
        "leader": a_leader(),
        "coordinator": coordinator,
        "leader of the city": a_person(Role.LEADER),
        "officer of another ward": stranger,
        "verifier": a_person(Role.VERIFIER),
    }


ALLOWED = {
    State.DRAFT: {"officer": {Act.WRITE, Act.PROPOSE}},
    State.PROPOSED: {"officer": {Act.RECALL}, "leader": {Act.SUBMIT, Act.DECLINE}},
    State.SUBMITTED: {"coordinator": {Act.RETURN, Act.ACCEPT}},
    State.RETURNED: {"officer": {Act.WRITE, Act.PROPOSE}},
    State.ACCEPTED: {"officer": {Act.SUPPLEMENT}},
}


@pytest.mark.parametrize("state", State)
def test_each_state_lets_each_role_do_what_the_table_says(plan, cast, state):
    report = opened(plan, cast["officer"])
    report.state = state
    for name, person in cast.items():
        assert set(acts_of(report, person)) == ALLOWED[state].get(name, set()), name
        for act in WAYS:
            assert bool(why_not(act, report, person)) == (act not in ALLOWED[state].get(name, set())), (
                name,
                act,
            )


def test_without_a_leaders_account_the_officer_notes_the_signed_paper(plan, officer):
    report = proposed(plan, officer)
    assert Act.SUBMIT in acts_of(report, officer)
    a_leader()
    assert Act.SUBMIT not in acts_of(report, officer)


def test_every_way_ends_in_a_state_that_is_reached_and_has_a_side():
    assert {way.side for way in WAYS.values()} == set(Side)
    reached = {State.DRAFT} | {way.to for way in WAYS.values() if way.to}
    assert reached == set(State)


# ---- opening and writing


def test_a_report_is_opened_once_and_ends_with_the_plans_last_day(plan, officer):
    report = opened(plan, officer)
    assert opened(plan, officer) == report
    assert report.cut_off == steps.milestone_of(plan, HALF).last_day == date(2019, 6, 19)
    assert {part.key for part in report.parts.all()} == {heading.key for heading in headings_of(HALF)}


def test_nobody_else_opens_a_wards_report(plan, officer, coordinator):
    for person in (coordinator, a_person(Role.OFFICER, a_unit("Nam Ngạn")), a_person(Role.LEADER)):
        with pytest.raises(NotAllowed, match="Chỉ cán bộ"):
            filings.open_filing(plan=plan, unit=officer.unit, kind=HALF, by=person)


def test_two_writers_of_different_headings_keep_both(plan, officer):
    report = opened(plan, officer)
    other = a_person(Role.OFFICER)
    periodic.write(report=report, texts={"difficulties": ("Thiếu cáp.", 0)}, by=officer)
    done = periodic.write(
        report=report, texts={"proposals": ("Kéo cáp.", 0), "difficulties": ("", 0)}, by=other
    )
    assert [part.key for part in done.clashes] == ["difficulties"]
    said = {part.key: part.text for part in report.parts.all()}
    assert (said["difficulties"], said["proposals"]) == ("Thiếu cáp.", "Kéo cáp.")


def test_words_that_somebody_else_changed_come_back_beside_ones_own(plan, officer):
    report = opened(plan, officer)
    periodic.write(
        report=report, texts={"difficulties": ("Bản của người kia.", 0)}, by=a_person(Role.OFFICER)
    )
    page = a_client(officer).post(
        reverse("reporting:write_filing", args=[report.pk]),
        {"difficulties": "Bản của tôi.", "v-difficulties": "0"},
    )
    said = text_of(page)
    assert "Bản của người kia." in said
    assert "Bản của tôi." in said
    again = {"difficulties": "Bản ghép.", "v-difficulties": "1"}
    a_client(officer).post(reverse("reporting:write_filing", args=[report.pk]), again)
    assert report.parts.get(key="difficulties").text == "Bản ghép."


def test_a_page_that_saves_by_itself_is_told_the_versions(plan, officer):
    report = opened(plan, officer)
    address = reverse("reporting:write_filing", args=[report.pk])
    answer = a_client(officer).post(
        address, {"lessons": "", "work": "Đã rà soát.", "v-work": "0", "tu-luu": "1"}
    )
    said = json.loads(answer.content)
    assert (said["versions"]["v-work"], said["problem"]) == (1, "")
    assert report.parts.get(key="work").text == "Đã rà soát."


def test_a_report_with_an_empty_heading_is_not_put_before_anybody(plan, officer):
    report = opened(plan, officer)
    with pytest.raises(NotAllowed, match="Còn 4 mục chưa đủ: Công tác thông tin"):
        filings.propose(filing=report, by=officer)


# ---- figures


def test_figures_are_the_ledgers_until_they_are_frozen_and_the_same_in_december(plan, officer, coordinator):
    report = written(opened(plan, officer), officer)
    an_outcome(plan=plan)
    assert periodic.content_of(report)["figures"]["total"][TELECOM]["recorded"] == 1
    report = filings.propose(filing=report, by=officer)
    report = filings.submit(filing=report, paper_code="45/BC", seen=report.digest, by=officer)
    with at(date(2019, 6, 20)):
        an_outcome(plan=plan)
    with at(date(2019, 12, 20)):
        report.refresh_from_db()
        assert report.content["figures"]["total"][TELECOM]["recorded"] == 1
        assert digest_of(report.content) == report.digest
        as_of = date.fromisoformat(report.content["figures"]["as_of"])
        again = plain(figures_of(plan, as_of, within=report.unit))
        assert again == report.content["figures"]


def test_the_difference_to_the_report_before_is_explained_by_lines(plan, officer, coordinator):
    first = an_outcome(plan=plan, on=date(2019, 6, 10))
    accepted(plan, officer, coordinator)
    with at(date(2019, 7, 1)):
        supports.withdraw(outcome=first, reason="ghi nhầm", by=officer)
    for _ in range(3):
        an_outcome(plan=plan, on=date(2019, 7, 2))
    with at(date(2019, 10, 1)):
        year = opened(plan, officer, MilestoneKind.YEAR)
        [change] = [c for c in periodic.changes(year, periodic.content_of(year)) if c.indicator.pk == TELECOM]
    assert (change.then, change.now, change.added, change.taken) == (1, 3, 3, 1)
    assert change.now - change.then == change.added - change.taken


# ---- handing in


def test_handing_in_meets_the_plans_date(plan, officer):
    report = submitted(plan, officer)
    milestone = steps.milestone_of(plan, HALF)
    found = submission_for(submissions_of(plan), milestone, report.unit)
    assert (found.paper_code, found.handed_in_on) == ("45/BC-UBND", date(2019, 6, 12))


def test_what_the_leader_did_not_see_is_not_handed_in(plan, officer):
    leader = a_leader()
    report = proposed(plan, officer)
    seen = report.digest
    filings.recall(filing=report, by=officer)
    periodic.write(report=report, texts={"work": ("Khác.", 1)}, by=officer)
    filings.propose(filing=report, by=officer)
    with pytest.raises(steps.Changed, match="đã thay đổi"):
        filings.submit(filing=report, paper_code="45/BC", seen=seen, by=leader)
    assert not Submission.objects.exists()


def test_what_nobody_saw_is_never_accepted(plan, officer, coordinator):
    report = submitted(plan, officer)
    seen = report.digest
    filings.give_back(filing=report, marks={"work": "Ghi rõ."}, seen=seen, by=coordinator)
    periodic.write(report=report, texts={"work": ("Rõ.", 1)}, by=officer)
    again = filings.propose(filing=report, by=officer)
    filings.submit(filing=again, paper_code="46/BC", seen=again.digest, by=officer)
    with pytest.raises(steps.Changed):
        filings.accept(filing=report, seen=seen, by=coordinator)


def test_only_marked_headings_of_a_returned_report_are_opened(plan, officer, coordinator):
    report = submitted(plan, officer)
    filings.give_back(filing=report, marks={"work": "Ghi rõ số buổi."}, seen=report.digest, by=coordinator)
    report.refresh_from_db()
    assert periodic.writable(report) == {"work"}
    periodic.write(report=report, texts={"work": ("46 buổi.", 1), "proposals": ("Khác.", 1)}, by=officer)
    said = {part.key: part.text for part in report.parts.all()}
    assert (said["work"], said["proposals"]) == ("46 buổi.", "Không có. proposals")
    page = text_of(a_client(officer).get(reverse("reporting:filing", args=[report.pk])))
    assert "Ghi rõ số buổi." in page


def test_a_report_that_came_back_and_is_recalled_is_still_a_returned_one(plan, officer, coordinator):
    report = submitted(plan, officer)
    filings.give_back(filing=report, marks={"work": "Ghi rõ."}, seen=report.digest, by=coordinator)
    filings.propose(filing=report, by=officer)
    assert filings.recall(filing=report, by=officer).state == State.RETURNED


def test_a_return_says_what_is_to_be_mended(plan, officer, coordinator):
    report = submitted(plan, officer)
    for marks in ({}, {"work": "  "}, {"nonsense": "x"}):
        with pytest.raises(NotAllowed, match="ít nhất một mục"):
            filings.give_back(filing=report, marks=marks, seen=report.digest, by=coordinator)


def test_an_accepted_report_is_corrected_by_a_numbered_supplement_and_both_are_kept(
    plan, officer, coordinator
):
    report = accepted(plan, officer, coordinator)
    before = report.content
    with pytest.raises(NotAllowed, match="lý do"):
        filings.supplement(filing=report, why=" ", by=officer)
    more = filings.supplement(filing=report, why="Sót 2 buổi phát thanh.", by=officer)
    assert filings.supplement(filing=report, why="Sót 2 buổi phát thanh.", by=officer) == more
    assert (more.ordinal, more.state) == (1, State.DRAFT)
    assert more.parts.get(key="work").text == "Không có. work"
    report.refresh_from_db()
    assert (report.state, report.content) == (State.ACCEPTED, before)
    assert "bổ sung lần 1" in str(more)


def test_steps_are_never_changed(plan, officer):
    step = opened(plan, officer).steps.get()
    with pytest.raises(ProgrammingError, match="Cannot update or delete"), transaction.atomic():
        step.delete()


# ---- two at once


@pytest.fixture
def committed(transactional_db: None) -> None:
    """Real transactions: what one thread commits the others see."""


@pytest.mark.parametrize("_", range(3))
def test_accepting_and_returning_at_once_do_one_of_the_two(committed, _):
    plan, officer = a_plan(), a_person(Role.OFFICER)
    one, other = a_person(Role.COORDINATOR), a_person(Role.COORDINATOR)
    report = submitted(plan, officer)
    said = at_once(
        lambda: filings.accept(filing=report, seen=report.digest, by=one),
        lambda: filings.give_back(filing=report, marks={"work": "Ghi rõ."}, seen=report.digest, by=other),
    )
    assert sum(isinstance(answer, NotAllowed) for answer in said) == 1
    report.refresh_from_db()
    assert report.steps.filter(act__in=[Act.ACCEPT, Act.RETURN]).count() == 1


@pytest.mark.parametrize("_", range(3))
def test_what_is_written_while_it_is_proposed_is_in_or_refused(committed, _):
    plan, officer = a_plan(), a_person(Role.OFFICER)
    other = a_person(Role.OFFICER)
    report = written(opened(plan, officer), officer)
    at_once(
        lambda: periodic.write(report=report, texts={"work": ("Mới.", 1)}, by=other),
        lambda: filings.propose(filing=report, by=officer),
    )
    report.refresh_from_db()
    assert report.state == State.PROPOSED
    assert report.content["parts"]["work"] == report.parts.get(key="work").text


@pytest.mark.parametrize("_", range(3))
def test_two_who_open_at_once_get_one_report(committed, _):
    plan, officer = a_plan(), a_person(Role.OFFICER)
    other = a_person(Role.OFFICER)
    one, two = at_once(lambda: opened(plan, officer), lambda: opened(plan, other))
    assert one == two
    assert Filing.objects.count() == 1


# ---- papers, pages, the command


def test_the_paper_says_the_figures_and_the_words(plan, officer):
    an_outcome(plan=plan)
    report = written(opened(plan, officer), officer, "Phát 46 buổi.")
    paper = outputs.periodic(report, periodic.content_of(report))
    said = "\n".join(getattr(block, "text", "") for block in paper.body)
    assert "đã ghi nhận 1/" in said
    assert "Phát 46 buổi. communication" in said
    assert "6 tháng đầu năm 2019" in paper.title


def test_a_draft_is_its_writers_own_and_the_coordinator_sees_what_was_handed_in(plan, officer, coordinator):
    report = written(opened(plan, officer), officer, "Bí mật.")
    address = reverse("reporting:filing", args=[report.pk])
    assert a_client(coordinator).get(address).status_code == 404
    report = filings.propose(filing=report, by=officer)
    filings.submit(filing=report, paper_code="45/BC", seen=report.digest, by=officer)
    assert "Bí mật. work" in text_of(a_client(coordinator).get(address))


def test_the_period_page_tells_nothing_reported_from_zero(plan, officer, coordinator):
    elsewhere = a_unit("Nam Ngạn")
    an_outcome(a_household(elsewhere, lacks=(TELECOM,)), plan=plan)
    submitted(plan, officer)
    page = text_of(a_client(coordinator).get(reverse("reporting:period", args=[plan.pk, "h1"])))
    assert "Phường Nam Ngạn: chưa lập, sổ 1" in page
    assert "Không có. difficulties" in page


def test_the_whole_way_through_pages(plan, officer, coordinator):
    leader = a_leader()
    office, head, city = a_client(officer), a_client(leader), a_client(coordinator)
    assert "Lập báo cáo" in text_of(office.get(reverse("reporting:reports")))
    office.post(reverse("reporting:open_filing", args=[plan.pk, "h1"]))
    report = Filing.objects.get()

    def take(client: Any, step: str, **data: str) -> Any:
        report.refresh_from_db()
        address = reverse("reporting:take_filing", args=[report.pk, step])
        return client.post(address, {"seen": report.digest, **data}, follow=True)

    def write(**texts: str) -> Any:
        address = reverse("reporting:write_filing", args=[report.pk])
        return office.post(address, texts, follow=True)

    write(**{h.key: "Có." for h in headings_of(HALF)})
    half_done = write(**{"work": " ", "v-work": "1", "trinh": "1"})
    assert "Đã lưu, chưa trình. Còn 1 mục chưa đủ" in text_of(half_done)
    assert "Đã trình lãnh đạo" in text_of(write(**{"work": "Có.", "v-work": "2", "trinh": "1"}))
    assert "Chưa điền mục này" in text_of(take(head, "tra-nguoi-soan", **{"ly-do-reason": ""}))
    assert "Đã nộp báo cáo" in text_of(take(head, "nop", paper_code="45/BC-UBND"))
    assert "ít nhất một mục" in text_of(take(city, "tra-lai"))
    assert "Đã trả lại" in text_of(take(city, "tra-lai", work="Ghi rõ số buổi."))
    write(**{"work": "46 buổi.", "v-work": "3", "trinh": "1"})
    take(head, "nop", paper_code="46/BC-UBND")
    assert "Đã duyệt" in text_of(take(city, "duyet"))
    assert "Đã mở báo cáo bổ sung" in text_of(take(office, "bo-sung", **{"ly-do-reason": "Sót một việc."}))
    assert Filing.objects.count() == 2


def test_the_command_opens_a_report_and_finds_it_again(plan, capsys):
    ward = a_unit()
    given = {"plan": plan.code, "unit": ward.pk, "period": "2019-h1"}
    call_command("open_report", **given)
    call_command("open_report", **{**given, "unit": ward.code})
    assert Filing.objects.count() == 1
    assert "6 tháng đầu năm 2019" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"period": "2019-q1"}, "Không hiểu kỳ"),
        ({"unit": "khong-co"}, "Không có đơn vị"),
        ({"plan": "1/KH-X"}, "Chưa mở kế hoạch"),
    ],
)
def test_a_command_that_names_nothing_says_so(plan, given, sentence):
    facts: dict[str, Any] = {"plan": plan.code, "unit": a_unit().pk, "period": "2019-h1"} | given
    with pytest.raises(CommandError, match=sentence):
        call_command("open_report", **facts)


def test_the_consolidated_report_of_a_period_gathers_what_units_said(plan, officer, coordinator, tmp_path):
    report = opened(plan, officer)
    texts = {part.key: ("Không có.", 0) for part in report.parts.all()} | {
        "difficulties": ("Thôn 6 chưa có cáp.", 0)
    }
    periodic.write(report=report, texts=texts, by=officer)
    report = filings.propose(filing=report, by=officer)
    filings.submit(filing=report, paper_code="45/BC", seen=report.digest, by=officer)
    out = tmp_path / "tong-hop.docx"
    call_command("consolidate", plan=plan.code, period="2019-h1", out=out)
    said = "\n".join(paragraph.text for paragraph in docx.Document(str(out)).paragraphs)
    assert "Phường Hàm Rồng: Thôn 6 chưa có cáp." in said
    assert "Phường Hàm Rồng: Không có" not in said
    assert "số liệu đến hết ngày 12/06/2019" in said
    page = a_client(coordinator).get(reverse("reporting:reports") + "?ky=h1")
    assert "Phường Hàm Rồng: Thôn 6 chưa có cáp." in page.content.decode()


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"period": "2019-q1"}, "Không hiểu kỳ"),
        ({"period": "2019-h1", "year": 2019}, "bỏ --year"),
        ({}, "Thêm --period"),
    ],
)
def test_a_period_is_said_one_way(plan, tmp_path, given, sentence):
    with pytest.raises(CommandError, match=sentence):
        call_command("consolidate", plan=plan.code, out=tmp_path / "x.docx", **given)


def test_a_paper_that_was_noted_is_no_missing_report(plan, officer, coordinator):
    milestone = steps.milestone_of(plan, HALF)
    reporting.hand_in(
        milestone=milestone, unit=officer.unit, paper_code="4/BC", handed_in_on=date(2019, 6, 3), by=officer
    )
    page = text_of(a_client(coordinator).get(reverse("reporting:period", args=[plan.pk, "h1"])))
    assert "Phường Hàm Rồng nộp bản giấy" in page


# ---- what is a unit's own


def test_what_lies_before_the_leader_or_was_taken_back_stays_within_the_unit(plan, officer, coordinator):
    report = written(opened(plan, officer), officer, "Chưa duyệt.")
    address = reverse("reporting:filing", args=[report.pk])
    report = filings.propose(filing=report, by=officer)
    assert a_client(coordinator).get(address).status_code == 404
    filings.recall(filing=report, by=officer)
    assert a_client(coordinator).get(address).status_code == 404


def test_those_above_read_what_was_handed_in_and_not_what_is_written_since(plan, officer, coordinator):
    leader = a_leader()
    report = proposed(plan, officer)
    filings.decline(filing=report, reason="Viết lại cho gọn.", seen=report.digest, by=leader)
    report = filings.propose(filing=report, by=officer)
    report = filings.submit(filing=report, paper_code="45/BC", seen=report.digest, by=leader)
    filings.give_back(filing=report, marks={"work": "Ghi rõ."}, seen=report.digest, by=coordinator)
    periodic.write(report=report, texts={"work": ("Bản mới, chưa nộp.", 1)}, by=officer)
    filings.propose(filing=report, by=officer)
    said = text_of(a_client(coordinator).get(reverse("reporting:filing", args=[report.pk])))
    assert "Không có. work" in said
    assert "Bản mới, chưa nộp." not in said
    assert "Viết lại cho gọn." not in said
    paper = reverse("reporting:filing_paper", args=[report.pk])
    last = report.steps.filter(act=Act.PROPOSE).last()
    assert a_client(coordinator).get(f"{paper}?lan={last.pk}").status_code == 404
    assert a_client(officer).get(f"{paper}?lan={last.pk}").status_code == 200
    for nonsense in ("²", "9" * 30, "x"):
        assert a_client(officer).get(f"{paper}?lan={nonsense}").status_code == 404


def test_what_was_handed_in_here_is_not_taken_back_as_a_note(plan, officer):
    report = submitted(plan, officer)
    milestone = steps.milestone_of(plan, HALF)
    page = a_client(officer).post(
        reverse("reporting:hand_in", args=[milestone.pk, report.unit_id]), {"bo": "1", "bo-reason": "nhầm"}
    )
    assert "đã nộp trong chương trình" in text_of(page)
    assert Submission.objects.count() == 1


@pytest.mark.parametrize("_", range(3))
def test_handing_in_while_a_paper_is_noted_makes_one_submission(committed, _):
    plan, officer = a_plan(), a_person(Role.OFFICER)
    report = proposed(plan, officer)
    milestone = steps.milestone_of(plan, HALF)
    at_once(
        lambda: filings.submit(filing=report, paper_code="45/BC", seen=report.digest, by=officer),
        lambda: reporting.hand_in(
            milestone=milestone,
            unit=officer.unit,
            paper_code="46/BC",
            handed_in_on=date(2019, 6, 11),
            by=officer,
        ),
    )
    report.refresh_from_db()
    assert report.state == State.SUBMITTED
    assert Submission.objects.count() == 1


# ---- who helped


def test_the_annex_tells_who_helped_and_adds_up_to_what_is_recorded(plan, officer):
    one, other = Source.objects.filter(unit=None).order_by("order")[:2]
    for source in (one, one, other):
        an_outcome(plan=plan, source=source, by=officer)
    an_outcome(plan=plan, by=officer)
    report = opened(plan, officer)
    content = periodic.content_of(report)
    said = {one["source"]: one["households"] for one in content["sources"]}
    assert said == {one.name: 2, other.name: 1, UNNAMED_SOURCE: 1}
    assert sum(said.values()) == content["figures"]["total"][TELECOM]["recorded"]
    [annex] = outputs.periodic(report, content).annexes
    assert annex.blocks[0].total == ("", "Cộng", "", "4")
    page = text_of(a_client(officer).get(reverse("reporting:filing", args=[report.pk])))
    assert f"{one.name}2 hộ" in page
    assert outputs.periodic(report, content | {"sources": []}).annexes == ()


def test_the_list_of_dates_tells_how_far_each_report_is(plan, officer, coordinator):
    deadlines = reverse("reporting:deadlines")
    report = submitted(plan, officer)
    assert "Đã nộp, chờ duyệt" in text_of(a_client(coordinator).get(deadlines))
    filings.give_back(filing=report, marks={"work": "Ghi rõ."}, seen=report.digest, by=coordinator)
    assert "Bị trả lại" in text_of(a_client(coordinator).get(deadlines))
    assert "Bị trả lại" in text_of(a_client(officer).get(deadlines))
    assert "Bị trả lại" not in text_of(a_client(a_person(Role.OFFICER, a_unit("Nam Ngạn"))).get(deadlines))
