"""What is done with the periodic reports of units: opened, written, put before the leader, handed in, decided on."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet, Sum

from tiepcan.accounts.console import Doer
from tiepcan.accounts.models import Person
from tiepcan.accounts.roles import May
from tiepcan.audit.acts import act
from tiepcan.common import clock
from tiepcan.common.digests import digest_of
from tiepcan.common.folding import folded_key
from tiepcan.common.refusals import NotAllowed
from tiepcan.plans.models import Milestone, MilestoneKind, Plan
from tiepcan.reporting.figures import Figures, figures_of, plain
from tiepcan.reporting.models import Part, PeriodicReport, State, Step, Submission
from tiepcan.reporting.models.periodic import PERIODS
from tiepcan.reporting.parts import Heading, headings_of
from tiepcan.reporting.queries import submission_for, submissions_of, units_of
from tiepcan.reporting.workflow import SHOWN_ABOVE, WAYS, Act, why_not
from tiepcan.standards.models import Indicator
from tiepcan.supports.models import Entry
from tiepcan.units.models import Unit


class Changed(NotAllowed):
    """What somebody decides on, or writes over, is not what they saw."""


def period_of(written: str) -> tuple[int, str]:
    """Year and kind of a period as commands write it: "2019-h1", "2019-year". Raises NotAllowed for anything else."""
    year, _, part = written.partition("-")
    kind = next((kind for kind, period in PERIODS.items() if period == part), None)
    if kind is None or not (year.isascii() and year.isdigit()):
        raise NotAllowed(
            f"Không hiểu kỳ “{written}”. Ghi ví dụ 2019-h1 (6 tháng đầu năm) hoặc 2019-year (cả năm)."
        )
    return int(year), kind


def milestone_of(plan: Plan, kind: str) -> Milestone | None:
    """The plan's date that asks for this kind of report, by the papers that stand today."""
    return next((one for one in plan.milestones_on(clock.today()) if one.kind == kind), None)


def open_report(*, plan: Plan, unit: Unit, kind: str, by: Doer) -> PeriodicReport:
    """The unit's report for a period: the one that is there, or a new one whose figures end with the date's last day.

    Raises NotAllowed for a unit that owes none, and for who does not write for it.
    """
    if (isinstance(by, Person) and by.unit.pk != unit.pk) or not by.may_change(May.HAND_IN, unit):
        raise NotAllowed("Chỉ cán bộ của phường, xã mở được báo cáo của phường, xã mình.")
    milestone = milestone_of(plan, kind)
    if milestone is None or not plan.version_on(clock.today()).rows.filter(unit=unit).exists():
        raise NotAllowed(f"{unit} không phải nộp báo cáo này theo {plan}.")
    with act("report.opened", by=by):
        # Two who open at once get one report: the key decides, and the second finds what the first made.
        Plan.objects.select_for_update(no_key=True).get(pk=plan.pk)
        mine = PeriodicReport.objects.filter(plan=plan, unit=unit, kind=kind)
        if known := mine.order_by("ordinal").last():
            return known
        return _opened(PeriodicReport(plan=plan, unit=unit, kind=kind, cut_off=milestone.last_day), {}, by)


def _opened(report: PeriodicReport, texts: Mapping[str, str], by: Doer) -> PeriodicReport:
    report.save(force_insert=True)
    Part.objects.bulk_create(
        Part(report=report, key=heading.key, text=texts.get(heading.key, ""))
        for heading in headings_of(report.kind)
    )
    _step(report, Act.SUPPLEMENT if report.ordinal else Act.OPEN, by, reason=report.why)
    return report


@dataclass(frozen=True)
class Written:
    """What saving came to: the parts as they stand, and those that somebody else changed meanwhile."""

    parts: Sequence[Part]
    clashes: Sequence[Part]


def write(
    *,
    report: PeriodicReport,
    texts: Mapping[str, tuple[str, int]],
    by: Doer,
) -> Written:
    """Keep the words of some headings; each comes with the version that its writer saw.

    A heading that somebody else changed meanwhile is left as it is and told as a clash. Raises NotAllowed when the report is not being written.
    """
    with act("report.written", by=by):
        current = _locked(report)
        if problem := why_not(Act.WRITE, current, by):
            raise NotAllowed(problem)
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


