"""Whether two written households may be one, weighed as Vietnamese names, years and hamlets get miswritten.

Each piece of evidence counts in bits: how many times likelier it is between two writings of one household than
between two neighbours, as a power of two. Sharing "Nguyễn" brings 1.4 bits, a rare given name 8. The sum starts below
zero, since nearly every pair of neighbours is two households.
"""

import re
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import zip_longest
from math import log2
from typing import Generic, NamedTuple, TypeVar

from rapidfuzz.distance import DamerauLevenshtein

from tiepcan.common.folding import accented_key, folded_key

CODE_REUSED = "Trùng mã, khác tên"
"""First reason of a pair that is no likeness but a conflict: one code stands at two households."""
IDENTITY_SCORE = 95
"""The least score of two households whose heads have one identity number."""
ASK = 50
"""The least score at which a person is asked; below it there is no likeness."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What is compared of one household, as it was written."""

    key: Hashable
    unit: str
    code: str
    head_name: str
    birth_year: int | None
    hamlet: str
    members: int | None
    identity_digest: bytes | None
    member_names: tuple[str, ...] = ()


@dataclass(frozen=True)
class Likeness:
    """How alike two households are, 0 to 100, and why, in sentences an officer reads."""

    score: int
    reasons: tuple[str, ...]

    @property
    def is_conflict(self) -> bool:
        """One code at two households: to be put right, not to be merged."""
        return self.reasons[:1] == (CODE_REUSED,)


def likeness(one: Facts, other: Facts) -> Likeness | None:
    """How alike the two are; None when no person need be asked. The order matters for the wording alone."""
    first, second = _Read(one), _Read(other)
    if set(first.blocks()).isdisjoint(second.blocks()):
        return None
    return _weigh(first, second)


def blocks(facts: Facts) -> tuple[str, ...]:
    """Keys of the groups a household belongs to: two can be alike only if they share one."""
    return _Read(facts).blocks()


def suspects(new: Iterable[Facts], known: Iterable[Facts]) -> Iterator[tuple[Facts, Facts, Likeness]]:
    """Pairs alike among the new, and of a known with a new one (new first); each once, rows of one key never.

    The new are held in memory, the known flow through: quickest in the order of their units.
    """
    by_unit: dict[str, list[Facts]] = defaultdict(list)
    for facts in new:
        by_unit[facts.unit].append(facts)
    anywhere: _Index[Facts] = _Index()
    for unit in by_unit.values():
        local: _Index[_Read] = _Index()
        for here in map(_Read, unit):
            keys = here.blocks()
            for there in _candidates(here, keys, local, anywhere):
                if found := _weigh(there, here):
                    yield there.facts, here.facts, found
            local.add(here, keys)
            anywhere.add(here.facts, here.blocks_anywhere())

    @lru_cache(maxsize=64)
    def index_of(unit: str) -> _Index[_Read]:
        index: _Index[_Read] = _Index()
        for read in map(_Read, by_unit.get(unit, ())):
            index.add(read, read.blocks())
        return index

    for here in map(_Read, known):
        for there in _candidates(here, here.blocks(), index_of(here.facts.unit), anywhere):
            if found := _weigh(there, here):
                yield there.facts, here.facts, found


# Names, word by word.

