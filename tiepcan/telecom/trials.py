"""The forms of this room that offices may keep wordings of."""

from tiepcan.accounts.models import OrganisationKind
from tiepcan.paperwork.wordings import Offered
from tiepcan.telecom import wordings

# Names of households stand in statements: a wording is tried on the example.
OFFERED = (Offered(wordings.STATEMENT, frozenset({OrganisationKind.COMPANY})),)
