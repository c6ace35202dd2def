"""The words by which Vietnamese administrative papers are recognised, as patterns."""

import re
from datetime import date

from tiepcan.common.folding import folded_key
from tiepcan.plans.reading.records import Indicator

KINDS = (
    "Kế hoạch",
    "Quyết định",
    "Nghị quyết",
    "Nghị định",
    "Thông tư",
    "Chỉ thị",
    "Chương trình",
    "Hướng dẫn",
    "Thông báo",
    "Báo cáo",
    "Tờ trình",
    "Công văn",
    "Văn bản",
    "Đề án",
    "Phương án",
    "Quy chế",
    "Quy định",
)
_DASH = r"[-–‑]"
REFERENCE = (
    r"(?P<number>\d+)?\s*/\s*(?P<symbol>(?:\d{4}\s*/\s*)?[A-ZĐƯ][A-ZĐƯa-zđ0-9&]*"
    rf"(?:\s*{_DASH}\s*[A-ZĐƯ][A-ZĐƯ0-9&]*)*)"
)
DAY = (
    r"(?:(?P<d>\d{1,2})\s*[/.-]\s*(?P<m>\d{1,2})\s*[/.-]\s*(?P<y>\d{4})"
    r"|(?P<d2>\d{1,2})\s+tháng\s+(?P<m2>\d{1,2})\s+năm\s+(?P<y2>\d{4}))"
)
NUMBER_LINE = re.compile(rf"(?i:Số|So)\s*:?\s*{REFERENCE}")
PLACE_AND_DAY = re.compile(
    r"(?P<place>(?:T[pPTX]\.\s*)?[A-ZĐÀ-Ỹ][^\W\d_]*(?:\s+[A-ZĐÀ-Ỹ][^\W\d_]*)*)\s*,\s*ngày\s+"
    r"(?P<d2>\d{1,2})\s+tháng\s+(?P<m2>\d{1,2})\s+năm\s+(?P<y2>\d{4})"
)
BASIS = re.compile(
    rf"(?P<kind>{'|'.join(KINDS)})\s+số\s*:?\s*{REFERENCE}\s*,?\s*(?:ngày\s+{DAY})?", re.IGNORECASE
)
LAW = re.compile(
    rf"(?P<kind>Bộ luật|Luật)\s+(?P<subject>[^;]+?)\s*(?:(?:số\s+(?P<number>\d+)/(?P<symbol>\S+?))?,?\s*ngày\s+{DAY})?\s*(?=[;,.]|$)"
)
OF_ISSUER = re.compile(
    r"^\s*,?\s*của\s+(?P<issuer>.+?)\s*(?=\s(?:về|V/v|v/v|ban hành|phê duyệt|quy định|hướng dẫn)\s|[;,.]|$)"
)
SUBJECT = re.compile(
    r"^\s*,?\s*(?:(?:về\s+việc|về|v/v)\s+(?P<about>.+)|(?P<verb>(?:quy định|hướng dẫn|ban hành|phê duyệt|sửa đổi)\s.+))$",
    re.IGNORECASE | re.DOTALL,
)
BY_THE_PAPER = re.compile(
    r"(?:,|^)\s*(?P<issuer>(?:UBND|Ủy ban nhân dân|Uỷ ban nhân dân|Sở|Phòng|Bộ)\b[^,;.]*?)\s+(?:ban hành|xây dựng)\s"
)
DUE = re.compile(
    r"(?P<word>trước|chậm nhất|muộn nhất|hết)(?P<more>(?:\s+(?:là|vào|đến|hết|trước))*)\s*(?:ngày\s*)?" + DAY,
    re.IGNORECASE,
)
DUE_WITHOUT_YEAR = re.compile(
    r"(?:trước|chậm nhất|muộn nhất)(?:\s+(?:là|vào))?\s+ngày\s+\d{1,2}(?:\s*/\s*\d{1,2})?(?![\d/.-])(?!\s+tháng\s+\d+\s+năm)",
    re.IGNORECASE,
)
CLOSING = re.compile(r"^(Trên đây là|Trong quá trình (?:thực hiện|triển khai|tổ chức))\b", re.IGNORECASE)
"""The formulas that end a paper; they ask nothing of the organisation above them."""
ROMAN = re.compile(r"^(?P<n>[IVX]+)\s*[.)]\s*(?P<title>.+)$")
ARABIC = re.compile(r"^(?P<n>\d{1,2})\s*[.)]\s*(?P<title>\S.*)$")
HOUSEHOLDS = re.compile(
    r"(?<![\d.,/])(?P<value>\d{1,3}(?:\.\d{3}){1,2}|\d{1,9})\s+(?:lượt\s+)?hộ\b(?P<of>[^;.:]*)", re.IGNORECASE
)
NATIONAL = re.compile(
    r"C[ỘO]NG\s+H[OÒ]?[AÀÒ]?A?\s+XÃ\s+HỘI\s+CHỦ\s+NGHĨA\s+VIỆT\s+NAM|Độc\s+lập\s*[-–]\s*Tự\s+do\s*[-–]\s*Hạnh\s+phúc",
    re.IGNORECASE,
)


def day_in(found: re.Match[str]) -> date | None:
    """The day that a match of DAY names; None when there is no such day, or none that a paper could mean."""
    groups = found.groupdict()
    parts = [groups.get(name) or groups.get(f"{name}2") for name in ("y", "m", "d")]
    try:
        day = date(*(int(part) for part in parts if part))
    except (TypeError, ValueError):
        return None
    return day if 1945 <= day.year <= 2199 else None


def one_symbol(written: str) -> str:
    """A document's symbol without stray blanks: "KH - UBND" is "KH-UBND"."""
    return re.sub(r"\s+", "", written).replace("–", "-").replace("‑", "-")


def indicator_of(text: str) -> Indicator | None:
    """The indicator that a column's head or a sentence speaks of. A sentence about both has none."""
    key = folded_key(text)
    telecom = "vien thong" in key
    asset = ("tai san" in key or "phuong tien" in key) and any(
        word in key for word in ("thong tin", "nghe", "xem")
    )
    if telecom == asset:
        return None
    return Indicator.TELECOM_SERVICE if telecom else Indicator.INFORMATION_ASSET
