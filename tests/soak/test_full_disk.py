"""The disk is full in the middle of a day: nobody is told that a voice was taken in when it was not."""

import resource

import pytest

from tests.soak.conftest import kill
from tests.soak.crashing import Crowd, Observer
from tests.soak.test_killing import nothing_is_lost, nothing_is_missing

pytestmark = pytest.mark.soak
ROOM = 256 * 1024  # bytes that the database's files may still grow by: some dozens of voices
ERROR, NO_ROOM = "500", "507"


def test_what_does_not_fit_is_not_acknowledged(sqlite_instance):
    instance, crowd = sqlite_instance, Crowd(sqlite_instance)
    instance.run("alongside.site.cli", "record", "sign")
    full = (instance.folder / "alongside.sqlite3").stat().st_size + ROOM
    web = instance.start("alongside.site.cli", "child", "web")
    resource.prlimit(web.pid, resource.RLIMIT_FSIZE, (full, full))
    try:
        instance.wait(web)
        for thread in crowd.speak(2):
            thread.join(120)
    finally:
        kill(web)

    assert {one.split()[0] for one in crowd.wrong} <= {ERROR, NO_ROOM}, crowd.wrong
    assert len(crowd.wrong) == 2, "everyone was told that something is wrong"
    assert crowd.taken, "nothing was taken in before the disk was full; give it more room"
    nothing_is_lost(instance, crowd)
    assert instance.query("PRAGMA integrity_check") == [("ok",)]


def test_when_there_is_room_again_all_goes_on(sqlite_instance):
    instance, crowd, observer = sqlite_instance, Crowd(sqlite_instance), Observer(sqlite_instance)
    instance.run("alongside.site.cli", "record", "sign")
    size = (instance.folder / "alongside.sqlite3").stat().st_size
    for room in (ROOM, resource.RLIM_INFINITY):
        web = instance.start("alongside.site.cli", "child", "web")
        most = room if room == resource.RLIM_INFINITY else size + room
        resource.prlimit(web.pid, resource.RLIMIT_FSIZE, (most, most))
        try:
            instance.wait(web)
            observer.check()
            crowd.first.clear()
            threads = crowd.speak(1)
            if room == ROOM:
                threads[0].join(120)
            assert crowd.first.wait(60), crowd.wrong
        finally:
            kill(web)
        threads[0].join(60)
        nothing_is_lost(instance, crowd)
        nothing_is_missing(instance)
    assert len(crowd.wrong) == 1
