"""Number and day written into a signed paper, in the rooms that were kept for them; what was signed stays whole."""

import re

from pdfminer.fontmetrics import FONT_METRICS
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.content import RawContent, ResourceType
from pyhanko.pdf_utils.form_tools import annot_width_height
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.layout import BoxConstraints
from pyhanko.pdf_utils.misc import PdfError

from tiepcan.common.refusals import NotAllowed
from tiepcan.paperwork.signatures.fields import READ_ONLY, ROOMS, Room, rooms
from tiepcan.paperwork.signatures.opening import open_to_add, written
from tiepcan.paperwork.writing import decree
from tiepcan.paperwork.writing.numbers import written_number

_NUMBER = re.compile(r"[0-9A-Za-z][0-9A-Za-z./-]{0,14}", re.ASCII)


def number(pdf: bytes, *, number: str, day: int, month: int) -> bytes:
    """The paper with number, day and month; once written they stay. Raises NotAllowed with a sentence.

    Leading zeros as Decree 30/2020/NĐ-CP, Appendix I, part I, sections II.3 and II.4, asks.
    """
    values = {
        "so": written_number(number),
        "ngay": f"{day:02d}",
        "thang": f"{month:02d}" if month < 3 else str(month),
    }
    if not _NUMBER.fullmatch(values["so"]):
        raise NotAllowed(
            f"Số văn bản «{number}» chỉ được gồm chữ số và chữ cái không dấu, nhiều nhất 15 ký tự."
        )
    if not (1 <= day <= 31 and 1 <= month <= 12):
        raise NotAllowed(f"Không có ngày {day} tháng {month}.")
    writer = open_to_add(pdf)
    empty = _fields_to_fill(writer)
    for room in ROOMS:
        if room.name in empty:
            _fill(writer, room, empty[room.name], values[room.name])
    return written(writer)


def _fields_to_fill(writer: IncrementalPdfFileWriter) -> dict[str, generic.IndirectObject]:
    """The rooms of this paper. Raises NotAllowed unless there are some, all of them empty."""
    try:
        found = rooms(writer)
    except PdfError:
        found = {}
    if not found:
        raise NotAllowed("Tệp không có chỗ trống để điền số và ngày. Lập lại tệp rồi trình ký.")
    if any(value for value, _ in found.values()):
        raise NotAllowed("Văn bản đã có số và ngày, không điền lại được.")
    return {name: reference for name, (_, reference) in found.items()}


def _fill(
    writer: IncrementalPdfFileWriter, room: Room, reference: generic.IndirectObject, value: str
) -> None:
    field = reference.get_object()
    width, height = (float(side) for side in annot_width_height(field))
    field[pdf_name("/V")] = generic.pdf_string(value)
    field[pdf_name("/Ff")] = generic.NumberObject(READ_ONLY)
    field[pdf_name("/AP")] = generic.DictionaryObject(
        {pdf_name("/N"): writer.add_object(_written(writer, room, value, width, height))}
    )
    writer.mark_update(reference)


def _written(
    writer: IncrementalPdfFileWriter, room: Room, value: str, width: float, height: float
) -> generic.StreamObject:
    """The value in its room, as a drawing: what a reader shows does not depend on the reader."""
    metrics = FONT_METRICS[room.font][1]
    size = room.style.size
    length = sum(metrics[letter] for letter in value) / 1000 * size
    # Five digits are wider than the room: narrower letters, before any is cut off.
    narrow = min(1, width / length)
    length *= narrow
    x, y = (width - length) / (1 if room.at_the_end else 2), decree.BELOW_LINE * size
    content = RawContent(
        f"/Tx BMC q BT /F {size} Tf {100 * narrow:.1f} Tz 0 g {x:.2f} {y:.2f} Td ({value}) Tj ET Q EMC".encode(),
        box=BoxConstraints(width, height),
    )
    font = writer.root["/AcroForm"]["/DR"]["/Font"].raw_get(f"/{room.font}")
    content.set_resource(ResourceType.FONT, pdf_name("/F"), font)
    return content.as_form_xobject()
