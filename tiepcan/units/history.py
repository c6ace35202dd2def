"""What acts of this room are called in history."""

SENTENCES = {
    "units.loaded": "Nạp danh mục đơn vị hành chính",
}
