"""What the decree asks of a paper's form and a draft lacks: one sentence each, with where to mend it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from tiepcan.common.folding import folded_key
from tiepcan.paperwork.kinds import ASKS_FOR_ADDRESSEE, ASKS_FOR_BASES, KINDS
from tiepcan.paperwork.models import Document
from tiepcan.paperwork.recipients import targets_of
from tiepcan.paperwork.writing.plain import grids_of
from tiepcan.paperwork.writing.records import Grid, Paper

RULES = {
    "decree-30": "Nghị định 30/2020/NĐ-CP",
    "circular-01": "Thông tư 01/2011/TT-BNV",
}
LONGEST_TITLE = 500
"""Characters of the field Subject: Decree 30/2020/NĐ-CP, Appendix VI."""
_SHORT_DAY = re.compile(r"\b(\d{1,2})/(\d{1,2})/(\d{4})\b")


class Tone(StrEnum):
    """How a point of the check stands, as status marks have it."""

    FINE = "ok"
    LACKING = "late"
    DOUBTFUL = "soon"


@dataclass(frozen=True)
class Point:
    """One point of the check: what it says, and what can be done about it.

    `add` is a line to add to the recipients with one press; `key` names a doubt that can be kept as it is.
    """

    key: str
    tone: Tone
    sentence: str
    add: str = ""


def checked(document: Document) -> list[Point]:
    """Every point of the form; doubts that somebody looked at and kept count as fine."""
    paper = document.says
    found = [
        *_heads(paper),
        *_symbol(document),
        *_title(paper, document.kind),
        *_bases(paper, document.kind),
        *_addressees(paper, document.kind),
        *_text(paper),
        *_days(paper),
        *_tables(document),
        *_recipients(paper, document),
    ]
    return [
        Point(one.key, Tone.FINE, one.sentence)
        if one.tone == Tone.DOUBTFUL and one.key in document.kept
        else one
        for one in found
    ]


def _heads(paper: Paper) -> Iterator[Point]:
    if not paper.issuing_body.strip() or not paper.place.strip():
        yield Point("bodies", Tone.LACKING, "Thiếu tên cơ quan ban hành hoặc địa danh.")
        return
    yield Point("bodies", Tone.FINE, f"Quốc hiệu, tiêu ngữ, tên cơ quan: đúng {RULES[paper.rules]}.")


def _symbol(document: Document) -> Iterator[Point]:
    first = document.symbol.split("-", 1)[0]
    if document.kind == "" and first not in KINDS and document.says.kind.strip():
        yield Point(
            "symbol",
            Tone.DOUBTFUL,
            f"Ký hiệu {document.symbol}: “{first}” không có trong bảng chữ viết tắt tên loại văn bản của Nghị định.",
        )
        return
    yield Point("symbol", Tone.FINE, f"Số, ký hiệu: …/{document.symbol}, số cấp khi phát hành.")


def _title(paper: Paper, kind: str) -> Iterator[Point]:
    title = " ".join(paper.title.split())
    if not title:
        yield Point("title", Tone.LACKING, "Thiếu trích yếu.")
    elif len(title) > LONGEST_TITLE:
        yield Point(
            "title",
            Tone.LACKING,
            f"Trích yếu dài {len(title)} chữ cái; văn bản điện tử nhận tối đa {LONGEST_TITLE}.",
        )
    elif title.endswith("."):
        yield Point("title", Tone.DOUBTFUL, "Trích yếu không có dấu chấm ở cuối.")
    else:
        yield Point("title", Tone.FINE, f"Trích yếu: “{title}”.")


def _bases(paper: Paper, kind: str) -> Iterator[Point]:
    bases = [one for one in paper.bases if one.strip()]
    if kind in ASKS_FOR_BASES and not bases:
        yield Point("bases", Tone.DOUBTFUL, "Chưa có căn cứ ban hành (“Căn cứ …”).")
    elif bases:
        yield Point("bases", Tone.FINE, f"Căn cứ: {len(bases)}.")


def _addressees(paper: Paper, kind: str) -> Iterator[Point]:
    if kind in ASKS_FOR_ADDRESSEE and not any(one.strip() for one in paper.addressed_to):
        name = KINDS[kind].lower()
        yield Point("addressed", Tone.LACKING, f"Thiếu “Kính gửi”: {name} phải ghi nơi được kính gửi.")


def _text(paper: Paper) -> Iterator[Point]:
    texts = [block.text for block in paper.body if not isinstance(block, Grid) and block.text.strip()]
    if not texts:
        yield Point("text", Tone.LACKING, "Văn bản chưa có nội dung.")
    elif "…" in " ".join(texts) or "..." in " ".join(texts):
        yield Point("blanks", Tone.DOUBTFUL, "Trong nội dung còn chỗ để “…”.")


def _days(paper: Paper) -> Iterator[Point]:
    """Days below 10 and months 1 and 2 have a leading zero in running text as well: Appendix I, part I, section II.4."""
    for text in (block.text for block in paper.body if not isinstance(block, Grid)):
        for found in _SHORT_DAY.finditer(text):
            day, month = found[1], found[2]
            if len(day) == 1 or (len(month) == 1 and month in "12"):
                yield Point(
                    f"day:{found[0]}",
                    Tone.DOUBTFUL,
                    f"Ngày viết “{found[0]}”: ngày dưới 10 và tháng 1, 2 có số 0 phía trước.",
                )


def _tables(document: Document) -> Iterator[Point]:
    grids = list(grids_of(document.says))
    count, computed = len(grids), sum(grid.key in document.sources for grid in grids)
    if count:
        said = (
            f"{computed} bảng tính từ số liệu, {count - computed} bảng chữ" if computed else f"{count} bảng"
        )
        yield Point("tables", Tone.FINE, f"Bảng: {said}; mỗi bảng được cấp một mã đối chiếu khi trình ký.")


def _is_reached(line: str, document: Document, paper: Paper) -> bool:
    """Whether a line that the plan names stands in the paper, or means nobody but who gets it by another line."""
    if folded_key(line).strip(" .;") in folded_key("; ".join([*paper.recipients, *paper.addressed_to])):
        return True
    meant = {one.organisation.pk if one.organisation else None for one in targets_of(line, document.body)}
    return meant <= set(document.dispatches.exclude(organisation=None).values_list("organisation", flat=True))


def _recipients(paper: Paper, document: Document) -> Iterator[Point]:
    if not any(one.strip() for one in paper.recipients):
        yield Point("recipients", Tone.LACKING, "Thiếu “Nơi nhận”.")
    missing = [line for line in document.expected if not _is_reached(line, document, paper)]
    for line in missing:
        yield Point(f"recipient:{line}", Tone.DOUBTFUL, f"Nơi nhận thiếu “{line}” mà kế hoạch nêu.", add=line)
    if paper.recipients and not missing:
        yield Point(
            "recipients", Tone.FINE, f"Nơi nhận: {len(paper.recipients)} dòng, sau cùng là “Lưu: VT”."
        )
