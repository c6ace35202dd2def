"""Supports as other rooms give them: each within the act of the room that knows what was given."""

import uuid
from datetime import date

from django.db import IntegrityError, transaction

from tiepcan.accounts.console import Doer
from tiepcan.common import clock
from tiepcan.common.refusals import NotAllowed
from tiepcan.households.models import Household
from tiepcan.plans.models import Plan
from tiepcan.standards.models import Giving, Means, Scheme, Source
from tiepcan.supports import workflow
from tiepcan.supports.ledger import hold, write_line
from tiepcan.supports.models import EntryKind, Outcome, Support
from tiepcan.supports.rules import plan_for, why_not_counted

_ONCE = (Giving.MONEY_ONCE, Giving.IN_KIND_ONCE)


def give(
    *,
    id: uuid.UUID,
    household: Household,
    means: Means,
    began_on: date,
    scheme: Scheme | None = None,
    source: Source | None = None,
    provider: str = "",
    note: str = "",
    plan: Plan | None = None,
    outcome: Outcome | None = None,
) -> Support:
    """Write that a household was given something. Whether it counts is for `lead_to_outcome` to say.

    To be called inside the act it belongs to, by an action that asked for the right. Raises NotAllowed with a sentence that
    names the other support when the household had its one of the scheme already.
    """
    if began_on > clock.today():
        raise NotAllowed("Ngày hỗ trợ không thể sau hôm nay.")
    once = scheme is not None and scheme.giving in _ONCE
    plan = plan or plan_for(household, began_on)
    if plan:
        hold((plan.pk, household.unit_id, means.indicator_id))
    try:
        with transaction.atomic():
            return Support.objects.create(
                id=id,
                household=household,
                unit=household.unit,
                plan=plan,
                indicator=means.indicator,
                means=means,
                scheme=scheme,
                source=source,
                provider=provider.strip(),
                began_on=began_on,
                note=note.strip(),
                once=once,
                with_outcome=outcome is not None,
                outcome=outcome,
            )
    except IntegrityError:
        if scheme and once and (other := _had(household, scheme)):
            raise NotAllowed(
                f"Hộ {household.code} đã được hỗ trợ một lần theo chính sách “{scheme.name}” ngày "
                f"{other.began_on:%d/%m/%Y}{f', {other.provider}' if other.provider else ''}. Mỗi hộ một lần."
            ) from None
        raise


def lead_to_outcome(support: Support, *, by: Doer) -> str | None:
    """Count the household for the plan's target, if the support is the one by which it counts; else the sentence why not.

    A household counts once however many supports it has: a later one is tied to the outcome that stands. To be
    called inside the act that gave the support.
    """
    plan, household = support.plan, support.household
    if plan is None:
        return f"Năm {support.began_on.year} chưa có kế hoạch nào giao cho {support.unit} nên hỗ trợ này không tính vào chỉ tiêu."
    if problem := why_not_counted(plan, household, support.indicator, on=support.began_on):
        _tie(support, _standing_for(plan, support))
        return problem
    try:
        with transaction.atomic():
            outcome = Outcome.objects.create(
                plan=plan,
                household=household,
                unit=support.unit,
                indicator=support.indicator,
                means=support.means,
                happened_on=support.began_on,
                provider=support.provider,
            )
            write_line(outcome, EntryKind.RECORDED, by, recorded=1)
    except IntegrityError:
        # Somebody recorded the household at the same moment.
        _tie(support, _standing_for(plan, support))
        return why_not_counted(plan, household, support.indicator)
    _tie(support, outcome)
    return None


def end(support: Support, *, on: date, why: str) -> None:
    """The household has it no more (returned, cut off); that it was given stays. To be called inside an act."""
    if on < support.began_on:
        raise NotAllowed(f"Ngày thôi không thể trước ngày bắt đầu, {support.began_on:%d/%m/%Y}.")
    _hold_of(support)
    Support.objects.filter(pk=support.pk).update(ended_on=on, ended_why=why[:300])
    support.refresh_from_db()


def take_back(support: Support) -> None:
    """It was written by mistake and never given: it counts as support no more. To be called inside an act."""
    _hold_of(support)
    Support.objects.filter(pk=support.pk).update(standing=False)
    support.refresh_from_db()


def undo(support: Support, *, reason: str, by: Doer) -> None:
    """It was written by mistake together with the outcome that it led to: both count no more. To be called inside an act.

    The outcome is withdrawn with the reason. Another support that stands for it then leads to one of its own. Raises
    NotAllowed with the sentence why the outcome may not be withdrawn.
    """
    take_back(support)
    if support.outcome_id is None:
        return
    outcome = Outcome.objects.select_for_update().get(pk=support.outcome_id)
    if not outcome.standing:
        return
    if problem := workflow.why_not(workflow.WITHDRAW, outcome, by):
        raise NotAllowed(problem)
    verified = -1 if outcome.state == EntryKind.VERIFIED else 0
    write_line(outcome, EntryKind.WITHDRAWN, by, reason=reason, recorded=-1, verified=verified)
    Outcome.objects.filter(pk=outcome.pk).update(standing=False)
    others = Support.objects.standing().filter(outcome=outcome, ended_on=None).order_by("began_on", "pk")
    if other := others.select_related("household", "plan", "indicator", "unit").first():
        lead_to_outcome(other, by=by)


def _hold_of(support: Support) -> None:
    if support.plan_id is not None:
        hold((support.plan_id, support.unit_id, support.indicator_id))


def _tie(support: Support, outcome: Outcome | None) -> None:
    if outcome is not None:
        Support.objects.filter(pk=support.pk).update(outcome=outcome)
        support.outcome = outcome


def _standing_for(plan: Plan, support: Support) -> Outcome | None:
    of_household = Outcome.objects.filter(household__in=support.household.records())
    return of_household.standing().filter(plan=plan, indicator=support.indicator).first()


def _had(household: Household, scheme: Scheme) -> Support | None:
    return Support.objects.standing().filter(household=household, scheme=scheme, once=True).first()
