"""Pages of outcomes: recording, evidence, verifying, withdrawing."""

import uuid
from collections.abc import Callable, Sequence

from django.contrib import messages
from django.db.models import Q
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tiepcan.accounts.actions import note_reading
from tiepcan.accounts.doors import open_to
from tiepcan.accounts.models import Person
from tiepcan.accounts.requests import Request
from tiepcan.accounts.roles import May
from tiepcan.audit.history import history_of, told
from tiepcan.common import clock
from tiepcan.common.forms import Form
from tiepcan.common.refusals import NotAllowed
from tiepcan.households.models import Household
from tiepcan.standards.models import Indicator
from tiepcan.supports import actions, workflow
from tiepcan.supports.forms import AddEvidence, Answer, Choose, Reason, Record
from tiepcan.supports.history import SENTENCES
from tiepcan.supports.models import WAITING, Entry, Evidence, Outcome, Support
from tiepcan.supports.queries import as_recorded, lacking_of, waiting_in
from tiepcan.supports.rules import known_of, plan_for, rule_of, why_not_counted
from tiepcan.web.page import page

AskedOf = Callable[[Person], Sequence[tuple[str, str]]]
"""What waits for a person in rooms above this one: what to do, and the address where."""

CHOICES = 30
"""Households that the chooser shows at once; more are found by searching."""


@open_to(May.RECORD_OUTCOMES)
@require_http_methods(["GET", "HEAD", "POST"])
def record(request: Request) -> HttpResponse:
    """Record that a household gained access; without a household, choose one first."""
    wanted = request.GET.get("ho", "")
    if not wanted:
        return _choose(request)
    household = get_object_or_404(
        Household.objects.visible_to(request.user).select_related("unit"), pk=_uuid(wanted)
    )
    plan = plan_for(household, clock.today())
    if plan is None:
        messages.error(request, f"Năm {clock.today().year} chưa có kế hoạch nào giao cho {household.unit}.")
        return redirect("households:household", household.pk)
    note_reading(by=request.user, subject=f"household:{household.pk}", what="Mở trang ghi kết quả của hộ")
    known = known_of(plan, household)
    reasons = {
        i: why_not_counted(plan, household, i, known=known) for i in Indicator.objects.of_information()
    }
    counted = [indicator for indicator, reason in reasons.items() if reason is None]
    # After a double press the first press has settled its indicator: the action then compares what was sent.
    key = _uuid(request.POST.get("id", ""))
    sent_before = key is not None and Outcome.objects.visible_to(request.user).filter(pk=key).exists()
    choices = list(reasons) if sent_before else counted
    stood = plan.on(clock.today())
    # When somebody was faster with the last that counted, the page has no form, and says why.
    sent = (request.POST or None, request.FILES or None) if choices else ()
    form = Record(
        *sent,
        since=stood.first_day,
        unit=household.unit,
        indicators=choices,
    )
    if form.is_valid():
        try:
            outcome = actions.record(plan=plan, household=household, by=request.user, **form.cleaned_data)
        except NotAllowed as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, f"Đã ghi nhận cho hộ {household.head_name}. Phòng LĐTBXH sẽ xác minh.")
            return redirect("supports:outcome", outcome.pk)
    if form.errors and request.FILES:
        # A browser does not send a file twice by itself; that it has to be chosen again must not be missed.
        names = ", ".join(file.name or "" for file in request.FILES.getlist("files"))
        form.add_error("files", f"Chọn lại tệp minh chứng, chưa tệp nào được lưu: {names}.")
    context = {
        "household": household,
        "plan": plan,
        "form": form,
        "counted": choices,
        "reasons": {i: reason for i, reason in reasons.items() if reason},
        "rule": rule_of(stood),
        "has_errors": bool(form.errors),
    }
    return page(request, "supports/record.html", context)


def _choose(request: Request) -> HttpResponse:
    """Households of the person's that still wait, to choose from."""
    note_reading(by=request.user, subject="households", what="Mở danh sách hộ để ghi kết quả")
    form = Choose(request.POST or None)  # somebody's name: posted, never in an address
    words = form.cleaned_data["q"] if form.is_valid() else ""
    waiting = waiting_in(request.user)
    found = list((waiting.named(words) if words else waiting)[: CHOICES + 1])
    context = {
        "households": lacking_of(found[:CHOICES]),
        "more": len(found) > CHOICES,
        "form": form,
        "q": words,
    }
    return page(request, "supports/choose.html", context)


