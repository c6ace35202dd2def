"""Lists from outside, of every kind and encoding, come as rows of text at their own addresses; and go back marked."""

import csv
import datetime
import io
import unicodedata
import zipfile

import openpyxl
import pytest
import xlsxwriter
import xlwt
from openpyxl.comments import Comment

from tests.papers.writers import to_tcvn3, to_vni
from tiepcan.intake import marking
from tiepcan.intake.document import Unreadable
from tiepcan.intake.marking import Mark, marked, marked_in_child
from tiepcan.intake.sheets import Book, address, book, open_book, opening

PEOPLE = [
    ["STT", "Họ và tên", "Giới tính", "Thôn", "Điện thoại"],
    ["1", "Nguyễn Văn Giả", "Nam", "Đoài Thượng", "Có"],
    ["2", "Trần Thị Tưởng", "Nữ", "Đông Lĩnh", "Không"],
    ["3", "Lê Thị Mường", "Nữ", "Phú Quý", "Có"],
]


def rows_of(opened: Book, sheet: int = 0) -> list[list[str]]:
    return list(opened.sheets[sheet].rows)


def codes(opened: Book) -> list[str]:
    return [remark.code for remark in opened.remarks]


def csv_of(rows: list[list[str]], delimiter: str = ",") -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(rows)
    return out.getvalue()


def saved(workbook: openpyxl.Workbook) -> bytes:
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def xlsx_of(rows: list[list[object]]) -> bytes:
    workbook = openpyxl.Workbook()
    for row in rows:
        workbook.active.append(row)
    return saved(workbook)


