"""How this room's printed tables are computed again: as they were frozen, as of today, and why the two differ."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import F, Q, Sum

from tiepcan.common import clock
from tiepcan.paperwork.checking import Computation, Reason
from tiepcan.paperwork.writing.records import Grid
from tiepcan.plans.models import Plan
from tiepcan.reporting.addresses import figure_url
from tiepcan.reporting.figures import Figures, figures_of
from tiepcan.reporting.outputs import RESULTS, UNITS, results_table, table
from tiepcan.standards.models import Indicator
from tiepcan.standards.queries import reading_in_words
from tiepcan.supports.models import Entry, EntryKind
from tiepcan.units.models import Unit

Arguments = Mapping[str, Any]


def arguments_of(plan: Plan, as_of: date, unit: Unit | None = None) -> dict[str, Any]:
    """What a table is computed from again: the plan, the day at whose end its figures stand, and the unit that it is of."""
    return {"plan": plan.pk, "as_of": as_of.isoformat(), "unit": unit.pk if unit else ""}


def sources_of(plan: Plan, as_of: date, unit: Unit | None = None) -> dict[str, dict[str, Any]]:
    """The arguments of every kind of table of a report."""
    return dict.fromkeys((RESULTS, UNITS), arguments_of(plan, as_of, unit))


def _figures(arguments: Arguments, on: date) -> Figures:
    plan = Plan.objects.select_related("issuer__parent").get(pk=arguments["plan"])
    within = Unit.objects.get(pk=arguments["unit"]) if arguments["unit"] else None
    return figures_of(plan, on, within=within)


def _day(arguments: Arguments) -> date:
    return date.fromisoformat(arguments["as_of"])


def _results(arguments: Arguments, on: date) -> Grid:
    figures = _figures(arguments, on)
    cells = [(indicator, figures.total[indicator.pk]) for indicator in figures.indicators]
    return results_table((one.name, cell.target, cell.recorded, cell.verified) for one, cell in cells)


def _units(arguments: Arguments, on: date) -> Grid:
    return table(_figures(arguments, on))


def _why(arguments: Arguments) -> Sequence[tuple[str, Sequence[Reason]]]:
    """What the ledger says of the days since, for each indicator: recorded, and verified."""
    plan, since, today = Plan.objects.get(pk=arguments["plan"]), _day(arguments), clock.today()
    lines = Entry.objects.filter(outcome__plan=plan, on__gt=since, on__lte=today)
    if arguments["unit"]:
        lines = lines.filter(outcome__unit__path__startswith=Unit.objects.get(pk=arguments["unit"]).path)
    said: list[tuple[str, Sequence[Reason]]] = []
    for indicator in Indicator.objects.of_information():
        ours = lines.filter(outcome__indicator=indicator)
        name = indicator.short_name.lower()
        address = figure_url(plan, indicator.pk, "ghi-nhan", today)
        late = Q(kind=EntryKind.RECORDED, outcome__happened_on__lte=since)
        recorded = [
            (
                f"Ghi nhận mới từ sau ngày {since:%d/%m}",
                ours.filter(kind=EntryKind.RECORDED).exclude(late),
                address,
            ),
            (f"Ghi nhận muộn cho ngày đến {since:%d/%m}", ours.filter(late), address),
            ("Rút lại", ours.filter(kind=EntryKind.WITHDRAWN), ""),
            ("Không tính sau xác minh", ours.filter(kind=EntryKind.REJECTED), ""),
        ]
        said.append((f"đã ghi nhận, {name}", _counted(recorded, "recorded")))
        verified = [
            (
                "Xác minh đúng",
                ours.filter(kind=EntryKind.VERIFIED),
                address.replace("ghi-nhan", "xac-minh"),
            ),
            ("Trả lại để bổ sung", ours.filter(kind=EntryKind.RETURNED), ""),
            ("Rút lại", ours.filter(kind=EntryKind.WITHDRAWN), ""),
            ("Không tính sau xác minh", ours.filter(kind=EntryKind.REJECTED), ""),
        ]
        said.append((f"đã xác minh, {name}", _counted(verified, "verified")))
    return said


def _counted(groups: Sequence[tuple[str, Any, str]], figure: str) -> list[Reason]:
    counted = [
        (words, lines.aggregate(sum=Sum(F(figure)))["sum"] or 0, address) for words, lines, address in groups
    ]
    return [Reason(words, count, address) for words, count, address in counted if count]


def _source(arguments: Arguments) -> Sequence[tuple[str, str]]:
    plan, day = Plan.objects.select_related("issuer").get(pk=arguments["plan"]), _day(arguments)
    lines = Entry.objects.filter(outcome__plan=plan, on__lte=day)
    if arguments["unit"]:
        lines = lines.filter(outcome__unit__path__startswith=Unit.objects.get(pk=arguments["unit"]).path)
    recorded = lines.filter(kind=EntryKind.RECORDED)
    units = recorded.values("outcome__unit").distinct().count()
    return [
        ("Số liệu đến", f"hết ngày {day:%d/%m/%Y}"),
        ("Nguồn", f"{lines.count()} bút toán của {units} phường, xã trong sổ kết quả từng hộ"),
        (
            "Cách tính",
            f"hộ được ghi nhận, mỗi hộ một lần cho một chỉ số. {reading_in_words(plan.issuer, plan.year - 1)}",
        ),
    ]


COMPUTED = {
    RESULTS: Computation(
        then=lambda arguments: _results(arguments, _day(arguments)),
        now=lambda arguments: _results(arguments, clock.today()),
        why=_why,
        source=_source,
    ),
    UNITS: Computation(
        then=lambda arguments: _units(arguments, _day(arguments)),
        now=lambda arguments: _units(arguments, clock.today()),
        why=_why,
        source=_source,
    ),
}
"""By the names that the tables have."""
