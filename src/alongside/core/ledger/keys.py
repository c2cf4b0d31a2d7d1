"""Keys that sign notes, and how they are written down (c2sp.org/signed-note, c2sp.org/tlog-cosignature)."""

from base64 import b64decode, b64encode
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property
from hashlib import sha256
from types import ModuleType
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from alongside.core.ledger.hashing import LedgerError
from alongside.core.points import can_sign

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey

#: How other note tools mark a signer that must not be shown.
SECRET_PREFIX = "PRIVATE+KEY+"  # noqa: S105 -- the mark of a secret, not a secret


class KeyFormatError(LedgerError):
    """A key is not written as the format says."""


class KeyKind(IntEnum):
    """The signature types we know, by the byte that stands for each."""

    ED25519 = 1
    COSIGNATURE = 4
    COSIGNATURE_ML_DSA = 6


_PUBLIC_SIZE = {KeyKind.ED25519: 32, KeyKind.COSIGNATURE: 32, KeyKind.COSIGNATURE_ML_DSA: 1312}


def to_base64(data: bytes | memoryview) -> str:
    """Write bytes in standard base64 with padding."""
    return b64encode(data).decode("ascii")


def from_base64(text: str) -> bytes:
    """Read standard base64, and refuse (ValueError) every spelling but the one `to_base64` writes."""
    data = b64decode(text.encode("ascii"), validate=True)
    if to_base64(data) != text:
        raise ValueError("not canonical base64")
    return data


def check_name(name: str) -> str:
    """Refuse a key name that is empty, or holds a space, a plus or a control character."""
    if not name or any(one.isspace() or one == "+" or one < " " for one in name):
        raise KeyFormatError(f"{name[:80]!r} cannot name a key; use one word without spaces and plus signs.")
    return name


@dataclass(frozen=True)
class VerifierKey:
    """A public key with its name; written as a vkey: name+id+key."""

    name: str
    kind: KeyKind
    public: bytes

    @cached_property
    def key_id(self) -> bytes:
        """Give the four bytes that stand for this key in a signature line."""
        return sha256(self.name.encode() + b"\n" + bytes([self.kind]) + self.public).digest()[:4]

    @property
    def vkey(self) -> str:
        """Write the key as one line of text that others can be given."""
        return f"{self.name}+{self.key_id.hex()}+{to_base64(bytes([self.kind]) + self.public)}"

    def verifies(self, signature: bytes, message: bytes) -> bool:
        """Tell whether this key made the signature over exactly this message."""
        is_ml_dsa = self.kind is KeyKind.COSIGNATURE_ML_DSA
        read = _ml_dsa().MLDSA44PublicKey if is_ml_dsa else Ed25519PublicKey
        try:
            read.from_public_bytes(self.public).verify(signature, message)
        except (InvalidSignature, ValueError):
            return False
        return True


def _ml_dsa() -> ModuleType:
    """Give what reads keys of ML-DSA; a system's own package may be older, and most records need none."""
    try:
        from cryptography.hazmat.primitives.asymmetric import mldsa  # noqa: PLC0415 -- see above
    except ImportError:
        raise KeyFormatError(
            "A witness of this log signs with ML-DSA-44, which this package cryptography is too old for; install a newer one with pip."
        ) from None
    return mldsa


def parse_vkey(text: str) -> VerifierKey:
    """Read a vkey, and refuse one whose id does not belong to it, whose kind we do not know, or with which anybody signs."""
    name, _, rest = text.partition("+")
    key_id, _, encoded = rest.partition("+")
    check_name(name)
    try:
        material = from_base64(encoded)
        kind = KeyKind(material[0])
        key = VerifierKey(name, kind, material[1:])
        fits = len(key.public) == _PUBLIC_SIZE[kind] and key.key_id.hex() == key_id
    except (ValueError, IndexError) as error:
        raise KeyFormatError(f"The verifier key of {name} is not readable; copy all of it again.") from error
    if not fits:
        raise KeyFormatError(f"The verifier key of {name} does not belong to its id; copy all of it again.")
    if kind is not KeyKind.COSIGNATURE_ML_DSA and not can_sign(key.public):
        raise KeyFormatError(
            f"Anybody can sign with the verifier key of {name}; ask for one that only its owner signs with."
        )
    return key


@dataclass(frozen=True)
class Signer:
    """A private key with its name. `seed` is 32 random bytes; keep it out of databases and logs."""

    name: str
    kind: KeyKind
    seed: bytes

    def __repr__(self) -> str:
        return f"Signer({self.name!r}, {self.kind.name})"

    @cached_property
    def _private(self) -> "Ed25519PrivateKey | MLDSA44PrivateKey":
        if self.kind is KeyKind.COSIGNATURE_ML_DSA:
            made: MLDSA44PrivateKey = _ml_dsa().MLDSA44PrivateKey.from_seed_bytes(self.seed)
            return made
        return Ed25519PrivateKey.from_private_bytes(self.seed)

    @cached_property
    def verifier(self) -> VerifierKey:
        """Give the public key that others check with."""
        return VerifierKey(check_name(self.name), self.kind, self._private.public_key().public_bytes_raw())

    @property
    def secret(self) -> str:
        """Write the key as one line of text that must stay secret."""
        key_id = self.verifier.key_id.hex()
        return f"{SECRET_PREFIX}{self.name}+{key_id}+{to_base64(bytes([self.kind]) + self.seed)}"

    def sign(self, message: bytes) -> bytes:
        """Sign these bytes as they are."""
        return self._private.sign(message)


def parse_secret(text: str) -> Signer:
    """Read a signer from the line that `Signer.secret` writes; the error never repeats the secret."""
    try:
        name, key_id, encoded = text.removeprefix(SECRET_PREFIX).split("+", 2)
        material = from_base64(encoded)
        signer = Signer(check_name(name), KeyKind(material[0]), material[1:])
        if text.startswith(SECRET_PREFIX) and signer.verifier.key_id.hex() == key_id:
            return signer
    except (ValueError, IndexError):
        pass
    raise KeyFormatError("The signing key is not readable; restore its file from where it is kept.")
