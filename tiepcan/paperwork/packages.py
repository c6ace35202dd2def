"""An issued paper as a package of the exchange of electronic papers (edXML, QCVN 102:2016/BTTTT)."""

from tiepcan.accounts.models import Organisation
from tiepcan.common import clock
from tiepcan.common.folding import folded_key
from tiepcan.common.refusals import NotAllowed
from tiepcan.paperwork.exchange import edxml
from tiepcan.paperwork.exchange.message import Attachment, Faulty, Kind, Message, Organ, Other, Signer, Trace
from tiepcan.paperwork.models import Contact, Dispatch, Document
from tiepcan.paperwork.writing.records import Paper

_PRIORITIES = {"": 0, "KHẨN": 1, "THƯỢNG KHẨN": 2, "HỎA TỐC": 3}


def package_of(document: Document, dispatch: Dispatch) -> bytes:
    """The package for one recipient, checked against the schema. Raises NotAllowed with what is missing."""
    if not document.is_out or document.number is None:
        raise NotAllowed("Văn bản chưa phát hành nên chưa xuất được gói.")
    if not dispatch.organ_id:
        raise NotAllowed(f"{dispatch.name} chưa có mã định danh. Sửa cách gửi rồi xuất lại.")
    try:
        return edxml.write(_message(document, dispatch))
    except Faulty as problem:
        raise NotAllowed(str(problem)) from None


def _message(document: Document, dispatch: Dispatch) -> Message:
    paper, number = document.says, document.number
    assert number is not None and paper.signature is not None
    sender = Organ(_own_identifier(document.body), document.body.name, paper.parent_body or "")
    kept = document.scan or document.pdf
    with kept.open("rb") as file:
        content = file.read()
    return Message(
        sender=sender,
        receivers=(Organ(dispatch.organ_id, dispatch.name, email=dispatch.email),),
        number=f"{number.number:02d}",
        notation=number.symbol,
        place=paper.place,
        dated=number.issued_on,
        kind=Kind(document.kind_name),
        subject=number.title,
        signer=Signer(_competence(paper), paper.signature.position, paper.signature.name),
        to_places=tuple(paper.recipients),
        other=Other(
            priority=_PRIORITIES[paper.urgency],
            typer=paper.drafter_sign,
            copies=paper.copies or 1,
            appendixes=tuple(annex.title for annex in paper.annexes),
        ),
        traces=(Trace(sender.organ_id, clock.now()),),
        attachments=(
            Attachment(f"{number.number}-{number.issued_on.year}.pdf", "application/pdf", content, "Văn bản"),
        ),
    )


def _competence(paper: Paper) -> str:
    """ "KT." of "KT. CHỦ TỊCH": the last line's abbreviation tells in whose place."""
    assert paper.signature is not None
    return paper.signature.authority[-1].split(" ", 1)[0] if paper.signature.authority else ""


def _own_identifier(body: Organisation) -> str:
    own = (
        Contact.objects.in_use()
        .filter(body=body, name_key=folded_key(body.name))
        .exclude(organ_id="")
        .first()
    )
    if own is None:
        raise NotAllowed(
            f"Chưa có mã định danh của {body}. Ghi {body} cùng mã định danh vào sổ địa chỉ rồi xuất lại."
        )
    return own.organ_id
