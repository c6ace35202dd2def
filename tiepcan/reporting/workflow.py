"""What may be done with a filing in each state, by whom: one table."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from tiepcan.accounts.console import Doer
from tiepcan.accounts.models import Person
from tiepcan.accounts.roles import May, Role
from tiepcan.reporting.models import Filing, State
from tiepcan.reporting.models.filings import HANDED_IN


class Act(StrEnum):
    """One thing done with a filing."""

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
    Act.OPEN: "Mở",
    Act.PROPOSE: "Trình lãnh đạo",
    Act.RECALL: "Rút về sửa",
    Act.DECLINE: "Lãnh đạo trả lại người soạn",
    Act.SUBMIT: "Nộp, khóa nội dung",
    Act.RETURN: "Trả lại để bổ sung",
    Act.ACCEPT: "Duyệt",
    Act.SUPPLEMENT: "Mở bản bổ sung, điều chỉnh",
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
    Side.WRITER: "cán bộ của phường, xã",
    Side.HEAD: "lãnh đạo của phường, xã",
    Side.RECEIVER: "người điều phối kế hoạch",
}


def sides_of(filing: Filing, by: Doer) -> set[Side]:
    """The sides on which somebody stands. Where no leader of the unit has an account, the officer notes what was signed on paper."""
    own = not isinstance(by, Person) or by.unit.pk == filing.unit_id
    writes = own and by.may_change(May.HAND_IN, filing.unit)
    sides = {Side.WRITER} if writes else set()
    if own and by.may_change(May.SIGN_REPORTS, filing.unit):
        sides.add(Side.HEAD)
    if writes and not has_head(filing):
        sides.add(Side.HEAD)
    if by.may_change(May.CONSOLIDATE, filing.plan.issuer):
        sides.add(Side.RECEIVER)
    return sides


def has_head(filing: Filing) -> bool:
    """Whether a leader of the unit signs in here."""
    return Person.objects.filter(organisation__unit=filing.unit_id, role=Role.LEADER, is_active=True).exists()


def why_not(act: Act, filing: Filing, by: Doer) -> str:
    """The sentence that keeps somebody from an act; empty when nothing does."""
    way = WAYS[act]
    if way.side not in sides_of(filing, by):
        return f"Việc này là của {_WHO[way.side]}."
    if State(filing.state) not in way.of:
        return f"{filing.noun.capitalize()} đang ở bước “{filing.get_state_display()}” nên không làm được việc này. Tải lại trang để xem."
    return ""


def acts_of(filing: Filing, by: Doer) -> list[Act]:
    """What somebody may do with a filing now."""
    sides = sides_of(filing, by)
    return [act for act, way in WAYS.items() if way.side in sides and State(filing.state) in way.of]
