"""What may be done with a periodic report in each state, by whom: one table."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from tiepcan.accounts.console import Doer
from tiepcan.accounts.models import Person
from tiepcan.accounts.roles import May, Role
from tiepcan.reporting.models import PeriodicReport, State
from tiepcan.reporting.models.periodic import HANDED_IN


class Act(StrEnum):
    """One thing done with a report."""

    OPEN = "open"
    WRITE = "write"
    PROPOSE = "propose"
    RECALL = "recall"
    DECLINE = "decline"
    SUBMIT = HANDED_IN
    RETURN = "return"
    ACCEPT = "accept"
    SUPPLEMENT = "supplement"


DONE: Mapping[str, str] = {
    Act.OPEN: "Mở báo cáo",
    Act.PROPOSE: "Trình lãnh đạo",
    Act.RECALL: "Rút về sửa",
    Act.DECLINE: "Lãnh đạo trả lại người soạn",
    Act.SUBMIT: "Nộp, khóa số liệu",
    Act.RETURN: "Trả lại để bổ sung",
    Act.ACCEPT: "Duyệt",
    Act.SUPPLEMENT: "Mở báo cáo bổ sung",
}
"""What a step is called where it is told."""


SHOWN_ABOVE = (Act.SUBMIT, Act.RETURN, Act.ACCEPT, Act.SUPPLEMENT)
"""Steps that are told outside of the unit; what its people said to each other before is their own."""


class Side(StrEnum):
    """Whose turn an act is."""

    WRITER = "writer"
    HEAD = "head"
    RECEIVER = "receiver"


@dataclass(frozen=True)
class Way:
    """From which states an act leads where, and whose it is. `to` is None where the state stays."""

    of: tuple[State, ...]
    to: State | None
    side: Side


_WRITTEN = (State.DRAFT, State.RETURNED)
WAYS: Mapping[Act, Way] = {
    Act.WRITE: Way(_WRITTEN, None, Side.WRITER),
    Act.PROPOSE: Way(_WRITTEN, State.PROPOSED, Side.WRITER),
    Act.RECALL: Way((State.PROPOSED,), State.DRAFT, Side.WRITER),
    Act.DECLINE: Way((State.PROPOSED,), State.DRAFT, Side.HEAD),
    Act.SUBMIT: Way((State.PROPOSED,), State.SUBMITTED, Side.HEAD),
    Act.RETURN: Way((State.SUBMITTED,), State.RETURNED, Side.RECEIVER),
    Act.ACCEPT: Way((State.SUBMITTED,), State.ACCEPTED, Side.RECEIVER),
    Act.SUPPLEMENT: Way((State.ACCEPTED,), None, Side.WRITER),
}
_WHO = {
    Side.WRITER: "cán bộ của phường, xã lập báo cáo",
    Side.HEAD: "lãnh đạo của phường, xã lập báo cáo",
    Side.RECEIVER: "người điều phối kế hoạch",
}


def sides_of(report: PeriodicReport, by: Doer) -> set[Side]:
    """The sides on which somebody stands. Where no leader of the unit has an account, the officer notes what was signed on paper."""
    own = not isinstance(by, Person) or by.unit.pk == report.unit_id
    writes = own and by.may_change(May.HAND_IN, report.unit)
    sides = {Side.WRITER} if writes else set()
    if own and by.may_change(May.SIGN_REPORTS, report.unit):
        sides.add(Side.HEAD)
    if writes and not has_head(report):
        sides.add(Side.HEAD)
    if by.may_change(May.CONSOLIDATE, report.plan.issuer):
        sides.add(Side.RECEIVER)
    return sides


def has_head(report: PeriodicReport) -> bool:
    """Whether a leader of the unit signs in here."""
    return Person.objects.filter(organisation__unit=report.unit_id, role=Role.LEADER, is_active=True).exists()


def why_not(act: Act, report: PeriodicReport, by: Doer) -> str:
    """The sentence that keeps somebody from an act; empty when nothing does."""
    way = WAYS[act]
    if way.side not in sides_of(report, by):
        return f"Việc này là của {_WHO[way.side]}."
    if State(report.state) not in way.of:
        return f"Báo cáo đang ở bước “{report.get_state_display()}” nên không làm được việc này. Tải lại trang để xem."
    return ""


def acts_of(report: PeriodicReport, by: Doer) -> list[Act]:
    """What somebody may do with a report now."""
    sides = sides_of(report, by)
    return [act for act, way in WAYS.items() if way.side in sides and State(report.state) in way.of]
