"""Make a release: `./dev release FOLDER [--key FILE]`. The release is the commit that stands, and its version is the one of pyproject.toml.

Builds the wheel twice, in two clones of the commit, and refuses wheels that differ in a byte. Beside it lie the
source, a bill of materials (CycloneDX 1.6), the demonstration's database, from which the tests of the next release
upgrade, and SHA256SUMS; with a key, SHA256SUMS.sig, which `ssh-keygen -Y verify` checks. A version that ends in .dev
is a rehearsal: all is made, nothing is signed.
"""

import argparse
import base64
import hashlib
import json
import lzma
import os
import re
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

from cyclonedx.model import HashAlgorithm, HashType
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output import make_outputter
from cyclonedx.schema import OutputFormat, SchemaVersion
from packageurl import PackageURL

ROOT = Path(__file__).parents[1]
#: What the signature is for; a key that signs mail or commits signs no release by it.
NAMESPACE = "alongside-release"
BUILD = (
    "import sys; from hatchling import build; build.build_wheel(sys.argv[1]); build.build_sdist(sys.argv[1])"
)
POPULATE = """
import sys; from datetime import UTC, datetime; import django; django.setup()
from django.db import connection
from alongside.site.demo.programs import build; from alongside.site.starting import make_tables
make_tables(); build(now=datetime.now(tz=UTC))
connection.cursor().execute("VACUUM INTO %s", [sys.argv[1]])
"""
PIN = re.compile(r"([a-z0-9.-]+)==([^\s;\\]+)")
HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")
#: Faces of papers: only the build needs their packages, and the wheel holds them.
FACES = re.compile(r"@expo-google-fonts/|noto-")


def said(*words: str, where: Path = ROOT) -> str:
    """Run a command and give what it prints."""
    return subprocess.run(words, cwd=where, check=True, capture_output=True, text=True).stdout.strip()


def project() -> dict:
    """Give the project's own part of pyproject.toml."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]


def from_python() -> list[Component]:
    """List what `alongside[locked]` installs, with every hash that the lock takes for it."""
    hashes: dict[str, list[str]] = {}
    name = ""
    for line in (ROOT / "requirements.lock").read_text("utf-8").splitlines():
        if found := PIN.match(line):
            name = found[1]
        if found := HASH.search(line):
            hashes.setdefault(name, []).append(found[1])
    runs = [PIN.match(one) for one in project()["optional-dependencies"]["locked"]]
    faces = [PIN.match(one) for one in (ROOT / "requirements.lock").read_text("utf-8").splitlines()]
    found = [one for one in (*runs, *faces) if one and (one in runs or FACES.match(one[1]))]
    return [
        Component(
            type=ComponentType.LIBRARY,
            name=one[1],
            version=one[2],
            bom_ref=f"python:{one[1]}@{one[2]}",
            purl=PackageURL("pypi", None, one[1], one[2]),
            hashes=[HashType(alg=HashAlgorithm.SHA_256, content=value) for value in hashes[one[1]]],
        )
        for one in found
    ]


def from_npm() -> list[Component]:
    """List what the built scripts and papers hold of npm's packages."""
    packages = json.loads((ROOT / "islands/package-lock.json").read_text("utf-8"))["packages"]
    found = []
    for path, about in packages.items():
        name = path.rpartition("node_modules/")[2]
        if not path or (about.get("dev") and not FACES.match(name)):
            continue
        group, _, bare = name.rpartition("/")
        digest = base64.b64decode(about["integrity"].removeprefix("sha512-")).hex()
        found.append(
            Component(
                type=ComponentType.LIBRARY,
                name=name,
                version=about["version"],
                bom_ref=f"npm:{name}@{about['version']}",
                purl=PackageURL("npm", group or None, bare, about["version"]),
                hashes=[HashType(alg=HashAlgorithm.SHA_512, content=digest)],
            )
        )
    return found


