"""Everything that can be said of the code without running it: `./dev check [STEP ...]`.

Steps run two at a time and print one line each, in order; what they found follows at the end.
"""

import importlib.util
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import tracked  # beside this file

ROOT = Path(__file__).parents[1]
ISLANDS = ROOT / "islands"
TEMPLATES = [str(p.relative_to(ROOT)) for p in tracked.tracked("src/**/*.html")]
SCRIPTS = [str(p.relative_to(ROOT)) for p in tracked.tracked("islands/**/*.ts", "islands/*.mjs")]
SHOWN = 60  # lines of a step's findings, unless it was asked for by name
MANAGE = [sys.executable, "-W", "ignore", "-m", "alongside.site.cli"]


@dataclass(frozen=True)
class Step:
    """One thing to check: a command (exit code 0 is good) or a function (an empty list is good)."""

    name: str
    run: list[str] | Callable[[], list[str]]
    missing: str = ""  # why there is nothing to check yet
    folder: Path = ROOT


def binary(name: str) -> str:
    """Give the path of a program of this environment."""
    return str(Path(sys.executable).parent / name)


def absent(*names: str) -> str:
    """Say which of these files are not here; empty if all are."""
    gone = [name for name in names if not (ROOT / name).exists()]
    return f"no {', '.join(gone)}" if gone else ""


def node(name: str) -> list[str]:
    """Give the command that runs a program from islands/node_modules."""
    return (
        ["node", f"node_modules/.bin/{name}"] if (ISLANDS / f"node_modules/.bin/{name}").exists() else [name]
    )


def steps() -> list[Step]:
    """List every step, quick ones first."""
    no_templates = "" if TEMPLATES else "no templates"
    no_islands = "" if SCRIPTS else "no islands"
    linear = (
        ""
        if importlib.util.find_spec("django_linear_migrations")
        else "django-linear-migrations is not installed"
    )
    return [
        Step("python format", [binary("ruff"), "format", "--check", "--output-format", "concise", "."]),
        Step("python lint", [binary("ruff"), "check", "--output-format", "concise", "."]),
        Step("built files", tracked.built_files),
        Step("forbidden words", tracked.forbidden_words),
        Step("reasons", tracked.bare_suppressions),
        Step("import contracts", [binary("lint-imports"), "--no-cache"]),
        # Templates are not reformatted: djangofmt puts spaces where a page must have none ("Ana ." for "Ana."),
        # so its own rules are asked and its formatting is not.
        Step("template syntax", [binary("djangofmt"), "check", *TEMPLATES], no_templates),
        Step("template lint", [binary("djlint"), "--lint", "--quiet", *TEMPLATES], no_templates),
        Step(
            "island types", [*node("tsc"), "--noEmit"], no_islands or absent("islands/tsconfig.json"), ISLANDS
        ),
        Step(
            "island lint", [*node("biome"), "check", "."], no_islands or absent("islands/biome.json"), ISLANDS
        ),
        Step("django", [*MANAGE, "check", "--fail-level", "WARNING"]),
        Step("migrations", [*MANAGE, "makemigrations", "--check", "--dry-run"], linear),
        Step("messages", [sys.executable, "scripts/messages.py", "--check"], absent("scripts/messages.py")),
        Step("types", [binary("mypy")]),
    ]


def plain(output: str) -> str:
    """Take colors, moving cursors, bars and banners out of a program's output."""
    lines = re.sub(r"\x1b\[[?0-9;]*[a-zA-Z]", "", output).splitlines()
    return "\n".join(line for line in lines if not re.search("[║╔╚━∙🧐]", line)).strip()


def run(step: Step) -> tuple[Step, float, str]:
    """Run one step; give the seconds it took and what it found (empty is good)."""
    begun = time.monotonic()
    if step.missing:
        return step, 0.0, ""
    if callable(step.run):
        found = "\n".join(step.run())
    else:
        environment = {**os.environ, "NO_COLOR": "1", "FORCE_COLOR": "0", "PYTHONPATH": str(ROOT / "src")}
        done = subprocess.run(
            step.run, cwd=step.folder, env=environment, capture_output=True, text=True, check=False
        )
        found = (
            (done.stdout + done.stderr).strip() or f"exit code {done.returncode}" if done.returncode else ""
        )
    return step, time.monotonic() - begun, found


def main(wanted: list[str]) -> int:
    """Run the steps whose names hold a wanted word (none: all); 0 if nothing was found."""
    chosen = [s for s in steps() if not wanted or any(word in s.name for word in wanted)]
    failures = []
    with ThreadPoolExecutor(2) as pool:
        for step, seconds, found in pool.map(run, chosen):
            verdict = f"skipped: {step.missing}" if step.missing else "FAILED" if found else "ok"
            print(f"{step.name:<18}{seconds:6.1f} s  {verdict}", flush=True)
            if found:
                failures.append((step.name, found))
    for name, found in failures:
        lines = found.splitlines()
        if len(lines) > SHOWN and not wanted:
            lines[SHOWN:] = [f"... and {len(lines) - SHOWN} lines more; see them with: ./dev check '{name}'"]
        print(f"\n--- {name}", *lines, sep="\n", file=sys.stderr)
    if failures:
        print(f"\n{len(failures)} of {len(chosen)} steps found something.", file=sys.stderr)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
