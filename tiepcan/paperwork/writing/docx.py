"""A paper as .docx in the format of Decree 30/2020/NĐ-CP, Appendix I."""

from collections.abc import Iterator, Sequence
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn
from docx.shared import Mm

from tiepcan.paperwork.writing import decree, numbers
from tiepcan.paperwork.writing.elements import (
    Cell,
    Element,
    Row,
    cleaned,
    element,
    keep_with_next,
    page_number,
    paragraph,
    rule,
    table,
)
from tiepcan.paperwork.writing.letters import height_points, length_mm, longest_line_mm
from tiepcan.paperwork.writing.package import bare, describe, same_bytes_always, set_styles
from tiepcan.paperwork.writing.records import (
    Align,
    Annex,
    Block,
    Grid,
    Heading,
    HeadSlot,
    Paper,
    Point,
    Section,
    Signature,
    Text,
)


def write_docx(paper: Paper) -> bytes:
    paper = cleaned(paper)
    document = Document()
    bare(document)
    set_styles(document)
    describe(document, paper)
    _lay_out(document.sections[0], landscape=False)
    _number_pages(document.sections[0])
    _foot(document.sections[0], paper.foot_note)
    _append(document, _main_part(paper))
    for number, annex in enumerate(paper.annexes, start=1):
        _begin_annex(document, annex)
        label = f"Phụ lục {numbers.roman(number)}" if len(paper.annexes) > 1 else "Phụ lục"
        _append(document, _annex_part(annex, label))
    return same_bytes_always(document)


def _lay_out(section: Any, *, landscape: bool) -> None:
    width, height = decree.PAGE_WIDTH, decree.PAGE_HEIGHT
    if landscape:
        width, height = height, width
    section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Mm(width), Mm(height)
    section.top_margin, section.bottom_margin = Mm(decree.TOP), Mm(decree.BOTTOM)
    section.left_margin, section.right_margin = Mm(decree.LEFT), Mm(decree.RIGHT)
    section.header_distance = section.footer_distance = Mm(decree.TO_PAGE_NUMBER)


def _number_pages(section: Any) -> None:
    """Pages count from 1 in the paper and anew in each annex, which inherits this; page 1 shows no number."""
    section.different_first_page_header_footer = True
    section._sectPr.find(qn("w:pgMar")).addnext(element("pgNumType", start=1))
    _fill(section.header, [page_number(decree.PAGE_NUMBER)])
    _fill(section.first_page_header, [paragraph(decree.PAGE_NUMBER)])


def _foot(section: Any, address: str) -> None:
    lines = [paragraph(decree.FOOT_NOTE)]
    if address.strip():
        full_width = rule(decree.RULE, decree.TEXT_WIDTH, decree.TEXT_WIDTH)
        lines = [full_width, paragraph(decree.FOOT_NOTE, address.strip())]
    _fill(section.first_page_footer, lines)


def _fill(header_or_footer: Any, lines: Sequence[Element]) -> None:
    header_or_footer.is_linked_to_previous = False
    root = header_or_footer._element
    for child in list(root):
        root.remove(child)
    root.extend(lines)


def _append(document: Any, elements: Iterator[Element]) -> None:
    end = document.element.body.find(qn("w:sectPr"))
    for made in elements:
        end.addprevious(made)


def _begin_annex(document: Any, annex: Annex) -> None:
    section = document.add_section()
    ending = document.element.body.findall(qn("w:p"))[-1]
    # The paragraph that ends a section must not itself run over to an empty page.
    ending.pPr.insert(0, element("pStyle", val=decree.BETWEEN.key))
    _lay_out(section, landscape=annex.landscape)
    _foot(section, "")


def _main_part(paper: Paper) -> Iterator[Element]:
    yield _head(paper)
    if paper.kind.strip():
        yield paragraph(decree.KIND, paper.kind.strip().upper())
        yield paragraph(decree.TITLE, paper.title.strip())
        yield _short_rule(paper.title, decree.TITLE, decree.TEXT_WIDTH)
    else:
        yield paragraph(decree.BETWEEN)
    yield from _addressed(_filled(paper.addressed_to))
    yield from _bases(_filled(paper.bases))
    body = [made for block in paper.body for made in _block(block, decree.TEXT_WIDTH)]
    if body:
        keep_with_next(body[-1])  # a signature alone on its page belongs to nothing
    yield from body
    yield _signed(paper)
    yield paragraph(decree.BETWEEN)