def xls_of(rows: list[list[object]], style: xlwt.XFStyle | None = None) -> bytes:
    workbook = xlwt.Workbook(encoding="utf-8")
    sheet = workbook.add_sheet("Danh sách")
    for r, row in enumerate(rows):
        for c, cell in enumerate(row):
            sheet.write(r, c, cell, style or xlwt.XFStyle())
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def ods_of(rows: list[list[object]]) -> bytes:
    from odf.opendocument import OpenDocumentSpreadsheet
    from odf.table import Table, TableCell, TableRow
    from odf.text import P

    document = OpenDocumentSpreadsheet()
    sheet = Table(name="Danh sách")
    for row in rows:
        line = TableRow()
        for value in row:
            if isinstance(value, float):
                cell = TableCell(valuetype="float", value=value)
            elif isinstance(value, datetime.date):
                cell = TableCell(valuetype="date", datevalue=value.isoformat())
            else:
                cell = TableCell(valuetype="string") if value else TableCell()
                if value:
                    cell.addElement(P(text=value))
            line.addElement(cell)
        sheet.addElement(line)
    document.spreadsheet.addElement(sheet)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def with_sheet_changed(raw: bytes, old: bytes, new: bytes) -> bytes:
    """The .xlsx with these bytes of its first sheet's part replaced."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as before, zipfile.ZipFile(out, "w") as after:
        for entry in before.namelist():
            part = before.read(entry)
            after.writestr(entry, part.replace(old, new) if entry.endswith("/sheet1.xml") else part)
    return out.getvalue()


# What a person reads in a cell


@pytest.mark.parametrize(
    ("value", "read"),
    [
        (12, "12"),
        (12.0, "12"),
        (-5, "-5"),
        (8.5, "8,5"),
        (8.1, "8,1"),
        (0.1 + 0.2, "0,3"),
        (8.999999999999998, "9"),
        (1250000.25, "1250000,25"),
        (38057001234, "38057001234"),
        (datetime.date(2019, 3, 14), "14/03/2019"),
        (datetime.datetime(1957, 1, 2, 8, 5), "02/01/1957"),
        (datetime.date(1900, 1, 1), "01/01/1900"),
        (datetime.date(1900, 3, 1), "01/03/1900"),
        (True, "TRUE"),
        (False, "FALSE"),
        ("04", "04"),
        ("  Hà   Nội \n mới ", "Hà Nội mới"),
        (unicodedata.normalize("NFD", "Nguyễn Thị Tưởng"), "Nguyễn Thị Tưởng"),
        ("Nguyễn\u200bVăn\ufeff", "NguyễnVăn"),
        ("Hộ\u00a0nghèo", "Hộ nghèo"),
        (None, ""),
    ],
)
def test_a_cell_of_a_workbook_is_what_a_person_reads(value, read):
    assert rows_of(open_book(xlsx_of([["đầu", value, "cuối"]]), "a.xlsx")) == [["đầu", read, "cuối"]]


def test_an_error_is_its_text():
    workbook = openpyxl.Workbook()
    workbook.active["B2"] = "#N/A"
    workbook.active["C2"] = "#DIV/0!"
    assert rows_of(open_book(saved(workbook), "a.xlsx"))[1] == ["", "#N/A", "#DIV/0!"]


@pytest.mark.parametrize(
    ("number_format", "value", "read"),
    [
        ("00", 4, "04"),
        ("00", 12, "12"),
        ("000000000000", 38057001234, "038057001234"),
        ("0#########", 912345678, "0912345678"),
        ("0000\\ 000\\ 000", 912345678, "0912345678"),
        ('"TH"000', 7, "TH007"),
        ("0.00", 8.5, "8,5"),
        ("#,##0", 1250000, "1250000"),
        ("0", 4, "4"),
        ("00", "4", "4"),
        ("yyyy", datetime.date(1957, 1, 1), "1957"),
        ("mm/yyyy", datetime.date(1957, 3, 1), "03/1957"),
        ("mmm-yy", datetime.date(1957, 3, 1), "03/1957"),
        ("dd/mm/yyyy", datetime.date(1957, 3, 1), "01/03/1957"),
        ("[$-42A]dd mmmm yyyy;@", datetime.date(1957, 3, 1), "01/03/1957"),
    ],
)
def test_a_number_is_read_through_its_format(number_format, value, read):
    workbook = openpyxl.Workbook()
    workbook.active.append(["Mã", "Khác"])
    workbook.active.append([value, 5])
    workbook.active["A2"].number_format = number_format
    workbook.active.append([None, 6])
    assert rows_of(open_book(saved(workbook), "a.xlsx")) == [["Mã", "Khác"], [read, "5"], ["", "6"]]


@pytest.mark.parametrize("skip", [(0, 0), (3, 0), (0, 2), (3, 2)])
@pytest.mark.parametrize("kind", ["xlsx", "xls"])
def test_blank_first_rows_and_columns_keep_the_addresses(kind, skip):
    down, right = skip
    if kind == "xlsx":
        out = io.BytesIO()
        with xlsxwriter.Workbook(out, {"in_memory": True}) as workbook:
            sheet = workbook.add_worksheet()
            sheet.write(down, right, "đầu")
            sheet.write(down + 2, right + 1, 3)
        raw = out.getvalue()
    else:
        workbook = xlwt.Workbook()
        sheet = workbook.add_sheet("a")
        sheet.write(down, right, "đầu")
        sheet.write(down + 2, right + 1, 3)
        out = io.BytesIO()
        workbook.save(out)
        raw = out.getvalue()
    rows = rows_of(open_book(raw, f"a.{kind}"))
    assert (len(rows), rows[down][right], rows[down + 2][right + 1]) == (down + 3, "đầu", "3")


def test_xls_is_read():
    style = xlwt.XFStyle()
    style.num_format_str = "dd/mm/yyyy"
    raw = xls_of([["Ngày", "04"], [datetime.date(2019, 3, 14), "Trần Thị Tưởng"]], style)
    opened = open_book(raw, "a.xls")
    assert (opened.format, opened.sheets[0].title) == ("xls", "Danh sách")
    assert rows_of(opened) == [["Ngày", "04"], ["14/03/2019", "Trần Thị Tưởng"]]


def test_ods_is_read():
    raw = ods_of([["", ""], ["", "04", 8.5, 12.0, datetime.date(2019, 3, 14), "Trần Thị Tưởng"]])
    opened = open_book(raw, "a.ods")
    assert opened.format == "ods"
    assert rows_of(opened)[1] == ["", "04", "8,5", "12", "14/03/2019", "Trần Thị Tưởng"]


def test_the_bytes_decide_and_not_the_name():
    assert open_book(xlsx_of([["a"]]), "a.csv").format == "xlsx"
    assert rows_of(open_book(b"a\tb\n1\t2\n", "a.xls")) == [["a", "b"], ["1", "2"]]


def test_hidden_sheets_and_rows_are_told():
    workbook = openpyxl.Workbook()
    workbook.active.append(["thấy"])
    workbook.active.append(["ẩn"])
    workbook.active.row_dimensions[2].hidden = True
    workbook.create_sheet("Nháp").sheet_state = "hidden"
    workbook.create_sheet("Kín").sheet_state = "veryHidden"
    opened = open_book(saved(workbook), "a.xlsx")
    assert [sheet.visible for sheet in opened.sheets] == [True, False, False]
    assert opened.sheets[0].hidden_rows == {2}
    assert codes(opened) == ["row_hidden", "sheet_hidden", "sheet_hidden"]


def test_merged_cells_are_told_and_their_text_stands_first():
    workbook = openpyxl.Workbook()
    workbook.active["B2"] = "Thiếu hụt"
    workbook.active.merge_cells("B2:D3")
    opened = open_book(saved(workbook), "a.xlsx")
    assert opened.sheets[0].merged == ((2, 2, 3, 4),)
    assert rows_of(opened)[1][:2] == ["", "Thiếu hụt"]


def test_formulas_without_results_are_counted():
    opened = open_book(xlsx_of([[1, "=A1*2", '=IF(A1=1,"x","")'], [2, 3, 4]]), "a.xlsx")
    assert codes(opened) == ["formula_without_result"]
    assert opened.remarks[0].message.startswith("2 ô")


def test_a_formula_with_its_result_is_its_result():
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as workbook:
        sheet = workbook.add_worksheet()
        sheet.write_formula("A1", "=2*4", value=8)
        sheet.write_formula("B1", "=N/A", value="#N/A")
    opened = open_book(out.getvalue(), "a.xlsx")
    assert (rows_of(opened), codes(opened)) == ([["8", "#N/A"]], [])


def test_a_formula_whose_result_is_an_empty_text_has_its_result():
    raw = with_sheet_changed(xlsx_of([[1, '=IF(A1=1,"","x")']]), b'<c r="B1">', b'<c r="B1" t="str">')
    assert codes(open_book(raw, "a.xlsx")) == []


def test_a_workbook_whose_elements_bear_a_prefix_tells_the_same():
    workbook = openpyxl.Workbook()
    workbook.active.append([4])
    workbook.active["A1"].number_format = "00"
    workbook.active.row_dimensions[1].hidden = True
    raw = saved(workbook)
    for old, new in [
        (b"</", b"</x:"),
        (b"<", b"<x:"),
        (b"<x:/x:", b"</x:"),
        (b"<x:?xml", b"<?xml"),
        (b"xmlns=", b"xmlns:x="),
    ]:
        raw = with_sheet_changed(raw, old, new)
    opened = open_book(raw, "a.xlsx")
    assert (rows_of(opened), opened.sheets[0].hidden_rows) == ([["04"]], {1})


def test_several_pieces_of_a_large_part_tell_each_cell_once(monkeypatch):
    from tiepcan.intake.sheets import parts

    monkeypatch.setattr(parts, "_PIECE", 300)
    workbook = openpyxl.Workbook()
    for number in range(60):
        workbook.active.append([number, "=1+1", "x"])
        workbook.active.cell(number + 1, 1).number_format = "000"
        workbook.active.row_dimensions[number + 1].hidden = number % 3 == 0
    opened = open_book(saved(workbook), "a.xlsx")
    assert [row[0] for row in rows_of(opened)] == [f"{number:03d}" for number in range(60)]
    assert opened.sheets[0].hidden_rows == set(range(1, 61, 3))
    assert [r.message[:5] for r in opened.remarks if r.code == "formula_without_result"] == ["60 ô "]


# Text with separators


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_separators_and_unicode_encodings_are_found(delimiter, encoding):
    rows = [["Danh sách hộ, xã Giả Tưởng; năm 2019"], *PEOPLE, ["4", "Vũ, Văn; An|Bình", "Nam", "8,5", "Có"]]
    opened = open_book(csv_of(rows, delimiter).encode(encoding), "Thôn Đông.csv")
    assert (opened.format, opened.sheets[0].title, opened.remarks) == ("csv", "Thôn Đông", ())
    assert rows_of(opened) == rows


def to_1258(text: str) -> bytes:
    letters = []
    for letter in text:
        parts = unicodedata.normalize("NFD", letter)
        tone = "".join(c for c in parts if c in "\u0300\u0301\u0309\u0303\u0323")
        letters.append(unicodedata.normalize("NFC", "".join(c for c in parts if c not in tone)) + tone)
    return "".join(letters).encode("cp1258")


LEGACY = [
    ("Windows-1258", to_1258),
    ("TCVN3 (ABC)", lambda text: to_tcvn3(text).encode("latin-1")),
    ("VNI", lambda text: to_vni(text).encode("cp1252")),
]


@pytest.mark.parametrize(("name", "encoded"), LEGACY, ids=[name for name, _ in LEGACY])
def test_text_from_before_unicode_is_converted_and_told(name, encoded):
    opened = open_book(encoded(csv_of(PEOPLE, ";")), "a.csv")
    assert rows_of(opened) == PEOPLE
    assert [remark.message for remark in opened.remarks] == [
        f"Chữ theo bảng mã {name}, đã chuyển sang Unicode."
    ]


def test_cells_of_a_csv_are_clean_too():
    text = 'a , "b  c" ,x\u200by\r\n"dòng 1\ndòng 2",'
    text += unicodedata.normalize("NFD", "Tưởng") + ',"=""04"""\r\n'
    assert rows_of(open_book(text.encode(), "a.csv")) == [
        ["a", '"b c"', "xy"],
        ["dòng 1 dòng 2", "Tưởng", "04"],
    ]
    assert rows_of(open_book(b'a,b\n="04",c\n', "a.csv"))[1] == ["04", "c"]


