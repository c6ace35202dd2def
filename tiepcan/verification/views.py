"""Pages of verification: rounds, their sample, visits, decisions, minutes."""

import csv
import io
import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tiepcan.accounts.actions import note_reading
from tiepcan.accounts.doors import open_to
from tiepcan.accounts.requests import Request
from tiepcan.accounts.roles import May
from tiepcan.audit.history import history_of, told
from tiepcan.common import clock
from tiepcan.common.refusals import NotAllowed
from tiepcan.paperwork.answers import as_asked
from tiepcan.plans.models import Plan
from tiepcan.supports.models import Entry, EntryKind, Outcome
from tiepcan.supports.queries import as_recorded
from tiepcan.verification import actions, outputs
from tiepcan.verification.estimate import UNKNOWN_RULE
from tiepcan.verification.forms import Announce, Decide, Visited
from tiepcan.verification.history import SENTENCES
from tiepcan.verification.models import SIGNERS, Round, Sampled, Signed
from tiepcan.verification.queries import Line, Standing, Status, drawn_again, standing_of
from tiepcan.verification.sampling import DRAW_RULE, SIZE_RULE
from tiepcan.verification.workflow import READERS, why_not_done, why_not_sign
from tiepcan.web.page import page

LISTS: dict[str, tuple[str, tuple[Status, ...]]] = {
    "tat-ca": ("được rút", tuple(Status)),
    "dung": ("đúng như ghi nhận", (Status.RIGHT,)),
    "khong-dung": ("không đúng", (Status.ASKED, Status.TO_DECIDE, Status.WRONG)),
    "khong-gap": ("không gặp hộ", (Status.NOT_FOUND,)),
    "chua-den": ("chưa đến hoặc đến lại", (Status.NOT_VISITED, Status.AGAIN)),
}
"""The lists behind the figures of a round: by the word in the address, what they are called and whom they hold."""
_STRATA_SHOWN = 12


@open_to(*READERS)
@require_safe
def rounds(request: Request) -> HttpResponse:
    """Rounds of the plans that the person sees, the newest first."""
    found = (
        Round.objects.visible_to(request.user).select_related("plan__issuer").prefetch_related("signatures")
    )
    verifies = request.user.may(May.VERIFY_OUTCOMES)
    context = {"rounds": found, "may_announce": bool(_plans(request)), "verifies": verifies}
    return page(request, "verification/rounds.html", context)


@open_to(May.VERIFY_OUTCOMES)
@require_http_methods(["GET", "HEAD", "POST"])
def announce(request: Request) -> HttpResponse:
    """Open a round of this year's plan and announce its seed."""
    plans = _plans(request)
    if not plans:
        messages.error(request, "Chưa có kế hoạch nào của năm nay để xác minh.")
        return redirect("verification:rounds")
    plan = plans[0]
    form = Announce(request.POST or None)
    if form.is_valid():
        try:
            found = actions.announce(plan=plan, by=request.user, **form.cleaned_data)
        except NotAllowed as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, "Đã mở đợt và công bố hạt giống. Rút mẫu khi hết ngày chốt.")
            return redirect("verification:round", found.pk)
    context = {"form": form, "plan": plan, "rules": [SIZE_RULE, DRAW_RULE]}
    return page(request, "verification/announce.html", context)


def _plans(request: Request) -> list[Plan]:
    """This year's plans whose outcomes the person verifies."""
    plans = Plan.objects.visible_to(request.user).filter(year=clock.today().year).select_related("issuer")
    return [plan for plan in plans if request.user.may_change(May.VERIFY_OUTCOMES, plan.issuer)]


@open_to(*READERS)
@require_safe
def one(request: Request, pk: uuid.UUID) -> HttpResponse:
    """How a round stands; a ward sees its own strata."""
    found = _round(request, pk)
    note_reading(by=request.user, subject=f"round:{found.pk}", what="Mở đợt xác minh")
    standing = _seen(request, found)
    whole = request.user.covers(found.plan.issuer)
    example = next((stratum for stratum in standing.strata if not stratum.is_whole), None)
    context = {
        "round": found,
        "standing": standing,
        "whole": whole,
        "estimate": standing.estimated() if whole else None,
        "unknown_rule": UNKNOWN_RULE,
        "open_ones": [_told(line, request) for line in standing.of(*LISTS["khong-dung"][1])],
        "strata": standing.strata if request.GET.get("tang") == "tat-ca" else standing.strata[:_STRATA_SHOWN],
        "Status": Status,
        "rules": [SIZE_RULE, DRAW_RULE],
        "example": _example(found, example.drawn[0].sampled) if example else None,
        "drawn_again": drawn_again(found) if found.drawn_at and whole else None,
        "may_verify": request.user.may_change(May.VERIFY_OUTCOMES, found.plan.issuer),
        "why_not_draw": _why_not_draw(found),
        "why_not_done": why_not_done(found, standing),
        "why_not_sign": why_not_sign(found, standing, request.user) if whole else "",
        "signers": [(kind.label, _signed(found, kind)) for kind in SIGNERS],
        "decide_form": Decide(),
    }
    return page(request, "verification/round.html", context)


