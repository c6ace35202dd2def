"""Pages of papers that go out: the list, one paper on its way, its words, its files."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tiepcan.accounts.doors import open_to
from tiepcan.accounts.models import Person
from tiepcan.accounts.requests import Request
from tiepcan.accounts.roles import May
from tiepcan.common import clock
from tiepcan.common.folding import folded_key
from tiepcan.common.refusals import NotAllowed
from tiepcan.paperwork import drafting, issuing, recipients, registers
from tiepcan.paperwork.answers import as_file, as_pdf, stored_file
from tiepcan.paperwork.bodies import bodies_of
from tiepcan.paperwork.checks import Tone, checked
from tiepcan.paperwork.forms.documents import Draft, Invite, Issue, NewPaper, Propose, Scan, Sign, Why
from tiepcan.paperwork.heads import head_of, part_of
from tiepcan.paperwork.invitations import INVITATION, Meeting, invitation
from tiepcan.paperwork.kinds import LETTER, name_of
from tiepcan.paperwork.models import Contact, Dispatch, Document, Stage, Stamp
from tiepcan.paperwork.queries import waiting_for
from tiepcan.paperwork.signatures import Key
from tiepcan.paperwork.stamps import Changed
from tiepcan.paperwork.wordings import wording_for
from tiepcan.paperwork.workflow import DONE, Act, acts_of, why_not
from tiepcan.paperwork.writing.records import Paper, Text
from tiepcan.web.page import page

TONES = {
    Stage.DRAFT: "work",
    Stage.PROPOSED: "soon",
    Stage.RETURNED: "back",
    Stage.SIGNED: "soon",
    Stage.ISSUED: "ok",
    Stage.RECALLED: "back",
    Stage.CANCELLED: "lock",
    Stage.DROPPED: "idle",
}
_SHOWN = 50


@open_to(May.SEE_PLANS)
@require_safe
def documents(request: Request) -> HttpResponse:
    """Papers on their way, papers that went out, and those that came to the person's own organisation."""
    query, stage = request.GET.get("tim", "").strip(), request.GET.get("tt", "")
    found = Document.objects.visible_to(request.user).select_related("body", "number__register", "signatory")
    if query:
        found = found.filter(search_key__contains=folded_key(query))
    if stage in Stage.values:
        found = found.filter(stage=stage)
    ours = found.filter(body__in=bodies_of(request.user)) | found.filter(
        drafted_by=request.user.organisation_id
    )
    mine = ours | found.filter(signatory__person=request.user)
    received = Dispatch.objects.filter(
        organisation=request.user.organisation_id,
        document__in=found.filter(stage__in=[Stage.ISSUED, Stage.RECALLED]),
    ).exclude(document__body=request.user.organisation_id)
    context = {
        "waiting": waiting_for(request.user).select_related("body", "number__register")[:_SHOWN],
        "papers": mine.distinct()[: _SHOWN + 1],
        "shown": _SHOWN,
        "received": received.select_related("document__body", "document__number__register").order_by(
            "-sent_at"
        )[:_SHOWN],
        "query": query,
        "stage": stage,
        "stages": Stage.choices,
        "tones": TONES,
        "may_draft": request.user.may(May.DRAFT_PAPERS),
    }
    return page(request, "paperwork/documents.html", context, fragment="rows")


@open_to(May.DRAFT_PAPERS)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Request) -> HttpResponse:
    """Begin a paper that no subject hands over."""
    bodies = bodies_of(request.user).select_related("unit__parent").order_by("kind", "name")
    first = bodies.first()
    start = {
        "symbol": registers.symbol_for(LETTER, part_of(first), "VHTT") if first else "",
        "recipients": "Như trên",
    }
    form = NewPaper(request.POST or None, bodies=bodies, initial=start)
    if form.is_valid():
        data = form.cleaned_data
        try:
            made = drafting.draft(
                id=data["id"], body=data["body"], handed=drafting.Handed(_paper(data)), by=request.user
            )
        except NotAllowed as problem:
            form.add_error(None, str(problem))
        else:
            return redirect("paperwork:document", made.pk)
    return page(request, "paperwork/new.html", {"form": form})


