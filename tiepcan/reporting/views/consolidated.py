"""Pages of consolidated reports."""

import uuid
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tiepcan.accounts.doors import open_to
from tiepcan.accounts.requests import Request
from tiepcan.accounts.roles import May
from tiepcan.common import clock
from tiepcan.common.digests import digest_of
from tiepcan.common.refusals import NotAllowed
from tiepcan.paperwork import drafting
from tiepcan.paperwork.answers import as_asked, as_pdf
from tiepcan.paperwork.models import Document
from tiepcan.paperwork.views.documents import may_open
from tiepcan.paperwork.wordings import issuing_body_of
from tiepcan.reporting import actions, outputs, papers, periodic, route
from tiepcan.reporting.figures import figures_of, plain
from tiepcan.reporting.forms import Consolidate, Sending, TakeBack
from tiepcan.reporting.models import ConsolidatedReport, RouteAct
from tiepcan.reporting.models.filings import PERIODS
from tiepcan.reporting.queries import units_of
from tiepcan.reporting.standings import dues_of
from tiepcan.reporting.views.shared import others_of, plan_of, within_of
from tiepcan.reporting.views.steps import TONES
from tiepcan.standards.models import Indicator
from tiepcan.web.page import page

_PERIODS = {period: kind for kind, period in PERIODS.items()}


@open_to(May.SEE_FIGURES)
@require_http_methods(["GET", "HEAD", "POST"])
def reports(request: Request) -> HttpResponse:
    """The consolidated reports, and for the coordinator the form that makes one."""
    plan = plan_of(request, None)
    if plan is None:
        return page(request, "reporting/no_plan.html", {"may_open": request.user.may(May.OPEN_PLANS)})
    may_make = request.user.may_change(May.CONSOLIDATE, plan.issuer)
    signer = outputs.signer_of(plan.version_on(clock.today()))
    start = {"as_of": clock.today(), "position": signer.position, "name": signer.name}
    if may_make and (kind := _PERIODS.get(request.GET.get("ky", ""))):
        with suppress(NotAllowed):
            start["as_of"] = periodic.day_of(plan, kind)
            said_by_units = periodic.gathered(plan, kind, plan.issuer)
            start |= {key: said_by_units[key] for key in ("difficulties", "proposals")}
    form = Consolidate(request.POST or None, initial=start)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        said = outputs.Said(
            signer=outputs.Signer(signer.authority, data["position"], data["name"]),
            difficulties=data["difficulties"],
            proposals=data["proposals"],
        )
        try:
            made = actions.consolidate(
                id=data["id"], plan=plan, as_of=data["as_of"], said=said, by=request.user
            )
        except NotAllowed as problem:
            form.add_error("as_of", str(problem))
        else:
            return redirect("reporting:report", made.pk)
    within = within_of(plan, request.user)
    owing = units_of(plan, within)
    alone = owing[0] if len(owing) == 1 and request.user.unit.pk == owing[0].pk else None
    context = {
        "plan": plan,
        "form": form,
        "may_make": may_make,
        "periods": dues_of(plan, owing, alone),
        "alone": alone,
        "may_open": request.user.may(May.HAND_IN),
        "tones": TONES,
        "others": others_of(request, plan),
        "reports": ConsolidatedReport.objects.visible_to(request.user)
        .filter(plan=plan)
        .select_related("plan", "version")[:50],
    }
    return page(request, "reporting/reports.html", context)


@open_to(May.SEE_FIGURES)
@require_safe
def report(request: Request, pk: uuid.UUID) -> HttpResponse:
    """A consolidated report: what was frozen, whether the ledger still gives the same, and how far it has come."""
    return _show(request, _report(request, pk))


TAKEN = {
    "dong-y": (RouteAct.CONFIRM, "Đã xác nhận các chỉ số."),
    "khong-dong-y": (RouteAct.REFUSE, "Đã trả lại, kèm lý do. Lập báo cáo mới khi số liệu đã đúng."),
    "ky": (RouteAct.SIGN, "Đã duyệt báo cáo."),
    "gui": (RouteAct.SEND, "Đã ghi báo cáo gửi đi."),
}


@open_to(May.VERIFY_OUTCOMES, May.SIGN_REPORTS, May.CONSOLIDATE)
@require_POST
def take(request: Request, pk: uuid.UUID, step: str) -> HttpResponse:
    """Take one step with a consolidated report; what was typed comes back with what is wrong."""
    if step not in TAKEN:
        raise Http404
    found = _report(request, pk)
    what, said = TAKEN[step]
    by, seen = request.user, request.POST.get("seen", "")
    reason, sending = TakeBack(request.POST, prefix="ly-do"), Sending(request.POST)
    needed = {RouteAct.REFUSE: reason, RouteAct.SEND: sending}.get(what)
    back = {name: form for name, form in {"reason": reason, "sending": sending}.items() if form is needed}
    if needed is not None and not needed.is_valid():
        return _show(request, found, failed=what, **back)
    try:
        match what:
            case RouteAct.CONFIRM:
                route.confirm(report=found, seen=seen, by=by)
            case RouteAct.REFUSE:
                route.refuse(report=found, reason=reason.cleaned_data["reason"], seen=seen, by=by)
            case RouteAct.SIGN:
                route.sign(report=found, seen=seen, by=by)
            case RouteAct.SEND:
                route.send(report=found, **sending.cleaned_data, seen=seen, by=by)
    except NotAllowed as problem:
        if needed is not None:
            needed.add_error(None, str(problem))
            return _show(request, found, failed=what, **back)
        messages.error(request, str(problem))
    else:
        messages.success(request, said)
    return redirect("reporting:report", pk)


