"""Decree 30/2020/NĐ-CP, Appendix I, as data: the page, and how each element of a paper is set.

Where the decree leaves a range, one value of it is chosen here. Lengths are millimetres, sizes and gaps points.
Both writers take every length from here: a paper looks the same as .docx and as .pdf.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from tiepcan.paperwork.writing.records import Rules, Urgency

FONT = "Times New Roman"
STAND_INS = ("Tinos", "Liberation Serif", "Libertinus Serif")
"""For a .pdf made where Times New Roman is not at hand. The first two have letters of the same widths; the typesetter
brings the last itself, with every Vietnamese letter."""
SINGLE_LINE = 1.15
"""Height of a single line of Times New Roman, of its size."""
BELOW_LINE = 0.216
"""How far its letters reach below the line they stand on, of its size."""
LANGUAGE = "vi-VN"

PAGE_WIDTH, PAGE_HEIGHT = 210.0, 297.0
TOP, BOTTOM, LEFT, RIGHT = 20.0, 20.0, 30.0, 15.0
TO_PAGE_NUMBER = 10.0
"""From the edge of the paper: the number stands in the top margin."""
TEXT_WIDTH = PAGE_WIDTH - LEFT - RIGHT

HEAD_WIDTHS = (66.0, 99.0)
"""Cells 2 and 1. The national title is 95.7 mm long at 13 points: a narrower cell breaks it."""
SIGNATURE_WIDTHS = (80.0, 85.0)
ADDRESSEES_AT = 62.0
"""Where each of several addressees begins: under the colon of "Kính gửi:"."""

NATIONAL_TITLE = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
MOTTO = "Độc lập - Tự do - Hạnh phúc"
GRID_PADDING = 1.0
BLACK = "000000"
RULE_WEIGHT, GRID_WEIGHT = 0.75, 0.5
"""Points."""
MARK_SIZE = 18.0
"""A mark's QR with the white edge that a reader needs: the code itself is then about 15 mm."""
URGENCY_FRAMES: Mapping[Urgency, tuple[float, float]] = {
    "KHẨN": (20.0, 8.0),
    "THƯỢNG KHẨN": (40.0, 8.0),
    "HỎA TỐC": (30.0, 8.0),
}
"""Width and height: Appendix I, part I, section III.2."""
SHORT_RULE = 0.4
"""Of the line above it: the decree asks for 1/3 to 1/2."""


@dataclass(frozen=True)
class Style:
    """How one element is set. The name is what Word shows in its list of styles."""

    key: str
    name: str
    size: float
    bold: bool = False
    italic: bool = False
    align: Literal["left", "right", "center", "both"] = "center"
    first_line: float = 0
    left: float = 0
    before: float = 0
    after: float = 0
    lines: float = 1
    exact: float | None = None
    """Height of the line in points, whatever stands in it."""
    keep_next: bool = False
    """Never the last thing on a page."""
    outline: int | None = None
    colour: str = BLACK


