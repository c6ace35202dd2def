"""What the documents point to is there: pictures, other documents, headings, and no picture too large."""

import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import pytest
from django.core.management import get_commands

from tiepcan.config.command import USAGE

ROOT = Path(__file__).resolve().parents[1]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("tiepcan/**/*.md")])
PICTURES = sorted(ROOT.glob("docs/**/*.png"))
LINK = re.compile(r"\]\(\s*<?([^)\s>]+)")
ELSEWHERE = re.compile(r"^(https?:|mailto:)")


def _links(document: Path) -> Iterator[str]:
    text = re.sub(r"```.*?```|`[^`\n]*`", "", document.read_text(encoding="utf-8"), flags=re.DOTALL)
    return (link for link in LINK.findall(text) if not ELSEWHERE.match(link))


def _headings(document: Path) -> set[str]:
    """The names that headings can be linked by."""
    names = re.findall(r"^#+ +(.+)$", document.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {
        re.sub(r"[^\w\- ]", "", unicodedata.normalize("NFC", name).lower()).replace(" ", "-")
        for name in names
    }


def _broken(document: Path) -> list[str]:
    broken = []
    for link in _links(document):
        path, _, heading = unquote(link).partition("#")
        found = (document.parent / path).resolve() if path else document
        if not found.exists() or (heading and heading not in _headings(found)):
            broken.append(link)
    return broken


@pytest.mark.parametrize("document", DOCUMENTS, ids=[str(d.relative_to(ROOT)) for d in DOCUMENTS])
def test_every_link_and_picture_of_a_document_is_there(document: Path) -> None:
    assert _broken(document) == []


def test_a_link_to_nothing_is_found(tmp_path: Path) -> None:
    document = tmp_path / "a.md"
    document.write_text(
        "# Có thật\n[a](#có-thật) [b](#không-có) ![c](hinh/d.png) `[e](f.md)`\n", encoding="utf-8"
    )
    assert _broken(document) == ["#không-có", "hinh/d.png"]


def test_the_handbook_uses_every_picture_that_is_taken() -> None:
    used = {(d.parent / link).resolve() for d in DOCUMENTS for link in _links(d) if link.endswith(".png")}
    assert set(PICTURES) - used == set()
    assert len(PICTURES) > 20


def test_pictures_are_small() -> None:
    """A handbook that is read over a phone's network: at most 150 KB each and 3 MB in all."""
    sizes = {picture.name: picture.stat().st_size for picture in PICTURES}
    assert {name: size for name, size in sizes.items() if size > 150_000} == {}
    assert sum(sizes.values()) < 3_000_000


def test_the_usage_that_is_printed_names_every_command():
    ours = {name for name, app in get_commands().items() if app.startswith("tiepcan.")}
    assert ours == {line.split()[0] for line in USAGE.splitlines() if re.match(r"  [a-z]", line)} - {
        "read_plan"
    }