@open_to(May.CONSOLIDATE)
@require_POST
def draft_paper(request: Request, pk: uuid.UUID) -> HttpResponse:
    """Begin the paper of a report: to be checked for form, signed, numbered and sent."""
    found = _report(request, pk)
    body = issuing_body_of(found.plan.issuer)
    if body is None:
        messages.error(
            request,
            f"Chưa có {found.plan.issuer.full_name} trong danh sách cơ quan; thêm ở trang “Tài khoản”.",
        )
        return redirect("reporting:report", pk)
    try:
        made = drafting.draft(id=uuid.uuid4(), body=body, handed=papers.of_report(found), by=request.user)
    except NotAllowed as problem:
        messages.error(request, str(problem))
        return redirect("reporting:report", pk)
    return redirect("paperwork:document", made.pk)


@open_to(May.SEE_FIGURES)
@require_safe
def confirmation(request: Request, pk: uuid.UUID) -> HttpResponse:
    """The indicators as the Labour Office confirmed them, as a .docx."""
    found = _report(request, pk)
    step = get_object_or_404(found.route.filter(act=RouteAct.CONFIRM))
    return as_asked(
        request,
        outputs.confirmation(found, step, outputs.wording_of_confirmation(found, step)),
        f"xac-nhan-chi-so-den-{found.as_of:%d-%m-%Y}",
    )


def _show(request: Request, found: ConsolidatedReport, *, failed: str = "", **forms: Any) -> HttpResponse:
    figures = figures_of(found.plan, found.as_of)
    now = plain(figures)
    document = papers.document_of(found)
    context = {
        "report": found,
        "document": document if document and may_open(document, request.user) else None,
        "may_draft": document is None and request.user.may_change(May.CONSOLIDATE, found.plan.issuer),
        "frozen": found.figures,
        "indicators": figures.indicators,
        "same": digest_of(now) == found.digest,
        "differences": _differences(found.figures, now, figures.indicators),
        "acts": route.acts_of(found, request.user),
        "route": list(found.route.all()),
        "has_leader": route.has_leader(found),
        "reason": forms.get("reason") or TakeBack(prefix="ly-do"),
        "sending": forms.get("sending") or Sending(initial=_sent_as(document)),
        "failed": failed,
        "has_errors": bool(failed),
        "tones": {
            RouteAct.CONFIRM: "ok",
            RouteAct.REFUSE: "back",
            RouteAct.SIGN: "ok",
            RouteAct.SEND: "sent",
        },
    }
    return page(request, "reporting/report.html", context)


def _sent_as(document: Document | None) -> dict[str, Any]:
    """What the form of sending begins with: the number and the day of the paper that was issued."""
    if document is None or document.number is None:
        return {}
    return {"paper_code": document.number.code, "sent_on": document.number.issued_on}


@open_to(May.SEE_FIGURES)
@require_safe
def report_file(request: Request, pk: uuid.UUID) -> HttpResponse | FileResponse:
    """The report as a .docx, `?dang=pdf` as a .pdf."""
    found = _report(request, pk)
    name = f"bao-cao-tong-hop-{found.plan.number}-den-{found.as_of:%d-%m-%Y}.docx"
    if request.GET.get("dang") == "pdf":
        if found.says is None:
            raise Http404
        return as_pdf(found.says, name.removesuffix(".docx"))
    return FileResponse(found.file.open("rb"), as_attachment=True, filename=name)


def _report(request: Request, pk: uuid.UUID) -> ConsolidatedReport:
    reports = ConsolidatedReport.objects.visible_to(request.user).select_related("plan__issuer", "version")
    return get_object_or_404(reports, pk=pk)


def _differences(
    frozen: dict[str, Any], now: dict[str, Any], indicators: Sequence[Indicator]
) -> list[tuple[str, str, str, int | None, int | None]]:
    """(unit, indicator, figure, then, now) wherever another number comes out today; None is "no target"."""
    before = {unit["unit"]: unit for unit in frozen["units"]}
    found = []
    for unit in now["units"]:
        for indicator in indicators:
            nothing = {"target": None, "recorded": 0, "verified": 0}
            then, there = before.get(unit["unit"], {}).get(indicator.pk, nothing), unit[indicator.pk]
            for key, label in (
                ("target", "chỉ tiêu"),
                ("recorded", "đã ghi nhận"),
                ("verified", "đã xác minh"),
            ):
                if then[key] != there[key]:
                    found.append((unit["name"], indicator.short_name, label, then[key], there[key]))
    return found
