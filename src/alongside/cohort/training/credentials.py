"""Open Badges 3.0 credentials: what one says, how it is signed, the key; nothing here asks the network."""

import hashlib
import json
import os
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from pyld import jsonld

from alongside.ground.programs.models import Program
from alongside.ground.record.signing import SigningKeyError, write_safely

CONTEXTS = (
    "https://www.w3.org/ns/credentials/v2",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
)


@dataclass(frozen=True)
class Badge:
    """A completed track. `uuid` is the credential's, `holder` stands for the person; both are random."""

    uuid: str
    holder: str
    issuer: str
    program: str
    url: str
    slug: str
    track: str
    about: str
    criteria: str
    lang: str
    completed: date
    #: A salt and an email address, only where the person asked for it.
    mail: tuple[str, str] | None = None


def did_of(address: str, slug: str) -> str:
    """Give the did:web of a program that is served at an address (did:web method, section 3.2: a port is escaped)."""
    return f"did:web:{quote(urlsplit(address).netloc, safe='')}:{slug}"


def identity_hash(mail: str, salt: str) -> str:
    """Hash an email address as an IdentityObject holds it: the address in small letters, then the salt."""
    return "sha256$" + hashlib.sha256((mail.lower() + salt).encode()).hexdigest()


def compose(badge: Badge) -> dict[str, Any]:
    """Give the credential, not yet signed. It tells no day but the first of the month of completion."""
    return {
        "@context": list(CONTEXTS),
        "id": f"urn:uuid:{badge.uuid}",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": badge.track,
        "issuer": {"id": badge.issuer, "type": ["Profile"], "name": badge.program, "url": badge.url},
        "validFrom": f"{badge.completed:%Y-%m}-01T00:00:00Z",
        "credentialSubject": _subject(badge),
    }


def _subject(badge: Badge) -> dict[str, Any]:
    subject: dict[str, Any] = {
        "id": f"urn:uuid:{badge.holder}",
        "type": ["AchievementSubject"],
        "achievement": {
            "id": f"{badge.url}#{badge.slug}",
            "type": ["Achievement"],
            "name": badge.track,
            "description": badge.about,
            "criteria": {"narrative": badge.criteria},
            "inLanguage": badge.lang,
        },
    }
    if badge.mail:
        salt, mail = badge.mail
        identity = {
            "type": "IdentityObject",
            "hashed": True,
            "identityHash": identity_hash(mail, salt),
            "identityType": "emailAddress",
            "salt": salt,
        }
        subject["identifier"] = [identity]
    return subject


ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
#: The multicodec of an Ed25519 public key, as an unsigned varint.
ED25519_PUBLIC = b"\xed\x01"


def encode(data: bytes) -> str:
    """Give bytes in base58-btc, led by z; each leading zero byte becomes a 1."""
    number, letters = int.from_bytes(data), ""
    while number:
        number, digit = divmod(number, 58)
        letters = ALPHABET[digit] + letters
    return "z" + "1" * (len(data) - len(data.lstrip(b"\0"))) + letters


def multikey(public: bytes) -> str:
    """Give the 32 bytes of an Ed25519 public key as a Multikey."""
    return encode(ED25519_PUBLIC + public)


DID = "https://www.w3.org/ns/did/v1"
MULTIKEY = "https://w3id.org/security/multikey/v1"


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
    """Read the key of a program's credentials. Raises SigningKeyError where there is none."""
    path = _path(program)
    if not path.exists():
        raise SigningKeyError(
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


FOLDER = Path(__file__).parent / "contexts"
PINNED = {
    "https://www.w3.org/ns/credentials/v2": "credentials-v2.json",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json": "ob-v3p0-context-3.0.3.json",
}


@cache
def _read(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((FOLDER / name).read_text(encoding="utf-8"))
    return found


class Pinned:
    """A document loader for PyLD that knows the pinned contexts, `more` if given, and nothing else."""

    def __init__(self, more: dict[str, dict[str, Any]] | None = None) -> None:
        self.more = more or {}

    def __call__(self, url: str, _options: dict[str, Any] | None = None) -> dict[str, Any]:
        """Give the context at an address. Raises LookupError for one that is not held here."""
        if url in self.more:
            document = self.more[url]
        elif url in PINNED:
            document = _read(PINNED[url])
        else:
            raise LookupError(f"{url} is not pinned; use a context that stands in credentials/contexts.")
        return {
            "contentType": "application/ld+json",
            "contextUrl": None,
            "documentUrl": url,
            "document": document,
        }


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
