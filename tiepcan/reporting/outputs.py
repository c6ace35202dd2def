"""The consolidated report as an official paper: what it says; how it looks is `paperwork`'s."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from tiepcan.accounts.models import OrganisationKind
from tiepcan.common import clock
from tiepcan.common.numbers import grouped, in_words, one_decimal, percent
from tiepcan.paperwork.writing.numbers import reference
from tiepcan.paperwork.writing.records import (
    Align,
    Annex,
    Block,
    Grid,
    HeadCell,
    Heading,
    Paper,
    Section,
    Signature,
    Text,
)
from tiepcan.plans.models import DutyReport, Recipient, Version
from tiepcan.plans.queries import ListedUnit
from tiepcan.reporting.figures import Cell, Figures, Line
from tiepcan.reporting.models import ConsolidatedReport, Filing, RouteStep, Submission
from tiepcan.reporting.parts import headings_of
from tiepcan.reporting.queries import SubmissionKey, days_late, extensions_of, submission_for
from tiepcan.standards.models import Indicator
from tiepcan.standards.queries import reading_in_words
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


@dataclass(frozen=True)
class Said:
    """What figures cannot say: who signs, and the words of the coordinator; empty words print no section."""

    signer: Signer
    difficulties: str = ""
    proposals: str = ""


def consolidated(
    figures: Figures,
    submissions: Mapping[SubmissionKey, Submission],
    duties: Sequence[tuple[str, Sequence[DutyReport]]],
    said: Said,
) -> Paper:
    """Everything that the consolidated report says (báo cáo tổng hợp)."""
    plan, issuer = figures.plan, figures.plan.issuer
    return Paper(
        parent_body=committee(issuer.parent, short=True) if issuer.parent else None,
        # Cut where the decree's own examples cut it: the name of the place on a line of its own.
        issuing_body=committee(issuer).replace("nhân dân ", "nhân dân\n"),
        symbol=SYMBOL,
        place=issuer.name,
        kind="Báo cáo",
        title=f"Kết quả thực hiện chỉ tiêu tiếp cận các dịch vụ xã hội cơ bản về thông tin năm\u00a0{plan.year}",
        year=figures.as_of.year,
        addressed_to=_addressees(figures.version),
        body=(
            Text(
                f"Thực hiện {figures.version.kind} số {figures.version.code} ngày {figures.version.issued_on:%d/%m/%Y} "
                f"của {committee(issuer)} về việc {_begin_lower(figures.version.title)}, {committee(issuer)} báo cáo "
                f"kết quả, số liệu đến hết ngày {figures.as_of:%d/%m/%Y}, như sau:"
            ),
            *_sections(figures, submissions, duties, said),
        ),
        signature=Signature(said.signer.authority, said.signer.position, said.signer.name),
        recipients=("Như trên", f"Chủ tịch, các PCT {committee(issuer, short=True)}"),
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
                    issuer=committee(issuer),
                ),
                blocks=(table(figures),),
                landscape=True,
            ),
        ),
    )


_ROMAN = ("I", "II", "III", "IV", "V")


def _sections(
    figures: Figures,
    submissions: Mapping[SubmissionKey, Submission],
    duties: Sequence[tuple[str, Sequence[DutyReport]]],
    said: Said,
) -> Iterator[Block]:
    """The sections that have something to say, numbered in their order; the last line closes the paper."""
    sections = [
        ("Kết quả thực hiện chỉ tiêu", _numbered(_results(figures))),
        ("Kết quả thực hiện nhiệm vụ", _numbered(_duties(duties))),
        ("Việc nộp kế hoạch và báo cáo của các đơn vị", _numbered(_handing_in(figures, submissions))),
        ("Khó khăn, vướng mắc", [said.difficulties]),
        ("Kiến nghị, phương hướng", [said.proposals]),
    ]
    there = [(heading, [line for line in lines if line.strip()]) for heading, lines in sections]
    there = [(heading, lines) for heading, lines in there if lines]
    for number, (heading, lines) in zip(_ROMAN, there, strict=False):
        yield Section(f"{number}. {heading}")
        yield from (Text(line) for line in lines)
    yield Text(reading_in_words(figures.plan.issuer, figures.plan.year - 1))
    yield Text(
        "Số liệu tính từ sổ kết quả từng hộ: “đã ghi nhận” là đơn vị đã ghi hộ được tiếp cận, “đã xác minh” là cơ quan "
        f"Lao động, Thương binh và Xã hội đã xác minh. Chi tiết {len(figures.lines)} đơn vị ở Phụ lục kèm theo./."
    )


def _numbered(lines: Sequence[str]) -> list[str]:
    return (
        [f"{number}. {line}" for number, line in enumerate(lines, start=1)] if len(lines) > 1 else list(lines)
    )


def committee(unit: Unit, *, short: bool = False) -> str:
    """The people's committee of a unit as papers name it, whole or short."""
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


