"""Every app holds the same names and no others, and nothing grows so long that nobody can think it through."""

import ast
import re
from pathlib import Path

import pytest

from tests.support.house import ROOMS, SRC, apps, modules, name_of, project, settle, tree

# Each may also be a folder of that name; addresses that machines ask stand apart, as in urls_machine.
NAMES = re.compile(
    r"(__init__|models|actions|queries|forms|views|urls(_\w+)?|tasks|steps|letters|apps)(\.py)?|templates|migrations"
)
NEVER = re.compile(r"(utils?|helpers?|common|misc|managers?|services?|tools?)(\.py)?")
TABLELESS = ("ground/gate", "desks")  # what asks, and what only reads
LINES, FUNCTION = 1000, 40


def inside(folder: Path) -> list[Path]:
    """List what a folder holds, caches and built files aside."""
    return [p for p in sorted(folder.iterdir()) if p.name not in {"__pycache__", "dist", "py.typed"}]


def test_every_app_holds_the_same_names():
    found = {
        name_of(
            path
        ): f"{name_of(path)} is not a name an app may hold; put it in models, actions, queries, forms, views, urls, tasks, steps or letters."
        for app in apps()
        if name_of(app) not in {*TABLELESS, "ground/ui"}  # the look is a folder of its own kind
        for path in inside(app)
        if not NAMES.fullmatch(path.name)
    }
    settle("app_folders", found)


def test_templates_of_an_app_stand_under_its_own_name():
    found = [
        f"{name_of(path)}: put it in templates/{app.name}/, so that no other app's page is hidden by it."
        for app in [*apps(), *(p for p in [SRC / "desks"] if p.exists())]
        if app.name != "ui"  # its folder also holds the pages of sign-in and of errors
        for path in inside(app)
        if path.name == "templates"
        for path in inside(path)
        if path.name != app.name
    ]
    assert found == []


@pytest.mark.parametrize("name", TABLELESS)
def test_what_has_no_tables_keeps_none(name):
    found = [p.name for p in (SRC / name).glob("*") if p.name in {"models.py", "migrations", "actions.py"}]
    assert found == [], (
        f"{name} only asks, draws or reads; move its tables and writes to the app they belong to."
    )


def test_no_module_has_a_name_that_says_nothing():
    found = [name_of(p) for p in SRC.rglob("*") if NEVER.fullmatch(p.name)]
    assert found == [], "Name these after what they hold."


def test_every_app_says_whose_pen_it_is():
    missing = [name_of(app) for app in apps() if not ast.get_docstring(tree(app / "__init__.py"))]
    assert missing == [], "Say in the docstring of __init__ whose pen the app holds and what it may cite."


def test_every_room_and_app_has_its_place_in_the_contracts():
    contracts = project()["tool"]["importlinter"]["contracts"]
    layers = {
        c["containers"][0]: {name for layer in c["layers"] for name in re.findall(r"\w+", layer)}
        for c in contracts
        if c["type"] == "layers"
    }
    lost = [
        f"{room}/{app.name}"
        for room in ROOMS
        for app in apps()
        if app.parent.name == room and app.name not in layers[f"alongside.{room}"]
    ]
    assert lost == [], "Give these a layer in pyproject.toml."
    open_ended = [
        f"{c['containers'][0]}: {layer}"
        for c in contracts
        if c["type"] == "layers" and c.get("exhaustive")
        for layer in c["layers"]
        if layer.startswith("(")
        and (SRC.parent / Path(*c["containers"][0].split(".")) / layer.strip("()") / "__init__.py").exists()
    ]
    assert open_ended == [], "These exist now; take their parentheses out of pyproject.toml."


def length(function: ast.FunctionDef) -> int:
    """Count a function's lines from its name on, its docstring and decorators aside."""
    words = ast.get_docstring(function, clean=False)
    return function.end_lineno - function.lineno + 1 - (words.count("\n") + 1 if words else 0)


def test_no_module_is_longer_than_one_can_hold_in_mind():
    lengths = {path: path.read_text(encoding="utf-8").count("\n") for path in modules()}
    found = {
        name_of(
            path
        ): f"{name_of(path)} has {lines} lines, more than {LINES}; see whether it holds two nouns, or give a reason in exceptions.toml."
        for path, lines in lengths.items()
        if lines > LINES
    }
    settle("long_modules", found, stale_too=False)


def test_no_function_is_longer_than_one_can_hold_in_mind():
    found = {
        f"{name_of(path)}::{node.name}": f"{name_of(path)}:{node.lineno} {node.name} has {length(node)} lines, more than {FUNCTION}; name a part of it."
        for path in modules()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and length(node) > FUNCTION
    }
    settle("long_functions", found, stale_too=False)


def test_the_length_of_a_function_is_counted_without_its_docstring():
    planted = ast.parse('@mark\ndef f():\n    """One.\n\n    Two.\n    """\n    a = 1\n    return a\n')

    assert length(planted.body[0]) == 3


def test_direct_dependencies_are_few():
    direct = project()["project"]["dependencies"]
    assert len(direct) <= 20, (
        f"{len(direct)} packages are needed to run; take one out before another comes in."
    )
