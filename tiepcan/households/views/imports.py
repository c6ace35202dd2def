"""Workbooks into the registry: sent, looked through, written, stopped; and given back with their bad cells marked."""

import uuid
from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tiepcan.accounts.actions import note_reading
from tiepcan.accounts.doors import open_to
from tiepcan.accounts.requests import Request
from tiepcan.accounts.roles import May
from tiepcan.common import clock
from tiepcan.common.numbers import whole_number
from tiepcan.common.refusals import NotAllowed
from tiepcan.households import suspicion
from tiepcan.households.forms import Explained, SendFiles, WriteFile
from tiepcan.households.importing import actions, piece, preview, undoing
from tiepcan.households.models import Import, ImportProblem, ImportState, RowOutcome
from tiepcan.households.views.scope import rooms, wards_of
from tiepcan.intake.document import Unreadable
from tiepcan.intake.marking import Mark, marked_in_child
from tiepcan.paperwork.answers import workbook_answer
from tiepcan.standards.models import Indicator
from tiepcan.web.page import page

PAGE = 100


@open_to(May.IMPORT_HOUSEHOLDS)
@require_http_methods(["GET", "HEAD", "POST"])
def imports(request: Request) -> HttpResponse:
    """Files that were sent, newest first, and the form to send more: one, or many at once."""
    years = _years()
    form = SendFiles(request.POST or None, request.FILES or None, years=years, initial={"year": years[0]})
    if form.is_valid():
        sent, known, refused = _receive(request, form)
        if len(sent) + len(known) == 1 and not refused:
            if known:
                messages.success(request, "Tệp này đã được gửi trước đây; dưới đây là kết quả của lần đó.")
            return redirect("households:import", (sent or known)[0].pk)
        if sent:
            messages.success(request, f"Đã nhận {len(sent)} tệp, máy đang đọc. Có thể rời trang này.")
        if known:
            messages.info(request, f"{len(known)} tệp đã gửi trước đây nên không đọc lại.")
        for problem in refused:
            messages.error(request, problem)
        return redirect("households:imports")
    visible = Import.objects.visible_to(request.user).select_related("unit")
    state = request.GET.get("tinh-trang", "")
    found = visible.filter(state=state) if state in ImportState.values else visible
    counted = dict(visible.values_list("state").annotate(Count("id")).order_by())
    context = {
        "states": [
            (value, label, counted[value]) for value, label in ImportState.choices if value in counted
        ],
        "clean": sum(
            actions.why_not_written(file, without_rejected=False) is None for file in visible.filter(_CLEAN)
        ),
        "form": form,
        "files": found[:PAGE],
        "under_way": any(file.is_under_way for file in found[:PAGE]),
        "rooms": rooms(request.user, "imports"),
        "wards": wards_of(request.user),
    }
    return page(request, "households/imports.html", context, fragment="files")


_CLEAN = Q(state=ImportState.READ, rejected=0) & (Q(accepted__gt=0) | Q(changed__gt=0))
"""Files that may be written without anybody looking at single rows; a column that waits holds one back all the same."""


@open_to(May.IMPORT_HOUSEHOLDS)
@require_POST
def write_all(request: Request) -> HttpResponse:
    """Every file with nothing to decide, in one go: for who sends the lists of many wards together."""
    sent, left = actions.write_all(
        files=Import.objects.visible_to(request.user).filter(_CLEAN).select_related("unit"), by=request.user
    )
    messages.success(request, f"Máy đang ghi {sent} tệp không có dòng bị từ chối. Có thể rời trang này.")
    if left:
        messages.warning(request, f"{left} tệp còn điều phải chọn: mở từng tệp.")
    return redirect("households:imports")


