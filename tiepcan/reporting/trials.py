"""What offices try their wordings of this room's papers on: their latest figures and filings."""

from tiepcan.accounts.models import Organisation, OrganisationKind
from tiepcan.common import clock
from tiepcan.paperwork.wording.lines import Lines
from tiepcan.paperwork.wordings import Offered
from tiepcan.paperwork.writing.records import Paper
from tiepcan.plans.models import MilestoneKind, Plan
from tiepcan.plans.queries import duties_done
from tiepcan.reporting import filings, outputs, wordings
from tiepcan.reporting.figures import figures_of
from tiepcan.reporting.models import Filing
from tiepcan.reporting.queries import submissions_of

_COMMITTEE = frozenset({OrganisationKind.COMMITTEE})
_UNITS = frozenset({OrganisationKind.LOCAL})


def consolidated(body: Organisation, wording: Lines) -> tuple[str, Paper] | None:
    """The consolidated report of the body's plan, as it would be made today."""
    plan = Plan.objects.filter(issuer=body.unit).select_related("issuer__parent").first()
    if plan is None:
        return None
    figures = figures_of(plan, clock.today())
    said = outputs.Said(outputs.signer_of(figures.version))
    paper = outputs.consolidated(
        figures, submissions_of(plan), duties_done(plan, figures.as_of), said, wording
    )
    return f"số liệu của {plan} đến hôm nay", paper


def periodic(body: Organisation, wording: Lines) -> tuple[str, Paper] | None:
    """The unit's latest periodic report, as it stands."""
    return _filed(body, wording, is_plan=False)


def local_plan(body: Organisation, wording: Lines) -> tuple[str, Paper] | None:
    """The unit's own latest plan, as it stands."""
    return _filed(body, wording, is_plan=True)


def _filed(body: Organisation, wording: Lines, *, is_plan: bool) -> tuple[str, Paper] | None:
    of_unit = Filing.objects.filter(unit=body.unit).select_related("plan__issuer", "unit__parent")
    kinds = (
        of_unit.filter(kind=MilestoneKind.LOCAL_PLAN)
        if is_plan
        else of_unit.exclude(kind=MilestoneKind.LOCAL_PLAN)
    )
    found = kinds.order_by("-plan__year", "-pk").first()
    if found is None:
        return None
    content = dict(found.content) if found.content else filings.contents_of(found).content_of(found)
    return found.name, outputs.filed(found, content, wording)


OFFERED = (
    Offered(wordings.CONSOLIDATED, _COMMITTEE, consolidated),
    Offered(wordings.PERIODIC, _UNITS, periodic),
    Offered(wordings.LOCAL_PLAN, _UNITS, local_plan),
    Offered(wordings.CONFIRMATION, frozenset({OrganisationKind.LABOUR})),
    Offered(wordings.NEXT_PLAN, _COMMITTEE),
)
