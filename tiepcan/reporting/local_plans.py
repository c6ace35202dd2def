"""A unit's own plan (kế hoạch của phường, xã): what the plan above asks of it, what it answers, and whether that is enough.

Targets, duties and dates are taken from the plan above as it stands today; the unit says who, when and with what.
"""

import re
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Prefetch

from tiepcan.accounts.console import Doer
from tiepcan.accounts.models import OrganisationKind
from tiepcan.audit.acts import act
from tiepcan.common import clock
from tiepcan.plans.models import Duty, Milestone, MilestoneKind
from tiepcan.reporting import steps
from tiepcan.reporting.models import Filing, PlanLine
from tiepcan.reporting.workflow import Act

OWN = "own"
"""The key under which a plan that goes back asks about the unit's own works."""


@dataclass(frozen=True)
class Ask:
    """One thing that the plan above asks of a unit: a target in households, or a duty word for word."""

    key: str
    text: str
    reference: str
    """Where the plan above says it: the appendix's line, or the heading with its point."""
    households: int | None = None
    indicator: str | None = None
    duty: int | None = None
    last_days: tuple[date, ...] = ()
    """The last days of the dates that the duty sets."""


@dataclass(frozen=True)
class Words:
    """What a unit writes on one line; `money` is đồng."""

    who: str = ""
    when: str = ""
    money: int | None = None
    source: str = ""
    own: str = ""


def asks_of(filing: Filing) -> list[Ask]:
    """What the plan above asks of the unit today: its targets, then the duties of units of its kind. Four queries.

    The duty to write this very plan is answered by writing it.
    """
    stood = filing.plan.on(clock.today())
    row = stood.version.rows.filter(unit=filing.unit_id).prefetch_related("targets__indicator").first()
    targets = sorted(row.targets.all(), key=lambda one: one.indicator.order) if row else []
    asks = [
        Ask(
            f"i-{target.indicator_id}",
            target.indicator.name,
            f"Phụ lục, dòng {row.row}" if row else "",
            households=target.households,
            indicator=target.indicator_id,
        )
        for target in targets
    ]
    # A later paper may move a date of a kind; other dates stand for themselves.
    standing = {one.kind if one.is_for_units else one.pk: one for one in stood.milestones}
    duties = Duty.objects.filter(version__in=[one.pk for one in stood.versions], kind=OrganisationKind.LOCAL)
    points: dict[str, int] = {}
    for duty in duties.prefetch_related(Prefetch("milestones", Milestone.objects.order_by("due_before"))):
        points[duty.organisation] = points.get(duty.organisation, 0) + 1
        dates = [standing.get(one.kind if one.is_for_units else one.pk, one) for one in duty.milestones.all()]
        if dates and all(one.kind == MilestoneKind.LOCAL_PLAN for one in dates):
            continue
        asks.append(
            Ask(
                f"d-{duty.pk}",
                duty.text,
                f"{duty.organisation.rstrip(':. ')}, ý {points[duty.organisation]}",
                duty=duty.pk,
                last_days=tuple(one.last_day for one in dates if one.kind != MilestoneKind.LOCAL_PLAN),
            )
        )
    return asks


def begin(filing: Filing, before: Filing | None) -> None:
    """Lay out a line for everything that is asked; an amendment begins from the lines of the plan that it amends.

    A duty with dates gets them written in, for these are not the unit's to choose.
    """
    lines = _lines(before) if before else {}
    fresh = []
    for ask in asks_of(filing):
        old = lines.get(ask.key)
        when = old.when if old else "; ".join(f"hết {day:%d/%m/%Y}" for day in ask.last_days)
        fresh.append(_line(filing, ask, Words(when=when) if old is None else _words(old)))
    fresh += [PlanLine(filing=filing, **_fields(_words(line))) for line in lines.values() if line.own]
    PlanLine.objects.bulk_create(fresh)


def _line(filing: Filing, ask: Ask, words: Words) -> PlanLine:
    fields = _fields(words) | {"own": ""}
    return PlanLine(filing=filing, indicator_id=ask.indicator, duty_id=ask.duty, **fields)


def _fields(words: Words) -> dict[str, Any]:
    return {name: getattr(words, name) for name in ("who", "when", "money", "source", "own")}


