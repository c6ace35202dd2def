"""Pages of periodic reports: one period of all units, and one unit's report as it is written, signed and decided on."""

import uuid
from collections import Counter
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST, require_safe

from tiepcan.accounts.doors import open_to
from tiepcan.accounts.requests import Request
from tiepcan.accounts.roles import May
from tiepcan.common import clock
from tiepcan.common.numbers import whole_number
from tiepcan.common.refusals import NotAllowed
from tiepcan.paperwork.views import as_file
from tiepcan.plans.models import Plan
from tiepcan.reporting import outputs, periodic
from tiepcan.reporting.addresses import figure_url
from tiepcan.reporting.figures import figures_of
from tiepcan.reporting.forms import Marks, Signing, TakeBack, Words
from tiepcan.reporting.models import Part, PeriodicReport, State
from tiepcan.reporting.models.periodic import PERIODS
from tiepcan.reporting.parts import headings_of
from tiepcan.reporting.queries import units_of
from tiepcan.reporting.views.shared import plan_of, within_of
from tiepcan.reporting.workflow import DONE, Act, acts_of, has_head
from tiepcan.standards.models import Indicator
from tiepcan.web.page import page

TONES = {
    State.DRAFT: "soon",
    State.PROPOSED: "sent",
    State.SUBMITTED: "sent",
    State.RETURNED: "back",
    State.ACCEPTED: "ok",
}
KINDS = {period: kind for kind, period in PERIODS.items()}


@open_to(May.SEE_FIGURES)
@require_safe
def period(request: Request, pk: int, period: str) -> HttpResponse:
    """One period of a plan: where each unit's report stands, the sums by report and by ledger, the words by heading."""
    plan, kind = _asked(request, pk, period)
    milestone = periodic.milestone_of(plan, kind)
    if milestone is None:
        raise Http404
    within = within_of(plan, request.user)
    standings = periodic.standing_of(plan, kind, units_of(plan, within))
    as_of = periodic.day_of(plan, kind)
    figures = figures_of(plan, as_of, within=within)
    context = {
        "plan": plan,
        "kind": kind,
        "name": PeriodicReport(plan=plan, kind=kind).name,
        "milestone": milestone,
        "days_late": max(0, -clock.days_until(milestone.last_day)),
        "usual_cut_off": periodic.usual_cut_off(plan, kind),
        "standings": standings,
        "by_unit": {one.unit.pk: one for one in standings},
        "may_consolidate": request.user.may_change(May.CONSOLIDATE, plan.issuer),
        "key": period,
        "numbers": Counter(one.state_word for one in standings),
        "tones": TONES,
        "as_of": as_of,
        "figures": figures,
        "sums": periodic.sums_of(standings, figures),
        "words": periodic.words_of(standings, kind),
        "figure_url": figure_url,
        "opens": set(
            PeriodicReport.objects.visible_to(request.user)
            .filter(plan=plan, kind=kind)
            .values_list("pk", flat=True)
        ),
    }
    return page(request, "reporting/period.html", context)


@open_to(May.HAND_IN)
@require_POST
def open_mine(request: Request, pk: int, period: str) -> HttpResponse:
    """Open the report of the person's own unit, or go to the one that is there."""
    plan, kind = _asked(request, pk, period)
    try:
        found = periodic.open_report(plan=plan, unit=request.user.unit, kind=kind, by=request.user)
    except NotAllowed as problem:
        messages.error(request, str(problem))
        return redirect("reporting:reports")
    return redirect("reporting:periodic", found.pk)


@open_to(May.SEE_FIGURES)
@require_safe
def one(request: Request, pk: uuid.UUID) -> HttpResponse:
    """One report: for who writes it with its form, for others as it was last put before somebody."""
    return _show(request, _report(request, pk))


def _show(request: Request, report: PeriodicReport, *, failed: str = "", **forms: Any) -> HttpResponse:
    person = request.user
    acts = acts_of(report, person)
    writes = Act.WRITE in acts
    parts = {part.key: part for part in report.parts.all()}
    own = person.unit.pk == report.unit_id
    live = own and report.is_being_written
    content = periodic.content_for(report, person)
    marks = periodic.marks_of(report)
    words = forms.get("words") or Words(report=report, parts=parts)
    head = has_head(report)
    context = {
        "report": report,
        "content": content,
        "live": live,
        "figures": [
            (indicator, content["figures"]["total"][indicator.pk])
            for indicator in Indicator.objects.of_information()
            if indicator.pk in content["figures"]["total"]
        ],
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
        "mended": periodic.mended_since(report, parts.values()) if marks else set(),
        "words": words,
        "writes": writes,
        "acts": acts,
        "has_head": head,
        "marks_form": forms.get("marks_form") or Marks(report=report),
        "signing": forms.get("signing") or Signing(initial={"paper_code": report.paper_code}),
        "reason": forms.get("reason") or TakeBack(prefix="ly-do"),
        "failed": failed,
        "has_errors": bool(failed),
        "steps": list(periodic.steps_for(report, person)),
        "done": DONE,
        "step_tones": STEP_TONES,
        "others": periodic.same_period(report, person),
        "tones": TONES,
        "last_saved": max((part.at for part in parts.values() if part.at), default=None),
        "paper": outputs.periodic(report, content),
        "days_left": clock.days_until(report.cut_off),
        "figure_url": figure_url,
    }
    return page(request, "reporting/periodic.html", context)


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


