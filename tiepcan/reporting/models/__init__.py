"""Rows of this room: what units hand in, their periodic reports, and the consolidated reports made of everything."""

from tiepcan.reporting.models.consolidated import ConsolidatedReport
from tiepcan.reporting.models.periodic import Part, PeriodicReport, State, Step
from tiepcan.reporting.models.reminders import Reminder, ReminderAddress
from tiepcan.reporting.models.submissions import Submission

__all__ = [
    "ConsolidatedReport",
    "Part",
    "PeriodicReport",
    "Reminder",
    "ReminderAddress",
    "State",
    "Step",
    "Submission",
]
