"""Which household each row of an operator's list means, and whether it may have the month's support."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any
from uuid import UUID

from tiepcan.common import clock
from tiepcan.common.folding import folded_key
from tiepcan.households.models import Household, Member, PovertyClass, Review
from tiepcan.standards.models import Scheme, Service
from tiepcan.telecom.models import Line, LineState, Month, Refusal, Subscription
from tiepcan.units.models import Unit

_NO_NETWORK = re.compile(r"\b(cap|ha tang|song|tram|tuyen|cong|port|mang luoi|vung lom)\b")
_NOT_WANTED = re.compile(
    r"\b(khong (?:nhan|dong y|co nhu cau|dung|su dung|muon)|tu choi|khong lien lac|vang nha)\b"
)
LIKE_ENOUGH = 0.72
"""Of 1: how alike two folded names must be for the household to be shown as one that may be meant."""
MOST_CANDIDATES = 3


def wards_of(unit: Unit) -> list[Unit]:
    """The wards and communes that a list may speak of: those of the operator's unit today."""
    below = Unit.objects.within(unit).valid_on(clock.today()).filter(children__isnull=True)
    return list(below.order_by("path"))


def scheme_of(service: str, month: Month) -> Scheme | None:
    """The scheme that pays for the service in the month; None when none does."""
    return Scheme.objects.in_force(month.month).for_service(service).first()


def kind_of(reason: str) -> Refusal:
    """What an operator's words say about a household that was not provided for."""
    words = folded_key(reason)
    if _NOT_WANTED.search(words):
        return Refusal.NOT_WANTED
    if _NO_NETWORK.search(words):
        return Refusal.NO_NETWORK
    return Refusal.SAID


@dataclass(frozen=True)
class Known:
    """A household as matching sees it."""

    pk: UUID
    unit: str
    code: str
    name: str
    birth_year: int | None
    hamlet: str


class Ground:
    """What a month's rows are laid beside, asked of the database once."""

    def __init__(self, month: Month) -> None:
        self.month = month
        wards = wards_of(month.unit)
        self.wards = {ward.pk for ward in wards}
        self.schemes = {service: scheme_of(service, month) for service in Service.values}
        columns = ("pk", "unit_id", "code", "head_name", "birth_year", "hamlet")
        self.households = [
            Known(*row) for row in Household.objects.listed().filter(unit__in=wards).values_list(*columns)
        ]
        self.by_key = {one.pk: one for one in self.households}
        self.by_code: dict[tuple[str, str], Known] = {(h.unit, h.code.casefold()): h for h in self.households}
        self.by_name: dict[tuple[str, str], list[Known]] = defaultdict(list)
        for one in self.households:
            self.by_name[one.unit, folded_key(one.name)].append(one)
        running = Subscription.objects.running().filter(household__unit__in=wards).select_related("operator")
        self.running: dict[UUID, Subscription] = {one.household_id: one for one in running}
        self.by_number = {
            one.number: one.household_id
            for one in self.running.values()
            if one.number and one.operator_id == month.operator_id
        }
        others = Line.objects.filter(on=month.month, state=LineState.PROVIDED).exclude(month=month)
        self.elsewhere: dict[UUID, str] = dict(others.values_list("household_id", "month__operator__name"))
        reviews = Review.objects.filter(year=month.month.year - 1, standing=True, household__unit__in=wards)
        self.classes: dict[UUID, str] = dict(reviews.values_list("household_id", "poverty"))

    def by_identity(self, digests: Iterable[bytes]) -> dict[bytes, UUID]:
        """The household of each number, whether its head has it or somebody of the household."""
        wanted = list(digests)
        found: dict[bytes, UUID] = {}
        for model, key in ((Member, "household_id"), (Household, "pk")):
            rows: Any = model._default_manager.filter(identity_digest__in=wanted)
            for digest, household in rows.values_list("identity_digest", key):
                if household in self.by_key:
                    found[bytes(digest)] = household
        return found


def settle(lines: Sequence[Line], ground: Ground) -> None:
    """Say of each row which household it means and what comes of it; rows with bad cells stay as they are.

    A household that a person chose, and a row that a person sent back, stay what the person said.
    """
    numbers = ground.by_identity(bytes(line.identity_digest) for line in lines if line.identity_digest)
    taken: dict[UUID, Line] = {}
    for line in lines:
        if line.state == LineState.WRONG or line.refusal == Refusal.SENT_BACK:
            continue
        if line.decided_by and line.household_id:
            found = ground.by_key.get(line.household_id)
        else:
            found = _meant(line, ground, numbers)
        _judge(line, found, ground, taken)


def _meant(line: Line, ground: Ground, numbers: dict[bytes, UUID]) -> Known | None:
    """The one household that the row can mean; None when it is none or more than one."""
    if line.number and (known := ground.by_number.get(line.number)):
        return ground.by_key.get(known)
    if line.identity_digest and (known := numbers.get(bytes(line.identity_digest))):
        return ground.by_key[known]
    if line.code and (found := ground.by_code.get((line.unit_id, line.code.casefold()))):
        return found if folded_key(found.name) == folded_key(line.name) else None
    alike = ground.by_name.get((line.unit_id, folded_key(line.name)), [])
    if line.birth_year:
        alike = [one for one in alike if one.birth_year in (None, line.birth_year)]
    if len(alike) > 1 and line.hamlet:
        alike = [one for one in alike if folded_key(one.hamlet) == folded_key(line.hamlet)]
    return alike[0] if len(alike) == 1 else None


