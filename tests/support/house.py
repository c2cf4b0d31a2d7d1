"""The source as the house tests see it: files, trees, the order of rooms, and the exceptions with their reasons."""

import ast
import functools
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
SRC = ROOT / "src" / "alongside"
ROOMS = ("ground", "cohort", "work", "chain")
EXCEPTIONS = ROOT / "tests" / "house" / "exceptions.toml"


def name_of(path: Path) -> str:
    """Name a source file from the package on: `chain/asks/views.py`."""
    return str(path.relative_to(SRC))


@functools.cache
def modules() -> tuple[Path, ...]:
    """List every Python file of the package but migrations."""
    return tuple(p for p in sorted(SRC.rglob("*.py")) if "migrations" not in p.parts)


def part_of(path: Path) -> str:
    """Name the part of an app that a file is: `views` for views.py and for anything in a folder views/."""
    names = path.relative_to(SRC).parts
    return names[2].removesuffix(".py") if names[0] in ROOMS and len(names) > 2 else path.stem


@functools.cache
def templates() -> tuple[Path, ...]:
    """List every template of the package."""
    return tuple(p for p in sorted(SRC.rglob("*.html")) if "templates" in p.parts)


@functools.cache
def apps() -> tuple[Path, ...]:
    """List every app: the folders of the four rooms that are packages."""
    return tuple(p.parent for room in ROOMS for p in sorted((SRC / room).glob("*/__init__.py")))


@functools.cache
def tree(path: Path) -> ast.Module:
    """Parse a Python file."""
    return ast.parse(path.read_text(encoding="utf-8"))


def imports(module: ast.Module, package: str = "") -> list[tuple[int, str]]:
    """List what a module imports, with line numbers, each name in full: `from a import b` is `a.b`."""
    found = []
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            found += [(node.lineno, alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            found += [(node.lineno, f"{node.module or package}.{alias.name}") for alias in node.names]
    return found


@functools.cache
def project() -> dict:
    """Read pyproject.toml."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


@functools.cache
def order() -> tuple[str, ...]:
    """List every app and room, lowest first, as the import contracts have them: `ground.gate`, ..., `site`."""
    layers = {
        contract["containers"][0]: [layer.strip("()") for layer in reversed(contract["layers"])]
        for contract in project()["tool"]["importlinter"]["contracts"]
        if contract["type"] == "layers" and len(contract["containers"]) == 1
    }
    listed = []
    for room in layers["alongside"]:
        inside = layers.get(f"alongside.{room}", []) if room in ROOMS else []
        listed += [f"{room}.{app}" for app in inside] or [room]
    return tuple(listed)


def place_of(module: str) -> str:
    """Name the place of a module in the order: `alongside.chain.asks.models` is at `chain.asks`."""
    parts = module.split(".")[1:]
    return ".".join(parts[:2]) if parts[0] in ROOMS else parts[0]


@functools.cache
def exceptions() -> dict[str, dict[str, str]]:
    """Read which rule is broken where, and why; rule -> file (or file::function) -> reason."""
    return tomllib.loads(EXCEPTIONS.read_text(encoding="utf-8"))


def settle(rule: str, found: dict[str, str], *, stale_too: bool = True) -> None:
    """Fail for what is found and not excepted, and (unless it is only a size) for exceptions nothing needs any more."""
    excepted = exceptions().get(rule, {})
    bad = [message for where, message in sorted(found.items()) if where not in excepted]
    stale = [where for where in excepted if where not in found and stale_too]
    bad += [
        f"{where} no longer breaks the rule {rule!r}; take its line out of {EXCEPTIONS.name}."
        for where in stale
    ]
    bad += [
        f"{where} gives no reason in {EXCEPTIONS.name}; say why."
        for where, why in excepted.items()
        if len(why) < 20
    ]
    assert not bad, "\n" + "\n".join(bad)


def table(head: str) -> list[list[str]]:
    """Give the rows of the table of docs/reference/words.md that begins with these columns."""
    text = (ROOT / "docs" / "reference" / "words.md").read_text(encoding="utf-8")
    rows = text.partition(f"\n{head}\n")[2].partition("\n\n")[0].splitlines()[1:]
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in rows]
