"""The kinds of administrative papers with their abbreviations: Decree 30/2020/NĐ-CP, Article 7 and Appendix III."""

LETTER = ""
"""A letter (công văn) has no part for its kind: 12/UBND-VHTT."""

KINDS = {
    LETTER: "Công văn",
    "NQ": "Nghị quyết",
    "QĐ": "Quyết định",
    "CT": "Chỉ thị",
    "QC": "Quy chế",
    "QyĐ": "Quy định",
    "TC": "Thông cáo",
    "TB": "Thông báo",
    "HD": "Hướng dẫn",
    "CTr": "Chương trình",
    "KH": "Kế hoạch",
    "PA": "Phương án",
    "ĐA": "Đề án",
    "DA": "Dự án",
    "BC": "Báo cáo",
    "BB": "Biên bản",
    "TTr": "Tờ trình",
    "HĐ": "Hợp đồng",
    "CĐ": "Công điện",
    "BGN": "Bản ghi nhớ",
    "BTT": "Bản thỏa thuận",
    "GUQ": "Giấy ủy quyền",
    "GM": "Giấy mời",
    "GGT": "Giấy giới thiệu",
    "GNP": "Giấy nghỉ phép",
    "PG": "Phiếu gửi",
    "PC": "Phiếu chuyển",
    "PB": "Phiếu báo",
}

ASKS_FOR_BASES = frozenset({"NQ", "QĐ", "CT", "QC", "QyĐ", "KH"})
"""Papers that say by what right they are made ("Căn cứ ...")."""
ASKS_FOR_ADDRESSEE = frozenset({LETTER, "BC", "TTr", "GM"})
"""Papers that go to somebody named above the text ("Kính gửi:"), Appendix I, section II.9."""


def kind_of(symbol: str) -> str:
    """The abbreviation that a symbol begins with: "BC" of "BC-UBND"; a letter's "UBND-VHTT" has none."""
    first = symbol.strip().split("-", 1)[0]
    return first if first in KINDS else LETTER


def name_of(kind: str) -> str:
    """What a kind is called, by its abbreviation."""
    return KINDS.get(kind, kind)
