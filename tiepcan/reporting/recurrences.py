"""Dates that come again: their turns within a plan's year, set, done and ended by the coordinator."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from tiepcan.accounts.console import Doer
from tiepcan.accounts.roles import May
from tiepcan.audit.acts import act
from tiepcan.common import clock
from tiepcan.common.dates import next_month
from tiepcan.common.refusals import NotAllowed
from tiepcan.plans.models import Plan
from tiepcan.reporting.models import Every, Recurrence, RecurrenceDone

_HALVES = {6: "6 tháng đầu năm", 12: "6 tháng cuối năm"}
_QUARTERS = {3: "quý I", 6: "quý II", 9: "quý III", 12: "quý IV"}


@dataclass(frozen=True)
class Turn:
    """One period's turn of something that comes again."""

    recurrence: Recurrence
    period_end: date
    """The first day of the period's last month."""
    last_day: date
    done: RecurrenceDone | None

    @property
    def period(self) -> str:
        """The period in words: "quý II/2019"."""
        month, every = self.period_end.month, self.recurrence.every
        name = (
            _HALVES[month] if every == Every.HALF_YEAR else _QUARTERS[month] if every == Every.QUARTER else ""
        )
        return f"{name or f'tháng {month}'}/{self.period_end.year}"

    @property
    def days_late(self) -> int:
        """Days since the last day of a turn that is not done."""
        return 0 if self.done else max(0, -clock.days_until(self.last_day))

    def __str__(self) -> str:
        return f"{self.recurrence}, {self.period}"


def turns_of(plan: Plan) -> list[Turn]:
    """All turns of a plan's year, by their last day; those that ended before something was set or after it ended are none. Two queries."""
    turns = []
    for recurrence in Recurrence.objects.filter(plan=plan).prefetch_related("done"):
        done = {one.period_end: one for one in recurrence.done.all()}
        step = Every(recurrence.every).months
        for month in range(step, 13, step):
            end = date(plan.year, month, 1)
            last_day = next_month(end).replace(day=recurrence.day)
            over = recurrence.ended_on is not None and last_day >= recurrence.ended_on
            if (last_day < recurrence.begun_on or over) and end not in done:
                continue
            turns.append(Turn(recurrence, end, last_day, done.get(end)))
    return sorted(turns, key=lambda turn: (turn.last_day, turn.recurrence.pk))


def next_turns(turns: Sequence[Turn]) -> list[Turn]:
    """What a list shows first: of each recurrence what is late, and the next turn."""
    shown: list[Turn] = []
    for turn in turns:
        upcoming = any(
            one.recurrence == turn.recurrence and not one.days_late for one in shown if not one.done
        )
        if not turn.done and (turn.days_late or not upcoming):
            shown.append(turn)
    return shown


def _coordinated(plan: Plan, by: Doer) -> None:
    if not by.may_change(May.CONSOLIDATE, plan.issuer):
        raise NotAllowed("Chỉ người điều phối kế hoạch đặt và ghi được việc định kỳ.")


def set_recurrence(*, plan: Plan, what: str, every: str, day: int, by: Doer) -> Recurrence:
    """Set something that is due after each period, until the end of that day of the month that follows."""
    _coordinated(plan, by)
    if not what.strip():
        raise NotAllowed("Ghi việc phải làm định kỳ.")
    if not 1 <= day <= 28:
        raise NotAllowed("Ngày hạn từ 1 đến 28, để tháng nào cũng có.")
    if Recurrence.objects.filter(plan=plan, what__iexact=what.strip(), ended_on=None).exists():
        raise NotAllowed("Việc này đã đặt định kỳ. Muốn đổi ngày thì thôi việc cũ rồi đặt lại.")
    with act("recurrence.set", by=by):
        return Recurrence.objects.create(
            plan=plan, what=what.strip(), every=Every(every), day=day, begun_on=clock.today(), by_name=by.full_name
        )  # fmt: skip


def note_done(
    *, recurrence: Recurrence, period_end: date, paper_code: str, done_on: date, by: Doer
) -> RecurrenceDone:
    """Note that one period's turn was done. The same again is the same; another paper is refused."""
    _coordinated(recurrence.plan, by)
    turn = next(
        (
            one
            for one in turns_of(recurrence.plan)
            if one.recurrence == recurrence and one.period_end == period_end
        ),
        None,
    )
    if turn is None:
        raise NotAllowed("Không có kỳ này. Tải lại trang “Thời hạn” để xem các kỳ.")
    if not paper_code.strip():
        raise NotAllowed("Ghi số, ký hiệu của văn bản đã gửi, ví dụ 12/BC-VHTT.")
    with act("recurrence.done", by=by):
        found, made = RecurrenceDone.objects.get_or_create(
            recurrence=recurrence,
            period_end=period_end,
            defaults={"paper_code": paper_code.strip(), "done_on": done_on, "by_name": by.full_name},
        )
    if not made and found.paper_code != paper_code.strip():
        raise NotAllowed(f"Kỳ này đã ghi văn bản {found.paper_code} ngày {found.done_on:%d/%m/%Y}.")
    return found


def end(*, recurrence: Recurrence, by: Doer) -> None:
    """Let it come no more from today on; what was done stays."""
    _coordinated(recurrence.plan, by)
    with act("recurrence.ended", by=by):
        Recurrence.objects.filter(pk=recurrence.pk, ended_on=None).update(ended_on=clock.today())
