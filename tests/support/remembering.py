"""States that many tests begin with: built once a run, by the same actions as ever, and copied for each test after that.

Only the first state of a test is copied, into a database that nobody has written to; what a test builds on it is built.
"""

import copy
import functools
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connections

from tests.support import databases


@dataclass(frozen=True)
class Kept:
    """A state: the folder with its database and keys, and what was given to the test."""

    folder: Path
    given: Any


KEPT: dict[Any, Kept] = {}


#: Where the made-up city of most tests lies: so many days before an hour are days there, also where summer time ends between.
CITY = ZoneInfo("America/Chicago")


def this_hour() -> datetime:
    """Give the hour in which the test runs: views look at the clock, and what is built for an hour can be copied."""
    return datetime.now(tz=CITY).replace(minute=0, second=0, microsecond=0)


def remembered[**P, T](build: Callable[P, T]) -> Callable[P, T]:
    """Build a state the first time it is asked for with these arguments; then copy it wherever a test begins with it."""

    @functools.wraps(build)
    def begin(*args: P.args, **options: P.kwargs) -> T:
        if not is_untouched():
            return build(*args, **options)
        key = (build.__module__, build.__qualname__, repr(args), repr(sorted(options.items())))
        if key in KEPT:
            return bring_back(KEPT[key])
        given = build(*args, **options)
        KEPT[key] = keep(given)
        return given

    return begin


def is_untouched() -> bool:
    """Say whether this test's database is as the template was. Only copies of a file are; PostgreSQL's is built."""
    if databases.UNTOUCHED is None:
        return False
    name = databases.UNTOUCHED[0]
    here = str(connections.settings["default"]["NAME"])
    return here == name and databases.UNTOUCHED[1] == databases.state_of(name)


def keep(given: Any) -> Kept:
    """Copy the database and the keys aside, with what was given."""
    databases.UNTOUCHED = None
    folder = Path(tempfile.mkdtemp(dir=Path(connections.settings["default"]["NAME"]).parent))
    with connections["default"].cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connections["default"].close()
    shutil.copyfile(connections.settings["default"]["NAME"], folder / "database")
    if settings.ALONGSIDE.keys.exists():
        shutil.copytree(settings.ALONGSIDE.keys, folder / "keys")
    return Kept(folder, copy.deepcopy(given))


def bring_back(kept: Kept) -> Any:
    """Fill this test's database and keys with a kept state, and give what was given then."""
    databases.UNTOUCHED = None
    connections["default"].close()
    shutil.copyfile(kept.folder / "database", connections.settings["default"]["NAME"])
    if (kept.folder / "keys").exists():
        shutil.copytree(kept.folder / "keys", settings.ALONGSIDE.keys, dirs_exist_ok=True)
    return copy.deepcopy(kept.given)
