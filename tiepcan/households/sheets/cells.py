"""One cell's words as a value, or the reason why they are none. In doubt there is no value: a person is asked."""

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any

from tiepcan.common.folding import accented_key, composed, folded_key
from tiepcan.households.sheets import words
from tiepcan.households.sheets.records import Trouble
from tiepcan.households.sheets.words import plain

Parse = Callable[[str], Any]
"""From a cell's text to a value, None for "says nothing", or Trouble."""

EARLIEST_BIRTH = 1880
LARGEST_HOUSEHOLD = 60
LONGEST_NAME, LONGEST_NOTE = 120, 400
"""Characters that the registry keeps of a head's or a hamlet's name, and of a note."""

_KEPT = 8192


class Cells(dict[str, Any]):
    """A parser that remembers: lists repeat the same few words. Asked as `cells[text]`."""

    def __init__(self, parse: Parse) -> None:
        super().__init__({"": parse("")})
        self._parse = parse

    def __missing__(self, text: str) -> Any:
        value = self._parse(text)
        if len(self) < _KEPT:
            self[text] = value
        return value


def _nothing(text: str) -> bool:
    return text in words.NOTHING


def shortened(text: str) -> str:
    """Enough of a cell's words to know it by; the sentence around them is what helps."""
    return text if len(text) <= 80 else f"{text[:79].rstrip()}…"


def _letters() -> str:
    """Small letters of Vietnamese and of the names of its other peoples, composed."""
    vowels = [base + mark for base in "aăâeêioôơuưy" for mark in ("", *"\u0300\u0301\u0309\u0303\u0323")]
    return "".join(unicodedata.normalize("NFC", vowel) for vowel in vowels) + "bcdđfghjklmnpqrstvwxz"


_SMALL = _letters()
_LARGE = _SMALL.upper()
PLAIN_NAME = re.compile(
    rf"[{_LARGE}][{_SMALL}]*(?: [{_LARGE}][{_SMALL}]*)+|[{_LARGE}]{{2,}}(?: [{_LARGE}]+)+"
)
"""A name as it should be: two words or more, each with a capital or all in capitals, single blanks."""
_DRAWN = re.compile(rf"\b[A-ZĐ]+(?=[^ ]*[A-Z])(?:[A-Z]|[{re.sub('[a-z]', '', _SMALL)}])+\b")
"""A word like "ĐứC": capitals but for its accented letters, which old fonts drew as capitals."""
_WORD = rf"(?:[{_LARGE}]?[{_SMALL}]*|[{_LARGE}]+)"
_NAME = re.compile(rf"{_WORD}(?:[.'’ʼ\- ]+{_WORD})*\.?")
"""Words of a name; capitals amid small letters ("TrÇn") are what a wrong font leaves."""
_TITLE = re.compile(
    r"(?:(?:chủ )?hộ )?(?:(?:gia đình )?(?P<title>ông|bà|cụ|anh|chị|ô\.|ông\.|bà\.))[ :]+(?=\S)|chủ hộ[: ]+"
)
_TWO_PEOPLE = re.compile(r"[+&/;,\n]|\s(?:và|-)\s")
_SURNAMES = words.listed(
    "nguyễn,trần,lê,phạm,hoàng,huỳnh,phan,vũ,võ,đặng,bùi,đỗ,hồ,ngô,dương,lý,đào,đinh,lương,trịnh,mai,tô,hà,trương,lâm,"
    "lưu,đoàn,vương,phùng,tạ,quách,thân,chu,cao,thái,la,tăng,triệu,hứa"
)
_BRACKET = re.compile(r"\s*\(([^()]*)\)\s*")


