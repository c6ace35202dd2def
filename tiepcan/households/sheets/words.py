"""The words of headings and cells in lists of households, as folded keys without signs."""

import re
from functools import lru_cache

from tiepcan.common.folding import accented_key, folded_key

_SIGNS = re.compile(r"[^0-9a-z]+")
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_YEAR = re.compile(r"\b(?:cuoi |dau )?(?:nam )?((?:19|20)\d\d)\b")


@lru_cache(maxsize=4096)
def plain(text: str) -> str:
    """Folded words with one blank between: "Họ, tên (chủ hộ)" is "ho ten chu ho"."""
    return _SIGNS.sub(" ", folded_key(text)).strip()


def without_brackets(text: str) -> str:
    """The text without what stands in brackets: "Năm sinh (ghi đủ 4 số)" is "Năm sinh "."""
    return _BRACKETS.sub(" ", text).replace("*", " ")


def year_in(words: str) -> tuple[str, int | None]:
    """Plain words without the year they speak of, and that year: "phan loai nam 2018" is ("phan loai", 2018)."""
    found = _YEAR.search(words)
    if not found:
        return words, None
    return _SIGNS.sub(" ", words[: found.start()] + " " + words[found.end() :]).strip(), int(found[1])


def listed(line: str) -> frozenset[str]:
    """The phrases between commas."""
    return frozenset(phrase.strip() for phrase in line.split(","))


def _table(**phrases: str) -> dict[str, str]:
    return {
        phrase.strip(): meaning.replace("__", ":")
        for meaning, line in phrases.items()
        for phrase in line.split(",")
    }


HEADINGS = _table(
    ordinal="stt,tt,so tt,so thu tu,thu tu,s tt",
    code="ma ho,ma so ho,so ho so,so hieu ho,ma ho gia dinh,ma so ho gia dinh,ma dinh danh ho,ma ho so,ms ho,so hs,"
    "ma hs,ma so ho ngheo,ma ho ngheo,ma so,so ma ho,ma so ho so,so hieu,so ho so ho,ma ho gd,ma ho dan",
    head_name="ho ten chu ho,ho va ten chu ho,chu ho,ten chu ho,ho ten,ho va ten,ho ten chu ho gia dinh,"
    "ho va ten chu ho gia dinh,ho va ten nguoi dai dien,ho ten nguoi dai dien ho,ho va ten nguoi dai dien ho,"
    "ho chu dem va ten,ho chu dem ten,ho va ten cua chu ho,ten ho,chu ho gia dinh,ho va ten chu ho ngheo,"
    "ho chu dem va ten chu ho,ho dem va ten,ho dem va ten chu ho,ten chu ho gia dinh",
    birth_year="nam sinh,ngay sinh,ngay thang nam sinh,sinh nam,ns,nam sinh chu ho,ngay sinh chu ho,sinh ngay,"
    "ngay thang nam sinh chu ho,nam sinh cua chu ho,ngay nam sinh,ngay thang sinh,n sinh",
    sex="gioi tinh,gt,gioi,nam nu,phai,gioi tinh chu ho,gioi tinh nam nu",
    ethnicity="dan toc,thanh phan dan toc,dan toc chu ho,dan toc cua chu ho",
    hamlet="dia ban,noi o,noi o hien nay,noi cu tru,cho o,khu dan cu",
    members="so khau,so nhan khau,nhan khau,khau,tong so khau,tong so nhan khau,so thanh vien,so nguoi,tong khau,"
    "so nguoi trong ho,sl khau,so thanh vien trong ho,tong nhan khau,nk,so khau trong ho,so luong nhan khau,"
    "so nhan khau trong ho,tong so nguoi,tong so thanh vien,so khau cua ho,so thanh vien ho,so luong khau",
    income_score="b1,diem b1,tong diem b1,diem thu nhap,diem b1 thu nhap",
    deprivation_score="b2,diem b2,tong diem b2,diem thieu hut,diem b2 thieu hut",
    disability="khuyet tat,nguoi khuyet tat,co nguoi khuyet tat,tan tat,ho co nguoi khuyet tat,nkt,ho co nkt,"
    "chu ho khuyet tat",
    note="ghi chu,gc,ghi chu khac,chu thich,luu y,ghi chu them",
    relation="quan he voi chu ho,quan he,qh voi chu ho,moi quan he voi chu ho,quan he chu ho",
    family_name="ho,ho dem,ho va dem,ho va ten dem,ho ten dem,ho va chu dem,ho lot,ho va ten lot,ho chu dem,ho va lot",
    given_name="ten",
    ignore="huyen,tinh,thanh pho,quan huyen,tinh thanh pho,so dien thoai,sdt,dien thoai lien he,so dt,so dien thoai"
    " lien he,ngay cap,noi cap,ky nhan,ky ten,chu ky,so the bhyt,so the bao hiem y te,nghe nghiep",
)
"""Meaning by the exact words of a heading."""

