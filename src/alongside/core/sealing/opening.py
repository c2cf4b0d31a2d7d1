"""Opens what was sealed. ONLY the command line and the demonstration may import this module.

No code of the site imports it: what the server cannot do, it cannot be made to do. tests/core/test_sealing_opening.py holds this.
"""

import hashlib
import hmac
import re
import unicodedata
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from alongside.core.sealing.envelope import (
    CHUNK,
    NONCE_BYTES,
    TAG_BYTES,
    WRAPPED_BYTES,
    X25519_INFO,
    ZERO_NONCE,
    chunk_nonce,
    header_mac,
    payload_cipher,
)
from alongside.core.sealing.header import Header, SealedError, Stanza, from_raw_base64, parse_header
from alongside.core.sealing.kdf import hkdf
from alongside.core.sealing.keys import KEY_BYTES, identity_bytes

#: The work of scrypt in powers of two: 20 takes a gigabyte, and no keyring of ours asks for more than 16.
WORK = re.compile(r"([1-9]|1\d|20)\Z")
_BETWEEN = re.compile(r"[\s,.]+")
_SCRYPT = b"age-encryption.org/v1/scrypt"


def open_sealed(raw: bytes, identities: Sequence[str]) -> bytes:
    """Open an age file with the first `AGE-SECRET-KEY-1...` identity that fits (C2SP age, X25519 only).

    Raises KeyTextError for an identity that is not one, SealedError for bytes that are no age file, that no identity
    opens or that were changed.
    """
    secrets = [identity_bytes(identity) for identity in identities]
    header = parse_header(raw)
    if any(stanza.args[0] == "scrypt" for stanza in header.stanzas):
        raise SealedError("This file is locked with a passphrase; open it with age.")
    return _opened(raw, header, _file_key(header.stanzas, secrets))


def open_with_words(raw: bytes, words: str) -> bytes:
    """Open an age file that is locked with a passphrase, such as a keyring with its six words (C2SP age, scrypt).

    The words count as they were drawn: small letters, one space between. Raises SealedError for another file, and for other words.
    """
    header = parse_header(raw)
    stanza = header.stanzas[0]
    if len(header.stanzas) != 1 or stanza.args[0] != "scrypt" or len(stanza.args) != 3:  # noqa: PLR2004  a type, a salt, the work
        raise SealedError("This file is not locked with words; choose the keyring that the site saved.")
    if not WORK.match(stanza.args[2]):
        raise SealedError("This file asks for more work than a keyring does; save the keyring again.")
    tidy = _BETWEEN.sub(" ", unicodedata.normalize("NFKC", words).strip().lower())
    work = 2 ** int(stanza.args[2])
    label = _SCRYPT + from_raw_base64(stanza.args[1])
    secret = hashlib.scrypt(tidy.encode(), salt=label, n=work, r=8, p=1, maxmem=2048 * work, dklen=32)
    try:
        key = ChaCha20Poly1305(secret).decrypt(ZERO_NONCE, stanza.body, None)
    except InvalidTag:
        raise SealedError(
            "These are not the six words of this keyring. Compare them with your paper, one by one."
        ) from None
    return _opened(raw, header, key)


def _opened(raw: bytes, header: Header, key: bytes) -> bytes:
    """Open what follows a header with the key of the file."""
    if not hmac.compare_digest(header_mac(key, header.signed), header.mac):
        raise SealedError("The header was changed after sealing; ask for the file again.")
    return _payload(raw[header.payload_at :], key)


def _file_key(stanzas: Sequence[Stanza], secrets: Sequence[bytes]) -> bytes:
    for stanza in stanzas:
        if stanza.args[0] != "X25519":
            continue
        share = from_raw_base64(stanza.args[1]) if len(stanza.args) == 2 else b""  # noqa: PLR2004  a type and a share
        if len(share) != KEY_BYTES or len(stanza.body) != WRAPPED_BYTES:
            raise SealedError("The X25519 stanza is not whole; ask for the file again.")
        for secret in secrets:
            key = _unwrap(secret, share, stanza.body)
            if key is not None:
                return key
    raise SealedError("No key given here opens this file; use the key of its engagement.")


def _unwrap(secret: bytes, share: bytes, body: bytes) -> bytes | None:
    """Unwrap the file key with one identity, or return None where it does not fit."""
    ours = X25519PrivateKey.from_private_bytes(secret)
    try:
        shared = ours.exchange(X25519PublicKey.from_public_bytes(share))
    except ValueError as error:  # the shared secret is all zeros
        raise SealedError("The share of the X25519 stanza is of low order; refuse this file.") from error
    salt = share + ours.public_key().public_bytes_raw()
    try:
        return ChaCha20Poly1305(hkdf(shared, salt=salt, info=X25519_INFO)).decrypt(ZERO_NONCE, body, None)
    except InvalidTag:
        return None


def _payload(raw: bytes, key: bytes) -> bytes:
    nonce, sealed = raw[:NONCE_BYTES], raw[NONCE_BYTES:]
    size = CHUNK + TAG_BYTES
    pieces = [sealed[start : start + size] for start in range(0, len(sealed), size)]
    if not pieces or (len(pieces) > 1 and len(pieces[-1]) <= TAG_BYTES):
        raise SealedError("The file was cut short; ask for it again.")
    cipher = payload_cipher(key, nonce)
    try:
        return b"".join(
            cipher.decrypt(chunk_nonce(place, last=place == len(pieces) - 1), piece, None)
            for place, piece in enumerate(pieces)
        )
    except InvalidTag as error:
        raise SealedError("The file was changed after sealing; ask for it again.") from error
