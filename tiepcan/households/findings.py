"""What a review found of one household, with the rule of the office that said what it lacks."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from tiepcan.common.refusals import NotAllowed
from tiepcan.standards.models import Reading
from tiepcan.standards.queries import NoStandard, readings_for, standard_of
from tiepcan.standards.rules import Form
from tiepcan.units.models import Unit


def concluded(
    told: Iterable[str], answers: Mapping[str, bool], readings: Mapping[str, Reading]
) -> tuple[tuple[str, ...], dict[str, str]]:
    """The indicators that a household lacks, sorted, and for those that the answers decided the reading's key.

    Where the answers decide an indicator by the office's reading of its rule, they outweigh what was ticked.
    """
    lacking, decided = set(told), {}
    for indicator, reading in readings.items():
        if reading.form == Form.AS_ANSWERED:
            continue
        verdict = reading.lacks(answers)
        if verdict is not None:
            decided[indicator] = reading.pk
            lacking = lacking | {indicator} if verdict else lacking - {indicator}
    return tuple(sorted(lacking)), decided


@dataclass(frozen=True)
class Findings:
    """What a review of one year found of one household, ready to be stored (see `models.Review`)."""

    unit: Unit
    year: int
    poverty: str
    lacks: tuple[str, ...]
    answers: Mapping[str, bool] = field(default_factory=dict)
    readings: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(
        cls, unit: Unit, year: int, poverty: str, lacks: Iterable[str], answers: Mapping[str, bool]
    ) -> "Findings":
        """Raises NotAllowed for a year that no standard governs."""
        if not answers:
            return cls(unit, year, poverty, tuple(sorted(set(lacks))))
        try:
            readings = readings_for(unit, standard_of(year))
        except NoStandard as problem:
            raise NotAllowed(str(problem)) from None
        found, decided = concluded(lacks, answers, readings)
        return cls(unit, year, poverty, found, dict(answers), decided)
