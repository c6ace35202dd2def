"""What acts of this room are called in history."""

SENTENCES = {
    "round.announced": "Mở đợt xác minh, công bố hạt giống",
    "round.drawn": "Rút mẫu xác minh",
    "visit.recorded": "Ghi phiếu xác minh tại hộ",
    "disagreement.accepted": "Chấp nhận trả lời của phường, xã, tính là đúng",
    "disagreement.rejected": "Quyết định không tính sau xác minh",
    "round.signed": "Ký biên bản xác minh",
}
