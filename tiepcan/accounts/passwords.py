"""How passwords are kept, and which are good enough."""

from django.contrib.auth.hashers import Argon2PasswordHasher
from django.contrib.auth.password_validation import MinimumLengthValidator


class Argon2(Argon2PasswordHasher):
    """Argon2id with 19 MiB and two passes: Django's 100 MiB lets two cores do only eight sign-ins a second."""

    time_cost = 2
    memory_cost = 19 * 1024
    parallelism = 1


class LongEnough(MinimumLengthValidator):
    """Django's rule, told in Vietnamese: its own catalogue has no sentence for it."""

    def get_error_message(self) -> str:
        return f"Mật khẩu này quá ngắn. Mật khẩu phải có ít nhất {self.min_length} ký tự."
