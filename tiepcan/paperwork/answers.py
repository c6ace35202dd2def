"""A paper or a workbook as the answer to a request."""

from dataclasses import replace

from django.db.models.fields.files import FieldFile
from django.http import HttpRequest, HttpResponse
from django.utils.http import content_disposition_header

from tiepcan.common import clock
from tiepcan.paperwork.writing.decree import rules_on
from tiepcan.paperwork.writing.docx import write_docx
from tiepcan.paperwork.writing.pdf import write_pdf
from tiepcan.paperwork.writing.records import Paper

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PDF = "application/pdf"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def in_its_form(paper: Paper) -> Paper:
    """The paper in the format that stands on its day, or today for one without a day."""
    return replace(paper, rules=rules_on(paper.issued_on or clock.today()))


def as_file(paper: Paper, name: str) -> HttpResponse:
    """A paper to be saved; what it is called holds nothing personal, and nothing on the way keeps it."""
    return _to_save(write_docx(in_its_form(paper)), DOCX, f"{name}.docx")


def docx_answer(content: bytes, name: str) -> HttpResponse:
    """A .docx that is already written, to be saved."""
    return _to_save(content, DOCX, f"{name}.docx")


def as_pdf(paper: Paper, name: str) -> HttpResponse:
    """The same as a .pdf."""
    return _to_save(write_pdf(in_its_form(paper)).content, PDF, f"{name}.pdf")


def as_asked(request: HttpRequest, paper: Paper, name: str) -> HttpResponse:
    """A paper as .docx, or as .pdf where the request asks for that (`dang=pdf`)."""
    wanted = request.POST.get("dang") or request.GET.get("dang")
    return as_pdf(paper, name) if wanted == "pdf" else as_file(paper, name)


def stored_file(kept: FieldFile, name: str) -> HttpResponse:
    """A file that was kept, to be saved."""
    with kept.open("rb") as file:
        return _to_save(file.read(), PDF, name)


def _to_save(content: bytes, kind: str, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=kind)
    answer["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    answer["Cache-Control"] = "private, no-store"
    return answer


def workbook_answer(content: bytes, name: str) -> HttpResponse:
    """An .xlsx to be saved; nothing on the way keeps it."""
    return _to_save(content, XLSX, name)
