"""`alongside key open` and `alongside key seal`: read and write voices without a browser. What was opened leaves this computer no other way than as the file."""

import base64
import json
import os
from collections import Counter
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

from alongside.check.leads import KEYS, Own, is_made_by_lead, is_signed_by_leads, judged, own_keys
from alongside.check.record import Checked
from alongside.check.site import form_of, log_of, words_of
from alongside.check.source import Source, SourceError
from alongside.check.verdict import count
from alongside.core.canonical import read_json
from alongside.core.entries import Entry, GrammarError, LogView
from alongside.core.grammar.charter import entry_hash
from alongside.core.grammar.check import parse as parse_entry
from alongside.core.grammar.engagements import PROMISE_TEXTS
from alongside.core.kinds import EntryKind
from alongside.core.questions import CHOICES
from alongside.core.sealing import receipt
from alongside.core.sealing.envelope import check_sealed, seal
from alongside.core.sealing.header import SealedError
from alongside.core.sealing.keys import recipient_of
from alongside.core.sealing.opening import open_sealed
from alongside.core.sealing.saved import Saved, SavedError
from alongside.core.sealing.voice import OTHER_FORM, OTHER_PROMISE, Shown, Voice, Way, check, parse, plaintext
from alongside.core.tables import write
from alongside.core.workflow.engagements import EngagementStage, changes_of, course_of

#: A scale has five steps.
STEPS = range(1, 6)
#: What a file says that it is in which locked voices go to the page of a lead, as islands/taking/alone.ts has it.
BUNDLE = "alongside voices 1"
TWIN = "The same receipt came a second time."
NO_PROMISE = "No lead signed what people were asked, by what this file holds. Open nothing with it, and tell the other leads."
NO_LEAD = "No lead made the key of this engagement, by what this file holds. Open nothing with it, and tell the other leads."
WARNING = "LOOK: {count} in this file answered something else, or were promised something else, than it says. Anybody can send one such voice; if they are many, the file may be changed. Compare the entry and the key with the public log."
HEADINGS = ("number", "language", "how it came", "may be quoted")


@dataclass(frozen=True)
class Opened:
    """What opened, in the order of the file, which numbers voices as the reader does; how many were left out, by why; and their marks."""

    voices: Sequence[tuple[str, Voice]]
    left: Mapping[str, int]
    marks_left: Container[str]


def open_all(saved: Saved, sealed: Iterable[tuple[str, bytes]], own: Own) -> Opened:
    """Open the voices of a file with a lead's own keyring; raise SealedError where the key of its engagement does not open, SavedError where the file is not whole, or no lead stands behind it."""
    try:
        _refuse_what_no_lead_signed(saved, own)
    except (KeyError, TypeError, AttributeError) as error:  # an entry lacks what its kind holds
        raise SavedError(NO_LEAD) from error
    key = _key_of(saved, own.identity)
    voices: dict[str, tuple[str, Voice]] = {}
    left, marks_left = Counter[str](), set[str]()
    for mark, raw in sealed:
        try:
            voice = _open(saved, mark, raw, key)
        except ValueError as error:
            left[str(error)] += 1
            marks_left.add(mark)
        else:
            left[TWIN] += voice.r in voices
            voices.setdefault(voice.r, (mark, voice))
    if left[OTHER_FORM] + left[OTHER_PROMISE] > len(voices):
        raise SavedError(
            "Most voices in this file were asked something else, or promised something else, than it says. So no voice is shown. "
            "Compare the entry and the key of the log with the public log, and ask another lead."
        )
    return Opened([*voices.values()], +left, marks_left)


def _open(saved: Saved, mark: str, raw: bytes, key: str) -> Voice:
    """Open one voice; raise SealedError or ValueError where it is none that was meant for this engagement."""
    check_sealed(raw, sounds=True)
    voice, about = parse(open_sealed(raw, [key])), saved.entry["data"]
    seal_mark = bytes.fromhex(mark)
    check(voice, engagement=about["engagement"], form=about["form"], notice=saved.notice, mark=seal_mark)
    return voice