@open_to(May.SEE_HOUSEHOLDS)
@require_safe
def outcome(request: Request, pk: uuid.UUID) -> HttpResponse:
    return _show(request, _outcome(request, pk))


def _show(
    request: Request,
    found: Outcome,
    *,
    reason: Reason | None = None,
    answer_form: Answer | None = None,
    evidence_form: AddEvidence | None = None,
    step: str = "",
) -> HttpResponse:
    """The outcome's page; a form that failed comes back with what was typed."""
    note_reading(by=request.user, subject=f"outcome:{found.pk}", what="Mở kết quả của hộ")
    context = {
        "outcome": found,
        "entries": found.entries.all(),
        "evidence": found.files,
        "supports": found.supports.standing().select_related("source", "scheme").order_by("began_on", "pk"),
        "why_not": {name: workflow.why_not(s, found, request.user) for name, s in workflow.STEPS.items()},
        "may_record": request.user.may_change(May.RECORD_OUTCOMES, found.unit),
        "may_verify": request.user.may_change(May.VERIFY_OUTCOMES, found.unit),
        "failed": step,
        "give_back_form": reason if step == "give_back" and reason else Reason(prefix="tra"),
        "reject_form": reason if step == "reject" and reason else Reason(prefix="khong"),
        "withdraw_form": reason if step == "withdraw" and reason else Reason(prefix="rut"),
        "answer_form": answer_form or Answer(),
        "evidence_form": evidence_form or AddEvidence(),
        "has_errors": bool(step),
    }
    return page(request, "supports/outcome.html", context)


@open_to(May.VERIFY_OUTCOMES)
@require_POST
def verify(request: Request, pk: uuid.UUID) -> HttpResponse:
    found = _outcome(request, pk)
    try:
        actions.verify(outcome=found, by=request.user)
    except NotAllowed as problem:
        messages.error(request, str(problem))
        return redirect("supports:outcome", pk)
    messages.success(request, f"Đã xác minh kết quả của hộ {found.head_name}.")
    return redirect("supports:to_verify")


@open_to(May.VERIFY_OUTCOMES)
@require_POST
def give_back(request: Request, pk: uuid.UUID) -> HttpResponse:
    return _with_reason(
        request, pk, "give_back", "tra", actions.give_back, "Đã trả lại để phường, xã bổ sung."
    )


@open_to(May.RECORD_OUTCOMES)
@require_POST
def withdraw(request: Request, pk: uuid.UUID) -> HttpResponse:
    return _with_reason(
        request, pk, "withdraw", "rut", actions.withdraw, "Đã rút kết quả. Kết quả vẫn còn trong sổ."
    )


@open_to(May.VERIFY_OUTCOMES)
@require_POST
def reject(request: Request, pk: uuid.UUID) -> HttpResponse:
    return _with_reason(request, pk, "reject", "khong", actions.reject, "Đã quyết định không tính kết quả.")


def _with_reason(
    request: Request, pk: uuid.UUID, step: str, prefix: str, act: Callable[..., None], done: str
) -> HttpResponse:
    found = _outcome(request, pk)
    if problem := workflow.why_not(workflow.STEPS[step], found, request.user):
        return _moved_on(request, found, problem)
    form = Reason(request.POST, prefix=prefix)
    if form.is_valid():
        try:
            act(outcome=found, reason=form.cleaned_data["reason"], by=request.user)
        except NotAllowed as refusal:
            form.add_error("reason", str(refusal))
        else:
            messages.success(request, done)
            return redirect("supports:outcome", pk)
    return _show(request, found, reason=form, step=step)


@open_to(May.RECORD_OUTCOMES)
@require_POST
def answer(request: Request, pk: uuid.UUID) -> HttpResponse:
    found = _outcome(request, pk)
    if problem := workflow.why_not(workflow.ANSWER, found, request.user):
        return _moved_on(request, found, problem)
    form: Form = Answer(request.POST, request.FILES)
    if form.is_valid():
        try:
            actions.answer(outcome=found, by=request.user, **form.cleaned_data)
        except NotAllowed as refusal:
            form.add_error("note", str(refusal))
        else:
            messages.success(request, "Đã bổ sung. Phòng LĐTBXH sẽ xác minh lại.")
            return redirect("supports:outcome", pk)
    assert isinstance(form, Answer)
    return _show(request, found, answer_form=form, step="answer")


