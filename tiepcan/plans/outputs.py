"""A plan and the papers that amend it, set in the State's format from what was read of them. The words are the plan's own."""

from collections.abc import Iterator, Sequence

from tiepcan.common.numbers import grouped
from tiepcan.paperwork.heads import committee
from tiepcan.paperwork.writing.numbers import reference
from tiepcan.paperwork.writing.records import (
    Align,
    Annex,
    Block,
    Grid,
    HeadCell,
    Heading,
    Paper,
    Point,
    Section,
    Signature,
    Text,
)
from tiepcan.plans.models import AppendixRow, Duty, LegalBasis, Version
from tiepcan.standards.models import Indicator

_RIGHT: tuple[Align, ...] = ("right",)


def paper_of(version: Version) -> Paper:
    """One paper of a plan as a paper to print: number, bases, aims, duties by organisation, targets, recipients.

    What the signed paper says beside that was not read, and is not here: the signed file stays the document.
    """
    issuer = version.plan.issuer
    authority = tuple(filter(None, (part.strip() for part in version.signatory_authority.split(","))))
    return Paper(
        parent_body=committee(issuer.parent, short=True) if issuer.parent else None,
        issuing_body=committee(issuer).replace("nhân dân ", "nhân dân\n"),
        symbol=version.symbol,
        place=version.place or issuer.name,
        kind=version.kind,
        title=version.title,
        number=version.number,
        issued_on=version.issued_on,
        bases=tuple(map(_basis, version.legal_bases.all())),
        body=tuple(_body(version)),
        signature=Signature(authority, version.signatory_position, version.signatory),
        recipients=tuple(one.text.strip(" -;.") for one in version.recipients.all() if not one.is_file),
        annexes=tuple(_annexes(version)),
    )


def _basis(basis: LegalBasis) -> str:
    parts = (
        f"Căn cứ {basis.kind}",
        f"số {basis.code}" if basis.code else "",
        f"ngày {basis.issued_on:%d/%m/%Y}" if basis.issued_on else "",
        f"của {basis.issuer}" if basis.issuer else "",
        f"về việc {basis.subject}" if basis.subject else "",
    )
    return " ".join(filter(None, parts))


def _body(version: Version) -> Iterator[Block]:
    number = 0
    if version.reason:
        yield Text(f"Lý do điều chỉnh: {version.reason.rstrip('. ')}.")
    if aims := list(version.aims.select_related("indicator")):
        number += 1
        yield Section(f"{'I' * number}. Mục tiêu")
        yield from (
            Point(f"- {_open_ended(aim.quote) or f'{aim.indicator.name}: {grouped(aim.households)} hộ'}.")
            for aim in aims
        )
    if duties := list(version.duties.all()):
        number += 1
        yield Section(f"{'I' * number}. Nhiệm vụ")
        yield from _duties(duties)


def _open_ended(text: str) -> str:
    """Without the mark that begins or ends a line of a list: it is set anew."""
    return text.strip().lstrip("-+ ").rstrip(" .;")


def _duties(duties: Sequence[Duty]) -> Iterator[Block]:
    by_organisation: dict[str, list[str]] = {}
    for duty in duties:
        by_organisation.setdefault(duty.organisation, []).append(duty.text)
    for number, (organisation, texts) in enumerate(by_organisation.items(), start=1):
        yield Heading(f"{number}. {organisation.rstrip(' .:')}")
        yield from (Text(f"- {_open_ended(text)}.") for text in texts)


def _annexes(version: Version) -> Iterator[Annex]:
    rows = list(version.rows.select_related("unit").prefetch_related("targets"))
    if rows:
        yield Annex(
            title=f"Chỉ tiêu tiếp cận các dịch vụ xã hội cơ bản về thông tin năm {version.plan.year}",
            attached_to=reference(
                kind=version.kind,
                number=version.number,
                symbol=version.symbol,
                day=version.issued_on,
                issuer=committee(version.plan.issuer),
            ),
            blocks=(_appendix(version, rows),),
        )


def _appendix(version: Version, rows: Sequence[AppendixRow]) -> Grid:
    """The units with their poor households at the outset and their targets; without a target the cell stays empty."""
    targets = [row.targets_by_indicator for row in rows]
    used = {indicator for one in targets for indicator in one}
    indicators = [one for one in Indicator.objects.of_information() if one.pk in used]
    poor = [row.poor_households for row in rows if row.poor_households is not None]
    return Grid(
        heads=(
            (
                HeadCell("STT"),
                HeadCell("Phường, xã"),
                HeadCell(f"Số hộ nghèo đến cuối năm {version.plan.year - 1} (hộ)"),
                *(HeadCell(f"{one.name} (hộ)") for one in indicators),
            ),
        ),
        rows=tuple(
            (
                str(row.row),
                row.printed_name,
                "" if row.poor_households is None else str(row.poor_households),
                *(str(of.get(one.pk, "")) for one in indicators),
            )
            for row, of in zip(rows, targets, strict=True)
        ),
        total=(
            "",
            "Tổng cộng",
            str(sum(poor)) if poor else "",
            *(str(sum(of.get(one.pk, 0) for of in targets)) for one in indicators),
        ),
        widths_mm=(12, 58, 30, *(32.0 for _ in indicators)),
        align=("center", "left", "right", *_RIGHT * len(indicators)),
    )
