"""Invented registries in which it is known which rows are one household, with the mistakes that people make.

Its frequencies of names are its own, so that the comparison is not measured with its own tables.
"""

import random
import unicodedata
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field, replace

from tiepcan.common.folding import folded_key
from tiepcan.households.likeness import Facts

Pair = frozenset[Hashable]


@dataclass
class Truth:
    """Rows of many units, and the pairs among them that are one household, each with its kinds of noise."""

    facts: list[Facts] = field(default_factory=list)
    pairs: dict[Pair, tuple[str, ...]] = field(default_factory=dict)
    strangers: dict[Pair, str] = field(default_factory=dict)
    """Pairs that look alike and are two households: father and son, namesakes, a code used twice."""


def _each(share: float, names: str) -> dict[str, float]:
    return dict.fromkeys(names.split(), share)


_FAMILIES: dict[str, float] = {
    "Nguyễn": 38.4, "Trần": 11, "Lê": 9.5, "Phạm": 7, "Hoàng": 4.4, "Phan": 4.5, "Vũ": 2.6, "Đặng": 2.1, "Bùi": 2,
    **_each(1.4, "Huỳnh Võ Đỗ Hồ Ngô Trương"),
    **_each(0.7, "Dương Lý Đinh Đào Trịnh Cao Mai Hà Lương Đoàn Tạ Lưu Lâm Phùng"),
    **_each(0.25, "Vương Tô Quách Tống Chu Thái Tăng Kiều Nghiêm Lò Giàng Thào Sùng Lường Viên La Thiều"),
}  # fmt: skip
_MEN = {
    "Hùng": 5, "Dũng": 4, "Tuấn": 3, "Sơn": 3, "Minh": 3, "Hải": 3, "Thành": 3, "Bình": 3, "Nam": 2.5, "Thanh": 2.5,
    "Long": 2, "Cường": 3, "Hòa": 2, "Đức": 2, "Quang": 2, "Thắng": 2.5, "Tiến": 2, "Trung": 2, "Tân": 1.5, "Vinh": 1.5,
    **_each(1.1, "Hà An Hưng Khánh Kiên Lâm Lợi Lực Mạnh Phong Phú Phúc Phương Quân Quý Tâm Thịnh Toàn Trường Tùng Việt"),
    **_each(0.6, "Ba Bảy Chiến Chung Công Định Giang Hạnh Hiền Hiếu Hồng Huy Lan Lộc Năm Nghĩa Ngọc Nhân Sáu Thái Thân Thọ Tư Ước Xuân Yên"),
    **_each(0.25, "Bốn Cảnh Cẩn Chuyên Dần Dậu Điền Hạt Khiêm Kỷ Luân Lưỡng Mỹ Nhượng Oanh Phiệt Quyện Riệu Soạn Sỹ Tạo Thăng Thụ Trưng Tứ Tỵ Uy Xứng"),
}  # fmt: skip
_WOMEN = {
    "Hương": 4, "Lan": 4, "Hoa": 4, "Hà": 2.5, "Nga": 2.5, "Thủy": 2.5, "Hồng": 2.5, "Liên": 2, "Bình": 1.5, "Thanh": 2,
    "Hường": 1.5, "Hằng": 2, "Hạnh": 2, "Hiền": 2, "Mai": 2, "Loan": 2, "Dung": 1.5, "Thu": 2, "Tuyết": 1.5, "Yến": 1.2,
    **_each(1.0, "Anh Bích Cúc Huệ Hoà Huyền Lý Minh Nguyệt Nhung Oanh Phương Quyên Tâm Thảo Thơm Tình Trang Vân Xuân"),
    **_each(0.5, "Ánh Bảy Chính Dần Gái Hai Hợi Khuyên Lài Luyến Mận Mơ Mùi Năm Ngọ Nhàn Sáu Thìn Thoa Tư Út Xuyến Lĩnh Nụ"),
    **_each(0.25, "Chắt Diệp Đượm Hĩm Khướu Lượt Mịn Nhớn Nuôi Phấn Rụt Soan Thiêm Trâm Ưng Vẻ Xoan"),
}  # fmt: skip
_MIDDLE_OF_MEN = {"Văn": 52, "": 4, "Đình": 6, "Hữu": 6, "Đức": 5, "Xuân": 5, "Ngọc": 4, "Quang": 3, "Bá": 3, "Trọng": 3, "Viết": 2, "Văn Đức": 1, "Duy": 2, "Công": 2, "Thế": 2}  # fmt: skip
_MIDDLE_OF_WOMEN = {"Thị": 80, "Thị Thu": 3, "Thị Thanh": 3, "Thị Ngọc": 3, "Thị Kim": 2, "Ngọc": 3, "": 1, "Thanh": 2, "Kim": 2}  # fmt: skip
_HAMLETS = (
    *("Đông", "Tây", "Nam", "Trung", "Phú Cường", "Tân Lập", "Yên Hòa", "Quyết Thắng"),
    *("Đồng Tâm", "Vĩnh Lộc", "Cầu Đá", "Bến Trại", "Xuân Lai"),
)
_KINDS = ("Thôn", "Tổ", "Tổ dân phố", "Xóm", "Khu")
_SHORT_KINDS = {"Thôn": "T", "Tổ": "T", "Tổ dân phố": "TDP ", "Xóm": "X", "Khu": "K"}


