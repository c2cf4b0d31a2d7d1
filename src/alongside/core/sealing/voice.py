"""The voice: the text that is sealed, padded so that its size tells little."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from alongside.core.canonical import canonical, read_json
from alongside.core.sealing.header import SealedError
from alongside.core.sealing.receipt import seal_mark

#: A choice or words; several choices; a step on a scale; what was spoken, with what is said of its sound.
type Said = str | Sequence[str] | int | Mapping[str, str | int]

FIELDS = {"v", "engagement", "form", "r", "lang", "quote", "answers"}
#: What a voice holds beside these since its version 2: how it came, and what its person agreed to.
TAKEN_IN = {"taken", "consent"}


class Way(StrEnum):
    """How a voice came: sent by whoever says it, or through a lead."""

    SELF = "self"
    PAPER = "paper"
    SESSION = "session"
    DOOR = "door"
    PHONE = "phone"


class Shown(StrEnum):
    """How the promise was shown to whoever spoke."""

    PAPER = "paper"
    ALOUD = "aloud"
    SCREEN = "screen"


#: In the order in which pages name them. islands/reader/voices.ts has both too; vectors/voice.json holds all together.
WAYS, SHOWN = tuple(Way), tuple(Shown)
HEX64 = re.compile(r"[0-9a-f]{64}\Z")
LANG = re.compile(r"(?=.{2,35}\Z)[a-zA-Z]{2,8}(-[a-zA-Z0-9]{1,8})*\Z")
#: The sizes of a voice before it is sealed, in bytes. islands/lib/voice.ts has them too; vectors/voice.json holds both together.
BUCKETS = (1024, 4096, 16384, 65536)
#: The sizes of a voice with sound, as islands/lib/spoken.ts has them.
SOUND_BUCKETS = (262_144, 1_048_576, 2_097_152)
#: What is said of a sound: its bytes, what it is (see SOUNDS), how long it is, and the words typed beside it.
SPOKEN = {"bytes", "kind", "seconds", "words"}
#: What a sound is, and how such bytes begin: at which place, with what.
SOUNDS = {"webm": (0, b"\x1a\x45\xdf\xa3"), "ogg": (0, b"OggS"), "m4a": (4, b"ftyp")}
LONGEST = 180  # seconds of one sound
#: Bytes of the text before the sounds, at most: with its end of line it is in the first chunk of the age file.
MOST_HEAD = 65_535
SHORT = 64  # letters in an id of an engagement or a question


@dataclass(frozen=True)
class Voice:
    """What one person said: ids of engagement and form, r (hex), language, consent to quote, answers by question.

    Since version 2: how it came (one of WAYS), and the consent: the leaf hash (hex) of the promise, how it was shown, the day.
    Version 3 holds sounds too, by question.
    """

    engagement: str
    form: str
    r: str
    lang: str
    quote: bool
    answers: Mapping[str, Said]
    taken: str = ""
    consent: Mapping[str, str] = field(default_factory=dict)
    sounds: Mapping[str, bytes] = field(default_factory=dict)


def form_hash(form: Any) -> str:
    """Return the SHA-256, in hex, of the canonical JSON of an engagement's form."""
    return hashlib.sha256(canonical(form)).hexdigest()


def plaintext(voice: Voice) -> bytes:
    """Write a voice as the padded bytes that are sealed: canonical JSON, then spaces up to a bucket.

    Where something was spoken, an end of line and the sounds, in the order of the questions' ids, stand between the two.
    Raises SealedError where it is more than fits, SealedError where its fields are not a voice's.
    """
    version = 3 if voice.sounds else 2 if voice.taken else 1
    fields: dict[str, Any] = {"v": version, **vars(voice)}
    del fields["sounds"]
    if not voice.taken and not voice.consent:
        fields = {name: said for name, said in fields.items() if name not in TAKEN_IN}
    _refuse(fields)
    if not voice.sounds:
        return pad(canonical(fields))
    head = canonical(fields)
    whole = b"".join([head, b"\n", *(voice.sounds[name] for name in sorted(voice.sounds))])
    if len(head) > MOST_HEAD or _sounds(fields["answers"], whole[len(head) + 1 :]) != voice.sounds:
        raise SealedError("The sounds are not those that the answers tell of, or there is too much text.")
    return pad(whole, SOUND_BUCKETS)


def pad(text: bytes, buckets: Sequence[int] = BUCKETS) -> bytes:
    """Add spaces up to the next bucket; raise SealedError where there is none."""
    for bucket in buckets:
        if len(text) <= bucket:
            return text.ljust(bucket)
    raise SealedError(f"This is {len(text) - buckets[-1]} bytes more than fits; shorten what you wrote.")


