"""How often one address may knock: counted for the whole machine, in memory, and without a trace of who it was."""

import dataclasses
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.test import RequestFactory

from alongside.ground.gate import limits
from alongside.ground.gate.limits import Doorman

NOW = datetime(2026, 11, 27, 18, 30, tzinfo=UTC)
KNOCK = """
import sys
from datetime import datetime
from alongside.ground.gate.limits import Doorman
door = Doorman(most=5, name="voices")
now = datetime.fromisoformat(sys.argv[1])
for _ in range(int(sys.argv[3])):
    over = door.knock(sys.argv[2], now)
print(over)
"""


def knock(address: str, times: int, now: datetime = NOW) -> int:
    """Knock from another process of this machine; give how many times over the limit the last knock was."""
    words = [sys.executable, "-c", KNOCK, now.isoformat(), address, str(times)]
    return int(subprocess.run(words, capture_output=True, text=True, check=True).stdout)


def test_one_home_that_has_a_network_of_ipv6_is_counted_as_one():
    door = Doorman(most=2)

    over = [door.knock(f"2001:db8:1:2:{n:x}::{n:x}", NOW) for n in range(1, 5)]

    assert over == [0, 0, 1, 2]
    assert door.knock("2001:db8:1:3::1", NOW) == 0


def test_an_ipv4_address_is_the_same_however_it_is_written():
    door = Doorman(most=1)

    assert [door.knock(one, NOW) for one in ("192.0.2.7", "::ffff:192.0.2.7", "192.0.2.8")] == [0, 1, 0]


def test_what_is_no_address_is_counted_too():
    door = Doorman(most=1)

    assert [door.knock(one, NOW) for one in ("", "", "unix:", "fe80::1%eth0")] == [0, 1, 0, 0]


def test_all_processes_of_a_machine_count_together():
    with limits.shared():
        assert knock("192.0.2.7", 4) == 0
        assert knock("192.0.2.7", 4) == 3
        assert knock("192.0.2.8", 5) == 0


def test_one_door_does_not_count_for_another():
    with limits.shared():
        first, second = Doorman(most=1, name="voices"), Doorman(most=1, name="letters")

        assert [first.knock("192.0.2.7", NOW), second.knock("192.0.2.7", NOW)] == [0, 0]


def test_an_hour_later_everyone_is_welcome_again_and_a_day_later_the_key_is_another():
    with limits.shared() as memory:
        knock("192.0.2.7", 9)
        key, before = Path(memory).read_bytes()[:32], Path(memory).read_bytes()

        assert knock("192.0.2.7", 1, NOW + timedelta(hours=1)) == 0
        assert Path(memory).read_bytes()[:32] == key
        knock("192.0.2.7", 1, NOW + timedelta(days=1))
        after = Path(memory).read_bytes()

    assert after[:32] != key
    assert not {*_rows(before)} & {*_rows(after)}


def _rows(memory: bytes) -> list[bytes]:
    rows = [memory[at : at + 8] for at in range(limits.HEAD.size, len(memory), limits.ROW.size)]
    return [row for row in rows if any(row)]


def test_the_memory_names_nobody_and_is_gone_with_the_machine_s_own_process():
    with limits.shared() as memory:
        knock("192.0.2.7", 2)
        held = Path(memory).read_bytes()

        assert not any(one in held for one in (b"192.0.2.7", bytes([192, 0, 2, 7]), b"voices"))
        assert len(_rows(held)) == 1
        assert "/memfd:" in str(Path(memory).readlink())  # it has no name on any disk
    assert not Path(memory).exists()


def test_a_full_memory_shuts_out_nobody(monkeypatch):
    monkeypatch.setattr(limits, "ROWS", limits.REACH)
    door = Doorman(most=1)
    flood = [door.knock(f"192.0.2.{n % 100}", NOW) for n in range(200)]

    assert flood == [0] * 100 + [1] * limits.REACH + [0] * (100 - limits.REACH)
    assert door.knock("198.51.100.7", NOW) == 0


def test_behind_a_proxy_the_one_who_knocks_is_counted(settings):
    serve = dataclasses.replace(settings.ALONGSIDE.serve, behind_proxy=True)
    settings.ALONGSIDE = dataclasses.replace(settings.ALONGSIDE, serve=serve)
    request = RequestFactory().get("/", headers={"X-Forwarded-For": "198.51.100.1, 2001:db8::7"})

    assert limits.address_of(request) == "2001:db8::7"


@pytest.mark.parametrize(
    ("free", "voice", "file"), [(511, False, False), (1033, True, False), (1034, True, True)]
)
def test_a_file_leaves_voices_their_room_on_the_disk(monkeypatch, settings, free, voice, file):
    monkeypatch.setattr(
        limits.shutil, "disk_usage", lambda _path: SimpleNamespace(free=free * limits.MEGABYTE)
    )
    assert settings.ALONGSIDE.health.disk_free_mb == 512
    assert (limits.has_room(), limits.has_room(5 * limits.MEGABYTE)) == (voice, file)


def test_what_is_large_counts_as_more_than_one_knock():
    door = Doorman(most=10)

    assert [door.knock("192.0.2.7", NOW, weight=6), door.knock("192.0.2.7", NOW, weight=6)] == [0, 2]