@open_to(May.HAND_IN)
@require_POST
def write(request: Request, pk: uuid.UUID) -> HttpResponse:
    """Keep what was written; by itself (`tu-luu`) while somebody types, or when asked."""
    report = _report(request, pk)
    by_itself = "tu-luu" in request.POST
    form = Words(request.POST, report=report, parts=_parts(report))
    try:
        if not form.is_valid():
            if by_itself:
                return JsonResponse(
                    {"problem": " ".join(str(m) for e in form.errors.values() for m in e)}, status=422
                )
            return _show(request, report, failed="words", words=form)
        written = periodic.write(report=report, texts=form.texts, by=request.user)
    except NotAllowed as problem:
        if by_itself:
            return JsonResponse({"problem": str(problem)}, status=409)
        messages.error(request, str(problem))
        return redirect("reporting:periodic", report.pk)
    if by_itself:
        return JsonResponse(_saved(written))
    if written.clashes:
        form.tell(written.clashes)
        return _show(request, report, failed="words", words=form)
    if "trinh" in request.POST:
        return _propose(request, report)
    messages.success(request, "Đã lưu.")
    return redirect("reporting:periodic", report.pk)


def _propose(request: Request, report: PeriodicReport) -> HttpResponse:
    try:
        periodic.propose(report=report, by=request.user)
    except NotAllowed as problem:
        messages.error(request, f"Đã lưu, chưa trình. {problem}")
    else:
        messages.success(
            request, "Đã trình lãnh đạo. Nội dung và số liệu được khóa cho đến khi có quyết định."
        )
    return redirect("reporting:periodic", report.pk)


def _saved(written: periodic.Written) -> dict[str, Any]:
    """What a page that saves by itself is told: when, the versions that it now stands on, and who wrote elsewhere."""
    clashing = {part.key for part in written.clashes}
    return {
        "saved": f"{clock.now():%H:%M}",
        "versions": {f"v-{part.key}": part.version for part in written.parts if part.key not in clashing},
        "problem": " ".join(
            f"{part.by_name} đang sửa cùng mục này ở nơi khác. Bấm “Lưu nháp” để thấy cả hai bản."
            for part in written.clashes
        ),
    }


TAKEN = {
    "rut": (Act.RECALL, "Đã rút về để sửa."),
    "tra-nguoi-soan": (Act.DECLINE, "Đã trả lại người soạn."),
    "nop": (Act.SUBMIT, "Đã nộp báo cáo, số liệu được khóa."),
    "tra-lai": (Act.RETURN, "Đã trả lại để bổ sung."),
    "duyet": (Act.ACCEPT, "Đã duyệt và khóa báo cáo."),
    "bo-sung": (Act.SUPPLEMENT, "Đã mở báo cáo bổ sung."),
}


@open_to(May.HAND_IN, May.SIGN_REPORTS, May.CONSOLIDATE)
@require_POST
def take(request: Request, pk: uuid.UUID, step: str) -> HttpResponse:
    """Take one step with a report; what was typed comes back with what is wrong."""
    if step not in TAKEN:
        raise Http404
    report = _report(request, pk)
    what, said = TAKEN[step]
    by, seen = request.user, request.POST.get("seen", "")
    marks = Marks(request.POST, report=report)
    signing = Signing(request.POST)
    reason = TakeBack(request.POST, prefix="ly-do")
    needed = {Act.SUBMIT: signing, Act.DECLINE: reason, Act.SUPPLEMENT: reason, Act.RETURN: marks}.get(what)
    back: dict[str, Any] = {"marks_form": marks, "signing": signing, "reason": reason}
    back = {name: form for name, form in back.items() if form is needed}
    if needed is not None and not needed.is_valid():
        return _show(request, report, failed=what, **back)
    try:
        match what:
            case Act.RECALL:
                report = periodic.recall(report=report, by=by)
            case Act.DECLINE:
                report = periodic.decline(
                    report=report, reason=reason.cleaned_data["reason"], seen=seen, by=by
                )
            case Act.SUBMIT:
                code = signing.cleaned_data["paper_code"]
                report = periodic.submit(report=report, paper_code=code, seen=seen, by=by)
            case Act.RETURN:
                report = periodic.give_back(report=report, marks=marks.cleaned_data, seen=seen, by=by)
            case Act.ACCEPT:
                report = periodic.accept(report=report, seen=seen, by=by)
            case Act.SUPPLEMENT:
                report = periodic.supplement(report=report, why=reason.cleaned_data["reason"], by=by)
    except NotAllowed as problem:
        if needed is not None:
            needed.add_error(None, str(problem))
            return _show(request, _report(request, pk), failed=what, **back)
        messages.error(request, str(problem))
        return redirect("reporting:periodic", pk)
    messages.success(request, said)
    return redirect("reporting:periodic", report.pk)


@open_to(May.SEE_FIGURES)
@require_safe
def paper(request: Request, pk: uuid.UUID) -> HttpResponse:
    """The report as a .docx; `?lan=` asks for what an earlier step was about."""
    report = _report(request, pk)
    if "lan" in request.GET:
        steps = periodic.steps_for(report, request.user).filter(content__isnull=False)
        content = periodic.kept_content(get_object_or_404(steps, pk=whole_number(request.GET["lan"]) or 0))
    else:
        content = periodic.content_for(report, request.user)
    return as_file(
        outputs.periodic(report, content), f"bao-cao-{report.unit_id}-{report.period}-{report.ordinal}"
    )


def _asked(request: Request, pk: int, period: str) -> tuple[Plan, str]:
    plan = plan_of(request, pk)
    if plan is None or period not in KINDS:
        raise Http404
    return plan, KINDS[period]


def _report(request: Request, pk: uuid.UUID) -> PeriodicReport:
    reports = PeriodicReport.objects.visible_to(request.user).select_related(
        "plan__issuer__parent", "unit__parent"
    )
    return get_object_or_404(reports, pk=pk)


def _parts(report: PeriodicReport) -> dict[str, Part]:
    return {part.key: part for part in report.parts.all()}
