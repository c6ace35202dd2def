"""The plan's page, its papers, its recipients and what was done for its duties."""

import uuid
from collections.abc import Callable, Mapping, Sequence

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tiepcan.accounts.doors import open_to
from tiepcan.accounts.models import Person
from tiepcan.accounts.requests import Request
from tiepcan.accounts.roles import May
from tiepcan.audit.history import history_of, told
from tiepcan.common import clock
from tiepcan.common.refusals import NotAllowed
from tiepcan.paperwork.answers import as_asked
from tiepcan.plans import actions
from tiepcan.plans.forms import OnDay, ReportDuty, TakeBack
from tiepcan.plans.history import SENTENCES
from tiepcan.plans.models import (
    AppendixRow,
    Draft,
    DraftState,
    Duty,
    DutyReport,
    LegalBasis,
    Milestone,
    Plan,
    Recipient,
    Target,
    Version,
)
from tiepcan.plans.outputs import paper_of
from tiepcan.plans.queries import Counted, duties_of, table_of
from tiepcan.standards.models import Indicator
from tiepcan.web.page import page

HandedIn = Callable[[Plan], Mapping[int, tuple[int, int]]]
"""Of each date of a plan, how many units handed in and how many owe it; told by a room above this one."""
CountedBy = Callable[[Plan, Person], Mapping[str, Sequence[Counted]]]
"""By kind of organisation: what was done for its duties, as far as the person sees figures; told by a room above."""


@open_to(May.SEE_PLANS)
@require_safe
def plans(request: Request) -> HttpResponse:
    context = {
        "plans": Plan.objects.visible_to(request.user).select_related("issuer").prefetch_related("versions"),
        "drafts": Draft.objects.visible_to(request.user)
        .filter(state=DraftState.WAITING)
        .select_related("paper", "amends"),
        "may_open": request.user.may(May.OPEN_PLANS),
    }
    return page(request, "plans/plans.html", context)


def plan(handed_in: HandedIn, counted: CountedBy) -> Callable[..., HttpResponse]:
    """The plan's page; `handed_in` fills in what units did for its dates, `counted` what was done for its duties."""

    @open_to(May.SEE_PLANS)
    @require_safe
    def view(request: Request, pk: int) -> HttpResponse:
        found = _plan(request, pk)
        versions = list(found.versions.select_related("paper"))
        wanted = request.GET.get("ban", "")
        version = next((v for v in versions if str(v.ordinal) == wanted), versions[-1])
        indicators = list(Indicator.objects.of_information())
        table = table_of(version, indicators)
        context = {
            "plan": found,
            "own": next((row for row in table.rows if row.unit.pk == request.user.unit.pk), None),
            "version": version,
            "versions": versions,
            "indicators": indicators,
            "table": table,
            "bases": version.legal_bases.all(),
            "aims": version.aims.select_related("indicator"),
            "duties": duties_of(found, request.user),
            "counted": counted(found, request.user),
            "milestones": found.milestones_on(clock.today()),
            "handed_in": handed_in(found),
            "today": clock.today(),
            "recipients": version.recipients.all(),
            "may_change": request.user.may_change(May.OPEN_PLANS, found.issuer),
        }
        return page(request, "plans/plan.html", context)

    return view


@open_to(May.SEE_PLANS)
@require_safe
def paper(request: Request, pk: int, ordinal: int) -> HttpResponse | FileResponse:
    """The signed paper of one version, as it was uploaded; with `?dang=docx` or `pdf` what was read of it, in the State's format."""
    versions = _plan(request, pk).versions.select_related("paper", "plan__issuer__parent")
    version = get_object_or_404(versions, ordinal=ordinal)
    if request.GET.get("dang") in ("docx", "pdf"):
        return as_asked(request, paper_of(version), f"ke-hoach-{version.number}-{version.issued_on.year}")
    if not version.paper:
        raise Http404
    return FileResponse(version.paper.file.open("rb"), as_attachment=True, filename=version.paper.name)


@open_to(May.SEE_PLANS)
@require_safe
def history(request: Request, pk: int) -> HttpResponse:
    found = _plan(request, pk)
    versions = Version.objects.filter(plan=found)
    acts = history_of(
        Plan.objects.filter(pk=found.pk),
        versions,
        *(model._default_manager.filter(version__in=versions) for model in (AppendixRow, LegalBasis, Duty)),
        Target.objects.filter(row__version__in=versions),
        Milestone.objects.filter(version__in=versions),
        Recipient.objects.filter(version__in=versions),
    )
    context = {
        "heading": f"Lịch sử {found}",
        "crumbs": [
            ("Kế hoạch", reverse("plans:plans")),
            (str(found), reverse("plans:plan", args=[pk])),
            ("Lịch sử", None),
        ],
        "lines": told(acts, SENTENCES),
    }
    return page(request, "web/history.html", context)