def name_parts(text: str, *, titled: bool = False) -> tuple[str | None, str | None] | Trouble:
    """A head's name and the note that stood in brackets behind it. `titled`: the column writes "Ông", "Bà" as a habit."""
    text = composed(text)
    notes = [note.strip() for note in _BRACKET.findall(text) if note.strip()]
    text = _DRAWN.sub(lambda word: word[0].upper(), _BRACKET.sub(" ", text).strip(" .,;:"))
    note = "; ".join(notes)[:LONGEST_NOTE] or None
    if _nothing(text):
        return Trouble("name_missing", "Thiếu họ tên chủ hộ. Ghi đủ họ và tên.")
    found = _TITLE.match(text.casefold())
    if found:
        rest = text[found.end() :]
        if found["title"] in ("ông", "bà") and not titled and not _certainly_title(rest):
            return Trouble(
                "name_title",
                f"Chưa rõ “{text.split()[0]}” là cách xưng hô hay là họ. Ghi họ tên chủ hộ, không ghi kèm “Ông”, “Bà”.",
            )
        text = rest
    if _TWO_PEOPLE.search(text):
        return Trouble(
            "name_several", "Ô ghi tên nhiều người. Chỉ ghi họ tên chủ hộ, người khác ghi ở cột ghi chú."
        )
    if len(text) > LONGEST_NAME:
        return Trouble(
            "name_long", f"Họ tên dài {len(text)} ký tự, nhiều nhất {LONGEST_NAME}. Chỉ ghi họ tên chủ hộ."
        )
    if any(c.isdigit() for c in text) or not _NAME.fullmatch(text) or hamletlike(text):
        return Trouble("name_unclear", f"“{text}” không phải họ tên. Ghi họ và tên chủ hộ bằng chữ.")
    if not _vietnamese_length(text):
        return Trouble("name_incomplete", f"“{text}” chưa đủ họ và tên. Ghi đủ họ, chữ đệm và tên chủ hộ.")
    return words.name_in_title_case(text), note


def _certainly_title(rest: str) -> bool:
    parts = rest.split()
    return len(parts) >= 3 or (len(parts) == 2 and parts[0].casefold() in _SURNAMES - {"cao"})


def _vietnamese_length(text: str) -> bool:
    """Family and given name at least; a name with an apostrophe ("K'Brêl") may be one word."""
    parts = [part for part in re.split(r"[ .]+", text) if part]
    return (len(parts) >= 2 and any(len(part) > 1 for part in parts)) or any(c in "'’ʼ" for c in text[1:-1])


def hamletlike(text: str) -> bool:
    """Whether the text names a hamlet and cannot be a person."""
    return words.hamlet_named(text) is not None


def code(text: str) -> str | Trouble | None:
    """A household's code as it is written, without blanks at its ends."""
    text = composed(text)
    if _nothing(text):
        return Trouble("code_missing", "Thiếu mã hộ (số hồ sơ). Ghi mã của hộ trong sổ.")
    if re.fullmatch(r"\d[.,]?\d*E\+\d+", text, re.IGNORECASE):
        return Trouble(
            "code_scientific",
            "Excel đã đổi mã hộ thành số rút gọn. Đặt định dạng cột là Văn bản (Text) rồi ghi lại mã.",
        )
    if text.startswith("#") or "?" in text or len(text) > 30 or not any(c.isalnum() for c in text):
        return Trouble(
            "code_unclear",
            f"“{shortened(text)}” không phải mã hộ. Ghi mã của hộ trong sổ, nhiều nhất 30 ký tự.",
        )
    return text


_YEAR = re.compile(r"(?:(?:sinh )?năm |sinh năm |sn |sn: ?)?(?P<year>\d{4})(?:[.,]0+)?")
_DATE = re.compile(
    r"(?P<day>\d{1,2})\s*[/.\-]\s*(?P<month>\d{1,2})\s*[/.\-]\s*(?P<year>\d{4})(?: 0?0:00(?::00)?)?"
)
_ISO = re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})(?:[ t]0?0:00(?::00)?(?:\.0+)?)?")
_MONTH = re.compile(r"(?P<month>\d{1,2})\s*[/.\-]\s*(?P<year>\d{4})")
_YEAR_ALONE = re.compile(r"[…._\s]*/[…._\s]*/\s*(?P<year>\d{4})")
_DOUBT = re.compile(r"\?|khoảng|chừng|độ |không rõ|ko rõ|tầm|~")