def test_a_blank_line_keeps_its_place_and_so_does_a_cell_of_two_lines():
    raw = 'a,b\n\n"một\nhai",c\nd,e\n'.encode()
    assert rows_of(open_book(raw, "a.csv")) == [["a", "b"], [], ["một hai", "c"], ["d", "e"]]


def test_a_row_between_two_pieces_is_cleaned_as_a_whole(monkeypatch):
    from tiepcan.intake.sheets import separated

    monkeypatch.setattr(separated, "_PIECE", 64)
    rows = [[f"hộ  số {n} \n của thôn", "sạch"] if n % 3 == 0 else [f"hộ số {n}", "sạch"] for n in range(50)]
    expected = [[f"hộ số {n} của thôn" if n % 3 == 0 else f"hộ số {n}", "sạch"] for n in range(50)]
    assert rows_of(open_book(csv_of(rows).encode(), "a.csv")) == expected


def test_what_excel_says_of_its_separator_is_no_row():
    assert rows_of(open_book(b"sep=;\r\na;b,c\r\n1;2\r\n", "a.csv")) == [["a", "b,c"], ["1", "2"]]


def test_rows_of_a_csv_come_as_they_are_asked_for():
    raw = b"a,b\n" * 100_000 + b'"' + b"x" * 200_000
    rows = iter(open_book(raw, "a.csv").sheets[0].rows)
    assert next(rows) == ["a", "b"]
    with pytest.raises(Unreadable, match=r"dòng 100001 .*nháy kép"):
        list(rows)


