"""The way of a consolidated report: the Labour Office confirms the indicators, the leader signs, the Culture Office sends it on.

The plan routes it so (sections IV.1, IV.2 and IV.6 of plan 146): the office of culture and information gathers and sends,
the labour office answers for the indicators.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from tiepcan.accounts.console import Doer
from tiepcan.accounts.models import Person
from tiepcan.accounts.roles import May, Role
from tiepcan.audit.acts import act
from tiepcan.common import clock
from tiepcan.common.digests import digest_of
from tiepcan.common.refusals import NotAllowed
from tiepcan.reporting.figures import figures_of, plain
from tiepcan.reporting.models import ConsolidatedReport, RouteAct, RouteStep
from tiepcan.reporting.papers import is_issued

MADE = ""
"""Where a report stands that nobody did anything with yet."""


@dataclass(frozen=True)
class Way:
    """After which step an act may follow, and whose it is."""

    after: tuple[str, ...]
    may: May
    whose: str


WAYS: Mapping[RouteAct, Way] = {
    RouteAct.CONFIRM: Way(
        (MADE,), May.VERIFY_OUTCOMES, "cơ quan Lao động, Thương binh và Xã hội của địa bàn"
    ),
    RouteAct.REFUSE: Way((MADE,), May.VERIFY_OUTCOMES, "cơ quan Lao động, Thương binh và Xã hội của địa bàn"),
    RouteAct.SIGN: Way((RouteAct.CONFIRM,), May.SIGN_REPORTS, "lãnh đạo của địa bàn"),
    # Where no leader signs in here, the paper was signed outside: what was confirmed may be sent.
    RouteAct.SEND: Way((RouteAct.SIGN, RouteAct.CONFIRM), May.CONSOLIDATE, "người điều phối kế hoạch"),
}


def standing_at(report: ConsolidatedReport) -> str:
    """The last act of a report, or `MADE`."""
    last = report.route.last()
    return last.act if last else MADE


def acts_of(report: ConsolidatedReport, by: Doer) -> list[RouteAct]:
    """What somebody may do with a report now."""
    return [what for what in WAYS if not why_not(what, report, by)]


def why_not(what: RouteAct, report: ConsolidatedReport, by: Doer) -> str:
    """The sentence that keeps somebody from an act; empty when nothing does."""
    way, stands = WAYS[what], standing_at(report)
    if not by.may_change(way.may, report.plan.issuer):
        return f"Việc này là của {way.whose}."
    if stands not in way.after:
        said = RouteAct(stands).label if stands else "mới lập"
        return f"Báo cáo đang ở bước “{said}” nên không làm được việc này. Tải lại trang để xem."
    if what == RouteAct.SEND and stands == RouteAct.CONFIRM and has_leader(report) and not is_issued(report):
        return "Báo cáo còn chờ lãnh đạo duyệt, ký."
    return ""


def has_leader(report: ConsolidatedReport) -> bool:
    """Whether a leader of the issuing unit signs in here."""
    leaders = Person.objects.filter(role=Role.LEADER, is_active=True)
    return leaders.filter(organisation__unit=report.plan.issuer_id).exists()


def confirm(*, report: ConsolidatedReport, seen: str, by: Doer) -> RouteStep:
    """The Labour Office signs the indicators, as they were `seen` (their digest) and as the ledger still gives them."""
    with act("report.confirmed", by=by):
        current = _allowed(report, RouteAct.CONFIRM, seen, by)
        if digest_of(plain(figures_of(current.plan, current.as_of))) != current.digest:
            raise NotAllowed(
                "Sổ kết quả đã thay đổi sau khi lập báo cáo: tính lại hôm nay ra số khác. Không xác nhận bản này; trả lại để "
                "lập bản mới."
            )
        return _taken(current, RouteAct.CONFIRM, by)


def refuse(*, report: ConsolidatedReport, reason: str, seen: str, by: Doer) -> RouteStep:
    """The Labour Office does not confirm the indicators, with a reason; another report is made in its place."""
    with act("report.refused", by=by, reason=reason.strip()):
        current = _allowed(report, RouteAct.REFUSE, seen, by)
        if not reason.strip():
            raise NotAllowed("Ghi lý do không xác nhận, để người lập biết chỉ số nào phải xem lại.")
        return _taken(current, RouteAct.REFUSE, by, reason=reason.strip())


def sign(*, report: ConsolidatedReport, seen: str, by: Doer) -> RouteStep:
    """The leader of the issuing unit approves the report."""
    with act("report.signed", by=by):
        return _taken(_allowed(report, RouteAct.SIGN, seen, by), RouteAct.SIGN, by)


def send(*, report: ConsolidatedReport, paper_code: str, sent_on: date, seen: str, by: Doer) -> RouteStep:
    """The coordinator notes under which number and on which day the signed report went to the department."""
    with act("report.sent", by=by):
        current = _allowed(report, RouteAct.SEND, seen, by)
        if not paper_code.strip():
            raise NotAllowed("Ghi số, ký hiệu của văn bản đã ký, ví dụ 45/BC-UBND.")
        made = current.made_at.astimezone(clock.VIETNAM).date()
        if not made <= sent_on <= clock.today():
            raise NotAllowed(
                f"Ngày gửi phải từ ngày lập {made:%d/%m/%Y} đến hôm nay {clock.today():%d/%m/%Y}."
            )
        return _taken(current, RouteAct.SEND, by, paper_code=paper_code.strip(), sent_on=sent_on)


def _allowed(report: ConsolidatedReport, what: RouteAct, seen: str, by: Doer) -> ConsolidatedReport:
    """The report under its lock, so that of two steps at once one finds the other."""
    current = ConsolidatedReport.objects.select_for_update(of=("self",), no_key=True)
    found = current.select_related("plan__issuer").get(pk=report.pk)
    if problem := why_not(what, found, by):
        raise NotAllowed(problem)
    if seen != found.digest:
        raise NotAllowed("Trang đang mở là của báo cáo khác. Tải lại trang rồi quyết định.")
    return found


def _taken(report: ConsolidatedReport, what: RouteAct, by: Doer, **told: Any) -> RouteStep:
    return RouteStep.objects.create(
        report=report,
        act=what,
        at=clock.now(),
        by_name=by.full_name,
        position=by.position,
        organisation=by.organisation_name,
        digest=report.digest,
        **told,
    )
