"""Cells whose letters are TCVN3's or VNI's, found column by column, for a sheet may be put together from several files.

What reads as Vietnamese is never converted: a cell with one letter that only Unicode has (ệ, ơ, đ) stays as it is,
and a column is converted only when it does not read and its conversion does.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from tiepcan.intake.encodings import from_tcvn3, from_vni

_NUCLEI = (
    "a ai ao au ay â âu ây ă e eo ê êu i ia iê iêu iu o oa oai oao oay oă oe oeo oi oo ô ôi ơ ơi u ua uâ uây uê ui "
    "uô uôi uơ uy uya uyê uyu ư ưa ưi ươ ươi ươu ưu y yê yêu"
)
_SYLLABLE = re.compile(
    r"(?:ngh|ng|nh|ch|gh|gi|kh|ph|qu|th|tr|[bcdđghklmnprstvxjwz])?(?:"
    + "|".join(sorted(_NUCLEI.split(), key=len, reverse=True))
    + r")(?:ch|ng|nh|[cmnptk])?"
)
_TONES = str.maketrans("", "", "\u0300\u0301\u0309\u0303\u0323")
_EDGES = " .,;:!?()[]{}\"'“”‘’/\\-–—+*0123456789"
_APART = re.compile(r"[\s\-–/.,;()]+")
_ONLY_UNICODE = re.compile(
    "[\u0102\u0103\u0110\u0111\u0128\u0129\u0168\u0169\u01a0-\u01b0\u0300-\u0323\u1ea0-\u1ef9]"
)
_ENOUGH = 0.8
_SAMPLED_ROWS, _SAMPLED_TEXTS = 2_000, 300

CONVERTERS: dict[str, Callable[[str], str]] = {"TCVN3 (ABC)": from_tcvn3, "VNI": from_vni}


def reads(texts: Iterable[str]) -> float:
    """Share of the accented words that are Vietnamese syllables, 0 to 1; 1 without any such word.

    Words are what stands between blanks: TCVN3's "Th«n" is one word with a sign inside, which no language has.
    """
    words = good = 0
    for text in texts:
        for part in _APART.split(unicodedata.normalize("NFC", text)):
            word = part.strip(_EDGES)
            if not word.isascii() and any(map(str.isalpha, word)):  # "½" is no word
                words += 1
                bare = unicodedata.normalize("NFD", word.lower()).translate(_TONES)
                shaped = word.islower() or word.isupper() or word.istitle()
                good += bool(shaped and _SYLLABLE.fullmatch(unicodedata.normalize("NFC", bare)))
    return good / words if words else 1.0


def _encoding(texts: Sequence[str], likely: str | None = None) -> str | None:
    """Name of the legacy encoding that these texts are in; None if they read as they are or in no way.

    Of two that read as well, the `likely` one: "Quoác" is a word in both.
    """
    as_it_is = reads(texts)
    if as_it_is >= _ENOUGH:
        return None
    scores = {name: reads(map(convert, texts)) for name, convert in CONVERTERS.items()}
    best = max(scores, key=lambda name: (scores[name], name == likely))
    return best if scores[best] >= _ENOUGH and scores[best] > as_it_is else None


def is_unicode(text: str) -> bool:
    """Whether the text holds a Vietnamese letter that no encoding before Unicode could have left there."""
    return _ONLY_UNICODE.search(text) is not None


@dataclass(frozen=True)
class Legacy:
    """Which columns of a sheet (counted from 0) are in which encoding; `everywhere` is the whole sheet's."""

    columns: dict[int, str]
    mixed: frozenset[int]
    everywhere: str | None

    def convert(self, row: list[Any]) -> None:
        """Convert the row's texts in place."""
        for column, text in enumerate(row):
            if not isinstance(text, str) or text.isascii() or is_unicode(text):
                continue
            name = self.columns.get(column, self.everywhere)
            if name is None:
                continue
            converted = CONVERTERS[name](text)
            # Where people pasted from several files into one column, each cell must ask for itself.
            if column not in self.mixed or reads([text]) < _ENOUGH <= reads([converted]):
                row[column] = converted

    @property
    def names(self) -> str:
        """The encodings, as a remark names them."""
        return " và ".join(sorted({*self.columns.values(), *filter(None, [self.everywhere])}))


def legacy_of(rows: Iterable[Sequence[object]]) -> Legacy | None:
    """What to convert in a sheet, judged by these rows of it (cells that are no text do not count); None for nothing."""
    texts: dict[int, dict[str, None]] = {}
    proven: set[int] = set()
    for row in rows:
        for column, cell in enumerate(row):
            if not isinstance(cell, str) or cell.isascii():
                continue
            if is_unicode(cell):
                proven.add(column)
            elif len(kept := texts.setdefault(column, {})) < _SAMPLED_TEXTS:
                kept[cell] = None
    likely = _encoding([text for kept in texts.values() if reads(kept) < _ENOUGH for text in kept])
    found = {column: name for column, kept in texts.items() if (name := _encoding(list(kept), likely))}
    # One strange word ("nº") is no encoding, unless another column is certainly in it.
    certain = {name for column, name in found.items() if len(texts[column]) > 1}
    columns = {column: name for column, name in found.items() if name in certain}
    if not columns:
        return None
    # A column too short to tell ("Cã" is a word either way) goes with a sheet that has nothing else.
    names = set(columns.values())
    everywhere = names.pop() if len(names) == 1 and not proven else None
    return Legacy(columns, frozenset(columns.keys() & proven), everywhere)


def sampled(rows: Iterable[Sequence[object]], total: int) -> Iterable[Sequence[object]]:
    """The first rows of a sheet, and some from all of it."""
    step = max(1, total // _SAMPLED_ROWS)
    return (row for number, row in enumerate(rows) if number < _SAMPLED_ROWS or number % step == 0)