@open_to(May.DRAFT_PAPERS)
@require_http_methods(["GET", "HEAD", "POST"])
def invite(request: Request) -> HttpResponse:
    """Begin an invitation to a meeting, in the body's own wording."""
    bodies = bodies_of(request.user).select_related("unit__parent").order_by("kind", "name")
    form = Invite(request.POST or None, bodies=bodies)
    if form.is_valid():
        data = form.cleaned_data
        try:
            paper = _invitation(data)
            made = drafting.draft(
                id=data["id"], body=data["body"], handed=drafting.Handed(paper), by=request.user
            )
        except NotAllowed as problem:
            form.add_error(None, str(problem))
        else:
            return redirect("paperwork:document", made.pk)
    return page(request, "paperwork/invite.html", {"form": form})


def _invitation(data: dict[str, Any]) -> Paper:
    body, head = data["body"], head_of(data["body"])
    meeting = Meeting(
        data["about"], data["when"], data["where"], data["chair"], data["invited"], data["prepare"]
    )
    return invitation(
        meeting,
        issuer=" ".join(head.issuing_body.split()),
        head=Paper(
            parent_body=head.parent_body,
            issuing_body=head.issuing_body,
            symbol=f"GM-{part_of(body) or 'UBND'}",
            place=head.place,
            kind="",
            title="",
        ),
        wording=wording_for(body, INVITATION),
    )


def _paper(data: dict[str, Any]) -> Paper:
    head = head_of(data["body"])
    return Paper(
        parent_body=head.parent_body,
        issuing_body=head.issuing_body,
        symbol=data["symbol"],
        place=head.place,
        kind=name_of(data["kind"]) if data["kind"] else "",
        title=data["title"],
        addressed_to=tuple(data["addressed_to"]),
        body=tuple(Text(line) for line in data["text"].splitlines() if line.strip()),
        recipients=tuple(data["recipients"]),
        drafting="",
    )


@open_to(May.SEE_PLANS)
@require_safe
def document(request: Request, pk: uuid.UUID) -> HttpResponse:
    """One paper: what its form lacks, who signs, its number; once it is out, who has it."""
    found = document_of(request, pk)
    recipients.open_by(found, request.user)
    return show(request, found)


def document_of(request: Request, pk: uuid.UUID) -> Document:
    """A paper that the person may see."""
    known = Document.objects.visible_to(request.user).select_related(
        "body__unit", "drafted_by", "signatory__body", "signatory__person", "number__register"
    )
    return get_object_or_404(known, pk=pk)


def may_open(document: Document, person: Person) -> bool:
    """Whether a page may lead somebody to a paper."""
    return Document.objects.visible_to(person).filter(pk=document.pk).exists()


def show(request: Request, found: Document, *, failed: str = "", **forms: Any) -> HttpResponse:
    """The page of a paper; a form that failed comes back with what was typed."""
    acts = acts_of(found, request.user)
    points = checked(found) if found.is_written else []
    seen = {"seen": found.digest}
    dispatches = list(found.dispatches.select_related("organisation"))
    keeps = Act.ISSUE in acts or not why_not(Act.RECALL, found, request.user)
    context = {
        "document": found,
        "paper": found.says,
        "points": points,
        "lacking": sum(one.tone == Tone.LACKING for one in points),
        "counts": {tone: sum(one.tone == tone for one in points) for tone in Tone},
        "acts": acts,
        "trail": _trail(found),
        "done": DONE,
        "tone": TONES[Stage(found.stage)],
        "next": registers.next_of(found.body, found.kind, clock.today().year),
        "dispatches": dispatches,
        "groups": groups_of(dispatches),
        "mine": next(
            (one for one in dispatches if one.organisation_id == request.user.organisation_id), None
        ),
        "keeps": keeps,
        "contacts": Contact.objects.visible_to(request.user).in_use().filter(body=found.body)
        if keeps or Act.WRITE in acts
        else (),
        "tables": list(found.tables.all()),
        "today": clock.today(),
        "proposing": forms.get("proposing") or Propose(document=found),
        "signing": forms.get("signing") or Sign(initial=seen | {"how": "key"}),
        "issue_form": forms.get("issue_form") or Issue(initial=seen),
        "why": forms.get("why") or Why(initial=seen),
        "scan_form": forms.get("scan_form") or Scan(initial=seen),
        "failed": failed,
        "has_errors": bool(failed),
    }
    return page(request, "paperwork/document.html", context)


