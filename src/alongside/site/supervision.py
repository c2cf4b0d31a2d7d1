"""One process that keeps the others alive: web, worker and tick. TERM to it stops all."""

import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from alongside.ground.gate import counts, limits

logger = logging.getLogger("alongside.supervision")

ROLES = ("web", "work", "tick")
GRACE_SECONDS = 15
LONGEST_PAUSE = 30


@dataclass
class Child:
    """One process that is started again when it ends by itself, after a pause that doubles."""

    name: str
    command: Sequence[str]
    process: subprocess.Popen[bytes] | None = None
    pause: float = 0.0
    started: float = 0.0
    #: When it may start again, by the monotonic clock.
    after: float = field(default=0.0)

    def keep(self, clock: float) -> None:
        """Start the process if it is not running and its pause is over."""
        if self.process is not None:
            if self.process.poll() is None:
                return
            lived = clock - self.started
            self.pause = 1.0 if lived > LONGEST_PAUSE else min(LONGEST_PAUSE, max(1.0, self.pause * 2))
            logger.warning(
                "%s ended with %s; starting it again in %.0f s", self.name, self.process.poll(), self.pause
            )
            self._close()
            self.after = clock + self.pause
        if clock >= self.after:
            self.started = clock
            # The child watches this pipe: when we are gone, even by kill -9, it ends too.
            self.process = subprocess.Popen(self.command, stdin=subprocess.PIPE)  # noqa: S603 -- our own commands

    def stop(self) -> None:
        """Ask the process to end."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()

    def finish(self, deadline: float) -> None:
        """Wait until the process has ended; end it the hard way at the deadline."""
        if self.process is None:
            return
        try:
            self.process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            logger.warning("%s did not stop in time", self.name)
            self.process.kill()
            self.process.wait()
        self._close()

    def _close(self) -> None:
        if self.process is not None and self.process.stdin is not None:
            self.process.stdin.close()
        self.process = None


def children(roles: Sequence[str] = ROLES) -> list[Child]:
    """Give the children that serve; each is this program with another first word."""
    return [Child(role, [sys.executable, "-m", "alongside.site.cli", "child", role]) for role in roles]


def supervise(kept: Sequence[Child], stop: threading.Event) -> None:
    """Keep the children alive until `stop` is set, then end them all. They count together how often an address knocks."""
    with limits.shared(), counts.shared():
        try:
            while not stop.is_set():
                for child in kept:
                    child.keep(time.monotonic())
                stop.wait(0.25)
        finally:
            for child in kept:
                child.stop()
            deadline = time.monotonic() + GRACE_SECONDS
            for child in kept:
                child.finish(deadline)


def stop_on_signals() -> threading.Event:
    """Give an event that TERM and INT set."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    return stop


def end_with_parent() -> None:
    """In a child: end when the pipe from the parent closes."""

    def closed() -> None:
        while os.read(0, 1):
            pass

    _end_after(closed)


def end_with_parent_process() -> None:
    """In a process that has no pipe, as a web worker: end when another process is its parent."""
    parent = os.getppid()

    def gone() -> None:
        while os.getppid() == parent:
            time.sleep(1)

    _end_after(gone)


def _end_after(wait: Callable[[], None]) -> None:
    """Wait in a thread, then end this process: kindly, and the hard way if that takes too long."""

    def watch() -> None:
        wait()
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(GRACE_SECONDS)
        os._exit(1)

    threading.Thread(target=watch, name="end-with-parent", daemon=True).start()
