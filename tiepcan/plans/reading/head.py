"""The head of a paper: number, day, place, kind, title, issuer."""

import re

from tiepcan.common.folding import accented_key
from tiepcan.plans.reading import words
from tiepcan.plans.reading.records import Reading, Source
from tiepcan.plans.reading.text import Line, is_heading, places

_BODY_BEGINS = re.compile(
    r"^(Căn cứ|Thực hiện|Theo|Xét|Nhằm|Để|Kính gửi|Ngày|Trên cơ sở|Tiếp tục)\b", re.IGNORECASE
)
_NEVER_A_TITLE = re.compile(r"^(Căn cứ|Kính gửi|Xét)\b", re.IGNORECASE)
_AGENCY = re.compile(
    r"^(ỦY BAN|UỶ BAN|UBND|HỘI ĐỒNG|HĐND|SỞ|BỘ|PHÒNG|TỈNH|THÀNH PHỐ|QUẬN|HUYỆN|THỊ XÃ|PHƯỜNG|XÃ)\b"
)
_APPENDED = re.compile(r"[Kk]èm theo.+?\bcủa\s+(?P<issuer>[^)]+)\)")
_KIND_KEYS = {accented_key(kind): kind for kind in words.KINDS}
_HEAD_LINES = 25


def read_head(lines: list[Line], reading: Reading) -> int:
    """Fill the plain fields of the reading; returns the index of the line where the body begins."""
    top = lines[:_HEAD_LINES]
    for line in top:
        if reading.symbol is None and (found := words.NUMBER_LINE.search(line.text)):
            reading.number = found["number"]
            reading.symbol = words.one_symbol(found["symbol"])
            reading.sources["symbol"] = Source(line.where, found[0])
            if reading.number:
                reading.sources["number"] = Source(line.where, found[0])
        rest = words.NUMBER_LINE.sub(" ", line.text)
        if reading.issued_on is None and (found := words.PLACE_AND_DAY.search(rest)):
            reading.issued_on, reading.place = words.day_in(found), found["place"]
            reading.sources["issued_on"] = reading.sources["place"] = Source(line.where, found[0])
    begin = _read_kind_and_title(lines, reading)
    _read_issuer(lines, begin, reading)
    if (
        reading.title
        and (years := re.findall(r"\bnăm\s+((?:19|20|21)\d{2})\b", reading.title))
        and len(set(years)) == 1
    ):
        reading.year = int(years[0])
        reading.sources["year"] = reading.sources["title"]
    return begin


def _read_kind_and_title(lines: list[Line], reading: Reading) -> int:
    at = next(
        (n for n, line in enumerate(lines[:_HEAD_LINES]) if line.text.isupper() and _is_kind(line.text)), None
    )
    if at is None:
        return 0
    reading.kind = _KIND_KEYS[accented_key(lines[at].text.rstrip(".: "))]
    reading.sources["kind"] = Source(lines[at].where, lines[at].text)
    title: list[Line] = []
    for line in lines[at + 1 :]:
        # The first line is the title even where it begins as a body does: "Thực hiện Dự án 6 …".
        begins = (_BODY_BEGINS if title else _NEVER_A_TITLE).match(line.text)
        if begins or is_heading(line.text) or len(title) == 3:
            break
        title.append(line)
    if title:
        reading.title = " ".join(part.text for part in title).rstrip(". ")
        reading.sources["title"] = Source(places(title), " ".join(part.text for part in title))
    return at + 1 + len(title)


def _read_issuer(lines: list[Line], begin: int, reading: Reading) -> None:
    head = [
        line
        for line in lines[:begin]
        if _AGENCY.match(line.text) and line.text.isupper() and not _is_kind(line.text)
    ]
    if head:
        # The parent body stands above the issuing one; a name that runs over two lines goes on with its place.
        name, parts = head[-1].text, head[-1:]
        if len(head) > 1 and re.match(r"^(TỈNH|THÀNH PHỐ|QUẬN|HUYỆN|THỊ XÃ|PHƯỜNG|XÃ)\b", name):
            name, parts = f"{head[-2].text} {name}", head[-2:]
        reading.issuer = name
        reading.sources["issuer"] = Source(places(parts), name)
        return
    preamble = [line for line in lines[begin:] if not is_heading(line.text)][:12]
    for line in preamble:
        if found := words.BY_THE_PAPER.search(line.text):
            reading.issuer = found["issuer"]
            reading.sources["issuer"] = Source(line.where, found[0].strip(", "))
            return
    for line in lines:
        if found := _APPENDED.search(line.text):
            reading.issuer = found["issuer"].strip()
            reading.sources["issuer"] = Source(line.where, found[0])
            return


def _is_kind(text: str) -> bool:
    return accented_key(text.rstrip(".: ")) in _KIND_KEYS
