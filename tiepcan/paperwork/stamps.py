"""How a step is taken with a paper: under its lock, by whoever the table lets, bound to what was seen, and written down."""

from tiepcan.accounts.models import Person
from tiepcan.common import clock
from tiepcan.common.digests import digest_of
from tiepcan.common.folding import folded_key
from tiepcan.common.refusals import NotAllowed
from tiepcan.paperwork.models import Document, Stamp
from tiepcan.paperwork.workflow import WAYS, Act, why_not
from tiepcan.paperwork.writing.plain import to_plain
from tiepcan.paperwork.writing.records import Paper


class Changed(NotAllowed):
    """What somebody decides on, or writes over, is not what they saw."""


def allowed(document: Document, what: Act, by: Person, seen: str) -> Document:
    """The paper under its lock. Raises NotAllowed, or Changed when `seen` is not the digest of what is there."""
    found = Document.objects.select_for_update(of=("self",), no_key=True)
    current = found.select_related("body__unit", "drafted_by", "signatory__body", "number__register").get(
        pk=document.pk
    )
    if problem := why_not(what, current, by):
        raise NotAllowed(problem)
    if seen != current.digest:
        raise Changed(
            "Văn bản đã thay đổi sau khi anh/chị mở trang này. Đọc lại bản hiện tại rồi quyết định."
        )
    return current


def say(document: Document, paper: Paper) -> None:
    """Let the document say this; not saved."""
    document.paper = to_plain(paper)
    document.digest = digest_of(document.paper)
    document.title = " ".join(paper.title.split())[:500]
    signer = paper.signature.name if paper.signature else ""
    document.search_key = folded_key(" ".join([document.title, document.symbol, signer, *paper.recipients]))[
        :1000
    ]


def moved(document: Document, what: Act, by: Person, *, reason: str = "") -> Document:
    """The paper after the step, saved, in the stage to which the table leads, and the step written down."""
    document.stage = WAYS[what].to or document.stage
    document.save()
    record(document, what, by, reason=reason)
    return document


def record(document: Document, what: Act, by: Person, *, reason: str = "") -> None:
    """Write down that the step was taken, by whom and when."""
    Stamp.objects.create(
        document=document,
        act=what,
        at=clock.now(),
        by_name=by.full_name,
        position=by.position,
        organisation=by.organisation_name,
        reason=reason,
        digest=document.digest,
    )
