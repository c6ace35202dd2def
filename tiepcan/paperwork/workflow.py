"""What may be done with a paper in each stage, by whom: one table."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from tiepcan.accounts.models import OrganisationKind, Person
from tiepcan.accounts.roles import May, Role
from tiepcan.paperwork.bodies import bodies_of
from tiepcan.paperwork.models import Document, Signed, Stage


class Act(StrEnum):
    """One thing done with a paper on its way out."""

    DRAFT = "draft"
    WRITE = "write"
    PROPOSE = "propose"
    TAKE_BACK = "take_back"
    GIVE_BACK = "give_back"
    SIGN = "sign"
    ISSUE = "issue"
    SCAN = "scan"
    CANCEL = "cancel"
    RECALL = "recall"
    DROP = "drop"


DONE: Mapping[str, str] = {
    Act.DRAFT: "Soạn dự thảo",
    Act.WRITE: "Sửa dự thảo",
    Act.PROPOSE: "Trình ký",
    Act.TAKE_BACK: "Rút về sửa",
    Act.GIVE_BACK: "Trả lại người soạn",
    Act.SIGN: "Ký",
    Act.ISSUE: "Vào số, phát hành",
    Act.SCAN: "Đính bản quét đã ký, đóng dấu",
    Act.CANCEL: "Hủy số",
    Act.RECALL: "Thu hồi văn bản",
    Act.DROP: "Bỏ dự thảo",
}
"""What a step is called where it is told."""


class Side(StrEnum):
    """Whose turn an act is."""

    DRAFTER = "drafter"
    SIGNER = "signer"
    CLERK = "clerk"


@dataclass(frozen=True)
class Way:
    """From which stages an act leads where, and whose it is. `to` is None where the stage stays."""

    of: tuple[Stage, ...]
    to: Stage | None
    sides: tuple[Side, ...]


_WRITTEN = (Stage.DRAFT, Stage.RETURNED)
WAYS: Mapping[Act, Way] = {
    Act.WRITE: Way(_WRITTEN, None, (Side.DRAFTER,)),
    Act.PROPOSE: Way(_WRITTEN, Stage.PROPOSED, (Side.DRAFTER,)),
    Act.DROP: Way(_WRITTEN, Stage.DROPPED, (Side.DRAFTER,)),
    Act.TAKE_BACK: Way((Stage.PROPOSED,), Stage.DRAFT, (Side.DRAFTER,)),
    Act.SIGN: Way((Stage.PROPOSED,), Stage.SIGNED, (Side.SIGNER,)),
    # The clerk looks at form and authority before giving a number: Decree 30/2020/NĐ-CP, Article 15 and 18.
    Act.GIVE_BACK: Way((Stage.PROPOSED, Stage.SIGNED), Stage.RETURNED, (Side.SIGNER, Side.CLERK)),
    Act.ISSUE: Way((Stage.SIGNED,), Stage.ISSUED, (Side.CLERK,)),
    Act.SCAN: Way((Stage.ISSUED,), None, (Side.CLERK,)),
    Act.CANCEL: Way((Stage.ISSUED,), Stage.CANCELLED, (Side.CLERK,)),
    Act.RECALL: Way((Stage.ISSUED,), Stage.RECALLED, (Side.CLERK,)),
}
_WHO = {
    Side.DRAFTER: "đơn vị soạn thảo",
    Side.SIGNER: "người ký văn bản",
    Side.CLERK: "văn thư của cơ quan ban hành",
}


def sides_of(document: Document, person: Person) -> set[Side]:
    """The sides on which somebody stands. Where the signatory has no account, who drafted notes what was signed on paper."""
    drafts = person.may(May.DRAFT_PAPERS) and person.organisation_id == document.drafted_by_id
    sides = {Side.DRAFTER} if drafts else set()
    signatory = document.signatory
    if signatory and signatory.person_id == person.pk and person.is_active:
        sides.add(Side.SIGNER)
    if signatory and signatory.person_id is None and drafts:
        sides.add(Side.SIGNER)
    if keeps_numbers(person, document):
        sides.add(Side.CLERK)
    return sides


def keeps_numbers(person: Person, document: Document) -> bool:
    """Whether somebody gives numbers of the body: its clerk; where no clerk has an account, who keeps its registers."""
    if not person.may(May.KEEP_REGISTERS) or not bodies_of(person).filter(pk=document.body_id).exists():
        return False
    if person.role == Role.CLERK or document.body.kind != OrganisationKind.COMMITTEE:
        return True
    clerks = Person.objects.filter(organisation__unit=document.body.unit_id, role=Role.CLERK, is_active=True)
    return not clerks.exists()


def why_not(act: Act, document: Document, person: Person) -> str:
    """The sentence that keeps somebody from an act; empty when nothing does."""
    way = WAYS[act]
    if not sides_of(document, person) & set(way.sides):
        return f"Việc này là của {' hoặc '.join(_WHO[side] for side in way.sides)}."
    if Stage(document.stage) not in way.of:
        return f"Văn bản đang ở bước “{document.get_stage_display()}” nên không làm được việc này. Tải lại trang để xem."
    return _why_not_now(act, document)


def _why_not_now(act: Act, document: Document) -> str:
    if act == Act.SCAN and document.signed != Signed.ON_PAPER:
        return "Văn bản ký số thì bản ký số là bản chính, không đính bản quét."
    if act == Act.CANCEL and document.dispatches.exclude(sent_at=None).exists():
        return "Văn bản đã gửi đi nên không hủy số; nếu sai thì thu hồi, nơi nhận sẽ được báo."
    if act == Act.RECALL and not document.dispatches.exclude(sent_at=None).exists():
        return "Văn bản chưa gửi nơi nào nên không có gì để thu hồi; nếu sai thì hủy số."
    return ""


def acts_of(document: Document, person: Person) -> list[Act]:
    """What somebody may do with a paper now."""
    return [act for act in WAYS if not why_not(act, document, person)]
