"""What every reader gives: paragraphs and tables in their order, each with its place in the file."""

from dataclasses import asdict, dataclass, field
from typing import Any

TOO_MUCH = (
    "Tệp quá phức tạp hoặc bị hỏng nên không đọc được trong mức cho phép. "
    "Lưu lại từ Word hoặc Excel rồi tải lên lần nữa."
)
"""What a person is told when the child ended without an answer."""
DAMAGED = "Tệp bị hỏng hoặc khác với đuôi tên, không đọc được. Mở tệp trên máy, lưu lại rồi tải lên lần nữa."
"""What a person is told whatever a parser chokes on."""
LARGEST_FILE = 30 * 2**20
"""Bytes. No plan's paper comes near; nothing larger is even taken into memory."""


@dataclass(frozen=True)
class Remark:
    """Something that a reader noticed about the file itself (code, sentence in Vietnamese, place)."""

    code: str
    message: str
    where: str


@dataclass(frozen=True)
class Paragraph:
    """One paragraph of text."""

    text: str
    where: str


@dataclass(frozen=True)
class Row:
    """One row of a table: cells as text ("\\n" between paragraphs); a merged cell's text stands in its first place only."""

    cells: tuple[str, ...]
    where: str
    hidden: bool = False


@dataclass(frozen=True)
class Table:
    """One table as it stands in the file; a table that runs over pages may come as several."""

    rows: tuple[Row, ...]
    where: str


@dataclass(frozen=True)
class Document:
    """A file from outside, read."""

    blocks: tuple[Paragraph | Table, ...]
    remarks: tuple[Remark, ...] = field(default=())

    def as_plain(self) -> dict[str, Any]:
        """Plain lists and words, so that it can cross from the child process as JSON."""
        return asdict(self)

    @classmethod
    def from_plain(cls, plain: dict[str, Any]) -> "Document":
        blocks: list[Paragraph | Table] = []
        for block in plain["blocks"]:
            if "text" in block:
                blocks.append(Paragraph(**block))
            else:
                rows = tuple(Row(tuple(r["cells"]), r["where"], r["hidden"]) for r in block["rows"])
                blocks.append(Table(rows, block["where"]))
        return cls(tuple(blocks), tuple(Remark(**remark) for remark in plain["remarks"]))


class Unreadable(Exception):
    """The file cannot be read; the message says why and what to do, in Vietnamese."""
