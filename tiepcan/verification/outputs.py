"""The minutes of a round of verification: what they say; how they look is `paperwork`'s."""

from collections.abc import Sequence
from typing import Any

from tiepcan.accounts.models import OrganisationKind
from tiepcan.common.numbers import grouped
from tiepcan.paperwork.writing.records import Align, Annex, Grid, HeadCell, Paper, Section, Signature, Text
from tiepcan.units.models import Unit
from tiepcan.verification.models import Round, Signed
from tiepcan.verification.queries import Status
from tiepcan.verification.sampling import DRAW_RULE, SIZE_RULE

SYMBOL = "BB-LĐTBXH"
_COLUMNS: tuple[Align, ...] = ("center", "left", "left", "right", "right", "right", "right", "right")


def minutes(found: Round, signatures: Sequence[Signed]) -> Paper:
    """Everything that the minutes say (biên bản xác minh), from what the first office signed."""
    said: dict[str, Any] = found.frozen or {}
    plan, issuer = found.plan, found.plan.issuer
    statuses = said["statuses"]
    right, wrong, lost = (statuses[s] for s in (Status.RIGHT, Status.WRONG, Status.NOT_FOUND))
    closed = max((one.at for one in signatures), default=None)
    return Paper(
        parent_body=_committee(issuer),
        issuing_body="Phòng Lao động, Thương binh và Xã hội",
        symbol=SYMBOL,
        place=issuer.name,
        kind="Biên bản",
        title=f"Xác minh kết quả thực hiện chỉ tiêu tiếp cận thông tin\n{found.name}",
        issued_on=closed.date() if closed and len(signatures) > 1 else None,
        year=found.as_of.year,
        body=(
            Text(
                f"Thực hiện Kế hoạch số {plan.code} của {_committee(issuer)}, Phòng Lao động, Thương binh và Xã hội và Phòng "
                f"Văn hóa Thông tin cùng lập biên bản xác minh các kết quả mà phường, xã ghi nhận đến hết ngày "
                f"{found.as_of:%d/%m/%Y}, như sau:"
            ),
            Section("I. Mẫu xác minh"),
            Text(
                f"Đến hết ngày {found.as_of:%d/%m/%Y} có {grouped(said['households'])} hộ được ghi nhận, chia "
                f"{len(said['strata'])} tầng theo phường, xã và chỉ số; rút {grouped(said['drawn'])} hộ. {SIZE_RULE}"
            ),
            Text(
                f"Hạt giống “{found.seed}” ({found.seed_origin}) công bố ngày {found.announced_on:%d/%m/%Y}, trước khi hết "
                f"ngày chốt. {DRAW_RULE}"
            ),
            Section("II. Kết quả"),
            Text(
                f"Trong {grouped(said['drawn'])} hộ được rút: {grouped(right)} hộ đúng như ghi nhận, {grouped(wrong)} hộ không "
                f"tính, {grouped(lost)} hộ không gặp."
            ),
            Text(_estimate(said)),
            Text(
                f"Mã băm SHA-256 của số liệu hai phòng cùng ký: {_in_groups(signatures[0].digest)}."
                if signatures
                else ""
            ),
            Text("Biên bản lập thành 02 bản, mỗi phòng giữ 01 bản."),
        ),
        beside=_signature(found, signatures, OrganisationKind.CULTURE),
        signature=_signature(found, signatures, OrganisationKind.LABOUR),
        recipients=(_committee(issuer), "Phòng Văn hóa Thông tin", "UBND các phường, xã"),
        drafting="LĐTBXH",
        annexes=(
            Annex(
                title="Kết quả xác minh theo phường, xã và chỉ số",
                attached_to=f"Biên bản xác minh {found.name}",
                blocks=(_table(said),),
                landscape=True,
            ),
        ),
    )


def _in_groups(digest: str) -> str:
    """Eight signs at a time, so that a line can break and a person can compare."""
    return " ".join(digest[at : at + 8] for at in range(0, len(digest), 8))


def _estimate(said: dict[str, Any]) -> str:
    whole = grouped(said["households"])
    if said["lower"] == said["upper"]:
        return f"Trong {whole} hộ đã ghi nhận có {grouped(said['lower'])} hộ đúng như ghi nhận."
    return (
        f"Ước lượng cho cả {whole} hộ: từ {grouped(said['lower'])} đến {grouped(said['upper'])} hộ đúng như ghi nhận "
        "(khoảng tin cậy 95%, tính chính xác cho mẫu phân tầng; hộ không gặp tính là sai ở cận dưới, là đúng ở cận trên)."
    )


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


def _committee(unit: Unit) -> str:
    return f"UBND {unit.get_kind_display().lower()} {unit.name}"
