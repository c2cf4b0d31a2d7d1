"""Serve a witness over HTTP: POST add-checkpoint, GET HASH/checkpoint (c2sp.org/tlog-witness), and its key at the top."""

import socket
import sys
from contextlib import suppress
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import BoundedSemaphore, Timer
from typing import Any, override

from alongside.check.source import SourceError
from alongside.check.verdict import complaint
from alongside.check.witness import Answer, Witness
from alongside.core.ledger.hashing import LedgerError
from alongside.core.ledger.witness import MAX_REQUEST_BYTES

#: Connections at once, those that wait besides, and seconds that one may take, each for one request, whatever it sends.
MOST_AT_ONCE = 32
MOST_WAITING = 128
MOST_SECONDS = 10
NOTHING = Answer(HTTPStatus.NOT_FOUND, b"There is nothing here.\n")
TOO_LONG = Answer(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, b"The request has no length, or is too long.\n")
BROKEN = Answer(
    HTTPStatus.INTERNAL_SERVER_ERROR, b"This witness cannot work now; whoever runs it reads why.\n"
)


class WitnessServer(ThreadingHTTPServer):
    """Serves one witness; further connections wait in the system's queue."""

    daemon_threads = True
    request_queue_size = MOST_WAITING

    def __init__(self, witness: Witness, host: str, port: int) -> None:
        self.witness = witness
        self._free = BoundedSemaphore(MOST_AT_ONCE)
        super().__init__((host, port), Handler)

    @override
    def process_request(self, request: Any, client_address: Any) -> None:
        self._free.acquire()
        super().process_request(request, client_address)

    @override
    def process_request_thread(self, request: Any, client_address: Any) -> None:
        over = Timer(MOST_SECONDS, _cut, (request,))
        over.daemon = True
        over.start()
        try:
            super().process_request_thread(request, client_address)
        finally:
            over.cancel()
            self._free.release()

    @override
    def handle_error(self, request: Any, client_address: Any) -> None:
        """Write no address of who went away."""
        print(f"A connection broke off: {sys.exc_info()[0]}", file=sys.stderr, flush=True)  # noqa: T201 -- a server speaks to the terminal


def _cut(line: socket.socket) -> None:
    with suppress(OSError):
        line.shutdown(socket.SHUT_RDWR)


class Handler(BaseHTTPRequestHandler):
    """Answers one connection; nothing of who asks is written down."""

    server: WitnessServer
    protocol_version = "HTTP/1.1"
    timeout = MOST_SECONDS
    server_version, sys_version = "alongside-witness", ""

    def do_POST(self) -> None:
        """Answer a log that asks for a cosignature."""
        length = self.headers.get("Content-Length", "")
        if self.path != "/add-checkpoint":
            self._give(NOTHING)
        elif not (length.isascii() and length.isdigit()) or not 0 < int(length[:9]) <= MAX_REQUEST_BYTES:
            self._give(TOO_LONG)
        elif len(body := self.rfile.read(int(length))) == int(length):
            self._give(self._asked(body))
        else:
            self.close_connection = True

    def do_GET(self) -> None:
        """Give the last head of a log, or the key of this witness."""
        match self.path.split("/"):
            case ["", ""]:
                found = f"{self.server.witness.signer().verifier.vkey}\n".encode()
            case ["", hashed, "checkpoint"]:
                found = self.server.witness.checkpoint(hashed) or b""
            case _:
                found = b""
        self._give(Answer(HTTPStatus.OK, found) if found else NOTHING)

    def _asked(self, body: bytes) -> Answer:
        try:
            answer = self.server.witness.add_checkpoint(body)
        except (SourceError, LedgerError, OSError) as error:
            answer = Answer(BROKEN.status, BROKEN.content, says=complaint(error))
        print(f"{answer.status.value} {complaint(ValueError(answer.says))}", file=sys.stderr, flush=True)  # noqa: T201 -- a server speaks to the terminal
        return answer

    def _give(self, answer: Answer) -> None:
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.content_type)
        self.send_header("Content-Length", str(len(answer.content)))
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(answer.content)

    @override
    def log_message(self, format: str, *args: object) -> None:
        """Write no line with an address."""
