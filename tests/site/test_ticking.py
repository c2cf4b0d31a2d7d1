"""The tick goes on: what stops one program stops no other, and the operator learns which."""

import logging
from datetime import timedelta
from threading import Thread

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from alongside.ground.programs.models import Program
from alongside.ground.record.actions.heads import sign_head
from alongside.ground.record.actions.rules import enter_policy
from alongside.ground.record.actions.words import renew_pages
from alongside.ground.record.models import Head
from alongside.ground.record.signing import HighWater, write_high_water
from alongside.site.children import tick_once
from alongside.site.ticking import Quiet, TickError, tick
from tests.site.conftest import opened

CANARY = "my-brother-was-stopped-on-82nd"


@pytest.fixture
def three(delta, clock):
    """Give three programs, of which the first and the last cannot be signed."""
    programs = [delta, opened("epsilon", clock), opened("zeta", clock)]
    for one in (programs[0], programs[2]):
        write_high_water(one, HighWater(99, bytes(32)))
    return programs


def signed() -> set[str]:
    return set(Head.objects.values_list("log__program__slug", flat=True))


def test_a_program_that_fails_stops_no_other_and_the_tick_names_it(three, clock):
    with pytest.raises(TickError, match="in these programs: delta, zeta"):
        tick(clock)
    assert signed() == {"epsilon"}


def test_a_tick_that_failed_in_a_program_leaves_no_mark_and_tells_where_and_no_value(
    three, clock, settings, tmp_path, caplog, monkeypatch
):
    settings.DATA = tmp_path

    def fails(**_given: object) -> None:
        raise ValueError(CANARY)

    monkeypatch.setattr("alongside.site.ticking.seats.tick", fails)
    with caplog.at_level(logging.INFO, "alongside"):
        tick_once(clock)

    assert not (tmp_path / "last-tick").exists()
    said = [one.getMessage() for one in caplog.records]
    first = [line.splitlines()[0] for line in said]
    unsigned = "alongside.ground.record.signing.HaltedSigningError at"
    assert first == [
        "The tick failed in delta: builtins.ValueError at",
        f"The tick failed in delta: {unsigned}",
        "The tick failed in epsilon: builtins.ValueError at",
        "The tick failed in zeta: builtins.ValueError at",
        f"The tick failed in zeta: {unsigned}",
        "The tick failed in these programs: delta, epsilon, zeta",
    ]
    assert CANARY not in caplog.text


def test_a_clock_that_fails_stops_no_other_clock_and_the_head_is_signed(delta, clock, caplog, monkeypatch):
    def fails(**_given: object) -> None:
        raise ValueError(CANARY)

    for name in ("seats", "asks"):
        monkeypatch.setattr(f"alongside.site.ticking.{name}.tick", fails)
    with pytest.raises(TickError, match="in these programs: delta"):
        tick(clock)
    assert signed() == {"delta"}
    said = [one.getMessage().splitlines()[0] for one in caplog.records if one.levelno == logging.ERROR]
    assert said == ["The tick failed in delta: builtins.ValueError at"] * 2
    assert CANARY not in caplog.text


def test_a_tick_in_which_nothing_fails_leaves_its_mark(delta, clock, settings, tmp_path):
    settings.DATA = tmp_path
    tick_once(clock)
    assert (tmp_path / "last-tick").exists()
    assert sign_head(program=delta, now=clock) is None


#: Queries of a tick where nothing was written since the last one, however many programs there are.
NOTHING_NEW = {"sqlite": 14, "postgresql": 17}  # PostgreSQL shows where its transactions begin and end


def test_a_tick_asks_little_where_nothing_was_written_since_the_last(
    both_databases, delta, clock, django_assert_num_queries
):
    opened("epsilon", clock)
    quiet: Quiet = []
    for _ in range(5):  # what a tick writes is looked at by the next, on PostgreSQL a little later
        tick(clock, quiet=quiet)
    with django_assert_num_queries(NOTHING_NEW[connection.vendor]):
        tick(clock, quiet=quiet)


@pytest.mark.parametrize(
    "happens",
    [
        lambda now: enter_policy(program=Program.objects.get(slug="delta"), now=now),
        lambda _now: in_a_thread(renew_elsewhere),
    ],
    ids=["we wrote", "another wrote"],
)
def test_a_tick_looks_again_once_something_was_written(delta, clock, happens):
    quiet: Quiet = []
    for _ in range(3):
        tick(clock, quiet=quiet)
    happens(clock)
    with CaptureQueriesContext(connection) as seen:
        tick(clock, quiet=quiet)
    assert len(seen) > NOTHING_NEW[connection.vendor]


def in_a_thread(act) -> None:
    one = Thread(target=act)
    one.start()
    one.join()


def renew_elsewhere() -> None:
    """Write on a connection of one's own, as a web process does."""
    try:
        renew_pages(program=Program.objects.get(slug="delta"))
    finally:
        connection.close()


def test_a_tick_that_failed_is_followed_by_a_whole_one(three, clock):
    quiet: Quiet = []
    for _ in range(3):
        with pytest.raises(TickError):
            tick(clock, quiet=quiet)
    assert quiet == []


def test_a_tick_looks_at_programs_each_hour(delta, clock):
    quiet: Quiet = []
    for _ in range(3):
        tick(clock, quiet=quiet)
    with CaptureQueriesContext(connection) as seen:
        tick(clock + timedelta(hours=1), quiet=quiet)
    assert len(seen) > NOTHING_NEW[connection.vendor]


def test_a_tick_lets_sqlite_look_at_the_tables_so_that_it_knows_which_index_serves(delta, clock):
    tick(clock)
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT tbl FROM sqlite_stat1")
        known = {name for (name,) in cursor.fetchall()}
    assert {"record_logentry", "record_publictext"} <= known
