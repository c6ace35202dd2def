"""Who acts when nobody is signed in: whoever has the machine and types `tiepcan …`."""

from dataclasses import dataclass
from typing import Protocol

from tiepcan.accounts.roles import May
from tiepcan.audit.acts import Actor
from tiepcan.units.models import Unit


class Doer(Actor, Protocol):
    """Whoever may act: a person with a role and a unit, or the console."""

    @property
    def organisation_kind(self) -> str: ...
    @property
    def position(self) -> str: ...
    def may_change(self, what: May, unit: Unit) -> bool: ...


@dataclass(frozen=True)
class Console:
    """The command line of the server; its acts are in history under this name."""

    pk: int = 0
    full_name: str = "Dòng lệnh máy chủ"
    organisation_name: str = ""
    organisation_kind: str = ""
    position: str = ""

    def may_change(self, what: May, unit: Unit) -> bool:
        return True


CONSOLE = Console()
