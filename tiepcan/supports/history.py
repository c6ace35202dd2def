"""What acts of this room are called in history."""

SENTENCES = {
    "outcome.recorded": "Ghi nhận hộ được tiếp cận",
    "evidence.added": "Thêm minh chứng",
    "outcome.verified": "Xác minh kết quả đúng",
    "outcome.given_back": "Trả lại kết quả để bổ sung",
    "outcome.answered": "Bổ sung kết quả",
    "outcome.withdrawn": "Rút kết quả",
    "outcome.rejected": "Quyết định không tính kết quả",
}
