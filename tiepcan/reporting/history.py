"""What acts of this room are called in history."""

SENTENCES = {
    "submission.handed_in": "Ghi đã nộp",
    "submission.taken_back": "Bỏ ghi nộp",
    "report.consolidated": "Lập báo cáo tổng hợp",
    "figures.recomputed": "Tính lại số liệu được giữ",
}
