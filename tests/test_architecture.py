"""What import-linter does not see: keys and links that point up the floors, clocks that nobody should ask, words that
people read, and that nothing here names a registry, a machine or where it was made."""

import ast
import importlib
import re
import subprocess
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest
from django import forms
from django.apps import apps
from django.db import models

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


# ---- floors


def _floors() -> dict[str, int]:
    """Each room's floor, counted from the ground, as import-linter's contract names them."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    [layers] = [contract["layers"] for contract in contracts if contract["id"] == "floors"]
    return {
        room.strip(): floor for floor, line in enumerate(reversed(layers)) for room in re.split(r"[|:]", line)
    }


def _our_models() -> list[type[models.Model]]:
    return [
        model
        for model in apps.get_models()
        if model.__module__.startswith("tiepcan.") and not hasattr(model, "pgh_tracked_model")
    ]


def _room(module: str) -> str:
    return module.split(".")[1]


def keys_that_point_up(chosen: Iterable[type[models.Model]], floors: dict[str, int]) -> list[str]:
    return [
        f"{model._meta.label}.{column.name}"
        for model in chosen
        for column in model._meta.get_fields()
        if column.is_relation and column.concrete
        # Tables of the framework are below every room of ours.
        if column.related_model.__module__.startswith("tiepcan.")
        if _room(column.related_model.__module__) != _room(model.__module__)
        if floors[_room(column.related_model.__module__)] >= floors[_room(model.__module__)]
    ]


_LINK = re.compile(r"""\burl\(\s*["'](\w+):""")


def links_that_point_up(templates: Mapping[str, str], floors: dict[str, int]) -> list[str]:
    """(room of the template, room it leads to); each template by its path below `tiepcan/`."""
    return [
        f"{name} leads to {room}"
        for name, text in templates.items()
        for room in sorted(set(_LINK.findall(text)))
        if room != name.partition("/")[0] and floors[room] >= floors[name.partition("/")[0]]
    ]


def _templates() -> dict[str, str]:
    rooms = ROOT / "tiepcan"
    return {str(f.relative_to(rooms)): f.read_text() for f in rooms.glob("*/jinja2/**/*.html")}


# The frame's button that signs out stands on every page, and signing in is the room right above `web`.
KNOWN_LINKS = {"web/jinja2/web/frame.html leads to accounts"}


def test_foreign_keys_point_down_the_floors():
    chosen = _our_models()
    assert len(chosen) > 20
    assert keys_that_point_up(chosen, _floors()) == []


def test_a_foreign_key_that_points_up_is_found():
    upside_down = {room: -floor for room, floor in _floors().items()}
    found = keys_that_point_up(_our_models(), upside_down)
    assert "supports.Outcome.household" in found
    assert "households.Household.unit" in found


def test_links_in_templates_point_down_the_floors():
    found = set(links_that_point_up(_templates(), _floors()))
    assert found == KNOWN_LINKS


@pytest.mark.parametrize("written", ['{{ url("reporting:overview") }}', "{{ url( 'supports:record' ) }}"])
def test_a_link_that_points_up_is_found(written):
    assert links_that_point_up({"households/jinja2/households/x.html": written}, _floors())
    assert links_that_point_up({"plans/jinja2/plans/x.html": '{{ url("households:add") }}'}, _floors())
    assert not links_that_point_up({"home/jinja2/home/x.html": written}, _floors())


def test_python_of_a_room_names_only_addresses_below():
    """`reverse` and `redirect` are links too."""
    named = re.compile(r"""\b(?:reverse|redirect)\(\s*f?["'](\w+):""")
    floors = _floors()
    found = {
        f"{file.relative_to(ROOT)} leads to {room}"
        for file in (ROOT / "tiepcan").rglob("*.py")
        for room in named.findall(file.read_text())
        if room != (own := file.relative_to(ROOT / "tiepcan").parts[0]) and floors[room] >= floors[own]
    }
    # Whoever has signed in is led to the first page.
    assert found == {"tiepcan/accounts/views.py leads to home"}


# ---- what code says of itself


def _sources(*names: str) -> list[Path]:
    """Our modules of these names (without `.py`), or all; migrations are written by Django."""
    files = (f for f in (ROOT / "tiepcan").rglob("*.py") if "migrations" not in f.parts)
    return [f for f in files if not names or f.stem in names]


def test_every_model_says_what_one_row_is():
    assert [
        m._meta.label for m in _our_models() if not m.__doc__ or m.__doc__.startswith(f"{m.__name__}(")
    ] == []


_PUBLIC = ("actions", "queries", "figures", "rules")


def without_docstring(tree: ast.Module) -> list[str]:
    """Public functions of a module, and public classes, that do not say what they are."""
    return [
        node.name
        for node in tree.body
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
    ]


def test_every_public_function_of_the_rooms_core_has_a_docstring():
    files = [f for f in _sources(*_PUBLIC) if f.parent.name != "commands"]
    assert len(files) > 10
    silent = {
        f"{f.parent.name}.{f.stem}.{name}"
        for f in files
        for name in without_docstring(ast.parse(f.read_text()))
    }
    assert silent == set()


def test_a_function_without_a_docstring_is_found():
    tree = ast.parse('def said():\n    """Yes."""\n\ndef unsaid(): ...\n\ndef _own(): ...\n\nclass Bare: ...')
    assert without_docstring(tree) == ["unsaid", "Bare"]


# ---- the clock

_ASKS = {
    "now": {"datetime", "timezone"},
    "today": {"date", "datetime"},
    "utcnow": {"datetime"},
    "time": {"time"},
    "localdate": {"timezone"},
    "localtime": {"timezone", "time"},
    "gmtime": {"time"},
}


def asks_for_the_time(tree: ast.Module) -> list[int]:
    """Lines where code asks anything but our clock for the time, by attribute or by an imported name."""
    lines = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in _ASKS:
            owner = (
                node.value.attr if isinstance(node.value, ast.Attribute) else getattr(node.value, "id", "")
            )
            if owner in _ASKS[node.attr] or owner in ("dt",):
                lines.append(node.lineno)
        elif isinstance(node, ast.ImportFrom) and node.module in ("django.utils.timezone", "time"):
            lines += [node.lineno for alias in node.names if alias.name in _ASKS]
    return lines


def test_only_the_clock_asks_for_the_time():
    clock = ROOT / "tiepcan" / "common" / "clock.py"
    found = {
        f"{f.relative_to(ROOT)}:{line}"
        for f in _sources()
        for line in asks_for_the_time(ast.parse(f.read_text()))
        if f != clock
    }
    assert found == set()
    assert asks_for_the_time(ast.parse(clock.read_text()))


@pytest.mark.parametrize(
    "code",
    [
        "datetime.now()", "datetime.datetime.now(UTC)", "date.today()", "datetime.date.today()", "timezone.now()",
        "time.time()", "from django.utils.timezone import now", "from time import time", "x = datetime.utcnow",
        "timezone.localdate()",
    ],
)  # fmt: skip
def test_asking_another_clock_is_found(code):
    assert asks_for_the_time(ast.parse(code))


@pytest.mark.parametrize(
    "code", ["clock.now()", "clock.today()", "import time\ntime.monotonic()", "self.today"]
)
def test_asking_our_clock_is_fine(code):
    assert not asks_for_the_time(ast.parse(code))


# ---- what people read is Vietnamese

_ENGLISH = re.compile(
    r"\b(the|of|and|or|is|name|date|day|year|number|code|unit|kind|type|file|note|reason|user|password|plan|report"
    r"|household|target|total|status|state|title|text|order|size|search|add|edit|save|delete|version|id|key|role)\b",
    re.IGNORECASE,
)


def _forms() -> list[type[forms.BaseForm]]:
    for f in _sources("forms"):
        importlib.import_module(".".join(f.relative_to(ROOT).with_suffix("").parts))
    found: list[type[forms.BaseForm]] = []
    waiting: list[type[forms.BaseForm]] = [forms.BaseForm]
    while waiting:
        kind = waiting.pop()
        waiting += kind.__subclasses__()
        found += [kind] if kind.__module__.startswith("tiepcan.") else []
    return found


def _labels() -> dict[str, str]:
    """Label of each field that people see; a field without one would show its own English name."""
    return {
        f"{form.__module__}.{form.__name__}.{name}": str(field.label if field.label is not None else name)
        for form in _forms()
        for name, field in getattr(form, "base_fields", {}).items()
        if not field.widget.is_hidden
    }


def test_every_label_of_a_form_is_vietnamese():
    labels = _labels()
    assert len(labels) > 50
    assert {name: label for name, label in labels.items() if _ENGLISH.search(label) or not label} == {}


def test_every_model_and_its_named_columns_are_vietnamese():
    names = {m._meta.label: str(m._meta.verbose_name) for m in _our_models()}
    names |= {
        f"{m._meta.label}.{c.name}": str(c.verbose_name)
        for m in _our_models()
        for c in m._meta.concrete_fields
        # A column without a name of its own is a key that the program keeps for itself: no page tells of it.
        if c.verbose_name != c.name.replace("_", " ") and not isinstance(c, models.AutoField)
    }
    assert len(names) > 100
    assert {name: said for name, said in names.items() if _ENGLISH.search(said)} == {}
    assert [
        m._meta.label for m in _our_models() if str(m._meta.verbose_name) == m._meta.object_name.lower()
    ] == []


def test_every_choice_is_vietnamese():
    choices = {
        f"{m._meta.label}.{c.name}={value}": str(label)
        for m in _our_models()
        for c in m._meta.concrete_fields
        for value, label in c.flatchoices
    }
    assert len(choices) > 30
    assert {name: label for name, label in choices.items() if _ENGLISH.search(label)} == {}


def test_the_list_of_english_words_finds_default_labels():
    assert all(map(_ENGLISH.search, ("Head name", "Happened on date", "household", "Report duty")))
    assert not any(map(_ENGLISH.search, ("Họ tên chủ hộ", "Số, ký hiệu", "Mức trần", "Đơn vị hỗ trợ")))