def _example(found: Round, sampled: Sampled) -> dict[str, object]:
    """One stratum in the order of its draw, for whoever wants to see how it is done."""
    stratum = found.sample.filter(unit_code=sampled.unit_code, indicator_key=sampled.indicator_key)
    text = "|".join(
        (found.seed, found.plan.code, sampled.unit_code, sampled.indicator_key, sampled.household_code)
    )
    return {"sampled": sampled, "rows": list(stratum), "text": text}


def _why_not_draw(found: Round) -> str | None:
    if clock.today() <= found.as_of:
        return f"Rút mẫu từ ngày hôm sau ngày chốt {found.as_of:%d/%m/%Y}."
    return None


def _signed(found: Round, kind: str) -> Signed | None:
    return next((one for one in found.signatures.all() if one.kind == kind), None)


def _seen(request: Request, found: Round) -> Standing:
    return standing_of(found, Sampled.objects.visible_to(request.user))


def _told(line: Line, request: Request) -> dict[str, object]:
    """A disagreement with what was said on both sides."""
    said = list(line.sampled.visits.all())
    answers = Entry.objects.filter(outcome=line.sampled.outcome_id).order_by("id")
    return {
        "line": line,
        "visit": said[-1] if said else None,
        "answer": answers.filter(kind=EntryKind.ANSWERED).last(),
        "decision": answers.filter(kind__in=(EntryKind.REJECTED, EntryKind.WITHDRAWN)).last(),
        "name": as_recorded(Outcome.objects.filter(pk=line.sampled.outcome_id), request.user).get().head_name,
    }


@open_to(May.VERIFY_OUTCOMES)
@require_POST
def draw(request: Request, pk: uuid.UUID) -> HttpResponse:
    found = _round(request, pk)
    try:
        actions.draw_sample(found=found, by=request.user)
    except NotAllowed as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, "Đã rút mẫu. Danh sách này không đổi nữa.")
    return redirect("verification:round", pk)


@open_to(*READERS)
@require_safe
def sample(request: Request, pk: uuid.UUID, status: str) -> HttpResponse:
    """The households behind one figure of a round, for the way to them."""
    found = _round(request, pk)
    if status not in LISTS:
        raise Http404
    words, statuses = LISTS[status]
    note_reading(by=request.user, subject=f"round:{found.pk}", what="Mở danh sách hộ của đợt xác minh")
    lines = _seen(request, found).of(*statuses)
    outcomes = Outcome.objects.filter(pk__in=[line.sampled.outcome_id for line in lines])
    names = {one.pk: one.head_name for one in as_recorded(outcomes, request.user)}
    context = {
        "round": found,
        "words": words,
        "lines": [(line, names[line.sampled.outcome_id]) for line in lines],
        "may_verify": request.user.may_change(May.VERIFY_OUTCOMES, found.plan.issuer),
        "lists": [(key, label) for key, (label, _) in LISTS.items()],
        "current": status,
    }
    return page(request, "verification/sample.html", context)


