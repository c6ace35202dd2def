"""Plans of wards: derived from the plan above, answered line by line, checked, handed in, accepted."""

import uuid
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django import forms
from django.urls import reverse

from tests.factories import a_client, a_person, a_plan, a_unit
from tests.pages import text_of
from tests.papers.truth import WITH_LOCAL_PLANS
from tests.test_figures import amend
from tests.test_periodic_reports import a_leader, at
from tiepcan.accounts.models import Person
from tiepcan.accounts.roles import Role
from tiepcan.common.forms import MoneyField
from tiepcan.common.refusals import NotAllowed
from tiepcan.plans.models import MilestoneKind, Plan
from tiepcan.reporting import filings, local_plans, outputs, periodic
from tiepcan.reporting.local_plans import Words
from tiepcan.reporting.models import Filing, PlanLine, State
from tiepcan.reporting.queries import submission_for, submissions_of
from tiepcan.reporting.steps import Changed, milestone_of

LOCAL = MilestoneKind.LOCAL_PLAN
TARGET = "i-telecom_service"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def march() -> Any:
    with at(date(2019, 3, 12)):
        yield


@pytest.fixture
def plan() -> Plan:
    return a_plan(WITH_LOCAL_PLANS)


@pytest.fixture
def officer(plan: Plan) -> Person:
    return a_person(Role.OFFICER)


@pytest.fixture
def coordinator(plan: Plan) -> Person:
    return a_person(Role.COORDINATOR)


def opened(plan: Plan, officer: Person) -> Filing:
    return filings.open_filing(plan=plan, unit=officer.unit, kind=LOCAL, by=officer)


def lines_of(filing: Filing) -> dict[str, PlanLine]:
    return {local_plans.key_of(line): line for line in filing.lines.all()}


def say(filing: Filing, by: Person, key: str, words: Words) -> None:
    """Write one line on the version that stands."""
    local_plans.write(filing=filing, lines={key: (words, lines_of(filing)[key].version)}, by=by)


def answered(filing: Filing, by: Person) -> Filing:
    """Every line answered; what has dates keeps them."""
    there = lines_of(filing)
    full = Words("Công chức Văn hóa", "Quý II", 0, "Không tốn kinh phí")
    lines = {
        ask.key: (replace(full, when=there[ask.key].when or full.when), there[ask.key].version)
        for ask in local_plans.asks_of(filing)
    }
    local_plans.write(filing=filing, lines=lines, by=by)
    return filing


def handed_in(plan: Plan, officer: Person) -> Filing:
    filing = filings.propose(filing=answered(opened(plan, officer), officer), by=officer)
    return filings.submit(filing=filing, paper_code="12/KH-UBND", seen=filing.digest, by=officer)


def the_dated(filing: Filing) -> local_plans.Ask:
    """The duty to report, which has dates of its own."""
    [ask] = [ask for ask in local_plans.asks_of(filing) if ask.last_days]
    return ask


# ---- derived from the plan above


def test_targets_duties_and_dates_come_from_the_plan_above(plan, officer):
    asks = {ask.key: ask for ask in local_plans.asks_of(opened(plan, officer))}
    assert asks[TARGET].households == 5
    assert asks[TARGET].reference == "Phụ lục, dòng 1"
    assert "i-information_asset" not in asks  # an empty cell is no target
    assert any("Tuyên truyền" in ask.text or "tuyên truyền" in ask.text for ask in asks.values())


def test_the_duty_to_write_a_plan_is_answered_by_writing_it(plan, officer):
    [own] = [one for one in plan.milestones_on(date(2019, 3, 12)) if one.kind == LOCAL]
    assert own.duty is not None
    assert f"d-{own.duty_id}" not in {ask.key for ask in local_plans.asks_of(opened(plan, officer))}


def test_a_duty_with_dates_has_them_written_in(plan, officer):
    filing = opened(plan, officer)
    ask = the_dated(filing)
    assert ask.last_days == (date(2019, 6, 19), date(2019, 11, 30))
    when = lines_of(filing)[ask.key].when
    assert when == "; ".join(f"hết {day:%d/%m/%Y}" for day in ask.last_days)


