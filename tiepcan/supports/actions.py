"""What is done to outcomes. The ledger only grows: a mistake is withdrawn with its reason and recorded anew."""

import uuid
from collections.abc import Iterable
from datetime import date

from django.db import IntegrityError

from tiepcan.accounts.console import Doer
from tiepcan.accounts.roles import May
from tiepcan.audit.acts import act
from tiepcan.common import clock
from tiepcan.common.refusals import NotAllowed
from tiepcan.households.models import Household
from tiepcan.plans.models import Plan
from tiepcan.standards.models import Indicator, Means
from tiepcan.supports import evidence, workflow
from tiepcan.supports.models import Entry, EntryKind, Evidence, Outcome
from tiepcan.supports.rules import why_not_counted

Files = Iterable[tuple[str, bytes]]
"""(name, content) of each file as it came."""


def record(
    *,
    id: uuid.UUID,
    plan: Plan,
    household: Household,
    indicator: Indicator,
    means: Means,
    happened_on: date,
    provider: str = "",
    note: str = "",
    files: Files = (),
    by: Doer,
) -> Outcome:
    """Record that a household gained access. The same key twice is one outcome.

    Raises NotAllowed when it does not count, with the sentence why, or when a file of evidence cannot be read.
    """
    if not by.may_change(May.RECORD_OUTCOMES, household.unit):
        raise NotAllowed("Chỉ cán bộ phường, xã của hộ ghi được kết quả cho hộ này.")
    if known := Outcome.objects.filter(pk=id).first():
        return _same_or_refused(
            known,
            (plan.pk, household.pk, indicator.pk, means.pk, happened_on, provider.strip(), note.strip()),
        )
    if happened_on > clock.today():
        raise NotAllowed("Ngày tiếp cận không thể sau hôm nay.")
    if means.indicator_id != indicator.pk:
        raise NotAllowed(f"“{means.name}” không phải hình thức của chỉ số {indicator.name.lower()}.")
    if problem := why_not_counted(plan, household, indicator, on=happened_on):
        raise NotAllowed(problem)
    clean = evidence.cleaned(files)
    kept: list[Evidence] = []
    try:
        with act("outcome.recorded", by=by):
            outcome = Outcome.objects.create(
                id=id,
                plan=plan,
                household=household,
                unit=household.unit,
                indicator=indicator,
                means=means,
                happened_on=happened_on,
                provider=provider.strip(),
                note=note.strip(),
            )
            _write(outcome, EntryKind.RECORDED, by, recorded=1)
            kept = evidence.keep(outcome, clean, by.full_name)
    except IntegrityError:
        # Somebody was faster: with this very form, or with another for the same household.
        evidence.forget(kept)
        if known := Outcome.objects.filter(pk=id).first():
            return _same_or_refused(
                known,
                (plan.pk, household.pk, indicator.pk, means.pk, happened_on, provider.strip(), note.strip()),
            )
        raise NotAllowed(
            why_not_counted(plan, household, indicator) or "Chưa ghi được. Gửi lại biểu mẫu."
        ) from None
    return outcome


def add_evidence(*, outcome: Outcome, files: Files, by: Doer) -> list[Evidence]:
    """Add files to an outcome that still counts. Raises NotAllowed when none was chosen or one cannot be read."""
    if not by.may_change(May.RECORD_OUTCOMES, outcome.unit):
        raise NotAllowed("Chỉ cán bộ phường, xã của hộ thêm được minh chứng.")
    if not outcome.standing:
        raise NotAllowed("Kết quả này đã rút nên không thêm minh chứng nữa.")
    clean = evidence.cleaned(files)
    if not clean:
        raise NotAllowed("Chưa chọn tệp minh chứng.")
    kept: list[Evidence] = []
    try:
        with act("evidence.added", by=by):
            kept = evidence.keep(outcome, clean, by.full_name)
    except BaseException:
        evidence.forget(kept)
        raise
    return kept


def verify(*, outcome: Outcome, by: Doer) -> None:
    """The Labour Office finds the outcome right (plan, section IV.2)."""
    with act("outcome.verified", by=by):
        _take(workflow.VERIFY, outcome, by, verified=1)


def give_back(*, outcome: Outcome, reason: str, by: Doer) -> None:
    """The Labour Office asks the ward to add something; a verified outcome stops being counted as verified."""
    with act("outcome.given_back", by=by, reason=reason.strip()):
        _take(workflow.GIVE_BACK, outcome, by, reason=_said(reason, "Ghi rõ cần bổ sung gì."), unverify=True)


def answer(*, outcome: Outcome, note: str, files: Files = (), by: Doer) -> None:
    """The ward answers what was given back, with words or files."""
    clean = evidence.cleaned(files)
    if not clean:
        _said(note, "Thêm tệp minh chứng, hoặc ghi câu trả lời.")
    kept: list[Evidence] = []
    try:
        with act("outcome.answered", by=by):
            _take(workflow.ANSWER, outcome, by, reason=note.strip())
            kept = evidence.keep(outcome, clean, by.full_name)
    except BaseException:
        evidence.forget(kept)
        raise


def withdraw(*, outcome: Outcome, reason: str, by: Doer) -> None:
    """Take an outcome back, with the reason; it stays in the ledger and the household may be recorded anew."""
    with act("outcome.withdrawn", by=by, reason=reason.strip()):
        locked = _take(
            workflow.WITHDRAW,
            outcome,
            by,
            reason=_said(reason, "Ghi lý do rút kết quả."),
            recorded=-1,
            unverify=True,
        )
        Outcome.objects.filter(pk=locked.pk).update(standing=False)
    outcome.refresh_from_db()


def _take(
    step: workflow.Step,
    outcome: Outcome,
    by: Doer,
    *,
    reason: str = "",
    recorded: int = 0,
    verified: int = 0,
    unverify: bool = False,
) -> Outcome:
    """Write the step's line, after those that others may be writing at this moment."""
    locked = Outcome.objects.select_for_update(of=("self",)).select_related("unit").get(pk=outcome.pk)
    if problem := workflow.why_not(step, locked, by):
        raise NotAllowed(problem)
    if unverify and locked.state == EntryKind.VERIFIED:
        verified = -1
    _write(locked, step.end, by, reason=reason, recorded=recorded, verified=verified)
    return locked


def _write(
    outcome: Outcome, kind: EntryKind, by: Doer, *, reason: str = "", recorded: int = 0, verified: int = 0
) -> None:
    Entry.objects.create(
        outcome=outcome,
        kind=kind,
        on=clock.today(),
        at=clock.now(),
        recorded=recorded,
        verified=verified,
        reason=reason,
        by_name=by.full_name,
        organisation=by.organisation_name,
    )


def _said(words: str, otherwise: str) -> str:
    if not words.strip():
        raise NotAllowed(otherwise)
    return words.strip()


def _same_or_refused(known: Outcome, sent: tuple[object, ...]) -> Outcome:
    facts = ("plan_id", "household_id", "indicator_id", "means_id", "happened_on", "provider", "note")
    if sent == tuple(getattr(known, name) for name in facts):
        return known
    raise NotAllowed("Biểu mẫu này đã ghi một kết quả khác. Mở lại trang ghi kết quả rồi nhập tiếp.")
