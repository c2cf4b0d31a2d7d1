"""The whole site served over a real socket, on the test's own database."""

import dataclasses
import logging
import os
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.core.wsgi import get_wsgi_application

from tests.support.writes import only_actions_write_in_new_connections


class QuietHandler(WSGIRequestHandler):
    """Answers without writing a line per request."""

    def log_message(self, *arguments: Any) -> None:
        """Say nothing."""


def slowly(app: Any, seconds: float) -> Any:
    """Give `app` as it is on a slow line: the first third of each answer, a wait of so many seconds, the rest.

    A click waits for the first byte of the page it leads to, and not for the last.
    """

    def answer(environ: Any, start_response: Any) -> Iterator[bytes]:
        parts = app(environ, start_response)
        try:
            rest = iter(parts)
            first = next(rest, b"")
            yield first[: len(first) // 3]
            time.sleep(seconds)
            yield first[len(first) // 3 :]
            yield from rest
        finally:
            getattr(parts, "close", lambda: None)()

    return answer if seconds else app


class Answering:
    """An app that knows how many requests it answers, so that none is still answered when a test's database is gone."""

    def __init__(self, app: Any) -> None:
        self.app, self.changed, self.count = app, threading.Condition(), 0

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterator[bytes]:
        """Answer one request."""
        with self.changed:
            self.count += 1
        parts: Any = ()
        try:
            parts = self.app(environ, start_response)
            yield from parts
        finally:
            getattr(parts, "close", lambda: None)()
            with self.changed:
                self.count -= 1
                self.changed.notify_all()

    def finish(self) -> None:
        """Wait until every request is answered, ten seconds at most."""
        with self.changed:
            self.changed.wait_for(lambda: not self.count, timeout=10)


@dataclasses.dataclass
class Site:
    """A served site; `url` has no last slash; `troubles` are the errors its pages raised."""

    url: str
    troubles: list[str] = dataclasses.field(default_factory=list)

    def __str__(self) -> str:
        return self.url


class Troubles(logging.Handler):
    """Keeps every error that a request logged."""

    def __init__(self, site: Site) -> None:
        super().__init__(level=logging.ERROR)
        self.site = site

    def emit(self, record: logging.LogRecord) -> None:
        """Keep one error, whole."""
        self.site.troubles.append(logging.Formatter().format(record))


@pytest.fixture
def full_disk(settings: Any) -> None:
    """Let no disk have the room that voices need."""
    health = dataclasses.replace(settings.ALONGSIDE.health, disk_free_mb=10**9)
    settings.ALONGSIDE = dataclasses.replace(settings.ALONGSIDE, health=health)


@pytest.fixture
def live_site(db: None, settings: Any) -> Iterator[Site]:
    """Serve the site at http://localhost:PORT (a safe origin for browsers) until the test ends.

    Any error a request raises, and any write outside an action, fails the test (empty `troubles` to forgive).
    ALONGSIDE_TEST_SLOW=0.7 makes it as slow as an old phone's line: a test that looks at a page before the page
    is there fails then each time, and not once in a hundred.
    """
    slow = float(os.environ.get("ALONGSIDE_TEST_SLOW", "0"))
    with only_actions_write_in_new_connections():
        server = ThreadedWSGIServer(("127.0.0.1", 0), QuietHandler)
        answering = Answering(slowly(StaticFilesHandler(get_wsgi_application()), slow))
        server.set_app(answering)
        site = Site(f"http://localhost:{server.server_address[1]}")
        handler = Troubles(site)
        logging.getLogger("django.request").addHandler(handler)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        yield site
        server.shutdown()
        server.server_close()
        thread.join()
        answering.finish()
        logging.getLogger("django.request").removeHandler(handler)
    assert not site.troubles, "The site had trouble:\n" + "\n".join(site.troubles)
