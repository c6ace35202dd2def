"""Lists of households of known truth, written as real files and read back: how many, what was wrong, how long.

python benchmarks/household_sheets.py 300      workbooks, kinds of file in turn
python benchmarks/household_sheets.py --rows 50000      microseconds a row, in memory
"""

import argparse
import sys
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from tests.sheets import writers
from tests.sheets.checking import Faults, compare
from tests.sheets.truth import Made, MadeSheet, make
from tiepcan.households.sheets.lines import line
from tiepcan.households.sheets.reading import read
from tiepcan.intake.sheets import open_book

GOAL = 12.0
"""Microseconds a row of 15 columns."""


_HEAD = (
    "STT,Mã hộ,Họ và tên chủ hộ,Năm sinh,Giới tính,Dân tộc,Thôn,Số khẩu,B1,B2,Phân loại,Thiếu hụt viễn thông,"
    "Thiếu hụt tài sản thông tin,Có điện thoại,Ghi chú"
)


def campaign(first: int, books: int) -> None:
    """Read that many workbooks back and print all faults and the totals."""
    total, files, shapes = Faults(), Counter[str](), Counter[str]()
    for seed in range(first, first + books):
        made = make(seed, bad_cells=6 if seed % 2 else 0)
        kinds = [kind for kind in writers.KINDS if writers.can_hold(kind[0], made)]
        kind, write = kinds[seed % len(kinds)]
        faults = compare(made, read(open_book(*write(made)), made.options))
        total.add(faults)
        files[kind] += 1
        shapes.update(made.shapes)
        for fault in faults.all[:5]:
            print(f"{seed} {kind}: {fault}")
    print(f"{books} workbooks: {dict(files)}")
    print(f"{len(shapes)} shapes, the rarest in {min(shapes.values())} workbooks")
    print(f"{total.rows} households, {total.cells} values, {total.bad_cells} bad cells")
    print(
        f"wrong and accepted {len(total.accepted_wrong)}, right and lost {len(total.lost)}, "
        f"bad and not named {len(total.unnamed)}, good and called bad {len(total.extra)}"
    )


def speed(rows: int) -> None:
    """Print microseconds a row of 15 columns: read, and read and written as lines for COPY."""
    names = ("Nguyễn Văn Bình", "Trần Thị Hoa", "Lê Đức Cường", "Phạm Ngọc Lan")
    head = _HEAD.split(",")
    body = [
        f"{n},TK-{n:06},{names[n % 4]},{1930 + n % 60},Nam,Kinh,Thôn {n % 9 + 1},{n % 7 + 1},{80 + n % 70},30,N1,x,,có,".split(
            ","
        )
        for n in range(1, rows + 1)
    ]
    options = make(1).options
    if "poor_income" not in options.classes:
        options = next(
            made.options for seed in range(50) if "poor_income" in (made := make(seed)).options.classes
        )
    for what, use in (("read", None), ("read and written", line)):
        made = Made([MadeSheet("Danh sách", [head, *body])], options)
        start = time.perf_counter()
        for event in read(made, options):
            if use:
                use(event)
        print(f"{what:18}{(time.perf_counter() - start) / rows * 1e6:7.1f} µs a row   goal {GOAL}")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("books", type=int, nargs="?", default=300)
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    parser.add_argument("--rows", type=int, default=0, help="measure the speed over that many rows instead")
    given = parser.parse_args()
    if given.rows:
        speed(given.rows)
    else:
        campaign(given.first, given.books)


if __name__ == "__main__":
    main()
