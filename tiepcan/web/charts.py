"""Charts as SVG made on the server: classes alone, so themes and print apply, and a sentence for who cannot see them.

Lengths are in the viewBox's units. A narrow drawing is meant for a phone: its viewBox is about as wide as the
screen, so that the text stays near 12 px.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from markupsafe import Markup

_LINE = 15.0  # from one line of text to the next
_GLYPH = 7.0  # mean width of a letter at 12.5 px, on the generous side
_GLYPH_STRONG = 7.5
_FLAG = 36  # from one step of texts above the ruler to the next

Anchor = Literal["start", "middle", "end"]
State = Literal["done", "next", "open"]


@dataclass(frozen=True)
class Pin:
    """A day on the ruler: "Báo cáo 6 tháng", "hạn 14/06 · 15/35"."""

    label: str
    sub: str
    day: date
    state: State


@dataclass(frozen=True)
class Text:
    """A line of text in a drawing; `x` is where its anchor stands, `y` its baseline."""

    words: str
    x: float
    y: float
    anchor: Anchor = "start"
    classes: str = ""

    @property
    def width(self) -> float:
        strong = "strong" in self.classes or self.classes.startswith("t-")
        return len(self.words) * (_GLYPH_STRONG if strong else _GLYPH)

    @property
    def left(self) -> float:
        return self.x - self.width * {"start": 0, "middle": 0.5, "end": 1}[self.anchor]

    @property
    def right(self) -> float:
        return self.left + self.width

    def meets(self, other: "Text", gap: float = 4) -> bool:
        beside = self.left < other.right + gap and other.left < self.right + gap
        return beside and abs(self.y - other.y) < _LINE - 1

    def svg(self) -> Markup:
        classes = Markup(' class="{}"').format(self.classes) if self.classes else ""
        anchor = Markup(' text-anchor="{}"').format(self.anchor) if self.anchor != "start" else ""
        return Markup('<text{} x="{:.1f}" y="{:.1f}"{}>{}</text>').format(
            classes, self.x, self.y, anchor, self.words
        )


@dataclass(frozen=True)
class Days:
    """A span of days laid out from `left` to `right`."""

    first: date
    last: date
    left: float
    right: float

    def at(self, day: date) -> float:
        whole = max((self.last - self.first).days, 1)
        return self.left + (self.right - self.left) * min(max((day - self.first).days / whole, 0), 1)

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last

    def months(self) -> Iterator[date]:
        """The first day of every month inside."""
        year, month = self.first.year, self.first.month
        while (start := date(year, month, 1)) <= self.last:
            if start in self:
                yield start
            year, month = (year, month + 1) if month < 12 else (year + 1, 1)


def cumulative(
    *,
    first_day: date,
    last_day: date,
    today: date,
    target: int,
    plan_start: date,
    recorded: Sequence[tuple[date, int]],
    verified: Sequence[tuple[date, int]],
    plan_today: int,
    label: str,
    now: str = "Hôm nay",
    narrow: bool = False,
) -> Markup:
    """Households reached so far against the straight line of the plan; each sequence is cumulative, oldest first."""
    width, height, right, floor = (294, 190, 230, 164) if narrow else (430, 296, 366, 270)
    so_far, sure = _last(recorded), _last(verified)
    highest = max(target, so_far, sure, 1)
    top, left = 16, 10 + _GLYPH * max(len(_number(highest)), 3)
    days = Days(first_day, last_day, left, right)

    def up(count: float) -> float:
        return floor - (floor - top) * count / highest

    parts: list[Markup] = []
    for count in _levels(target, highest):
        parts.append(_path("axis" if count == 0 else "grid", f"M{left:.1f} {up(count):.1f}H{right}"))
        parts.append(Text(_number(count), left - 6, up(count) + 4, "end").svg())
    parts += [
        text.svg()
        for text in _apart(
            [_month(month, days.at(month), floor + 18, n == 0) for n, month in enumerate(days.months())]
        )
    ]
    parts.append(
        _path("plan", f"M{days.at(plan_start):.1f} {up(0):.1f}L{days.at(last_day):.1f} {up(target):.1f}")
    )
    said = [Text("Kế hoạch", right + 6, up(target) + 4)]
    if today in days:
        x = days.at(today)
        parts.append(_path("now", f"M{x:.1f} {top - 4}V{floor}"))
        said.append(_ahead(x, up(highest) + 5, now, "t-now halo", least=left))
    until = min(today, last_day)
    for name, points in (("rec", recorded), ("ver", verified)):
        # A count stays what it was until somebody adds to it.
        lasting = [*points, (until, points[-1][1])] if points and points[-1][0] < until else points
        parts += _line(name, [(days.at(day), up(count)) for day, count in lasting])
    end = days.at(until)
    said.append(_beside(end, up(so_far) + 5, f"{_number(so_far)} ghi nhận", "strong halo", width=width))
    said.append(_beside(end, up(sure) + 5, f"{_number(sure)} xác minh", "t-ver halo", width=width))
    parts += [text.svg() for text in _spread(said, top=top - 2, floor=floor - 4)]
    sentence = (
        f"{label}: đến {until:%d/%m/%Y} đã ghi nhận {_number(so_far)}, đã xác minh {_number(sure)}, "
        f"theo kế hoạch {_number(plan_today)}, chỉ tiêu {_number(target)}."
    )
    return _svg("chart", width, height, sentence, parts)


def ruler(
    *,
    first_day: date,
    last_day: date,
    today: date,
    pins: Sequence[Pin],
    now: str = "Hôm nay",
    narrow: bool = False,
) -> Markup:
    """The plan's year as a ruler: its days as pins, and today."""
    width = 294 if narrow else 930
    days = Days(first_day, last_day, 10, width - 10)
    ordered = sorted(pins, key=lambda pin: pin.day)
    flags = _flags(ordered, days, width)
    base = 48 + _FLAG * max((flag.level for flag in flags), default=0)
    parts = [_path("base", f"M{days.left} {base}H{days.right}")]
    if today > first_day:
        parts.append(_path("gone", f"M{days.left} {base}H{days.at(today):.1f}"))
    mark = _clamped(Text(f"{now} {today:%d/%m}", days.at(today), base + 30, "middle", "t-now"), width)
    months = list(days.months())
    parts += [_path("tick", f"M{days.at(month):.1f} {base + 6}v6") for month in months]
    names = [_clamped(_month_name(month, days.at(month), base + 27, narrow), width) for month in months]
    parts += [text.svg() for text in _apart(names, [mark] if today in days else [])]
    parts += [
        _path("lead", f"M{flag.x:.1f} {base - 6}V{base - 10 - _FLAG * flag.level}")
        for flag in flags
        if flag.level
    ]
    parts += [
        Markup('<circle class="pin {}" cx="{:.1f}" cy="{}" r="6"/>').format(pin.state, days.at(pin.day), base)
        for pin in ordered
    ]
    parts += [replace(text, y=text.y + base - 15).svg() for flag in flags for text in flag.texts]
    if today in days:
        parts += [_path("now", f"M{days.at(today):.1f} {base - 9}v25"), mark.svg()]
    told = "; ".join(f"{pin.label}, {pin.sub}{_STATES[pin.state]}" for pin in ordered)
    sentence = f"Thước hạn từ {first_day:%d/%m/%Y} đến {last_day:%d/%m/%Y}: {told}; {now[:1].lower()}{now[1:]} {today:%d/%m/%Y}."
    return _svg("chart ruler", width, base + 36, sentence, parts)