def truth(seed: int, households: int, share_of_duplicates: float = 0.1) -> Truth:
    """About this many households in units of 40 to 400, so many of them written twice."""
    rng = random.Random(seed)
    found = Truth()
    made, unit = 0, 0
    places: list[tuple[str, list[str]]] = []
    while made < households:
        unit += 1
        here = _unit(rng, f"X{unit:05}", min(rng.randint(40, 400), households - made), found)
        made += len(here[2])
        places.append(here[:2])
        for facts in here[2]:
            found.facts.append(facts)
            if rng.random() < share_of_duplicates:
                copy, noise = _written_again(rng, facts, here[1], places)
                found.facts.append(copy)
                found.pairs[frozenset((facts.key, copy.key))] = noise
    rng.shuffle(found.facts)
    return found


def _pick(rng: random.Random, shares: Mapping[str, float]) -> str:
    return rng.choices(list(shares), list(shares.values()))[0]


def _name(rng: random.Random, man: bool, family: str = "") -> str:
    middle = _pick(rng, _MIDDLE_OF_MEN if man else _MIDDLE_OF_WOMEN)
    return " ".join(
        f"{family or _pick(rng, _FAMILIES)} {middle} {_pick(rng, _MEN if man else _WOMEN)}".split()
    )


def _unit(rng: random.Random, unit: str, size: int, found: Truth) -> tuple[str, list[str], list[Facts]]:
    kind, many = rng.choice(_KINDS), rng.randint(5, 14)
    hamlets = [f"{kind} {n + 1}" for n in range(many)]
    if rng.random() < 0.3:
        hamlets = [f"{kind} {name}" for name in rng.sample(_HAMLETS, min(many, len(_HAMLETS)))]
    households: list[Facts] = []
    for n in range(size):
        fresh = _household(rng, unit, n, hamlets)
        households.append(
            _or_a_stranger_like(rng, fresh, rng.choice(households), hamlets, found) if households else fresh
        )
    return unit, hamlets, households


def _household(rng: random.Random, unit: str, n: int, hamlets: list[str]) -> Facts:
    man = rng.random() < 0.68
    name, members = _name(rng, man), min(9, max(1, round(rng.gauss(3.4, 1.6))))
    family = name.split()[0] if man else _pick(rng, _FAMILIES)
    others = [_name(rng, not man, "" if man else family)] + [
        _name(rng, rng.random() < 0.5, family) for _ in range(members)
    ]
    return Facts(
        key=f"{unit}/{n}",
        unit=unit,
        code=f"TK-{n + 1:03}",
        head_name=name,
        birth_year=min(1996, max(1925, round(rng.gauss(1960, 14)))) if rng.random() < 0.96 else None,
        hamlet=rng.choice(hamlets),
        members=members,
        identity_digest=rng.randbytes(16) if rng.random() < 0.2 else None,
        member_names=tuple(others[: members - 1]) if rng.random() < 0.15 else (),
    )


def _or_a_stranger_like(
    rng: random.Random, fresh: Facts, near: Facts, hamlets: list[str], found: Truth
) -> Facts:
    """Now and then another household that looks like one already there."""
    chance, year = rng.random(), near.birth_year
    if chance < 0.003:
        found.strangers[frozenset((fresh.key, near.key))] = "mã dùng lại"
        return replace(fresh, code=near.code)
    if year is None or chance > 0.013:
        return fresh
    if chance < 0.007:
        kind, changes = (
            "cha con",
            {"birth_year": min(1999, year + rng.randint(18, 38)), "hamlet": near.hamlet},
        )
    elif chance < 0.010:
        kind, changes = (
            "láng giềng",
            {"birth_year": year + rng.choice((-1, 1)) * rng.randint(2, 14), "hamlet": near.hamlet},
        )
    else:
        elsewhere = rng.choice([hamlet for hamlet in hamlets if hamlet != near.hamlet])
        kind, changes = "trùng tên, năm", {"birth_year": year, "hamlet": elsewhere}
    found.strangers[frozenset((fresh.key, near.key))] = kind
    return replace(fresh, head_name=near.head_name, **changes)  # type: ignore[arg-type]


