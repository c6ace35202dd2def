"""The demonstration: plan 146 on 12 June 2019, with invented people, households and progress."""

from dataclasses import dataclass

PASSWORD = "trinh-dien-2019"


@dataclass(frozen=True)
class Account:
    """One account of the demonstration: an invented person."""

    username: str
    full_name: str
    position: str
    role: str
    organisation: str
    """Kind of the organisation, and for a ward its unit's name after a colon."""
    shown_as: str


ACCOUNTS = (
    Account("dieuphoi", "Trần Thị Minh Chứng", "Chuyên viên", "coordinator", "culture", "Phòng Văn hóa Thông tin: điều phối kế hoạch"),
    Account("thieukhanh", "Lê Văn Thí Dụ", "Công chức Văn hóa – Xã hội", "officer", "local:Thiệu Khánh", "UBND xã Thiệu Khánh: cán bộ xã"),
    Account("hamrong", "Phạm Văn Giả Định", "Công chức Văn hóa – Xã hội", "officer", "local:Hàm Rồng", "UBND phường Hàm Rồng: cán bộ phường"),
    Account("xacminh", "Hoàng Thị Kiểm Mẫu", "Chuyên viên", "verifier", "labour", "Phòng LĐTBXH: xác minh kết quả"),
    Account("daittth", "Đỗ Văn Thử Âm", "Biên tập viên", "partner", "station", "Đài Truyền thanh – Truyền hình: đơn vị phối hợp"),
    Account("vanphong", "Vũ Thị Bản Thảo", "Chuyên viên", "partner", "office", "Văn phòng HĐND và UBND: đơn vị phối hợp"),
    Account("vanthu", "Hà Thị Vào Sổ", "Văn thư", "clerk", "office", "Văn phòng HĐND và UBND: văn thư"),
    Account("vienthong", "Ngô Văn Thử Mạng", "Phụ trách địa bàn", "operator", "company", "Doanh nghiệp viễn thông A: gửi danh sách thuê bao"),
    Account("lanhdao", "Nguyễn Thị Hình Mẫu", "Phó Chủ tịch", "leader", "committee", "UBND thành phố: lãnh đạo"),
    Account("sotttt", "Bùi Văn Mô Phỏng", "Chuyên viên", "supervisor", "department", "Sở Thông tin và Truyền thông: cấp trên"),
    Account("quantri", "Đặng Thị Kỹ Thuật", "Quản trị tài khoản", "administrator", "committee", "Quản trị tài khoản"),
)  # fmt: skip
