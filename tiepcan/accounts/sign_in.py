"""Signing in: passwords, and the pause after wrong ones.

Wrong passwords count against the account together with the device (a signed cookie), so that nobody can lock an
officer out from another device; devices without a cookie share one count for each account.
"""

from datetime import timedelta

from django.contrib.auth.hashers import check_password, make_password

from tiepcan.accounts.models import FailedSignIn, Person
from tiepcan.common import clock
from tiepcan.common.refusals import NotAllowed

ALLOWED_FAILURES = 5
PAUSE = timedelta(minutes=15)
WRONG = "Tên tài khoản hoặc mật khẩu chưa đúng."
# Checked when there is no such account, so that the answer takes as long as for one that exists.
_NOBODY = make_password("không có tài khoản này")


def authenticate(*, username: str, password: str, device: str) -> Person:
    """The person with this name and password. Raises NotAllowed with what to do next."""
    username = username.strip().lower()
    now = clock.now()
    FailedSignIn.objects.filter(at__lt=now - PAUSE).delete()
    failures = FailedSignIn.objects.filter(username=username[:60], device=device)
    # Counted as wrong before it is checked, and taken off when it was right: many tries at once cannot all slip in.
    attempt = FailedSignIn.objects.create(username=username[:60], device=device, at=now)
    if failures.count() > ALLOWED_FAILURES:
        attempt.delete()
        raise NotAllowed(
            "Đã sai mật khẩu 5 lần, máy này tạm dừng đăng nhập tài khoản này 15 phút. "
            "Quên mật khẩu: xin người quản trị tài khoản cấp mã dùng một lần."
        )
    person = Person.objects.select_related("organisation__unit").filter(username=username).first()
    if not check_password(password, person.password if person else _NOBODY) or not person:
        left = ALLOWED_FAILURES - failures.count()
        raise NotAllowed(f"{WRONG} Còn {left} lần thử trước khi tạm dừng 15 phút." if left else WRONG)
    if not person.is_active:
        raise NotAllowed("Tài khoản này đã ngừng dùng. Hỏi người quản trị tài khoản của cơ quan.")
    failures.delete()
    return person