@open_to(May.SEE_PLANS)
@require_safe
def unit_targets(request: Request, pk: int, unit: str) -> HttpResponse:
    """The targets of one unit through the versions of the plan, each with the paper that set them."""
    found = _plan(request, pk)
    rows = list(
        AppendixRow.objects.filter(version__plan=found, unit=unit)
        .select_related("unit", "version")
        .prefetch_related("targets")
        .order_by("version__ordinal")
    )
    if not rows:
        raise Http404
    context = {
        "plan": found,
        "unit": rows[0].unit,
        "rows": rows,
        "indicators": list(Indicator.objects.of_information()),
    }
    return page(request, "plans/unit_targets.html", context)


@open_to(May.REPORT_DUTIES)
@require_http_methods(["GET", "HEAD", "POST"])
def report_duty(request: Request, pk: int) -> HttpResponse:
    """Note what the person's own organisation did for a duty."""
    duty = get_object_or_404(Duty.objects.select_related("version__plan__issuer"), pk=pk)
    found = _plan(request, duty.version.plan_id)
    if problem := actions.why_not_report(duty, request.user):
        messages.error(request, problem)
        return redirect(f"{reverse('plans:plan', args=[found.pk])}#nhiem-vu")
    form = ReportDuty(request.POST or None, since=duty.version.issued_on)
    if form.is_valid():
        try:
            actions.report_duty(
                duty=duty,
                organisation=request.user.organisation_name,
                unit=request.user.unit,
                by=request.user,
                **form.cleaned_data,
            )
        except NotAllowed as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, "Đã ghi việc đã làm.")
            return redirect(f"{reverse('plans:plan', args=[found.pk])}#nhiem-vu")
    return page(request, "plans/report_duty.html", {"form": form, "duty": duty, "plan": found})


@open_to(May.REPORT_DUTIES)
@require_http_methods(["GET", "HEAD", "POST"])
def take_duty_report_back(request: Request, pk: uuid.UUID) -> HttpResponse:
    """Take back what the person's own organisation noted by mistake."""
    reports = DutyReport.objects.visible_to(request.user).select_related(
        "duty__version__plan__issuer", "unit"
    )
    report = get_object_or_404(reports, pk=pk)
    plan = _plan(request, report.duty.version.plan_id)
    form = TakeBack(request.POST or None)
    if form.is_valid():
        try:
            actions.take_duty_report_back(report=report, reason=form.cleaned_data["reason"], by=request.user)
        except NotAllowed as problem:
            form.add_error("reason", str(problem))
        else:
            messages.success(request, "Đã bỏ việc ghi nhầm; lịch sử vẫn giữ.")
            return redirect(f"{reverse('plans:plan', args=[plan.pk])}#nhiem-vu")
    return page(request, "plans/take_duty_report_back.html", {"form": form, "report": report, "plan": plan})


@open_to(May.OPEN_PLANS)
@require_POST
def recipient(request: Request, pk: int) -> HttpResponse:
    """Note the day on which a recipient was sent the paper, or said that it arrived."""
    found = get_object_or_404(
        Recipient.objects.select_related("version__plan__issuer").filter(
            version__plan__in=Plan.objects.visible_to(request.user)
        ),
        pk=pk,
    )
    form = OnDay(request.POST, since=found.version.issued_on)
    if not form.is_valid():
        typed = request.POST.get("on", "")[:20]
        messages.error(request, f"{found.text}: “{typed}” chưa ghi được. {form.errors['on'][0]}")
    else:
        act = actions.acknowledge if found.issued_on else actions.issue_to
        try:
            act(recipient=found, on=form.cleaned_data["on"], by=request.user)
        except NotAllowed as problem:
            messages.error(request, str(problem))
    return redirect(f"{reverse('plans:plan', args=[found.version.plan_id])}#noi-nhan")


def _plan(request: Request, pk: int) -> Plan:
    return get_object_or_404(Plan.objects.visible_to(request.user).select_related("issuer"), pk=pk)
