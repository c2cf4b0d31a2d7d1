"""What people sealed to the leads of one engagement as a file that a lead saves: the keyring and the promise on its first line, a voice on each other."""

import base64
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from alongside.core.canonical import canonical, read_json
from alongside.core.kinds import EntryKind
from alongside.core.ledger.checkpoint import open_checkpoint
from alongside.core.ledger.hashing import LedgerError, leaf_hash
from alongside.core.ledger.keys import parse_vkey
from alongside.core.ledger.verify import verify_inclusion
from alongside.core.salted import fits
from alongside.core.sealing.voice import HEX64, form_hash

#: What the file says that it is.
FORMAT = "alongside sealed voices 1"


class SavedError(ValueError):
    """A file is not what the site saved, not whole, or holds something else than it shows; the message says the cure."""


@dataclass(frozen=True)
class Saved:
    """The first line: whose it is, what opens it, and what people were promised.

    `keyring` and `wraps` are base64: the keyring under its six words, and the key of the engagement as it is sealed to it.
    `head` is a signed head of the log, `vkey` the key that signed it. `entries` stand under it, each with its `index`, its bytes as the log
    holds them (`entry`) and the hashes (hex) that lead to the root (`path`): what founds or certifies leads' keys, and by their
    number the one that `made` the key of the engagement, and the `promise`.
    `title` are its words with their language and salt (hex), empty where they were taken down; `titles` the same of those translations
    that were signed together with the promise.
    """

    origin: str
    seat: str
    keyring: str
    wraps: Sequence[str]
    head: str
    vkey: str
    entries: Sequence[Mapping[str, Any]]
    made: int
    promise: int
    form: Mapping[str, Any]
    title: Mapping[str, str]
    titles: Sequence[Mapping[str, str]] = ()

    @property
    def promised(self) -> bytes:
        """Give the bytes of the promise, as the log holds them."""
        (found,) = [one["entry"] for one in self.entries if one["index"] == self.promise]
        return str(found).encode()

    @property
    def entry(self) -> dict[str, Any]:
        """Give the entry of the promise."""
        return dict(read_json(self.promised))

    @property
    def notice(self) -> str:
        """Give its hash as the log holds it: what people agreed to."""
        return leaf_hash(self.promised).hex()

    @property
    def kept_until(self) -> date | None:
        """Give the last day on which what people said is kept; None where an older promise names none."""
        told = self.entry["data"].get("voices_kept_until")
        return date.fromisoformat(told) if told else None


def lines_of(saved: Saved, voices: Iterable[tuple[str, bytes]]) -> Iterator[str]:
    """Write a file line by line: what it is, each voice (its mark, and what was sealed), and how many they are."""
    yield json.dumps({"kind": FORMAT} | asdict(saved), ensure_ascii=False) + "\n"
    count = 0
    for mark, sealed in voices:
        yield json.dumps({"mark": mark, "sealed": base64.b64encode(sealed).decode()}) + "\n"
        count += 1
    yield json.dumps({"voices": count}) + "\n"


def read_saved(lines: Iterator[bytes]) -> tuple[Saved, Iterator[tuple[str, bytes]]]:
    """Read a file: its first line, held against the promise in it, and its voices one by one. Both raise SavedError where it is not what was saved."""
    try:
        saved = _first(next(lines, b""))
    except SavedError:
        raise
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise SavedError("This file is not whole; save it again from the site.") from error
    return saved, _voices(lines)


def _first(line: bytes) -> Saved:
    found = read_json(line)
    if not isinstance(found, dict) or found.pop("kind", None) != FORMAT:
        raise SavedError(
            "This file holds no sealed voices; choose the one that the site saved for the engagement."
        )
    saved = Saved(**found)
    for one in (saved.keyring, *saved.wraps):
        base64.b64decode(one, validate=True)
    _refuse_what_the_log_lacks(saved)
    _refuse_another_promise(saved)
    return saved


def _refuse_what_the_log_lacks(saved: Saved) -> None:
    """Refuse an entry that does not stand under the signed head, or stands there in another place."""
    try:
        head, _signed = open_checkpoint(saved.head, [parse_vkey(saved.vkey)])
        if head.origin != saved.origin:
            raise LedgerError("It is of another log.")  # noqa: TRY301 -- told below with all else that the log lacks
        for one in saved.entries:
            path = [bytes.fromhex(step) for step in one["path"]]
            verify_inclusion(one["index"], head.size, leaf_hash(one["entry"].encode()), path, head.root)
    except LedgerError as error:
        raise SavedError(
            "What this file holds does not stand in the public log that it names. Open nothing with it, and tell the other leads."
        ) from error
    if len({one["index"] for one in saved.entries}) != len(saved.entries):
        raise ValueError("It holds an entry twice.")


def _refuse_another_promise(saved: Saved) -> None:
    """Refuse questions and a title that are not those of the promise; they would be read as what people were asked."""
    entry = saved.entry
    text, title = entry["texts"].get("title", {}), saved.title
    is_promise = entry["kind"] == EntryKind.ENGAGEMENT_PROMISED and isinstance(title, dict)
    if canonical(entry) != saved.promised or not is_promise or not isinstance(saved.titles, Sequence):
        raise ValueError("It is no promise as the log holds one.")
    if form_hash(saved.form) != entry["data"]["form"]:
        raise SavedError(
            "The questions in this file are not those that people were asked. Open nothing with it, and tell the other leads."
        )
    translated = _translated(saved)
    called = [(title, text)] if title else []
    called += [(one, translated.get(one["lang"], {})) for one in saved.titles]
    if not all(_is_called(one, text) for one, text in called):
        raise SavedError(
            "The title in this file is not the one of the promise. Open nothing with it, and tell the other leads."
        )
    _ = saved.kept_until


def _translated(saved: Saved) -> dict[str, Mapping[str, str]]:
    """Give, by language, the title that each translation holds which was signed together with the promise."""
    act = range(saved.promise + 1, saved.promise + saved.entry.get("act", {}).get("of", 1))
    told = [read_json(one["entry"].encode()) for one in saved.entries if one["index"] in act]
    translations = [one for one in told if one["kind"] == EntryKind.TEXT_TRANSLATED]
    return {one["data"]["lang"]: one["texts"].get("title", {}) for one in translations}


def _is_called(title: Mapping[str, str], text: Mapping[str, str]) -> bool:
    """Say whether a title is the one of which an entry holds the hash, in that language."""
    salt, words = bytes.fromhex(title["salt"]), title["words"].encode()
    return title["lang"] == text.get("lang") and fits(text["sha256"], salt, words)


def _voices(lines: Iterator[bytes]) -> Iterator[tuple[str, bytes]]:
    for count, line in enumerate(lines):
        try:
            told = read_json(line)
            if told == {"voices": count} and next(lines, None) is None:
                return
            mark, sealed = told["mark"], base64.b64decode(told["sealed"], validate=True)
            if not HEX64.match(mark):
                raise ValueError("It is no seal mark.")  # noqa: TRY301 -- told below with all else that is not whole
        except (ValueError, TypeError, KeyError) as error:
            raise SavedError("This file is not whole; save it again from the site.") from error
        yield mark, sealed
    raise SavedError("This file was cut short; save it again from the site.")
