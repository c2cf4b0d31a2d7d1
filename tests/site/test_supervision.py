"""One process keeps the others alive, with real processes."""

import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable

from alongside.site.supervision import Child, supervise

PARENT = """
import sys
from alongside.site.supervision import Child, stop_on_signals, supervise
stop = stop_on_signals()
child = Child("child", [sys.executable, "-c", sys.argv[1]])
supervise([child], stop)
print("all stopped", flush=True)
"""
CHILD = """
import os, threading
from alongside.site.supervision import end_with_parent
end_with_parent()
print(os.getpid(), flush=True)
threading.Event().wait()
"""


def wait_until(said: Callable[[], bool], seconds: float = 20) -> None:
    """Wait until something is so."""
    deadline = time.monotonic() + seconds
    while not said():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


def is_running(pid: int) -> bool:
    """Say whether a process runs (a dead one that nobody has collected does not)."""
    try:
        with open(f"/proc/{pid}/stat") as stat:
            return stat.read().rsplit(")", 1)[1].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def parent() -> tuple[subprocess.Popen[str], int]:
    """Start a supervisor with one child and give both."""
    process = subprocess.Popen(
        [sys.executable, "-c", PARENT, textwrap.dedent(CHILD)], stdout=subprocess.PIPE, text=True
    )
    return process, int(process.stdout.readline())


def test_term_to_the_one_process_stops_all():
    process, child = parent()
    process.terminate()
    assert process.communicate(timeout=20)[0] == "all stopped\n"
    assert (process.returncode, is_running(child)) == (0, False)


def test_children_end_when_the_one_process_is_killed_outright():
    process, child = parent()
    process.kill()
    process.wait()
    process.stdout.close()
    wait_until(lambda: not is_running(child))


def test_a_child_that_dies_is_started_again():
    process, first = parent()
    os.kill(first, signal.SIGKILL)
    second = int(process.stdout.readline())
    assert second != first
    process.terminate()
    process.communicate(timeout=20)
    assert is_running(second) is False


def test_a_child_that_will_not_start_is_tried_less_and_less_often():
    stop = threading.Event()
    child = Child("broken", [sys.executable, "-c", "raise SystemExit(3)"])
    thread = threading.Thread(target=supervise, args=([child], stop))
    thread.start()
    wait_until(lambda: child.pause >= 2)
    stop.set()
    thread.join(20)
    assert (thread.is_alive(), child.process) == (False, None)
