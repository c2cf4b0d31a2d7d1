"""Runs the verifier the way a person does, and serves folders over http."""

import io
import sys
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest

from alongside.check.cli import main


@pytest.fixture
def verify(capsys, monkeypatch):
    """Give a function that runs `alongside verify ...` and gives exit code, output and complaint."""

    def run(*words, typed=""):
        monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
        capsys.readouterr()
        code = main([str(word) for word in words])
        said = capsys.readouterr()
        return code, said.out.strip(), said.err.strip()

    return run


@pytest.fixture
def serve():
    """Give a function that serves a folder on loopback and gives its address and the lines it was asked for."""
    running = []

    def start(folder):
        asked = []

        class Handler(SimpleHTTPRequestHandler):
            def log_message(self, form, *values):
                asked.append(f"{self.requestline} {self.headers}")

        server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(folder)))
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        running.append((server, thread))
        return f"http://127.0.0.1:{server.server_port}", asked

    yield start
    for server, thread in running:
        server.shutdown()
        thread.join()
        server.server_close()
