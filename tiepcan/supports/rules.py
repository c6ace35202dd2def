"""When a household's new access counts towards a plan's target."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from tiepcan.households.models import Household, Review
from tiepcan.plans.models import Plan, Standing
from tiepcan.standards.models import Indicator
from tiepcan.supports.models import Outcome

_RULE = (
    "Một hộ được tính một lần cho mỗi chỉ tiêu của kế hoạch, khi hộ nghèo theo rà soát cuối năm trước, "
    "thiếu hụt chỉ số đó, và được tiếp cận từ ngày ban hành kế hoạch."
)


def rule_of(stood: Standing) -> str:
    """The rule of `why_not_counted` as pages print it beside a plan's figures: since what day, and by what review."""
    return f"{_RULE} Áp dụng từ {stood.first_day:%d/%m/%Y}, theo rà soát cuối năm {stood.plan.year - 1}."


def plan_for(household: Household, on: date) -> Plan | None:
    """The plan of that day's year for the household's unit: of the units above it, the nearest that has one."""
    above = household.unit.path.strip("/").split("/")
    plans = {plan.issuer_id: plan for plan in Plan.objects.filter(issuer__in=above, year=on.year)}
    return next((plans[unit] for unit in reversed(above) if unit in plans), None)


def review_for(plan: Plan, household: Household) -> Review | None:
    """The review that the plan's baseline rests on: the one at the end of the year before."""
    return household.reviews.filter(year=plan.year - 1, standing=True).first()


@dataclass(frozen=True)
class Known:
    """What the rule asks of a household beside a plan: the review that it rests on, and what was recorded already."""

    review: Review | None
    recorded: Mapping[str, Outcome]
    """The outcomes that stand for the plan, by indicator."""


def known_of(plan: Plan, household: Household) -> Known:
    """Two queries, for any number of indicators."""
    # A record that was merged into this one is the same household.
    of_household = Outcome.objects.filter(household__in=household.records(), plan=plan)
    recorded = of_household.standing().select_related("means").order_by("happened_on", "-id")
    return Known(review_for(plan, household), {outcome.indicator_id: outcome for outcome in recorded})


def why_not_counted(
    plan: Plan,
    household: Household,
    indicator: Indicator,
    *,
    on: date | None = None,
    known: Known | None = None,
) -> str | None:
    """Why access gained on that day would not count, as a sentence; None when it counts.

    Whoever asks for several indicators gives what is `known_of` the household.
    """
    year = plan.year - 1
    known = known or known_of(plan, household)
    review = known.review
    if review is None:
        return f"Hộ chưa có kết quả rà soát cuối năm {year} nên không tính vào chỉ tiêu. Ghi kết quả rà soát trước."
    if not review.is_poor:
        found = review.get_poverty_display().lower()
        return f"Hộ không phải hộ nghèo theo rà soát cuối năm {year} ({found}) nên không tính vào chỉ tiêu."
    if indicator.pk not in review.lacks:
        return f"Hộ không {indicator.lacking} theo rà soát cuối năm {year}."
    if standing := known.recorded.get(indicator.pk):
        return (
            f"Hộ đã được ghi nhận cho chỉ tiêu này ngày {standing.happened_on:%d/%m/%Y} "
            f"({standing.means.name.lower()}). Ghi sai thì rút kết quả đó rồi ghi lại."
        )
    begun = plan.versions_on(on)[0].issued_on if on else None
    if on and begun and on < begun:
        return f"Ngày tiếp cận phải từ ngày ban hành kế hoạch, {begun:%d/%m/%Y}."
    return None
