"""What ./dev check says of tracked files, tried on planted ones."""

import importlib.util

import pytest

from tests.support.house import ROOT


@pytest.fixture
def tracked(monkeypatch):
    spec = importlib.util.spec_from_file_location("tracked", ROOT / "scripts" / "tracked.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def planted(tracked, monkeypatch, name, text):
    monkeypatch.setattr(tracked, "texts", lambda: iter([(name, text)]))


@pytest.mark.parametrize(
    ("line", "cure"),
    [
        ("index-url = https://py" + "pi.org/simple", "names a package index; a lock file is served by any."),
        ("open('/ho" + "me/ana/notes')", "holds a path of one machine; make it relative."),
        ("open('/wo" + "rk/main/x')", "holds a path of one machine; make it relative."),
    ],
)
def test_an_index_or_a_path_of_one_machine_is_told(tracked, monkeypatch, line, cure):
    planted(tracked, monkeypatch, "a.toml", f"fine\n{line}\nsrc/alongside/work/projects /<program>/work/")

    assert tracked.forbidden_words() == [f"a.toml:2 {cure}"]


@pytest.mark.parametrize(
    ("name", "bare", "told"),
    [
        ("a.py", "x = 1  # no" + "qa: E501", "noqa: E501"),
        ("a.py", "x = 1  # type: ig" + "nore[attr-defined]", "type: ignore[attr-defined]"),
        ("a.ts", "// biome-ig" + "nore lint/style/x: y", "biome-ignore lint/style/x"),
    ],
)
def test_a_suppression_without_a_reason_is_told(tracked, monkeypatch, name, bare, told):
    reasons = {
        "a.py": "# no" + "qa: S101 -- the port is our own",
        "a.ts": "// biome-ig" + "nore lint/x: a port of our own",
    }
    planted(tracked, monkeypatch, name, f"{reasons[name]}\n{bare}\n")

    found = tracked.bare_suppressions()

    assert [line.split(" has no reason")[0] for line in found] == [f"{name}:2 `{told}`"]


def test_a_built_file_is_told(tracked, monkeypatch):
    monkeypatch.setattr(
        tracked, "tracked", lambda: [tracked.ROOT / "src/a/dist/x.js", tracked.ROOT / "src/a/x.js"]
    )

    assert tracked.built_files() == [
        "src/a/dist/x.js is built, not written; take it out with `git rm --cached`."
    ]
