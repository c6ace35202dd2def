"""The minutes of a round of verification: what they say; how they look is `paperwork`'s."""

from collections.abc import Sequence
from typing import Any

from tiepcan.accounts.models import Organisation, OrganisationKind
from tiepcan.common.numbers import grouped
from tiepcan.paperwork.heads import committee
from tiepcan.paperwork.wording.filling import fill
from tiepcan.paperwork.wording.forms import Content
from tiepcan.paperwork.wording.lines import Lines
from tiepcan.paperwork.wordings import wording_for
from tiepcan.paperwork.writing.records import Align, Grid, HeadCell, Paper, Signature
from tiepcan.verification import wordings
from tiepcan.verification.models import Round, Signed
from tiepcan.verification.queries import Status
from tiepcan.verification.sampling import DRAW_RULE, SIZE_RULE

SYMBOL = "BB-LĐTBXH"
_COLUMNS: tuple[Align, ...] = ("center", "left", "left", "right", "right", "right", "right", "right")


def minutes(found: Round, signatures: Sequence[Signed], wording: Lines | None = None) -> Paper:
    """Everything that the minutes say (biên bản xác minh), from what the first office signed."""
    issuer = found.plan.issuer
    closed = max((one.at for one in signatures), default=None)
    head = Paper(
        parent_body=committee(issuer, short=True),
        issuing_body="Phòng Lao động, Thương binh và Xã hội",
        symbol=SYMBOL,
        place=issuer.name,
        kind="",
        title="",
        issued_on=closed.date() if closed and len(signatures) > 1 else None,
        year=found.as_of.year,
        beside=_signature(found, signatures, OrganisationKind.CULTURE),
        signature=_signature(found, signatures, OrganisationKind.LABOUR),
        drafting="LĐTBXH",
    )
    return fill(wordings.MINUTES, wording or wordings.MINUTES.lines, _content(found, signatures), head)


def wording_of(found: Round, signatures: Sequence[Signed]) -> Lines:
    """The Labour Office's wording of the moment when the first office signed, or of now."""
    offices = Organisation.objects.filter(unit=found.plan.issuer, kind=OrganisationKind.LABOUR)
    signed = min((one.at for one in signatures), default=None)
    return wording_for(offices.first(), wordings.MINUTES, at=signed)


def _content(found: Round, signatures: Sequence[Signed]) -> Content:
    said: dict[str, Any] = found.frozen or {}
    statuses = said["statuses"]
    return Content(
        values={
            "tên đợt": found.name,
            "số kế hoạch": found.plan.code,
            "UBND viết tắt": committee(found.plan.issuer, short=True),
            "ngày chốt số liệu": f"{found.as_of:%d/%m/%Y}",
            "số hộ đã ghi nhận": grouped(said["households"]),
            "số tầng": str(len(said["strata"])),
            "số hộ được rút": grouped(said["drawn"]),
            "cách tính cỡ mẫu": SIZE_RULE,
            "hạt giống": found.seed,
            "nguồn hạt giống": found.seed_origin,
            "ngày công bố": f"{found.announced_on:%d/%m/%Y}",
            "cách rút mẫu": DRAW_RULE,
            "số hộ đúng": grouped(statuses[Status.RIGHT]),
            "số hộ không tính": grouped(statuses[Status.WRONG]),
            "số hộ không gặp": grouped(statuses[Status.NOT_FOUND]),
            **_estimate(said),
            "mã băm": _in_groups(signatures[0].digest) if signatures else "",
        },
        tables={"kết quả xác minh": _table(said)},
        attached_to=f"Biên bản xác minh {found.name}",
    )


def _in_groups(digest: str) -> str:
    """Eight signs at a time, so that a line can break and a person can compare."""
    return " ".join(digest[at : at + 8] for at in range(0, len(digest), 8))


def _estimate(said: dict[str, Any]) -> dict[str, str]:
    """How many are right: one number, when every household is known, or two bounds."""
    whole, lower, upper = (grouped(said[name]) for name in ("households", "lower", "upper"))
    is_known = said["lower"] == said["upper"]
    return {
        "tổng số hộ khi chắc chắn": whole if is_known else "",
        "số hộ đúng khi chắc chắn": lower if is_known else "",
        "tổng số hộ khi ước lượng": "" if is_known else whole,
        "cận dưới": "" if is_known else lower,
        "cận trên": "" if is_known else upper,
    }


def _table(said: dict[str, Any]) -> Grid:
    heads = ("TT", "Phường, xã", "Chỉ số", "Số hộ", "Được rút", "Đúng", "Không tính", "Không gặp")
    numbers = ("households", "drawn", "right", "wrong", "not_found")
    rows = [
        (str(n), line["unit"], line["indicator"], *(grouped(line[name]) for name in numbers))
        for n, line in enumerate(said["strata"], start=1)
    ]
    sums = [grouped(sum(line[name] for line in said["strata"])) for name in numbers]
    return Grid(
        heads=(tuple(HeadCell(head) for head in heads),),
        rows=tuple(rows),
        total=("", "Cộng", "", *sums),
        widths_mm=(12, 60, 60, 25, 25, 25, 25, 25),
        align=_COLUMNS,
    )


def _signature(found: Round, signatures: Sequence[Signed], kind: OrganisationKind) -> Signature:
    signed = next((one for one in signatures if one.kind == kind), None)
    return Signature((kind.label,), signed.position if signed else "", signed.by_name if signed else "")
