"""What the demonstration's wards write in their plans and reports."""

from tiepcan.accounts.models import Person
from tiepcan.plans.models import MilestoneKind, Plan
from tiepcan.reporting import filings, local_plans, periodic
from tiepcan.reporting.models import Filing
from tiepcan.units.models import Unit

_OFFICER = "Công chức Văn hóa – Xã hội"
_DUTIES = (
    ("Đài truyền thanh", "Hai buổi mỗi tuần"),
    ("Công chức Địa chính – Xây dựng", "Từ tháng 4 đến tháng 9"),
    (_OFFICER, "Theo đợt của thành phố"),
    ("Văn phòng – Thống kê", "Tháng 10"),
)
"""Who does the duties without dates, and when, in the order in which plan 146 has them."""


def hand_in_local_plan(plan: Plan, unit: Unit, by: Person, n: int, code: str) -> Filing:
    """One ward's own plan, answered line by line and handed in; `n` is its number, which varies the words."""
    filing = filings.open_filing(plan=plan, unit=unit, kind=MilestoneKind.LOCAL_PLAN, by=by)
    lines = {}
    there = {local_plans.key_of(line): line for line in filing.lines.all()}
    order = 0
    for ask in local_plans.asks_of(filing):
        if ask.households is not None:
            words = _target(ask.households, ask.indicator == "telecom_service")
        elif ask.last_days:
            words = local_plans.Words(_OFFICER, there[ask.key].when, 0)
        else:
            words = _duty(order, n)
            order += 1
        lines[ask.key] = (words, there[ask.key].version)
    local_plans.write(filing=filing, lines=lines, by=by)
    filing = filings.propose(filing=filing, by=by)
    return filings.submit(filing=filing, paper_code=code, seen=filing.digest, by=by)


def _target(households: int, telecom: bool) -> local_plans.Words:
    first = households // 2
    when = f"Quý II: {first}, quý III: {households - first}" if first else "Quý III: " + str(households)
    source = (
        "Doanh nghiệp viễn thông hỗ trợ"
        if telecom
        else "Ti vi, máy thu thanh do doanh nghiệp, nhà hảo tâm tặng"
    )
    return local_plans.Words(_OFFICER, when, 0, source)


def _duty(order: int, n: int) -> local_plans.Words:
    who, when = _DUTIES[order % len(_DUTIES)]
    money = (4_000_000 + n % 5 * 500_000, 0, 0, 1_000_000 + n % 3 * 250_000)[order % len(_DUTIES)]
    return local_plans.Words(who, when, money, "Ngân sách phường, xã" if money else "")


def hand_in_half_year(plan: Plan, unit: Unit, by: Person, n: int, code: str) -> Filing:
    """One ward's half-year report, written and handed in."""
    report = filings.open_filing(plan=plan, unit=unit, kind=MilestoneKind.HALF_YEAR, by=by)
    words = {
        "communication": f"Đài truyền thanh phát {18 + n} buổi về giảm nghèo bền vững, giới thiệu {1 + n % 3} gương thoát nghèo.",
        "work": f"Rà soát xong danh sách hộ nghèo; phối hợp với doanh nghiệp khảo sát {2 + n % 4} thôn, tổ dân phố chưa có cáp.",
        "difficulties": "Một số hộ đi làm xa, chưa gặp được; có thôn chưa có hạ tầng cáp.",
        "proposals": "Đề nghị doanh nghiệp kéo cáp đến các thôn còn lại trong quý III.",
    }
    periodic.write(report=report, texts={key: (text, 0) for key, text in words.items()}, by=by)
    report = filings.propose(filing=report, by=by)
    return filings.submit(filing=report, paper_code=code, seen=report.digest, by=by)
