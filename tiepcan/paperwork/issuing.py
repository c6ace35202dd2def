"""From draft to issue: a paper is proposed, signed, numbered, sealed and sent; recalled or its number cancelled if it was wrong."""

import uuid
from dataclasses import replace
from datetime import date

from django.conf import settings
from django.core.files.base import ContentFile
from django.db.models import QuerySet

from tiepcan.accounts.models import Organisation, Person
from tiepcan.audit.acts import act
from tiepcan.common import clock
from tiepcan.common.refusals import NotAllowed
from tiepcan.paperwork import registers, sending, signatures, tables, tasks
from tiepcan.paperwork.checks import Tone, checked
from tiepcan.paperwork.drafting import Handed, begin
from tiepcan.paperwork.models import Document, NumberState, Signatory, SignaturePicture, Signed, Stage, WayOut
from tiepcan.paperwork.signatories import of_person
from tiepcan.paperwork.stamps import allowed, moved, record, say
from tiepcan.paperwork.workflow import Act, keeps_numbers
from tiepcan.paperwork.writing.decree import rules_on
from tiepcan.paperwork.writing.numbers import filled_reference
from tiepcan.paperwork.writing.pdf import write_pdf
from tiepcan.paperwork.writing.plain import with_marks
from tiepcan.paperwork.writing.records import Paper


def propose(*, document: Document, signatory: Signatory, site: str, seen: str, by: Person) -> Document:
    """Put a draft before whoever signs it: from now on it says what it says, and its tables have their codes.

    `site` is the root of the program's addresses, for the codes. Raises NotAllowed while the form lacks something.
    """
    with act("document.proposed", by=by):
        current = allowed(document, Act.PROPOSE, by, seen)
        _check_signatory(current, signatory)
        paper = replace(
            current.says, signature=signatory.block, year=clock.today().year, rules=rules_on(clock.today())
        )
        current.signatory = signatory
        _fix(current, paper, site)
        printed = write_pdf(current.says)
        _keep(current, signatures.prepare(printed.content, printed.spots))
        return moved(current, Act.PROPOSE, by)


def _fix(document: Document, paper: Paper, site: str) -> None:
    """Let the document say this from now on, each of its tables with its code. Raises NotAllowed while the form lacks something."""
    say(document, paper)
    if lacking := [one.sentence for one in checked(document) if one.tone == Tone.LACKING]:
        raise NotAllowed(f"Còn {len(lacking)} điểm thể thức phải sửa: {' '.join(lacking)}")
    tables.freeze(document)
    say(document, with_marks(paper, tables.marks_of(document, site)))


def _check_signatory(document: Document, signatory: Signatory) -> None:
    today = clock.today()
    if signatory.body_id != document.body_id:
        raise NotAllowed(f"{signatory} không ký văn bản của {document.body}.")
    if not Signatory.objects.in_office_on(today).filter(pk=signatory.pk).exists():
        raise NotAllowed(f"{signatory} hôm nay không còn, hoặc chưa, được ký văn bản của {document.body}.")
    if signatory.is_away_on(today):
        raise NotAllowed(
            f"{signatory} vắng đến hết ngày {signatory.away_until:%d/%m/%Y}; chọn người ký thay."
        )


def _keep(document: Document, pdf: bytes) -> None:
    """Keep a file of the paper under a name that tells nothing; an earlier one stays until the transaction is over."""
    document.pdf.save(f"{document.pk}.pdf", ContentFile(pdf), save=False)


def take_back(*, document: Document, seen: str, by: Person) -> Document:
    """Take a paper back from the signer's table to write on."""
    with act("document.taken_back", by=by):
        return _written_again(allowed(document, Act.TAKE_BACK, by, seen), Act.TAKE_BACK, by)


def give_back(*, document: Document, reason: str, seen: str, by: Person) -> Document:
    """The signer, or the clerk who looked at its form, gives the paper back to who drafted it, with a reason."""
    with act("document.given_back", by=by, reason=reason.strip()):
        current = allowed(document, Act.GIVE_BACK, by, seen)
        if not reason.strip():
            raise NotAllowed("Ghi lý do trả lại, để người soạn biết phải sửa gì.")
        return _written_again(current, Act.GIVE_BACK, by, reason.strip())


