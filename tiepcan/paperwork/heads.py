"""How bodies are named on their papers."""

from dataclasses import dataclass

from tiepcan.accounts.models import Organisation, OrganisationKind
from tiepcan.units.models import Unit

_COMMITTEES = (OrganisationKind.COMMITTEE, OrganisationKind.LOCAL)
_PARTS = {
    OrganisationKind.COMMITTEE: "UBND",
    OrganisationKind.LOCAL: "UBND",
    OrganisationKind.CULTURE: "VHTT",
    OrganisationKind.LABOUR: "LĐTBXH",
    OrganisationKind.STATION: "ĐTT",
    OrganisationKind.OFFICE: "VP",
}


@dataclass(frozen=True)
class Head:
    """The upper left of a paper, and the place of its day."""

    parent_body: str | None
    issuing_body: str
    place: str


def committee(unit: Unit, *, short: bool = False) -> str:
    """The people's committee of a unit as papers name it, whole or short."""
    return f"{'UBND' if short else 'Ủy ban nhân dân'} {unit.get_kind_display().lower()} {unit.name}"


def head_of(body: Organisation) -> Head:
    """A committee stands below that of the unit above, an office below the committee of its own unit (Decree 30/2020/NĐ-CP, Appendix I, part I, section II.2)."""
    unit = body.unit
    if body.kind in _COMMITTEES:
        parent = committee(unit.parent, short=True) if unit.parent else None
        # Cut where the decree's own examples cut it: the name of the place on a line of its own.
        return Head(parent, committee(unit).replace("nhân dân ", "nhân dân\n"), unit.name)
    parent = (
        None
        if body.kind in (OrganisationKind.COMPANY, OrganisationKind.DEPARTMENT)
        else committee(unit, short=True)
    )
    return Head(parent, body.name, unit.name)


def part_of(body: Organisation) -> str:
    """The body's part of a symbol: "UBND" of "BC-UBND"; empty where no list tells it."""
    return _PARTS.get(OrganisationKind(body.kind), "")
