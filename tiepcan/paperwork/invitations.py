"""The invitation to a meeting (giấy mời): a paper of any body, whose content a person types."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tiepcan.accounts.models import OrganisationKind
from tiepcan.paperwork import wording
from tiepcan.paperwork.wording.filling import fill
from tiepcan.paperwork.wording.forms import Content, Field, Form, ItemList
from tiepcan.paperwork.wording.lines import Lines
from tiepcan.paperwork.wordings import Offered
from tiepcan.paperwork.writing.records import Paper

INVITATION = Form(
    key="giay-moi",
    name="Giấy mời",
    default=Path(wording.__file__).parent / "giay-moi.txt",
    symbol="GM-UBND",
    fields=(
        Field("cơ quan mời", "Tên cơ quan mời", "Ủy ban nhân dân thành phố Mẫu"),
        Field(
            "nội dung họp",
            "Cuộc họp về việc gì",
            "họp đánh giá kết quả 6 tháng thực hiện Kế hoạch 146/KH-UBND",
        ),
        Field("thời gian", "Giờ và ngày", "08 giờ 00, ngày 18/06/2019"),
        Field("địa điểm", "Nơi họp", "Phòng họp số 2, trụ sở UBND thành phố Mẫu"),
        Field("chủ trì", "Ai chủ trì", "Phó Chủ tịch UBND thành phố Mẫu"),
        Field("chuẩn bị", "Ai chuẩn bị gì; không có thì trống", "Phòng Văn hóa Thông tin chuẩn bị báo cáo"),
    ),
    lists=(
        ItemList(
            "từng thành phần",
            "Người, cơ quan được mời",
            (Field("tên", "Tên người hoặc cơ quan", "Phòng Lao động, Thương binh và Xã hội"),),
        ),
    ),
)

OFFERED = Offered(INVITATION, frozenset(OrganisationKind.values) - {OrganisationKind.COMPANY})


@dataclass(frozen=True)
class Meeting:
    """What an invitation says of a meeting, as a person typed it; `prepare` may be empty."""

    about: str
    when: str
    where: str
    chair: str
    invited: Sequence[str]
    prepare: str = ""


def invitation(meeting: Meeting, *, issuer: str, head: Paper, wording: Lines | None = None) -> Paper:
    """The invitation between a head and a foot, in the default wording unless another is given."""
    content = Content(
        values={
            "cơ quan mời": issuer,
            "nội dung họp": meeting.about,
            "thời gian": _open_ended(meeting.when),
            "địa điểm": _open_ended(meeting.where),
            "chủ trì": _open_ended(meeting.chair),
            "chuẩn bị": _open_ended(meeting.prepare),
        },
        lists={"từng thành phần": [{"tên": one} for one in meeting.invited if one.strip()]},
    )
    return fill(INVITATION, wording or INVITATION.lines, content, head)


def _open_ended(text: str) -> str:
    """The wording sets the full stop."""
    return text.strip().rstrip(". ")
