"""The headings of a periodic report that a unit writes itself, with what each asks for; Decree 09/2019/NĐ-CP asks for an outline with guidance."""

from collections.abc import Sequence
from dataclasses import dataclass

from tiepcan.plans.models import MilestoneKind


@dataclass(frozen=True)
class Heading:
    """One heading: its words on the paper, and the question that helps to write it."""

    key: str
    name: str
    guidance: str
    kinds: tuple[str, ...] = (MilestoneKind.HALF_YEAR, MilestoneKind.YEAR)


_HEADINGS = (
    Heading(
        "communication",
        "Công tác thông tin, tuyên truyền",
        "Đã phát bao nhiêu buổi, ở đâu, về việc gì? Có tài liệu, hội nghị nào?",
    ),
    Heading(
        "work",
        "Việc thực hiện các nhiệm vụ được giao",
        "Đã làm gì cho từng nhiệm vụ của phường, xã: rà soát, tiếp nhận máy, hạ tầng, phối hợp với doanh nghiệp.",
    ),
    Heading(
        "difficulties",
        "Khó khăn, nguyên nhân",
        "Hộ nào chưa được hỗ trợ và vì sao: chưa có hạ tầng, đi làm xa, từ chối, thiếu máy. Không có thì ghi “Không có”.",
    ),
    Heading(
        "lessons",
        "Đánh giá, bài học",
        "Cách làm nào đạt kết quả, cách nào không; năm sau nên làm khác đi điều gì?",
        kinds=(MilestoneKind.YEAR,),
    ),
    Heading(
        "proposals",
        "Kiến nghị, phương hướng",
        "Cần thành phố, Sở, doanh nghiệp làm gì? Sắp tới phường, xã làm gì, đến ngày nào xong?",
    ),
)


def headings_of(kind: str) -> Sequence[Heading]:
    """The headings of a kind of report, in the order of the paper."""
    return [one for one in _HEADINGS if kind in one.kinds]
