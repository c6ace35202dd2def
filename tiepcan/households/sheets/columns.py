"""What each column says: from the words over it, and from its cells where the words leave it open."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from tiepcan.common.folding import accented_key, composed
from tiepcan.households.sheets import words
from tiepcan.households.sheets.cells import PLAIN_NAME
from tiepcan.households.sheets.heads import Head, Heading, known_heading
from tiepcan.households.sheets.records import Column, Indicator, Options, Sure
from tiepcan.households.sheets.words import plain

TWICE = "Hai cột cùng một nghĩa. Chọn một cột, cột kia ghi “Không dùng”."
DIRECTION = "Chưa rõ dấu trong cột này là có hay là thiếu."
MANY_ALLOWED = ("note", "ignore", "unknown", "ordinal", "disability", "address")
"""Meanings that several columns may share."""


@dataclass(frozen=True)
class Guess:
    """A meaning with how sure it is; "unknown" with alternatives, the likeliest first, when a person must choose."""

    meaning: str
    sure: Sure = Sure.CERTAIN
    alternatives: tuple[str, ...] = ()
    why: str = ""


UNKNOWN = Guess("unknown", Sure.UNKNOWN, why="Tiêu đề không thuộc danh sách hộ. Cột không được đọc.")
IGNORED = Guess("ignore")


_PLAIN_MEANINGS = (
    "ordinal",
    "code",
    "head_name",
    "family_name",
    "given_name",
    "birth_year",
    "birth_year:male",
    "birth_year:female",
    "sex",
    "sex:male",
    "sex:female",
    "ethnicity",
    "identity",
    "hamlet",
    "unit",
    "members",
    "class",
    "income_score",
    "deprivation_score",
    "disability",
    "relation",
    "note",
    "ignore",
)


def meanings(options: Options) -> tuple[str, ...]:
    """Every meaning that a person may choose for a column."""
    return (
        *_PLAIN_MEANINGS,
        *(f"class:{one}" for one in options.classes),
        *(f"{how}:{one.id}" for one in options.indicators for how in ("lack", "have")),
        *(f"{how}:{one.id}" for one in options.questions for how in ("answer", "no")),
    )


def understand(head: Head, body: Sequence[Sequence[str]], options: Options) -> tuple[Column, ...]:
    """The columns under a heading; `body` are some rows below it, as `households_among` gives them."""
    width = max([len(head.headings), *(len(row) for row in body)])
    cells = [[row[n] for row in body if n < len(row)] for n in range(width)]
    headings = [*head.headings, *(Heading(n + 1, (), "") for n in range(len(head.headings), width))]
    foreign = _foreign_standard(headings, options)
    guesses = [_guess(heading, cells[heading.column - 1], options, foreign) for heading in headings]
    guesses = _split_names(headings, guesses, cells)
    guesses = _unnamed(headings, guesses, cells)
    guesses = _unsaid_classes(guesses, cells)
    guesses = _by_year(headings, guesses, options.year)
    guesses = _places(guesses)
    allowed = set(meanings(options))
    chosen = [options.choices.get(heading.key) if heading.key else None for heading in headings]
    guesses = [
        Guess(choice) if choice in allowed else guess for guess, choice in zip(guesses, chosen, strict=True)
    ]
    guesses = _once(guesses)
    return tuple(
        Column(
            heading.column,
            heading.text,
            heading.key,
            guess.meaning,
            guess.sure,
            guess.alternatives,
            _samples(cells[heading.column - 1]),
            guess.why,
        )
        for heading, guess in zip(headings, guesses, strict=True)
        if heading.path or guess.meaning != "ignore"
    )


def households_among(head: Head, rows: Sequence[list[str]]) -> list[list[str]]:
    """Rows that seem to be households, so that sums, titles and repeated headings do not speak for a column."""
    at = next(
        (one.column - 1 for one in head.headings if known_heading(one.leaf) in ("head_name", "family_name")),
        0,
    )
    words_of_head = {text for line in head.texts for text in line if text}
    kept = [
        row
        for row in rows
        if at < len(row)
        and (name := plain(row[at])) not in words_of_head
        and name
        and sum(1 for cell in row if cell) > 2
        and not name.startswith(("tong", "cong ", "thon "))
        and name != "cong"
    ]
    return kept or [row for row in rows if any(row)]


def _samples(cells: Sequence[str]) -> tuple[str, ...]:
    # They are kept and shown beside the question what the column means; whose number it is need not be known for that.
    return tuple(
        words.number_hidden(cell) for cell in list(dict.fromkeys(cell for cell in cells if cell))[:5]
    )


def _guess(heading: Heading, cells: Sequence[str], options: Options, foreign: str) -> Guess:
    if not heading.path:
        return IGNORED
    parents = " / ".join(plain(part) for part in heading.path[:-1])
    leaf = plain(words.without_brackets(heading.leaf)) or plain(heading.leaf)
    whole = plain(" ".join(heading.path))
    if words.SOMEBODY_ELSE.search(accented_key(" ".join(heading.path))) and not re.search(
        r"\bchu ho\b", leaf
    ):
        return replace(UNKNOWN, why="Tiêu đề nói về người khác, không phải chủ hộ.")
    if guess := _of_indicator(heading, parents, leaf, whole, options, foreign):
        return guess
    if guess := _in_group(heading, parents, leaf, options):
        return guess
    meaning = known_heading(heading.leaf)
    if meaning and meaning.startswith("class"):
        return _of_class(meaning, cells, options)
    if guess := _of_question(heading, parents, leaf, whole, cells, options):
        return guess
    if meaning:
        return _checked(Guess(meaning), cells)
    if leaf in ("diem a", "a") and _max_number(options) > 10 and (leaf != "a" or "diem" in parents):
        return Guess("income_score")
    if (
        leaf in ("diem b", "b", "tong diem b")
        and _max_number(options) > 10
        and (leaf != "b" or "diem" in parents)
    ):
        return Guess("deprivation_score")
    return UNKNOWN


def _checked(guess: Guess, cells: Sequence[str]) -> Guess:
    """A telephone's heading over digits is a number to call; the rest stands."""
    if guess.meaning == "address":
        return Guess("hamlet", Sure.LIKELY)
    return guess


