"""A stranger's .docx as paragraphs with the names of their styles, read in the limited child: words and nothing else.

read_styled(raw, name)  →  python -m tiepcan.intake.styled < raw  →  JSON  →  Styled

For files that are to be filled in and written again: whatever in them could fetch, run or hide something is refused
with a sentence. Changes that are tracked are read as if they were accepted.
"""

import io
import json
import re
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from tiepcan.intake import formats, limited
from tiepcan.intake.document import DAMAGED, TOO_MUCH, Unreadable

LARGEST = 5 * 2**20
LARGEST_UNPACKED = 40 * 2**20
LARGEST_PART = 15 * 2**20
MOST_PICTURES = 2 * 2**20
"""Bytes of all pictures together: a letterhead's coat of arms is far below it."""
MOST_PARAGRAPHS = 2_000
_WANTED = "tệp Word (.docx) của mẫu"
_QUOTED = 40
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_ALLOWED_FIELDS = {"PAGE", "NUMPAGES"}
_NOT_ACCEPTED = {f"{_W}del", f"{_W}moveFrom", f"{_W}pPr", f"{_W}rPr"}
_TEXT_BOX = f"{_W}txbxContent"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"


@dataclass(frozen=True)
class StyledParagraph:
    """One paragraph: its text ("\\n" for a line break), its style's name, the table it stands in (0 for none)."""

    text: str
    style: str
    table: int = 0
    is_numbered: bool = False
    """Word counts it; the number is not in the text."""


@dataclass(frozen=True)
class Said:
    """A sentence about the file, with how the paragraph begins that it is about."""

    message: str
    quote: str = ""

    def __str__(self) -> str:
        return f"Đoạn “{self.quote}”: {self.message}" if self.quote else self.message


@dataclass(frozen=True)
class Styled:
    """The paragraphs of a .docx; what must not be in it; what was noticed."""

    paragraphs: tuple[StyledParagraph, ...]
    refusals: tuple[Said, ...]
    remarks: tuple[Said, ...]


def read_styled(raw: bytes, name: str) -> Styled:
    """What these bytes say. Raises Unreadable with a sentence for a file that is no such .docx."""
    if len(raw) > LARGEST:
        raise Unreadable(
            f"Tệp nặng hơn {LARGEST // 2**20} MB, mẫu lời văn không cần đến thế. Bỏ ảnh trong tệp rồi tải lên."
        )
    if not raw.startswith(b"PK"):
        formats.format_of(raw, name)  # says of an old .doc or a locked file what it is
        raise Unreadable(f"Đây không phải tệp Word. Tải lên {_WANTED}.")
    with tempfile.TemporaryFile() as file:
        file.write(raw)
        file.seek(0)
        plain = limited.answer_of(limited.start("tiepcan.intake.styled", [], file))
    return Styled(
        tuple(StyledParagraph(**one) for one in plain["paragraphs"]),
        tuple(Said(**one) for one in plain["refusals"]),
        tuple(Said(**one) for one in plain["remarks"]),
    )


def _read(raw: bytes) -> Styled:
    """Runs a foreign parser: only in the limited child."""
    if formats.inside_zip(raw, largest=LARGEST_UNPACKED, wanted=_WANTED, readable=".docx") != "docx":
        raise Unreadable(f"Đây không phải tệp Word. Tải lên {_WANTED}.")
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        names = archive.namelist()
        if len(names) != len({name.casefold() for name in names}):
            raise Unreadable(DAMAGED)
        refusals = [Said(message) for message in dict.fromkeys(_refused_parts(archive))]
        styles = _style_names(_part(archive, "word/styles.xml")) if "word/styles.xml" in names else {}
        for part in filter(re.compile(r"word/(header|footer|footnotes|endnotes)\d*\.xml").fullmatch, names):
            refusals += [Said(message) for message in _refused_in(_part(archive, part))]
        reading = _Body(styles)
        reading.read(_part(archive, "word/document.xml"))
    return Styled(tuple(reading.paragraphs), (*refusals, *reading.refusals), tuple(reading.remarks.values()))


def _part(archive: zipfile.ZipFile, name: str) -> Any:
    """One part's root element, without entities, without anything fetched."""
    from lxml import etree

    with archive.open(name) as file:
        content = file.read(LARGEST_PART + 1)
    if len(content) > LARGEST_PART:
        raise Unreadable(TOO_MUCH)
    if b"<!DOCTYPE" in content:
        raise Unreadable(DAMAGED)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    root = etree.fromstring(content, parser)
    if root.getroottree().docinfo.doctype:
        raise Unreadable(DAMAGED)
    return root