def _words(line: PlanLine) -> Words:
    return Words(line.who, line.when, line.money, line.source, line.own)


def key_of(line: PlanLine) -> str:
    """The key of a line: "i-" with its indicator, "d-" with its duty, "o-" with its own key."""
    if line.indicator_id:
        return f"i-{line.indicator_id}"
    return f"d-{line.duty_id}" if line.duty_id else f"o-{line.pk}"


def _lines(filing: Filing) -> dict[str, PlanLine]:
    return {key_of(line): line for line in filing.lines.all()}


def keys(filing: Filing) -> list[str]:
    """What may be marked when a plan goes back: each thing asked, and the unit's own works together."""
    return [*(ask.key for ask in asks_of(filing)), OWN]


def writable(filing: Filing) -> set[str]:
    """The lines that may be written now; `OWN` stands for all works of the unit's own."""
    return steps.writable(filing, keys(filing))


@dataclass(frozen=True)
class Written:
    """What saving came to: the lines as they stand, and those that somebody else changed meanwhile."""

    lines: Mapping[str, PlanLine]
    clashes: Mapping[str, PlanLine]


def write(*, filing: Filing, lines: Mapping[str, tuple[Words, int]], by: Doer) -> Written:
    """Keep what was written on some lines; each comes with the version that its writer saw.

    A key "o-" with a UUID of the page's makes a work of the unit's own, once; without words it goes away again. A line
    that somebody else changed meanwhile is left as it is and told as a clash. Raises NotAllowed when the plan is not being
    written.
    """
    with act("local_plan.written", by=by):
        current = steps.allowed(filing, Act.WRITE, by)
        may = writable(current)
        there, asks = _lines(current), {ask.key: ask for ask in asks_of(current)}
        clashes = {}
        for key, (words, version) in lines.items():
            line = there.get(key) or _new(current, key, asks, words)
            if line is None or (OWN if key.startswith("o-") else key) not in may:
                continue
            if _words(line) == words and not line._state.adding:
                continue
            if line.version != version and not line._state.adding:
                clashes[key] = line
                continue
            if key.startswith("o-") and not words.own:
                if not line._state.adding:
                    line.delete()
                    there.pop(key)
                continue
            for name, value in _fields(words).items():
                setattr(line, name, value)
            line.version += 1
            line.at, line.by_name = clock.now(), by.full_name
            line.save()
            there[key] = line
        return Written(there, clashes)


def _new(filing: Filing, key: str, asks: Mapping[str, Ask], words: Words) -> PlanLine | None:
    """A line that is not there yet: for what was asked since the plan was opened, or a work of the unit's own."""
    if ask := asks.get(key):
        return _line(filing, ask, Words())
    if not key.startswith("o-"):
        return None
    try:
        given = uuid.UUID(key.removeprefix("o-"))
    except ValueError:
        return None
    # A key that another plan's line has is nobody's to make again.
    return (
        None
        if PlanLine.objects.filter(pk=given).exists()
        else PlanLine(pk=given, filing=filing, own=words.own)
    )


def content_of(filing: Filing) -> dict[str, Any]:
    """What a unit's plan says now: what is asked of it by the plan above today, and what it answers."""
    lines, asks = _lines(filing), asks_of(filing)
    said = [
        {
            "key": ask.key,
            "text": ask.text,
            "reference": ask.reference,
            "households": ask.households,
            "last_days": [day.isoformat() for day in ask.last_days],
            **_answer(lines.get(ask.key)),
        }
        for ask in asks
    ]
    said += [
        {"key": key, "text": line.own, "reference": "", "households": None, "last_days": [], **_answer(line)}
        for key, line in lines.items()
        if line.own
    ]
    return {
        "report": {"unit": filing.unit_id, "kind": filing.kind, "ordinal": filing.ordinal},
        "version": filing.plan.version_on(clock.today()).pk,
        "year": filing.plan.year,
        "until": filing.plan.pace_ends_on(clock.today()).isoformat(),
        "lines": said,
    }


def _answer(line: PlanLine | None) -> dict[str, Any]:
    words = _words(line) if line else Words()
    return {"who": words.who, "when": words.when, "money": words.money, "source": words.source}


@dataclass(frozen=True)
class Problem:
    """What a line of a plan lacks, in words that follow its name; `grave` keeps the plan from being put before the leader."""

    text: str
    grave: bool = True


