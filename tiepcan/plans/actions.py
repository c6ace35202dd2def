"""What is done to plans, from the uploaded paper on."""

import hashlib
import uuid
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction

from tiepcan.accounts.console import Doer
from tiepcan.accounts.roles import May
from tiepcan.audit.acts import act
from tiepcan.common import clock
from tiepcan.common.refusals import NotAllowed, Stale
from tiepcan.intake.document import Unreadable
from tiepcan.intake.limited import read_limited
from tiepcan.plans import division, opening
from tiepcan.plans.drafts import DraftReading, reading_of, why_not_accept
from tiepcan.plans.models import (
    Basis,
    Division,
    DivisionShare,
    Draft,
    DraftState,
    Duty,
    DutyReport,
    Paper,
    Plan,
    Recipient,
    Version,
)
from tiepcan.standards.models import Indicator
from tiepcan.units.models import Unit


def receive(
    *, id: uuid.UUID, raw: bytes, name: str, unit: Unit, amends: Plan | None = None, by: Doer
) -> Draft:
    """Read an uploaded paper and keep it with its reading. The same file again leads to the draft that it made.

    Raises NotAllowed with what is wrong with the file; then nothing is kept.
    """
    if not by.may_change(May.OPEN_PLANS, unit):
        raise NotAllowed(_NOT_YOURS)
    digest = hashlib.sha256(raw).hexdigest()
    same = Draft.objects.filter(unit=unit, paper__sha256=digest, amends=amends).exclude(
        state=DraftState.DROPPED
    )
    if known := same.first():
        return known
    try:
        document = read_limited(raw, name)
    except Unreadable as problem:
        raise NotAllowed(str(problem)) from None
    with act("draft.received", by=by):
        paper = Paper(name=name[-200:], size=len(raw), sha256=digest, uploaded_at=clock.now())
        # The name of the file on the disk says nothing: what people called it stays in the row.
        paper.file.save(f"{paper.pk}.bin", ContentFile(raw), save=False)
        try:
            with transaction.atomic():
                paper.save(force_insert=True)
                return Draft.objects.create(
                    id=id, unit=unit, paper=paper, amends=amends, document=document.as_plain()
                )
        except IntegrityError:
            paper.file.delete(save=False)
            if sent_twice := Draft.objects.filter(pk=id, paper__sha256=digest).first():
                return sent_twice
            raise NotAllowed(
                "Biểu mẫu này đã gửi một tệp khác. Mở lại trang tải lên rồi gửi tệp mới."
            ) from None


def correct(*, draft: Draft, key: str, values: Mapping[str, Any] | None, version: int, by: Doer) -> None:
    """Set what a person says an item of the reading is; None takes their correction back."""
    corrections = {**draft.corrections, key: dict(values)} if values is not None else {
        there: kept for there, kept in draft.corrections.items() if there != key
    }  # fmt: skip
    _change(draft, "draft.corrected", version, by, corrections=corrections)


def answer(*, draft: Draft, finding: str, reason: str = "", version: int, by: Doer) -> None:
    """A person has looked at a finding and says that the reading, or the paper as printed, is right."""
    found = next((f for f in reading_of(draft).reading.findings if f.key == finding), None)
    if found is None:
        raise Stale("Điểm này không còn: văn bản đã được sửa. Xem lại trang.")
    if problem := why_not_accept(found):
        raise NotAllowed(problem)
    if found.severity == "error" and not reason.strip():
        raise NotAllowed("Ghi lý do giữ nguyên như bản in.")
    kept = {"by": by.full_name, "at": clock.now().isoformat(timespec="minutes"), "reason": reason.strip()}
    _change(draft, "draft.answered", version, by, answers={**draft.answers, finding: kept})


def take_answer_back(*, draft: Draft, finding: str, version: int, by: Doer) -> None:
    answers = {there: kept for there, kept in draft.answers.items() if there != finding}
    _change(draft, "draft.answer_taken_back", version, by, answers=answers)


