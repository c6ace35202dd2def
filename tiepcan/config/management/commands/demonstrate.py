"""`tiepcan demonstrate`: the invented story of plan 146 into an empty database."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from tiepcan.accounts.models import Person
from tiepcan.config.demonstration.story import tell


class Command(BaseCommand):
    help = "Dựng bản trình diễn Kế hoạch 146 vào cơ sở dữ liệu còn trống. Người và hộ đều là bịa."

    def handle(self, *args: Any, **options: Any) -> None:
        if Person.objects.exists():
            raise CommandError(
                "Cơ sở dữ liệu đã có người dùng; bản trình diễn chỉ dựng vào cơ sở dữ liệu trống."
            )
        tell()