_SHARES_OF_FAMILIES = (
    (0.38, "nguyễn"),
    (0.11, "trần"),
    (0.095, "lê"),
    (0.07, "phạm"),
    (0.045, "phan"),
    (0.04, "hoàng"),
    (0.02, "huỳnh vũ võ trương đặng bùi"),
    (0.013, "đỗ hồ ngô"),
    (0.01, "dương đinh đào trịnh cao lương"),
)
_FAMILY_SHARES = {name: share for share, names in _SHARES_OF_FAMILIES for name in names.split()}
_RARE_FAMILY = 0.008
_FREQUENT_NAMES = (
    "hùng hương lan hoa hòa bình thanh minh hải dũng tuấn nam long sơn thủy hà nga hồng thành liên"
)
_USUAL_NAMES = (
    "an anh ba bé bích bảo bảy bắc bốn can chi chinh chiến chung châu chính công cúc cường cầm diễm diệp "
    "dung duy duyên dương giang hai hiếu hiền hiển hiệp hoan hoài hoàn hoàng huy huyền huân huệ hưng hường "
    "hạ hạnh hậu hằng hợi hợp hữu khanh khoa khánh kim kiên kỳ lai lam linh liễu loan luyến luận lành lâm "
    "lê lý lương lập lệ lộc lợi lực mai my mão mùa mùi mơ mạnh mận mỹ nghĩa nguyên nguyệt ngân ngọc nhung "
    "nhàn nhân nhã như nhất nhị ninh phong phú phúc phương phước phượng quang quyên quyết quyền quân quý "
    "quế quốc quỳnh sen sinh sáng sáu sâm sửu thao thi thoa thoan thu thuyết thuận thái thân thêm thìn "
    "thúy thơ thơm thư thương thạch thảo thắm thắng thế thịnh thọ tiến tiếp toàn toản trang trung trâm trí "
    "trường trọng tuyên tuyến tuyết tuất tài tám tâm tân tình tín tính tùng tú tý tư tứ tỵ uyên vinh viên "
    "việt vui vy vân văn vượng xuyến xuân yên yến ánh út ý điệp đoàn đào đông đại đạt định đức"
)
_SEXES = frozenset({"văn", "thị"})
"""Middle words that most people have and that tell a man from a woman."""
_BITS_OF_FREQUENT, _BITS_OF_USUAL, _BITS_OF_RARE = 5.5, 6.5, 8.0
_MOST_BITS_OF_A_NAME = 16.0
"""More would let a rare name alone outweigh years that belong to a father and his son."""

_CONSONANT = "bcdđghklmnpqrstvx"
_I_FOR_Y = re.compile(rf"^(qu|[{_CONSONANT}]{{0,3}})([yỳýỷỹỵ])$")
_Y_TO_I = str.maketrans("yỳýỷỹỵ", "iìíỉĩị")
_HOOKS_AS_TILDES = str.maketrans("ảẳẩẻểỉỏổởủửỷ", "ãẵẫẽễĩõỗỡũữỹ")
_ONSET = re.compile(rf"^(?:ngh|gh|gi(?=[^\W{_CONSONANT}])|tr|kh|[kqsrl])")
_ONSET_HEARD = {
    "ngh": "ng",
    "gh": "g",
    "gi": "d",
    "tr": "ch",
    "k": "c",
    "q": "c",
    "s": "x",
    "r": "d",
    "l": "n",
}
_NOT_NAME = re.compile(r"\([^)]*\)?|[.,;:/_\-\u2010-\u2015]")
_TITLES = frozenset({"ông", "bà"})


class _Word(NamedTuple):
    """One word of a name."""

    written: str
    """Lower case with accents, one tone placement, "lí" for "lý"."""
    folded: str
    sound: str
    """Folded, with the beginnings that people confuse made one: tr as ch, s as x, l as n, d, gi and r as d."""
    heard: str
    """The same with its accents."""
    may_be_short: bool


@lru_cache(maxsize=1 << 16)
def _word(text: str) -> _Word:
    written = accented_key(text)
    if found := _I_FOR_Y.match(written):
        written = found[1] + found[2].translate(_Y_TO_I)
    folded = folded_key(written)

    def heard(match: re.Match[str]) -> str:
        return _ONSET_HEARD.get(match[0], match[0])

    short = len(folded) == 1 or (len(folded) <= 3 and not any(c in "aeiouy" for c in folded))
    return _Word(written, folded, _ONSET.sub(heard, folded), _ONSET.sub(heard, written), short)


class _Gap(NamedTuple):
    """How one word differs from another: bits lost, and how it is told ("" for not worth telling)."""

    lost: float
    told: str


