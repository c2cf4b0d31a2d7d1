"""A bare Debian in a folder, made by debootstrap, and what runs in it."""

import contextlib
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

PATHS = {
    "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    "DEBIAN_FRONTEND": "noninteractive",
    "LC_ALL": "C.UTF-8",
    "NODE_EXTRA_CA_CERTS": "/etc/ssl/certs/ca-certificates.crt",
}


def needs(program: str) -> str:
    """Give where a program is, or skip."""
    found = shutil.which(program) or shutil.which(program, path="/usr/sbin:/sbin")
    if not found:
        pytest.skip(f"There is no {program} here; ./dev soak installs it where it may.")
    return found


def wait_for(port: int) -> None:
    """Wait until something listens."""
    end = time.monotonic() + 30
    while time.monotonic() < end:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=5):
            return
        time.sleep(0.05)
    raise AssertionError("The proxy did not start.")


def mirror() -> list[str]:
    """Give the mirror that this machine installs from, where it names one."""
    for file in [Path("/etc/apt/sources.list"), *Path("/etc/apt/sources.list.d").glob("*")]:
        if file.exists() and (
            found := re.search(r"^(?:URIs: |deb )(\S+/debian/?)(?:\s|$)", file.read_text(), re.MULTILINE)
        ):
            return [found[1]]
    return []


def bare(folder: Path) -> Path:
    """Make a bare Debian in a folder that is not there yet; skip where that cannot be."""
    debootstrap = needs("debootstrap")
    if os.geteuid() != 0:
        pytest.skip("Only root makes a bare system.")
    line = [debootstrap, "--variant=minbase", "trixie", str(folder), *mirror()]
    subprocess.run(line, check=True, capture_output=True)
    return folder


def prepare_network(here: Path) -> None:
    """Let a bare system reach what this machine reaches: names, certificates, and how pip finds packages."""
    for name in (
        "/etc/resolv.conf",
        "/etc/hosts",
        "/etc/pip.conf",
        "/etc/xdg/pip",
        "/usr/local/share/ca-certificates",
        "/etc/apt/apt.conf.d",
        os.environ.get("PIP_CERT", ""),
    ):
        source = Path(name)
        if name and source.exists():
            target = here / name.lstrip("/")
            target.parent.mkdir(parents=True, exist_ok=True)
            (shutil.copytree if source.is_dir() else shutil.copy)(
                source, target, **({"dirs_exist_ok": True} if source.is_dir() else {})
            )
    for name in (os.environ.get("PIP_FIND_LINKS", "")).split():
        (here / name.lstrip("/")).mkdir(parents=True, exist_ok=True)
    (here / "dev").mkdir(exist_ok=True)
    for name, minor in (("null", 3), ("zero", 5), ("random", 8), ("urandom", 9)):
        with contextlib.suppress(FileExistsError):
            os.mknod(here / "dev" / name, 0o20666, os.makedev(1, minor))
            (here / "dev" / name).chmod(0o666)


def chroot(here: Path, words: list[str], environment: dict[str, str], user: str = "") -> str:
    """Run one step to its end; give what it says."""
    passed = {
        name: value
        for name, value in os.environ.items()
        if name.startswith(("PIP_", "NPM_", "npm_", "http", "HTTP", "no_proxy"))
    }
    who = [f"--userspec={user}:{user}"] if user else []
    # To a file, and not to a pipe: what the step leaves running holds it open.
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as wrong:
        done = subprocess.run(
            ["chroot", *who, str(here), *words],
            env=PATHS | passed | environment,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=wrong,
        )
        out.seek(0), wrong.seek(0)
        said = out.read()
        assert done.returncode == 0, f"{words[-1]}: {said[-1500:]}{wrong.read()[-3000:]}"
    return said


def mount(here: Path) -> None:
    """Give a bare system its list of processes, by which ours find the memory they share."""
    subprocess.run(["mount", "-t", "proc", "proc", str(here / "proc")], check=True)


@contextlib.contextmanager
def mounted(here: Path) -> Iterator[None]:
    """Give a bare system its list of processes and memory to share; at the end, end what runs in it, and nothing else."""
    mount(here)
    (here / "dev/shm").mkdir(exist_ok=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=512m", "tmpfs", str(here / "dev/shm")], check=True)
    try:
        yield
    finally:
        end = time.monotonic() + 30
        while (left := inside(here)) and time.monotonic() < end:
            for pid in left:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            time.sleep(0.1)
        for name in ("dev/shm", "proc"):
            subprocess.run(["umount", str(here / name)], check=False)


def inside(here: Path) -> list[int]:
    """Find the processes whose root is a bare system."""
    found = []
    for one in Path("/proc").glob("[0-9]*/root"):
        with contextlib.suppress(OSError):
            if one.readlink() == here:
                found.append(int(one.parent.name))
    return found
