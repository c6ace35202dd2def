"""Which unit a written name means. A correction is always told, never applied in silence."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from rapidfuzz.distance import DamerauLevenshtein

from tiepcan.common.folding import accented_key, composed, folded_key
from tiepcan.units.register import Kind, UnitRecord

_PREFIX = re.compile(
    r"^(?P<prefix>phường|phuong|xã|xa|thị trấn|thi tran|thành phố|thanh pho|tỉnh|tinh|p\.|x\.|tt\.|tp\.|p|x|tt|tp)(?:\s+|(?<=\.)\s*)",
    re.IGNORECASE,
)
_KINDS = {
    "phường": Kind.WARD,
    "phuong": Kind.WARD,
    "p": Kind.WARD,
    "xã": Kind.COMMUNE,
    "xa": Kind.COMMUNE,
    "x": Kind.COMMUNE,
    "thành phố": Kind.CITY,
    "thanh pho": Kind.CITY,
    "tp": Kind.CITY,
    "tỉnh": Kind.PROVINCE,
    "tinh": Kind.PROVINCE,
}
_FURTHEST = 1
"""Letters that may differ once accents are folded away; two would let Đông Hải become Đông Thọ."""


class How(StrEnum):
    """How a written name led to a unit."""

    EXACT = "exact"
    CORRECTED = "corrected"
    """Another spelling: accents, or one letter, differ."""
    OTHER_KIND = "other_kind"
    """The name is right, but the unit is of another kind than written."""
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Match:
    """What a written name was taken for."""

    how: How
    unit: UnitRecord | None = None
    candidates: tuple[UnitRecord, ...] = ()
    """Units that a person may choose from when none was certain."""


def split_kind(written: str) -> tuple[Kind | None, str]:
    """ "P. Đông Thọ" is (WARD, "Đông Thọ"); a name without a prefix has no kind."""
    written = composed(written)
    found = _PREFIX.match(written)
    if not found:
        return None, written
    prefix = found["prefix"].lower().rstrip(".")
    return _KINDS.get(prefix), written[found.end() :]


def match(written: str, units: Sequence[UnitRecord]) -> Match:
    """The unit among `units` that a written name means; a tie is a doubt for a person, not a choice of ours."""
    kind, name = split_kind(written)
    if not name:
        return Match(How.UNKNOWN)

    def only(test: Callable[[UnitRecord], bool]) -> tuple[UnitRecord, ...]:
        found = [unit for unit in units if test(unit)]
        if kind and (same_kind := [unit for unit in found if unit.kind == kind]):
            found = same_kind
        return tuple(found)

    folded = folded_key(name)
    distance = {u.id: DamerauLevenshtein.distance(folded, folded_key(u.name)) for u in units}
    nearest = min((d for d in distance.values() if d > 0), default=_FURTHEST + 1)
    steps: tuple[tuple[How, Callable[[UnitRecord], bool]], ...] = (
        (How.EXACT, lambda unit: accented_key(unit.name) == accented_key(name)),
        (How.CORRECTED, lambda unit: distance[unit.id] == 0),
        (How.CORRECTED, lambda unit: nearest <= _FURTHEST and distance[unit.id] == nearest),
    )
    for how, test in steps:
        found = only(test)
        if len(found) == 1:
            [unit] = found
            if kind and unit.kind != kind and distance[unit.id]:
                # Another spelling and another kind at once is another unit: Xã Đông Hưng is not Phường Đông Hương.
                return Match(How.UNKNOWN, candidates=found)
            return Match(How.OTHER_KIND if kind and unit.kind != kind else how, unit)
        if found:
            return Match(How.UNKNOWN, candidates=found)
    return Match(How.UNKNOWN, candidates=tuple(u for u in units if distance[u.id] <= _FURTHEST + 1))
