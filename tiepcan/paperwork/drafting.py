"""Drafts of papers: begun from what a subject hands over or from nothing, rewritten until they go to be signed."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.db import IntegrityError

from tiepcan.accounts.models import Organisation, Person
from tiepcan.accounts.roles import May
from tiepcan.audit.acts import act
from tiepcan.common import clock
from tiepcan.common.refusals import NotAllowed
from tiepcan.paperwork import recipients
from tiepcan.paperwork.bodies import bodies_of
from tiepcan.paperwork.kinds import kind_of
from tiepcan.paperwork.models import Document
from tiepcan.paperwork.models.documents import ENDED
from tiepcan.paperwork.stamps import allowed, moved, record, say
from tiepcan.paperwork.workflow import Act
from tiepcan.paperwork.writing.decree import rules_on
from tiepcan.paperwork.writing.plain import with_marks
from tiepcan.paperwork.writing.records import Block, Grid, Paper, Urgency


@dataclass(frozen=True)
class Handed:
    """What a subject hands over to be drafted: the paper, how each of its tables was computed, and who ought to get it.

    `sources` are the arguments of each kind of table, by its key; `expected` are lines of "Nơi nhận" that the plan names;
    `origin` is "room.model:key".
    """

    paper: Paper
    sources: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    expected: Sequence[str] = ()
    origin: str = ""


def draft(*, id: uuid.UUID, body: Organisation, handed: Handed, by: Person) -> Document:
    """Begin the draft of a paper of a body. The same key twice is one draft; one origin has one draft that is being written."""
    if not by.may(May.DRAFT_PAPERS) or not bodies_of(by).filter(pk=body.pk).exists():
        raise NotAllowed(f"Chỉ người soạn văn bản của {body} lập được dự thảo này.")
    if known := _known(id, body, handed, by):
        return known
    try:
        with act("document.drafted", by=by):
            return begin(id=id, body=body, handed=handed, by=by)
    except IntegrityError:
        if known := _known(id, body, handed, by):
            return known  # somebody began it at the same moment
        raise


def _known(id: uuid.UUID, body: Organisation, handed: Handed, by: Person) -> Document | None:
    """The draft that was begun already, by this form or of the same row. Raises NotAllowed for a form that made another paper."""
    if same := Document.objects.filter(pk=id).first():
        if (same.body_id, same.drafted_by_id, same.origin) == (body.pk, by.organisation_id, handed.origin):
            return same
        raise NotAllowed("Biểu mẫu này đã lập một văn bản khác. Mở lại trang rồi lập tiếp.")
    return draft_of(handed.origin, body) if handed.origin else None


def begin(*, id: uuid.UUID, body: Organisation, handed: Handed, by: Person) -> Document:
    """The rows of a new draft. To be called inside an act, by who asked whether it is allowed."""
    today = clock.today()
    document = Document(
        id=id,
        body=body,
        drafted_by_id=by.organisation_id,
        kind=kind_of(handed.paper.symbol),
        symbol=handed.paper.symbol.strip(),
        origin=handed.origin,
        expected=list(handed.expected),
        sources={key: dict(arguments) for key, arguments in handed.sources.items()},
        made_at=clock.now(),
        by_name=by.full_name,
    )
    paper = replace(handed.paper, rules=rules_on(today), year=today.year, number=None, issued_on=None)
    say(document, with_marks(paper, {}))
    document.save(force_insert=True)
    record(document, Act.DRAFT, by)
    recipients.lay_out(document)
    return document


@dataclass(frozen=True)
class Words:
    """What may be written of a draft by hand. Tables stay as they were computed.

    `blocks` has the text of each block of the body that is not a table, in order; an empty one is taken out.
    """

    title: str
    addressed_to: Sequence[str]
    bases: Sequence[str]
    blocks: Sequence[str]
    recipients: Sequence[str]
    urgency: Urgency = ""
    drafter_sign: str = ""
    copies: int | None = None


def write(*, document: Document, words: Words, seen: str, by: Person) -> Document:
    """Write a draft anew. What was written meanwhile by somebody else is not written over: raises `Changed`."""
    with act("document.written", by=by):
        current = allowed(document, Act.WRITE, by, seen)
        if not words.title.strip():
            raise NotAllowed("Ghi trích yếu của văn bản.")
        before = current.digest
        say(current, reworded(current.says, words))
        if current.digest != before:
            current.draft += 1
            moved(current, Act.WRITE, by)
            recipients.lay_out(current)
        return current


def reworded(paper: Paper, words: Words) -> Paper:
    """The paper with other words in place of its own."""
    return replace(
        paper,
        title=words.title.strip(),
        addressed_to=_lines(words.addressed_to),
        bases=_lines(words.bases),
        body=tuple(_body(paper, words.blocks)),
        recipients=_lines(words.recipients),
        urgency=words.urgency,
        drafter_sign=words.drafter_sign.strip(),
        copies=words.copies,
    )


def _lines(texts: Sequence[str]) -> tuple[str, ...]:
    return tuple(text.strip(" -;") for text in texts if text.strip(" -;."))


def _body(paper: Paper, texts: Sequence[str]) -> Sequence[Block]:
    written = iter(texts)
    blocks: list[Block] = []
    for block in paper.body:
        if isinstance(block, Grid):
            blocks.append(block)
        elif text := next(written, block.text).replace("\r\n", "\n").strip():
            blocks.append(replace(block, text=text))
    return blocks


def add_recipient(*, document: Document, line: str, seen: str, by: Person) -> Document:
    """Add one of the recipients that the plan names to a draft's "Nơi nhận"."""
    with act("document.written", by=by):
        current = allowed(document, Act.WRITE, by, seen)
        if line not in current.expected:
            raise NotAllowed("Nơi nhận này không có trong kế hoạch; thêm ở trang sửa dự thảo.")
        paper = current.says
        if line not in paper.recipients:
            say(current, replace(paper, recipients=(*paper.recipients, line)))
            current.draft += 1
            moved(current, Act.WRITE, by)
            recipients.lay_out(current)
        return current


def keep(*, document: Document, point: str, by: Person) -> Document:
    """Note that somebody looked at a doubtful point of the form and keeps it as it is."""
    with act("document.doubt_kept", by=by):
        current = allowed(document, Act.WRITE, by, document.digest)
        if point and point not in current.kept:
            current.kept = [*current.kept, point[:300]]
            current.save(update_fields=["kept"])
        return current


def drop(*, document: Document, seen: str, by: Person) -> Document:
    """Give a draft up; it stays in history and takes no number."""
    with act("document.dropped", by=by):
        return moved(allowed(document, Act.DROP, by, seen), Act.DROP, by)


def draft_of(origin: str, body: Organisation) -> Document | None:
    """The paper of an origin that is on its way or out; a dropped, recalled or cancelled one makes room for another."""
    return Document.objects.filter(origin=origin, body=body).exclude(stage__in=ENDED).first()
