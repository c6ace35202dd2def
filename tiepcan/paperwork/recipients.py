"""Where a paper goes: the lines of "Kính gửi" and "Nơi nhận" made into recipients that can be sent to, and what came of it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Q

from tiepcan.accounts.models import Organisation, OrganisationKind, Person
from tiepcan.audit.acts import act
from tiepcan.common import clock
from tiepcan.common.folding import folded_key
from tiepcan.common.refusals import NotAllowed
from tiepcan.paperwork.models import Contact, Dispatch, Document, WayOut
from tiepcan.paperwork.workflow import keeps_numbers

_ASIDE = re.compile(r"\s*\([^()]*\)")
_AS_ABOVE = "nhu tren"
_KINDS = (
    (re.compile(r"\b(ubnd|uy ban nhan dan) (cac )?(phuong, ?xa|phuong|xa)$"), OrganisationKind.LOCAL),
    (re.compile(r"\bdoanh nghiep\b"), OrganisationKind.COMPANY),
    (re.compile(r"\bphong\b.*\b(lao dong|ldtb ?& ?xh|ldtbxh)\b"), OrganisationKind.LABOUR),
    (re.compile(r"\bphong\b.*\b(van hoa|vhtt)\b"), OrganisationKind.CULTURE),
    (re.compile(r"\bdai\b.*\b(truyen thanh|tt ?& ?th|tt-th)\b"), OrganisationKind.STATION),
    (re.compile(r"\b(van phong|vp)\b.*\b(hdnd|ubnd)\b"), OrganisationKind.OFFICE),
    (re.compile(r"\b(chu tich|pct|lanh dao)\b.*\bubnd\b"), OrganisationKind.COMMITTEE),
    (re.compile(r"^so\b"), OrganisationKind.DEPARTMENT),
)
"""What a line of recipients means where it names no organisation in full: a kind of organisation of the same place."""


@dataclass(frozen=True)
class Target:
    """One recipient that a line means, and how it is reached."""

    name: str
    way: WayOut
    organisation: Organisation | None = None
    email: str = ""
    organ_id: str = ""


def lines_of(document: Document) -> list[str]:
    """Every line that names somebody: those addressed first; "Như trên" names nobody new."""
    paper = document.says
    lines = [*paper.addressed_to, *paper.recipients]
    parts = [part.strip(" -.") for line in lines for part in line.split(";")]
    return list(dict.fromkeys(part for part in parts if part and folded_key(part) != _AS_ABOVE))


def lay_out(document: Document) -> None:
    """Make the recipients follow the lines of a draft. What was set by hand for a line that is still there stays."""
    lines = lines_of(document)
    document.dispatches.exclude(line="").exclude(line__in=lines).delete()
    known = set(document.dispatches.values_list("line", flat=True))
    taken = set(document.dispatches.exclude(organisation=None).values_list("organisation", flat=True))
    for line in lines:
        if line in known:
            continue
        for target in targets_of(line, document.body):
            there = target.organisation
            if there is None or there.pk not in taken:
                _add(document, line, target)
            if there is not None:
                taken.add(there.pk)


def _add(document: Document, line: str, target: Target) -> Dispatch:
    return Dispatch.objects.create(
        document=document,
        line=line,
        name=target.name[:200],
        way=target.way,
        organisation=target.organisation,
        email=target.email,
        organ_id=target.organ_id,
    )


def targets_of(line: str, body: Organisation) -> list[Target]:
    """Whom a line means: an organisation here, an entry of the address book, or somebody who gets it on paper."""
    key = folded_key(_ASIDE.sub("", line))
    here = list(_organisations_near(body, key))
    if here:
        return [Target(one.name, WayOut.SYSTEM, one) for one in here if one.pk != body.pk or len(here) == 1]
    if contact := Contact.objects.in_use().filter(body=body, name_key=key).first():
        return [target_of(contact)]
    return [Target(line, WayOut.PAPER)]


def target_of(contact: Contact) -> Target:
    """An entry of the address book: by the exchange where it has an identifier, else by mail, else on paper."""
    way = WayOut.EXCHANGE if contact.organ_id else WayOut.MAIL if contact.email else WayOut.PAPER
    return Target(contact.name, way, None, contact.email, contact.organ_id)


def _organisations_near(body: Organisation, key: str) -> Iterator[Organisation]:
    """Organisations that sign in here: by their name, else by what kind of organisation the line names."""
    unit = body.unit
    above = [unit.pk, *([unit.parent_id] if unit.parent_id else [])]
    near = Organisation.objects.filter(Q(unit__in=above) | Q(unit__path__startswith=unit.path))
    named = [one for one in near if folded_key(one.name) == key]
    if named:
        yield from named
        return
    kind = next((kind for pattern, kind in _KINDS if pattern.search(key)), None)
    if kind == OrganisationKind.LOCAL:
        yield from near.filter(kind=kind).order_by("unit__path")
    elif kind == OrganisationKind.DEPARTMENT:
        yield from (
            one for one in near.filter(kind=kind) if set(key.split()) <= set(folded_key(one.name).split())
        )
    elif kind is not None:
        yield from near.filter(kind=kind, unit=unit)


def _of_paper(document: Document, by: Person) -> Document:
    """The paper under its lock, for who drafts it or keeps its body's numbers."""
    current = (
        Document.objects.select_for_update(of=("self",), no_key=True)
        .select_related("body")
        .get(pk=document.pk)
    )
    drafts = current.drafted_by_id == by.organisation_id and current.is_written
    if not drafts and not keeps_numbers(by, current):
        raise NotAllowed("Việc này là của đơn vị soạn thảo hoặc văn thư của cơ quan ban hành.")
    return current


