"""The key a program signs credentials with: beside the record's key, outside the database and its backups, and never the same."""

import os
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings

from alongside.cohort.training.credentials.multibase import multikey
from alongside.ground.programs.models import Program
from alongside.ground.record.signing import write_safely

DID = "https://www.w3.org/ns/did/v1"
MULTIKEY = "https://w3id.org/security/multikey/v1"


class NoCredentialKey(RuntimeError):  # noqa: N818 -- the name is a sentence
    """There is no key to sign credentials with."""


def _path(program: Program) -> Path:
    return Path(settings.ALONGSIDE.keys) / f"{program.slug}.credentials"


def make_key(program: Program) -> Ed25519PrivateKey:
    """Give the key of a program's credentials; make it the first time."""
    path = _path(program)
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_safely(path, os.urandom(32).hex().encode() + b"\n")
    return read_key(program)


def read_key(program: Program) -> Ed25519PrivateKey:
    """Read the key of a program's credentials. Raises NoCredentialKey where there is none."""
    path = _path(program)
    if not path.exists():
        raise NoCredentialKey(
            f"No key at {path.name}; put it back from where keys are kept, or issue a first credential."
        )
    return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(path.read_text().strip()))


def public_of(key: Ed25519PrivateKey) -> str:
    """Give the public half of a key as a Multikey."""
    return multikey(key.public_key().public_bytes_raw())


def method_of(did: str, key: Ed25519PrivateKey) -> str:
    """Give the address of a key inside the document of its program."""
    return f"{did}#{public_of(key)}"


def controller_document(did: str, key: Ed25519PrivateKey) -> dict[str, Any]:
    """Give the document that a did:web resolves to: who signs, and with which key."""
    method = method_of(did, key)
    return {
        "@context": [DID, MULTIKEY],
        "id": did,
        "verificationMethod": [
            {"id": method, "type": "Multikey", "controller": did, "publicKeyMultibase": public_of(key)}
        ],
        "assertionMethod": [method],
    }
