"""Households as workbooks: the ward's own to fill in and send back, and what a list shows."""

import io
from collections.abc import Iterable, Sequence
from typing import Any

import xlsxwriter

from tiepcan.common import clock
from tiepcan.households.models import Household, PovertyClass, Review, Sex
from tiepcan.paperwork.workbooks import OPTIONS
from tiepcan.standards.models import Definition
from tiepcan.standards.queries import classes_of, definitions_of, standard_of
from tiepcan.units.models import Unit

CLASSES = {
    PovertyClass.POOR_INCOME: "N1",
    PovertyClass.POOR_DEPRIVATION: "N2",
    PovertyClass.POOR: "Hộ nghèo",
    PovertyClass.NEAR_POOR: "Hộ cận nghèo",
    PovertyClass.OUT: "Thoát nghèo",
}
"""Classes as offices write them in a column."""
ROOM = 200
"""Empty rows below the list with the same checks: for new households."""
_FACTS = (
    ("STT", 6),
    ("Số hồ sơ", 12),
    ("Họ và tên chủ hộ", 28),
    ("Năm sinh", 10),
    ("Giới tính", 10),
    ("Thôn, tổ dân phố", 22),
    ("Số nhân khẩu", 10),
    ("Phân loại hộ", 16),
)


def ward_workbook(unit: Unit, year: int) -> bytes:
    """The unit's list for the review of a year, with lists and checks in its cells; it comes back by the import.

    Households are those on the list now; class and lacks are those of the year, or empty while it is not reviewed.
    Identity numbers, ethnicity and disability stay out: a file travels.
    """
    standard = standard_of(year)
    definitions = list(definitions_of(standard))
    reviews = {r.household_id: r for r in Review.objects.filter(unit=unit, year=year, standing=True)}
    households = list(Household.objects.listed().filter(unit=unit).order_by("code"))
    written = io.BytesIO()
    with xlsxwriter.Workbook(written, OPTIONS) as book:
        book.set_properties({"title": f"Danh sách hộ {unit.full_name}", "company": "Tiếp Cận"})
        page = book.add_worksheet("Danh sách hộ")
        head = _head(book, page, definitions, above=(
            f"DANH SÁCH HỘ, {unit.full_name}, rà soát cuối năm {year}",
            "Sửa ngay trong bảng, thêm hộ mới ở dưới (để trống số hồ sơ cũng được), rồi gửi lại ở mục Nhập bảng tính. "
            "Không có trong bảng không có nghĩa là xóa.",
        ))  # fmt: skip
        for n, household in enumerate(households):
            _write(page, head + 1 + n, n + 1, household, reviews.get(household.pk), definitions)
        _check(page, head + 1, head + len(households) + ROOM, year, classes_of(standard), len(definitions))
        page.freeze_panes(head + 1, 3)
        page.autofilter(head, 0, head + len(households), len(_FACTS) + len(definitions) - 1)
    return written.getvalue()


def _head(book: Any, page: Any, definitions: Sequence[Definition], above: Sequence[str]) -> int:
    """Title lines and the head; returns the head's row, from 0."""
    page.write_string(0, 0, above[0], book.add_format({"bold": True, "font_size": 13}))
    page.write_string(1, 0, above[1], book.add_format({"italic": True}))
    look = book.add_format(
        {"bold": True, "text_wrap": True, "valign": "top", "border": 1, "bg_color": "#E4E9F2"}
    )
    for column, (heading, width) in enumerate(_FACTS):
        page.set_column(column, column, width)
        page.write_string(2, column, heading, look)
    for n, definition in enumerate(definitions, start=len(_FACTS)):
        page.set_column(n, n, 12)
        page.write_string(2, n, heading_of(definition), look)
    return 2


def heading_of(definition: Definition) -> str:
    """The heading of an indicator's column, as the import understands it."""
    return f"Thiếu hụt {definition.indicator.short_name.lower()}"


def _write(
    page: Any,
    row: int,
    ordinal: int,
    household: Household,
    review: Review | None,
    definitions: Sequence[Definition],
) -> None:
    page.write_number(row, 0, ordinal)
    page.write_string(row, 1, household.code)
    page.write_string(row, 2, household.head_name)
    if household.birth_year:
        page.write_number(row, 3, household.birth_year)
    page.write_string(row, 4, Sex(household.sex).label if household.sex else "")
    page.write_string(row, 5, household.hamlet)
    page.write_number(row, 6, household.members)
    if review is None:
        return
    page.write_string(row, 7, CLASSES[PovertyClass(review.poverty)])
    for column, definition in enumerate(definitions, start=len(_FACTS)):
        if definition.indicator_id in review.lacks:
            page.write_string(row, column, "x")


def _check(page: Any, first: int, last: int, year: int, allowed: Sequence[str], indicators: int) -> None:
    """Lists and checks in the cells, with the sentence that Excel shows for what does not fit."""

    def check(column: int, title: str, message: str, **rule: Any) -> None:
        page.data_validation(
            first, column, last, column,
            {"ignore_blank": True, "error_title": title, "error_message": message, **rule},
        )  # fmt: skip

    check(
        3, "Năm sinh", f"Năm sinh gồm bốn chữ số, từ 1900 đến {year + 1}.",
        validate="integer", criteria="between", minimum=1900, maximum=year + 1,
    )  # fmt: skip
    check(4, "Giới tính", "Chọn Nam hoặc Nữ.", validate="list", source=[label for _, label in Sex.choices])
    check(
        6, "Số nhân khẩu", "Số nhân khẩu là số nguyên từ 1 đến 60.",
        validate="integer", criteria="between", minimum=1, maximum=60,
    )  # fmt: skip
    check(
        7, "Phân loại hộ", "Chọn một loại trong danh sách.",
        validate="list", source=[CLASSES[PovertyClass(one)] for one in allowed],
    )  # fmt: skip
    for column in range(len(_FACTS), len(_FACTS) + indicators):
        check(
            column, "Thiếu hụt", "Ghi x nếu hộ thiếu hụt, để trống nếu không.", validate="list", source=["x"]
        )


def list_workbook(households: Iterable[Household], year: int) -> bytes:
    """What a list shows, as typed cells: each household with `last` (`listing.with_review`), and its unit."""
    definitions = list(definitions_of(standard_of(year)))
    written = io.BytesIO()
    with xlsxwriter.Workbook(written, {**OPTIONS, "constant_memory": True, "in_memory": False}) as book:
        page = book.add_worksheet("Danh sách hộ")
        head = _head(book, page, definitions, above=(
            f"Danh sách hộ theo rà soát cuối năm {year}",
            f"Xuất từ Tiếp Cận lúc {clock.now():%H:%M, %d/%m/%Y}. Có dữ liệu cá nhân: chỉ dùng trong công việc.",
        ))  # fmt: skip
        last = len(_FACTS) + len(definitions)
        page.set_column(last, last, 22)
        page.write_string(head, last, "Phường, xã")
        for n, household in enumerate(households, start=1):
            review = household.last[0] if household.last else None  # type: ignore[attr-defined]
            _write(page, head + n, n, household, review, definitions)
            page.write_string(head + n, last, household.unit.full_name)
    return written.getvalue()
