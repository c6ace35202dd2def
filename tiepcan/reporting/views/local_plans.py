"""Pages of units' own plans: all of them, and one as it is written, signed and decided on."""

from collections import Counter
from typing import Any

from django.http import Http404, HttpResponse

from tiepcan.accounts.models import Person
from tiepcan.accounts.requests import Request
from tiepcan.accounts.roles import May
from tiepcan.common import clock
from tiepcan.plans.models import MilestoneKind, Plan
from tiepcan.reporting import filings, local_plans, outputs
from tiepcan.reporting.forms import PlanLines
from tiepcan.reporting.models import Filing, PlanLine
from tiepcan.reporting.models.filings import FILED
from tiepcan.reporting.queries import units_of
from tiepcan.reporting.standings import standing_of
from tiepcan.reporting.steps import marks_of, milestone_of
from tiepcan.reporting.views.shared import within_of
from tiepcan.reporting.views.steps import TONES, Saving, opened_ones, problem_of, steps_context
from tiepcan.web.page import page


def period(request: Request, plan: Plan, kind: str) -> HttpResponse:
    """The plans of all units: where each stands, and the money that they set aside."""
    milestone = milestone_of(plan, kind)
    if milestone is None:
        raise Http404
    standings = standing_of(plan, kind, units_of(plan, within_of(plan, request.user)))
    money = local_plans.money_by_unit(one.handed for one in standings if one.handed)
    context = {
        "plan": plan,
        "name": Filing(plan=plan, kind=kind).name,
        "milestone": milestone,
        "days_late": max(0, -clock.days_until(milestone.last_day)),
        "standings": standings,
        "key": FILED[MilestoneKind(kind)],
        "may_chase": request.user.may_change(May.CONSOLIDATE, plan.issuer),
        "numbers": Counter(one.state_word for one in standings),
        "tones": TONES,
        "opens": opened_ones(request, plan, kind),
        "money": money,
        "total": sum(amount for _, amount in money),
    }
    return page(request, "reporting/local_plans.html", context)


def marked(filing: Filing) -> list[tuple[str, str]]:
    """The lines that may be asked about, each with its label."""
    asks = [(ask.key, local_plans.short(ask.text)) for ask in local_plans.asks_of(filing)]
    return [*asks, (local_plans.OWN, "Việc riêng")]


def show(request: Request, filing: Filing, *, failed: str = "", **forms: Any) -> HttpResponse:
    """One plan: for who writes it with its form, for others as it was last put before somebody."""
    lines = _lines(filing)
    content = filings.content_for(filing, request.user)
    marks = marks_of(filing)
    written = {local_plans.OWN if line.own else key: line.at for key, line in lines.items()}
    common = steps_context(request, filing, marked(filing), failed, forms)
    said = [(line, list(local_plans.problems_of(line, content))) for line in content["lines"]]
    own = [one for one in said if one[0]["key"].startswith("o-")]
    targets = [one for one in said if one[0]["households"] is not None]
    duties = [one for one in said if one not in own and one not in targets]
    asked = [*targets, *duties]
    context = {
        **common,
        "targets": targets,
        "duties": duties,
        "own": own,
        "said": said,
        "asked": asked,
        "answered": sum(_enough(problems) for _, problems in asked),
        "grave": sum(not _enough(problems) for _, problems in said),
        "enough": _enough,
        "money": local_plans.money_of(content),
        "short": local_plans.short,
        "last_days_of": local_plans.last_days_of,
        "marks": marks,
        "mended": filings.mended_since(filing, written) if common["live"] else set(),
        "lines": forms.get("words") or (PlanLines(filing=filing, lines=lines) if common["writes"] else None),
        "people": _people(filing, request.user),
        "last_saved": max((at for at in written.values() if at), default=None),
        "changed": local_plans.changed_since(filing, content) if not common["live"] else [],
        "paper": outputs.filed(
            filing, content, outputs.wording_of(filing, filings.worded_at(filing, request.user))
        ),
    }
    return page(request, "reporting/local_plan.html", context)


def _enough(problems: list[local_plans.Problem]) -> bool:
    return not any(problem.grave for problem in problems)


def _people(filing: Filing, person: Person) -> list[str]:
    """Who may be meant by "Ai làm": names that other lines have, and the person; a list to choose from while typing."""
    names = filing.lines.exclude(who="").values_list("who", flat=True).distinct()
    return sorted({*names, person.full_name} if person.unit.pk == filing.unit_id else set(names))


def _lines(filing: Filing) -> dict[str, PlanLine]:
    return {local_plans.key_of(line): line for line in filing.lines.all()}


def write(request: Request, filing: Filing) -> Saving:
    """Keep what was sent of a plan's lines."""
    form = PlanLines(request.POST, filing=filing, lines=_lines(filing))
    if not form.is_valid():
        return Saving(form, problem=problem_of(form))
    written = local_plans.write(filing=filing, lines=form.lines, by=request.user)
    if written.clashes:
        form.tell(written.clashes)
    versions = {f"v-{key}": line.version for key, line in written.lines.items() if key not in written.clashes}
    return Saving(form, versions, [line.by_name for line in written.clashes.values()])
