"""What pages tell of lists and subscriptions beside their figures."""

from dataclasses import dataclass

from django.urls import reverse

from tiepcan.accounts.models import Person
from tiepcan.accounts.roles import May
from tiepcan.common.folding import folded_key
from tiepcan.households.models import Household
from tiepcan.households.views.household import Step
from tiepcan.intake.marking import Mark
from tiepcan.intake.sheets import address
from tiepcan.telecom.matching import Candidate, Ground, candidates
from tiepcan.telecom.models import Line, LineState, Month, Problem, Subscription


@dataclass(frozen=True)
class Unmatched:
    """A row that means no household yet: why, in words that tell nobody of others' households, and who may be meant."""

    line: Line
    why: str
    candidates: list[Candidate]


def unmatched(month: Month, person: Person) -> list[Unmatched]:
    """Rows that wait, in the order of the file. Households that may be meant are shown to the office alone, never to an operator."""
    lines = list(month.lines.in_state(LineState.UNMATCHED).select_related("unit"))
    if not lines:
        return []
    ground = Ground(month)
    may_choose = person.may_change(May.RECONCILE, month.unit)
    return [
        Unmatched(line, why_unmatched(line, ground), candidates(line, ground) if may_choose else [])
        for line in lines
    ]


def why_unmatched(line: Line, ground: Ground) -> str:
    """Why the row means no one household, and what to write so that it does."""
    if line.unit_id not in ground.wards:
        return "Dòng không ghi phường, xã. Ghi tên phường, xã của hộ."
    name = folded_key(line.name)
    namesakes = [
        one for one in ground.households if one.unit == line.unit_id and folded_key(one.name) == name
    ]
    coded = ground.by_code.get((line.unit_id, line.code.casefold())) if line.code else None
    if coded and folded_key(coded.name) != name:
        return "Số hồ sơ và họ tên không cùng một hộ. Kiểm tra lại số hồ sơ."
    if not namesakes:
        return f"Sổ của {line.unit.full_name} không có chủ hộ tên này. Kiểm tra họ tên, hoặc ghi thêm số hồ sơ hay số định danh."
    if len(namesakes) == 1:
        return "Có chủ hộ cùng tên nhưng khác năm sinh. Kiểm tra năm sinh, hoặc ghi thêm số định danh."
    return f"Có {len(namesakes)} hộ cùng tên. Ghi thêm năm sinh, thôn, tổ hoặc số định danh."


@dataclass(frozen=True)
class BadCell:
    """One cell to mend, as a page shows it."""

    place: str
    message: str
    value: str


def bad_cells(month: Month) -> list[BadCell]:
    """The bad cells of the month's file, in its order."""
    return [
        BadCell(f"{one.sheet}!{address(one.row, one.column)}", one.message, one.value)
        for one in Problem.objects.filter(month=month)
    ]


def marks(month: Month) -> list[Mark]:
    """What the operator mends in the file: bad cells, and the rows that mean no household or were sent back."""
    found = [Mark(one.sheet, one.row, one.column, one.message) for one in Problem.objects.filter(month=month)]
    waiting = list(month.lines.in_state(LineState.UNMATCHED).select_related("unit"))
    ground = Ground(month) if waiting else None
    found += [Mark(one.sheet, one.row, 1, why_unmatched(one, ground)) for one in waiting if ground]
    refused = month.lines.in_state(LineState.REFUSED).filter(told=True)
    found += [Mark(one.sheet, one.row, 1, f"{one.get_refusal_display()}: {one.said}") for one in refused]
    return found


def steps_of(household: Household, person: Person) -> list[Step]:
    """What a household had of fee support, oldest first, for the household's page."""
    found = (
        Subscription.objects.visible_to(person)
        .filter(household__in=household.records())
        .select_related("operator", "scheme")
        .order_by("began_on", "pk")
    )
    return [
        Step(
            tone="idle" if one.ended_on else "ok",
            title=f"Thuê bao {one.get_service_display().lower()}, {one.operator.name}"
            + (f": thôi từ {one.ended_on:%d/%m/%Y}, {one.ended_why}" if one.ended_on else ""),
            when=f"Từ {one.began_on:%d/%m/%Y}, {one.scheme.decree if one.scheme else 'doanh nghiệp tự miễn'}",
            links=[("Xem thuê bao", reverse("telecom:subscription", args=[one.pk]))],
        )
        for one in found
    ]
