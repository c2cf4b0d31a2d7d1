"""Leads with real keyrings, and a strategy that is really sealed to some of them."""

import uuid
from datetime import datetime
from typing import Any

from alongside.chain.voices import actions as voices
from alongside.chain.voices.models import EngagementKey, TestVoice
from alongside.core.sealing.envelope import seal_to_all
from alongside.core.sealing.keys import recipient_of
from alongside.core.sealing.leads import vouch_statement
from alongside.core.sealing.opening import open_sealed
from alongside.core.sealing.strategy import plaintext, statement
from alongside.ground.gate.tokens import READ, give_token
from alongside.site.demo.keys import Keyring, make, new_identity, wrap
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
        for seat in self.seats[:count]:
            ring = self.rings[seat.public_id] = make()
            own = {"recipient": ring.recipient, "sign_key": ring.sign_key}
            asked = voices.offer_key(
                program=self.thread.program,
                seat=seat,
                keyring=ring.sealed() if opens else unopened,
                now=self.thread.now,
                **own,
            )
            if seat == self.seats[0]:
                continue
            if seat == self.seats[1]:
                signature = ring.sign(self._said_of(self.seats[0]))
                voices.compare(
                    program=self.thread.program, seat=seat, signature=signature, now=self.thread.now
                )
            for voucher in (one for one in self.seats[:2] if one != seat):
                voices.vouch(
                    program=self.thread.program,
                    request=asked,
                    seat=voucher,
                    signature=self.rings[voucher.public_id].sign(self._said_of(seat)),
                    now=self.thread.now,
                )
        return self

    def _said_of(self, seat: Any) -> bytes:
        ring = self.rings[seat.public_id]
        own = {"seat": seat.public_id, "recipient": ring.recipient, "sign_key": ring.sign_key}
        return vouch_statement(origin=self.thread.program.origin, **own)

    def make_engagement_key(self) -> EngagementKey:
        """Make the key of the drafted engagement by the first lead, for all who have a key; two test it."""
        thread, secret = self.thread, new_identity()
        key = voices.make_engagement_key(
            program=thread.program,
            engagement=thread.engagement.slug,
            seat=self.seats[0],
            recipient=recipient_of(secret),
            wraps={seat: wrap(secret, ring.recipient) for seat, ring in self.rings.items()},
            now=thread.now,
        )
        sealed = bytes(TestVoice.objects.get(key=key).sealed)
        nonce = open_sealed(sealed, [secret]).decode().strip()
        for seat in self.seats[:2]:
            voices.confirm_test(program=thread.program, key=key, seat=seat, nonce=nonce, now=thread.now)
        return key

    def sealed(
        self, strategy: uuid.UUID, version: int, members: list[Any], title: str = CANARY, by: Any = None
    ) -> bytes:
        """Sign and seal a version as a lead's page does."""
        seats = sorted(seat.public_id for seat in members)
        own = {
            "strategy": str(strategy),
            "version": version,
            "seat": (by or members[0]).public_id,
            "members": seats,
            "doc": {"words": {"title": title}, "rows": {}},
        }
        signature = self.rings[own["seat"]].sign(statement(origin=self.thread.program.origin, **own))
        return seal_to_all(
            plaintext(**own, signature=signature), [self.rings[one].recipient for one in seats]
        )

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
