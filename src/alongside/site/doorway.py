"""What the web processes run: a request is read whole, in its time, before a thread of ours is taken to answer it.

Granian's WSGI door takes a thread first and lets it wait for the rest of a body, so that eight slow bodies stopped
everyone. Here those who send slowly wait in an event loop, which costs a little memory and no thread.
"""

import asyncio
import sys
from collections.abc import AsyncIterable, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from io import BytesIO
from tempfile import TemporaryFile
from time import perf_counter
from typing import IO, Any, Protocol, cast

from django.conf import settings

# First, for it makes Django ready, and what follows has models.
from alongside.site.wsgi import application as answer

# isort: split
from alongside.ground.gate.limits import LARGEST_REGISTER
from alongside.site import metrics
from alongside.site.supervision import end_with_parent_process

type Headers = list[tuple[str, str]]
type Long = tuple[int, Headers, IO[bytes]]

MB = 1024 * 1024
SMALL = 128 * 1024  # what a voice or a page's form needs
PART = 256 * 1024
IN_MEMORY = MB
OK, TOO_SLOW, TOO_LARGE, BUSY = 200, 408, 413, 503
WORDS = {
    TOO_SLOW: "This came too slowly, so we did not take it. Try again where the connection is better.",
    TOO_LARGE: "This is too large, so we did not take it. Go back and send a smaller file.",
    BUSY: "Too much is being sent right now. Wait a minute, then send it again.",
}


class Door(Protocol):
    """The server's side of one request, as Granian gives it (RSGI)."""

    def __aiter__(self) -> Any: ...

    def response_bytes(self, status: int, headers: Headers, body: bytes) -> None:
        """Send a whole answer."""

    def response_stream(self, status: int, headers: Headers) -> Any:
        """Begin an answer that is sent in parts."""


class UnreadBodyError(Exception):
    """A body was not read to its end; `status` says why."""

    def __init__(self, status: int) -> None:
        self.status = status
        super().__init__(WORDS[status])


