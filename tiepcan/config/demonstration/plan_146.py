"""The demonstration's plan paper: facts and figures of plan 146 of 2019, in sentences of our own."""

from datetime import date

from tiepcan.paperwork.writing.docx import write_docx
from tiepcan.paperwork.writing.records import Annex, Grid, HeadCell, Heading, Paper, Section, Signature, Text

FILE_NAME = "ke-hoach-146-KH-UBND-2019.docx"
ISSUED_ON = date(2019, 2, 18)

# STT, name as printed, poor households at the end of 2018, telecom target, asset target (None: left empty).
ROWS: tuple[tuple[str, int, int, int | None], ...] = (
    ("Phường Hàm Rồng", 24, 4, None),
    ("Phường Nam Ngạn", 29, 6, 1),
    ("Phường Trường Thi", 17, 4, None),
    ("Phường Đông Thọ", 50, 10, 1),
    ("Phường Phú Sơn", 30, 9, 1),
    ("Phường Lam Sơn", 10, 3, None),
    ("Phường Đông Sơn", 12, 4, None),
    ("Phường Tân Sơn", 14, 5, 1),
    ("Phường Ngọc Trao", 4, 1, None),
    ("Phường Đông Vệ", 11, 3, None),
    ("Phường Đông Cường", 25, 5, 1),
    ("Phường Đông Hương", 43, 8, 1),
    ("Phường Đông Hải", 37, 6, 1),
    ("Phường Quảng Hưng", 51, 10, 1),
    ("Phường Quảng Thành", 35, 9, 1),
    ("Phường Quảng Thắng", 14, 5, None),
    ("Phường An Hoạch", 18, 6, 1),
    ("Phường Tào Xuyên", 24, 6, 1),
    ("Xã Đông Lĩnh", 43, 9, 1),
    ("Xã Đông Hưng", 9, 3, None),
    ("Xã Đông Tân", 13, 5, 1),
    ("Xã Đông Vinh", 23, 3, None),
    ("Xã Hoằng Anh", 15, 5, 1),
    ("Xã Hoằng Lý", 16, 3, None),
    ("Xã Hoằng Long", 15, 4, None),
    ("Xã Hoằng Quang", 33, 4, None),
    ("Xã Hoằng Đại", 20, 5, None),
    ("Xã Thiệu Dương", 27, 8, 1),
    ("Xã Thiệu Khánh", 59, 11, 1),
    ("Xã Thiệu Vân", 32, 7, 1),
    ("Xã Quảng Thịnh", 14, 3, None),
    ("Xã Quảng Đông", 34, 6, 1),
    ("Xã Quảng Cát", 41, 8, 1),
    ("Xã Quảng Tâm", 38, 6, 1),
    ("Xã Quảng Phú", 40, 6, 1),
)

OFFICIAL = {"Phường Ngọc Trao": "Phường Ngọc Trạo", "Phường Đông Cường": "Phường Đông Cương"}
"""What the paper misspells, as the signed one does: the reader asks, a person confirms."""


def paper() -> bytes:
    """The signed paper as a .docx; its signatory is invented."""
    return write_docx(
        Paper(
            parent_body="UBND tỉnh Thanh Hóa",
            issuing_body="Ủy ban nhân dân\nthành phố Thanh Hóa",
            symbol="KH-UBND",
            number="146",
            issued_on=ISSUED_ON,
            place="Thanh Hóa",
            kind="Kế hoạch",
            title="Thực hiện chỉ tiêu tiếp cận các dịch vụ xã hội cơ bản về thông tin năm 2019",
            bases=(
                "Căn cứ Quyết định số 353/QĐ-UBND ngày 23/01/2019 của UBND tỉnh Thanh Hóa về việc giao chỉ tiêu tiếp "
                "cận các dịch vụ xã hội cơ bản năm 2019",
                "Căn cứ Kế hoạch số 113/KH-STTTT ngày 28/01/2019 của Sở Thông tin và Truyền thông về việc thực hiện "
                "chỉ tiêu tiếp cận dịch vụ xã hội cơ bản về thông tin năm 2019",
            ),
            body=_body(),
            signature=Signature(
                ("TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH"), "PHÓ CHỦ TỊCH", "Nguyễn Thị Hình Mẫu"
            ),
            recipients=(
                "Sở Thông tin và Truyền thông (b/c)",
                "Chủ tịch, các PCT UBND thành phố",
                "Phòng LĐTBXH; VP HĐND và UBND",
                "Đài Truyền thanh – Truyền hình thành phố",
                "Các doanh nghiệp viễn thông, truyền hình",
                "UBND các phường, xã",
            ),
            drafting="VHTT",
            annexes=(
                Annex(
                    "Chỉ tiêu tiếp cận thông tin năm 2019 của các phường, xã",
                    attached_to=None,
                    blocks=(_table(),),
                ),
            ),
        )
    )


