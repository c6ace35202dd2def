"""What is done in a round of verification: the seed announced, the sample drawn, visits, decisions, signatures."""

import uuid
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import IntegrityError

from tiepcan.accounts.console import Doer
from tiepcan.accounts.models import Person
from tiepcan.accounts.roles import May
from tiepcan.audit.acts import act
from tiepcan.common import clock
from tiepcan.common.digests import digest_of
from tiepcan.common.refusals import NotAllowed
from tiepcan.plans.models import Plan
from tiepcan.supports import evidence, ledger, workflow
from tiepcan.supports.actions import Files
from tiepcan.supports.models import ENDED, WAITING, EntryKind, Evidence
from tiepcan.verification.models import Answerer, Check, Finding, Round, Sampled, Signed, Visit
from tiepcan.verification.queries import Standing, Status, drawn_from, standing_of
from tiepcan.verification.workflow import why_not_sign


def announce(
    *,
    id: uuid.UUID,
    plan: Plan,
    name: str,
    as_of: date,
    ends_on: date,
    seed: str,
    seed_origin: str,
    by: Doer,
) -> Round:
    """Open a round and announce its seed, while nobody can know what it will draw. The same key twice is one round.

    Raises NotAllowed when the day of the cut-off is over, when the plan has a round of that day, or for a seed that
    nobody could copy from a paper.
    """
    _may_verify(plan, by)
    if known := Round.objects.filter(pk=id).first():
        return known
    if as_of < clock.today():
        raise NotAllowed(
            f"Ngày chốt {as_of:%d/%m/%Y} đã qua. Hạt giống phải được công bố trước khi hết ngày chốt, để không ai chọn "
            "hạt giống theo kết quả rút. Chọn ngày chốt từ hôm nay."
        )
    if ends_on <= as_of:
        raise NotAllowed("Ngày kết thúc đợt phải sau ngày chốt số liệu.")
    seed = seed.strip()
    if not seed.isprintable() or not seed:
        raise NotAllowed("Hạt giống là một dòng chữ, số in ra được. Ghi lại hạt giống.")
    try:
        with act("round.announced", by=by):
            return Round.objects.create(
                id=id,
                plan=plan,
                name=name.strip(),
                as_of=as_of,
                ends_on=ends_on,
                seed=seed,
                seed_origin=seed_origin.strip(),
                announced_on=clock.today(),
                announced_by=by.full_name,
            )
    except IntegrityError:
        if known := Round.objects.filter(pk=id).first():
            return known
        raise NotAllowed(f"Kế hoạch đã có đợt xác minh chốt ngày {as_of:%d/%m/%Y}.") from None


def draw_sample(*, found: Round, by: Doer) -> Round:
    """Draw the round's sample, once, after its day is over. Raises NotAllowed when it is not, or nothing was recorded."""
    _may_verify(found.plan, by)
    with act("round.drawn", by=by):
        current = _locked(found)
        if current.drawn_at:
            return current
        if clock.today() <= current.as_of:
            raise NotAllowed(f"Ngày chốt {current.as_of:%d/%m/%Y} chưa hết. Rút mẫu từ ngày hôm sau.")
        try:
            strata, recorded = drawn_from(current.plan, current.as_of, current.seed)
        except ValueError as problem:
            raise NotAllowed(str(problem)) from None
        if not recorded:
            raise NotAllowed(f"Đến hết {current.as_of:%d/%m/%Y} chưa có kết quả nào được ghi nhận.")
        by_key = {
            (one.unit.code, one.outcome.indicator_id, one.member.household_code): one for one in recorded
        }
        Sampled.objects.bulk_create(
            Sampled(
                round=current,
                outcome=one.outcome,
                unit=one.unit,
                unit_code=stratum.stratum.unit_code,
                indicator_key=stratum.stratum.indicator,
                household_code=ranked.household_code,
                digest=ranked.digest,
                place=place,
                is_drawn=ranked.drawn,
            )
            for stratum in strata
            for place, ranked in enumerate(stratum.members, start=1)
            for one in [by_key[stratum.stratum.unit_code, stratum.stratum.indicator, ranked.household_code]]
        )
        current.drawn_at = clock.now()
        current.save()
    return current