CLASS_HEADING = listed(
    "phan loai,phan loai ho,loai ho,ket qua phan loai,ket qua ra soat,dien ho,phan loai ho ngheo,loai,"
    "ho ngheo ho can ngheo,phan loai ho ngheo ho can ngheo,phan loai ho ngheo can ngheo,ket qua,dien,n1 n2 cn,"
    "phan loai n1 n2 cn,loai ho ngheo,ket qua phan loai ho,ket qua ra soat ho ngheo,dien ho ngheo,"
    "ho ngheo can ngheo,phan loai ket qua,ket qua binh xet,xep loai,xep loai ho,phan loai ho gia dinh"
)
POOR_INCOME, POOR_DEPRIVATION, POOR, NEAR_POOR, OUT = (
    "poor_income",
    "poor_deprivation",
    "poor",
    "near_poor",
    "out",
)
CLASSES = _table(
    poor_income="n1,ngheo thu nhap,ho ngheo thu nhap,ngheo ve thu nhap,ho ngheo ve thu nhap,ngheo tn,ho ngheo tn,"
    "hn tn,ho ngheo n1,ngheo n1,n1 ngheo thu nhap,ho ngheo ve thu nhap n1,hn n1,ngheo theo thu nhap,"
    "ho ngheo theo thu nhap,hn1",
    poor_deprivation="n2,ngheo thieu hut,ho ngheo thieu hut,ngheo thieu hut da chieu,ho ngheo thieu hut da chieu,"
    "ngheo th,ho ngheo n2,ngheo n2,ho ngheo thieu hut da chieu n2,hn n2,n2 ngheo thieu hut,"
    "ngheo ve thieu hut,ho ngheo ve thieu hut,ngheo do thieu hut,hn2",
    poor="ngheo,ho ngheo,hn,ho ngheo da chieu,ngheo da chieu,h ngheo",
    near_poor="can ngheo,ho can ngheo,cn,hcn,h can ngheo,c ngheo,ho cn,can ngheo cn,ho can ngheo cn",
    out="thoat ngheo,ho thoat ngheo,thoat,da thoat ngheo,ho da thoat ngheo",
)
CLASS_NAMES = {
    POOR_INCOME: "N1",
    POOR_DEPRIVATION: "N2",
    POOR: "hộ nghèo",
    NEAR_POOR: "cận nghèo",
    OUT: "thoát nghèo",
}
MIXED_CLASSES = ("ngheo da chieu", "ho ngheo da chieu")
"""In 2016-2021 said of N2 alone by some and of every poor household by others."""

IDENTITY = re.compile(r"\b(cmnd|cccd|cmt|cmtnd|can cuoc|chung minh|dinh danh ca nhan|so dinh danh)\b")
SOMEBODY_ELSE = re.compile(
    r"\b(vợ|chồng|con|mẹ|cha|vo chong|người khai|điều tra viên|trưởng thôn|người giám hộ|người thân|người thứ"
    r"|thành viên thứ)\b"
)
"""Words of a heading that speaks of another person than the head."""
LACKING = re.compile(r"\b(thieu hut|thieu)\b")
HAVING = re.compile(
    r"^(co|dang co|hien co|su dung|co su dung|dang su dung|da co|dung|nghe duoc|phuong tien hien co|ho co|tinh trang su"
    r" dung|dang dung|phuong tien dang co|phuong tien su dung|tai san hien co)\b"
)
NOT_HAVING = re.compile(r"^(khong co|khong|chua co|ko co|khong su dung|chua)\b")

HINTS = {
    "telecom_service": "vien thong,dich vu vien thong,su dung dich vu vien thong,dien thoai internet,dt net,dt internet,"
    "dt mang,dien thoai mang internet,vt,vien thong internet,dien thoai va internet,dt va internet",
    "information_asset": "tai san thong tin,tai san tiep can thong tin,tai san phuc vu tiep can thong tin,tai san,"
    "phuong tien thong tin,phuong tien phuc vu tiep can thong tin,phuong tien tiep can thong tin,ts tctt,tstt,"
    "tivi dai,ti vi dai,tai san tt,ts tiep can thong tin,tai san phuc vu tiep can tt,tai san phuc vu tctt",
}
"""Short words of offices for the indicators, beside their names in the standard."""
QUESTION_HINTS = {
    "phone": "dien thoai,dt,dtdd,dien thoai di dong,may dien thoai",
    "internet": "internet,mang internet,net,mang,wifi,dich vu internet",
    "tv": "ti vi,tivi,tv,may thu hinh,vo tuyen",
    "radio": "dai,radio,dai radio,may thu thanh",
    "computer": "may tinh,may vi tinh,may tinh ban,laptop",
    "loudspeaker": "loa,loa truyen thanh,he thong loa,nghe loa,loa phat thanh,he thong loa truyen thanh",
}

_TICKS = dict.fromkeys(
    ("x", "v", "✓", "✔", "√", "☑", "☒", "+", "1", "có", "co", "c", "true", "đúng", "×", "ü"), True
) | dict.fromkeys(("", "0", "-", "–", "—", "không", "khong", "ko", "k", "false", "☐", "sai"), False)
TICKS = _TICKS
"""Marks in a column to tick; "ü" is the tick of the font Wingdings."""
YES_WORDS, NO_WORDS = {"có", "co", "c", "true", "đúng"}, {"không", "khong", "ko", "k", "false", "sai"}
NOTHING = {"", "-", "–", "—", ".", "…", "..."}

