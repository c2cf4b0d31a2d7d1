"""Print the figures of the house: `./dev python scripts/house.py [FOLDER]`. A compass, not a target.

Lines are counted as they stand, comments and empty lines too. FOLDER is another checkout, to see two beside each other.
"""

import ast
import os
import re
import statistics
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

ROOT = Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else Path(__file__).resolve().parents[1]
SRC, ISLANDS = ROOT / "src", ROOT / "islands"
HOUSE = SRC / "alongside"
ROOMS = ("core", "check", "ground", "cohort", "work", "chain", "desks", "site")
SHORT, FEW = 30, 4
#: Methods and helpers by these names are Django's or the house's own habit, the same in every app on purpose.
HABITS = re.compile(r"(main|forward|forwards|backward|backwards)\Z")
IMPORT = re.compile(r"""(?:from|import)\s*["'](\.{1,2}/[^"']+)["']""")


def modules() -> list[Path]:
    """List the Python modules of the program, without migrations."""
    return sorted(path for path in HOUSE.rglob("*.py") if "migrations" not in path.parts)


@cache
def tree(path: Path) -> ast.Module:
    """Give a module as a tree."""
    return ast.parse(path.read_text(encoding="utf-8"))


def lines(*endings: str) -> int:
    """Count the lines of all files of the program that end so, without migrations."""
    return sum(
        len(path.read_text(encoding="utf-8").splitlines())
        for path in HOUSE.rglob("*")
        if path.suffix in endings and path.is_file() and "migrations" not in path.parts
    )


def name_of(path: Path) -> str:
    """Give a module's dotted name."""
    parts = path.relative_to(SRC).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def room_of(path: Path) -> str:
    """Give the room of a module; a room below core is one too."""
    parts = path.relative_to(HOUSE).parts
    return parts[0] if len(parts) > 1 else ""


def tables() -> list[tuple[str, int]]:
    """List every table that the program makes, with how many fields it has beside its key."""
    sys.path.insert(0, str(SRC))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "alongside.site.settings")
    import django  # noqa: PLC0415 -- of the checkout that was asked for
    from django.apps import apps  # noqa: PLC0415 -- as above

    django.setup()
    return [
        (f"{model.__module__}.{model.__name__}", len(model._meta.local_concrete_fields) - 1)
        for model in apps.get_models(include_auto_created=True)
        if model.__module__.startswith("alongside") and model._meta.managed
    ]


def exceptions() -> list[str]:
    """List the exception classes, also those that derive from one of ours."""
    bases = {
        node.name: {
            base.id if isinstance(base, ast.Name) else getattr(base, "attr", "") for base in node.bases
        }
        for path in modules()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ClassDef)
    }
    found = {"Exception", "BaseException"} | {
        name
        for name, one in vars(__import__("builtins")).items()
        if isinstance(one, type) and issubclass(one, BaseException)
    }
    more = True
    while more:
        more = {name for name, of in bases.items() if of & found} - found
        found |= more
    return sorted(found & set(bases))


def speaking_inits() -> list[str]:
    """List the `__init__` files that hold more than a docstring."""
    return [name_of(path) for path in modules() if path.name == "__init__.py" and _is_more(tree(path))]


def _is_more(module: ast.Module) -> bool:
    return any(not (isinstance(one, ast.Expr) and isinstance(one.value, ast.Constant)) for one in module.body)


def retyped_kinds() -> Counter[str]:
    """Count the names of kinds of entries that are typed outside core, by room."""
    kinds = {
        node.value.value
        for node in ast.walk(tree(HOUSE / "core/kinds.py"))
        if isinstance(node, ast.Assign)
        and isinstance(node.value, ast.Constant)
        and "." in str(node.value.value)
    }
    return Counter(
        room_of(path)
        for path in modules()
        if room_of(path) != "core"
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Constant) and node.value in kinds
    )


def doubled_helpers() -> dict[str, list[str]]:
    """Give the public functions that stand in two rooms with the same body under the same name."""
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for path in modules():
        for node in tree(path).body:
            if (
                isinstance(node, ast.FunctionDef)
                and not node.name.startswith("_")
                and not HABITS.match(node.name)
            ):
                body = node.body[1:] if ast.get_docstring(node) else node.body
                found[node.name, "".join(ast.dump(one) for one in body)].add(name_of(path))
    return {
        name: sorted(where)
        for (name, _body), where in found.items()
        if len({one.split(".")[1] for one in where}) > 1
    }


