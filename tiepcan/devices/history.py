"""What acts of this room are called in history."""

SENTENCES = {
    "kinds.loaded": "Nạp danh mục loại thiết bị",
    "kind.added": "Thêm loại thiết bị",
    "pledge.made": "Ghi cam kết hỗ trợ thiết bị",
    "pledge.ended": "Ghi thôi cam kết hỗ trợ thiết bị",
    "devices.received": "Nhập thiết bị vào kho",
    "devices.issued": "Cấp thiết bị cho phường, xã",
    "device.returned": "Trả thiết bị về kho cấp trên",
    "device.handed_over": "Bàn giao thiết bị cho hộ",
    "device.hand_over_undone": "Hoàn tác bàn giao thiết bị",
    "device.taken_back": "Nhận lại thiết bị từ hộ",
    "device.sent_to_repair": "Đưa thiết bị đi sửa",
    "device.repaired": "Ghi thiết bị sửa xong",
    "device.written_off": "Ghi thiết bị mất hoặc hỏng hẳn",
    "device.checked": "Hỏi lại tình trạng thiết bị",
}
