"""The sealed strategy: one age file to each of its leads, signed by the one who wrote, padded so that its size tells little."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from alongside.core.canonical import canonical
from alongside.core.sealing.envelope import CHUNK, NONCE_BYTES, TAG_BYTES, refuse_other_stanza
from alongside.core.sealing.header import SealedError, parse_header

#: The sizes of a strategy before it is sealed, in bytes. islands/strategy/core.ts has them too; vectors/strategy.json holds both together.
BUCKETS = (16_384, 65_536, 262_144)
MOST_LEADS = 40  # one stanza each; more is not a table of leads
MOST_BYTES = BUCKETS[-1] + 16_384


def statement(
    *, origin: str, strategy: str, version: int, seat: str, members: Sequence[str], doc: Mapping[str, Any]
) -> bytes:
    """Write what a lead signs when saving: SHA-256 over the canonical JSON of the words and of who is in it."""
    inside = hashlib.sha256(canonical({"doc": doc, "members": list(members)})).hexdigest()
    lines = ("alongside/strategy/v1", origin, strategy, str(version), seat, inside)
    return "".join(f"{line}\n" for line in lines).encode()


def plaintext(
    *, strategy: str, version: int, seat: str, members: Sequence[str], doc: Mapping[str, Any], signature: str
) -> bytes:
    """Write a strategy as the padded bytes that are sealed: canonical JSON, then spaces up to a bucket.

    `signature` is base64, by the seat's key under `statement`. Raises SealedError above 256 KiB.
    """
    inside = {"v": 1, "strategy": strategy, "version": version, "seat": seat, "members": list(members)}
    text = canonical({**inside, "doc": doc, "signature": signature})
    for bucket in BUCKETS:
        if len(text) <= bucket:
            return text.ljust(bucket)
    raise SealedError("This is longer than a strategy can be; shorten it, or make a second one.")


def check_strategy(raw: bytes, most: int = MOST_LEADS) -> int:
    """Return the bucket of a sealed strategy, in bytes; raise SealedError for anything else.

    Accepts only an age file of version 1 with 1 to `most` X25519 stanzas and a bucket of bytes inside. Nothing is
    opened: without a lead's key nobody can tell what it says.
    """
    if len(raw) > MOST_BYTES:
        raise SealedError("A sealed strategy is at most 256 KiB; shorten it and seal it again.")
    header = parse_header(raw)
    for stanza in header.stanzas:
        refuse_other_stanza(stanza, "A strategy is sealed to leads' keys only; seal it in the page.")
    if len(header.stanzas) > most:
        raise SealedError("It is sealed to more keys than there are leads in it; seal it again.")
    size = _size_inside(len(raw) - header.payload_at)
    if size not in BUCKETS:
        raise SealedError("Its size would tell how much was written; pad it with spaces, then seal it.")
    return size


def _size_inside(payload: int) -> int:
    """Compute how many bytes were sealed, from the length of an age file's payload."""
    chunks = payload - NONCE_BYTES
    return chunks - TAG_BYTES * -(-chunks // (CHUNK + TAG_BYTES))
