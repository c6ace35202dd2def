"""The forms of this room's papers: the fields that offices may name in their wordings."""

from pathlib import Path

from tiepcan.paperwork.wording.forms import Field, Form, ItemList, TablePlace

_HERE = Path(__file__).parent

_PLAN = (
    Field("loại văn bản kế hoạch", "Loại văn bản của kế hoạch đang thực hiện", "Kế hoạch"),
    Field("số kế hoạch", "Số và ký hiệu của kế hoạch", "146/KH-UBND"),
    Field("ngày kế hoạch", "Ngày ban hành kế hoạch", "18/02/2019"),
    Field(
        "cơ quan ban hành kế hoạch", "Tên đầy đủ của UBND ban hành kế hoạch", "Ủy ban nhân dân thành phố Mẫu"
    ),
    Field(
        "tên kế hoạch",
        "Trích yếu của kế hoạch, chữ đầu viết thường",
        "thực hiện chỉ tiêu tiếp cận các dịch vụ xã hội cơ bản về thông tin năm 2019",
    ),
)
_YEAR = Field("năm", "Năm của kế hoạch", "2019")
_CUT_OFF = Field("ngày chốt số liệu", "Ngày mà số liệu tính đến hết", "14/06/2019")
_REPORTS = Field("cơ quan báo cáo", "Tên đầy đủ của UBND lập báo cáo", "Ủy ban nhân dân phường Mẫu")
_RESULTS = TablePlace(
    "kết quả theo chỉ số",
    "Mỗi chỉ số một dòng",
    ("Chỉ số", "Chỉ tiêu (hộ)", "Đã ghi nhận", "Đã xác minh", "Tỷ lệ (%)"),
)
_WITHOUT_TARGET = (
    Field("tên khi không giao", "Tên chỉ số, khi kế hoạch không giao chỉ tiêu; có chỉ tiêu thì trống", ""),
    Field("đã ghi nhận khi không giao", "Số hộ đã ghi nhận, khi không giao chỉ tiêu", ""),
)
_INDICATOR = (
    Field("tên", "Tên chỉ số; trống khi không giao chỉ tiêu", "Sử dụng dịch vụ viễn thông"),
    Field("chỉ tiêu", "Số hộ được giao", "200"),
    Field("đã ghi nhận", "Số hộ đã ghi nhận được tiếp cận", "87"),
    Field("đã xác minh", "Số hộ đã xác minh", "64"),
    Field("còn lại", "Số hộ còn phải hỗ trợ", "113"),
)

