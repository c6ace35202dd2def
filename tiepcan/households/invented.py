"""An invented registry of any size: for trying things out and measuring them, never beside real households.

Everything follows from the seed, so that the same seed gives the same rows; only the ciphers of identity numbers
differ each time, as ciphers must. The names say that they are invented, and the numbers begin with 999, which no
province has. PostgreSQL makes the rows itself, in statements of many; audit and kept counts are on.
"""

import hashlib
import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from itertools import accumulate
from typing import Any

from django.conf import settings
from django.db import connection
from pghistory.models import Context

from tiepcan.accounts.console import Doer
from tiepcan.audit.acts import act
from tiepcan.common import clock
from tiepcan.common.folding import folded_key
from tiepcan.common.numbers import grouped
from tiepcan.common.refusals import NotAllowed
from tiepcan.households import identity
from tiepcan.households.models import Household, ReviewRound
from tiepcan.standards.queries import NoStandard, definitions_of, standard_of
from tiepcan.units.models import Unit
from tiepcan.units.register import Kind

PROVINCES, DISTRICTS, COMMUNES = 63, 700, 10_600
LARGEST_PROVINCE, CITY = 635, 35
"""Communes of the largest province, and wards of each province's city: as in the country of before 2025."""
AT_ONCE = 200_000
"""Households that one statement makes."""
MANY = 100_000
"""From so many on, indexes and keys to other tables are built and checked once, after the rows."""
CODE = "BD"
"""Codes begin with it: "bịa đặt", invented."""

_FAMILIES = {
    "Nguyễn": 310, "Trần": 110, "Lê": 95, "Phạm": 70, "Hoàng": 50, "Phan": 45, "Vũ": 39, "Đặng": 30, "Bùi": 28, "Đỗ": 26,
    "Hồ": 20, "Ngô": 18, "Dương": 16, "Lý": 14, "Mai": 12, "Trịnh": 11, "Đinh": 10, "Lương": 9, "Cao": 8, "Tạ": 7,
    "Hà": 6, "Quách": 5, "Giàng": 4, "Vàng": 4, "Lò": 4, "Hứa": 3, "Thạch": 3, "Sùng": 2, "Điêu": 1, "Ngân": 1,
}  # fmt: skip
_MIDDLES = ("Văn", "Thị", "Văn", "Thị", "Đình", "Thị Thử", "Hữu", "Thị Mẫu")
_FIRSTS = (
    "Ví", "Giả", "Thí", "Mô", "Thử", "Mẫu", "Phác", "Diễn", "Tập", "Tạm", "Nháp", "Bản", "Hình", "Phỏng", "Dựng", "Bày",
)  # fmt: skip
_LASTS = (
    "Dụ", "Tưởng", "Định", "Phỏng", "Nghiệm", "Nháp", "Trưng", "Mẫu", "Số", "Đặt", "Tên", "Thật", "Thảo", "Dượt", "Họa",
    "Hình", "Bày", "Vẽ", "Chép", "Viết", "Đọc", "Đếm", "Đo", "Tính", "Cộng", "Trừ", "Nhân", "Chia", "Bảng", "Dòng",
    "Cột", "Trang", "Tờ", "Quyển", "Chương", "Mục", "Khoản", "Điểm", "Ô", "Chấm", "Phẩy", "Gạch", "Ngoặc", "Nét", "Sổ",
)  # fmt: skip
_HAMLETS = ("Thử Đông", "Thử Tây", "Mẫu Thượng", "Mẫu Hạ", "Ví Dụ", "Giả Định", "Bãi Nháp", "Gò Phác")
_ODDS = {"poor_income": 380, "poor_deprivation": 170, "near_poor": 390, "out": 60}
_CHOICES = 1000
"""Places of a table that weighs its words by how often they stand in it."""


@dataclass(frozen=True)
class Made:
    """What came of it."""

    units: int
    households: int
    locked: int
    """Units that were left out because a round of these years is locked."""