def parse(opened: bytes) -> Voice:
    """Read an opened text as a voice; raise SealedError for anything else, however hostile."""
    head, rest = opened, b""
    is_spoken = len(opened) > BUCKETS[-1]
    if is_spoken:
        head, _line, rest = opened.partition(b"\n")
    fields = _fields(head)
    if is_spoken != (fields["v"] == 3) or len(head) > MOST_HEAD + 1:  # noqa: PLR2004  the version with sounds
        raise SealedError("The opened text has not the size of its kind; count it as unreadable.")
    del fields["v"]
    return Voice(**fields, sounds=_sounds(fields["answers"], rest) if is_spoken else {})


def _fields(head: bytes) -> dict[str, Any]:
    try:
        fields = read_json(head.decode())
        canonical(fields)
    except ValueError as error:
        raise SealedError("The opened text is not a voice; count it as unreadable.") from error
    if not isinstance(fields, dict) or set(fields) not in (FIELDS, FIELDS | TAKEN_IN):
        raise SealedError("The opened text lacks fields of a voice, or has others; count it as unreadable.")
    _refuse(fields)
    return fields


def _sounds(answers: Mapping[str, Any], rest: bytes) -> dict[str, bytes]:
    """Take the sounds that answers tell of from the bytes behind them; raise SealedError where those are others."""
    found, at = {}, 0
    for name in sorted(answers):
        if isinstance(answers[name], Mapping):
            found[name] = sound = rest[at : at + answers[name]["bytes"]]
            place, begins = SOUNDS[answers[name]["kind"]]
            if len(sound) != answers[name]["bytes"] or sound[place : place + len(begins)] != begins:
                raise SealedError("A sound is not what is said of it; count it as unreadable.")
            at += len(sound)
    if rest[at:].strip(b" "):
        raise SealedError("There is more than the sounds that are told of; count it as unreadable.")
    return found


#: Why a voice does not fit the promise beside which it is read.
OTHER_FORM = "This voice answers another form; leave it out and say so."
OTHER_PROMISE = "Its person agreed to another promise; leave it out and say so."


def check(voice: Voice, *, engagement: str, form: str, notice: str, mark: bytes) -> None:
    """Refuse a voice from another engagement, for another form, of whom agreed to another promise (its leaf, in hexadecimal), or under another seal mark (32 bytes)."""
    if voice.engagement != engagement:
        raise SealedError(f"This voice is for {voice.engagement}; leave it out and say so.")
    if voice.form != form:
        raise SealedError(OTHER_FORM)
    if voice.consent.get("notice", notice) != notice:
        raise SealedError(OTHER_PROMISE)
    if seal_mark(bytes.fromhex(voice.r)) != mark:
        raise SealedError("The receipt inside does not fit the seal mark outside; leave it out and say so.")


def _refuse(fields: Mapping[str, Any]) -> None:
    """Raise SealedError at the first field that cannot be a voice's."""
    rules = {
        "v": type(fields["v"]) is int and fields["v"] == _version(fields),
        "engagement": _short(fields["engagement"]),
        "form": _matches(HEX64, fields["form"]),
        "r": _matches(HEX64, fields["r"]),
        "lang": _matches(LANG, fields["lang"]),
        "quote": isinstance(fields["quote"], bool),
        "answers": isinstance(fields["answers"], Mapping)
        and all(_short(name) and _said(value) for name, value in fields["answers"].items()),
        "taken": fields.get("taken", Way.SELF) in WAYS,
        "consent": "consent" not in fields or _agreed(fields["consent"]),
    }
    for name, holds in rules.items():
        if not holds:
            raise SealedError(f"The field {name} is not a voice's; count it as unreadable.")


def _version(fields: Mapping[str, Any]) -> int:
    answers = fields["answers"]
    if "taken" not in fields or not isinstance(answers, Mapping):
        return 1 + ("taken" in fields)
    return 3 if any(isinstance(said, Mapping) for said in answers.values()) else 2


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
    if isinstance(value, Mapping):
        return set(value) == SPOKEN and _is_sound(value)
    return isinstance(value, str | int) and not isinstance(value, bool)


def _is_sound(said: Mapping[str, Any]) -> bool:
    counts = {"bytes": SOUND_BUCKETS[-1], "seconds": LONGEST}
    return (
        all(type(said[name]) is int and 0 < said[name] <= most for name, most in counts.items())
        and isinstance(said["kind"], str)
        and said["kind"] in SOUNDS
        and isinstance(said["words"], str)
    )


def _short(value: object) -> bool:
    return isinstance(value, str) and 0 < len(value) <= SHORT


def _matches(pattern: re.Pattern[str], value: object) -> bool:
    return isinstance(value, str) and pattern.match(value) is not None
