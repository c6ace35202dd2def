"""Papers of every kind, and what their files say to who reads them, whatever they look like."""

import io
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import docx
import pdfplumber
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph
from pdfminer.pdftypes import PDFObjRef, resolve1
from pdfminer.psparser import PSLiteral

from tiepcan.paperwork.writing.records import (
    Annex,
    Grid,
    HeadCell,
    Heading,
    Mark,
    Paper,
    Point,
    Section,
    Signature,
    Text,
)

MARK = Mark("TC-7K3M-92QF", "https://tiepcan.example.vn/doi-chieu/TC-7K3M-92QF")
FOUR = tuple(HeadCell(text) for text in ("Chỉ tiêu", "Đã ghi nhận", "Đã xác minh", "Tỷ lệ (%)"))


def a_grid(rows: int, mark: Mark | None = None) -> Grid:
    return Grid(
        heads=(
            (
                HeadCell("STT", down=2),
                HeadCell("Phường, xã", down=2),
                HeadCell("Hộ nghèo cuối năm 2018", down=2),
                HeadCell("Dịch vụ viễn thông", across=4),
                HeadCell("Tài sản", across=4),
            ),
            (*FOUR, *FOUR),
        ),
        rows=tuple(
            (str(n), f"Phường số {n}", "26", "6", "3", "2", "33,3", "1", "1", "0", "0,0")
            for n in range(1, rows + 1)
        ),
        total=("", "Tổng cộng", "920", "200", "120", "90", "45,0", "21", "12", "9", "42,9"),
        widths_mm=(11, 37, 17, *(12.5,) * 8),
        align=("center", "left", *("right",) * 9),
        mark=mark,
    )


SIGNER = Signature(("TM. Ủy ban nhân dân", "KT. Chủ tịch"), "Phó Chủ tịch", "Nguyễn Văn Giả Tưởng")
ANNEX = Annex("Kết quả theo phường, xã", "Báo cáo số 05/BC-UBND", (a_grid(35, MARK),), landscape=True)
REPORT = Paper(
    parent_body="UBND tỉnh Thanh Hóa",
    issuing_body="Ủy ban nhân dân thành phố Thanh Hóa",
    symbol="BC-UBND",
    place="Thanh Hóa",
    kind="Báo cáo",
    title="Kết quả giảm nghèo thông tin 6 tháng đầu năm 2021",
    number="5",
    issued_on=date(2021, 2, 5),
    addressed_to=("Sở Thông tin và Truyền thông",),
    bases=("Căn cứ Quyết định số 353/QĐ-UBND", "Căn cứ Kế hoạch số 113/KH-STTTT;"),
    body=(
        Text("Ủy ban nhân dân thành phố báo cáo như sau:"),
        Section("I. Tình hình triển khai"),
        Heading("1. Công tác chỉ đạo"),
        Point("a) Dịch vụ viễn thông: 90/200 hộ."),
        Text("Trên đây là báo cáo của thành phố./."),
    ),
    signature=SIGNER,
    recipients=("Như trên", "- UBND các phường, xã;"),
    drafting="VHTT",
    annexes=(ANNEX,),
)
LETTER = replace(
    REPORT,
    kind="",
    symbol="UBND-VHTT",
    title="báo cáo kết quả thực hiện kế hoạch giảm nghèo thông tin năm 2021",
    number=None,
    issued_on=None,
    year=2021,
    addressed_to=("Sở Nội vụ", "Sở Tài chính"),
    bases=(),
    annexes=(),
    foot_note="Địa chỉ: số 1 đường Ví Dụ, thành phố Thanh Hóa",
)
PLAN = replace(
    REPORT,
    kind="Kế hoạch",
    symbol="KH-UBND",
    title="Triển khai kế hoạch\ngiảm nghèo thông tin",
    addressed_to=(),
    body=(*REPORT.body, replace(a_grid(3, MARK), caption="Bảng 1. Chỉ tiêu"), Text("Trong 30 ngày.")),
    annexes=(
        ANNEX,
        Annex("Danh sách", None, (Text("Nội dung một.\nNội dung hai."), Point("- Ý."), a_grid(2))),
    ),
)
PARTNER = Signature(("Giám đốc một doanh nghiệp có tên rất dài",), "Giám đốc", "Trần Thị Giả Định")
MINUTES = replace(REPORT, kind="Biên bản", symbol="BB-UBND", beside=PARTNER, annexes=())
URGENT = replace(REPORT, urgency="THƯỢNG KHẨN", drafter_sign="nva", copies=30, annexes=())
OF_2019 = replace(REPORT, issued_on=date(2019, 2, 5), rules="circular-01")
LONG_TITLE = replace(
    REPORT, title="Kết quả thực hiện kế hoạch giảm nghèo về thông tin, " * 6, parent_body=None, annexes=()
)
MANY_RECIPIENTS = replace(REPORT, recipients=tuple(f"UBND phường số {n}" for n in range(1, 41)))
LIST = Grid(
    heads=(
        (HeadCell("STT", down=2), HeadCell("Phường, xã", down=2), HeadCell("Số hộ", across=2)),
        (HeadCell("Nghèo"), HeadCell("Cận nghèo")),
    ),
    rows=tuple((str(n), f"Xã {n}", str(n % 40), "7") for n in range(1, 636)),
    total=("", "Tổng cộng", "12.345", "4.445"),
    widths_mm=(15, 80, 35, 35),
    align=("center", "left", "right", "right"),
    mark=MARK,
)
WHOLE_PROVINCE = replace(REPORT, annexes=(Annex("Danh sách phường, xã", None, (LIST,)),))

