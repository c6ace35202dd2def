"""Writes docs/reference/ from the code that it describes; with --check only says whether it is up to date."""

import os
import re
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
os.environ["DJANGO_SETTINGS_MODULE"] = "tiepcan.config.settings"
os.environ["TIEPCAN_DATA"] = tempfile.mkdtemp()

import django  # noqa: E402

django.setup()

from django.core.management import get_commands, load_command_class  # noqa: E402

from tiepcan.accounts.doors import routes  # noqa: E402
from tiepcan.accounts.roles import PERMISSIONS, May, Role  # noqa: E402
from tiepcan.config.command import USAGE  # noqa: E402
from tiepcan.supports import workflow  # noqa: E402
from tiepcan.supports.models import EntryKind  # noqa: E402

HEAD = "<!-- Written by tools/write_reference.py: change the code, then run `make reference`. -->\n"
_SETTING = re.compile(r"((?:^# .*\n)+)^(\w+) = (.*env.*)$", re.MULTILINE)
_VARIABLE = re.compile(r"env(?:\.\w+)?\(\s*\"(\w+)\"(?:, default=(.+?))?\)")


def commands() -> Iterator[str]:
    """Every command of ours with its help, below the usage that `tiepcan` prints."""
    yield f"# Commands\n\n```\n{USAGE}\n```\n"
    ours = sorted(name for name, app in get_commands().items() if app.startswith("tiepcan."))
    for name in ours:
        command = load_command_class(get_commands()[name], name)
        parser = command.create_parser("tiepcan", name)
        own = [a for a in parser._actions if a.dest not in _DJANGO]
        yield f"## `tiepcan {name}`\n\n{command.help}\n"
        for action in own:
            names = ", ".join(action.option_strings) or action.metavar or action.dest
            yield f"- `{names}`{': ' + action.help if action.help else ''}"
        if own:
            yield ""


_DJANGO = {
    "help",
    "version",
    "verbosity",
    "settings",
    "pythonpath",
    "traceback",
    "no_color",
    "force_color",
    "skip_checks",
}


def settings() -> Iterator[str]:
    """Every variable of the environment that the settings read, with the comment above it."""
    yield "# Settings\n\nAll of them are variables of the environment; none is needed for a start on one machine.\n"
    yield "| variable | without it | meaning |\n|---|---|---|"
    text = (ROOT / "tiepcan/config/settings.py").read_text(encoding="utf-8")
    for said, _, value in _SETTING.findall(text):
        meaning = " ".join(line.removeprefix("# ") for line in said.strip().splitlines())
        for variable, default in _VARIABLE.findall(value):
            yield f"| `{variable}` | {_default(default)} | {meaning} |"
    yield "| `PORT` | `8000` | The port that `tiepcan serve` listens on. |"


def _default(written: str) -> str:
    known = {'""': "empty", 'str(ROOT / ".data"': "`.data` beside the program"}
    return known.get(written, f"`{written}`" if written else "must be given")


def roles() -> Iterator[str]:
    """Who may do what, and which addresses each permission opens."""
    yield "# Roles\n\nWhat a role may do; on which rows is asked beside it, by the unit of the person's organisation.\n"
    yield f"| | {' | '.join(str(role.label) for role in Role)} |\n|---|{'---|' * len(Role)}"
    for may in May:
        cells = ["có" if may in PERMISSIONS[role] else "" for role in Role]
        yield f"| `{may.value}` | {' | '.join(cells)} |"
    yield "\n# Addresses\n\n| address | for |\n|---|---|"
    for route, view in routes():
        door = view.door  # type: ignore[attr-defined]
        who = (
            "everyone"
            if door.everyone
            else ", ".join(sorted(f"`{m.value}`" for m in door.any_of)) or "anyone signed in"
        )
        yield f"| `/{route}` | {who} |"


def outcomes() -> Iterator[str]:
    """The steps of an outcome as a diagram."""
    yield "# Steps of an outcome\n\n```mermaid\nstateDiagram-v2"
    yield f"    [*] --> {EntryKind.RECORDED.value}"
    for step in workflow.STEPS.values():
        for start in sorted(step.start):
            yield f"    {EntryKind(start).value} --> {step.end.value}: {step.label} ({step.who.value})"
    yield "```\n\n| in code | Vietnamese |\n|---|---|"
    for kind in EntryKind:
        yield f"| `{kind.value}` | {kind.label} |"


PAGES = {"commands.md": commands, "settings.md": settings, "roles.md": roles, "outcomes.md": outcomes}


def main() -> None:
    folder = ROOT / "docs/reference"
    folder.mkdir(parents=True, exist_ok=True)
    stale = []
    for name, write in PAGES.items():
        text = HEAD + "\n".join(write()).rstrip() + "\n"
        file = folder / name
        if not file.exists() or file.read_text(encoding="utf-8") != text:
            stale.append(name)
            if "--check" not in sys.argv:
                file.write_text(text, encoding="utf-8")
    if "--check" in sys.argv and stale:
        sys.exit(f"docs/reference is behind the code: {', '.join(stale)}. Run `make reference`.")


main()
