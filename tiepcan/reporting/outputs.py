"""What this room's papers say: content for the wordings that offices keep; how they look is `paperwork`'s."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from tiepcan.accounts.models import Organisation, OrganisationKind
from tiepcan.common import clock
from tiepcan.common.numbers import grouped, in_words, one_decimal, percent
from tiepcan.paperwork.heads import committee
from tiepcan.paperwork.wording.filling import fill
from tiepcan.paperwork.wording.forms import Content, Form
from tiepcan.paperwork.wording.lines import Lines
from tiepcan.paperwork.wordings import issuing_body_of, wording_for
from tiepcan.paperwork.writing.numbers import reference
from tiepcan.paperwork.writing.records import Align, Grid, HeadCell, Paper, Signature
from tiepcan.plans.models import DutyReport, Recipient, Version
from tiepcan.plans.queries import ListedUnit
from tiepcan.reporting import wordings
from tiepcan.reporting.figures import Cell, Figures, Line
from tiepcan.reporting.models import ConsolidatedReport, Filing, RouteStep, Submission
from tiepcan.reporting.parts import headings_of
from tiepcan.reporting.queries import SubmissionKey, days_late, extensions_of, submission_for
from tiepcan.standards.models import Indicator
from tiepcan.standards.queries import reading_in_words
from tiepcan.units.models import Unit

SYMBOL = "BC-UBND"
RESULTS, UNITS = "reporting.results", "reporting.units"
"""What tables are called that can be computed again."""
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
    wording: Lines | None = None,
) -> Paper:
    """Everything that the consolidated report says (báo cáo tổng hợp), in the default wording unless another is given."""
    issuer = figures.plan.issuer
    return fill(
        wordings.CONSOLIDATED,
        wording or wordings.CONSOLIDATED.lines,
        _consolidated_content(figures, submissions, duties, said),
        Paper(
            parent_body=committee(issuer.parent, short=True) if issuer.parent else None,
            # Cut where the decree's own examples cut it: the name of the place on a line of its own.
            issuing_body=committee(issuer).replace("nhân dân ", "nhân dân\n"),
            symbol=SYMBOL,
            place=issuer.name,
            kind="",
            title="",
            year=figures.as_of.year,
            signature=Signature(said.signer.authority, said.signer.position, said.signer.name),
            drafting="VHTT",
        ),
    )


def _consolidated_content(
    figures: Figures,
    submissions: Mapping[SubmissionKey, Submission],
    duties: Sequence[tuple[str, Sequence[DutyReport]]],
    said: Said,
) -> Content:
    plan, issuer = figures.plan, figures.plan.issuer
    handing_in = _handing_in(figures, submissions)
    return Content(
        values={
            **_of_the_plan(figures.version, issuer),
            "năm": str(plan.year),
            "ngày chốt số liệu": f"{figures.as_of:%d/%m/%Y}",
            "cơ quan báo cáo": committee(issuer),
            "UBND viết tắt": committee(issuer, short=True),
            "số đơn vị": str(len(figures.lines)),
            "khó khăn, vướng mắc": said.difficulties,
            "kiến nghị, phương hướng": said.proposals,
            "khi không có thời hạn": "" if handing_in else "Kế hoạch không đặt thời hạn cho các đơn vị.",
            "cách tính hộ nghèo": reading_in_words(issuer, plan.year - 1),
        },
        lists={
            "từng nơi nhận báo cáo": [{"tên": name} for name in _addressees(figures.version)],
            "từng chỉ số": [_result(figures, indicator) for indicator in figures.indicators],
            "từng cơ quan": [
                {"tên": organisation, "việc đã làm": " ".join(_done(report) for report in reports)}
                for organisation, reports in duties
            ],
            "từng thời hạn": handing_in,
        },
        tables={
            "kết quả theo chỉ số": results_table(
                (one.name, cell.target, cell.recorded, cell.verified)
                for one in figures.indicators
                for cell in (figures.total[one.pk],)
            ),
            "kết quả của các đơn vị": table(figures),
        },
        attached_to=reference(
            kind="Báo cáo",
            number=None,
            symbol=SYMBOL,
            day=None,
            year=figures.as_of.year,
            issuer=committee(issuer),
        ),
    )


def _of_the_plan(version: Version, issuer: Unit) -> dict[str, str]:
    """What reports and plans say of the plan that they carry out."""
    return {
        "loại văn bản kế hoạch": version.kind,
        "số kế hoạch": version.code,
        "ngày kế hoạch": f"{version.issued_on:%d/%m/%Y}",
        "cơ quan ban hành kế hoạch": committee(issuer),
        "tên kế hoạch": _begin_lower(version.title),
    }


def results_table(results: Iterable[tuple[str, int | None, int, int]]) -> Grid:
    """One line an indicator: its name, target (None is "no target"), recorded and verified, in households."""
    heads = ("Chỉ số", "Chỉ tiêu (hộ)", "Đã ghi nhận", "Đã xác minh", "Tỷ lệ (%)")
    return Grid(
        heads=(tuple(map(HeadCell, heads)),),
        rows=tuple(_result_row(*result) for result in results),
        total=None,
        widths_mm=(55, 28, 28, 28, 26),
        align=("left", *_RIGHT * 4),
        key=RESULTS,
    )


def _result_row(name: str, target: int | None, recorded: int, verified: int) -> tuple[str, ...]:
    share = one_decimal(Fraction(100 * recorded, target)) if target else ""
    return (name, "" if target is None else str(target), str(recorded), str(verified), share)


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


def _result(figures: Figures, indicator: Indicator) -> dict[str, str]:
    """What the report's sentence about an indicator names; one without a target is spoken of in a sentence of its own."""
    cell = figures.total[indicator.pk]
    if cell.target is None:
        return _NOTHING_SAID | {
            "tên khi không giao": indicator.name,
            "đã ghi nhận khi không giao": str(cell.recorded),
        }
    lines = [line for line in figures.lines if line.cells[indicator.pk].target]
    met = sum(line.cells[indicator.pk].recorded >= (line.cells[indicator.pk].target or 0) for line in lines)
    none = sum(line.cells[indicator.pk].recorded == 0 for line in lines)
    return _NOTHING_SAID | {
        "tên": indicator.name,
        "chỉ tiêu": str(cell.target),
        "đã ghi nhận": str(cell.recorded),
        "tỷ lệ": _share(cell),
        "đã xác minh": str(cell.verified),
        "còn lại": str(cell.owed),
        "số đơn vị đạt": _two(met),
        "số đơn vị được giao": str(len(lines)),
        "số đơn vị chưa ghi nhận": _two(none),
    }


