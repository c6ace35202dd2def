"""A wording as a .docx to be edited in Word: set as the paper will be, its fields in their braces.

What the State's format or the subject sets (national title, number, day, signature) stands there as grey sample text,
and is not read back.
"""

import io
from collections.abc import Sequence
from dataclasses import replace

from docx import Document
from docx.shared import RGBColor

from tiepcan.paperwork.wording.lines import Element, Line
from tiepcan.paperwork.writing import decree
from tiepcan.paperwork.writing.docx import write_docx
from tiepcan.paperwork.writing.elements import style_element
from tiepcan.paperwork.writing.package import same_bytes_always
from tiepcan.paperwork.writing.records import Annex, Block, Heading, Paper, Point, Section, Text

NOT_READ = (
    decree.NATIONAL,
    decree.MOTTO_STYLE,
    decree.PARENT,
    decree.ISSUER,
    decree.NUMBER,
    decree.PLACE_AND_DAY,
    decree.RULE,
    decree.POSITION,
    decree.SIGNER,
    decree.RECIPIENTS,
    decree.ANNEX,
    decree.ATTACHED,
    decree.BETWEEN,
    decree.AFTER_GRID,
    decree.FOOT_NOTE,
    decree.PAGE_NUMBER,
)
"""Styles of what no wording holds."""
CLOSING = replace(decree.TEXT, key="LoiKet", name="Lời kết")
"""Looks like any text; its name tells that it belongs to no heading."""
_GREY = RGBColor(0x80, 0x80, 0x80)
_BLOCKS: dict[Element, type[Section] | type[Heading] | type[Point]] = {
    Element.SECTION: Section,
    Element.HEADING: Heading,
    Element.POINT: Point,
}


def as_docx(lines: Sequence[Line], head: Paper) -> bytes:
    """The wording between a head and a foot; the same lines give the same bytes."""
    document = Document(io.BytesIO(write_docx(_paper(lines, head))))
    document.styles.element.append(style_element(CLOSING))
    closing = [line.text for line in lines if line.element == Element.CLOSING]
    grey = {style.key for style in NOT_READ}
    for element in document.element.body.iter("{*}p"):
        if element.style in grey:
            for run in element.iter("{*}r"):
                run.get_or_add_rPr().get_or_add_color().val = _GREY
        elif element.style == decree.TEXT.key and element.text in closing:
            element.style = CLOSING.key
    return same_bytes_always(document)


def _paper(lines: Sequence[Line], head: Paper) -> Paper:
    def texts(element: Element) -> tuple[str, ...]:
        return tuple(line.text for line in lines if line.element == element)

    main: list[Block] = []
    annexes: list[Annex] = []
    for line in lines:
        if line.element == Element.ANNEX:
            annexes.append(Annex(line.text, None, ()))
        elif line.element in (*_BLOCKS, Element.TEXT, Element.TABLE, Element.CLOSING):
            block = _BLOCKS.get(line.element, Text)(line.text)
            if annexes:
                annexes[-1] = replace(annexes[-1], blocks=(*annexes[-1].blocks, block))
            else:
                main.append(block)
    return replace(
        head,
        kind=" ".join(texts(Element.KIND)),
        title=" ".join(texts(Element.TITLE)),
        addressed_to=texts(Element.ADDRESSEE),
        bases=texts(Element.BASIS),
        recipients=texts(Element.RECIPIENT),
        body=tuple(main),
        annexes=tuple(annexes),
    )
