"""Acts of several people at the same moment, each from a connection of its own."""

import threading
from collections.abc import Callable
from contextvars import copy_context

from django.db import connection


def at_once(*acts: Callable[[], object]) -> list[object]:
    """What each act gave, or the exception with which it ended; all begin together, each in a thread of its own."""
    barrier, said = threading.Barrier(len(acts)), {}

    def run(n: int, act: Callable[[], object]) -> None:
        try:
            barrier.wait(timeout=20)
            said[n] = act()
        except Exception as problem:
            said[n] = problem
        finally:
            connection.close()

    threads = [threading.Thread(target=copy_context().run, args=(run, n, act)) for n, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [said[n] for n in range(len(acts))]
