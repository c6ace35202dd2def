"""What a periodic report says: the ledger's figures and the words of its unit; and what reports of a period say together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, Sum

from tiepcan.accounts.console import Doer
from tiepcan.audit.acts import act
from tiepcan.common import clock
from tiepcan.common.folding import folded_key
from tiepcan.common.refusals import NotAllowed
from tiepcan.plans.models import MilestoneKind, Plan
from tiepcan.reporting import steps
from tiepcan.reporting.figures import Figures, figures_of, plain
from tiepcan.reporting.models import Filing, Part, State
from tiepcan.reporting.models.filings import PERIODS
from tiepcan.reporting.parts import Heading, headings_of
from tiepcan.reporting.queries import by_source, units_of
from tiepcan.reporting.standings import Standing, standing_of
from tiepcan.reporting.workflow import Act
from tiepcan.standards.models import Indicator
from tiepcan.supports.models import Entry
from tiepcan.units.models import Unit


def period_of(written: str) -> tuple[int, str]:
    """Year and kind of a period as commands write it: "2019-h1", "2019-year". Raises NotAllowed for anything else."""
    year, _, part = written.partition("-")
    kind = next((kind for kind, period in PERIODS.items() if period == part), None)
    if kind is None or not (year.isascii() and year.isdigit()):
        raise NotAllowed(
            f"Không hiểu kỳ “{written}”. Ghi ví dụ 2019-h1 (6 tháng đầu năm) hoặc 2019-year (cả năm)."
        )
    return int(year), kind


@dataclass(frozen=True)
class Written:
    """What saving came to: the parts as they stand, and those that somebody else changed meanwhile."""

    parts: Sequence[Part]
    clashes: Sequence[Part]


def write(
    *,
    report: Filing,
    texts: Mapping[str, tuple[str, int]],
    by: Doer,
) -> Written:
    """Keep the words of some headings; each comes with the version that its writer saw.

    A heading that somebody else changed meanwhile is left as it is and told as a clash. Raises NotAllowed when the report is not being written.
    """
    with act("report.written", by=by):
        current = steps.allowed(report, Act.WRITE, by)
        parts = {part.key: part for part in current.parts.all()}
        open_keys = writable(current)
        clashes = []
        for key, (text, version) in texts.items():
            part = parts.get(key)
            text = text.replace("\r\n", "\n").replace("\0", "")
            if part is None or key not in open_keys or part.text == text:
                continue
            if part.version != version:
                clashes.append(part)
                continue
            part.text, part.version = text, part.version + 1
            part.at, part.by_name = clock.now(), by.full_name
            part.save()
        return Written(list(parts.values()), clashes)


def keys(report: Filing) -> list[str]:
    """The headings of the report, in their order."""
    return [heading.key for heading in headings_of(report.kind)]


def writable(report: Filing) -> set[str]:
    """The headings that may be written now."""
    return steps.writable(report, keys(report))


def begin(report: Filing, before: Filing | None) -> None:
    """Lay out the headings of a new report; a supplement begins from the words of the one that it corrects."""
    words = before.content["parts"] if before and before.content else {}
    Part.objects.bulk_create(Part(filing=report, key=key, text=words.get(key, "")) for key in keys(report))


def missing(report: Filing) -> list[str]:
    """The names of headings that say nothing yet."""
    said = {part.key: part.text.strip() for part in report.parts.all()}
    return [heading.name for heading in headings_of(report.kind) if not said.get(heading.key)]


def content_of(report: Filing) -> dict[str, Any]:
    """What a report says now: the ledger's figures at its cut-off (or today, before it), and the words written."""
    as_of = min(report.cut_off, clock.today())
    figures = plain(figures_of(report.plan, as_of, within=report.unit))
    return {
        "report": {"unit": report.unit_id, "kind": report.kind, "ordinal": report.ordinal},
        "figures": figures,
        "sources": [
            {"indicator": indicator, "source": source, "households": households}
            for indicator, source, households in by_source(report.plan, report.unit, as_of)
        ],
        "parts": {part.key: part.text.strip() for part in report.parts.all()},
    }


@dataclass(frozen=True)
class Change:
    """What became of one indicator since the unit's report before: households, and the lines that made the difference."""

    indicator: Indicator
    then: int
    now: int
    added: int
    taken: int
    """Households that were withdrawn or do not count any more."""


