"""Nothing personal in logs: not in the program's, not in its database server's."""

import uuid
from pathlib import Path

import pytest
from django.conf import settings
from django.db import IntegrityError, connection, transaction

from tests.factories import a_household, a_unit
from tiepcan.households.models import Household

pytestmark = pytest.mark.django_db


def _logged() -> str:
    folder = Path(settings.DATA) / "postgresql"
    return "".join(
        file.read_text(errors="replace") for file in [folder / "log", *folder.glob("*.log")] if file.is_file()
    )


def _refused(name: str) -> None:
    """A household whose code is taken, written past the action that would have asked first."""
    there = a_household(code="HR-1")
    with pytest.raises(IntegrityError), transaction.atomic():
        Household(id=uuid.uuid4(), unit=a_unit(), code=there.code, head_name=name).save(force_insert=True)


def test_a_refused_row_does_not_end_in_the_servers_log_with_its_words():
    name = f"Trần Thị Riêng Tư {uuid.uuid4().hex}"
    _refused(name)
    assert "household_code_once_in_a_unit" in _logged(), "the refusal itself is logged"
    assert name not in _logged()


def test_without_its_settings_the_server_would_log_the_words():
    name = f"Trần Thị Riêng Tư {uuid.uuid4().hex}"
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL log_min_error_statement = error")
    _refused(name)
    assert name in _logged()
