"""Sign and check documents by Data Integrity with the suite eddsa-rdfc-2022 (W3C, Data Integrity EdDSA Cryptosuites v1.0)."""

import hashlib
from datetime import UTC, datetime
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from pyld import jsonld

from alongside.cohort.training.credentials.loading import Pinned
from alongside.cohort.training.credentials.multibase import decode, encode

SUITE = "eddsa-rdfc-2022"


def stamp(now: datetime) -> str:
    """Write a day as XML Schema's dateTime at midnight in UTC: a credential tells no finer time."""
    day = now.astimezone(UTC).date()
    return f"{day.isoformat()}T00:00:00Z"


def canonical(document: dict[str, Any], loader: Pinned) -> str:
    """Give a document as canonical N-Quads (RDF Dataset Canonicalization)."""
    options = {"algorithm": "URDNA2015", "format": "application/n-quads", "documentLoader": loader}
    return str(jsonld.normalize(document, options))


def hashes(document: dict[str, Any], config: dict[str, Any], loader: Pinned) -> tuple[bytes, bytes]:
    """Give the hash of the proof's configuration and that of the document without its proof (section 3.2.4)."""
    bare = {name: value for name, value in document.items() if name != "proof"}
    stated = {"@context": document["@context"], **config}
    return (
        hashlib.sha256(canonical(stated, loader).encode()).digest(),
        hashlib.sha256(canonical(bare, loader).encode()).digest(),
    )


def sign(
    document: dict[str, Any],
    *,
    key: Ed25519PrivateKey,
    method: str,
    created: str,
    loader: Pinned | None = None,
) -> dict[str, Any]:
    """Give the document with a proof. `method` is the address of the public key, `created` a dateTime."""
    config = {
        "type": "DataIntegrityProof",
        "cryptosuite": SUITE,
        "created": created,
        "verificationMethod": method,
        "proofPurpose": "assertionMethod",
    }
    config_hash, document_hash = hashes(document, config, loader or Pinned())
    value = encode(key.sign(config_hash + document_hash))
    return {**document, "proof": {**config, "proofValue": value}}


def verify(document: dict[str, Any], key: Ed25519PublicKey, loader: Pinned | None = None) -> bool:
    """Say whether a document is as it was signed with this key.

    Raises ContextNotPinned where the document names a context that is not held here.
    """
    proof = document.get("proof")
    if not isinstance(proof, dict) or "@context" not in document:
        return False
    config = {name: value for name, value in proof.items() if name != "proofValue"}
    fits = (config.get("type"), config.get("cryptosuite"), config.get("proofPurpose"))
    if fits != ("DataIntegrityProof", SUITE, "assertionMethod"):
        return False
    try:
        signature = decode(str(proof.get("proofValue", "")))
        key.verify(signature, b"".join(hashes(document, config, loader or Pinned())))
    except (InvalidSignature, ValueError):
        return False
    return True
