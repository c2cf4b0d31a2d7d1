"""How often one address may knock, kept in memory only, under a key that is new every day and nowhere else."""

import hashlib
import hmac
import os
from dataclasses import dataclass, field
from datetime import date, datetime
from threading import Lock

from django.conf import settings
from django.http import HttpRequest

MOST_KEPT = 100_000


@dataclass
class Doorman:
    """Counts knocks by the hour. Remembers no address: only a keyed hash of one, until the hour is over."""

    most: int
    _key: bytes = field(default_factory=lambda: os.urandom(32))
    _day: date | None = None
    _hour: tuple[date, int] | None = None
    _knocks: dict[bytes, int] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def knock(self, address: str, now: datetime) -> int:
        """Count one knock and give how many times over the limit this address is in this hour; 0 is welcome."""
        with self._lock:
            self._turn(now)
            name = hmac.digest(self._key, address.encode(), hashlib.sha256)[:16]
            if len(self._knocks) >= MOST_KEPT and name not in self._knocks:
                return 0  # a flood from everywhere is not one address's doing; do not shut out everyone
            self._knocks[name] = self._knocks.get(name, 0) + 1
            return max(0, self._knocks[name] - self.most)

    def _turn(self, now: datetime) -> None:
        """Forget everything when the hour is over, and the key when the day is."""
        if self._day != now.date():
            self._day, self._key = now.date(), os.urandom(32)
        if self._hour != (now.date(), now.hour):
            self._hour = (now.date(), now.hour)
            self._knocks.clear()


def address_of(request: HttpRequest) -> str:
    """Give the address that knocks, for a doorman alone; it is hashed there and goes nowhere else."""
    if settings.ALONGSIDE.serve.behind_proxy:
        return request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
    return str(request.META.get("REMOTE_ADDR", ""))
