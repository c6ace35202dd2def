"""Writers of the same paper in each format and encoding. Each returns bytes and a file name."""

import io
import unicodedata
from collections.abc import Callable
from functools import cache
from pathlib import Path

from tests.papers.truth import HEADS, Truth
from tiepcan.intake.encodings import _TCVN3, _VNI_ALONE, _VNI_MARKS

Paper = tuple[bytes, str]


def as_text(truth: Truth) -> str:
    table = ["\t".join(HEADS), *("\t".join(row) for row in truth.table)]
    return "\n\n".join(truth.paragraphs) + "\n\n" + "\n".join(table) + "\n"


def utf8(truth: Truth) -> Paper:
    return as_text(truth).encode(), "ke-hoach.txt"


def utf8_decomposed(truth: Truth) -> Paper:
    return unicodedata.normalize("NFD", as_text(truth)).encode(), "ke-hoach.txt"


def utf8_with_mark(truth: Truth) -> Paper:
    return as_text(truth).encode("utf-8-sig"), "ke-hoach.txt"


def utf16(truth: Truth) -> Paper:
    return as_text(truth).encode("utf-16"), "ke-hoach.txt"


def utf16_big_without_mark(truth: Truth) -> Paper:
    return as_text(truth).encode("utf-16-be"), "ke-hoach.txt"


def windows_1258(truth: Truth) -> Paper:
    """Windows-1258 keeps ă â ê ô ơ ư whole and puts the tone behind."""
    letters = []
    for letter in unicodedata.normalize("NFC", as_text(truth)):
        parts = unicodedata.normalize("NFD", letter)
        tone = "".join(c for c in parts if c in "\u0300\u0301\u0309\u0303\u0323")
        letters.append(unicodedata.normalize("NFC", "".join(c for c in parts if c not in tone)) + tone)
    return "".join(letters).encode("cp1258"), "ke-hoach.txt"


def to_tcvn3(text: str) -> str:
    """Letters at TCVN3's places. Capitals with a tone have none: fonts drew them, so they come as small ones."""
    places = {letter: chr(place) for place, letter in _TCVN3.items() if not unicodedata.combining(letter)}
    kept = set("ĂÂÊÔƠƯĐ")
    return "".join(places.get(c if c in kept or c.islower() else c.lower(), c) for c in text)


def tcvn3(truth: Truth) -> Paper:
    return to_tcvn3(as_text(truth)).encode("latin-1"), "ke-hoach.txt"


def to_vni(text: str) -> str:
    """Each accented letter as a plain one and its mark, as keyboards of the time wrote it."""
    marks = {frozenset(mark): letter for letter, mark in _VNI_MARKS.items()}
    whole = {plain: letter for letter, plain in _VNI_ALONE.items()}
    written = []
    for letter in text:
        parts = unicodedata.normalize("NFD", letter.lower())
        if letter.lower() in whole:
            out = whole[letter.lower()]
        else:
            base = whole[{"o": "ơ", "u": "ư"}[parts[0]]] if "\u031b" in parts else parts[0]
            out = base + marks.get(frozenset(parts[1:]) - {"\u031b"}, "")
        written.append(out.upper() if letter.isupper() else out)
    return "".join(written)


def vni(truth: Truth) -> Paper:
    return to_vni(as_text(truth)).encode("cp1252"), "ke-hoach.txt"


