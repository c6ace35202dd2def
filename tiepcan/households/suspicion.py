"""Which records of the registry look alike: from rows to the facts that are weighed, and the pairs that people decide."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import cast
from uuid import UUID

from django.db.models import Exists, OuterRef

from tiepcan.common import clock
from tiepcan.households import identity
from tiepcan.households.likeness import Facts, Likeness, suspects
from tiepcan.households.models import Household, HouseholdQuerySet, ImportRow, Member, Pair
from tiepcan.units.models import Unit


@dataclass(frozen=True)
class Alike:
    """A record that looks like the one being entered."""

    household: Household
    likeness: Likeness


def find(units: Unit | Iterable[Unit], only: Collection[UUID] | None = None) -> int:
    """Ask about records of these units that look alike, within the act under way. Returns how many pairs are new.

    Each listed household is held against its unit's, or with `only` these new ones against all; beyond the unit
    against those of the province that share an identity number, or name, birth year and members. Behind the wall
    that is as far as the person's scope reaches. A pair that was asked about before is not asked again.
    """
    return sum(_find(unit, only) for unit in ([units] if isinstance(units, Unit) else units))


def _find(unit: Unit, only: Collection[UUID] | None) -> int:
    here = Household.objects.listed().filter(unit=unit)
    facts = _facts_of(here)
    new = facts if only is None else [one for one in facts if one.key in only]
    if not new:
        return 0
    known = [] if only is None else [one for one in facts if one.key not in only]
    found = {
        _in_order(one, other): like
        for one, other, like in suspects(new, [*known, *_elsewhere(unit, here)])
        if not like.is_conflict
    }
    return _ask(found)


def _in_order(one: Facts, other: Facts) -> tuple[UUID, UUID]:
    first, second = sorted(cast(UUID, facts.key) for facts in (one, other))
    return first, second


def _ask(found: dict[tuple[UUID, UUID], Likeness]) -> int:
    """Store the pairs that were never asked about."""
    firsts, seconds = {first for first, _ in found}, {second for _, second in found}
    asked = set(
        Pair.objects.filter(first__in=firsts, second__in=seconds).values_list("first_id", "second_id")
    )
    now = clock.now()
    # Always in one order: two who look at the same time must not wait for each other.
    new = [
        Pair(first_id=first, second_id=second, score=like.score, reasons=list(like.reasons), found_at=now)
        for (first, second), like in sorted(found.items())
        if (first, second) not in asked
    ]
    Pair.objects.bulk_create(new, ignore_conflicts=True)
    return len(new)


def _elsewhere(unit: Unit, here: HouseholdQuerySet) -> list[Facts]:
    """Households of the province's other units that share an identity number or name, birth year and members with some."""
    province = "/".join(unit.path.split("/")[:2]) + "/"
    others = Household.objects.listed().filter(unit__path__startswith=province).exclude(unit=unit)
    numbers = here.filter(identity_digest__isnull=False).values("identity_digest")
    same_facts = {name: OuterRef(name) for name in ("sort_key", "birth_year", "members")}
    keys = {
        *others.filter(identity_digest__in=numbers).values_list("pk", flat=True),
        *others.filter(Exists(here.filter(**same_facts))).values_list("pk", flat=True),
    }
    return _facts_of(Household.objects.filter(pk__in=keys)) if keys else []


def typed(
    *,
    id: UUID,
    unit: Unit,
    code: str,
    head_name: str,
    birth_year: int | None,
    hamlet: str,
    members: int,
    number: str = "",
    **_: object,
) -> Facts:
    """What is compared of a household as a form has it."""
    digest = identity.sealed(number).digest if number else None
    return Facts(
        key=id,
        unit=unit.pk,
        code=code,
        head_name=head_name,
        birth_year=birth_year,
        hamlet=hamlet,
        members=members,
        identity_digest=digest,
    )


def like(unit: Unit, facts: Facts) -> list[Alike]:
    """Records of the unit that look like a household about to be entered, likest first; those that left it, too."""
    known = Household.objects.filter(unit=unit, merged_into=None)
    found = {
        other.key: like for _, other, like in suspects([facts], _facts_of(known)) if not like.is_conflict
    }
    rows = known.filter(pk__in=found).select_related("unit")
    return sorted((Alike(row, found[row.pk]) for row in rows), key=lambda one: -one.likeness.score)


def like_lines(lines: Sequence[ImportRow]) -> dict[int, Alike]:
    """For new rows of a file, by their key: the record of their unit that looks most like each. Two queries a unit."""
    found: dict[int, Alike] = {}
    for unit in {line.unit_id for line in lines if line.unit_id}:
        facts = [_of_line(line) for line in lines if line.unit_id == unit and line.head_name]
        known = Household.objects.filter(unit=unit, merged_into=None)
        keys = {one.key for one in facts}
        best: dict[int, tuple[UUID, Likeness]] = {}
        for one, other, like in suspects(facts, _facts_of(known)):
            if other.key in keys or like.is_conflict:
                continue
            row = cast(int, one.key)
            if row not in best or best[row][1].score < like.score:
                best[row] = cast(UUID, other.key), like
        records = known.in_bulk([household for household, _ in best.values()])
        found |= {row: Alike(records[household], like) for row, (household, like) in best.items()}
    return found


def _of_line(line: ImportRow) -> Facts:
    return Facts(
        key=line.pk,
        unit=line.unit_id or "",
        code=line.code or "",
        head_name=line.head_name or "",
        birth_year=line.birth_year,
        hamlet=line.hamlet or "",
        members=line.members,
        identity_digest=None if line.identity_digest is None else bytes(line.identity_digest),
    )


def _facts_of(rows: HouseholdQuerySet) -> list[Facts]:
    """What is compared of each row. Two queries."""
    people: dict[UUID, list[str]] = defaultdict(list)
    for household, name in Member.objects.filter(household__in=rows).values_list("household_id", "name"):
        people[household].append(name)
    columns = (
        "pk", "unit_id", "code", "head_name", "birth_year", "hamlet", "members", "identity_digest"
    )  # fmt: skip
    return [
        Facts(
            key=key,
            unit=unit,
            code=code,
            head_name=name,
            birth_year=year,
            hamlet=hamlet,
            members=members,
            identity_digest=None if digest is None else bytes(digest),
            member_names=tuple(people.get(key, ())),
        )
        for key, unit, code, name, year, hamlet, members, digest in rows.order_by(
            "sort_key", "pk"
        ).values_list(*columns)
    ]
