"""What is done to papers that came in: entered into the register of their body, and handled."""

import hashlib
import re
import uuid
from datetime import date
from typing import Any

from django.core.files.base import ContentFile

from tiepcan.accounts.models import Organisation, Person
from tiepcan.audit.acts import act
from tiepcan.common import clock
from tiepcan.common.folding import composed, folded_key
from tiepcan.common.refusals import NotAllowed, Stale
from tiepcan.paperwork.arrived import PDF, Arrived
from tiepcan.paperwork.bodies import why_not_keep
from tiepcan.paperwork.models.incoming import Incoming, IncomingRegister, IncomingState, Urgency
from tiepcan.paperwork.signatures import verify_limited
from tiepcan.paperwork.signatures.certificates import trusted_certificates

_BETWEEN_WORDS = re.compile(r"[\W_]+")


class Twin(NotAllowed):
    """The register has this paper already; `known` is it."""

    def __init__(self, known: Incoming) -> None:
        self.known = known
        super().__init__(
            f"Sổ đã có văn bản này: số đến {known.number}, đến ngày {known.arrived_on:%d/%m/%Y}. "
            "Nếu đúng là phải vào sổ lần nữa, đánh dấu “Vẫn vào sổ” và ghi lý do."
        )


def words_of(typed: str) -> str:
    """What somebody typed as words to search by: folded, signs between words aside."""
    return _BETWEEN_WORDS.sub(" ", folded_key(typed)).strip()


def enter(
    *,
    id: uuid.UUID,
    body: Organisation,
    arrived_on: date,
    sender: str,
    title: str,
    code: str = "",
    dated: date | None = None,
    kind: str = "",
    urgency: str = Urgency.PLAIN,
    due_on: date | None = None,
    file: Arrived | None = None,
    twin_why: str = "",
    first: int = 1,
    by: Person,
) -> Incoming:
    """Enter a paper into the body's register of the year in which it arrived, under the next number.

    The same key twice is one paper. `first` is the first number of a register that this paper opens. Raises Twin for a
    paper that the register has and that comes without `twin_why`, NotAllowed for days that cannot be.
    """
    if problem := why_not_keep(body, by) or _why_not_on(arrived_on, dated, due_on):
        raise NotAllowed(problem)
    facts = {
        "arrived_on": arrived_on,
        "sender": composed(sender),
        "code": composed(code),
        "dated": dated,
        "kind": composed(kind),
        "title": composed(title),
        "urgency": urgency,
        "due_on": due_on,
        "twin_why": composed(twin_why),
    }
    signature = signature_of(file) if file else None
    paper = Incoming(
        id=id, signature=signature, entered_at=clock.now(), by_name=by.full_name, **facts, **_told(file)
    )
    paper.twin_key = _twin_key(paper)
    try:
        with act("incoming.entered", by=by):
            return _next_in(_register(body, arrived_on.year, first), paper, file)
    except BaseException:
        if paper.file:
            paper.file.storage.delete(paper.file.name)
        raise


def handle(*, incoming: Incoming, note: str, by: Person) -> Incoming:
    """Say what came of a paper. Raises Stale when somebody did."""
    if problem := why_not_keep(incoming.register.body, by):
        raise NotAllowed(problem)
    if not note.strip():
        raise NotAllowed("Ghi kết quả xử lý, ví dụ: đã trả lời bằng Công văn 15/UBND-VHTT.")
    with act("incoming.handled", by=by):
        moved = (
            Incoming.objects.filter(pk=incoming.pk)
            .waiting()
            .update(
                state=IncomingState.HANDLED,
                handled_note=note.strip(),
                handled_at=clock.now(),
                handled_by=by.full_name,
            )
        )
    incoming.refresh_from_db()
    if not moved:
        raise Stale(f"{incoming.handled_by} đã ghi xử lý xong văn bản này.")
    return incoming


def signature_of(file: Arrived) -> dict[str, Any] | None:
    """What the check of its signatures found ({"verdict", "sentence", ...}); None when it cannot be checked here."""
    if file.media_type != PDF:
        return None
    try:
        trusted = trusted_certificates()
    except NotAllowed:
        # A paper is entered whether or not its signature can be checked.
        return None
    return verify_limited(file.content, trusted).as_plain()


def _why_not_on(arrived_on: date, dated: date | None, due_on: date | None) -> str | None:
    today = clock.today()
    if arrived_on > today:
        return "Ngày đến không thể sau hôm nay."
    if arrived_on.year < today.year - 1:
        return f"Ngày đến phải trong năm {today.year - 1} hoặc {today.year}. Sổ năm trước nữa đã khóa."
    if dated and dated > arrived_on:
        return f"Ngày văn bản {dated:%d/%m/%Y} sau ngày đến {arrived_on:%d/%m/%Y}. Kiểm tra lại hai ngày."
    if due_on and due_on < arrived_on:
        return f"Hạn xử lý {due_on:%d/%m/%Y} trước ngày đến {arrived_on:%d/%m/%Y}. Kiểm tra lại hai ngày."
    return None


def _told(file: Arrived | None) -> dict[str, Any]:
    if file is None:
        return {}
    return {
        "name": file.name,
        "media_type": file.media_type,
        "size": len(file.content),
        "sha256": hashlib.sha256(file.content).hexdigest(),
    }


def _twin_key(paper: Incoming) -> str:
    """Sender, code and day; a paper without a code is like no other."""
    if not paper.code:
        return ""
    return f"{words_of(paper.sender)}|{words_of(paper.code)}|{paper.dated or ''}"


def _register(body: Organisation, year: int, first: int) -> IncomingRegister:
    """The register, for this act alone: whoever comes meanwhile waits for the next number."""
    opened = IncomingRegister(body=body, year=year, first=first, last=first - 1)
    IncomingRegister.objects.bulk_create([opened], ignore_conflicts=True)
    return IncomingRegister.objects.select_for_update(of=("self",)).get(body=body, year=year)


def _next_in(register: IncomingRegister, paper: Incoming, file: Arrived | None) -> Incoming:
    if known := Incoming.objects.filter(pk=paper.pk).first():
        return _same_or_refused(known, register, paper)
    twins = register.papers.filter(twin_key=paper.twin_key).order_by("number")
    if paper.twin_key and not paper.twin_why and (twin := twins.first()):
        raise Twin(twin)
    paper.register, paper.number = register, register.last + 1
    said = (paper.number, paper.code, paper.kind, paper.title, paper.sender)
    paper.search_key = f" {words_of(' '.join(map(str, said)))}"
    if file:
        paper.file.save(f"{paper.pk}.bin", ContentFile(file.content), save=False)
    paper.save(force_insert=True)
    return paper


def _same_or_refused(known: Incoming, register: IncomingRegister, paper: Incoming) -> Incoming:
    names = ("arrived_on", "sender", "code", "dated", "title")
    if known.register_id == register.pk and all(
        getattr(known, name) == getattr(paper, name) for name in names
    ):
        return known
    raise NotAllowed(
        "Biểu mẫu này đã vào sổ một văn bản khác. Mở lại trang “Vào sổ văn bản đến” rồi nhập tiếp."
    )
