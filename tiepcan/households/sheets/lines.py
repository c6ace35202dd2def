"""Events of a reading as lines, for a pipe: households as PostgreSQL's COPY text, the rest as JSON."""

import json
from typing import Any

from tiepcan.common.folding import folded_key
from tiepcan.households.sheets.records import Event, Problem, Row, Skipped, Summary, Understanding

COLUMNS = (*Row._fields, "search_key", "sort_key")
"""Columns of an R line, in their order. `lacks` is an array of text; `answers` and `open` are JSON; \\N is unknown.

The two keys are those of a household's row, made of name, hamlet and code; unknown where the name is.
"""

_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
_NULL = "\\N"


def line(event: Event) -> str:
    """One event as one line without its end: a letter (U, R, S, P, E), a tab, the content."""
    if event.__class__ is Row:
        return "R\t" + as_copy(event)  # type: ignore[arg-type]
    if isinstance(event, Problem):
        return "P\t" + _json(event._asdict())
    if isinstance(event, Skipped):
        return "S\t" + _json(event._asdict())
    if isinstance(event, Summary):
        return "E\t" + _json(event.as_plain())
    assert isinstance(event, Understanding)
    return "U\t" + _json(as_plain(event))


def as_plain(understanding: Understanding) -> dict[str, Any]:
    """Plain lists and words of an understanding."""
    plain = {name: getattr(understanding, name) for name in understanding.__dataclass_fields__}
    plain["columns"] = [
        {name: getattr(column, name) for name in column.__dataclass_fields__}
        for column in understanding.columns
    ]
    return plain


def as_copy(row: Row) -> str:
    """One household as a line of COPY's text format, in the order of COLUMNS."""
    values: tuple[Any, ...] = (*row, *_keys(row))
    joined = "\t".join(
        [_NULL if value is None else value if value.__class__ is str else _text(value) for value in values]
    )
    # Hardly any row holds a sign to be escaped: one look at the whole instead of one at each field.
    if (
        "\\" not in joined.replace(_NULL, "")
        and joined.count("\t") == _TABS
        and "\n" not in joined
        and "\r" not in joined
    ):
        return joined
    return "\t".join(
        _NULL if value is None else (value if value.__class__ is str else _text(value)).translate(_ESCAPES)
        for value in values
    )


class _Folded(dict[str, str]):
    """Folded keys of the few words that names and hamlets are made of."""

    def __missing__(self, word: str) -> str:
        key = folded_key(word)
        if len(self) < 50_000:
            self[word] = key
        return key


_folded = _Folded()


def _keys(row: Row) -> tuple[str | None, str | None]:
    """What lists are searched and sorted by: people are listed by given name, the last word."""
    if row.head_name is None:
        return None, None
    parts = [_folded[word] for word in row.head_name.split(" ")]
    name, code, hamlet = " ".join(parts), row.code or "", row.hamlet
    code = code.lower() if code.isascii() else folded_key(code)
    hamlet = _folded[hamlet] if hamlet else ""
    return f"{name} {hamlet} {code}", f"{parts[-1]} {' '.join(parts[:-1])}" if len(parts) > 1 else name


_TABS = len(COLUMNS) - 1


def _text(value: Any) -> str:
    if value.__class__ is int:
        return str(value)
    if value.__class__ is bool:
        return "t" if value else "f"
    if value.__class__ is tuple:
        # Sorted, as the registry keeps them: in another order they would look changed.
        return "{" + ",".join(sorted(value)) + "}"
    return _json(value)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