def test_formulas_in_a_csv_are_text():
    rows = [["=1+1", "+84912345678", "@x", "-5", "=HYPERLINK(1)"]]
    assert rows_of(open_book(csv_of(rows).encode(), "a.csv")) == rows


def test_one_broken_line_is_named():
    raw = csv_of(PEOPLE).encode() + b"4,Tr\xe1\xba,Nam,a,b\n"
    with pytest.raises(Unreadable, match="Dòng 5 "):
        open_book(raw, "a.csv")


# Letters of old fonts in workbooks


@pytest.mark.parametrize(("name", "written"), [("TCVN3 (ABC)", to_tcvn3), ("VNI", to_vni)])
@pytest.mark.parametrize("made", [xlsx_of, xls_of], ids=["xlsx", "xls"])
def test_a_sheet_in_an_old_fonts_letters_is_converted(name, written, made):
    opened = open_book(made([[written(cell) for cell in row] for row in PEOPLE]), "a")
    assert rows_of(opened) == PEOPLE
    assert [remark.message for remark in opened.remarks] == [
        f"Chữ theo bảng mã {name}, đã chuyển sang Unicode."
    ]


@pytest.mark.parametrize("written", [to_tcvn3, to_vni])
def test_of_a_mixed_sheet_only_the_old_columns_are_converted(written):
    rows = [[row[0], row[1], row[2], written(row[3]), row[4]] for row in PEOPLE]
    opened = open_book(xlsx_of(rows), "a.xlsx")
    assert rows_of(opened) == PEOPLE
    assert codes(opened) == ["encoding_converted"]