# Noise: each gives the household miswritten, or the same object when it cannot be miswritten so.

_Noise = Callable[[random.Random, Facts], Facts]


def _rename(facts: Facts, name: str) -> Facts:
    return replace(facts, head_name=name) if name != facts.head_name else facts


def _word_changed(rng: random.Random, facts: Facts, change: Callable[[str], str]) -> Facts:
    """One word changed, the given name three times in five."""
    words = facts.head_name.split()
    place = len(words) - 1 if rng.random() < 0.6 else rng.randrange(len(words))
    words[place] = change(words[place])
    return _rename(facts, " ".join(words))


def _other_tone(rng: random.Random, word: str) -> str:
    letters = unicodedata.normalize("NFD", word)
    tones = [c for c in letters if c in "\u0300\u0301\u0309\u0303\u0323"]
    if tones:
        new = {"\u0309": "\u0303", "\u0303": "\u0309"}.get(tones[0], "")
        new = new if rng.random() < 0.7 else rng.choice(("", "\u0300", "\u0301"))
        return unicodedata.normalize("NFC", letters.replace(tones[0], new))
    return word


def _confused(rng: random.Random, word: str) -> str:
    pairs = [
        ("Tr", "Ch"),
        ("S", "X"),
        ("L", "N"),
        ("D", "Gi"),
        ("D", "R"),
        ("Gi", "R"),
        ("Qu", "Cu"),
        ("K", "C"),
    ]
    rng.shuffle(pairs)
    for a, b in pairs:
        for old, new in ((a, b), (b, a)):
            rest = word[len(old) :]
            if (
                word.startswith(old)
                and rest[:1] not in "hgrH"
                and not (old in ("N", "C") and rest[:1] in "hg")
            ):
                return new + rest
    return word


def _letter_wrong(rng: random.Random, word: str) -> str:
    if len(word) < 3:
        return word
    at = rng.randrange(1, len(word))
    how = rng.random()
    if how < 0.35:
        return word[:at] + word[at + 1 :]
    if how < 0.6:
        return word[:at] + rng.choice("aeinohtgcu") + word[at:]
    if how < 0.8 and at + 1 < len(word):
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    return word[:at] + rng.choice("aeiuonhtgc") + word[at + 1 :]


def _i_y(rng: random.Random, facts: Facts) -> Facts:
    swap = str.maketrans("yỳýỷỹỵ", "iìíỉĩị")
    words = [
        w[:-1] + w[-1].translate(swap) if w[0] in "LMKQTSH" and len(w) < 4 else w
        for w in facts.head_name.split()
    ]
    return _rename(facts, " ".join(words))


def _tone_placed(rng: random.Random, facts: Facts) -> Facts:
    name = facts.head_name
    for old, new in (("òa", "oà"), ("óa", "oá"), ("ủy", "uỷ"), ("úy", "uý"), ("oà", "òa")):
        if old in name:
            return _rename(facts, name.replace(old, new))
    return facts


def _middle_lost(rng: random.Random, facts: Facts) -> Facts:
    words = facts.head_name.split()
    if len(words) < 3:
        return facts
    del words[rng.randrange(1, len(words) - 1)]
    return _rename(facts, " ".join(words))


def _middle_added(rng: random.Random, facts: Facts) -> Facts:
    words = facts.head_name.split()
    return _rename(
        facts, " ".join((*words[:-1], rng.choice(("Ngọc", "Thanh", "Xuân", "Đức", "Kim")), words[-1]))
    )


def _shortened(rng: random.Random, facts: Facts) -> Facts:
    *first, given = facts.head_name.split()
    if not first:
        return facts
    family = "Ng." if first[0] == "Nguyễn" and rng.random() < 0.5 else f"{first[0][0]}."
    if rng.random() < 0.3:
        family = first[0]
    return _rename(
        facts, f"{family} {' '.join(word[0] + '.' for word in first[1:])} {given}".replace("  ", " ")
    )


