#!/usr/bin/python3
"""Stand in for systemctl where no systemd runs: start, as whom and with what a unit says, what its ExecStart says.

What a unit forbids is not forbidden here. Usage: systemctl [enable --now] start|stop|restart UNIT...
"""

import contextlib
import os
import pwd
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path

HELD = Path("/run/units")
PATIENCE = 60


def told(unit: str) -> dict[str, list[str]]:
    """Read what a unit says, with what was dropped in beside it, by key."""
    folders = [Path("/etc/systemd/system"), Path("/usr/lib/systemd/system"), Path("/lib/systemd/system")]
    files = [next(one for folder in folders if (one := folder / unit).exists())]
    files += [one for folder in folders for one in sorted((folder / f"{unit}.d").glob("*.conf"))]
    found: dict[str, list[str]] = {}
    for line in "\n".join(one.read_text() for one in files).splitlines():
        key, is_said, value = line.partition("=")
        if is_said and not line.startswith("#"):
            found.setdefault(key.strip(), []).append(value.strip())
    return found


def environment_of(unit: dict[str, list[str]], user: pwd.struct_passwd) -> dict[str, str]:
    """Give the variables with which a unit runs; what the test says of certificates goes through."""
    given = {"PATH": os.environ["PATH"], "HOME": user.pw_dir, "USER": user.pw_name, "LANG": "C.UTF-8"}
    given |= {name: os.environ[name] for name in ("REQUESTS_CA_BUNDLE",) if name in os.environ}
    lines = [one for value in unit.get("Environment", []) for one in shlex.split(value)]
    for file in unit.get("EnvironmentFile", []):
        lines += Path(file.lstrip("-")).read_text().splitlines()
    return given | dict(one.split("=", 1) for one in lines if "=" in one)


def make_folders(unit: dict[str, list[str]], user: pwd.struct_passwd) -> dict[str, str]:
    """Make the folders that systemd makes for a unit; give where it finds them."""
    given = {}
    for key, top in (("StateDirectory", "/var/lib"), ("CacheDirectory", "/var/cache")):
        for name in " ".join(unit.get(key, [])).split():
            folder = Path(top, name)
            folder.mkdir(exist_ok=True, mode=0o700)
            os.chown(folder, user.pw_uid, user.pw_gid)
            given.setdefault("CACHE_DIRECTORY" if key == "CacheDirectory" else "STATE_DIRECTORY", str(folder))
    return given


def start(name: str) -> None:
    """Start a unit, or run it to its end where it says that it ends."""
    unit = told(f"{name}.service")
    user = pwd.getpwnam(unit.get("User", ["root"])[-1])
    line = ["setpriv", "--reuid", user.pw_name, "--regid", str(user.pw_gid), "--init-groups"]
    for one in " ".join(unit.get("AmbientCapabilities", [])).split():
        capability = "+" + one.removeprefix("CAP_").lower()
        line += ["--inh-caps", capability, "--ambient-caps", capability]
    given = environment_of(unit, user) | make_folders(unit, user)
    HELD.mkdir(exist_ok=True)
    with (HELD / f"{name}.log").open("a") as log:
        process = subprocess.Popen(
            [*line, "--", *shlex.split(unit["ExecStart"][-1])],
            env=given,
            cwd=unit.get("WorkingDirectory", ["/"])[-1],
            umask=int(unit.get("UMask", ["0022"])[-1], 8),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    if unit.get("Type", [""])[-1] == "oneshot":
        if process.wait():
            sys.exit(f"{name} failed: {(HELD / f'{name}.log').read_text()[-2000:]}")
    else:
        (HELD / f"{name}.pid").write_text(str(process.pid))


def stop(name: str) -> None:
    """Ask a unit to end, and wait until it did."""
    file = HELD / f"{name}.pid"
    if not file.exists():
        return
    pid, end = int(file.read_text()), time.monotonic() + PATIENCE
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGTERM)
        while time.monotonic() < end and Path(f"/proc/{pid}/cmdline").read_bytes():
            time.sleep(0.1)
    file.unlink()


def main(words: list[str]) -> None:
    """Do what a line asks."""
    verb, *names = [one for one in words if not one.startswith("--")]
    for whole in names:
        name, _, kind = whole.partition(".")
        if name == "postgresql":  # Debian's unit only gathers its clusters; this is what starts them
            subprocess.run(["/etc/init.d/postgresql", verb], check=True)
            continue
        if kind == "timer":
            (name,) = [one.removesuffix(".service") for one in told(whole).get("Unit", [f"{name}.service"])]
        if verb in {"stop", "restart"}:
            stop(name)
        if verb in {"start", "restart"} or (verb == "enable" and "--now" in words):
            start(name)


if __name__ == "__main__":
    main(sys.argv[1:])
