"""Keys of demonstration leads, made as the reader makes them, so that a visitor can unlock the reader."""

import base64
import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from alongside.chain.keys.queries import PASSPHRASE
from alongside.core.sealing.envelope import chunk_nonce, header_mac, payload_cipher, seal
from alongside.core.sealing.header import raw_base64
from alongside.core.sealing.keys import identity_text, recipient_of
from alongside.core.sealing.leads import locked_statement
from alongside.ground.record.acts import Act, Nobody

#: log2 of the work of scrypt, as the reader sets it.
WORK = 16


@dataclass
class Keyring:
    """A lead's secrets, as a reader holds them in memory."""

    identity: str
    seed: bytes
    #: The keys that sign for those who founded the set before it was made, in hexadecimal.
    founders: Sequence[str] = ()

    @property
    def recipient(self) -> str:
        """Give the public key that others seal to."""
        return recipient_of(self.identity)

    @property
    def sign_key(self) -> str:
        """Give the public key that others check signatures with, in hexadecimal."""
        return self.key.public_key().public_bytes_raw().hex()

    @property
    def key(self) -> Ed25519PrivateKey:
        """Give the key that signs."""
        return Ed25519PrivateKey.from_private_bytes(self.seed)

    def sign(self, statement: bytes) -> str:
        """Sign a statement; base64."""
        return base64.b64encode(self.key.sign(statement)).decode()

    def lock(self, *, origin: str, engagement: str, recipient: str, keys: Mapping[str, str]) -> str:
        """Sign the key of an engagement, and the leads' keys by seat that it is locked to; base64."""
        return self.sign(
            locked_statement(origin=origin, engagement=engagement, recipient=recipient, keys=keys)
        )

    def sealed(self, work: int = WORK) -> bytes:
        """Seal the keyring under the demonstration's passphrase; `work` is log2 of the work of scrypt."""
        value = {
            "v": 1,
            "identity": self.identity,
            "seed": self.seed.hex(),
            "founders": list(self.founders),
        }
        return _under_passphrase(json.dumps(value).encode(), PASSPHRASE, work)


@dataclass
class Rings:
    """The leads of the demonstration, who sign whatever they do with their own keys, by seat."""

    rings: Mapping[str, Keyring]

    @property
    def nonce(self) -> str:
        """Draw the nonce of the next act."""
        return Nobody().nonce

    def salt(self, nonce: str, place: int, name: str) -> bytes:
        """Draw a salt."""
        return Nobody().salt(nonce, place, name)

    def sign(self, act: Act) -> dict[str, dict[str, Any]]:
        """Sign for each lead whose keyring is here."""
        here = {seat: ring for seat, key in act.keys.items() if (ring := self.ring(seat, key))}
        return {seat: {**act.head, "sig": ring.sign(act.statement(seat))} for seat, ring in here.items()}

    def ring(self, seat: str, sign_key: str) -> Keyring | None:
        """Give the keyring of a seat, where it is the one whose key is on the record."""
        ring = self.rings.get(seat)
        return ring if ring and ring.sign_key == sign_key else None


def _under_passphrase(plaintext: bytes, passphrase: str, work: int) -> bytes:
    """Seal a short text under a passphrase: an age file with one scrypt stanza (C2SP age)."""
    key, salt, nonce = os.urandom(16), os.urandom(16), os.urandom(16)
    label = b"age-encryption.org/v1/scrypt" + salt
    secret = hashlib.scrypt(passphrase.encode(), salt=label, n=2**work, r=8, p=1, maxmem=2**27, dklen=32)
    body = raw_base64(ChaCha20Poly1305(secret).encrypt(bytes(12), key, None))
    signed = f"age-encryption.org/v1\n-> scrypt {raw_base64(salt)} {work}\n{body}\n---".encode()
    mac = raw_base64(header_mac(key, signed))
    sealed = payload_cipher(key, nonce).encrypt(chunk_nonce(0, last=True), plaintext, None)
    return signed + f" {mac}\n".encode() + nonce + sealed


def make(founders: Sequence[str] = ()) -> Keyring:
    """Make a keyring that remembers these founders."""
    return Keyring(identity=new_identity(), seed=os.urandom(32), founders=founders)


def new_identity() -> str:
    """Make an age identity."""
    return identity_text(os.urandom(32))


def wrap(secret: str, recipient: str) -> bytes:
    """Seal an engagement's identity to a lead's key, as the reader does."""
    return seal(secret.encode(), recipient)
