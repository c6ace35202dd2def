"""What acts of this room are called in history."""

SENTENCES = {
    "standards.loaded": "Nạp chuẩn nghèo và chỉ số",
    "reading.chosen": "Chọn cách hiểu chỉ số thiếu hụt",
}