def make(
    *,
    households: int,
    seed: int,
    by: Doer,
    whole_country: bool = False,
    within: Unit | None = None,
    passed: Callable[[str], None] = lambda said: None,
) -> Made:
    """Fill the registry with invented households, their reviews of the last two years, members and identity numbers.

    `passed` is told of each step. Raises NotAllowed where real households could be, and when this seed was used.
    """
    _refuse_beside_real_ones()
    years = (clock.today().year - 2, clock.today().year - 1)
    lacks = {year: _indicators(year) for year in years}
    with act("registry.invented", by=by, reason=f"{households} hộ, seed {seed}"):
        if whole_country:
            if within:
                raise NotAllowed("Chọn cả nước bịa, hoặc một đơn vị, không chọn cả hai.")
            _make_country()
            passed("đơn vị hành chính")
        places, locked = _places(within, years, whole_country)
        _stage(places, households, seed)
        with _indexed_afterwards(households >= MANY):
            for first in range(1, households + 1, AT_ONCE):
                last = min(households, first + AT_ONCE - 1)
                _write(first, last, seed, years, lacks)
                passed(f"{grouped(last)} hộ")
        if households >= MANY:
            passed("chỉ mục và ràng buộc")
        _forget_the_stage()
    return Made(len(places), households, locked)


def _refuse_beside_real_ones() -> None:
    """History knows every act: one that neither loads reference data nor invents was somebody's real work."""
    if settings.DEMONSTRATION_DAY:
        return
    # Reference data of whatever room: "units.loaded", "standards.loaded", …
    real = Context.objects.exclude(metadata__verb__endswith=".loaded")
    if real.exclude(metadata__verb="registry.invented").exists():
        raise NotAllowed(
            "Cơ sở dữ liệu này đã có việc làm thật. Hộ bịa chỉ được đưa vào cơ sở dữ liệu còn trống hoặc bản trình diễn: "
            "đặt TIEPCAN_DATA là một thư mục khác."
        )


def _indicators(year: int) -> list[str]:
    try:
        return list(definitions_of(standard_of(year)).values_list("indicator", flat=True))
    except NoStandard as problem:
        raise NotAllowed(str(problem)) from None


# ---- units


def country() -> list[Unit]:
    """An invented country as it was before 2025, from the top down; every name says that it is invented."""
    units: list[Unit] = []

    def below(parent: Unit | None, number: int, kind: Kind, name: str) -> Unit:
        code = f"{parent.code}.{number:02}" if parent else f"{number:02}"
        key = f"thu-{code.replace('.', '-')}"
        path = f"{parent.path if parent else '/'}{key}/"
        units.append(Unit(id=key, code=code, kind=kind, name=f"{name} {code}", parent=parent, path=path))
        return units[-1]

    large = DISTRICTS * LARGEST_PROVINCE // COMMUNES
    communes = [LARGEST_PROVINCE, *_split(COMMUNES - LARGEST_PROVINCE, PROVINCES - 1)]
    districts = [large, *_split(DISTRICTS - large, PROVINCES - 1)]
    for n, (wards, parts) in enumerate(zip(communes, districts, strict=True), start=1):
        province = below(None, n, Kind.PROVINCE, "Thử")
        for m, size in enumerate([CITY, *_split(wards - CITY, parts - 1)], start=1):
            # The register has no kind for districts: those of early 2019 that it knows are one city's.
            district = below(province, m, Kind.CITY, "Thử" if m == 1 else "Thử (huyện)")
            for ward in range(1, size + 1):
                below(district, ward, Kind.WARD if m == 1 else Kind.COMMUNE, "Thử")
    return units


