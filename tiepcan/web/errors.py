"""What is wrong with the forms of a page, as the lines of its summary."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from django.forms import BaseForm, BaseFormSet, BoundField

AnyForm: TypeAlias = "BaseForm | BaseFormSet[BaseForm]"  # a form set is generic for the type checker alone


@dataclass(frozen=True)
class Line:
    """One problem, the field that it is about, and the id of the control that mends it."""

    message: str
    label: str = ""
    target: str | None = None


def errors_of(*forms: "AnyForm | None") -> list[Line]:
    return [line for form in forms if form is not None for line in _lines(form)]


def has_errors(values: Iterable[object]) -> bool:
    """Whether one of these is a form that came back."""
    return any(isinstance(value, BaseForm | BaseFormSet) and errors_of(value) for value in values)


def _lines(form: AnyForm) -> Iterator[Line]:
    if not form.is_bound:
        return
    if isinstance(form, BaseFormSet):
        yield from (Line(str(message)) for message in form.non_form_errors())
        yield from (line for inner in form.forms for line in _lines(inner))
        return
    yield from (Line(str(message)) for message in form.non_field_errors())
    for bound in form:
        target = None if bound.is_hidden else first_control(bound)
        yield from (Line(str(message), str(bound.label or ""), target) for message in bound.errors)


def first_control(bound: BoundField) -> str:
    """The id of the control that takes the focus: the field's own, or that of its first choice."""
    return bound.id_for_label or f"{bound.auto_id}_0"