def test_under_headings_in_unicode_the_cells_ask_for_themselves():
    rows = [PEOPLE[0], *([to_tcvn3(cell) for cell in row] for row in PEOPLE[1:]), ["4", "Hà Văn Bé", "Nam"]]
    assert [row[1] for row in rows_of(open_book(xlsx_of(rows), "a.xlsx"))] == [
        *(row[1] for row in PEOPLE),
        "Hà Văn Bé",
    ]


def test_an_old_fonts_letters_saved_as_utf8_are_converted_too():
    text = csv_of([[to_vni(cell) for cell in row] for row in PEOPLE])
    opened = open_book(text.encode(), "a.csv")
    assert (rows_of(opened), codes(opened)) == (PEOPLE, ["encoding_converted"])


def test_a_unicode_cell_far_down_an_old_column_stays(monkeypatch):
    from tiepcan.intake.sheets import legacy

    monkeypatch.setattr(legacy, "_SAMPLED_ROWS", 5)
    names = ["Nguyễn Văn Giả", "Trần Thị Tưởng", "Lê Thị Mường", "Vũ Văn Lương", "Đỗ Quý"] * 4
    rows = [[to_tcvn3(name)] for name in names]
    rows[7] = ["Đinh Thị Bé"]
    assert rows_of(open_book(xlsx_of(rows), "a.xlsx"))[7] == ["Đinh Thị Bé"]


@pytest.mark.parametrize(
    "texts",
    [
        ["Hà", "Hòa", "Bé", "Tú", "Xã", "Có", "Chú thích"],
        ["Lò Thị Á", "Y Bih Niê", "H'Đăm Êban", "Krông Pắk", "M'Nông", "Gié-Triêng", "Hrê", "Xtiêng"],
        ["nº 5", "12 m²", "5½", "−3°C", "café", "×", "±2"],
        ["nº 5"],
        ["Böng"],
        ["HÀ THỊ BÍCH", "ĐỖ QUÝ", "PHÙNG KHOÁI", "lòng hồ Yaly"],
    ],
)
def test_what_already_reads_is_never_converted(texts):
    opened = open_book(xlsx_of([[text] for text in texts]), "a.xlsx")
    assert [row[0] for row in rows_of(opened)] == texts
    assert opened.remarks == ()


# Tables under the name of a workbook


PAGE = """<html><head><meta charset="utf-8"><style>td {mso-number-format:"\\@"}</style></head><body>
<h3>Danh sách <b>hộ</b> nghèo</h3><!-- x --><table><thead>
<tr><th rowspan="2">STT</th><th rowspan=2>Họ và tên</th><th colspan="2">Thiếu hụt</th></tr>
<tr><th>Viễn<br>thông</th><th>&nbsp;Tài sản&nbsp;</th></tr></thead>
<tr><td>04</td><td>Nguy&#7877;n V&#259;n Giả</td><td>x</td><td></td></tr>
<tr style="display: none"><td>05</td><td>Ẩn</td></tr></table></body></html>"""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_page_named_xls_is_read_as_its_table(encoding):
    opened = open_book(PAGE.encode(encoding), "Kết quả.xls")
    assert (opened.format, opened.sheets[0].title) == ("html", "Kết quả")
    assert rows_of(opened) == [
        ["Danh sách hộ nghèo"],
        ["STT", "Họ và tên", "Thiếu hụt", ""],
        ["", "", "Viễn thông", "Tài sản"],
        ["04", "Nguyễn Văn Giả", "x", ""],
        ["05", "Ẩn"],
    ]
    assert opened.sheets[0].merged == ((2, 1, 3, 1), (2, 2, 3, 2), (2, 3, 2, 4))
    assert opened.sheets[0].hidden_rows == {5}


# What is refused


def zipped(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return out.getvalue()


@pytest.mark.parametrize(
    ("raw", "sentence"),
    [
        (b" \n", "Tệp trống"),
        (b"\0" * 50 + b"\x01\x02abc" * 400, "Không phải tệp danh sách"),
        (b"%PDF-1.7", r"\.pdf"),
        (b"{\\rtf1 x}", "RTF"),
        (b"MIME-Version: 1.0\nX", r"\.mht.*Lưu thành"),
        (b"<html><p>x</p></html>", "không có bảng"),
        (
            b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"><Table/></Workbook>',
            "XML 2003.*Lưu thành",
        ),
        (b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), "mật khẩu"),
        (b"\xd0\xcf\x11\xe0" + "WordDocument".encode("utf-16-le"), r"\.doc của Word"),
        (b"\xd0\xcf\x11\xe0" + b"x" * 600, "hỏng"),
        (b"PK\x03\x04 not a zip", "hỏng"),
        (zipped({"word/document.xml": b""}), "Word"),
        (zipped({"a.txt": b""}), r"\.xlsx, \.xls, \.ods hoặc \.csv"),
        (zipped({"xl/workbook.xml": b"<broken"}), "hỏng"),
    ],
)
def test_refused_with_a_sentence(raw, sentence):
    with pytest.raises(Unreadable, match=sentence):
        open_book(raw, "a.xls")


