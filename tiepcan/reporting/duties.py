"""What was done for the duties of a plan, counted from the rows of those who did it."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from django.db.models import Count
from django.urls import reverse

from tiepcan.accounts.models import OrganisationKind, Person
from tiepcan.accounts.roles import May
from tiepcan.common import clock
from tiepcan.common.numbers import grouped
from tiepcan.devices.figures import given_in, plan_of
from tiepcan.plans.models import Plan
from tiepcan.plans.queries import Counted
from tiepcan.reporting.addresses import figure_url
from tiepcan.reporting.figures import Figures, figures_of, present_of
from tiepcan.reporting.models import ConsolidatedReport
from tiepcan.units.models import Unit
from tiepcan.verification.models import Round
from tiepcan.verification.workflow import READERS


def counted_by_kind(plan: Plan, person: Person) -> Mapping[str, Sequence[Counted]]:
    """What rows tell of each kind of organisation's duties, in the person's part of the plan; a fixed number of queries.

    A duty is free text. Which kind of organisation has it is known from its heading, and what rows tell of that kind is
    the same in every plan: no word of the text is read.
    """
    if not person.may(May.SEE_FIGURES):
        return {}
    within = plan.issuer if person.covers(plan.issuer) else person.unit
    figures = figures_of(plan, clock.today(), within=within)
    return {kind: list(told(figures, within, person)) for kind, told in _TOLD.items()}


def _of_labour(figures: Figures, within: Unit, person: Person) -> Iterator[Counted]:
    """Section IV.2: what was verified, and the rounds."""
    for indicator in figures.indicators:
        cell = figures.total[indicator.pk]
        if cell.recorded:
            yield Counted(
                f"{grouped(cell.verified)} trong {grouped(cell.recorded)} kết quả {indicator.short_name.lower()} "
                "đã xác minh",
                figure_url(figures.plan, indicator.pk, "xac-minh", figures.as_of),
            )
        else:
            yield Counted(f"chưa có kết quả {indicator.short_name.lower()} nào để xác minh", "")
    opens = any(map(person.may, READERS))
    rounds = Round.objects.filter(plan=figures.plan).order_by("as_of").prefetch_related("signatures")
    for found in rounds:
        url = reverse("verification:round", args=[found.pk]) if opens else ""
        yield Counted(f"{found.name}: {found.stage[1]}", url)
    if not rounds:
        yield Counted("chưa mở đợt xác minh nào", "")


def _of_companies(figures: Figures, within: Unit, person: Person) -> Iterator[Counted]:
    """Section II.1: households that were given a service, whoever paid."""
    [service] = [indicator for indicator in figures.indicators if indicator.pk == "telecom_service"]
    if number := present_of(figures).supported.get((None, service.pk), 0):
        url = figure_url(figures.plan, service.pk, "da-ho-tro", figures.as_of)
        yield Counted(f"{grouped(number)} hộ đã được hỗ trợ {service.short_name.lower()}", url)
    else:
        yield Counted(f"chưa có hộ nào được hỗ trợ {service.short_name.lower()}", "")


def _of_wards(figures: Figures, within: Unit, person: Person) -> Iterator[Counted]:
    """Section II.2: devices received for households, and what was recorded."""
    given = given_in(figures.plan, within).aggregate(
        devices=Count("device", distinct=True), households=Count("support__household", distinct=True)
    )
    if given["devices"]:
        opens = person.may(May.KEEP_DEVICES) and plan_of(person) == figures.plan
        url = reverse("devices:behind", args=["giao-theo-ke-hoach"]) if opens else ""
        yield Counted(
            f"{grouped(given['devices'])} máy đã bàn giao cho {grouped(given['households'])} hộ", url
        )
    else:
        yield Counted("chưa bàn giao máy nào", "")
    for indicator in figures.indicators:
        cell = figures.total[indicator.pk]
        url = figure_url(figures.plan, indicator.pk, "ghi-nhan", figures.as_of) if cell.recorded else ""
        yield Counted(f"{grouped(cell.recorded)} hộ đã ghi nhận, {indicator.short_name.lower()}", url)


def _of_culture(figures: Figures, within: Unit, person: Person) -> Iterator[Counted]:
    """The consolidated reports, for who may read them."""
    if not person.covers(figures.plan.issuer):
        return
    reports = ConsolidatedReport.objects.visible_to(person).filter(plan=figures.plan)
    if number := len(reports):
        last = max(report.as_of for report in reports)
        url = f"{reverse('reporting:reports')}?ke-hoach={figures.plan.pk}"
        yield Counted(
            f"{grouped(number)} báo cáo tổng hợp đã lập, số liệu mới nhất đến hết {last:%d/%m/%Y}", url
        )
    else:
        yield Counted("chưa lập báo cáo tổng hợp nào", "")


_TOLD: Mapping[str, Callable[[Figures, Unit, Person], Iterator[Counted]]] = {
    OrganisationKind.CULTURE: _of_culture,
    OrganisationKind.LABOUR: _of_labour,
    OrganisationKind.COMPANY: _of_companies,
    OrganisationKind.LOCAL: _of_wards,
}
