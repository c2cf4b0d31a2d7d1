"""What a credential of a completed track says (Open Badges 3.0, 1EdTech). No name: a random id stands for whoever holds it."""

import hashlib
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import quote, urlsplit

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
