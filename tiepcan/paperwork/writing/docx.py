"""A paper as .docx in the format of the State, see decree.py."""

import io
from collections.abc import Sequence
from functools import partial
from typing import Any

import segno
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn
from docx.shared import Mm

from tiepcan.paperwork.writing import decree
from tiepcan.paperwork.writing.elements import Xml, element, page_number, paragraph, written
from tiepcan.paperwork.writing.layout import Picture, laid_out
from tiepcan.paperwork.writing.package import blank, describe, same_bytes_always
from tiepcan.paperwork.writing.records import Paper

_DOTS = 4
"""Of the picture for each square of a QR."""


def write_docx(paper: Paper) -> bytes:
    layout = laid_out(paper)
    document = blank()
    describe(document, layout)
    draw = partial(_drawn, document)
    for number, part in enumerate(layout.parts):
        section = _begin_annex(document) if number else document.sections[0]
        _lay_out(section, landscape=part.landscape)
        if not number:
            _number_pages(section, layout.format)
        _fill(section.first_page_footer, written(part.foot, draw) or [paragraph(decree.FOOT_NOTE)])
        end = document.element.body.find(qn("w:sectPr"))
        for made in written(part.elements, draw):
            end.addprevious(made)
    return same_bytes_always(document)


def _drawn(document: Any, picture: Picture) -> Xml:
    """The picture is not compressed, as nothing in the file is: see package.py."""
    file = io.BytesIO()
    segno.make(picture.address, micro=False).save(file, kind="png", scale=_DOTS, compresslevel=0)
    inline = document.part.new_pic_inline(file, Mm(picture.size_mm), Mm(picture.size_mm))
    inline.docPr.set("descr", picture.described)
    for side in ("distT", "distB", "distL", "distR"):
        inline.set(side, "0")  # LibreOffice would otherwise push it aside
    return element("drawing", inline)


def _lay_out(section: Any, *, landscape: bool) -> None:
    width, height = decree.PAGE_WIDTH, decree.PAGE_HEIGHT
    if landscape:
        width, height = height, width
    section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Mm(width), Mm(height)
    section.top_margin, section.bottom_margin = Mm(decree.TOP), Mm(decree.BOTTOM)
    section.left_margin, section.right_margin = Mm(decree.LEFT), Mm(decree.RIGHT)
    section.header_distance = section.footer_distance = Mm(decree.TO_PAGE_NUMBER)


def _number_pages(section: Any, form: decree.Format) -> None:
    """Pages count from 1 in the paper and anew in each annex, which inherits this; page 1 shows no number."""
    section.different_first_page_header_footer = True
    section._sectPr.find(qn("w:pgMar")).addnext(element("pgNumType", start=1))
    at_top = form.numbered_at == "top"
    _fill(section.header if at_top else section.footer, [page_number(form.page_number)])
    _fill(section.first_page_header, [paragraph(form.page_number)])


def _fill(header_or_footer: Any, lines: Sequence[Xml]) -> None:
    header_or_footer.is_linked_to_previous = False
    root = header_or_footer._element
    for child in list(root):
        root.remove(child)
    root.extend(lines)


def _begin_annex(document: Any) -> Any:
    section = document.add_section()
    ending = document.element.body.findall(qn("w:p"))[-1]
    # The paragraph that ends a section must not itself run over to an empty page.
    ending.pPr.insert(0, element("pStyle", val=decree.BETWEEN.key))
    return section
