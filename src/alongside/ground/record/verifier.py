"""The verifier as one file that anybody can take: `core` and `check`, which need Python and its package cryptography alone."""

import hashlib
import io
import zipfile
from functools import cache
from pathlib import Path

NAME = "alongside-verify.pyz"
SOURCE = Path(__file__).parents[2]
#: The file begins so; a terminal runs it by name, too.
HEAD = b"#!/usr/bin/env python3\n"
MAIN = '''"""Check a public log: python3 alongside-verify.pyz record ADDRESS. Free software under the AGPL 3.0 or later."""

import sys

try:
    import cryptography
except ImportError:
    sys.exit("This needs Python's package cryptography. On Debian and Ubuntu it is python3-cryptography.")

from alongside.check.cli import main

sys.exit(main())
'''


@cache
def archive() -> bytes:
    """Give the verifier of this release as a zip application: the same code is the same bytes, so that its SHA-256 can be compared."""
    files = {"__main__.py": MAIN.encode(), "alongside/__init__.py": (SOURCE / "__init__.py").read_bytes()}
    for room in ("core", "check"):
        for file in (SOURCE / room).rglob("*"):
            if file.suffix in {".py", ".toml"}:
                files[f"alongside/{file.relative_to(SOURCE).as_posix()}"] = file.read_bytes()
    out = io.BytesIO(HEAD)
    out.seek(len(HEAD))
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as packed:  # how bytes are squeezed differs by machine
        for name in sorted(files):
            packed.writestr(zipfile.ZipInfo(name), files[name])
    return out.getvalue()


@cache
def sha256() -> str:
    """Give the SHA-256 of the file, in hexadecimal."""
    return hashlib.sha256(archive()).hexdigest()
