"""What acts of this room are called in history."""

SENTENCES = {
    "submission.handed_in": "Ghi đã nộp",
    "submission.taken_back": "Bỏ ghi nộp",
    "report.consolidated": "Lập báo cáo tổng hợp",
    "report.opened": "Mở báo cáo định kỳ",
    "report.written": "Viết báo cáo định kỳ",
    "report.proposed": "Trình lãnh đạo duyệt báo cáo",
    "report.recalled": "Rút báo cáo về sửa",
    "report.declined": "Lãnh đạo trả báo cáo cho người soạn",
    "report.submitted": "Nộp báo cáo",
    "report.returned": "Trả lại báo cáo để bổ sung",
    "report.accepted": "Duyệt báo cáo",
    "report.supplemented": "Mở báo cáo bổ sung",
    "reminder.sent": "Nhắc hạn qua thư",
    "reminder.address_kept": "Đặt nơi nhận lời nhắc",
    "figures.recomputed": "Tính lại số liệu được giữ",
}
