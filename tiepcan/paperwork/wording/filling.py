"""Content put in the places of a wording. Nothing that is put in is ever read again as a field."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from tiepcan.paperwork.wording.forms import Content, Form
from tiepcan.paperwork.wording.lines import TABLE, Element, Line, Named, fields_of, key, list_of, pieces
from tiepcan.paperwork.writing.numbers import roman
from tiepcan.paperwork.writing.records import Annex, Block, Grid, Heading, Paper, Point, Section, Text

_LETTERS = "abcdđeghiklmnopqrstuvxy"
"""Of the Vietnamese alphabet, in which points are counted."""
_NUMBER = re.compile(r"(?P<number>[IVXL]+|[0-9]+)\.\s+(?=\S)")
_LETTER = re.compile(rf"(?P<number>[{_LETTERS}])\)\s+(?=\S)")
_LEVELS = {Element.ANNEX: 0, Element.SECTION: 1, Element.HEADING: 2}
_BODY = {
    Element.SECTION,
    Element.HEADING,
    Element.TEXT,
    Element.POINT,
    Element.TABLE,
    Element.CLOSING,
    Element.ANNEX,
}
_KEEPS_BREAKS = {Element.KIND, Element.TITLE, Element.ANNEX}
_NO_SPACE_BEFORE = tuple(" ,.;:!?)\u00a0")


@dataclass(frozen=True)
class _Filled:
    """A paragraph with content in its places; one that is left out keeps its place until headings are looked at."""

    element: Element
    text: str = ""
    grid: Grid | None = None
    is_left_out: bool = False
    number: str = ""
    """As the wording writes it: "1", "I", "a"."""
    of: int | None = None
    """The group of a paragraph that is repeated; what is numbered in it is counted together."""
    is_first: bool = True
    is_broad: bool = False


def fill(form: Form, lines: Sequence[Line], content: Content, head: Paper) -> Paper:
    """The paper that a wording makes of content. The head and foot are the subject's: bodies, symbol, number, day, signatures.

    Raises ValueError when content or wording do not fit the form; wordings are checked before they are kept.
    """
    form.check(content)
    filled = list(_filled(lines, _Places(form, content)))
    body, annexes = _blocks(
        _numbered(_without_empty_headings([one for one in filled if one.element in _BODY])),
        content.attached_to,
    )

    def texts(element: Element) -> tuple[str, ...]:
        return tuple(one.text for one in filled if one.element == element and not one.is_left_out)

    return replace(
        head,
        kind=" ".join(texts(Element.KIND)),
        title=" ".join(texts(Element.TITLE)),
        addressed_to=texts(Element.ADDRESSEE),
        bases=texts(Element.BASIS),
        recipients=texts(Element.RECIPIENT),
        body=body,
        annexes=annexes,
    )


class _Places:
    """The content by keys."""

    def __init__(self, form: Form, content: Content) -> None:
        self.values = {key(name): value for name, value in content.values.items()}
        self.lists = {
            key(name): [{key(one): value for one, value in item.items()} for item in items]
            for name, items in content.lists.items()
        }
        self.tables = {key(name): grid for name, grid in content.tables.items()}
        self.broad = form.broad_tables

    def value(self, field: Named, item: Mapping[str, str]) -> str:
        found = item.get(field.name) if field.of else self.values.get(field.name)
        if found is None:
            raise ValueError(f"No place is called {field.written!r}.")
        return found


def _filled(lines: Sequence[Line], places: _Places) -> Iterator[_Filled]:
    """Paragraphs next to each other that name one list are repeated together, item by item."""
    for group, (of, members) in enumerate(groupby(lines, key=list_of)):
        together = list(members)
        if not of:
            for line in together:
                yield from _of_line(line, places, {}, None, is_first=True)
            continue
        if of not in places.lists:
            raise ValueError(f"No list is called {of!r}.")
        for line in together if not places.lists[of] else ():
            yield _Filled(line.element, is_left_out=True)
        for at, item in enumerate(places.lists[of]):
            for line in together:
                yield from _of_line(line, places, item, group, is_first=at == 0)


def _of_line(
    line: Line, places: _Places, item: Mapping[str, str], of: int | None, *, is_first: bool
) -> Iterator[_Filled]:
    if line.element == Element.TABLE:
        yield _table(line, places)
        return
    fields = fields_of(line.text)
    values = {field: places.value(field, item).strip() for field in fields}
    if values and not any(values.values()):
        yield _Filled(line.element, is_left_out=True)
        return
    number = _number_of(line)
    rest = line.text[number.end() :] if number else line.text
    for text in _texts(rest, values, keep_breaks=line.element in _KEEPS_BREAKS):
        yield _Filled(line.element, text, number=number["number"] if number else "", of=of, is_first=is_first)


def _table(line: Line, places: _Places) -> _Filled:
    [field] = fields_of(line.text)
    if field.of != TABLE or field.name not in places.tables:
        raise ValueError(f"No table is called {field.written!r}.")
    grid = places.tables[field.name]
    return _Filled(line.element, grid=grid, is_left_out=grid is None, is_broad=field.name in places.broad)


def _number_of(line: Line) -> re.Match[str] | None:
    """The number that a paragraph begins with, of those that are counted anew."""
    if line.element == Element.POINT and (found := _LETTER.match(line.text)):
        return found
    is_counted = line.element in (Element.SECTION, Element.HEADING) or list_of(line)
    return _NUMBER.match(line.text) if is_counted else None


def _texts(text: str, values: Mapping[Named, str], *, keep_breaks: bool) -> Iterator[str]:
    """The text with its fields filled; a field of several lines makes a paragraph of each of them."""
    broken = None if keep_breaks else next((f for f, value in values.items() if "\n" in value), None)
    if broken is None:
        yield _joined(text, values if keep_breaks else {f: _on_one_line(v) for f, v in values.items()})
        return
    for part in filter(None, map(str.strip, values[broken].split("\n"))):
        yield _joined(text, {f: _on_one_line(v) for f, v in values.items()} | {broken: part})


def _on_one_line(value: str) -> str:
    return value.replace("\n", " ") if "\n" in value else value


def _joined(text: str, values: Mapping[Named, str]) -> str:
    """An empty field takes the blank before it along, so that none stands double or before a full stop."""
    parts = pieces(text)
    said = ""
    for at, part in enumerate(parts):
        value = part if isinstance(part, str) else values[part]
        if value or isinstance(part, str):
            said += value
            continue
        after = parts[at + 1] if at + 1 < len(parts) else ""
        if said.endswith(" ") and (
            not after or isinstance(after, Named) or after.startswith(_NO_SPACE_BEFORE)
        ):
            said = said[:-1]
    return said


def _without_empty_headings(filled: Sequence[_Filled]) -> list[_Filled]:
    """Drop what was left out, and each heading that has nothing left below it."""
    kept: list[_Filled] = []
    below: dict[
        int, tuple[bool, bool]
    ] = {}  # by level: whether something stands below, whether something is gone
    deepest = len(_LEVELS)
    for one in reversed(filled):
        if one.element == Element.CLOSING:
            kept += [one] * (not one.is_left_out)
            continue
        level = _LEVELS.get(one.element, deepest)
        lower = [below.pop(deeper) for deeper in sorted(below) if deeper > level]
        has_some, lacks_some = any(some for some, _ in lower), any(lacks for _, lacks in lower)
        gone = one.is_left_out or (level < deepest and lacks_some and not has_some)
        if not gone:
            kept.append(one)
        some, lacks = below.get(level, (False, False))
        # A heading that is gone says of what stood below it as well that it is gone.
        below[level] = (some or not gone, lacks or gone)
    return kept[::-1]


def _numbered(filled: Sequence[_Filled]) -> Iterator[_Filled]:
    copies = Counter(one.of for one in filled if one.number)
    counts = {Element.SECTION: 0, Element.HEADING: 0, Element.POINT: 0}
    among: Counter[int | None] = Counter()
    for one in filled:
        if one.element in _LEVELS:
            for element in counts:
                if _LEVELS.get(element, len(_LEVELS)) > _LEVELS[one.element]:
                    counts[element] = 0
        if not one.number:
            yield one
        elif one.element in (Element.SECTION, Element.HEADING):
            counts[one.element] += 1
            written = str(counts[one.element])
            yield replace(
                one, text=f"{written if one.number.isdecimal() else roman(int(written))}. {one.text}"
            )
        elif one.element == Element.POINT and one.number in _LETTERS:
            counts[Element.POINT] = 1 if one.number == "a" and one.is_first else counts[Element.POINT] + 1
            letter = _LETTERS[(counts[Element.POINT] - 1) % len(_LETTERS)]
            yield replace(one, text=f"{letter}) {one.text}")
        else:
            among[one.of] += 1
            # A list of one thing is not numbered.
            yield replace(one, text=f"{among[one.of]}. {one.text}") if copies[one.of] > 1 else one


def _blocks(body: Iterable[_Filled], attached_to: str | None) -> tuple[tuple[Block, ...], tuple[Annex, ...]]:
    main: list[Block] = []
    annexes: list[Annex] = []
    for one in body:
        if one.element == Element.ANNEX:
            annexes.append(Annex(one.text, attached_to, ()))
            continue
        block = _block(one)
        if annexes:
            last = annexes[-1]
            annexes[-1] = replace(
                last, blocks=(*last.blocks, block), landscape=last.landscape or one.is_broad
            )
        else:
            main.append(block)
    return tuple(main), tuple(annexes)


def _block(one: _Filled) -> Block:
    match one.element:
        case Element.TABLE:
            assert one.grid is not None
            return one.grid
        case Element.SECTION:
            return Section(one.text)
        case Element.HEADING:
            return Heading(one.text)
        case Element.POINT:
            return Point(one.text)
        case _:
            return Text(one.text)