_STATES = {"done": " (đã xong)", "next": " (sắp tới)", "open": ""}


def _svg(classes: str, width: int, height: int, sentence: str, parts: Sequence[Markup]) -> Markup:
    opened = Markup('<svg class="{}" viewBox="0 0 {} {}" role="img" aria-label="{}">')
    return opened.format(classes, width, height, sentence) + Markup("").join(parts) + Markup("</svg>")


def _path(classes: str, d: str) -> Markup:
    return Markup('<path class="{}" d="{}"/>').format(classes, d)


def _line(name: str, points: Sequence[tuple[float, float]]) -> list[Markup]:
    if not points:
        return []
    drawn = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    x, y = points[-1]
    dot = Markup('<circle class="dot-{}" cx="{:.1f}" cy="{:.1f}" r="4"/>').format(name[0], x, y)
    return [Markup('<polyline class="{}" points="{}"/>').format(name, drawn), dot]


def _last(points: Sequence[tuple[date, int]]) -> int:
    return points[-1][1] if points else 0


def _number(count: int) -> str:
    return f"{count:,}".replace(",", ".")


def _levels(target: int, highest: int) -> list[int]:
    """Counts for the grid: round ones from zero, and the target itself in place of those too near to it."""
    step = next(s for n in range(12) for m in (1, 2, 5) if (s := m * 10**n) * 4.5 >= highest)
    rounds = range(0, highest + 1, step)
    kept = [count for count in rounds if count == 0 or abs(count - target) * 10 > highest]
    return sorted({*kept, target})


def _month(month: date, x: float, y: float, first: bool) -> Text:
    return Text(f"Th. {month.month}" if first else str(month.month), x, y, "start" if first else "middle")


