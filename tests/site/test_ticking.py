"""The tick goes on: what stops one program stops no other, and the operator learns which."""

import logging

import pytest

from alongside.ground.record.actions import sign_head
from alongside.ground.record.models import Head
from alongside.ground.record.signing import HighWater, write_high_water
from alongside.site.children import tick_once
from alongside.site.ticking import ProgramsFailed, tick
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
    with pytest.raises(ProgramsFailed, match="in these programs: delta, zeta"):
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
    unsigned = "alongside.ground.record.signing.RestoredLogCannotSign at"
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
    with pytest.raises(ProgramsFailed, match="in these programs: delta"):
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