@dataclass(frozen=True)
class Group:
    """The recipients that one line of a paper means, with how far they have come."""

    line: str
    dispatches: Sequence[Dispatch]

    @property
    def ways(self) -> list[str]:
        return list(dict.fromkeys(one.get_way_display() for one in self.dispatches))

    @property
    def sent(self) -> int:
        return sum(one.sent_at is not None for one in self.dispatches)

    @property
    def opened(self) -> int:
        return sum(one.opened_at is not None for one in self.dispatches)

    @property
    def acknowledged(self) -> int:
        return sum(one.acknowledged_at is not None for one in self.dispatches)


def groups_of(dispatches: Sequence[Dispatch]) -> list[Group]:
    """Recipients by the line that they answer, in the order of the paper; those added by hand each alone."""
    lines: dict[str, list[Dispatch]] = {}
    for one in dispatches:
        lines.setdefault(one.line or f"+{one.pk}", []).append(one)
    return [Group(line, found) for line, found in lines.items()]


def _trail(found: Document) -> list[tuple[Stamp, int]]:
    """What was done with a paper; the same done again and again is told once, by its last time."""
    trail: list[tuple[Stamp, int]] = []
    for one in found.stamps.all():
        again = trail and trail[-1][0].act == one.act == Act.WRITE
        if again:
            trail[-1] = (one, trail[-1][1] + 1)
        else:
            trail.append((one, 1))
    return trail


@open_to(May.DRAFT_PAPERS)
@require_http_methods(["GET", "HEAD", "POST"])
def write(request: Request, pk: uuid.UUID) -> HttpResponse:
    """The words of a draft, paragraph by paragraph."""
    found = document_of(request, pk)
    if problem := why_not(Act.WRITE, found, request.user):
        messages.error(request, problem)
        return redirect("paperwork:document", pk)
    form = Draft(request.POST or None, paper=found.says, digest=found.digest)
    theirs = None
    if form.is_valid():
        try:
            drafting.write(document=found, words=form.words, seen=form.cleaned_data["seen"], by=request.user)
        except Changed as problem:
            theirs = document_of(request, pk).says
            form.add_error(
                None, f"{problem} Bản của người kia ở bên cạnh; bản anh/chị vừa viết còn nguyên trong các ô."
            )
            form.data = cast(QueryDict, form.data).copy() | {"seen": document_of(request, pk).digest}
        except NotAllowed as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, "Đã lưu dự thảo.")
            return redirect("paperwork:document", pk)
    return page(
        request,
        "paperwork/write.html",
        {"document": found, "form": form, "paper": theirs or found.says, "theirs": theirs},
    )


def site_of(request: Request) -> str:
    """The root of the program's addresses, as whoever asks has reached it: what a QR and a mail lead to."""
    return request.build_absolute_uri("/").rstrip("/")


STEPS = {
    "trinh-ky": (Act.PROPOSE, "Đã trình ký. Dự thảo được khóa; người ký sẽ ký đúng bản này."),
    "rut-ve": (Act.TAKE_BACK, "Đã rút về để sửa."),
    "tra-lai": (Act.GIVE_BACK, "Đã trả lại người soạn."),
    "ky": (Act.SIGN, "Đã ký. Văn thư sẽ cấp số và phát hành."),
    "phat-hanh": (Act.ISSUE, "Đã phát hành."),
    "ban-quet": (Act.SCAN, "Đã đính bản quét."),
    "huy-so": (Act.CANCEL, "Đã hủy số; số này không dùng lại."),
    "thu-hoi": (Act.RECALL, "Đã thu hồi. Nơi nhận thấy ngay văn bản không còn hiệu lực."),
    "bo": (Act.DROP, "Đã bỏ dự thảo."),
}


@open_to(May.SEE_PLANS)
@require_POST
def take(request: Request, pk: uuid.UUID, step: str) -> HttpResponse:
    """Take one step with a paper; what was typed comes back with what is wrong."""
    if step not in STEPS:
        raise Http404
    found = document_of(request, pk)
    what, said = STEPS[step]
    form, name = _form(request, what, found)
    if form is not None and not form.is_valid():
        return show(request, found, failed=what, **{name: form})
    try:
        _take(request, what, found, form.cleaned_data if form is not None else {})
    except NotAllowed as problem:
        if form is None:
            messages.error(request, str(problem))
            return redirect("paperwork:document", pk)
        form.add_error(None, str(problem))
        return show(request, document_of(request, pk), failed=what, **{name: form})
    messages.success(request, said)
    return redirect("paperwork:document", pk)