def direct(*, dispatch: Dispatch, way: str, name: str, email: str, organ_id: str, by: Person) -> Dispatch:
    """Set how one recipient is reached; one that has it already stays as it was sent."""
    with act("recipient.directed", by=by):
        _of_paper(dispatch.document, by)
        current = Dispatch.objects.select_for_update().get(pk=dispatch.pk)
        if current.sent_at:
            raise NotAllowed(
                f"Đã gửi {current.name} lúc {current.sent_at.astimezone(clock.VIETNAM):%H:%M %d/%m/%Y}."
            )
        current.way, current.name = WayOut(way), name.strip() or current.name
        current.email, current.organ_id, current.failure = email.strip(), organ_id.strip(), ""
        _check(current)
        current.save()
        return current


def _check(dispatch: Dispatch) -> None:
    if dispatch.way == WayOut.MAIL and not dispatch.email:
        raise NotAllowed(f"Ghi địa chỉ thư điện tử của {dispatch.name}.")
    if dispatch.way == WayOut.EXCHANGE and not dispatch.organ_id:
        raise NotAllowed(f"Ghi mã định danh của {dispatch.name}, dạng H56.01.02.")
    if dispatch.way == WayOut.SYSTEM and dispatch.organisation_id is None:
        raise NotAllowed(f"{dispatch.name} không có tài khoản trong chương trình; chọn cách gửi khác.")


def add(*, document: Document, contact: Contact, by: Person) -> Dispatch:
    """One more recipient from the address book, whom no line of the paper names."""
    with act("recipient.added", by=by):
        current = _of_paper(document, by)
        if contact.body_id != current.body_id or contact.ended_on:
            raise NotAllowed("Nơi này không có trong sổ địa chỉ của cơ quan ban hành.")
        if current.dispatches.filter(name=contact.name).exists():
            raise NotAllowed(f"{contact.name} đã có trong nơi nhận.")
        return _add(current, "", target_of(contact))


def open_by(document: Document, person: Person) -> None:
    """Note that an organisation opened a paper that came to it: once, by the first of its people."""
    came = document.dispatches.filter(organisation=person.organisation_id, opened_at=None).exclude(
        sent_at=None
    )
    if document.is_out and came.exists():
        with act("recipient.opened", by=person):
            came.update(opened_at=clock.now())


def acknowledge(*, dispatch: Dispatch, incoming_number: str, by_name: str, by: Person | None) -> Dispatch:
    """A recipient says that it has the paper, with the number that it entered it under if there is one. Once."""
    with act("recipient.acknowledged", by=by):
        current = Dispatch.objects.select_for_update(of=("self",)).get(pk=dispatch.pk)
        if by is not None and current.organisation_id != by.organisation_id:
            raise NotAllowed("Chỉ nơi nhận báo đã nhận văn bản này.")
        if current.sent_at is None:
            raise NotAllowed("Văn bản chưa gửi đến nơi này.")
        if current.acknowledged_at is None:
            current.acknowledged_at, current.acknowledged_by = clock.now(), by_name[:120]
            current.opened_at = current.opened_at or current.acknowledged_at
            current.incoming_number = incoming_number.strip()[:30]
            current.save()
        return current


def by_hand(*, dispatch: Dispatch, by: Person) -> Dispatch:
    """Note that a paper copy was handed over, or that an exchange package was taken to the hub."""
    with act("recipient.sent", by=by):
        document = _of_paper(dispatch.document, by)
        current = Dispatch.objects.select_for_update().get(pk=dispatch.pk)
        if not document.is_out:
            raise NotAllowed("Văn bản chưa phát hành nên chưa gửi được.")
        if current.way not in (WayOut.PAPER, WayOut.EXCHANGE):
            raise NotAllowed(f"{current.name} nhận {current.get_way_display().lower()}: chương trình tự gửi.")
        current.sent_at = current.sent_at or clock.now()
        current.save()
        return current