PAPERS = {
    "report": REPORT,
    "letter": LETTER,
    "plan": PLAN,
    "minutes": MINUTES,
    "urgent": URGENT,
    "of 2019": OF_2019,
    "long title": LONG_TITLE,
    "40 recipients": MANY_RECIPIENTS,
}


def without_blanks(text: str) -> str:
    return re.sub(r"\s+", "", text)


def paragraphs_of(content: bytes) -> list[Paragraph]:
    """Every paragraph of a .docx in its order, those in tables too."""
    document = docx.Document(io.BytesIO(content))
    return [Paragraph(p, document) for p in document.element.body.iter(qn("w:p"))]


def said_by_docx(content: bytes) -> str:
    return without_blanks("".join(p.text for p in paragraphs_of(content)))


def said_by_pdf(content: bytes) -> str:
    """What a screen reader reads out: the text in the order of the tags, without what is marked as decoration."""
    with pdfplumber.open(io.BytesIO(content)) as opened:
        return said_in(opened)


def said_in(opened: pdfplumber.PDF) -> str:
    texts: dict[tuple[object, int], str] = defaultdict(str)
    for page in opened.pages:
        number = 0
        for char in page.chars:
            # A stretch within a stretch, of letters that are drawn in pieces, has no number of its own.
            number = number if char["mcid"] is None else char["mcid"]
            if char["tag"] != "Artifact":
                texts[page.page_obj.pageid, number] += char["text"]
    marked = list(_marked(opened.doc.catalog["StructTreeRoot"], None))
    assert set(marked) >= set(texts)
    return without_blanks("".join(texts[place] for place in marked))


def _marked(node: object, page: object) -> Iterator[tuple[object, int]]:
    """Page and number of each piece of content below an element of the tree."""
    if isinstance(node, int):
        yield page, node
        return
    node = resolve1(node)
    if isinstance(node, list):
        for kid in node:
            yield from _marked(kid, page)
    elif isinstance(node, dict):
        page = node["Pg"].objid if isinstance(node.get("Pg"), PDFObjRef) else page
        yield from _marked(node.get("MCID", node.get("K", [])), page)


def tags_of(content: bytes) -> list[dict[str, object]]:
    """Every element of the tree of tags, in its order."""
    with pdfplumber.open(io.BytesIO(content)) as opened:
        return list(_elements(opened.doc.catalog["StructTreeRoot"]))


def _elements(node: object) -> Iterator[dict[str, object]]:
    node = resolve1(node)
    if isinstance(node, list):
        for kid in node:
            yield from _elements(kid)
    elif isinstance(node, dict):
        if isinstance(kind := node.get("S"), PSLiteral):
            yield {**node, "S": kind.name}
        yield from _elements(node.get("K", []))
