"""A real server of the demonstration or of one bare view, and a small load from another process."""

import contextlib
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
#: The program, served as its web processes serve it.
PROGRAM = "alongside.site.doorway:doorway"


def free_port() -> int:
    """Find a port nobody uses."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


@contextlib.contextmanager
def server(target: str, env: dict[str, str], *, workers: int = 1) -> Iterator[int]:
    """Serve the program or a WSGI application under granian with kept threads; give its port; stop it afterwards."""
    port = free_port()
    door = (
        ["--interface", "rsgi", "--factory"]
        if target == PROGRAM
        else ["--interface", "wsgi", "--blocking-threads", "4"]
    )
    command = [
        str(Path(sys.executable).parent / "granian"),
        *door,
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
        "--workers",
        str(workers),
        "--no-access-log",
        "--log-level",
        "error",
        target,
    ]
    process = subprocess.Popen(
        command, cwd=ROOT, env={**os.environ, **env, "PYTHONPATH": f"{ROOT}/src:{ROOT}"}
    )
    try:
        wait(port)
        yield port
    finally:
        process.terminate()
        process.wait(20)


def wait(port: int) -> None:
    """Wait until the server answers anything."""
    for _ in range(300):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=2)
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise SystemExit("the server did not start")


def temporary() -> str:
    """Make a folder for a database that is thrown away."""
    return tempfile.mkdtemp(prefix="bench-")


def set_up(data: str) -> None:
    """Bring the program up in an empty folder, with its tables and its files."""
    os.environ |= {"ALONGSIDE_DATA": data, "DJANGO_SETTINGS_MODULE": "alongside.site.settings"}
    import django

    django.setup()
    from django.core.management import call_command

    from alongside.site.starting import make_tables

    make_tables()
    call_command("collectstatic", verbosity=0, interactive=False)
