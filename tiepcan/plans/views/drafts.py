"""The plan reader: upload a paper, confirm what was understood, open the plan."""

import uuid
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tiepcan.accounts.doors import open_to
from tiepcan.accounts.requests import Request
from tiepcan.accounts.roles import May
from tiepcan.common.forms import Form
from tiepcan.common.numbers import whole_number
from tiepcan.common.refusals import NotAllowed, Stale
from tiepcan.intake.document import LARGEST_FILE
from tiepcan.plans import actions
from tiepcan.plans.drafts import DraftReading, reading_of, why_not_accept
from tiepcan.plans.forms import ALONE, ITEMS, Accept, Open, RowItem, Upload, current, plain
from tiepcan.plans.models import Draft, DraftState, Plan
from tiepcan.plans.reading import read as read_paper
from tiepcan.plans.reading.corrections import BY_HAND
from tiepcan.plans.reading.marks import marked, sources_of
from tiepcan.plans.reading.records import Source
from tiepcan.units.models import Unit
from tiepcan.web.page import page


@open_to(May.OPEN_PLANS)
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: Request) -> HttpResponse:
    """Upload the paper of a new plan, or with `dieu-chinh` one that amends a plan."""
    amends = None
    if wanted := request.GET.get("dieu-chinh"):
        amends = get_object_or_404(_amendable(request), pk=whole_number(wanted) or 0)
    form = Upload(request.POST or None, request.FILES or None)
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            draft = actions.receive(
                id=form.cleaned_data["id"],
                # One byte over the limit is enough to be refused.
                raw=file.read(LARGEST_FILE + 1),
                name=file.name,
                unit=amends.issuer if amends else request.user.unit,
                amends=amends,
                by=request.user,
            )
        except NotAllowed as problem:
            form.add_error("file", str(problem))
        else:
            if draft.pk != form.cleaned_data["id"]:
                messages.success(
                    request, "Tệp này đã được tải lên trước đây; dưới đây là bản đọc của lần đó."
                )
            return redirect("plans:draft", draft.pk)
    return page(request, "plans/upload.html", {"form": form, "amends": amends})


@open_to(May.OPEN_PLANS)
@require_safe
def draft(request: Request, pk: uuid.UUID) -> HttpResponse:
    found = _draft(request, pk)
    if found.state == DraftState.OPENED and found.plan:
        return redirect("plans:plan", found.plan.pk)
    return _reader(request, found, Open())


@open_to(May.OPEN_PLANS)
@require_safe
def draft_file(request: Request, pk: uuid.UUID) -> FileResponse:
    """The paper as it was uploaded."""
    paper = _draft(request, pk).paper
    return FileResponse(paper.file.open("rb"), as_attachment=True, filename=paper.name)


@open_to(May.OPEN_PLANS)
@require_http_methods(["GET", "HEAD", "POST"])
def draft_item(request: Request, pk: uuid.UUID, section: str, name: str) -> HttpResponse:
    """Correct one item of the reading; `them` adds one that the paper has and the reading has not."""
    found = _draft(request, pk)
    read = reading_of(found)
    if section not in ITEMS or (section in ALONE and name != "0"):
        raise Http404
    adding = name == "them"
    key = f"{section}/{_new_name(found) if adding else name}"
    before = None if adding else current(read.reading, section, key)
    undoing = "tra-lai" in request.POST
    # What was dropped has no form any more, but may be put back.
    if not adding and before is None and not (undoing and key in found.corrections):
        raise Http404
    heading, kind = ITEMS[section]
    extra: dict[str, Any] = {"units": _units_below(read)} if kind is RowItem else {}
    form = kind(request.POST or None, initial=before, **extra)
    if kind is RowItem and not adding:
        form.fields["name"].disabled = True  # what the paper prints stays what it prints
    theirs: list[tuple[str, Any]] = []
    shown_version = _version(request) if request.method == "POST" else found.version
    dropping = "bo" in request.POST and section not in ALONE
    if request.method == "POST" and (dropping or undoing or form.is_valid()):
        values = {"dropped": True} if dropping else None if undoing else plain(form.cleaned_data)
        try:
            actions.correct(draft=found, key=key, values=values, version=_version(request), by=request.user)
        except Stale as problem:
            form.add_error(None, str(problem))
            # What was typed stays; what the other person left stands beside it, and saving again is a choice.
            theirs = _theirs(_draft(request, pk), section, key, form)
            shown_version = _draft(request, pk).version
        except NotAllowed as problem:
            form.add_error(None, str(problem))
        else:
            return redirect(f"{reverse('plans:draft', args=[pk])}#v-{key.replace('/', '-')}")
    source = dict(sources_of(read.reading)).get(key)
    context = {
        "draft": found,
        "version": shown_version,
        "theirs": theirs,
        "form": form,
        "heading": heading,
        "source": source,
        "adding": adding,
        "may_drop": section not in ALONE and not adding,
        "corrected": key in found.corrections,
    }
    return page(request, "plans/draft_item.html", context)


@open_to(May.OPEN_PLANS)
@require_POST
def draft_answer(request: Request, pk: uuid.UUID, finding: str) -> HttpResponse:
    found = _draft(request, pk)
    form = Accept(request.POST)
    problem = None if form.is_valid() else str(form.errors["reason"][0])
    if not problem:
        try:
            if "bo" in request.POST:
                actions.take_answer_back(
                    draft=found, finding=finding, version=_version(request), by=request.user
                )
            else:
                reason = form.cleaned_data["reason"]
                actions.answer(
                    draft=found, finding=finding, reason=reason, version=_version(request), by=request.user
                )
        except NotAllowed as refusal:
            problem = str(refusal)
    if problem:
        return _reader(
            request, _draft(request, pk), Open(), unanswered=(finding, form["reason"].value(), problem)
        )
    return redirect(f"{reverse('plans:draft', args=[pk])}#can-xac-nhan")