def _receive(request: Request, form: SendFiles) -> tuple[list[Import], list[Import], list[str]]:
    """Files taken in, files known from before, and why others were refused."""
    sent: list[Import] = []
    known: list[Import] = []
    refused: list[str] = []
    for n, file in enumerate(form.cleaned_data["chosen"]):
        key = form.cleaned_data["id"] if n == 0 else uuid.uuid4()
        try:
            taken = actions.receive(
                id=key,
                raw=file.read(actions.LARGEST + 1),
                name=file.name or "",
                unit=request.user.unit,
                year=form.cleaned_data["year"],
                by=request.user,
            )
        except NotAllowed as problem:
            refused.append(f"{file.name}: {problem}")
        else:
            (sent if taken.pk == key else known).append(taken)
    return sent, known, refused


def _years() -> list[int]:
    """Years whose review a file may hold: last year's first, since it is what plans rest on."""
    this = clock.today().year
    return [this - 1, this, *range(this - 2, this - 5, -1)]


@open_to(May.IMPORT_HOUSEHOLDS)
@require_safe
def one(request: Request, pk: uuid.UUID) -> HttpResponse:
    """A file: under way with its progress, looked through before it is written, or with its result."""
    return _show(request, _file(request, pk), WriteFile())


def _show(
    request: Request, file: Import, form: WriteFile, explained: Explained | None = None
) -> HttpResponse:
    note_reading(by=request.user, subject=f"import:{file.pk}", what="Mở tệp nhập hộ")
    context: dict[str, Any] = {
        "file": file,
        "form": form,
        "rooms": rooms(request.user, "imports"),
        "crumbs": [("Hộ gia đình", reverse("households:households")), ("Nhập bảng tính", None)],
        "counts": [(outcome, label.lower(), getattr(file, outcome)) for outcome, label in RowOutcome.choices],
        "undo_why_not": undoing.why_not(file),
        "undo_until": undoing.last_day(file),
    }
    if not file.is_under_way and file.understanding:
        context |= _preview(file, part=whole_number(request.GET.get("doan", "")) or 1)
        context["explained"] = explained or Explained(waiting=context["waiting"], units=_units(request, file))
    answer = page(request, "households/import.html", context, fragment="body")
    if request.headers.get("HX-Request") and not file.is_under_way:
        answer["HX-Refresh"] = "true"  # the head has other words and other buttons now
    return answer


def _units(request: Request, file: Import) -> list[tuple[str, str]]:
    """Wards to choose from, when the file was sent for several and does not say whose it is."""
    if file.state != ImportState.READ or not file.lines.filter(outcome="rejected", unit=None).exists():
        return []
    return [(ward.pk, ward.full_name) for ward in wards_of(request.user) if file.unit.covers(ward)]


def _preview(file: Import, *, part: int) -> dict[str, Any]:
    changed = file.lines.filter(outcome=RowOutcome.CHANGED)[: preview.SHOWN]
    names = dict(Indicator.objects.values_list("pk", "short_name"))
    absent, first_absent = preview.left_alone(file)
    fresh = list(file.lines.filter(outcome=RowOutcome.ACCEPTED)[: preview.SHOWN])
    alike = suspicion.like_lines(fresh) if file.state == ImportState.READ else {}
    refused = piece.refused(file)
    return {
        "waiting": preview.waiting_columns(file),
        "bad": preview.bad_cells(refused),
        "piece": piece.piece_of(file, refused, part),
        "changes": preview.changes(changed),
        "fresh": [(line, preview.in_words(line, names), alike.get(line.pk)) for line in fresh],
        "understood": preview.understood(file),
        "absent": absent,
        "first_absent": first_absent,
        "why_not": actions.why_not_written(file, without_rejected=True),
    }


