"""Which step an outcome may take next, and who may take it, as data."""

from dataclasses import dataclass

from tiepcan.accounts.console import Doer
from tiepcan.accounts.roles import May
from tiepcan.supports.models import EntryKind, Outcome


@dataclass(frozen=True)
class Step:
    """One step of an outcome after it was recorded; `start` are the last lines of its ledger that it may follow."""

    label: str
    start: frozenset[str]
    end: EntryKind
    who: May


_WAITING = frozenset({EntryKind.RECORDED, EntryKind.ANSWERED})
VERIFY = Step("Xác minh đúng", _WAITING, EntryKind.VERIFIED, May.VERIFY_OUTCOMES)
GIVE_BACK = Step(
    "Trả lại để bổ sung", _WAITING | {EntryKind.VERIFIED}, EntryKind.RETURNED, May.VERIFY_OUTCOMES
)
ANSWER = Step("Bổ sung", frozenset({EntryKind.RETURNED}), EntryKind.ANSWERED, May.RECORD_OUTCOMES)
WITHDRAW = Step(
    "Rút kết quả",
    _WAITING | {EntryKind.VERIFIED, EntryKind.RETURNED},
    EntryKind.WITHDRAWN,
    May.RECORD_OUTCOMES,
)
REJECT = Step(
    "Không tính",
    frozenset({EntryKind.RETURNED, EntryKind.ANSWERED}),
    EntryKind.REJECTED,
    May.VERIFY_OUTCOMES,
)
"""After the ward was asked, whether it answered or not."""
STEPS = {"verify": VERIFY, "give_back": GIVE_BACK, "answer": ANSWER, "withdraw": WITHDRAW, "reject": REJECT}
_WHO = {
    May.VERIFY_OUTCOMES: "Chỉ người xác minh của địa bàn này làm được việc này.",
    May.RECORD_OUTCOMES: "Chỉ cán bộ phường, xã của hộ làm được việc này.",
}


def why_not(step: Step, outcome: Outcome, by: Doer) -> str | None:
    """Why this person may not take this step now, in words they can read. None if they may."""
    if not by.may_change(step.who, outcome.unit):
        return _WHO[step.who]
    if outcome.state not in step.start:
        return (
            f"Kết quả này đang ở bước “{outcome.state.label.lower()}” nên không “{step.label.lower()}” được."
        )
    return None