def test_nobody_opens_the_plan_of_another_ward(plan, officer, coordinator):
    for person in (coordinator, a_person(Role.OFFICER, a_unit("Nam Ngạn"))):
        with pytest.raises(NotAllowed, match="Chỉ cán bộ"):
            filings.open_filing(plan=plan, unit=officer.unit, kind=LOCAL, by=person)


# ---- whether it is enough


def test_a_plan_that_answers_not_everything_stays_with_its_writer(plan, officer):
    filing = opened(plan, officer)
    with pytest.raises(NotAllowed, match="dịch vụ viễn thông: chưa có người làm"):
        filings.propose(filing=filing, by=officer)
    answered(filing, officer)
    there = lines_of(filing)[TARGET]
    say(filing, officer, TARGET, Words(there.who, "", 0, there.source))
    with pytest.raises(NotAllowed, match=r"Còn 1 mục chưa đủ: .*: chưa ghi thời gian"):
        filings.propose(filing=filing, by=officer)
    answered(filing, officer)
    assert filings.propose(filing=filing, by=officer).state == State.PROPOSED


@pytest.mark.parametrize(
    ("words", "problems"),
    [
        (Words("Ai", "Quý II", 0, ""), []),
        (Words("Ai", "Quý II", None, "Doanh nghiệp tặng"), []),
        (Words("Ai", "Quý II", None, ""), ["chưa ghi nguồn lực"]),
        (Words("Ai", "Quý II", 5, ""), ["chưa ghi kinh phí lấy từ đâu"]),
        (Words(" ", " ", 0, ""), ["chưa có người làm", "chưa ghi thời gian"]),
        (Words("Ai", "Quý II: 2, quý III: 3", 0, ""), []),
        (Words("Ai", "Quý II: 2, quý III: 4", 0, ""), ["cộng theo thời gian là 6 hộ, chỉ tiêu 5 hộ"]),
        (Words("Ai", "từ 1/6 đến 30/6", 0, ""), []),
        (Words("Ai", "31/12/2019", 0, ""), ["ghi 31/12/2019, muộn hơn hạn"]),
        (Words("Ai", "31/2, 99/99/2019", 0, ""), []),
    ],
)
def test_what_a_target_lacks_is_said(plan, officer, words, problems):
    filing = opened(plan, officer)
    say(filing, officer, TARGET, words)
    content = local_plans.content_of(filing)
    line = next(line for line in content["lines"] if line["key"] == TARGET)
    found = [problem.text for problem in local_plans.problems_of(line, content)]
    assert len(found) == len(problems)
    assert all(text.startswith(said) for text, said in zip(found, problems, strict=True))


def test_portions_that_do_not_add_up_are_told_and_do_not_hinder(plan, officer):
    filing = answered(opened(plan, officer), officer)
    say(filing, officer, TARGET, Words("Ai", "Quý II: 1", 0, ""))
    assert filings.propose(filing=filing, by=officer).state == State.PROPOSED


def test_a_day_after_the_plans_own_keeps_the_plan_from_the_leader(plan, officer):
    filing = answered(opened(plan, officer), officer)
    ask = the_dated(filing)
    late = "; ".join(f"{day.day}/{day.month}" for day in ask.last_days[:-1]) + "; 30/12"
    say(filing, officer, ask.key, Words("Ai", late, 0, ""))
    with pytest.raises(NotAllowed, match="ghi 30/12/2019, muộn hơn hạn"):
        filings.propose(filing=filing, by=officer)


# ---- written


def test_a_work_of_its_own_is_made_once_and_goes_when_it_is_emptied(plan, officer):
    filing, key = opened(plan, officer), f"o-{uuid.uuid4()}"
    words = Words("Đoàn Thanh niên", "Tháng 5", 2_400_000, "xã hội hóa", own="Giúp hộ cài đặt điện thoại")
    for version in (0, 1):
        local_plans.write(filing=filing, lines={key: (words, version)}, by=officer)
    assert [line.own for line in filing.lines.exclude(own="")] == ["Giúp hộ cài đặt điện thoại"]
    local_plans.write(filing=filing, lines={key: (replace(words, own=""), 1)}, by=officer)
    assert not filing.lines.exclude(own="").exists()