@open_to(May.OPEN_PLANS)
@require_POST
def draft_drop(request: Request, pk: uuid.UUID) -> HttpResponse:
    found = _draft(request, pk)
    try:
        actions.drop(draft=found, version=_version(request), by=request.user)
    except NotAllowed as problem:
        messages.error(request, str(problem))
        return redirect("plans:draft", pk)
    messages.success(
        request, f"Đã bỏ văn bản “{found.paper.name}”. Chưa có kế hoạch nào được mở từ văn bản này."
    )
    return redirect("plans:plans")


@open_to(May.OPEN_PLANS)
@require_POST
def draft_open(request: Request, pk: uuid.UUID) -> HttpResponse:
    found = _draft(request, pk)
    form = Open(request.POST)
    if not form.is_valid():
        return _reader(request, found, form)
    try:
        plan = actions.open_plan(
            draft=found, version=_version(request), reason=form.cleaned_data["reason"], by=request.user
        )
    except NotAllowed as problem:
        form.add_error("reason" if found.amends else None, str(problem))
        return _reader(request, found, form)
    messages.success(request, f"Đã {'điều chỉnh' if found.amends else 'mở'} {plan}.")
    return redirect("plans:plan", plan.pk)


def _draft(request: Request, pk: uuid.UUID) -> Draft:
    drafts = Draft.objects.visible_to(request.user).select_related("paper", "unit", "amends", "plan")
    return get_object_or_404(drafts, pk=pk)


def _version(request: Request) -> int:
    """The version of the draft that the person saw; a form without one is stale."""
    return whole_number(request.POST.get("version", "")) or 0


def _amendable(request: Request) -> QuerySet[Plan]:
    """Plans of units within the person's scope: those addressed to it from above are others' to amend."""
    within = Plan.objects.visible_to(request.user).filter(issuer__path__startswith=request.user.unit.path)
    return within.select_related("issuer")


def _theirs(found: Draft, section: str, key: str, form: Form) -> list[tuple[str, Any]]:
    """What an item is now, by the labels of its form, after somebody else changed the draft."""
    now = current(reading_of(found).reading, section, key) or {}
    return [(str(field.label), now[name]) for name, field in form.fields.items() if name in now]


def _new_name(draft: Draft) -> str:
    """A name for an added item: never a number, which would be an item of the paper."""
    return f"them-{draft.version}"


def _units_below(read: DraftReading) -> list[Unit]:
    day = read.reading.issued_on
    units = Unit.objects.filter(parent=read.issuer)
    return list((units.valid_on(day) if day else units).order_by("kind", "name"))


def _reader(
    request: Request, found: Draft, form: Open, *, unanswered: tuple[str, str, str] | None = None
) -> HttpResponse:
    """The reader's page; `unanswered` is a finding whose answer was refused, what was typed, and why."""
    read = reading_of(found)
    sources = {key: source for key, source in sources_of(read.reading) if source != BY_HAND}
    context = {
        "draft": found,
        "read": read,
        "reading": read.reading,
        "blocks": marked(read.document, read.reading),
        "numbers": {key: n for n, key in enumerate(sources, start=1)},
        "sources": sources,
        "letters": {finding.key: n for n, finding in enumerate(read.waiting + read.answered, start=1)},
        "why_not_accept": why_not_accept,
        "open_form": form,
        "unanswered": unanswered,
        "mend": _where_to_mend(read, sources),
        "kept_rows": _rows_kept(read),
        "dropped": _dropped(read),
        "has_errors": bool(form.errors or unanswered),
    }
    return page(request, "plans/draft.html", context)


def _where_to_mend(read: DraftReading, sources: dict[str, Source]) -> dict[str, tuple[str, str]]:
    """For each finding, the section and name of the item whose form mends it; nothing for those without one."""
    items = {source.where: key for key, source in reversed(sources.items()) if "/" in key}
    found = {}
    for finding in read.waiting:
        key = "printed/0" if finding.code == "total_differs" else items.get(finding.where)
        if key:
            section, _, name = key.partition("/")
            found[finding.key] = (section, name)
    return found


@dataclass(frozen=True)
class _Dropped:
    """One item of the paper that a person put aside, with the words that it came from."""

    section: str
    name: str
    heading: str
    quote: str


def _dropped(read: DraftReading) -> list[_Dropped]:
    keys = [key for key, values in read.draft.corrections.items() if values.get("dropped")]
    if not keys:
        return []
    # An item that a person had added is not in the paper: dropping it leaves nothing to put back.
    said = dict(sources_of(read_paper(read.document, ())))
    return [
        _Dropped(section, name, ITEMS[section][0], said[key].quote)
        for key in keys
        if key in said
        for section, name in (key.split("/"),)
    ]


def _rows_kept(read: DraftReading) -> int:
    """How many units an amending paper does not list, which keep the targets that stood."""
    last = read.draft.amends.versions.last() if read.draft.amends else None
    return (
        last.rows.exclude(unit__in=[row.unit for row in read.reading.units if row.unit]).count()
        if last
        else 0
    )
