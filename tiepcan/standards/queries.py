"""Which standard governs a review, what it defines, and how a unit reads it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Max, Min, Q, QuerySet

from tiepcan.common.folding import folded_key
from tiepcan.standards.models import Definition, Indicator, OfficeReading, Reading, Scheme, Source, Standard
from tiepcan.units.models import Unit


class NoStandard(LookupError):
    """No standard of the reference files governs a review; the message is a Vietnamese sentence."""


def standard_of(year: int) -> Standard:
    """The standard that governs the review at the end of that year. Raises NoStandard."""
    found = Standard.objects.filter(first_review__lte=year, last_review__gte=year).first()
    if found is None:
        raise NoStandard(_no_standard(year))
    return found


def _no_standard(year: int) -> str:
    known = Standard.objects.aggregate(first=Min("first_review"), last=Max("last_review"))
    if known["first"] is None:
        return "Chưa nạp chuẩn nghèo. Người quản trị máy chủ chạy lệnh “tiepcan load_reference”."
    return (
        f"Chưa có chuẩn nghèo cho rà soát cuối năm {year}; đã có cho các năm {known['first']} đến {known['last']}. "
        "Kiểm tra lại năm rà soát."
    )


def definitions_of(standard: Standard) -> QuerySet[Definition]:
    """What the standard says of each of its indicators, by its own numbers; unnumbered ones last."""
    return _in_order(Definition.objects.filter(standard=standard))


def definitions_for(year: int) -> QuerySet[Definition]:
    """What the standard that governs the review of that year says; nothing when none does."""
    return _in_order(
        Definition.objects.filter(standard__first_review__lte=year, standard__last_review__gte=year)
    )


def _in_order(found: QuerySet[Definition]) -> QuerySet[Definition]:
    return found.select_related("indicator", "standard").order_by("number", "indicator__order")


def classes_of(standard: Standard) -> tuple[str, ...]:
    """The classes that a review by this standard may find, poorest first.

    Of a standard that tells N1 from N2, `poor` is for lists that do not.
    """
    told_apart = () if standard.one_class else ("poor_income", "poor_deprivation")
    return (*told_apart, "poor", "near_poor", "out")


@dataclass(frozen=True)
class InForce:
    """The reading of one indicator that holds for a unit, and who chose it: nobody, if it is the default."""

    reading: Reading
    choice: OfficeReading | None
    others: int
    """How many other readings the definition has."""

    @property
    def how(self) -> str:
        """Where the reading comes from, for the brackets behind its sentence; "" when there is nothing to choose."""
        if not self.others:
            return ""
        if self.choice is None:
            return "cách hiểu mặc định, địa phương chưa chọn"
        unit = self.choice.unit
        return f"cách hiểu do UBND {unit.get_kind_display().lower()} {unit.name} chọn"


def in_force(unit: Unit, standard: Standard) -> dict[str, InForce]:
    """By indicator: the reading of the nearest of the unit and those above it that chose one, else the default."""
    return _in_force(unit, _readings().filter(definition__standard=standard))


def readings_for(unit: Unit, standard: Standard) -> dict[str, Reading]:
    """By indicator: how the unit reads each definition of the standard, with its questions. Three queries."""
    return {indicator: one.reading for indicator, one in in_force(unit, standard).items()}


def reading_in_words(unit: Unit, year: int) -> str:
    """What lacking information meant at the review of that year, as pages print it beside figures."""
    readings = _readings().filter(
        definition__standard__first_review__lte=year,
        definition__standard__last_review__gte=year,
        definition__indicator__of_information=True,
    )
    return " ".join(_sentences(_in_force(unit, readings))) or _no_standard(year)


def sources_for(unit: Unit) -> QuerySet[Source]:
    """What the unit's people choose from: sources for everybody, its own, and those that units above it added."""
    return Source.objects.filter(Q(unit=None) | Q(unit__in=unit.path.strip("/").split("/")))


def source_named(name: str, unit: Unit) -> Source | None:
    """The source of the unit's list that is called so, accents and case aside."""
    key = folded_key(name)
    return next((source for source in sources_for(unit) if folded_key(source.name) == key), None)


def why_not_under(scheme: Scheme, indicator: Indicator, on: date) -> str | None:
    """Why nothing was given under the scheme for that indicator on that day, as a sentence; None when it may have been."""
    if scheme.means.indicator_id != indicator.pk:
        return f"Chính sách “{scheme.name}” không dành cho {indicator.name.lower()}."
    if not Scheme.objects.in_force(on).filter(pk=scheme.pk).exists():
        return f"Ngày {on:%d/%m/%Y} chính sách “{scheme.name}” không có hiệu lực."
    return None


def _readings() -> QuerySet[Reading]:
    found = Reading.objects.select_related("definition__indicator").prefetch_related("questions")
    return found.order_by("definition__indicator__order", "order")


def _in_force(unit: Unit, readings: QuerySet[Reading]) -> dict[str, InForce]:
    by_definition: dict[int, list[Reading]] = {}
    for reading in readings:
        by_definition.setdefault(reading.definition_id, []).append(reading)
    chosen = _nearest_choices(unit, list(by_definition))
    return {
        them[0].definition.indicator_id: _one(them, chosen.get(definition))
        for definition, them in by_definition.items()
    }


def _one(readings: Sequence[Reading], choice: OfficeReading | None) -> InForce:
    held = next(
        reading for reading in readings if (reading.pk == choice.reading_id if choice else reading.is_default)
    )
    return InForce(held, choice, len(readings) - 1)


def _nearest_choices(unit: Unit, definitions: Sequence[int]) -> dict[int, OfficeReading]:
    above = unit.path.strip("/").split("/")
    choices = OfficeReading.objects.filter(unit__in=above, definition__in=definitions).select_related("unit")
    # From the top down, so that the nearest unit has the last word.
    return {one.definition_id: one for one in sorted(choices, key=lambda one: len(one.unit.path))}


def _sentences(found: dict[str, InForce]) -> Iterator[str]:
    for one in found.values():
        name = one.reading.definition.indicator.short_name.lower()
        yield f"Thiếu hụt {name}: {one.reading.sentence}{f' ({one.how})' if one.how else ''}."