def _results(figures: Figures) -> list[str]:
    said = []
    for indicator in figures.indicators:
        cell = figures.total[indicator.pk]
        lines = [line for line in figures.lines if line.cells[indicator.pk].target]
        if cell.target is None:
            said.append(f"{indicator.name}: kế hoạch không giao chỉ tiêu; đã ghi nhận {cell.recorded} hộ.")
            continue
        met = sum(
            line.cells[indicator.pk].recorded >= (line.cells[indicator.pk].target or 0) for line in lines
        )
        none = sum(line.cells[indicator.pk].recorded == 0 for line in lines)
        said.append(
            f"{indicator.name}: chỉ tiêu {cell.target} hộ; đã ghi nhận {cell.recorded} hộ được tiếp cận, đạt "
            f"{_share(cell)} chỉ tiêu, trong đó đã xác minh {cell.verified} hộ; còn {cell.owed} hộ. "
            f"Có {_two(met)}/{len(lines)} đơn vị được giao đã đạt chỉ tiêu; {_two(none)} đơn vị chưa ghi nhận hộ nào."
        )
    return said


def _two(count: int) -> str:
    """Counts below ten as papers write them: "01"."""
    return f"{count:02}"


def _duties(duties: Sequence[tuple[str, Sequence[DutyReport]]]) -> list[str]:
    """What organisations noted for their duties; who noted nothing is not spoken of."""
    return [
        f"{organisation}: " + " ".join(_done(report) for report in reports)
        for organisation, reports in duties
    ]


def _done(report: DutyReport) -> str:
    """One thing done, with its day; a heading that many wards share does not say which of them it was."""
    what = " ".join(report.what.split()).rstrip(". ")
    who = f"{report.organisation}: " if report.duty.kind == OrganisationKind.LOCAL else ""
    return f"{who}{what} (ngày {report.done_on:%d/%m/%Y})."


def _handing_in(figures: Figures, submissions: Mapping[SubmissionKey, Submission]) -> list[str]:
    units = [line.unit for line in figures.lines if line.row is not None]
    extensions = extensions_of(figures.plan)
    said = []
    for milestone in figures.stood.milestones:
        if not milestone.is_for_units:
            continue
        found = [(unit, submission_for(submissions, milestone, unit)) for unit in units]
        handed = [unit for unit, s in found if s and s.handed_in_on <= figures.as_of]
        late = [
            unit for unit, s in found if s and days_late(s, extensions) and s.handed_in_on <= figures.as_of
        ]
        missing = [_in_a_list(unit) for unit, s in found if not s or s.handed_in_on > figures.as_of]
        over = milestone.last_day < figures.as_of
        text = f"{milestone}, hạn hết ngày {milestone.last_day:%d/%m/%Y}{'' if over else ' (chưa hết hạn)'}: "
        text += f"{_two(len(handed))}/{len(units)} đơn vị đã nộp"
        text += f", trong đó {_two(len(late))} đơn vị nộp muộn." if late else "."
        if missing and over:
            text += f" Chưa nộp: {', '.join(missing)}."
        said.append(text)
    return said or ["Kế hoạch không đặt thời hạn cho các đơn vị."]


