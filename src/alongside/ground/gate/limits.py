"""What one may ask of this machine: how large a file may be; how often an address may knock, counted in memory that all processes share; and the disk."""

import hashlib
import ipaddress
import os
import shutil
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from struct import Struct
from threading import Lock

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _

from alongside.core.refusals import Refused
from alongside.ground.gate import memory

# How often in an hour one address may knock at each door.
#: Generous: a library's computers share one address.
VOICES_AN_HOUR = 600
#: One person gives dozens, and the next one sits at the same computer.
VOTES_AN_HOUR = 6_000
APPLICATIONS_AN_HOUR = 600
COSIGNED_AN_HOUR = 600
#: Letters are not: nobody's mailbox is to be filled from here.
LETTERS_AN_HOUR = 20
#: Codes by email that one network may ask for one mailbox, and that all may together; then each has one more, up to the last bound.
CODES_AN_HOUR = 6
CODES_TO_A_MAILBOX = 30
MOST_CODES_TO_A_MAILBOX = 120
#: What one customer of a provider of IPv6 has, up to 65,536 networks of one home.
CUSTOMER = 48
#: Generous as well: the offices of a city share one address.
STARTS_AN_HOUR = 600
#: Codes hold 58 bits, so a guesser who may knock so often never gets in.
PRINTED_CODES_AN_HOUR = 30

KILOBYTE, MEGABYTE = 1 << 10, 1 << 20

# How large one file may be that somebody sends, in bytes.
#: A picture of a bill, or what leads review. A larger body brings no file at all, but where a page says otherwise.
LARGEST_FILE = 5 * MEGABYTE
LARGEST_RECORDING = 8 * MEGABYTE
LARGEST_REGISTER = 256 * MEGABYTE
#: What a course gives to take along.
LARGEST_HANDOUT = 400 * KILOBYTE
#: What comes back from the finance office.
LARGEST_PAY_FILE = 400_000
# What files hold together, in bytes: a lead's pictures of bills, those of one review, those of registers that wait for a yes in one program.
MOST_BILLS = 200 * MEGABYTE
MOST_REVIEWED = 100 * MEGABYTE
MOST_WAITS = 512 * MEGABYTE
#: What of a form to review is checked for forbidden questions each time that a lead opens it, in characters and in lines.
MOST_CHECKED, MOST_LINES = 60_000, 1_000

#: The environment's name for where the shared memory is found while `shared` lasts.
WHERE = "ALONGSIDE_LIMITS"
#: The key of the day, that day, and the hour of it that is counted.
HEAD = Struct("<32sII")
#: A keyed hash of who knocked at which door, and how often.
ROW = Struct("<8sI")
ROWS = 2**17
SIZE = HEAD.size + ROWS * ROW.size
#: How far a name may stand from its own place. Where all of these are taken, nobody is counted.
REACH = 32


def shared() -> AbstractContextManager[str]:
    """Let the processes that are started meanwhile count together; give where, for them and tests to open.

    Where the system cannot do that (it is not Linux), each process counts for itself.
    """
    return memory.shared(WHERE, SIZE)


class _Memory(memory.Memory):
    """The counts of this hour, under a key that is new every day. It is all zeros when it is new."""

    def __init__(self) -> None:
        super().__init__(WHERE, SIZE)

    def count(self, door: str, network: str, now: datetime, weight: int) -> int:
        """Count so many knocks and give how many there were in this hour; 0 where there is no place to count it."""
        with self.alone():
            who = f"{door} {network}".encode()
            name = hashlib.blake2b(who, key=self.turned(now), digest_size=8).digest()
            place = int.from_bytes(name[:4])
            for step in range(REACH):
                at = HEAD.size + (place + step) % ROWS * ROW.size
                held, count = ROW.unpack_from(self.bytes, at)
                if held == name or not count:
                    ROW.pack_into(self.bytes, at, name, count + weight)
                    return int(count) + weight
        return 0

    def turned(self, now: datetime) -> bytes:
        """Give the key of the day. Forget the counts when the hour is over, and the key when the day is."""
        key, day, hour = HEAD.unpack_from(self.bytes)
        if (day, hour) != (now.toordinal(), now.hour):
            key = key if day == now.toordinal() else os.urandom(32)
            self.bytes[HEAD.size :] = bytes(SIZE - HEAD.size)
            HEAD.pack_into(self.bytes, 0, key, now.toordinal(), now.hour)
        return bytes(key)


@dataclass
class Doorman:
    """Counts knocks at one door by the hour. Remembers no address: only a keyed hash of one, until the hour is over."""

    most: int
    name: str = ""
    _memory: _Memory | None = None
    _lock: Lock = field(default_factory=Lock)

    def knock(self, address: str, now: datetime, weight: int = 1) -> int:
        """Count one knock and give how many times over the limit this address is in this hour; 0 is welcome.

        `weight` counts what is large as so many knocks; 0 only looks.

        A flood from everywhere is not one address's doing: where it fills the memory, it does not shut out everyone.
        """
        with self._lock:  # opened by the process that counts, not by the one that started it
            self._memory = counts = self._memory or _Memory()
        return max(0, counts.count(self.name, network_of(address), now, weight) - self.most)


@lru_cache(maxsize=1)
def _own() -> _Memory:
    return _Memory()


def key_of_the_day(now: datetime) -> bytes:
    """Give 32 bytes that the processes of this machine share and no file has: until the day is over (UTC), or the program stops."""
    memory = _own()
    with memory.alone():
        return memory.turned(now.astimezone(UTC))


def network_of(address: str, bits: int = 64) -> str:
    """Give what is counted as one: an IPv4 address, or the /64 of an IPv6 address, which one home has to itself, or as many bits."""
    if ":" not in address:
        return address
    try:
        found = ipaddress.IPv6Address(address)
    except ValueError:
        return address
    if found.ipv4_mapped:
        return str(found.ipv4_mapped)
    return str(ipaddress.ip_network((int(found) >> 128 - bits << 128 - bits, bits)))


def address_of(request: HttpRequest) -> str:
    """Give the address that knocks, for a doorman alone; it is hashed there and goes nowhere else."""
    if settings.ALONGSIDE.serve.behind_proxy:
        # `headers` would be put together whole, for every voice
        return str(request.META.get("HTTP_X_FORWARDED_FOR", "")).rpartition(",")[2].strip()
    return str(request.META.get("REMOTE_ADDR", ""))


def has_room(size: int = 0) -> bool:
    """Say whether the disk has room for a voice; for a file of `size` bytes, so much that voices have theirs after it."""
    least = settings.ALONGSIDE.health.disk_free_mb * MEGABYTE
    return shutil.disk_usage(settings.ALONGSIDE.data).free >= (2 * (least + size) if size else least)


def refuse_without_room(size: int, field: str = "file") -> None:
    """Raise Refused where a file of `size` bytes would take the room of voices."""
    if not has_room(size):
        raise Refused(_("There is no room for this file right now. Ask whoever runs this site."), field)