def birth_year(latest: int) -> Parse:
    """Parser of birth years up to `latest`: "1957", "01/01/1957", "1957.0"."""

    def parse(text: str) -> int | Trouble | None:
        key = composed(text).casefold()
        if _nothing(key):
            return None
        if _DOUBT.search(key):
            return Trouble(
                "birth_year_doubtful",
                "Năm sinh chưa chắc chắn. Đối chiếu giấy tờ rồi ghi bốn chữ số, ví dụ 1957; chưa biết thì để trống.",
            )
        found = None
        for shape in (_YEAR, _DATE, _ISO, _MONTH, _YEAR_ALONE):
            if found := shape.fullmatch(key):
                break
        if not found:
            return Trouble("birth_year_unclear", "Năm sinh gồm bốn chữ số, ví dụ 1957.")
        parts = found.groupdict()
        day, month, year = int(parts.get("day") or 1), int(parts.get("month") or 1), int(parts["year"])
        if year == 1905 and "day" in parts and 3 <= month <= 7:
            # Excel's days number 1900 to 2030 fall here: a bare year that somebody formatted as a date.
            return Trouble(
                "birth_year_lost",
                "Excel đã đổi năm sinh thành ngày của năm 1905. Đặt định dạng ô là Số (Number) hoặc ghi lại năm sinh.",
            )
        if "day" in parts and (year, month, day) in (
            (1899, 12, 30),
            (1899, 12, 31),
            (1900, 1, 0),
            (1900, 1, 1),
        ):
            return Trouble(
                "birth_year_lost", "Ô chứa ngày rỗng của Excel. Ghi năm sinh gồm bốn chữ số, ví dụ 1957."
            )
        # A day of the lunar year may be 30/02; what is beyond 31 or 12 is a slip of the hand.
        if not (1 <= day <= 31 and 1 <= month <= 12) and not (1 <= month <= 31 and 1 <= day <= 12):
            return Trouble(
                "birth_year_unclear", "Ngày sinh không có trong lịch. Ghi ngày/tháng/năm hoặc chỉ năm sinh."
            )
        if year > latest:
            return Trouble(
                "birth_year_late", f"Năm sinh {year} sau năm rà soát {latest}. Kiểm tra và ghi lại năm sinh."
            )
        if year < EARLIEST_BIRTH:
            return Trouble(
                "birth_year_early",
                f"Năm sinh phải từ {EARLIEST_BIRTH} đến {latest}. Kiểm tra và ghi lại năm sinh.",
            )
        return year

    return parse


def sex(text: str) -> str | Trouble | None:
    """male or female."""
    key = accented_key(text)
    if _nothing(key):
        return None
    if key in ("nam", "trai", "ông"):
        return "male"
    if key in ("nữ", "nu", "gái", "bà"):
        return "female"
    return Trouble("sex_unclear", "Giới tính ghi “Nam” hoặc “Nữ”.")


def _people_key(text: str) -> str:
    return re.sub(r"[ '’ʼ\-–]", "", accented_key(text))


_PEOPLES = {_people_key(people) for people in words.PEOPLES}
_BARE_PEOPLES = {folded_key(people) for people in _PEOPLES}


def ethnicity(text: str) -> str | Trouble | None:
    """The people's name as written; "KINH" is "Kinh"."""
    text = composed(text)
    if _nothing(text):
        return None
    key = _people_key(text)
    if len(text) > 40 or not (key in _PEOPLES or (key.isascii() and key in _BARE_PEOPLES)):
        return Trouble(
            "ethnicity_unclear",
            "Không có trong danh mục các dân tộc. Ghi tên dân tộc bằng chữ, ví dụ Kinh, Mường.",
        )
    text = words.in_title_case(text)
    return text[0].upper() + text[1:]


def identity(text: str) -> str | Trouble | None:
    """9 digits (CMND) or 12 (CCCD), without blanks and dots."""
    if _nothing(text):
        return None
    digits = composed(text).strip("'’").replace(" ", "").replace(".", "").replace("-", "")
    if re.fullmatch(r"\d[.,]?\d*E\+?\d+", composed(text), re.IGNORECASE):
        return Trouble(
            "identity_scientific",
            "Excel đã đổi số giấy tờ thành số rút gọn, mất các số cuối. Đặt định dạng cột là Văn bản (Text) rồi ghi lại.",
        )
    if not (digits.isascii() and digits.isdigit()):
        return Trouble("identity_unclear", "Số CMND gồm 9 chữ số, số CCCD gồm 12 chữ số, không có chữ cái.")
    if len(digits) in (8, 11):
        return Trouble(
            "identity_lost_zero",
            f"Số giấy tờ có {len(digits)} chữ số, có thể Excel đã bỏ số 0 ở đầu."
            " Đặt định dạng cột là Văn bản (Text) rồi ghi đủ 9 hoặc 12 chữ số.",
        )
    if len(digits) not in (9, 12) or len(set(digits)) == 1:
        return Trouble("identity_length", "Số CMND gồm 9 chữ số, số CCCD gồm 12 chữ số. Kiểm tra và ghi lại.")
    return digits


_MEMBERS = re.compile(r"0*(?P<number>\d{1,3})(?:[.,]0+)?(?: ?(?:khẩu|nhân khẩu|người))?")


