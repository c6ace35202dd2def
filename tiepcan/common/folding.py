"""Vietnamese text compared as people compare it: one Unicode form, one placement of the tone, case aside."""

import re
import unicodedata
from functools import lru_cache

# "hoà" and "hòa" are the same word under two spelling habits. The tone goes on the first of the two
# vowels here ("hóa", "thúy", "khỏe"), whichever way the text was typed.
_NEW_STYLE = re.compile(
    r"(?<!q)(?P<first>[oOuU])(?P<tone>[àáảãạèéẻẽẹỳýỷỹỵÀÁẢÃẠÈÉẺẼẸỲÝỶỸỴ])(?![a-zà-ỹA-ZÀ-Ỹ])", re.IGNORECASE
)
_TONES = "\u0300\u0301\u0309\u0303\u0323"
_SPACES = re.compile(r"\s+")
_PLAIN_D = str.maketrans("đð", "dd")
_DASHES = re.compile(r"\s*[-\u2010-\u2015]\s*")


def composed(text: str) -> str:
    """The text in Unicode's composed form, without invisible characters, each run of blanks one blank."""
    text = unicodedata.normalize("NFC", text)
    text = "".join(c for c in text if unicodedata.category(c) != "Cf")
    return _SPACES.sub(" ", text).strip()


def one_tone_placement(text: str) -> str:
    """The text with tones of oa, oe, uy on the first vowel: "Thanh Hoá" becomes "Thanh Hóa"."""

    def moved(match: re.Match[str]) -> str:
        first, second = match["first"], unicodedata.normalize("NFD", match["tone"])
        pair = first.lower() + second[0].lower()
        if pair not in ("oa", "oe", "uy"):
            return match[0]
        tone = "".join(c for c in second if c in _TONES)
        return unicodedata.normalize("NFC", first + tone) + second[0]

    return _NEW_STYLE.sub(moved, text)


@lru_cache(maxsize=4096)
def accented_key(text: str) -> str:
    """Key for "the same words": case, Unicode form, blanks, dashes and tone placement do not count; accents do."""
    return one_tone_placement(_DASHES.sub(" - ", composed(text)).casefold())


@lru_cache(maxsize=4096)
def folded_key(text: str) -> str:
    """Key for searching without accents: also folds every diacritic, and đ (which is none) to d.

    So does the Icelandic ð, whose capital looks like Đ and which old files and keyboards put in its place.
    """
    decomposed = unicodedata.normalize("NFD", composed(text).casefold())
    return "".join(c for c in decomposed if not unicodedata.combining(c)).translate(_PLAIN_D)
