"""What acts of this room are called in history."""

SENTENCES = {
    "household.added": "Thêm hộ",
    "household.edited": "Sửa thông tin hộ",
    "household.reviewed": "Sửa kết quả rà soát",
}
