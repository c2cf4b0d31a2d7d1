"""Runs real witnesses over HTTP: in a thread, or as the program that people start."""

import subprocess
import sys
import threading
from contextlib import contextmanager
from http.client import HTTPConnection

from alongside.check.serving import WitnessServer
from alongside.check.witness import Witness
from alongside.core.ledger.keys import KeyKind


@contextmanager
def running(folder, *keys, name="library.example/witness", kind=KeyKind.COSIGNATURE):
    """Serve a witness that knows the logs of these keys; give the server, with `witness`, `vkey` and `address`."""
    witness = Witness(folder)
    vkey = witness.make_key(name, kind).vkey
    for key in keys:
        witness.know(key)
    with WitnessServer(witness, "127.0.0.1", 0) as server:
        server.vkey, server.address = vkey, f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


class Program:
    """`alongside witness serve` as a process of its own, which can be killed and started again at its port."""

    def __init__(self, folder):
        self.folder = folder
        self.port = 0

    def start(self):
        line = [sys.executable, "-m", "alongside.check.cli", "witness", "--folder", str(self.folder), "serve"]
        self.process = subprocess.Popen(
            [*line, "--port", str(self.port)],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        said = self.process.stdout.readline()
        self.port = int(said.split("http://127.0.0.1:")[1].split(".")[0])
        return self

    def kill(self):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()


def ask(port, body, path="/add-checkpoint", method="POST", **headers):
    """Ask a witness once; give status, content type and content."""
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request(method, path, body, headers)
        reply = connection.getresponse()
        return reply.status, reply.headers["Content-Type"], reply.read()
    finally:
        connection.close()
