"""One cell of an operator's list as a value, or the sentence why it is none."""

import re
from datetime import date

from tiepcan.common.folding import composed
from tiepcan.households.sheets.cells import shortened
from tiepcan.households.sheets.records import Trouble
from tiepcan.households.sheets.words import NO_WORDS, NOTHING, TICKS, plain

LARGEST_AMOUNT = 10_000_000
"""Đồng of one household and month; more is a slip of the hand or a sum."""
LONGEST_NUMBER, LONGEST_REASON = 40, 200

_SERVICES = (
    ("broadband", r"cap quang|internet|bang rong|fiber|ftth|adsl|wifi|mang"),
    ("fixed", r"co dinh|de ban|\bcd\b|homephone|gphone"),
    ("mobile", r"di dong|\bdd\b|\btrs\b|tra sau|mobile|sim\b"),
)
_NEXT = "Ghi “Di động trả sau”, “Điện thoại cố định” hoặc “Internet cáp quang”."


def service(text: str) -> str | Trouble | None:
    """mobile, fixed or broadband; a cell that names two is asked about."""
    key = plain(text)
    if composed(text) in NOTHING:
        return None
    found = [name for name, words in _SERVICES if re.search(words, key)]
    if "fixed" in found and "mobile" in found and not re.search(r"di dong|mobile", key):
        found.remove("mobile")  # "cố định trả sau"
    if len(found) != 1:
        return Trouble("service_unclear", f"Chưa rõ dịch vụ “{shortened(composed(text))}”. {_NEXT}")
    return found[0]


def number(text: str) -> str | Trouble | None:
    """A number or an account, without blanks and points between digits."""
    text = composed(text)
    if text in NOTHING:
        return None
    if re.fullmatch(r"\d[.,]?\d*E\+?\d+", text, re.IGNORECASE):
        return Trouble(
            "number_scientific",
            "Excel đã đổi số thuê bao thành số rút gọn. Đặt định dạng cột là Văn bản (Text) rồi ghi lại.",
        )
    bare = re.sub(r"[ .\-()]", "", text)
    if bare.startswith("+84"):
        bare = f"0{bare[3:]}"
    kept = bare if bare.isdigit() else text
    if len(kept) > LONGEST_NUMBER:
        return Trouble("number_long", f"Số thuê bao dài {len(kept)} ký tự, nhiều nhất {LONGEST_NUMBER}.")
    return kept.casefold()


_DAY = re.compile(r"(?P<day>\d{1,2})[/.\-](?P<month>\d{1,2})[/.\-](?P<year>\d{4})(?: 0?0:00(?::00)?)?")
_ISO = re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})(?:[ t]0?0:00.*)?")
_MONTH = re.compile(r"(?:tháng )?(?P<month>\d{1,2})[/.\-](?P<year>\d{4})")


def day(text: str) -> date | Trouble | None:
    """A day; a month alone ("05/2019") is its first."""
    key = composed(text).casefold()
    if key in NOTHING:
        return None
    for shape in (_DAY, _ISO, _MONTH):
        if found := shape.fullmatch(key):
            parts = {name: int(value) for name, value in found.groupdict().items()}
            try:
                return date(parts["year"], parts["month"], parts.get("day", 1))
            except ValueError:
                break
    return Trouble(
        "day_unclear", f"“{shortened(composed(text))}” không phải ngày. Ghi ngày/tháng/năm, ví dụ 05/05/2019."
    )


_AMOUNT = re.compile(r"(?P<digits>\d{1,3}(?:[., ]\d{3})+|\d+)(?:[.,]0{1,2})?(?: ?(?:đ|đồng|vnđ|vnd))?")


def amount(text: str) -> int | Trouble | None:
    """Đồng, whole: "45.000", "45,000 đ" and "45000" are the same."""
    key = composed(text).casefold()
    if key in NOTHING:
        return None
    found = _AMOUNT.fullmatch(key)
    if found is None:
        return Trouble(
            "amount_unclear", f"“{shortened(composed(text))}” không phải số tiền. Ghi số đồng, ví dụ 45.000."
        )
    value = int(re.sub(r"\D", "", found["digits"]))
    if value > LARGEST_AMOUNT:
        return Trouble(
            "amount_large", "Số tiền của một hộ trong một tháng quá lớn. Kiểm tra lại, đơn vị là đồng."
        )
    return value


_YES = re.compile(
    r"\b(da cung cap|dang (?:dung|su dung|hoat dong|cung cap)|hoat dong|da lap|da kich hoat|dat|dong y)\b"
)
_NO = re.compile(r"\b(tu choi|khong|chua|huy|khoa|khg)\b")


def status(text: str) -> bool | Trouble | None:
    """Whether the service was provided."""
    key = composed(text).casefold()
    folded = plain(text)
    if key == "":
        return None
    if key in NO_WORDS or _NO.search(folded):
        return False
    if TICKS.get(key) or _YES.search(folded) or folded == "cung cap":
        return True
    return Trouble(
        "status_unclear",
        f"Chưa rõ tình trạng “{shortened(composed(text))}”. Ghi “Đã cung cấp” hoặc “Từ chối”.",
    )