@open_to(May.RECORD_OUTCOMES)
@require_POST
def add_evidence(request: Request, pk: uuid.UUID) -> HttpResponse:
    found = _outcome(request, pk)
    form = AddEvidence(request.POST, request.FILES)
    if form.is_valid():
        try:
            kept = actions.add_evidence(outcome=found, files=form.cleaned_data["files"], by=request.user)
        except NotAllowed as refusal:
            form.add_error("files", str(refusal))
        else:
            messages.success(request, f"Đã thêm {len(kept)} tệp minh chứng.")
            return redirect("supports:outcome", pk)
    return _show(request, found, evidence_form=form, step="evidence")


def _moved_on(request: Request, found: Outcome, problem: str) -> HttpResponse:
    """The step's form is not on the page any more: somebody, or a first press of the button, took it already."""
    messages.error(request, problem)
    return redirect("supports:outcome", found.pk)


def to_verify(beside: Sequence[tuple[str, str]], asked_of: AskedOf) -> Callable[[Request], HttpResponse]:
    """The page with the other pages of verification beside it: label and name of the route of each."""

    @open_to(May.VERIFY_OUTCOMES)
    @require_safe
    def to_verify(request: Request) -> HttpResponse:
        """Outcomes that wait for the Labour Office, those waiting longest first."""
        waiting = (
            as_recorded(Outcome.objects.visible_to(request.user), request.user)
            .standing()
            .in_state(*WAITING)
            .select_related("household", "unit", "indicator", "means")
            .with_evidence()
            .order_by("happened_on", "pk")
        )
        note_reading(by=request.user, subject="outcomes", what="Mở danh sách chờ xác minh")
        return page(
            request,
            "supports/to_verify.html",
            {"waiting": waiting, "beside": beside, "asked": asked_of(request.user)},
        )

    return to_verify


@open_to(May.SEE_HOUSEHOLDS)
@require_safe
def evidence(request: Request, pk: uuid.UUID) -> FileResponse:
    """A file of evidence, as an attachment and for those only who may see its household."""
    found = get_object_or_404(
        Evidence.objects.filter(
            Q(outcome__in=Outcome.objects.visible_to(request.user))
            | Q(support__in=Support.objects.visible_to(request.user))
        ),
        pk=pk,
    )
    note_reading(by=request.user, subject=f"evidence:{found.pk}", what="Mở minh chứng")
    answer = FileResponse(
        found.file.open("rb"), as_attachment=True, filename=found.name, content_type=found.media_type
    )
    answer["Cache-Control"] = "private, no-store"
    return answer


@open_to(May.SEE_HOUSEHOLDS)
@require_safe
def history(request: Request, pk: uuid.UUID) -> HttpResponse:
    found = _outcome(request, pk)
    note_reading(by=request.user, subject=f"outcome:{found.pk}", what="Mở lịch sử kết quả của hộ")
    acts = history_of(
        Outcome.objects.filter(pk=found.pk),
        Entry.objects.filter(outcome=found),
        Evidence.objects.filter(Q(outcome=found) | Q(support__outcome=found)),
        Support.objects.filter(outcome=found),
    )
    household = reverse("households:household", args=[found.household_id]) if found.opens else None
    crumbs = [
        ("Hộ gia đình", reverse("households:households")),
        (found.code, household),
        (str(found), reverse("supports:outcome", args=[pk])),
        ("Lịch sử", None),
    ]
    context = {"heading": f"Lịch sử kết quả: {found}", "crumbs": crumbs, "lines": told(acts, SENTENCES)}
    return page(request, "web/history.html", context)


def _outcome(request: Request, pk: uuid.UUID) -> Outcome:
    outcomes = Outcome.objects.visible_to(request.user).select_related(
        "household", "unit", "indicator", "means", "plan"
    )
    return get_object_or_404(as_recorded(outcomes, request.user), pk=pk)


def _uuid(written: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(written)
    except ValueError:
        return None
