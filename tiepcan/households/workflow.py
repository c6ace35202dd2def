"""Who may keep a unit's list, and what every change of it asks for."""

from tiepcan.accounts.console import Doer
from tiepcan.accounts.roles import May
from tiepcan.common.refusals import NotAllowed, Stale
from tiepcan.households.models import Household
from tiepcan.units.models import Unit


def may_keep(unit: Unit, by: Doer) -> None:
    """Raises NotAllowed unless the person keeps the unit's list."""
    if not by.may_change(May.KEEP_HOUSEHOLDS, unit):
        raise NotAllowed("Chỉ cán bộ phường, xã của hộ sửa được danh sách hộ.")


def may_import(unit: Unit, by: Doer) -> None:
    """Raises NotAllowed unless the person takes workbooks in for the unit."""
    if not by.may_change(May.IMPORT_HOUSEHOLDS, unit):
        raise NotAllowed("Chỉ cán bộ của địa bàn này nhập được bảng tính của địa bàn.")


def said(reason: str) -> str:
    """The reason without its blanks. Raises NotAllowed when there is none."""
    if not reason.strip():
        raise NotAllowed("Ghi lý do.")
    return reason.strip()


def locked(household: Household, version: int) -> Household:
    """The row as it stands, kept for the act under way. Raises Stale when it changed since `version`.

    A record that was merged into another changes no more: so a merge can be taken back.
    """
    current = Household.objects.select_for_update(of=("self",)).select_related("unit").get(pk=household.pk)
    if current.merged_into_id:
        raise NotAllowed("Hồ sơ này đã gộp vào hồ sơ khác. Sửa ở hồ sơ được giữ.")
    if current.version != version:
        raise Stale("Người khác vừa sửa hộ này. So hai bản dưới đây rồi lưu lại nếu vẫn cần.")
    return current


def newer(household: Household) -> None:
    """Count an act on the household that changed nothing in its own row."""
    Household.objects.filter(pk=household.pk).update(version=household.version + 1)