def _head(paper: Paper) -> Element:
    left, right = decree.HEAD_WIDTHS
    parent, issuer = (paper.parent_body or "").strip().upper(), paper.issuing_body.strip().upper()
    bodies = [paragraph(decree.PARENT, parent)] if parent else []
    bodies += [paragraph(decree.ISSUER, issuer), _short_rule(issuer, decree.ISSUER, left)]
    motto_length = length_mm(decree.MOTTO, decree.MOTTO_STYLE.size)
    nation = [
        paragraph(decree.NATIONAL, decree.NATIONAL_TITLE),
        paragraph(decree.MOTTO_STYLE, decree.MOTTO),
        rule(decree.RULE, motto_length, right),
    ]
    number = [paragraph(decree.NUMBER, numbers.number_line(paper.number, paper.symbol))]
    if not paper.kind.strip():
        number.append(paragraph(decree.LETTER_TITLE, f"V/v {paper.title.strip()}"))
    day = numbers.day_phrase(paper.issued_on, paper.year)
    place = [paragraph(decree.PLACE_AND_DAY, f"{paper.place.strip()}, {day}")]
    rows = Row([Cell(bodies), Cell(nation)]), Row([Cell(number), Cell(place)])
    return table(decree.HEAD_WIDTHS, rows)


def _short_rule(text: str, style: decree.Style, room_mm: float) -> Element:
    longest = longest_line_mm(text.strip(), style.size, room_mm)
    return rule(decree.RULE, longest * decree.SHORT_RULE, room_mm)


def _filled(texts: Sequence[str]) -> list[str]:
    """The texts that say something, without the mark that ends a line of a list."""
    return [text.strip().rstrip(" ;,.") for text in texts if text.strip(" \n;,.")]


def _listed(texts: Sequence[str]) -> list[str]:
    """Each with the ";" that ends a line of a list, the last with "."."""
    return [text + (";" if number < len(texts) else ".") for number, text in enumerate(texts, start=1)]


def _addressed(names: Sequence[str]) -> Iterator[Element]:
    if len(names) == 1:
        yield paragraph(decree.ADDRESSED, f"Kính gửi: {names[0]}")
    elif names:
        yield paragraph(decree.ADDRESSED_TO_MANY, "Kính gửi:")
        yield from (paragraph(decree.ADDRESSEE, f"- {name}") for name in _listed(names))
        yield paragraph(decree.AFTER_GRID)


def _bases(bases: Sequence[str]) -> Iterator[Element]:
    return (paragraph(decree.BASIS, basis) for basis in _listed(bases))


def _signed(paper: Paper) -> Element:
    recipients = [paragraph(decree.RECIPIENTS, "Nơi nhận:")]
    names = [name.removeprefix("-").strip() for name in _filled(paper.recipients)]
    kept = f"VT, {paper.drafting.strip(' .')}" if paper.drafting.strip(" .") else "VT"
    lines = [*(f"- {name};" for name in names), f"- Lưu: {kept}."]
    recipients += [paragraph(decree.RECIPIENT, line) for line in lines]
    signed = _signature(paper.signature) if paper.signature else [paragraph(decree.POSITION)]
    if paper.beside is None:
        return table(decree.SIGNATURE_WIDTHS, [Row([Cell(recipients), Cell(signed)])])
    sides = [_signature(paper.beside), signed]
    # Names in a row of their own: one office's longer title must not push its name below the other's.
    titles = Row([Cell(side[:-1] or [paragraph(decree.POSITION)]) for side in sides])
    for line in (line for cell in titles.cells for line in cell.paragraphs):
        keep_with_next(line)
    signers = Row([Cell(side[-1:]) for side in sides])
    below = Row([Cell(recipients), Cell([paragraph(decree.BETWEEN)])])
    return table(decree.SIGNATURE_WIDTHS, [titles, signers, below])


def _signature(signature: Signature) -> list[Element]:
    lines = [line.strip().upper() for line in (*signature.authority, signature.position) if line.strip()]
    name = paragraph(decree.SIGNER, signature.name.strip())
    return [*(paragraph(decree.POSITION, line) for line in lines), name]


