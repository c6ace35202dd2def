"""What the pages of every filing share: the filing that is asked for, its steps, and the forms with which one is taken."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms as django_forms
from django.shortcuts import get_object_or_404

from tiepcan.accounts.requests import Request
from tiepcan.accounts.roles import May
from tiepcan.common import clock
from tiepcan.paperwork.views.documents import may_open
from tiepcan.plans.models import Plan
from tiepcan.reporting import filings
from tiepcan.reporting.forms import Marks, Signing, TakeBack
from tiepcan.reporting.models import Filing, State
from tiepcan.reporting.models.filings import FILED
from tiepcan.reporting.papers import document_of, next_code
from tiepcan.reporting.queries import date_for, extensions_of
from tiepcan.reporting.steps import milestone_of
from tiepcan.reporting.workflow import DONE, Act, acts_of, has_head

TONES = {
    State.DRAFT: "soon",
    State.PROPOSED: "sent",
    State.SUBMITTED: "sent",
    State.RETURNED: "back",
    State.ACCEPTED: "ok",
}
STEP_TONES = {
    Act.OPEN: "idle",
    Act.PROPOSE: "sent",
    Act.RECALL: "soon",
    Act.DECLINE: "back",
    Act.SUBMIT: "sent",
    Act.RETURN: "back",
    Act.ACCEPT: "ok",
    Act.SUPPLEMENT: "idle",
}
KINDS = {period: kind for kind, period in FILED.items()}


def filing_of(request: Request, pk: uuid.UUID) -> Filing:
    filings = Filing.objects.visible_to(request.user).select_related("plan__issuer__parent", "unit__parent")
    return get_object_or_404(filings, pk=pk)


def steps_context(
    request: Request,
    filing: Filing,
    marked: Sequence[tuple[str, str]],
    failed: str,
    forms: dict[str, Any],
) -> dict[str, Any]:
    """What the forms of steps and the trail need; `marked` are the headings or lines that may be asked about, with their labels."""
    person = request.user
    acts = acts_of(filing, person)
    milestone = milestone_of(filing.plan, filing.kind)
    own = date_for(milestone, filing.unit, extensions_of(filing.plan)) if milestone else None
    last_day = own.last_day if own else filing.cut_off
    document = document_of(filing)
    takes_number = Act.SUBMIT in acts and person.may(May.SIGN_REPORTS) and filing.content is not None
    return {
        "filing": filing,
        "document": document if document and may_open(document, person) else None,
        "next_code": next_code(filing) if takes_number else "",
        "live": person.unit.pk == filing.unit_id and filing.is_being_written,
        "writes": Act.WRITE in acts,
        "acts": acts,
        "has_head": has_head(filing),
        "marks_form": forms.get("marks_form") or Marks(marked=marked),
        "signing": forms.get("signing")
        or Signing(initial={"paper_code": "" if document else filing.paper_code}),
        "reason": forms.get("reason") or TakeBack(prefix="ly-do"),
        "failed": failed,
        "has_errors": bool(failed),
        "steps": list(filings.steps_for(filing, person)),
        "done": DONE,
        "step_tones": STEP_TONES,
        "others": filings.same_date(filing, person),
        "tones": TONES,
        "last_day": last_day,
        "days_left": clock.days_until(last_day),
    }


def opened_ones(request: Request, plan: Plan, kind: str) -> set[uuid.UUID]:
    """The filings for a date that the person may open."""
    visible = Filing.objects.visible_to(request.user).filter(plan=plan, kind=kind)
    return set(visible.values_list("pk", flat=True))


@dataclass(frozen=True)
class Saving:
    """What keeping some words came to: the form as it now stands, the versions that the page stands on, who clashed, or what is wrong."""

    form: django_forms.Form
    versions: Mapping[str, int] = field(default_factory=dict)
    clashes: Sequence[str] = ()
    """Who wrote over the same words elsewhere."""
    problem: str = ""


def problem_of(form: django_forms.Form) -> str:
    """Everything that is wrong with a form, as one text: for a page that saves by itself."""
    return " ".join(str(message) for messages in form.errors.values() for message in messages)
