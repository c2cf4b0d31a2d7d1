"""Check a credential as whoever is handed one does: read its signature, and hash what it says again."""

from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from alongside.cohort.training.credentials import ALPHABET, SUITE, Pinned, hashes


def decode(text: str) -> bytes:
    """Read base58-btc led by z. Raises ValueError for anything else."""
    if not text.startswith("z") or any(letter not in ALPHABET for letter in text[1:]):
        raise ValueError("This is not base58 led by z; take the value as it was given.")
    letters, number = text[1:], 0
    for letter in letters:
        number = number * 58 + ALPHABET.index(letter)
    zeros = len(letters) - len(letters.lstrip("1"))
    return b"\0" * zeros + number.to_bytes((number.bit_length() + 7) // 8)


def verify(document: dict[str, Any], key: Ed25519PublicKey, loader: Pinned | None = None) -> bool:
    """Say whether a document is as it was signed with this key.

    Raises LookupError where the document names a context that is not held here.
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
