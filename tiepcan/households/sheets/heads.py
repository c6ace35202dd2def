"""Where the heading of a table stands, however many rows it has, and what stands over each column."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from tiepcan.common.folding import accented_key, composed
from tiepcan.households.sheets import words
from tiepcan.households.sheets.words import plain

Merged = Sequence[tuple[int, int, int, int]]

_FURTHEST = 80
"""Letters of the longest heading that is looked up; a title or a note is longer."""
_NUMBERING = re.compile(r"\(?\[?(?P<number>\d{1,3}|[A-Ea-e])\]?\)?")
_INDICATOR = re.compile(r"(?:chi so |cs |cot )?(?:[1-9]|1[0-2])")
_GROUPS = re.compile(
    r"(?:thong tin(?: ve)?(?: chu ho| ho| chung)?|chu ho|nam sinh|gioi tinh|diem(?: so)?|ket qua .*|phan loai.*"
    r"|dia chi.*|trong do|.*thieu hut.*|.*chi so.*|.*phuong tien.*|so khau|so nhan khau)"
)
_TITLE = re.compile(
    r"(?:danh sach|bieu|phu luc|tong hop|bang|mau so|uy ban|ubnd|cong hoa|doc lap|ket qua ra soat ho)"
)


@dataclass(frozen=True)
class Heading:
    """What stands over one column, from the outermost group to the nearest words."""

    column: int
    path: tuple[str, ...]
    key: str
    shared: tuple[int, ...] = ()
    """Columns that the nearest words cover, when they are merged over several."""

    @property
    def text(self) -> str:
        return " › ".join(self.path)

    @property
    def leaf(self) -> str:
        return self.path[-1] if self.path else ""


@dataclass(frozen=True)
class Head:
    """A heading: its rows (absolute numbers), and its columns; `texts` are the folded words of each of its rows."""

    rows: tuple[int, ...]
    headings: tuple[Heading, ...]
    texts: tuple[tuple[str, ...], ...]


@lru_cache(maxsize=4096)
def known_heading(text: str) -> str | None:
    """The meaning of a heading by its words alone; None when they are not known."""
    if not text or len(text) > _FURTHEST:
        return None
    for form in (text, words.without_brackets(text)):
        key, _ = words.year_in(plain(form))
        for key_form in (
            key,
            key.removeprefix("cot "),
            key.removesuffix(" chu ho"),
            key.removesuffix(" cua chu ho"),
        ):
            if meaning := _by_words(key_form, form):
                return meaning
    return None


def _by_words(key: str, written: str) -> str | None:
    meaning = words.HEADINGS.get(key)
    if meaning == "family_name":
        # "Hộ" and "Họ" fold alike.
        return None if accented_key(written).strip(" .") == "hộ" else meaning
    if meaning:
        return meaning
    if key == "dt" and "đ" not in written.casefold():
        return "ethnicity"
    if key in words.CLASS_HEADING:
        return "class"
    if key in words.CLASSES:
        return f"class:{words.CLASSES[key]}"
    if words.IDENTITY.search(key) and not re.search(r"\b(ngay cap|noi cap|ma dinh danh ho)\b", key):
        return "identity"
    return _place(key)


_HAMLET_WORDS = words.listed("thon,to,xom,ap,ban,khu,pho,dan,tdp,buon,lang,doi,kp,ten,khoi,tieu")
_HAMLET_KINDS = words.listed("thon,to,xom,ap,ban,khu,pho,tdp,buon,lang,doi,kp,khoi")
_UNIT_WORDS = words.listed("xa,phuong,thi,tran,tt,ten,don,vi,hanh,chinh,cap")


def _place(key: str) -> str | None:
    parts = set(key.split())
    if parts <= _HAMLET_WORDS and parts & _HAMLET_KINDS:
        return "hamlet"
    if key.startswith(("dia chi", "noi thuong tru", "ho khau thuong tru")):
        return "address"
    if parts <= _UNIT_WORDS and (
        parts & {"xa", "phuong"} or key in ("thi tran", "don vi", "don vi hanh chinh")
    ):
        return "unit"
    return None


def find(rows: Sequence[Sequence[str]], first: int, merged: Merged) -> Head | None:
    """The first heading of a list of households among these rows; `first` is the number of the first of them."""
    for at, row in enumerate(rows):
        if _names_heads(row) and (head := _around(rows, at, first, merged)):
            return head
    return None


def looks_like_head(row: Sequence[str]) -> bool:
    """Whether a row between households is itself the heading of another table."""
    return _names_heads(row) and sum(known_heading(cell) is not None for cell in row) >= 3


def _names_heads(row: Sequence[str]) -> bool:
    found = {known_heading(cell) for cell in row if cell}
    return "head_name" in found or {"family_name", "given_name"} <= found


def _around(rows: Sequence[Sequence[str]], at: int, first: int, merged: Merged) -> Head | None:
    areas = [
        (r1 - first, c1 - 1, r2 - first, c2 - 1)
        for r1, c1, r2, c2 in merged
        if r2 >= first and r1 - first < len(rows)
    ]
    name_at = next(
        n for n, cell in enumerate(rows[at]) if known_heading(cell) in ("head_name", "family_name")
    )
    top = at
    while top > 0 and at - top < 2 and _goes_above(rows[top - 1], top - 1, areas):
        top -= 1
    bottom = at
    while bottom + 1 < len(rows) and bottom - at < 3 and _goes_below(rows, top, bottom + 1, name_at, areas):
        bottom += 1
    width = max(len(row) for row in rows[top : bottom + 1])
    grid = [[composed(cell) for cell in row] + [""] * (width - len(row)) for row in rows[top : bottom + 1]]
    known = {meaning for line in grid for cell in line if (meaning := known_heading(cell))}
    if len(known) < 2:
        return None
    headings = tuple(_headings(grid, top, areas))
    end = bottom
    numbered = bottom + 1
    if numbered < len(rows) and is_numbering(rows[numbered], name_at):
        end = numbered
    texts = tuple(tuple(plain(cell) for cell in line) for line in grid)
    return Head(tuple(range(first + top, first + end + 1)), headings, texts)


def _filled(row: Sequence[str]) -> list[str]:
    return [cell for cell in row if cell.strip()]


def _goes_above(row: Sequence[str], at: int, areas: Merged) -> bool:
    """Whether the row over the names of columns holds groups of them and is no title of the sheet."""
    cells = _filled(row)
    if not cells or any(_TITLE.match(plain(cell)) for cell in cells):
        return False
    if any(known_heading(cell) or _GROUPS.fullmatch(plain(cell)) for cell in cells):
        return len(cells) > 1 or len(row) > 3
    return len(cells) > 1 and any(r1 == at and c2 > c1 for r1, c1, _, c2 in areas)


def _goes_below(rows: Sequence[Sequence[str]], top: int, at: int, name_at: int, areas: Merged) -> bool:
    """Whether this row still belongs to the heading over it."""
    row = rows[at]
    cells = [(column, cell) for column, cell in enumerate(row) if cell.strip()]
    if not cells or is_numbering(row, name_at):
        return False
    if any(r1 >= top and r1 < at <= r2 and c1 < len(rows[r1]) for r1, c1, r2, _ in areas):
        return True
    above = rows[top:at]
    here = {column for column, _ in cells}

    def text(row: Sequence[str], column: int) -> str:
        return row[column] if column < len(row) else ""

    def under_group(column: int) -> bool:
        own = [row for row in above if text(row, column)]
        # A group's words stand in its first column: the next one is empty above and has words here.
        return not own or (not text(own[-1], column + 1) and column + 1 in here)

    name = known_heading(text(row, name_at)) if text(row, name_at) else "head_name"
    if len(cells) < 2 or name not in ("head_name", "family_name", "given_name"):
        return False
    certain = {
        column
        for column, cell in cells
        if known_heading(cell) or _sex(cell) or _INDICATOR.fullmatch(plain(cell))
    }
    grouped = {column for column, _ in cells if under_group(column)}
    named = any(_GROUPS.fullmatch(plain(cell)) for above_row in above for cell in _filled(above_row))
    return bool(grouped) and here <= certain | grouped and (bool(certain) or named)


def _sex(text: str) -> bool:
    return accented_key(text) in ("nam", "nữ", "nu")


def is_numbering(row: Sequence[str], name_at: int) -> bool:
    """Whether a row only numbers the columns, the one of names too: (1) (2) (3), or A B 1 2 3.

    Numbers of indicators, which are a heading, leave the column of names empty.
    """
    if name_at >= len(row) or not row[name_at].strip():
        return False
    cells = [_NUMBERING.fullmatch(cell.replace(" ", "")) for cell in row if cell.strip()]
    if len(cells) < 3 or any(cell is None for cell in cells):
        return False
    found = [cell["number"].upper() for cell in cells if cell]
    numbers = [int(number) for number in found if number.isdigit()]
    starts = len(numbers) < len(found) or numbers[0] <= 2
    return starts and all(after - before == 1 for before, after in pairwise(numbers))


def _headings(grid: list[list[str]], top: int, areas: Merged) -> Iterator[Heading]:
    owner = _spread(grid, top, areas)
    width = len(grid[0])
    used: dict[str, int] = {}
    for column in range(width):
        path: list[str] = []
        for line in grid:
            if line[column] and (not path or path[-1] != line[column]):
                path.append(line[column])
        lowest = max((n for n, line in enumerate(grid) if line[column]), default=0)
        origin = owner.get((lowest, column))
        shared = tuple(c + 1 for c in range(width) if origin and owner.get((lowest, c)) == origin)
        key = " / ".join(plain(part) or composed(part).casefold() for part in path)
        used[key] = used.get(key, 0) + 1
        if key and used[key] > 1:
            key = f"{key} ({used[key]})"
        yield Heading(column + 1, tuple(path), key, shared if len(shared) > 1 else ())


def _spread(grid: list[list[str]], top: int, areas: Merged) -> dict[tuple[int, int], tuple[int, int]]:
    """Write a merged heading over all its cells, and a group without borders over the empty cells to its right.

    Gives, for the cells written so, the place of the words.
    """
    owner: dict[tuple[int, int], tuple[int, int]] = {}
    wide: set[tuple[int, int]] = set()
    for r1, c1, r2, c2 in areas:
        for line in range(max(r1 - top, 0), min(r2 - top, len(grid) - 1) + 1):
            for column in range(c1, min(c2, len(grid[0]) - 1) + 1):
                if r1 < top:
                    continue
                grid[line][column] = grid[r1 - top][c1]
                owner[line, column] = (r1 - top, c1)
                wide.add((line, column))
    for number, texts in enumerate(grid[:-1]):
        for column in range(1, len(texts)):
            place = (number, column)
            below = [grid[lower][column] for lower in range(number + 1, len(grid))]
            left = [grid[lower][column - 1] for lower in range(number + 1, len(grid))]
            if texts[column] or place in wide or not any(below) or not texts[column - 1] or not any(left):
                continue
            # A group that is merged reaches exactly as far as its merging says.
            if (number, column - 1) not in wide and not any(grid[upper][column] for upper in range(number)):
                texts[column] = texts[column - 1]
    return owner
