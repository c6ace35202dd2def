"""What happened to rows, told act by act."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Any

from django.db import models

from tiepcan.common import clock

_OWN = {"pgh_id", "pgh_created_at", "pgh_label", "pgh_obj", "pgh_context", "version"}
_LONGEST_VALUE = 200
_HIDDEN = "không hiện"


@dataclass(frozen=True)
class Change:
    """One field that an act changed, in the words of the model."""

    subject: str
    field: str
    before: str
    after: str


@dataclass
class Act:
    """One act of a person and what it did to the rows asked about."""

    at: datetime
    verb: str
    by_name: str
    organisation: str
    reason: str
    added: Counter[str] = field(default_factory=Counter)
    """Rows added, counted by what one row is called."""
    removed: Counter[str] = field(default_factory=Counter)
    changes: list[Change] = field(default_factory=list)


@dataclass(frozen=True)
class Told:
    """An act in words, as a page shows it."""

    act: Act
    sentence: str


def history_of(
    *rows: models.QuerySet[Any], words: Mapping[str, str] = MappingProxyType({}), hidden: Collection[str] = ()
) -> list[Act]:
    """Every act that touched one of these rows, newest first.

    A queryset of a table tells of the rows that are there; one of its events (`event_model`) of removed ones too.
    `words` says keys that stand in lists as people know them; of the fields in `hidden` only that they changed is told.
    """
    acts: dict[Any, Act] = {}
    for queryset in rows:
        for event, before in _events(queryset):
            act = acts.setdefault(event.pgh_context_id or f"event {event.pgh_id}", _act(event))
            subject = _subject(event)
            if event.pgh_label == "insert":
                act.added[subject] += 1
            elif event.pgh_label == "delete":
                act.removed[subject] += 1
            else:
                act.changes += _changes(subject, before, event, words, hidden)
    # Turned round after sorting, so that of two acts in the same moment the one met later is the newer.
    return sorted(acts.values(), key=lambda act: act.at)[::-1]


def told(acts: Iterable[Act], sentences: Mapping[str, str]) -> list[Told]:
    """Acts with the sentence that their room has for their verb."""
    return [Told(act, sentences.get(act.verb, "Thay đổi ngoài chương trình")) for act in acts]


def _events(queryset: models.QuerySet[Any]) -> Iterable[tuple[Any, Any]]:
    """Each kept event of the rows with the one before it of the same row."""
    if hasattr(queryset.model, "pgh_tracked_model"):
        events = queryset
    else:
        keys = list(queryset.values_list("pk", flat=True))
        events = event_model(queryset.model).objects.filter(pgh_obj_id__in=keys)
    events = events.select_related("pgh_context").order_by("pgh_obj_id", "pgh_id")
    last: Any = None
    for event in events:
        yield event, last if last is not None and last.pgh_obj_id == event.pgh_obj_id else None
        last = event


def event_model(model: type[models.Model]) -> Any:
    """The table in which the triggers keep this table's changes."""
    return next(
        event
        for relation in model._meta.related_objects
        if hasattr(event := relation.related_model, "pgh_tracked_model") and relation.field.name == "pgh_obj"
    )


def _subject(event: Any) -> str:
    """What a kept row was: the table's name, and for rows that are a line of text its first words."""
    name = str(event.pgh_tracked_model._meta.verbose_name)
    text = getattr(event, "text", "") if event.pgh_label == "update" else ""
    return f"{name} “{text[:60]}”" if text else name


def _act(event: Any) -> Act:
    said: dict[str, Any] = event.pgh_context.metadata if event.pgh_context else {}
    at = said.get("at")
    return Act(
        at=datetime.fromisoformat(at) if at else event.pgh_created_at.astimezone(clock.VIETNAM),
        verb=said.get("verb", ""),
        by_name=said.get("by_name", ""),
        organisation=said.get("organisation", ""),
        reason=said.get("reason", ""),
    )


def _changes(
    subject: str, before: Any, after: Any, words: Mapping[str, str], hidden: Collection[str]
) -> Iterable[Change]:
    if before is None:
        return
    for column in after._meta.concrete_fields:
        old, new = getattr(before, column.attname), getattr(after, column.attname)
        # Fields without a Vietnamese name are keys that the program keeps for itself.
        if column.name in _OWN or old == new or column.verbose_name == column.name.replace("_", " "):
            continue
        if column.name in hidden or isinstance(column, models.BinaryField):
            yield Change(subject, str(column.verbose_name), _HIDDEN, _HIDDEN)
        else:
            yield Change(
                subject, str(column.verbose_name), _words(column, old, words), _words(column, new, words)
            )


def _words(column: Any, value: Any, words: Mapping[str, str]) -> str:
    if value in (None, "", {}, []):
        return "trống"
    if isinstance(value, list) and words:
        return ", ".join(words.get(one, str(one)) for one in value)
    if isinstance(value, bool):
        return "có" if value else "không"
    if isinstance(value, dict | list):
        return f"{len(value)} chỗ"
    if column.choices:
        return str(dict(column.flatchoices).get(value, value))
    if isinstance(value, datetime):
        return f"{value.astimezone(clock.VIETNAM):%H:%M, %d/%m/%Y}"
    if hasattr(value, "strftime"):
        return str(value.strftime("%d/%m/%Y"))
    return str(value)[:_LONGEST_VALUE]