CONSOLIDATED = Form(
    key="bao-cao-tong-hop",
    name="Báo cáo tổng hợp",
    default=_HERE / "bao-cao-tong-hop.txt",
    symbol="BC-UBND",
    fields=(
        *_PLAN,
        _YEAR,
        _CUT_OFF,
        _REPORTS,
        Field("UBND viết tắt", "Tên viết tắt của UBND lập báo cáo", "UBND thành phố Mẫu"),
        Field("số đơn vị", "Số phường, xã trong báo cáo", "35"),
        Field("khó khăn, vướng mắc", "Lời của người lập báo cáo; không ghi thì trống", "Hai phường chưa có hạ tầng."),
        Field("kiến nghị, phương hướng", "Lời của người lập báo cáo; không ghi thì trống", "Đề nghị Sở hỗ trợ máy."),
        Field("khi không có thời hạn", "Câu nói kế hoạch không đặt thời hạn; có thời hạn thì trống", ""),
        Field(
            "cách tính hộ nghèo",
            "Câu nói chuẩn nghèo nào được dùng",
            "Hộ nghèo, hộ thiếu hụt theo kết quả rà soát cuối năm 2018.",
        ),
    ),
    lists=(
        ItemList("từng nơi nhận báo cáo", "Sở nhận báo cáo, theo nơi nhận của kế hoạch", (
            Field("tên", "Tên cơ quan", "Sở Thông tin và Truyền thông"),
        )),
        ItemList("từng chỉ số", "Các chỉ số của kế hoạch", (
            *_INDICATOR,
            Field("tỷ lệ", "Đã ghi nhận so với chỉ tiêu", "43,5%"),
            Field("số đơn vị đạt", "Số đơn vị đã đạt chỉ tiêu", "05"),
            Field("số đơn vị được giao", "Số đơn vị được giao chỉ tiêu", "35"),
            Field("số đơn vị chưa ghi nhận", "Số đơn vị chưa ghi nhận hộ nào", "02"),
            *_WITHOUT_TARGET,
        )),
        ItemList("từng cơ quan", "Cơ quan đã ghi việc thực hiện nhiệm vụ", (
            Field("tên", "Tên cơ quan", "Đài Truyền thanh – Truyền hình"),
            Field("việc đã làm", "Các việc đã ghi, kèm ngày", "Phát 46 buổi về quyền của hộ nghèo (ngày 10/06/2019)."),
        )),
        ItemList("từng thời hạn", "Thời hạn mà kế hoạch đặt cho phường, xã", (
            Field("tên", "Việc phải nộp", "Báo cáo 6 tháng"),
            Field("ngày", "Ngày cuối", "14/06/2019"),
            Field("phần chưa hết hạn", "“(chưa hết hạn)”, đã hết hạn thì trống", ""),
            Field("số đã nộp", "Số đơn vị đã nộp", "31"),
            Field("số phải nộp", "Số đơn vị phải nộp", "35"),
            Field("phần nộp muộn", "“, trong đó … đơn vị nộp muộn”, không có thì trống", ", trong đó 02 đơn vị nộp muộn"),
            Field("phần chưa nộp", "“Chưa nộp: …”, không có thì trống", "Chưa nộp: xã Mẫu Một, xã Mẫu Hai."),
        )),
    ),
    tables=(
        _RESULTS,
        TablePlace(
            "kết quả của các đơn vị",
            "Phụ lục của kế hoạch, ghi thêm kết quả; mỗi đơn vị một dòng",
            ("STT", "Phường, xã", "Số hộ nghèo (hộ)", "Chỉ tiêu", "Đã ghi nhận", "Đã xác minh", "Tỷ lệ (%)"),
            is_broad=True,
        ),
    ),
)  # fmt: skip

_WORK = ("TT", "Nội dung", "Người thực hiện", "Thời gian", "Kinh phí, nguồn lực")
LOCAL_PLAN = Form(
    key="ke-hoach-cua-don-vi",
    name="Kế hoạch của phường, xã",
    default=_HERE / "ke-hoach-cua-don-vi.txt",
    symbol="KH-UBND",
    fields=(
        *_PLAN,
        _YEAR,
        Field("cơ quan lập", "Tên đầy đủ của UBND lập kế hoạch", "Ủy ban nhân dân phường Mẫu"),
        Field("loại đơn vị", "“phường” hoặc “xã”", "phường"),
        Field("UBND ban hành kế hoạch", "Tên viết tắt của UBND ban hành kế hoạch", "UBND thành phố Mẫu"),
        Field("lần điều chỉnh", "Lần điều chỉnh; kế hoạch đầu thì trống", ""),
        Field("lý do điều chỉnh", "Lý do điều chỉnh; kế hoạch đầu thì trống", ""),
        Field("tổng kinh phí", "Bằng số; không bố trí thì trống", "6.400.000"),
        Field("tổng kinh phí bằng chữ", "Chữ đầu viết hoa", "Sáu triệu bốn trăm nghìn"),
        Field("khi không bố trí kinh phí", "Câu nói không bố trí kinh phí riêng; có kinh phí thì trống", ""),
    ),
    tables=(
        TablePlace("chỉ tiêu", "Chỉ tiêu được giao: ai làm, khi nào, bằng gì", _WORK),
        TablePlace("nhiệm vụ", "Nhiệm vụ được giao: ai làm, khi nào, bằng gì", _WORK),
        TablePlace("việc tự đề ra", "Việc đơn vị tự đề ra; không có thì trống", _WORK),
    ),
)