def writable(report: PeriodicReport) -> set[str]:
    """The headings that may be written: all of a draft, and of a report that came back the marked ones."""
    if not report.is_being_written:
        return set()
    marks = marks_of(report)
    return set(marks) if marks else {heading.key for heading in headings_of(report.kind)}


def marks_of(report: PeriodicReport) -> dict[str, str]:
    """The headings of a report that came back, each with what is asked of it."""
    if report.state != State.RETURNED:
        return {}
    last = report.steps.filter(act=Act.RETURN).last()
    return dict(last.marks) if last else {}


def missing(report: PeriodicReport) -> list[str]:
    """The names of headings that say nothing yet."""
    said = {part.key: part.text.strip() for part in report.parts.all()}
    return [heading.name for heading in headings_of(report.kind) if not said.get(heading.key)]


def content_of(report: PeriodicReport) -> dict[str, Any]:
    """What a report says now: the ledger's figures at its cut-off (or today, before it), and the words written."""
    as_of = min(report.cut_off, clock.today())
    figures = plain(figures_of(report.plan, as_of, within=report.unit))
    return {
        "report": {"unit": report.unit_id, "kind": report.kind, "ordinal": report.ordinal},
        "figures": figures,
        "parts": {part.key: part.text.strip() for part in report.parts.all()},
    }


def content_for(report: PeriodicReport, person: Person) -> dict[str, Any]:
    """What a person reads: of the own unit's what is being written or decided on, of others' what was handed in last."""
    if person.unit.pk == report.unit_id:
        return content_of(report) if report.is_being_written or not report.content else dict(report.content)
    handed = report.steps.filter(act=Act.SUBMIT).last()
    assert handed is not None  # without one `visible_to` shows nothing
    return kept_content(handed)


def kept_content(step: Step) -> dict[str, Any]:
    """What a step was about, of a step that keeps it."""
    assert step.content is not None
    return dict(step.content)


def steps_for(report: PeriodicReport, person: Person) -> QuerySet[Step]:
    """The steps that a person may know of, in their order."""
    steps = report.steps.all()
    return steps if person.unit.pk == report.unit_id else steps.filter(act__in=SHOWN_ABOVE)


def propose(*, report: PeriodicReport, by: Doer) -> PeriodicReport:
    """Put the report before the unit's leader: its figures and words are frozen until somebody decides."""
    with act("report.proposed", by=by):
        current = _allowed(report, Act.PROPOSE, by)
        if empty := missing(current):
            raise NotAllowed(
                f"Còn {len(empty)} mục chưa viết: {'; '.join(empty)}. Không có gì để nêu thì ghi “Không có”."
            )
        current.content = content_of(current)
        current.digest = digest_of(current.content)
        return _moved(current, Act.PROPOSE, by, content=current.content)


def recall(*, report: PeriodicReport, by: Doer) -> PeriodicReport:
    """Take a report back from the leader's table to write on."""
    with act("report.recalled", by=by):
        return _moved(_allowed(report, Act.RECALL, by), Act.RECALL, by)


def decline(*, report: PeriodicReport, reason: str, seen: str, by: Doer) -> PeriodicReport:
    """The leader gives the report back to its writer with a reason."""
    with act("report.declined", by=by, reason=reason.strip()):
        current = _allowed(report, Act.DECLINE, by, seen)
        if not reason.strip():
            raise NotAllowed("Ghi lý do trả lại, để người soạn biết phải sửa gì.")
        return _moved(current, Act.DECLINE, by, reason=reason.strip())


def submit(*, report: PeriodicReport, paper_code: str, seen: str, by: Doer) -> PeriodicReport:
    """The leader signs and the unit hands the report in; what was `seen` (its digest) is what is handed in.

    The plan's date counts as met from now on. Raises Changed when the report is not what was seen any more.
    """
    with act("report.submitted", by=by):
        current = _allowed(report, Act.SUBMIT, by, seen)
        if not paper_code.strip():
            raise NotAllowed("Ghi số, ký hiệu của văn bản đã ký, ví dụ 45/BC-UBND.")
        current.paper_code = paper_code.strip()
        milestone = milestone_of(current.plan, current.kind)
        if milestone and not submission_for(submissions_of(current.plan), milestone, current.unit):
            # Somebody may note a paper for the date at this moment: then theirs stands.
            Submission.objects.get_or_create(
                milestone=milestone,
                unit=current.unit,
                defaults={
                    "paper_code": current.paper_code,
                    "handed_in_on": clock.today(),
                    "by_name": by.full_name,
                },
            )
        return _moved(current, Act.SUBMIT, by, content=current.content)