def _in_a_list(unit: ListedUnit) -> str:
    """ "xã Thiệu Vân": inside a sentence the kind of a unit is written small."""
    return unit.full_name[:1].lower() + unit.full_name[1:]


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
    share = "" if cell.share is None else one_decimal(cell.share * 100)
    return ("" if cell.target is None else str(cell.target), str(cell.recorded), str(cell.verified), share)


def confirmation(report: ConsolidatedReport, step: RouteStep) -> Paper:
    """The indicators of a consolidated report as the Labour Office confirmed them (bảng xác nhận chỉ số)."""
    plan, issuer, frozen = report.plan, report.plan.issuer, report.figures
    indicators = [one for one in Indicator.objects.of_information() if one.pk in frozen["total"]]
    on = step.at.astimezone(clock.VIETNAM).date()
    return Paper(
        parent_body=committee(issuer, short=True),
        issuing_body=step.organisation or "Phòng Lao động, Thương binh và Xã hội",
        symbol="XN-LĐTBXH",
        place=issuer.name,
        kind="Xác nhận",
        title=f"Chỉ số tiếp cận các dịch vụ xã hội cơ bản về thông tin năm\u00a0{plan.year}",
        issued_on=on,
        year=on.year,
        body=(
            Text(
                f"{step.organisation or 'Cơ quan Lao động, Thương binh và Xã hội'} đã đối chiếu các chỉ số của {plan}, số liệu "
                f"đến hết ngày {report.as_of:%d/%m/%Y}, với sổ kết quả từng hộ và xác nhận như sau:"
            ),
            Grid(
                heads=(
                    (
                        HeadCell("Chỉ số (hộ)"),
                        HeadCell("Chỉ tiêu"),
                        HeadCell("Đã ghi nhận"),
                        HeadCell("Đã xác minh"),
                    ),
                ),
                rows=tuple((one.name, *_plain_cells(frozen["total"][one.pk])) for one in indicators),
                total=None,
                widths_mm=(75, 30, 30, 30),
                align=("left", *_RIGHT * 3),
            ),
            Text(
                f"Số liệu của {len(frozen['units'])} đơn vị ở báo cáo tổng hợp có mã kiểm tra số liệu {report.digest[:16]}./."
            ),
        ),
        signature=Signature((), step.position or "Người xác nhận", step.by_name),
        recipients=(f"{committee(issuer, short=True)} (qua Phòng Văn hóa Thông tin)",),
        drafting="LĐTBXH",
    )


def _plain_cells(cell: Mapping[str, Any]) -> tuple[str, str, str]:
    return tuple("" if cell[key] is None else str(cell[key]) for key in ("target", "recorded", "verified"))  # type: ignore[return-value]


def filed(filing: Filing, content: Mapping[str, Any]) -> Paper:
    """The paper of a filing, from its content."""
    return local_plan(filing, content) if filing.is_plan else periodic(filing, content)


