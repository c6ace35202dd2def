"""`tiepcan founding_code`: a fresh one-time code for the first administrator of an empty installation."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from tiepcan.accounts.actions import new_founding_code
from tiepcan.accounts.models import Person


class Command(BaseCommand):
    help = "In mã dùng một lần để lập người quản trị đầu tiên. Mã cũ hết hiệu lực."

    def handle(self, *args: Any, **options: Any) -> None:
        if Person.objects.exists():
            raise CommandError("Hệ thống đã có người quản trị; không cấp mã lập hệ thống nữa.")
        self.stdout.write(new_founding_code())