def give_back(*, report: PeriodicReport, marks: Mapping[str, str], seen: str, by: Doer) -> PeriodicReport:
    """Return a report with the headings that are to be mended, each with what is asked of it."""
    asked = {key: words.strip() for key, words in marks.items() if words.strip()}
    with act("report.returned", by=by, reason=" ".join(asked.values())):
        current = _allowed(report, Act.RETURN, by, seen)
        known = {heading.key for heading in headings_of(current.kind)}
        if not asked or set(asked) - known:
            raise NotAllowed("Ghi ở mục cần sửa điều phải bổ sung; ít nhất một mục.")
        return _moved(current, Act.RETURN, by, marks=asked)


def accept(*, report: PeriodicReport, seen: str, by: Doer) -> PeriodicReport:
    """Accept what was `seen`: from now on it is corrected by supplements alone."""
    with act("report.accepted", by=by):
        return _moved(_allowed(report, Act.ACCEPT, by, seen), Act.ACCEPT, by)


def supplement(*, report: PeriodicReport, why: str, by: Doer) -> PeriodicReport:
    """Open the next supplement to an accepted report, beginning from its words. The accepted one stays as it is."""
    with act("report.supplemented", by=by, reason=why.strip()):
        current = _allowed(report, Act.SUPPLEMENT, by)
        if not why.strip():
            raise NotAllowed("Ghi lý do bổ sung: điều gì trong báo cáo đã duyệt chưa đúng hoặc còn thiếu.")
        later = PeriodicReport.objects.filter(
            plan=current.plan, unit=current.unit, kind=current.kind, ordinal__gt=current.ordinal
        )
        if known := later.first():
            return known
        return _opened(
            PeriodicReport(
                plan=current.plan,
                unit=current.unit,
                kind=current.kind,
                ordinal=current.ordinal + 1,
                why=why.strip(),
                cut_off=current.cut_off,
            ),
            current.content["parts"] if current.content else {},
            by,
        )


def _locked(report: PeriodicReport) -> PeriodicReport:
    found = PeriodicReport.objects.select_for_update(of=("self",), no_key=True)
    return found.select_related("plan__issuer__parent", "unit__parent").get(pk=report.pk)


def _allowed(report: PeriodicReport, what: Act, by: Doer, seen: str | None = None) -> PeriodicReport:
    """The report under its lock. Raises NotAllowed, or Changed when `seen` is not the digest of what is there."""
    current = _locked(report)
    if problem := why_not(what, current, by):
        raise NotAllowed(problem)
    if seen is not None and seen != current.digest:
        raise Changed(
            "Báo cáo đã thay đổi sau khi anh/chị mở trang này. Đọc lại bản hiện tại rồi quyết định."
        )
    return current


def _moved(current: PeriodicReport, what: Act, by: Doer, **told: Any) -> PeriodicReport:
    to = WAYS[what].to
    assert to is not None
    if to == State.DRAFT and _came_back(current):
        to = State.RETURNED  # what was asked for is still asked for
    current.state = to
    current.save()
    _step(current, what, by, **told)
    return current


def _came_back(report: PeriodicReport) -> bool:
    last = report.steps.filter(act__in=[Act.SUBMIT, Act.RETURN]).last()
    return last is not None and last.act == Act.RETURN


def _step(report: PeriodicReport, what: Act, by: Doer, **told: Any) -> None:
    Step.objects.create(
        report=report,
        act=what,
        state=report.state,
        at=clock.now(),
        by_name=by.full_name,
        position=getattr(by, "position", ""),
        organisation=by.organisation_name,
        digest=report.digest,
        **told,
    )


@dataclass(frozen=True)
class Change:
    """What became of one indicator since the unit's report before: households, and the lines that made the difference."""

    indicator: Indicator
    then: int
    now: int
    added: int
    taken: int
    """Households that were withdrawn or do not count any more."""