PERIODIC = Form(
    key="bao-cao-dinh-ky",
    name="Báo cáo định kỳ của phường, xã",
    default=_HERE / "bao-cao-dinh-ky.txt",
    symbol="BC-UBND",
    fields=(
        *_PLAN,
        _CUT_OFF,
        _REPORTS,
        Field("tên loại", "“Báo cáo”, hoặc “Báo cáo bổ sung”", "Báo cáo"),
        Field("kỳ báo cáo", "Kỳ và năm", "6 tháng đầu năm 2019"),
        Field("lần bổ sung", "Lần bổ sung; báo cáo đầu thì trống", ""),
        Field("lý do bổ sung", "Lý do bổ sung; báo cáo đầu thì trống", ""),
    ),
    lists=(
        ItemList("từng chỉ số", "Các chỉ số của kế hoạch", (
            *_INDICATOR,
            Field("phần đạt chỉ tiêu", "“, đạt …% chỉ tiêu”; chỉ tiêu là 0 thì trống", ", đạt 43,5% chỉ tiêu"),
            *_WITHOUT_TARGET,
        )),
        ItemList("từng mục", "Các mục mà đơn vị tự viết", (
            Field("tên", "Tên mục", "Khó khăn, nguyên nhân"),
            Field("lời văn", "Lời đã viết, có thể nhiều đoạn", "Ba hộ đi làm xa chưa gặp."),
        )),
    ),
    tables=(
        _RESULTS,
        TablePlace("kết quả theo nguồn hỗ trợ", "Mỗi nguồn một dòng; chưa có thì trống", ("TT", "Chỉ số", "Nguồn hỗ trợ", "Số hộ đã ghi nhận")),
    ),
)  # fmt: skip

CONFIRMATION = Form(
    key="xac-nhan-chi-so",
    name="Xác nhận chỉ số",
    default=_HERE / "xac-nhan-chi-so.txt",
    symbol="XN-LĐTBXH",
    fields=(
        _YEAR,
        _CUT_OFF,
        Field("cơ quan xác nhận", "Tên cơ quan xác nhận", "Phòng Lao động, Thương binh và Xã hội"),
        Field("kế hoạch", "Kế hoạch với số và ký hiệu", "Kế hoạch 146/KH-UBND"),
        Field("số đơn vị", "Số phường, xã trong báo cáo", "35"),
        Field("mã kiểm tra số liệu", "Đầu mã băm của số liệu đã khóa", "3f2a9c0de1b47788"),
        Field("UBND viết tắt", "Tên viết tắt của UBND ban hành kế hoạch", "UBND thành phố Mẫu"),
    ),
    tables=(
        TablePlace("chỉ số đã xác nhận", "Mỗi chỉ số một dòng", ("Chỉ số (hộ)", "Chỉ tiêu", "Đã ghi nhận", "Đã xác minh")),
    ),
)  # fmt: skip

NEXT_PLAN = Form(
    key="du-thao-ke-hoach-nam-sau",
    name="Dự thảo kế hoạch năm sau",
    default=_HERE / "du-thao-ke-hoach-nam-sau.txt",
    symbol="KH-UBND",
    fields=(
        Field("năm", "Năm của kế hoạch sẽ ban hành", "2020"),
        Field(
            "tên kế hoạch",
            "Trích yếu của kế hoạch năm nay, chuyển sang năm sau",
            "Thực hiện chỉ tiêu tiếp cận các dịch vụ xã hội cơ bản về thông tin năm 2020",
        ),
        Field("mục tiêu", "Số hộ của từng chỉ số", "150 hộ nghèo thiếu hụt sử dụng dịch vụ viễn thông được tiếp cận"),
    ),
    lists=(
        ItemList("từng cơ quan", "Cơ quan được giao nhiệm vụ", (
            Field("tên", "Tên cơ quan", "Phòng Văn hóa Thông tin"),
            Field("nhiệm vụ", "Các nhiệm vụ, mỗi nhiệm vụ một đoạn", "Theo dõi, tổng hợp kết quả"),
        )),
        ItemList("từng nơi nhận", "Nơi nhận của kế hoạch năm nay", (Field("tên", "Tên nơi nhận", "Như mục II"),)),
    ),
    tables=(
        TablePlace("chỉ tiêu", "Chỉ tiêu đề xuất của từng đơn vị", ("STT", "Phường, xã", "Số hộ nghèo (hộ)", "Chỉ tiêu (hộ)")),
    ),
)  # fmt: skip

FORMS = (CONSOLIDATED, PERIODIC, LOCAL_PLAN, CONFIRMATION, NEXT_PLAN)