def test_a_bomb_is_refused_before_it_is_unpacked(monkeypatch):
    monkeypatch.setattr(opening, "LARGEST_UNPACKED", 2**20)
    with pytest.raises(Unreadable, match=r"quá nhiều dữ liệu.*danh sách"):
        open_book(zipped({"xl/workbook.xml": bytes(2**21)}), "a.xlsx")


def test_a_file_that_is_too_heavy_is_refused(monkeypatch):
    monkeypatch.setattr(opening, "LARGEST_FILE", 10)
    with pytest.raises(Unreadable, match="nặng hơn"):
        open_book(b"a,b\n" * 5, "a.csv")


@pytest.mark.parametrize("made", [xlsx_of, lambda rows: csv_of(rows).encode()], ids=["xlsx", "csv"])
def test_columns_too_far_out_are_refused_by_address_unless_blank(made):
    assert len(rows_of(open_book(made([["a"] * 300 + [""] * 5]), "a"))[0]) <= 300
    with pytest.raises(Unreadable, match="Ô KO2 "):
        rows_of(open_book(made([["a", "b"], ["x"] * 301]), "a"))


def test_rows_and_sheets_too_many_are_refused(monkeypatch):
    monkeypatch.setattr(book, "MOST_ROWS", 3)
    assert len(rows_of(open_book(b"a,b\n" * 3, "a.csv"))) == 3
    with pytest.raises(Unreadable, match="dài hơn 3 dòng"):
        rows_of(open_book(b"a,b\n" * 4, "a.csv"))
    workbook = openpyxl.Workbook()
    for _ in range(100):
        workbook.create_sheet()
    with pytest.raises(Unreadable, match="101 trang tính"):
        open_book(saved(workbook), "a.xlsx")


@pytest.mark.parametrize(
    ("place", "name"),
    [((17, 6), "F17"), ((1, 26), "Z1"), ((1, 27), "AA1"), ((9, 300), "KN9"), ((1, 703), "AAA1")],
)
def test_an_address_is_written_as_excel_writes_it(place, name):
    assert address(*place) == name


# The person's own file, marked


def opened_again(raw: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(raw))


def is_red(cell: object) -> bool:
    return cell.fill.fgColor.rgb == "FFFFC7CE"


def a_workbook() -> openpyxl.Workbook:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet.title = "Hộ"
    sheet.append(["Thiếu hụt", None, "Tổng"])
    sheet.append([1, 2, "=A2+B2"])
    sheet.append(["a", "b", "c"])
    sheet.merge_cells("A1:B1")
    sheet["B3"].comment = Comment("Hỏi lại trưởng thôn", "Cán bộ")
    sheet["C3"].comment = Comment("Đã gọi", "Cán bộ")
    sheet.column_dimensions["B"].width = 33
    return workbook


def test_bad_cells_of_a_workbook_are_red_and_say_why_and_the_rest_stands():
    marks = [
        Mark("Hộ", 2, 1, "Năm sinh gồm bốn chữ số, ví dụ 1957."),
        Mark("Hộ", 2, 1, "Ghi cả tháng."),
        Mark("Hộ", 1, 2, "Tiêu đề không rõ."),
        Mark("Hộ", 3, 2, "Chưa có tên."),
        Mark("Không có trang này", 1, 1, "x"),
    ]
    content, name = marked(saved(a_workbook()), "Thôn 1.xlsx", marks)
    sheet = opened_again(content)["Hộ"]
    assert name == "Thôn 1 (đã đánh dấu).xlsx"
    assert sheet["A2"].comment.text == "Năm sinh gồm bốn chữ số, ví dụ 1957.\nGhi cả tháng."
    assert sheet["A2"].comment.author == "Tiếp Cận"
    assert sheet["A1"].comment.text == "Tiêu đề không rõ."
    assert sheet["B3"].comment.text == "Hỏi lại trưởng thôn\n[Tiếp Cận]\nChưa có tên."
    assert sheet["C3"].comment.text == "Đã gọi"
    assert [cell.coordinate for row in sheet for cell in row if is_red(cell)] == ["A1", "A2", "B3"]
    assert (sheet["C2"].value, sheet.column_dimensions["B"].width) == ("=A2+B2", 33)
    assert [str(merged) for merged in sheet.merged_cells.ranges] == ["A1:B1"]


