"""`tiepcan load_reference`: units and standards from their readable files into the tables."""

from typing import Any

from django.core.management.base import BaseCommand

from tiepcan.devices.reference import load_kinds
from tiepcan.standards.actions import load_standards
from tiepcan.units.actions import load_register


class Command(BaseCommand):
    help = "Nạp danh mục đơn vị hành chính và chuẩn nghèo từ tệp tham chiếu. Chạy lại không đổi gì."

    def handle(self, *args: Any, **options: Any) -> None:
        units = load_register()
        load_standards()
        load_kinds()
        if options["verbosity"] > 0:
            self.stdout.write(f"Danh mục có {units} đơn vị hành chính.")
