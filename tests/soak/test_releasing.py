"""A release is the same bytes wherever it is built, and a key's signature over its sums is checked by a tool that everyone has."""

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.release import NAMESPACE
from tests.support.house import ROOT

pytestmark = pytest.mark.soak


def run(*words: str, where: Path = ROOT, **kwargs) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    return subprocess.run(words, cwd=where, capture_output=True, text=True, **kwargs)


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """Clone what is committed, and give it a version that can be signed."""
    folder = tmp_path / "clone"
    run("git", "clone", "-q", str(ROOT), str(folder), check=True)
    project = folder / "pyproject.toml"
    project.write_text(project.read_text("utf-8").replace('.dev0"', '"', 1), encoding="utf-8")
    run(
        "git",
        "-c",
        "user.name=x",
        "-c",
        "user.email=x@x.example",
        "commit",
        "-qam",
        "release",
        where=folder,
        check=True,
    )
    return folder


def test_a_release_is_built_twice_alike_listed_and_signed(clone: Path, tmp_path: Path):
    if not shutil.which("ssh-keygen"):
        pytest.skip("There is no ssh-keygen here (openssh-client).")
    key, out = tmp_path / "key", tmp_path / "out"
    run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key), check=True)
    made = run(sys.executable, "scripts/release.py", str(out), "--key", str(key), where=clone)
    assert made.returncode == 0, made.stderr[-2000:]
    first, *lines = (out / "SHA256SUMS").read_text("utf-8").splitlines()
    assert first.endswith(run("git", "rev-parse", "HEAD", where=clone).stdout.strip())
    listed = dict(reversed(line.split("  ")) for line in lines)
    assert {name: hashlib.sha256((out / name).read_bytes()).hexdigest() for name in listed} == listed
    assert [name.rpartition(".")[2] for name in sorted(listed)] == ["whl", "json", "xz", "gz"]
    signers = tmp_path / "signers"
    signers.write_text(
        f"releases@alongside.example {key.with_suffix('.pub').read_text('utf-8')}", encoding="utf-8"
    )
    verify = ["ssh-keygen", "-Y", "verify", "-f", str(signers), "-I", "releases@alongside.example"]
    verify += ["-n", NAMESPACE, "-s", str(out / "SHA256SUMS.sig")]
    sums = (out / "SHA256SUMS").read_text("utf-8")
    assert run(*verify, input=sums).returncode == 0
    assert run(*verify, input=sums.replace("a", "b", 1)).returncode != 0
    assert "is not empty" in run(sys.executable, "scripts/release.py", str(out), where=clone).stderr


def test_a_rehearsal_is_never_signed(tmp_path: Path):
    folder = tmp_path / "clone"
    run("git", "clone", "-q", str(ROOT), str(folder), check=True)
    said = run(sys.executable, "scripts/release.py", str(tmp_path / "out"), "--key", "key", where=folder)
    assert "is a rehearsal" in said.stderr
    assert not (tmp_path / "out").exists()
    (folder / "README.md").write_text("another", encoding="utf-8")
    said = run(sys.executable, "scripts/release.py", str(tmp_path / "out"), where=folder)
    assert "is not committed" in said.stderr
