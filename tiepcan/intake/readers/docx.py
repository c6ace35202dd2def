""".docx: paragraphs and tables in their order, letters of old fonts converted run by run."""

import io
from collections import Counter
from typing import Any

from tiepcan.common.folding import composed
from tiepcan.intake.document import Document, Paragraph, Remark, Row, Table
from tiepcan.intake.encodings import from_tcvn3, from_vni, repair_legacy_letters


class _Fonts:
    """Name of the font that a run is set in: its own, its style's, or its paragraph's, with the styles they rest on.

    Each style is looked up once: python-docx searches all styles anew at every question.
    """

    def __init__(self) -> None:
        self._of_style: dict[tuple[str, str | None], str] = {}

    def of(self, run: Any, paragraph: Any) -> str:
        return (
            run.font.name
            or self._styled("run", run._r.style, run)
            or self._styled("paragraph", paragraph._p.style, paragraph)
        )

    def _styled(self, kind: str, style_id: str | None, owner: Any) -> str:
        key = (kind, style_id)
        if key not in self._of_style:
            style = owner.style
            while style is not None and not style.font.name:
                style = style.base_style
            self._of_style[key] = style.font.name if style is not None else ""
        return self._of_style[key]


def _text(paragraph: Any, fonts: _Fonts, converted: Counter[str]) -> str:
    pieces = []
    for run in paragraph.iter_inner_content():
        runs = run.runs if hasattr(run, "runs") else [run]  # a hyperlink holds runs of its own
        for inner in runs:
            text, font = inner.text, fonts.of(inner, paragraph)
            if not text.isascii() and font.startswith(".Vn"):
                text = from_tcvn3(text, capitals=font.endswith("H"))
                converted["TCVN3 (ABC)"] += 1
            elif not text.isascii() and font.upper().startswith("VNI"):
                text = from_vni(text)
                converted["VNI"] += 1
            elif font.startswith(".Vn") and font.endswith("H"):
                text = text.upper()
            pieces.append(text)
    text, legacy = repair_legacy_letters("".join(pieces))
    if legacy:
        converted[legacy] += 1
    return composed(text)


def _rows(table: Any, where: str, fonts: _Fonts, converted: Counter[str]) -> list[Row]:
    rows = []
    seen: set[Any] = set()
    for number, row in enumerate(table.rows, start=1):
        cells = [""] * row.grid_cols_before
        for cell in row.cells:
            # Word gives a merged cell once for each place that it covers.
            first = cell._tc not in seen
            seen.add(cell._tc)
            cells.append(
                "\n".join(filter(None, (_text(p, fonts, converted) for p in cell.paragraphs)))
                if first
                else ""
            )
        rows.append(Row(tuple(cells), f"{where}, dòng {number}"))
    return rows


def read_docx(raw: bytes) -> Document:
    import docx

    converted: Counter[str] = Counter()
    fonts = _Fonts()
    blocks: list[Paragraph | Table] = []
    paragraphs = tables = 0
    for item in docx.Document(io.BytesIO(raw)).iter_inner_content():
        if hasattr(item, "rows"):
            tables += 1
            where = f"bảng {tables}"
            blocks.append(Table(tuple(_rows(item, where, fonts, converted)), where))
        else:
            paragraphs += 1
            if text := _text(item, fonts, converted):
                blocks.append(Paragraph(text, f"đoạn {paragraphs}"))
    remarks = tuple(
        Remark("encoding_converted", f"Chữ theo bảng mã {name} đã chuyển sang Unicode.", f"{count} chỗ")
        for name, count in converted.items()
    )
    return Document(tuple(blocks), remarks)
