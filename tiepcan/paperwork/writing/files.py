"""A paper in the form that a file's name asks for."""

from tiepcan.paperwork.writing.docx import write_docx
from tiepcan.paperwork.writing.pdf import write_pdf
from tiepcan.paperwork.writing.records import Paper


def written_as(suffix: str, paper: Paper) -> bytes:
    """The paper as .docx or .pdf. Raises ValueError, with a sentence, for any other ending of a file's name."""
    match suffix.lower():
        case ".docx":
            return write_docx(paper)
        case ".pdf":
            return write_pdf(paper).content
    raise ValueError(f"Tên tệp phải kết thúc bằng .docx hoặc .pdf, không phải “{suffix}”.")
