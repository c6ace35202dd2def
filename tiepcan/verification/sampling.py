"""Which outcomes are visited: drawn from a public seed, so that anybody draws the same list again.

The population is cut into strata, one for each unit and indicator. In each stratum the households are put into the
order of their SHA-256 digests, and the first few are drawn. Nothing but the seed and the codes decides, so whoever
knows them can check every draw without this program:

    printf '%s' 'SEED|PLAN|UNIT|INDICATOR|HOUSEHOLD' | sha256sum
"""

import hashlib
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

SIZES = {0: 0, 1: 1, 2: 2, 3: 2}
"""How many are drawn of a stratum with so many households; of a larger one, `SIZE_OF_LARGER`."""
SIZE_OF_LARGER = 3
SIZE_RULE = "Tầng có 1 đến 2 hộ lấy hết; 3 hộ rút 2; từ 4 hộ rút 3."
DRAW_RULE = (
    "Trong mỗi tầng (một đơn vị, một chỉ tiêu), các hộ được xếp theo mã băm SHA-256 tăng dần của chuỗi "
    "“hạt giống|kế hoạch|mã đơn vị|chỉ tiêu|mã hộ”; những hộ đứng đầu được rút. "
    "Ai có hạt giống và danh sách mã hộ đều tính lại được."
)
_SEPARATOR = "|"


@dataclass(frozen=True, slots=True, order=True)
class Stratum:
    """The outcomes of one unit for one indicator."""

    unit_code: str
    indicator: str


@dataclass(frozen=True, slots=True)
class Member:
    """One household of a stratum."""

    stratum: Stratum
    household_code: str


@dataclass(frozen=True, slots=True)
class Ranked:
    """One household in the order of the draw."""

    household_code: str
    digest: str
    drawn: bool


@dataclass(frozen=True, slots=True)
class DrawnStratum:
    """A stratum with all its households, the drawn ones first."""

    stratum: Stratum
    members: tuple[Ranked, ...]

    @property
    def drawn(self) -> tuple[Ranked, ...]:
        return tuple(member for member in self.members if member.drawn)


def size(households: int) -> int:
    """How many households are drawn of a stratum that has so many; `SIZE_RULE` says it in words."""
    if households < 0:
        raise ValueError("Số hộ của một tầng không thể âm.")
    return SIZES.get(households, SIZE_OF_LARGER)


def digest(seed: str, plan: str, unit_code: str, indicator: str, household_code: str) -> str:
    """The SHA-256, in hexadecimal, of the five texts joined with "|", in Unicode's form NFC and UTF-8.

    Only the seed may contain "|": the last four fields are then found from the right, and no two households share
    a text. Raises ValueError for a "|" in another text, an empty text, or a control character, which nobody could
    copy from a printed list.
    """
    texts = [_normal(text) for text in (seed, plan, unit_code, indicator, household_code)]
    names = ("hạt giống", "kế hoạch", "mã đơn vị", "chỉ tiêu", "mã hộ")
    for name, text in zip(names, texts, strict=True):
        if not text:
            raise ValueError(f"Không rút thăm được: {name} còn trống.")
        if any(unicodedata.category(letter) == "Cc" for letter in text):
            raise ValueError(f"Không rút thăm được: {name} {text!r} có ký tự điều khiển.")
        if _SEPARATOR in text and name != names[0]:
            raise ValueError(f"Không rút thăm được: {name} “{text}” có dấu “|”, là dấu ngăn của chuỗi băm.")
    return hashlib.sha256(_SEPARATOR.join(texts).encode()).hexdigest()


def draw(seed: str, plan: str, population: Iterable[Member]) -> list[DrawnStratum]:
    """Every stratum with its households in the order of their digests, by unit code and indicator.

    The order of the input does not matter. Codes come back in form NFC. Raises ValueError for a household that stands
    twice in a stratum, and for what `digest` refuses.
    """
    strata: dict[Stratum, dict[str, str]] = defaultdict(dict)
    for member in population:
        stratum = Stratum(_normal(member.stratum.unit_code), _normal(member.stratum.indicator))
        code, digests = _normal(member.household_code), strata[stratum]
        if code in digests:
            raise ValueError(
                f"Không rút thăm được: hộ “{code}” đứng hai lần trong tầng “{stratum.unit_code}”, "
                f"“{stratum.indicator}”."
            )
        digests[code] = digest(seed, plan, stratum.unit_code, stratum.indicator, code)
    return [_drawn(stratum, digests) for stratum, digests in sorted(strata.items())]


def _drawn(stratum: Stratum, digests: dict[str, str]) -> DrawnStratum:
    ranked = sorted(digests.items(), key=lambda item: item[1])
    wanted = size(len(ranked))
    return DrawnStratum(
        stratum, tuple(Ranked(code, value, place < wanted) for place, (code, value) in enumerate(ranked))
    )


def _normal(text: str) -> str:
    """One written text has one spelling: "Hòa" typed with combining marks and without is the same."""
    return unicodedata.normalize("NFC", text)