_NOTHING_SAID = dict.fromkeys(
    (
        "tên", "chỉ tiêu", "đã ghi nhận", "tỷ lệ", "đã xác minh", "còn lại", "số đơn vị đạt", "số đơn vị được giao",
        "số đơn vị chưa ghi nhận", "tên khi không giao", "đã ghi nhận khi không giao",
    ),
    "",
)  # fmt: skip


def _two(count: int) -> str:
    """Counts below ten as papers write them: "01"."""
    return f"{count:02}"


def _done(report: DutyReport) -> str:
    """One thing done, with its day; a heading that many wards share does not say which of them it was."""
    what = " ".join(report.what.split()).rstrip(". ")
    who = f"{report.organisation}: " if report.duty.kind == OrganisationKind.LOCAL else ""
    return f"{who}{what} (ngày {report.done_on:%d/%m/%Y})."


def _handing_in(figures: Figures, submissions: Mapping[SubmissionKey, Submission]) -> list[dict[str, str]]:
    units = [line.unit for line in figures.lines if line.row is not None]
    extensions = extensions_of(figures.plan)
    said = []
    for milestone in figures.stood.milestones:
        if not milestone.is_for_units:
            continue
        found = [(unit, submission_for(submissions, milestone, unit)) for unit in units]
        handed = [s for _, s in found if s and s.handed_in_on <= figures.as_of]
        late = [s for s in handed if days_late(s, extensions)]
        missing = [_in_a_list(unit) for unit, s in found if not s or s.handed_in_on > figures.as_of]
        over = milestone.last_day < figures.as_of
        said.append(
            {
                "tên": str(milestone),
                "ngày": f"{milestone.last_day:%d/%m/%Y}",
                "phần chưa hết hạn": "" if over else "(chưa hết hạn)",
                "số đã nộp": _two(len(handed)),
                "số phải nộp": str(len(units)),
                "phần nộp muộn": f", trong đó {_two(len(late))} đơn vị nộp muộn" if late else "",
                "phần chưa nộp": f"Chưa nộp: {', '.join(missing)}." if missing and over else "",
            }
        )
    return said


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
        key=UNITS,
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


