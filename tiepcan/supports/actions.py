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
from tiepcan.standards.actions import add_source
from tiepcan.standards.models import Indicator, Means, Scheme, Source
from tiepcan.standards.queries import source_named, why_not_under
from tiepcan.supports import evidence, giving, workflow
from tiepcan.supports.ledger import hold, take, write_line
from tiepcan.supports.models import EntryKind, Evidence, Outcome
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
    source: Source | None = None,
    new_source: str = "",
    scheme: Scheme | None = None,
    provider: str = "",
    note: str = "",
    files: Files = (),
    by: Doer,
) -> Outcome:
    """Record that a household gained access, and the support by which it did. The same key twice is one outcome.

    `new_source` names a source that the unit's list may not have yet. Raises NotAllowed when it does not count, with
    the sentence why, when the scheme cannot have given it, or when a file of evidence cannot be read.
    """
    if not by.may_change(May.RECORD_OUTCOMES, household.unit):
        raise NotAllowed("Chỉ cán bộ phường, xã của hộ ghi được kết quả cho hộ này.")

    def same_or_refused(known: Outcome) -> Outcome:
        return _same_or_refused(
            known,
            (plan.pk, household.pk, indicator.pk, means.pk, happened_on, provider.strip(), note.strip()),
            source or source_named(new_source, household.unit),
            scheme,
        )

    if known := Outcome.objects.filter(pk=id).first():
        return same_or_refused(known)
    if happened_on > clock.today():
        raise NotAllowed("Ngày tiếp cận không thể sau hôm nay.")
    if means.indicator_id != indicator.pk:
        raise NotAllowed(f"“{means.name}” không phải hình thức của chỉ số {indicator.name.lower()}.")
    if scheme and (problem := why_not_under(scheme, indicator, happened_on)):
        raise NotAllowed(problem)
    if problem := why_not_counted(plan, household, indicator, on=happened_on):
        # Its first press may have been written since it was looked for.
        if known := Outcome.objects.filter(pk=id).first():
            return same_or_refused(known)
        raise NotAllowed(problem)
    clean = evidence.cleaned(files)
    kept: list[Evidence] = []
    try:
        with act("outcome.recorded", by=by):
            hold((plan.pk, household.unit_id, indicator.pk))
            giver = source
            if giver is None and new_source.strip():
                giver = add_source(name=new_source, unit=household.unit, by=by)
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
            write_line(outcome, EntryKind.RECORDED, by, recorded=1)
            giving.give(
                id=uuid.uuid4(),
                household=household,
                means=means,
                began_on=happened_on,
                scheme=scheme,
                source=giver,
                provider=provider,
                note=note,
                plan=plan,
                outcome=outcome,
            )
            kept = evidence.keep(outcome, clean, by.full_name)
    except IntegrityError:
        # Somebody was faster: with this very form, or with another for the same household.
        evidence.forget(kept)
        if known := Outcome.objects.filter(pk=id).first():
            return same_or_refused(known)
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
        take(workflow.VERIFY, outcome, by=by)


def give_back(*, outcome: Outcome, reason: str, by: Doer) -> None:
    """The Labour Office asks the ward to add something; a verified outcome stops being counted as verified."""
    with act("outcome.given_back", by=by, reason=reason.strip()):
        take(workflow.GIVE_BACK, outcome, by=by, reason=_said(reason, "Ghi rõ cần bổ sung gì."))


def answer(*, outcome: Outcome, note: str, files: Files = (), by: Doer) -> None:
    """The ward answers what was given back, with words or files."""
    clean = evidence.cleaned(files)
    if not clean:
        _said(note, "Thêm tệp minh chứng, hoặc ghi câu trả lời.")
    kept: list[Evidence] = []
    try:
        with act("outcome.answered", by=by):
            take(workflow.ANSWER, outcome, by=by, reason=note.strip())
            kept = evidence.keep(outcome, clean, by.full_name)
    except BaseException:
        evidence.forget(kept)
        raise


def withdraw(*, outcome: Outcome, reason: str, by: Doer) -> None:
    """Take an outcome back, with the reason; it stays in the ledger and the household may be recorded anew."""
    with act("outcome.withdrawn", by=by, reason=reason.strip()):
        take(workflow.WITHDRAW, outcome, by=by, reason=_said(reason, "Ghi lý do rút kết quả."))
    outcome.refresh_from_db()


def reject(*, outcome: Outcome, reason: str, by: Doer) -> None:
    """The Labour Office decides that an outcome does not count, after the ward was asked; what was given stays told."""
    with act("outcome.rejected", by=by, reason=reason.strip()):
        take(workflow.REJECT, outcome, by=by, reason=_said(reason, "Ghi lý do không tính kết quả."))
    outcome.refresh_from_db()


def _said(words: str, otherwise: str) -> str:
    if not words.strip():
        raise NotAllowed(otherwise)
    return words.strip()


def _same_or_refused(
    known: Outcome, sent: tuple[object, ...], source: Source | None, scheme: Scheme | None
) -> Outcome:
    facts = ("plan_id", "household_id", "indicator_id", "means_id", "happened_on", "provider", "note")
    given = known.supports.filter(with_outcome=True, source=source, scheme=scheme)
    if sent == tuple(getattr(known, name) for name in facts) and given.exists():
        return known
    raise NotAllowed("Biểu mẫu này đã ghi một kết quả khác. Mở lại trang ghi kết quả rồi nhập tiếp.")
