"""What offices do with the wordings of their papers: upload, try, put into use, go back; and which one a paper is written in."""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from tiepcan.accounts.models import Organisation, OrganisationKind, Person
from tiepcan.accounts.roles import May
from tiepcan.audit.acts import act
from tiepcan.common import clock
from tiepcan.common.refusals import NotAllowed
from tiepcan.paperwork.bodies import bodies_of
from tiepcan.paperwork.heads import head_of
from tiepcan.paperwork.models.wordings import Wording, WordingState
from tiepcan.paperwork.wording.checking import problems_of
from tiepcan.paperwork.wording.filling import fill
from tiepcan.paperwork.wording.forms import Form, sample_head
from tiepcan.paperwork.wording.lines import Lines, to_plain
from tiepcan.paperwork.wording.reading import read_wording
from tiepcan.paperwork.wording.writing import as_docx
from tiepcan.paperwork.writing.records import Paper
from tiepcan.units.models import Unit

_ISSUING = (OrganisationKind.COMMITTEE, OrganisationKind.LOCAL)


@dataclass(frozen=True)
class Trial:
    """A paper that a wording was tried on, and what it is: the program's example, or an office's own."""

    paper: Paper
    of: str
    is_real: bool


RealPaper = Callable[[Organisation, Lines], tuple[str, Paper] | None]
"""A body's latest content of a form in a given wording, with what it is called; None when there is none yet."""


@dataclass(frozen=True)
class Offered:
    """A form that offices may keep wordings of: which kinds of them issue it, and real content to try a wording on."""

    form: Form
    issued_by: frozenset[str]
    real: RealPaper | None = None


class Faulty(NotAllowed):
    """An uploaded wording that cannot be used; every problem is a sentence with its place."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__(" ".join(problems))
        self.problems = tuple(problems)


def issuing_body_of(unit: Unit) -> Organisation | None:
    """The committee that papers of a unit are issued by."""
    bodies = {one.kind: one for one in Organisation.objects.filter(unit=unit, kind__in=_ISSUING)}
    return next((bodies[kind] for kind in _ISSUING if kind in bodies), None)


def wording_for(body: Organisation | None, form: Form, *, at: datetime | None = None) -> Lines:
    """The wording that a body's paper is written in: its own that was in use at the moment (now), or the default.

    A version that no longer fits the form, after the program changed, gives way to the default.
    """
    if body is None:
        return form.lines
    used = Wording.objects.filter(body=body, form=form.key).used_at(at or clock.now())
    found = used.order_by("-used_from").first()
    return found.words if found and not problems_of(found.words, form) else form.lines


def in_use(body: Organisation, form: Form) -> Wording | None:
    """The version that is in use now."""
    return Wording.objects.filter(body=body, form=form.key, state=WordingState.IN_USE).first()


def docx_of(body: Organisation, form: Form, lines: Lines) -> bytes:
    """A wording as a .docx to be edited, between the body's own head and a sample foot."""
    return as_docx(lines, _sample_head(body, form))


def _sample_head(body: Organisation, form: Form) -> Paper:
    head = head_of(body)
    return sample_head(form, parent_body=head.parent_body, issuing_body=head.issuing_body, place=head.place)


def why_not_keep(body: Organisation, by: Person) -> str | None:
    """Why this person may not keep wordings of the body. None if they may."""
    if not by.may(May.KEEP_WORDINGS) or not bodies_of(by).filter(pk=body.pk).exists():
        return f"Chỉ người giữ mẫu của {body} đổi được lời văn của cơ quan này."
    return None


def why_not_use(wording: Wording, form: Form, by: Person) -> str | None:
    """Why a version cannot be put into use now, in words they can read. None if it can."""
    if problem := why_not_keep(wording.body, by):
        return problem
    if wording.state == WordingState.IN_USE:
        return "Bản này đang dùng."
    if wording.state == WordingState.RETIRED:
        return "Bản này đã thay. Muốn dùng lại thì tải tệp của bản này về rồi tải lên thành bản mới."
    if problems := problems_of(wording.words, form):
        return str(problems[0])
    if wording.tried_at is None:
        return "Chưa thử bản này. Bấm “Thử”, xem văn bản hiện ra, rồi đưa vào dùng."
    return None