def _body() -> tuple[Section | Heading | Text, ...]:
    return (
        Section("I. Mục đích, yêu cầu"),
        Text("Đưa dịch vụ viễn thông và phương tiện nghe, xem đến hộ nghèo còn thiếu, để mọi hộ nghe được, xem được chính sách giảm nghèo và tự vươn lên."),
        Text("Các phòng, đơn vị và phường, xã phối hợp chặt chẽ; kết quả ghi theo từng hộ, có minh chứng."),
        Section("II. Nội dung"),
        Text("Hỗ trợ hộ nghèo dùng dịch vụ viễn thông; hỗ trợ phương tiện nghe, xem; tập huấn cán bộ thông tin cơ sở; tăng tin, bài về giảm nghèo trên đài, loa truyền thanh và trang thông tin điện tử."),
        Section("III. Mục tiêu"),
        Text("Năm 2019: 200 hộ nghèo thiếu hụt sử dụng dịch vụ viễn thông được tiếp cận thông tin; 21 hộ nghèo thiếu hụt về tài sản tiếp cận thông tin được tiếp cận thông tin."),
        Section("IV. Tổ chức thực hiện"),
        Heading("1. Phòng Văn hóa Thông tin"),
        Text("Chủ trì, đôn đốc các đơn vị thực hiện kế hoạch theo chức năng, nhiệm vụ được giao."),
        Text("Mở lớp bồi dưỡng kỹ năng biên tập, khai thác thông tin cho cán bộ thông tin cơ sở."),
        Text("Tổng hợp, tham mưu báo cáo kết quả thực hiện chỉ tiêu về Sở Thông tin và Truyền thông theo định kỳ."),
        Heading("2. Phòng Lao động, Thương binh và Xã hội"),
        Text("Phối hợp kiểm tra, đánh giá các chỉ số tiếp cận dịch vụ xã hội cơ bản về thông tin hằng năm."),
        Heading("3. Đài Truyền thanh – Truyền hình thành phố"),
        Text("Duy trì chuyên mục và tăng thời lượng phát sóng về giảm nghèo bền vững; phát lại chương trình do Bộ và Sở cung cấp."),
        Text("Hướng dẫn kỹ thuật và nội dung cho các đài truyền thanh cấp xã."),
        Heading("4. Văn phòng HĐND và UBND thành phố"),
        Text("Đăng cơ chế, chính sách giảm nghèo và hoạt động của Ban chỉ đạo trên trang thông tin điện tử thành phố."),
        Heading("5. Các doanh nghiệp viễn thông, truyền hình trên địa bàn"),
        Text("Đầu tư, nâng cấp hạ tầng, mở rộng mạng lưới; thực hiện chính sách hỗ trợ hộ nghèo, cận nghèo dùng dịch vụ theo quy định."),
        Heading("6. UBND các phường, xã"),
        Text("Xây dựng kế hoạch thực hiện chỉ tiêu được giao tại địa phương trước ngày 28/2/2019."),
        Text("Đánh giá kết quả và báo cáo UBND thành phố (qua Phòng Văn hóa Thông tin): 6 tháng trước ngày 15/6/2019; cả năm trước ngày 05/10/2019."),
        Text("Tuyên truyền trên hệ thống loa truyền thanh và trang thông tin điện tử của phường, xã."),
        Text("Tạo điều kiện cho doanh nghiệp viễn thông xây dựng hạ tầng phục vụ hộ nghèo, cận nghèo."),
        Text("Tiếp nhận phương tiện nghe, xem hỗ trợ cho các hộ nghèo theo quy định."),
        Text("Đề ra phương hướng, nhiệm vụ năm sau phù hợp với tình hình địa phương./."),
    )  # fmt: skip


def _table() -> Grid:
    totals = (sum(row[1] for row in ROWS), sum(row[2] for row in ROWS), sum(row[3] or 0 for row in ROWS))
    return Grid(
        heads=(
            (
                HeadCell("STT"),
                HeadCell("Phường, xã"),
                HeadCell("Số hộ nghèo đến cuối năm 2018 (hộ)"),
                HeadCell("Số hộ nghèo thiếu hụt sử dụng dịch vụ viễn thông"),
                HeadCell("Số hộ nghèo thiếu hụt về tài sản tiếp cận thông tin"),
            ),
        ),
        rows=tuple(
            (str(n), name, str(poor), str(telecom), "" if asset is None else str(asset))
            for n, (name, poor, telecom, asset) in enumerate(ROWS, start=1)
        ),
        total=("", "Toàn thành phố", *map(str, totals)),
        widths_mm=(12, 48, 30, 37, 37),
        align=("center", "left", "right", "right", "right"),
    )