def members(text: str) -> int | Trouble | None:
    """How many people live in the household, 1 to 60."""
    key = composed(text).casefold()
    if _nothing(key):
        return None
    found = _MEMBERS.fullmatch(key)
    if not found or not 1 <= int(found["number"]) <= LARGEST_HOUSEHOLD:
        return Trouble("members_unclear", f"Số khẩu là số nguyên từ 1 đến {LARGEST_HOUSEHOLD}, ví dụ 4.")
    return int(found["number"])


_SCORE = re.compile(r"(?P<whole>\d{1,3})(?:[.,](?P<part>\d{1,2}))?")


def income_score(text: str) -> str | Trouble | None:
    """A score of at most three digits and two decimals, with a point: "122,5" is "122.5"."""
    key = composed(text)
    if _nothing(key):
        return None
    found = _SCORE.fullmatch(key)
    if not found or int(found["whole"]) > 500:
        return Trouble("score_unclear", "Điểm là một số từ 0 đến 500, ví dụ 120 hoặc 122,5.")
    part = (found["part"] or "").rstrip("0")
    return f"{int(found['whole'])}.{part}" if part else str(int(found["whole"]))


def deprivation_score(most: int) -> Parse:
    """Parser of scores of deprivation: tens from 0 to `most`, ten for each indicator."""

    def parse(text: str) -> str | Trouble | None:
        score = income_score(text)
        if score is None:
            return None
        if isinstance(score, Trouble) or "." in score or int(score) % 10 or int(score) > most:
            return Trouble(
                "score_not_tens",
                f"Điểm thiếu hụt là số tròn chục từ 0 đến {most}: mỗi chỉ số thiếu hụt 10 điểm.",
            )
        return score

    return parse


def tick(
    *, blank: bool | None = False, by_tens: bool = False, words_allowed: bool = True, must: bool = False
) -> Parse:
    """Parser of a column to tick. `blank`: what an empty cell says; `by_tens`: "10" is a tick; `must`: never empty.

    `words_allowed`: whether "có" and "không" are plain answers; under "Không có ti vi" they are not.
    """

    def parse(text: str) -> bool | Trouble | None:
        key = composed(text).casefold()
        if key == "":
            if must:
                return Trouble(
                    "tick_missing", "Ô để trống, các ô khác của cột đều ghi rõ. Ghi “có” hoặc “không”."
                )
            return blank
        if by_tens and key == "10":
            return True
        if not words_allowed and key in words.YES_WORDS | words.NO_WORDS:
            return Trouble("tick_unclear", "Ghi “x” nếu đúng như tiêu đề cột, để trống nếu không.")
        value = words.TICKS.get(key)
        if value is None:
            return Trouble(
                "tick_unclear",
                "Ô phải có đúng một câu trả lời. Ghi “x” hoặc “có”; để trống hoặc ghi “không”.",
            )
        return value

    return parse


def poverty(allowed: Sequence[str]) -> Parse:
    """Parser of a household's class; `allowed` are the classes of the year's standard."""
    remedy = "Ghi một trong: " + ", ".join(words.CLASS_NAMES[one] for one in allowed) + "."

    def parse(text: str) -> str | Trouble | None:
        key = plain(text)
        if _nothing(composed(text)):
            return None
        if key not in words.CLASSES and (bare := plain(words.without_brackets(text))) in words.CLASSES:
            inside = plain(" ".join(_BRACKET.findall(composed(text))))
            # "Hộ nghèo (N1)" says N1; "N1 (cận nghèo)" contradicts itself.
            inner = words.CLASSES.get(inside)
            if inner in (None, words.CLASSES[bare]):
                key = bare
            elif words.CLASSES[bare] == words.POOR and inner in (words.POOR_INCOME, words.POOR_DEPRIVATION):
                key = inside
        found = words.CLASSES.get(key)
        if found is None:
            parts = {
                words.CLASSES.get(plain(part)) for part in re.split(r"[/,;+&\-]|\bvà\b", composed(text))
            } - {None}
            if len(parts) > 1:
                return Trouble("class_several", f"Ô ghi nhiều phân loại. {remedy}")
            return Trouble("class_unclear", f"Chưa rõ phân loại “{shortened(composed(text))}”. {remedy}")
        if found not in allowed or (key in words.MIXED_CLASSES and words.POOR_DEPRIVATION in allowed):
            return Trouble(
                "class_not_of_year",
                f"Chuẩn nghèo của năm này không có phân loại “{shortened(composed(text))}”. {remedy}",
            )
        return found

    return parse