@open_to(*READERS)
@require_safe
def listed(request: Request, pk: uuid.UUID) -> HttpResponse:
    """The whole population with its digests as .csv, by code alone: what anybody needs to draw again."""
    found = _round(request, pk)
    out = io.StringIO()
    rows = csv.writer(out)
    rows.writerow(["ma_don_vi", "don_vi", "chi_so", "ma_ho", "sha256", "thu_tu", "duoc_rut"])
    for row in Sampled.objects.visible_to(request.user).filter(round=found).select_related("unit"):
        # A code that begins like a formula would be one in a spreadsheet.
        code = f"'{row.household_code}" if row.household_code[:1] in "=+-@" else row.household_code
        rows.writerow(
            [
                row.unit_code,
                row.unit.full_name,
                row.indicator_key,
                code,
                row.digest,
                row.place,
                int(row.is_drawn),
            ]
        )
    answer = HttpResponse("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="mau-xac-minh-{found.as_of:%Y-%m-%d}.csv"'
    return answer


@open_to(May.VERIFY_OUTCOMES)
@require_http_methods(["GET", "HEAD", "POST"])
def visit(request: Request, pk: int) -> HttpResponse:
    """The form of one visit, with what the ward recorded beside it."""
    found = _sampled(request, pk)
    note_reading(by=request.user, subject=f"outcome:{found.outcome_id}", what="Mở phiếu xác minh tại hộ")
    form = Visited(request.POST or None, request.FILES or None, initial={"visited_on": clock.today()})
    if form.is_valid():
        try:
            actions.visit(sampled=found, by=request.user, **form.cleaned_data)
        except NotAllowed as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, "Đã ghi phiếu.")
            return redirect("verification:sample", found.round_id, "chua-den")
    if form.errors and request.FILES:
        names = ", ".join(file.name or "" for file in request.FILES.getlist("files"))
        form.add_error("files", f"Chọn lại ảnh, chưa tệp nào được lưu: {names}.")
    outcome = as_recorded(
        Outcome.objects.filter(pk=found.outcome_id)
        .with_evidence()
        .select_related("household", "indicator", "means"),
        request.user,
    ).get()
    context = {
        "sampled": found,
        "outcome": outcome,
        "visits": found.visits.all(),
        "form": form,
        "has_errors": bool(form.errors),
    }
    return page(request, "verification/visit.html", context)


@open_to(May.VERIFY_OUTCOMES)
@require_POST
def accept(request: Request, pk: int) -> HttpResponse:
    found = _sampled(request, pk)
    try:
        actions.accept(sampled=found, by=request.user)
    except NotAllowed as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, f"Hộ {found.household_code}: tính là đúng.")
    return redirect("verification:round", found.round_id)


@open_to(May.VERIFY_OUTCOMES)
@require_POST
def reject(request: Request, pk: int) -> HttpResponse:
    found = _sampled(request, pk)
    form = Decide(request.POST)
    try:
        actions.reject(sampled=found, reason=form.data.get("reason", ""), by=request.user)
    except NotAllowed as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, f"Hộ {found.household_code}: không tính. Số đã ghi nhận giảm 1.")
    return redirect("verification:round", found.round_id)


@open_to(May.VERIFY_OUTCOMES, May.CONSOLIDATE)
@require_POST
def sign(request: Request, pk: uuid.UUID) -> HttpResponse:
    found = _round(request, pk, whole=True)
    try:
        actions.sign(found=found, by=request.user)
    except NotAllowed as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, "Đã ký biên bản xác minh.")
    return redirect("verification:round", pk)


@open_to(May.VERIFY_OUTCOMES, May.CONSOLIDATE)
@require_safe
def minutes(request: Request, pk: uuid.UUID) -> HttpResponse:
    """The minutes of what the first office signed, as a .docx."""
    found = _round(request, pk, whole=True)
    if found.frozen is None:
        raise Http404
    signatures = list(found.signatures.all())
    paper = outputs.minutes(found, signatures, outputs.wording_of(found, signatures))
    return as_asked(request, paper, f"bien-ban-xac-minh-{found.as_of:%Y-%m-%d}")


@open_to(May.VERIFY_OUTCOMES, May.CONSOLIDATE)
@require_safe
def history(request: Request, pk: uuid.UUID) -> HttpResponse:
    found = _round(request, pk, whole=True)
    acts = history_of(Round.objects.filter(pk=found.pk), Signed.objects.filter(round=found))
    crumbs = [
        ("Xác minh", reverse("verification:rounds")),
        (found.name, reverse("verification:round", args=[pk])),
        ("Lịch sử", None),
    ]
    context = {"heading": f"Lịch sử: {found.name}", "crumbs": crumbs, "lines": told(acts, SENTENCES)}
    return page(request, "web/history.html", context)


def _round(request: Request, pk: uuid.UUID, *, whole: bool = False) -> Round:
    """The round, if the person sees its plan; the `whole` of it is for who is responsible for all its units."""
    rounds = Round.objects.visible_to(request.user).select_related("plan__issuer")
    found = get_object_or_404(rounds.prefetch_related("signatures"), pk=pk)
    if whole and not request.user.covers(found.plan.issuer):
        raise Http404
    return found


def _sampled(request: Request, pk: int) -> Sampled:
    drawn = Sampled.objects.visible_to(request.user).drawn()
    return get_object_or_404(drawn.select_related("round__plan", "unit", "outcome__unit"), pk=pk)
