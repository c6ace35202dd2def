"""A wording read from the .docx that an office edited: elements by the names of our styles, every problem with its place.

Only words come out of the file; it is not kept, and nothing that it points to is followed.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from tiepcan.common.folding import accented_key
from tiepcan.intake.document import Unreadable
from tiepcan.intake.styled import StyledParagraph, read_styled
from tiepcan.paperwork.wording.checking import problems_of, quoted
from tiepcan.paperwork.wording.forms import Form
from tiepcan.paperwork.wording.lines import TABLE, Element, Line, Lines, fields_of, words_of
from tiepcan.paperwork.wording.writing import CLOSING, NOT_READ
from tiepcan.paperwork.writing import decree

_STYLES = {
    accented_key(style.name): element
    for style, element in (
        (decree.KIND, Element.KIND),
        (decree.TITLE, Element.TITLE),
        (decree.LETTER_TITLE, Element.TITLE),
        (decree.ADDRESSED, Element.ADDRESSEE),
        (decree.ADDRESSED_TO_MANY, Element.ADDRESSEE),
        (decree.ADDRESSEE, Element.ADDRESSEE),
        (decree.BASIS, Element.BASIS),
        (decree.SECTION, Element.SECTION),
        (decree.HEADING, Element.HEADING),
        (decree.TEXT, Element.TEXT),
        (decree.POINT, Element.POINT),
        (CLOSING, Element.CLOSING),
        (decree.RECIPIENT, Element.RECIPIENT),
        (decree.ANNEX_TITLE, Element.ANNEX),
    )
}
_NOT_READ = {accented_key(style.name) for style in NOT_READ}
_LISTED = {Element.ADDRESSEE, Element.BASIS, Element.RECIPIENT}
_IN_CAPITALS = {Element.KIND, Element.SECTION, Element.ANNEX}
_IN_A_TABLE = {Element.RECIPIENT}
"""Stands in the table that holds the signature; a letter's title in the one of the head."""


@dataclass(frozen=True)
class Read:
    """What came out of a file: the lines; problems that keep it from being used; remarks to be looked at."""

    lines: Lines
    problems: tuple[str, ...]
    remarks: tuple[str, ...]


def read_wording(raw: bytes, name: str, form: Form, known: Sequence[Line] = ()) -> Read:
    """The wording in an edited .docx. `known` are lines that capitals are undone by: Word shows headings in capitals.

    Never raises for a bad file: a problem says what is wrong with it.
    """
    try:
        styled = read_styled(raw, name)
    except Unreadable as problem:
        return Read((), (str(problem),), ())
    remarks = [str(one) for one in styled.remarks]
    before = {line.text.upper(): line for line in (*form.lines, *known)}
    lines: list[Line] = []
    drawn: list[str] = []
    for paragraph in styled.paragraphs:
        line = _line(paragraph, drawn)
        if line is None:
            continue
        if line.element in _IN_CAPITALS and (same := before.get(line.text.upper())):
            line = replace(line, text=same.text)
        if line.element == Element.TITLE and lines and lines[-1].element == Element.TITLE:
            lines[-1] = replace(lines[-1], text=f"{lines[-1].text}\n{line.text}")
            continue
        lines.append(line)
        remarks += _remarks(paragraph, line, len(lines))
    problems = [*map(str, styled.refusals), *drawn, *(str(one) for one in problems_of(lines, form))]
    return Read(tuple(lines), tuple(problems), tuple(remarks))


def _line(paragraph: StyledParagraph, drawn: list[str]) -> Line | None:
    """The line that a paragraph is; None for what no wording holds. What stands in a table of its own is told in `drawn`."""
    style = accented_key(paragraph.style)
    text = _tidy(paragraph.text)
    if not text or style in _NOT_READ:
        return None
    element = _STYLES.get(style, Element.TEXT)
    letter_title = style == accented_key(decree.LETTER_TITLE.name)
    if paragraph.table and element not in _IN_A_TABLE and not letter_title:
        drawn.append(
            f"Bảng {paragraph.table} (“{quoted(text)}”): mẫu không nhận bảng tự kẻ. "
            "Bỏ bảng này; nơi đặt bảng số liệu viết một đoạn riêng {{bảng: tên bảng}}."
        )
        return None
    if letter_title:
        text = re.sub(r"^V/v\s+", "", text, flags=re.IGNORECASE)
    if element == Element.ADDRESSEE:
        text = re.sub(r"^Kính gửi\s*:\s*", "", text, flags=re.IGNORECASE)
    if element in _LISTED:
        text = text.removeprefix("-").strip(" \u00a0;,.")
    if not text or (element == Element.RECIPIENT and accented_key(text).startswith("lưu:")):
        return None
    if element == Element.TEXT and not words_of(text).strip() and _is_a_table(text):
        element = Element.TABLE
    return Line(element, text)


def _is_a_table(text: str) -> bool:
    fields = fields_of(text)
    return len(fields) == 1 and fields[0].of == TABLE


def _tidy(text: str) -> str:
    """Composed letters, blanks once, no invisible marks; a line break stays where it stands, but not inside a field."""
    text = unicodedata.normalize("NFC", text).replace("\t", " ").replace("\u00ad", "")
    text = "".join(c for c in text if c == "\n" or unicodedata.category(c) not in ("Cc", "Cf", "Cs"))
    text = re.sub(r"\{\{[^{}]*\}\}", lambda found: " ".join(found[0].split()), text)
    return "\n".join(filter(None, (re.sub(r" {2,}", " ", line).strip() for line in text.split("\n"))))


def _remarks(paragraph: StyledParagraph, line: Line, number: int) -> Iterator[str]:
    place = f"Đoạn {number} (“{quoted(line.text)}”)"
    if accented_key(paragraph.style) not in _STYLES:
        yield (
            f"{place}: kiểu chữ “{paragraph.style}” không có trong mẫu nên đọc là nội dung. "
            "Nếu là đề mục, chọn kiểu “Heading 1” hoặc “Heading 2” trong Word."
        )
    if paragraph.is_numbered:
        yield f"{place}: Word tự đánh số đoạn này, số ấy không đọc được. Nếu cần số, gõ bằng tay, ví dụ “1.”."
