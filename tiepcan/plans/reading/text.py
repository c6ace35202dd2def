"""The paper as one run of paragraphs: the appendix's tables apart, broken lines joined, breaks kept as doubts."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from tiepcan.common.folding import composed, folded_key
from tiepcan.intake.document import Document, Paragraph, Table
from tiepcan.plans.reading import words

_ENDED = re.compile(r"[.;:!?…,)\]/]\s*[\"”]?$")
_SHORTEST_SENTENCE = 80
"""Letters. A shorter line without a full stop is a heading or a name, not a sentence that broke off."""


@dataclass(frozen=True)
class Line:
    """One paragraph of the body with the places of the paragraphs that it was joined from."""

    text: str
    where: str
    broken: bool = False
    """It stops in the middle of a sentence."""


def _is_appendix(table: Table) -> bool:
    """Whether a table holds figures; the others only place the head and the signature side by side."""
    return any(sum(bool(re.fullmatch(r"[\d.]+", cell)) for cell in row.cells) >= 2 for row in table.rows)


def appendix_tables(document: Document) -> list[Table]:
    return [block for block in document.blocks if isinstance(block, Table) and _is_appendix(block)]


def _pieces(document: Document) -> Iterable[Paragraph]:
    for block in document.blocks:
        if isinstance(block, Paragraph):
            yield block
        elif not _is_appendix(block):
            # Column after column: what stands on the left of a head or a signature is read first.
            width = max((len(row.cells) for row in block.rows), default=0)
            for column in range(width):
                for row in block.rows:
                    if column < len(row.cells):
                        for text in row.cells[column].split("\n"):
                            if text.strip():
                                yield Paragraph(composed(text), row.where)


def lines(document: Document) -> list[Line]:
    """Paragraphs in order; one that a page break cut in two (the rest begins in lower case) is one again."""
    joined: list[Line] = []
    for piece in _pieces(document):
        text = composed(words.NATIONAL.sub(" ", piece.text).replace("**", ""))
        if not text or not any(c.isalnum() for c in text):
            continue
        before = joined[-1] if joined else None
        goes_on = text[0].islower() and not re.match(r"[a-zđ]\)", text) and before is not None
        if goes_on and before and not re.search(r"[.;:]$", before.text):
            joined[-1] = Line(f"{before.text} {text}", f"{before.where} và {piece.where}")
        else:
            joined.append(Line(text, piece.where))
    end = next((n for n, line in enumerate(joined) if is_recipients_head(line.text)), len(joined))
    return [
        Line(line.text, line.where, broken=n < end and _breaks_off(line.text))
        for n, line in enumerate(joined)
    ]


def _breaks_off(text: str) -> bool:
    return len(text) >= _SHORTEST_SENTENCE and not _ENDED.search(text) and not words.ROMAN.match(text)


def places(parts: Iterable[Line]) -> str:
    """Where a value stands that runs over several lines."""
    return " và ".join(dict.fromkeys(part.where for part in parts))


def is_recipients_head(text: str) -> bool:
    return folded_key(text).startswith("noi nhan")


def is_heading(text: str) -> bool:
    return bool(words.ROMAN.match(text) or words.ARABIC.match(text) or re.match(r"^Điều\s+\d+", text))
