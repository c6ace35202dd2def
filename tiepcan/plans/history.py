"""What acts of this room are called in history."""

SENTENCES = {
    "draft.received": "Tải lên văn bản kế hoạch",
    "draft.corrected": "Sửa chỗ đọc chưa đúng",
    "draft.answered": "Xác nhận một điểm",
    "draft.answer_taken_back": "Bỏ xác nhận một điểm",
    "draft.dropped": "Bỏ văn bản đã tải lên",
    "plan.opened": "Mở kế hoạch",
    "plan.amended": "Điều chỉnh kế hoạch",
    "division.made": "Lập bảng phân chia chỉ tiêu",
    "recipient.issued": "Ghi phát hành kế hoạch",
    "recipient.acknowledged": "Ghi báo nhận kế hoạch",
    "duty.reported": "Ghi việc đã làm",
    "duty.report_taken_back": "Bỏ việc đã ghi",
}
