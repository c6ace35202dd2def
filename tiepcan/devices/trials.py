"""The forms of this room that offices may keep wordings of."""

from tiepcan.accounts.models import OrganisationKind
from tiepcan.devices import wordings
from tiepcan.paperwork.wordings import Offered

OFFERED = (
    # Names of households stand in minutes: a wording is tried on the example.
    Offered(wordings.MINUTES, frozenset({OrganisationKind.LOCAL})),
    Offered(wordings.REQUEST, frozenset({OrganisationKind.COMMITTEE, OrganisationKind.LOCAL})),
    Offered(wordings.REMINDER, frozenset({OrganisationKind.COMMITTEE, OrganisationKind.LOCAL})),
)
