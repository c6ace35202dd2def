"""What a page says, for tests that read it as a person would."""

from django.http import HttpResponse
from lxml import html


def parsed(response: HttpResponse) -> html.HtmlElement:
    return html.fromstring(response.content)


def words(text: str) -> str:
    """The text with each run of blanks one blank."""
    return " ".join(text.split())


def text_of(response: HttpResponse) -> str:
    return words(parsed(response).text_content())


def problems_of(response: HttpResponse) -> dict[str, str | None]:
    """The lines of the summary of errors, each with the field that it links to; the field is on the page."""
    page = parsed(response)
    lines = {}
    for line in page.xpath("//*[@role='alert']//li"):
        [link] = line.xpath("./a/@href") or [None]
        assert link is None or page.xpath("//*[@id=$field]", field=link[1:]), f"{link} leads nowhere"
        lines[words(line.text_content())] = link and link[1:]
    return lines


def typed(response: HttpResponse) -> dict[str, str]:
    """What the fields of the page hold, by name."""
    page = parsed(response)
    held = {
        field.get("name"): field.get("value") or ""
        for field in page.xpath("//input[@type='text' or not(@type)]")
    }
    held |= {field.get("name"): field.text or "" for field in page.xpath("//textarea")}
    held |= {field.get("name"): field.get("value") for field in page.xpath("//input[@checked]")}
    held |= {field.getparent().get("name"): field.get("value") for field in page.xpath("//option[@selected]")}
    return held


def table_of(response: HttpResponse, section: str) -> list[list[str]]:
    """The cells of the table in the section that the id names or labels, row by row, head and foot too."""
    rows = parsed(response).xpath("//section[@id=$name or @aria-labelledby=$name]//table//tr", name=section)
    return [[words(cell.text_content()) for cell in row.xpath("./th|./td")] for row in rows]