_DAY = re.compile(r"(?<![\d/])(\d{1,2})/(\d{1,2})(?:/(\d{4}))?(?![\d/])")
_PORTION = re.compile(r"(?:quý|tháng)\s+[\divx]+\s*:\s*(\d+)", re.IGNORECASE)


def days_in(text: str, year: int) -> list[date]:
    """The days that a text names as 14/06 or 14/06/2019; what is no day is passed over."""
    found = []
    for day, month, written in _DAY.findall(text):
        try:
            found.append(date(int(written or year), int(month), int(day)))
        except ValueError:
            continue
    return found


def problems_of(line: Mapping[str, Any], content: Mapping[str, Any]) -> Iterator[Problem]:
    """What one line of a plan's content lacks, or says otherwise than the plan above."""
    if not line["who"].strip():
        yield Problem("chưa có người làm")
    if not line["when"].strip():
        yield Problem("chưa ghi thời gian")
    if line["money"] is None and not line["source"].strip():
        yield Problem("chưa ghi nguồn lực")
    if line["money"] and not line["source"].strip():
        yield Problem("chưa ghi kinh phí lấy từ đâu")
    yield from _late(line, content)
    portions = [int(number) for number in _PORTION.findall(line["when"])]
    if line["households"] is not None and portions and sum(portions) != line["households"]:
        yield Problem(
            f"cộng theo thời gian là {sum(portions)} hộ, chỉ tiêu {line['households']} hộ", grave=False
        )


def _late(line: Mapping[str, Any], content: Mapping[str, Any]) -> Iterator[Problem]:
    """Days that come after what the plan above allows: date by date where the line names as many, else the last."""
    named = sorted(days_in(line["when"], content["year"]))
    allowed = sorted(last_days_of(line)) or [date.fromisoformat(content["until"])]
    if not line["last_days"] and line["households"] is None:
        return
    pairs = (
        zip(named, allowed, strict=True)
        if len(named) == len(allowed)
        else zip(named[-1:], allowed[-1:], strict=False)
    )
    for day, last in pairs:
        if day > last:
            yield Problem(f"ghi {day:%d/%m/%Y}, muộn hơn hạn {last:%d/%m/%Y} của kế hoạch trên")


def last_days_of(line: Mapping[str, Any]) -> list[date]:
    """The last days of the dates that the plan above sets for a line."""
    return [date.fromisoformat(day) for day in line["last_days"]]


def missing(filing: Filing) -> list[str]:
    """What keeps the plan from being put before the leader, a phrase each."""
    content = content_of(filing)
    return [
        f"{short(line['text'])}: {problem.text}"
        for line in content["lines"]
        for problem in problems_of(line, content)
        if problem.grave
    ]


def short(text: str) -> str:
    """The beginning of a duty that is too long to be named whole."""
    return text if len(text) <= 60 else f"{text[:60].rsplit(' ', 1)[0]}…"


def money_of(content: Mapping[str, Any]) -> int:
    """All money of a plan, in đồng."""
    return sum(line["money"] or 0 for line in content["lines"])


def changed_since(filing: Filing, content: Mapping[str, Any]) -> list[str]:
    """What the plan above asks otherwise today than when this content was frozen, a sentence each."""
    then = {line["key"]: line for line in content["lines"] if not line["key"].startswith("o-")}
    now = {ask.key: ask for ask in asks_of(filing)}
    said = [f"Thêm: {short(ask.text)}." for key, ask in now.items() if key not in then]
    said += [f"Không còn: {short(line['text'])}." for key, line in then.items() if key not in now]
    for key, ask in now.items():
        if key not in then:
            continue
        if ask.households != then[key]["households"]:
            said.append(f"{ask.text}: {then[key]['households']} hộ thành {ask.households} hộ.")
        if [day.isoformat() for day in ask.last_days] != then[key]["last_days"]:
            dates = ", ".join(f"hết {day:%d/%m/%Y}" for day in ask.last_days)
            said.append(f"{short(ask.text)}: hạn nay là {dates}.")
    return said


def money_by_unit(handed: Iterable[Filing]) -> Sequence[tuple[Filing, int]]:
    """The money of each plan that was handed in, in đồng."""
    return [(one, money_of(one.content)) for one in handed if one.content]