def test_who_writes_over_a_line_of_somebody_else_is_told(plan, officer):
    filing, other = opened(plan, officer), a_person(Role.OFFICER)
    local_plans.write(filing=filing, lines={TARGET: (Words("Người thứ nhất"), 0)}, by=officer)
    written = local_plans.write(filing=filing, lines={TARGET: (Words("Người thứ hai"), 0)}, by=other)
    assert list(written.clashes) == [TARGET]
    assert lines_of(filing)[TARGET].who == "Người thứ nhất"


@pytest.mark.parametrize("key", ["i-no_such", "d-999999", "o-not-a-key", "own", ""])
def test_a_key_that_means_nothing_writes_nothing(plan, officer, key):
    filing = opened(plan, officer)
    before = filing.lines.count()
    local_plans.write(filing=filing, lines={key: (Words("Ai", own="Việc"), 0)}, by=officer)
    assert filing.lines.count() == before


def test_the_key_of_another_wards_line_writes_neither_there_nor_here(plan, officer):
    other = a_person(Role.OFFICER, a_unit("Nam Ngạn"))
    theirs, mine = opened(plan, other), opened(plan, officer)
    key = f"o-{uuid.uuid4()}"
    local_plans.write(filing=theirs, lines={key: (Words("Hội Phụ nữ", own="Phát tờ rơi"), 0)}, by=other)
    local_plans.write(filing=mine, lines={key: (Words("Kẻ khác", own="Của tôi"), 0)}, by=officer)
    assert [line.who for line in PlanLine.objects.exclude(own="")] == ["Hội Phụ nữ"]


# ---- handed in, returned, accepted, amended


def test_a_plan_that_is_handed_in_meets_its_date_and_keeps_its_content(plan, officer, coordinator):
    filing = handed_in(plan, officer)
    milestone = milestone_of(plan, LOCAL)
    assert milestone is not None
    found = submission_for(submissions_of(plan), milestone, officer.unit)
    assert found is not None and found.paper_code == "12/KH-UBND"
    filing = filings.accept(filing=filing, seen=filing.digest, by=coordinator)
    with pytest.raises(NotAllowed, match="Kế hoạch đang ở bước “Đã duyệt”"):
        say(filing, officer, TARGET, Words("Ai khác"))


def test_of_a_plan_that_came_back_the_marked_lines_are_open(plan, officer, coordinator):
    filing = handed_in(plan, officer)
    filings.give_back(filing=filing, marks={TARGET: "Chia theo quý."}, seen=filing.digest, by=coordinator)
    filing.refresh_from_db()
    assert local_plans.writable(filing) == {TARGET}
    ask = the_dated(filing)
    say(filing, officer, TARGET, Words("Ai", "Quý II: 5", 0, ""))
    say(filing, officer, ask.key, Words("Kẻ khác", "x", 0, ""))
    assert lines_of(filing)[TARGET].when == "Quý II: 5"
    assert lines_of(filing)[ask.key].who == "Công chức Văn hóa"
    key = f"o-{uuid.uuid4()}"
    local_plans.write(filing=filing, lines={key: (Words(own="Việc mới"), 0)}, by=officer)
    assert not filing.lines.exclude(own="").exists()


def test_how_far_a_ward_is_with_mending_is_its_own(plan, officer, coordinator):
    filing = handed_in(plan, officer)
    filings.give_back(filing=filing, marks={TARGET: "Chia theo quý."}, seen=filing.digest, by=coordinator)
    with at(date(2019, 3, 13)):
        say(filing, officer, TARGET, Words("Ai", "Quý II: 5", 0, ""))
        address = reverse("reporting:filing", args=[filing.pk])
        mine, above = (text_of(a_client(person).get(address)) for person in (officer, coordinator))
    assert "Chia theo quý." in mine and "đã sửa" in mine
    assert "Chia theo quý." in above
    assert "đã sửa" not in above and "chưa sửa" not in above