_OUTSIDE = {
    "attachedTemplate": "Tệp gắn với một tệp mẫu ở nơi khác (attached template). Trong Word mở Developer, Document Template, bỏ tệp mẫu ấy.",
    "hyperlink": "Tệp có liên kết ra ngoài (hyperlink). Bấm chuột phải vào liên kết, chọn “Remove Hyperlink”.",
    "image": "Tệp lấy ảnh từ nơi khác. Bỏ ảnh ấy.",
    "oleObject": "Tệp nối với tệp khác (OLE). Bỏ đối tượng ấy.",
}
_MACROS = "Tệp có macro (chương trình). Lưu lại bằng Word ở dạng .docx không có macro."
_OBJECTS = "Tệp có đối tượng nhúng (OLE, ActiveX). Bỏ đối tượng ấy rồi lưu lại."
_CHUNK = "Tệp chèn nguyên một tệp khác vào giữa (altChunk). Dán phần chữ vào rồi lưu lại."
_SAVE = " Sau đó lưu và tải lên lại."


def _refused_parts(archive: zipfile.ZipFile) -> Iterator[str]:
    entries = archive.infolist()
    names = [entry.filename for entry in entries]
    if any(name.lower().endswith(("vbaproject.bin", "vbadata.xml")) for name in names):
        yield _MACROS
    if "[Content_Types].xml" in names:
        types = b" ".join(
            part.get("ContentType", "").encode()
            for part in _part(archive, "[Content_Types].xml").iter("{*}*")
        ).lower()
        if b"macroenabled" in types or b"vbaproject" in types:
            yield _MACROS
    if any(name.lower().startswith(("word/embeddings/", "word/activex/")) for name in names):
        yield _OBJECTS
    pictures = sum(entry.file_size for entry in entries if entry.filename.startswith("word/media/"))
    if pictures > MOST_PICTURES:
        yield (
            f"Ảnh trong tệp nặng {pictures / 2**20:.0f} MB. Mẫu lời văn chỉ nhận chữ; bỏ ảnh rồi lưu và tải lên lại."
        )
    for name in names:
        if name.endswith(".rels"):
            yield from _refused_relations(_part(archive, name))


def _refused_relations(root: Any) -> Iterator[str]:
    for relation in root.iter("{*}Relationship"):
        kind = relation.get("Type", "").rpartition("/")[2]
        if kind == "aFChunk":
            yield _CHUNK
        elif relation.get("TargetMode") == "External":
            yield _OUTSIDE.get(kind, "Tệp lấy nội dung từ nơi khác. Bỏ phần ấy.") + _SAVE
        elif kind in ("oleObject", "package", "control"):
            yield _OBJECTS


def _style_names(root: Any) -> dict[str, str]:
    """The styles' names by what paragraphs call them; "" is the style of a paragraph that says none."""
    names: dict[str, str] = {}
    for style in root.iter(f"{_W}style"):
        name = style.find(f"{_W}name")
        said = name.get(f"{_W}val", "") if name is not None else ""
        names[style.get(f"{_W}styleId", "")] = said
        if style.get(f"{_W}type") == "paragraph" and style.get(f"{_W}default") in ("1", "true"):
            names[""] = said
    return names


def _refused_in(root: Any) -> Iterator[str]:
    """What a piece of a document must not hold, whatever its text."""
    instructions = [element.get(f"{_W}instr", "") for element in root.iter(f"{_W}fldSimple")]
    # Word may cut an instruction into runs; only what is known from its beginning to its end is let in.
    complex_field = ""
    for element in root.iter(f"{_W}fldChar", f"{_W}instrText", f"{_W}delInstrText"):
        if element.tag != f"{_W}fldChar":
            complex_field += element.text or ""
        elif element.get(f"{_W}fldCharType") == "end":
            instructions.append(complex_field)
            complex_field = ""
    instructions.append(complex_field)
    for instruction in filter(str.strip, instructions):
        name = instruction.split()[0].upper()
        if name not in _ALLOWED_FIELDS:
            yield f"có trường tự động của Word ({name[:30]}). Bấm vào trường, nhấn Ctrl+Shift+F9 để thành chữ, rồi lưu lại."
    if next(root.iter(f"{_W}hyperlink"), None) is not None:
        yield "có liên kết (hyperlink). Bấm chuột phải vào liên kết, chọn “Remove Hyperlink”, rồi lưu lại."
    if next(root.iter(f"{_W}altChunk", f"{_W}subDoc"), None) is not None:
        yield _CHUNK
    if next(root.iter(f"{_W}object", f"{_W}control"), None) is not None:
        yield _OBJECTS