def _month_name(month: date, x: float, y: float, narrow: bool) -> Text:
    return Text(f"{'th.' if narrow else 'tháng'} {month.month}", x, y, "middle")


def _apart(texts: Sequence[Text], taken: Sequence[Text] = ()) -> list[Text]:
    """Those of a row of texts that stand clear of each other and of what is taken; the earlier one stays."""
    kept: list[Text] = []
    for text in texts:
        # The row of months and "today" are a hair apart in height, which is no distance between texts.
        if not any(text.meets(other, gap=6) for other in (*kept, *taken)):
            kept.append(text)
    return kept


def _clamped(text: Text, width: float) -> Text:
    """The text moved sideways until it lies within the drawing."""
    moved = text
    if text.left < 0:
        moved = replace(text, x=0, anchor="start")
    elif text.right > width:
        moved = replace(text, x=width, anchor="end")
    return moved


def _beside(x: float, y: float, words: str, classes: str, *, width: float) -> Text:
    """The value at the end of a line: right of it, or over it when there is no room."""
    after = Text(words, x + 9, y, "start", classes)
    return after if after.right <= width else Text(words, x - 9, y - 10, "end", classes)


def _ahead(x: float, y: float, words: str, classes: str, *, least: float) -> Text:
    """Left of a mark, or right of it when that would reach the axis."""
    ahead = Text(words, x - 6, y, "end", classes)
    return ahead if ahead.left >= least else Text(words, x + 9, y, "start", classes)


def _spread(texts: Sequence[Text], *, top: float, floor: float) -> list[Text]:
    """The texts moved up or down until none meets another: from the top down, then up again from the floor."""
    down: list[Text] = []
    for text in sorted(texts, key=lambda text: text.y):
        while any(text.meets(other) for other in down):
            text = replace(text, y=text.y + 1)
        down.append(text)
    up: list[Text] = []
    for text in sorted(down, key=lambda text: -text.y):
        lowered = replace(text, y=min(text.y, floor))
        while any(lowered.meets(other) for other in up) and lowered.y > top:
            lowered = replace(lowered, y=lowered.y - 1)
        up.append(lowered)
    return up


@dataclass(frozen=True)
class _Flag:
    """What is written about one pin, `level` steps above the ruler; heights count from the lowest step."""

    x: float
    texts: tuple[Text, ...]
    level: int = 0

    def raised(self) -> "_Flag":
        up = tuple(replace(text, y=text.y - _FLAG) for text in self.texts)
        return replace(self, texts=up, level=self.level + 1)

    def meets(self, other: "_Flag") -> bool:
        return any(text.meets(their, 10) for text in self.texts for their in other.texts)

    def covers(self, other: "_Flag") -> bool:
        """Whether the line from the other's text down to its pin runs through this text."""
        return other.level > self.level and any(t.left - 2 < other.x < t.right + 2 for t in self.texts)


def _flags(pins: Sequence[Pin], days: Days, width: float) -> list[_Flag]:
    """Set from the left or from the right, whichever sends fewer lines through words."""
    xs = [days.at(pin.day) for pin in pins]
    lowest = [
        _flag(pin, x, width, xs[n - 1] if n else None, xs[n + 1] if n + 1 < len(xs) else None)
        for n, (pin, x) in enumerate(zip(pins, xs, strict=True))
    ]
    ways = [_stacked(lowest), _stacked(lowest[::-1])]
    return min(ways, key=lambda way: sum(one.covers(other) for one in way for other in way))


def _flag(pin: Pin, x: float, width: float, before: float | None, after: float | None) -> _Flag:
    """Over its pin; to the side when a neighbour is near or the drawing ends."""
    name = Text(pin.label, x, -16, "middle", "strong halo")
    sub = Text(pin.sub, x, 0, "middle", "halo")
    wide = max(name.width, sub.width)
    crowded = after is not None and x + wide / 2 > after - 4
    beside = before is not None and x - wide / 2 < before + 4
    anchor: Anchor
    if (crowded and x + 6 - wide >= 0) or x + wide / 2 > width:
        at, anchor = min(x + 6, width), "end"
    elif crowded or beside or x - wide / 2 < 0:
        at, anchor = max(x - 6, 0), "start"
    else:
        return _Flag(x, (name, sub))
    if anchor == "start" and at + wide > width:
        at, anchor = min(x + 6, width), "end"
    return _Flag(x, (replace(name, x=at, anchor=anchor), replace(sub, x=at, anchor=anchor)))


def _stacked(lowest: Sequence[_Flag]) -> list[_Flag]:
    placed: list[_Flag] = []
    for flag in lowest:
        while any(flag.meets(other) for other in placed):
            flag = flag.raised()
        placed.append(flag)
    return placed