def faults_of(wording: Wording, form: Form) -> list[str]:
    """Why a version that was good no longer fits its form; empty while it does."""
    return [str(problem) for problem in problems_of(wording.words, form)]


def receive(
    *, id: uuid.UUID, raw: bytes, name: str, body: Organisation, form: Form, note: str = "", by: Person
) -> Wording:
    """Take an edited .docx as a new version of a body's wording, to be tried. The same key twice is one version.

    Raises Faulty with every problem of the file; nothing is kept then.
    """
    if problem := why_not_keep(body, by):
        raise NotAllowed(problem)
    if known := Wording.objects.filter(pk=id).first():
        if (known.body_id, known.form) == (body.pk, form.key):
            return known
        raise NotAllowed("Biểu mẫu này đã tải lên một bản khác. Mở lại trang rồi tải lên.")
    used = wording_for(body, form)
    read = read_wording(raw, name, form, known=used)
    if read.problems:
        raise Faulty(read.problems)
    if read.lines == used:
        raise NotAllowed("Tệp này không khác lời văn đang dùng. Sửa trong Word, lưu, rồi tải lên.")
    with act("wording.received", by=by):
        # One upload after another: two at once must not take the same number.
        Organisation.objects.select_for_update().get(pk=body.pk)
        last = Wording.objects.filter(body=body, form=form.key).order_by("-ordinal").first()
        return Wording.objects.create(
            id=id,
            body=body,
            form=form.key,
            ordinal=last.ordinal + 1 if last else 1,
            lines=to_plain(read.lines),
            remarks=list(read.remarks),
            note=note.strip(),
            made_at=clock.now(),
            by_name=by.full_name,
        )


def trial_of(offered: Offered, body: Organisation, lines: Lines, by: Person) -> Trial:
    """The paper that a wording makes: of the body's latest real content, if there is one and the person may see figures."""
    real = offered.real(body, lines) if offered.real and by.may(May.SEE_FIGURES) else None
    if real is not None:
        return Trial(real[1], real[0], is_real=True)
    form = offered.form
    paper = fill(form, lines, form.sample(), _sample_head(body, form))
    return Trial(paper, "nội dung mẫu", is_real=False)


def try_on(*, wording: Wording, offered: Offered, by: Person) -> Trial:
    """Make a paper of a version before it is used, and note that it was tried. Raises NotAllowed when it cannot be made."""
    if problem := why_not_keep(wording.body, by):
        raise NotAllowed(problem)
    if problems := problems_of(wording.words, offered.form):
        raise Faulty([str(problem) for problem in problems])
    trial = trial_of(offered, wording.body, wording.words, by)
    if wording.state == WordingState.TRIED:
        with act("wording.tried", by=by):
            Wording.objects.filter(pk=wording.pk, state=WordingState.TRIED).update(tried_at=clock.now())
        wording.refresh_from_db()
    return trial


def put_into_use(*, wording: Wording, form: Form, by: Person) -> Wording:
    """Papers made from now on are written in this version; the one before retires, and papers made before keep theirs."""
    if problem := why_not_use(wording, form, by):
        raise NotAllowed(problem)
    now = clock.now()
    with act("wording.put_into_use", by=by):
        Organisation.objects.select_for_update().get(pk=wording.body_id)
        _retire(wording.body, form, now)
        waiting = Wording.objects.filter(pk=wording.pk, state=WordingState.TRIED)
        if not waiting.update(state=WordingState.IN_USE, used_from=now):
            raise NotAllowed("Có người vừa đổi bản mẫu này. Tải lại trang.")
    wording.refresh_from_db()
    return wording


def back_to_default(*, body: Organisation, form: Form, by: Person) -> None:
    """Papers made from now on are written in the program's own wording."""
    if problem := why_not_keep(body, by):
        raise NotAllowed(problem)
    with act("wording.set_aside", by=by):
        if not _retire(body, form, clock.now()):
            raise NotAllowed(f"{body} đang dùng lời văn mặc định của biểu mẫu này.")


def _retire(body: Organisation, form: Form, now: datetime) -> int:
    used = Wording.objects.filter(body=body, form=form.key, state=WordingState.IN_USE)
    return used.update(state=WordingState.RETIRED, used_until=now)
