"""How far each unit of the demonstration has come by 12 June 2019; all of it invented."""

# Households recorded and verified: telecom service, then information asset.
PROGRESS: dict[str, tuple[tuple[int, int], tuple[int, int]]] = {
    "Hàm Rồng": ((2, 2), (0, 0)),
    "Nam Ngạn": ((3, 2), (0, 0)),
    "Trường Thi": ((3, 3), (0, 0)),
    "Đông Thọ": ((6, 5), (1, 1)),
    "Phú Sơn": ((4, 3), (0, 0)),
    "Lam Sơn": ((2, 2), (0, 0)),
    "Đông Sơn": ((2, 1), (0, 0)),
    "Tân Sơn": ((2, 1), (1, 1)),
    "Ngọc Trạo": ((1, 1), (0, 0)),
    "Đông Vệ": ((2, 2), (0, 0)),
    "Đông Cương": ((2, 1), (0, 0)),
    "Đông Hương": ((4, 3), (1, 1)),
    "Đông Hải": ((3, 2), (0, 0)),
    "Quảng Hưng": ((5, 4), (1, 0)),
    "Quảng Thành": ((4, 3), (0, 0)),
    "Quảng Thắng": ((0, 0), (0, 0)),
    "An Hoạch": ((3, 2), (1, 1)),
    "Tào Xuyên": ((2, 2), (0, 0)),
    "Đông Lĩnh": ((3, 2), (0, 0)),
    "Đông Hưng": ((2, 2), (0, 0)),
    "Đông Tân": ((2, 1), (0, 0)),
    "Đông Vinh": ((1, 1), (0, 0)),
    "Hoằng Anh": ((2, 1), (0, 0)),
    "Hoằng Lý": ((1, 0), (0, 0)),
    "Hoằng Long": ((0, 0), (0, 0)),
    "Hoằng Quang": ((2, 1), (0, 0)),
    "Hoằng Đại": ((1, 1), (0, 0)),
    "Thiệu Dương": ((4, 3), (1, 1)),
    "Thiệu Khánh": ((6, 4), (1, 0)),
    "Thiệu Vân": ((1, 0), (0, 0)),
    "Quảng Thịnh": ((2, 2), (0, 0)),
    "Quảng Đông": ((2, 1), (0, 0)),
    "Quảng Cát": ((4, 3), (1, 0)),
    "Quảng Tâm": ((3, 2), (0, 0)),
    "Quảng Phú": ((1, 1), (0, 0)),
}

NO_LOCAL_PLAN = frozenset({"Hoằng Long", "Thiệu Vân"})
"""Units that have not sent their own plan."""

HANDED_IN_HALF_YEAR = frozenset(
    {
        "Hàm Rồng",
        "Trường Thi",
        "Đông Thọ",
        "Lam Sơn",
        "Đông Sơn",
        "Ngọc Trạo",
        "Đông Vệ",
        "Đông Hương",
        "Quảng Hưng",
        "An Hoạch",
        "Đông Hưng",
        "Hoằng Quang",
        "Thiệu Dương",
        "Quảng Thịnh",
        "Quảng Cát",
    }
)
"""Units that have handed in the half-year report."""
RETURNED_HALF_YEAR = "Đông Thọ"
"""Whose half-year report the coordinator gave back."""
