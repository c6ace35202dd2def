"""Which kind of list a file really is, told by its bytes and not by its name, and what opens it."""

import re

from tiepcan.intake import formats
from tiepcan.intake.document import Unreadable
from tiepcan.intake.sheets.book import Book
from tiepcan.intake.sheets.html import open_html
from tiepcan.intake.sheets.separated import open_separated
from tiepcan.intake.sheets.workbooks import open_workbook

LARGEST_FILE = 200 * 2**20
LARGEST_UNPACKED = 1536 * 2**20
"""Bytes: 1,000,000 rows of 15 columns are 100 MB of .csv, or 70 MB of .xlsx that unpack to 700 MB."""
_PICTURES = (b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"II*\0", b"MM\0*")
READABLE = ".xlsx, .xls, .ods hoặc .csv"
_SAVE_AS = "Mở tệp bằng Excel, chọn Lưu thành (Save As), kiểu “Excel Workbook (*.xlsx)”, rồi tải lên tệp ấy."


def open_book(raw: bytes, name: str) -> Book:
    """The book in these bytes. Raises Unreadable with a sentence. Runs foreign parsers: only in the limited child."""
    kind = _kind(raw)
    if kind == "csv":
        return open_separated(raw, name)
    if kind == "html":
        return open_html(raw, name)
    return open_workbook(raw, kind)


def _kind(raw: bytes) -> str:
    """xlsx, xls, ods, csv or html."""
    head = raw[:4096]
    if not head.strip() and not raw.strip():
        raise Unreadable("Tệp trống. Chọn lại tệp danh sách.")
    if len(raw) > LARGEST_FILE:
        raise Unreadable(
            f"Tệp nặng hơn {LARGEST_FILE // 2**20} MB. Chia thành nhiều tệp rồi tải lên từng tệp."
        )
    if raw.startswith(b"PK"):
        kind = formats.inside_zip(raw, largest=LARGEST_UNPACKED, wanted="tệp danh sách", readable=READABLE)
        if kind == "docx":
            raise Unreadable(
                "Đây là văn bản Word. Chép bảng sang một trang tính Excel, lưu .xlsx rồi tải lên."
            )
        return kind
    if raw.startswith(_PICTURES) or raw[4:8] == b"ftyp" or raw[:4] + raw[8:12] == b"RIFFWEBP":
        raise Unreadable(
            f"Đây là ảnh hoặc video, máy không đọc chữ trong đó. Xin bản {READABLE} của nơi lập danh sách rồi tải lên."
        )
    if b"%PDF-" in head[:1024]:
        raise Unreadable(f"Đây là tệp .pdf. Xin bản {READABLE} của nơi lập danh sách rồi tải lên.")
    if raw.startswith(b"\xd0\xcf\x11\xe0"):
        return _kind_of_compound(raw)
    return _kind_of_text(raw, head)


def _kind_of_compound(raw: bytes) -> str:
    def has(stream: str) -> bool:
        return stream.encode("utf-16-le") in raw

    if has("EncryptedPackage"):
        raise Unreadable("Tệp có mật khẩu. Bỏ mật khẩu rồi tải lên lần nữa.")
    if has("WordDocument") and not has("Workbook"):
        raise Unreadable(
            "Đây là tệp .doc của Word. Chép bảng sang một trang tính Excel, lưu .xlsx rồi tải lên."
        )
    return "xls"


def _kind_of_text(raw: bytes, head: bytes) -> str:
    words = head.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower()
    if words.startswith(b"{\\rtf"):
        raise Unreadable(
            "Đây là văn bản dạng RTF. Chép bảng sang một trang tính Excel, lưu .xlsx rồi tải lên."
        )
    if words.startswith(b"mime-version:"):
        raise Unreadable(f"Đây là trang web lưu một tệp (.mht). {_SAVE_AS}")
    if re.match(rb"<[!?a-z]", words):
        if b"<workbook" in words and b"schemas-microsoft-com:office:spreadsheet" in words:
            raise Unreadable(f"Đây là bảng tính dạng XML 2003. {_SAVE_AS}")
        if b"<table" in words or b"<table" in raw.replace(b"\0", b"").lower():
            return "html"
        raise Unreadable(f"Đây là trang web hoặc tệp XML, trong đó không có bảng. Tải lên tệp {READABLE}.")
    marked = raw.startswith((b"\xff\xfe", b"\xfe\xff"))
    if 0 < head.count(0) * 20 < len(head) and not marked:
        raise Unreadable(f"Không phải tệp danh sách. Tải lên tệp {READABLE}.")
    return "csv"
