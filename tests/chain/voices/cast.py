"""People who speak, with real receipts and real seals; and a program whose engagement's key can be opened."""

import base64
import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from alongside.chain.keys.actions import offer_key
from alongside.chain.keys.queries import key_of_seat
from alongside.chain.voices.models import Voice as Row
from alongside.cohort.seats.models import Seat
from alongside.core.sealing import leads, receipt
from alongside.core.sealing.envelope import seal
from alongside.core.sealing.keys import recipient_of
from alongside.core.sealing.voice import Voice, form_hash, plaintext
from alongside.ground.programs.models import Program
from alongside.site.demo.keys import Keyring, make, new_identity
from alongside.site.demo.keys import wrap as wrapped
from tests.support.thread import Thread

IDENTITY = new_identity()
RECIPIENT = recipient_of(IDENTITY)


@dataclass
class Said:
    """One voice as it is sent, and the secret of its receipt."""

    secret: bytes
    mark: str
    act: str
    sealed: bytes

    def body(self) -> str:
        """Give the body that the page sends."""
        sealed = base64.b64encode(self.sealed).decode()
        return json.dumps({"mark": self.mark, "act": self.act, "sealed": sealed, "website": ""})

    @property
    def withdrawal(self) -> str:
        """Give the body that withdraws it."""
        return json.dumps({"act": receipt.act_secret(self.secret).hex()})


def say(
    words: str = "The hall is too far away.",
    *,
    engagement: str = "library-computers",
    form: str = "0" * 64,
    **more: Any,
) -> Said:
    """Seal one voice as the page does."""
    secret = receipt.make()
    r = receipt.read_secret(secret)
    lang, quote = more.pop("lang", "en"), more.pop("quote", True)
    voice = Voice(engagement, form, r.hex(), lang, quote, more.pop("answers", {"q2": words}))
    sealed = seal(more.pop("plain", None) or plaintext(voice), more.pop("recipient", RECIPIENT))
    return Said(
        secret, receipt.seal_mark(r).hex(), receipt.act_hash(receipt.act_secret(secret)).hex(), sealed
    )


def form_of(walked: Thread) -> str:
    """Give the hash of the engagement's form."""
    return form_hash(walked.engagement.form)


@dataclass(kw_only=True)
class Holder(Keyring):
    """A lead with a keyring of real keys, as the reader makes it, and what only the reader can do with it."""

    seat: Seat

    @classmethod
    def make(cls, seat: Seat) -> "Holder":
        """Make new keys for a seat."""
        return cls(**vars(make()), seat=seat)

    @property
    def keys(self) -> dict[str, Any]:
        """Give what the reader sends to found or certify the keys."""
        keyring = b"age-encryption.org/v1\n-> scrypt fZcMuyeZjmkwTsC7nXeFwA 16\nnothing that we can read"
        return {"recipient": self.recipient, "sign_key": self.sign_key, "keyring": keyring}

    def vouch_for(self, other: "Holder", origin: str) -> str:
        """Sign that the other's keys are theirs."""
        keys = {name: other.keys[name] for name in ("recipient", "sign_key")}
        return self.sign(leads.vouch_statement(origin=origin, seat=other.seat.public_id, **keys))


def holders(walked: Thread) -> list[Holder]:
    """Give the leads who have keys, as their readers hold them."""
    rings = walked.keyrings
    return [Holder(**vars(rings[one.public_id]), seat=one) for one in walked.leads if one.public_id in rings]


def wrap(identity: str, *holders: Holder) -> dict[str, bytes]:
    """Seal an engagement's identity to leads, one age file each."""
    return {one.seat.public_id: wrapped(identity, one.recipient) for one in holders}


def lock(
    program: Program,
    maker: Holder,
    wraps: dict[str, bytes],
    recipient: str = RECIPIENT,
    engagement: str = "library-computers",
) -> dict[str, Any]:
    """Give what the reader sends to make or share an engagement's key: it is sealed to leads, and the lead who does it signs that."""
    keys = {one: own.recipient for one in wraps if (own := key_of_seat(one, program))}
    named = {"engagement": engagement, "recipient": recipient}
    return {
        "seat": maker.seat,
        "wraps": wraps,
        "signature": maker.lock(origin=program.origin, keys=keys, **named),
    }


def offer(program: Program, holder: Holder, now: datetime) -> Any:
    """Offer a keyring as the reader does."""
    signature = holder.vouch_for(holder, program.origin)
    return offer_key(program=program, seat=holder.seat, now=now, signature=signature, **holder.keys)


def flood(walked, count):
    """Put so many voices in as rows; nobody could open them."""
    Row.objects.bulk_create(
        Row(
            program=walked.program,
            engagement="library-computers",
            promise=walked.promise,
            sealed=b"x",
            mark=hashlib.sha256(b"m%d" % n).hexdigest(),
            act_hash=hashlib.sha256(b"a%d" % n).hexdigest(),
            bucket=1024,
            date=walked.now.date(),
        )
        for n in range(count)
    )