def _max_number(options: Options) -> int:
    return 12 if any(one.number > 10 for one in options.indicators) else 10


_NUMBERED = re.compile(r"(?:chi so |cs |cot |tieu chi )?(?P<number>[1-9]|1[0-2])(?: (?P<rest>.+))?")


def _under_lacks(parents: str) -> bool:
    return bool(words.LACKING.search(parents)) and "diem" not in parents.split(" / ")[-1].split()


def _foreign_standard(headings: Sequence[Heading], options: Options) -> str:
    """A sentence when numbered columns are those of another standard than the year's."""
    numbers = [
        int(found["number"])
        for heading in headings
        if _under_lacks(" / ".join(plain(part) for part in heading.path[:-1]))
        if (found := _NUMBERED.fullmatch(plain(heading.leaf)))
    ]
    most = _max_number(options)
    if len(numbers) >= 8 and options.indicators and max(numbers) in (10, 12) and max(numbers) != most:
        return (
            f"Bảng có {max(numbers)} chỉ số, chuẩn nghèo của năm {options.year} có {most} chỉ số."
            " Chọn nghĩa của cột hoặc kiểm tra năm rà soát."
        )
    return ""


def _of_indicator(
    heading: Heading, parents: str, leaf: str, whole: str, options: Options, foreign: str
) -> Guess | None:
    under = _under_lacks(parents)
    said = under or bool(re.match(r"(?:chi so )?thieu(?: hut)?\b", leaf)) or "con thieu hut" in leaf
    if leaf.startswith("diem") or leaf in ("b1", "b2"):
        return None
    found = _NUMBERED.fullmatch(leaf)
    by_number = None
    if found and (under or leaf.startswith(("chi so", "cs "))):
        number = int(found["number"])
        by_number = next((one for one in options.indicators if one.number == number), None)
        rest = found["rest"] or ""
        named = _indicator_named(rest, options.indicators) if rest else None
        if rest and (named is None or (by_number and named != by_number)) and (named or by_number):
            one = named or by_number
            assert one is not None
            return _open(f"lack:{one.id}", why="Số và tên của chỉ số không khớp nhau. Chọn nghĩa của cột.")
        if by_number is None:
            return IGNORED
        if foreign:
            return _open(f"lack:{by_number.id}", why=foreign)
        if not under and not said:
            return _open(f"lack:{by_number.id}", f"have:{by_number.id}", why=DIRECTION)
        return Guess(f"lack:{by_number.id}")
    bare = re.sub(r"^(?:chi so )?(?:thieu hut|thieu)(?: ve| chi so| tiep can| su dung)?\s*", "", leaf)
    one = _indicator_named(leaf, options.indicators) or _indicator_named(bare, options.indicators)
    if one is None:
        return None
    if words.NOT_HAVING.match(leaf) or said:
        return Guess(f"lack:{one.id}")
    return _open(f"lack:{one.id}", f"have:{one.id}", why=DIRECTION)


