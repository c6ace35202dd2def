"""Whose papers, registers and addresses a person keeps."""

from django.db.models import Q, QuerySet

from tiepcan.accounts.models import Organisation, OrganisationKind, Person
from tiepcan.accounts.roles import May


def bodies_of(person: Person) -> QuerySet[Organisation]:
    """Bodies whose papers and registers the person keeps (cơ quan ban hành, cơ quan nhận).

    The person's own organisation; and, for who keeps registers, the committee of the same unit: its clerks sit in its
    offices and not in itself.
    """
    mine = Q(pk=person.organisation_id)
    if person.may(May.KEEP_REGISTERS):
        mine |= Q(unit=person.unit, kind=OrganisationKind.COMMITTEE)
    return Organisation.objects.filter(mine)


def why_not_keep(body: Organisation, person: Person) -> str | None:
    """Why this person does not keep the registers and the addresses of a body, as a sentence; None if they do."""
    if person.may(May.KEEP_REGISTERS) and bodies_of(person).filter(pk=body.pk).exists():
        return None
    return f"Chỉ văn thư của {body.name} giữ sổ của cơ quan này."
