"""A paper as the answer to a request."""

from django.http import HttpResponse

from tiepcan.paperwork.docx import write_docx
from tiepcan.paperwork.records import Paper

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def as_file(paper: Paper, name: str) -> HttpResponse:
    """A paper to be saved; what it is called holds nothing personal, and nothing on the way keeps it."""
    answer = HttpResponse(write_docx(paper), content_type=DOCX)
    answer["Content-Disposition"] = f'attachment; filename="{name}.docx"'
    answer["Cache-Control"] = "private, no-store"
    return answer
