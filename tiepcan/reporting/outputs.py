"""The consolidated report as an official paper: what it says; how it looks is `paperwork`'s."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tiepcan.common.dates import day_in_words
from tiepcan.common.numbers import percent
from tiepcan.paperwork.numbers import reference
from tiepcan.paperwork.records import Align, Annex, Block, Grid, HeadCell, Paper, Section, Signature, Text
from tiepcan.plans.models import Milestone, Recipient, Version
from tiepcan.reporting.figures import Cell, Figures, Line
from tiepcan.reporting.models import Submission
from tiepcan.reporting.queries import SubmissionKey, submission_for
from tiepcan.standards.models import Indicator
from tiepcan.units.models import Unit

SYMBOL = "BC-UBND"
_RIGHT: tuple[Align, ...] = ("right",)


@dataclass(frozen=True)
class Signer:
    """Who is to sign: on whose behalf, the position and the name."""

    authority: tuple[str, ...]
    position: str
    name: str


def signer_of(version: Version) -> Signer:
    """Whoever signed the plan, by the last of its papers that says so. Decree 30/2020/NĐ-CP has "TM." of the committee first, which older papers leave out."""
    if not version.signatory:
        earlier = version.plan.versions.filter(ordinal__lt=version.ordinal).exclude(signatory="")
        version = earlier.last() or version
    authority = tuple(filter(None, (part.strip() for part in version.signatory_authority.split(","))))
    if not any(part.startswith("TM.") for part in authority):
        authority = ("TM. ỦY BAN NHÂN DÂN", *authority)
    return Signer(authority, version.signatory_position, version.signatory)


def consolidated(
    figures: Figures,
    milestones: Sequence[Milestone],
    submissions: Mapping[SubmissionKey, Submission],
    signer: Signer,
) -> Paper:
    """Everything that the consolidated report says (báo cáo tổng hợp), from the figures alone."""
    plan, issuer = figures.plan, figures.plan.issuer
    return Paper(
        parent_body=_committee(issuer.parent, short=True) if issuer.parent else None,
        # Cut where the decree's own examples cut it: the name of the place on a line of its own.
        issuing_body=_committee(issuer).replace("nhân dân ", "nhân dân\n"),
        symbol=SYMBOL,
        place=issuer.name,
        kind="Báo cáo",
        title=f"Kết quả thực hiện chỉ tiêu tiếp cận các dịch vụ xã hội cơ bản về thông tin năm\u00a0{plan.year}\n"
        f"(số liệu đến hết ngày {figures.as_of:%d/%m/%Y})",
        year=figures.as_of.year,
        addressed_to=_addressees(figures.version),
        body=(
            Text(
                f"Thực hiện {figures.version.kind} số {figures.version.code} ngày {figures.version.issued_on:%d/%m/%Y} "
                f"về {_begin_lower(figures.version.title)}, {_committee(issuer)} báo cáo kết quả đến hết "
                f"{day_in_words(figures.as_of)} như sau:"
            ),
            Section("I. Kết quả thực hiện chỉ tiêu"),
            *_results(figures),
            Section("II. Việc nộp kế hoạch và báo cáo của các đơn vị"),
            *_handing_in(figures, milestones, submissions),
            Text(
                "Số liệu tính từ sổ kết quả từng hộ: “đã ghi nhận” là đơn vị đã ghi hộ được tiếp cận, “đã xác minh” là "
                f"cơ quan Lao động, Thương binh và Xã hội đã xác minh. Chi tiết {len(figures.lines)} đơn vị ở Phụ lục./."
            ),
        ),
        signature=Signature(signer.authority, signer.position, signer.name),
        recipients=("Như trên", f"Chủ tịch, các PCT {_committee(issuer, short=True)}"),
        drafting="VHTT",
        annexes=(
            Annex(
                title=f"Kết quả thực hiện chỉ tiêu tiếp cận thông tin năm {plan.year} của các đơn vị",
                attached_to=reference(
                    kind="Báo cáo",
                    number=None,
                    symbol=SYMBOL,
                    day=None,
                    year=figures.as_of.year,
                    issuer=_committee(issuer),
                ),
                blocks=(table(figures),),
                landscape=True,
            ),
        ),
    )


def _committee(unit: Unit, *, short: bool = False) -> str:
    return f"{'UBND' if short else 'Ủy ban nhân dân'} {unit.get_kind_display().lower()} {unit.name}"


def _begin_lower(text: str) -> str:
    return text[:1].lower() + text[1:].rstrip(". ")


def _addressees(version: Version) -> tuple[str, ...]:
    """The department that the plan itself goes to for report ("b/c"), by the last paper that names recipients."""
    named = Recipient.objects.filter(version__plan=version.plan_id, version__ordinal__lte=version.ordinal)
    last = named.order_by("-version__ordinal").values_list("version", flat=True).first()
    return tuple(
        re.sub(r"\s*;?\s*\(.*?\)", "", recipient.text).strip(" ;.")
        for recipient in named.filter(version=last)
        if recipient.text.startswith("Sở")
    )


def _results(figures: Figures) -> list[Block]:
    said: list[Block] = []
    for indicator in figures.indicators:
        cell = figures.total[indicator.pk]
        lines = [line for line in figures.lines if line.cells[indicator.pk].target]
        if cell.target is None:
            said.append(
                Text(f"{indicator.name}: kế hoạch không giao chỉ tiêu; đã ghi nhận {cell.recorded} hộ.")
            )
            continue
        met = sum(
            line.cells[indicator.pk].recorded >= (line.cells[indicator.pk].target or 0) for line in lines
        )
        none = sum(line.cells[indicator.pk].recorded == 0 for line in lines)
        said.append(
            Text(
                f"{indicator.name}: chỉ tiêu {cell.target} hộ; đã ghi nhận {cell.recorded} hộ được tiếp cận, "
                f"đạt {_share(cell)} chỉ tiêu, trong đó đã xác minh {cell.verified} hộ; còn {cell.owed} hộ. "
                f"Trong {len(lines)} đơn vị được giao, {met} đơn vị đạt chỉ tiêu, {none} đơn vị chưa ghi nhận hộ nào."
            )
        )
    return said


def _handing_in(
    figures: Figures, milestones: Sequence[Milestone], submissions: Mapping[SubmissionKey, Submission]
) -> list[Block]:
    units = [line.unit for line in figures.lines if line.row is not None]
    said: list[Block] = []
    for milestone in milestones:
        if not milestone.is_for_units:
            continue
        found = [(unit, submission_for(submissions, milestone, unit)) for unit in units]
        in_time = [unit for unit, s in found if s and s.handed_in_on <= figures.as_of]
        missing = [unit.full_name for unit, s in found if not s or s.handed_in_on > figures.as_of]
        due = f"hạn hết ngày {milestone.last_day:%d/%m/%Y}"
        text = f"{milestone} ({due}): {len(in_time)}/{len(units)} đơn vị đã nộp."
        if missing and milestone.last_day < figures.as_of:
            text += f" Chưa nộp: {', '.join(missing)}."
        elif milestone.last_day >= figures.as_of:
            text += " Chưa hết hạn."
        said.append(Text(text))
    return said or [Text("Kế hoạch không đặt thời hạn cho các đơn vị.")]


def _share(cell: Cell) -> str:
    return percent(cell.share) if cell.share is not None else ""


def table(figures: Figures) -> Grid:
    """The plan's own appendix, filled in: a line for each unit and the total."""
    indicators = figures.indicators
    under = ("Chỉ tiêu", "Đã ghi nhận", "Đã xác minh", "Tỷ lệ (%)")
    return Grid(
        heads=(
            (
                HeadCell("STT", down=2),
                HeadCell("Phường, xã", down=2),
                HeadCell(f"Số hộ nghèo đến cuối năm {figures.plan.year - 1} (hộ)", down=2),
                *(HeadCell(f"{indicator.name} (hộ)", across=len(under)) for indicator in indicators),
            ),
            tuple(HeadCell(text) for _ in indicators for text in under),
        ),
        rows=tuple(_row(n, line, indicators) for n, line in enumerate(figures.lines, start=1)),
        total=(
            "",
            f"Cộng {len(figures.lines)} đơn vị",
            str(figures.poor_households),
            *(text for i in indicators for text in _cells(figures.total[i.pk])),
        ),
        widths_mm=(12, 48, 28, *(20.0 for _ in indicators for _ in under)),
        align=("center", "left", *_RIGHT * (1 + len(indicators) * len(under))),
    )


def _row(order: int, line: Line, indicators: Sequence[Indicator]) -> tuple[str, ...]:
    return (
        str(line.row or order),
        line.unit.full_name,
        "" if line.poor_households is None else str(line.poor_households),
        *(text for indicator in indicators for text in _cells(line.cells[indicator.pk])),
    )


def _cells(cell: Cell) -> tuple[str, str, str, str]:
    """Without a target the cell stays empty, as the plan prints it; what was done is told all the same."""
    share = _share(cell).removesuffix("%").strip()
    return ("" if cell.target is None else str(cell.target), str(cell.recorded), str(cell.verified), share)
