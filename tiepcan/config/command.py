"""The command `tiepcan`: Django's management commands under the product's name."""

import os
import sys

USAGE = """Cách dùng: tiepcan LỆNH …

  serve [--demonstration]            chạy chương trình; lần đầu lập cơ sở dữ liệu
  read_plan FILE [--json]            đọc văn bản kế hoạch, in những gì hiểu được và những chỗ cần xác nhận
  open_plan FILE                     mở kế hoạch từ văn bản không có lỗi
  figures --plan SỐ --year NĂM --as-of NGÀY [--json]
                                     chỉ tiêu, đã ghi nhận, đã xác minh của từng đơn vị
  remind --on NGÀY [--dry-run] [--json]
                                     gửi thư nhắc hạn của một ngày, mỗi người một thư
  propose_targets --from SỐ --year NĂM [--total CHỈ_SỐ=SỐ] [--json]
                                     đề xuất chỉ tiêu năm sau, mỗi đơn vị một lý do
  open_report --plan SỐ --unit MÃ --period 2019-h1|2019-year
                                     mở báo cáo 6 tháng, báo cáo năm của một phường, xã
  consolidate --plan SỐ (--period 2019-h1 | --year NĂM --as-of NGÀY) --out FILE.docx|FILE.pdf
                                     báo cáo tổng hợp theo thể thức Nghị định 30/2020/NĐ-CP
  draft_plan --year NĂM --out FILE.docx|FILE.pdf
                                     dự thảo kế hoạch của năm, từ kế hoạch năm trước và chỉ tiêu được đề xuất
  check_document CODE [--json]       đối chiếu một bảng in trên văn bản theo mã của nó
  import_households FILE --unit CODE --review YEAR [--dry-run] [--json]
                                     nhập danh sách hộ; có dòng bị từ chối thì không ghi gì
  export_households --unit CODE --out FILE.xlsx
                                     bảng tính danh sách hộ của một phường, xã
  import_subscriptions FILE --operator TÊN --month 2019-06 [--dry-run] [--json]
                                     nhận danh sách tháng của doanh nghiệp viễn thông, tìm hộ của từng dòng
  draw_sample --plan SỐ --year NĂM --as-of NGÀY --seed CHỮ [--json]
                                     rút mẫu xác minh, rút lại trên máy nào cũng ra như nhau
  verify_signature FILE.pdf [--json] kiểm tra chữ ký số trong tệp .pdf; thoát mã 0 hợp lệ, 1 không, 2 không đọc được
  sign_pdf FILE.pdf (--key F.p12 | --token TÊN --module TỆP) [--field nguoi-ky|co-quan] [--picture F.png] --out F.pdf
                                     ký số tệp .pdf bằng tệp khóa hoặc bằng thiết bị
  recompute_figures [--check]        tính lại số liệu được giữ; --check chỉ so sánh, khác thì thoát mã 1
  make_demo_registry --households SỐ [--seed SỐ] [--whole-country | --unit MÃ]
                                     dựng sổ hộ bịa để chạy thử và đo
  worker                             làm việc nền; serve đã chạy sẵn một tiến trình
  load_reference                     nạp lại danh mục đơn vị hành chính và chuẩn nghèo
  founding_code                      in mã lập người quản trị đầu tiên
  demonstrate                        dựng bản trình diễn vào cơ sở dữ liệu trống

NGÀY viết dạng 2019-06-12. Mỗi lệnh có thêm chỉ dẫn: tiepcan LỆNH --help"""


def main() -> None:
    match sys.argv[1:]:
        case ["read_plan", *rest]:
            # Apart from the others: reading a plan needs no database and must not pay for Django.
            from tiepcan.plans.command import read_plan

            sys.exit(read_plan(rest))
        case [] | ["help"] | ["--help"] | ["-h"]:
            print(USAGE, file=sys.stderr)
            sys.exit(2)
        case _:
            os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tiepcan.config.settings")
            _manage()


_ON_A_NEW_DATABASE = {
    "open_plan",
    "figures",
    "open_report",
    "propose_targets",
    "remind",
    "consolidate",
    "check_document",
    "draft_plan",
    "founding_code",
    "demonstrate",
    "import_households",
    "export_households",
    "import_subscriptions",
    "draw_sample",
    "recompute_figures",
    "make_demo_registry",
}
"""Commands that people may type before anything was served."""


def _manage() -> None:
    import django
    from django.core.management import execute_from_command_line
    from django.db import OperationalError

    try:
        if sys.argv[1] in _ON_A_NEW_DATABASE and "--help" not in sys.argv:
            django.setup()
            from tiepcan.config.ready import make_ready

            make_ready()
        execute_from_command_line(sys.argv)
    except OperationalError as problem:
        print(f"Không dùng được cơ sở dữ liệu: {str(problem).strip()}", file=sys.stderr)
        sys.exit(2)
