"""From a paper's paragraphs and tables to a plan that a person can confirm. Pure: needs no database, no file."""

from collections.abc import Sequence

from tiepcan.intake.document import Document
from tiepcan.plans.reading.appendix import add_up, read_appendix
from tiepcan.plans.reading.body import read_body
from tiepcan.plans.reading.checks import check
from tiepcan.plans.reading.corrections import Corrections, correct
from tiepcan.plans.reading.head import read_head
from tiepcan.plans.reading.records import Reading, Severity
from tiepcan.plans.reading.text import appendix_tables, lines
from tiepcan.units.register import UnitRecord

_WEIGHT = {"scan_without_text": Severity.ERROR, "row_hidden": Severity.DOUBT}


def read(document: Document, units: Sequence[UnitRecord], corrections: Corrections | None = None) -> Reading:
    """What the document says, as far as it goes, with a person's corrections, and every doubt that is left."""
    reading = Reading()
    for remark in document.remarks:
        weight = _WEIGHT.get(remark.code, Severity.NOTE)
        if remark.code == "formula_recomputed" and "không tính lại được" in remark.message:
            weight = Severity.DOUBT
        reading.find(weight, remark.code, remark.message, remark.where)
    paragraphs = lines(document)
    begin = read_head(paragraphs, reading)
    read_body(paragraphs, begin, reading)
    read_appendix(appendix_tables(document), reading)
    correct(reading, corrections or {})
    add_up(reading)
    check(reading, units)
    return reading