PEOPLES = listed(
    "Kinh,Tày,Thái,Hoa,Khmer,Khơ Me,Mường,Nùng,Mông,H'Mông,Dao,Gia Rai,Jrai,Ngái,Ê Đê,Ba Na,Xơ Đăng,Sán Chay,Cao Lan,"
    "Sán Chỉ,Cơ Ho,K'Ho,Chăm,Sán Dìu,Hrê,Mnông,M'Nông,Ra Glai,Xtiêng,S'Tiêng,Stiêng,Bru Vân Kiều,Vân Kiều,Thổ,Giáy,"
    "Cơ Tu,Giẻ Triêng,Gié Triêng,Mạ,Khơ Mú,Co,Cor,Tà Ôi,Chơ Ro,Kháng,Xinh Mun,Hà Nhì,Chu Ru,Lào,La Chí,La Ha,Phù Lá,"
    "La Hủ,Lự,Lô Lô,Chứt,Mảng,Pà Thẻn,Cơ Lao,Cống,Bố Y,Si La,Pu Péo,Brâu,Ơ Đu,Rơ Măm,Nước ngoài"
)
"""The 54 peoples of the State's list, with other spellings that are in use."""

HAMLET_KINDS = {
    "thôn": "Thôn",
    "tổ dân phố": "Tổ dân phố",
    "tổ": "Tổ",
    "xóm": "Xóm",
    "khu phố": "Khu phố",
    "khu": "Khu",
    "ấp": "Ấp",
    "bản": "Bản",
    "làng": "Làng",
    "buôn": "Buôn",
    "phố": "Phố",
    "đội": "Đội",
    "khối": "Khối",
    "tiểu khu": "Tiểu khu",
}
HAMLET_SHORT = {"tdp": "Tổ dân phố", "kp": "Khu phố", "th": "Thôn", "x": "Xóm", "tk": "Tiểu khu"}
_KIND_KEYS = {folded_key(kind): full for kind, full in HAMLET_KINDS.items()}
_HAMLET = re.compile(
    rf"(?P<kind>{'|'.join(sorted(HAMLET_KINDS, key=len, reverse=True))})(?P<gap>[ .:]*)(?P<rest>\S.*)"
)
_HAMLET_BARE = re.compile(
    rf"(?P<kind>{'|'.join(sorted(_KIND_KEYS, key=len, reverse=True))})(?P<gap>[ .:]*)(?P<rest>(?:so )?\d{{1,3}}[a-z]?)"
)
_HAMLET_SHORT = re.compile(rf"(?P<kind>{'|'.join(HAMLET_SHORT)})[ .:]*(?P<rest>\d{{1,3}}[a-z]?)")
_NUMBER = re.compile(r"(?:s[ốo] )?0*(?P<digits>\d{1,3})(?P<letter>[a-z]?)")


def hamlet_named(text: str) -> str | None:
    """The hamlet's name in full words when the text is one with its kind: "TDP 3" is "Tổ dân phố 3"; else None."""
    key = accented_key(text)
    if found := _HAMLET.fullmatch(key):
        kind = HAMLET_KINDS[found["kind"]]
    elif found := _HAMLET_BARE.fullmatch(key):
        kind = _KIND_KEYS[found["kind"]]
    elif found := _HAMLET_SHORT.fullmatch(key):
        kind = HAMLET_SHORT[found["kind"]]
    else:
        return None
    rest = found["rest"]
    if number := _NUMBER.fullmatch(rest):
        return f"{kind} {number['digits']}{number['letter'].upper()}"
    if "gap" in found.re.groupindex and not found["gap"]:
        return None  # "Tổng" is no "Tổ"
    written = text[len(text) - len(rest) :]
    return (
        f"{kind} {in_title_case(written)}"
        if accented_key(written) == rest
        else f"{kind} {in_title_case(rest)}"
    )


def in_title_case(text: str) -> str:
    """Text in capitals as names are written: "NGUYỄN VĂN AN" is "Nguyễn Văn An"; other text stays."""
    return _LETTERS.sub(_small_after_first, text) if text.isupper() else text


def name_in_title_case(name: str) -> str:
    """A person's name, each word that is in capitals as names are written: "Đỗ THỊ AN" is "Đỗ Thị An".

    Old fonts drew capitals from small letters, so one word of a name may have come through and another not.
    """
    return _LETTERS.sub(lambda word: _small_after_first(word) if word[0].isupper() else word[0], name)


_LETTERS = re.compile(r"[^\W\d_]+")


def _small_after_first(word: re.Match[str]) -> str:
    return word[0][0] + word[0][1:].lower()


_LONG_NUMBER = re.compile(r"\d[\d .\-]{7,}\d")


def number_hidden(text: str) -> str:
    """The text with numbers as long as somebody's identity number hidden but for their last three digits."""
    return _LONG_NUMBER.sub(lambda found: re.sub(r"\d", "•", found[0][:-3]) + found[0][-3:], text)