NATIONAL = Style("QuocHieu", "Quốc hiệu", 13, bold=True)
MOTTO_STYLE = Style("TieuNgu", "Tiêu ngữ", 14, bold=True)
PARENT = Style("CoQuanChuQuan", "Cơ quan chủ quản", 13)
ISSUER = Style("CoQuanBanHanh", "Cơ quan ban hành", 13, bold=True)
NUMBER = Style("SoKyHieu", "Số và ký hiệu", 13, before=6)
PLACE_AND_DAY = Style("DiaDanhNgay", "Địa danh và ngày", 13, italic=True, before=6)
LETTER_TITLE = Style("TrichYeuCongVan", "Trích yếu công văn", 12, before=6)
KIND = Style("TenLoai", "Tên loại", 14, bold=True, before=16, keep_next=True)
TITLE = Style("TrichYeu", "Trích yếu", 14, bold=True, keep_next=True)
RULE = Style("DuongKe", "Đường kẻ", 1, before=2, exact=3)
ADDRESSED = Style("KinhGui", "Kính gửi", 14, before=12, after=6)
ADDRESSED_TO_MANY = Style("KinhGuiNhieuNoi", "Kính gửi nhiều nơi", 14, align="left", left=42, before=12)
ADDRESSEE = Style("NoiDuocKinhGui", "Nơi được kính gửi", 14, align="left", left=ADDRESSEES_AT)
TEXT = Style("NoiDung", "Nội dung", 14, align="both", first_line=12.7, after=6, lines=1.15)
BASIS = replace(TEXT, key="CanCu", name="Căn cứ", italic=True)
SECTION = replace(TEXT, key="Heading1", name="heading 1", bold=True, before=6, keep_next=True, outline=0)
HEADING = replace(TEXT, key="Heading2", name="heading 2", bold=True, keep_next=True, outline=1)
POINT = replace(TEXT, key="Diem", name="Điểm")
POSITION = Style("QuyenHanChucVu", "Quyền hạn và chức vụ", 14, bold=True)
SIGNER = Style("HoTenNguoiKy", "Họ tên người ký", 14, bold=True, before=76)
# Two points more above, so that 12-point letters stand on the line of the 14-point authority beside them.
RECIPIENTS = Style("TuNoiNhan", "Từ Nơi nhận", 12, bold=True, italic=True, align="left", before=2)
RECIPIENT = Style("NoiNhan", "Nơi nhận", 11, align="left")
ANNEX = Style("TuPhuLuc", "Từ Phụ lục", 14, bold=True, keep_next=True, outline=0)
ANNEX_TITLE = Style("TenPhuLuc", "Tên phụ lục", 14, bold=True, keep_next=True)
ATTACHED = Style("KemTheo", "Kèm theo", 14, italic=True, keep_next=True)
CAPTION = Style("TenBang", "Tên bảng", 14, bold=True, before=6, after=6, keep_next=True)
# The decree sets no size inside tables: 12 lets eleven columns stand on an upright page.
GRID_HEAD = Style("DauBang", "Đầu bảng", 12, bold=True)
GRID_CELL = Style("OBang", "Ô bảng", 12, align="left", before=1.5, after=1.5)
GRID_TOTAL = Style("DongTong", "Dòng tổng", 12, bold=True, align="left", before=1.5, after=1.5)
BETWEEN = Style("KhoangCach", "Khoảng cách", 1, exact=1)
AFTER_GRID = Style("SauBang", "Sau bảng", 1, exact=8)
PAGE_NUMBER = Style("SoTrang", "Số trang", 13)
FOOT_NOTE = Style("DiaChi", "Địa chỉ cơ quan", 11)
URGENCY = Style("DoKhan", "Độ khẩn", 13, bold=True, colour="FF0000")
MARK = Style("MaBang", "Mã bảng", 11, align="left")
# As Circular 01/2011/TT-BNV had them.
BASIS_OF_2011 = replace(BASIS, key="CanCu2011", name="Căn cứ theo Thông tư 01/2011", italic=False)
PAGE_NUMBER_OF_2011 = replace(
    PAGE_NUMBER, key="SoTrang2011", name="Số trang theo Thông tư 01/2011", align="right"
)

# Every style above: one that a list forgot would silently fall back to Normal.
STYLES = tuple(value for value in dict(globals()).values() if isinstance(value, Style))


@dataclass(frozen=True)
class Format:
    """In what the rules differ."""

    basis: Style
    page_number: Style
    numbered_at: Literal["top", "bottom"]


FORMATS: Mapping[Rules, Format] = {
    "decree-30": Format(BASIS, PAGE_NUMBER, "top"),
    "circular-01": Format(BASIS_OF_2011, PAGE_NUMBER_OF_2011, "bottom"),
}
DECREE_30_SINCE = date(2020, 3, 5)


def rules_on(day: date) -> Rules:
    """Whose format a paper of that day has: the decree came into force the day it was signed (Article 37)."""
    return "decree-30" if day >= DECREE_30_SINCE else "circular-01"
