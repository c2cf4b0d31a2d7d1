"""Other clocks than this machine's: the database's where it is another machine, and those that `clock.ask` names."""

import logging
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from django.conf import settings
from django.db import connection

from alongside.ground.programs.models import Program
from alongside.ground.record.actions.days import begin_day, doubt_day
from alongside.ground.record.models import Log
from alongside.ground.record.signing import HaltedLogError

logger = logging.getLogger("alongside.tick")

#: Clocks that differ by less show the same day, or it is just beginning.
NEAR = timedelta(hours=12)
PATIENCE_SECONDS = 5
EACH_SECONDS = 3_600
#: From this second of the machine's running on the others are asked again, whatever day it is.
_ask_from = 0.0
HERE = frozenset({"", "localhost", "127.0.0.1", "::1"})


def held(now: datetime) -> dict[str, str]:
    """Begin the day in every program, and say of each whose clock has to wait, by its slug, what the matter is.

    Once an hour the others are asked, too, whether ours is behind: a clock that stands tells nobody's silence.
    """
    found: dict[str, str] = {}
    is_seen: bool | None = None
    is_behind = _is_behind(now)
    for program in Program.objects.filter(log__isnull=False).order_by("pk"):
        try:
            if is_behind and not program.is_demonstration:
                doubt_day(program=program, now=now)
                found[program.slug] = "the clock of this machine is behind another one"
                continue
            if begin_day(program=program, now=now, is_seen=False):
                continue
            is_seen = any(abs(now - one) < NEAR for one in others()) if is_seen is None else is_seen
            if not (is_seen and begin_day(program=program, now=now, is_seen=True)):
                found[program.slug] = "the clock of this machine jumped, and no other clock shows its day"
        except HaltedLogError as error:
            found[program.slug] = str(error)
    return found


def waiting(now: datetime) -> int:
    """Count the programs whose last agreed day is further back than a day."""
    # A day more, because a program's own day may be behind that of UTC.
    return Log.objects.filter(
        agreed_day__lt=now.date() - timedelta(days=2), program__is_demonstration=False
    ).count()


def _is_behind(now: datetime) -> bool:
    """Say whether another clock shows a later time; they are asked once an hour, and as long as one does."""
    global _ask_from  # noqa: PLW0603 -- one process ticks
    if time.monotonic() < _ask_from:
        return False
    is_behind = any(one - now > NEAR for one in others())
    _ask_from = 0.0 if is_behind else time.monotonic() + EACH_SECONDS
    return is_behind


def others() -> Iterator[datetime]:
    """Ask the clocks that are not ours, one after another."""
    about = connection.settings_dict
    if connection.vendor == "postgresql" and about["HOST"] not in HERE and not about["HOST"].startswith("/"):
        with connection.cursor() as cursor:
            cursor.execute("SELECT CURRENT_TIMESTAMP")
            yield cursor.fetchone()[0]
    for address in settings.ALONGSIDE.clock.ask.split():
        if shown := _shown_at(address):
            yield shown


def _shown_at(address: str) -> datetime | None:
    """Read the time that another machine writes on its answers, or None where it gives none."""
    request = urllib.request.Request(address, method="HEAD")  # noqa: S310 -- the operator names the address
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE_SECONDS) as reply:  # noqa: S310 -- as above
            return parsedate_to_datetime(reply.headers["Date"]).astimezone(UTC)
    except (urllib.error.URLError, OSError, TypeError, ValueError):
        logger.warning("The clock of %s could not be read.", address)
        return None
