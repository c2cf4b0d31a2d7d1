"""An action declares the kinds of entry it may append, and the record's reference tells every kind."""

import ast
import copy
import functools
import re
from pathlib import Path

import pytest

from alongside.core.grammar.versions import GRAMMARS, KINDS
from alongside.core.kinds import EntryKind
from tests.support.house import ROOT, SRC, imports, modules, name_of, part_of, settle, tree

WRITERS = {"actions", "tasks"}
REFERENCE = ROOT / "docs" / "reference" / "entries.md"
TOKEN = re.compile(r"`([a-z_]+\.[a-z_]+)`")


class Names(ast.NodeTransformer):
    """Puts the name of a kind of entry in the place of the member that holds it."""

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        if ast.unparse(node.value) == "EntryKind":
            return ast.copy_location(ast.Constant(EntryKind[node.attr].value), node)
        return self.generic_visit(node)


class Module:
    """What an actions or tasks module declares, and what it builds."""

    def __init__(self, module: ast.Module, known: set[str]) -> None:
        self.known = known
        module = Names().visit(copy.deepcopy(module))
        self.functions = {n.name: n for n in module.body if isinstance(n, ast.FunctionDef)}
        self.constants = {
            t.id: n.value
            for n in module.body
            if isinstance(n, ast.Assign)
            for t in n.targets
            if isinstance(t, ast.Name)
        }
        self.imported = {name.split(".")[-1]: name for _, name in imports(module)}
        self.builders = {name for name in self.functions if self._passes_a_kind_on(name)}

    def declared(self, name: str) -> set[str]:
        """Give the kinds that a function's @appends names."""
        marks = [
            m
            for m in self.functions[name].decorator_list
            if isinstance(m, ast.Call) and ast.unparse(m.func) == "appends"
        ]
        return {arg.value for mark in marks for arg in mark.args if isinstance(arg, ast.Constant)}

    def built(self, name: str, seen: frozenset[str] = frozenset()) -> tuple[set[str], set[str]]:
        """Give the kinds that a function builds by name, and those it could build from parts of a name."""
        must, may = set(), set()
        if name in self.builders and not name.startswith("_"):  # its caller says which kind
            may |= self.declared(name)
        for call in (n for n in ast.walk(self.functions[name]) if isinstance(n, ast.Call)):
            is_later = ast.unparse(call.func) == "partial" and call.args
            called = ast.unparse(call.args[0] if is_later else call.func)
            if called == "Draft" or called in self.builders:
                found = self._kinds_in(call)
                must, may = must | found[0], may | found[1]
            if called in self.functions and called not in seen | {name}:
                found = self.built(called, seen | {name})
                must, may = must | found[0], may | found[1]
            elif called not in self.functions:
                must |= self._declared_elsewhere(called)
        return must, may

    def _passes_a_kind_on(self, name: str) -> bool:
        drafts = [
            n
            for n in ast.walk(self.functions[name])
            if isinstance(n, ast.Call) and ast.unparse(n.func) == "Draft"
        ]
        kinds = [k.value for draft in drafts for k in draft.keywords if k.arg == "kind"]
        return any(not isinstance(kind, ast.Constant) for kind in kinds)

    def _kinds_in(self, call: ast.Call) -> tuple[set[str], set[str]]:
        given = [
            *call.args,
            *(
                k.value
                for k in call.keywords
                if k.arg in {"kind", "kinds"} or ast.unparse(call.func) != "Draft"
            ),
        ]
        must, may = set(), set()
        for node in (n for expression in given for n in ast.walk(expression)):
            if isinstance(node, ast.Constant) and node.value in self.known:
                must.add(node.value)
            elif isinstance(node, ast.JoinedStr):
                parts = [
                    re.escape(str(v.value)) if isinstance(v, ast.Constant) else ".*" for v in node.values
                ]
                if any("." in str(v.value) for v in node.values if isinstance(v, ast.Constant)):
                    may |= {kind for kind in self.known if re.fullmatch("".join(parts), kind)}
            elif isinstance(node, ast.Name) and node.id in self.constants:
                may |= {
                    n.value
                    for n in ast.walk(self.constants[node.id])
                    if isinstance(n, ast.Constant) and n.value in self.known
                }
        return must, may

    def _declared_elsewhere(self, called: str) -> set[str]:
        first, *rest = called.split(".")
        target = ".".join([self.imported.get(first, ""), *rest])
        if not target.startswith("alongside.") or target.count(".") < 2:
            return set()
        module, function = target.rsplit(".", 1)
        path = SRC.parent / Path(*module.split("."))
        files = sorted(path.glob("*.py")) if path.is_dir() else [path.with_suffix(".py")]
        found: set[str] = set()
        for file in files:
            if file.exists() and part_of(file) in WRITERS:
                other = module_of(file)
                found |= other.declared(function) if function in other.functions else set()
        return found


@functools.cache
def module_of(path: Path) -> Module:
    """Read an actions or tasks module of the house."""
    return Module(tree(path), set(KINDS))


def differences(module: Module) -> dict[str, str]:
    """List the public functions whose declaration is not what they build."""
    found = {}
    for name in module.functions:
        if name.startswith("_"):
            continue
        declared, (must, may) = module.declared(name), module.built(name)
        unknown, silent, idle = declared - module.known, must - declared, declared - must - may
        parts = [
            f"declares {sorted(unknown)}, which the grammar does not know" if unknown else "",
            f"builds {sorted(silent)} and does not declare it" if silent else "",
            f"declares {sorted(idle - unknown)} and builds none" if idle - unknown else "",
        ]
        if any(parts):
            found[name] = "; ".join(part for part in parts if part)
    return found