def drop(*, draft: Draft, version: int, by: Doer) -> None:
    """Put an uploaded paper aside; nothing was opened from it."""
    _change(draft, "draft.dropped", version, by, state=DraftState.DROPPED)


def open_plan(*, draft: Draft, version: int, reason: str = "", by: Doer) -> Plan:
    """Open the plan, or amend the one that the paper amends. Raises NotAllowed with what is still missing."""
    read = reading_of(draft)
    if not read.may_open:
        raise NotAllowed(_what_is_missing(read))
    if draft.amends and not reason.strip():
        raise NotAllowed("Ghi lý do điều chỉnh kế hoạch.")
    reading = read.reading
    assert reading.year and reading.number and reading.symbol  # `read.may_open` saw to it
    try:
        with act("plan.amended" if draft.amends else "plan.opened", by=by, reason=reason.strip()):
            plan = draft.amends or Plan.objects.create(
                issuer=draft.unit,
                year=reading.year,
                number=reading.number,
                symbol=reading.symbol,
                opened_on=clock.today(),
            )
            _set(draft, version, by, state=DraftState.OPENED, plan=plan)
            opening.write_version(draft, reading, plan, reason=reason.strip())
    except IntegrityError:
        raise NotAllowed(
            f"Kế hoạch {reading.number}/{reading.symbol} năm {reading.year} đã được mở. "
            "Muốn thay đổi thì dùng “Điều chỉnh kế hoạch”."
        ) from None
    return plan


def amend_by_division(
    *,
    id: uuid.UUID,
    of: Division,
    number: str,
    symbol: str,
    issued_on: date,
    title: str,
    reason: str,
    raw: bytes,
    name: str,
    by: Doer,
) -> Version:
    """A new version whose targets of one indicator are a division's shares, with its signed paper as it came.

    The other indicator's targets, the baseline and the rest of the plan stay.
    """
    if not by.may_change(May.OPEN_PLANS, of.unit):
        raise NotAllowed(_NOT_YOURS)
    plan, before = of.plan, of.plan.versions.last()
    assert before is not None  # a plan has the version that opened it
    if issued_on < before.issued_on:
        raise NotAllowed(f"Ngày ban hành phải từ ngày của bản trước, {before.issued_on:%d/%m/%Y}.")
    with act("plan.amended", by=by, reason=reason):
        if known := Version.objects.filter(paper_id=id).first():
            return known
        paper = Paper(
            id=id,
            name=name[-200:],
            size=len(raw),
            sha256=hashlib.sha256(raw).hexdigest(),
            uploaded_at=clock.now(),
        )
        paper.file.save(f"{paper.pk}.bin", ContentFile(raw), save=False)
        paper.save(force_insert=True)
        version = Version.objects.create(
            plan=plan,
            ordinal=before.ordinal + 1,
            number=number,
            symbol=symbol,
            kind="Quyết định" if symbol.startswith("QĐ") else "Kế hoạch",
            issued_on=issued_on,
            place=before.place,
            issuer_name=before.issuer_name,
            title=title,
            reason=reason,
            paper=paper,
        )
        opening.write_divided(version, before, of)
    return version


def divide(
    *,
    id: uuid.UUID,
    plan: Plan,
    indicator: Indicator,
    total: int,
    basis: str,
    method: str,
    claims: Sequence[tuple[Unit, division.Claim]],
    by: Doer,
) -> Division:
    """Divide a total over units and keep what went in with what came out. Raises CannotDivide with why not."""
    if not by.may_change(May.OPEN_PLANS, plan.issuer):
        raise NotAllowed(_NOT_YOURS)
    if known := Division.objects.filter(pk=id).first():
        return known
    alone = [claim for _, claim in claims]
    shares = (
        division.by_hand(total, alone)
        if basis == Basis.BY_HAND
        else division.divide(total, alone, division.Method(method))
    )
    with act("division.made", by=by):
        made = Division.objects.create(
            id=id,
            unit=plan.issuer,
            plan=plan,
            indicator=indicator,
            total=total,
            basis=Basis(basis),
            method=method,
            made_at=clock.now(),
            by_name=by.full_name,
        )
        DivisionShare.objects.bulk_create(
            DivisionShare(
                division=made,
                order=n,
                unit=unit,
                weight=claim.weight,
                floor=claim.floor,
                cap=claim.cap,
                households=share.households,
                reason=share.reason,
            )
            for n, ((unit, claim), share) in enumerate(zip(claims, shares, strict=True), start=1)
        )
    return made


