"""Who may open what was sealed: the command line and the demonstration, nobody else."""

import ast
from pathlib import Path

SRC = Path(__file__).parents[2] / "src/alongside"
MAY = ("core/sealing/opening.py", "check/", "site/cli.py", "site/demo", "site/management/")
OPENERS = {"alongside.core.sealing.opening", "pyrage"}


def imported(source: str) -> set[str]:
    """Name every module a source may import, at the top or inside a function."""
    names = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return names


def test_only_the_command_line_and_the_demonstration_import_what_opens():
    found = {
        str(path.relative_to(SRC)): sorted(imported(path.read_text(encoding="utf-8")) & OPENERS)
        for path in SRC.rglob("*.py")
        if not str(path.relative_to(SRC)).startswith(MAY)
    }
    assert {name: openers for name, openers in found.items() if openers} == {}, (
        "Code of the site can never open a voice; take this import out."
    )


def test_an_import_of_what_opens_is_seen_wherever_it_hides():
    for line in (
        "import alongside.core.sealing.opening as o",
        "from alongside.core.sealing import keys, opening",
        "from alongside.core.sealing.opening import open_sealed",
        "def f():\n    import pyrage",
    ):
        assert len(imported(line) & OPENERS) == 1
