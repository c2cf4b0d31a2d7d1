"""Makes pages of the record from a replica of the database, while that holds all they rest on; and while the primary is away.

A replica follows the primary by its log, so what it holds is what the primary held a moment ago. Pages that rest on the
record alone rest on three numbers (`State`): a replica that has them has the page. All else is asked of the primary.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.db import DEFAULT_DB_ALIAS, InterfaceError, OperationalError, connections
from django.http import HttpRequest, HttpResponseBase
from django.urls import Resolver404, resolve

from alongside.site.health import is_for_want_of_a_database

ALIAS = "replica"
#: So long a server that did not answer is not asked again, in seconds.
REST = 5
#: Our fault, or the database's: then the primary makes the page.
WENT_WRONG = 500

#: What a program's pages rest on: entries, erased or translated texts, and the signed head.
STATE = """
    SELECT log.size, log.text_revision, (SELECT MAX(head.id) FROM record_head head WHERE head.log_id = log.id)
    FROM record_log log JOIN programs_program program ON program.id = log.program_id
    WHERE program.slug = %s
"""
type State = tuple[int, int, int | None]


def _asked(alias: str, slug: str) -> State | None:
    with connections[alias].cursor() as cursor:
        cursor.execute(STATE, [slug])
        found = cursor.fetchone()
    return (found[0], found[1], found[2]) if found else None


@dataclass
class _Server:
    """A server of the database, with what it told last of each program; one that does not answer is left alone for a while."""

    alias: str
    was_away: bool = False
    next_ask: float = 0.0
    told: dict[str, State] = field(default_factory=dict)

    def state(self, slug: str) -> State | None:
        """Ask what a program's pages rest on; None where there is no such log, or where nothing answers."""
        if self.is_away:
            return None
        if self.was_away:  # one asks, and the others do not wait with it
            self.next_ask = time.monotonic() + REST
        try:
            found = _asked(self.alias, slug)
        except (OperationalError, InterfaceError) as error:
            if not is_for_want_of_a_database(error):
                raise
            self.was_away, self.next_ask = True, time.monotonic() + REST
            return None
        self.was_away, self.next_ask = False, 0.0
        if found:
            self.told[slug] = found
        return found

    @property
    def is_away(self) -> bool:
        return time.monotonic() < self.next_ask


PRIMARY, REPLICA = _Server(DEFAULT_DB_ALIAS), _Server(ALIAS)


def is_there() -> bool:
    """Say whether a replica is configured."""
    return ALIAS in connections.settings


def state_of(slug: str) -> State | None:
    """Say what a program's pages rest on now; None where there is no such log. Without the primary: as it said last."""
    if not is_there():
        return _asked(DEFAULT_DB_ALIAS, slug)
    found = PRIMARY.state(slug)
    return PRIMARY.told.get(slug) if PRIMARY.is_away else found


def answer(
    request: HttpRequest, state: State | None, get_response: Callable[[HttpRequest], HttpResponseBase]
) -> HttpResponseBase:
    """Answer a reading by nobody in particular: from the replica where it holds what the page rests on, else from the primary."""
    if state is None or not is_there() or not _is_from_the_record(request):
        return get_response(request)
    held = REPLICA.state(request.path_info.split("/", 2)[1])
    if held is None or any((has or 0) < (needed or 0) for has, needed in zip(held, state, strict=True)):
        return get_response(request)
    with _in_place_of_the_primary():
        response = get_response(request)
    return get_response(request) if response.status_code >= WENT_WRONG else response


def _is_from_the_record(request: HttpRequest) -> bool:
    try:
        return getattr(resolve(request.path_info).func, "from_the_record", False)
    except Resolver404:
        return False


@contextmanager
def _in_place_of_the_primary() -> Iterator[None]:
    """Let whatever this thread asks of the database meanwhile be asked of the replica, which takes no writes."""
    primary = connections[DEFAULT_DB_ALIAS]
    connections[DEFAULT_DB_ALIAS] = connections[ALIAS]
    try:
        yield
    finally:
        connections[DEFAULT_DB_ALIAS] = primary
