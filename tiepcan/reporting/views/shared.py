"""What the pages of this room share: the plan, the scope and the day that a request asks for, and the ruler."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.shortcuts import get_object_or_404

from tiepcan.accounts.models import Person
from tiepcan.accounts.requests import Request
from tiepcan.common import clock
from tiepcan.common.numbers import whole_number
from tiepcan.plans.models import Milestone, Plan, Standing
from tiepcan.units.models import Unit
from tiepcan.web.charts import Pin, State, ruler


def plan_of(request: Request, pk: int | None) -> Plan | None:
    """The plan asked for, by its address or `?ke-hoach=`; without one, the latest of those addressed to the person."""
    plans = Plan.objects.visible_to(request.user).select_related("issuer__parent")
    wanted = pk if pk is not None else whole_number(request.GET.get("ke-hoach", ""))
    return plans.first() if wanted is None else get_object_or_404(plans, pk=wanted)


def others_of(request: Request, plan: Plan) -> list[Plan]:
    """The other plans that the person may turn to."""
    return list(Plan.objects.visible_to(request.user).exclude(pk=plan.pk).select_related("issuer"))


def within_of(plan: Plan, person: Person) -> Unit:
    """The part of the plan that the person may see: all of it, or their own unit's."""
    return plan.issuer if person.covers(plan.issuer) else person.unit


def day_of(request: Request, plan: Plan) -> date | None:
    """The day of `?den-ngay=`, in links as ISO and from people as 12/06/2019: from the plan's first day to today."""
    written = request.GET.get("den-ngay", "").strip()
    for form in ("%Y-%m-%d", "%d/%m/%Y"):
        with suppress(ValueError):
            day = datetime.strptime(written, form).date()
            first, last = plan.on(clock.today()).first_day, clock.today()
            if not first <= day <= last:
                messages.error(request, f"Số liệu có từ {first:%d/%m/%Y} đến hôm nay {last:%d/%m/%Y}.")
            return max(first, min(day, last))
    if written:
        messages.error(
            request, f"“{written[:20]}” không phải một ngày. Viết ngày/tháng/năm, ví dụ 12/06/2019."
        )
    return None


def pins_of(milestones: Sequence[Milestone], today: date, handed: Any) -> list[Pin]:
    shown, passed_next = [], False
    for milestone in milestones:
        if not milestone.is_for_units:
            continue
        count, owing = handed.get(milestone.pk, (0, 0))
        past = milestone.last_day < today
        state: State = "done" if past else "open" if passed_next else "next"
        passed_next = passed_next or not past
        shown.append(
            Pin(
                str(milestone), f"hạn {milestone.last_day:%d/%m} · {count}/{owing}", milestone.last_day, state
            )
        )
    return shown


def ruler_of(stood: Standing, today: date, handed: Any, *, narrow: bool) -> Any:
    return ruler(
        first_day=stood.first_day,
        last_day=stood.pace_ends,
        today=today,
        now=now_word(today),
        pins=pins_of(stood.milestones, today, handed),
        narrow=narrow,
    )


def now_word(day: date) -> str:
    """What the red line is called: a day that has passed is where the figures were cut off."""
    return "Hôm nay" if day == clock.today() else "Đến hết"
