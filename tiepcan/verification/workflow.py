"""Who opens rounds; when minutes can be signed, by whom, and for whose signature they wait."""

from django.urls import reverse

from tiepcan.accounts.models import Person
from tiepcan.accounts.roles import May
from tiepcan.verification.models import SIGNERS, Round
from tiepcan.verification.queries import Standing, Status, standing_of

READERS = (May.VERIFY_OUTCOMES, May.CONSOLIDATE, May.RECORD_OUTCOMES)
"""Whoever may do one of these opens the rounds of the plans they see."""


def why_not_sign(found: Round, standing: Standing, by: Person) -> str | None:
    """Why this person may not sign the round's minutes now, as a sentence; None if they may."""
    return _why_not_theirs(found, by) or why_not_done(found, standing)


def _why_not_theirs(found: Round, by: Person) -> str | None:
    kind = by.organisation.kind
    if kind not in SIGNERS or not (
        by.may_change(May.VERIFY_OUTCOMES, found.plan.issuer)
        or by.may_change(May.CONSOLIDATE, found.plan.issuer)
    ):
        return "Biên bản do Phòng Lao động, Thương binh và Xã hội và Phòng Văn hóa Thông tin cùng ký."
    if any(signed.kind == kind for signed in found.signatures.all()):
        return "Cơ quan của anh/chị đã ký."
    return None


def why_not_done(found: Round, standing: Standing) -> str | None:
    """What still has to be done before the minutes can be signed, as a sentence; None when nothing."""
    if not found.drawn_at:
        return "Chưa rút mẫu."
    if found.frozen is not None:
        # The first signature said what stands; what became of a household since does not hinder the second.
        return None
    if left := standing.number(Status.NOT_VISITED, Status.AGAIN):
        return f"Còn {left} hộ chưa đến hoặc phải đến lại."
    if open_ones := standing.number(Status.ASKED, Status.TO_DECIDE):
        return f"Còn {open_ones} hộ không đúng chưa quyết định."
    return None


def to_sign(by: Person) -> list[Round]:
    """The rounds whose minutes this person can sign now for their office, the newest first."""
    drawn = Round.objects.visible_to(by).exclude(drawn_at=None)
    theirs = [
        one
        for one in drawn.select_related("plan__issuer").prefetch_related("signatures")
        if _why_not_theirs(one, by) is None
    ]
    return [one for one in theirs if why_not_done(one, standing_of(one)) is None]


def asked_of(person: Person) -> list[tuple[str, str]]:
    """What waits for this person in rounds, as other rooms print it: what to do, and the address where."""
    return [
        (f"Ký biên bản: {one.name}", reverse("verification:round", args=[one.pk])) for one in to_sign(person)
    ]
