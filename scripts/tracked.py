"""What must hold of every tracked file, whatever its language."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
BUILT = re.compile(r"(^|/)(dist|node_modules|__pycache__|\.venv)/|\.(mo|pyc|min\.js)$|(^|/)uv\.lock$")
# Written in pieces, so that this file does not break its own rule.
HOSTS = [
    "py" + "pi.org",
    "pythonhosted" + ".org",
    "registry." + "npmjs",
    "npm" + "mirror",
    "proxy.golang" + ".org",
]
WORDS = ["py" + "pi mirror", "package " + "mirror"]
FORBIDDEN = re.compile("|".join(re.escape(word) for word in [*HOSTS, *WORDS]), re.IGNORECASE)
MACHINE = re.compile(r"(?<![\w.:/}>*$-])/(?:work|root|home/[a-z]\w*|Users/\w+)/")
SUPPRESSIONS = {
    ".py": re.compile(
        r"#\s*(noqa\b(?::\s*[A-Z]+\d+(?:,\s*[A-Z]+\d+)*)?|type:\s*ignore(?:\[[\w, -]+\])?|pragma:\s*no cover)(.*)"
    ),
    ".ts": re.compile(
        r"(?://|/\*)\s*(biome-ignore(?:-\w+)?\s+[\w/]+|@ts-(?:ignore|expect-error|nocheck))(.*)"
    ),
    ".html": re.compile(r"\{#\s*(djlint:\s*\w+|djangofmt:\s*\w+)(.*?)#\}"),
}
SUPPRESSIONS[".mjs"] = SUPPRESSIONS[".css"] = SUPPRESSIONS[".js"] = SUPPRESSIONS[".ts"]


def tracked(*patterns: str) -> list[Path]:
    """List the files that are committed or about to be, and are here."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", *patterns], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def texts() -> Iterator[tuple[str, str]]:
    """Give name and text of every tracked file that is text."""
    for path in tracked():
        try:
            yield str(path.relative_to(ROOT)), path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue


def built_files() -> list[str]:
    """List committed files that a build makes."""
    names = [str(path.relative_to(ROOT)) for path in tracked()]
    return [
        f"{name} is built, not written; take it out with `git rm --cached`."
        for name in names
        if BUILT.search(name)
    ]


def forbidden_words() -> list[str]:
    """List places that name a package index or a path of one machine."""
    found = []
    for name, text in texts():
        for number, line in enumerate(text.splitlines(), 1):
            if FORBIDDEN.search(line):
                found.append(f"{name}:{number} names a package index; a lock file is served by any.")
            if MACHINE.search(line):
                found.append(f"{name}:{number} holds a path of one machine; make it relative.")
            if name.endswith("-lock.json") and '"resolved"' in line:
                found.append(
                    f"{name}:{number} says where a package came from; lock with `omit-lockfile-registry-resolved`."
                )
    return found


def bare_suppressions() -> list[str]:
    """List suppressions that do not say why."""
    found = []
    for name, text in texts():
        suppression = SUPPRESSIONS.get(Path(name).suffix)
        if suppression is None or "/migrations/" in name:
            continue
        for number, line in enumerate(text.splitlines(), 1):
            for match in suppression.finditer(line):
                if len(re.findall(r"[^\W\d_]{2,}", match[2])) < 2:
                    found.append(
                        f"{name}:{number} `{match[1]}` has no reason; say why after it (mypy wants another # before the reason)."
                    )
    return found
