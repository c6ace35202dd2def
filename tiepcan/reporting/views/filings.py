"""The way of filings through their steps: opened, written, put before the leader, handed in, returned, accepted."""

import uuid
from typing import Any, Protocol

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
from tiepcan.paperwork.answers import as_file, as_pdf
from tiepcan.paperwork.views.documents import site_of
from tiepcan.plans.models import MilestoneKind, Plan
from tiepcan.reporting import filings, outputs, reminders
from tiepcan.reporting.forms import Marks, Signing, TakeBack
from tiepcan.reporting.models import Filing
from tiepcan.reporting.views import local_plans, periodic
from tiepcan.reporting.views.shared import plan_of
from tiepcan.reporting.views.steps import KINDS, Saving, filing_of
from tiepcan.reporting.workflow import Act


class Pages(Protocol):
    """The pages of a kind of filing."""

    def period(self, request: Request, plan: Plan, kind: str) -> HttpResponse: ...
    def marked(self, filing: Filing, /) -> list[tuple[str, str]]: ...
    def show(
        self, request: Request, filing: Filing, /, *, failed: str = "", **forms: Any
    ) -> HttpResponse: ...
    def write(self, request: Request, filing: Filing, /) -> Saving: ...


def _pages_of(kind: str) -> Pages:
    return local_plans if kind == MilestoneKind.LOCAL_PLAN else periodic


@open_to(May.SEE_FIGURES)
@require_safe
def of_all(request: Request, pk: int, period: str) -> HttpResponse:
    """One date of a plan: where each unit's filing stands, and what they say together."""
    plan, kind = _asked(request, pk, period)
    return _pages_of(kind).period(request, plan, kind)


@open_to(May.HAND_IN)
@require_POST
def open_mine(request: Request, pk: int, period: str) -> HttpResponse:
    """Open the filing of the person's own unit, or go to the one that is there."""
    plan, kind = _asked(request, pk, period)
    try:
        found = filings.open_filing(plan=plan, unit=request.user.unit, kind=kind, by=request.user)
    except NotAllowed as problem:
        messages.error(request, str(problem))
        return redirect("reporting:reports")
    return redirect("reporting:filing", found.pk)


@open_to(May.CONSOLIDATE)
@require_POST
def chase(request: Request, pk: int, period: str) -> HttpResponse:
    """Remind by e-mail, at once, every unit that has not filed for the date."""
    plan, kind = _asked(request, pk, period)
    try:
        done = reminders.chase(plan=plan, kind=kind, by=request.user)
    except NotAllowed as problem:
        messages.error(request, str(problem))
    else:
        for sentence in done.told:
            (messages.warning if done.failed else messages.success)(request, sentence)
    return redirect("reporting:period", pk, period)


@open_to(May.SEE_FIGURES)
@require_safe
def one(request: Request, pk: uuid.UUID) -> HttpResponse:
    """One filing: for who writes it with its form, for others as it was last put before somebody."""
    filing = filing_of(request, pk)
    return _pages_of(filing.kind).show(request, filing)


@open_to(May.HAND_IN)
@require_POST
def write(request: Request, pk: uuid.UUID) -> HttpResponse:
    """Keep what was written; by itself (`tu-luu`) while somebody types, or when asked."""
    filing = filing_of(request, pk)
    pages, by_itself = _pages_of(filing.kind), "tu-luu" in request.POST
    try:
        saving = pages.write(request, filing)
    except NotAllowed as problem:
        if by_itself:
            return JsonResponse({"problem": str(problem)}, status=409)
        messages.error(request, str(problem))
        return redirect("reporting:filing", filing.pk)
    if by_itself:
        return _kept(saving)
    if saving.problem or saving.clashes:
        return pages.show(request, filing, failed="words", words=saving.form)
    if "trinh" in request.POST:
        return _propose(request, filing)
    messages.success(request, "Đã lưu.")
    return redirect("reporting:filing", filing.pk)


def _kept(saving: Saving) -> HttpResponse:
    """What a page that saves by itself is told: when, the versions that it now stands on, and who wrote elsewhere."""
    if saving.problem:
        return JsonResponse({"problem": saving.problem}, status=422)
    problem = " ".join(
        f"{who} đang sửa cùng mục này ở nơi khác. Bấm “Lưu nháp” để thấy cả hai bản."
        for who in saving.clashes
    )
    return JsonResponse(
        {"saved": f"{clock.now():%H:%M}", "versions": dict(saving.versions), "problem": problem}
    )