_SAME, _OTHER, _SHORT = _Gap(0, ""), _Gap(99, "other"), _Gap(0, "short")


@lru_cache(maxsize=1 << 17)
def _gap(a: _Word, b: _Word, plain: bool) -> _Gap:
    """How far apart two words are; `plain`: one of the names was written without any accent."""
    if a.written == b.written:
        return _SAME
    if a.folded == b.folded and plain:
        return _Gap(1.5, "plain")
    short, long = (a, b) if len(a.folded) < len(b.folded) else (b, a)
    if short.may_be_short and long.folded.startswith(short.folded):
        return _SHORT
    # Two names that both exist are more often two people than one mistyped: Lan and Loan, Hường and Hương.
    exist = 2.5 if _is_usual(a.written) and _is_usual(b.written) else 0.0
    if a.folded == b.folded:
        hooks = a.written.translate(_HOOKS_AS_TILDES) == b.written.translate(_HOOKS_AS_TILDES)
        return _Gap(3.0 if hooks else 4.0 + exist, "accents")
    if a.heard == b.heard:
        return _Gap(3.0 + exist, "word")
    if a.sound == b.sound:
        return _Gap(6.0, "word")
    if DamerauLevenshtein.distance(a.written, b.written, score_cutoff=1) <= 1:
        return _Gap(4.5 + exist, "word")
    if len(short.folded) > 2 and DamerauLevenshtein.distance(a.folded, b.folded, score_cutoff=1) <= 1:
        return _Gap(6.5 + exist, "word")
    return _OTHER


@lru_cache(maxsize=1 << 16)
def _bits_of_given(word: str) -> float:
    if word in _FREQUENT:
        return _BITS_OF_FREQUENT
    return _BITS_OF_USUAL if _is_usual(word) else _BITS_OF_RARE


def _is_usual(word: str) -> bool:
    return word in _USUAL


@lru_cache(maxsize=1 << 16)
def _bits_of_family(word: str) -> float:
    return -log2(_FAMILY_SHARES.get(word, _RARE_FAMILY))


def _bits_of_middle(word: str) -> float:
    return 1.0 if word in _SEXES else 4.0


_FREQUENT = frozenset(_word(name).written for name in _FREQUENT_NAMES.split())
_USUAL = _FREQUENT | {_word(name).written for name in _USUAL_NAMES.split()}


@dataclass(slots=True)
class _Names:
    """How near the names of two heads are, in bits, and what differs."""

    bits: float
    near: bool = True
    """No part that must agree is another name."""
    told: list[tuple[str, str, str]] = field(default_factory=list)


def _own_bits(words: Sequence[_Word]) -> float:
    """How much it says that another household has the very same name."""
    if not words:
        return 0.0
    bits = _bits_of_given(words[-1].written) + sum(_bits_of_middle(word.written) for word in words[1:-1])
    return bits + _bits_of_family(words[0].written) if len(words) > 1 else bits


def _compare_names(one: "_Read", other: "_Read") -> _Names:
    a, b = one.words, other.words
    if not a or not b:
        return _Names(0.0, near=False)
    if a == b:
        return _Names(min(_own_bits(a), _MOST_BITS_OF_A_NAME))
    plain = one.is_plain != other.is_plain
    if one.letters == other.letters and (again := _same_words(a, b, plain)):
        bits = min(_own_bits(a), _own_bits(b)) - (3.0 if plain else 1.5)
        return _Names(min(bits, _MOST_BITS_OF_A_NAME), told=[(again, "", "")])
    names = _Names(0.0)
    _add_given(names, one, other, plain)
    if not names.near:  # another given name is another person, whatever the rest
        return names
    _add_family(names, one, other, plain)
    _add_middle(names, one, other, plain)
    names.bits = min(names.bits, _MOST_BITS_OF_A_NAME)
    return names


