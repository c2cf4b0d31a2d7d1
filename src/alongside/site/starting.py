"""Setting up and serving: `alongside up` and `alongside serve`."""

import hashlib
import os
import re
import shutil
import socket
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection, transaction
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.test import override_settings

from alongside.ground.programs.queries import every_program
from alongside.site import checking, resuming, supervision
from alongside.site.health import NO_DATABASE, is_for_want_of_a_database

#: A version that the extra "locked" names.
PINNED = re.compile(r"([A-Za-z0-9._-]+)==([^;\s]+)\s*;.*extra == ['\"]locked['\"]")


OLDER = (
    "This database was made by 0.1, whose tables were others. Move the data folder away and begin anew, "
    "or go on with 0.1. A mirror of its record still verifies with this release."
)


def refuse_older_tables() -> None:
    """Refuse a database whose migrations are those of 0.1: no step leads from its tables to these."""
    recorder = MigrationRecorder(connection)
    if recorder.has_table() and recorder.migration_qs.filter(app="record", name="0001_initial").exists():
        raise CommandError(OLDER)


def up(*, check: str | None) -> int:
    """Set everything up, serve until stopped, and give the exit status.

    With `check`, visit pages of every `kind` as everyone and in each role, or `all` pages, and stop.
    """
    if check and "ALONGSIDE_PORT" not in os.environ:
        _use_port(_free_port())
    try:
        prepare()
    except KeyboardInterrupt:
        return _said(
            f"Stopped. Where the demonstration was being built, delete {settings.DATA} to begin anew."
        )
    say_what_waits()
    tell("Starting what serves.")
    stop = supervision.stop_on_signals()
    kept = threading.Thread(
        target=supervision.supervise, args=(supervision.children(), stop), name="supervise"
    )
    kept.start()
    try:
        if not wait_until_up(stop):
            return 0 if stop.is_set() else _said("The site did not start. What went wrong stands above.")
        if check:
            return checking.check(address(), stop, everything=check == "all")
        _tell()
        while not stop.wait(1):
            pass
        return 0
    finally:
        stop.set()
        kept.join()


def serve() -> None:
    """Serve what `upgrade` has set up. Says the cure where something was not."""
    try:
        call_command("check", deploy=settings.PRODUCTION, fail_level="ERROR")
        connection.ensure_connection()
    except OperationalError as error:
        if not is_for_want_of_a_database(error):
            raise
        sys.exit(f"alongside: {NO_DATABASE}")
    collect()
    say_what_is_untested()
    say_what_waits()
    supervision.supervise(supervision.children(), supervision.stop_on_signals())


def prepare() -> None:
    """Bring the database and the files up to date; build the demonstration where the data folder is new."""
    refuse_older_tables()
    if MigrationRecorder(connection).applied_migrations():
        tell("Bringing the tables up to date.")
        call_command("migrate", verbosity=0)
    else:
        tell("Making the tables.")
        make_tables()
    call_command("check", verbosity=0)
    tell("Collecting styles, scripts and pictures.")
    collect()
    if settings.PRODUCTION or every_program():
        return
    from alongside.site.demo.programs import build  # noqa: PLC0415 -- never loaded in production

    build(now=datetime.now(tz=UTC), tell=tell)


class NoMigrations(dict[str, None]):
    """Says of every app that it has no migrations, so that its tables are made from its models at once."""

    def __contains__(self, label: object) -> bool:
        return True

    def __getitem__(self, label: str) -> None:
        return None


def make_tables() -> None:
    """Make every table of an empty database from the models, and note every migration as applied; safe to repeat.

    Walking all migrations takes twenty times as long; tests/site/test_schema.py holds that it ends at the same tables.
    """
    with override_settings(MIGRATION_MODULES=NoMigrations()):
        call_command("migrate", verbosity=0, interactive=False, run_syncdb=True)
    recorder = MigrationRecorder(connection)
    recorder.ensure_schema()
    with transaction.atomic():
        for app, name in MigrationLoader(None).graph.nodes:
            recorder.record_applied(app, name)


def tell(words: str) -> None:
    """Say what is being done."""
    print(words, flush=True)  # noqa: T201 -- a command speaks


def say_what_waits() -> None:
    """Say which records may not go on, and why; they are read as ever, and nothing is added to them."""
    for slug, why in resuming.waiting().items():
        print(f"alongside: {slug} can only be read. {why}", file=sys.stderr, flush=True)  # noqa: T201 -- a command speaks


def untested(version_of: Callable[[str], str] = metadata.version) -> list[str]:
    """List the packages that run here in another version than this release was tested with."""
    told = []
    for one in metadata.requires("alongside") or ():
        pin = PINNED.match(one)
        if pin is None:
            continue
        try:
            found = version_of(pin[1])
        except metadata.PackageNotFoundError:  # for another system, or for a database that is not used here
            continue
        if found != pin[2]:
            told.append(f"{pin[1]} {found} (tested with {pin[2]})")
    return told


def say_what_is_untested() -> None:
    """Say what runs here that nobody tested together."""
    told = untested()
    if told:
        cure = "Install 'alongside[locked]' to run what was tested."
        print(f"alongside: not tested with {', '.join(told)}. {cure}", file=sys.stderr, flush=True)  # noqa: T201 -- a command speaks


def collect() -> None:
    """Collect the files of all rooms under names that hold their digest, if any has changed."""
    digest = hashlib.sha256()
    for finder in get_finders():
        for name, storage in sorted(finder.list([]), key=lambda found: found[0]):
            about = Path(storage.path(name)).stat()
            digest.update(f"{name} {about.st_size} {about.st_mtime_ns}\n".encode())
    mark = settings.STATIC_ROOT / ".collected"
    if mark.exists() and mark.read_text(encoding="ascii") == digest.hexdigest():
        return
    shutil.rmtree(settings.STATIC_ROOT, ignore_errors=True)
    call_command("collectstatic", interactive=False, verbosity=0)
    settings.STATIC_ROOT.mkdir(exist_ok=True)
    mark.write_text(digest.hexdigest(), encoding="ascii")


def address() -> str:
    """Give the address where this machine reaches the site, without a last slash."""
    return f"http://localhost:{settings.ALONGSIDE.serve.port}"


def wait_until_up(stop: threading.Event, seconds: float = 60) -> bool:
    """Wait until the web answers; say whether it did."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and not stop.is_set():
        try:
            urllib.request.urlopen(address() + "/health", timeout=5).close()  # noqa: S310 -- our own site
        except urllib.error.HTTPError:
            return True
        except OSError:
            stop.wait(0.1)
        else:
            return True
    return False


def _tell() -> None:
    """Print where the site is."""
    tell(f"\n  Alongside is at {address()}/\n")
    if settings.ALONGSIDE.mail.kind == "files":
        tell(f"  Mail is kept in {settings.DATA / 'mail'}. Ctrl-C stops everything.\n")


def _said(words: str) -> int:
    """Print what went wrong and give the exit status for it."""
    print(words, file=sys.stderr)  # noqa: T201 -- a command speaks
    return 1


def _free_port() -> int:
    """Give a port that nothing listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _use_port(port: int) -> None:
    """Use a port here and, through the environment, in every child."""
    os.environ["ALONGSIDE_PORT"] = str(port)
    from alongside.site.config import from_environment  # noqa: PLC0415 -- read again with the port

    settings.ALONGSIDE = from_environment()