def local_plan(filing: Filing, content: Mapping[str, Any]) -> Paper:
    """Everything that a unit's own plan says, from its content (kế hoạch của phường, xã)."""
    plan, unit = filing.plan, filing.unit
    ours = committee(unit)
    stood = plan.versions.get(pk=content["version"])
    lines = content["lines"]
    targets = [line for line in lines if line["households"] is not None]
    own = [line for line in lines if line["key"].startswith("o-")]
    duties = [line for line in lines if line not in targets and line not in own]
    blocks: list[Block] = [
        Text(
            f"Thực hiện {stood.kind} số {stood.code} ngày {stood.issued_on:%d/%m/%Y} của {committee(plan.issuer)} về việc "
            f"{_begin_lower(stood.title)}, {ours} xây dựng kế hoạch như sau:"
        )
    ]
    if filing.ordinal:
        blocks.append(
            Text(f"Kế hoạch này điều chỉnh lần {filing.ordinal}. Lý do: {filing.why.rstrip('. ')}.")
        )
    sections = [
        ("Chỉ tiêu", [f"{line['text']}: {_two(line['households'])} hộ" for line in targets], targets),
        ("Nhiệm vụ", [line["text"].strip(" ;.") for line in duties], duties),
        (f"Việc {_of_unit(unit)} tự đề ra", [line["text"].strip(" ;.") for line in own], own),
    ]
    number = 0
    for heading, names, there in sections:
        if not there:
            continue
        number += 1
        blocks += [Heading(f"{number}. {heading}"), _work(names, there)]
    number += 1
    blocks += [Heading(f"{number}. Kinh phí"), Text(_money_in_words(lines))]
    blocks += [
        Heading(f"{number + 1}. Tổ chức thực hiện"),
        Text(
            f"Cá nhân, bộ phận được giao việc thực hiện đúng thời gian đã nêu. {ours} theo dõi, đôn đốc và báo cáo "
            f"{committee(plan.issuer)} theo quy định./."
        ),
    ]
    return Paper(
        parent_body=committee(unit.parent, short=True) if unit.parent else None,
        issuing_body=ours.replace("nhân dân ", "nhân dân\n"),
        symbol="KH-UBND",
        place=unit.name,
        kind="Kế hoạch",
        title=f"Triển khai thực hiện chỉ tiêu tiếp cận các dịch vụ xã hội cơ bản về thông tin năm\u00a0{plan.year}",
        year=plan.year,
        body=tuple(blocks),
        signature=Signature(("TM. ỦY BAN NHÂN DÂN",), "Chủ tịch", ""),
        recipients=(
            f"{committee(plan.issuer, short=True)} (qua Phòng Văn hóa Thông tin)",
            "Cá nhân, bộ phận được giao việc",
        ),
        drafting="VHXH",
    )


def _of_unit(unit: Unit) -> str:
    return unit.get_kind_display().lower()


def _work(names: Sequence[str], lines: Sequence[Mapping[str, Any]]) -> Grid:
    """Who does what, when, with what: a line each."""
    return Grid(
        heads=(
            (
                HeadCell("TT"),
                HeadCell("Nội dung"),
                HeadCell("Người thực hiện"),
                HeadCell("Thời gian"),
                HeadCell("Kinh phí, nguồn lực"),
            ),
        ),
        rows=tuple(
            (str(number), name, line["who"], line["when"], _means(line))
            for number, (name, line) in enumerate(zip(names, lines, strict=True), start=1)
        ),
        total=None,
        widths_mm=(10, 62, 30, 30, 33),
        align=("center", "left", "left", "left", "left"),
    )


def _means(line: Mapping[str, Any]) -> str:
    money = "" if line["money"] is None else f"{grouped(line['money'])} đ"
    return ", ".join(filter(None, [money, line["source"]]))


def _money_in_words(lines: Sequence[Mapping[str, Any]]) -> str:
    total = sum(line["money"] or 0 for line in lines)
    if not total:
        return "Không bố trí kinh phí riêng; thực hiện bằng các nguồn lực đã nêu ở từng việc."
    words = in_words(total)
    return f"Tổng kinh phí {grouped(total)} đồng ({words[:1].upper()}{words[1:]} đồng), theo nguồn đã nêu ở từng việc."


