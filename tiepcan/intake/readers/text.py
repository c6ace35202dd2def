"""Plain text and .csv. In plain text a run of lines with tabs is a table."""

import csv
import io

from tiepcan.common.folding import composed
from tiepcan.intake.document import Document, Paragraph, Remark, Row, Table, Unreadable
from tiepcan.intake.encodings import decode


def _decoded(raw: bytes) -> tuple[str, tuple[Remark, ...]]:
    try:
        text, legacy = decode(raw)
    except (ValueError, UnicodeError):
        raise Unreadable(
            "Không nhận ra bảng mã chữ của tệp. Mở tệp bằng Word hoặc Excel, lưu lại dạng .docx hoặc .xlsx rồi tải lên."
        ) from None
    if not legacy:
        return text, ()
    return text, (
        Remark(
            "encoding_converted", f"Chữ trong tệp theo bảng mã {legacy}, đã chuyển sang Unicode.", "cả tệp"
        ),
    )


def read_text(raw: bytes) -> Document:
    text, remarks = _decoded(raw)
    blocks: list[Paragraph | Table] = []
    rows: list[Row] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if "\t" in line.strip(" "):
            rows.append(Row(tuple(composed(cell) for cell in line.split("\t")), f"dòng {number}"))
            continue
        if rows and line.strip():
            blocks.append(Table(tuple(rows), rows[0].where))
            rows = []
        if line.strip():
            blocks.append(Paragraph(composed(line), f"dòng {number}"))
    if rows:
        blocks.append(Table(tuple(rows), rows[0].where))
    return Document(tuple(blocks), remarks)


def read_csv(raw: bytes) -> Document:
    text, remarks = _decoded(raw)
    head = text[:4096]
    delimiter = max(",;\t", key=head.count)
    rows = tuple(
        Row(tuple(composed(cell) for cell in cells), f"dòng {number}")
        for number, cells in enumerate(
            csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), start=1
        )
    )
    return Document((Table(rows, "cả tệp"),), remarks)
