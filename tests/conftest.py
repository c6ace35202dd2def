"""What tests share: the embedded PostgreSQL in a data folder of their own, the reference data, and the clock's day."""

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest
from pytest_django import DjangoDbBlocker

from tests import place  # noqa: F401 - first of all: it says where the tests' data live

from tiepcan.common import clock  # isort: skip


BLOCKER = pytest.StashKey[DjangoDbBlocker]()


@pytest.fixture(scope="session")
def django_db_setup(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, pytestconfig: pytest.Config
) -> Iterator[None]:
    """The reference data in the database that every test starts from."""
    from django.db import connection

    from tiepcan.accounts.wall import let_the_web_role_work

    _load_reference(django_db_blocker)
    with django_db_blocker.unblock():
        let_the_web_role_work()
    pytestconfig.stash[BLOCKER] = django_db_blocker
    yield
    # A thread of a test that just ended may still hold its connection, and the database could not be dropped.
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> Iterator[None]:
    """A test whose transactions are real ends with empty tables: whoever comes next finds the reference data again."""
    yield
    marker = item.get_closest_marker("django_db")
    real = "transactional_db" in getattr(item, "fixturenames", ()) or (
        marker and marker.kwargs.get("transaction")
    )
    if nextitem and real:
        _load_reference(item.config.stash[BLOCKER])


def _load_reference(blocker: DjangoDbBlocker) -> None:
    from django.core.management import call_command

    with blocker.unblock():
        call_command("load_reference", verbosity=0)


@pytest.fixture(autouse=True)
def _files_of_their_own(settings, tmp_path: Path) -> None:
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path / "files"},
        },
        # The hashed names of a real start are not served by the test's server.
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


@pytest.fixture(autouse=True)
def today() -> Iterator[date]:
    """Tests live on 12 June 2019, the day of the demonstration, unless they say otherwise."""
    with clock.set_to(datetime(2019, 6, 12, 9, 0, tzinfo=clock.VIETNAM)):
        yield date(2019, 6, 12)
