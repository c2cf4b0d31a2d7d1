"""What this machine did since it started, in numbers alone: requests by kind of address and by status, how long they took, and letters.

Nothing tells a voice from a page that was read: both are a page with the status 200, and methods are not told apart.
"""

from contextlib import AbstractContextManager
from functools import cache
from struct import Struct
from typing import Final

from alongside.ground.gate import memory

#: The environment's name for where the shared memory is found while `shared` lasts.
WHERE = "ALONGSIDE_COUNTS"
KINDS: Final = ("page", "account", "record", "file", "watch", "other")
#: Those that an operator acts on; of others the hundred is told.
STATUSES: Final = ("200", "304", "302", "400", "403", "404", "408", "409", "413", "429", "500", "503", "507")
HUNDREDS: Final = ("1xx", "2xx", "3xx", "4xx", "5xx")
#: Seconds up to which a request counts as taking no longer.
BUCKETS: Final = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
SENT, FAILED = "sent", "failed"

type Name = tuple[str, ...]
NAMES: Final[tuple[Name, ...]] = (
    *(("requests", kind, status) for kind in KINDS for status in STATUSES + HUNDREDS),
    *(("within", kind, str(most)) for kind in KINDS for most in BUCKETS),
    *(("microseconds", kind) for kind in KINDS),
    ("letters", SENT),
    ("letters", FAILED),
)
PLACES: Final = {name: place for place, name in enumerate(NAMES)}
ONE = Struct("<Q")
SIZE = ONE.size * len(NAMES)


def shared() -> AbstractContextManager[str]:
    """Let the processes that are started meanwhile count together."""
    return memory.shared(WHERE, SIZE)


@cache
def _memory() -> memory.Memory:
    """Open the memory in the process that counts, not in the one that started it."""
    return memory.Memory(WHERE, SIZE)


def count_request(kind: str, status: int, seconds: float) -> None:
    """Count a request that was answered."""
    told = str(status) if str(status) in STATUSES else f"{status // 100}xx"
    added: dict[Name, int] = {("requests", kind, told): 1, ("microseconds", kind): round(seconds * 1_000_000)}
    added |= {("within", kind, str(most)): 1 for most in BUCKETS if seconds <= most}
    _add(added)


def count_letter(how: str) -> None:
    """Count a letter that was sent, or that the mail server did not take."""
    _add({("letters", how): 1})


def counted() -> dict[Name, int]:
    """Give every count."""
    with _memory().alone():
        held = bytes(_memory().bytes)
    return {name: ONE.unpack_from(held, place * ONE.size)[0] for name, place in PLACES.items()}


def _add(added: dict[Name, int]) -> None:
    held = _memory()
    with held.alone():
        for name, more in added.items():
            at = PLACES[name] * ONE.size
            ONE.pack_into(held.bytes, at, ONE.unpack_from(held.bytes, at)[0] + more)