def test_a_mark_on_no_line_of_the_plan_is_refused(plan, officer, coordinator):
    filing = handed_in(plan, officer)
    with pytest.raises(NotAllowed, match="ít nhất một mục"):
        filings.give_back(filing=filing, marks={"work": "Gì đó."}, seen=filing.digest, by=coordinator)


def test_what_nobody_saw_is_not_handed_in(plan, officer):
    leader = a_leader()
    filing = filings.propose(filing=answered(opened(plan, officer), officer), by=officer)
    seen = filing.digest
    filings.recall(filing=filing, by=officer)
    say(filing, officer, TARGET, Words("Kẻ khác", "Quý III", 0, ""))
    filings.propose(filing=filing, by=officer)
    with pytest.raises(Changed, match="Kế hoạch đã thay đổi"):
        filings.submit(filing=filing, paper_code="12/KH", seen=seen, by=leader)


def test_when_the_plan_above_is_amended_the_unit_is_told_and_amends_its_own(plan, officer, coordinator):
    filing = handed_in(plan, officer)
    filing = filings.accept(filing=filing, seen=filing.digest, by=coordinator)
    assert local_plans.changed_since(filing, filing.content) == []
    with at(date(2019, 6, 12)):
        amend(plan, coordinator)
        said = " ".join(local_plans.changed_since(filing, filing.content))
        assert "5 hộ thành 9 hộ" in said
        address = reverse("reporting:filing", args=[filing.pk])
        assert "Kế hoạch trên đã điều chỉnh" in text_of(a_client(officer).get(address))
        more = filings.supplement(filing=filing, why="Theo kế hoạch điều chỉnh.", by=officer)
        assert str(more) == "Kế hoạch năm 2019 của phường, điều chỉnh lần 1"
        assert lines_of(more)[TARGET].who == "Công chức Văn hóa"
        asks = {ask.key: ask.households for ask in local_plans.asks_of(more)}
        assert (asks[TARGET], asks["i-information_asset"]) == (9, 2)
    filing.refresh_from_db()
    line = next(line for line in filing.content["lines"] if line["key"] == TARGET)
    assert line["households"] == 5  # what was accepted stays


def test_a_plan_is_no_report_before_the_half_years(plan, officer, coordinator):
    filing = handed_in(plan, officer)
    filings.accept(filing=filing, seen=filing.digest, by=coordinator)
    report = filings.open_filing(plan=plan, unit=officer.unit, kind=MilestoneKind.HALF_YEAR, by=officer)
    assert periodic.report_before(report) is None
    page = a_client(officer).get(reverse("reporting:filing", args=[report.pk]))
    assert page.status_code == 200


# ---- on its pages and on paper


def test_a_ward_opens_fills_and_puts_its_plan_before_the_leader(plan, officer):
    client = a_client(officer)
    assert "Lập kế hoạch" in text_of(client.get(reverse("reporting:reports")))
    client.post(reverse("reporting:open_filing", args=[plan.pk, "ke-hoach"]))
    filing = Filing.objects.get()
    address = reverse("reporting:filing", args=[filing.pk])
    assert "Chưa trình được" in text_of(client.get(address))
    data: dict[str, Any] = {"trinh": "1"}
    for key, line in lines_of(filing).items():
        data |= {
            f"{key}-who": "Công chức",
            f"{key}-when": line.when or "Quý II",
            f"{key}-money": "1,5 triệu",
            f"{key}-source": "Ngân sách",
            f"v-{key}": line.version,
        }
    answer = client.post(reverse("reporting:write_filing", args=[filing.pk]), data, follow=True)
    assert "Đã trình lãnh đạo" in text_of(answer)
    filing.refresh_from_db()
    assert filing.state == State.PROPOSED
    assert {line.money for line in filing.lines.all()} == {1_500_000}