def _same_words(a: Sequence[_Word], b: Sequence[_Word], plain: bool) -> str:
    """Whether the words are the same in another order, or run together: "Văn An Nguyễn", "Nguyễn VănAn"."""
    ours, theirs = ([word.folded if plain else word.written for word in words] for words in (a, b))
    if len(a) == len(b) and sorted(ours) == sorted(theirs) and ours != theirs:
        return "order"
    return "joined" if len(a) != len(b) and "".join(ours) == "".join(theirs) else ""


def _add_given(names: _Names, one: "_Read", other: "_Read", plain: bool) -> None:
    a, b = one.words[-1], other.words[-1]
    gap = _gap(a, b, plain)
    if gap is _OTHER:
        names.bits -= 9.0
        names.near = False
    elif gap is _SHORT:
        names.bits += 1.5
    else:
        names.bits += min(_bits_of_given(a.written), _bits_of_given(b.written)) - gap.lost
    if gap.told:
        names.told.append((gap.told, one.spelling[-1], other.spelling[-1]))


def _add_family(names: _Names, one: "_Read", other: "_Read", plain: bool) -> None:
    if len(one.words) == 1 or len(other.words) == 1:
        names.bits -= 1.0
        return
    a, b = one.words[0], other.words[0]
    gap = _gap(a, b, plain)
    if gap is _OTHER:
        names.bits -= 6.0
        names.near = False
    elif gap is _SHORT:
        names.bits += 1.0
    else:
        lost = 0.5 if gap.told == "plain" else min(gap.lost, 3.0)
        names.bits += min(_bits_of_family(a.written), _bits_of_family(b.written)) - lost
    if gap.told:
        names.told.append((gap.told, one.spelling[0], other.spelling[0]))


def _add_middle(names: _Names, one: "_Read", other: "_Read", plain: bool) -> None:
    """Middle words: the same ones count first, what is left is laid side by side."""
    ours = list(zip(one.words[1:-1], one.spelling[1:-1], strict=True))
    theirs = list(zip(other.words[1:-1], other.spelling[1:-1], strict=True))
    for mine in list(ours):
        for yours in theirs:
            if mine[0].written == yours[0].written:
                names.bits += _bits_of_middle(mine[0].written)
                ours.remove(mine)
                theirs.remove(yours)
                break
    for left, right in zip_longest(ours, theirs):
        if left is None or right is None:
            word, written = left or right
            names.bits -= 0.7 if word.written in _SEXES or word.may_be_short else 1.5
            names.told.append(("missing", written, ""))
            continue
        gap = _gap(left[0], right[0], plain)
        if gap is _OTHER:
            names.bits -= 7.0 if {left[0].written, right[0].written} == _SEXES else 3.0
        elif gap is _SHORT:
            names.bits += 0.5
        else:
            worth = min(_bits_of_middle(left[0].written), _bits_of_middle(right[0].written))
            names.bits += worth - min(gap.lost, 3.0)
        names.told.append(("middle" if gap is _OTHER else gap.told, left[1], right[1]))


# Years, hamlets, members.

_YEARS_OF_A_GENERATION = 15
_BITS_OF_YEAR, _BITS_OF_HAMLET, _BITS_OF_MEMBERS, _BITS_OF_PEOPLE = 5.0, 3.0, 1.2, 8.0
"""The most that each brings: what the heads' names must lack no more than."""


def _compare_years(a: int | None, b: int | None) -> tuple[float, str]:
    if a is None or b is None:
        return 0.0, ""
    if a == b:
        return _BITS_OF_YEAR, f"Cùng năm sinh {a}"
    both = f"{a}, {b}"
    if abs(a - b) == 1:
        return 1.0, f"Năm sinh lệch một năm: {both}"
    if a // 100 == b // 100 and (a % 10, a // 10 % 10) == (b // 10 % 10, b % 10):
        return -1.0, f"Năm sinh đảo chữ số: {both}"
    if abs(a - b) >= _YEARS_OF_A_GENERATION:
        return -12.0, f"Năm sinh cách nhau {abs(a - b)} năm: {both}"
    if a // 10 == b // 10:
        return -2.5, f"Năm sinh khác chữ số cuối: {both}"
    return -4.0, f"Khác năm sinh: {both}"