def _split(total: int, parts: int) -> list[int]:
    return [total * (n + 1) // parts - total * n // parts for n in range(parts)]


def _make_country() -> None:
    units = country()
    if Unit.objects.filter(pk=units[0].pk).exists():
        return
    for depth in (1, 2, 3):
        # Keys of those above first.
        level = [unit for unit in units if unit.path.count("/") == depth + 1]
        Unit.objects.bulk_create(level, batch_size=2000)


def _places(within: Unit | None, years: Sequence[int], whole_country: bool) -> tuple[list[Unit], int]:
    """The wards and communes to fill, in the order of paths, and how many of them are left out as locked."""
    units = Unit.objects.valid_on(clock.today()).filter(
        children__isnull=True, kind__in=[Kind.WARD, Kind.COMMUNE]
    )
    if within:
        units = units.within(within)
    if whole_country:
        units = units.filter(path__startswith="/thu-")
    locked = set(
        ReviewRound.objects.filter(year__in=years, locked_at__isnull=False).values_list("unit", flat=True)
    )
    every = list(units.order_by("path"))
    open_ones = [unit for unit in every if unit.pk not in locked]
    if not open_ones:
        raise NotAllowed(
            "Không có phường, xã nào để đưa hộ bịa vào: không có đơn vị, hoặc các đợt rà soát đã khóa."
        )
    return open_ones, len(every) - len(open_ones)


# ---- households

_STAGE = """
CREATE TEMPORARY TABLE invented_place (
  first bigint PRIMARY KEY, last bigint NOT NULL, unit_id varchar NOT NULL, kind varchar NOT NULL, code integer NOT NULL
);
CREATE TEMPORARY TABLE invented_word (
  list varchar NOT NULL, place integer NOT NULL, word varchar NOT NULL, folded varchar NOT NULL, PRIMARY KEY (list, place)
) ;
CREATE TEMPORARY TABLE invented_number (n bigint PRIMARY KEY, cipher bytea NOT NULL, digest bytea NOT NULL);
CREATE TEMPORARY TABLE invented (
  n bigint, id uuid, unit_id varchar, kind varchar, code varchar, chance integer[], identity bytea, digest bytea
)
"""
# Sixteen numbers below 65,536 for each household; what they decide is written where they are used.
_MADE = """
TRUNCATE invented;
INSERT INTO invented
SELECT n, overlay(overlay(key PLACING '4' FROM 13) PLACING '8' FROM 17)::uuid, unit_id, kind, code,
  ARRAY(SELECT ('x' || substr(dice, at * 4 + 1, 4))::bit(16)::integer FROM generate_series(0, 7) AS at)
    || ARRAY(SELECT ('x' || substr(more, at * 4 + 1, 4))::bit(16)::integer FROM generate_series(0, 7) AS at),
  cipher, digest
FROM (
  SELECT n, p.unit_id, p.kind, %(code)s || '-' || lpad((p.code + n - p.first)::text, greatest(4, length((p.code + n - p.first)::text)), '0') AS code,
    md5(%(seed)s || ' key ' || n) AS key, md5(%(seed)s || ' dice ' || n) AS dice, md5(%(seed)s || ' more ' || n) AS more
  FROM invented_place p
  CROSS JOIN generate_series(greatest(p.first, %(first)s), least(p.last, %(last)s)) AS n
  WHERE p.first <= %(last)s AND p.last >= %(first)s
) AS thrown
LEFT JOIN invented_number USING (n)
"""
_HOUSEHOLDS = """
INSERT INTO households_household (id, unit_id, code, head_name, birth_year, sex, ethnicity, disability, identity,
  identity_digest, hamlet, members, left_on, left_why, search_key, sort_key, version)
SELECT id, unit_id, code, head_name, birth_year, sex, '', NULL, identity, digest, hamlet, members, left_on,
  CASE WHEN left_on IS NULL THEN '' ELSE 'away' END,
  folded || ' ' || folded_hamlet || ' ' || lower(code), last_word || ' ' || before, 1
FROM (
  SELECT i.id, i.unit_id, i.code, i.identity, i.digest,
    family.word || ' ' || middle.word || ' ' || first.word || ' ' || last.word AS head_name,
    family.folded || ' ' || middle.folded || ' ' || first.folded || ' ' || last.folded AS folded,
    last.folded AS last_word, family.folded || ' ' || middle.folded || ' ' || first.folded AS before,
    %(year)s - 20 - chance[5] %% 70 AS birth_year,
    CASE WHEN middle.folded LIKE 'thi%%' THEN 'female' ELSE 'male' END AS sex,
    CASE WHEN chance[6] %% 4 = 0 THEN named.word ELSE numbered.word || ' ' || (1 + chance[7] %% 12) END AS hamlet,
    CASE WHEN chance[6] %% 4 = 0 THEN named.folded ELSE numbered.folded || ' ' || (1 + chance[7] %% 12) END AS folded_hamlet,
    1 + (chance[8] %% 4) + (chance[9] %% 3) AS members,
    CASE WHEN chance[10] %% 50 = 0 THEN make_date(%(year)s + 1, 1, 1) + chance[11] %% %(days)s END AS left_on
  FROM invented i
  JOIN invented_word family ON family.list = 'family' AND family.place = chance[1] %% %(choices)s
  JOIN invented_word middle ON middle.list = 'middle' AND middle.place = chance[2] %% %(choices)s
  JOIN invented_word first ON first.list = 'first' AND first.place = chance[3] %% %(choices)s
  JOIN invented_word last ON last.list = 'last' AND last.place = chance[4] %% %(choices)s
  JOIN invented_word named ON named.list = 'hamlet ' || i.kind AND named.place = chance[7] %% %(choices)s
  JOIN invented_word numbered ON numbered.list = i.kind AND numbered.place = 0
) AS told
"""
# One in twenty came to the lists only at the last review; half of the others kept their class.
_REVIEWS = """
INSERT INTO households_review (household_id, unit_id, year, poverty, lacks, income_score, deprivation_score)
SELECT id, unit_id, %(year)s, poverty,
  CASE WHEN poverty = 'out' THEN '{{}}' ELSE ARRAY(
    SELECT one FROM unnest(%(lacks)s::varchar[]) WITH ORDINALITY AS the (one, at)
    -- The first lacks are the commonest; the near poor lack less; a household keeps most of what it lacked.
    WHERE (chance[12] * 31 + chance[13] * at * 17 + (%(shift)s * chance[14] %% 3)) %% 100
      < CASE WHEN poverty = 'near_poor' THEN 6 ELSE 42 - 2 * at END
    ORDER BY one COLLATE "C"
  ) END,
  CASE WHEN poverty <> 'out' THEN 80 + chance[15] %% 70 END, CASE WHEN poverty <> 'out' THEN chance[16] %% 60 END
FROM (
  SELECT i.id, i.unit_id, i.chance, word.word AS poverty FROM invented i
  JOIN invented_word word ON word.list = %(classes)s
    AND word.place = (CASE WHEN chance[14] %% 2 = 0 THEN chance[12] ELSE chance[12 + %(shift)s] END) %% %(choices)s
  WHERE %(shift)s = 1 OR chance[13] %% 20 <> 0
) AS classed
"""
_MEMBERS = """
INSERT INTO households_member (household_id, ordinal, name, relation, birth_year, sex, ethnicity)
SELECT i.id, ordinal, family.word || ' ' || first.word || ' ' || last.word, relation,
  %(year)s - 1 - (chance[5 + ordinal] %% 80), CASE WHEN chance[ordinal] %% 2 = 0 THEN 'male' ELSE 'female' END, ''
FROM invented i
CROSS JOIN LATERAL unnest(ARRAY['vợ, chồng', 'con', 'con']) WITH ORDINALITY AS people (relation, ordinal)
JOIN households_household h ON h.id = i.id AND ordinal < h.members
JOIN invented_word family ON family.list = 'family' AND family.place = chance[1 + ordinal] %% %(choices)s
JOIN invented_word first ON first.list = 'first' AND first.place = chance[2 + ordinal] %% %(choices)s
JOIN invented_word last ON last.list = 'last' AND last.place = chance[3 + ordinal] %% %(choices)s
WHERE chance[16] %% 16 = 0
"""


def _stage(places: Sequence[Unit], households: int, seed: int) -> None:
    """Where each household goes, the words to choose from, and the identity numbers: one head in ten has one."""
    chance = random.Random(seed)
    weights = list(accumulate(0.3 + 2 * chance.random() ** 3 for _ in places))
    ends = [round(households * weight / weights[-1]) for weight in weights]
    with connection.cursor() as cursor:
        cursor.execute(_STAGE)
        cursor.execute(
            "SELECT unit_id, max(substring(code FROM %s)::integer) FROM households_household WHERE code ~ %s GROUP BY 1",
            [f"^{CODE}-([0-9]{{1,9}})$", f"^{CODE}-[0-9]{{1,9}}$"],
        )
        used = dict(cursor.fetchall())
        with cursor.copy("COPY invented_place (first, last, unit_id, kind, code) FROM STDIN") as copy:
            for first, last, unit in zip([0, *ends], ends, places, strict=False):
                if first < last:
                    copy.write_row((first + 1, last, unit.pk, unit.kind, used.get(unit.pk, 0) + 1))
        with cursor.copy("COPY invented_word (list, place, word, folded) FROM STDIN") as copy:
            for name, words in _lists(chance).items():
                for place, word in enumerate(words):
                    copy.write_row((name, place, word, folded_key(word)))
        with cursor.copy("COPY invented_number (n, cipher, digest) FROM STDIN") as copy:
            # Spread by the seed, so that two seeds do not share all of their numbers.
            start = int(hashlib.sha256(str(seed).encode()).hexdigest()[:7], 16)
            for n in range(1 + seed % 10, households + 1, 10):
                sealed = identity.sealed(f"999{(start + n) % 10**9:09}")
                copy.write_row((n, sealed.cipher, sealed.digest))
        cursor.execute("ANALYZE invented_place; ANALYZE invented_word; ANALYZE invented_number")
        key = hashlib.md5(f"{seed} key 1".encode(), usedforsecurity=False).hexdigest()
        if Household.objects.filter(pk=f"{key[:12]}4{key[13:16]}8{key[17:]}").exists():
            raise NotAllowed(f"Sổ đã có các hộ bịa của seed {seed}. Chọn seed khác.")


def _lists(chance: random.Random) -> dict[str, list[str]]:
    """Tables of words to choose from, each word as often as it is common."""

    def weighed(words: Sequence[str], weights: Sequence[float]) -> list[str]:
        table = [
            word for word, weight in zip(words, weights, strict=True) for _ in range(max(1, round(weight)))
        ]
        chance.shuffle(table)
        return (table * (_CHOICES // len(table) + 1))[:_CHOICES]

    def falling(words: Sequence[str]) -> list[str]:
        """The first is the commonest; the last is one in a thousand or so."""
        total = sum(1 / (n + 1) for n in range(len(words)))
        return weighed(words, [_CHOICES / total / (n + 1) ** 1.2 for n in range(len(words))])

    one_class = {"poor": _ODDS["poor_income"] + _ODDS["poor_deprivation"]}
    return {
        "family": weighed(list(_FAMILIES), list(_FAMILIES.values())),
        "middle": weighed(_MIDDLES, [_CHOICES / len(_MIDDLES)] * len(_MIDDLES)),
        "first": falling(_FIRSTS),
        "last": falling(_LASTS),
        Kind.WARD: ["Tổ dân phố"],
        Kind.COMMUNE: ["Thôn"],
        f"hamlet {Kind.WARD}": falling([f"Khu {name}" for name in _HAMLETS]),
        f"hamlet {Kind.COMMUNE}": falling([f"Thôn {name}" for name in _HAMLETS]),
        "classes told apart": weighed(list(_ODDS), list(_ODDS.values())),
        "classes": weighed(
            ["poor", "near_poor", "out"], [one_class["poor"], _ODDS["near_poor"], _ODDS["out"]]
        ),
    }


def _write(first: int, last: int, seed: int, years: Sequence[int], lacks: dict[int, list[str]]) -> None:
    """The households from one number to another with all that hangs on them."""
    today = clock.today()
    asked: dict[str, Any] = {
        "seed": str(seed),
        "first": first,
        "last": last,
        "code": CODE,
        "year": years[-1],
        "choices": _CHOICES,
        "days": max(1, (today - today.replace(month=1, day=1)) // timedelta(days=1)),
    }
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '128MB'; SET LOCAL jit = off")
        cursor.execute(_MADE, asked)
        cursor.execute("ANALYZE invented")
        cursor.execute(_HOUSEHOLDS, asked)
        for shift, year in enumerate(years):
            classes = "classes" if standard_of(year).one_class else "classes told apart"
            cursor.execute(
                _REVIEWS.replace("{{}}", "{}"),
                asked | {"year": year, "lacks": lacks[year], "shift": shift, "classes": classes},
            )
        cursor.execute(_MEMBERS, asked)


_FILLED = ("household", "review", "member", "householdevent", "reviewevent", "memberevent")
_INDEXES = """
SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index
WHERE indrelid::regclass::text = ANY(%s) AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)
ORDER BY 1
"""
_CONSTRAINTS = """
SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid) FROM pg_constraint
WHERE conrelid::regclass::text = ANY(%s) AND contype IN ('f', 'u') ORDER BY contype DESC, 1, 2
"""


@contextmanager
def _indexed_afterwards(many: bool) -> Iterator[None]:
    """Take the indexes and constraints of the tables off and put the same back, within the act's transaction."""
    if not many:
        yield
        return
    tables = [f"households_{name}" for name in _FILLED]
    with connection.cursor() as cursor:
        # What was written so far is checked now: a table that waits for a check cannot be altered.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(_INDEXES, [tables])
        indexes = cursor.fetchall()
        cursor.execute(_CONSTRAINTS, [tables])
        constraints = cursor.fetchall()
        for name, _ in indexes:
            cursor.execute(f"DROP INDEX {name}")
        # Those that point to a key go before the key.
        for table, name, _ in reversed(constraints):
            cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    yield
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL maintenance_work_mem = '256MB'")
        for _, definition in indexes:
            cursor.execute(definition)
        for table, name, definition in constraints:
            cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")


def _forget_the_stage() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE invented, invented_place, invented_word, invented_number")