def _refuse_what_no_lead_signed(saved: Saved, own: Own) -> None:
    """Refuse a key that no lead made, a promise that no lead signed, and leads' keys among which the own ones of this lead are not: as the reader does."""
    try:
        found = [parse_entry(int(one["index"]), one["entry"].encode()) for one in saved.entries]
    except GrammarError as error:
        raise SavedError("This file is not whole; save it again from the site.") from error
    told = {one.index: one for one in found}
    keys = [one for one in told.values() if one.kind in KEYS]
    made = told.get(saved.made)
    about = saved.entry["data"]
    if own_keys(judged(keys, saved.origin, own), saved.seat) != own.keys:
        raise SavedError(
            "By this file, other keys than yours stand for your place. If you made a new keyring, two leads have to confirm it first. "
            "If not, open nothing with this file, and tell the other leads."
        )
    is_made = made is not None and is_made_by_lead(made, about["engagement"], keys, own, saved.origin)
    if made is None or not is_made or made.data["recipient"] != about["recipient"]:
        raise SavedError(NO_LEAD)
    is_after = saved.promise > saved.made and saved.entry["cites"].get("key") == [saved.made]
    if not is_after or not is_signed_by_leads(saved.promise, told, own, saved.origin):
        raise SavedError(NO_PROMISE)


def _key_of(saved: Saved, identity: str) -> str:
    """Open the key of the engagement: of all that was sealed to the lead, what fits the promise."""
    for one in saved.wraps:
        try:
            key = open_sealed(base64.b64decode(one, validate=True), [identity]).decode()
            if recipient_of(key) == saved.entry["data"]["recipient"]:
                return key
        except ValueError:
            continue
    raise SealedError(
        "What was shared with you does not open this engagement. Ask another lead who has its key to share it with you, and save the file again."
    )


def as_csv(saved: Saved, found: Opened, lang: str) -> str:
    """Write opened voices as a table in a language of the questions; no cell is anything that a spreadsheet would run."""
    asked = saved.form["questions"]
    rows = [
        [
            str(number),
            voice.lang,
            voice.taken or Way.SELF,
            "yes" if voice.quote else "no",
            *(_said(one, voice.answers.get(one["id"]), lang) for one in asked),
        ]
        for number, (_mark, voice) in enumerate(found.voices, 1)
    ]
    return write([*HEADINGS, *(_in(one["words"], lang) for one in asked)], rows)


def as_json(saved: Saved, found: Opened) -> str:
    """Write opened voices as JSON: each as it was sealed, but for its sounds; and what was left out, with how often."""
    voices = [
        {
            "number": number,
            "mark": mark,
            "lang": voice.lang,
            "taken": voice.taken or Way.SELF,
            "quote": voice.quote,
            "answers": dict(voice.answers),
        }
        for number, (mark, voice) in enumerate(found.voices, 1)
    ]
    told = {"engagement": saved.entry["data"]["engagement"], "voices": voices, "left_out": dict(found.left)}
    return json.dumps(told, ensure_ascii=False, indent=1) + "\n"


def _in(words: Mapping[str, str], lang: str) -> str:
    """Give words in a language, else in the first that they stand in."""
    return words.get(lang) or next(iter(words.values()), "")


def _said(question: Mapping[str, Any], said: Any, lang: str) -> str:
    """Give an answer as people read it; of what was spoken how long it is, and what was typed beside it."""
    if said is None:
        return ""
    if isinstance(said, Mapping):
        return f"[spoken, {said['seconds']} seconds] {said['words']}".strip()
    named = {one["id"]: _in(one["words"], lang) for one in question.get("options", ())}
    return "; ".join(
        named.get(str(one), str(one)) for one in (said if isinstance(said, list | tuple) else [said])
    )


