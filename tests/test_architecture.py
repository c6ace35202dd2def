"""What import-linter does not see: that nothing here names a registry, a machine or where it was made."""

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).parent.parent
_HOSTS = re.compile(r"py" + r"pi\.org|python" + r"hosted|registry\.n" + r"pm|deb\.deb" + r"ian")


def _tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True)
    return [ROOT / name for name in listed.stdout.split("\0") if name]


def test_no_file_names_a_registry_host():
    files = _tracked()
    assert len(files) > 30
    assert [f.name for f in files if f.is_file() and _HOSTS.search(f.read_text(errors="ignore"))] == []


def test_every_dependency_says_what_it_is_for():
    text = (ROOT / "pyproject.toml").read_text()
    lists = re.findall(r"^(?:dependencies|dev) = \[\n(.*?)^\]", text, re.MULTILINE | re.DOTALL)
    listed = "".join(lists).splitlines()
    assert len(listed) > 10
    assert [line for line in listed if "#" not in line] == []


def test_the_architecture_names_every_room():
    said = (ROOT / "ARCHITECTURE.md").read_text()
    rooms = [p.name for p in (ROOT / "tiepcan").iterdir() if (p / "__init__.py").exists()]
    assert [room for room in rooms if f"`{room}`" not in said] == []