def report_before(report: Filing) -> Filing | None:
    """The unit's last accepted report on the plan before this one: of an earlier period, or what a supplement corrects."""
    accepted = Filing.objects.filter(
        plan=report.plan, unit=report.unit, state=State.ACCEPTED, kind__in=list(PERIODS)
    )
    earlier = [one for one in accepted if (one.cut_off, one.ordinal) < (report.cut_off, report.ordinal)]
    return max(earlier, key=lambda one: (one.cut_off, one.ordinal), default=None)


def changes(report: Filing, content: Mapping[str, Any]) -> list[Change]:
    """The difference in recorded households to the report before, explained by the ledger's lines between the two days."""
    before = report_before(report)
    if before is None or before.content is None:
        return []
    then, now = before.content["figures"], content["figures"]
    between = (
        Entry.objects.filter(outcome__plan=report.plan, outcome__unit=report.unit)
        .filter(on__gt=date.fromisoformat(then["as_of"]), on__lte=date.fromisoformat(now["as_of"]))
        .order_by()
        .values("outcome__indicator")
        .annotate(added=Sum("recorded", filter=Q(recorded=1)), taken=Sum("recorded", filter=Q(recorded=-1)))
    )
    moved = {row["outcome__indicator"]: (row["added"] or 0, -(row["taken"] or 0)) for row in between}
    return [
        Change(i, then["total"][i.pk]["recorded"], now["total"][i.pk]["recorded"], *moved.get(i.pk, (0, 0)))
        for i in Indicator.objects.of_information()
        if i.pk in then["total"] and i.pk in now["total"]
    ]


@dataclass(frozen=True)
class Total:
    """One indicator of a period: what reports that were handed in say together, beside the ledger. Households."""

    indicator: Indicator
    units: int
    """Units whose report counts here."""
    reported: int
    ledger: int
    apart: Sequence[tuple[Unit, int, int]]
    """Units whose report says another number than the ledger, or that reported nothing: (unit, reported, ledger)."""


def sums_of(standings: Sequence[Standing], figures: Figures) -> list[Total]:
    """Recorded households of each indicator by report and by ledger, with the units that make the difference."""
    sums = []
    for indicator in figures.indicators:
        ledger = {line.unit.pk: line.cells[indicator.pk].recorded for line in figures.lines}
        said = {
            one.unit.pk: one.handed.content["figures"]["total"][indicator.pk]["recorded"]
            for one in standings
            if one.handed and one.handed.content
        }
        apart = [
            (one.unit, said.get(one.unit.pk, 0), ledger.get(one.unit.pk, 0))
            for one in standings
            if said.get(one.unit.pk, 0) != ledger.get(one.unit.pk, 0)
        ]
        sums.append(Total(indicator, len(said), sum(said.values()), sum(ledger.values()), apart))
    return sums


def words_of(standings: Sequence[Standing], kind: str) -> list[tuple[Heading, list[tuple[Unit, str]]]]:
    """What handed-in reports say under each heading, each with its unit."""
    handed = [
        (one.unit, one.handed.content["parts"]) for one in standings if one.handed and one.handed.content
    ]
    return [
        (heading, [(unit, parts[heading.key]) for unit, parts in handed if parts.get(heading.key)])
        for heading in headings_of(kind)
    ]


def gathered(plan: Plan, kind: str, within: Unit) -> dict[str, str]:
    """What handed-in reports of a period say under each heading, a line for each unit that names it: the coordinator's beginning."""
    units = units_of(plan, within)
    return {
        heading.key: "\n".join(
            f"{unit}: {' '.join(text.split())}" for unit, text in said if not _says_nothing(text)
        )
        for heading, said in words_of(standing_of(plan, kind, units), kind)
    }


def _says_nothing(text: str) -> bool:
    return folded_key(text).strip(" .") in ("khong", "khong co")


def day_of(plan: Plan, kind: str) -> date:
    """The day at whose end the figures of a period stand: the plan's last day, or today before it. Raises NotAllowed without such a date."""
    milestone = steps.milestone_of(plan, kind)
    if milestone is None:
        raise NotAllowed(f"{plan} không đặt thời hạn cho báo cáo này.")
    return min(milestone.last_day, clock.today())


def usual_cut_off(plan: Plan, kind: str) -> date:
    """The cut-off that Decree 09/2019/NĐ-CP sets for reports of this period: 14 June and 14 December."""
    return date(plan.year, 6 if kind == MilestoneKind.HALF_YEAR else 12, 14)