def write_alone(where: Path, content: str) -> None:
    """Write a file that only its owner reads; raise FileExistsError where one is there."""
    try:
        handle = os.open(where, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise FileExistsError(
            f"{where} is there already; delete it, or name another file with --save."
        ) from None
    with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
        file.write(content)


@dataclass(frozen=True)
class Asked:
    """What people are asked in an engagement on which they can speak, by a checked record: its promise, its questions, and what it says in a language by name."""

    promise: Entry
    form: Mapping[str, Any]
    words: Mapping[str, Mapping[str, str]]
    corrections: int

    def told(self, speech: "Speech") -> list[str]:
        """Say line by line what a person agrees to, and what they say."""
        lines = list(self.words[speech.lang].values())
        if self.corrections:
            lines.append(f"({count(self.corrections, 'correction', 'corrections')}: see the page.)")
        for one in self.form["questions"]:
            if one["id"] in speech.answers:
                lines += ["", _in(one["words"], speech.lang)]
                lines.append(f"   {_said(one, speech.answers[one['id']], speech.lang)}")
        lines += ["", "You may be quoted, without a name." if speech.quote else "You may not be quoted."]
        return [line for part in lines for line in part.split("\n")]


def asked_in(source: Source, checked: Checked, engagement: str, today: date) -> Asked:
    """Find the promise of an engagement on which people can speak today; raise SourceError where there is none."""
    log, entries = log_of(checked)
    for promise in log.every(EntryKind.ENGAGEMENT_PROMISED):
        is_open = course_of(promise, changes_of(promise.index, log)).state(today) == EngagementStage.OPEN
        if promise.data["engagement"] != engagement or not is_open:
            continue
        said = {lang: _words_in(lang, promise, log, source, entries) for lang in promise.data["languages"]}
        corrected = log.citing(promise.index, EntryKind.ENGAGEMENT_CORRECTED)
        return Asked(promise, form_of(source, promise, entries, len(entries)), said, len(corrected))
    raise SourceError(f"Nobody can speak in {engagement} today, by this record.")


def _words_in(
    lang: str, promise: Entry, log: LogView, source: Source, entries: Sequence[Entry]
) -> dict[str, str]:
    """Give what a promise says in a language, by name, where its words were not taken down; else as first written."""
    there = [one for one in log.citing(promise.index, EntryKind.TEXT_TRANSLATED) if one.data["lang"] == lang]
    said: dict[str, str] = {}
    for one in (promise, *there):
        words = words_of(source, one, entries, len(entries))
        told = {name: one.texts[name]["sha256"] for name in PROMISE_TEXTS if name in one.texts}
        said |= {name: words[sha256] for name, sha256 in told.items() if sha256 in words}
    return said


@dataclass(frozen=True)
class Speech:
    """What somebody says: in which language, whether their words may be quoted, and the answers by question."""

    lang: str
    quote: bool
    answers: Mapping[str, Any]


def read_speech(raw: bytes, asked: Asked) -> Speech:
    """Read what somebody says, {"lang": "es", "quote": true, "answers": {"q1": "weekly", "q2": ["hall"], "q3": 5}}; raise SealedError where it answers something else than was asked."""
    try:
        found = Speech(**read_json(raw))
        answers = dict(found.answers)
    except (ValueError, TypeError) as error:
        raise SealedError("The answers are not written as they should be; see the documentation.") from error
    asks = {one["id"]: one for one in asked.form["questions"]}
    if found.lang not in asked.promise.data["languages"] or not isinstance(found.quote, bool):
        raise SealedError(
            f"Say in which of its languages you answer ({', '.join(asked.promise.data['languages'])}), and whether you may be quoted."
        )
    for name, said in answers.items():
        if name not in asks or not _fits(asks[name], said):
            raise SealedError(f"{name} is no question, or this is no answer to it.")
    if not answers:
        raise SealedError("Answer at least one question.")
    return found


def _fits(question: Mapping[str, Any], said: object) -> bool:
    kind, offered = question["kind"], {one["id"] for one in question.get("options", ())}
    if kind in CHOICES and isinstance(said, list):
        return kind != CHOICES[0] and bool(said) and len({*said}) == len(said) and {*said} <= offered
    if kind == "scale":
        return type(said) is int and said in STEPS
    return isinstance(said, str) and (said in offered if kind in CHOICES else bool(said.strip()))


def sealed_of(asked: Asked, speech: Speech, today: date) -> tuple[dict[str, str], str]:
    """Seal what somebody says as the page does; give what is sent (mark, act, sealed), and the receipt in groups of digits."""
    promise, secret = asked.promise.data, receipt.make()
    read = receipt.read_secret(secret)
    voice = Voice(
        engagement=promise["engagement"],
        form=promise["form"],
        r=read.hex(),
        lang=speech.lang,
        quote=speech.quote,
        answers=speech.answers,
        taken=Way.SELF,
        consent={"notice": entry_hash(asked.promise), "how": Shown.SCREEN, "on": today.isoformat()},
    )
    sent = {
        "mark": receipt.seal_mark(read).hex(),
        "act": receipt.act_hash(receipt.act_secret(secret)).hex(),
        "sealed": base64.b64encode(seal(plaintext(voice), promise["recipient"])).decode(),
    }
    return sent, receipt.grouped(secret)


def how_to_send(address: str, engagement: str, lang: str, where: Path) -> str:
    """Say how a sealed voice is sent, once: what the page sends, with a tool of one's own."""
    site = urlsplit(address)
    if not site.netloc:
        return "Send it as the page does; see the documentation."
    origin = f"{site.scheme}://{site.netloc}"
    page = urljoin(f"{address}/", f"../{lang}/engagements/{engagement}/voices/")
    return f'Send it:\n  curl -H "Content-Type: application/json" -H "Origin: {origin}" --data-binary @{where} {page}'


def compare(saved: Saved) -> str:
    """Say what only the public log can confirm of a file, and where it stands there."""
    return (
        f"By this file, people were asked this in entry {saved.promise} of the log whose key is {saved.vkey}. "
        "Nothing opens unless a lead signed that. If you were handed this file, compare the number and this key with the public log, or with another lead."
    )


def told_of_receipt(found: Opened, secret: bytes) -> str:
    """Say which of the opened voices is that of a receipt (12 bytes), or what it can mean that none is."""
    read = receipt.read_secret(secret)
    for number, (_mark, voice) in enumerate(found.voices, 1):
        if voice.r == read.hex():
            return f"Found: it is voice {number}. If you sent it only to check, withdraw it with its receipt."
    if receipt.seal_mark(read).hex() in found.marks_left:
        return "It is in this file, but it was left out; below you read why. Tell the other leads."
    return (
        "It is not among the voices that were opened. It came in after the file was saved, it is of another engagement, it was withdrawn, two leads set it aside, "
        "or the site holds it back. Save a new file and look again, and look for the receipt on the public log (alongside verify receipt). If you cannot explain it, tell another lead."
    )


def told_of(found: Opened, where: Path, kept_until: date | None) -> str:
    """Say what was opened, where it is, and that it is to be deleted."""
    lines = [f"{count(len(found.voices), 'voice', 'voices')} opened."]
    lines += [f"Left out, {number}: {why}" for why, number in found.left.items()]
    if others := found.left.get(OTHER_FORM, 0) + found.left.get(OTHER_PROMISE, 0):
        lines.insert(0, WARNING.format(count=count(others, "voice", "voices")))
    lines.append(
        "A file can lack voices: where the public log lists more seal marks of this engagement, some are missing here, or two leads set them aside."
    )
    if any(voice.sounds for _mark, voice in found.voices):
        lines.append("What was spoken is not in the file; listen to it in the reader.")
    until = (
        f" People were promised that what they said is kept until {kept_until.isoformat()}."
        if kept_until
        else ""
    )
    lines.append(
        f"Anybody who gets this file can read it: {where}. Delete it when you have read it, and what you saved from the site, too.{until}"
    )
    return "\n".join(lines)
