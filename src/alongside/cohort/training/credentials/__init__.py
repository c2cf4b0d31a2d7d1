"""Open Badges 3.0 credentials: what one says, how it is signed and checked, the key; nothing here asks the network."""

from alongside.cohort.training.credentials.badge import Badge, compose, did_of
from alongside.cohort.training.credentials.keys import (
    NoCredentialKey,
    controller_document,
    make_key,
    read_key,
)
from alongside.cohort.training.credentials.proofs import sign, verify

__all__ = [
    "Badge",
    "NoCredentialKey",
    "compose",
    "controller_document",
    "did_of",
    "make_key",
    "read_key",
    "sign",
    "verify",
]
