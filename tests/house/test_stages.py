"""Where a thing stands is named once, in core: nobody types a stage, a decision or a verdict to ask for one."""

import ast
import re
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from alongside.ground.ui.templatetags.ui import STATES
from tests.support.house import SRC, modules, name_of, templates, tree

#: What says where a thing stands, by its last name.
NAMES = {"state", "stage", "next", "decision", "verdict", "completion"}
ASKS = {"filter", "exclude", "get", "Q", "standings", "milestones", "update", "create"}
#: Rooms that name stages themselves, or tell a story in words.
OWN = {("core",), ("site", "demo")}
COMPARED = re.compile(rf"\b(?:{'|'.join(sorted(NAMES))}) (?:==|!=) (?:\"(\S+?)\"|'(\S+?)')")


def called(node: ast.AST) -> str:
    """Give the last name of what is asked: `one.state(today)` and `one["state"]` are `state`."""
    match node:
        case ast.Call(func=func):
            return called(func)
        case ast.Attribute(attr=name) | ast.Name(id=name):
            return name
        case ast.Subscript(slice=ast.Constant(value=str(name))):
            return name
    return ""


def words(node: ast.AST) -> list[str]:
    """List the words that stand there, alone or among others. What a mark shows is the look's, no stage."""
    ones = node.elts if isinstance(node, ast.Tuple | ast.Set | ast.List) else [node]
    found = [one.value for one in ones if isinstance(one, ast.Constant) and isinstance(one.value, str)]
    return [one for one in found if one not in STATES]


def typed(module: ast.Module) -> Iterator[tuple[int, str]]:
    """Give each word that is typed where a stage is asked for, with its line."""
    for node in ast.walk(module):
        if isinstance(node, ast.Compare):
            sides = [node.left, *node.comparators]
            given = sides if any(called(one) in NAMES for one in sides) else []
        elif isinstance(node, ast.Call) and called(node) in ASKS:
            asked = [(one.arg or "", one.value) for one in node.keywords]
            given = [value for name, value in asked if name.removesuffix("__in").rpartition("__")[2] in NAMES]
        else:
            continue
        yield from ((node.lineno, word) for one in given for word in words(one))


def declared() -> set[str]:
    """List every word that an enum of core names."""
    return {
        node.value.value
        for path in (SRC / "core").rglob("*.py")
        for one in ast.walk(tree(path))
        if isinstance(one, ast.ClassDef) and any(called(base) == "StrEnum" for base in one.bases)
        for node in one.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
    }


def is_free(path: Path) -> bool:
    """Say whether a module is of a room that names stages, or tells a story."""
    parts = path.relative_to(SRC).parts
    return any(parts[: len(one)] == one for one in OWN)


def test_a_stage_is_named_in_core_and_typed_nowhere_else():
    found = [
        f"{name_of(path)}:{line} types {word!r}; name it in an enum of core, and write that."
        for path in modules()
        if not is_free(path)
        for line, word in typed(tree(path))
    ]
    assert found == []


def test_a_template_asks_only_for_stages_that_core_names():
    known = {*declared(), *STATES}
    found = [
        f"{name_of(path)} asks for {word!r}, which no enum of core names; write one that it does."
        for path in templates()
        for word in chain.from_iterable(COMPARED.findall(path.read_text(encoding="utf-8")))
        if word not in known
    ]
    assert found == []


def test_a_stage_that_is_typed_is_found():
    module = ast.parse(
        "one.state(today) == 'open'\n"
        "one.verdict in {'kept', Verdict.KEPT}\n"
        "entry.data['decision'] != 'stands'\n"
        "rows.filter(appeal__decision='lifted', state__in=('a', 'b'))\n"
        "one.state == Stage.OPEN, one.state != 'late', one.kind == 'open', Row(state='open')\n"
    )
    assert list(typed(module)) == [(1, "open"), (2, "kept"), (3, "stands"), (4, "lifted"), (4, "a"), (4, "b")]
    assert COMPARED.findall("{% if one.state == \"open\" or two.verdict != 'kept' %}") == [
        ("open", ""),
        ("", "kept"),
    ]