def python_imports() -> dict[str, set[str]]:
    """Give which module imports which when it is loaded."""
    known = {name_of(path) for path in modules()}
    return {name_of(path): set(_imported(path, known)) - {name_of(path)} for path in modules()}


def _imported(path: Path, known: set[str]) -> Iterator[str]:
    for node in tree(path).body:
        if isinstance(node, ast.Import):
            yield from (one.name for one in node.names if one.name in known)
        elif isinstance(node, ast.ImportFrom) and node.module:
            inner = [f"{node.module}.{one.name}" for one in node.names]
            yield from (one for one in inner if one in known)
            if node.module in known and any(one not in known for one in inner):
                yield node.module


def island_imports() -> dict[str, set[str]]:
    """Give which file of the islands imports which, types too."""
    files = [path for path in ISLANDS.rglob("*.ts") if "node_modules" not in path.parts]
    known = {path.resolve() for path in files}
    return {
        str(path.relative_to(ISLANDS)): {
            str(to.relative_to(ISLANDS))
            for one in IMPORT.findall(path.read_text(encoding="utf-8"))
            for to in [(path.parent / one).resolve()]
            if to in known
        }
        for path in files
    }


def circles(imports: Mapping[str, set[str]]) -> list[list[str]]:
    """Give every set of modules that import each other in a circle (Tarjan's strongly connected components)."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    found = []

    def visit(one: str) -> None:
        index[one] = low[one] = len(index)
        stack.append(one)
        for other in imports[one]:
            if other not in index:
                visit(other)
                low[one] = min(low[one], low[other])
            elif other in stack:
                low[one] = min(low[one], index[other])
        if low[one] == index[one]:
            place = stack.index(one)
            found.append(sorted(stack[place:]))
            del stack[place:]

    sys.setrecursionlimit(10_000)
    for one in imports:
        if one not in index:
            visit(one)
    return [circle for circle in found if len(circle) > 1]


def main() -> None:
    """Print the figures."""
    sizes = [len(path.read_text(encoding="utf-8").splitlines()) for path in modules()]
    counts = {
        kind: lines(*endings)
        for kind, endings in {"Python": (".py",), "templates": (".html", ".txt"), "TOML": (".toml",)}.items()
    }
    spoken = "  ".join(f"{kind} {number:,}" for kind, number in counts.items())
    print(f"lines in src          {sum(counts.values()):,}   ({spoken})")
    print(
        f"modules               {len(sizes)}   (median {statistics.median(sizes):.0f} lines; {sum(size < SHORT for size in sizes)} under {SHORT}; {sum(size > 500 for size in sizes)} over 500)"
    )
    inits = speaking_inits()
    print(f"__init__ that speak   {len(inits)}   ({', '.join(inits[:3])}{' ...' if len(inits) > 3 else ''})")
    made = tables()
    print(
        f"tables                {len(made)}   ({sum(fields <= FEW for _, fields in made)} of {FEW} fields or fewer)"
    )
    print(f"exceptions            {len(exceptions())}")
    kinds = retyped_kinds()
    print(
        f"kinds typed elsewhere {kinds.total()}   ({', '.join(f'{room} {kinds[room]}' for room in ROOMS if kinds[room])})"
    )
    helpers = doubled_helpers()
    print(
        f"helpers in two rooms  {len(helpers)}   {'; '.join(f'{name}: {", ".join(where)}' for name, where in helpers.items())}"
    )
    for language, imports in (("Python", python_imports()), ("TypeScript", island_imports())):
        found = circles(imports)
        print(f"circles, {language:<12} {len(found)}   {'; '.join(', '.join(one) for one in found)}")
    by_room = Counter(room_of(path) for path in modules())
    print("modules by room       " + "  ".join(f"{room} {by_room[room]}" for room in ROOMS))
    print(
        "most common names     "
        + "  ".join(
            f"{name} {number}"
            for name, number in Counter(
                path.name for path in modules() if path.name != "__init__.py"
            ).most_common(12)
        )
    )


if __name__ == "__main__":
    main()
