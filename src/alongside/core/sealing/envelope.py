"""The envelope: seals a voice to one recipient, and tells a sealed voice from anything else."""

import hashlib
import hmac
import os
from collections.abc import Callable, Sequence

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from alongside.core.sealing.header import (
    VERSION_LINE,
    Header,
    SealedError,
    Stanza,
    from_raw_base64,
    parse_header,
    raw_base64,
)
from alongside.core.sealing.kdf import hkdf
from alongside.core.sealing.keys import KEY_BYTES, recipient_bytes
from alongside.core.sealing.voice import BUCKETS, SOUND_BUCKETS

OVERHEAD = 200  # what sealing to one X25519 recipient adds, in bytes
CHUNK = 65536
FILE_KEY_BYTES = 16
NONCE_BYTES = 16
TAG_BYTES = 16
WRAPPED_BYTES = FILE_KEY_BYTES + TAG_BYTES
X25519_INFO = b"age-encryption.org/v1/X25519"
ZERO_NONCE = bytes(12)


def check_sealed(raw: bytes, *, sounds: bool = False) -> int:
    """Return the bucket, in bytes, of a sealed voice; raise SealedError for anything else.

    Accepts only an age file of version 1 with exactly one X25519 stanza and OVERHEAD + a bucket of bytes in all; a bucket
    for `sounds` too, where people were told that they can speak: each chunk of 64 KiB after the first adds TAG_BYTES.
    Nothing is opened: without the key nobody can tell whether what is inside is a voice.
    """
    sizes: dict[int, int] = {
        sealed_size(bucket): bucket for bucket in (*BUCKETS, *(SOUND_BUCKETS if sounds else ()))
    }
    if len(raw) > max(sizes):
        raise SealedError("A sealed voice is larger than fits; shorten it and seal it again.")
    _one_x25519(parse_header(raw))
    if len(raw) not in sizes:
        told = ", ".join(str(size) for size in sizes)
        raise SealedError(
            f"A sealed voice has {told} bytes, not {len(raw)}; pad it with spaces, then seal it."
        )
    return sizes[len(raw)]


def sealed_size(size: int) -> int:
    """Give how many bytes so many have once they are sealed to one X25519 recipient."""
    return size + OVERHEAD + max(0, -(-size // CHUNK) - 1) * TAG_BYTES


def _one_x25519(header: Header) -> None:
    """Refuse every header but one with a single, well-formed X25519 stanza."""
    if len(header.stanzas) != 1:
        raise SealedError("A voice is sealed to one key only; take out the other recipients.")
    cure = "A voice is sealed to an X25519 key; use the recipient that the promise names."
    refuse_other_stanza(header.stanzas[0], cure)


def refuse_other_stanza(stanza: Stanza, cure: str) -> None:
    """Refuse every stanza but a well-formed X25519 one; `cure` is said where it is of another kind."""
    if stanza.args[0] != "X25519":
        raise SealedError(cure)
    if len(stanza.args) != 2 or len(from_raw_base64(stanza.args[1])) != KEY_BYTES:  # noqa: PLR2004  a type and a share
        raise SealedError("The X25519 line does not hold one share of 32 bytes; seal it again.")
    if len(stanza.body) != WRAPPED_BYTES:
        raise SealedError("The wrapped key is not 32 bytes; seal it again.")


def seal(plaintext: bytes, recipient: str, *, random: Callable[[int], bytes] = os.urandom) -> bytes:
    """Seal bytes to one `age1...` recipient, without the random extra stanza that other tools add (C2SP age).

    `random(n)` is asked for the file key, the ephemeral secret and the payload nonce, in this order.
    Raises KeyTextError for a recipient that is not one.
    """
    key, secret, nonce = random(FILE_KEY_BYTES), random(KEY_BYTES), random(NONCE_BYTES)
    return _file(key, nonce, [_stanza(key, secret, recipient)], plaintext)


def seal_to_all(
    plaintext: bytes, recipients: Sequence[str], *, random: Callable[[int], bytes] = os.urandom
) -> bytes:
    """Seal bytes to several `age1...` recipients, each of whom can open them alone; one stanza each."""
    key, nonce = random(FILE_KEY_BYTES), random(NONCE_BYTES)
    stanzas = [_stanza(key, random(KEY_BYTES), recipient) for recipient in recipients]
    return _file(key, nonce, stanzas, plaintext)


def _stanza(key: bytes, secret: bytes, recipient: str) -> str:
    """Wrap a file key to a recipient under a fresh ephemeral secret."""
    theirs = recipient_bytes(recipient)
    ours = X25519PrivateKey.from_private_bytes(secret)
    share = ours.public_key().public_bytes_raw()
    shared = ours.exchange(X25519PublicKey.from_public_bytes(theirs))
    wrap = ChaCha20Poly1305(hkdf(shared, salt=share + theirs, info=X25519_INFO))
    return f"-> X25519 {raw_base64(share)}\n{raw_base64(wrap.encrypt(ZERO_NONCE, key, None))}\n"


def _file(key: bytes, nonce: bytes, stanzas: Sequence[str], plaintext: bytes) -> bytes:
    signed = VERSION_LINE + f"\n{''.join(stanzas)}---".encode()
    mac = header_mac(key, signed)
    return signed + f" {raw_base64(mac)}\n".encode() + nonce + _stream(key, nonce, plaintext)


def header_mac(key: bytes, signed: bytes) -> bytes:
    """Compute the mark over a header, up to and including its `---`."""
    return hmac.digest(hkdf(key, salt=b"", info=b"header"), signed, hashlib.sha256)


def payload_cipher(key: bytes, nonce: bytes) -> ChaCha20Poly1305:
    """Make the cipher that the chunks of a payload are sealed with."""
    return ChaCha20Poly1305(hkdf(key, salt=nonce, info=b"payload"))


def chunk_nonce(place: int, *, last: bool) -> bytes:
    """Return the 12-byte nonce of the chunk at `place`: a big-endian count and whether it is the last."""
    return place.to_bytes(11, "big") + bytes([last])


def _stream(key: bytes, nonce: bytes, plaintext: bytes) -> bytes:
    cipher = payload_cipher(key, nonce)
    starts = range(0, len(plaintext), CHUNK) or range(1)
    chunks = [
        cipher.encrypt(chunk_nonce(place, last=start == starts[-1]), plaintext[start : start + CHUNK], None)
        for place, start in enumerate(starts)
    ]
    return b"".join(chunks)
