"""The three processes that serve: web answers, work does what was queued, tick tells what is due."""

import logging
import resource
import sys
import threading
from datetime import UTC, datetime

from django.conf import settings
from django.core.management import call_command
from django.db import InterfaceError, OperationalError, close_old_connections
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.server import Server

from alongside.site import clocks, supervision, ticking
from alongside.site.health import NO_DATABASE, is_for_want_of_a_database
from alongside.site.logs import told

#: Held at once by one web process. Those who send or read slowly hold no thread (see `doorway`).
CONNECTIONS = 4096

logger = logging.getLogger("alongside.tick")


def web() -> None:
    """Answer requests on the configured port, in processes with threads. Never Django's ASGI handler."""
    serve = settings.ALONGSIDE.serve
    _, most_files = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most_files, most_files))  # each connection is one
    Server(
        "alongside.site.doorway:doorway",
        factory=True,
        address=serve.host,
        port=serve.port,
        interface=Interfaces.RSGI,
        http=HTTPModes.http1,  # the other kind lets one connection ask for many things at once
        http1_settings=HTTP1Settings(header_read_timeout=15_000),
        workers=serve.processes,
        backpressure=CONNECTIONS,
        websockets=False,
        respawn_failed_workers=True,
        workers_kill_timeout=supervision.GRACE_SECONDS - 5,
        log_dictconfig=settings.LOGGING,
        process_name=None,
    ).serve()


def work() -> None:
    """Do what waits in the queue: mail, mostly."""
    call_command("db_worker", queue_name="*", interval=1, startup_delay=False, verbosity=1, reload=False)


def tick() -> None:
    """Tell what is due, again and again. A run that was missed or doubled changes nothing."""
    stop = supervision.stop_on_signals()
    quiet: ticking.Quiet = []
    while not stop.is_set():
        tick_once(datetime.now(tz=UTC), quiet)
        stop.wait(settings.ALONGSIDE.serve.tick_seconds)


def tick_once(now: datetime, quiet: ticking.Quiet | None = None) -> None:
    """Run the tick and leave its time for the health page; what went wrong is logged and tried again next time."""
    close_old_connections()
    try:
        held = clocks.held(now)
        ticking.tell_release(now, held)
        ticking.tick(now, held=held, quiet=quiet)
        (settings.DATA / "last-tick").touch()
    except ticking.TickError as error:
        logger.error("%s", error)  # noqa: TRY400 -- it only names programs; what went wrong in each is logged already
    except Exception as error:  # noqa: BLE001 -- one failed tick must not end the loop; the health page shows its age
        if is_for_want_of_a_database(error):
            logger.error(NO_DATABASE)  # noqa: TRY400 -- this is the whole of it
            return
        logger.error("The tick failed: %s", told((type(error), error, error.__traceback__)))  # noqa: TRY400 -- a traceback's values stay out of the log


RUN = {"web": web, "work": work, "tick": tick}


def run(role: str) -> None:
    """Be one of the children until told to stop."""
    if threading.current_thread() is threading.main_thread():
        supervision.end_with_parent()
    try:
        RUN[role]()
    except (InterfaceError, OperationalError) as error:
        if not is_for_want_of_a_database(error):
            raise
        sys.exit(f"alongside: {NO_DATABASE}")
