"""What is done to plans, from the uploaded paper on."""

import hashlib
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.files.base import ContentFile
from django.db import IntegrityError

from tiepcan.accounts.console import Doer
from tiepcan.accounts.roles import May
from tiepcan.audit.acts import act
from tiepcan.common import clock
from tiepcan.common.refusals import NotAllowed, Stale
from tiepcan.intake.document import Unreadable
from tiepcan.intake.formats import format_of
from tiepcan.intake.limited import read_limited
from tiepcan.plans import division, opening
from tiepcan.plans.drafts import DraftReading, already_open, reading_of, why_not_accept
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
    paper = _paper(raw, name, digest)
    try:
        with act("draft.received", by=by), _kept(paper, raw):
            return Draft.objects.create(
                id=id, unit=unit, paper=paper, amends=amends, document=document.as_plain()
            )
    except IntegrityError:
        if sent_twice := Draft.objects.filter(pk=id, paper__sha256=digest).first():
            return sent_twice
        raise NotAllowed("Biểu mẫu này đã gửi một tệp khác. Mở lại trang tải lên rồi gửi tệp mới.") from None


def _paper(raw: bytes, name: str, digest: str) -> Paper:
    return Paper(name=name[-200:], size=len(raw), sha256=digest, uploaded_at=clock.now())


@contextmanager
def _kept(paper: Paper, raw: bytes) -> Iterator[None]:
    """Keep an uploaded file with its row for as long as the block succeeds."""
    # The name of the file on the disk says nothing: what people called it stays in the row.
    paper.file.save(f"{paper.pk}.bin", ContentFile(raw), save=False)
    try:
        paper.save(force_insert=True)
        yield
    except BaseException:
        paper.file.delete(save=False)
        raise


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
    """Let a finding wait again that somebody had answered."""
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
            plan = (
                Plan.objects.select_for_update().get(pk=draft.amends_id)
                if draft.amends_id
                else Plan.objects.create(
                    issuer=read.issuer,
                    year=reading.year,
                    number=reading.number,
                    symbol=reading.symbol,
                    opened_on=clock.today(),
                )
            )
            _set(draft, version, by, state=DraftState.OPENED, plan=plan)
            opening.write_version(draft, reading, plan, reason=reason.strip())
    except IntegrityError:
        there = Plan.objects.filter(issuer=read.issuer, year=reading.year).first()
        raise NotAllowed(already_open(there) if there else "Chưa mở được kế hoạch. Gửi lại.") from None
    return plan


@dataclass(frozen=True)
class Signed:
    """The head of a signed paper that no reader read: its number, day, title and who signed."""

    number: str
    symbol: str
    issued_on: date
    title: str
    position: str
    signatory: str


def amend_by_division(
    *, id: uuid.UUID, of: Division, signed: Signed, reason: str, raw: bytes, name: str, by: Doer
) -> Version:
    """A new version whose targets of one indicator are a division's shares, with its signed paper as it came.

    The other indicator's targets, the baseline, bases and recipients stay as they stood. The same key twice is one
    version. Raises NotAllowed when the file is of no kind that papers have, or older than what it amends.
    """
    if not by.may_change(May.OPEN_PLANS, of.unit):
        raise NotAllowed(_NOT_YOURS)
    try:
        format_of(raw, name)
    except Unreadable as problem:
        raise NotAllowed(str(problem)) from None
    with act("plan.amended", by=by, reason=reason):
        # One amendment after the other: each continues what the one before it left.
        plan = Plan.objects.select_for_update().get(pk=of.plan_id)
        if known := plan.versions.filter(paper_id=id).first():
            return known
        before = plan.versions.last()
        assert before is not None  # a plan has the version that opened it
        if signed.issued_on < before.issued_on:
            raise NotAllowed(f"Ngày ban hành phải từ ngày của bản trước, {before.issued_on:%d/%m/%Y}.")
        paper = _paper(raw, name, hashlib.sha256(raw).hexdigest())
        paper.pk = id
        with _kept(paper, raw):
            version = Version.objects.create(
                plan=plan,
                ordinal=before.ordinal + 1,
                number=signed.number,
                symbol=signed.symbol,
                kind="Quyết định" if signed.symbol.startswith("QĐ") else "Kế hoạch",
                issued_on=signed.issued_on,
                place=before.place,
                issuer_name=before.issuer_name,
                title=signed.title,
                signatory=signed.signatory,
                signatory_position=signed.position,
                signatory_authority=before.signatory_authority,
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
    alone = [claim for _, claim in claims]
    if known := Division.objects.filter(pk=id).first():
        if _went_into(known) == (plan.pk, indicator.pk, total, basis, method, _bounds(claims)):
            return known
        raise NotAllowed("Biểu mẫu này đã chia một lần khác. Mở lại trang “Chia chỉ tiêu” rồi nhập tiếp.")
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


def _went_into(made: Division) -> tuple[object, ...]:
    shares = made.shares.values_list("unit", "weight", "floor", "cap")
    return (made.plan_id, made.indicator_id, made.total, made.basis, made.method, sorted(shares))


def _bounds(claims: Sequence[tuple[Unit, division.Claim]]) -> list[tuple[str, int, int, int | None]]:
    return sorted((unit.pk, claim.weight, claim.floor, claim.cap) for unit, claim in claims)


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


def why_not_report(duty: Duty, by: Doer) -> str | None:
    """Why this person may not note something done for a duty, as a sentence; None if they may."""
    plan = duty.version.plan
    if by.may_change(May.OPEN_PLANS, plan.issuer) or duty.kind in ("", by.organisation_kind):
        return None
    return (
        f"Nhiệm vụ này của {duty.organisation}; chỉ cơ quan đó, hoặc người điều phối, ghi được việc đã làm."
    )


def report_duty(
    *, id: uuid.UUID, duty: Duty, organisation: str, unit: Unit, done_on: date, what: str, by: Doer
) -> DutyReport:
    """Note something done for a duty. The same key twice is one row."""
    if not by.may_change(May.REPORT_DUTIES, unit):
        raise NotAllowed("Chỉ ghi được việc của cơ quan, địa bàn mình.")
    if problem := why_not_report(duty, by):
        raise NotAllowed(problem)
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


def take_duty_report_back(*, report: DutyReport, reason: str, by: Doer) -> None:
    """Take back what was noted by mistake; history keeps it with the reason."""
    if not by.may_change(May.REPORT_DUTIES, report.unit) or (
        report.organisation != by.organisation_name
        and not by.may_change(May.OPEN_PLANS, report.duty.version.plan.issuer)
    ):
        raise NotAllowed("Chỉ cơ quan đã ghi, hoặc người điều phối, bỏ được việc này.")
    if not reason.strip():
        raise NotAllowed("Ghi lý do bỏ việc này.")
    with act("duty.report_taken_back", by=by, reason=reason.strip()):
        report.delete()


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
