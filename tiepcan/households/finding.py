"""What the words of a search mean, and the keys of the households that one page of the list shows.

A word finds what begins with it: a word of the head's name, of the hamlet or of the code, or a part of the code
("22" finds "TK-0022"). The same is asked in two ways: of rows by their keys, and of the index by lexemes.
"""

import re
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db import connection

from tiepcan.common.folding import folded_key
from tiepcan.units.models import Unit

PATIENCE = timedelta(milliseconds=1.5)
"""How long a search walks along the list before it turns to the index; it finds the same on both ways."""

_NOT_SPOKEN = re.compile(r"^[\W_]+")
# As the migration's `households_lexemes` cuts the keys of rows.
_BETWEEN = str.maketrans(dict.fromkeys("-./,;:_()'\"|", " "))
_ZEROS = re.compile(r" 0+")


@dataclass(frozen=True)
class Word:
    """One word of a search, folded."""

    text: str
    """It stands somewhere in the key."""
    pattern: str
    """And begins a word there: a regular expression, zeros before a number aside; "" for signs alone."""

    @property
    def like(self) -> str:
        escaped = re.sub(r"([%_\\])", r"\\\1", self.text)
        return f"%{escaped}%"


def words_of(typed: str) -> list[Word]:
    """The words of what somebody typed, accents or not."""
    return [_word(word) for word in folded_key(typed).split()]


def _word(word: str) -> Word:
    spoken = _NOT_SPOKEN.sub("", word)
    if not spoken:
        return Word(word, "")
    return Word(spoken, f"(^|[^[:alnum:]])0*{re.escape(spoken)}")


def lexemes_of(words: Iterable[Word], province: str) -> list[str]:
    """The words as a query of the index of words wants them; households have perhaps more than what is asked."""
    parts = [
        part
        for word in words
        if word.pattern
        for part in _telling(_ZEROS.sub(" ", f" {word.text.translate(_BETWEEN)}").split())
    ]
    rarer = [part for part in parts if part not in _COMMON and (len(part) > 2 or part.isdigit())]
    quoted = (f"{province} {part}".replace("\\", "\\\\").replace("'", "''") for part in rarer or parts)
    return [f"'{one}':*" for one in quoted]


_COMMON = frozenset({"thon", "to", "dan", "pho", "khu", "xom", "ban", "ap", "thi", "van", "nguyen", "tran"})
"""Words of so many households that reading their lists costs more than it spares."""


def _telling(parts: list[str]) -> list[str]:
    """Of a code its number: the letters before it stand in every code of a ward."""
    return [part for part in parts if part.isdigit()] or parts


@dataclass(frozen=True)
class Place:
    """Where a page begins: behind this household."""

    path: str
    sort_key: str
    key: uuid.UUID


def keys_sought(
    under: Unit,
    *,
    gone: bool,
    typed: str,
    year: int,
    classes: Sequence[str] | None,
    lack: str | None,
    after: Place | None,
    wanted: int,
) -> list[uuid.UUID]:
    """Keys of the first households of the unit and those below it that answer, in the order of lists.

    Only within the wall: whoever asks outside it has no scope, and finds nobody.
    """
    words = words_of(typed)
    province = under.path.split("/")[1]
    asked = [
        under.path,
        gone,
        [word.like for word in words],
        [word.pattern for word in words if word.pattern],
        lexemes_of(words, province) or None,
        year,
        list(classes) if classes is not None else None,
        lack,
        *((after.path, after.sort_key, after.key) if after else (None, None, None)),
        wanted,
        PATIENCE,
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM households_sought(%s, %s, %s::text[], %s::text[], %s::text[], %s, %s::text[], %s, "
            "%s, %s, %s::uuid, %s, %s)",
            asked,
        )
        return [key for (key,) in cursor.fetchall()]
