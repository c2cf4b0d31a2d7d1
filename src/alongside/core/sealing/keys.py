"""The two halves of a key, as age writes them: the recipient everyone may know, the identity only leads hold."""

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from alongside.core.points import can_be_locked_to
from alongside.core.sealing import bech32
from alongside.core.sealing.bech32 import KeyTextError

KEY_BYTES = 32
RECIPIENT_PREFIX = "age"
IDENTITY_PREFIX = "AGE-SECRET-KEY-"


def recipient_bytes(text: str) -> bytes:
    """Read an `age1...` recipient as 32 bytes; raise KeyTextError for anything else, and for what nobody could lock to."""
    raw = _read(text, RECIPIENT_PREFIX, "recipient begins with age1 and is in small letters")
    if not can_be_locked_to(raw):
        raise KeyTextError("This is nobody's key; copy it again.")
    return raw


def recipient_text(raw: bytes) -> str:
    """Write 32 bytes as an `age1...` recipient."""
    return bech32.encode(RECIPIENT_PREFIX, _whole(raw))


def identity_bytes(text: str) -> bytes:
    """Read an `AGE-SECRET-KEY-1...` identity as 32 bytes; raise KeyTextError for anything else."""
    return _read(text, IDENTITY_PREFIX, "identity begins with AGE-SECRET-KEY-1 and is in capital letters")


def identity_text(raw: bytes) -> str:
    """Write 32 bytes as an `AGE-SECRET-KEY-1...` identity."""
    return bech32.encode(IDENTITY_PREFIX, _whole(raw)).upper()


def recipient_of(identity: str) -> str:
    """Compute the recipient that belongs to an identity."""
    secret = X25519PrivateKey.from_private_bytes(identity_bytes(identity))
    return recipient_text(secret.public_key().public_bytes_raw())


def _read(text: str, prefix: str, rule: str) -> bytes:
    written, raw = bech32.decode(text)
    if written != prefix:
        raise KeyTextError(f"The {rule}; copy the right key.")
    return _whole(raw)


def _whole(raw: bytes) -> bytes:
    if len(raw) != KEY_BYTES:
        raise KeyTextError(f"A key is {KEY_BYTES} bytes, this one is {len(raw)}; copy it whole.")
    return raw