def _written_again(document: Document, what: Act, by: Person, reason: str = "") -> Document:
    document.tables.all().delete()
    say(document, with_marks(document.says, {}))
    document.signatory, document.signed, document.pdf, document.scan = None, "", "", ""
    return moved(document, what, by, reason=reason)


def sign(
    *, document: Document, key: signatures.Key | None, returned: bytes | None = None, seen: str, by: Person
) -> Document:
    """The signatory signs what was `seen`: with a key, by a file that was signed elsewhere (`returned`), or, without both, on paper.

    The key is used and forgotten. A file that is not the one that was to be signed is refused with what is wrong in it.
    """
    with act("document.signed", by=by):
        current = allowed(document, Act.SIGN, by, seen)
        said = ""
        if key is not None and (current.signatory is None or current.signatory.person_id != by.pk):
            raise NotAllowed(
                "Chỉ chính người ký dùng chứng thư số của mình. Người ký không có tài khoản thì ký trên giấy, hoặc ký tệp bằng USB token rồi nộp lại."
            )
        if key is not None:
            picture = _picture(SignaturePicture.objects.filter(signatory=current.signatory))
            _keep(
                current,
                signatures.sign(_pdf(current), key, field=signatures.LEADER, picture=picture, at=clock.now()),
            )
            said = f"Chứng thư số của {key.certificate.holder}, do {key.certificate.issuer} cấp."
        elif returned is not None:
            if problem := signatures.same_document(_pdf(current), returned):
                raise NotAllowed(problem)
            _keep(current, returned)
            said = "Ký bằng chương trình khác, tệp đã được so với bản trình ký."
        current.signed = Signed.ON_PAPER if key is None and returned is None else Signed.BY_CERTIFICATE
        return moved(current, Act.SIGN, by, reason=said)


def _pdf(document: Document) -> bytes:
    with document.pdf.open("rb") as file:
        return bytes(file.read())


def _picture(pictures: QuerySet[SignaturePicture]) -> bytes | None:
    found = pictures.first()
    return bytes(found.picture) if found else None


def issue(
    *, document: Document, seal: signatures.Key | None = None, site: str, seen: str, by: Person
) -> Document:
    """The clerk gives the next number and today's day, seals, and sends the paper to its recipients: all of it or nothing.

    The number is taken here and not before, under the register's lock; the day is today. `site` is the root of the
    program's addresses, where recipients by mail acknowledge.
    """
    with act("document.issued", by=by):
        current = allowed(document, Act.ISSUE, by, seen)
        today, before = clock.today(), current.says
        if before.year != today.year:
            raise NotAllowed(
                f"Văn bản được ký với năm {before.year}; sang năm {today.year} phải trả lại để trình ký lại."
            )
        return _issued(current, seal, site, by)


def _issued(document: Document, seal: signatures.Key | None, site: str, by: Person) -> Document:
    """The paper with its number, its day and its file, handed to its recipients."""
    today = clock.today()
    assert document.signatory is not None
    document.number = registers.give(
        body=document.body,
        symbol=document.symbol,
        on=today,
        title=document.title,
        signer=f"{document.signatory.position} {document.signatory.name}",
        recipients=document.dispatches.count(),
        by=by,
    )
    say(document, _numbered(document))
    _keep(document, _final(document, today, seal))
    moved(document, Act.ISSUE, by, reason=f"Dấu của {seal.certificate.holder}." if seal else "")
    _send(document, site)
    return document


def _numbered(document: Document) -> Paper:
    """The paper with its number and day; its annexes name them too, but for one that was signed before they were known."""
    paper, number = document.says, document.number
    assert number is not None
    written, day = str(number.number), number.issued_on
    annexes = paper.annexes
    if document.signed == Signed.ON_PAPER:
        annexes = tuple(
            replace(
                one,
                attached_to=one.attached_to
                and filled_reference(one.attached_to, number=written, symbol=paper.symbol, day=day),
            )
            for one in annexes
        )
    return replace(paper, number=written, issued_on=day, annexes=annexes)