@dataclass
class Doorway:
    """Reads bodies within bounds and hands whole requests to threads.

    A body has `seconds`, and a second more for every `slowest` bytes that came, up to `longest`. All bodies that are
    being read or answered hold at most `together` bytes of memory, of which the last half is kept for small ones. One
    above `in_memory`, such as a register that staff bring in, waits in a file without a name, `filed` at a time.
    """

    threads: int
    answer: Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]] = answer
    seconds: float = 30
    slowest: int = 1024
    longest: float = 3600
    in_memory: int = 12 * MB
    most: int = LARGEST_REGISTER + MB
    together: int = 256 * MB
    filed: int = 4
    held: int = 0

    def __post_init__(self) -> None:
        # Reading never waits for writing: each has threads of its own.
        self._readers = ThreadPoolExecutor(self.threads, thread_name_prefix="read")
        self._writers = ThreadPoolExecutor(self.threads, thread_name_prefix="write")

    def __rsgi_del__(self, loop: asyncio.AbstractEventLoop) -> None:
        """Let the threads finish what they answer."""
        self._readers.shutdown()
        self._writers.shutdown()

    async def __rsgi__(self, scope: Any, door: Door) -> None:
        """Answer one request."""
        body = _Spool(self.in_memory)
        try:
            await self._read(scope, door, body)
            began = perf_counter()
            environ = environ_of(scope, body.content, body.size)
            loop = asyncio.get_running_loop()
            pool = self._readers if scope.method in {"GET", "HEAD"} else self._writers
            long = await loop.run_in_executor(pool, self._answered, environ, door, began)
        except UnreadBodyError as error:
            metrics.count(scope.path, error.status, 0)
            plain = [("content-type", "text/plain; charset=utf-8"), ("connection", "close")]
            door.response_bytes(error.status, plain, str(error).encode())
            return
        finally:
            self.held -= body.held
            self.filed += body.is_filed
            body.content.close()
        if long:
            status, headers, content = long
            await _send(door.response_stream(status, headers), content)

    async def _read(self, scope: Any, door: AsyncIterable[bytes], body: "_Spool") -> None:
        """Read a body to its end, or raise UnreadBodyError."""
        said = scope.headers.get("content-length") or "0"
        whole = int(said) if said.isdecimal() else 0
        if whole > self.most:
            raise UnreadBodyError(TOO_LARGE)
        in_chunks = "transfer-encoding" in scope.headers  # then its length is not what was said
        if not (whole or in_chunks):
            return
        try:
            async with asyncio.timeout(self.seconds) as time:
                began = asyncio.get_running_loop().time()
                async for part in door:
                    before, was_filed = body.held, body.is_filed
                    body.take(part)
                    self.held += body.held - before
                    self.filed -= body.is_filed - was_filed
                    self._refuse_much(body)
                    if body.size == whole and not in_chunks:
                        break  # to hear that nothing follows would be one more way to the server and back
                    time.reschedule(began + min(self.seconds + body.size / self.slowest, self.longest))
        except TimeoutError:
            raise UnreadBodyError(TOO_SLOW) from None
        body.content.seek(0)

    def _refuse_much(self, body: "_Spool") -> None:
        """Refuse one body that is too large, and large ones before small ones where there are too many."""
        if body.size > self.most:
            raise UnreadBodyError(TOO_LARGE)
        if self.held > (self.together if body.size <= SMALL else self.together // 2) or self.filed < 0:
            raise UnreadBodyError(BUSY)

    def _answered(self, environ: dict[str, Any], door: Door, began: float) -> Long | None:
        """Answer from this thread, to the last byte; a long answer waits in a file without a name, not for its reader."""
        started: list[tuple[int, Headers]] = []

        def start(status: str, headers: Headers, _failed: Any = None) -> None:
            started.append((int(status.split(" ", 1)[0]), headers))

        parts = self.answer(environ, start)
        said = _Spool(IN_MEMORY)  # closed where it was sent
        try:
            for part in parts:
                said.take(part)
        finally:
            getattr(parts, "close", lambda: None)()
            metrics.count(environ["PATH_INFO"], started[-1][0], perf_counter() - began)
        said.content.seek(0)
        if said.is_filed:
            return *started[-1], said.content
        with said.content as content:
            door.response_bytes(*started[-1], content.read())
        return None


class _Spool:
    """A body or an answer as far as it came: in memory, and in a file without a name once it is long.

    As tempfile.SpooledTemporaryFile, which takes a twentieth of a voice's time.
    """

    def __init__(self, in_memory: int) -> None:
        self.content: IO[bytes] = BytesIO()
        self.size, self.in_memory = 0, in_memory

    def take(self, part: bytes) -> None:
        """Take the next part."""
        was_filed = self.is_filed
        self.size += len(part)
        if self.is_filed and not was_filed:
            file = TemporaryFile()  # noqa: SIM115 -- closed where it was answered or sent
            file.write(cast("BytesIO", self.content).getvalue())
            self.content = file
        self.content.write(part)

    @property
    def is_filed(self) -> bool:
        """Say whether it is too long for memory."""
        return self.size > self.in_memory

    @property
    def held(self) -> int:
        """Give how many bytes of memory it holds."""
        return 0 if self.is_filed else self.size


async def _send(stream: Any, content: IO[bytes]) -> None:
    """Send a long answer as fast as its reader takes it."""
    with content:
        while part := content.read(PART):
            await stream.send_bytes(part)


def environ_of(scope: Any, body: IO[bytes], size: int) -> dict[str, Any]:
    """Say a request as WSGI does. A header with an underscore is left out: it could pass for another that we trust."""
    host, _, port = scope.server.rpartition(":")
    environ = {
        "REQUEST_METHOD": scope.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": scope.path.encode().decode("latin-1"),
        "QUERY_STRING": scope.query_string.encode().decode("latin-1"),
        "REMOTE_ADDR": scope.client.rpartition(":")[0].strip("[]"),
        "SERVER_NAME": host,
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.input": body,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for name, value in scope.headers.items():
        if "_" not in name and name not in {"content-type", "content-length", "transfer-encoding"}:
            key = "HTTP_" + name.upper().replace("-", "_")
            between = "; " if key == "HTTP_COOKIE" else ","
            environ[key] = f"{environ[key]}{between}{value}" if key in environ else value
    environ["CONTENT_TYPE"] = scope.headers.get("content-type") or ""
    environ["CONTENT_LENGTH"] = str(size) if size else ""
    return environ


def doorway() -> Doorway:
    """Make the doorway of one web process, which ends with the process that started it."""
    from alongside.site import reached  # noqa: PLC0415 -- models must be loaded first

    end_with_parent_process()
    reached.begin()
    return Doorway(threads=settings.ALONGSIDE.serve.threads)
