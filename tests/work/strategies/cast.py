"""Leads with real keyrings, and a strategy that is really sealed to some of them."""

import uuid
from datetime import datetime
from typing import Any

from alongside.chain.voices.models import EngagementKey
from alongside.ground.gate.tokens import READ, give_token
from alongside.site.demo import sealed
from alongside.site.demo.keys import Keyring
from alongside.site.six_words import PASSPHRASE
from alongside.work.strategies import actions
from alongside.work.strategies.models import Strategy
from tests.support.remembering import remembered, this_hour
from tests.support.thread import Thread

__all__ = ["CANARY", "PASSPHRASE", "Sealer", "keyed"]
CANARY = "canary-we-visit-the-director-on-friday"


class Sealer:
    """A program whose leads have keys, and what only a lead's device can do with them."""

    def __init__(self, thread: Thread) -> None:
        self.thread = thread
        self.seats = [thread.first_lead, thread.second_lead, thread.third_lead]
        self.rings: dict[str, Keyring] = {}

    def found_keys(self, count: int, *, opens: bool) -> "Sealer":
        """Two leads found the set; the others are vouched for by both. Only where it `opens` is a passphrase's price paid."""
        unopened = b"age-encryption.org/v1\n-> scrypt fZcMuyeZjmkwTsC7nXeFwA 16\nnothing that anyone opens"
        self.rings = sealed.give_keys(
            program=self.thread.program,
            seats=self.seats[:count],
            keyring=Keyring.sealed if opens else lambda _ring: unopened,
            now=self.thread.now,
        )
        return self

    def make_engagement_key(self) -> EngagementKey:
        """Make the key of the drafted engagement by the first lead, for all who have a key; two test it."""
        made = {"engagement": self.thread.engagement, "rings": self.rings, "now": self.thread.now}
        key, _secret = sealed.make_engagement_key(seats=self.seats, **made)
        return key

    def sealed(
        self, strategy: uuid.UUID, version: int, members: list[Any], title: str = CANARY, by: Any = None
    ) -> bytes:
        """Sign and seal a version as a lead's page does."""
        doc = {"words": {"title": title}, "rows": {}}
        of = (self.thread.program, self.rings, strategy, version)
        return sealed.seal_strategy(*of, members, by or members[0], doc)

    def begin(self, members: list[Any], title: str = CANARY) -> Strategy:
        """Begin a strategy by its first lead."""
        made = uuid.uuid4()
        return actions.begin(
            program=self.thread.program,
            seat=members[0],
            strategy=made,
            members=[seat.public_id for seat in members],
            sealed=self.sealed(made, 1, members, title),
            now=self.thread.now,
        )


def keyed(thread: Thread | None = None, count: int = 3, *, opens: bool = False) -> Sealer:
    """Open a program now, and give its leads keys; with keyrings that a page can open where a browser comes."""
    made = _keyed(thread, count, opens=opens)
    made.thread.now = max(
        made.thread.now, datetime.now(tz=made.thread.now.tzinfo)
    )  # a pen rests after minutes
    return made


@remembered
def _keyed(thread: Thread | None, count: int, *, opens: bool) -> Sealer:
    return Sealer(thread or Thread(now=this_hour()).open_program()).found_keys(count, opens=opens)


def token(seat: Any, program: str = "riverbend", use: str = READ) -> dict[str, str]:
    """Give the header that a lead's page sends once their key has signed in."""
    return {"Authorization": f"Bearer {give_token(program=program, seat=seat.public_id, use=use)}"}
