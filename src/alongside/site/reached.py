"""How far people come, by language: the pages that their browsers ask for anyway, counted in memory and added up each minute. Never who, and no day."""

import logging
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from threading import Lock, Thread

from django.conf import settings
from django.db import close_old_connections
from django.http import HttpRequest, HttpResponseBase

from alongside.chain.voices.actions import count_reached
from alongside.core.workflow.engagements import Reached
from alongside.ground.programs.queries import every_program
from alongside.site.converters import CODES
from alongside.site.logs import told

#: How long a count may wait in memory, in seconds. As much is lost when a process dies.
EVERY = 60
OK = 200
logger = logging.getLogger("alongside.web")

#: A program, a language, an engagement (none for the first page), and how far.
type Step = tuple[str, str, str, str]


class Waiting:
    """What was counted since it was added up."""

    def __init__(self) -> None:
        self._counts, self._lock = Counter[Step](), Lock()

    def add(self, step: Step) -> None:
        """Count one."""
        with self._lock:
            self._counts[step] += 1

    def take(self) -> Counter[Step]:
        """Give what waits, and begin anew."""
        with self._lock:
            taken, self._counts = self._counts, Counter()
        return taken


WAITING = Waiting()


class ReachedMiddleware:
    """Stands before the kept pages, so that they are counted too. Looks at the address, and at nothing of whoever asks."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Count a page or an answer that went well."""
        response = self.get_response(request)
        if response.status_code == OK and (step := step_of(request)):
            WAITING.add(step)
        return response


def step_of(request: HttpRequest) -> Step | None:
    """Say how far an address is; None where it is no step, where someone is signed in, or where a browser looks ahead."""
    parts = request.path_info.split("/")
    if len(parts) < len(("", "program", "language", "")) or parts[2] not in CODES:
        return None
    match request.method, parts[3:]:
        case "GET", [""]:
            slug, far = "", Reached.FRONT
        case "GET", ["engagements", slug, ""]:
            far = Reached.QUESTIONS
        case "POST", ["engagements", slug, "voices", ""]:
            far = Reached.SENT
        case _:
            return None
    is_nobodys = (
        settings.SESSION_COOKIE_NAME not in request.COOKIES and "HTTP_SEC_PURPOSE" not in request.META
    )
    return (parts[1], parts[2], slug, far) if is_nobodys else None


def add_up(now: datetime) -> None:
    """Add what waits in memory to what the database holds."""
    taken = WAITING.take()
    for program in every_program() if taken else ():
        own = {step[1:]: count for step, count in taken.items() if step[0] == program.slug}
        if own:
            count_reached(program=program, counted=own, now=now)


def begin() -> None:
    """Add up again and again, in a thread of this process, for as long as it lives."""
    Thread(target=_again, name="reached", daemon=True).start()


def _again() -> None:
    while True:
        time.sleep(EVERY)
        close_old_connections()
        try:
            add_up(datetime.now(tz=UTC))
        except Exception as error:  # noqa: BLE001 -- what was counted is lost; counting goes on
            what = told((type(error), error, error.__traceback__))
            logger.error("Counting how far people come failed: %s", what)  # noqa: TRY400 -- a traceback's values stay out of the log
        finally:
            close_old_connections()
