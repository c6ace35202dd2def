"""What is done to the address book of a body."""

import uuid
from typing import Any

from django.db import IntegrityError

from tiepcan.accounts.models import Organisation, Person
from tiepcan.audit.acts import act
from tiepcan.common import clock
from tiepcan.common.folding import composed, folded_key
from tiepcan.common.refusals import NotAllowed, Stale
from tiepcan.paperwork.bodies import why_not_keep
from tiepcan.paperwork.exchange.message import why_not_organ_id
from tiepcan.paperwork.models.contacts import Contact


def add(
    *,
    id: uuid.UUID,
    body: Organisation,
    name: str,
    email: str = "",
    organ_id: str = "",
    note: str = "",
    by: Person,
) -> Contact:
    """Write an address into a body's address book. The same key twice is one address.

    Raises NotAllowed when the book has the name already, or the identifier is none.
    """
    _may_keep(body, by)
    facts = _facts(name, email, organ_id, note)
    try:
        with act("contact.added", by=by):
            if known := Contact.objects.filter(pk=id, body=body).first():
                return known
            return Contact.objects.create(id=id, body=body, **facts)
    except IntegrityError:
        raise NotAllowed(_taken(body, facts["name"])) from None


def change(
    *,
    contact: Contact,
    version: int,
    name: str,
    email: str = "",
    organ_id: str = "",
    note: str = "",
    by: Person,
) -> Contact:
    """Change an address. Raises Stale when somebody changed it since `version`, NotAllowed as `add` does."""
    _may_keep(contact.body, by)
    facts = _facts(name, email, organ_id, note)
    try:
        with act("contact.changed", by=by):
            return _moved_on(contact, version, **facts)
    except IntegrityError:
        raise NotAllowed(_taken(contact.body, facts["name"])) from None


def end(*, contact: Contact, version: int, by: Person) -> Contact:
    """Stop using an address; it stays in the book. Raises Stale when somebody changed it since `version`."""
    _may_keep(contact.body, by)
    with act("contact.ended", by=by):
        return _moved_on(contact, version, ended_on=clock.today())


def _may_keep(body: Organisation, by: Person) -> None:
    if problem := why_not_keep(body, by):
        raise NotAllowed(problem)


def _facts(name: str, email: str, organ_id: str, note: str) -> dict[str, str]:
    name, organ_id = composed(name), composed(organ_id).upper()
    if not name:
        raise NotAllowed("Ghi tên nơi nhận.")
    if organ_id and (problem := why_not_organ_id(organ_id)):
        raise NotAllowed(problem)
    return {
        "name": name,
        "name_key": folded_key(name),
        "email": email.strip(),
        "organ_id": organ_id,
        "note": note.strip(),
    }


def _moved_on(contact: Contact, version: int, **facts: Any) -> Contact:
    """One more version of an address that is in use and stands at the version that the person saw."""
    moved = Contact.objects.filter(pk=contact.pk, version=version, ended_on=None).update(
        version=version + 1, **facts
    )
    contact.refresh_from_db()
    if not moved:
        raise Stale(
            f"{contact.name} đã thôi dùng từ {contact.ended_on:%d/%m/%Y}. Cần lại thì thêm địa chỉ mới."
            if contact.ended_on
            else "Người khác vừa sửa địa chỉ này. Xem bản của họ dưới đây rồi lưu."
        )
    return contact


def _taken(body: Organisation, name: str) -> str:
    return f"Sổ địa chỉ của {body.name} đã có “{name}”. Sửa địa chỉ đang có, hoặc ghi tên khác."