_HAMLET_KIND = re.compile(
    r"(?:(?:thon|to dan pho|to dp|tdp|to|xom|khu pho|khu|kp|ap|ban|lang|pho|doi|so|[txkb])(?=[\W\d]|$)[\W_]*)+"
)
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6, "vii": 7, "viii": 8, "ix": 9, "x": 10}


class _Hamlet(NamedTuple):
    number: int | None
    name: str


_NOWHERE = _Hamlet(None, "")


@lru_cache(maxsize=1 << 14)
def _hamlet(written: str) -> _Hamlet:
    """The number and the name of a hamlet, whatever kind of place it is called: Tổ 4, T4, Thôn 4 are (4, "")."""
    folded = folded_key(written[:200])
    rest = _HAMLET_KIND.sub("", folded, count=1) if _HAMLET_KIND.match(folded) else folded
    words = re.findall(r"\d+|[^\W\d_]+", rest or folded)
    numbers = [int(word) for word in words if word.isdecimal()]
    if not numbers and words and words[-1] in _ROMAN:
        numbers = [_ROMAN[words.pop()]]
    return _Hamlet(numbers[0] if numbers else None, " ".join(word for word in words if not word.isdecimal()))


@lru_cache(maxsize=1 << 16)
def _bits_of_hamlets(a: _Hamlet, b: _Hamlet) -> float:
    if a == b:
        return _BITS_OF_HAMLET
    if a.number is not None and b.number is not None:
        if a.number != b.number:
            return -2.0
        return 2.0 if not a.name or not b.name else -0.5
    if a.number is not None or b.number is not None:
        return 1.0 if a.name == b.name else -0.5  # a name may have become a number, and the reverse
    near = DamerauLevenshtein.distance(a.name, b.name, score_cutoff=1) <= 1
    return 1.5 if near or a.name in b.name or b.name in a.name else -1.0


def _compare_hamlets(one: "_Read", other: "_Read") -> tuple[float, str]:
    a, b = one.facts.hamlet.strip(), other.facts.hamlet.strip()
    places = _hamlet(a), _hamlet(b)
    if _NOWHERE in places:
        return 0.0, ""
    bits = _bits_of_hamlets(*places)
    if bits < 0:
        return bits, f"Khác thôn, tổ: {a}, {b}"
    return bits, f"Cùng {a}" if accented_key(a) == accented_key(b) else f"{a} và {b}"


def _compare_members(a: int | None, b: int | None) -> tuple[float, str]:
    if a is None or b is None:
        return 0.0, ""
    if a == b:
        return _BITS_OF_MEMBERS, f"Cùng {a} khẩu"
    return (0.2 if abs(a - b) == 1 else -0.8 if abs(a - b) < 4 else -1.5), f"Số khẩu {a} và {b}"


# Two households.

_BITS_TO_OVERCOME = 11.0
"""Of the pairs of one unit about one in two thousand is one household."""
_BITS_TO_OVERCOME_ELSEWHERE = 18.0
"""Between units far more strangers share a name and a year."""
_CROWD = 500
"""A block with more households than this is a defect of a sheet; they are compared with its first ones alone."""
_POINTS_A_BIT = 4


