"""A paper or a workbook as the answer to a request."""

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from tiepcan.paperwork.writing.docx import write_docx
from tiepcan.paperwork.writing.records import Paper

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def as_file(paper: Paper, name: str) -> HttpResponse:
    """A paper to be saved; what it is called holds nothing personal, and nothing on the way keeps it."""
    answer = HttpResponse(write_docx(paper), content_type=DOCX)
    answer["Content-Disposition"] = f'attachment; filename="{name}.docx"'
    answer["Cache-Control"] = "private, no-store"
    return answer


def workbook_answer(content: bytes, name: str) -> HttpResponse:
    """An .xlsx to be saved; nothing on the way keeps it."""
    answer = HttpResponse(content, content_type=XLSX)
    answer["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    answer["Cache-Control"] = "private, no-store"
    return answer
