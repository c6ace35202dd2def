"""Rows of this room: what units hand in, their own plans and periodic reports, and the consolidated reports made of everything."""

from tiepcan.reporting.models.consolidated import ConsolidatedReport, RouteAct, RouteStep
from tiepcan.reporting.models.filings import Filing, Part, PlanLine, State, Step
from tiepcan.reporting.models.recurrences import Every, Recurrence, RecurrenceDone
from tiepcan.reporting.models.reminders import Reminder, ReminderAddress
from tiepcan.reporting.models.submissions import Extension, Submission

__all__ = [
    "ConsolidatedReport",
    "Every",
    "Extension",
    "Filing",
    "Part",
    "PlanLine",
    "Recurrence",
    "RecurrenceDone",
    "Reminder",
    "ReminderAddress",
    "RouteAct",
    "RouteStep",
    "State",
    "Step",
    "Submission",
]
