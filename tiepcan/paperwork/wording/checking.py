"""What is wrong with a wording, each with its place: the paragraph's number and how it begins."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from tiepcan.common.folding import composed
from tiepcan.paperwork.wording.forms import Form
from tiepcan.paperwork.wording.lines import TABLE, Element, Line, Lines, Named, fields_of, key, words_of

MOST_LINES, LONGEST_LINE = 400, 6_000
_QUOTED = 40
_LEAST_LIKE = 60
_CODE = re.compile(r"\{%|%\}|\{#|#\}|<%|%>|\$\{")
_PLAIN_NAME = re.compile(r"[^\W_](?:[^\W_]|[ ,/\-–—‐‑])*")
_AROUND = " \"'‘’“”«»"
"""Around a name: Word turns straight quotes into curly ones, and people quote what they copy."""
_ONE_EACH = (Element.KIND, Element.TITLE)
"""Stand once in a paper, so that no list can repeat them."""


@dataclass(frozen=True)
class Problem:
    """Something wrong with one paragraph (number from 1, how it begins), or with the whole when the number is 0."""

    number: int
    quote: str
    message: str

    def __str__(self) -> str:
        if not self.number:
            return self.message[:1].upper() + self.message[1:]
        return f"Đoạn {self.number} (“{self.quote}”): {self.message}"


def quoted(text: str) -> str:
    """How a paragraph begins."""
    text = " ".join(text.split())
    return text if len(text) <= _QUOTED else f"{text[:_QUOTED].rstrip()}…"


def problems_of(lines: Sequence[Line], form: Form) -> list[Problem]:
    """Everything that keeps a wording from being used for a form; empty when it can be."""
    if len(lines) > MOST_LINES:
        return [Problem(0, "", f"Mẫu dài hơn {MOST_LINES} đoạn. Tải lên đúng tệp mẫu lời văn.")]
    found = [
        Problem(number, quoted(line.text), message)
        for number, line in enumerate(lines, start=1)
        for message in _of_line(line, form)
    ]
    return [*found, *_of_the_whole(tuple(lines), form)]


def _of_line(line: Line, form: Form) -> Iterator[str]:
    if len(line.text) > LONGEST_LINE:
        yield f"dài hơn {LONGEST_LINE} chữ. Tách thành nhiều đoạn."
        return
    if problem := _broken(line.text):
        yield problem
        return
    fields = fields_of(line.text)
    for field in fields:
        if problem := _unknown(field, form):
            yield problem
    yield from _misplaced(line, fields)


def _broken(text: str) -> str:
    """Braces that do not pair, and marks of programs."""
    if code := _CODE.search(text):
        return f"“{code[0]}” là ký hiệu lập trình. Mẫu lời văn chỉ nhận tên trường trong hai dấu ngoặc: {{{{tên trường}}}}."
    left = words_of(text)
    if "{{" in left:
        return f"chưa đóng ngoặc ở “{quoted(left[left.index('{{') :])}”. Sau tên trường viết đủ hai dấu }}}}."
    if "}}" in left:
        return "thừa dấu }}. Trước tên trường viết đủ hai dấu {{."
    return ""


def _unknown(field: Named, form: Form) -> str:
    plain = composed(field.written)
    if not plain:
        return "ngoặc {{}} để trống. Viết tên trường vào giữa, hoặc bỏ ngoặc."
    if not all(_PLAIN_NAME.fullmatch(part.strip(_AROUND)) for part in plain.split(":", 1)):
        return (
            f"“{plain}” giống lệnh lập trình. Trong ngoặc chỉ viết tên trường bằng chữ, như trong danh sách trường "
            "của biểu mẫu."
        )
    if (field.of, field.name) in form.known:
        return ""
    return f"không có trường “{plain}”.{_suggestion(field, form)}"


def _suggestion(field: Named, form: Form) -> str:
    names = {notation: key(notation) for notation in form.notations}
    wanted = f"{field.of}: {field.name}" if field.of else field.name
    found = process.extractOne(wanted, names, scorer=fuzz.ratio, score_cutoff=_LEAST_LIKE)
    return f" Có phải “{found[2]}”?" if found else " Xem danh sách trường của biểu mẫu."


def _misplaced(line: Line, fields: Sequence[Named]) -> Iterator[str]:
    lists = sorted({field.of for field in fields if field.of and field.of != TABLE})
    names = {field.of: field.written.partition(":")[0] for field in fields}
    if len(lists) > 1:
        both = " và ".join(f"“{names[one]}”" for one in lists)
        yield f"một đoạn chỉ lặp theo một danh sách, ở đây có {both}. Tách thành hai đoạn."
    if lists and line.element in _ONE_EACH:
        yield f"“{names[lists[0]]}” lặp nhiều lần nên không đặt ở {line.element.lower()} được."
    if any(field.of == TABLE for field in fields) and line.element != Element.TABLE:
        yield "bảng phải đứng riêng một đoạn nội dung, không có chữ nào khác."


def _of_the_whole(lines: Lines, form: Form) -> Iterator[Problem]:
    for element in _ONE_EACH:
        places = [number for number, line in enumerate(lines, start=1) if line.element == element]
        if element == Element.KIND and form.is_letter:
            for number in places:
                yield Problem(
                    number, quoted(lines[number - 1].text), "công văn không có tên loại. Bỏ đoạn này."
                )
        elif not places:
            yield Problem(0, "", f"thiếu đoạn {element.lower()} (kiểu chữ “{element}”).")
        for number in places[1:]:
            if not (element == Element.KIND and form.is_letter):
                yield Problem(
                    number, quoted(lines[number - 1].text), f"đã có một đoạn {element.lower()} ở trên."
                )
    for place in form.tables:
        at = [
            number
            for number, line in enumerate(lines, start=1)
            if any(field.of == TABLE and field.name == key(place.name) for field in fields_of(line.text))
        ]
        if not at:
            yield Problem(
                0, "", f"thiếu bảng “{place.name}”. Thêm một đoạn riêng: {{{{bảng: {place.name}}}}}."
            )
        for number in at[1:]:
            message = f"bảng “{place.name}” đã đặt ở đoạn {at[0]}. Mỗi bảng đặt một lần."
            yield Problem(number, quoted(lines[number - 1].text), message)
