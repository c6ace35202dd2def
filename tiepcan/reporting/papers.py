"""What this room hands to `paperwork` to be drafted, signed and issued, and what comes back of it."""

from tiepcan.accounts.models import Person
from tiepcan.common import clock
from tiepcan.common.digests import digest_of
from tiepcan.common.refusals import NotAllowed
from tiepcan.paperwork import issuing
from tiepcan.paperwork.drafting import Handed, draft_of
from tiepcan.paperwork.models import Document, Stage
from tiepcan.paperwork.registers import next_of
from tiepcan.paperwork.wordings import issuing_body_of
from tiepcan.plans.models import Plan, Recipient
from tiepcan.reporting import outputs
from tiepcan.reporting.figures import figures_of, plain
from tiepcan.reporting.models import ConsolidatedReport, Filing
from tiepcan.reporting.printed import sources_of
from tiepcan.reporting.steps import proposed_at


def expected_of(plan: Plan) -> list[str]:
    """Who gets the plan's papers: the recipients that its last paper names, files aside."""
    named = Recipient.objects.filter(version__plan=plan)
    last = named.order_by("-version__ordinal").values_list("version", flat=True).first()
    return [one.text.strip(" -;.") for one in named.filter(version=last) if not one.is_file]


def origin_of(row: ConsolidatedReport | Filing) -> str:
    """How a paper names the row that it was made of."""
    return f"reporting.{'report' if isinstance(row, ConsolidatedReport) else 'filing'}:{row.pk}"


def of_report(report: ConsolidatedReport) -> Handed:
    """A consolidated report to be drafted as a paper. Raises NotAllowed where the ledger gives other figures by now."""
    says = report.says
    if says is None:
        raise NotAllowed(
            "Báo cáo này lập trước khi chương trình giữ lời văn. Lập báo cáo mới rồi soạn văn bản."
        )
    if digest_of(plain(figures_of(report.plan, report.as_of))) != report.digest:
        raise NotAllowed("Tính lại hôm nay ra số khác với báo cáo này. Lập báo cáo mới rồi soạn văn bản.")
    return Handed(says, sources_of(report.plan, report.as_of), expected_of(report.plan), origin_of(report))


def document_of(row: ConsolidatedReport | Filing) -> Document | None:
    """The paper made of a report or a filing, that is on its way or out."""
    unit = row.plan.issuer if isinstance(row, ConsolidatedReport) else row.unit
    body = issuing_body_of(unit)
    return draft_of(origin_of(row), body) if body else None


def is_issued(report: ConsolidatedReport) -> bool:
    """Whether the paper of a report was signed and issued."""
    document = document_of(report)
    return document is not None and document.stage == Stage.ISSUED


def of_filing(filing: Filing) -> Handed:
    """A unit's plan or report as it was put before its leader, in the words that its office had then."""
    assert filing.content is not None
    paper = outputs.filed(filing, filing.content, outputs.wording_of(filing, proposed_at(filing)))
    sources = {} if filing.is_plan else sources_of(filing.plan, outputs.as_of(filing.content), filing.unit)
    return Handed(paper, sources, (), origin_of(filing))


def next_code(filing: Filing) -> str:
    """The number that the unit's register would give a filing now; empty where the unit's committee takes no part here."""
    body = issuing_body_of(filing.unit)
    if body is None:
        return ""
    kind = "KH" if filing.is_plan else "BC"
    return f"{next_of(body, kind, clock.today().year):02d}/{kind}-UBND"


def issue_filing(filing: Filing, *, site: str, by: Person) -> Document:
    """Give a filing that its leader signs the next number of the unit's register, and issue it: inside the act of handing it in.

    What was issued before it came back is recalled, with the new number beside it. Raises NotAllowed where the unit's committee takes no part here.
    """
    body = issuing_body_of(filing.unit)
    if body is None:
        raise NotAllowed(
            "Đơn vị chưa có tên trong chương trình nên chưa có sổ văn bản; ghi số, ký hiệu của văn bản đã ký."
        )
    return issuing.issue_at_once(
        body=body, handed=of_filing(filing), site=site, by=by, in_place_of=document_of(filing)
    )