def _indicator_named(key: str, indicators: Sequence[Indicator]) -> Indicator | None:
    if not key:
        return None
    found = []
    for one in indicators:
        names = {plain(one.name), plain(one.short_name), *words.HINTS.get(one.id, "").split(",")}
        names |= {name.removeprefix("su dung ") for name in names} | {
            name.removeprefix("ve ") for name in names
        }
        if key in names or key.removeprefix("ve ") in names:
            found.append(one)
    return found[0] if len(found) == 1 else None


def _open(*alternatives: str, why: str) -> Guess:
    return Guess("unknown", Sure.AMBIGUOUS, (*alternatives, "ignore"), why)


def _meant(guess: Guess) -> str:
    """The meaning, or the likeliest of those that a person must choose from."""
    return guess.alternatives[0] if guess.alternatives else guess.meaning


def _in_group(heading: Heading, parents: str, leaf: str, options: Options) -> Guess | None:
    """Headings that only their group makes clear: "Nam" under "Năm sinh", "Tổng số" under "Số khẩu"."""
    group = known_heading(heading.path[-2]) if len(heading.path) > 1 else None
    written = accented_key(heading.leaf)
    gender = {"nam": "male", "nữ": "female", "nu": "female"}.get(written)
    if gender:
        if group == "birth_year":
            return Guess(f"birth_year:{gender}")
        if group == "sex":
            return Guess(f"sex:{gender}")
        if group is None and len(heading.path) == 1 and gender == "female":
            return Guess("sex:female", Sure.LIKELY)
        return UNKNOWN
    if group == "class":
        rest, year = words.year_in(leaf)
        if (year and not rest) or leaf == "cuoi nam":
            return Guess("class")
        if leaf == "dau nam":
            return replace(IGNORED, why="Phân loại đầu năm, không phải kết quả rà soát cuối năm.")
    if group and leaf in ("tong so", "tong", "ts", "tong cong", "chung", "so luong"):
        return Guess(group)
    if group == "members":
        return UNKNOWN  # women, children, of a minority: parts of the number
    return None


def _of_class(meaning: str, cells: Sequence[str], options: Options) -> Guess:
    filled = [plain(cell) for cell in cells if cell not in words.NOTHING]
    in_words = sum(cell in words.CLASSES for cell in filled)
    ticks = sum(composed(cell).casefold() in words.TICKS for cell in cells if cell)
    if meaning == "class":
        if filled and ticks > len(filled) / 2:
            return _open("class", why="Cột phân loại chỉ có dấu, không ghi loại hộ nào.")
        return Guess("class")
    if in_words and in_words >= ticks:
        return Guess("class", Sure.LIKELY)
    kind = meaning.removeprefix("class:")
    if kind in options.classes:
        return Guess(meaning)
    others = tuple(f"class:{one}" for one in options.classes if one.startswith("poor"))
    if not others:
        return UNKNOWN
    return _open(*others, why="Chuẩn nghèo của năm này không có loại hộ này. Chọn loại đúng.")


_PHONE_NUMBER = re.compile(r"\+?[\d .\-]{8,16}")