@open_to(May.IMPORT_HOUSEHOLDS)
@require_safe
def lines(request: Request, pk: uuid.UUID, outcome: str) -> HttpResponse:
    """Rows of a file with one outcome, 100 to a page."""
    if outcome not in RowOutcome.values:
        raise Http404
    file = _file(request, pk)
    note_reading(by=request.user, subject=f"import:{file.pk}", what="Mở các dòng của tệp nhập hộ")
    after = whole_number(request.GET.get("sau", "")) or 0
    found = list(file.lines.filter(outcome=outcome, pk__gt=after)[: PAGE + 1])
    names = dict(Indicator.objects.values_list("pk", "short_name"))
    refused = preview.why_refused(file, found) if outcome == RowOutcome.REJECTED else {}
    context = {
        "file": file,
        "outcome": RowOutcome(outcome),
        "lines": [
            (line, refused.get((line.sheet, line.row)) or line.reason or preview.in_words(line, names))
            for line in found[:PAGE]
        ],
        "changes": preview.changes(found[:PAGE]) if outcome == RowOutcome.CHANGED else [],
        "next": found[PAGE - 1].pk if len(found) > PAGE else None,
    }
    return page(request, "households/import_lines.html", context)


@open_to(May.IMPORT_HOUSEHOLDS)
@require_POST
def explain(request: Request, pk: uuid.UUID) -> HttpResponse:
    """What columns mean, or whose the file is; then it is read again."""
    file = _file(request, pk)
    form = Explained(request.POST, waiting=preview.waiting_columns(file), units=_units(request, file))
    if not form.is_valid():
        return _show(request, file, WriteFile(), form)
    try:
        actions.choose(file=file, choices=form.choices(), unit=form.unit(), by=request.user)
    except NotAllowed as problem:
        messages.error(request, str(problem))
    return redirect("households:import", pk)


@open_to(May.IMPORT_HOUSEHOLDS)
@require_POST
def write(request: Request, pk: uuid.UUID) -> HttpResponse:
    file = _file(request, pk)
    form = WriteFile(request.POST)
    if form.is_valid():
        try:
            actions.write(file=file, without_rejected=form.cleaned_data["without_rejected"], by=request.user)
        except NotAllowed as problem:
            form.add_error(None, str(problem))
            return _show(request, _file(request, pk), form)
    return redirect("households:import", pk)


@open_to(May.IMPORT_HOUSEHOLDS)
@require_POST
def stop(request: Request, pk: uuid.UUID) -> HttpResponse:
    return _done(request, pk, actions.stop, "Đã xin dừng. Sổ giữ nguyên.")


@open_to(May.IMPORT_HOUSEHOLDS)
@require_POST
def take_back(request: Request, pk: uuid.UUID) -> HttpResponse:
    return _done(request, pk, actions.take_back, "Máy đang hoàn tác lần nhập. Có thể rời trang này.")


@open_to(May.IMPORT_HOUSEHOLDS)
@require_POST
def discard(request: Request, pk: uuid.UUID) -> HttpResponse:
    return _done(request, pk, actions.discard, "Đã bỏ tệp. Chưa ghi gì vào sổ.")


def _done(request: Request, pk: uuid.UUID, act: Any, sentence: str) -> HttpResponse:
    try:
        act(file=_file(request, pk), by=request.user)
    except NotAllowed as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, sentence)
    return redirect("households:import", pk)


@open_to(May.IMPORT_HOUSEHOLDS)
@require_safe
def marked(request: Request, pk: uuid.UUID) -> HttpResponse:
    """The person's own file, each bad cell coloured and with a comment."""
    file = _file(request, pk)
    if file.content_gone:
        messages.error(request, file.content_gone)
        return redirect("households:import", pk)
    note_reading(by=request.user, subject=f"import:{file.pk}", what="Tải lại tệp nhập hộ có đánh dấu")
    marks = [
        Mark(problem.sheet, problem.row, problem.column or 1, problem.message)
        for problem in ImportProblem.objects.filter(file=file)
    ]
    try:
        with file.file.open("rb") as stored:
            content, name = marked_in_child(stored.read(), file.name, marks)
    except (Unreadable, FileNotFoundError) as problem:
        messages.error(request, str(problem) if isinstance(problem, Unreadable) else "Tệp gốc không còn.")
        return redirect("households:import", pk)
    return workbook_answer(content, name)


def _file(request: Request, pk: uuid.UUID) -> Import:
    return get_object_or_404(Import.objects.visible_to(request.user).select_related("unit"), pk=pk)
