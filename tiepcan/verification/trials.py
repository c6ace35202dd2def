"""The forms of this room that offices may keep wordings of."""

from tiepcan.accounts.models import OrganisationKind
from tiepcan.paperwork.wordings import Offered
from tiepcan.verification import wordings

OFFERED = (Offered(wordings.MINUTES, frozenset({OrganisationKind.LABOUR})),)
