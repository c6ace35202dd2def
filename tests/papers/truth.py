"""One invented plan, whose every fact is known, for a part of the city's real units."""

from dataclasses import dataclass, field, replace

ROWS = [
    ("Phường Hàm Rồng", 31, 5, None),
    ("Phường Nam Ngạn", 22, 3, 1),
    ("Phường Đông Thọ", 48, 9, 1),
    ("Phường Ngọc Trạo", 7, 1, None),
    ("Phường Đông Cương", 19, 4, 1),
    ("Phường Đông Hải", 26, 6, None),
    ("Xã Đông Lĩnh", 41, 8, 1),
    ("Xã Hoằng Đại", 15, 2, None),
    ("Xã Thiệu Khánh", 53, 12, 2),
    ("Xã Quảng Phú", 37, 7, 1),
]
HEADS = (
    "STT",
    "Phường, xã",
    "Số hộ nghèo đến cuối năm 2019 (hộ)",
    "Số hộ nghèo thiếu hụt sử dụng dịch vụ viễn thông",
    "Số hộ nghèo thiếu hụt về tài sản tiếp cận thông tin",
)


@dataclass(frozen=True)
class Truth:
    """What a paper says; `rows` and `printed` can be damaged to plant a defect."""

    rows: list[tuple[str, int, int | None, int | None]] = field(default_factory=lambda: list(ROWS))
    orders: list[int] | None = None
    printed: tuple[int, int, int] | None = None
    body: tuple[int, int] = (57, 7)
    broken: bool = False
    duties: tuple[str, ...] = ()
    """What else the wards are asked, a paragraph each, before their reports."""

    @property
    def totals(self) -> tuple[int, int, int]:
        return self.printed or (
            sum(row[1] for row in self.rows),
            sum(row[2] or 0 for row in self.rows),
            sum(row[3] or 0 for row in self.rows),
        )

    def but(self, **changes: object) -> "Truth":
        return replace(self, **changes)  # type: ignore[arg-type]

    @property
    def table(self) -> list[list[str]]:
        orders = self.orders or list(range(1, len(self.rows) + 1))
        lines = [
            [str(order), *("" if cell is None else str(cell) for cell in row)]
            for order, row in zip(orders, self.rows, strict=True)
        ]
        return [*lines, ["Toàn thành phố", "", *map(str, self.totals)]]

    @property
    def paragraphs(self) -> list[str]:
        telecom, asset = self.body
        return [
            "ỦY BAN NHÂN DÂN",
            "THÀNH PHỐ THANH HÓA",
            "Số: 87/KH-UBND",
            "Thanh Hóa, ngày 03 tháng 3 năm 2019",
            "KẾ HOẠCH",
            "Đưa dịch vụ thông tin đến hộ nghèo năm 2019",
            "Căn cứ Quyết định số 412/QĐ-UBND ngày 28/01/2019 của UBND tỉnh Thanh Hóa về việc giao chỉ tiêu giảm nghèo thông tin;",
            "I. Mục tiêu",
            f"Trong năm có {telecom} hộ nghèo được dùng dịch vụ viễn thông; {asset} hộ nghèo được nhận phương tiện nghe, xem thông tin.",
            "II. Tổ chức thực hiện",
            "1. Phòng Văn hóa và Thông tin",
            "Chủ trì tập huấn cho cán bộ thông tin cơ sở và theo dõi tiến độ của các đơn vị."
            if not self.broken
            else "Chủ trì tập huấn cho cán bộ thông tin cơ sở, theo dõi tiến độ của các đơn vị và phát huy",
            "2. UBND các phường, xã",
            *self.duties,
            "Gửi báo cáo sáu tháng trước ngày 20/6/2019; báo cáo năm chậm nhất ngày 30/11/2019.",
            "Nơi nhận:",
            "- Sở Thông tin và Truyền thông;",
            "- UBND các phường, xã;",
            "- Lưu: VT, VHTT.",
            "TM. ỦY BAN NHÂN DÂN",
            "CHỦ TỊCH",
            "Nguyễn Văn Giả Tưởng",
            "PHỤ LỤC",
        ]


WITH_LOCAL_PLANS = Truth(
    duties=(
        "Xây dựng kế hoạch thực hiện của đơn vị trước ngày 01/4/2019.",
        "Tuyên truyền chính sách trên hệ thống loa truyền thanh của phường, xã.",
    )
)
"""A plan that asks each ward for a plan of its own."""