def _propose(request: Request, filing: Filing) -> HttpResponse:
    try:
        filings.propose(filing=filing, by=request.user)
    except NotAllowed as problem:
        messages.error(request, f"Đã lưu, chưa trình. {problem}")
    else:
        messages.success(request, "Đã trình lãnh đạo. Nội dung được khóa cho đến khi có quyết định.")
    return redirect("reporting:filing", filing.pk)


TAKEN = {
    "rut": (Act.RECALL, "Đã rút về để sửa."),
    "tra-nguoi-soan": (Act.DECLINE, "Đã trả lại người soạn."),
    "nop": (Act.SUBMIT, "Đã nộp {noun}, nội dung được khóa."),
    "tra-lai": (Act.RETURN, "Đã trả lại để bổ sung."),
    "duyet": (Act.ACCEPT, "Đã duyệt và khóa {noun}."),
    "bo-sung": (Act.SUPPLEMENT, "Đã mở {noun} {supplement}."),
}


@open_to(May.HAND_IN, May.SIGN_REPORTS, May.CONSOLIDATE)
@require_POST
def take(request: Request, pk: uuid.UUID, step: str) -> HttpResponse:
    """Take one step with a filing; what was typed comes back with what is wrong."""
    if step not in TAKEN:
        raise Http404
    filing = filing_of(request, pk)
    pages = _pages_of(filing.kind)
    what, said = TAKEN[step]
    by, seen = request.user, request.POST.get("seen", "")
    marks = Marks(request.POST, marked=pages.marked(filing))
    signing = Signing(request.POST)
    reason = TakeBack(request.POST, prefix="ly-do")
    needed = {Act.SUBMIT: signing, Act.DECLINE: reason, Act.SUPPLEMENT: reason, Act.RETURN: marks}.get(what)
    back: dict[str, Any] = {"marks_form": marks, "signing": signing, "reason": reason}
    back = {name: form for name, form in back.items() if form is needed}
    if needed is not None and not needed.is_valid():
        return pages.show(request, filing, failed=what, **back)
    try:
        match what:
            case Act.RECALL:
                filing = filings.recall(filing=filing, by=by)
            case Act.DECLINE:
                filing = filings.decline(
                    filing=filing, reason=reason.cleaned_data["reason"], seen=seen, by=by
                )
            case Act.SUBMIT:
                code = signing.cleaned_data["paper_code"]
                filing = filings.submit(
                    filing=filing, paper_code=code, site=site_of(request), seen=seen, by=by
                )
            case Act.RETURN:
                filing = filings.give_back(filing=filing, marks=marks.cleaned_data, seen=seen, by=by)
            case Act.ACCEPT:
                filing = filings.accept(filing=filing, seen=seen, by=by)
            case Act.SUPPLEMENT:
                filing = filings.supplement(filing=filing, why=reason.cleaned_data["reason"], by=by)
    except NotAllowed as problem:
        if needed is not None:
            needed.add_error(None, str(problem))
            return pages.show(request, filing_of(request, pk), failed=what, **back)
        messages.error(request, str(problem))
        return redirect("reporting:filing", pk)
    messages.success(request, said.format(noun=filing.noun, supplement=filing.supplement))
    return redirect("reporting:filing", filing.pk)


@open_to(May.SEE_FIGURES)
@require_safe
def paper(request: Request, pk: uuid.UUID) -> HttpResponse:
    """The filing as a .docx, `?dang=pdf` as a .pdf; `?lan=` asks for what an earlier step was about."""
    filing = filing_of(request, pk)
    step = None
    if "lan" in request.GET:
        steps = filings.steps_for(filing, request.user).filter(content__isnull=False)
        step = get_object_or_404(steps, pk=whole_number(request.GET["lan"]) or 0)
        content = filings.kept_content(step)
    else:
        content = filings.content_for(filing, request.user)
    answer = as_pdf if request.GET.get("dang") == "pdf" else as_file
    name = "ke-hoach" if filing.is_plan else "bao-cao"
    return answer(
        outputs.filed(
            filing, content, outputs.wording_of(filing, filings.worded_at(filing, request.user, step))
        ),
        f"{name}-{filing.unit_id}-{filing.plan.year}-{filing.period}-{filing.ordinal}",
    )


def _asked(request: Request, pk: int, period: str) -> tuple[Plan, str]:
    plan = plan_of(request, pk)
    if plan is None or period not in KINDS:
        raise Http404
    return plan, KINDS[period]
