"""What acts of this room are called in history."""

SENTENCES = {
    "installation.founded": "Lập hệ thống và người quản trị đầu tiên",
    "installation.code_made": "Cấp mã lập hệ thống",
    "organisation.added": "Thêm cơ quan, đơn vị",
    "organisation.renamed": "Đổi tên cơ quan, đơn vị",
    "person.added": "Thêm tài khoản",
    "person.code_renewed": "Cấp lại mã dùng một lần",
    "person.closed": "Đóng tài khoản",
    "person.password_set": "Đặt mật khẩu",
}
