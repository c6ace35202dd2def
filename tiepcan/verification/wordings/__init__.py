"""The forms of this room's papers: the fields that offices may name in their wordings."""

from pathlib import Path

from tiepcan.paperwork.wording.forms import Field, Form, TablePlace

MINUTES = Form(
    key="bien-ban-xac-minh",
    name="Biên bản xác minh",
    default=Path(__file__).parent / "bien-ban-xac-minh.txt",
    symbol="BB-LĐTBXH",
    fields=(
        Field("tên đợt", "Tên đợt xác minh", "Đợt 6 tháng đầu năm 2019"),
        Field("số kế hoạch", "Số và ký hiệu của kế hoạch", "146/KH-UBND"),
        Field("UBND viết tắt", "Tên viết tắt của UBND ban hành kế hoạch", "UBND thành phố Mẫu"),
        Field("ngày chốt số liệu", "Ngày mà số liệu tính đến hết", "14/06/2019"),
        Field("số hộ đã ghi nhận", "Số hộ đã ghi nhận đến ngày chốt", "95"),
        Field("số tầng", "Số tầng của mẫu", "12"),
        Field("số hộ được rút", "Số hộ trong mẫu", "40"),
        Field("cách tính cỡ mẫu", "Câu nói cỡ mẫu tính thế nào", "Cỡ mẫu tính theo từng tầng."),
        Field("hạt giống", "Hạt giống của lần rút", "482913"),
        Field("nguồn hạt giống", "Hạt giống lấy từ đâu", "kết quả xổ số ngày 12/06/2019"),
        Field("ngày công bố", "Ngày công bố hạt giống", "12/06/2019"),
        Field("cách rút mẫu", "Câu nói mẫu rút thế nào", "Hộ rút theo mã băm của hạt giống và số hồ sơ."),
        Field("số hộ đúng", "Hộ trong mẫu đúng như ghi nhận", "36"),
        Field("số hộ không tính", "Hộ trong mẫu không tính", "2"),
        Field("số hộ không gặp", "Hộ trong mẫu không gặp", "2"),
        Field("tổng số hộ khi chắc chắn", "Số hộ đã ghi nhận, khi mọi hộ đều biết chắc; không thì trống", ""),
        Field("số hộ đúng khi chắc chắn", "Số hộ đúng, khi mọi hộ đều biết chắc; không thì trống", ""),
        Field("tổng số hộ khi ước lượng", "Số hộ đã ghi nhận, khi phải ước lượng; không thì trống", "95"),
        Field("cận dưới", "Cận dưới của ước lượng", "78"),
        Field("cận trên", "Cận trên của ước lượng", "94"),
        Field("mã băm", "Mã băm của số liệu đã ký; chưa ký thì trống", "3f2a9c0d e1b47788"),
    ),
    tables=(
        TablePlace(
            "kết quả xác minh",
            "Mỗi tầng một dòng",
            ("TT", "Phường, xã", "Chỉ số", "Số hộ", "Được rút", "Đúng", "Không tính", "Không gặp"),
            is_broad=True,
        ),
    ),
)

FORMS = (MINUTES,)
