"""Vietnamese text from before Unicode: TCVN3 (ABC), VNI and Windows-1258, told apart by what reads as Vietnamese.

TCVN3 and VNI are in no kept library. TCVN3 keeps the letters of TCVN 5712:1993 at A1 to FE; VNI writes a
plain letter followed by one for its accents.
"""

import re
import unicodedata
from collections.abc import Callable

_TCVN3_LETTERS = (
    "ĂÂÊÔƠƯĐăâêôơưđẰ\u0300\u0309\u0303\u0301\u0323àảãá"
    "ạẲằẳẵắẴẮẦẨẪẤỀặầẩẫấậèỂẻẽé"
    "ẹềểễếệìỉỄẾỒĩíịòỔỏõóọồổỗố"
    "ộờởỡớợùỖủũúụừửữứựỳỷỹýỵ"
)
_TCVN3 = {0xA1 + n: letter for n, letter in enumerate(_TCVN3_LETTERS)}

_VNI_MARKS = {
    "ù": "\u0301",
    "ø": "\u0300",
    "û": "\u0309",
    "õ": "\u0303",
    "ï": "\u0323",
    "ê": "\u0306",
    "é": "\u0306\u0301",
    "è": "\u0306\u0300",
    "ú": "\u0306\u0309",
    "ü": "\u0306\u0303",
    "ë": "\u0306\u0323",
    "â": "\u0302",
    "á": "\u0302\u0301",
    "à": "\u0302\u0300",
    "å": "\u0302\u0309",
    "ã": "\u0302\u0303",
    "ä": "\u0302\u0323",
}
_VNI_ALONE = {"ñ": "đ", "ô": "ơ", "ö": "ư", "í": "í", "ì": "ì", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ"}
_VNI_PAIR = re.compile(f"([aeouyôö])([{''.join(_VNI_MARKS)}])", re.IGNORECASE)

_WORD = re.compile(r"[^\W\d_]+")
_SYLLABLE = re.compile(
    r"(?:ngh|ng|nh|ch|gh|gi|kh|ph|qu|th|tr|[bcdđghklmnprstvx])?[aăâeêioôơuưy]{1,3}(?:ch|ng|nh|[cmnpt])?"
)
_TONES = str.maketrans("", "", "\u0300\u0301\u0309\u0303\u0323")


def from_tcvn3(text: str, *, capitals: bool = False) -> str:
    """Text whose letters stand at TCVN3's places (as Latin-1). `capitals`: set in a font such as .VnTimeH."""
    converted = unicodedata.normalize("NFC", text.translate(_TCVN3))
    if capitals:
        return converted.upper()
    return "\n".join(_WORD.sub(_all_capitals, _whole_line(line)) for line in converted.split("\n"))


def _plain_letters(text: str) -> str:
    return "".join(c for c in text if c.isascii() and c.isalpha())


def _whole_line(line: str) -> str:
    return line.upper() if _plain_letters(line).isupper() and len(_plain_letters(line)) > 3 else line


def _all_capitals(word: re.Match[str]) -> str:
    """TCVN3 has no capital ế or ạ: "KÕ HO¹CH" was typed where "KẾ HOẠCH" was meant."""
    plain = _plain_letters(word[0])
    return word[0].upper() if len(plain) > 1 and plain.isupper() else word[0]


def from_vni(text: str) -> str:
    """Text in VNI's double letters (as Windows-1252) to Unicode."""

    def alone(letter: str) -> str:
        other = _VNI_ALONE.get(letter.lower())
        return letter if other is None else other.upper() if letter.isupper() else other

    def pair(found: re.Match[str]) -> str:
        return unicodedata.normalize("NFC", alone(found[1]) + _VNI_MARKS[found[2].lower()])

    pieces, end = [], 0
    for found in _VNI_PAIR.finditer(text):
        pieces += [*map(alone, text[end : found.start()]), pair(found)]
        end = found.end()
    return "".join([*pieces, *map(alone, text[end:])])


def reads_as_vietnamese(text: str) -> float:
    """Share of the accented words that are well-formed Vietnamese syllables, 0 to 1; 0 without any such word."""
    words = [w for w in _WORD.findall(unicodedata.normalize("NFC", text)) if not w.isascii()]
    good = 0
    for word in words:
        bare = unicodedata.normalize("NFC", unicodedata.normalize("NFD", word.lower()).translate(_TONES))
        # A word of mixed case ("cÊp") is what a wrong table makes, not what people write.
        shaped = word.islower() or word.isupper() or word.istitle()
        good += bool(shaped and _SYLLABLE.fullmatch(bare))
    return good / len(words) if words else 0.0


_CANDIDATES: tuple[tuple[str, Callable[[bytes], str]], ...] = (
    ("Windows-1258", lambda raw: unicodedata.normalize("NFC", raw.decode("cp1258", "replace"))),
    ("TCVN3 (ABC)", lambda raw: from_tcvn3(raw.decode("latin-1"))),
    ("VNI", lambda raw: from_vni(raw.decode("cp1252", "replace"))),
)
_ENOUGH = 0.8


def decode(raw: bytes) -> tuple[str, str | None]:
    """The text, and the name of the legacy encoding it came from (None for Unicode).

    Raises ValueError when nothing that we know reads as Vietnamese text.
    """
    for mark, name in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if raw.startswith(mark):
            return raw.decode(name), None
    if raw.count(0) * 20 > len(raw):  # half of UTF-16's Latin letters are zero bytes
        little = raw[1::2].count(0) >= raw[0::2].count(0)
        return raw.decode("utf-16-le" if little else "utf-16-be"), None
    try:
        return raw.decode("utf-8"), None
    except UnicodeDecodeError:
        scored = [(reads_as_vietnamese(text := read(raw)), name, text) for name, read in _CANDIDATES]
    score, name, text = max(scored, key=lambda candidate: candidate[0])
    if score < _ENOUGH:
        raise ValueError("no known encoding")
    return text, name


def repair_legacy_letters(text: str) -> tuple[str, str | None]:
    """Unicode text whose letters are really TCVN3's or VNI's, as a .pdf or .docx without its font's name has them."""
    if text.isascii() or reads_as_vietnamese(text) >= _ENOUGH:
        return text, None
    for name, convert in (("TCVN3 (ABC)", from_tcvn3), ("VNI", from_vni)):
        if reads_as_vietnamese(converted := convert(text)) >= _ENOUGH:
            return converted, name
    return text, None