class _Read:
    """The facts of one household taken apart once, for many comparisons."""

    __slots__ = ("code", "content", "facts", "head", "is_plain", "letters", "people", "spelling", "words")

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.content = (
            *(facts.unit, facts.code, facts.head_name, facts.birth_year, facts.hamlet, facts.members),
            *(facts.identity_digest, facts.member_names),
        )
        self.spelling, self.words = _words_of(facts.head_name)
        self.is_plain = all(word.written == word.folded for word in self.words)
        self.letters = "".join(sorted("".join([word.folded for word in self.words])))
        self.code = _code(facts.code)
        self.head = " ".join([word.written for word in self.words])
        people = (self.head, *map(_whole_name, facts.member_names)) if facts.member_names else ()
        self.people = frozenset(filter(None, people))

    def blocks(self) -> tuple[str, ...]:
        """All keys: of the unit, and those that hold between units."""
        unit, year = self.facts.unit, self.facts.birth_year
        given, family = (self.words[-1].sound, self.words[0].sound) if self.words else ("", "")
        keys = [f"given:{unit}:{given}", f"letters:{unit}:{self.letters}"]
        if year is not None:  # finds a given name typed wrong
            keys.append(f"family:{unit}:{family}:{year}")
        if self.code:
            keys.append(f"code:{unit}:{self.code}")
        keys.extend(f"person:{unit}:{name}" for name in sorted(self.people))
        return (*keys, *self.blocks_anywhere())

    def blocks_anywhere(self) -> tuple[str, ...]:
        """Keys shared with a household of another unit: one identity number, or one that may have moved."""
        facts, keys = self.facts, []
        if facts.identity_digest is not None:
            keys.append(f"identity:{facts.identity_digest.hex()}")
        if facts.birth_year is not None and facts.members is not None and len(self.words) > 1:
            most = (
                _own_bits(self.words) + _BITS_OF_YEAR + _BITS_OF_MEMBERS + bool(self.people) * _BITS_OF_PEOPLE
            )
            if most >= _BITS_TO_OVERCOME_ELSEWHERE:  # a frequent name would fill blocks and prove nothing
                keys.append(f"moved:{self.head}:{facts.birth_year}:{facts.members}")
        return tuple(keys)


def _words_of(name: str) -> tuple[list[str], list[_Word]]:
    """The words of a name as written and as compared, without titles and remarks in brackets."""
    spelling = _NOT_NAME.sub(" ", name).split()
    words = [_word(word) for word in spelling]
    if not all(word.written for word in words):  # made of invisible characters
        spelling, words = (
            [s for s, w in zip(spelling, words, strict=True) if w.written],
            [w for w in words if w.written],
        )
    if len(words) > 2 and words[0].written in _TITLES and words[1].written in _FAMILY_SHARES:
        return spelling[1:], words[1:]
    return spelling, words


@lru_cache(maxsize=1 << 14)
def _whole_name(name: str) -> str:
    return " ".join(word.written for word in _words_of(name)[1])


def _code(written: str) -> str:
    """ "TK-05", "tk 5" and "TK5" are one code; "TK-1-2" and "TK-12" are two."""
    runs = re.findall(r"\d+|[^\W\d_]+", folded_key(written))
    return "-".join(run.lstrip("0") or "0" if run.isdecimal() else run for run in runs)


