"""Only actions write. (What a parser cannot see, the checking client refuses at run time: tests/support/writes.py.)"""

import ast
import re

from tests.support.house import modules, name_of, part_of, settle, tree

ALWAYS = {
    "save",
    "create",
    "bulk_create",
    "bulk_update",
    "get_or_create",
    "update_or_create",
    "delete",
    "asave",
    "acreate",
    "adelete",
    "select_for_update",
}
QUERYSET = re.compile(r"\.(objects|filter|exclude|all|get|select_related|order_by)\b")
SQL = re.compile(r"\s*(INSERT|UPDATE|DELETE|TRUNCATE)\b", re.IGNORECASE)


def writes(module: ast.Module) -> list[str]:
    """List where a module changes rows."""
    found = []
    for node in ast.walk(module):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        verb, on = node.func.attr, ast.unparse(node.func.value)
        if verb in ALWAYS or (verb == "update" and QUERYSET.search(f".{on}")):
            found.append(f"{node.lineno} calls {on[-40:]}.{verb}()")
        if verb in {"execute", "executemany"} and node.args and SQL.match(_text(node.args[0])):
            found.append(f"{node.lineno} executes {_text(node.args[0])[:40]!r}")
    return found


def _text(node: ast.expr) -> str:
    first = node.values[0] if isinstance(node, ast.JoinedStr) and node.values else node
    return str(first.value) if isinstance(first, ast.Constant) else ""


def test_only_actions_write():
    found = {
        name_of(path): f"{name_of(path)}:{'; '.join(lines)}; move the write into an actions.py."
        for path in modules()
        if part_of(path) != "actions" and not name_of(path).startswith(("core/", "check/"))
        if (lines := writes(tree(path)))
    }
    settle("only_actions_write", found)


def test_a_write_outside_an_action_is_told():
    planted = ast.parse(
        "ask.save()\nAsk.objects.filter(id=1).update(x=2)\nd = {}\nd.update(a=1)\ncursor.execute('DELETE FROM ask')\n"
        "hash.update(b'x')\ncursor.execute(f'INSERT INTO {table}')\n"
    )

    assert writes(planted) == [
        "1 calls ask.save()",
        "2 calls Ask.objects.filter(id=1).update()",
        "5 executes 'DELETE FROM ask'",
        "7 executes 'INSERT INTO '",
    ]


def functions(module: ast.Module) -> dict[str, ast.FunctionDef]:
    """List the functions of a module by name."""
    return {n.name: n for n in module.body if isinstance(n, ast.FunctionDef)}


def declared(function: ast.FunctionDef) -> list[str] | None:
    """Give the kinds that @appends declares; None if it is not there."""
    for mark in function.decorator_list:
        if isinstance(mark, ast.Call) and isinstance(mark.func, ast.Name) and mark.func.id == "appends":
            return [arg.value for arg in mark.args if isinstance(arg, ast.Constant)]
    return None


def is_writer(name: str, inside: dict[str, ast.FunctionDef], seen: frozenset[str] = frozenset()) -> bool:
    """Say whether a function changes rows, itself or through the functions of its module."""
    function = inside[name]
    called = {
        n.func.id for n in ast.walk(function) if isinstance(n, ast.Call) and isinstance(n.func, ast.Name)
    }
    if writes(ast.Module(body=[function], type_ignores=[])) or called & {"append", "tell_once"}:
        return True
    return any(is_writer(other, inside, seen | {name}) for other in called & set(inside) - seen - {name})


def shape_faults(module: ast.Module) -> dict[str, str]:
    """List what is wrong with the shape of the actions of a module."""
    found = {}
    for name, function in functions(module).items():
        given, names = function.args, [a.arg for a in function.args.kwonlyargs]
        if name.startswith("_") or not (declared(function) or is_writer(name, functions(module))):
            continue
        if given.args or given.posonlyargs:
            found[name] = "takes positional arguments; make them keyword-only with *"
        elif declared(function) and "now" not in names:
            found[name] = "takes no `now`; let the view or the command pass the time"
    return found


def test_every_action_takes_keywords_and_the_time():
    found = {
        f"{name_of(path)}::{name}": f"{name_of(path)} {name} {fault}."
        for path in modules()
        if part_of(path) == "actions"
        for name, fault in shape_faults(tree(path)).items()
    }
    settle("action_shape", found)


def test_a_badly_shaped_action_is_told():
    planted = ast.parse(
        "@appends('a.b')\ndef late(*, words): ...\ndef _inner(x): x.save()\n"
        "def loose(finding, *, now): _inner(finding)\ndef good(*, ask): ask.save()\ndef pure(x): ..."
    )

    assert shape_faults(planted) == {
        "late": "takes no `now`; let the view or the command pass the time",
        "loose": "takes positional arguments; make them keyword-only with *",
    }