def _turned_round(rng: random.Random, facts: Facts) -> Facts:
    *first, given = facts.head_name.split()
    return _rename(facts, " ".join((given, *first)))


def _year(change: Callable[[random.Random, int], int | None]) -> _Noise:
    def changed(rng: random.Random, facts: Facts) -> Facts:
        return facts if facts.birth_year is None else replace(facts, birth_year=change(rng, facts.birth_year))

    return changed


def _hamlet_short(rng: random.Random, facts: Facts) -> Facts:
    kind, _, rest = facts.hamlet.rpartition(" ")
    return (
        replace(facts, hamlet=f"{_SHORT_KINDS[kind]}{rest}")
        if kind in _SHORT_KINDS and rest.isdigit()
        else facts
    )


def _hamlet_kind(rng: random.Random, facts: Facts) -> Facts:
    kind = next((kind for kind in _KINDS if facts.hamlet.startswith(kind)), "")
    return replace(facts, hamlet=facts.hamlet.replace(kind, rng.choice(_KINDS)))


NOISE: dict[str, tuple[float, _Noise]] = {
    "đặt dấu": (3, _tone_placed),
    "không dấu": (4, lambda rng, f: _rename(f, folded_key(f.head_name).title())),
    "chữ hoa": (4, lambda rng, f: _rename(f, f.head_name.upper())),
    "i, y": (3, _i_y),
    "sai dấu": (6, lambda rng, f: _word_changed(rng, f, lambda word: _other_tone(rng, word))),
    "lẫn phụ âm": (6, lambda rng, f: _word_changed(rng, f, lambda word: _confused(rng, word))),
    "sai một chữ cái": (6, lambda rng, f: _word_changed(rng, f, lambda word: _letter_wrong(rng, word))),
    "thiếu đệm": (5, _middle_lost),
    "thêm đệm": (2, _middle_added),
    "viết tắt": (4, _shortened),
    "đảo họ tên": (1, _turned_round),
    "năm lệch một": (6, _year(lambda rng, y: y + rng.choice((-1, 1)))),
    "năm đảo số": (2, _year(lambda rng, y: y // 100 * 100 + y % 10 * 10 + y // 10 % 10)),
    "năm sai số cuối": (2, _year(lambda rng, y: y // 10 * 10 + rng.randrange(10))),
    "thiếu năm": (4, _year(lambda rng, y: None)),
    "tắt tên thôn": (6, _hamlet_short),
    "đổi loại thôn": (5, _hamlet_kind),
    "đổi tên thôn": (3, lambda rng, f: replace(f, hamlet=f"{rng.choice(_KINDS)} {rng.choice(_HAMLETS)}")),
    "thiếu thôn": (3, lambda rng, f: replace(f, hamlet="")),
    "số khẩu": (
        8,
        lambda rng, f: replace(f, members=max(1, (f.members or 1) + rng.choice((-2, -1, -1, 1, 1, 2)))),
    ),
    "thẻ mới": (1, lambda rng, f: replace(f, identity_digest=f.identity_digest and rng.randbytes(16))),
}
"""Kinds of noise with how often each happens."""


def _written_again(
    rng: random.Random, facts: Facts, hamlets: list[str], places: list[tuple[str, list[str]]]
) -> tuple[Facts, tuple[str, ...]]:
    """The same household from another sheet: its own key, often another code, and none to two kinds of noise."""
    copy = replace(facts, key=f"{facts.key}b", member_names=facts.member_names if rng.random() < 0.6 else ())
    if rng.random() < 0.6:
        copy = replace(copy, code=rng.choice(("", f"B{rng.randrange(10_000)}")))
    if copy.identity_digest and rng.random() < 0.4:
        copy = replace(copy, identity_digest=None)
    if len(places) > 1 and rng.random() < 0.03:
        unit, there = rng.choice(places[:-1])
        return replace(copy, unit=unit, hamlet=rng.choice(there), code=""), ("chuyển xã",)
    kinds: list[str] = []
    shares = {name: share for name, (share, _) in NOISE.items()}
    many = rng.choices((0, 1, 2), (20, 50, 30))[0]
    for _ in range(100):
        if len(kinds) == many:
            break
        kind = _pick(rng, shares)
        noisy = NOISE[kind][1](rng, copy)
        if kind not in kinds and noisy != copy:
            copy = noisy
            kinds.append(kind)
    return copy, tuple(kinds)
