"""The voice: the text that is sealed, padded so that its size tells little."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from alongside.core.canonical import canonical, read_json
from alongside.core.sealing.header import SealedError
from alongside.core.sealing.receipt import seal_mark

#: A choice or words; several choices; a step on a scale.
type Said = str | Sequence[str] | int

FIELDS = {"v", "engagement", "form", "r", "lang", "quote", "answers"}
#: What a voice holds beside these since its version 2: how it came, and what its person agreed to.
TAKEN_IN = {"taken", "consent"}
#: Sent by whoever says it; the others through a lead.
WAYS = ("self", "paper", "session", "door", "phone")
#: How the promise was shown to whoever spoke.
SHOWN = ("paper", "aloud", "screen")
HEX64 = re.compile(r"[0-9a-f]{64}\Z")
LANG = re.compile(r"(?=.{2,35}\Z)[a-zA-Z]{2,8}(-[a-zA-Z0-9]{1,8})*\Z")
#: The sizes of a voice before it is sealed, in bytes. islands/lib/voice.ts has them too; vectors/voice.json holds both together.
BUCKETS = (1024, 4096, 16384, 65536)
SHORT = 64  # letters in an id of an engagement or a question


@dataclass(frozen=True)
class Voice:
    """What one person said: ids of engagement and form, r (hex), language, consent to quote, answers by question.

    Since version 2: how it came (one of WAYS), and the consent: the leaf hash (hex) of the promise, how it was shown, the day.
    """

    engagement: str
    form: str
    r: str
    lang: str
    quote: bool
    answers: Mapping[str, Said]
    taken: str = ""
    consent: Mapping[str, str] = field(default_factory=dict)


def form_hash(form: Any) -> str:
    """Return the SHA-256, in hex, of the canonical JSON of an engagement's form."""
    return hashlib.sha256(canonical(form)).hexdigest()


def plaintext(voice: Voice) -> bytes:
    """Write a voice as the padded bytes that are sealed: canonical JSON, then spaces up to a bucket.

    Raises SealedError where it is more than 64 KiB, SealedError where its fields are not a voice's.
    """
    fields: dict[str, Any] = {"v": 2 if voice.taken else 1, **vars(voice)}
    if not voice.taken and not voice.consent:
        fields = {name: said for name, said in fields.items() if name not in TAKEN_IN}
    _refuse(fields)
    return pad(canonical(fields))


def pad(text: bytes) -> bytes:
    """Add spaces up to the next bucket; raise SealedError where there is none."""
    for bucket in BUCKETS:
        if len(text) <= bucket:
            return text.ljust(bucket)
    raise SealedError(f"This is {len(text) - BUCKETS[-1]} bytes more than fits; shorten what you wrote.")


def parse(opened: bytes) -> Voice:
    """Read an opened text as a voice; raise SealedError for anything else, however hostile."""
    try:
        fields = read_json(opened.decode())
        canonical(fields)
    except ValueError as error:
        raise SealedError("The opened text is not a voice; count it as unreadable.") from error
    if not isinstance(fields, dict) or set(fields) not in (FIELDS, FIELDS | TAKEN_IN):
        raise SealedError("The opened text lacks fields of a voice, or has others; count it as unreadable.")
    _refuse(fields)
    del fields["v"]
    return Voice(**fields)


def check(voice: Voice, *, engagement: str, form: str, mark: bytes) -> None:
    """Refuse a voice from another engagement, for another form, or under another seal mark (32 bytes)."""
    if voice.engagement != engagement:
        raise SealedError(f"This voice is for {voice.engagement}; leave it out and say so.")
    if voice.form != form:
        raise SealedError("This voice answers another form; leave it out and say so.")
    if seal_mark(bytes.fromhex(voice.r)) != mark:
        raise SealedError("The receipt inside does not fit the seal mark outside; leave it out and say so.")


def _refuse(fields: Mapping[str, Any]) -> None:
    """Raise SealedError at the first field that cannot be a voice's."""
    rules = {
        "v": type(fields["v"]) is int and fields["v"] == (2 if "taken" in fields else 1),
        "engagement": _short(fields["engagement"]),
        "form": _matches(HEX64, fields["form"]),
        "r": _matches(HEX64, fields["r"]),
        "lang": _matches(LANG, fields["lang"]),
        "quote": isinstance(fields["quote"], bool),
        "answers": isinstance(fields["answers"], Mapping)
        and all(_short(name) and _said(value) for name, value in fields["answers"].items()),
        "taken": fields.get("taken", WAYS[0]) in WAYS,
        "consent": "consent" not in fields or _agreed(fields["consent"]),
    }
    for name, holds in rules.items():
        if not holds:
            raise SealedError(f"The field {name} is not a voice's; count it as unreadable.")


def _agreed(consent: object) -> bool:
    if not isinstance(consent, Mapping) or set(consent) != {"notice", "how", "on"}:
        return False
    return _matches(HEX64, consent["notice"]) and consent["how"] in SHOWN and _is_day(consent["on"])


def _is_day(value: object) -> bool:
    try:
        return isinstance(value, str) and date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def _said(value: object) -> bool:
    if isinstance(value, list | tuple):
        return all(isinstance(item, str) for item in value)
    return isinstance(value, str | int) and not isinstance(value, bool)


def _short(value: object) -> bool:
    return isinstance(value, str) and 0 < len(value) <= SHORT


def _matches(pattern: re.Pattern[str], value: object) -> bool:
    return isinstance(value, str) and pattern.match(value) is not None
