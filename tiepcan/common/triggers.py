"""Database triggers that run once for a statement, however many rows it changes."""

import pgtrigger

NEW, OLD = "new_values", "old_values"
"""What the function calls the statement's rows as they became and as they were."""


def per_statement(name: str, operation: pgtrigger.Operation, func: str, **rows: str) -> pgtrigger.Trigger:
    """A trigger after the statement; `rows` says under which name its function sees the `new` and the `old` rows."""
    return pgtrigger.Trigger(
        name=name,
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=operation,
        referencing=pgtrigger.Referencing(**rows),  # type: ignore[no-untyped-call]
        func=func,
    )