def issue_at_once(
    *, body: Organisation, handed: Handed, site: str, by: Person, in_place_of: Document | None = None
) -> Document:
    """Draft, sign and issue in one go what `by` signs with the act that this is part of (a unit's report handed in by its leader).

    The paper `in_place_of` which it comes is recalled with it. `site` is the root of the program's addresses. Raises NotAllowed
    while the form lacks something.
    """
    if in_place_of is not None:
        in_place_of.stage = Stage.RECALLED
        in_place_of.save(update_fields=["stage"])
    document = begin(id=uuid.uuid4(), body=body, handed=handed, by=by)
    document.signatory = of_person(body, by)
    _fix(document, replace(document.says, signature=document.signatory.block), site)
    document.signed = Signed.ON_PAPER
    record(document, Act.SIGN, by)
    _issued(document, None, site, by)
    if in_place_of is not None and in_place_of.number is not None:
        reason = f"Đã trả lại để bổ sung, thay bằng {document.number}."
        registers.end(in_place_of.number, NumberState.RECALLED, reason, by, replaced_by=document.number)
        record(in_place_of, Act.RECALL, by, reason=reason)
    return document


def _final(document: Document, today: date, seal: signatures.Key | None) -> bytes:
    """The file that goes out: the signed one with number and day put into it and sealed, or the one to be printed."""
    assert document.number is not None
    if document.signed == Signed.ON_PAPER:
        return write_pdf(document.says).content
    numbered = signatures.number(
        _pdf(document), number=str(document.number.number), day=today.day, month=today.month
    )
    if seal is None:
        return numbered
    picture = _picture(SignaturePicture.objects.filter(body=document.body))
    return signatures.sign(numbered, seal, field=signatures.SEAL, picture=picture, at=clock.now())


def _send(document: Document, site: str) -> None:
    if sending.hand_out(document):
        tasks.send_mail.defer(key=str(document.pk), site=site)


def send_again(*, document: Document, site: str, by: Person) -> None:
    """Try those once more whom the paper did not reach."""
    with act("recipient.sent", by=by):
        if not keeps_numbers(by, document):
            raise NotAllowed("Việc này là của văn thư của cơ quan ban hành.")
        if document.stage != Stage.ISSUED:
            raise NotAllowed("Văn bản chưa phát hành, hoặc đã thu hồi, nên không gửi được.")
        _send(document, site)


def remind(*, document: Document, site: str, by: Person) -> tuple[int, int]:
    """Ask recipients who have not acknowledged to do so, once a day each: (asked, told today already).

    Who signs in here sees it on their page of papers; who gets mail is mailed by the worker.
    """
    if not keeps_numbers(by, document):
        raise NotAllowed("Việc này là của văn thư của cơ quan ban hành.")
    with act("recipient.reminded", by=by):
        asked, known = sending.asked_again(document)
        if mailed := [one.pk for one in asked if one.way == WayOut.MAIL]:
            tasks.send_reminders.defer(key=str(document.pk), dispatches=mailed, site=site)
        return len(asked), known


def scan(*, document: Document, content: bytes, suffix: str, seen: str, by: Person) -> Document:
    """Attach what was signed and sealed on paper, scanned: the copy that recipients see from now on."""
    with act("document.scanned", by=by):
        current = allowed(document, Act.SCAN, by, seen)
        current.scan.save(f"{current.pk}{suffix}", ContentFile(content), save=False)
        return moved(current, Act.SCAN, by)


def recall(*, document: Document, reason: str, seen: str, by: Person) -> Document:
    """Recall an issued paper: recipients see so, the number stays in its place and is not given again."""
    with act("document.recalled", by=by, reason=reason.strip()):
        current = allowed(document, Act.RECALL, by, seen)
        assert current.number is not None
        registers.end(current.number, NumberState.RECALLED, reason, by)
        if settings.MAIL_IS_SET_UP and sending.by_mail(current).exclude(sent_at=None).exists():
            tasks.tell_recalled.defer(key=str(current.pk))
        return moved(current, Act.RECALL, by, reason=reason.strip())


def cancel(*, document: Document, reason: str, seen: str, by: Person) -> Document:
    """Cancel the number of a paper that was not sent to anybody yet; it stays in its place and is not given again."""
    with act("document.cancelled", by=by, reason=reason.strip()):
        current = allowed(document, Act.CANCEL, by, seen)
        assert current.number is not None
        registers.end(current.number, NumberState.CANCELLED, reason, by)
        return moved(current, Act.CANCEL, by, reason=reason.strip())