def confirmation(report: ConsolidatedReport, step: RouteStep, wording: Lines | None = None) -> Paper:
    """The indicators of a consolidated report as the Labour Office confirmed them (bảng xác nhận chỉ số)."""
    plan, issuer, frozen = report.plan, report.plan.issuer, report.figures
    indicators = [one for one in Indicator.objects.of_information() if one.pk in frozen["total"]]
    on = step.at.astimezone(clock.VIETNAM).date()
    content = Content(
        values={
            "năm": str(plan.year),
            "ngày chốt số liệu": f"{report.as_of:%d/%m/%Y}",
            "cơ quan xác nhận": step.organisation or "Cơ quan Lao động, Thương binh và Xã hội",
            "kế hoạch": str(plan),
            "số đơn vị": str(len(frozen["units"])),
            "mã kiểm tra số liệu": report.digest[:16],
            "UBND viết tắt": committee(issuer, short=True),
        },
        tables={"chỉ số đã xác nhận": _confirmed(indicators, frozen["total"])},
    )
    head = Paper(
        parent_body=committee(issuer, short=True),
        issuing_body=step.organisation or "Phòng Lao động, Thương binh và Xã hội",
        symbol="XN-LĐTBXH",
        place=issuer.name,
        kind="",
        title="",
        issued_on=on,
        year=on.year,
        signature=Signature((), step.position or "Người xác nhận", step.by_name),
        drafting="LĐTBXH",
    )
    return fill(wordings.CONFIRMATION, wording or wordings.CONFIRMATION.lines, content, head)


def wording_of_confirmation(report: ConsolidatedReport, step: RouteStep) -> Lines:
    """The Labour Office's wording of the moment when it confirmed."""
    offices = Organisation.objects.filter(unit=report.plan.issuer, kind=OrganisationKind.LABOUR)
    return wording_for(offices.first(), wordings.CONFIRMATION, at=step.at)


def _confirmed(indicators: Sequence[Indicator], total: Mapping[str, Any]) -> Grid:
    heads = ("Chỉ số (hộ)", "Chỉ tiêu", "Đã ghi nhận", "Đã xác minh")
    return Grid(
        heads=(tuple(map(HeadCell, heads)),),
        rows=tuple((one.name, *_plain_cells(total[one.pk])) for one in indicators),
        total=None,
        widths_mm=(75, 30, 30, 30),
        align=("left", *_RIGHT * 3),
    )


def _plain_cells(cell: Mapping[str, Any]) -> tuple[str, str, str]:
    return tuple("" if cell[key] is None else str(cell[key]) for key in ("target", "recorded", "verified"))  # type: ignore[return-value]


def form_of(filing: Filing) -> Form:
    """The form of a filing's paper."""
    return wordings.LOCAL_PLAN if filing.is_plan else wordings.PERIODIC


def wording_of(filing: Filing, at: datetime | None = None) -> Lines:
    """The wording that the unit's paper is written in: of the moment when its words were decided on, or of now."""
    return wording_for(issuing_body_of(filing.unit), form_of(filing), at=at)


def filed(filing: Filing, content: Mapping[str, Any], wording: Lines | None = None) -> Paper:
    """The paper of a filing, from its content."""
    return local_plan(filing, content, wording) if filing.is_plan else periodic(filing, content, wording)


def local_plan(filing: Filing, content: Mapping[str, Any], wording: Lines | None = None) -> Paper:
    """Everything that a unit's own plan says, from its content (kế hoạch của phường, xã)."""
    return fill(
        wordings.LOCAL_PLAN,
        wording or wordings.LOCAL_PLAN.lines,
        _local_plan_content(filing, content),
        _head_of_unit(filing, "KH-UBND"),
    )


def _head_of_unit(filing: Filing, symbol: str) -> Paper:
    unit = filing.unit
    return Paper(
        parent_body=committee(unit.parent, short=True) if unit.parent else None,
        issuing_body=committee(unit).replace("nhân dân ", "nhân dân\n"),
        symbol=symbol,
        place=unit.name,
        kind="",
        title="",
        year=filing.plan.year,
        signature=Signature(("TM. ỦY BAN NHÂN DÂN",), "Chủ tịch", ""),
        drafting="VHXH",
    )


def _local_plan_content(filing: Filing, content: Mapping[str, Any]) -> Content:
    plan, lines = filing.plan, content["lines"]
    targets = [line for line in lines if line["households"] is not None]
    own = [line for line in lines if line["key"].startswith("o-")]
    duties = [line for line in lines if line not in targets and line not in own]
    money = sum(line["money"] or 0 for line in lines)
    return Content(
        values={
            **_of_the_plan(plan.versions.get(pk=content["version"]), plan.issuer),
            "năm": str(plan.year),
            "cơ quan lập": committee(filing.unit),
            "loại đơn vị": _of_unit(filing.unit),
            "UBND ban hành kế hoạch": committee(plan.issuer, short=True),
            "lần điều chỉnh": str(filing.ordinal) if filing.ordinal else "",
            "lý do điều chỉnh": filing.why.rstrip(". ") if filing.ordinal else "",
            "tổng kinh phí": grouped(money) if money else "",
            "tổng kinh phí bằng chữ": _begin_upper(in_words(money)) if money else "",
            "khi không bố trí kinh phí": ""
            if money
            else "Không bố trí kinh phí riêng; thực hiện bằng các nguồn lực đã nêu ở từng việc.",
        },
        tables={
            "chỉ tiêu": _work(
                [f"{line['text']}: {_two(line['households'])} hộ" for line in targets], targets
            ),
            "nhiệm vụ": _work([line["text"].strip(" ;.") for line in duties], duties),
            "việc tự đề ra": _work([line["text"].strip(" ;.") for line in own], own),
        },
    )


