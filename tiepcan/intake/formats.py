"""Which format a file really is, told by its bytes and not by its name, and which reader reads it."""

import io
import zipfile
from collections.abc import Callable

from tiepcan.intake.document import LARGEST_FILE, Document, Paragraph, Table, Unreadable

LARGEST_UNPACKED = 150 * 2**20
MOST_ENTRIES = 2_000
MOST_BLOCKS = 20_000
LONGEST_PARAGRAPH = 20_000
MOST_LETTERS = 600_000
"""Letters, and paragraphs and rows: far above any administrative paper, low enough to be searched at once."""
READABLE = ".docx, .pdf, .txt, .xlsx, .xls, .ods hoặc .csv"


def inside_zip(
    raw: bytes, *, largest: int = LARGEST_UNPACKED, wanted: str = "tệp kế hoạch", readable: str = READABLE
) -> str:
    """Format of a zip archive, after its directory alone showed that it is safe to unpack.

    `largest` in bytes unpacked; `wanted` and `readable` say in the refusal what to bring instead.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError):
        raise Unreadable(
            "Tệp bị hỏng, không mở được. Mở tệp trên máy của anh/chị, lưu lại rồi tải lên lần nữa."
        ) from None
    if len(entries) > MOST_ENTRIES or sum(entry.file_size for entry in entries) > largest:
        raise Unreadable(
            f"Tệp nén chứa quá nhiều dữ liệu so với một văn bản nên không mở. Tải lên đúng {wanted}."
        )
    if any(entry.flag_bits & 1 for entry in entries):
        raise Unreadable("Tệp có mật khẩu. Bỏ mật khẩu rồi tải lên lần nữa.")
    names = {entry.filename for entry in entries}
    if "word/document.xml" in names:
        return "docx"
    if "xl/workbook.xml" in names:
        return "xlsx"
    if "content.xml" in names and b"opendocument.spreadsheet" in raw[:200]:
        return "ods"
    raise Unreadable(f"Đây là tệp nén, không phải văn bản đọc được. Tải lên tệp {readable}.")


def format_of(raw: bytes, name: str) -> str:
    """docx, xlsx, ods, pdf, xls, csv or txt. Raises Unreadable for anything else, empty or too large."""
    if not raw.strip():
        raise Unreadable("Tệp trống. Chọn lại tệp kế hoạch.")
    if len(raw) > LARGEST_FILE:
        raise Unreadable(
            f"Tệp nặng hơn {LARGEST_FILE // 2**20} MB. Bỏ bớt ảnh trong tệp, hoặc xuất lại từ Word, rồi tải lên."
        )
    if raw.startswith(b"PK"):
        return inside_zip(raw)
    if b"%PDF-" in raw[:1024]:
        return "pdf"
    if raw.startswith(b"\xd0\xcf\x11\xe0"):
        if "WordDocument".encode("utf-16-le") in raw:
            raise Unreadable("Đây là tệp .doc của Word đời cũ. Mở bằng Word, lưu thành .docx rồi tải lên.")
        if "EncryptedPackage".encode("utf-16-le") in raw:
            raise Unreadable("Tệp có mật khẩu. Bỏ mật khẩu rồi tải lên lần nữa.")
        return "xls"
    if (
        raw[:2048].count(0)
        and not raw.startswith((b"\xff\xfe", b"\xfe\xff"))
        and raw.count(0) * 20 < len(raw)
    ):
        raise Unreadable(f"Không phải tệp văn bản. Tải lên tệp {READABLE}.")
    if raw[:64].lstrip().startswith((b"{\\rtf", b"<!DOCTYPE", b"<html", b"<?xml")):
        raise Unreadable(f"Tệp {name} là dạng RTF hoặc trang web. Mở bằng Word, lưu thành .docx rồi tải lên.")
    ending = name.lower().rpartition(".")[2]
    if ending in ("docx", "pdf", "xlsx", "xls", "ods"):
        raise Unreadable(
            f"Tệp mang đuôi .{ending} nhưng bên trong chỉ là chữ. Mở bằng Word hoặc Excel, lưu lại rồi tải lên."
        )
    return "csv" if ending == "csv" else "txt"


def read(raw: bytes, name: str) -> Document:
    """The file's content. Runs a foreign parser: call it only inside the limited child process."""
    from tiepcan.intake.readers import docx, pdf, text, workbook

    readers: dict[str, Callable[[bytes], Document]] = {
        "docx": docx.read_docx,
        "pdf": pdf.read_pdf,
        "xlsx": workbook.read_xlsx,
        "xls": workbook.read_xls_or_ods,
        "ods": workbook.read_xls_or_ods,
        "csv": text.read_csv,
        "txt": text.read_text,
    }
    document = readers[format_of(raw, name)](raw)
    _refuse_what_is_no_paper(document)
    return document


def _refuse_what_is_no_paper(document: Document) -> None:
    paragraphs = [block.text for block in document.blocks if isinstance(block, Paragraph)]
    cells = [row.cells for block in document.blocks if isinstance(block, Table) for row in block.rows]
    texts = [*paragraphs, *(cell for row in cells for cell in row)]
    letters = [len(text) for text in texts]
    if (
        len(paragraphs) + len(cells) > MOST_BLOCKS
        or max(letters, default=0) > LONGEST_PARAGRAPH
        or sum(letters) > MOST_LETTERS
    ):
        raise Unreadable(
            "Tệp dài hơn mọi văn bản hành chính nên không đọc. Tải lên đúng tệp kế hoạch, không kèm dữ liệu khác."
        )
