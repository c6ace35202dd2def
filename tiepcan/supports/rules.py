"""When a household's new access counts towards a plan's target."""

from datetime import date

from tiepcan.households.models import Household, Review
from tiepcan.plans.models import Plan
from tiepcan.standards.models import Indicator
from tiepcan.supports.models import Outcome

RULE = (
    "Một hộ được tính một lần cho mỗi chỉ tiêu của kế hoạch, khi hộ nghèo theo rà soát cuối năm trước, "
    "thiếu hụt chỉ số đó, và được tiếp cận từ ngày ban hành kế hoạch."
)
"""The rule of `why_not_counted`, as pages print it beside the figures."""


def plan_for(household: Household, on: date) -> Plan | None:
    """The plan of that day's year for the household's unit: of the units above it, the nearest that has one."""
    above = household.unit.path.strip("/").split("/")
    plans = {plan.issuer_id: plan for plan in Plan.objects.filter(issuer__in=above, year=on.year)}
    return next((plans[unit] for unit in reversed(above) if unit in plans), None)


def review_for(plan: Plan, household: Household) -> Review | None:
    """The review that the plan's baseline rests on: the one at the end of the year before."""
    return household.reviews.filter(year=plan.year - 1, standing=True).first()


def why_not_counted(
    plan: Plan, household: Household, indicator: Indicator, *, on: date | None = None
) -> str | None:
    """Why access gained on that day would not count, as a sentence; None when it counts."""
    year = plan.year - 1
    review = review_for(plan, household)
    if review is None:
        return f"Hộ chưa có kết quả rà soát cuối năm {year} nên không tính vào chỉ tiêu. Ghi kết quả rà soát trước."
    if not review.is_poor:
        found = review.get_poverty_display().lower()
        return f"Hộ không phải hộ nghèo theo rà soát cuối năm {year} ({found}) nên không tính vào chỉ tiêu."
    if indicator.pk not in review.lacks:
        return f"Hộ không {indicator.lacking} theo rà soát cuối năm {year}."
    # A record that was merged into this one is the same household.
    of_household = Outcome.objects.filter(household__in=household.records())
    standing = of_household.filter(plan=plan, indicator=indicator).standing().first()
    if standing:
        return (
            f"Hộ đã được ghi nhận cho chỉ tiêu này ngày {standing.happened_on:%d/%m/%Y} "
            f"({standing.means.name.lower()}). Ghi sai thì rút kết quả đó rồi ghi lại."
        )
    begun = plan.versions_on(on)[0].issued_on if on else None
    if on and begun and on < begun:
        return f"Ngày tiếp cận phải từ ngày ban hành kế hoạch, {begun:%d/%m/%Y}."
    return None
