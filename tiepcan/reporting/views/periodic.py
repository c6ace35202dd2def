"""Pages of periodic reports: one period of all units, and one unit's report as it is written, signed and decided on."""

from collections import Counter
from typing import Any

from django.http import Http404, HttpResponse

from tiepcan.accounts.requests import Request
from tiepcan.accounts.roles import May
from tiepcan.common import clock
from tiepcan.plans.models import MilestoneKind, Plan
from tiepcan.reporting import filings, outputs, periodic
from tiepcan.reporting.addresses import figure_url
from tiepcan.reporting.figures import figures_of
from tiepcan.reporting.forms import Words
from tiepcan.reporting.models import Filing
from tiepcan.reporting.models.filings import FILED
from tiepcan.reporting.parts import headings_of
from tiepcan.reporting.queries import units_of
from tiepcan.reporting.standings import standing_of
from tiepcan.reporting.steps import marks_of, milestone_of
from tiepcan.reporting.views.shared import within_of
from tiepcan.reporting.views.steps import TONES, Saving, opened_ones, problem_of, steps_context
from tiepcan.standards.models import Indicator
from tiepcan.web.page import page


def period(request: Request, plan: Plan, kind: str) -> HttpResponse:
    """One period of a plan: where each unit's report stands, the sums by report and by ledger, the words by heading."""
    milestone = milestone_of(plan, kind)
    if milestone is None:
        raise Http404
    within = within_of(plan, request.user)
    standings = standing_of(plan, kind, units_of(plan, within))
    as_of = periodic.day_of(plan, kind)
    figures = figures_of(plan, as_of, within=within)
    context = {
        "plan": plan,
        "kind": kind,
        "name": Filing(plan=plan, kind=kind).name,
        "milestone": milestone,
        "days_late": max(0, -clock.days_until(milestone.last_day)),
        "usual_cut_off": periodic.usual_cut_off(plan, kind),
        "standings": standings,
        "key": FILED[MilestoneKind(kind)],
        "may_chase": request.user.may_change(May.CONSOLIDATE, plan.issuer),
        "by_unit": {one.unit.pk: one for one in standings},
        "numbers": Counter(one.state_word for one in standings),
        "tones": TONES,
        "as_of": as_of,
        "figures": figures,
        "sums": periodic.sums_of(standings, figures),
        "words": periodic.words_of(standings, kind),
        "figure_url": figure_url,
        "opens": opened_ones(request, plan, kind),
    }
    return page(request, "reporting/period.html", context)


def marked(report: Filing) -> list[tuple[str, str]]:
    """The headings that may be asked about, each with its label."""
    return [
        (heading.key, f"Mục {number}. {heading.name}")
        for number, heading in enumerate(headings_of(report.kind), start=2)
    ]


def show(request: Request, report: Filing, *, failed: str = "", **forms: Any) -> HttpResponse:
    """One report: for who writes it with its form, for others as it was last put before somebody."""
    parts = {part.key: part for part in report.parts.all()}
    content = filings.content_for(report, request.user)
    marks = marks_of(report)
    written = {key: part.at for key, part in parts.items()}
    common = steps_context(request, report, marked(report), failed, forms)
    context = {
        **common,
        "content": content,
        "figures": [
            (indicator, content["figures"]["total"][indicator.pk])
            for indicator in Indicator.objects.of_information()
            if indicator.pk in content["figures"]["total"]
        ],
        "names": {one.pk: one.short_name for one in Indicator.objects.of_information()},
        "changes": periodic.changes(report, content),
        "before": periodic.report_before(report),
        "as_of": outputs.as_of(content),
        "usual_cut_off": periodic.usual_cut_off(report.plan, report.kind),
        "headings": [
            (
                number,
                heading,
                parts.get(heading.key),
                marks.get(heading.key),
                content["parts"].get(heading.key, ""),
            )
            for number, heading in enumerate(headings_of(report.kind), start=2)
        ],
        "marks": marks,
        "mended": filings.mended_since(report, written) if common["live"] else set(),
        "words": forms.get("words") or Words(report=report, parts=parts),
        "last_saved": max((at for at in written.values() if at), default=None),
        "paper": outputs.periodic(
            report, content, outputs.wording_of(report, filings.worded_at(report, request.user))
        ),
        "figure_url": figure_url,
    }
    return page(request, "reporting/periodic.html", context)


def write(request: Request, report: Filing) -> Saving:
    """Keep what was sent of a report's words."""
    form = Words(request.POST, report=report, parts={part.key: part for part in report.parts.all()})
    if not form.is_valid():
        return Saving(form, problem=problem_of(form))
    written = periodic.write(report=report, texts=form.texts, by=request.user)
    clashing = {part.key: part.by_name for part in written.clashes}
    if clashing:
        form.tell(written.clashes)
    versions = {f"v-{part.key}": part.version for part in written.parts if part.key not in clashing}
    return Saving(form, versions, list(clashing.values()))
