"""What papers wait for somebody."""

from django.db.models import Q, QuerySet

from tiepcan.accounts.models import OrganisationKind, Person
from tiepcan.accounts.roles import May, Role
from tiepcan.paperwork.bodies import bodies_of
from tiepcan.paperwork.models import Document, Stage


def waiting_for(person: Person) -> QuerySet[Document]:
    """Papers that wait for the person's signature, for a number that they give, or that came back to their office."""
    mine = Q(stage=Stage.PROPOSED, signatory__person=person)
    if person.may(May.KEEP_REGISTERS):
        numbered = Q(stage=Stage.SIGNED, body__in=bodies_of(person))
        if person.role != Role.CLERK and _has_clerk(person):
            numbered &= ~Q(body__kind=OrganisationKind.COMMITTEE)
        mine |= numbered
    if person.may(May.DRAFT_PAPERS):
        mine |= Q(stage=Stage.RETURNED, drafted_by=person.organisation_id)
    return Document.objects.filter(mine)


def _has_clerk(person: Person) -> bool:
    return Person.objects.filter(organisation__unit=person.unit, role=Role.CLERK, is_active=True).exists()
