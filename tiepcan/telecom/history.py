"""What acts of this room are called in history."""

SENTENCES = {
    "list.received": "Nhận danh sách thuê bao của tháng",
    "line.decided": "Khớp dòng của danh sách với hộ",
    "month.closed": "Chốt tháng đối soát",
    "subscription.ended": "Ghi thôi thuê bao",
}
