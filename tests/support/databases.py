"""A database of its own for every test: a copy of one template that was migrated once.

The record's tables refuse UPDATE and DELETE by trigger, so a test cannot be cleaned up by flushing.
So nothing is rolled back or flushed: a test commits for real, other threads and processes see it, and its
database is thrown away afterwards. Any test that asks for `db` (or carries `django_db`) gets one; `transaction=True`
changes nothing. On PostgreSQL: mark the test `postgres`, or ask for `both_databases` to run it on each.
"""

import contextlib
import copy
import dataclasses
import fcntl
import itertools
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connections

from alongside.site.database import POSTGRES_OPTIONS
from alongside.site.starting import make_tables
from tests.support.postgres import NoServerError, Server, memory, start, stop

COUNT = itertools.count(1)
#: The file of this test's database, and how it is as long as nobody has written to it; see remembering.py.
UNTOUCHED: tuple[str, tuple[int, int]] | None = None


def point_at(settings: dict[str, Any]) -> None:
    """Make every new connection, in every thread, use these settings."""
    connections["default"].close()
    pool = getattr(connections["default"], "close_pool", None)
    if pool:
        pool()
    del connections["default"]
    connections.settings["default"].clear()
    connections.settings["default"].update(copy.deepcopy(settings))


def forget_cached_rows() -> None:
    """Drop what is kept in memory about rows of the last database."""
    from django.contrib.contenttypes.models import ContentType
    from django.core.cache import cache

    from alongside.ground.record.steps import kept_of

    ContentType.objects.clear_cache()
    cache.clear()
    kept_of.cache_clear()


@contextlib.contextmanager
def pointed_at(settings: dict[str, Any]) -> Iterator[None]:
    """Use these settings for a while, then the ones from before."""
    before = copy.deepcopy(connections.settings["default"])
    point_at(settings)
    forget_cached_rows()
    try:
        yield
    finally:
        point_at(before)


def with_name(settings: dict[str, Any], name: str | Path) -> dict[str, Any]:
    """Return the settings for another database of the same kind."""
    return {**settings, "NAME": str(name)}


def without_waiting_for_the_disk(settings: dict[str, Any]) -> dict[str, Any]:
    """Return settings of SQLite that do not wait for the disk at each commit: no test here pulls the plug.

    That the program does wait is held by tests/site/test_config.py, and by the soak that kills it.
    """
    waits, hurries = "synchronous=FULL", "synchronous=OFF"
    command = settings["OPTIONS"]["init_command"]
    assert waits in command, "the program no longer waits for the disk; see site/wiring.py"
    return {**settings, "OPTIONS": {**settings["OPTIONS"], "init_command": command.replace(waits, hurries)}}


def once_a_run(factory: pytest.TempPathFactory, name: str, build: Callable[[Path], None]) -> Path:
    """Give a folder that is filled once a run, by the worker that asks first; the others wait and copy."""
    base = factory.getbasetemp()
    base = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base  # the folder that all workers share
    folder, begun = base / name, base / f"{name}-begun"
    with (base / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            shutil.rmtree(begun, ignore_errors=True)  # what failed the time before
            begun.mkdir()
            build(begun)
            begun.rename(folder)
    return folder


@pytest.fixture(scope="session")
def sqlite_template(
    django_test_environment: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Any]]:
    """Migrate one SQLite database and return its settings; tests copy the file, into the same folder."""
    hurried = without_waiting_for_the_disk(connections.settings["default"])

    def build(folder: Path) -> None:
        with django_db_blocker.unblock(), pointed_at(with_name(hurried, folder / "template.sqlite3")):
            make_tables()

    with tempfile.TemporaryDirectory(prefix="alongside-sqlite-", dir=memory()) as folder:
        path = Path(folder) / "template.sqlite3"
        shutil.copyfile(once_a_run(tmp_path_factory, "sqlite", build) / path.name, path)
        yield with_name(hurried, path)


@pytest.fixture(scope="session")
def postgres_server(
    django_test_environment: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    """Start a PostgreSQL server with a migrated database; skip (or, where it is required, fail) if there is none."""

    def build(folder: Path) -> None:
        server = start()
        try:
            server.run("CREATE DATABASE alongside_template")
            with django_db_blocker.unblock(), pointed_at(template_on(server)):
                make_tables()
        finally:
            stop(server, keep=folder / "data")

    try:
        server = start(once_a_run(tmp_path_factory, "postgres", build) / "data")
    except NoServerError as error:
        error.skip_or_fail()
    yield server
    stop(server)


@pytest.fixture(scope="session")
def postgres_template(postgres_server: Server) -> dict[str, Any]:
    """Give the settings of the migrated PostgreSQL database; tests copy it with CREATE DATABASE."""
    return template_on(postgres_server)


def template_on(server: Server) -> dict[str, Any]:
    """Give the settings of the database of a server that tests copy."""
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "alongside_template",
        "USER": server.user,
        "HOST": server.host,
        "PORT": str(server.port),
        "PASSWORD": "",
        **{
            k: copy.deepcopy(connections.settings["default"][k])
            for k in ("TIME_ZONE", "TEST", "ATOMIC_REQUESTS")
        },
        "AUTOCOMMIT": True,
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": False,
        "OPTIONS": dict(POSTGRES_OPTIONS),
    }


def state_of(name: str) -> tuple[int, int]:
    """Tell when a database's file was last written to, and how much waits in its log to be written to it."""
    log = Path(f"{name}-wal")
    return Path(name).stat().st_mtime_ns, log.stat().st_size if log.exists() else 0


@contextlib.contextmanager
def sqlite_copy(template: dict[str, Any], folder: Path) -> Iterator[dict[str, Any]]:
    """Give the settings of a fresh copy of the template file."""
    global UNTOUCHED
    path = folder / f"test-{next(COUNT)}.sqlite3"
    shutil.copyfile(template["NAME"], path)
    UNTOUCHED = (str(path), state_of(str(path)))
    yield with_name(template, path)
    UNTOUCHED = None
    for left in folder.glob(f"{path.name}*"):
        left.unlink(missing_ok=True)  # a page that was still being read may close the last connection now


@contextlib.contextmanager
def postgres_copy(template: dict[str, Any], server: Server) -> Iterator[dict[str, Any]]:
    """Give the settings of a fresh copy of the template database."""
    name = f"test_{next(COUNT)}"
    server.run(f"CREATE DATABASE {name} TEMPLATE {template['NAME']} STRATEGY FILE_COPY")
    yield with_name(template, name)
    server.run(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def django_db_setup() -> None:
    """Do nothing here: a template is made when the first test of its kind asks for it."""


@pytest.fixture
def _django_db_helper(
    request: pytest.FixtureRequest, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[None]:
    """Stand in for pytest-django's own: a fresh database, no rollback, no flush."""
    if request.node.get_closest_marker("postgres"):
        template = request.getfixturevalue("postgres_template")
        fresh = postgres_copy(template, request.getfixturevalue("postgres_server"))
    else:
        template = request.getfixturevalue("sqlite_template")
        fresh = sqlite_copy(template, Path(template["NAME"]).parent)
    with django_db_blocker.unblock(), fresh as settings, pointed_at(settings):
        yield


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def both_databases(request: pytest.FixtureRequest, db: None) -> str:
    """Run the test once on each database; gives the name of the one in use."""
    return request.param


@pytest.fixture(autouse=True)
def keys_of_its_own(settings: Any, tmp_path: Path) -> None:
    """Give each test its own folder for signing keys and high-water marks: another test's log is another log."""
    settings.ALONGSIDE = dataclasses.replace(settings.ALONGSIDE, keys=tmp_path / "keys")
