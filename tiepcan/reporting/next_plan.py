"""The draft of next year's plan (dự thảo kế hoạch năm sau): proposed targets, the duties and dates of this year moved on.

It is written the way that plans are read (`plans.reading`), so that the signed paper, opened next year, gives what was
proposed.
"""

import re
from collections.abc import Iterator, Sequence

from tiepcan.common.numbers import grouped
from tiepcan.households.queries import lacking_by_unit
from tiepcan.paperwork.heads import committee
from tiepcan.paperwork.wording.filling import fill
from tiepcan.paperwork.wording.forms import Content
from tiepcan.paperwork.wording.lines import Lines
from tiepcan.paperwork.writing.records import Align, Grid, HeadCell, Paper, Signature
from tiepcan.plans.models import Duty, Plan, Recipient, Version
from tiepcan.reporting.evaluation import Proposal, Proposed
from tiepcan.reporting.outputs import signer_of
from tiepcan.reporting.queries import units_of
from tiepcan.reporting.wordings import NEXT_PLAN

_RIGHT: tuple[Align, ...] = ("right",)
_DATED = re.compile(r"((?:trước|chậm nhất|hết|đến) (?:ngày )?\d{1,2}/\d{1,2}/|năm )(\d{4})", re.IGNORECASE)


def moved_on(text: str, year: int) -> str:
    """What is said for the plan's year said for the next: dates to keep and years move by one, days of other papers stay."""

    def later(found: re.Match[str]) -> str:
        said = int(found[2])
        return found[1] + (str(said + 1) if said in (year, year - 1) else found[2])

    return _DATED.sub(later, text)


def draft(plan: Plan, version: Version, proposed: Sequence[Proposed], wording: Lines | None = None) -> Paper:
    """The draft as a paper: aims, the duties of this year, and the appendix with the proposed targets, in households.

    Bases are left to whoever writes the paper: next year's are not known. Poor households are those of the review at the
    end of the plan's year; where there is none yet the cell stays empty.
    """
    issuer, signer = plan.issuer, signer_of(version)
    head = Paper(
        parent_body=committee(issuer.parent, short=True) if issuer.parent else None,
        issuing_body=committee(issuer).replace("nhân dân ", "nhân dân\n"),
        symbol=plan.symbol,
        place=issuer.name,
        kind="",
        title="",
        year=plan.year + 1,
        signature=Signature(signer.authority, signer.position, signer.name),
        drafting="VHTT",
        foot_note=f"Dự thảo lập từ đề xuất chỉ tiêu của {plan}; sửa trong Word trước khi trình ký.",
    )
    return fill(NEXT_PLAN, wording or NEXT_PLAN.lines, _content(plan, version, proposed), head)


def _content(plan: Plan, version: Version, proposed: Sequence[Proposed]) -> Content:
    aims = (
        f"{grouped(one.total)} hộ nghèo thiếu hụt {_in_a_sentence(one)} được tiếp cận" for one in proposed
    )
    return Content(
        values={
            "năm": str(plan.year + 1),
            "tên kế hoạch": moved_on(version.title, plan.year),
            "mục tiêu": "; ".join(aims),
        },
        lists={
            "từng cơ quan": [
                {"tên": organisation.rstrip(" .:"), "nhiệm vụ": "\n".join(texts)}
                for organisation, texts in _duties(plan, version).items()
            ],
            "từng nơi nhận": [{"tên": text} for text in _recipients(version)],
        },
        tables={"chỉ tiêu": _appendix(plan, proposed)},
    )


def _duties(plan: Plan, version: Version) -> dict[str, list[str]]:
    """What each organisation is to do, a line each, moved on by a year."""
    duties: dict[str, list[str]] = {}
    for duty in Duty.objects.filter(version__plan=plan, version__ordinal__lte=version.ordinal):
        text = " ".join(moved_on(duty.text, plan.year).split())
        duties.setdefault(duty.organisation, []).append(text.rstrip(" .;"))
    return duties


def _in_a_sentence(one: Proposed) -> str:
    """The indicator inside a sentence; what a household has is lacked "về", what it uses is not."""
    name = one.indicator.name[:1].lower() + one.indicator.name[1:]
    return name if name.startswith("sử dụng") else f"về {name}"


def _recipients(version: Version) -> Iterator[str]:
    named = Recipient.objects.filter(version__plan=version.plan_id, version__ordinal__lte=version.ordinal)
    last = named.order_by("-version__ordinal").values_list("version", flat=True).first()
    for recipient in named.filter(version=last):
        if not recipient.is_file:
            yield recipient.text.strip(" -;.")


def _appendix(plan: Plan, proposed: Sequence[Proposed]) -> Grid:
    poor = lacking_by_unit(units_of(plan), "", plan.year)
    lines = [{line.unit.pk: line for line in one.lines} for one in proposed]
    first = proposed[0].lines
    return Grid(
        heads=(
            (
                HeadCell("STT"),
                HeadCell("Phường, xã"),
                HeadCell(f"Số hộ nghèo đến cuối năm {plan.year} (hộ)"),
                *(HeadCell(f"Số hộ nghèo thiếu hụt {_in_a_sentence(one)} (hộ)") for one in proposed),
            ),
        ),
        rows=tuple(
            (
                str(number),
                line.unit.full_name,
                str(poor[line.unit.pk]) if line.unit.pk in poor else "",
                *(_target(of[line.unit.pk]) for of in lines),
            )
            for number, line in enumerate(first, start=1)
        ),
        total=(
            "",
            "Tổng cộng",
            str(sum(poor.get(line.unit.pk, 0) for line in first)) if poor else "",
            *(str(one.total) for one in proposed),
        ),
        widths_mm=(12, 58, 30, *(32.0 for _ in proposed)),
        align=("center", "left", "right", *_RIGHT * len(proposed)),
    )


def _target(line: Proposal) -> str:
    """Without a target the cell stays empty, as the plan prints it."""
    return str(line.proposed) if line.proposed else ""
