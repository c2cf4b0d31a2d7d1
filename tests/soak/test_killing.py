"""Kill everything at any moment, again and again: no acknowledged voice is lost, and the record never forks.

ALONGSIDE_SOAK_KILLS is how often (200); ALONGSIDE_SOAK_SEED repeats a run.
"""

import os
import random
import threading
import time

import pytest

from tests.soak.conftest import Instance, kill
from tests.soak.crashing import Crowd, Observer

pytestmark = pytest.mark.soak
KILLS = int(os.environ.get("ALONGSIDE_SOAK_KILLS", "200"))
SEED = int(os.environ.get("ALONGSIDE_SOAK_SEED", "7"))
PEOPLE = 3


def crash(instance: Instance, crowd: Crowd, observer: Observer, seconds: float) -> None:
    """Serve, check the record as the last crash left it, put it under load, and kill everything after some time."""
    stop = threading.Event()
    web = instance.start("alongside.site.cli", "child", "web")
    busy = None
    try:
        instance.wait(web)
        observer.check()
        signed = _heads(instance)
        busy = instance.start("tests.soak.busy")
        while _heads(instance) == signed:  # it must be in the middle of its work when it is killed
            assert busy.poll() is None, f"The tick ended by itself: {instance.said()}"
            time.sleep(0.02)
        watching, crowd.first = observer.watch(stop), threading.Event()
        speaking = crowd.speak(PEOPLE)
        assert crowd.first.wait(30), f"Nothing was taken in: {crowd.wrong}"
        time.sleep(seconds)
        assert busy.poll() is None, f"The tick ended by itself: {instance.said()}"
    finally:
        for process in (web, busy):
            if process is not None:
                kill(process)
        stop.set()
    for thread in (watching, *speaking):
        thread.join(40)


def _heads(instance: Instance) -> int:
    ((count,),) = instance.query("SELECT COUNT(*) FROM record_head")
    return int(count)


def nothing_is_lost(instance: Instance, crowd: Crowd) -> None:
    """Compare the rows with what was acknowledged and what was sent."""
    kept = {mark for (mark,) in instance.query("SELECT mark FROM voices_voice")}
    assert crowd.taken - kept == set(), "acknowledged voices are lost"
    assert kept - crowd.sent == set(), "voices nobody sent are there"


def nothing_is_missing(instance: Instance) -> None:
    """Check that the entries are numbered without a gap, up to the size that the log says."""
    places = [place for (place,) in instance.query('SELECT "index" FROM record_logentry ORDER BY "index"')]
    ((size,),) = instance.query("SELECT size FROM record_log")
    assert places == list(range(size)), "the log has a gap"


def test_no_acknowledged_voice_is_lost_and_the_record_never_forks(instance):
    draw, crowd, observer = random.Random(SEED), Crowd(instance), Observer(instance)
    instance.run("alongside.site.cli", "record", "sign")

    for _ in range(KILLS):
        crash(instance, crowd, observer, draw.uniform(0.12, 0.45))
        nothing_is_lost(instance, crowd)
        nothing_is_missing(instance)

    web = instance.start("alongside.site.cli", "child", "web")
    try:
        instance.wait(web)
        heads = observer.check()
    finally:
        kill(web)
    assert crowd.wrong == []
    assert heads > KILLS, "the record did not grow between the kills"
    print(
        f"\n{KILLS} kills, {len(crowd.taken)} voices acknowledged, {len(observer.entries)} entries, {heads} heads agree"
    )
