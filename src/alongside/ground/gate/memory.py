"""Memory that the processes of one machine share while `alongside serve` runs. It has no name on a disk, and is gone with the process that made it."""

import fcntl
import mmap
import os
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock


@contextmanager
def shared(where: str, size: int) -> Iterator[str]:
    """Make `size` bytes, all zeros, and say in the environment, under the name `where`, where processes that are started meanwhile find them.

    The memory belongs to this process: it is gone when the process is, even by kill -9.
    Where the system cannot do that (it is not Linux), each process has its own.
    """
    if not hasattr(os, "memfd_create"):
        yield ""
        return
    memory = os.memfd_create(where.lower().replace("_", "-"))
    os.truncate(memory, size)
    os.environ[where] = found = f"/proc/{os.getpid()}/fd/{memory}"
    try:
        yield found
    finally:
        del os.environ[where]
        os.close(memory)


class Memory:
    """What `shared` made, opened by the process that uses it; memory of this process alone where nothing was made."""

    def __init__(self, where: str, size: int) -> None:
        found = os.environ.get(where)
        self._file = os.open(found, os.O_RDWR | os.O_CLOEXEC) if found else None  # open as long as we run
        self.bytes = mmap.mmap(-1 if self._file is None else self._file, size)
        self._lock = Lock()

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Keep out the other threads, and the other processes where there are any."""
        with self._lock:
            if self._file is None:
                yield
                return
            fcntl.flock(self._file, fcntl.LOCK_EX)  # the system lets go of it where a process is killed
            try:
                yield
            finally:
                fcntl.flock(self._file, fcntl.LOCK_UN)