def _form(request: Request, what: Act, found: Document) -> tuple[Any, str]:
    match what:
        case Act.PROPOSE:
            return Propose(request.POST, document=found), "proposing"
        case Act.SIGN:
            return Sign(request.POST, request.FILES), "signing"
        case Act.ISSUE:
            return Issue(request.POST, request.FILES), "issue_form"
        case Act.SCAN:
            return Scan(request.POST, request.FILES), "scan_form"
        case Act.GIVE_BACK | Act.CANCEL | Act.RECALL:
            return Why(request.POST), "why"
    return None, ""


def _take(request: Request, what: Act, found: Document, data: dict[str, Any]) -> None:
    by, seen = request.user, request.POST.get("seen", "")
    match what:
        case Act.PROPOSE:
            issuing.propose(
                document=found, signatory=data["signatory"], site=site_of(request), seen=seen, by=by
            )
        case Act.TAKE_BACK:
            issuing.take_back(document=found, seen=seen, by=by)
        case Act.GIVE_BACK:
            issuing.give_back(document=found, reason=data["reason"], seen=seen, by=by)
        case Act.SIGN:
            returned = data["signed_file"].read() if data["how"] == "file" else None
            issuing.sign(
                document=found,
                key=_key(data) if data["how"] == "key" else None,
                returned=returned,
                seen=seen,
                by=by,
            )
        case Act.ISSUE:
            issuing.issue(document=found, seal=_key(data), site=site_of(request), seen=seen, by=by)
        case Act.SCAN:
            issuing.scan(document=found, content=data["file"], suffix=".pdf", seen=seen, by=by)
        case Act.CANCEL:
            issuing.cancel(document=found, reason=data["reason"], seen=seen, by=by)
        case Act.RECALL:
            issuing.recall(document=found, reason=data["reason"], seen=seen, by=by)
        case Act.DROP:
            drafting.drop(document=found, seen=seen, by=by)


def _key(data: dict[str, Any]) -> Key | None:
    """The key of an uploaded certificate file; read, used for this one act, and gone with the request."""
    file = data.get("key_file")
    return Key.from_pkcs12(file.read(), data["passphrase"]) if file else None


@open_to(May.DRAFT_PAPERS)
@require_POST
def add_line(request: Request, pk: uuid.UUID) -> HttpResponse:
    """Add a recipient that the plan names to the paper's "Nơi nhận"."""
    found = document_of(request, pk)
    try:
        drafting.add_recipient(
            document=found,
            line=request.POST.get("line", ""),
            seen=request.POST.get("seen", ""),
            by=request.user,
        )
    except NotAllowed as problem:
        messages.error(request, str(problem))
    return redirect("paperwork:document", pk)


@open_to(May.DRAFT_PAPERS)
@require_POST
def keep(request: Request, pk: uuid.UUID) -> HttpResponse:
    """Keep a doubtful point of the form as it is."""
    found = document_of(request, pk)
    try:
        drafting.keep(document=found, point=request.POST.get("point", ""), by=request.user)
    except NotAllowed as problem:
        messages.error(request, str(problem))
    return redirect("paperwork:document", pk)


@open_to(May.SEE_PLANS)
@require_safe
def file(request: Request, pk: uuid.UUID, form: str) -> HttpResponse | FileResponse:
    """The paper as .docx or .pdf; once it is signed the .pdf is the file that was signed."""
    found = document_of(request, pk)
    name = (
        f"{found.number.number}-{found.symbol}-{found.number.issued_on.year}"
        if found.number
        else f"du-thao-{found.draft}"
    )
    name = name.replace("/", "-")
    if form == "docx":
        return as_file(found.says, name)
    if form == "ban-quet" and found.scan:
        return stored_file(found.scan, f"{name}-quet.pdf")
    if form == "pdf":
        return stored_file(found.pdf, f"{name}.pdf") if found.pdf else as_pdf(found.says, name)
    raise Http404
