"""The forms of papers about devices: the fields that offices may name in their wordings."""

from pathlib import Path

from tiepcan.paperwork.wording.forms import Field, Form, TablePlace

_HERE = Path(__file__).parent
_COMMITTEE = Field("cơ quan", "Tên đầy đủ của UBND", "Ủy ban nhân dân thành phố Mẫu")
_SHORT = Field("UBND viết tắt", "Tên viết tắt của UBND", "UBND thành phố Mẫu")
_AS_OF = Field("ngày số liệu", "Ngày lập công văn", "12/06/2019")

MINUTES = Form(
    key="bien-ban-ban-giao",
    name="Biên bản bàn giao thiết bị",
    default=_HERE / "bien-ban-ban-giao.txt",
    symbol="BB-UBND",
    fields=(
        Field("ngày bàn giao", "Ngày giao máy", "12/06/2019"),
        Field("địa bàn", "Phường, xã nơi bàn giao", "Phường Mẫu"),
        Field("cơ quan giao", "Cơ quan giao máy", "Ủy ban nhân dân phường Mẫu"),
        Field("người giao", "Họ tên người giao", "Nguyễn Văn Mẫu"),
        Field("chủ hộ", "Họ tên chủ hộ", "Trần Thị Ví Dụ"),
        Field("số hồ sơ", "Số hồ sơ của hộ", "H-001"),
        Field("người nhận", "Họ tên người nhận", "Trần Văn Ví Dụ"),
        Field("tư cách người nhận", "“chủ hộ”, hoặc quan hệ với chủ hộ", "con của chủ hộ, nhận thay"),
        Field("việc hướng dẫn", "Câu nói đã hay sẽ hướng dẫn hộ", "Bên giao đã hướng dẫn hộ cách dùng."),
        Field("ngày hỏi lại", "Ngày cán bộ đến hỏi lại", "12/12/2019"),
        Field("UBND viết tắt", "Tên viết tắt của UBND phường, xã", "UBND phường Mẫu"),
    ),
    tables=(
        TablePlace(
            "thiết bị",
            "Thiết bị bàn giao",
            ("Loại thiết bị", "Số máy", "Số lượng", "Nguồn hỗ trợ", "Tình trạng"),
        ),
    ),
)

REQUEST = Form(
    key="cong-van-de-nghi-thiet-bi",
    name="Công văn đề nghị hỗ trợ thiết bị",
    default=_HERE / "cong-van-de-nghi-thiet-bi.txt",
    symbol="UBND-VHTT",
    is_letter=True,
    fields=(
        _COMMITTEE,
        _SHORT,
        _AS_OF,
        Field("năm", "Năm của nhu cầu", "2019"),
        Field("năm rà soát", "Năm của kết quả rà soát", "2018"),
        Field("địa bàn", "Tên địa bàn trong câu", "thành phố Mẫu"),
        Field("nơi nhận công văn", "Cơ quan được đề nghị", "Sở Thông tin và Truyền thông"),
        Field("số hộ thiếu hụt", "Số hộ nghèo thiếu hụt", "21"),
        Field("tình trạng thiếu hụt", "Gọi tên sự thiếu hụt", "chưa có phương tiện nghe – xem"),
        Field("số hộ đã tiếp cận", "Số hộ đã được tiếp cận", "8"),
        Field("số hộ còn chờ", "Số hộ còn chờ", "13"),
        Field("máy trong kho", "Số máy trong kho phường, xã", "3"),
        Field("máy còn cần", "Số máy còn cần", "10"),
        Field("phần đã có nguồn", "“(kho của … có … máy)”, không có thì trống", "(kho của UBND thành phố Mẫu có 2 máy)"),
        Field("số máy đề nghị", "Số máy đề nghị hỗ trợ", "8"),
    ),
    tables=(
        TablePlace(
            "nhu cầu của các đơn vị",
            "Mỗi phường, xã một dòng",
            ("STT", "Phường, xã", "Thiếu hụt", "Đã tiếp cận", "Còn chờ", "Trong kho", "Còn cần"),
        ),
    ),
)  # fmt: skip

REMINDER = Form(
    key="cong-van-nhac-cam-ket",
    name="Công văn nhắc giao thiết bị đã cam kết",
    default=_HERE / "cong-van-nhac-cam-ket.txt",
    symbol="UBND-VHTT",
    is_letter=True,
    fields=(
        _COMMITTEE,
        _SHORT,
        _AS_OF,
        Field("bên cam kết", "Ai đã cam kết", "Công ty Ví Dụ"),
        Field("loại thiết bị", "Loại thiết bị, viết thường", "ti vi"),
        Field("ngày cam kết", "Ngày cam kết", "05/03/2019"),
        Field("phần văn bản cam kết", "“tại văn bản …”, không có thì trống", "tại văn bản 12/CV-VD"),
        Field("số máy cam kết", "Số máy đã cam kết", "10"),
        Field("phần hẹn giao", "“, hẹn giao trước hết ngày …”, không hẹn thì trống", ", hẹn giao trước hết ngày 30/04/2019"),
        Field("số máy đã nhận", "Số máy đã nhận", "4"),
        Field("số máy chưa nhận", "Số máy chưa nhận", "6"),
    ),
)  # fmt: skip

FORMS = (MINUTES, REQUEST, REMINDER)