def writers() -> list[Path]:
    return [path for path in modules() if part_of(path) in WRITERS]


def test_every_action_declares_the_entries_it_may_append():
    found = {
        f"{name_of(path)}::{name}": f"{name_of(path)} {name} {difference}; correct its @appends(...)."
        for path in writers()
        for name, difference in differences(module_of(path)).items()
    }
    settle("declared_entries", found)


def test_every_kind_of_entry_can_be_appended_by_some_action():
    declared = {
        kind
        for path in writers()
        for name in module_of(path).functions
        for kind in module_of(path).declared(name)
    }
    settle(
        "appended_kinds",
        {
            kind: f"No action appends {kind}; write the action or take the kind out."
            for kind in set(KINDS) - declared
        },
    )


def test_a_wrong_declaration_is_told():
    planted = ast.parse(
        "@appends('a.said')\ndef right(*, now): _step('a.said')\n"
        "@appends('a.said', 'a.lost')\ndef idle(*, now): append(drafts=[Draft(kind='a.said')])\n"
        "@appends()\ndef silent(*, now): _step('a.told')\n"
        "@appends('a.nope')\ndef unknown(*, now): ...\n"
        "@appends('b.yes')\ndef parts(*, verdict, now): append(drafts=[Draft(kind=f'b.{verdict}')])\n"
        "def _step(kind): append(drafts=[Draft(kind=kind)])\n"
        "def reads(*, now): Line.objects.filter(kind='a.said')\n"
    )

    assert differences(Module(planted, {"a.said", "a.lost", "a.told", "b.yes", "b.no"})) == {
        "idle": "declares ['a.lost'] and builds none",
        "silent": "builds ['a.told'] and does not declare it",
        "unknown": "declares ['a.nope'], which the grammar does not know",
    }


def untold(text: str, known: dict) -> list[str]:
    """List the kinds, and the fields of kinds, that a reference does not tell; and what it tells that is not so."""
    told = set(TOKEN.findall(text))
    families = {kind.split(".")[0] for kind in known}
    found = [
        f"`{kind}` is not told; add it to docs/reference/entries.md." for kind in sorted(set(known) - told)
    ]
    return found + [
        f"`{token}` is told and is not in the grammar; take it out."
        for token in sorted(told - set(known))
        if token.split(".")[0] in families
    ]


def test_the_reference_tells_every_kind_of_entry():
    if not REFERENCE.exists():
        pytest.skip("docs/reference/entries.md is not written yet")
    assert untold(REFERENCE.read_text(encoding="utf-8"), KINDS) == []


def test_the_reference_tells_every_field_of_an_entry():
    if not REFERENCE.exists():
        pytest.skip("docs/reference/entries.md is not written yet")
    text = REFERENCE.read_text(encoding="utf-8")
    sections = {
        kind: part
        for part in re.split(r"^#+ ", text, flags=re.MULTILINE)
        for kind in TOKEN.findall(part.split("\n")[0])
    }
    found = [
        f"`{name}` of `{kind.name}` is not told under its heading; add it to docs/reference/entries.md."
        for kind in KINDS.values()
        if kind.name in sections
        for name in (*kind.data, *kind.may, *kind.cites, *kind.texts, *kind.may_text)
        if not re.search(rf"\b{name}\b", sections[kind.name])
    ]
    assert found == []


def test_a_kind_that_is_not_told_is_found():
    assert untold("## `a.said`\n and `a.gone`, `e.g`", {"a.said": 1, "a.told": 1}) == [
        "`a.told` is not told; add it to docs/reference/entries.md.",
        "`a.gone` is told and is not in the grammar; take it out.",
    ]


#: Free words whose rules let in nothing but one form: a whole key, a signature that stands, the name of a stage.
BOUND = {"recipient", "certs", "signature", "stage"}


def takes_words(check) -> bool:
    """Say whether a check, or one within it, takes any words."""
    if check.__qualname__.startswith("words."):
        return True
    inner = [cell.cell_contents for cell in check.__closure__ or ()]
    found = [one for part in inner for one in (part.values() if isinstance(part, dict) else [part])]
    return any(
        takes_words(one)
        for part in found
        for one in (part if isinstance(part, tuple) else [part])
        if callable(one)
    )


def test_no_field_of_the_log_takes_free_words():
    free = [
        f"{kind.name} takes free words as {name}; make it a choice, a name or a day, or a text that can be taken down."
        for kind in KINDS.values()
        for name, check in (*kind.data.items(), *kind.may.items())
        if name not in BOUND and takes_words(check)
    ]
    assert free == []


def test_the_walk_through_the_grammar_sees_free_words_where_grammar_1_took_them():
    seen = {
        (kind.name, name)
        for kind in GRAMMARS[1].values()
        for name, check in (*kind.data.items(), *kind.may.items())
        if name not in BOUND and takes_words(check)
    }
    assert {("text.erased", "ground"), ("delivery.claimed", "links"), ("call.published", "languages")} <= seen


def test_the_kinds_that_have_a_name_are_those_that_the_grammar_declares():
    assert {one.value for one in EntryKind} == set(KINDS)


def test_the_name_of_a_kind_is_typed_once():
    found = [
        f"{name_of(path)}:{node.lineno} types {node.value!r}; write EntryKind.{EntryKind(node.value).name}."
        for path in modules()
        if path != SRC / "core" / "kinds.py"
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in set(EntryKind)
    ]
    assert found == []