def _of_question(
    heading: Heading, parents: str, leaf: str, whole: str, cells: Sequence[str], options: Options
) -> Guess | None:
    bare = re.sub(
        r"^(?:ho )?(?:co|khong co|chua co|ko co|khong|dang|su dung|dung|thieu|nghe duoc|nghe|duoc) ", "", leaf
    )
    for _ in range(3):
        bare = re.sub(r"^(?:co|su dung|dung|may dang|dang|nghe duoc|nghe) ", "", bare)
    forms = {leaf, bare}
    found = [
        one
        for one in options.questions
        if forms & {plain(one.words), *words.QUESTION_HINTS.get(one.id, "").split(",")}
    ]
    if len(found) != 1:
        return None
    if found[0].id == "phone" and accented_key(heading.leaf).startswith("dt"):
        return None  # "DT" is an ethnic group or an area; "ĐT" a telephone
    answer, absent = f"answer:{found[0].id}", f"no:{found[0].id}"
    filled = [composed(cell).casefold() for cell in cells if composed(cell)]
    if filled and sum(_PHONE_NUMBER.fullmatch(cell) is not None for cell in filled) > len(filled) / 2:
        return Guess("ignore", Sure.LIKELY, why="Cột ghi số điện thoại để liên lạc.")
    if words.NOT_HAVING.match(leaf):
        return Guess(absent)
    hint = plain(" ".join(re.findall(r"\(([^()]*)\)", heading.leaf)))
    if "x la thieu" in hint or "x neu thieu" in hint or "x neu khong co" in hint or "x khong co" in hint:
        return Guess(absent)
    if words.HAVING.match(leaf) and leaf != bare:
        return Guess(answer)
    if "co khong" in hint or "x neu co" in hint or "x la co" in hint or hint == "co":
        return Guess(answer)
    near = plain(heading.path[-2]) if len(heading.path) > 1 else ""
    if words.NOT_HAVING.match(near):
        return Guess(absent)
    if words.LACKING.search(parents):
        return _open(absent, answer, why=DIRECTION)
    if near and words.HAVING.match(near):
        return Guess(answer)
    if not filled:
        return replace(UNKNOWN, why="Cột trống và tiêu đề không nói dấu trong cột là có hay là thiếu.")
    in_words = [cell in words.YES_WORDS | words.NO_WORDS for cell in filled]
    marks = [
        cell in words.TICKS and cell not in words.NOTHING and not said
        for cell, said in zip(filled, in_words, strict=True)
    ]
    if sum(in_words) >= 0.6 * len(filled) and not any(marks):
        return Guess(answer)
    return _open(answer, absent, why=DIRECTION)


def _split_names(
    headings: Sequence[Heading], guesses: list[Guess], cells: Sequence[Sequence[str]]
) -> list[Guess]:
    """A name in two columns: under one merged heading, or beside a column with no heading of its own."""
    result = list(guesses)
    names = [n for n, guess in enumerate(guesses) if guess.meaning == "head_name"]
    for n in names:
        shared = headings[n].shared
        if len(shared) == 2 and shared[0] == headings[n].column:
            second = n + 1
            if guesses[second].meaning == "head_name":
                if any(cells[second]):
                    result[n], result[second] = Guess("family_name"), Guess("given_name")
                else:
                    result[second] = IGNORED
        elif n + 1 < len(headings) and not headings[n + 1].path and _single_words(cells[n + 1]):
            why = "Cột bên phải không có tiêu đề và giống cột tên. Chọn: họ tên đủ trong cột này, hay chỉ có họ và đệm."
            result[n] = _open("head_name", "family_name", why=why)
    if any(guess.meaning == "given_name" for guess in result):
        # "Họ và tên" beside "Tên" is the first part of a name when its cells stop short of it.
        whole = [n for n, guess in enumerate(result) if guess.meaning == "head_name"]
        given = [n for n, guess in enumerate(result) if guess.meaning == "given_name"]
        if len(whole) == 1 and not any(guess.meaning == "family_name" for guess in result):
            pairs = [
                (plain(a), plain(b))
                for a, b in zip(cells[whole[0]], cells[given[0]], strict=False)
                if a and b
            ]
            ends = sum(a.endswith(f" {b}") for a, b in pairs)
            if pairs and ends > len(pairs) / 2:
                result[given[0]] = replace(IGNORED, sure=Sure.LIKELY, why="Tên đã có trong cột họ và tên.")
            else:
                result[whole[0]] = _open(
                    "family_name",
                    "head_name",
                    why="Có thêm một cột “Tên”. Chọn cột này là họ và đệm, hay họ tên đủ.",
                )
    return result