_PLACE_AFTER = re.compile(
    r"(?:xã|phường|thị trấn|p\.|x\.|tt\.|huyện|quận|thành phố|tp\.?|tỉnh|thị xã)\s*\S.*"
)


def hamlet(kind: str | None) -> Parse:
    """Parser of a hamlet. `kind`: what a bare number or "T4" stands for in this column ("Thôn"); None when unclear."""

    def parse(text: str) -> str | Trouble | None:
        text = composed(text)
        if _nothing(text):
            return None
        first, *more = [part.strip() for part in text.split(",")]
        if more and all(_PLACE_AFTER.fullmatch(part.casefold()) for part in more):
            text = first
        if len(text) > LONGEST_NAME:
            return Trouble(
                "hamlet_long",
                f"Tên thôn, tổ dài {len(text)} ký tự, nhiều nhất {LONGEST_NAME}. Chỉ ghi tên thôn, tổ.",
            )
        if "?" not in text and (named := words.hamlet_named(text)):
            return named
        short = re.fullmatch(r"t?[ .:]*0*(?P<number>\d{1,3})(?P<letter>[a-z]?)", text.casefold())
        if short and kind:
            return f"{kind} {short['number']}{short['letter'].upper()}"
        if short or not any(c.isalpha() for c in text) or "?" in text:
            return Trouble(
                "hamlet_unclear",
                f"Chưa rõ “{shortened(text)}” là thôn hay tổ nào. Ghi đủ chữ, ví dụ Thôn 4 hoặc Tổ dân phố 4.",
            )
        if text.casefold() in ("x", "v"):
            return Trouble("hamlet_unclear", "Ghi tên thôn, tổ dân phố, ví dụ Thôn 4.")
        return words.in_title_case(text)

    return parse


_KIND = re.compile(r"^(?:phường|xã|thị trấn|p\.|x\.|tt\.|p|x|tt)\s+|^(?:p|x|tt)\.\s*")


def unit(names: Collection[str]) -> Parse:
    """Parser of a unit among `names`; gives the name as it stands there. "P. Đông Hải", "đông hải" are the same."""
    keys: dict[str, set[str]] = {}
    for name in names:
        full = accented_key(name)
        for form in (full, _KIND.sub("", full), folded_key(name), folded_key(_KIND.sub("", full))):
            keys.setdefault(form, set()).add(name)

    def parse(text: str) -> str | Trouble | None:
        if _nothing(composed(text)):
            return None
        full = accented_key(text)
        short = full
        for letters, word in (("p", "phường"), ("x", "xã"), ("tt", "thị trấn")):
            short = re.sub(rf"^{letters}(?:\.\s*|\s+)", f"{word} ", short)
        forms = [full, short]
        if full.isascii():
            forms += [folded_key(text)]
        if short == full and not re.match(r"(?:phường|xã|thị trấn)\s", full):
            forms += [_KIND.sub("", full)]
        for form in forms:
            found = keys.get(form, set())
            if len(found) == 1:
                return next(iter(found))
        known = ", ".join(sorted(names)[:3]) + ("…" if len(names) > 3 else "")
        return Trouble(
            "unit_unknown",
            f"Không có đơn vị “{shortened(composed(text))}”. Ghi tên xã, phường trong danh mục: {known}.",
        )

    return parse


def disability(text: str) -> bool | Trouble | None:
    """Whether somebody of the household is disabled; a degree ("nặng") says yes."""
    if _nothing(composed(text)):
        return None if text else False
    key = composed(text).casefold()
    if key in ("nặng", "nhẹ", "đặc biệt nặng", "rất nặng", "khuyết tật", "kt"):
        return True
    value = words.TICKS.get(key)
    return (
        value
        if value is not None
        else Trouble("tick_unclear", "Ghi “x” nếu có người khuyết tật, để trống nếu không.")
    )


def note(text: str) -> str | None:
    """Free words."""
    return composed(text) or None


def tick_style(samples: Iterable[str]) -> dict[str, bool]:
    """Arguments for `tick` from how a column's cells are written: by tens, or each cell answered."""
    keys = [composed(cell).casefold() for cell in samples]
    filled = [key for key in keys if key]
    answered = sum(key in words.NO_WORDS or key == "0" for key in filled)
    tens = "10" in filled and set(filled) <= {"0", "10", "-"}
    return {"by_tens": tens, "answered": bool(filled) and answered > len(keys) - len(filled)}
