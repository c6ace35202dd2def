"""Dividing a total of households over units: exact, within each unit's floor and cap, with its reason.

Largest remainder (Hare quota) gives each unit its whole quota and the rest by the largest fractions;
Sainte-Laguë gives household after household to the highest weight / (2 x given + 1). Both are carried out in
whole numbers, so that the same input gives the same table on any machine.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from heapq import heapify, heapreplace


class Method(StrEnum):
    """How a total becomes whole households."""

    LARGEST_REMAINDER = "largest_remainder"
    SAINTE_LAGUE = "sainte_lague"

    @property
    def label(self) -> str:
        return {"largest_remainder": "Số dư lớn nhất", "sainte_lague": "Sainte-Laguë"}[self.value]


class CannotDivide(ValueError):
    """No division meets what was asked; the message says why, in Vietnamese."""


@dataclass(frozen=True)
class Claim:
    """What one unit brings into the division, all in households."""

    unit: str
    weight: int
    """Poor households, or households lacking the service; by hand, any weight."""
    floor: int = 0
    cap: int | None = None
    """At most so many; never more than the unit has. None: no limit of its own."""


@dataclass(frozen=True)
class Share:
    """What one unit was given and why."""

    unit: str
    households: int
    quota: Fraction
    """Its exact share by weight alone, before floors, caps and whole numbers."""
    reason: str


def divide(total: int, claims: Sequence[Claim], method: Method = Method.LARGEST_REMAINDER) -> list[Share]:
    """Shares in the order of the claims; they always add up to `total`. Raises CannotDivide."""
    _refuse(total, claims)
    weights = sum(claim.weight for claim in claims)
    quotas = [Fraction(total * claim.weight, weights) if weights else Fraction(0) for claim in claims]
    given, fractions = (
        _largest_remainder(total, claims)
        if method == Method.LARGEST_REMAINDER
        else (_sainte_lague(total, claims), set())
    )
    return [
        Share(
            claim.unit, households, quota, _reason(claim, households, quota, n in fractions, weights, method)
        )
        for n, (claim, households, quota) in enumerate(zip(claims, given, quotas, strict=True))
    ]


def by_hand(total: int, claims: Sequence[Claim]) -> list[Share]:
    """Shares as a person typed them (each claim's weight), checked like any others. Raises CannotDivide."""
    if not claims:
        raise CannotDivide("Chưa chọn đơn vị nào để chia.")
    given = sum(claim.weight for claim in claims)
    if given != total:
        left = f"còn thiếu {total - given}" if given < total else f"thừa {given - total}"
        raise CannotDivide(f"Các đơn vị cộng lại được {given} hộ, {left} hộ so với tổng {total} hộ.")
    for claim in claims:
        if claim.weight < claim.floor:
            raise CannotDivide(f"{claim.unit}: {claim.weight} hộ, thấp hơn mức sàn {claim.floor} hộ.")
        if claim.cap is not None and claim.weight > claim.cap:
            raise CannotDivide(f"{claim.unit}: {claim.weight} hộ, cao hơn mức trần {claim.cap} hộ.")
    return [Share(claim.unit, claim.weight, Fraction(claim.weight), "nhập tay") for claim in claims]


def _refuse(total: int, claims: Sequence[Claim]) -> None:
    if total < 0:
        raise CannotDivide("Tổng chỉ tiêu không thể âm.")
    if not claims:
        raise CannotDivide("Chưa chọn đơn vị nào để chia.")
    for claim in claims:
        if claim.weight < 0 or claim.floor < 0 or (claim.cap is not None and claim.cap < 0):
            raise CannotDivide(f"{claim.unit}: số hộ, mức sàn và mức trần không thể âm.")
        if claim.cap is not None and claim.floor > claim.cap:
            raise CannotDivide(f"{claim.unit}: mức sàn {claim.floor} hộ lớn hơn mức trần {claim.cap} hộ.")
    floors = sum(claim.floor for claim in claims)
    if floors > total:
        raise CannotDivide(f"Các mức sàn cộng lại là {floors} hộ, nhiều hơn tổng {total} hộ. Hạ bớt mức sàn.")
    caps = [claim.cap if claim.weight or claim.cap is None else claim.floor for claim in claims]
    open_ended = any(claim.cap is None and claim.weight for claim in claims)
    reachable = sum(cap if cap is not None else claim.floor for cap, claim in zip(caps, claims, strict=True))
    if not open_ended and reachable < total:
        raise CannotDivide(
            f"Các đơn vị chỉ nhận được tối đa {reachable} hộ, ít hơn tổng {total} hộ. Nâng mức trần hoặc giảm tổng."
        )


def _ceiling(claim: Claim, total: int) -> int:
    """The most that a unit may get. One without weight gets its floor and no more: nothing speaks for it."""
    if not claim.weight:
        return claim.floor
    return total if claim.cap is None else min(claim.cap, total)


def _largest_remainder(total: int, claims: Sequence[Claim]) -> tuple[list[int], set[int]]:
    """Shares, and who got one more for its fraction.

    Units whose floor or cap binds are settled first, the worse side of the two in each round, and the others
    divide what is left by weight: the division closest to proportional that keeps every bound.
    """
    settled: dict[int, int] = {n: claim.floor for n, claim in enumerate(claims) if not claim.weight}
    while True:
        free = [n for n in range(len(claims)) if n not in settled]
        left = total - sum(settled.values())
        weights = sum(claims[n].weight for n in free)
        if not free:
            break
        exact = {n: Fraction(left * claims[n].weight, weights) for n in free}
        over = {
            n: exact[n] - _ceiling(claims[n], total) for n in free if exact[n] > _ceiling(claims[n], total)
        }
        under = {n: claims[n].floor - exact[n] for n in free if exact[n] < claims[n].floor}
        if not over and not under:
            break
        if sum(over.values()) >= sum(under.values()):
            settled |= {n: _ceiling(claims[n], total) for n in over}
        else:
            settled |= {n: claims[n].floor for n in under}
    shares = {**settled, **{n: int(exact[n]) for n in free}}
    rest = total - sum(shares.values())
    # Equal fractions: more households first, then the order of the table; never chance.
    by_fraction = sorted(free, key=lambda n: (-(exact[n] - int(exact[n])), -claims[n].weight, n))
    lifted = set(by_fraction[:rest])
    for n in lifted:
        shares[n] += 1
    return [shares[n] for n in range(len(claims))], lifted


def _sainte_lague(total: int, claims: Sequence[Claim]) -> list[int]:
    given = [claim.floor for claim in claims]
    heap = [
        (-Fraction(claim.weight, 2 * claim.floor + 1), -claim.weight, n)
        for n, claim in enumerate(claims)
        if claim.floor < _ceiling(claim, total)
    ]
    heapify(heap)
    for _ in range(total - sum(given)):
        _, weight, n = heap[0]
        given[n] += 1
        full = given[n] >= _ceiling(claims[n], total)
        # A full unit goes behind everyone; the sum of the caps was checked, so it is not asked again.
        heapreplace(heap, (Fraction(1) if full else Fraction(weight, 2 * given[n] + 1), weight, n))
    return given


def _number(value: Fraction) -> str:
    return f"{float(value):.2f}".replace(".", ",")


def _reason(
    claim: Claim, households: int, quota: Fraction, lifted: bool, weights: int, method: Method
) -> str:
    by_weight = f"{claim.weight}/{weights} hộ, theo tỷ lệ là {_number(quota)}"
    if not claim.weight:
        return f"không có hộ để tính, giữ mức sàn {claim.floor} hộ" if claim.floor else "không có hộ để tính"
    if claim.cap is not None and households == claim.cap and quota > claim.cap:
        return f"{by_weight}; giữ ở mức trần {claim.cap} hộ"
    if households == claim.floor and quota < claim.floor:
        return f"{by_weight}; nâng lên mức sàn {claim.floor} hộ"
    if method == Method.SAINTE_LAGUE:
        return f"{by_weight}; theo thương số Sainte-Laguë được {households}"
    if lifted:
        return f"{by_weight}; số dư lớn nên được thêm 1"
    return f"{by_weight}; lấy phần nguyên"
