""".pdf with a text layer: lines joined into paragraphs, ruled tables as tables."""

import io
import re
from typing import Any

from tiepcan.common.folding import composed
from tiepcan.intake.document import Document, Paragraph, Remark, Row, Table
from tiepcan.intake.encodings import repair_legacy_letters

MOST_PAGES = 300
_ITEM = re.compile(r"^([-–+•*]|[IVXLC]+\.|\d+[.)]|[a-zđ]\))\s")
_END = re.compile(r"[.:;!?/]$")


def _outside(boxes: list[tuple[float, float, float, float]]) -> Any:
    def keep(item: dict[str, Any]) -> bool:
        x, y = (item["x0"] + item["x1"]) / 2, (item["top"] + item["bottom"]) / 2
        return not any(x0 <= x <= x1 and top <= y <= bottom for x0, top, x1, bottom in boxes)

    return keep


def _paragraphs(lines: list[dict[str, Any]], where: str) -> list[tuple[float, Paragraph]]:
    """Lines joined: a line goes on with the one before when that one was full and neither begins nor ends an item."""
    if not lines:
        return []
    left, right = min(line["x0"] for line in lines), max(line["x1"] for line in lines)
    joined: list[tuple[float, list[str]]] = []
    before = None
    for line in lines:
        text = line["text"].strip()
        goes_on = (
            before is not None
            and before["x1"] > right - 0.12 * (right - left)
            and line["top"] - before["bottom"] < 1.2 * (line["bottom"] - line["top"])
            and not _ITEM.match(text)
            and not _END.search(before["text"].strip())
        )
        if goes_on:
            joined[-1][1].append(text)
        else:
            joined.append((line["top"], [text]))
        before = line
    return [
        (top, Paragraph(" ".join(texts), f"{where}, đoạn {n}"))
        for n, (top, texts) in enumerate(joined, start=1)
    ]


_COLUMN_GAP = 36.0
"""Points of blank inside a line that no justified text leaves: two columns stand side by side there."""


def _columns_apart(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Lines cut where two columns stand side by side, as in the head and at the signature of a paper."""
    cut: list[dict[str, Any]] = []
    for line in lines:
        chars = [c for c in line["chars"] if c["text"].strip()]
        starts = [0, *(n for n in range(1, len(chars)) if chars[n]["x0"] - chars[n - 1]["x1"] > _COLUMN_GAP)]
        if len(starts) == 1:
            cut.append(line)
            continue
        text, at = line["text"], 0
        for first, after in zip(starts, [*starts[1:], len(chars)], strict=True):
            piece, wanted = "", after - first
            while at < len(text) and wanted:
                piece += text[at]
                wanted -= bool(text[at].strip())
                at += 1
            cut.append({**line, "text": piece, "x0": chars[first]["x0"], "x1": chars[after - 1]["x1"]})
    return cut


def read_pdf(raw: bytes) -> Document:
    import pdfplumber

    blocks: list[Paragraph | Table] = []
    legacy: set[str] = set()

    def clean(text: str | None) -> str:
        repaired, name = repair_legacy_letters(composed(text or ""))
        if name:
            legacy.add(name)
        return repaired

    with pdfplumber.open(io.BytesIO(raw)) as pdf:
        letters = 0
        for page in pdf.pages[:MOST_PAGES]:
            where = f"trang {page.page_number}"
            letters += len(page.chars)
            found = page.find_tables()
            lines = page.filter(_outside([t.bbox for t in found])).extract_text_lines() if page.chars else []
            placed: list[tuple[float, Paragraph | Table]] = [
                (top, Paragraph(clean(p.text), p.where))
                for top, p in _paragraphs(_columns_apart(lines), where)
            ]
            for table in found:
                rows = tuple(
                    Row(tuple(clean(cell) for cell in cells), f"{where}, dòng {number} của bảng")
                    for number, cells in enumerate(table.extract(), start=1)
                )
                placed.append((table.bbox[1], Table(rows, where)))
            blocks += [block for _, block in sorted(placed, key=lambda pair: pair[0])]
            page.close()
        pages = len(pdf.pages)
    remarks = [
        Remark("encoding_converted", f"Chữ theo bảng mã {name} đã chuyển sang Unicode.", "cả tệp")
        for name in sorted(legacy)
    ]
    if not letters:
        remarks.append(
            Remark(
                "scan_without_text",
                f"Tệp có {pages} trang nhưng chỉ là ảnh chụp, không có chữ để đọc. "
                "Xin bản .docx, hoặc bản .pdf xuất từ Word, của nơi ban hành.",
                "cả tệp",
            )
        )
    return Document(tuple(blocks), tuple(remarks))