def _begin_upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def _of_unit(unit: Unit) -> str:
    return unit.get_kind_display().lower()


def _work(names: Sequence[str], lines: Sequence[Mapping[str, Any]]) -> Grid | None:
    """Who does what, when, with what: a line each; None without any."""
    if not lines:
        return None
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


def periodic(report: Filing, content: Mapping[str, Any], wording: Lines | None = None) -> Paper:
    """Everything that a unit's periodic report says, from its content: figures and words (báo cáo định kỳ)."""
    return fill(
        wordings.PERIODIC,
        wording or wordings.PERIODIC.lines,
        _periodic_content(report, content),
        _head_of_unit(report, SYMBOL),
    )


def _periodic_content(report: Filing, content: Mapping[str, Any]) -> Content:
    plan, total, until = report.plan, content["figures"]["total"], as_of(content)
    told = [(one, total[one.pk]) for one in Indicator.objects.of_information() if one.pk in total]
    return Content(
        values={
            **_of_the_plan(plan.on(until).version, plan.issuer),
            "ngày chốt số liệu": f"{until:%d/%m/%Y}",
            "cơ quan báo cáo": committee(report.unit),
            "tên loại": "Báo cáo bổ sung" if report.ordinal else "Báo cáo",
            "kỳ báo cáo": _period(report),
            "lần bổ sung": str(report.ordinal) if report.ordinal else "",
            "lý do bổ sung": report.why.rstrip(". ") if report.ordinal else "",
        },
        lists={
            "từng chỉ số": [_told(indicator.name, cell) for indicator, cell in told],
            "từng mục": [
                {"tên": heading.name, "lời văn": content["parts"].get(heading.key, "")}
                for heading in headings_of(report.kind)
            ],
        },
        tables={
            "kết quả theo chỉ số": results_table(
                (one.name, cell["target"], cell["recorded"], cell["verified"]) for one, cell in told
            ),
            "kết quả theo nguồn hỗ trợ": _by_source(content),
        },
        attached_to=reference(
            kind="Báo cáo",
            number=None,
            symbol=SYMBOL,
            day=None,
            year=plan.year,
            issuer=committee(report.unit),
        ),
    )


def _by_source(content: Mapping[str, Any]) -> Grid | None:
    """Who helped; reports of before it was there have none."""
    if not content.get("sources"):
        return None
    names = {one.pk: one.name for one in Indicator.objects.of_information()}
    heads = ("TT", "Chỉ số", "Nguồn hỗ trợ", "Số hộ đã ghi nhận")
    return Grid(
        heads=(tuple(map(HeadCell, heads)),),
        rows=tuple(
            (str(number), names[one["indicator"]], one["source"], str(one["households"]))
            for number, one in enumerate(content["sources"], start=1)
        ),
        total=("", "Cộng", "", str(sum(one["households"] for one in content["sources"]))),
        widths_mm=(12, 65, 58, 30),
        align=("center", "left", "left", "right"),
    )


def as_of(content: Mapping[str, Any]) -> date:
    """The day at whose end a report's figures stand."""
    return date.fromisoformat(content["figures"]["as_of"])


def _period(report: Filing) -> str:
    return report.name.removeprefix("Báo cáo ")


def _told(name: str, cell: Mapping[str, Any]) -> dict[str, str]:
    """What a unit's report names of an indicator; one without a target is spoken of in a sentence of its own."""
    target, recorded = cell["target"], cell["recorded"]
    if target is None:
        there = {"tên khi không giao": name, "đã ghi nhận khi không giao": str(recorded)}
    else:
        there = {
            "tên": name,
            "chỉ tiêu": str(target),
            "đã ghi nhận": str(recorded),
            "đã xác minh": str(cell["verified"]),
            "còn lại": str(max(0, target - recorded)),
            "phần đạt chỉ tiêu": f", đạt {percent(Fraction(recorded, target))} chỉ tiêu" if target else "",
        }
    return _NOTHING_TOLD | there


_NOTHING_TOLD = dict.fromkeys(
    (
        "tên", "chỉ tiêu", "đã ghi nhận", "đã xác minh", "còn lại", "phần đạt chỉ tiêu",
        "tên khi không giao", "đã ghi nhận khi không giao",
    ),
    "",
)  # fmt: skip