def docx(
    truth: Truth,
    *,
    font: str | None = None,
    font_in_style: bool = False,
    pages: int = 1,
    head_in_table: bool = False,
) -> Paper:
    """Word's format; `font` sets old letters in it, `pages` cuts the appendix, its head repeated."""
    import docx as word

    paper = word.Document()
    if font_in_style:
        paper.styles["Normal"].font.name = font
    convert: Callable[[str], str] = (
        (lambda t: t) if font is None else to_tcvn3 if font.startswith(".Vn") else to_vni
    )

    def put(paragraph: object, text: str) -> None:
        run = paragraph.add_run(convert(text))  # type: ignore[attr-defined]
        if font and not font_in_style:
            run.font.name = font + ("H" if font.startswith(".Vn") and text.isupper() else "")

    lines = truth.paragraphs
    if head_in_table:
        head = paper.add_table(rows=1, cols=2)
        for text in lines[:3]:
            put(head.cell(0, 0).add_paragraph(), text)
        for text in ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", lines[3]):
            put(head.cell(0, 1).add_paragraph(), text)
        lines = lines[4:]
    for text in lines:
        put(paper.add_paragraph(), text)
    rows = truth.table
    size = -(-len(rows) // pages)
    for start in range(0, len(rows), size):
        table = paper.add_table(rows=0, cols=5)
        upper = table.add_row().cells
        merged = upper[3].merge(upper[4])
        for cell, text in zip((*upper[:3], merged), (*HEADS[:3], "Chỉ tiêu năm 2019"), strict=True):
            put(cell.paragraphs[0], text)
        lower = table.add_row().cells
        for n in range(3):
            upper[n].merge(lower[n])
        for n in (3, 4):
            put(lower[n].paragraphs[0], HEADS[n])
        for row in rows[start : start + size]:
            for cell, text in zip(table.add_row().cells, row, strict=True):
                put(cell.paragraphs[0], text)
        paper.add_paragraph()
    out = io.BytesIO()
    paper.save(out)
    return out.getvalue(), "ke-hoach.docx"


@cache
def _font() -> str:
    """A font with all Vietnamese letters, from a package that the tests install."""
    import fontpkg_be_vietnam_pro as package
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    regular = Path(package.__file__).parent / "files" / "BeVietnamPro-Regular.ttf"
    pdfmetrics.registerFont(TTFont("Vietnamese", str(regular)))
    return "Vietnamese"


def pdf(truth: Truth, *, pages: int = 1) -> Paper:
    """A paper with a text layer: cells wrap, and the table's head comes again on each page."""
    from reportlab.lib import colors
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.platypus import PageBreak, Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

    style = ParagraphStyle("body", fontName=_font(), fontSize=13, leading=18, spaceAfter=6)
    small = ParagraphStyle("cell", fontName=_font(), fontSize=11, leading=14)
    story: list[object] = [Paragraph(text.replace("&", "&amp;"), style) for text in truth.paragraphs]
    rows = truth.table
    size = -(-len(rows) // pages)
    for start in range(0, len(rows), size):
        cells = [[Paragraph(text, small) for text in line] for line in (HEADS, *rows[start : start + size])]
        table = Table(cells, colWidths=[40, 110, 100, 110, 110])
        table.setStyle(TableStyle([("GRID", (0, 0), (-1, -1), 0.5, colors.black)]))
        story += [Spacer(1, 12), table, PageBreak()]
    out = io.BytesIO()
    SimpleDocTemplate(out, pagesize=A4).build(story)
    return out.getvalue(), "ke-hoach.pdf"


def scanned_pdf() -> Paper:
    """Pages that hold nothing but a drawing."""
    from reportlab.pdfgen.canvas import Canvas

    out = io.BytesIO()
    canvas = Canvas(out)
    canvas.rect(72, 72, 400, 600, fill=1)
    canvas.showPage()
    canvas.save()
    return out.getvalue(), "ban-chup.pdf"


def _typed(row: list[str]) -> list[object]:
    return [int(cell) if cell.isdigit() else cell or None for cell in row]


def xlsx(
    truth: Truth,
    *,
    numbers_as_text: bool = False,
    hidden_rows: tuple[int, ...] = (),
    formulas: bool = False,
    note_sheet: bool = False,
) -> Paper:
    """A workbook; `hidden_rows` counts units from 1; `formulas` leaves the totals without stored values."""
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    if note_sheet:
        sheet.title = "Ghi chú"
        sheet.append(["Số liệu do văn phòng nhập, kiểm tra trước khi gửi"])
        sheet = book.create_sheet("Chỉ tiêu")
    for text in truth.paragraphs:
        sheet.append([text])
    sheet.append(list(HEADS))
    first = sheet.max_row + 1
    for row in truth.table:
        sheet.append(row if numbers_as_text else _typed(row))
    last = sheet.max_row
    if formulas:
        for column in "CDE":
            sheet[f"{column}{last}"] = f"=SUM({column}{first}:{column}{last - 1})"
    for number in hidden_rows:
        sheet.row_dimensions[first + number - 1].hidden = True
    out = io.BytesIO()
    book.save(out)
    return out.getvalue(), "chi-tieu.xlsx"


def xls(truth: Truth) -> Paper:
    import xlwt

    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("Chỉ tiêu")
    lines = [[text] for text in truth.paragraphs] + [list(HEADS)] + [_typed(row) for row in truth.table]
    for n, line in enumerate(lines):
        for c, cell in enumerate(line):
            if cell is not None:
                sheet.write(n, c, cell)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue(), "chi-tieu.xls"


def ods(truth: Truth) -> Paper:
    from odf.opendocument import OpenDocumentSpreadsheet
    from odf.table import Table, TableCell, TableRow
    from odf.text import P

    book = OpenDocumentSpreadsheet()
    sheet = Table(name="Chỉ tiêu")
    for line in [[text] for text in truth.paragraphs] + [list(HEADS)] + [_typed(row) for row in truth.table]:
        row = TableRow()
        for cell in line:
            if isinstance(cell, int):
                row.addElement(TableCell(valuetype="float", value=cell))
            else:
                place = TableCell(valuetype="string") if cell else TableCell()
                if cell:
                    place.addElement(P(text=cell))
                row.addElement(place)
        sheet.addElement(row)
    book.spreadsheet.addElement(sheet)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue(), "chi-tieu.ods"


def csv_file(truth: Truth, *, delimiter: str = ",", encoding: str = "utf-8-sig") -> Paper:
    import csv

    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows([list(HEADS), *truth.table])
    return out.getvalue().encode(encoding), "chi-tieu.csv"
