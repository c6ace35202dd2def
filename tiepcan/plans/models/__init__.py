"""What is stored of plans."""

from tiepcan.plans.models.divisions import Basis, Division, DivisionShare
from tiepcan.plans.models.drafts import Draft, DraftState
from tiepcan.plans.models.plan import (
    Aim,
    AppendixRow,
    Duty,
    DutyReport,
    LegalBasis,
    Milestone,
    MilestoneKind,
    Paper,
    Plan,
    Recipient,
    Standing,
    Target,
    Version,
)

__all__ = [
    "Aim",
    "AppendixRow",
    "Basis",
    "Division",
    "DivisionShare",
    "Draft",
    "DraftState",
    "Duty",
    "DutyReport",
    "LegalBasis",
    "Milestone",
    "MilestoneKind",
    "Paper",
    "Plan",
    "Recipient",
    "Standing",
    "Target",
    "Version",
]
