"""A small site of its own for the islands: the examples of islands/README.md, an intake, and a record."""

import json
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from alongside.core.sealing import keys

ROOT = Path(__file__).parents[2]
UI = ROOT / "src/alongside/ground/ui/static"
IDENTITY = keys.identity_text(bytes(range(7, 39)))
NOTICE = "0f" * 32
FORM = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'self'; require-trusted-types-for 'script'; trusted-types 'none'"
)
TYPES = {".js": "text/javascript", ".css": "text/css", ".json": "application/json"}


def examples() -> list[str]:
    """Give the HTML blocks of the README, with real values where it has dots."""
    blocks = re.findall(r"```html\n(.*?)```", (ROOT / "islands/README.md").read_text(), re.DOTALL)
    real = {
        "age1...": keys.recipient_of(IDENTITY),
        "9f86...": FORM,
        "0f86...": NOTICE,
        "{% static 'dist/qr.js' %}": "/dist/qr.js",
    }
    for short, whole in real.items():
        blocks = [block.replace(short, whole) for block in blocks]
    return blocks


def page(title: str, inside: str, script: str) -> str:
    """Give a whole page as the site would."""
    return (
        '<!doctype html><html lang="en" dir="ltr"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<meta name="description" content="{title}"><link rel="canonical" href="/library"><title>{title}</title>'
        f'<link rel="stylesheet" href="/ui/alongside.css"><script src="/dist/{script}" defer></script>'
        '<script src="/ui/alongside.js" defer></script></head><body>'
        '<aside class="safety" aria-label="Help"><a class="leave" href="/elsewhere">Leave this page</a></aside>'
        f'<main id="main"><h1>{title}</h1>{inside}</main></body></html>'
    )


class IslandSite:
    """Serves the pages, keeps every request it got, and answers the intake with the status it is told to."""

    def __init__(self) -> None:
        seal, receipt = examples()
        slip = re.search(r"<template data-receipt>.*</template>", seal, re.DOTALL)
        assert slip is not None, "README.md shows no receipt."
        kept = re.sub(
            r"(<(?P<tag>[bp]) data-told>).*?(?=</(?P=tag)>)",
            r"\1",
            slip[0],
        )
        receipt = receipt.replace("</follow-receipt>", f"{kept}</follow-receipt>")
        self.files = {
            "/library": page("What should library computers remember?", seal, "seal.js").encode(),
            "/r": page("Receipt", receipt, "receipt.js").replace('href="/library"', "").encode(),
            "/home": b"<!doctype html><title>Home</title><h1>Home</h1><a href='/library'>Take part</a>",
            "/elsewhere": b"<!doctype html><title>Weather</title><h1>Weather</h1>",
        }
        self.asked: list[tuple[str, str, dict[str, str], bytes]] = []
        self.status = 201
        self.withdrawn = 404
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site.note(self, b"")
                found = site.found(self.path)
                self.answer(200 if found is not None else 404, found or b"")

            def do_POST(self) -> None:
                site.note(self, self.rfile.read(int(self.headers["Content-Length"])))
                if self.path.endswith("withdraw"):
                    return self.answer(site.withdrawn, json.dumps({"withdrawn": "2026-05-02"}).encode())
                self.answer(site.status, b"{}")

            def answer(self, status: int, body: bytes) -> None:
                self.send_response(status)
                self.send_header("Content-Type", TYPES.get(Path(self.path).suffix, "text/html"))
                self.send_header("Content-Security-Policy", POLICY)
                self.send_header("Cache-Control", "no-store")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True)
        self.thread.start()

    def note(self, request: BaseHTTPRequestHandler, body: bytes) -> None:
        self.asked.append((request.command, request.path, dict(request.headers.items()), body))

    def found(self, path: str) -> bytes | None:
        if path == "/r/en":
            path = "/r"
        if path in self.files:
            return self.files[path]
        file = UI / path.lstrip("/")
        return file.read_bytes() if path.startswith(("/dist/", "/ui/")) and file.is_file() else None

    def posted(self) -> list[dict[str, str]]:
        """Give the bodies of what was posted, in order."""
        return [json.loads(body) for method, _, _, body in self.asked if method == "POST"]

    def paths(self) -> list[str]:
        return [path for _, path, _, _ in self.asked]

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


@pytest.fixture(scope="session")
def built_islands() -> None:
    """Have the bundles in place."""
    subprocess.run([sys.executable, ROOT / "hatch_build.py"], cwd=ROOT, check=True)


@pytest.fixture
def island_site(built_islands: None) -> Iterator[IslandSite]:
    """Give a site that serves the README's own examples."""
    site = IslandSite()
    yield site
    site.close()