def _single_words(cells: Sequence[str]) -> bool:
    filled = [composed(cell) for cell in cells if composed(cell)]
    if len(filled) < 2:
        return False
    good = sum(
        cell.isalpha() and cell[0].isupper() and plain(cell) not in ("nam", "nu", "x") for cell in filled
    )
    return good > 0.6 * len(filled)


def _unnamed(
    headings: Sequence[Heading], guesses: list[Guess], cells: Sequence[Sequence[str]]
) -> list[Guess]:
    """A column without heading is not read; beside a name that may be split it waits with it."""
    result = list(guesses)
    for n, heading in enumerate(headings):
        if heading.path or not any(cells[n]):
            continue
        beside = (
            n > 0 and result[n - 1].sure is Sure.AMBIGUOUS and "family_name" in result[n - 1].alternatives
        )
        if beside:
            # It has no words of its own to be remembered by: the choice for the name decides.
            result[n] = Guess(
                "beside_name", Sure.UNKNOWN, why="Cột không có tiêu đề, đi theo cột tên bên trái."
            )
        elif PLAIN_NAME.fullmatch(next(cell for cell in cells[n] if cell)) is None:
            result[n] = replace(UNKNOWN, why="Cột không có tiêu đề nên không được đọc.")
        else:
            result[n] = replace(UNKNOWN, why="Cột không có tiêu đề nên không được đọc.")
    return result


def _by_year(headings: Sequence[Heading], guesses: list[Guess], year: int) -> list[Guess]:
    """Classes of several years: the review's year is read. One of another year alone waits."""
    result = list(guesses)
    of_class = [n for n, guess in enumerate(guesses) if _meant(guess).startswith("class")]
    years = {n: words.year_in(plain(" ".join(headings[n].path)))[1] for n in of_class}
    right = [n for n in of_class if years[n] == year]
    for n in of_class:
        if years[n] in (None, year):
            if years[n] is None and right:
                result[n] = _open(
                    _meant(guesses[n]),
                    why=f"Có cột khác ghi rõ năm {year}. Chọn cột nào là phân loại của năm rà soát.",
                )
        elif right:
            result[n] = replace(IGNORED, why=f"Phân loại của năm {years[n]}, không phải năm rà soát {year}.")
        else:
            why = f"Cột ghi phân loại của năm {years[n]}, năm rà soát là {year}."
            result[n] = _open(_meant(guesses[n]), why=why)
    return result


def _unsaid_classes(guesses: list[Guess], cells: Sequence[Sequence[str]]) -> list[Guess]:
    """Where no heading speaks of classes, a column whose cells are classes is asked about."""
    if any(_meant(guess).startswith("class") for guess in guesses):
        return guesses
    result = list(guesses)
    for n, guess in enumerate(guesses):
        filled = [plain(cell) for cell in cells[n] if cell not in words.NOTHING]
        if (
            guess.sure is Sure.UNKNOWN
            and filled
            and sum(cell in words.CLASSES for cell in filled) > 0.6 * len(filled)
        ):
            result[n] = _open("class", why="Các ô ghi phân loại hộ nhưng tiêu đề không nói rõ.")
    return result


def _places(guesses: list[Guess]) -> list[Guess]:
    """An address is the hamlet only when no column of the hamlet stands beside it."""
    plain_hamlet = any(guess.meaning == "hamlet" and guess.sure is Sure.CERTAIN for guess in guesses)
    if not plain_hamlet:
        return guesses
    return [
        replace(IGNORED, why="Đã có cột thôn, tổ.")
        if guess.meaning == "hamlet" and guess.sure is Sure.LIKELY
        else guess
        for guess in guesses
    ]


def _once(guesses: list[Guess]) -> list[Guess]:
    """Two columns of one meaning wait, each with the other in view."""
    read = [guess.meaning for guess in guesses if guess.sure in (Sure.CERTAIN, Sure.LIKELY)]
    twice = {meaning for meaning, n in Counter(read).items() if n > 1 and meaning not in MANY_ALLOWED}
    return [
        _open(guess.meaning, why=TWICE)
        if guess.meaning in twice and guess.sure in (Sure.CERTAIN, Sure.LIKELY)
        else guess
        for guess in guesses
    ]
