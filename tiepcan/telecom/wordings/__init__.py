"""The forms of this room's papers: the fields that wordings may name."""

from pathlib import Path

from tiepcan.paperwork.wording.forms import Field, Form, ItemList, TablePlace

STATEMENT = Form(
    key="bang-ke",
    name="Bảng kê kinh phí tháng",
    default=Path(__file__).parent / "bang-ke.txt",
    symbol="BK-DN",
    fields=(
        Field("doanh nghiệp", "Doanh nghiệp viễn thông", "Công ty Viễn thông Ví Dụ"),
        Field("tháng", "Tháng của bảng kê", "5"),
        Field("năm", "Năm của bảng kê", "2019"),
        Field("phần dự thảo", "“(dự thảo, tháng chưa chốt)”; đã chốt thì trống", ""),
        Field("số hộ", "Số hộ được hỗ trợ", "87"),
        Field("địa bàn", "Địa bàn, chữ đầu viết thường", "thành phố Mẫu"),
        Field("năm rà soát", "Năm của kết quả rà soát", "2018"),
        Field("số tiền bằng chữ", "Tổng tiền bằng chữ", "Hai triệu sáu trăm mười nghìn"),
        Field("cơ quan đối soát", "Cơ quan cùng ký", "Phòng Văn hóa Thông tin"),
    ),
    lists=(
        ItemList(
            "từng căn cứ",
            "Văn bản quy định mức hỗ trợ",
            (Field("văn bản", "Tên văn bản", "Quyết định 868/QĐ-TTg"),),
        ),
    ),
    tables=(
        TablePlace(
            "kinh phí theo dịch vụ",
            "Mỗi dịch vụ một dòng, có dòng cộng",
            ("STT", "Dịch vụ", "Số hộ", "Mức (đ)", "Thành tiền (đ)"),
        ),
        TablePlace(
            "danh sách hộ",
            "Mỗi hộ một dòng",
            ("STT", "Họ tên chủ hộ", "Phường, xã", "Dịch vụ", "Số thuê bao", "Số tiền (đ)"),
        ),
    ),
)

FORMS = (STATEMENT,)