def _annex_part(annex: Annex, label: str) -> Iterator[Element]:
    yield paragraph(decree.ANNEX, label)
    yield paragraph(decree.ANNEX_TITLE, annex.title.strip().upper())
    if annex.attached_to and annex.attached_to.strip():
        yield paragraph(decree.ATTACHED, f"(Kèm theo {annex.attached_to.strip()})")
    yield paragraph(decree.AFTER_GRID, keep_next=True)
    width = decree.PAGE_HEIGHT - decree.LEFT - decree.RIGHT if annex.landscape else decree.TEXT_WIDTH
    for block in annex.blocks:
        yield from _block(block, width, described=annex.title)


def _block(block: Block, room_mm: float, described: str = "") -> Iterator[Element]:
    if isinstance(block, Grid):
        yield from _grid(block, room_mm, described)
    elif isinstance(block, Section):
        yield from _paragraphs(decree.SECTION, block.text.upper())
    elif isinstance(block, Heading):
        yield from _paragraphs(decree.HEADING, block.text)
    elif isinstance(block, Point):
        yield from _paragraphs(decree.POINT, block.text)
    elif isinstance(block, Text):
        yield from _paragraphs(decree.TEXT, block.text)


def _paragraphs(style: decree.Style, text: str) -> Iterator[Element]:
    """One for each line: a line break inside a justified paragraph would pull its last words apart."""
    return (paragraph(style, line.strip()) for line in text.split("\n") if line.strip())


def _grid(grid: Grid, room_mm: float, described: str) -> Iterator[Element]:
    if grid.caption.strip():
        yield paragraph(decree.CAPTION, grid.caption.strip())
    shrunk = min(1.0, room_mm / sum(grid.widths_mm))
    widths = [width * shrunk for width in grid.widths_mm]
    rows = _head_rows(grid, widths)
    last = len(grid.rows) if grid.total is not None else 0
    for number, texts in enumerate(grid.rows, start=1):
        rows.append(_grid_row(decree.GRID_CELL, texts, grid.align, keep_next=number == last))
    if grid.total is not None:
        rows.append(_grid_row(decree.GRID_TOTAL, grid.total, grid.align))
    caption = " ".join((grid.caption or described).split())
    yield table(widths, rows, ruled=True, padding_mm=decree.GRID_PADDING, described=caption)
    yield paragraph(decree.AFTER_GRID)


def _head_rows(grid: Grid, widths: Sequence[float]) -> list[Row]:
    heights = _head_heights(grid, widths)
    return [
        Row([_head_cell(slot) for slot in slots], head=True, at_least=height)
        for slots, height in zip(grid.head_slots(), heights, strict=True)
    ]


def _head_heights(grid: Grid, widths: Sequence[float]) -> list[float]:
    """Points that each head row needs. LibreOffice cuts off a cell over two rows where a page repeats it, unless told."""
    heights = [0.0] * len(grid.heads)
    slots = [(row, slot) for row, slots in enumerate(grid.head_slots()) for slot in slots if slot.begins]
    for row, slot in sorted(slots, key=lambda placed: placed[1].cell.down):
        width = sum(widths[slot.column : slot.column + slot.cell.across]) - 2 * decree.GRID_PADDING
        needed = height_points(slot.cell.text, decree.GRID_HEAD.size, width)
        rows = range(row, row + slot.cell.down)
        heights[rows[-1]] += max(0.0, needed - sum(heights[row] for row in rows))
    return heights


def _head_cell(slot: HeadSlot) -> Cell:
    merge = None if slot.cell.down == 1 else "restart" if slot.begins else "continue"
    text = slot.cell.text.strip() if slot.begins else ""
    return Cell([paragraph(decree.GRID_HEAD, text)], slot.cell.across, merge, middle=True)


def _grid_row(
    style: decree.Style, texts: Sequence[str], align: Sequence[Align], *, keep_next: bool = False
) -> Row:
    cells = zip(texts, align, strict=True)
    return Row(
        [Cell([paragraph(style, t.strip(), align=a, keep_next=keep_next)], middle=True) for t, a in cells]
    )