def test_marked_again_the_old_marks_are_gone():
    first, name = marked(
        saved(a_workbook()), "a.xlsx", [Mark("Hộ", 2, 1, "Sai năm."), Mark("Hộ", 3, 2, "Thiếu tên.")]
    )
    second, name = marked(first, name, [Mark("Hộ", 2, 2, "Sai mã.")])
    sheet = opened_again(second)["Hộ"]
    assert name == "a (đã đánh dấu).xlsx"
    assert sheet["A2"].comment is None
    assert sheet["B3"].comment.text == "Hỏi lại trưởng thôn"
    assert [cell.coordinate for row in sheet for cell in row if is_red(cell)] == ["B2"]


@pytest.mark.parametrize(
    "made", [xls_of, ods_of, lambda rows: csv_of(rows).encode()], ids=["xls", "ods", "csv"]
)
def test_of_other_kinds_a_workbook_is_made_with_the_same_cells(made):
    rows = [["", "Danh sách"], ["", "04", "=1+1"], ["", "+84912345678", "@x"]]
    raw = made(rows)
    title = open_book(raw, "Thôn: 1.csv").sheets[0].title
    content, name = marked(raw, "Thôn: 1.csv", [Mark(title, 2, 2, "Sai mã."), Mark(title, 5, 4, "Thiếu.")])
    sheet = opened_again(content).worksheets[0]
    assert name == "Thôn: 1 (đã đánh dấu).xlsx"
    assert [[cell.value or "" for cell in row[:3]] for row in sheet.iter_rows(max_row=3)] == [
        row + [""] * (3 - len(row)) for row in rows
    ]
    assert {cell.data_type for row in sheet for cell in row if cell.value} == {"s"}
    assert (sheet["B2"].comment.text, sheet["B2"].comment.author) == ("Sai mã.", "Tiếp Cận")
    assert sheet["D5"].comment.text == "Thiếu."
    assert is_red(sheet["B2"]) and is_red(sheet["D5"]) and not is_red(sheet["C2"])


def test_a_page_named_xls_keeps_its_merged_cells_when_marked():
    content, _ = marked(PAGE.encode(), "a.xls", [Mark("a", 3, 1, "Tiêu đề không rõ.")])
    sheet = opened_again(content).worksheets[0]
    assert sheet["A2"].comment.text == "Tiêu đề không rõ."
    assert {str(merged) for merged in sheet.merged_cells.ranges} == {"A2:A3", "B2:B3", "C2:D2"}
    assert sheet.row_dimensions[5].hidden


def test_the_limited_child_marks_too():
    content, name = marked_in_child(saved(a_workbook()), "a.xlsx", [Mark("Hộ", 2, 1, "Sai năm.")])
    assert name == "a (đã đánh dấu).xlsx"
    assert opened_again(content)["Hộ"]["A2"].comment.text == "Sai năm."
    content, _ = marked_in_child(csv_of(PEOPLE).encode(), "b.csv", [Mark("b", 2, 1, "Sai số.")])
    assert opened_again(content)["b"]["A2"].comment.text == "Sai số."


def test_what_cannot_be_marked_is_refused_with_a_sentence(monkeypatch):
    with pytest.raises(Unreadable, match=r"\.pdf"):
        marked_in_child(b"%PDF-1.7", "a.pdf", [])
    monkeypatch.setattr(marking, "LARGEST_MARKED", 10)
    with pytest.raises(Unreadable, match="20 MB"):
        marked_in_child(b"a,b\n" * 5, "a.csv", [])
    monkeypatch.setattr(marking, "LARGEST_MARKED", 100)
    monkeypatch.setattr(marking.limited.sys, "executable", "/bin/false")
    with pytest.raises(Unreadable, match="không đánh dấu được"):
        marked_in_child(b"a,b\n" * 5, "a.csv", [])