def materials() -> str:
    """Write the bill of materials, the same bytes for the same commit."""
    parts = [*from_python(), *from_npm()]
    whole = Component(
        type=ComponentType.APPLICATION, name="alongside", version=project()["version"], bom_ref="alongside"
    )
    bom = Bom(components=parts)
    bom.metadata.component = whole
    bom.register_dependency(whole, parts)
    written = json.loads(make_outputter(bom, OutputFormat.JSON, SchemaVersion.V1_6).output_as_string())
    # Both are chance and a clock; the commit names the release.
    written.pop("serialNumber", None)
    written["metadata"].pop("timestamp", None)
    return json.dumps(written, indent=1, sort_keys=True) + "\n"


def built(commit: str, day: str) -> dict[str, bytes]:
    """Build wheel and source of a commit in a clone of its own, and give them by name."""
    with tempfile.TemporaryDirectory() as folder:
        clone, out = Path(folder, "alongside"), Path(folder, "out")
        out.mkdir()
        said("git", "clone", "--quiet", "--no-hardlinks", str(ROOT), str(clone))
        said("git", "checkout", "--quiet", "--detach", commit, where=clone)
        made = {**os.environ, "SOURCE_DATE_EPOCH": day, "PYTHONDONTWRITEBYTECODE": "1"}
        subprocess.run(
            [sys.executable, "-c", BUILD, str(out)], cwd=clone, env=made, check=True, stdout=sys.stderr
        )
        return {one.name: one.read_bytes() for one in out.iterdir()}


def populated() -> bytes:
    """Build the demonstration with what stands here, and give its SQLite database, packed."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "populated.sqlite3")
        made = {**os.environ, "ALONGSIDE_DATA": folder, "DJANGO_SETTINGS_MODULE": "alongside.site.settings"}
        subprocess.run([sys.executable, "-c", POPULATE, str(file)], env=made, check=True, stdout=sys.stderr)
        return lzma.compress(file.read_bytes(), preset=9)


def digest(content: bytes) -> str:
    """Give the SHA-256, as SHA256SUMS has it."""
    return hashlib.sha256(content).hexdigest()


def release(folder: Path, key: str) -> None:
    """Put all that belongs to the release into an empty folder."""
    version, commit = project()["version"], said("git", "rev-parse", "HEAD")
    if said("git", "status", "--porcelain"):
        sys.exit("release: something here is not committed. Commit it, or put it away.")
    if folder.exists() and any(folder.iterdir()):
        sys.exit(f"release: {folder} is not empty. Name a new folder.")
    if key and ".dev" in version:
        sys.exit(
            f"release: {version} is a rehearsal. Name the version in pyproject.toml, commit, and sign that."
        )
    day = said("git", "show", "--no-patch", "--format=%ct", commit)
    first, second = built(commit, day), built(commit, day)
    if differ := sorted(name for name in first if first[name] != second.get(name)):
        sys.exit(f"release: two builds of one commit differ in {', '.join(differ)}. Nothing was written.")
    files = {**first, f"alongside-{version}.cdx.json": materials().encode()}
    files[f"alongside-{version}.sqlite3.xz"] = populated()
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    sums = folder / "SHA256SUMS"
    told = "".join(f"{digest(files[name])}  {name}\n" for name in sorted(files))
    sums.write_text(f"# {version}, built of commit {commit}\n{told}", encoding="utf-8")
    if key:
        said("ssh-keygen", "-Y", "sign", "-f", key, "-n", NAMESPACE, str(sums))
    print(
        f"{version} of {commit}, {'signed' if key else 'not signed'}, in {folder}:\n{sums.read_text('utf-8')}",
        end="",
    )


def main() -> None:
    """Read the line."""
    ways = argparse.ArgumentParser(prog="./dev release", description=__doc__.partition("\n")[0])
    ways.add_argument("folder", type=Path)
    ways.add_argument("--key", default="", help="the private SSH key that signs releases")
    asked = ways.parse_args()
    release(asked.folder.resolve(), asked.key)


if __name__ == "__main__":
    main()
