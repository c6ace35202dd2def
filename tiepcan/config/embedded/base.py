"""Django's PostgreSQL backend over a server that starts with its first connection.

Used when DATABASE_URL names no server: the wheel carries a PostgreSQL, its data live in the data folder, and it
stops with the last process that holds it.
"""

import threading
import warnings
from pathlib import Path
from typing import Any

from django.db.backends.postgresql import base

# The library's lock keeps processes apart, not threads: those that connected first at once met an error at its release.
_one_thread = threading.Lock()


class DatabaseWrapper(base.DatabaseWrapper):
    def get_connection_params(self) -> dict[str, Any]:
        params: dict[str, Any] = super().get_connection_params()
        return params | {"host": _socket_folder(params.pop("folder")), "user": "postgres"}


def _socket_folder(folder: Path) -> str:
    with _one_thread, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the library warns of a missing XDG_RUNTIME_DIR and copes with it
        from tiepcan.config.embedded.holders import held_server

        folder.parent.mkdir(parents=True, exist_ok=True)
        server = held_server(folder)
    return str(server.get_postmaster_info().socket_dir)
