"""Units asked for from outside."""

from tiepcan.common import clock
from tiepcan.units.models import Unit


def unit_of_code(code: str) -> Unit:
    """The unit that a key of ours or a statistics code means today. Raises Unit.DoesNotExist with a sentence.

    A statistics code is reused: of several units that ever had it, the one that is valid today.
    """
    found = (
        Unit.objects.filter(pk=code).first() or Unit.objects.valid_on(clock.today()).filter(code=code).first()
    )
    if found is None:
        raise Unit.DoesNotExist(
            f"Không có đơn vị mã {code}. Ghi mã trong units.csv (ví dụ xa-thieu-khanh-15856) hoặc mã thống kê."
        )
    return found