def test_a_mistake_comes_back_with_all_that_was_typed(plan, officer):
    filing, client = opened(plan, officer), a_client(officer)
    data = {
        f"{TARGET}-who": "Lê Văn Thí Dụ",
        f"{TARGET}-when": "Quý II",
        f"{TARGET}-money": "nhiều",
        f"{TARGET}-source": "",
    }
    answer = client.post(reverse("reporting:write_filing", args=[filing.pk]), data)
    page = text_of(answer)
    assert "Ghi số tiền bằng đồng" in page
    assert 'value="Lê Văn Thí Dụ"' in answer.content.decode()
    assert 'value="nhiều"' in answer.content.decode()


def test_a_page_that_saves_by_itself_is_told_its_versions(plan, officer):
    filing, client = opened(plan, officer), a_client(officer)
    key = f"o-{uuid.uuid4()}"
    data = {
        "tu-luu": "1", f"{key}-own": "Việc", f"{key}-who": "", f"{key}-when": "", f"{key}-money": "", f"{key}-source": "",
        f"v-{key}": "0",
    }  # fmt: skip
    answer = client.post(reverse("reporting:write_filing", args=[filing.pk]), data).json()
    assert answer["problem"] == ""
    assert answer["versions"][f"v-{key}"] == 1
    assert filing.lines.get(own="Việc").pk == uuid.UUID(key[2:])


def test_a_draft_is_its_wards_own_and_what_was_handed_in_is_seen_above(plan, officer, coordinator):
    filing = opened(plan, officer)
    address = reverse("reporting:filing", args=[filing.pk])
    assert a_client(coordinator).get(address).status_code == 404
    filing = filings.propose(filing=answered(filing, officer), by=officer)
    filings.submit(filing=filing, paper_code="12/KH", seen=filing.digest, by=officer)
    assert "Công chức Văn hóa" in text_of(a_client(coordinator).get(address))


def test_the_coordinator_sees_where_every_plan_stands_and_the_money_that_leads_to_its_plan(
    plan, officer, coordinator
):
    filing = answered(opened(plan, officer), officer)
    say(filing, officer, TARGET, Words("Ai", "Quý II", 6_000_000, "Ngân sách"))
    filing = filings.propose(filing=filing, by=officer)
    filings.submit(filing=filing, paper_code="12/KH", seen=filing.digest, by=officer)
    answer = a_client(coordinator).get(reverse("reporting:period", args=[plan.pk, "ke-hoach"]))
    page = text_of(answer)
    assert "1 đã nộp, chờ duyệt" in page and "9 chưa lập" in page
    assert "6.000.000 đ, 1 kế hoạch" in page
    assert reverse("reporting:filing", args=[filing.pk]) in answer.content.decode()


def test_the_paper_says_who_does_what_when_and_with_how_much(plan, officer):
    filing = answered(opened(plan, officer), officer)
    say(filing, officer, TARGET, Words("Ai", "Quý II", 6_400_000, "Ngân sách"))
    paper = outputs.filed(filing, local_plans.content_of(filing))
    said = " ".join(
        " ".join(" ".join(row) for row in block.rows) if hasattr(block, "rows") else block.text
        for block in paper.body
    )
    assert (paper.kind, paper.symbol) == ("Kế hoạch", "KH-UBND")
    assert "Ai Quý II 6.400.000 đ, Ngân sách" in said
    assert "Tổng kinh phí 6.400.000 đồng (Sáu triệu bốn trăm nghìn đồng)" in said


@pytest.mark.parametrize(
    ("written", "amount"),
    [
        ("6.000.000", 6_000_000), ("6.000.000 đ", 6_000_000), ("6 000 000 đồng", 6_000_000), ("2,4 triệu", 2_400_000),
        ("500 nghìn", 500_000), ("1 tỷ", 1_000_000_000), ("0", 0), ("0 đ", 0), ("", None), ("7500000", 7_500_000),
    ],
)  # fmt: skip
def test_money_is_read_as_officers_write_it(written, amount):
    assert MoneyField(required=False).clean(written) == amount


@pytest.mark.parametrize("written", ["nhiều", "-5", "6.00.000", "1e9", "6,5,5 triệu", "9999 tỷ", "²"])
def test_what_is_no_money_is_refused_with_an_example(written):
    with pytest.raises(forms.ValidationError, match=r"ví dụ 6\.000\.000|quá lớn"):
        MoneyField(required=False).clean(written)