def visit(
    *,
    id: uuid.UUID,
    sampled: Sampled,
    visited_on: date,
    finding: str,
    checks: Sequence[str] = (),
    answerer: str = Answerer.HEAD,
    reason: str = "",
    note: str = "",
    files: Files = (),
    by: Doer,
) -> Visit:
    """Record a visit to a drawn household; what it found goes on to the outcome. The same key twice is one visit.

    Right: the outcome is verified. Not right: it goes back to the ward with the reason. Raises NotAllowed.
    """
    if not by.may_change(May.VERIFY_OUTCOMES, sampled.unit):
        raise NotAllowed("Chỉ người xác minh của địa bàn này ghi được phiếu.")
    said = reason.strip()
    _sound(sampled, visited_on, finding, checks, said)
    clean = evidence.cleaned(files)
    kept: list[Evidence] = []
    try:
        with act("visit.recorded", by=by, reason=said):
            # A second press waits for the first, and finds what it wrote.
            Sampled.objects.select_for_update(of=("self",)).get(pk=sampled.pk)
            if known := Visit.objects.filter(pk=id).first():
                return _same_or_refused(known, sampled, finding)
            _still_open(sampled)
            before = list(Visit.objects.filter(sampled=sampled))
            made = Visit.objects.create(
                id=id,
                sampled=sampled,
                number=len(before) + 1,
                visited_on=visited_on,
                finding=finding,
                checks=sorted(checks),
                answerer=Answerer.NOBODY if finding == Finding.NOT_FOUND else answerer,
                reason=said,
                note=note.strip(),
                at=clock.now(),
                by_name=by.full_name,
                organisation=by.organisation_name,
            )
            _tell_the_ledger(sampled, finding, said, by)
            kept = evidence.keep(sampled.outcome, clean, by.full_name)
    except IntegrityError:
        evidence.forget(kept)
        raise NotAllowed("Hộ này vừa có phiếu khác. Tải lại trang để xem.") from None
    except BaseException:
        evidence.forget(kept)
        raise
    return made


def _sound(sampled: Sampled, visited_on: date, finding: str, checks: Sequence[str], reason: str) -> None:
    if not sampled.is_drawn:
        raise NotAllowed("Hộ này không được rút vào mẫu của đợt.")
    if visited_on > clock.today():
        raise NotAllowed("Ngày đến không thể sau hôm nay.")
    if visited_on <= sampled.round.as_of:
        raise NotAllowed(f"Ngày đến phải sau ngày chốt, {sampled.round.as_of:%d/%m/%Y}.")
    if finding == Finding.DISAGREES and not reason:
        raise NotAllowed("Ghi rõ không đúng ở điểm nào, để phường, xã trả lời được.")
    if finding != Finding.NOT_FOUND and not checks:
        raise NotAllowed("Chọn ít nhất một cách đã kiểm tra.")
    if set(checks) - set(Check.values):
        raise NotAllowed("Cách kiểm tra không có trong danh sách. Chọn lại.")


def _still_open(sampled: Sampled) -> None:
    """Nothing is visited twice, nor after the minutes were signed."""
    if Round.objects.select_for_update(of=("self",)).get(pk=sampled.round_id).frozen is not None:
        raise NotAllowed("Biên bản của đợt đã được ký nên không ghi thêm phiếu.")
    if sampled.outcome.state in ENDED:
        raise NotAllowed("Kết quả này đã không còn tính nên không cần đến hộ.")
    if Visit.objects.filter(sampled=sampled).exclude(finding=Finding.NOT_FOUND).exists():
        raise NotAllowed("Hộ này đã có phiếu. Phiếu không sửa; điều chưa đúng ghi vào trang kết quả của hộ.")