def _judge(line: Line, found: Known | None, ground: Ground, taken: dict[UUID, Line]) -> None:
    line.scheme, line.amount, line.refusal, line.said = None, 0, "", ""
    line.household_id = found.pk if found else None
    if not line.told:
        line.state, line.refusal, line.said = LineState.REFUSED, kind_of(line.reason), line.reason
        return
    if found is None:
        line.state = LineState.UNMATCHED
        return
    line.scheme = ground.schemes[line.service]
    if why := _why_not(line, found, ground, taken):
        line.state, (line.refusal, line.said) = LineState.REFUSED, why
        return
    line.state = LineState.PROVIDED
    usual = line.scheme.amount if line.scheme else 0
    line.amount = line.asked if line.asked is not None else usual or 0
    taken[found.pk] = line


def _why_not(line: Line, found: Known, ground: Ground, taken: dict[UUID, Line]) -> tuple[Refusal, str] | None:
    """Why the household cannot have the month's support from this row, with a sentence that names the other record."""
    if earlier := taken.get(found.pk):
        return Refusal.TWICE, f"Hộ này đã được đề nghị ở dòng {earlier.row} của danh sách."
    running = ground.running.get(found.pk)
    if running and running.operator_id != ground.month.operator_id:
        said = f"Đã có thuê bao {running.get_service_display().lower()} của {running.operator.name} từ {running.began_on:%m/%Y}."
        return Refusal.OTHER_SUBSCRIPTION, said
    if running and (
        running.service != line.service or (running.number and line.number and running.number != line.number)
    ):
        said = (
            f"Hộ đang có thuê bao {running.get_service_display().lower()} từ {running.began_on:%m/%Y}, khác dịch vụ hoặc "
            "khác số. Đổi thì ghi thôi thuê bao cũ trước."
        )
        return Refusal.OTHER_SUBSCRIPTION, said
    if other := ground.elsewhere.get(found.pk):
        said = f"{other} cũng cung cấp cho hộ này trong tháng {ground.month.words}."
        return Refusal.OTHER_SUBSCRIPTION, said
    return _why_not_entitled(found, line.scheme, ground)


def _why_not_entitled(found: Known, scheme: Scheme | None, ground: Ground) -> tuple[Refusal, str] | None:
    year = ground.month.month.year - 1
    poverty = ground.classes.get(found.pk)
    if poverty is None:
        return Refusal.NOT_ENTITLED, f"Hộ chưa có kết quả rà soát cuối năm {year}."
    if poverty == PovertyClass.OUT:
        return Refusal.NOT_ENTITLED, f"Hộ thoát nghèo theo rà soát cuối năm {year}."
    if poverty == PovertyClass.NEAR_POOR and scheme and not scheme.near_poor:
        return (
            Refusal.NOT_ENTITLED,
            f"Hộ cận nghèo theo rà soát cuối năm {year}; chính sách chỉ cho hộ nghèo.",
        )
    return None


@dataclass(frozen=True)
class Candidate:
    """A household that an unmatched row may mean, and in what it differs."""

    household: Known
    differs: str


def candidates(line: Line, ground: Ground) -> list[Candidate]:
    """The households that the row may mean, likest first: of its ward, and namesakes of the other wards."""
    name = folded_key(line.name)
    scored = []
    for one in ground.households:
        same_ward = one.unit == line.unit_id
        other = folded_key(one.name)
        alike = 1.0 if other == name else SequenceMatcher(None, name, other).ratio() if same_ward else 0.0
        if alike >= LIKE_ENOUGH:
            same_year = bool(line.birth_year) and one.birth_year == line.birth_year
            scored.append((same_ward, alike + 0.1 * same_year, one))
    scored.sort(key=lambda found: (-found[0], -found[1], found[2].code))
    return [Candidate(one, _difference(line, one)) for _, _, one in scored[:MOST_CANDIDATES]]


def _difference(line: Line, one: Known) -> str:
    said = []
    if one.unit != line.unit_id:
        said.append("ở phường, xã khác")
    if folded_key(one.name) != folded_key(line.name):
        said.append(_of_names(line.name, one.name))
    if line.birth_year and one.birth_year and line.birth_year != one.birth_year:
        said.append(f"tệp ghi sinh {line.birth_year}")
    return ", ".join(said) or "cùng tên, có hộ khác cùng tên"


def _of_names(written: str, known: str) -> str:
    parts, others = folded_key(written).split(), folded_key(known).split()
    if set(parts) < set(others):
        return "tệp thiếu chữ đệm"
    if set(others) < set(parts):
        return "tệp thừa chữ"
    return "tên viết khác"
