"""The health page."""

import dataclasses
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from aiosmtpd.controller import Controller
from django.db import OperationalError
from django.test import Client

from alongside.ground.record.actions.heads import sign_head
from alongside.ground.record.signing import HighWater, write_high_water
from alongside.site import health
from alongside.site.children import tick_once
from alongside.site.config import mailer
from alongside.site.health import findings
from tests.site.test_visits import signed_in
from tests.support.postgres import free_port

AWAY = {"REMOTE_ADDR": "203.0.113.9"}


@pytest.fixture(autouse=True)
def _data(settings, tmp_path: Path):
    settings.DATA = tmp_path
    (tmp_path / "last-tick").touch()


@pytest.fixture
def signed(delta, clock):
    """Give the program with its head signed."""
    sign_head(program=delta, now=clock)
    return delta


def unwell(now: datetime) -> list[str]:
    """Name what is not well."""
    return [found.name for found in findings(now) if not found.well]


def test_all_is_well_after_a_tick(signed, client):
    said = client.get("/health")
    assert (said.status_code, said.json()["well"]) == (200, True)


def test_an_entry_that_waits_too_long_for_a_signature_is_told(delta, clock):
    days = timedelta(days=2)
    assert [unwell(clock), unwell(clock + days)] == [[], ["late_heads"]]
    sign_head(program=delta, now=clock)
    assert unwell(clock + days) == []


def test_a_tick_that_stopped_is_told_with_the_cure(delta, client, settings):
    old = datetime.now(tz=UTC).timestamp() - 16 * 60
    os.utime(settings.DATA / "last-tick", (old, old))
    said = client.get("/health")
    assert (said.status_code, said.json()["tick_age"]["cure"][:19]) == (503, "Run alongside serve")


def test_a_tick_that_never_ran_is_told(delta, clock, settings):
    (settings.DATA / "last-tick").unlink()
    assert unwell(clock) == ["tick_age"]


def test_a_full_disk_is_told(delta, clock, settings):
    changed = dataclasses.replace(settings.ALONGSIDE.health, disk_free_mb=2**40)
    settings.ALONGSIDE = dataclasses.replace(settings.ALONGSIDE, health=changed)
    assert unwell(clock) == ["disk_free"]


@pytest.mark.postgres
def test_a_full_disk_of_postgresql_is_told_with_the_cure(signed, client, monkeypatch):
    assert client.get("/health").json()["database_room"]["well"]
    full = (
        "DO $$ BEGIN RAISE 'could not extend file: No space left on device' USING ERRCODE = '53100'; END $$"
    )
    monkeypatch.setattr(health, "A_MEGABYTE", full)
    said = client.get("/health")
    assert (said.status_code, said.json()["database_room"]["value"]) == (503, 0)
    assert said.json()["database_room"]["cure"].startswith("The disk of PostgreSQL is full.")


def test_mail_that_piles_up_is_told(delta, settings):
    from alongside.site.mail import remind

    changed = dataclasses.replace(settings.ALONGSIDE.health, mail_waiting=0)
    settings.ALONGSIDE = dataclasses.replace(settings.ALONGSIDE, health=changed)
    remind.enqueue(delta.pk, 1, 1, "2026-03-02", "before-7")
    assert "mail_waiting" in unwell(datetime.now(tz=UTC))


def test_a_mail_server_that_does_not_let_us_in_is_told(signed, settings):
    port = free_port()
    mail = dataclasses.replace(settings.ALONGSIDE.mail, kind="smtp", host="localhost", port=port)
    settings.ALONGSIDE = dataclasses.replace(settings.ALONGSIDE, mail=mail)
    settings.MAILERS = {"default": mailer(settings.ALONGSIDE)}
    health._lets_in.cache_clear()
    now = datetime.now(tz=UTC)
    assert unwell(now)[-1] == "mail_server"
    catcher = Controller(object(), hostname="localhost", port=port)
    catcher.start()
    try:
        assert unwell(now)[-1] == "mail_server"  # asked once a minute
        assert "mail_server" not in unwell(now + timedelta(minutes=1))
    finally:
        catcher.stop()
        health._lets_in.cache_clear()


def test_whether_it_lives_and_is_ready_is_told_to_everyone(db):
    said = [Client().get(path, **AWAY) for path in ("/live", "/ready")]
    assert [(one.status_code, one.content) for one in said] == [(200, b"live\n"), (200, b"ready\n")]


def test_without_its_database_it_lives_and_is_not_ready(db, monkeypatch):
    def gone(*_args, **_kwargs):
        raise OperationalError

    monkeypatch.setattr(health, "connection", SimpleNamespace(cursor=gone))
    assert [Client().get(path).status_code for path in ("/live", "/ready")] == [200, 503]


def test_it_does_not_exist_for_others(signed, steward, settings):
    changed = dataclasses.replace(settings.ALONGSIDE.health, token="watch")
    settings.ALONGSIDE = dataclasses.replace(settings.ALONGSIDE, health=changed)
    asked = [
        Client().get("/health", **AWAY),
        Client().get("/health", headers={"authorization": "Bearer wrong"}, **AWAY),
        Client().get("/health", headers={"authorization": "Bearer watch"}, **AWAY),
    ]
    assert [said.status_code for said in asked] == [404, 404, 200]


def test_a_header_in_letters_that_no_token_has_is_refused_like_any_other(signed, settings):
    changed = dataclasses.replace(settings.ALONGSIDE.health, token="watch")
    settings.ALONGSIDE = dataclasses.replace(settings.ALONGSIDE, health=changed)
    said = Client().get("/health", headers={"authorization": "Bearer \xe9\xff"}, **AWAY)
    assert said.status_code == 404


def test_a_monitor_with_no_token_set_learns_nothing(delta):
    said = Client().get("/health", headers={"authorization": "Bearer "}, **AWAY)
    assert said.status_code == 404


def test_a_signed_in_operator_may_read_it(signed, steward):
    assert signed_in(steward).get("/health", **AWAY).status_code == 200


def test_a_log_that_may_not_go_on_is_not_well(signed, delta, clock):
    write_high_water(delta, HighWater(99, bytes(32)))
    assert unwell(clock) == ["halted_logs"]


def test_a_tick_that_fails_leaves_no_mark_and_the_next_one_runs(delta, clock, settings):
    (settings.DATA / "last-tick").unlink()
    mark = settings.ALONGSIDE.keys / "delta.high"
    kept = mark.read_bytes()
    write_high_water(delta, HighWater(99, bytes(32)))
    tick_once(clock)
    assert not (settings.DATA / "last-tick").exists()
    mark.write_bytes(kept)
    tick_once(clock)
    assert (settings.DATA / "last-tick").exists()


@pytest.mark.parametrize("header", ["forwarded", "via", "x-forwarded-for", "x-forwarded-proto"])
def test_what_came_through_a_proxy_on_this_machine_is_not_from_this_machine(db, header):
    assert [Client().get("/health", headers=said).status_code == 404 for said in ({}, {header: "https"})] == [
        False,
        True,
    ]