def report_before(report: PeriodicReport) -> PeriodicReport | None:
    """The unit's last accepted report on the plan before this one: of an earlier period, or what a supplement corrects."""
    accepted = PeriodicReport.objects.filter(plan=report.plan, unit=report.unit, state=State.ACCEPTED)
    earlier = [one for one in accepted if (one.cut_off, one.ordinal) < (report.cut_off, report.ordinal)]
    return max(earlier, key=lambda one: (one.cut_off, one.ordinal), default=None)


def changes(report: PeriodicReport, content: Mapping[str, Any]) -> list[Change]:
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
class Standing:
    """Where one unit's report of a period stands: the newest, the newest that was handed in, and what it noted of a paper."""

    unit: Unit
    report: PeriodicReport | None
    handed: PeriodicReport | None
    submission: Submission | None

    @property
    def state_word(self) -> str:
        if self.report:
            return str(self.report.get_state_display())
        return "Nộp bản giấy" if self.submission else "Chưa lập"

    @property
    def is_handed_in(self) -> bool:
        """Whether the date that asks for it is met: by a report here, or by a paper that was noted."""
        return self.handed is not None or self.submission is not None


def standing_of(plan: Plan, kind: str, units: Sequence[Unit]) -> list[Standing]:
    """Of each unit, where its report of a period stands. Two queries, and one for the plan's dates."""
    milestone, submissions = milestone_of(plan, kind), submissions_of(plan)
    newest: dict[str, PeriodicReport] = {}
    handed: dict[str, PeriodicReport] = {}
    for one in PeriodicReport.objects.filter(plan=plan, kind=kind).order_by("ordinal"):
        newest[one.unit_id] = one
        if one.state in (State.SUBMITTED, State.ACCEPTED):
            handed[one.unit_id] = one
    return [
        Standing(
            unit,
            newest.get(unit.pk),
            handed.get(unit.pk),
            submission_for(submissions, milestone, unit) if milestone else None,
        )
        for unit in units
    ]


@dataclass(frozen=True)
class Period:
    """One period of a plan as lists show it: to one unit its own report, to those above how many were handed in."""

    key: str
    name: str
    milestone: Milestone
    report: PeriodicReport | None
    handed: int
    owing: int

    @property
    def late(self) -> bool:
        return clock.days_until(self.milestone.last_day) < 0


def periods_of(plan: Plan, owing: Sequence[Unit], alone: Unit | None) -> list[Period]:
    """The periods for which the plan asks its units to report."""
    found: list[Period] = []
    for milestone in plan.milestones_on(clock.today()):
        kind = MilestoneKind(milestone.kind)
        if kind not in PERIODS or any(one.key == PERIODS[kind] for one in found):
            continue
        standings = standing_of(plan, kind, owing)
        mine = next((one.report for one in standings if alone and one.unit.pk == alone.pk), None)
        handed = sum(one.is_handed_in for one in standings)
        name = PeriodicReport(plan=plan, kind=kind).name
        found.append(Period(PERIODS[kind], name, milestone, mine, handed, len(owing)))
    return found


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
    milestone = milestone_of(plan, kind)
    if milestone is None:
        raise NotAllowed(f"{plan} không đặt thời hạn cho báo cáo này.")
    return min(milestone.last_day, clock.today())


def same_period(report: PeriodicReport, person: Person) -> list[PeriodicReport]:
    """The unit's other reports of the period that the person may see: what this one corrects, and its supplements."""
    same = PeriodicReport.objects.visible_to(person).filter(
        plan=report.plan, unit=report.unit, kind=report.kind
    )
    return list(same.exclude(pk=report.pk).select_related("plan"))


def mended_since(report: PeriodicReport, parts: Iterable[Part]) -> set[str]:
    """The headings that were written on after the report came back."""
    last = report.steps.filter(act=Act.RETURN).last()
    return {part.key for part in parts if last and part.at and part.at > last.at}


def usual_cut_off(plan: Plan, kind: str) -> date:
    """The cut-off that Decree 09/2019/NĐ-CP sets for reports of this period: 14 June and 14 December."""
    return date(plan.year, 6 if kind == MilestoneKind.HALF_YEAR else 12, 14)