def _tell_the_ledger(sampled: Sampled, finding: str, reason: str, by: Doer) -> None:
    state = sampled.outcome.state
    if finding == Finding.AGREES and state in WAITING:
        ledger.take(workflow.VERIFY, sampled.outcome, by=by)
    elif finding == Finding.DISAGREES and state != EntryKind.RETURNED:
        ledger.take(workflow.GIVE_BACK, sampled.outcome, by=by, reason=reason)


def accept(*, sampled: Sampled, by: Doer) -> None:
    """The ward's answer settles the disagreement: the outcome counts as right."""
    with act("disagreement.accepted", by=by):
        _undecided(sampled)
        ledger.take(workflow.VERIFY, sampled.outcome, by=by)


def reject(*, sampled: Sampled, reason: str, by: Doer) -> None:
    """The outcome does not count, after the ward was asked."""
    said = reason.strip()
    if not said:
        raise NotAllowed("Ghi lý do không tính kết quả.")
    with act("disagreement.rejected", by=by, reason=said):
        _undecided(sampled)
        ledger.take(workflow.REJECT, sampled.outcome, by=by, reason=said)


def _undecided(sampled: Sampled) -> None:
    if not Visit.objects.filter(sampled=sampled, finding=Finding.DISAGREES).exists():
        raise NotAllowed("Chưa có phiếu nào ghi hộ này không đúng.")
    if Round.objects.select_for_update(of=("self",)).get(pk=sampled.round_id).frozen is not None:
        raise NotAllowed("Biên bản của đợt đã được ký nên không đổi quyết định.")


def sign(*, found: Round, by: Person) -> Signed:
    """Sign the round's minutes for one's office. The first signature freezes what the visits found.

    Raises NotAllowed while something is open, and for who is of neither office.
    """
    try:
        with act("round.signed", by=by):
            current = _locked(found)
            standing = standing_of(current)
            if problem := why_not_sign(current, standing, by):
                raise NotAllowed(problem)
            if current.frozen is None:
                current.frozen = frozen(standing)
                current.save()
            return Signed.objects.create(
                round=current,
                kind=by.organisation.kind,
                organisation=by.organisation_name,
                position=by.position,
                by_name=by.full_name,
                at=clock.now(),
                digest=digest_of(current.frozen),
            )
    except IntegrityError:
        raise NotAllowed("Cơ quan của anh/chị vừa ký ở nơi khác. Tải lại trang để xem.") from None


def frozen(standing: Standing) -> dict[str, Any]:
    """What the minutes say, as lists and numbers."""
    estimated = standing.estimated()
    assert estimated is not None
    return {
        "households": standing.households,
        "drawn": standing.drawn,
        "statuses": {status.value: standing.number(status) for status in Status},
        "lower": estimated.lower,
        "upper": estimated.upper,
        "method": estimated.method.value,
        "strata": [
            {
                "unit": stratum.unit.full_name,
                "indicator": stratum.indicator,
                "households": stratum.households,
                "drawn": len(stratum.drawn),
                "right": stratum.number(Status.RIGHT),
                "wrong": stratum.number(Status.WRONG),
                "not_found": stratum.number(Status.NOT_FOUND),
            }
            for stratum in standing.strata
        ],
    }


def _may_verify(plan: Plan, by: Doer) -> None:
    if not by.may_change(May.VERIFY_OUTCOMES, plan.issuer):
        raise NotAllowed("Chỉ người xác minh của địa bàn ban hành kế hoạch mở và rút được mẫu của đợt.")


def _locked(found: Round) -> Round:
    return Round.objects.select_for_update(of=("self",)).select_related("plan__issuer").get(pk=found.pk)


def _same_or_refused(known: Visit, sampled: Sampled, finding: str) -> Visit:
    if (known.sampled_id, known.finding) == (sampled.pk, finding):
        return known
    raise NotAllowed("Biểu mẫu này đã ghi một phiếu khác. Mở lại trang của hộ rồi ghi tiếp.")