def periodic(report: Filing, content: Mapping[str, Any]) -> Paper:
    """Everything that a unit's periodic report says, from its content: figures and words (báo cáo định kỳ)."""
    plan, unit = report.plan, report.unit
    figures = content["figures"]
    until = as_of(content)
    stood = plan.on(until).version
    ours = committee(unit)
    blocks: list[Block] = [
        Text(
            f"Thực hiện {stood.kind} số {stood.code} ngày {stood.issued_on:%d/%m/%Y} của {committee(plan.issuer)} về việc "
            f"{_begin_lower(stood.title)}, {ours} báo cáo kết quả, số liệu đến hết ngày {until:%d/%m/%Y}, như sau:"
        )
    ]
    if report.ordinal:
        blocks.append(Text(f"Báo cáo này bổ sung lần {report.ordinal}. Lý do: {report.why.rstrip('. ')}."))
    blocks += [Heading("1. Kết quả thực hiện chỉ tiêu"), *(Text(line) for line in told(figures))]
    for number, heading in enumerate(headings_of(report.kind), start=2):
        words = content["parts"].get(heading.key, "").strip()
        blocks += [
            Heading(f"{number}. {heading.name}"),
            *(Text(line) for line in words.split("\n") if line.strip()),
        ]
    blocks.append(Text(f"Trên đây là báo cáo của {ours}./."))
    return Paper(
        parent_body=committee(unit.parent, short=True) if unit.parent else None,
        issuing_body=ours.replace("nhân dân ", "nhân dân\n"),
        symbol=SYMBOL,
        place=unit.name,
        kind="Báo cáo" if not report.ordinal else "Báo cáo bổ sung",
        title=f"Kết quả thực hiện chỉ tiêu tiếp cận các dịch vụ xã hội cơ bản về thông tin {_period(report)}",
        year=plan.year,
        addressed_to=(f"{committee(plan.issuer)} (qua Phòng Văn hóa Thông tin)",),
        body=tuple(blocks),
        signature=Signature(("TM. ỦY BAN NHÂN DÂN",), "Chủ tịch", ""),
        recipients=("Như trên",),
        drafting="VHXH",
        annexes=tuple(_by_source(report, content)),
    )


def _by_source(report: Filing, content: Mapping[str, Any]) -> Iterator[Annex]:
    """The annex of who helped; reports of before it was there have none."""
    if not content.get("sources"):
        return
    names = {one.pk: one.name for one in Indicator.objects.of_information()}
    yield Annex(
        title=f"Kết quả theo nguồn hỗ trợ {_period(report)}",
        attached_to=reference(
            kind="Báo cáo",
            number=None,
            symbol=SYMBOL,
            day=None,
            year=report.plan.year,
            issuer=committee(report.unit),
        ),
        blocks=(
            Grid(
                heads=(
                    (
                        HeadCell("TT"),
                        HeadCell("Chỉ số"),
                        HeadCell("Nguồn hỗ trợ"),
                        HeadCell("Số hộ đã ghi nhận"),
                    ),
                ),
                rows=tuple(
                    (str(number), names[one["indicator"]], one["source"], str(one["households"]))
                    for number, one in enumerate(content["sources"], start=1)
                ),
                total=("", "Cộng", "", str(sum(one["households"] for one in content["sources"]))),
                widths_mm=(12, 65, 58, 30),
                align=("center", "left", "left", "right"),
            ),
        ),
    )


def as_of(content: Mapping[str, Any]) -> date:
    """The day at whose end a report's figures stand."""
    return date.fromisoformat(content["figures"]["as_of"])


def _period(report: Filing) -> str:
    return report.name.removeprefix("Báo cáo ")


def told(figures: Mapping[str, Any]) -> list[str]:
    """Frozen figures of one unit in sentences, an indicator in each."""
    said = []
    for indicator in Indicator.objects.of_information():
        cell = figures["total"].get(indicator.pk)
        if cell is None:
            continue
        target, recorded, verified = cell["target"], cell["recorded"], cell["verified"]
        if target is None:
            said.append(f"{indicator.name}: không được giao chỉ tiêu; đã ghi nhận {recorded} hộ.")
            continue
        share = f", đạt {percent(Fraction(recorded, target))} chỉ tiêu" if target else ""
        said.append(
            f"{indicator.name}: đã ghi nhận {recorded}/{target} hộ nghèo thiếu hụt được tiếp cận{share}, trong đó "
            f"{verified} hộ đã được xác minh; còn {max(0, target - recorded)} hộ."
        )
    return said