def issue_to(*, recipient: Recipient, on: date, by: Doer) -> None:
    """Note that the paper went out to one line of its recipients."""
    _may_keep(recipient.version.plan, by)
    with act("recipient.issued", by=by):
        moved = Recipient.objects.filter(pk=recipient.pk, issued_on=None).update(issued_on=on)
        if not moved:
            raise Stale("Nơi này đã được ghi phát hành. Xem lại trang.")


def acknowledge(*, recipient: Recipient, on: date, by: Doer) -> None:
    """Note that a recipient said that the paper arrived."""
    _may_keep(recipient.version.plan, by)
    if recipient.issued_on is None or on < recipient.issued_on:
        raise NotAllowed("Ngày báo nhận phải từ ngày phát hành.")
    with act("recipient.acknowledged", by=by):
        moved = Recipient.objects.filter(pk=recipient.pk, acknowledged_on=None).update(acknowledged_on=on)
        if not moved:
            raise Stale("Nơi này đã được ghi báo nhận. Xem lại trang.")


def report_duty(
    *, id: uuid.UUID, duty: Duty, organisation: str, unit: Unit, done_on: date, what: str, by: Doer
) -> DutyReport:
    """Note something done for a duty. The same key twice is one row."""
    if not by.may_change(May.REPORT_DUTIES, unit):
        raise NotAllowed("Chỉ ghi được việc của cơ quan, địa bàn mình.")
    if known := DutyReport.objects.filter(pk=id).first():
        if (known.duty_id, known.done_on, known.what) == (duty.pk, done_on, what.strip()):
            return known
        raise NotAllowed("Biểu mẫu này đã ghi một việc khác. Mở lại trang rồi ghi tiếp.")
    with act("duty.reported", by=by):
        return DutyReport.objects.create(
            id=id,
            duty=duty,
            organisation=organisation,
            unit=unit,
            done_on=done_on,
            what=what.strip(),
            by_name=by.full_name,
        )


_NOT_YOURS = "Chỉ người điều phối kế hoạch của địa bàn này làm được việc này."


def _may_keep(plan: Plan, by: Doer) -> None:
    if not by.may_change(May.OPEN_PLANS, plan.issuer):
        raise NotAllowed(_NOT_YOURS)


def _what_is_missing(read: DraftReading) -> str:
    waiting = len(read.waiting)
    said = [f"Còn {waiting} điểm cần xác nhận."] if waiting else []
    return " ".join([*said, *read.problems])


def _change(draft: Draft, verb: str, version: int, by: Doer, **fields: Any) -> None:
    with act(verb, by=by):
        _set(draft, version, by, **fields)


def _set(draft: Draft, version: int, by: Doer, **fields: Any) -> None:
    """Write to a waiting draft that is still as the person saw it."""
    if not by.may_change(May.OPEN_PLANS, draft.unit):
        raise NotAllowed(_NOT_YOURS)
    moved = Draft.objects.filter(pk=draft.pk, version=version, state=DraftState.WAITING).update(
        version=version + 1, **fields
    )
    if not moved:
        raise Stale(
            "Bản đọc này vừa được người khác thay đổi, hoặc đã mở thành kế hoạch. Xem lại trang rồi làm tiếp."
        )
    draft.refresh_from_db()