class _Body:
    """The paragraphs of the main part, in their order."""

    def __init__(self, styles: dict[str, str]) -> None:
        self.styles = styles
        self.paragraphs: list[StyledParagraph] = []
        self.refusals: list[Said] = []
        self.remarks: dict[str, Said] = {}

    def read(self, root: Any) -> None:
        tables = {table: number for number, table in enumerate(root.iter(f"{_W}tbl"), start=1)}
        waiting = ""
        whole: list[str] = []
        for paragraph in root.iter(f"{_W}p"):
            if self._stands_aside(paragraph):
                continue
            text, style = waiting + _text(paragraph), self._style(paragraph)
            told = [Said(message, _begin(text)) for message in dict.fromkeys(_refused_in(paragraph))]
            self.refusals += told
            whole += [one.message for one in told]
            if _mark_is_deleted(paragraph):
                waiting = text
                continue
            waiting = ""
            table = next((tables[t] for t in paragraph.iterancestors(f"{_W}tbl")), 0)
            numbered = paragraph.find(f"{_W}pPr/{_W}numPr") is not None
            self.paragraphs.append(StyledParagraph(text, style, table, numbered))
            if len(self.paragraphs) > MOST_PARAGRAPHS:
                raise Unreadable(TOO_MUCH)
        # A field may run over paragraphs, and what is no paragraph's stands between them.
        self.refusals += [Said(one) for one in dict.fromkeys(_refused_in(root)) if one not in whole]
        self._remark(root)

    def _stands_aside(self, paragraph: Any) -> bool:
        if any(ancestor.tag == _FALLBACK for ancestor in paragraph.iterancestors()):
            return True
        if next(paragraph.iterancestors(_TEXT_BOX), None) is None:
            return False
        if text := _text(paragraph).strip():
            self.refusals.append(
                Said(
                    "nằm trong khung chữ (text box) nên không đọc được. Đưa ra thành đoạn thường.",
                    _begin(text),
                )
            )
        return True

    def _style(self, paragraph: Any) -> str:
        said = paragraph.find(f"{_W}pPr/{_W}pStyle")
        key = said.get(f"{_W}val", "") if said is not None else ""
        return self.styles.get(key, self.styles.get("", "Normal"))

    def _remark(self, root: Any) -> None:
        if next(root.iter(f"{_W}ins", f"{_W}del", f"{_W}moveFrom", f"{_W}moveTo"), None) is not None:
            self.remarks["tracked"] = Said(
                "Tệp còn thay đổi chưa chấp nhận (Track Changes); đã đọc như đã chấp nhận tất cả."
            )
        if next(root.iter(f"{_W}drawing", f"{_W}pict"), None) is not None:
            self.remarks["pictures"] = Said("Ảnh, hình vẽ trong tệp không dùng: mẫu lời văn chỉ nhận chữ.")


def _text(paragraph: Any) -> str:
    return "".join(_words(paragraph))


def _words(element: Any) -> Iterator[str]:
    for child in element:
        if child.tag in _NOT_ACCEPTED or child.tag in (_TEXT_BOX, _FALLBACK):
            continue
        if child.tag == f"{_W}t":
            yield child.text or ""
        elif child.tag == f"{_W}tab":
            yield " "
        elif child.tag in (f"{_W}br", f"{_W}cr"):
            yield "\n"
        elif child.tag == f"{_W}noBreakHyphen":
            yield "-"
        elif isinstance(child.tag, str):
            yield from _words(child)


def _mark_is_deleted(paragraph: Any) -> bool:
    """Whether the paragraph's end was deleted under tracking: it then goes on in the next one."""
    return paragraph.find(f"{_W}pPr/{_W}rPr/{_W}del") is not None


def _begin(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _QUOTED else f"{text[:_QUOTED].rstrip()}…"


def main() -> None:
    """The child: limits first, then the file."""
    from tiepcan.intake.child import limit

    limit()
    try:
        answer: dict[str, Any] = asdict(_read(sys.stdin.buffer.read()))
    except Unreadable as problem:
        answer = {"unreadable": str(problem)}
    except MemoryError:
        answer = {"unreadable": TOO_MUCH}
    except Exception:
        # Whatever a parser chokes on, the person learns the same: this file is damaged, and what to do.
        answer = {"unreadable": DAMAGED}
    sys.stdout.write(json.dumps(answer, ensure_ascii=True))


if __name__ == "__main__":
    main()