def _weigh(one: _Read, other: _Read) -> Likeness | None:
    """Add up the evidence of two households that share a block."""
    if one.content == other.content:
        return Likeness(100, ("Trùng mọi mục",))
    a, b = one.facts, other.facts
    same_unit = a.unit == b.unit
    known = a.identity_digest is not None and b.identity_digest is not None
    same_identity = known and a.identity_digest == b.identity_digest
    same_code = same_unit and bool(one.code) and one.code == other.code
    names = _compare_names(one, other)
    bits = names.bits - (_BITS_TO_OVERCOME if same_unit else _BITS_TO_OVERCOME_ELSEWHERE)
    in_common = bool(one.people and other.people)
    most = bits + _BITS_OF_YEAR + _BITS_OF_HAMLET + _BITS_OF_MEMBERS
    if most < 0 and not (same_identity or same_code or in_common):
        return None

    year, year_told = _compare_years(a.birth_year, b.birth_year)
    hamlet, hamlet_told = _compare_hamlets(one, other) if same_unit else (0.0, "Khác phường, xã")
    members, members_told = _compare_members(a.members, b.members)
    shared = _shared_people(one, other)
    new_head = shared > 1 and not names.near and (one.head in other.people or other.head in one.people)
    if new_head:  # names and years of two people say nothing about the household
        bits, year, year_told = bits - names.bits, 0.0, ""
    bits += year + hamlet + members
    if in_common:
        bits += _BITS_OF_PEOPLE / 2 * min(shared, 2) if shared else -2.0
    if known and not same_identity:
        bits -= 9.0
    if same_code:
        bits += 8.0
    score = min(99, ASK + int(_POINTS_A_BIT * bits)) if bits >= 0 else 0
    told = [_tell_names(names, a, b, new_head), year_told, hamlet_told, members_told]
    told.append(f"Trùng tên {shared} nhân khẩu" if shared else "")
    if same_code and not (names.near or same_identity or shared > 1):
        return Likeness(ASK, (CODE_REUSED, *filter(None, told)))
    if same_code:
        told.insert(0, "Trùng mã hộ")
        score = max(score, ASK)
    if known:
        told.insert(0, "Trùng số định danh" if same_identity else "Khác số định danh")
    if same_identity:
        score = max(score, IDENTITY_SCORE)
    return Likeness(score, tuple(filter(None, told))) if score >= ASK else None


def _shared_people(one: _Read, other: _Read) -> int:
    """People named in both households, beside heads of one name, who count already."""
    shared = one.people & other.people
    return len(shared) - (one.head == other.head and one.head in shared)


def _tell_names(names: _Names, a: Facts, b: Facts, new_head: bool) -> str:
    """What is alike or differs between two names, in one sentence."""
    kinds = {kind: [(x, y) for k, x, y in names.told if k == kind] for kind, _, _ in names.told}
    whole = f"{a.head_name}, {b.head_name}"
    if not names.near:
        return f"Khác chủ hộ: {whole}" if new_head else f"Khác tên: {whole}"
    if "order" in kinds:
        return f"Cùng họ tên, khác thứ tự chữ: {whole}"
    if "joined" in kinds:
        return f"Cùng họ tên, viết liền chữ: {whole}"
    if "short" in kinds:
        return f"Tên viết tắt: {whole}"
    sayings = {"accents": "Tên khác dấu", "word": "Tên khác một chữ", "middle": "Khác chữ đệm"}
    told = [f"{saying}: {x}, {y}" for kind, saying in sayings.items() for x, y in kinds.get(kind, ())]
    told.extend(f"Tên thiếu chữ {x}" for x, _ in kinds.get("missing", ()))
    if "plain" in kinds:
        told.append("Một bên viết tên không dấu")
    return "; ".join(told) or f"Cùng họ tên {a.head_name}"


T = TypeVar("T", "_Read", Facts)


class _Index(Generic[T]):
    """Households by their blocks."""

    def __init__(self) -> None:
        self._by_block: dict[str, list[T]] = {}

    def add(self, item: T, keys: Iterable[str]) -> None:
        for key in keys:
            block = self._by_block.setdefault(key, [])
            if len(block) < _CROWD:
                block.append(item)

    def sharing(self, keys: Iterable[str]) -> Iterator[T]:
        for key in keys:
            yield from self._by_block.get(key, ())


def _candidates(
    here: _Read, keys: tuple[str, ...], local: _Index[_Read], anywhere: _Index[Facts]
) -> Iterator[_Read]:
    """Households that share a block with this one, each once."""
    met = {id(here.facts)}
    key = here.facts.key
    for there in local.sharing(keys):
        if id(there.facts) not in met and there.facts.key != key:
            met.add(id(there.facts))
            yield there
    for facts in anywhere.sharing(keys):
        if facts.unit != here.facts.unit and id(facts) not in met and facts.key != key:
            met.add(id(facts))
            yield _Read(facts)
